"""Files go in whole or not at all; what was wrong comes back."""

import csv
from datetime import date

import pytest
from django.utils import timezone

from sources.collecting.cycling import next_window
from sources.errors import DataError
from sources.importing import NothingUsable, import_files
from sources.models import Collection, Comment, ContentUnit, DataSource, PackedInteractions
from sources.packing import COUNTS, unpack
from tests import builders

HEADER = "content_id,gender,age_group,country,count\n"


@pytest.fixture
def source(organization):
    return DataSource.objects.create(organization=organization, name="Files")


@pytest.fixture
def bring(source, tmp_path):
    """Import texts by kind, and return the report."""

    def bring(interactions=None, *, contents=None, comments=None, **options):
        texts = {"interactions": interactions, "contents": contents, "comments": comments}
        paths = {kind: tmp_path / f"{kind}-in.csv" for kind, text in texts.items() if text is not None}
        for kind, path in paths.items():
            path.write_text(texts[kind], encoding="utf-8")
        return import_files(source=source, paths=paths, rejects=tmp_path, **options)

    return bring


def counts(external_id: str, period: str = "") -> list[float]:
    column = PackedInteractions.objects.get(content__external_id=external_id, period=period)
    return sorted(unpack(column.counts, COUNTS).tolist())


def test_rows_become_packed_columns_with_totals(bring):
    told = bring(HEADER + "a,female,25-34,QA,3\na,male,25-34,QA,4\nb,male,18-24,IN,5\n")
    assert (told.read, told.accepted, told.rejected) == (3, 3, 0)
    assert counts("a") == [3, 4]
    assert PackedInteractions.objects.get(content__external_id="a").total == 7


def test_second_import_of_one_file_changes_nothing(bring):
    text = HEADER + "a,female,25-34,QA,3\nb,male,18-24,IN,5\n"
    bring(text)
    before = list(PackedInteractions.objects.order_by("pk").values_list())
    told = bring(text)
    assert list(PackedInteractions.objects.order_by("pk").values_list()) == before
    assert told.summary["replaced"][0]["changed"] == 0


def test_corrected_file_replaces_the_counts_of_its_period(bring):
    bring(HEADER + "a,female,25-34,QA,3\nb,male,18-24,IN,5\n")
    bring(HEADER + "a,female,25-34,QA,30\n")
    assert counts("a") == [30]
    assert not PackedInteractions.objects.filter(content__external_id="b").exists()


def test_corrected_file_leaves_other_periods_alone(bring):
    bring(HEADER + "a,female,25-34,QA,3\n", period="2026-09")
    bring(HEADER + "a,female,25-34,QA,8\n", period="2026-10")
    assert (counts("a", "2026-09"), counts("a", "2026-10")) == ([3], [8])


@pytest.mark.parametrize("periods", [("", "2026-09"), ("2026-09", "")])
def test_contents_with_and_without_a_month_are_counted_in_a_warning(bring, periods):
    first, second = periods
    bring(HEADER + "a,female,25-34,QA,3\nb,female,25-34,QA,3\nc,female,25-34,QA,3\n", period=first)
    told = bring(HEADER + "a,female,25-34,QA,3\nb,female,25-34,QA,3\nd,female,25-34,QA,3\n", period=second)
    (warning,) = [words for words in told.summary["warnings"] if "All periods" in words]
    assert warning.startswith("interactions: 2 contents of this file now have counts with a month")
    assert "delete this source and import its files again" in warning


def test_months_alone_and_other_contents_bring_no_warning_of_counting_twice(bring, organization):
    bring(HEADER + "a,female,25-34,QA,3\n", period="2026-09")
    builders.make_interactions(builders.make_contents(organization, 3, "Other"), builders.make_groups(), period="")
    for text, period in (("a", "2026-10"), ("b", "")):
        told = bring(HEADER + f"{text},female,25-34,QA,3\n", period=period)
        assert not any("All periods" in words for words in told.summary["warnings"])


def test_adding_corrects_the_named_cells_and_keeps_the_others(bring):
    bring(HEADER + "a,female,25-34,QA,3\na,male,25-34,QA,4\nb,male,18-24,IN,5\n")
    bring(HEADER + "a,male,25-34,QA,40\nc,male,25-34,QA,1\n", mode=Collection.Mode.ADD)
    assert (counts("a"), counts("b"), counts("c")) == ([3, 40], [5], [1])


