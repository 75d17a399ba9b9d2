"""A collection that has to stop keeps what it has, says why, and is gone on with."""

import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError
from django.utils import timezone

from sources.collecting import running as collecting
from sources.collecting.cycling import open_cycle
from sources.connectors.faults import (
    NotSetUp,
    NotSupported,
    PutOff,
    QuotaUsedUp,
    ReconnectNeeded,
    Refused,
    ScopeMissing,
    Unavailable,
    WrongAccount,
)
from sources.models import Checkpoint, Collection, Comment, Connection, ContentUnit, Cycle, PackedInteractions
from sources.runs import RunLost
from tests.running import run
from tests.sources.collecting.planted import World


def test_a_quota_that_is_used_up_pauses_and_says_when_it_goes_on(collect, connector, source, periods):
    connector.faults[f"interactions/{periods[1]}/1"] = QuotaUsedUp("The day's quota at Google is used up.")
    paused = collect()
    source.refresh_from_db()
    assert (paused.state, paused.goes_on_at) == ("done", source.due_at)
    assert paused.summary["stopped"].startswith(
        "The day's quota at Google is used up. 4 of 12 parts of the interactions are stored. It goes on by itself on "
    )
    assert source.due_at.hour in (7, 8)
    assert source.due_at > timezone.now()


def test_a_quota_that_names_a_wait_is_waited_for(collect, connector, source):
    connector.faults["comments/0"] = QuotaUsedUp("Later.", wait=1800.0)
    collect()
    source.refresh_from_db()
    assert timedelta(minutes=29) < source.due_at - timezone.now() <= timedelta(minutes=30)


def test_after_a_pause_no_shard_is_asked_for_twice(collect, connector, periods):
    place = f"interactions/{periods[1]}/1"
    connector.faults[place] = QuotaUsedUp("The day's quota at Google is used up.")
    collect()
    done = collect()
    assert done.goes_on_at is None
    assert sorted(connector.asked) == sorted([*{*connector.asked}, place])
    assert (done.summary["shards_before"], done.summary["shards_now"]) == (5, 12)


def test_a_collection_that_takes_too_long_makes_room_after_each_part(collect, connector, source, settings):
    settings.RUN_TIMEOUT_SECONDS = 0
    paused = collect()
    source.refresh_from_db()
    assert (connector.asked, paused.goes_on_at) == (["contents/list"], source.due_at)
    assert source.due_at - timezone.now() <= timedelta(minutes=1)
    collect()
    assert len(connector.asked) == 2


def test_what_is_put_off_keeps_nothing_else_from_being_read_and_is_told(collect, connector, source):
    connector.faults["comments/1"] = PutOff("The day's quota at Google is used up.")
    done = collect()
    assert (done.goes_on_at, done.summary["complaints"][0]["words"]) == (
        None,
        "The day's quota at Google is used up. 1 of 3 parts of the comments are stored. "
        "The rest is read in the next collection.",
    )
    assert Cycle.objects.get().finished_at
    assert connector.asked[-3:] == ["comments/0", "comments/1", "audience/all"]


def test_what_was_put_off_is_read_by_the_next_collection(collect, connector):
    connector.faults["comments/0"] = PutOff("The day's quota at Google is used up.")
    collect()
    assert not Comment.objects.exists()
    assert [told["words"] for told in collect().summary["complaints"]] == ["Small groups are kept back."]
    assert Comment.objects.count() == 36


def test_parts_that_are_stored_stay_so_when_the_rest_of_their_stage_is_put_off(collect, connector):
    connector.faults["comments/1"] = QuotaUsedUp("Later.", wait=60.0)
    collect()
    connector.faults["comments/1"] = PutOff("The day's quota at Google is used up.")
    assert "1 of 3 parts" in collect().summary["complaints"][0]["words"]
    assert Checkpoint.objects.filter(key="comments/0").exists()


