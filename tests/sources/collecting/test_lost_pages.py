"""Three Facebook pages of one permission: when one is lost, only that one stops, and it comes back with the role."""

import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from sources.collecting.requesting import queue_due
from sources.connecting import checking
from sources.connecting.checking import check_connections
from sources.connecting.choosing import choose, offers_of
from sources.connecting.reconnecting import new_connection, reachable, reconnect_source
from sources.connectors.oauth import Grant
from sources.errors import DataError
from sources.models import Collection, Connection, DataSource
from tests.api_calls import ROOT, program
from tests.platforms.meta_three_pages import OTHER, PERSON, SCOPES, three_pages
from tests.running import run

DATA = "/o/acme/data/"
LOST = "502"


@pytest.fixture
def pages(settings):
    with three_pages(settings) as pages:
        yield pages


@pytest.fixture
def sources(pages, organization, owner):
    """The three pages as sources of one connection, by the number of the page."""
    grant = Grant(pages.meta.give(SCOPES, PERSON), tuple(SCOPES), account=PERSON)
    connection = new_connection(organization=organization, provider="meta", grant=grant, user=owner)
    offers = offers_of(connection, "facebook")
    ids = [offer.account.id for offer in offers]
    return {one.account: one for one in choose(connection=connection, kind="facebook", ids=ids, offers=offers)}


@pytest.fixture
def collect(pages, sources):
    """Collect a page, as it stands in the database."""

    def collect(page: str) -> Collection:
        pages.settle()
        return run(Collection.objects.create(source=DataSource.objects.get(account=page)))

    return collect


@pytest.fixture
def lost(pages, collect):
    """The page whose role was lost, after a collection found that out."""
    pages.meta.lose_role(PERSON, LOST)
    collect(LOST)
    return DataSource.objects.get(account=LOST)


def links() -> dict[str, str]:
    return {source.account: source.link for source in DataSource.objects.select_related("connection")}


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_page_whose_role_is_lost_stops_alone_and_says_who_can_help(lost):
    assert links() == {"501": "connected", "502": "reconnect", "503": "connected"}
    assert Connection.objects.get().is_live
    assert lost.trouble == (
        "The person who connected this no longer has a role on the page. Either Page Owner gets a role that may see "
        "its insights again, and it goes on within a day; or somebody who has it reconnects the page."
    )


def test_the_other_pages_are_collected_as_before(lost, collect):
    assert [collect(page).state for page in ("501", "503")] == ["done", "done"]


def test_the_collection_that_found_it_out_does_not_promise_to_go_on(pages, collect):
    pages.meta.lose_role(PERSON, LOST)
    failed = collect(LOST)
    assert (failed.state, "no longer has a role" in failed.error) == ("failed", True)
    assert "It goes on by itself" not in failed.error


def test_a_scope_that_is_taken_back_stops_the_sources_that_need_it(pages, sources):
    ads = DataSource.objects.create(
        organization=sources[LOST].organization,
        name="Ads",
        kind="facebook_ads",
        account="act_1",
        connection=sources[LOST].connection,
    )
    check_connections()
    assert links() == {"501": "connected", "502": "connected", "503": "connected", "act_1": "reconnect"}
    ads.refresh_from_db()
    assert "“read the figures of your ads” was taken back" in ads.trouble


def test_a_permission_that_died_as_a_whole_stops_all_pages(pages, collect):
    pages.meta.withdraw("The user changed the password.", PERSON)
    collect(LOST)
    assert set(links().values()) == {"reconnect"}
    assert "changed the password" in DataSource.objects.get(account="503").trouble
    assert not DataSource.objects.exclude(problem="").exists()


def test_a_pages_token_that_died_alone_concerns_that_page_whatever_the_subcode(pages, sources, collect):
    pages.meta.tokens[sources[LOST].token].dead = "It is not valid."
    collect(LOST)
    assert links() == {"501": "connected", "502": "reconnect", "503": "connected"}


def test_the_daily_check_finds_a_page_that_is_no_longer_listed(pages, sources):
    pages.meta.lose_role(PERSON, LOST)
    assert check_connections() == 0
    assert links() == {"501": "connected", "502": "reconnect", "503": "connected"}
    assert "Facebook no longer gives this page to Page Owner." in DataSource.objects.get(account=LOST).trouble


