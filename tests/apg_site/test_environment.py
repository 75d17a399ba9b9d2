"""Settings from the environment: nonsense is refused by name."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from apg_site import environment


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
        (lambda: environment.database("X", ""), "mysql://host/name", "no database that is supported"),
        (lambda: environment.database("X", ""), "postgres://host", "names no database"),
        (lambda: environment.database("X", ""), "postgres://host:port/name", "not a number"),
        (lambda: environment.database("X", ""), "sqlite:///", "names no file"),
    ],
)
def test_nonsense_is_refused_with_the_name_of_the_variable(monkeypatch, read, raw, words):
    monkeypatch.setenv("X", raw)
    with pytest.raises(ImproperlyConfigured, match=words) as refusal:
        read()
    assert "X=" in str(refusal.value)


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
