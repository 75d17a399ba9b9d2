from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sources', '0010_reached_back_to'),
    ]

    operations = [
        migrations.AddField(
            model_name='cycle',
            name='is_outdated',
            field=models.BooleanField(default=False, help_text='What counts was changed since: the next cycle reads all days again.'),
        ),
    ]
