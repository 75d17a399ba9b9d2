"""Whether the database fits this version of the code."""

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def refuse_unready_database() -> None:
    """Raise CommandError when migrations are waiting."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database is not ready for this version. Run manage.py migrate first.")


def prepare_new_database() -> None:
    """Make the tables of a database that has none yet; one of an older version is left to `manage.py migrate`."""
    if not connection.introspection.table_names():
        call_command("migrate", verbosity=0)
    refuse_unready_database()
