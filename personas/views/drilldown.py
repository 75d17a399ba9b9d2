"""From a profile down to the numbers: the groups, the contents and the interactions behind a persona."""

from operator import attrgetter

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from personas.counts_behind import counts_behind
from personas.explaining import dimensions_of, measures_of, other_sizes, parts_of, seeds_of, size_curves, unsettled
from personas.models import Persona, PersonaSet
from personas.presenting import groups_behind, who
from personas.profiling import content_lines
from personas.returning import is_unsteady, remedies, seldom_back
from sources.access import membership_of
from sources.models import AgeGroup, ContentUnit

GROUP_ORDERS = {
    "share": attrgetter("share"),
    "lift": attrgetter("lift"),
    "belonging": attrgetter("belonging"),
    "interactions": attrgetter("interactions"),
    "gender": attrgetter("who.gender"),
    "age": lambda line: AgeGroup.values.index(line.key[1]) if line.key[1] else -1,
    "place": attrgetter("who.place"),
}
COUNT_ORDERS = {"share": attrgetter("group.share"), "total": attrgetter("total")}
CONTENT_ORDERS = {
    "share": attrgetter("share"),
    "lift": attrgetter("lift"),
    "title": lambda line: str(line.unit).casefold(),
}


@login_required
@require_safe
def persona_groups(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    """All groups behind a persona: ?sort=-share|lift|gender|age|place, ?page="""
    context = _persona_context(request, organization, pk)
    lines = groups_behind(context["persona"], context["persona"].persona_set.generation.audience)
    dimensions = [
        name for number, name in enumerate(("gender", "age", "place")) if any(line.key[number] for line in lines)
    ]
    context |= {
        "dimensions": dimensions,
        "longest": max((line.share for line in lines), default=1.0),
        **_page(request, lines, GROUP_ORDERS, 50),
    }
    return render(request, "personas/groups.html", context)


@login_required
@require_safe
def persona_contents(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    """The heaviest contents of a persona: ?q=, ?sort=, ?page="""
    context = _persona_context(request, organization, pk)
    lines = content_lines(context["persona"])
    words = request.GET.get("q", "").strip()[:100]
    found = [line for line in lines if _has(line.unit, words.casefold().split())]
    context |= {
        "words": words,
        "all_count": len(lines),
        "longest": max((line.share for line in lines), default=1.0),
        **_page(request, found, CONTENT_ORDERS, 25),
    }
    return render(request, "personas/contents.html", context)


@login_required
@require_safe
def persona_content(request: HttpRequest, organization: str, pk: int, content: int) -> HttpResponse:
    """The counts of one content unit by the groups behind a persona, period by period: ?sort=, ?page="""
    context = _persona_context(request, organization, pk)
    persona = context["persona"]
    units = ContentUnit.objects.of(context["organization"]).select_related("source")
    unit = get_object_or_404(units, pk=content)
    counts = counts_behind(persona, unit)
    entry = next((entry for entry in persona.contents if entry["id"] == unit.pk), None)
    context |= {"unit": unit, "counts": counts, "entry": entry, **_page(request, counts.lines, COUNT_ORDERS, 50)}
    context["by_persona"] = entry["share"] * persona.interactions if entry else None
    return render(request, "personas/content.html", context)


@login_required
@require_safe
def set_method(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    """How was this made? Everything that a reader needs to judge a set, or to make it again."""
    member = membership_of(request, organization)
    sets = PersonaSet.objects.of(member.organization).select_related(
        "generation__organization", "generation__continues"
    )
    persona_set = get_object_or_404(sets, pk=pk)
    generation = persona_set.generation
    parts = parts_of(generation)
    people = persona_set.personas.only("stability")
    context = {
        "organization": member.organization,
        "membership": member,
        "persona_set": persona_set,
        "generation": generation,
        "dimensions": dimensions_of(generation),
        "unsettled": unsettled(persona_set),
        "is_unsteady": is_unsteady(persona_set),
        "seldom_back": sum(map(seldom_back, people)),
        "remedies": remedies(persona_set),
        "measures": measures_of(persona_set),
        "seeds": seeds_of(generation),
        "other_sizes": other_sizes(generation),
        "curves": size_curves(generation, persona_set.size),
        "parts": parts,
        "drawn_parts": [(part.kind, part.share) for part in parts],
        "longest_stage": max(generation.seconds.values(), default=1),
    }
    return render(request, "personas/method.html", context)


def _persona_context(request: HttpRequest, organization: str, pk: int) -> dict:
    member = membership_of(request, organization)
    persona = get_object_or_404(Persona.objects.of(member.organization).with_profile(), pk=pk)
    described = who(persona.gender, persona.age_group, persona.country)
    return {"organization": member.organization, "membership": member, "persona": persona, "who": described}


def _page(request: HttpRequest, lines: list, orders: dict, size: int) -> dict:
    """Sort by ?sort= (a minus sign: falling) and cut ?page= out."""
    sort = request.GET.get("sort", "-share")
    if sort.removeprefix("-") not in orders:
        raise Http404("no such order")
    ordered = sorted(lines, key=orders[sort.removeprefix("-")], reverse=sort.startswith("-"))
    return {"page": Paginator(ordered, size).get_page(request.GET.get("page")), "sort": sort}


def _has(unit: ContentUnit, words: list[str]) -> bool:
    text = f"{unit.title} {unit.external_id} {unit.category} {' '.join(map(str, unit.tags))}".casefold()
    return all(word in text for word in words)
