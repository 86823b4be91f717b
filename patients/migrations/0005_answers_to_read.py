"""A kind of task: answers that a clinician has to read."""

import patients.models.tasks
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0004_one_person"),
        ("staff", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="task",
            name="task_kind_known",
        ),
        migrations.AlterField(
            model_name="historicaltask",
            name="kind",
            field=models.CharField(
                choices=[
                    ("more-information", "More information"),
                    ("visit-touched", "Visit touched"),
                    ("needs-repair", "Needs repair"),
                    ("order-changed", "Order changed"),
                    ("call-back", "Call back"),
                    ("message-unknown", "Message unknown"),
                    ("patient-died", "Patient died"),
                    ("answers-to-read", "Answers to read"),
                    ("other", "Other"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="kind",
            field=models.CharField(
                choices=[
                    ("more-information", "More information"),
                    ("visit-touched", "Visit touched"),
                    ("needs-repair", "Needs repair"),
                    ("order-changed", "Order changed"),
                    ("call-back", "Call back"),
                    ("message-unknown", "Message unknown"),
                    ("patient-died", "Patient died"),
                    ("answers-to-read", "Answers to read"),
                    ("other", "Other"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            patients.models.tasks.TaskKind["MORE_INFORMATION"],
                            patients.models.tasks.TaskKind["VISIT_TOUCHED"],
                            patients.models.tasks.TaskKind["NEEDS_REPAIR"],
                            patients.models.tasks.TaskKind["ORDER_CHANGED"],
                            patients.models.tasks.TaskKind["CALL_BACK"],
                            patients.models.tasks.TaskKind["MESSAGE_UNKNOWN"],
                            patients.models.tasks.TaskKind["DEATH"],
                            patients.models.tasks.TaskKind["ANSWERS_TO_READ"],
                            patients.models.tasks.TaskKind["OTHER"],
                        ],
                    )
                ),
                name="task_kind_known",
            ),
        ),
    ]
