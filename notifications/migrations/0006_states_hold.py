"""What holds the states in order, and the indexes that their readers use."""

from django.db import migrations, models

from config.audit.together import Together


class Migration(migrations.Migration):
    dependencies = [("notifications", "0005_states_told_apart")]

    operations = [
        Together(
            [
                migrations.AddIndex(
                    model_name="message",
                    index=models.Index(
                        condition=models.Q(("state__in", ["deferred", "failed-temporary", "planned"])),
                        fields=["channel", "due_at"],
                        name="message_due",
                    ),
                ),
                migrations.AddIndex(
                    model_name="message",
                    index=models.Index(
                        condition=models.Q(("state__in", ["claimed", "submitted"])),
                        fields=["lease_until"],
                        name="message_leased",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "planned",
                                    "deferred",
                                    "failed-temporary",
                                    "claimed",
                                    "submitted",
                                    "accepted",
                                    "delivered",
                                    "undelivered",
                                    "suppressed",
                                    "voided",
                                    "failed-permanent",
                                    "unknown",
                                ],
                            )
                        ),
                        name="message_state_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    [
                                        "deferred",
                                        "failed-permanent",
                                        "failed-temporary",
                                        "suppressed",
                                        "undelivered",
                                        "unknown",
                                        "voided",
                                    ],
                                ),
                                _negated=True,
                            ),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="message_not_sent_says_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lease_until__isnull", False), ("state__in", ["claimed", "submitted"])),
                            models.Q(
                                models.Q(("state__in", ["claimed", "submitted"]), _negated=True),
                                ("lease_until__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="message_leased_while_in_hand",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["accepted", "delivered", "undelivered"]), _negated=True),
                            models.Q(("sent_at__isnull", False), models.Q(("text", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="message_sent_shows_what",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_at__isnull", True),
                            (
                                "state__in",
                                ["accepted", "delivered", "submitted", "undelivered", "unknown", "failed-permanent"],
                            ),
                            _connector="OR",
                        ),
                        name="message_handed_over_stays_so",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_at__isnull", False),
                            models.Q(
                                ("state__in", ["accepted", "delivered", "submitted", "undelivered", "unknown"]),
                                _negated=True,
                            ),
                            _connector="OR",
                        ),
                        name="message_handed_over_is_stamped",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("receipt_at__isnull", False), ("state__in", ["delivered", "undelivered"])),
                            models.Q(
                                models.Q(("state__in", ["delivered", "undelivered"]), _negated=True),
                                ("receipt_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="message_receipt_is_dated",
                    ),
                ),
            ]
        ),
    ]
