"""Who may enter an organization's pages: strangers learn nothing, viewers look, editors change."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from sources.models import Membership


def membership_of(request: HttpRequest, slug: str) -> Membership:
    """Return the person's membership in the organization; 404 for everybody else."""
    memberships = Membership.objects.select_related("organization")
    return get_object_or_404(memberships, organization__slug=slug, user=request.user)


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
