"""Programs that call the API in tests, each with a key of its own."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from sources.tokens import create_token

ROOT = "/api/v1/"


def program(organization, *scopes: str, **fields) -> APIClient:
    """Return a client with a key of the organization; without scopes named it may only read."""
    _, plain = create_token(organization=organization, name="Program", scopes=scopes or ["read"], **fields)
    return with_key(plain)


def with_key(plain: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {plain}")
    return client


def queries_of(call: Callable[[], object]) -> int:
    """Return how many queries a call costs once the key's use is noted and counted."""
    call()
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)
