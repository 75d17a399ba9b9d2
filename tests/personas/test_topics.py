"""Topics that an organization curates: on every stored persona at once, and in every generation to come."""

import pytest
from django.contrib.auth.models import Permission

from enrichment.models import TopicRule
from enrichment.topic_rules import rules_of
from personas.generation import new_generation
from personas.models import Persona
from personas.redescribing import describe_anew
from personas.topics import curate_topics, current_topics, preview_topics, ruled
from sources.attributing import store_attributes
from sources.carrying import carry_out
from sources.connectors.records import AttributeRow
from sources.errors import DataError
from tests import builders
from tests.running import run
from tests.staff import staff

PAGE = "/admin/enrichment/topicrule/topics/"


@pytest.fixture
def made(organization):
    builders.make_persona_sets(organization, sizes=(5, 6))
    return organization


def labels(organization) -> set[str]:
    return {topic["label"] for one in Persona.objects.of(organization) for topic in one.topics}


def test_the_topics_are_listed_with_their_use(made):
    assert [(one.label, len(one.personas), len(one.sets)) for one in current_topics(made)] == [
        ("Science", 11, 2),
        ("Sport", 11, 2),
    ]


def test_the_look_ahead_says_what_would_be_touched_and_touches_nothing(made):
    plan = preview_topics(organization=made, labels=["Sport"], action="hide")
    assert (plan.personas, plan.sets) == (11, 2)
    assert labels(made) == {"Science", "Sport"}


def test_a_topic_is_renamed_at_once(made, owner):
    curate_topics(organization=made, labels=["Sport"], action="rename", target="Sports and games", by=owner)
    assert labels(made) == {"Science", "Sports and games"}
    assert TopicRule.objects.get().created_by == owner


def test_a_topic_is_hidden_at_once_and_no_description_names_it(made):
    curate_topics(organization=made, labels=["Science"], action="hide")
    assert labels(made) == {"Sport"}
    assert not Persona.objects.filter(description__icontains="science").exclude(description__contains="Title").exists()


def test_topics_that_become_one_show_the_largest_share(made):
    curate_topics(organization=made, labels=["Science", "Sport"], action="merge", target="Science")
    topics = Persona.objects.first().topics
    assert [topic["label"] for topic in topics] == ["Science"]
    assert topics[0]["share"] == 0.4
    assert TopicRule.objects.get().key == "sport"


def test_other_organizations_keep_their_topics(made, stranger):
    other = stranger.organizations.get()
    builders.make_persona_sets(other, sizes=(5,))
    curate_topics(organization=made, labels=["Sport"], action="hide")
    assert "Sport" in labels(other)


