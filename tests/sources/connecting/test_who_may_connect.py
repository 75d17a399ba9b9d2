"""Who may connect accounts, look at them, choose and disconnect."""

import pytest
from django.test import Client
from django.urls import reverse

from sources.models import Connection, DataSource, Membership
from tests import builders
from tests.sources.connecting.world import connected, text


class TestWhoMay:
    @pytest.fixture
    def pages(self, world, owner_client):
        source = connected(owner_client)
        pk = source.connection_id
        return [
            reverse("connection_begin", args=["acme", "youtube"]),
            reverse("connection_choose", args=["acme", pk, "youtube"]),
            reverse("connection_disconnect", args=["acme", pk]),
        ]

    @pytest.fixture
    def editor_client(self, organization):
        client = Client()
        client.force_login(builders.make_member(organization, "editor", Membership.Role.EDITOR))
        return client

    def test_a_viewer_neither_connects_nor_looks(self, pages, colleague_client):
        addresses = [*pages, reverse("connect", args=["acme"])]
        assert {colleague_client.get(page).status_code for page in addresses} == {403}
        assert reverse("connect", args=["acme"]) not in text(colleague_client.get(reverse("sources", args=["acme"])))

    @pytest.mark.parametrize("who", ["colleague_client", "editor_client", "stranger_client"])
    def test_nobody_but_an_administrator_chooses_or_disconnects(self, pages, request, who, world):
        client = request.getfixturevalue(who)
        answers = [client.post(page, {"account": ["UCowner"], "delete_data": "on"}) for page in pages[1:]]
        assert {answer.status_code for answer in answers} == ({404} if who == "stranger_client" else {403})
        assert DataSource.objects.connected().count() == 1
        assert world.server.count("google_revoke") == 0

    def test_no_other_site_makes_an_administrator_choose_or_disconnect(self, pages, owner):
        client = Client(enforce_csrf_checks=True)
        client.force_login(owner)
        assert [client.post(page, {"account": ["UCowner"]}).status_code for page in pages] == [403, 403, 403]
        assert DataSource.objects.connected().count() == 1

    def test_an_editor_looks_and_does_not_connect(self, pages, editor_client):
        page = text(editor_client.get(reverse("connect", args=["acme"])))
        assert "An administrator of this organization can connect accounts." in page
        assert not any(address in page for address in pages)
        assert {editor_client.get(address).status_code for address in pages} == {403}

    def test_a_stranger_finds_nothing(self, pages, stranger_client):
        addresses = [*pages, reverse("connect", args=["acme"])]
        assert {stranger_client.get(page).status_code for page in addresses} == {404}

    def test_a_stranger_finds_no_connection_under_an_organization_of_theirs(self, pages, stranger_client):
        pk = Connection.objects.get().pk
        assert stranger_client.get(reverse("connection_disconnect", args=["elsewhere", pk])).status_code == 404
        assert stranger_client.get(reverse("connection_choose", args=["elsewhere", pk, "youtube"])).status_code == 404

    def test_nobody_comes_back_without_signing_in(self, client, db):
        back = reverse("connection_callback", args=["google"])
        assert client.get(back, {"state": "x"}).headers["Location"].startswith(reverse("login"))

    def test_a_platform_that_does_not_exist_is_not_found(self, owner_client, organization):
        assert owner_client.get(reverse("connection_begin", args=["acme", "files"])).status_code == 404
        assert owner_client.get(reverse("connection_callback", args=["files"])).status_code == 404
