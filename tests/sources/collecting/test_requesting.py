"""Collections are asked for by a person, a program or the clock, and one source is never collected twice at once."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ, Schedule

from sources.collecting.requesting import keep_schedule, queue_collection, queue_due
from sources.connectors.faults import QuotaUsedUp, Unavailable
from sources.errors import DataError
from sources.models import Collection, Connection, DataSource
from sources.tasks import collect_due
from tests.api_calls import ROOT, program


def test_a_source_that_is_due_is_queued_once(source):
    collect_due()
    collect_due()
    assert Collection.objects.get().source == source
    assert OrmQ.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"due_at": timezone.now() + timedelta(days=1)},
        {"due_at": None},
        {"connection": None},
    ],
)
def test_a_source_that_is_not_due_or_not_connected_is_left_alone(source, change):
    DataSource.objects.filter(pk=source.pk).update(**change)
    assert queue_due() == []


def test_a_source_that_has_to_be_connected_again_is_left_alone(source):
    Connection.objects.update(state=Connection.State.RECONNECT)
    assert queue_due() == []
    source.refresh_from_db()
    with pytest.raises(DataError, match="has to be connected again"):
        queue_collection(source=source)


def test_a_second_collection_of_one_source_is_refused_with_words(source):
    queue_collection(source=source)
    with pytest.raises(DataError, match="is being collected just now"):
        queue_collection(source=source)
    assert (Collection.objects.count(), OrmQ.objects.count()) == (1, 1)


def test_files_are_not_collected(organization):
    files = DataSource.objects.create(organization=organization, name="Files")
    with pytest.raises(DataError, match="uploaded files"):
        queue_collection(source=files)


def test_the_schedule_is_there_once_however_often_it_is_asked_for(db):
    keep_schedule()
    keep_schedule()
    assert Schedule.objects.count() == 2
    schedule = Schedule.objects.get(name="collect what is due")
    assert (schedule.func, schedule.minutes, schedule.repeats) == ("sources.tasks.collect_due", 5, -1)


def test_of_schedules_that_two_workers_made_together_the_first_stays(db):
    for schedule_type in ("H", "D"):
        Schedule.objects.create(name="check permissions", func="old", schedule_type=schedule_type)
    first = Schedule.objects.earliest("pk")
    keep_schedule()
    kept = Schedule.objects.get(name="check permissions")
    assert (kept.pk, kept.func, kept.schedule_type) == (first.pk, "sources.tasks.check_permissions", "D")
    assert Schedule.objects.count() == 2


def test_the_command_collects_what_is_due_and_says_what_came(source, connector, capsys):
    call_command("collect")
    assert "Acme, Channel" in (out := capsys.readouterr().out)
    assert "12 contents, 384 cells, 36 comments" in out
    call_command("collect")
    assert capsys.readouterr().out == "No source is due.\n"


def test_the_command_collects_a_named_source_before_its_time(source, connector):
    DataSource.objects.update(due_at=timezone.now() + timedelta(days=1))
    call_command("collect", source=source.pk)
    assert Collection.objects.get().state == "done"


def test_the_command_tells_a_pause_and_is_content(source, connector, capsys):
    connector.faults["comments/0"] = QuotaUsedUp("The day's quota at Google is used up.")
    call_command("collect")
    assert "0 of 3 parts of the comments are stored. It goes on by itself" in capsys.readouterr().out


def test_the_command_ends_with_1_when_one_failed(source, connector, capsys):
    connector.faults["contents/list"] = Unavailable("YouTube did not answer.")
    with pytest.raises(SystemExit) as ended:
        call_command("collect")
    assert ended.value.code == 1
    assert "Channel" in (told := capsys.readouterr().err)
    assert "failed. YouTube did not answer." in told


def test_the_command_knows_no_source_that_is_not_there(db):
    with pytest.raises(CommandError, match="There is no source 4711"):
        call_command("collect", source=4711)


def ask(client, source):
    return client.post(reverse("source_collect", args=[source.organization.slug, source.pk]))


def test_the_owner_collects_now_and_is_led_to_the_progress(owner_client, owner, source):
    response = ask(owner_client, source)
    collection = Collection.objects.get()
    assert response.url == reverse("collection", args=["acme", collection.pk])
    assert (collection.requested_by, collection.state) == (owner, "queued")


def test_a_viewer_may_not_and_a_stranger_finds_nothing(colleague_client, stranger_client, source):
    assert ask(colleague_client, source).status_code == 403
    assert ask(stranger_client, source).status_code == 404
    assert not Collection.objects.exists()


def test_asking_twice_says_that_it_goes_on_already(owner_client, source):
    ask(owner_client, source)
    page = owner_client.get(ask(owner_client, source).url).content.decode()
    assert "is being collected just now" in page


def test_a_program_with_the_scope_run_collects(organization, source):
    client = program(organization, "read", "run")
    response = client.post(f"{ROOT}sources/{source.pk}/collect/")
    assert response.status_code == 202
    assert client.get(response["Location"]).json()["state"] == "queued"
    assert client.post(f"{ROOT}sources/{source.pk}/collect/").status_code == 409


def test_a_program_without_it_does_not(organization, source):
    client = program(organization, "read", "write")
    assert client.post(f"{ROOT}sources/{source.pk}/collect/").status_code == 403


def test_a_program_of_others_finds_no_source(stranger, source):
    client = program(stranger.organizations.get(), "run", "read")
    assert client.post(f"{ROOT}sources/{source.pk}/collect/").status_code == 404
