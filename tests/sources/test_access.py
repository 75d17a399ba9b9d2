"""Who may enter an organization."""

import pytest
from django.http import Http404
from django.test import RequestFactory

from sources.access import membership_of
from sources.models import Organization


def enter(user, slug="acme"):
    request = RequestFactory().get("/")
    request.user, request.session = user, {}
    return membership_of(request, slug)


def test_member_enters_with_the_role_that_was_given(organization, colleague):
    assert enter(colleague).role == "viewer"


def test_stranger_learns_nothing(organization, stranger):
    with pytest.raises(Http404):
        enter(stranger)


def test_superuser_enters_every_organization_and_is_written_into_none(organization, admin_user):
    assert enter(admin_user).may_edit
    assert list(Organization.objects.visible_to(admin_user)) == [organization]
    assert not organization.memberships.exists()


def test_superuser_finds_no_organization_that_is_not_there(admin_user):
    with pytest.raises(Http404):
        enter(admin_user, "nowhere")
