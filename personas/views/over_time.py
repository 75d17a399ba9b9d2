"""The months beside each other: who stays, who comes, who goes."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from personas.lifelines import lines_of
from personas.models import STABLE, Generation
from personas.over_time import OverTime, over_time
from personas.views.asking import is_key
from personas.views.preferences import numbers_shown
from sources.access import membership_of
from sources.models import Membership
from sources.overview import periods_of

LEGEND = {
    "stable": "Stable",
    "drifting": "Drifting",
    "new": "New",
    "first": "Nothing to compare with",
    "gone": "Gone",
}


@login_required
@require_safe
def over_time_page(request: HttpRequest, organization: str) -> HttpResponse:
    """?unit=&size=: by country and at the size that the last month suggests when not named."""
    member = membership_of(request, organization)
    unit, size = request.GET.get("unit") or Generation.Unit.COUNTRY.value, request.GET.get("size", "")
    if unit not in Generation.Unit.values:
        raise Http404("no such unit")
    told = over_time(member.organization, unit, int(size) if is_key(size) else None)
    context = _context(request, member, told)
    if not told.enough:
        return render(request, "personas/over_time_empty.html", context)
    return render(request, "personas/over_time.html", context | _drawn(told))


def _drawn(told: OverTime) -> dict:
    lines = lines_of(told)
    kinds = {cell.kind for line in lines for cell in line.cells}
    return {
        "lines": lines,
        "legend": [(kind, words) for kind, words in LEGEND.items() if kind in kinds],
        "since": told.last,
        "stable": STABLE,
    }


def _context(request: HttpRequest, member: Membership, told: OverTime) -> dict:
    periods = periods_of(member.organization)[::-1]
    missing = [period for period in periods if period not in told.periods]
    elsewhere = [period for period in missing if period in told.elsewhere]
    runs = Generation.objects.of(member.organization)
    return {
        "organization": member.organization,
        "membership": member,
        "told": told,
        "units": Generation.Unit.choices,
        "numbers": numbers_shown(request),
        "has_months": bool(periods),
        "missing": [period for period in missing if period not in elsewhere],
        "elsewhere": elsewhere,
        "sources_query": "".join(f"&sources={pk}" for pk in told.sources),  # a month of other sources joins no other
        "next_period": missing[0] if missing else "",  # the oldest: each month carries on the one before
        "running": runs.open().first(),
    }