def test_the_daily_check_finds_that_no_page_is_left(pages, sources):
    for page in sources:
        pages.meta.lose_role(PERSON, page)
    assert check_connections() == 0
    assert set(links().values()) == {"reconnect"}
    assert Connection.objects.get().is_live


def test_the_daily_check_finds_a_page_that_is_listed_without_its_key(pages, sources):
    pages.meta.keyless.add(LOST)
    check_connections()
    assert links() == {"501": "connected", "502": "reconnect", "503": "connected"}
    pages.meta.keyless.clear()
    check_connections()
    assert set(links().values()) == {"connected"}


def test_a_page_that_cannot_be_read_is_shown_and_cannot_be_chosen(pages, organization, owner, owner_client):
    pages.meta.keyless |= {LOST}
    grant = Grant(pages.meta.give(SCOPES, PERSON), tuple(SCOPES), account=PERSON)
    connection = new_connection(organization=organization, provider="meta", grant=grant, user=owner)
    address = reverse("connection_choose", args=["acme", connection.pk, "facebook"])
    assert "It cannot be read like that: get a role that may see its insights there" in text(owner_client.get(address))
    assert "Choose at least one page" in text(owner_client.post(address, {"account": [LOST]}))
    assert not DataSource.objects.exists()


def test_a_daily_check_of_pages_that_are_there_leaves_their_tokens_and_times(sources):
    before = list(DataSource.objects.order_by("pk").values_list("due_at", flat=True))
    check_connections()
    assert [one.token for one in DataSource.objects.order_by("pk")] == [one.token for one in sources.values()]
    assert list(DataSource.objects.order_by("pk").values_list("due_at", flat=True)) == before


def test_a_page_comes_back_by_itself_when_the_person_gets_the_role_again(lost, pages, collect):
    pages.meta.regain_role(PERSON, LOST)
    check_connections()
    back = DataSource.objects.get(pk=lost.pk)
    assert (back.link, back.problem, back.due_at <= timezone.now()) == ("connected", "", True)
    assert back.token != lost.token
    assert collect(LOST).state == "done"


def test_a_check_that_was_begun_before_a_reconnection_brings_nothing_back(lost, pages, monkeypatch):
    """What the old token reaches says nothing of the new one."""
    pages.meta.regain_role(PERSON, LOST)

    def meanwhile(kind, token):
        Connection.objects.update(token="another")
        return reachable(kind, token)

    monkeypatch.setattr(checking, "reachable", meanwhile)
    check_connections()
    assert links()[LOST] == "reconnect"


class TestReconnecting:
    def grant(self, pages, person) -> Grant:
        return Grant(pages.meta.give(SCOPES, person), tuple(SCOPES), account=person)

    def test_another_person_with_the_role_brings_that_page_back_and_leaves_the_others(self, lost, pages, owner):
        reconnect_source(source=lost, grant=self.grant(pages, OTHER), user=owner)
        connections = dict(DataSource.objects.values_list("account", "connection__account"))
        assert connections == {"501": PERSON, "502": OTHER, "503": PERSON}
        lost.refresh_from_db()
        assert (lost.link, lost.due_at <= timezone.now()) == ("connected", True)

    def test_the_same_person_with_the_role_keeps_one_permission(self, lost, pages, owner, collect):
        pages.meta.regain_role(PERSON, LOST)
        reconnect_source(source=lost, grant=self.grant(pages, PERSON), user=owner)
        assert set(links().values()) == {"connected"}
        assert Connection.objects.count() == 1
        assert collect(LOST).state == "done"

    def test_pages_that_are_in_order_stay_where_they_are(self, lost, pages, owner):
        pages.meta.pages[OTHER].append(("501", "News Page"))
        reconnect_source(source=lost, grant=self.grant(pages, OTHER), user=owner)
        assert DataSource.objects.get(account="501").connection.account == PERSON

    def test_the_same_person_without_the_role_changes_nothing(self, lost, pages, owner):
        with pytest.raises(DataError, match="does not reach the page of “Sport Page”"):
            reconnect_source(source=lost, grant=self.grant(pages, PERSON), user=owner)
        assert links()[LOST] == "reconnect"

    def test_a_role_that_is_too_small_is_no_way_back(self, lost, pages, owner):
        pages.meta.keyless.add(LOST)
        with pytest.raises(DataError, match=r"role there does not let you see its insights .* Nothing was changed"):
            reconnect_source(source=lost, grant=self.grant(pages, OTHER), user=owner)
        assert links()[LOST] == "reconnect"

    def test_a_lost_page_can_be_chosen_anew(self, lost, pages, organization, owner):
        grant = self.grant(pages, OTHER)
        connection = new_connection(organization=organization, provider="meta", grant=grant, user=owner)
        offers = offers_of(connection, "facebook")
        choose(connection=connection, kind="facebook", ids=[LOST], offers=offers)
        assert links() == {"501": "connected", "502": "connected", "503": "connected"}


