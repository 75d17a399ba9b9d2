"""What a merged persona tells, what it keeps of the two, and that all of it comes back when they are parted."""

import pytest
from django.urls import reverse

from enrichment.hiding import hide_quote
from enrichment.models import HiddenQuote
from personas.curating import describe_identity, pin, rename_identity
from personas.exporting import as_data
from personas.generation import new_generation
from personas.merging import merge_identities, unmerge_identity
from personas.models import Identity, IdentityChange, Persona
from personas.noting import write_note
from personas.topics import curate_topics
from sources.attributing import store_attributes
from sources.connectors.records import AttributeRow
from sources.models import Comment, DataSource, Loyalty
from tests import builders
from tests.comments import BLAME, PRAISE, make_comments
from tests.running import run


@pytest.fixture
def pair(organization) -> list[Identity]:
    """Two of five personas whose contents are praised and blamed, and whose ages have jobs."""
    contents = builders.make_contents(organization, 40)
    builders.make_interactions(contents, builders.make_groups())
    make_comments(contents, [(PRAISE if n % 4 < 2 else BLAME).format(n) for n in range(400)])
    rows = [AttributeRow("", age, "", "job", f"Job at {age}", 0.5, "Survey") for age in builders.AGES]
    store_attributes(DataSource.objects.get(), rows)
    run(new_generation(organization=organization, sizes=[5]))
    return [one.identity for one in Persona.objects.order_by("position")[:2]]


def merged(pair) -> Persona:
    merge_identities(kept=pair[0], merged=pair[1])
    return Persona.objects.get(combined=True)


def parts() -> list[Persona]:
    return list(Persona.every.exclude(part_of=None))


def lacking(persona) -> set[str]:
    return {one["attribute"] for one in persona.unavailable}


def weighted(values) -> float:
    both = parts()
    return sum(part.share * value for part, value in zip(both, values, strict=True)) / sum(one.share for one in both)


def test_sentiment_lies_between_those_of_the_parts_by_their_shares(pair):
    one = merged(pair)
    mean = weighted([part.sentiment["positive"] for part in parts()])
    assert one.sentiment["positive"] == pytest.approx(mean, abs=0.02)
    assert one.sentiment["audience"] == parts()[0].sentiment["audience"]
    assert one.sentiment["scored"] == one.sentiment["total"] == 400
    assert "Sentiment" not in lacking(one)


def test_loyalty_is_the_mean_of_the_parts_by_their_shares(pair):
    one = merged(pair)
    assert one.loyalty["kind"] == "over_indexed"
    assert one.loyalty["share"] == pytest.approx(weighted([part.loyalty["share"] for part in parts()]))
    assert (one.loyalty["contents"], one.loyalty["usual"]) == (None, parts()[0].loyalty["usual"])


def test_loyalty_that_a_platform_counts_is_that_of_both_together(organization, pair):
    Loyalty.objects.bulk_create(
        Loyalty(source=one.source, content=one, kind="subscribed", loyal=10 * (number % 4), total=100)
        for number, one in enumerate(organization.sources.get().contents.order_by("pk"))
    )
    again = run(new_generation(organization=organization, sizes=[5]))
    pair = [one.identity for one in Persona.objects.filter(persona_set__generation=again)[:2]]
    merge_identities(kept=pair[0], merged=pair[1])
    one = Persona.objects.get(combined=True, persona_set__generation=again)
    shares = {part.share: part.loyalty for part in Persona.every.filter(part_of=one)}
    mean = sum(share * told["share"] for share, told in shares.items()) / sum(shares)
    assert one.loyalty["kind"] == "subscribed"
    assert one.loyalty["share"] == pytest.approx(mean)


def test_the_job_is_that_of_the_groups_of_both(pair):
    one = merged(pair)
    assert [told["value"] for told in one.attributes] == [f"Job at {one.age_group}"]
    assert "Job" not in lacking(one)
    assert {"Education", "Relationship"} <= lacking(one)


