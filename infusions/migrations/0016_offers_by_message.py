"""Offers from the waitlist by message, and what patients say there."""

import infusions.models.waitlist
from django.conf import settings
from django.db import migrations, models

from config.audit.together import Together


class Migration(migrations.Migration):
    dependencies = [
        ("infusions", "0015_questionnaire_schedule"),
        ("scheduling", "0012_visit_questions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                migrations.RemoveConstraint(
                    model_name="waitlistoffer",
                    name="offer_how_known",
                ),
            ]
        ),
        Together(
            [
                migrations.AddField(
                    model_name="historicalwaitlistoffer",
                    name="said",
                    field=models.CharField(
                        blank=True, choices=[("wants", "wants"), ("declines", "declines")], max_length=10
                    ),
                ),
                migrations.AddField(
                    model_name="historicalwaitlistoffer",
                    name="said_at",
                    field=models.DateTimeField(null=True),
                ),
                migrations.AddField(
                    model_name="waitlistoffer",
                    name="said",
                    field=models.CharField(
                        blank=True, choices=[("wants", "wants"), ("declines", "declines")], max_length=10
                    ),
                ),
                migrations.AddField(
                    model_name="waitlistoffer",
                    name="said_at",
                    field=models.DateTimeField(null=True),
                ),
                migrations.AlterField(
                    model_name="historicalwaitlistoffer",
                    name="how",
                    field=models.CharField(
                        choices=[("call", "call"), ("to-call", "to-call"), ("message", "message")], max_length=10
                    ),
                ),
                migrations.AlterField(
                    model_name="waitlistoffer",
                    name="how",
                    field=models.CharField(
                        choices=[("call", "call"), ("to-call", "to-call"), ("message", "message")], max_length=10
                    ),
                ),
            ]
        ),
        Together(
            [
                migrations.AddConstraint(
                    model_name="waitlistoffer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "how__in",
                                [
                                    infusions.models.waitlist.How["CALL"],
                                    infusions.models.waitlist.How["TO_CALL"],
                                    infusions.models.waitlist.How["MESSAGE"],
                                ],
                            )
                        ),
                        name="offer_how_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waitlistoffer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("said", ""), ("said_at__isnull", True)),
                            models.Q(
                                ("how", infusions.models.waitlist.How["MESSAGE"]),
                                (
                                    "said__in",
                                    [
                                        infusions.models.waitlist.Said["WANTS"],
                                        infusions.models.waitlist.Said["DECLINES"],
                                    ],
                                ),
                                ("said_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="offer_said_when",
                    ),
                ),
            ]
        ),
    ]
