"""Numbers in words and bars as SVG, drawn by the server: no script, no style attribute."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from personas.presenting import Who
from sources.models import Organization
from sources.periods import month_words, period_words

register = template.Library()

SECTIONS = {
    "persona": "personas",
    "set": "personas",
    "over": "over",
    "generation": "generate",
    "source": "data",
    "upload": "data",
    "collection": "data",
    "connect": "data",
    "connection": "data",
}
"""Where the first word of an address' name belongs in the navigation."""


@register.filter
def percent(share: float | None) -> str:
    """0.1234 -> 12.3%; what is there but tiny is not called nothing."""
    if share is None:
        return "–"
    if 0 < share < 0.001:
        return "under 0.1%"
    return f"{share:.0%}" if share in (0, 1) else f"{share:.1%}"


@register.filter
def comes_back(stability: float | None, redraws: int) -> str:
    """0.875 of 8 -> 7 of 8 redraws; a part that is no number of redraws is told as a part."""
    if stability is None:
        return "–"
    back = stability * redraws
    return f"{back:.0f} of {redraws} redraws" if abs(back - round(back)) < 0.01 else f"{stability:.0%} of redraws"


@register.filter
def times(lift: float | None) -> str:
    """2.345 -> 2.3×"""
    if lift is None:
        return "–"
    return f"{lift:,.0f}×" if lift >= 10 else f"{lift:.1f}×"


SHARES_IN_WORDS = (
    (0.95, "nearly all"),
    (0.6, "most"),
    (0.42, "about half"),
    (0.29, "about a third"),
    (0.225, "about a quarter"),
    (0.18, "about one in five"),
    (0.155, "about one in six"),
    (0.133, "about one in seven"),
    (0.118, "about one in eight"),
    (0.105, "about one in nine"),
    (0.095, "about one in ten"),
    (0.0, "less than one in ten"),
)
MAGNITUDES = (
    (1e9, "more than a billion"),
    (2e8, "hundreds of millions of"),
    (2e7, "tens of millions of"),
    (2e6, "millions of"),
    (2e5, "hundreds of thousands of"),
    (2e4, "tens of thousands of"),
    (2e3, "thousands of"),
    (0.0, "hundreds of"),
)
RETURNS_IN_WORDS = (
    (0.99, "always"),
    (0.75, "nearly always"),
    (0.5, "more often than not"),
    (0.1, "now and then"),
    (0.0, "hardly ever"),
)
LIFTS_IN_WORDS = (
    (3.0, "far more than usual"),
    (1.2, "more than usual"),
    (0.8, "as usual"),
    (0.0, "less than usual"),
)


@register.filter
def share_in_words(share: float) -> str:
    """0.14 -> about one in seven"""
    return _words_from(share, SHARES_IN_WORDS)


@register.filter
def lift_in_words(lift: float) -> str:
    """2.3 -> more than usual"""
    return _words_from(lift, LIFTS_IN_WORDS)


LOYAL_IN_WORDS = {
    "returning": "by people who came back",
    "subscribed": "by subscribers",
    "follower": "by followers",
}
COUNTED_BY = {"returning": "Google Analytics", "subscribed": "YouTube", "follower": "Facebook"}
KINDS = {"topic": "Topic", "category": "Category", "gender": "Gender", "age_group": "Age", "country": "Place"}


@register.filter
def kind_in_words(kind: str) -> str:
    """age_group -> Age"""
    return KINDS.get(kind, kind.capitalize())


@register.filter
def rest_in_words(times: float | None) -> str:
    """2.3 -> more than in the rest; None: the rest has none"""
    if times is None:
        return "only here"
    if times > 1:
        return "far more than in the rest" if times >= 3 else "more than in the rest"
    return "far less than in the rest" if times <= 1 / 3 else "less than in the rest"


@register.filter
def loyalty_in_words(loyalty: dict) -> str:
    """A loyalty of 20% where 10% is usual -> more than usual"""
    return _words_from(loyalty["share"] / loyalty["usual"], LIFTS_IN_WORDS)


@register.filter
def loyal_in_words(kind: str) -> str:
    """subscribed -> by subscribers"""
    return LOYAL_IN_WORDS.get(kind, kind)


@register.filter
def counted_by(kind: str) -> str:
    """subscribed -> YouTube"""
    return COUNTED_BY.get(kind, "the platform")


@register.filter
def comes_back_in_words(stability: float) -> str:
    """0.875 -> nearly always"""
    return _words_from(stability, RETURNS_IN_WORDS)


@register.filter
def points(difference: float) -> str:
    """0.018 -> +1.8 points; -0.01 -> −1.0 points"""
    rounded = round(100 * difference, 1)
    if not rounded:
        return "no change"
    return f"{'+' if rounded > 0 else '−'}{abs(rounded):.1f} points"


