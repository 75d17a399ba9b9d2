"""The pages of a collection from a platform: progress, coverage, complaints, and when it goes on."""

import re

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from sources.collecting.covering import Coverage
from sources.connecting.sessions import mark_dead
from sources.connectors.faults import QuotaUsedUp, ReconnectNeeded, Unavailable
from sources.models import Collection, DataSource, PackedInteractions


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def page_of(collection: Collection) -> str:
    return reverse("collection", args=["acme", collection.pk])


DATA = "/o/acme/data/"


def test_a_finished_collection_tells_its_coverage_and_what_could_not_be_had(owner_client, collect):
    page = text(owner_client.get(page_of(collect())))
    assert "Collection from Channel" in page
    assert re.search(r"9\d\.\d% of \d,\d{3} interactions are of people whose gender, age and country are known", page)
    assert "Kept back by the platform, because the groups are small 96" in page
    assert "Small groups are kept back. in 12 parts" in page
    assert "The next collection is on" in page


@pytest.mark.parametrize(("estimated", "others"), [(0.99999, False), (0.9, True)])
def test_others_are_called_measured_only_where_there_are_others(owner_client, collect, monkeypatch, estimated, others):
    monkeypatch.setattr(Coverage, "estimated_share", estimated)
    page = text(owner_client.get(page_of(collect())))
    assert ("All of these are estimated from totals." in page, "the others are measured" in page) == (
        not others,
        others,
    )


def test_the_coverage_is_drawn(owner_client, collect):
    page = owner_client.get(page_of(collect())).content.decode()
    for kind in ("explained", "suppressed", "unknown"):
        assert f'<rect class="part-{kind}" x=' in page


def test_a_pause_says_when_it_goes_on_on_both_pages(owner_client, collect, connector):
    connector.faults["comments/1"] = QuotaUsedUp("The day's quota at Google is used up.")
    paused = collect()
    page = text(owner_client.get(page_of(paused)))
    assert "Paused. The day's quota at Google is used up. 1 of 3 parts of the comments are stored." in page.replace(
        "&#x27;", "'"
    )
    data = text(owner_client.get(DATA))
    assert "Paused" in data
    assert f"Goes on: {paused.goes_on_at:%Y-%m-%d %H:%M} UTC" in data


def test_a_dead_token_is_told_with_what_came_before(owner_client, collect, connector):
    connector.faults["comments/1"] = ReconnectNeeded("Google no longer accepts the permission.")
    page = text(owner_client.get(page_of(collect())))
    assert "The collection stopped. Google no longer accepts the permission." in page
    assert "of people whose gender, age and country are known" in page


def test_a_dead_token_leads_an_administrator_to_the_platform(owner_client, collect, connector):
    connector.faults["contents/list"] = ReconnectNeeded("Google no longer accepts the permission.")
    run = collect()
    mark_dead(run.source.connection, "Google no longer accepts the permission.")
    page = owner_client.get(page_of(run)).content.decode()
    assert f'href="/o/acme/connect/youtube/?source={run.source.pk}"' in page
    assert "Collect now" not in page


def test_a_dead_permission_is_told_once_in_one_box(owner_client, collect, connector):
    connector.faults["contents/list"] = ReconnectNeeded("The words of the failed question.")
    run = collect()
    mark_dead(run.source.connection, "Google no longer accepts the permission.")
    page = text(owner_client.get(page_of(run)))
    assert page.count("“Channel” has to be connected again. Google no longer accepts the permission.") == 1
    assert "The collection stopped." not in page
    assert "The words of the failed question." not in page


def test_a_collection_that_failed_before_others_keeps_its_own_words(owner_client, collect, connector):
    connector.faults["contents/list"] = Unavailable("YouTube did not answer.")
    failed, later = collect(), collect()
    mark_dead(later.source.connection, "Google no longer accepts the permission.")
    page = text(owner_client.get(page_of(failed)))
    assert "The collection stopped. YouTube did not answer." in page


def test_where_nothing_was_stored_no_parts_are_told(collect, connector):
    connector.faults["contents/list"] = ReconnectNeeded("Google no longer accepts the permission.")
    assert collect().error == "Google no longer accepts the permission."


def test_the_list_of_collections_tells_the_counts_by_group(owner_client, collect):
    run = collect()
    assert f"{run.summary['cells']:,} counts by group" in text(owner_client.get(DATA))
    assert f"{run.created_at:%Y-%m-%d %H:%M} UTC" in text(owner_client.get(DATA))


def test_of_counts_without_days_the_report_tells_which_posts_were_read(owner_client, collect, source):
    run = collect()
    DataSource.objects.filter(pk=source.pk).update(kind=DataSource.Kind.INSTAGRAM)
    page = text(owner_client.get(page_of(run)))
    assert f"Posts published from {run.summary['first_day']} to {run.summary['last_day']}." in page
    assert "What the platform gave of the posts that were published from" in page


