"""An organization with its owner, a colleague who may look, and a stranger; and no network but loopback."""

import socket

import pytest
from django.test import Client

from sources.models import Membership
from tests import builders

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Refuse every connection that would leave the machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def organization(db):
    return builders.make_organization("acme")


@pytest.fixture
def owner(organization):
    return builders.make_member(organization, "owner", Membership.Role.ADMIN)


@pytest.fixture
def colleague(organization):
    return builders.make_member(organization, "colleague", Membership.Role.VIEWER)


@pytest.fixture
def stranger(db):
    return builders.make_member(builders.make_organization("elsewhere"), "stranger", Membership.Role.ADMIN)


def _signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def owner_client(owner):
    return _signed_in(owner)


@pytest.fixture
def colleague_client(colleague):
    return _signed_in(colleague)


@pytest.fixture
def stranger_client(stranger):
    return _signed_in(stranger)