def test_adding_corrects_a_cell_to_zero(bring):
    bring(HEADER + "a,female,25-34,QA,100\na,male,25-34,QA,50\n")
    bring(HEADER + "a,female,25-34,QA,0\na,male,25-34,QA,60\n", mode=Collection.Mode.ADD)
    assert counts("a") == [60]
    assert PackedInteractions.objects.get().total == 60


def test_adding_corrects_the_unknown_to_zero(bring):
    bring(HEADER + "a,female,25-34,QA,3\na,,25-34,QA,9\nb,male,25-34,QA,1\nb,,25-34,QA,2\n")
    bring(HEADER + "a,,25-34,QA,0\nb,male,25-34,QA,5\n", mode=Collection.Mode.ADD)
    assert list(PackedInteractions.objects.order_by("total").values_list("total", "unknown")) == [(3, 0), (7, 2)]


def test_a_content_corrected_to_nothing_at_all_keeps_no_counts(bring):
    bring(HEADER + "a,female,25-34,QA,3\nb,male,18-24,IN,5\n")
    told = bring(HEADER + "a,female,25-34,QA,0\n", mode=Collection.Mode.ADD)
    assert not PackedInteractions.objects.filter(content__external_id="a").exists()
    (period,) = told.summary["replaced"]
    assert (period["contents_before"], period["contents_now"], period["removed"]) == (2, 1, 1)


def test_zeros_of_a_whole_file_are_neither_stored_nor_counted_as_groups(bring):
    told = bring(HEADER + "a,female,25-34,QA,3\na,male,25-34,QA,0\nb,male,18-24,IN,0\n")
    assert counts("a") == [3]
    assert (PackedInteractions.objects.count(), told.summary["groups"], told.accepted) == (1, 1, 3)


def test_corrected_rejects_go_in_beside_what_was_accepted(bring, tmp_path):
    told = bring(HEADER + "a,female,25-34,QA,3\na,male,25-34,QA,four\n")
    fixed = told.reject_files["interactions"].read_text(encoding="utf-8").replace("four", "4")
    bring(fixed, mode=Collection.Mode.ADD)
    assert counts("a") == [3, 4]


def test_bad_rows_come_back_with_line_column_value_and_reason(bring):
    told = bring(HEADER + "a,female,25-34,QA,3\na,male,25-34,Atlantis,4\n")
    (row,) = csv.DictReader(told.reject_files["interactions"].read_text(encoding="utf-8").splitlines())
    assert (row["line"], row["column"], row["value"]) == ("3", "country", "Atlantis")
    assert row["reason"]
    assert told.accepted == 1


def test_blank_gender_is_kept_as_unknown_mass_and_never_a_group(bring):
    told = bring(HEADER + "a,female,25-34,QA,3\na,,25-34,QA,9\n")
    column = PackedInteractions.objects.get()
    assert (column.total, column.unknown, told.summary["unknown_mass"]) == (12, 9, 9)
    assert counts("a") == [3]


def test_same_key_twice_is_summed_and_said(bring):
    told = bring(HEADER + "a,female,25-34,QA,3\na,female,25-34,QA,4\n")
    assert counts("a") == [7]
    assert told.summary["duplicates"] == 1


def test_nothing_is_written_when_no_row_is_good(bring):
    with pytest.raises(DataError, match=r"line 2.*count.*'-3'"):
        bring(HEADER + "a,female,25-34,QA,-3\n")
    assert not ContentUnit.objects.exists()


def test_refusal_of_all_rows_brings_them_back(bring):
    with pytest.raises(NothingUsable) as refusal:
        bring(HEADER + "a,female,25-34,QA,-3\na,x9,25-34,QA,3\n")
    told = refusal.value.told
    assert (told.read, told.accepted, told.rejected) == (2, 0, 2)
    assert len(told.reject_files["interactions"].read_text(encoding="utf-8").splitlines()) == 3


def test_nothing_is_written_when_one_of_the_files_is_unusable(bring):
    with pytest.raises(DataError, match="contents file"):
        bring(HEADER + "a,female,25-34,QA,3\n", contents="")
    assert not PackedInteractions.objects.exists()


def test_contents_are_described_and_brought_up_to_date(bring):
    bring(HEADER + "a,female,25-34,QA,3\n", contents="content_id,title,tags\na,First,x|y\n")
    bring(contents="content_id,title,tags\na,Second,z\n")
    unit = ContentUnit.objects.get()
    assert (unit.title, unit.tags) == ("Second", ["z"])