def test_the_last_word_counts(made):
    curate_topics(organization=made, labels=["Sport"], action="rename", target="Games")
    curate_topics(organization=made, labels=["Games"], action="rename", target="Sport")
    assert labels(made) == {"Science", "Sport"}
    assert rules_of(made).label("Games") == "Sport"
    assert rules_of(made).label("Sport") == "Sport"


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"labels": [], "action": "hide"}, "Choose the topics"),
        ({"labels": ["Sport"], "action": "burn"}, "what is to become"),
        ({"labels": ["Sport"], "action": "rename", "target": " 1 "}, "one with letters"),
        ({"labels": ["Sport"], "action": "rename", "target": "x" * 61}, "longer than 60"),
        ({"labels": ["Sport", "Science"], "action": "rename", "target": "All"}, "one topic|One topic"),
        ({"labels": ["Sport"], "action": "merge", "target": "sport"}, "already"),
        ({"labels": ["Sport"], "action": "rename", "target": "Sport"}, "already"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_in_words(made, wish, words):
    with pytest.raises(DataError, match=words):
        curate_topics(organization=made, **wish)
    assert not TopicRule.objects.exists()


def test_rules_hold_through_two_generations_with_other_data_and_go_with_the_rule(organization):
    contents, groups = builders.make_contents(organization, 30), builders.make_groups()
    for number, period in enumerate(("2026-08", "2026-09", "2026-10", "2026-11")):
        builders.make_interactions(contents, groups, seed=number, period=period)
    first = run(new_generation(organization=organization, sizes=[5], period="2026-08"))
    assert {"Science", "Sport"} <= labels(organization)
    curate_topics(organization=organization, labels=["Sport"], action="hide")
    curate_topics(organization=organization, labels=["Science"], action="rename", target="Knowledge")
    for period in ("2026-09", "2026-10"):
        run(new_generation(organization=organization, sizes=[5], period=period))
    assert first.state == "done"
    assert "Knowledge" in labels(organization)
    assert not {"Science", "Sport"} & labels(organization)
    TopicRule.objects.all().delete()
    later = run(new_generation(organization=organization, sizes=[5], period="2026-11"))
    assert {"Science", "Sport"} <= {topic["label"] for one in later.sets.get().personas.all() for topic in one.topics}


def test_a_rule_made_while_a_generation_runs_holds_for_it(organization):
    builders.make_interactions(builders.make_contents(organization, 30), builders.make_groups())
    run(new_generation(organization=organization, sizes=[5]))
    again = new_generation(organization=organization, sizes=[5])

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage == "store" and not TopicRule.objects.exists():
            curate_topics(organization=organization, labels=["Sport"], action="hide")

    carry_out(again, meanwhile)
    assert again.state == "done"
    assert "Sport" not in labels(organization)


def test_what_is_told_anew_is_what_a_generation_tells(organization):
    contents = builders.make_contents(organization, 30)
    builders.make_interactions(contents, builders.make_groups())
    store_attributes(contents[0].source, [AttributeRow("", "", "", "job", "Nurse", 0.4, "Survey")])
    run(new_generation(organization=organization, sizes=[5]))
    people = list(Persona.objects.select_related("identity"))
    before = [one.description for one in people]
    describe_anew(people)
    assert [one.description for one in people] == before
    assert all("Nurse" in description for description in before)


def test_hiding_one_topic_keeps_the_sentences_on_the_rest_and_on_estimates(made):
    country = {"kind": "country", "value": "MX", "label": "Mexico", "share": 0.4, "rest": 0.1, "times": 4.0}
    Persona.objects.update(apart=[country], attributes=[{"attribute": "job", "value": "Nurse"}])
    curate_topics(organization=made, labels=["Science"], action="hide")
    told = Persona.objects.first()
    assert {"Mexico" in told.description, "Nurse" in told.description} == {True}
    assert told.apart == [country]


@pytest.fixture
def set_apart(made):
    """Personas that a topic and a category set apart which are not among their topics."""
    numbers = {"share": 0.4, "rest": 0.1, "times": 4.0}
    pairs = (("topic", "Badword"), ("category", "Worse"))
    apart = [{"kind": kind, "value": label, "label": label, **numbers} for kind, label in pairs]
    Persona.objects.update(apart=apart, description="Badword makes up 40.0% here.")
    return made


def test_a_hidden_topic_sets_nobody_apart_and_no_description_names_it(set_apart):
    assert ("Badword", 11) in [(one.label, len(one.personas)) for one in current_topics(set_apart)]
    curate_topics(organization=set_apart, labels=["Badword"], action="hide")
    told = Persona.objects.first()
    assert [one["label"] for one in told.apart] == ["Worse"]
    assert "Badword" not in told.description


def test_a_renamed_topic_sets_apart_by_its_new_name(set_apart):
    curate_topics(organization=set_apart, labels=["Worse"], action="rename", target="Better")
    assert [(one["value"], one["label"]) for one in Persona.objects.first().apart][1] == ("Better", "Better")


def test_topics_that_become_one_set_apart_once_beside_what_is_no_topic(set_apart):
    woman = {"kind": "gender", "value": "female", "label": "Worse", "share": 0.4, "rest": 0.1, "times": 4.0}
    Persona.objects.update(apart=[*Persona.objects.first().apart, woman])
    curate_topics(organization=set_apart, labels=["Badword", "Worse"], action="merge", target="Words")
    found = [(one["kind"], one["label"]) for one in Persona.objects.first().apart]
    assert found == [("topic", "Words"), ("gender", "Worse")]


def test_a_topic_without_a_rule_stays_as_it_is(made):
    topics = [{"label": "Sport", "share": 0.2, "lift": 1.3, "more": 1}]
    assert ruled(topics, rules_of(made)) == topics


def test_topics_are_seen_looked_ahead_and_hidden_in_the_admin(chief, made):
    page = chief.get(PAGE, {"organization": "acme"}).content.decode()
    assert "Science" in page
    wish = {"organization": "acme", "label": ["Sport"], "wish": "hide", "target": ""}
    assert "11 personas in 2 sets would be touched" in chief.post(PAGE, wish).content.decode()
    assert "Sport" in labels(made)
    assert "11 personas touched" in chief.post(PAGE, wish | {"apply": "1"}, follow=True).content.decode()
    assert "Sport" not in labels(made)


def test_a_refused_wish_says_why_in_the_admin(chief, made):
    page = chief.post(PAGE, {"organization": "acme", "wish": "hide"}, follow=True).content.decode()
    assert "Choose the topics first" in page


def test_taking_a_rule_away_says_what_that_does(chief, made):
    curate_topics(organization=made, labels=["Sport"], action="hide")
    rule = TopicRule.objects.get()
    page = chief.post(f"/admin/enrichment/topicrule/{rule.pk}/delete/", {"post": "yes"}, follow=True).content.decode()
    assert "comes back with the next generation" in page
    assert not TopicRule.objects.exists()


def test_staff_curate_the_topics_of_the_organizations_they_administer(owner, stranger, made):
    wish = {"organization": "acme", "label": ["Sport"], "wish": "hide", "apply": "1"}
    staff(stranger).post(PAGE, wish)
    assert "Sport" in labels(made)
    assert "Science" not in staff(stranger).get(PAGE, {"organization": "acme"}).content.decode()
    staff(owner).post(PAGE, wish)
    assert "Sport" not in labels(made)
    assert "Sport" not in staff(stranger).get("/admin/enrichment/topicrule/").content.decode()


def test_viewers_and_those_without_the_permission_curate_nothing(owner, colleague, made):
    wish = {"organization": "acme", "label": ["Sport"], "wish": "hide", "apply": "1"}
    staff(colleague).post(PAGE, wish)
    client = staff(owner)
    owner.user_permissions.set(Permission.objects.filter(codename="view_topicrule"))
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE, wish).status_code == 403
    assert "Sport" in labels(made)