def test_a_merged_persona_of_later_generations_tells_them_too(organization, pair):
    merge_identities(kept=pair[0], merged=pair[1])
    later = run(new_generation(organization=organization, sizes=[5]))
    one = Persona.objects.get(persona_set__generation=later, combined=True)
    assert all((one.sentiment, one.loyalty, one.attributes))


def test_notes_of_both_are_shown_and_part_again(organization, owner, owner_client, pair):
    write_note(identity=pair[0], kind="goals", text="Wants the news at six", author=owner)
    write_note(identity=pair[1], kind="goals", text="Wants no news at all", author=owner)
    one = merged(pair)
    address = reverse("persona", args=[organization.slug, one.pk])
    shown = owner_client.get(address).content.decode()
    assert "Wants the news at six" in shown
    assert "Wants no news at all" in shown
    assert f"of {pair[1].name}, who was merged" in shown
    told = as_data(one.persona_set.generation)["sets"][0]["personas"]
    assert {note["text"] for persona in told for note in persona["notes"]} == {
        "Wants the news at six",
        "Wants no news at all",
    }
    unmerge_identity(identity=pair[1])
    for identity, text in zip(pair, ["Wants the news at six", "Wants no news at all"], strict=True):
        assert [note.text for note in Identity.objects.get(pk=identity.pk).all_notes] == [text]


def test_names_pins_descriptions_and_pictures_of_both_come_back(pair):
    rename_identity(identity=pair[0], name="Nora Lindqvist")
    rename_identity(identity=pair[1], name="Ida Sandberg")
    describe_identity(identity=pair[1], text="Ida Sandberg reads at night.")
    pin(identity=pair[1], picture=True)
    fields = ("name", "name_pinned", "picture", "picture_pinned", "picture_origin", "description", "description_pinned")
    before = list(Identity.objects.order_by("pk").values_list(*fields))
    told = list(Persona.objects.order_by("pk").values_list("pk", "description"))
    assert merged(pair).identity.name == "Nora Lindqvist"
    unmerge_identity(identity=pair[1])
    assert list(Identity.objects.order_by("pk").values_list(*fields)) == before
    assert list(Persona.objects.order_by("pk").values_list("pk", "description")) == told
    assert all(Identity.objects.get(pk=one.pk).picture.storage.exists(one.picture.name) for one in pair)


def test_a_hidden_quote_stays_hidden_while_merged_and_after(organization, owner, owner_client, pair):
    quote = Persona.objects.get(identity=pair[1]).quotes[0]
    comment = Comment.objects.get(pk=quote["comment"])
    hide_quote(comment=comment, by=owner)
    one = merged(pair)
    address = reverse("persona", args=[organization.slug, one.pk])
    assert comment.text not in owner_client.get(address).content.decode()
    unmerge_identity(identity=pair[1])
    own = reverse("persona", args=[organization.slug, Persona.objects.get(identity=pair[1]).pk])
    assert comment.text not in owner_client.get(own).content.decode()
    assert HiddenQuote.objects.count() == 1


def test_a_topic_renamed_while_merged_is_renamed_for_both_after(organization, pair):
    label = merged(pair).topics[0]["label"]
    curate_topics(organization=organization, labels=[label], action="rename", target="Renamed")
    unmerge_identity(identity=pair[1])
    labels = {topic["label"] for one in Persona.every.filter(identity__in=pair) for topic in one.topics}
    assert "Renamed" in labels
    assert label not in labels


def test_the_history_of_both_is_read_together_and_parts_again(organization, owner_client, pair):
    rename_identity(identity=pair[1], name="Ida Sandberg")
    merged(pair)
    shown = owner_client.get(reverse("identity_history", args=[organization.slug, pair[0].pk])).content.decode()
    assert "to Ida Sandberg" in shown
    assert "(of Ida Sandberg, merged into this persona)" in shown
    unmerge_identity(identity=pair[1])
    verbs = {one.pk: [change.verb for change in IdentityChange.objects.of(one)] for one in pair}
    assert verbs == {pair[0].pk: ["merge", "merge"], pair[1].pk: ["rename"]}
