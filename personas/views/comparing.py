"""Two or three personas of one set side by side."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from personas.comparing import MOST, complaint, rest_share, sections
from personas.models import Persona
from personas.presenting import card
from personas.profiling import content_lines_of
from personas.views.asking import is_key
from personas.views.preferences import numbers_shown
from personas.views.screens import people_of
from sources.access import membership_of
from sources.models import Organization

CONTENTS_COMPARED = 5


@login_required
@require_safe
def persona_compare(request: HttpRequest, organization: str) -> HttpResponse:
    """?with=&with=[&with=]: personas of one set; another choice is answered with words and with what can be chosen."""
    member = membership_of(request, organization)
    keys = _keys(request.GET.getlist("with"))
    chosen = _named(member.organization, keys[: MOST + 1])
    words = complaint(chosen, len(keys))
    context = {
        "organization": member.organization,
        "membership": member,
        "complaint": words,
        "numbers": numbers_shown(request),
        "chosen": [one.pk for one in chosen],
    }
    if chosen:
        context |= {"persona_set": chosen[0].persona_set, "people": list(map(card, people_of(chosen[0].persona_set)))}
    if not words:
        context |= _side_by_side(chosen)
    return render(request, "personas/compare.html", context, status=400 if words else 200)


def _keys(named: list[str]) -> list[int]:
    """The keys in order, each once."""
    if not all(map(is_key, named)):
        raise Http404("no such persona")
    return list(dict.fromkeys(map(int, named)))


def _named(organization: Organization, keys: list[int]) -> list[Persona]:
    found = Persona.objects.of(organization).with_profile().in_bulk(keys)
    if len(found) < len(keys):
        raise Http404("no such persona here")
    return [found[key] for key in keys]


def _side_by_side(chosen: list[Persona]) -> dict:
    audience = chosen[0].persona_set.generation.audience
    rest = rest_share(chosen)
    return {
        "cards": [card(one) for one in chosen],
        "sections": sections(chosen, audience),
        "contents": list(zip(chosen, content_lines_of(chosen, CONTENTS_COMPARED), strict=True)),
        "rest": rest,
        "longest_share": max(rest, *(one.share for one in chosen)),
    }
