from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sources", "0011_cycle_is_outdated")]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="person",
            field=models.CharField(blank=True, help_text="The platform's own number of whose it is.", max_length=64),
        ),
    ]
