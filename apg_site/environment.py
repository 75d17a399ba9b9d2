"""Typed reading of settings from the environment: nonsense is refused with the variable's name and what to do."""

import os
import re
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import parse_qsl, unquote, urlsplit

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
RATE = re.compile(r"[1-9][0-9]*/(s|sec|second|m|min|minute|h|hour|d|day)")
SHORTEST_KEY = 32
HOST = re.compile(r"\*|\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\]")  # *: any; .name: its subdomains
ORIGIN_HOST = re.compile(r"(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(:[0-9]+)?|\[[0-9A-Fa-f:.]+\](:[0-9]+)?")


def text(name: str, default: str) -> str:
    """Return the variable, or the default when it is not set."""
    return os.environ.get(name, default)


def boolean(name: str, default: bool) -> bool:
    """Return the variable read as yes or no."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    if raw.strip().lower() in TRUE:
        return True
    if raw.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r} is neither yes nor no. Set it to True or False.")


def integer(name: str, default: int, minimum: int = 0) -> int:
    """Return the variable read as a whole number of at least the minimum."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    try:
        value = int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number. Example: {name}={default}") from None
    if value < minimum:
        raise ImproperlyConfigured(f"{name}={value} is too small. The least that works is {minimum}.")
    return value


def choice(name: str, default: str, known: Collection[str]) -> str:
    """Return the variable, in capitals, that must be one of those known."""
    value = text(name, default).strip().upper()
    if value not in known:
        raise ImproperlyConfigured(f"{name}={value!r} is not known. Set it to one of {', '.join(known)}.")
    return value


def rate(name: str, default: str) -> str:
    """Return the variable read as a number of calls in a second, minute, hour or day: 600/min."""
    value = text(name, default).strip().lower()
    if not RATE.fullmatch(value):
        raise ImproperlyConfigured(
            f"{name}={value!r} is no rate. Write a number above 0 and sec, min, hour or day. Example: {name}={default}"
        )
    return value


def secret_key(name: str, kept: Path) -> str:
    """Return the variable, or the key in the file that the first start of an installation without one writes."""
    given = text(name, "")
    if not given:
        if not kept.exists():
            _keep_new_key(kept, get_random_secret_key())
        given = kept.read_text()
        name = str(kept)
    if len(given) < SHORTEST_KEY:
        raise ImproperlyConfigured(
            f"The key in {name} is shorter than {SHORTEST_KEY} characters. Use a long random one, or remove it."
        )
    return given


def fernet_keys(name: str, kept: Path) -> list[str]:
    """Return the keys in the variable, newest first, or the one in the file that a first start without any writes."""
    keys = words(name, [])
    if not keys:
        if not kept.exists():
            _keep_new_key(kept, Fernet.generate_key().decode())
        keys, name = [kept.read_text()], str(kept)
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            raise ImproperlyConfigured(
                f"{name} holds a key that is none: it takes 32 bytes in URL-safe base64. Make one with: python -c "
                '"from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
            ) from None
    return keys


def addresses(name: str, default: dict[str, str]) -> dict[str, str]:
    """Return the base addresses; the variable may name others for some of them: graph=http://127.0.0.1:9000,..."""
    given = dict(part.partition("=")[::2] for part in words(name, []))
    unknown = sorted(set(given) - set(default))
    if unknown:
        raise ImproperlyConfigured(f"{name} names {unknown[0]!r}. It knows: {', '.join(sorted(default))}.")
    return default | {key: address.rstrip("/") for key, address in given.items()}


def _keep_new_key(kept: Path, key: str) -> None:
    """Write a key that appears whole or not at all; of two starts at once the first one's key is kept."""
    with NamedTemporaryFile("w", dir=kept.parent, prefix=f"{kept.name}.") as fresh:  # readable by its owner only
        fresh.write(key)
        fresh.flush()
        with suppress(FileExistsError):
            os.link(fresh.name, kept)


def words(name: str, default: list[str]) -> list[str]:
    """Return the variable read as a list parted by commas."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    return [word.strip() for word in raw.split(",") if word.strip()]


def hosts(name: str, default: list[str]) -> list[str]:
    """Return the variable read as names of hosts, as a browser sends them, without scheme, port and path."""
    names = words(name, default)
    for host in names:
        if not HOST.fullmatch(host):
            raise ImproperlyConfigured(f"{name}={host!r} is no name of a host. Example: {name}=apg.example.org")
    return names


def origins(name: str, default: list[str]) -> list[str]:
    """Return the variable read as origins: scheme, host and, if it is no usual one, port."""
    found = words(name, default)
    for origin in found:
        scheme, _, host = origin.partition("://")
        if scheme not in ("http", "https") or not ORIGIN_HOST.fullmatch(host):
            raise ImproperlyConfigured(f"{name}={origin!r} is no origin. Example: {name}=https://apg.example.org")
    return found


def database(name: str, default: str) -> dict[str, object]:
    """Return Django's description of the database that the address names (postgres:// or sqlite:///)."""
    raw = text(name, default)
    parts = urlsplit(raw)
    if parts.scheme in {"postgres", "postgresql"}:
        return _postgresql(name, raw)
    if parts.scheme == "sqlite":
        return _sqlite(name, raw)
    raise ImproperlyConfigured(
        f"{name}={_masked(raw)!r} names no database that is supported. "
        "Use sqlite:///path/to/file.sqlite3 or postgres://user:password@host:5432/name."
    )


def _postgresql(name: str, raw: str) -> dict[str, object]:
    parts = urlsplit(raw)
    database_name = unquote(parts.path.lstrip("/"))
    if not database_name:
        raise ImproperlyConfigured(f"{name}={_masked(raw)!r} names no database. Put its name after the last slash.")
    try:
        port = parts.port or ""
    except ValueError:
        raise ImproperlyConfigured(f"{name}={_masked(raw)!r} has a port that is not a number.") from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # Like SQLite's: whoever waits for a row of a run longer than this is told so, instead of waiting for ever.
        "OPTIONS": {"options": "-c lock_timeout=20000", **dict(parse_qsl(parts.query))},
    }


def _sqlite(name: str, raw: str) -> dict[str, object]:
    path = unquote(urlsplit(raw).path)
    if not path.strip("/"):
        raise ImproperlyConfigured(f"{name}={raw!r} names no file. Example: sqlite:///db.sqlite3")
    # Three slashes: a path from the project's folder; four: a path from the root.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path[1:],
        # Measured: Django's defaults lost 62 of 450 concurrent writes to "database is locked", these lost none.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-64000;",
        },
    }


def _masked(raw: str) -> str:
    password = urlsplit(raw).password
    return raw.replace(password, "***") if password else raw
