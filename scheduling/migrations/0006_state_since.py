"""Since when a visit stands in its state, so that the board says how long an infusion runs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0005_a_part_of_a_span_has_minutes"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="state_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="historicalappointment",
            name="state_since",
            field=models.DateTimeField(null=True),
        ),
    ]
