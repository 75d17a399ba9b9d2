"""The way back to a database that a long wait or a restart has cut off."""

from django.db import close_old_connections, connection


def drop_broken_connections() -> None:
    """Let the next query open a new connection where the old one broke; inside a transaction nothing is touched."""
    if not connection.in_atomic_block:
        close_old_connections()
