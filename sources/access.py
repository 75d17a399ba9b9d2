"""Who may enter an organization's pages: strangers learn nothing, viewers look, editors change."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from sources.models import Membership, Organization

LAST_USED = "organization"  # in the session: its key


def membership_of(request: HttpRequest, slug: str) -> Membership:
    """Return the person's membership in the organization, and remember where the person is; 404 for everybody else.

    A superuser, who may change everything in the admin anyway, is treated as its administrator.
    """
    memberships = Membership.objects.select_related("organization")
    found = memberships.filter(organization__slug=slug, user=request.user).first()
    if found is None and request.user.is_superuser:
        organization = get_object_or_404(Organization, slug=slug)
        found = Membership(organization=organization, user=request.user, role=Membership.Role.ADMIN)
    if found is None:
        raise Http404("There is no such organization, or you are not a member of it.")
    if request.session.get(LAST_USED) != found.organization_id:
        request.session[LAST_USED] = found.organization_id
    return found


def home_of(request: HttpRequest) -> Organization | None:
    """Return the organization to land in: the one used last, else the one joined first; None when there is none.

    Not the first by name: whoever adds a person unasked must not choose where that person lands.
    """
    visible = Organization.objects.visible_to(request.user)
    joined = visible.filter(memberships__user=request.user).order_by("memberships__pk")
    return visible.filter(pk=request.session.get(LAST_USED)).first() or joined.first() or visible.first()


def editor_of(request: HttpRequest, slug: str) -> Membership:
    """Return the membership of a person who may change things; 404 for strangers, 403 for viewers."""
    membership = membership_of(request, slug)
    if not membership.may_edit:
        raise PermissionDenied("Your role here is viewer: you can look at everything and change nothing.")
    return membership


def admin_of(request: HttpRequest, slug: str) -> Membership:
    """Return the membership of an administrator; 404 for strangers, 403 for all other members."""
    membership = membership_of(request, slug)
    if membership.role != Membership.Role.ADMIN:
        raise PermissionDenied("Only administrators of this organization can do this. Ask one of them.")
    return membership
