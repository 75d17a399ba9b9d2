"""The months of an organization: which generations stand for them, and what became of whom."""

import pytest

from personas.lifelines import lines_of
from personas.models import Generation, Identity
from personas.over_time import over_time
from tests.builders import make_organization, make_persona_sets
from tests.personas.months import make_months, personas_of


@pytest.fixture
def months(organization):
    return make_months(organization)


def told(organization, size=5):
    return over_time(organization, "country", size)


def become_somebody_else(generation, position=1) -> Identity:
    other = Identity.objects.create(organization=generation.organization, key="x", name=f"Other {generation.pk}")
    personas_of(generation, position=position).update(identity=other, likeness=None)
    return other


def test_everybody_stays_where_nothing_changes(organization, months):
    found = told(organization)
    assert [month.period for month in found.months] == ["2026-08", "2026-09", "2026-10"]
    assert (found.report.unique, found.report.persistence, found.report.topic_change) == (5, 1, 0)
    assert [len(month.stable) for month in found.months] == [0, 5, 5]


def test_likeness_tells_the_stable_from_the_drifting(organization, months):
    personas_of(months[2], position=2).update(likeness=0.79)
    last = told(organization).last
    assert (len(last.stable), [one.persona.position for one in last.drifting]) == (4, [2])


def test_who_comes_is_new_and_who_left_is_gone(organization, months):
    other = become_somebody_else(months[2])
    found = told(organization)
    assert [one.persona.identity for one in found.last.new] == [other]
    assert [persona.identity.name for persona in found.last.gone] == ["Amina Haddad"]
    assert (found.report.unique, found.last.persistence) == (6, 0.8)
    assert found.report.persistence == pytest.approx(0.9)


def test_who_was_away_and_comes_back_is_new_again(organization, months):
    become_somebody_else(months[1])
    (back,) = told(organization).last.new
    assert (back.persona.identity.name, back.again) == ("Amina Haddad", True)


def test_topics_that_came_and_went_are_named(organization, months):
    topics = [{"label": label, "share": 0.2, "lift": 2.0} for label in ("science", "Law")]
    personas_of(months[2], position=3).update(topics=topics)
    (changed,) = told(organization).last.with_other_topics
    assert (changed.came, changed.went, changed.topic_change) == (("Law",), ("Sport",), 0.5)
    assert told(organization).report.topic_change == pytest.approx(0.5 / 10)


def test_latest_complete_balanced_generation_stands_for_its_month(organization, months):
    again = make_persona_sets(organization, sizes=(5,), period="2026-10")
    make_persona_sets(organization, sizes=(5,), period="2026-10", method="reference")
    for fields in (
        {"state": "failed"},
        {"period": ""},
        {"unit": "region"},
        {"period": "2026-07", "method": "reference"},
    ):
        odd = make_persona_sets(organization, sizes=(5,))
        Generation.objects.filter(pk=odd.pk).update(**fields)
    make_persona_sets(make_organization("elsewhere"), sizes=(5,), period="2026-07")
    assert [month.generation for month in told(organization).months] == [*months[:2], again]


def test_months_of_other_sources_do_not_mix(organization, months):
    make_persona_sets(organization, sizes=(5,), period="2026-11", chosen_sources=[{"id": 1, "name": "x", "kind": "y"}])
    found = told(organization)
    assert (found.periods, found.sources) == (["2026-08", "2026-09", "2026-10"], [])
    assert found.elsewhere == ["2026-11"]


def test_size_is_one_that_all_months_have_nearest_to_the_suggested_or_asked_for(organization, months):
    latest = make_persona_sets(organization, sizes=(6, 7), period="2026-11")
    assert (latest.suggested_size, told(organization, None).size, told(organization).sizes) == (6, 6, [6])
    Generation.objects.filter(pk=latest.pk).delete()
    assert [told(organization, size).size for size in (None, 5, 40)] == [5, 5, 6]


def test_months_without_a_size_in_common_are_named_and_not_compared(organization, months):
    make_persona_sets(organization, sizes=(7,), period="2026-11")
    found = told(organization, None)
    assert (found.size, found.sizes, found.months, len(found.periods), found.enough) == (None, [], [], 4, False)


def test_set_that_carries_on_another_one_knows_nobody_as_new_stable_or_gone(organization, months):
    become_somebody_else(months[2])
    Generation.objects.filter(pk=months[2].pk).update(continues=months[0])
    found = told(organization)
    assert (found.last.compared, found.last.gone, {one.state for one in found.last.people}) == (False, [], {""})
    assert (found.last.persistence, found.report.persistence) == (None, 1)
    left = lines_of(found)[-1].cells
    assert [(cell.kind, cell.to_next) for cell in left] == [("first", True), ("stable", False), ("", False)]


def test_second_run_on_the_same_data_changes_nothing(organization, months):
    again = make_persona_sets(organization, sizes=(5, 6), period="2026-09", continues=months[0])
    Generation.objects.filter(pk=again.pk).update(fingerprint="2026-09" * 9)
    found = told(organization)
    assert found.months[1].generation == again
    assert (found.last.compared, len(found.last.stable)) == (True, 5)


def test_empty_organization_has_no_months(organization):
    found = told(organization)
    assert (found.months, found.size, found.enough, found.report.unique) == ([], None, False, 0)


def test_lines_put_who_is_here_first_and_mark_the_end_of_a_life(organization, months):
    become_somebody_else(months[2])
    lines = lines_of(told(organization))
    assert [line.here for line in lines] == [True] * 5 + [False]
    assert [cell.kind for cell in lines[-1].cells] == ["first", "stable", "gone"]
    assert [cell.kind for cell in lines[0].cells] == ["", "", "new"]
    assert [(cell.from_before, cell.to_next) for cell in lines[-1].cells] == [
        (False, True),
        (True, True),
        (True, False),
    ]


def test_reading_costs_as_many_queries_for_many_months_as_for_few(organization, months, django_assert_num_queries):
    make_months(organization, ("2026-11", "2026-12"))
    with django_assert_num_queries(3):
        assert len(lines_of(told(organization))) == 5


def test_a_month_says_which_sources_came_since_the_one_before(organization, months):
    for generation, names in zip(months, (["Films"], ["Films", "Shop"], ["Films", "Shop"]), strict=True):
        used = [{"id": len(name), "name": name, "kind": "files"} for name in names]
        Generation.objects.filter(pk=generation.pk).update(used_sources=used)
    words = [month.other_sources for month in told(organization).months]
    assert (words[0], words[2]) == ("", "")
    assert words[1].startswith("“Shop” came to the sources since then")
