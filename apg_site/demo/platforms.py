"""The demo's platforms: stand-ins of the real ones on this machine, and accounts there that are connected."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from sources.connecting.choosing import choose, offers_of
from sources.connecting.reconnecting import new_connection
from sources.connectors.oauth import Grant
from sources.connectors.secret import Secret
from sources.models import DataSource, Organization
from sources.processes import die_with_parent

NAME = "Meravia on its platforms"
SLUG = "demo-platforms"
OWNER = "the demo's owner"
FAKES = settings.BASE_DIR / "tests" / "platforms" / "demo.py"
STOP_SECONDS = 10


@dataclass(frozen=True)
class Permission:
    """What a person gave at a platform, the kind of sources it is good for, and the account to choose ("": all)."""

    provider: str
    kind: str
    token: str
    scopes: tuple[str, ...]
    account: str


@contextmanager
def running_platforms() -> Iterator[list[Permission]]:
    """Serve the platforms, have this process and its children ask them, and give the permissions that are there."""
    if not FAKES.exists():
        raise CommandError(
            f"The demo's platforms are part of the tests, and there is no {FAKES}. Run the demo in a complete copy of "
            "the project, or without --platforms."
        )
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.platforms.demo"],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=die_with_parent,
        text=True,
    )
    try:
        told = process.stdout.readline() if process.stdout else ""
        if not told:
            raise CommandError(
                "The demo's platforms could not be started; what they said stands above. They need the packages of "
                "requirements.txt."
            )
        yield _use(json.loads(told))
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def connect(organization: Organization, permissions: list[Permission], user) -> list[DataSource]:
    """Connect every account that the permissions reach; those of an earlier demo are connected again."""
    organization.connections.all().delete()  # the platforms of that demo are gone, and with them its permissions
    sources = []
    for given in permissions:
        grant = Grant(Secret(given.token), given.scopes, account=OWNER, person=SLUG)
        connection = new_connection(organization=organization, provider=given.provider, grant=grant, user=user)
        offers = offers_of(connection, given.kind)
        ids = [offer.account.id for offer in offers if given.account in ("", offer.account.id)]
        sources += choose(connection=connection, kind=given.kind, ids=ids, offers=offers)
    return sources


def _use(told: dict[str, Any]) -> list[Permission]:
    """Point the settings of this process, and those of the ones it starts, to the platforms."""
    settings.PLATFORM_ADDRESSES = settings.PLATFORM_ADDRESSES | told["addresses"]
    os.environ["PLATFORM_ADDRESSES"] = ",".join(f"{name}={place}" for name, place in told["addresses"].items())
    for name, value in told["settings"].items():
        setattr(settings, name, value)
        os.environ[name] = value
    return [
        Permission(one["provider"], one["kind"], one["token"], tuple(one["scopes"]), one["account"])
        for one in told["permissions"]
    ]
