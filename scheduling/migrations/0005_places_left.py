import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0004_form_holds"),
    ]

    operations = [
        migrations.AddField(
            model_name="appointment",
            name="left_chair",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scheduling.chair"
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="left_start",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="appointment",
            name="left_end",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="historicalappointment",
            name="left_chair",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="scheduling.chair",
            ),
        ),
        migrations.AddField(
            model_name="historicalappointment",
            name="left_start",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="historicalappointment",
            name="left_end",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(left_chair__isnull=True, left_start__isnull=True, left_end__isnull=True)
                | models.Q(left_chair__isnull=False, left_start__isnull=False, left_end__isnull=False)
                & models.Q(left_start__lt=models.F("left_end")),
                name="appointment_left_a_whole_place",
            ),
        ),
    ]