def test_a_contents_file_leaves_alone_what_it_has_no_column_for(bring):
    full = "content_id,title,description,category,tags,url\na,First,Long,News,x|y,https://example.org/a\n"
    bring(HEADER + "a,female,25-34,QA,3\n", contents=full)
    bring(contents="content_id,title\na,Second\n")
    fields = ("title", "description", "category", "tags", "url")
    assert ContentUnit.objects.values_list(*fields).get() == (
        "Second", "Long", "News", ["x", "y"], "https://example.org/a",
    )  # fmt: skip


def test_contents_file_that_names_no_known_content_is_refused_and_the_interactions_go_in(bring):
    told = bring(HEADER + "a,female,25-34,QA,3\n", contents="content_id,title\nx,Wrong file\n")
    assert told.summary["contents"] == {"read": 1, "accepted": 0, "rejected": 1}
    assert "known" in told.summary["first_rejects"][0]["reason"]
    assert ContentUnit.objects.get().title == ""


def test_comments_on_unknown_content_come_back_with_their_line(bring):
    told = bring(HEADER + "a,female,25-34,QA,3\n", comments="content_id,text\na,Fine\nzzz,Lost\n")
    assert [comment.text for comment in Comment.objects.all()] == ["Fine"]
    assert told.summary["first_rejects"][0]["line"] == 3


def test_same_comments_twice_are_stored_once(bring):
    text = "content_id,text,likes\na,Fine,2\na,Better,1\n"
    bring(HEADER + "a,female,25-34,QA,3\n", comments=text)
    bring(comments=text)
    assert Comment.objects.count() == 2


def test_equal_comments_without_an_id_are_all_stored_and_only_once(bring):
    text = "content_id,text\na,Fine\na,Fine\nb,Fine\n"
    bring(HEADER + "a,female,25-34,QA,3\nb,female,25-34,QA,3\n", comments=text)
    bring(comments=text)
    assert Comment.objects.count() == 3


def test_comments_with_one_id_under_two_contents_are_both_stored(bring):
    rows = HEADER + "a,female,25-34,QA,3\nb,female,25-34,QA,3\n"
    bring(rows, comments="content_id,comment_id,text\na,1,First\nb,1,Second\n")
    assert set(Comment.objects.values_list("text", flat=True)) == {"First", "Second"}


def test_file_without_a_gender_column_makes_groups_of_age_and_country(bring):
    told = bring("content_id,age_group,country,count\na,25-34,QA,3\n")
    assert told.summary["absent_dimensions"] == ["gender"]
    assert told.summary["unknown_mass"] == 0


def test_source_deleted_takes_its_interactions_along(bring, source):
    bring(HEADER + "a,female,25-34,QA,3\n")
    source.delete()
    assert not PackedInteractions.objects.exists()


def test_failure_while_writing_leaves_the_old_counts(bring, monkeypatch):
    bring(HEADER + "a,female,25-34,QA,3\n")
    monkeypatch.setattr("sources.storing.describe_contents", _break)
    with pytest.raises(OSError, match="disk"):
        bring(HEADER + "a,female,25-34,QA,99\n", contents="content_id,title\na,A\n")
    assert counts("a") == [3]


def _break(*args):
    raise OSError("the disk is full")


def test_rejects_that_are_handed_in_still_wrong_come_back_with_one_complaint_each(bring):
    told = bring(HEADER + "a,female,25-34,QA,3\na,male,25-34,QA,four\nb,male,25-34,QA,five\n")
    again = told.reject_files["interactions"].read_text(encoding="utf-8").replace("four", "4")
    text = bring(again, mode=Collection.Mode.ADD).reject_files["interactions"].read_text(encoding="utf-8")
    assert text.splitlines()[0] == "line,column,value,reason," + HEADER.strip()
    assert len(text.splitlines()) == 2


def test_after_a_file_into_a_source_of_a_platform_the_next_collection_reads_all_days_again(bring, source):
    DataSource.objects.filter(pk=source.pk).update(kind="youtube")
    now, days = timezone.now(), {"first_day": "2026-08-01", "reached_back_to": "2026-05-01", "last_day": "2026-11-20"}
    source.cycles.create(finished_at=now, **days)
    bring(HEADER + "a,female,25-34,QA,3\n", contents="content_id,title\na,A\n")
    assert next_window(DataSource.objects.get(), now).first == date(2026, 5, 1)


def test_titles_alone_have_nothing_collected_again(bring, source):
    bring(HEADER + "a,female,25-34,QA,3\n")
    source.cycles.create(first_day="2026-08-01", last_day="2026-11-20", finished_at=timezone.now())
    bring(contents="content_id,title\na,A\n")
    assert not source.cycles.get().is_outdated
