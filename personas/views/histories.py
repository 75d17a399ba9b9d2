"""What people changed of a persona: to be read by those who may change things."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from personas.models import Identity, IdentityChange
from sources.access import editor_of


@login_required
@require_safe
def identity_history(request: HttpRequest, organization: str, pk: int) -> HttpResponse:
    """Who changed what and when, latest first; it is undone in the admin."""
    member = editor_of(request, organization)
    identities = Identity.objects.filter(organization=member.organization).select_related("merged_into")
    identity = get_object_or_404(identities, pk=pk)
    context = {
        "organization": member.organization,
        "membership": member,
        "identity": identity,
        "changes": IdentityChange.objects.of(identity),
        "may_undo": request.user.is_staff and request.user.has_perm("personas.change_identity"),
    }
    return render(request, "personas/history.html", context)