def test_a_paused_collection_goes_on_with_its_own_days(collect, connector):
    connector.faults["comments/0"] = QuotaUsedUp("Later.")
    collect()
    Cycle.objects.update(first_day="2026-01-01", last_day="2026-02-10")
    collect()
    assert f"{connector.windows[1]}" == "Window(first=datetime.date(2026, 1, 1), last=datetime.date(2026, 2, 10))"


def test_a_way_that_has_not_moved_for_a_week_is_begun_anew(collect, connector):
    connector.faults["comments/0"] = QuotaUsedUp("Later.")
    collect()
    long_ago = timezone.now() - timedelta(days=8)
    Cycle.objects.update(started_at=long_ago, last_day="2026-02-10")
    Collection.objects.update(heartbeat_at=long_ago)
    collect()
    assert connector.windows[1] == connector.windows[0]
    assert connector.asked.count("contents/list") == 2


def test_a_way_of_more_than_a_week_that_moves_is_never_begun_anew(collect, connector):
    connector.faults["comments/0"] = QuotaUsedUp("Later.")
    collect()
    Cycle.objects.update(started_at=timezone.now() - timedelta(days=8))
    collect()
    assert connector.asked.count("contents/list") == 1


def test_a_dead_token_fails_with_words_and_keeps_what_was_stored(collect, connector, source):
    connector.faults["comments/1"] = ReconnectNeeded("Google no longer accepts the permission. Reconnect the account.")
    failed = collect()
    assert failed.state == "failed"
    assert failed.error == (
        "Google no longer accepts the permission. Reconnect the account. 1 of 3 parts of the comments are stored."
    )
    assert PackedInteractions.objects.count() == 48
    assert failed.summary["shards_now"] == 14


def test_a_permission_that_lacks_a_scope_needs_a_person(collect, connector, source):
    connector.faults["audience/all"] = ScopeMissing("The account was connected without a permission.")
    failed = collect()
    assert failed.state == "failed"
    assert "It goes on by itself" not in failed.error
    source.connection.refresh_from_db()
    assert source.connection.state == Connection.State.RECONNECT


def test_a_project_that_is_not_set_up_fails_and_is_asked_again_in_the_night(collect, connector, source):
    connector.faults["comments/0"] = NotSetUp("The administrator has to do something.")
    failed = collect()
    assert (failed.state, failed.error.startswith("The administrator has to")) == ("failed", True)
    source.refresh_from_db()
    assert source.due_at - timezone.now() >= timedelta(hours=5)


def test_a_server_that_lost_its_own_account_there_says_so_and_waits_for_the_night(source, settings):
    settings.GOOGLE_CLIENT_SECRET = ""
    failed = run(Collection.objects.create(source=source))
    source.refresh_from_db()
    assert (failed.state, "GOOGLE_CLIENT_SECRET" in failed.error) == ("failed", True)
    assert source.due_at > timezone.now() + timedelta(hours=2)


def test_a_platform_that_is_down_is_asked_again_in_an_hour(collect, connector, source):
    connector.faults["contents/list"] = Unavailable("YouTube did not answer.")
    failed = collect()
    source.refresh_from_db()
    assert (failed.state, failed.goes_on_at) == ("failed", None)
    assert "It goes on by itself on" in failed.error
    assert timedelta(minutes=59) < source.due_at - timezone.now() <= timedelta(minutes=60)


def test_a_wrong_account_fails_with_words(collect, connector):
    connector.faults["contents/list"] = WrongAccount("This account has no channel.")
    failed = collect()
    assert failed.state == "failed"
    assert failed.error.startswith("This account has no channel.")


@pytest.mark.parametrize("refusal", [Refused("Comments are disabled."), NotSupported("No such metric.")])
def test_a_shard_that_is_refused_is_told_and_gone_on_without(collect, connector, refusal):
    connector.faults["comments/1"] = refusal
    done = collect()
    assert done.state == "done"
    assert {"words": str(refusal), "count": 1} in done.summary["complaints"]
    assert Comment.objects.count() == 21
    assert Checkpoint.objects.filter(key="comments/1").exists()


