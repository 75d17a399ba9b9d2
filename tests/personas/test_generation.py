"""From stored interactions to stored persona sets."""

import pytest
from django.core.files.base import ContentFile

from enrichment.enriching import Enricher
from personas import storing
from personas.errors import GenerationError
from personas.generation import new_generation
from personas.models import Generation, Identity, Persona, PersonaSet
from sources.carrying import carry_out
from sources.models import DemographicGroup, PackedInteractions
from sources.packing import IDS, SHARES, unpack
from tests.builders import make_contents, make_groups, make_interactions


@pytest.fixture
def audience(organization):
    contents, groups = make_contents(organization, 30), make_groups()
    make_interactions(contents, groups)
    return contents, groups


def generate(organization, sizes=(5, 6), **wish) -> Generation:
    generation = new_generation(organization=organization, sizes=sizes, **wish)
    carry_out(generation)
    return generation


def test_every_size_asked_for_is_stored_whole(organization, audience):
    generation = generate(organization, sizes=range(5, 9))
    assert (generation.state, generation.error) == ("done", "")
    assert [s.personas.count() for s in generation.sets.all()] == [5, 6, 7, 8]


@pytest.mark.parametrize("method", ["balanced", "reference"])
def test_shares_of_a_set_and_of_its_groups_sum_to_one(organization, audience, method):
    persona_set = generate(organization, method=method).sets.first()
    assert sum(p.share for p in persona_set.personas.all()) == pytest.approx(1)
    for persona in persona_set.personas.all():
        assert unpack(persona.group_shares, SHARES).sum() == pytest.approx(1, abs=1e-4)


def test_representative_group_stands_first_behind_its_persona(organization, audience):
    generation = generate(organization)
    for persona in Persona.objects.filter(persona_set__generation=generation):
        first = generation.audience.groups[unpack(persona.group_rows, IDS)[0]]
        assert first == [persona.gender, persona.age_group, persona.country]


def test_names_and_pictures_belong_to_one_identity_each(organization, audience):
    generate(organization, method="reference")
    identities = Identity.objects.filter(organization=organization)
    assert len({identity.name for identity in identities}) == len(identities) > 5
    assert all(identity.picture.size > 1000 for identity in identities)


def test_a_persona_is_the_same_person_at_every_size(organization, audience):
    generation = generate(organization, sizes=(5, 6))
    five, six = ({p.identity_id for p in s.personas.all()} for s in generation.sets.all())
    assert five < six


def test_next_generation_of_the_same_audience_keeps_the_people(organization, audience):
    before = generate(organization).sets.get(size=5).personas.values_list("identity", flat=True)
    after = generate(organization).sets.get(size=5).personas.values_list("identity", flat=True)
    assert list(before) == list(after)


def test_pinned_name_and_picture_survive_the_next_generation(organization, audience):
    generate(organization)
    identity = Identity.objects.first()
    identity.name, identity.name_pinned, identity.picture_pinned = "Pinned Name", True, True
    identity.picture.save("own.png", ContentFile(b"own picture"))
    generate(organization)
    identity.refresh_from_db()
    assert (identity.name, identity.picture.read()) == ("Pinned Name", b"own picture")
    assert Persona.objects.filter(identity=identity, persona_set__generation=Generation.objects.first()).exists()


def test_same_seed_gives_the_same_personas_in_another_organization(organization, audience, stranger):
    other = stranger.organizations.get()
    make_interactions(make_contents(other, 30), make_groups())
    tables = [
        list(generate(o).sets.get(size=5).personas.values_list("gender", "age_group", "country", "share"))
        for o in (organization, other)
    ]
    assert tables[0] == tables[1]


def test_audience_without_gender_makes_personas_that_do_not_mention_it(organization):
    contents = make_contents(organization, 30)
    make_interactions(contents, make_groups(genders=("",)))
    generation = generate(organization)
    assert generation.absent_dimensions == ["gender"]
    persona = generation.sets.first().personas.first()
    assert persona.gender == ""
    assert "Gender" in [missing["attribute"] for missing in persona.unavailable]


def test_audience_without_country_makes_personas(organization):
    ages = [g.age_group for g in make_groups(countries=("",))]
    assert len(set(ages)) == 7
    make_interactions(make_contents(organization, 30), make_groups(countries=("",)))
    generation = generate(organization, sizes=(5,))
    assert (generation.state, generation.absent_dimensions) == ("done", ["country"])


