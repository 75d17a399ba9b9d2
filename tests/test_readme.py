"""What the README promises exists."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[tuple[str, list[str]]]:
    rows = re.findall(r"^\| `manage\.py (\w+)([^`]*)` \|", README, re.M)
    return [(name, re.findall(r"--[a-z-]+", options)) for name, options in rows]


def test_the_table_of_commands_is_found():
    assert {"demo", "import_interactions", "generate_personas", "worker"} <= {name for name, _ in commands()}


@pytest.mark.parametrize(("name", "options"), commands())
def test_every_command_takes_the_options_that_are_promised(name, options):
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    known = {option for action in parser._actions for option in action.option_strings}
    assert set(options) <= known


def test_every_setting_read_from_the_environment_is_in_the_table():
    code = (ROOT / "apg_site" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'environment\.\w+\("([A-Z_]+)"', code))
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", README, re.M))
    assert read == told


def test_every_requirement_is_pinned_and_has_its_reason():
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line and line[0] != "#"]
    assert [line for line in lines if not re.fullmatch(r"[\w-]+==[\w.]+ +# \S.*", line)] == []
