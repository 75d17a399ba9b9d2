"""What the pages tell while Facebook is asked about groups, and when that was cancelled."""

import re

import pytest
from django.urls import reverse

from sources.collecting import running
from sources.collecting.wanting import new_estimates
from sources.connectors.harvests import Harvest, Shard
from sources.models import Collection
from tests.running import run

GROUPS = [("female", "25-34", "QA"), ("male", "35-44", "EG")]


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def at_the_first_group(monkeypatch):
    """Have something happen while Facebook is asked about the first of the groups."""

    def at_the_first_group(happen) -> None:
        class Asking:
            def shards(self, window, known):
                for place, group in enumerate(GROUPS, 1):
                    yield Shard("audience", f"audience {'|'.join(group)}", place, len(GROUPS), self.read)

            def read(self) -> Harvest:
                happen(Collection.objects.get())
                return Harvest()

        monkeypatch.setattr(running, "estimates_for", lambda cycle, wait: Asking())

    return at_the_first_group


@pytest.fixture
def cancelled(ads, account, at_the_first_group):
    at_the_first_group(lambda run: run.request_cancel())
    return run(new_estimates(source=account, groups=GROUPS))


def page_of(client, run) -> str:
    return text(client.get(reverse("collection", args=["acme", run.pk])))


def test_while_it_is_asked_the_page_tells_what_the_ads_cover(ads, account, owner_client, at_the_first_group):
    seen = []
    at_the_first_group(lambda run: seen.append(page_of(owner_client, run)))
    run(new_estimates(source=account, groups=GROUPS))
    assert "Coverage so far" in seen[0]
    assert "of people whose gender, age and country are known" in seen[0]


def test_a_cancelled_collection_tells_what_it_stored(owner_client, cancelled):
    page = page_of(owner_client, cancelled)
    assert (cancelled.state, "Cancelled." in page) == ("cancelled", True)
    assert "of people whose gender, age and country are known" in page
    assert re.search(r"Counts by group [\d,]*[1-9]", page)
    assert "Facebook was asked about 0 of 2 groups." in page


def test_a_cancelled_collection_has_told_before_the_estimates_are_shown(ads, account, at_the_first_group, settings):
    settings.AFTER_ESTIMATES = "operator.index"  # which refuses an organization
    at_the_first_group(lambda run: run.request_cancel())
    assert run(new_estimates(source=account, groups=GROUPS)).summary["groups_to_ask"] == 2


def test_groups_that_wait_are_not_said_to_be_asked_about(owner_client, cancelled):
    page = text(owner_client.get(reverse("audience_ask", args=["acme", cancelled.source_id])))
    assert "2 groups wait to be asked about, as somebody wished before. The next collection does that, on" in page
    assert "is being asked" not in page


def test_wherever_the_ads_can_be_collected_it_is_said_that_groups_are_asked_about(owner_client, cancelled):
    words = "This also asks Facebook about the 2 groups that wait."
    assert words in page_of(owner_client, cancelled)
    assert words in text(owner_client.get(reverse("sources", args=["acme"])))


def test_where_no_group_waits_nothing_is_said_of_groups(ads, account, owner_client):
    done = run(Collection.objects.create(source=account))
    assert "groups that wait" not in page_of(owner_client, done)
    assert "groups that wait" not in text(owner_client.get(reverse("sources", args=["acme"])))