def test_small_groups_join_no_persona_and_their_mass_is_told(organization, audience):
    contents, _ = audience
    lone = DemographicGroup.objects.create(gender="female", age_group="65+", country="LI")
    columns = PackedInteractions.objects.filter(content=contents[0])
    column = columns.get()
    columns.update(
        group_ids=bytes(column.group_ids) + lone.pk.to_bytes(4, "little"),
        counts=bytes(column.counts) + b"\x00\x00\x00\x00\x00\x00\x08@",
        total=column.total + 3,
    )
    generation = generate(organization)
    assert (generation.small_groups, generation.small_total) == (1, 3)
    assert ["female", "65+", "LI"] not in generation.audience.groups


def test_too_few_contents_fail_with_words_for_the_user(organization):
    make_interactions(make_contents(organization, 8), make_groups())
    generation = generate(organization)
    assert generation.state == "failed"
    assert "Contents with interactions: 8" in generation.error


def test_no_interactions_at_all_fail_with_what_to_do(organization):
    generation = generate(organization)
    assert (generation.state, "Upload a CSV" in generation.error) == ("failed", True)


def test_more_personas_than_the_data_can_give_fail_with_words(organization):
    make_interactions(make_contents(organization, 25), make_groups(countries=("US",)))
    generation = generate(organization, sizes=(30,))
    assert generation.state == "failed"
    assert "30" in generation.error


def test_sizes_that_nobody_chose_go_as_far_as_the_data(organization):
    make_interactions(make_contents(organization, 30), make_groups(countries=("",)))
    generation = generate(organization, sizes=None)
    assert (generation.state, generation.error) == ("done", "")
    assert generation.sizes == [s.size for s in generation.sets.all()] == list(range(5, generation.sizes[-1] + 1))
    assert generation.sizes[-1] <= 14


def test_second_generation_at_a_time_is_refused(organization, audience):
    new_generation(organization=organization)
    with pytest.raises(GenerationError, match="already waiting or running"):
        new_generation(organization=organization)


def test_fault_of_ours_leaves_the_old_personas_and_no_pictures(organization, audience, monkeypatch, settings):
    old = generate(organization)
    files = sorted(settings.MEDIA_ROOT.rglob("*.png"))
    Identity.objects.update(gender="")  # nobody is known again, so that new pictures are drawn
    monkeypatch.setattr("personas.storing._store_set", _break)
    generation = generate(organization)
    assert generation.state == "errored"
    assert Generation.objects.complete().first() == old
    assert sorted(settings.MEDIA_ROOT.rglob("*.png")) == files


def test_cancelled_generation_stores_nothing(organization, audience, monkeypatch):
    generation = new_generation(organization=organization)
    face = Enricher.face

    def cancel_then_draw(*args):
        Generation.objects.update(cancel_requested=True)
        return face(*args)

    monkeypatch.setattr(Enricher, "face", cancel_then_draw)
    carry_out(generation)
    assert generation.state == "cancelled"
    assert not Identity.objects.exists()


def test_a_wish_to_cancel_that_comes_last_leaves_nothing_stored(organization, audience, settings):
    generation = new_generation(organization=organization, sizes=(5,))

    def cancel_at_the_last_moment(stage, done, total):
        if stage == "store":
            Generation.objects.update(cancel_requested=True)

    carry_out(generation, cancel_at_the_last_moment)
    assert generation.state == "cancelled"
    assert not Identity.objects.exists()
    assert not generation.sets.exists()
    assert not list(settings.MEDIA_ROOT.rglob("*.png"))


def test_a_generation_that_another_closed_while_it_stored_leaves_nothing(organization, audience, monkeypatch, settings):
    def close_then_store(*args):
        Generation.objects.update(state="errored", error="swept")
        return store(*args)

    store = storing.store
    monkeypatch.setattr(storing, "store", close_then_store)
    generate(organization)
    assert not Identity.objects.exists()
    assert not PersonaSet.objects.exists()
    assert not list(settings.MEDIA_ROOT.rglob("*.png"))


def test_a_wish_to_cancel_that_comes_while_it_stores_comes_too_late(organization, audience, monkeypatch):
    def cancel_and_store(*args):
        Generation.objects.update(cancel_requested=True)
        return store(*args)

    store = storing.store
    monkeypatch.setattr(storing, "store", cancel_and_store)
    generation = generate(organization)
    assert (generation.state, generation.sets.count()) == ("done", 2)


def test_the_seconds_of_every_step_are_kept(organization, audience):
    seconds = generate(organization).seconds
    assert {"read", "factorise", "enrich", "store"} <= seconds.keys()
    assert all(spent >= 0 for spent in seconds.values())


def test_regions_merge_their_countries(organization):
    make_interactions(make_contents(organization, 30), make_groups(countries=("DE", "FR", "IN", "PK")))
    generation = generate(organization, unit="region")
    assert {country for _, _, country in generation.audience.groups} == {"western-europe", "southern-asia"}


def _break(*args):
    raise RuntimeError("broken on purpose")
