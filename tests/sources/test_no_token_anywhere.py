"""No token stands anywhere: in no page, log, error, dump or table, whatever happens to it."""

import logging

import pytest
from django.core.management import call_command
from django.db import connection as database
from django.urls import reverse

from sources.connecting.authorizing import PENDING
from sources.connecting.checking import check_connections
from sources.connecting.sessions import http_for
from sources.connectors.faults import PlatformError
from sources.models import Connection, DataSource
from tests.platforms.consent import decide
from tests.platforms.server import Answer
from tests.sources.connecting.world import begin, come_back, connected, consent


def tables() -> str:
    """Everything that stands in the database."""
    told = []
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            told += [
                bytes(cell).decode(errors="replace") if isinstance(cell, bytes | memoryview) else str(cell)
                for row in cursor.fetchall()
                for cell in row
            ]
    return "\n".join(told)


def pages(client, admin) -> str:
    ours = ["sources", "connect", "welcome", "organization_settings"]
    addresses = [reverse(name, args=["acme"]) for name in ours]
    for connection in Connection.objects.all():
        addresses.append(reverse("connection_disconnect", args=["acme", connection.pk]))
        kind = {"google": "youtube", "meta": "facebook_ads"}[connection.provider]
        addresses.append(reverse("connection_choose", args=["acme", connection.pk, kind]))
    theirs = ["/admin/sources/connection/", "/admin/sources/datasource/"]
    theirs += [f"/admin/sources/connection/{one.pk}/change/" for one in Connection.objects.all()]
    theirs += [f"/admin/sources/datasource/{one.pk}/change/" for one in DataSource.objects.all()]
    answers = [client.get(address, follow=True) for address in addresses] + [admin.get(address) for address in theirs]
    assert {answer.status_code for answer in answers} == {200}
    return "\n".join(answer.content.decode() for answer in answers)


def ask(source: DataSource, path: str) -> str:
    """Ask the platform with the source's permission; return the error's words."""
    try:
        http_for(source, sleep=lambda seconds: None).get(path)
    except PlatformError as error:
        return f"{error} {error!r} {error.__cause__!r}"
    return ""


@pytest.fixture
def told(world, owner_client, admin_client, settings, caplog, capsys):
    """All that was said and shown while accounts were connected, used, died and were disconnected."""
    caplog.set_level(logging.DEBUG)
    words = []
    youtube, ads = connected(owner_client), connected(owner_client, "facebook_ads")
    DataSource.objects.filter(pk=ads.pk).update(token=world.meta.page_token("Page Owner", "501"))
    ads.refresh_from_db()
    google_api, graph = (settings.PLATFORM_ADDRESSES[name] for name in ("youtube", "graph"))
    words += [tables(), pages(owner_client, admin_client)]
    refused = come_back(owner_client, decide(begin(owner_client), untick=["yt-analytics.readonly"]))
    words.append(refused.content.decode())
    words += [ask(youtube, f"{google_api}/youtube/v3/channels"), ask(ads, f"{graph}/me"), ask(ads, f"{graph}/nothing")]
    world.google.withdraw()
    world.meta.withdraw(f"Error validating {ads.token}")
    words += [ask(youtube, f"{google_api}/youtube/v3/channels"), ask(ads, f"{graph}/me")]
    Connection.objects.filter(provider="meta").update(state="live")
    world.meta.withdraw(f"Error validating {ads.connection.token}")
    assert check_connections() == 1
    words += [tables(), pages(owner_client, admin_client)]
    call_command("dumpdata")
    consent(owner_client, source=youtube)
    for connection in Connection.objects.all():
        owner_client.post(reverse("connection_disconnect", args=["acme", connection.pk]))
    printed = capsys.readouterr()
    return "\n".join([*words, tables(), printed.out, printed.err, caplog.text])


def test_no_secret_is_told_anywhere(world, told):
    assert len(world.secrets) >= 8
    assert "sources.connection" in told  # the dump, the tables and the log are really there
    assert "UCowner" in told
    assert [secret for secret in world.secrets if secret in told] == []


@pytest.mark.django_db(transaction=True)
def test_the_file_of_the_database_holds_no_token(world, owner_client, tmp_path):
    if database.vendor != "sqlite":
        pytest.skip("looks into the file of SQLite; the tables are read in every database")
    connected(owner_client)
    copy = tmp_path / "copy.sqlite3"
    with database.cursor() as cursor:
        cursor.execute(f"VACUUM INTO '{copy}'")
    data = copy.read_bytes()
    assert b"UCowner" in data
    assert [secret for secret in world.secrets if secret.encode() in data] == []


@pytest.mark.parametrize("place", ["authorizing.reconnect_source", "reconnecting.hasty_http", "reconnecting.attach"])
@pytest.mark.parametrize("kind", ["youtube", "facebook_ads"])
def test_the_page_of_an_error_of_ours_tells_no_secret(world, owner_client, settings, monkeypatch, kind, place):
    def broken(*given, **named):
        raise RuntimeError("broken")

    settings.DEBUG = True  # then the page shows what every name stands for
    back = decide(begin(owner_client, kind, connected(owner_client, kind)))
    verifiers = [begun["verifier"] for begun in owner_client.session[PENDING].values() if begun["verifier"]]
    monkeypatch.setattr(f"sources.connecting.{place}", broken)
    owner_client.raise_request_exception = False
    page = come_back(owner_client, back)
    assert (page.status_code, b"RuntimeError" in page.content) == (500, True)
    shown = page.content.decode()
    assert [secret for secret in [*world.secrets, *verifiers] if secret in shown] == []


@pytest.mark.parametrize("kind", ["facebook", "instagram"])
def test_the_page_of_an_error_about_an_odd_answer_tells_no_secret(world, owner_client, settings, kind):
    settings.DEBUG = True
    consent(owner_client, kind)
    owner_client.raise_request_exception = False
    odd = {"access_token": world.meta.page_token("Page Owner", "501"), "instagram_business_account": 1}
    world.server.fail("GET", "/me/accounts", Answer({"data": [odd]}))
    page = owner_client.get(reverse("connection_choose", args=["acme", Connection.objects.get().pk, kind]))
    shown = page.content.decode()
    assert page.status_code == 500
    assert [secret for secret in world.secrets if secret in shown] == []
