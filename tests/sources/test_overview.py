"""What the data page says of each source is what is stored, however often it is looked at."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sources.importing import import_files
from sources.models import Collection, DataSource, PackedInteractions
from sources.organizing import delete_source
from sources.overview import line_of, sources_of


@pytest.fixture
def bring_in(organization, tmp_path):
    """Import so many interactions into a source by name."""

    def imported(count: int, name: str = "Files", period: str = "2026-10") -> DataSource:
        source, _ = DataSource.objects.get_or_create(organization=organization, name=name)
        path = tmp_path / "given.csv"
        path.write_text(f"content_id,gender,age_group,country,count\nv1,female,18-24,US,{count}\n")
        import_files(source=source, paths={"interactions": path}, rejects=tmp_path, period=period)
        return source

    return imported


def told(organization) -> dict[str, tuple[float, str]]:
    return {line.source.name: (line.interactions, line.span) for line in sources_of(organization)}


def test_every_import_is_told_at_once(bring_in, organization):
    bring_in(5)
    assert told(organization) == {"Files": (5, "2026-10")}
    bring_in(7)
    bring_in(2, period="2026-11")
    assert told(organization) == {"Files": (9, "2026-10 to 2026-11")}


def test_what_is_deleted_and_made_anew_is_told_as_it_is(bring_in, organization):
    delete_source(source=bring_in(5))
    assert told(organization) == {}
    bring_in(3)
    assert told(organization) == {"Files": (3, "2026-10")}


def test_columns_are_read_again_only_after_another_collection(bring_in, organization):
    bring_in(5)
    told(organization)
    bring_in(6, "Other")
    with CaptureQueriesContext(connection) as first:
        told(organization)
    with CaptureQueriesContext(connection) as second:
        assert told(organization) == {"Files": (5, "2026-10"), "Other": (6, "2026-10")}
    table = PackedInteractions._meta.db_table
    assert [sum(table in query["sql"] for query in one) for one in (first, second)] == [1, 0]


@pytest.mark.parametrize("state", ["queued", "running"])
def test_what_a_collection_stores_is_told_while_it_goes_on(bring_in, organization, state):
    source = bring_in(5)
    told(organization)
    going_on = Collection.objects.create(source=source, state=state)
    bring_in(8)  # by a command: its collection is the last one, and closed
    assert told(organization)["Files"][0] == 8
    PackedInteractions.objects.update(total=11)
    assert told(organization)["Files"][0] == 11
    Collection.objects.filter(pk=going_on.pk).update(state="cancelled")
    PackedInteractions.objects.update(total=12)
    assert told(organization)["Files"][0] == 12


def test_the_line_of_one_source_is_that_of_the_page(bring_in, organization):
    source = bring_in(5)
    bring_in(6, "Other")
    one = line_of(source)
    assert (one.contents, one.interactions, one.span) == (1, 5, "2026-10")
    assert one in sources_of(organization)
    assert set(told(organization)) == {"Files", "Other"}
