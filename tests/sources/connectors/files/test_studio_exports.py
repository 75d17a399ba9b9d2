"""YouTube Studio's exports: recognised, read, raked video by video; and refused where they say too little."""

import unicodedata

import numpy as np
import pytest

from sources.connectors.files.export_seeds import Joint
from sources.connectors.files.exports import check_export, preview_export, reader_of
from sources.connectors.records import FileError
from tests.sources import studio_files as studio


@pytest.fixture
def check(tmp_path):
    """Check exports that are handed in together, as one archive; return interactions and contents."""

    def checked(files, period=None):
        path = tmp_path / "bundle.zip"
        path.write_bytes(studio.packed(files))
        return check_export(reader_of(path), path, period=period, rejects=tmp_path / "rejects.csv")

    return checked


def table_of(found, content_id):
    """The counts of one content by group."""
    at = found.columns.content_code.tolist().index(found.content_ids.index(content_id))
    cells = slice(found.columns.starts[at], found.columns.starts[at + 1])
    groups = [found.groups[code] for code in found.columns.group_code[cells]]
    return dict(zip(groups, found.columns.count[cells].tolist(), strict=True)), found.columns.unknown[at]


def test_a_videos_own_tables_are_raked_together(check):
    found, _ = check(studio.exports())
    cells, unknown = table_of(found, "aaaaaaaaaa1")
    assert sum(cells.values()) == pytest.approx(900)  # 100 of its 1,000 views came from no known country
    assert unknown == pytest.approx(100)
    assert cells["female", "18-24", "QA"] == pytest.approx(900 * 0.75 * 0.8 * 600 / 900)


def test_every_margin_of_a_video_holds(check):
    cells, _ = table_of(check(studio.exports())[0], "-bbbbbbbbb2")
    for place, value, views in [(0, "male", 2100), (1, "65+", 2700), (2, "EG", 1500)]:
        assert sum(count for group, count in cells.items() if group[place] == value) == pytest.approx(views)


def test_raked_columns_are_marked_as_estimated_with_their_seed(check):
    found, _ = check(studio.exports())
    assert found.seeds == ["independence"] * 2
    assert any("joint counts are estimated" in words for words in found.warnings)


def test_one_dimension_alone_is_measured(check):
    places = {name: data for name, data in studio.exports().items() if name.startswith(("Content", "Geography"))}
    found, _ = check(places)
    assert found.seeds == ["", ""]
    assert found.absent_dimensions == ("gender", "age_group")
    assert table_of(found, "-bbbbbbbbb2")[0] == pytest.approx({("", "", "EG"): 1500.0, ("", "", "QA"): 1500.0})


def test_the_month_comes_from_the_names_of_the_files_unless_one_is_given(check):
    assert check(studio.exports())[0].periods == ["2026-10"]
    found, _ = check(studio.exports(), period="2026-09")
    assert found.periods == ["2026-09"]
    assert "The views of 2026-10-01 to 2026-10-31 are kept under 2026-09, as you asked." in found.warnings
    assert not any("are kept under" in words for words in check(studio.exports(), period="2026-10")[0].warnings)


def test_contents_are_described_and_the_totals_row_is_none(check):
    found, contents = check(studio.exports())
    assert {row.external_id: row.title for row in contents.rows} == {
        v: title for v, (title, _) in studio.VIDEOS.items()
    }
    assert contents.rows[0].published_at.isoformat() == "2026-10-02T00:00:00+00:00"
    assert "Total" not in found.content_ids


def test_videos_without_tables_are_left_out_and_told_with_their_views(check):
    found, _ = check(studio.exports())
    assert "ccccccccc_3" not in found.content_ids
    assert any(
        words.startswith("Left out, for nothing says who watched: 1 of 3 videos") and "9.1%" in words
        for words in found.warnings
    )


def test_views_beyond_the_top_rows_are_told_from_the_totals_row(check):
    cut = studio.as_downloaded(studio.content(total=8000, note=True))
    found, _ = check(studio.exports(**{f"Content {studio.DAYS} {studio.CHANNEL}.zip": cut}))
    assert any("top 3 contents: 3,600 of 8,000 views (45.0%)" in words for words in found.warnings)


def test_a_table_that_is_complete_is_not_called_cut(check):
    whole = studio.as_downloaded(studio.content(total=4400))
    found, _ = check(studio.exports(**{f"Content {studio.DAYS} {studio.CHANNEL}.zip": whole}))
    assert not any("top" in words for words in found.warnings)


def test_the_channels_tables_alone_are_refused_with_what_they_lack(check):
    with pytest.raises(FileError, match="every video would get one and the same audience") as told:
        check(studio.exports(of_videos=False))
    assert "Geography: for 0 of the videos and for the channel." in str(told.value)


def test_tables_without_the_contents_are_refused_with_what_is_missing(check):
    files = {name: data for name, data in studio.exports().items() if not name.startswith("Content")}
    with pytest.raises(FileError, match=r"Geography, Viewer age, Viewer gender\. Missing is the table of contents"):
        check(files)


