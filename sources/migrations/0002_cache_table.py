from django.core.management import call_command
from django.db import migrations


def make_cache_table(apps, schema_editor):
    """The queue and the pages tell each other through the cache: it belongs to the database like the other tables."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("sources", "0001_initial")]

    operations = [migrations.RunPython(make_cache_table, migrations.RunPython.noop)]
