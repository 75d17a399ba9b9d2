"""The rules of an organization's topics, written down and read as plain data."""

from collections.abc import Iterable

from enrichment.measures.labels import normalise, tidy
from enrichment.measures.topic_rules import TopicRules
from enrichment.models import TopicRule
from sources.errors import DataError
from sources.models import Organization

LONGEST = 60


def rules_of(organization: Organization) -> TopicRules:
    """Return what the organization decided about its topics."""
    rows = TopicRule.objects.filter(organization=organization)
    return TopicRules(dict(rows.values_list("key", "target")))


def refuse_target(target: str) -> str:
    """Return the label as it is shown; DataError when it cannot be one."""
    target = tidy(target)
    if not normalise(target):
        raise DataError("Write the label that is to stand there: one with letters.")
    if len(target) > LONGEST:
        raise DataError(f"This label is longer than {LONGEST} characters.")
    return target


def write_rules(*, organization: Organization, labels: Iterable[str], action: str, target: str, by=None) -> None:
    """Write down one rule for each label in place of those that stand in its way; to be called in a transaction."""
    rules = TopicRule.objects.filter(organization=organization)
    if target:
        rules.filter(key=normalise(target)).delete()
    for label in labels:
        values = {"label": label, "action": action, "target": target, "created_by": by}
        rules.update_or_create(
            key=normalise(label), defaults=values, create_defaults=values | {"organization": organization}
        )