def test_the_channels_table_stands_in_for_one_that_a_video_lacks(check):
    files = {name: data for name, data in studio.exports().items() if "Geography" not in name or "Stew" not in name}
    found, _ = check(files)
    cells, _ = table_of(found, "-bbbbbbbbb2")
    places = [sum(count for group, count in cells.items() if group[2] == code) for code in ("QA", "EG")]
    np.testing.assert_allclose(places, [1800, 1140])
    assert any("the channel's stands in" in words for words in found.warnings)


def test_a_video_that_lacks_a_table_which_nothing_stands_in_for_is_left_out(check):
    files = studio.exports(of_channel=False)
    found, _ = check({name: data for name, data in files.items() if "Geography" not in name or "Stew" not in name})
    assert found.content_ids == ["aaaaaaaaaa1"]
    assert any("1 video (Stew: a primer)." in words for words in found.warnings)


def of_videos_only(change):
    """The exports without the channel's, under changed names."""
    return {change(name): data for name, data in studio.exports(of_channel=False).items()}


def test_a_table_of_a_video_that_is_not_listed_is_not_the_channels(check):
    other = {f"Viewer age {studio.DAYS} A video of long ago.zip": studio.as_downloaded(studio.ages(1, 99))}
    files = {name: data for name, data in studio.exports().items() if "age" not in name or "Stew" not in name}
    found, _ = check(files | other)
    cells, _ = table_of(found, "-bbbbbbbbb2")
    assert sum(count for group, count in cells.items() if group[1] == "18-24") == pytest.approx(0.6 * 3000)
    assert any("A video of long ago.zip/Table data.csv is of nothing that" in words for words in found.warnings)


def test_what_was_left_out_is_told_where_nothing_remains(check):
    files = of_videos_only(lambda name: name.replace("Stew_ a primer", "Soup").replace("Bread, from scratch", "Cake"))
    with pytest.raises(FileError, match=r"Soup\.zip/Table data\.csv is of nothing that the table of contents names"):
        check(files)


@pytest.mark.parametrize("number", ["(1)", " (2)"])
def test_a_second_download_of_a_table_is_of_the_same_video(check, number):
    found, _ = check(of_videos_only(lambda name: name.replace(".zip", f"{number}.zip")))
    assert found.content_ids == ["-bbbbbbbbb2", "aaaaaaaaaa1"]