@register.filter
def growth_in_words(difference: float) -> str:
    """0.018 -> larger than before"""
    rounded = round(100 * difference, 1)
    return "as large as before" if not rounded else "larger than before" if rounded > 0 else "smaller than before"


@register.filter
def count(number: float | None) -> str:
    """118188.0 -> 118,188"""
    return "–" if number is None else f"{number:,.0f}"


@register.filter
def people_range(size: dict) -> SafeString:
    """{"lower": 74300, "upper": 87500} -> 74,300 to 87,500 people; from nobody on: at most 1,000 people"""
    if not size["lower"]:
        return format_html("at most {} people", f"{size['upper']:,}")
    return format_html('<bdi dir="ltr">{} to {}</bdi> people', f"{size['lower']:,}", f"{size['upper']:,}")


@register.filter
def people_in_words(size: dict) -> str:
    """{"lower": 74300, "upper": 87500} -> tens of thousands of people; from nobody on: at most hundreds of people"""
    most = "" if size["lower"] else "at most "
    return f"{most}{_words_from(size['upper'], MAGNITUDES)} people"


@register.filter
def seconds(number: float) -> str:
    """0.042 -> 0.04 s; 95 -> 1 min 35 s; 5760 -> 1 h 36 min"""
    if number >= 3600:
        return f"{int(number) // 3600} h {int(number) % 3600 // 60} min"
    if number >= 60:
        return f"{int(number) // 60} min {int(number) % 60} s"
    return f"{number:.1f} s" if number >= 1 else f"{number:.2f} s"


register.filter(period_words)
register.filter(month_words)


@register.filter
def ltr(text: str) -> SafeString | str:
    """A range of numbers that must read from the left in every language."""
    return format_html('<bdi dir="ltr">{}</bdi>', text) if text else ""


@register.filter
def in_words(who: Who) -> SafeString:
    """Female, 25-34, Mexico: only the parts that the data has."""
    parts = [who.gender, ltr(who.age_group), who.place]
    return format_html_join(", ", "{}", ((part,) for part in parts if part))


@register.simple_tag
def bar(share: float, longest: float = 1.0, mark: float | None = None, kind: str = "") -> SafeString:
    """A bar as long as the share is of the longest, with a tick where the whole audience stands; a kind colours it."""
    width = _percent_of(share, longest)
    tick = ""
    if mark is not None:
        tick = format_html('<rect class="bar-mark" x="{}%" y="0" width="2" height="10"/>', _percent_of(mark, longest))
    return format_html(
        '<svg class="bar" width="100%" height="10" aria-hidden="true" focusable="false">'
        '<rect class="bar-track" y="2" width="100%" height="6" rx="3"/>'
        '<rect class="bar-fill{}" y="2" width="{}%" height="6" rx="3"/>{}</svg>',
        f" part-{kind}" if kind else "",
        width,
        tick,
    )


@register.simple_tag
def stacked(parts: list[tuple[str, float]]) -> SafeString:
    """One bar of several (kind, share) parts, side by side."""
    drawn, start = [], 0.0
    for kind, share in parts:
        drawn.append((kind, round(100 * start, 2), round(100 * share, 2)))
        start += share
    pieces = format_html_join("", '<rect class="part-{}" x="{}%" width="{}%" height="16"/>', drawn)
    return format_html('<svg class="stacked" width="100%" height="16" aria-hidden="true">{}</svg>', pieces)


@register.inclusion_tag("_partials/organizations.html", takes_context=True)
def organization_switcher(context) -> dict:
    """The organizations of the person who looks, the present one first named."""
    organizations = Organization.objects.visible_to(context["request"].user)
    return {"organizations": list(organizations), "organization": context.get("organization")}


@register.simple_tag(takes_context=True)
def section(context) -> str:
    """The entry of the navigation that the present page belongs to."""
    if context.get("section"):
        return context["section"]
    match = getattr(context.get("request"), "resolver_match", None)
    word = (match.url_name or "").split("_")[0].removesuffix("s") if match else ""
    return SECTIONS.get(word, "")


@register.inclusion_tag("_partials/sorted_heading.html", takes_context=True)
def sorted_heading(context, name: str, label: str, first: str = "-") -> dict:
    """A column's heading that sorts by it; a second click turns the order round."""
    now = context["sort"]
    falling = now.startswith("-")
    query = context["request"].GET.copy()
    query.pop("page", None)
    chosen = now.removeprefix("-") == name
    query["sort"] = name if (falling if chosen else first == "") else f"-{name}"
    direction = ("descending" if falling else "ascending") if chosen else ""
    return {"address": f"?{query.urlencode()}", "label": label, "direction": direction, "numeric": first == "-"}


def _words_from(number: float, steps: tuple[tuple[float, str], ...]) -> str:
    return next((words for least, words in steps if number >= least), steps[-1][1])


def _percent_of(share: float, longest: float) -> float:
    return round(100 * min(max(share, 0.0) / (longest or 1.0), 1.0), 2)
