"""Quotes on a profile: an editor hides one with a click, for ever."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from enrichment.hiding import hide_quote
from personas.models import Persona
from personas.views.preferences import numbers_shown
from personas.views.profiles import profile_of
from sources.access import editor_of
from sources.models import Comment


@login_required
@require_POST
def quote_hide(request: HttpRequest, organization: str, pk: int, comment: int) -> HttpResponse:
    """Quote a comment of this persona no more, in any persona of the organization; htmx gets the card anew."""
    member = editor_of(request, organization)
    persona = get_object_or_404(Persona.objects.of(member.organization).with_profile(), pk=pk)
    if comment not in {quote["comment"] for quote in persona.quotes}:
        raise Http404("this persona does not quote it")
    found = get_object_or_404(Comment.objects.of(member.organization), pk=comment)
    hide_quote(comment=found, by=request.user)
    if not request.htmx:
        return redirect("persona", organization, pk)
    context = {
        "organization": member.organization,
        "membership": member,
        "profile": profile_of(persona),
        "persona": persona,
        "numbers": numbers_shown(request),
        "answered": True,  # the button that had the focus is gone: the heading takes it
    }
    return render(request, "personas/_card_quotes.html", context)