def test_a_source_that_waits_for_its_turn_is_next_shortly(owner_client, collect, source):
    collect()
    DataSource.objects.filter(pk=source.pk).update(due_at=timezone.now())
    assert "Next: shortly" in text(owner_client.get(DATA))


def test_while_it_runs_the_stages_and_the_coverage_so_far_are_shown(owner_client, source, connector, collect):
    connector.faults["comments/1"] = QuotaUsedUp("Later.")
    collect()
    running = Collection.objects.create(source=source)
    running.claim()
    running.report("comments", 1, 3)
    response = owner_client.get(reverse("collection_progress", args=["acme", running.pk]))
    page = text(response)
    assert response.status_code == 200
    assert all(label in page for label in ("Contents", "Interactions", "Comments", "Audience"))
    assert "Coverage so far" in page


def test_what_was_stored_before_a_cancel_stays_and_the_page_says_so(owner_client, source):
    collection = Collection.objects.create(source=source)
    collection.request_cancel()
    assert "What was stored before stays" in text(owner_client.get(page_of(collection)))


def test_the_data_page_tells_state_coverage_and_the_next_collection(owner_client, collect, source):
    collect()
    source.refresh_from_db()
    page = text(owner_client.get(DATA))
    assert re.search(r"9\d\.\d% of known groups", page)
    assert f"Next: {source.due_at:%Y-%m-%d %H:%M} UTC" in page
    assert "Collect now" in page


def test_the_data_page_tells_the_part_of_all_that_is_stored_whatever_the_last_collection_read(
    owner_client, collect, connector, source
):
    collect()
    everybody = PackedInteractions.objects.from_sources([source.pk])
    everybody.update(unknown=F("total") / 4)
    assert "75.0% of known groups" in text(owner_client.get(DATA))
    connector.faults["contents/list"] = ReconnectNeeded("Google no longer accepts the permission.")
    assert collect().state == Collection.State.FAILED
    assert "75.0% of known groups" in text(owner_client.get(DATA))


def test_a_collection_that_waits_for_a_worker_covers_nothing_yet(owner_client, collect, source):
    collect()
    waiting = Collection.objects.create(source=source)
    page = text(owner_client.get(page_of(waiting)))
    assert "Waiting for a free worker" in page or "No worker is running" in page
    assert "Coverage" not in page


def test_viewers_look_and_are_offered_nothing(colleague_client, collect):
    collection = collect()
    for address in (DATA, page_of(collection)):
        page = text(colleague_client.get(address))
        assert "of known groups" in page or "Coverage" in page
        assert "Collect now" not in page


@pytest.mark.parametrize("name", ["collection", "collection_progress"])
def test_strangers_find_nothing(stranger_client, collect, name):
    assert stranger_client.get(reverse(name, args=["acme", collect().pk])).status_code == 404


def test_files_look_as_before(owner_client, organization):
    files = DataSource.objects.create(organization=organization, name="Files")
    run = Collection.objects.create(source=files, state=Collection.State.DONE)
    assert "Import into Files" in text(owner_client.get(page_of(run)))


def test_while_a_quota_is_used_up_collect_now_says_when_it_goes_on_unless_one_insists(
    owner_client, collect, connector, source
):
    connector.faults["comments/1"] = QuotaUsedUp("Later.")
    paused = collect()
    address = reverse("source_collect", args=["acme", source.pk])
    page = text(owner_client.post(address, follow=True))
    assert f"It goes on by itself on {paused.goes_on_at:%Y-%m-%d at %H:%M} UTC" in page
    assert "Collect all the same" in page
    assert Collection.objects.count() == 1
    owner_client.post(address, {"insist": "1"})
    assert Collection.objects.open().count() == 1


def test_a_collection_that_brought_nothing_has_no_report(owner_client, collect, connector):
    connector.faults["contents/list"] = ReconnectNeeded("Google no longer accepts the permission.")
    page = text(owner_client.get(page_of(collect())))
    assert "The collection stopped." in page
    assert "Report" not in page


def test_who_asks_for_a_collection_that_is_under_way_is_shown_that_one(owner_client, source):
    running = Collection.objects.create(source=source)
    answer = owner_client.post(reverse("source_collect", args=["acme", source.pk]), follow=True)
    assert answer.redirect_chain == [(page_of(running), 302)]
    assert "is being collected just now" in text(answer)


def test_without_scripts_the_page_of_a_run_is_loaded_again_by_a_link(owner_client, source):
    address = page_of(Collection.objects.create(source=source))
    assert (
        f'<noscript><p class="page-note"><a href="{address}">Load this page again</a>'
        in owner_client.get(address).content.decode()
    )


def test_the_data_page_says_when_a_source_was_brought_in_last_and_when_it_never_was(owner_client, source, collect):
    assert "Nothing yet" in text(owner_client.get(DATA))
    run = collect()
    assert f"Done {run.created_at:%Y-%m-%d} Next:" in text(owner_client.get(DATA))