def test_an_account_of_which_everything_is_refused_is_no_collection(collect, connector):
    connector.world = World(size=0)
    for key in ("contents/list", "audience/all"):
        connector.faults[key] = Refused("This is not for you.")
    failed = collect()
    assert (failed.state, failed.error) == (
        "failed",
        "The platform gave nothing of this account. This is not for you.",
    )
    collect()
    assert connector.asked.count("contents/list") == 2


def test_an_account_that_tells_of_its_contents_and_of_nobody_is_no_collection(collect, connector, periods):
    for period in periods:
        connector.faults |= {f"interactions/{period}/{part}": Refused("Not for you.") for part in range(3)}
    failed = collect()
    assert (failed.state, failed.error) == (
        "failed",
        "The platform gave no interactions of this account. Not for you.",
    )
    assert collect().state == "done"
    assert PackedInteractions.objects.count() == 48


def test_a_bug_of_ours_is_an_error_of_ours(collect, connector, source):
    connector.faults["comments/1"] = KeyError("views")
    assert collect().state == "errored"
    source.refresh_from_db()
    assert source.due_at > timezone.now()


def test_what_breaks_again_and_again_is_left_until_the_night(collect, connector, source):
    for _ in range(2):
        connector.faults["comments/1"] = KeyError("views")
        collect()
    source.refresh_from_db()
    assert source.due_at - timezone.now() > timedelta(hours=5)


def test_two_collections_of_one_source_are_never_open(source):
    Collection.objects.create(source=source)
    with pytest.raises(IntegrityError):
        Collection.objects.create(source=source)


def test_a_run_that_was_lost_stores_nothing_more(source, connector, collect):
    collection = Collection.objects.create(source=source)
    collection.claim()
    Collection.objects.filter(pk=collection.pk).update(attempt=2)
    way = collecting._Way(collection, open_cycle(source, timezone.now()))
    with pytest.raises(RunLost):
        way.go(connector)
    assert not Checkpoint.objects.exists()
    assert not ContentUnit.objects.exists()


def test_a_wish_to_cancel_stops_it_between_two_shards(source, connector):
    collection = Collection.objects.create(source=source)
    connector.faults["comments/0"] = _Wish(collection)
    cancelled = run(collection)
    assert cancelled.state == "cancelled"
    assert not Checkpoint.objects.filter(key__startswith="comments").exists()
    source.refresh_from_db()
    assert source.due_at - timezone.now() > timedelta(hours=5)


def test_a_wish_to_cancel_is_heard_in_the_middle_of_a_long_wait(source, connector, monkeypatch):
    collection = Collection.objects.create(source=source)
    connector.waits["comments/1"] = 600.0
    naps = []

    def nap(seconds):
        naps.append(seconds)
        Collection.objects.get(pk=collection.pk).request_cancel()

    monkeypatch.setattr(collecting, "time", SimpleNamespace(sleep=nap, monotonic=time.monotonic))
    monkeypatch.setattr("sources.runs.REPORT_EVERY", 0)
    assert run(collection).state == "cancelled"
    assert naps == [collecting.NAP]
    assert Checkpoint.objects.filter(key="comments/0").exists()
    assert not Checkpoint.objects.filter(key="comments/1").exists()


def test_a_wait_lasts_as_long_as_the_platform_wants(source, connector, monkeypatch, collect):
    slept = []
    clock = SimpleNamespace(sleep=slept.append, monotonic=lambda: sum(slept))
    monkeypatch.setattr(collecting, "time", clock)
    connector.waits["comments/1"] = 5.5
    assert collect().state == "done"
    assert slept == [2.0, 2.0, 1.5]


class _Wish(Refused):
    """Asks to cancel at the moment at which it is raised."""

    def __init__(self, collection: Collection) -> None:
        super().__init__("Refused.")
        self.collection = collection

    def __str__(self) -> str:
        Collection.objects.get(pk=self.collection.pk).request_cancel()
        return "Refused."
