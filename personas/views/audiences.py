"""Asking Facebook how many people there are in the groups of the personas: what it means, how long it takes, go."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from personas.faces import MOST, faces_of, groups_to_ask, queue_estimates_of
from personas.forms import AskForm
from sources.access import editor_of
from sources.collecting.wanting import MINUTES_A_GROUP, MONTHLY, ask_monthly, stop_asking, waiting_of
from sources.errors import DataError
from sources.models import DataSource


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def audience_ask(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    """Ask by an ad account, now or every month."""
    membership = editor_of(request, organization)
    ads = membership.organization.sources.filter(kind=DataSource.Kind.FACEBOOK_ADS).select_related("connection")
    source = get_object_or_404(ads, pk=pk)
    if request.method == "POST":
        return _asked(request, source)
    groups = groups_to_ask(membership.organization)
    context = {
        "membership": membership,
        "organization": membership.organization,
        "section": "data",
        "source": source,
        "groups": groups,
        "of_personas": bool(faces_of(membership.organization)),
        "minutes_a_group": MINUTES_A_GROUP,
        "seconds": len(groups) * MINUTES_A_GROUP * 60,
        "monthly": source.options.get(MONTHLY, False),
        "waiting": waiting_of(source),
        "open_run": source.collections.open().first(),
        "is_live": source.link == "connected",
    }
    return render(request, "personas/audience_ask.html", context)


def _asked(request: HttpRequest, source: DataSource) -> HttpResponse:
    slug, monthly = source.organization.slug, "monthly" in request.POST
    if "stop" in request.POST:
        stop_asking(source)
        messages.success(request, f"Facebook is asked about no more groups by “{source}”. What it told stays.")
        return redirect("sources", organization=slug)
    ask_monthly(source, monthly)
    if "later" in request.POST:
        when = "once every month" if monthly else "only when somebody chooses Ask now"
        messages.success(request, f"Saved: Facebook is asked {when}.")
        return redirect("sources", organization=slug)
    form = AskForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Nothing was asked: choose 1 to {MOST} groups.")
        return redirect("audience_ask", organization=slug, pk=source.pk)
    most = form.cleaned_data["groups"] or MOST
    try:
        collection = queue_estimates_of(source, requested_by=request.user, most=most)
    except DataError as error:
        messages.error(request, str(error))
        return redirect("audience_ask", organization=slug, pk=source.pk)
    return redirect("collection", organization=slug, pk=collection.pk)
