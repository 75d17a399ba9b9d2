"""The topics of an organization's personas: which there are, renamed, merged, and hidden for ever."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet

from enrichment.measures.distinguishing import TOPICAL
from enrichment.measures.labels import normalise, tidy
from enrichment.measures.topic_rules import TopicRules
from enrichment.models import TopicRule
from enrichment.topic_rules import refuse_target, rules_of, write_rules
from personas.models import Persona
from personas.redescribing import describe_anew
from sources.errors import DataError
from sources.models import Organization

BATCH = 500
Action = TopicRule.Action


@dataclass
class TopicUse:
    """A label with the personas and the sets that have it."""

    label: str
    personas: set[int] = field(default_factory=set)
    sets: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class TopicPlan:
    """What a wish would touch: how many personas in how many sets, by label, and what is written instead."""

    labels: list[str]
    action: str
    target: str
    uses: list[TopicUse]

    @property
    def personas(self) -> int:
        return len(set().union(*(use.personas for use in self.uses)))

    @property
    def sets(self) -> int:
        return len(set().union(*(use.sets for use in self.uses)))


def current_topics(organization: Organization) -> list[TopicUse]:
    """Return the topics of all shown personas, and those that set them apart, the most frequent first."""
    found: dict[str, TopicUse] = {}
    rows = Persona.objects.of(organization).order_by("pk").values_list("pk", "persona_set", "topics", "apart")
    for pk, persona_set, topics, apart in rows.iterator(chunk_size=2000):
        for label in labels_of(topics, apart):
            use = found.setdefault(normalise(label), TopicUse(label))
            use.personas.add(pk)
            use.sets.add(persona_set)
    return sorted(found.values(), key=lambda use: (-len(use.personas), use.label.casefold()))


def preview_topics(*, organization: Organization, labels: Iterable[str], action: str, target: str = "") -> TopicPlan:
    """Return what the wish would touch; DataError when it cannot be."""
    labels = list({normalise(label): tidy(label) for label in labels if normalise(label)}.values())
    if not labels:
        raise DataError("Choose the topics first.")
    if action not in Action.values:
        raise DataError("Choose what is to become of the topics.")
    target = "" if action == Action.HIDE else refuse_target(target)
    if action == Action.RENAME and len(labels) > 1:
        raise DataError("One topic is renamed at a time. To make one of several, merge them.")
    _refuse_same(labels, action, target)
    # A label that is merged into itself is where the others go.
    labels = [label for label in labels if action != Action.MERGE or normalise(label) != normalise(target)]
    keys = {normalise(label) for label in labels}
    uses = [use for use in current_topics(organization) if normalise(use.label) in keys]
    return TopicPlan(labels, action, target, uses)


@transaction.atomic
def curate_topics(
    *, organization: Organization, labels: Iterable[str], action: str, target: str = "", by=None
) -> TopicPlan:
    """Rename one topic, merge several into one, or hide them, on every stored persona and in every later generation.

    Where a persona has several that become one, the stored persona shows the largest share among them, which is the
    least that they have together, and the next generation counts it exactly. Descriptions that name a touched topic
    are told anew. Taking a rule away gives the label back with the next generation: what is stored stays as it is.
    Raises DataError when the wish cannot be.
    """
    locked_rules(organization)
    plan = preview_topics(organization=organization, labels=labels, action=action, target=target)
    write_rules(organization=organization, labels=plan.labels, action=action, target=plan.target, by=by)
    apply_rules(Persona.every.filter(identity__organization=organization), rules_of(organization))
    return plan


def locked_rules(organization: Organization) -> TopicRules:
    """Return the rules, which stay as they are until the transaction ends."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    return rules_of(organization)


def apply_rules(personas: QuerySet, rules: TopicRules) -> int:
    """Write the topics of stored personas, and those that set them apart, as the rules would have them.

    Returns how many personas this touched.
    """
    touched, told = [], []
    rows = personas.select_related("identity").defer("group_rows", "group_shares").order_by("pk")
    for persona in rows.iterator(chunk_size=BATCH):
        topics, apart = ruled(persona.topics, rules), ruled_apart(persona.apart, rules)
        if (topics, apart) == (persona.topics, persona.apart):
            continue
        gone = set(labels_of(persona.topics, persona.apart)) - set(labels_of(topics, apart))
        persona.topics, persona.apart = topics, apart
        touched.append(persona)
        if any(label.casefold() in persona.description.casefold() for label in gone):
            told.append(persona)
    describe_anew(told)
    Persona.every.bulk_update(touched, ["topics", "apart", "description"], batch_size=BATCH)
    return len(touched)


def labels_of(topics: Sequence[dict], apart: Sequence[dict]) -> list[str]:
    """Return the labels of the topics and of the topics among what sets apart."""
    return [one["label"] for one in [*topics, *(one for one in apart if one["kind"] in TOPICAL)]]


def ruled(topics: Sequence[dict], rules: TopicRules) -> list[dict]:
    """Return the topics as the rules would have them, in their order; of those that become one, the largest share.

    Its lift is over the largest share of the audience among them.
    """
    found: dict[str, list[dict]] = defaultdict(list)
    for topic in topics:
        label = rules.label(topic["label"])
        if label:
            found[normalise(label)].append(topic | {"label": label})
    return [same[0] if len(same) == 1 else _as_one(same) for same in found.values()]


def ruled_apart(apart: Sequence[dict], rules: TopicRules) -> list[dict]:
    """Return what sets apart as the rules would have it; of topics that become one, the first, which tells most."""
    found: dict[tuple[str, str], dict] = {}
    for one in apart:
        if one["kind"] not in TOPICAL:
            found[one["kind"], one["value"]] = one
        elif label := rules.label(one["label"]):
            found.setdefault(("topic", normalise(label)), one | {"value": label, "label": label})
    return list(found.values())


def _as_one(same: list[dict]) -> dict:
    share = max(topic["share"] for topic in same)
    usual = max(topic["share"] / topic["lift"] if topic["lift"] else 0.0 for topic in same)
    return same[0] | {"share": share, "lift": share / usual if usual else 0.0}


def _refuse_same(labels: list[str], action: str, target: str) -> None:
    others = [label for label in labels if normalise(label) != normalise(target)]
    if action == Action.MERGE and not others:
        raise DataError(f"{target} is that topic already. Choose another one to merge it into.")
    if action == Action.RENAME and labels == [target]:
        raise DataError(f"{target} is what it is called already.")
