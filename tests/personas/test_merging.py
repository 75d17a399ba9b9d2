"""Two personas merged in every set, known again as one by later generations, and parted again."""

import numpy as np
import pytest

from personas.curating import rename_identity
from personas.generation import new_generation
from personas.merging import merge_identities, preview_merge, unmerge_identity
from personas.models import Generation, Identity, IdentityChange, Persona, PersonaSet
from sources.carrying import carry_out
from sources.errors import DataError
from sources.packing import SHARES, unpack
from tests import builders
from tests.running import run


@pytest.fixture
def pair(organization) -> list[Identity]:
    builders.make_persona_sets(organization, sizes=(5, 6))
    return list(Identity.objects.order_by("pk")[:2])


def merge(pair, **more) -> IdentityChange:
    return merge_identities(kept=pair[0], merged=pair[1], **more)


def rows() -> list[tuple]:
    return list(
        Persona.every.order_by("pk").values_list(
            "pk", "identity", "merged_from", "part_of", "position", "share", "description", "topics", "combined"
        )
    )


def generate(organization) -> Generation:
    return run(new_generation(organization=organization, sizes=[5, 6]))


def test_a_set_with_both_shows_them_once_with_the_shares_added(pair):
    merge(pair)
    for persona_set in PersonaSet.objects.all():
        shown = list(persona_set.personas.all())
        one = next(persona for persona in shown if persona.identity == pair[0])
        assert len(shown) == persona_set.size - 1
        assert one.share == pytest.approx(2 / persona_set.size)
        assert one.interactions == pytest.approx(2000 / persona_set.size)
        assert [persona.position for persona in shown] == list(range(1, persona_set.size))
        assert shown[0] == one


def test_groups_and_contents_of_the_parts_are_weighted_by_their_shares(pair):
    parts = list(Persona.objects.filter(persona_set__size=5, identity__in=pair).order_by("thread"))
    Persona.objects.filter(pk=parts[0].pk).update(share=0.3)
    merge(pair)
    one = Persona.objects.get(persona_set__size=5, combined=True)
    assert unpack(one.group_shares, SHARES).sum() == pytest.approx(1)
    first = unpack(parts[0].group_shares, SHARES)[0] * 0.3 / 0.5
    assert unpack(one.group_shares, SHARES)[0] == pytest.approx(first)
    told = {line["id"]: line["share"] for line in one.contents}
    other = next(line for line in parts[1].contents if line["id"] == parts[1].contents[-1]["id"])
    assert told[other["id"]] == pytest.approx(other["share"] * 0.2 / 0.5)
    assert list(np.argsort([-line["share"] for line in one.contents])) == list(range(len(one.contents)))


def test_the_lift_of_a_topic_that_both_have_stays_true_to_the_audience(pair):
    merge(pair)
    topic = Persona.objects.filter(combined=True).first().topics[0]
    assert topic == {"label": "Science", "share": pytest.approx(0.4), "lift": pytest.approx(2.1)}


def test_reverting_gives_everything_back(pair):
    before = rows()
    merge(pair)
    assert rows() != before
    unmerge_identity(identity=pair[1])
    assert rows() == before


def test_a_set_with_only_the_other_goes_by_the_kept_name(pair):
    Persona.objects.filter(identity=pair[0]).delete()
    merge(pair)
    told = Persona.objects.filter(identity=pair[0])
    assert {persona.description.split(" likes")[0] for persona in told} == {pair[0].name}
    assert not Persona.objects.filter(combined=True).exists()


def test_the_measures_of_a_set_stay_those_before_the_merge(pair):
    before = list(PersonaSet.objects.values_list("size", "measures"))
    merge(pair)
    assert list(PersonaSet.objects.values_list("size", "measures")) == before


def test_three_are_merged_and_parted_in_any_order(pair):
    before, third = rows(), Identity.objects.order_by("pk")[2]
    merge(pair)
    merge([pair[0], third])
    assert Persona.objects.get(persona_set__size=5, combined=True).share == pytest.approx(3 / 5)
    unmerge_identity(identity=pair[1])
    assert Persona.objects.get(persona_set__size=5, combined=True).share == pytest.approx(2 / 5)
    unmerge_identity(identity=third)
    assert rows() == before


def test_many_merges_one_after_the_other_keep_the_places_in_order(pair):
    for other in Identity.objects.order_by("pk")[1:6]:
        merge([pair[0], other])
    assert [one.share for one in Persona.objects.filter(persona_set__size=6)] == [pytest.approx(1)]


def test_the_preview_says_which_shares_add_up(pair):
    plan = preview_merge(kept=pair[0], merged=pair[1])
    assert [(one.persona_set.size, one.left, round(one.sum, 3)) for one in plan.shared] == [(5, 4, 0.4), (6, 5, 0.333)]
    assert plan.renamed == 0
    assert not Persona.objects.filter(combined=True).exists()


def test_a_later_generation_knows_either_pattern_as_the_kept_one(organization):
    builders.make_interactions(builders.make_contents(organization, 30), builders.make_groups())
    generate(organization)
    pair = list(Identity.objects.order_by("pk")[:2])
    merge(pair)
    later = generate(organization)
    assert later.state == "done"
    shown = Persona.objects.filter(persona_set__generation=later, identity=pair[0])
    assert shown.count() == later.sets.count()
    assert not Persona.every.filter(persona_set__generation=later, identity=pair[1]).exists()
    assert Persona.every.filter(persona_set__generation=later, merged_from=pair[1]).exists()


def test_reverting_parts_the_two_in_later_generations_too(organization):
    builders.make_interactions(builders.make_contents(organization, 30), builders.make_groups())
    generate(organization)
    pair = list(Identity.objects.order_by("pk")[:2])
    merge(pair)
    later = generate(organization)
    unmerge_identity(identity=pair[1])
    for identity in pair:
        assert Persona.objects.filter(persona_set__generation=later, identity=identity, combined=False).exists()
    assert all(one.personas.count() == one.size for one in later.sets.all())
    assert Identity.objects.count() == 6


def test_a_merge_while_a_generation_runs_stops_it_in_words(organization):
    builders.make_interactions(builders.make_contents(organization, 30), builders.make_groups())
    generate(organization)
    pair = list(Identity.objects.order_by("pk")[:2])
    again = new_generation(organization=organization, sizes=[5, 6])

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage == "store" and not Identity.objects.filter(merged_into=pair[0]).exists():
            merge(pair)

    carry_out(again, meanwhile)
    assert again.state == "failed"
    assert "merged" in again.error


def test_a_renamed_kept_one_gives_the_other_its_own_name_back(pair):
    merge(pair)
    rename_identity(identity=pair[0], name="Nora Lindqvist")
    unmerge_identity(identity=pair[1])
    told = Persona.objects.get(persona_set__size=5, identity=pair[1]).description
    assert told.startswith(Identity.objects.get(pk=pair[1].pk).name)


def test_what_cannot_be_merged_is_refused_in_words(pair, stranger):
    third = Identity.objects.order_by("pk")[2]
    foreign = Identity.objects.create(organization=stranger.organizations.get(), key="x", name="Foreign")
    merge(pair)
    for two, words in [
        ([pair[0], pair[0]], "itself"),
        ([pair[0], foreign], "different organizations"),
        ([third, pair[1]], "was merged into"),
        ([third, pair[0]], "Others were merged into"),
    ]:
        with pytest.raises(DataError, match=words):
            merge(two)
    with pytest.raises(DataError, match="not merged"):
        unmerge_identity(identity=third)
