"""Who may call the API: keys with scopes, their end and their rate; a browser's session is no key."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from rest_framework.test import APIClient

from sources.api.throttles import TokenThrottle
from sources.models import ApiToken
from tests.api_calls import ROOT, program, with_key

ADDRESSES = [
    "organizations",
    "sources",
    "content-units",
    "uploads",
    "collections",
    "generations",
    "persona-sets",
    "personas",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_a_key_nothing_is_told(db, address):
    response = APIClient().get(f"{ROOT}{address}/")
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert "Authorization: Bearer" in response.json()["detail"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_key_may_read(organization, address):
    response = program(organization, "read").get(f"{ROOT}{address}/")
    assert response.status_code == 200
    assert set(response.json()) == {"count", "next", "previous", "results"}


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_key_without_the_scope_read_is_refused_in_words(organization, address):
    response = program(organization, "write", "run").get(f"{ROOT}{address}/")
    assert response.status_code == 403
    assert response.json() == {"detail": "This API key lacks the scope “read”. It has: write, run."}


def test_an_unknown_key_is_refused_in_words(db):
    response = with_key("apg_" + "x" * 40).get(f"{ROOT}personas/")
    assert response.status_code == 401
    assert "not known" in response.json()["detail"]


def test_an_expired_key_is_refused_with_the_day_it_ended(organization):
    client = program(organization, "read", expires_at=timezone.now() + timedelta(hours=1))
    ApiToken.objects.update(expires_at="2026-01-31T12:00Z")
    response = client.get(f"{ROOT}personas/")
    assert response.status_code == 401
    assert "expired on 2026-01-31 12:00 UTC" in response.json()["detail"]


def test_a_session_of_a_browser_is_no_key(owner_client):
    assert owner_client.get(f"{ROOT}personas/").status_code == 401


@pytest.mark.parametrize("header", ["apg_x", "Basic YTpi", "Bearer", "Bearer ", "Bearer a b", "Bearer \xff"])
def test_a_header_that_makes_no_sense_is_a_refusal_and_no_crash(db, header):
    assert APIClient().get(f"{ROOT}personas/", headers={"Authorization": header}).status_code == 401


def test_the_use_of_a_key_is_noted(organization):
    program(organization, "read").get(f"{ROOT}sources/")
    assert timezone.now() - ApiToken.objects.get().last_used_at < timedelta(minutes=1)


def test_a_refused_key_is_not_noted_as_used(organization):
    client = program(organization, "read", expires_at=timezone.now() + timedelta(hours=1))
    ApiToken.objects.update(expires_at="2026-01-31T12:00Z")
    client.get(f"{ROOT}sources/")
    assert ApiToken.objects.get().last_used_at is None


def test_a_key_that_calls_too_often_is_told_how_long_to_wait(organization, monkeypatch):
    cache.clear()
    monkeypatch.setattr(TokenThrottle, "rate", "2/min", raising=False)
    client = program(organization, "read")
    codes = [client.get(f"{ROOT}sources/").status_code for _ in range(3)]
    refused = client.get(f"{ROOT}sources/")
    assert codes == [200, 200, 429]
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "throttled" in refused.json()["detail"]


def test_each_key_has_a_rate_of_its_own(organization, monkeypatch):
    cache.clear()
    monkeypatch.setattr(TokenThrottle, "rate", "1/min", raising=False)
    busy, calm = program(organization, "read"), program(organization, "read")
    assert [busy.get(f"{ROOT}sources/").status_code for _ in range(2)] == [200, 429]
    assert calm.get(f"{ROOT}sources/").status_code == 200


def test_an_address_that_does_not_exist_is_answered_in_json(db):
    response = APIClient().get(f"{ROOT}nothing/")
    assert response.status_code == 404
    assert "nothing at this address" in response.json()["detail"]


def test_deleting_is_not_offered(organization):
    response = program(organization, "read", "write").delete(f"{ROOT}sources/1/")
    assert response.status_code == 405
    assert "detail" in response.json()
