"""The platforms that an organization can connect: one entry each, and a connector for a source of theirs."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

import requests
from django.conf import settings

from sources.collecting.keeping import keep_file, kept_files
from sources.connecting.options import MONTHS, Choice, Option, Percent, Whole
from sources.connecting.seeding import joint_beside
from sources.connecting.sessions import http_for
from sources.connectors.google import oauth as google_oauth
from sources.connectors.google_analytics import web_property as google_analytics
from sources.connectors.google_analytics.reports import MOST_ROWS
from sources.connectors.harvests import Account, Connector
from sources.connectors.http import Http
from sources.connectors.meta import ads as facebook_ads
from sources.connectors.meta import facebook, instagram
from sources.connectors.youtube import channel as youtube
from sources.connectors.youtube.reporting import ensure_jobs
from sources.errors import DataError
from sources.models import Connection, DataSource

Kind = DataSource.Kind
Provider = Connection.Provider


@dataclass(frozen=True)
class Platform:
    """What a kind of source is connected with.

    scopes: what is asked for, each with what it lets us do, in words. accounts: what there is to choose from.
    connector: called with http, addresses, account and, by name, those options of a source that are for it.
    options: what can be chosen of how a source is collected; the form for it is made of them.
    settings_given: options that come from settings, and which. is_raked: whether it takes a joint to estimate from.
    keeps_files: whether it takes verbs to store files with. is_undated: whether counts are sums over a content's life,
    which go on growing when the days of its publication are long over.
    prepare: what is to be done once at the platform as soon as an account is chosen.
    """

    kind: str
    provider: str
    brings: str
    stores: str
    one: str  # what an account is called there
    several: str
    role: str  # what a person must have there for us to read it
    scopes: Mapping[str, str]
    accounts: Callable[[Http, Mapping[str, str]], list[Account]]
    connector: Callable[..., Connector]
    options: tuple[Option, ...] = (MONTHS,)
    settings_given: Mapping[str, str] = field(default_factory=dict)
    is_raked: bool = False
    keeps_files: bool = False
    is_undated: bool = False
    prepare: Callable[[Http, Mapping[str, str], date], object] | None = None

    @property
    def label(self) -> str:
        return Kind(self.kind).label

    @property
    def provider_label(self) -> str:
        return Provider(self.provider).label

    def effective(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """Every option with the value that is used: the stored one, or else the default."""
        return {option.name: stored.get(option.name, option.default) for option in self.options}

    def words_for(self, scopes: list[str]) -> str:
        """What some of the scopes let us do, in one phrase."""
        return ", ".join(f"“{self.scopes[scope]}”" for scope in scopes)


PAGES = {
    "pages_show_list": "see which pages you manage",
    "pages_read_engagement": "read the posts of the pages",
}
PLATFORMS: dict[str, Platform] = {
    platform.kind: platform
    for platform in (
        Platform(
            Kind.YOUTUBE,
            Provider.GOOGLE,
            brings="Views of every video by country, age and gender, the part of subscribers, titles and comments.",
            stores="Titles, descriptions and tags of your videos, counts by group, and comments without their authors.",
            one="channel",
            several="YouTube channels",
            role="the right to manage it",
            scopes={
                google_oauth.YOUTUBE: "see your channel and its videos",
                google_oauth.YOUTUBE_ANALYTICS: "see the YouTube Analytics reports of your channel",
            },
            accounts=youtube.accounts,
            connector=youtube.YouTube,
            options=(
                MONTHS,
                Choice(
                    "metric",
                    "What counts as a view",
                    "Views and engaged views differ for Shorts only, since April 2025.",
                    "views",
                    is_what_counts=True,
                    choices={
                        "views": ("Views", "As YouTube shows them: a Short counts as soon as it begins to play."),
                        "engagedViews": (
                            "Engaged views",
                            "A Short counts once somebody stayed with it, as it did before April 2025.",
                        ),
                    },
                ),
                Percent(
                    "share",
                    "Views told by age and gender",
                    "The largest countries are asked about by age and gender until they have this part of the views. "
                    "Of the rest, age and gender stay unknown.",
                    0.95,
                    least=1.0,
                ),
                Whole(
                    "most_countries",
                    "Most countries told by age and gender",
                    "So many at most, whatever part of the views they have. "
                    "Every country uses up a part of the day's quota.",
                    20,
                    least=1,
                    most=250,
                ),
                Choice(
                    "source_of_counts",
                    "Where the counts come from",
                    "",
                    "analytics",
                    choices={
                        "analytics": ("Reports", "YouTube Analytics is asked, which takes from the day's quota."),
                        "bulk": (
                            "Daily files",
                            "Files of the Reporting API, without a quota, kept on this server. They begin 30 days "
                            "before the channel was connected; a month that they do not cover comes from the reports.",
                        ),
                    },
                ),
            ),
            settings_given={"api_key": "YOUTUBE_API_KEY"},
            keeps_files=True,
            prepare=ensure_jobs,  # the files begin 30 days before their jobs are made
        ),
        Platform(
            Kind.GOOGLE_ANALYTICS,
            Provider.GOOGLE,
            brings="Views of every page of a site by country, age and gender, and the part of returning visitors.",
            stores="Paths and titles of your pages, and counts by group.",
            one="property",
            several="Google Analytics properties",
            role="the role Viewer",
            scopes={google_oauth.ANALYTICS: "see your Google Analytics data"},
            accounts=google_analytics.accounts,
            connector=google_analytics.GoogleAnalytics,
            options=(
                MONTHS,
                Percent(
                    "share",
                    "Views told by group before a page is estimated",
                    "Google keeps back groups that are small. Where less than this part of a page's views of known "
                    "people is told by age, gender and country together, it is estimated from the totals of each.",
                    google_analytics.SHARE,
                    least=0.0,
                ),
                Whole(
                    "limit",
                    "Rows read at a time",
                    "More rows make fewer questions, and more to repeat after a stop.",
                    google_analytics.ROWS,
                    least=1000,
                    most=MOST_ROWS,
                ),
            ),
        ),
        Platform(
            Kind.FACEBOOK,
            Provider.META,
            brings="Views of every video of a page by age, gender and country, the part of followers, and comments.",
            stores="Texts of the page's posts, counts by group, and comments without their authors.",
            one="page",
            several="Facebook pages",
            role="a role that may see its insights",
            scopes={
                **PAGES,
                "pages_read_user_content": "read the comments below the posts",
                "read_insights": "read the figures of the pages",
            },
            accounts=facebook.accounts,
            connector=facebook.Facebook,
            is_raked=True,
            is_undated=True,
        ),
        Platform(
            Kind.FACEBOOK_ADS,
            Provider.META,
            brings="Impressions of every ad by age, gender and country, and estimates of how large groups are.",
            stores="Names of your ads, counts by group, and the estimates.",
            one="ad account",
            several="ad accounts",
            role="access to it",
            scopes={"ads_read": "read the figures of your ads"},
            accounts=facebook_ads.accounts,
            connector=facebook_ads.FacebookAds,
            options=(
                MONTHS,
                Choice(
                    "metric",
                    "What counts as an interaction",
                    "",
                    "impressions",
                    is_what_counts=True,
                    choices={
                        "impressions": ("Impressions", "How often the ad was on a screen."),
                        "clicks": ("Clicks", "How often somebody clicked or tapped on the ad."),
                        "reach": (
                            "Reach",
                            "How many people saw the ad in a month, told of the last year.",
                        ),
                    },
                ),
            ),
        ),
        Platform(
            Kind.INSTAGRAM,
            Provider.META,
            brings="Views of every post, who the account's audience is by age, gender and country, and comments.",
            stores="Texts of the posts, counts by group, and comments without their authors.",
            one="account",
            several="Instagram accounts",
            role="a role that may see insights of the page that it is linked to",
            scopes={
                **PAGES,
                "instagram_basic": "see the Instagram accounts of the pages and their posts",
                "instagram_manage_insights": "read the figures of the Instagram accounts",
            },
            accounts=instagram.accounts,
            connector=instagram.Instagram,
            is_raked=True,
            is_undated=True,
        ),
    )
}


def connector_for(
    source: DataSource,
    *,
    sleep: Callable[[float], None] = time.sleep,
    heard: Callable[[requests.Response], None] = lambda response: None,
) -> Connector:
    """Return the connector of a source, ready to be read.

    A token that turns out to be dead marks the connection. Raises ReconnectNeeded when nothing is connected, and
    DataError when there is no connector for its kind, or no account of this installation with the platform.
    """
    platform = PLATFORMS.get(source.kind)
    if platform is None:
        raise DataError(f"{source.get_kind_display()} cannot be collected from yet.")
    given: dict[str, Any] = {option: getattr(settings, name) for option, name in platform.settings_given.items()}
    if platform.is_raked:
        given["joint"], given["seed"] = joint_beside(source)
    if platform.keeps_files:
        given |= {"keep": partial(keep_file, source), "kept": partial(kept_files, source)}
    for_connector = [option.name for option in platform.options if option.for_connector]
    given |= {name: source.options[name] for name in for_connector if name in source.options}
    http = http_for(source, sleep=sleep, heard=heard)
    return platform.connector(http, settings.PLATFORM_ADDRESSES, source.account, **given)