def test_a_title_that_ends_in_a_number_is_no_second_download(check):
    rows = {"aaaaaaaaaa1": ("Talk (1)", 1000), "bbbbbbbbbb2": ("Talk (2)", 3000), "cccccccccc3": ("Talk", 9)}
    files = {f"Viewer age {studio.DAYS} Talk (2).zip": studio.as_downloaded(studio.ages(50, 50))}
    content = {f"Content {studio.DAYS} {studio.CHANNEL}.zip": studio.as_downloaded(studio.content(rows=rows))}
    assert check(content | files)[0].content_ids == ["bbbbbbbbbb2"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_in_names_of_files_may_be_letters_of_their_own(check, form):
    rows = {"aaaaaaaaaa1": ("Crème brûlée", 1000), "bbbbbbbbbb2": ("\u0642\u0647\u0648\u0629 \u0623\u0645\u064a", 3000)}
    files = {f"Content {studio.DAYS} {studio.CHANNEL}.zip": studio.as_downloaded(studio.content(rows=rows))}
    for title, _ in rows.values():
        name = unicodedata.normalize(form, f"Viewer age {studio.DAYS} {title}.zip")
        files[name] = studio.as_downloaded(studio.ages(50, 50))
    assert check(files)[0].content_ids == sorted(rows)


def test_a_table_of_nobody_known_is_an_empty_one(check):
    nobody = studio.as_downloaded(studio.csv(studio.GENDERS, "Unknown,100,3:10,47.8,48.3"))
    found, _ = check(studio.exports(**{f"Viewer gender {studio.DAYS} Bread, from scratch.zip": nobody}))
    assert found.content_ids == ["-bbbbbbbbb2"]
    assert any("a table is missing or empty: 1 video (Bread, from scratch)." in words for words in found.warnings)
    assert any("nothing says who watched: 1 of 3 videos" in words for words in found.warnings)


def test_tables_of_other_days_are_left_out(check):
    older = {f"Viewer age 2026-09-01_2026-09-30 {studio.CHANNEL}.zip": studio.as_downloaded(studio.ages(1, 99))}
    assert any("of other days" in words for words in check(studio.exports() | older)[0].warnings)


def test_a_folder_named_by_the_id_tells_the_video(check):
    files = {
        "content/Table data.csv": studio.content(),
        "ccccccccc_3/ages/Table data.csv": studio.ages(50, 50),
        "ccccccccc_3/places/Table data.csv": studio.places(400, QA=400),
    }
    cells, _ = table_of(check(files)[0], "ccccccccc_3")
    assert cells == pytest.approx({("", "18-24", "QA"): 200.0, ("", "65+", "QA"): 200.0})


def test_an_archive_of_downloads_inside_a_bundle_is_read(check):
    assert len(check({"downloads.zip": studio.packed(studio.exports())})[0].content_ids) == 2


def test_rows_that_cannot_be_read_are_rejected_with_their_table(check):
    bad = studio.as_downloaded(studio.csv(studio.PLACES, "Total,1000,1,1:00", "QA,600,1,1:00", "Atlantis,many,1,1:00"))
    found, _ = check(studio.exports(**{f"Geography {studio.DAYS} Bread, from scratch.zip": bad}))
    (reject,) = found.first_rejects
    assert (reject.line, reject.column, reject.value) == (4, "country", "Atlantis")
    assert reject.row[0].endswith("Bread, from scratch.zip/Table data.csv")


def test_tables_of_another_kind_are_named_as_not_read(check):
    other = {
        f"Cities {studio.DAYS} {studio.CHANNEL}.zip": studio.packed(
            {"Table data.csv": studio.csv("Cities,Views", "x,3")}
        )
    }
    assert any("Not read" in words and "Cities" in words for words in check(studio.exports() | other)[0].warnings)


def test_an_archive_without_a_known_export_is_refused_with_what_it_holds(tmp_path):
    path = tmp_path / "some.zip"
    path.write_bytes(studio.packed({"a.csv": b"content_id,gender,count\nx,male,3\n"}))
    with pytest.raises(FileError, match=r"no export that we know. It holds a.csv \(content_id, gender, count\)"):
        reader_of(path)


@pytest.mark.parametrize(
    "text",
    ["content_id,gender,age_group,country,count\na,male,18-24,QA,3\n", "Video,Viewer age,Views\na,18-24,3\n", "x\n"],
)
def test_ordinary_tables_are_nobodys_export(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text)
    assert reader_of(path) is None


def test_one_table_by_itself_is_recognised_and_refused_in_words(tmp_path):
    path = tmp_path / "Table data.csv"
    path.write_bytes(studio.content())
    with pytest.raises(FileError, match="No table is of a single video"):
        preview_export(reader_of(path), path)


def test_a_preview_tells_what_was_recognised_and_shows_the_counts(tmp_path):
    path = tmp_path / "bundle.zip"
    path.write_bytes(studio.packed(studio.exports()))
    preview = preview_export(reader_of(path), path)
    assert preview.recognised[:2] == ["Content: 3 videos, 4,400 views.", "All of 2026-10."]
    assert "Viewer age: for 2 of the videos and for the channel." in preview.recognised
    assert preview.sample_rows[0][:4] == ["aaaaaaaaaa1", "female", "18-24", "EG"]


def test_a_joint_measured_elsewhere_says_how_the_tables_go_together(tmp_path):
    path = tmp_path / "bundle.zip"
    path.write_bytes(studio.packed(studio.exports()))
    counts = {
        (gender, age, country): 9e6 if (gender == "female") == (country == "QA") else 1e6
        for gender in ("female", "male")
        for age in ("18-24", "65+")
        for country in ("QA", "EG")
    }
    joint = Joint(counts, "Channel (YouTube)")
    found, _ = check_export(reader_of(path), path, rejects=tmp_path / "rejects.csv", joint=lambda: joint)
    cells, _ = table_of(found, "-bbbbbbbbb2")
    women, men = (cells[gender, "65+", "QA"] / cells[gender, "65+", "EG"] for gender in ("female", "male"))
    assert women / men == pytest.approx(81, rel=1e-2)
    assert found.seeds == ["Channel (YouTube)"] * 2
    assert any("as they go together in Channel (YouTube)" in words for words in found.warnings)


def test_a_joint_of_other_people_says_nothing():
    joint = Joint({("female", "18-24", "SE"): 5.0}, "Channel")
    table, origin = joint.seed({"gender": ["male"], "country": ["QA"]})
    assert (table.tolist(), origin) == ([[1.0]], "independence")


def test_a_joint_is_added_up_over_what_an_export_lacks():
    counts = {("female", age, country): 2e6 for age in ("18-24", "65+") for country in ("QA", "EG")}
    counts["male", "65+", "QA"] = 5e6
    table, _ = Joint(counts, "Channel").seed({"gender": ["female", "male"], "country": ["EG", "QA"]})
    assert table / 1e6 == pytest.approx(np.array([[4.0, 4.0], [0.0, 5.0]]), abs=1e-3)


def test_a_joint_of_other_countries_still_says_how_gender_and_age_go_together():
    counts = {("female", "18-24", "SE"): 8e6, ("female", "65+", "SE"): 2e6, ("male", "65+", "SE"): 8e6}
    values = {"gender": ["female", "male"], "age_group": ["18-24", "65+"], "country": ["QA", "EG"]}
    table, origin = Joint(counts, "Channel").seed(values)
    assert table[:, :, 0] / 1e6 == pytest.approx(np.array([[8.0, 2.0], [0.0, 8.0]]), abs=1e-3)
    assert (table[:, :, 1].tolist(), origin) == (table[:, :, 0].tolist(), "Channel")
