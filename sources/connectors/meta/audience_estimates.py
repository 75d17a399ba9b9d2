"""How many people Meta reaches in a group, and how many of them have which job, education and relationship.

https://developers.facebook.com/docs/marketing-api/reference/ad-account/delivery_estimate
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from sources.connectors.faults import NotSupported
from sources.connectors.harvests import AudienceSizeRow, GroupKey, Harvest
from sources.connectors.http import Http, Json
from sources.connectors.meta.ads_insights import entries
from sources.connectors.meta.ads_pacing import Tier
from sources.connectors.meta.audience_targeting import digest, targeting_spec, unavailable
from sources.connectors.meta.codes import codes
from sources.connectors.records import AttributeRow

FLOOR = 1000  # people; Meta tells no smaller number, so a bound of that is anything up to it
GOOD = ("NORMAL", "NON-DELIVERABLE-IN-EXCLUSION", "UNKNOWN")  # states of an industry that people can still be found by
AT_ONCE = 50  # industries whose state is asked for in one question
LONGEST_VALUE = 120
MOST_UNTOLD = {"job": 0.1}  # the part of the values that may be missing: of a dozen others, one may be most people's
CANNOT_TELL = "Meta cannot tell of"
Question = Literal["delivery_estimate", "reachestimate"]
Kept = Callable[[str, str], Json | None]
Keep = Callable[[str, str, Json], None]


@dataclass(frozen=True)
class Estimate:
    """People a month, as a range; `told` is false when Meta cannot tell, which is not nobody.

    `is_ready` is false when it may tell later; `is_asked` when the value is not known any more, so that nobody has it.
    """

    lower: int = -1
    upper: int = -1
    is_ready: bool = True
    is_asked: bool = True

    @property
    def told(self) -> bool:
        return self.lower >= 0 and self.upper >= 0

    @property
    def censored(self) -> bool:
        """Whether Meta keeps back how few they are."""
        return self.upper <= FLOOR

    @property
    def bounds(self) -> tuple[int, int]:
        """Where the number certainly lies: a lower bound at Meta's floor says nothing."""
        return (0 if self.lower <= FLOOR else self.lower), max(self.lower, self.upper)

    @property
    def middle(self) -> float:
        return sum(self.bounds) / 2


@dataclass(frozen=True)
class Value:
    """One value of an attribute: in words, and as Meta is asked for it; `told` is false for people who tell none."""

    attribute: str
    words: str
    key: int | Mapping[str, str]
    told: bool = True


Found = Sequence[tuple[Value, Estimate]]