class TestAskingForALostPage:
    def test_it_is_not_due(self, lost):
        DataSource.objects.update(due_at=timezone.now())
        assert {run.source.account for run in queue_due()} == {"501", "503"}

    def test_a_collection_that_was_queued_before_ends_without_a_question(self, lost, pages, collect):
        asked = len(pages.server.asked)
        ended = collect(LOST)
        assert (ended.state, "no longer has a role" in ended.error) == ("failed", True)
        assert len(pages.server.asked) == asked

    def test_collect_now_says_why_not(self, lost, owner_client):
        page = text(owner_client.post(reverse("source_collect", args=["acme", lost.pk]), follow=True))
        assert "“Sport Page” has to be connected again before anything can be collected from it. The person who" in page
        assert Collection.objects.count() == 1

    def test_the_command_leaves_it_out_with_a_word_and_is_content(self, lost, pages, capsys):
        pages.settle()
        DataSource.objects.update(due_at=timezone.now())
        call_command("collect")
        out, err = capsys.readouterr()
        assert "acme" in out.casefold()
        assert f"Sport Page ({lost.pk}): left out. The person who connected this no longer has a role" in err
        assert ("News Page" in out, "Garden Page" in out, "Sport Page" in out) == (True, True, False)

    def test_the_command_ends_with_1_when_it_is_named(self, lost, capsys):
        with pytest.raises(SystemExit) as ended:
            call_command("collect", source=lost.pk)
        assert ended.value.code == 1
        assert "has to be connected again" in capsys.readouterr().err

    def test_a_program_is_told(self, lost, organization):
        client = program(organization, "read", "run")
        told = client.get(f"{ROOT}sources/{lost.pk}/").json()
        assert (told["link"], told["trouble"]) == ("reconnect", lost.trouble)
        refused = client.post(f"{ROOT}sources/{lost.pk}/collect/")
        assert (refused.status_code, "no longer has a role" in refused.json()["detail"]) == (409, True)


class TestPages:
    @pytest.fixture
    def addresses(self, lost):
        run = Collection.objects.get(source=lost)
        return [DATA, reverse("source_options", args=["acme", lost.pk]), reverse("collection", args=["acme", run.pk])]

    def test_they_say_what_happened_and_lead_the_owner_to_the_platform(self, addresses, lost, owner_client):
        way = f'href="/o/acme/connect/facebook/?source={lost.pk}"'
        for address in addresses:
            response = owner_client.get(address)
            assert "no longer has a role on the page. Either Page Owner gets a role" in text(response)
            assert "Only this source is concerned." in text(response)
            assert way in response.content.decode()

    def test_a_colleague_reads_it_and_is_offered_nothing(self, addresses, colleague_client):
        for address in addresses:
            page = colleague_client.get(address).content.decode()
            assert "An administrator of this organization can do that." in page
            assert "/connect/" not in page

    def test_a_stranger_finds_nothing(self, addresses, stranger_client):
        assert {stranger_client.get(address).status_code for address in addresses} == {404}

    def test_the_data_page_marks_one_row_of_three(self, addresses, owner_client):
        page = owner_client.get(DATA).content.decode()
        assert (page.count("Reconnect needed</span>"), page.count(">Connected</span>")) == (1, 2)

    def test_the_permissions_page_names_the_source_and_its_way(self, lost, owner_client):
        page = owner_client.get(reverse("connect", args=["acme"])).content.decode()
        assert page.count("Reconnect needed</span>") == page.count(">Reconnect Sport Page</a>") == 1

    def test_the_admin_shows_it(self, lost, admin_client):
        page = admin_client.get(reverse("admin:sources_datasource_change", args=[lost.pk])).content.decode()
        assert "no longer has a role on the page" in page
