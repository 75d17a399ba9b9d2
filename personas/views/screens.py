"""The two-pane screen: the list of a set's personas on the left, one profile on the right."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from personas.models import Generation, Persona, PersonaSet
from personas.presenting import Card, ListWish, card, generation_labels, narrowed
from personas.views.asking import is_key
from personas.views.preferences import numbers_shown
from personas.views.profiles import Profile, profile_of
from sources.access import membership_of
from sources.models import Membership, Organization, PackedInteractions

GENERATIONS_OFFERED = 30
ORDERS = {"": "Largest first", "name": "By name", "age": "By age", "place": "By place"}


@dataclass(frozen=True)
class Screen:
    """All that both panes show."""

    generations: list[Generation]
    persona_set: PersonaSet
    cards: list[Card]
    shown: list[Card]
    wish: ListWish
    profile: Profile

    @property
    def generation(self) -> Generation:
        return self.persona_set.generation

    @property
    def sizes(self) -> list[int]:
        return [one.size for one in self.generation.sets.all()]

    @property
    def labels(self) -> list[tuple[Generation, str]]:
        return generation_labels(self.generations)

    @property
    def longest(self) -> float:
        return max(one.share for one in self.cards)

    @property
    def seldom_back(self) -> int:
        """How many of all its personas come back in fewer than half of the redraws."""
        return sum(one.seldom_back for one in self.cards)

    @property
    def offers(self) -> dict[str, list[str]]:
        """The values that a reader can filter by; a dimension with one value is no choice."""
        values = {
            "gender": sorted({one.who.gender for one in self.cards} - {""}),
            "age": sorted({one.who.age_group for one in self.cards} - {""}),
            "place": sorted({one.who.place for one in self.cards} - {""}),
        }
        return {name: found for name, found in values.items() if len(found) > 1}

    @property
    def orders(self) -> dict[str, str]:
        return ORDERS

    @property
    def card_query(self) -> str:
        wish = self.wish.as_query()
        return f"?{urlencode(wish)}" if wish else ""

    @property
    def address(self) -> str:
        """The address of this very screen, without the empty fields of the form."""
        path = reverse("personas", args=[self.generation.organization.slug])
        asked = {"generation": self.generation.pk, "size": self.persona_set.size}
        return f"{path}?{urlencode({**asked, 'identity': self.profile.persona.identity_id, **self.wish.as_query()})}"


@login_required
@require_safe
def personas(request: HttpRequest, organization: str) -> HttpResponse:
    """The screen of one set: ?generation=&size=, the latest and the suggested one when not named."""
    member = membership_of(request, organization)
    generations = generations_of(member.organization, request.GET.get("generation", ""))
    if not generations:
        return _nothing_yet(request, member)
    generation = _named(generations, request.GET.get("generation", ""))
    persona_set = _nearest(generation, request.GET.get("size", ""))
    people = people_of(persona_set)
    identity = request.GET.get("identity", "")
    wanted = next((one for one in people if str(one.identity_id) == identity), people[0])
    chosen = get_object_or_404(Persona.objects.of(member.organization).with_profile(), pk=wanted.pk)
    return _answer(request, member, generations, persona_set, people, chosen)


@login_required
@require_safe
def persona(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    """The same screen by the address of one persona; htmx asks for the profile alone."""
    member = membership_of(request, organization)
    chosen = get_object_or_404(Persona.objects.of(member.organization).with_profile(), pk=pk)
    if _asks_for(request, "profile"):
        context = _profile_context(request, member, chosen, people_of(chosen.persona_set))
        return _varied(render(request, "personas/_profile.html", context))
    generations = generations_of(member.organization, str(chosen.persona_set.generation_id))
    generation = _named(generations, str(chosen.persona_set.generation_id))
    persona_set = _nearest(generation, str(chosen.persona_set.size))
    return _answer(request, member, generations, persona_set, people_of(persona_set), chosen)


def generations_of(organization: Organization, named: str) -> list[Generation]:
    """The latest complete generations with their sets, and the named one however old it is."""
    sets = Prefetch("sets", PersonaSet.objects.order_by("size"))
    complete = Generation.objects.of(organization).complete().prefetch_related(sets).select_related("organization")
    latest = list(complete[:GENERATIONS_OFFERED])
    if is_key(named) and int(named) not in {one.pk for one in latest}:
        latest += list(complete.filter(pk=int(named)))
    return latest


def _named(generations: list[Generation], named: str) -> Generation:
    if not named:
        return generations[0]
    for generation in generations:
        if str(generation.pk) == named:
            return generation
    raise Http404("no such generation here")


def _nearest(generation: Generation, size: str) -> PersonaSet:
    """The stored set whose size is nearest to the wish, or to the suggested size."""
    wish = int(size) if is_key(size) else generation.suggested_size or 0
    found = min(generation.sets.all(), key=lambda one: (abs(one.size - wish), one.size))
    found.generation = generation
    return found


def people_of(persona_set: PersonaSet) -> list[Persona]:
    """The personas of a set with all that a list says of them."""
    light = persona_set.personas.select_related("identity")
    return list(light.defer("group_rows", "group_shares", "contents", "description", "unavailable"))


def _answer(request, member, generations, persona_set, people, chosen) -> HttpResponse:
    cards = [card(one) for one in people]
    wish = ListWish.read(request.GET)
    context = _profile_context(request, member, chosen, people)
    screen = Screen(generations, persona_set, cards, narrowed(cards, wish), wish, context["profile"])
    context |= {
        "screen": screen,
        "running": Generation.objects.of(member.organization).open().first(),
    }
    part = _asks_for(request, "people")
    response = render(request, "personas/_answer.html" if part else "personas/personas.html", context)
    if part:
        searching = request.htmx.trigger_name == "q"
        response["HX-Replace-Url" if searching else "HX-Push-Url"] = screen.address
    return _varied(response)


def _profile_context(request: HttpRequest, member: Membership, chosen: Persona, people: list[Persona]) -> dict:
    address = reverse("persona", args=[member.organization.slug, chosen.pk])
    return {
        "organization": member.organization,
        "membership": member,
        "profile": profile_of(chosen),
        "others": [card(one) for one in people if one.pk != chosen.pk],
        "numbers": numbers_shown(request),
        "shared_address": request.build_absolute_uri(address),
    }


def _nothing_yet(request: HttpRequest, member: Membership) -> HttpResponse:
    runs = Generation.objects.of(member.organization)
    context = {
        "organization": member.organization,
        "membership": member,
        "has_interactions": PackedInteractions.objects.of(member.organization).exists(),
        "last_run": runs.order_by("-id").first(),
    }
    return render(request, "personas/nothing_yet.html", context)


def _asks_for(request: HttpRequest, target: str) -> bool:
    """Whether htmx asks for one pane; a step back in the history wants the whole page."""
    return bool(request.htmx) and not request.htmx.history_restore_request and request.htmx.target == target


def _varied(response: HttpResponse) -> HttpResponse:
    """Keep a browser from showing a stored pane where the whole page belongs."""
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    response["Cache-Control"] = "private, no-cache"
    return response
