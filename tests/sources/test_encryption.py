"""Secrets at rest: encrypted, masked, rotated, loud when the key is lost, absent from all that shows rows."""

import json

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.forms import modelform_factory

from sources.connectors.secret import Secret
from sources.encryption import Sealed, WrongKey
from sources.models import Connection, DataSource

TOKEN = "1//0a-very-secret-token"
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def connection(organization, settings):
    settings.TOKEN_KEYS = [OLD]
    return Connection.objects.create(organization=organization, provider="google", token=TOKEN)


def stored(model=Connection) -> list[str]:
    with database.cursor() as cursor:
        cursor.execute(f"SELECT token FROM {model._meta.db_table}")
        return [row[0] for row in cursor.fetchall()]


def read(connection) -> Connection:
    return Connection.objects.get(pk=connection.pk)


def test_a_token_is_read_as_it_was_and_stored_as_something_else(connection):
    assert read(connection).token == TOKEN
    assert TOKEN not in stored()[0]


def test_an_empty_token_stays_empty(organization):
    Connection.objects.create(organization=organization, provider="meta")
    assert stored() == [""]
    assert Connection.objects.get().token == ""


def test_the_wrong_key_raises_where_the_token_is_read(connection, settings):
    settings.TOKEN_KEYS = [NEW]
    row = read(connection)
    with pytest.raises(WrongKey, match="TOKEN_KEYS lacks the key"):
        str(row.token)


def test_a_row_whose_token_cannot_be_read_is_saved_with_it(connection, settings):
    settings.TOKEN_KEYS = [NEW]
    row = read(connection)
    row.problem = "Changed"
    row.save()
    settings.TOKEN_KEYS = [OLD]
    assert (read(connection).token, read(connection).problem) == (TOKEN, "Changed")


def test_an_older_key_still_reads(connection, settings):
    settings.TOKEN_KEYS = [NEW, OLD]
    assert read(connection).token == TOKEN


def test_after_a_rotation_the_older_key_is_needed_no_more(connection, settings, capsys):
    DataSource.objects.create(organization=connection.organization, name="Page", token="EAApage")
    settings.TOKEN_KEYS = [NEW, OLD]
    call_command("rotate_tokens")
    settings.TOKEN_KEYS = [NEW]
    assert read(connection).token == TOKEN
    assert DataSource.objects.get().token == "EAApage"
    assert "2 tokens" in capsys.readouterr().out


def test_a_rotation_without_the_older_key_says_what_is_missing(connection, settings):
    settings.TOKEN_KEYS = [NEW]
    with pytest.raises(CommandError, match="Put that key back"):
        call_command("rotate_tokens")


def test_a_secret_does_not_show_itself(connection):
    assert repr(read(connection).token) == "Secret(…)"
    assert repr(Connection(token=TOKEN).token) == "Secret(…)"
    assert str(read(connection).token) == TOKEN


def test_values_give_what_is_sealed(connection):
    given = Connection.objects.values_list("token", flat=True).get()
    assert isinstance(given, Sealed)
    assert given != TOKEN
    assert given.opened() == TOKEN


def test_a_token_is_found_by_no_filter(connection):
    assert not Connection.objects.filter(token=TOKEN).exists()


def test_a_dump_holds_no_token_and_needs_no_key(connection, settings, capsys):
    settings.TOKEN_KEYS = [NEW]
    call_command("dumpdata", "sources")
    told = json.loads(capsys.readouterr().out)
    assert [row["fields"]["token"] for row in told if row["model"] == "sources.connection"] == [""]


def test_no_form_has_a_field_for_a_token():
    assert "token" not in modelform_factory(Connection, fields="__all__").base_fields
    assert "token" not in modelform_factory(DataSource, fields="__all__").base_fields


@pytest.mark.parametrize("place", ["connection", "datasource"])
def test_the_admin_shows_no_token(connection, admin_client, place):
    source = DataSource.objects.create(organization=connection.organization, name="Page", token="EAApage")
    row = connection if place == "connection" else source
    for address in (f"/admin/sources/{place}/", f"/admin/sources/{place}/{row.pk}/change/"):
        page = admin_client.get(address)
        assert page.status_code == 200
        assert not any(token.encode() in page.content for token in (TOKEN, "EAApage", *stored()))


def test_saving_a_source_in_the_admin_keeps_its_token(connection, admin_client):
    source = DataSource.objects.create(organization=connection.organization, name="Page", token="EAApage")
    form = {"name": "Renamed", "kind": "facebook", "options": "{}", "due_at_0": "", "due_at_1": ""}
    admin_client.post(f"/admin/sources/datasource/{source.pk}/change/", form)
    source = DataSource.objects.get()
    assert (source.name, source.token) == ("Renamed", "EAApage")


def test_a_token_that_is_given_anew_is_a_secret_at_once(connection):
    connection.token = "new"
    assert isinstance(connection.token, Secret)
    connection.save()
    assert read(connection).token == "new"
