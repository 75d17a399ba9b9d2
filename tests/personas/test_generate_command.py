"""`manage.py generate_personas`: the JSON is a contract, to the key."""

import json

import pytest
from django.core.management import CommandError, call_command

from personas.management.commands.generate_personas import sizes
from sources.models import ContentUnit, DemographicGroup
from tests.builders import make_contents, make_groups, make_interactions

MEASURES = {"relative_error", "explained_deviance", "diversity", "fairness_gap", "coverage", "duplicate_groups"}
PERSONA = {"identity", "name", "gender", "age_group", "age", "country", "share", "groups", "contents"}


@pytest.fixture
def audience(organization):
    make_interactions(make_contents(organization, 60), make_groups())


@pytest.fixture
def exported(organization, audience, tmp_path):
    call_command("generate_personas", organization="acme", sizes=[5, 6, 7], json=tmp_path / "out.json")
    return json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))


def test_document_says_what_was_generated(exported):
    keys = {"method", "seed", "groups", "contents", "interactions", "seconds", "suggested_size", "sets"}
    assert keys <= exported.keys()
    assert (exported["method"], exported["seed"], exported["groups"], exported["contents"]) == ("balanced", 0, 56, 60)
    assert exported["suggested_size"] in (5, 6, 7)
    assert all(isinstance(seconds, float) for seconds in exported["seconds"].values())


def test_sets_carry_their_measures(exported):
    assert [s["size"] for s in exported["sets"]] == [5, 6, 7]
    for persona_set in exported["sets"]:
        assert persona_set["measures"].keys() >= MEASURES
    assert exported["sets"][0]["consistency_with_next"] >= 0.95
    assert exported["sets"][-1]["consistency_with_next"] is None


def test_personas_carry_their_keys_with_the_representative_group_first(exported):
    for persona in exported["sets"][0]["personas"]:
        assert persona.keys() >= PERSONA
        first = persona["groups"][0]
        face = [persona[key] for key in ("gender", "age_group", "country")]
        assert [first[key] for key in ("gender", "age_group", "country")] == face
        assert all(group["share"] > 0 for group in persona["groups"])


def test_personas_carry_their_state_and_the_time_that_they_carry_on(organization, audience, exported, tmp_path):
    assert exported["continues"] is None
    assert {persona["state"] for one in exported["sets"] for persona in one["personas"]} == {""}
    make_interactions(ContentUnit.objects.all(), DemographicGroup.objects.all(), seed=1, period="2026-11")
    for period in ("2026-10", "2026-11"):
        call_command(
            "generate_personas", organization="acme", sizes=[5], period=period, json=tmp_path / f"{period}.json"
        )
    told = json.loads((tmp_path / "2026-11.json").read_text(encoding="utf-8"))
    assert told["continues"] == "2026-10"
    for persona in told["sets"][0]["personas"]:
        assert persona["state"] == ("new" if persona["likeness"] is None else persona["state"]) != ""
        assert 0 <= persona["stability"] <= 1


def test_contents_are_the_fifty_heaviest_by_external_id(exported):
    contents = exported["sets"][0]["personas"][0]["contents"]
    assert len(contents) == 50
    assert contents[0].keys() == {"external_id", "share", "lift"}
    assert [c["share"] for c in contents] == sorted((c["share"] for c in contents), reverse=True)


def test_table_and_personas_are_printed(organization, audience, capsys):
    call_command("generate_personas", organization="acme", sizes=[5])
    out = capsys.readouterr().out
    assert "fairness gap" in out
    assert "The 5 personas of the suggested size" in out


@pytest.mark.django_db
def test_unknown_organization_is_named():
    with pytest.raises(CommandError, match="nobody"):
        call_command("generate_personas", organization="nobody")


def test_too_little_data_ends_with_one_and_words(organization, capsys):
    make_interactions(make_contents(organization, 5), make_groups())
    with pytest.raises(SystemExit) as end:
        call_command("generate_personas", organization="acme")
    assert end.value.code == 1
    assert "Contents with interactions: 5" in capsys.readouterr().err


def test_named_sources_alone_are_generated_from(organization, audience, capsys):
    make_interactions(make_contents(organization, 30, source_name="Promotion"), make_groups())
    organization.sources.filter(name="Promotion").update(kind="facebook_ads")
    call_command("generate_personas", organization="acme", sizes=[5], source=["Files"])
    assert organization.generations.get().used_names == ["Files"]
    assert "tells whom ads were shown to" not in capsys.readouterr().err
    call_command("generate_personas", organization="acme", sizes=[5])
    assert "“Promotion” tells whom ads were shown to." in capsys.readouterr().err


def test_source_that_is_not_there_is_named_with_those_that_are(organization, audience):
    with pytest.raises(CommandError, match=r"no source “Film”\. There are: Files"):
        call_command("generate_personas", organization="acme", source=["Film"])


def test_place_that_cannot_be_written_is_refused_before_the_work(organization, audience, tmp_path):
    with pytest.raises(CommandError, match="--json"):
        call_command("generate_personas", organization="acme", json=tmp_path / "nowhere" / "out.json")
    assert not organization.generations.exists()


@pytest.mark.parametrize(("text", "expected"), [("7", [7]), ("5-8", [5, 6, 7, 8]), ("5,8-9", [5, 8, 9])])
def test_sizes_are_read(text, expected):
    assert sizes(text) == expected
