"""Messages that ask: questions before a visit, a questionnaire after it, an offer of a free place."""

import notifications.models.ledger
from django.conf import settings
from django.db import migrations, models

from config.audit.together import Together


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0015_a_claim_is_a_lease"),
        ("patients", "0011_checks_planned_once"),
        ("scheduling", "0011_checks_planned_once"),
        ("staff", "0004_checks_planned_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                migrations.RemoveConstraint(
                    model_name="message",
                    name="message_purpose_known",
                ),
                migrations.RemoveConstraint(
                    model_name="messagetemplate",
                    name="message_template_of_something",
                ),
                migrations.RemoveConstraint(
                    model_name="purposeswitch",
                    name="purpose_switch_known",
                ),
            ]
        ),
        Together(
            [
                migrations.AddField(
                    model_name="historicalpurposeswitch",
                    name="hours_before",
                    field=models.PositiveSmallIntegerField(null=True),
                ),
                migrations.AddField(
                    model_name="purposeswitch",
                    name="hours_before",
                    field=models.PositiveSmallIntegerField(null=True),
                ),
                migrations.AlterField(
                    model_name="historicalmessage",
                    name="offset_hours",
                    field=models.PositiveSmallIntegerField(
                        help_text="How long before the visit, a questionnaire after it, by the clinic's clock."
                    ),
                ),
                migrations.AlterField(
                    model_name="historicalmessage",
                    name="purpose",
                    field=models.CharField(
                        choices=[
                            ("reminder", "Reminder"),
                            ("confirmation", "Confirmation"),
                            ("moved", "Moved"),
                            ("cancelled", "Cancelled"),
                            ("pre-visit-questions", "Pre visit questions"),
                            ("questionnaire", "Questionnaire"),
                            ("waitlist-offer", "Waitlist offer"),
                        ],
                        max_length=20,
                    ),
                ),
                migrations.AlterField(
                    model_name="historicalpurposeswitch",
                    name="purpose",
                    field=models.CharField(
                        choices=[
                            ("reminder", "Reminder"),
                            ("confirmation", "Confirmation"),
                            ("moved", "Moved"),
                            ("cancelled", "Cancelled"),
                            ("pre-visit-questions", "Pre visit questions"),
                            ("questionnaire", "Questionnaire"),
                            ("waitlist-offer", "Waitlist offer"),
                        ],
                        max_length=20,
                    ),
                ),
                migrations.AlterField(
                    model_name="message",
                    name="offset_hours",
                    field=models.PositiveSmallIntegerField(
                        help_text="How long before the visit, a questionnaire after it, by the clinic's clock."
                    ),
                ),
                migrations.AlterField(
                    model_name="message",
                    name="purpose",
                    field=models.CharField(
                        choices=[
                            ("reminder", "Reminder"),
                            ("confirmation", "Confirmation"),
                            ("moved", "Moved"),
                            ("cancelled", "Cancelled"),
                            ("pre-visit-questions", "Pre visit questions"),
                            ("questionnaire", "Questionnaire"),
                            ("waitlist-offer", "Waitlist offer"),
                        ],
                        max_length=20,
                    ),
                ),
                migrations.AlterField(
                    model_name="messagetemplate",
                    name="purpose",
                    field=models.CharField(
                        choices=[
                            ("reminder", "Reminder"),
                            ("confirmation", "Confirmation"),
                            ("moved", "Moved"),
                            ("cancelled", "Cancelled"),
                            ("pre-visit-questions", "Pre visit questions"),
                            ("questionnaire", "Questionnaire"),
                            ("waitlist-offer", "Waitlist offer"),
                        ],
                        max_length=20,
                    ),
                ),
                migrations.AlterField(
                    model_name="purposeswitch",
                    name="purpose",
                    field=models.CharField(
                        choices=[
                            ("reminder", "Reminder"),
                            ("confirmation", "Confirmation"),
                            ("moved", "Moved"),
                            ("cancelled", "Cancelled"),
                            ("pre-visit-questions", "Pre visit questions"),
                            ("questionnaire", "Questionnaire"),
                            ("waitlist-offer", "Waitlist offer"),
                        ],
                        max_length=20,
                    ),
                ),
            ]
        ),
        Together(
            [
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("nth", 0),
                                (
                                    "purpose__in",
                                    [
                                        "reminder",
                                        notifications.models.ledger.Purpose["QUESTIONS"],
                                        notifications.models.ledger.Purpose["QUESTIONNAIRE"],
                                        notifications.models.ledger.Purpose["OFFER"],
                                    ],
                                ),
                                ("told_with__isnull", True),
                            ),
                            models.Q(
                                ("nth__gt", 0),
                                (
                                    "purpose__in",
                                    [
                                        notifications.models.ledger.Purpose["CANCELLED"],
                                        notifications.models.ledger.Purpose["CONFIRMATION"],
                                        notifications.models.ledger.Purpose["MOVED"],
                                    ],
                                ),
                                ("told_start__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="message_purpose_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="messagetemplate",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("channel__in", ["sms", "email"]),
                            ("edition__gt", 0),
                            ("language__in", ["en", "es"]),
                            (
                                "purpose__in",
                                [
                                    "reminder",
                                    "confirmation",
                                    "moved",
                                    "cancelled",
                                    "pre-visit-questions",
                                    "questionnaire",
                                    "waitlist-offer",
                                ],
                            ),
                        ),
                        name="message_template_of_something",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="purposeswitch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "purpose__in",
                                [
                                    "reminder",
                                    "confirmation",
                                    "moved",
                                    "cancelled",
                                    "pre-visit-questions",
                                    "questionnaire",
                                    "waitlist-offer",
                                ],
                            )
                        ),
                        name="purpose_switch_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="purposeswitch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("hours_before__isnull", True),
                            models.Q(
                                ("hours_before__range", (4, 336)),
                                ("purpose", "pre-visit-questions"),
                                ("visit_type__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="purpose_switch_hours_of_questions",
                    ),
                ),
            ]
        ),
    ]
