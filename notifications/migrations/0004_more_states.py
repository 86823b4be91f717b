"""The columns of the finer states, and room for their names; what held the earlier states in order is taken off."""

from django.db import migrations, models

from config.audit.together import Together


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_ids_keep_their_history")]

    operations = [
        Together(
            [
                migrations.RunSQL(
                    "ALTER TABLE notifications_message ALTER state TYPE varchar(20);"
                    "ALTER TABLE notifications_historicalmessage ALTER state TYPE varchar(20);",
                    migrations.RunSQL.noop,
                    state_operations=[
                        migrations.AlterField(
                            model_name="historicalmessage",
                            name="state",
                            field=models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("deferred", "Deferred"),
                                    ("failed-temporary", "Failed temporary"),
                                    ("claimed", "Claimed"),
                                    ("submitted", "Submitted"),
                                    ("accepted", "Accepted"),
                                    ("delivered", "Delivered"),
                                    ("undelivered", "Undelivered"),
                                    ("suppressed", "Suppressed"),
                                    ("voided", "Voided"),
                                    ("failed-permanent", "Failed permanent"),
                                    ("unknown", "Unknown"),
                                ],
                                default="planned",
                                max_length=20,
                            ),
                        ),
                        migrations.AlterField(
                            model_name="message",
                            name="state",
                            field=models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("deferred", "Deferred"),
                                    ("failed-temporary", "Failed temporary"),
                                    ("claimed", "Claimed"),
                                    ("submitted", "Submitted"),
                                    ("accepted", "Accepted"),
                                    ("delivered", "Delivered"),
                                    ("undelivered", "Undelivered"),
                                    ("suppressed", "Suppressed"),
                                    ("voided", "Voided"),
                                    ("failed-permanent", "Failed permanent"),
                                    ("unknown", "Unknown"),
                                ],
                                default="planned",
                                max_length=20,
                            ),
                        ),
                    ],
                ),
                migrations.RemoveConstraint(
                    model_name="message",
                    name="message_state_known",
                ),
                migrations.RemoveConstraint(
                    model_name="message",
                    name="message_not_sent_says_why",
                ),
                migrations.RemoveConstraint(
                    model_name="message",
                    name="message_leased_while_sending",
                ),
                migrations.RemoveConstraint(
                    model_name="message",
                    name="message_sent_shows_what",
                ),
                migrations.RemoveConstraint(
                    model_name="message",
                    name="message_handed_over_stays_so",
                ),
                migrations.RemoveIndex(
                    model_name="message",
                    name="message_due",
                ),
                migrations.RemoveIndex(
                    model_name="message",
                    name="message_leased",
                ),
                migrations.AddField(
                    model_name="historicalmessage",
                    name="error_code",
                    field=models.CharField(blank=True, max_length=40, verbose_name="provider's code"),
                ),
                migrations.AddField(
                    model_name="historicalmessage",
                    name="receipt_at",
                    field=models.DateTimeField(null=True, verbose_name="known to be delivered or not since"),
                ),
                migrations.AddField(
                    model_name="message",
                    name="error_code",
                    field=models.CharField(blank=True, max_length=40, verbose_name="provider's code"),
                ),
                migrations.AddField(
                    model_name="message",
                    name="receipt_at",
                    field=models.DateTimeField(null=True, verbose_name="known to be delivered or not since"),
                ),
                migrations.AlterField(
                    model_name="historicalmessage",
                    name="sent_at",
                    field=models.DateTimeField(null=True, verbose_name="accepted at"),
                ),
                migrations.AlterField(
                    model_name="message",
                    name="sent_at",
                    field=models.DateTimeField(null=True, verbose_name="accepted at"),
                ),
            ]
        ),
    ]
