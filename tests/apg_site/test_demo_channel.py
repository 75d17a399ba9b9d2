import csv
import re
from collections import Counter
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from apg_site.demo import audience
from apg_site.demo.channel import planted_behaviour, write_channel
from apg_site.demo.comments import make_comments
from apg_site.demo.contents import make_contents
from apg_site.demo.tables import read_table

GROUP = ["gender", "age_group", "country"]
SCRIPTS = {"Arabic": r"[\u0621-\u064a]{3}", "Hindi": r"[\u0904-\u0939][\u093e-\u094d]"}
WORDS = {"English": r"\b(?:the|this|and)\b", "Spanish": r"\b(?:que|muy|los)\b", "French": r"\b(?:c'est|pas|les)\b"}
ADDRESS = re.compile(r"[\w.]+@example\.org")
PHONE = re.compile(r"\b555.01\d\d\b")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return write_channel(tmp_path_factory.mktemp("channel"))


@pytest.fixture(scope="module")
def contents(files):
    return pd.read_csv(files.contents, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def interactions(files):
    return pd.read_csv(files.interactions, keep_default_na=False)


@pytest.fixture(scope="module")
def comments(files):
    return pd.read_csv(files.comments, keep_default_na=False)


@pytest.fixture(scope="module")
def labelled():
    rng = np.random.default_rng(3)
    contents = make_contents(rng)
    return make_comments(contents, rng.integers(1, 5000, size=len(contents)), rng)


@pytest.fixture(scope="module")
def views(interactions, contents):
    """Interactions with the topic of the content and the behaviour planted in the group."""
    numbers = [planted_behaviour(*key) for key in interactions[GROUP].itertuples(index=False)]
    return interactions.assign(behaviour=numbers).merge(contents[["content_id", "category", "tags"]], on="content_id")


def test_the_same_seed_writes_the_same_bytes(files, tmp_path):
    again = write_channel(tmp_path / "new folder", seed=0)
    for name in ("contents", "interactions", "comments"):
        assert getattr(again, name).read_bytes() == getattr(files, name).read_bytes()


def test_another_seed_writes_another_audience(files, tmp_path):
    other = write_channel(tmp_path, seed=1)
    assert other.interactions.read_bytes() != files.interactions.read_bytes()


def test_the_reported_counts_are_those_of_the_files(files, contents, interactions, comments):
    assert (len(contents), len(interactions), len(comments)) == (
        files.content_rows,
        files.interaction_rows,
        files.comment_rows,
    )
    assert interactions["count"].sum() == files.views


def test_the_files_have_the_columns_that_uploads_have(files):
    headers = [path.open(encoding="utf-8").readline().strip() for path in (files.contents, files.interactions)]
    assert headers == [
        "content_id,title,description,category,tags,url,published_at,thumbnail",
        "content_id,gender,age_group,country,count,period",
    ]


def test_the_sample_has_the_size_of_a_small_channel(files):
    assert 400 <= files.content_rows <= 480
    assert 150_000 <= files.interaction_rows <= 300_000
    assert files.comment_rows == 5_000
    assert files.interactions.stat().st_size < 12_000_000


def test_titles_and_identifiers_are_distinct_and_no_slot_is_left_open(contents):
    assert contents["title"].is_unique
    assert contents["content_id"].is_unique
    assert not contents[["title", "description", "tags"]].apply(lambda column: column.str.contains("[{}]")).any().any()


def test_no_field_of_any_file_is_blank(contents, interactions, comments):
    for frame in (contents, interactions, comments):
        assert (frame.astype(str).apply(lambda column: column.str.strip()) != "").all().all()


def test_there_are_ten_topics_of_like_size(contents):
    sizes = contents["category"].value_counts()
    assert len(sizes) == 10
    assert sizes.min() >= 40


def test_every_content_has_four_to_eight_distinct_tags(contents):
    tags = contents["tags"].str.split("|")
    assert tags.map(len).between(4, 8).all()
    assert (tags.map(len) == tags.map(set).map(len)).all()


def test_each_topic_keeps_to_a_vocabulary_of_its_own(contents):
    places = {row["name"] for row in read_table("countries")}
    for topic, rows in contents.groupby("category"):
        vocabulary = {tag for tags in rows["tags"] for tag in tags.split("|")} - places
        assert 15 <= len(vocabulary) <= 27, topic


def test_every_place_among_the_tags_is_a_country_of_the_audience(contents):
    places = {tag for tags in contents["tags"] for tag in tags.split("|") if tag[0].isupper()}
    assert places <= {row["name"] for row in read_table("countries")}


def test_all_countries_and_all_age_and_gender_groups_are_there(interactions):
    assert interactions["country"].nunique() == 60
    assert len(set(zip(interactions["gender"], interactions["age_group"], strict=True))) == 14


def test_counts_are_positive_and_no_cell_comes_twice(interactions):
    assert (interactions["count"] > 0).all()
    assert not interactions.duplicated(["content_id", *GROUP, "period"]).any()


def test_every_interaction_is_with_a_known_content_in_a_known_month(interactions, contents):
    assert set(interactions["content_id"]) == set(contents["content_id"])
    assert set(interactions["period"]) == {"2026-08", "2026-09", "2026-10"}


def test_nothing_is_viewed_before_the_month_it_came_out(interactions, contents):
    month = dict(zip(contents["content_id"], contents["published_at"].str[:7], strict=True))
    assert (interactions["period"] >= interactions["content_id"].map(month)).all()


def test_countries_and_contents_are_heavy_tailed(interactions):
    for key, share in (("country", 0.5), ("content_id", 0.3)):
        totals = interactions.groupby(key)["count"].sum().sort_values(ascending=False)
        assert totals.head(len(totals) // 6).sum() > share * totals.sum()


def test_men_are_a_little_more_than_half_of_the_audience(interactions):
    shares = interactions.groupby("gender")["count"].sum() / interactions["count"].sum()
    assert shares["male"] == pytest.approx(0.55, abs=0.02)


def test_counts_vary_more_than_chance_alone(interactions):
    """Were they Poisson, a content's months would split alike in all groups and the mean chi-square would be 1."""
    cells = interactions.pivot_table(index=["content_id", *GROUP], columns="period", values="count", fill_value=0)
    months = cells.groupby("content_id").transform("sum")
    expected = months.div(months.sum(axis=1), axis=0).mul(cells.sum(axis=1), axis=0)
    large = expected.min(axis=1) >= 5
    surprise = ((cells - expected) ** 2 / expected)[large].sum(axis=1) / 2
    assert large.sum() > 500
    assert surprise.mean() > 3


def test_every_behaviour_is_planted_in_many_groups():
    keys = [(group.gender, group.age_group, group.country) for group in audience.groups()]
    groups = Counter(planted_behaviour(*key) for key in keys)
    assert sorted(groups) == [0, 1, 2, 3, 4]
    assert min(groups.values()) >= 50


@pytest.mark.parametrize(
    ("group", "behaviour"),
    [
        (("male", "18-24", "IN"), 0),
        (("female", "25-34", "GB"), 1),
        (("male", "45-54", "SA"), 2),
        (("male", "65+", "US"), 3),
        (("female", "18-24", "MX"), 4),
    ],
)
def test_a_typical_group_has_its_behaviour(group, behaviour):
    assert planted_behaviour(*group) == behaviour


def test_a_group_outside_the_sample_has_no_behaviour():
    with pytest.raises(KeyError):
        planted_behaviour("female", "25-34", "XX")


@pytest.mark.parametrize(
    ("behaviour", "topics"),
    [
        (0, ["Technology", "Sport"]),
        (1, ["Health", "Climate"]),
        (2, ["Business"]),
        (3, ["World", "Opinion"]),
        (4, ["Culture", "Travel"]),
    ],
)
def test_groups_of_a_behaviour_view_its_topics_more_than_the_others_do(views, behaviour, topics):
    for topic in topics:
        wanted = views["category"] == topic
        inside = views["behaviour"] == behaviour
        share = views.loc[wanted & inside, "count"].sum() / views.loc[inside, "count"].sum()
        assert share / (views.loc[wanted, "count"].sum() / views["count"].sum()) > 1.4, topic


def test_young_south_asians_view_cricket_above_all(views):
    cricket = views["tags"].str.split("|").map(lambda tags: "cricket" in tags)
    shares = views[cricket].groupby("behaviour")["count"].sum() / views.groupby("behaviour")["count"].sum()
    assert shares.idxmax() == 0
    assert shares[0] > 3 * shares.drop(0).mean()


def test_latin_americans_view_more_music_than_their_behaviours_alone_would_tell(views):
    young = views[(views["behaviour"] == 4) & (views["age_group"] == "18-24")]
    music = young["tags"].str.split("|").map(lambda tags: "music" in tags)
    regions = young["country"].map({row["country"]: row["region"] for row in read_table("countries")})
    shares = young[music].groupby(regions)["count"].sum() / young.groupby(regions)["count"].sum()
    assert shares["Latin America"] > 1.2 * shares["East Asia"]


@pytest.mark.parametrize("table", ["leanings", "behaviours", "comments"])
def test_every_tag_that_the_tables_speak_of_is_on_some_content(contents, table):
    known = {tag for tags in contents["tags"] for tag in tags.split("|")} | set(contents["category"]) | {""}
    if table == "behaviours":
        spoken = {row["value"] for row in read_table(table) if row["dimension"] in ("topic", "tag")}
    else:
        spoken = {row["tag" if table == "leanings" else "topic"] for row in read_table(table)}
    assert spoken <= known


@pytest.mark.parametrize("language", [*SCRIPTS, *WORDS])
def test_comments_are_written_in_each_language(comments, language):
    marker = SCRIPTS.get(language) or WORDS[language]
    assert comments["text"].str.contains(marker, case=False, regex=True).sum() > 100


def test_every_comment_belongs_to_a_content_that_was_out(comments, contents):
    published = dict(zip(contents["content_id"], contents["published_at"], strict=True))
    assert (comments["published_at"] > comments["content_id"].map(published)).all()
    assert comments["comment_id"].is_unique


def test_comments_differ_in_text_length_and_likes(comments):
    assert comments["text"].nunique() > 0.7 * len(comments)
    assert comments["text"].str.len().quantile(0.9) > 2 * comments["text"].str.len().quantile(0.1)
    assert comments["likes"].max() > 50 * max(1, comments["likes"].median())


def test_a_few_comments_are_spam_abusive_or_private(labelled):
    kinds = Counter(comment.kind for comment in labelled)
    unwelcome = [kinds["spam"], kinds["abusive"], kinds["private"]]
    assert min(unwelcome) >= 40
    assert sum(unwelcome) < 0.05 * len(labelled)


def test_addresses_and_numbers_stand_in_private_comments_only_and_lead_nowhere(labelled):
    for comment in labelled:
        private = bool(ADDRESS.search(comment.text) or PHONE.search(comment.text))
        assert private == (comment.kind == "private"), comment.text


def test_comments_with_an_address_or_number_reach_the_file(files):
    with files.comments.open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    assert sum(bool(ADDRESS.search(text)) for text in texts) > 10
    assert sum(bool(PHONE.search(text)) for text in texts) > 5


def test_moments_are_written_in_utc(contents, comments):
    for moment in [*contents["published_at"], *comments["published_at"]]:
        assert datetime.fromisoformat(moment).utcoffset().total_seconds() == 0