class AudienceEstimates:
    """One ad account that may ask Meta about groups, in one month; each question is asked once in a month.

    known(digest, month) gives the answer that was kept of a question, None if none was; keep(digest, month, answer)
    keeps one. `tier` hears every answer of the http.
    """

    def __init__(
        self,
        http: Http,
        addresses: Mapping[str, str],
        account: str,
        *,
        month: str,
        tier: Tier,
        known: Kept = lambda digest, month: None,
        keep: Keep = lambda digest, month, answer: None,
        question: Question = "delivery_estimate",
    ) -> None:
        self.http, self.graph, self.tier = http, addresses["graph"], tier
        self.account = account if account.startswith("act_") else f"act_{account}"
        self.month, self.known, self.keep, self.question = month, known, keep, question
        self.origin = f"Meta's estimate for advertisers, {month}"

    def of(self, group: GroupKey) -> Harvest:
        """Return the size of a group and the shares of its jobs, educations and relationships. Raises PlatformError.

        A share is of those who tell a value. What Meta cannot tell is not there, and the complaints say why; the group
        is settled all the same, so that nothing of an earlier month passes for what is known now. It is not where Meta
        is only not ready to tell.
        """
        who, why_not = ", ".join(part for part in group if part), unavailable(group)
        if why_not:
            return Harvest(complaints=[f"{who or 'everybody'}: {why_not}"])
        whole = self._estimate(targeting_spec(group))
        if not whole.is_ready:
            return Harvest(complaints=[f"{who}: Meta was not ready to tell how many there are. Ask again later."])
        if not whole.told:
            return Harvest(settled=[group], complaints=[f"{who}: Meta cannot tell how many there are."])
        size = AudienceSizeRow(group, *whole.bounds, self.month, self.origin)
        if whole.censored:
            words = f"{who}: at most {FLOOR:,} people, too few to tell what they do."
            return Harvest(sizes=[size], settled=[group], complaints=[words])
        rows, complaints, settled = list[AttributeRow](), list[str](), [group]
        for attribute in ("relationship", "education", "job"):
            found = self._found(group, attribute)
            rows += _shares(found, group, whole.bounds[1], self.origin)
            complaints += [f"{who}, {attribute}: {words}" for words in _remarks(found)]
            settled = settled if all(one.is_ready for _, one in found) else []
        return Harvest(sizes=[size], attributes=rows, settled=settled, complaints=complaints)

    @cached_property
    def industries(self) -> list[Value]:
        """The industries by which people can be found, by name; those that Meta is giving up are left out."""
        listed = self._listed("industries", f"{self.account}/targetingbrowse", {"limit_type": "industries"})
        named = {str(one["id"]): str(one["name"]) for one in listed if one.get("type") == "industries"}
        ids = sorted(named)
        states: dict[str, str] = {}
        for start in range(0, len(ids), AT_ONCE):
            asked = json.dumps(ids[start : start + AT_ONCE])
            params = {"type": "targetingoptionstatus", "targeting_option_list": asked}
            found = self._listed("states", "search", params)
            states |= {str(one["id"]): str(one.get("current_status", "")) for one in found}
        good = [key for key in ids if states.get(key, "NORMAL") in GOOD]
        found_by = [Value("job", named[key][:LONGEST_VALUE], {"id": key, "name": named[key]}) for key in good]
        return sorted(found_by, key=lambda value: value.words)

    def _values(self, attribute: str) -> list[Value]:
        if attribute == "job":
            return self.industries
        return [Value(attribute, code.words, code.code, code.told) for code in codes(attribute).values()]

    def _found(self, group: GroupKey, attribute: str) -> Found:
        """Return how many of a group have each of the values that Meta still knows of an attribute."""
        found = [
            (value, self._estimate(targeting_spec(group, attribute, value.key))) for value in self._values(attribute)
        ]
        return [(value, one) for value, one in found if one.is_asked]

    def _estimate(self, spec: Json) -> Estimate:
        params = {"targeting_spec": spec}
        key = digest(self.question, params)
        kept = self.known(key, self.month)
        if kept is None:
            kept = self._asked(spec)
            if kept is None:
                return Estimate(is_ready=False)
            self.keep(key, self.month, kept)
        return Estimate(int(kept["lower"]), int(kept["upper"]), is_asked=not kept.get("refused"))

    def _asked(self, spec: Json) -> Json | None:
        """Ask Meta; None when it is not ready to tell and may be later."""
        goal = {"optimization_goal": "REACH"} if self.question == "delivery_estimate" else {}
        params = {"targeting_spec": json.dumps(spec), **goal}
        self.tier.wait()
        try:
            data = self.http.get(f"{self.graph}/{self.account}/{self.question}", params).get("data")
        except NotSupported:  # this value is not known any more
            return {"lower": -1, "upper": -1, "refused": True}
        told: Mapping[str, Any] = (data[0] if data else {}) if isinstance(data, list) else (data or {})
        if not told.get("estimate_ready"):
            return None
        return {"lower": _bound(told, "lower"), "upper": _bound(told, "upper")}

    def _listed(self, what: str, path: str, params: Mapping[str, str]) -> list[Json]:
        key = digest(what, {"path": path, **params})
        kept = self.known(key, self.month)
        if kept is None:
            self.tier.wait()
            kept = {"data": list(entries(self.http, f"{self.graph}/{path}", params))}
            self.keep(key, self.month, kept)
        return list(kept["data"])


def _bound(told: Mapping[str, Any], side: str) -> int:
    for name in (f"users_{side}_bound", f"estimate_mau_{side}_bound"):
        if told.get(name) is not None:
            return int(told[name])
    return -1


def _shares(found: Found, group: GroupKey, people: int, origin: str) -> list[AttributeRow]:
    """Return the rows of one attribute; none when too many values are missing. people: the most that a group can have.

    What is left of it would pass for the whole.
    """
    if _lacks_too_many(found):
        return []
    telling = _telling(found, people)
    return [
        AttributeRow(*group, value.attribute, value.words, one.middle / telling, origin)
        for value, one in found
        if value.told and one.told and not one.censored
    ]


def _untold(found: Found) -> int:
    return sum(not one.told for _, one in found)


def _lacks_too_many(found: Found) -> bool:
    attributes = {value.attribute for value, _ in found}
    return any(_untold(found) > MOST_UNTOLD.get(attribute, 0.0) * len(found) for attribute in attributes)


def _telling(found: Found, people: int) -> float:
    """Return how many people tell a value, in the middle of what is possible.

    The values of which Meta keeps back how few they are have, together, at most the people who are left of the group:
    the middle of each of them alone would add up to people whom there are not.
    """
    told = [(value, one) for value, one in found if one.told]
    known = sum(one.middle for value, one in told if value.told and not one.censored)
    undeclared = sum(one.middle for value, one in told if not value.told)
    few = sum(one.bounds[1] for value, one in told if value.told and one.censored)
    return known + min(few, max(people - known - undeclared, 0.0)) / 2


def _remarks(found: Found) -> list[str]:
    """Say what the shares of an attribute leave open, in a sentence, and what Meta cannot tell in another."""
    silent = sum(one.told for value, one in found if value.told and one.censored)
    untold = _untold(found)
    undeclared = sum(one.middle for value, one in found if one.told and not value.told)
    remarks = [f"about {undeclared:,.0f} people tell none and are not in the shares"] if undeclared else []
    remarks += [f"{silent} of {len(found)} values have at most {FLOOR:,} people"] if silent else []
    sentences = ["; ".join(remarks) + "."] if remarks else []
    if untold:
        none = ", so no shares are told of it" if _lacks_too_many(found) else ""
        sentences.append(f"{CANNOT_TELL} {untold} of {len(found)} values{none}.")
    return sentences
