"""What people decided about topics, as plain data: another label instead of one, or none at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from enrichment.measures.labels import normalise, plural_of, singular_of


@dataclass(frozen=True)
class TopicRules:
    """`targets` gives for a normalised label the label that is written instead; a blank one hides it.

    A rule holds for the plural and the singular in -s too, since these are one topic.
    """

    targets: Mapping[str, str] = field(default_factory=dict)

    def label(self, label: str) -> str:
        """Return the label that stands for this one after every rule, rule upon rule; blank: it is hidden."""
        used: set[str] = set()
        while (rule := self._rule(normalise(label))) and rule not in used:
            used.add(rule)
            label = self.targets[rule]
        return label

    def _rule(self, key: str) -> str:
        return next((one for one in (key, plural_of(key), singular_of(key)) if one and one in self.targets), "")
