"""The page on how a source is collected: who sees it, who changes it, and what it says."""

import pytest
from django.urls import reverse

from sources.models import Checkpoint, Collection, Cycle, DataSource
from tests.api_calls import ROOT, program
from tests.sources.connecting.world import connected, text

CHOSEN = {
    "months": "12",
    "metric": "engagedViews",
    "share": "80",
    "most_countries": "10",
    "source_of_counts": "analytics",
}


@pytest.fixture
def source(world, owner_client):
    return connected(owner_client)


def place(source) -> str:
    return reverse("source_options", args=["acme", source.pk])


def save(client, source, **changed):
    return client.post(place(source), CHOSEN | changed, follow=True)


def stored() -> dict:
    return DataSource.objects.get().options


def errors(response) -> dict:
    return response.context["form"].errors


def test_an_administrator_changes_it(source, owner_client):
    page = text(save(owner_client, source))
    assert "The next collection of “News Channel” uses these options." in page
    assert stored() == {"months": 12, "metric": "engagedViews", "share": 0.8, "most_countries": 10}


def test_what_is_used_stands_in_the_form(source, owner_client):
    save(owner_client, source, share="62.5")
    page = text(owner_client.get(place(source)))
    assert 'name="share" value="62.5"' in page
    assert 'value="engagedViews" checked' in page
    assert "Default: 95%." in page


def test_saving_what_is_there_changes_nothing(source, owner_client):
    save(owner_client, source)
    assert "Nothing was changed" in text(save(owner_client, source))


def test_a_colleague_reads_and_changes_nothing(source, colleague_client):
    page = text(colleague_client.get(place(source)))
    assert "<dt>Views told by age and gender</dt><dd><strong>95%</strong>" in page
    assert "As YouTube shows them" in page
    assert 'name="share"' not in page
    assert save(colleague_client, source).status_code == 403
    assert stored() == {}


def test_a_stranger_finds_nothing(source, stranger_client):
    assert stranger_client.get(place(source)).status_code == 404
    assert save(stranger_client, source).status_code == 404
    foreign = reverse("source_options", args=["elsewhere", source.pk])
    assert stranger_client.get(foreign).status_code == 404
    assert stranger_client.post(foreign, CHOSEN).status_code == 404
    assert stored() == {}


def test_nobody_finds_anything_without_signing_in(source, client):
    assert client.get(place(source)).headers["Location"].startswith("/accounts/login/")


def test_uploaded_files_have_no_such_page(organization, owner_client):
    files = DataSource.objects.create(organization=organization, name="Files")
    assert owner_client.get(place(files)).status_code == 404
    assert place(files) not in text(owner_client.get(reverse("sources", args=["acme"])))


def test_the_data_page_leads_there(source, owner_client, colleague_client):
    for client in (owner_client, colleague_client):
        assert f'href="{place(source)}"' in text(client.get(reverse("sources", args=["acme"])))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("months", "0", "Enter a whole number from 1 to 36."),
        ("months", "37", "Enter a whole number from 1 to 36."),
        ("months", "three", "Enter a whole number from 1 to 36."),
        ("months", "", "Enter a whole number from 1 to 36."),
        ("most_countries", "251", "Enter a whole number from 1 to 250."),
        ("share", "0.5", "Enter a number from 1 to 100, in percent."),
        ("share", "101", "Enter a number from 1 to 100, in percent."),
        ("share", "nan", "Enter a number from 1 to 100, in percent."),
        ("share", "", "Enter a number from 1 to 100, in percent."),
        ("metric", "likes", "Choose one of these."),
        ("source_of_counts", "", "Choose one of these."),
    ],
)
def test_what_cannot_be_is_refused_with_words(source, owner_client, name, value, words):
    page = save(owner_client, source, **{name: value})
    assert errors(page) == {name: [words]}
    assert words in text(page)
    assert stored() == {}


@pytest.mark.parametrize(("limit", "good"), [("999", False), ("1000", True), ("250000", True), ("250001", False)])
def test_google_analytics_has_its_own_options(world, owner_client, limit, good):
    source = connected(owner_client, "google_analytics")
    page = owner_client.post(place(source), {"months": "3", "share": "60", "limit": limit}, follow=True)
    assert stored() == ({"limit": int(limit)} if good else {})
    assert ("Enter a whole number from 1,000 to 250,000." in text(page)) is not good


def test_ads_have_their_own_options(world, owner_client):
    source = connected(owner_client, "facebook_ads")
    owner_client.post(place(source), {"months": "3", "metric": "reach"})
    assert stored() == {"metric": "reach"}


def test_a_page_at_facebook_is_asked_for_months_only(organization, owner_client):
    page = DataSource.objects.create(organization=organization, name="Page", kind="facebook", account="501")
    assert list(owner_client.get(place(page)).context["form"].fields) == ["months"]


def test_while_the_source_is_collected_the_change_is_refused(source, owner_client):
    Collection.objects.create(source=source, state="running")
    page = text(save(owner_client, source))
    assert "Wait until that is done, or cancel it" in page
    assert "is being collected just now" in text(owner_client.get(place(source)))
    assert stored() == {}


def test_it_says_that_a_collection_which_stopped_begins_anew(source, owner_client):
    assert "begins anew" not in text(owner_client.get(place(source)))
    cycle = Cycle.objects.create(source=source, first_day="2026-08-01", last_day="2026-11-20")
    Checkpoint.objects.create(cycle=cycle, key="contents uploads")
    assert "begins anew" in text(owner_client.get(place(source)))
    save(owner_client, source)
    assert not Checkpoint.objects.exists()


def last_read(source) -> None:
    days = {"first_day": "2020-02-01", "last_day": "2020-03-10", "reached_back_to": "2019-05-01"}
    Cycle.objects.create(source=source, finished_at="2020-03-11T00:00Z", **days)


def test_it_says_what_a_change_of_what_counts_leads_to(source, owner_client, colleague_client):
    last_read(source)
    for client in (owner_client, colleague_client):
        page = text(client.get(place(source)))
        assert "the next collection reads the days from 2020-03-01 on." in page
        assert "After a change of what counts it reads all days from 2019-05-01 on again, once" in page
    save(owner_client, source)
    page = text(owner_client.get(place(source)))
    assert "What counts was changed, or a file was imported: the next collection reads all days from 2019-05-01" in page


def test_of_counts_without_days_it_says_which_posts_are_read(organization, owner_client):
    page = DataSource.objects.create(organization=organization, name="Page", kind="facebook", account="501")
    last_read(page)
    told = text(owner_client.get(place(page)))
    assert "The next collection reads the posts that were published from" in told
    assert "Once a week all posts from 2019-05-01 on are read again" in told
    assert "reads the days" not in told


def test_it_says_that_more_months_are_reached_back_to_once(source, owner_client):
    Cycle.objects.create(source=source, first_day="2026-08-01", last_day="2026-11-20", finished_at="2026-11-21T00:00Z")
    page = text(owner_client.get(place(source)))
    assert "When the number is raised later, the next collection goes back that far, once" in page
    assert "changes nothing for it any more" not in page


def test_a_program_reads_the_options_that_are_used(source, organization):
    DataSource.objects.update(options={"months": 12, "batch": 50})
    told = program(organization, "read").get(f"{ROOT}sources/{source.pk}/").json()
    assert told["options"] == {
        "months": 12,
        "metric": "views",
        "share": 0.95,
        "most_countries": 20,
        "source_of_counts": "analytics",
    }
