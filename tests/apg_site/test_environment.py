"""Settings from the environment: nonsense is refused by name."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from apg_site import environment
from sources.api.throttles import TokenThrottle


@pytest.mark.parametrize(("raw", "expected"), [("True", True), ("yes", True), ("0", False), ("off", False)])
def test_yes_and_no_are_read(monkeypatch, raw, expected):
    monkeypatch.setenv("DEBUG", raw)
    assert environment.boolean("DEBUG", not expected) is expected


def test_what_is_not_set_takes_the_default(monkeypatch):
    monkeypatch.delenv("DEBUG", raising=False)
    assert environment.boolean("DEBUG", True) is True
    assert environment.words("DEBUG", ["a"]) == ["a"]


@pytest.mark.parametrize(
    ("read", "raw", "words"),
    [
        (lambda: environment.boolean("X", False), "maybe", "neither yes nor no"),
        (lambda: environment.integer("X", 5), "five", "not a whole number"),
        (lambda: environment.integer("X", 5, minimum=2), "1", "The least that works is 2"),
        (lambda: environment.choice("X", "A", ("A", "B")), "c", "one of A, B"),
        (lambda: environment.rate("X", "600/min"), "nonsense", "Example: X=600/min"),
        (lambda: environment.rate("X", "600/min"), "5/fortnight", "no rate"),
        (lambda: environment.rate("X", "600/min"), "0/min", "above 0"),
        (lambda: environment.database("X", ""), "mysql://host/name", "no database that is supported"),
        (lambda: environment.database("X", ""), "postgres://host", "names no database"),
        (lambda: environment.database("X", ""), "postgres://host:port/name", "not a number"),
        (lambda: environment.database("X", ""), "sqlite:///", "names no file"),
        (lambda: environment.hosts("X", []), "apg.example.org,https://apg.example.org", "no name of a host"),
        (lambda: environment.hosts("X", []), "apg.example.org:8000", "no name of a host"),
        (lambda: environment.hosts("X", []), "apg example", "no name of a host"),
        (lambda: environment.origins("X", []), "apg.example.org", "no origin"),
        (lambda: environment.origins("X", []), "https://apg.example.org/path", "no origin"),
    ],
)
def test_nonsense_is_refused_with_the_name_of_the_variable(monkeypatch, read, raw, words):
    monkeypatch.setenv("X", raw)
    with pytest.raises(ImproperlyConfigured, match=words) as refusal:
        read()
    assert "X=" in str(refusal.value)


def test_hosts_and_origins_are_read_as_django_takes_them(monkeypatch):
    names = ["*", ".example.org", "apg.example.org", "10.0.0.5", "[::1]", "localhost"]
    monkeypatch.setenv("X", ", ".join(names))
    assert environment.hosts("X", []) == names
    monkeypatch.setenv("X", "https://*.example.org,http://localhost:8000,http://[::1]:8000")
    assert environment.origins("X", []) == ["https://*.example.org", "http://localhost:8000", "http://[::1]:8000"]


def test_postgresql_address_is_taken_apart(monkeypatch):
    monkeypatch.setenv("X", "postgres://me:p%40ss@db.example:6432/apg?sslmode=require")
    found = environment.database("X", "")
    assert [found[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "me", "p@ss", "db.example", "6432", "apg",
    ]  # fmt: skip
    assert found["OPTIONS"]["sslmode"] == "require"


def test_password_is_masked_in_a_refusal(monkeypatch):
    monkeypatch.setenv("X", "mysql://me:secret@host/name")
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.database("X", "")
    assert "secret" not in str(refusal.value)


def test_sqlite_addresses_are_relative_with_three_slashes_and_absolute_with_four(monkeypatch):
    monkeypatch.setenv("X", "sqlite:///db.sqlite3")
    assert environment.database("X", "")["NAME"] == "db.sqlite3"
    monkeypatch.setenv("X", "sqlite:////var/db.sqlite3")
    assert environment.database("X", "")["NAME"] == "/var/db.sqlite3"


def test_a_choice_is_read_without_case(monkeypatch):
    monkeypatch.setenv("X", "debug")
    assert environment.choice("X", "WARNING", environment.LOG_LEVELS) == "DEBUG"


@pytest.mark.parametrize("raw", ["600/min", "5/sec", "1/d"])
def test_a_rate_that_is_accepted_is_one_that_calls_can_be_counted_by(monkeypatch, raw):
    monkeypatch.setenv("X", raw)
    count, seconds = TokenThrottle().parse_rate(environment.rate("X", "1/day"))
    assert (count, seconds) == {"600/min": (600, 60), "5/sec": (5, 1), "1/d": (1, 86_400)}[raw]


def test_the_first_start_makes_a_key_for_its_owner_only_and_the_next_one_keeps_it(monkeypatch, tmp_path):
    monkeypatch.delenv("X", raising=False)
    key = environment.secret_key("X", tmp_path / "key")
    assert len(key) >= 32
    assert environment.secret_key("X", tmp_path / "key") == key
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


def test_of_two_first_starts_at_once_both_take_the_key_that_came_first(monkeypatch, tmp_path):
    monkeypatch.delenv("X", raising=False)
    kept = tmp_path / "key"
    make = environment.get_random_secret_key

    def be_overtaken():
        monkeypatch.setattr(environment, "get_random_secret_key", make)
        kept.write_text("k" * 40)
        return make()

    monkeypatch.setattr(environment, "get_random_secret_key", be_overtaken)
    assert environment.secret_key("X", kept) == "k" * 40


def test_a_start_that_dies_while_it_makes_a_key_leaves_none(monkeypatch, tmp_path):
    monkeypatch.delenv("X", raising=False)
    monkeypatch.setattr(environment.os, "link", lambda *paths: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        environment.secret_key("X", tmp_path / "key")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", ["", "too short"])
def test_a_kept_key_that_is_too_short_is_refused_with_its_file(monkeypatch, tmp_path, content):
    monkeypatch.delenv("X", raising=False)
    (tmp_path / "key").write_text(content)
    with pytest.raises(ImproperlyConfigured, match=str(tmp_path / "key")):
        environment.secret_key("X", tmp_path / "key")


def test_a_given_key_that_is_too_short_is_refused_and_not_shown(monkeypatch, tmp_path):
    monkeypatch.setenv("X", "hush hush")
    with pytest.raises(ImproperlyConfigured, match="X is shorter than 32") as refusal:
        environment.secret_key("X", tmp_path / "key")
    assert "hush" not in str(refusal.value)
