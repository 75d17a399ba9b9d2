"""How far back the collections of a source reached; of earlier ones that is read from what they brought."""

from datetime import date

from django.db import migrations, models
from django.db.models import Min


def write_down(apps, schema_editor):
    """Without this, every source that is there already would go back once more as far as its first collection did."""
    Cycle = apps.get_model("sources", "Cycle")
    columns = apps.get_model("sources", "PackedInteractions").objects.exclude(period="")
    for source, first in list(Cycle.objects.order_by().values_list("source").annotate(Min("first_day"))):
        period = columns.filter(content__source=source).aggregate(first=Min("period"))["first"]
        reached = min(first, date.fromisoformat(f"{period}-01")) if period else first
        Cycle.objects.filter(source=source).update(reached_back_to=reached)


class Migration(migrations.Migration):

    dependencies = [
        ('sources', '0009_source_problem'),
    ]

    operations = [
        migrations.AddField(
            model_name='cycle',
            name='reached_back_to',
            field=models.DateField(blank=True, help_text='The first day that this cycle or any before it asked for, if that is known.', null=True),
        ),
        migrations.RunPython(write_down, migrations.RunPython.noop),
    ]
