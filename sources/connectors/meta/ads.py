"""Facebook's and Instagram's ads as content units: who saw or clicked them, by the advertising API.

Meta tells age and gender together, and the country apart from them; the three together it refuses. So the counts of an
ad are raked from the two, except where the ad was shown in one country only: there they are measured.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property

import numpy as np

from sources.connectors.faults import NotSupported, Refused, TooMuch
from sources.connectors.harvests import Account, ContentCounts, Harvest, Known, Shard, Window
from sources.connectors.http import Http, Json
from sources.connectors.meta.ads_columns import Told, estimated, measured, told_of
from sources.connectors.meta.ads_insights import LIST_PAGE, LIVES, Insights, entries
from sources.connectors.meta.codes import codes
from sources.connectors.records import ContentRow

METRICS = ("impressions", "clicks", "reach")
AD_FIELDS = "id,name,created_time,creative{title,body}"
AD_LIVES = json.dumps([life for life in LIVES if life != "DELETED"])  # the deleted are not listed, only counted
SET_FIELDS = "id,targeting{geo_locations}"
SET_LIVES = json.dumps(["ACTIVE", "ARCHIVED", "CAMPAIGN_PAUSED", "IN_PROCESS", "PAUSED", "WITH_ISSUES"])
LONGEST_TITLE = 500
TOLD_OF_REACH = 365  # days back; Meta tells people reached by demographics of 13 months
UNTITLED = "Ad {id}"


def accounts(http: Http, addresses: Mapping[str, str]) -> list[Account]:
    """Return the ad accounts that the person may read, each with its state and its time zone. Raises PlatformError."""
    fields = {"fields": "id,name,account_status,timezone_name"}
    return [_account(told) for told in entries(http, f"{addresses['graph']}/me/adaccounts", fields, LIST_PAGE)]


def _account(told: Json) -> Account:
    status = codes("account_status").get(int(told.get("account_status") or 0))
    zone = told.get("timezone_name")
    parts = [f"Ad account, {status.words if status else 'of unknown state'}", f"days end in {zone}" if zone else ""]
    return Account(str(told["id"]), str(told.get("name") or told["id"]), "; ".join(filter(None, parts)))


class FacebookAds:
    """One ad account; `metric` is what counts as an interaction: impressions, clicks or (people) reach."""

    def __init__(self, http: Http, addresses: Mapping[str, str], account: str, *, metric: str = "impressions") -> None:
        if metric not in METRICS:
            raise ValueError(f"Unknown metric of ads {metric!r}: use one of {', '.join(METRICS)}.")
        self.http, self.graph = http, addresses["graph"]
        self.account = account if account.startswith("act_") else f"act_{account}"
        self.metric = metric

    def shards(self, window: Window, known: Known) -> Iterator[Shard]:
        """Yield the ads in one shard, then one shard for each month: a question each for people and countries."""
        yield Shard("contents", "contents", 1, 1, self._contents)
        months = window.months()
        for place, month in enumerate(months, 1):
            key = f"interactions {self.metric} {month.period}"
            is_old = (window.last - month.last).days > TOLD_OF_REACH
            yield Shard("interactions", key, place, len(months), self._reader(month, known, is_old))

    def _contents(self) -> Harvest:
        params = {"fields": AD_FIELDS, "effective_status": AD_LIVES}
        ads = entries(self.http, f"{self.graph}/{self.account}/ads", params, LIST_PAGE)
        return Harvest(contents=[_content_of(ad) for ad in ads])

    def _reader(self, month: Window, known: Known, is_old: bool) -> Callable[[], Harvest]:
        return lambda: self._interactions(month, known.content_ids(), is_old)

    def _interactions(self, month: Window, stored: Sequence[str], is_old: bool) -> Harvest:
        insights = Insights(self.http, self.graph, self.account, self.metric)
        try:
            people = insights.cells(month, ("age", "gender"))
            places = insights.cells(month, ("country",))
        except (NotSupported, TooMuch) as error:
            words = f"The {self.metric} of ads in {month.period} are not to be had: {error}"
            # A month as old is only read anew when something else counted before: people never stand beside views.
            is_another = is_old and self.metric == "reach" and isinstance(error, NotSupported)
            return Harvest(counts=_nothing(stored, month) if is_another else (), complaints=[words])
        told = {ad: told_of(people.get(ad, {}), places.get(ad, {})) for ad in sorted({*people, *places})}
        columns, complaints = self._columns(told, insights.ad_sets, month.period)
        gone = _nothing([ad for ad in stored if ad not in told], month)
        unlisted = [ContentRow(ad, _cut(insights.names[ad])) for ad in sorted(set(told) - set(stored))]
        return Harvest(contents=unlisted, counts=[*columns, *gone], complaints=complaints)

    def _columns(
        self, told: Mapping[str, Told], ad_sets: Mapping[str, str], period: str
    ) -> tuple[list[ContentCounts], list[str]]:
        """Return the columns of the ads, the measured ones first, and what went wrong in words."""
        lands = {ad: self._country_of(one, ad_sets.get(ad, "")) for ad, one in told.items()}
        sure = [measured(ad, period, one, lands[ad]) for ad, one in told.items() if lands[ad]]
        several = {ad: one for ad, one in told.items() if not lands[ad]}
        raked, complaints = estimated(several, period, sure)
        return [*sure, *raked], complaints

    def _country_of(self, told: Told, ad_set: str) -> str:
        """Return the one country that saw an ad; "" for several, or where neither counts nor targeting tell.

        The targeting is today's: where the counts of the month name another country, it was another one then.
        """
        if len(told.places) > 1:
            return ""
        (seen,) = told.places or ("",)
        if seen and told.places[seen] >= told.total:
            return seen
        target = self._targets.get(ad_set, "")
        return target if seen in ("", target) else ""

    @cached_property
    def _targets(self) -> dict[str, str]:
        """The country by ad set, for the ad sets that aim at one alone."""
        params = {"fields": SET_FIELDS, "effective_status": SET_LIVES}
        found = entries(self.http, f"{self.graph}/{self.account}/adsets", params, LIST_PAGE)
        try:
            return {str(one["id"]): country for one in found if (country := _only_country(one))}
        except (NotSupported, Refused, TooMuch):  # then the counts by country alone tell who saw an ad
            return {}


def _nothing(ads: Sequence[str], month: Window) -> list[ContentCounts]:
    return [ContentCounts(ad, month.period, (), np.zeros(0)) for ad in ads]


def _only_country(ad_set: Json) -> str:
    """Return the one country that an ad set aims at, "" when it aims at several or at other places too."""
    aimed = (ad_set.get("targeting") or {}).get("geo_locations") or {}
    places = {name: value for name, value in aimed.items() if value and name != "location_types"}
    countries = places.pop("countries", [])
    return str(countries[0]) if len(countries) == 1 and not places else ""


def _content_of(ad: Json) -> ContentRow:
    creative = ad.get("creative") or {}
    name = str(ad.get("name") or creative.get("title") or UNTITLED.format(id=ad["id"]))
    text = "\n".join(str(creative[part]) for part in ("title", "body") if creative.get(part))
    made = ad.get("created_time")
    return ContentRow(
        str(ad["id"]),
        _cut(name),
        description=text,
        published_at=datetime.strptime(made, "%Y-%m-%dT%H:%M:%S%z") if made else None,
    )


def _cut(name: str) -> str:
    return name[:LONGEST_TITLE]
