import config.audit.locks
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from config.audit.together import Together


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("patients", "0002_initial"),
        ("scheduling", "0002_initial"),
        ("staff", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="HistoricalMessage",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("placing", models.PositiveIntegerField(verbose_name="the visit's placing")),
                        ("purpose", models.CharField(choices=[("reminder", "Reminder")], max_length=20)),
                        ("channel", models.CharField(choices=[("sms", "Text"), ("email", "Email")], max_length=8)),
                        (
                            "offset_hours",
                            models.PositiveSmallIntegerField(
                                help_text="How long before the visit, by the clinic's clock."
                            ),
                        ),
                        ("planned_for", models.DateTimeField()),
                        ("due_at", models.DateTimeField(verbose_name="goes out at")),
                        ("useful_until", models.DateTimeField(help_text="From then on it is not worth sending.")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("sending", "Sending"),
                                    ("sent", "Sent"),
                                    ("suppressed", "Suppressed"),
                                    ("voided", "Voided"),
                                    ("failed", "Failed"),
                                    ("unknown", "Unknown"),
                                ],
                                default="planned",
                                max_length=12,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("to", models.CharField(blank=True, max_length=254, verbose_name="address or number")),
                        ("subject", models.CharField(blank=True, max_length=200)),
                        ("text", models.TextField(blank=True)),
                        ("language", models.CharField(blank=True, max_length=12)),
                        ("wording_version", models.CharField(blank=True, max_length=20, verbose_name="wording")),
                        ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                        ("lease_until", models.DateTimeField(null=True, verbose_name="claimed until")),
                        ("submitted_at", models.DateTimeField(null=True, verbose_name="handed over at")),
                        ("sent_at", models.DateTimeField(null=True)),
                        (
                            "provider_id",
                            models.CharField(blank=True, max_length=120, verbose_name="provider's reference"),
                        ),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "appointment",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="staff.clinic",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical message",
                        "verbose_name_plural": "historical messages",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Message",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("placing", models.PositiveIntegerField(verbose_name="the visit's placing")),
                        ("purpose", models.CharField(choices=[("reminder", "Reminder")], max_length=20)),
                        ("channel", models.CharField(choices=[("sms", "Text"), ("email", "Email")], max_length=8)),
                        (
                            "offset_hours",
                            models.PositiveSmallIntegerField(
                                help_text="How long before the visit, by the clinic's clock."
                            ),
                        ),
                        ("planned_for", models.DateTimeField()),
                        ("due_at", models.DateTimeField(verbose_name="goes out at")),
                        ("useful_until", models.DateTimeField(help_text="From then on it is not worth sending.")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("planned", "Planned"),
                                    ("sending", "Sending"),
                                    ("sent", "Sent"),
                                    ("suppressed", "Suppressed"),
                                    ("voided", "Voided"),
                                    ("failed", "Failed"),
                                    ("unknown", "Unknown"),
                                ],
                                default="planned",
                                max_length=12,
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        ("to", models.CharField(blank=True, max_length=254, verbose_name="address or number")),
                        ("subject", models.CharField(blank=True, max_length=200)),
                        ("text", models.TextField(blank=True)),
                        ("language", models.CharField(blank=True, max_length=12)),
                        ("wording_version", models.CharField(blank=True, max_length=20, verbose_name="wording")),
                        ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                        ("lease_until", models.DateTimeField(null=True, verbose_name="claimed until")),
                        ("submitted_at", models.DateTimeField(null=True, verbose_name="handed over at")),
                        ("sent_at", models.DateTimeField(null=True)),
                        (
                            "provider_id",
                            models.CharField(blank=True, max_length=120, verbose_name="provider's reference"),
                        ),
                        (
                            "appointment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                            ),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
            ]
        ),
        Together(
            [
                migrations.AddIndex(
                    model_name="message",
                    index=models.Index(
                        condition=models.Q(("state", "planned")), fields=["channel", "due_at"], name="message_due"
                    ),
                ),
                migrations.AddIndex(
                    model_name="message",
                    index=models.Index(
                        condition=models.Q(("state", "sending")), fields=["lease_until"], name="message_leased"
                    ),
                ),
                migrations.AddIndex(
                    model_name="message",
                    index=models.Index(fields=["clinic", "state", "-due_at", "-id"], name="message_by_state"),
                ),
                migrations.AddIndex(
                    model_name="message",
                    index=models.Index(fields=["appointment"], name="message_by_appointment"),
                ),
                migrations.AddIndex(
                    model_name="message",
                    index=models.Index(fields=["patient", "-due_at"], name="message_by_patient"),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.UniqueConstraint(
                        fields=("appointment", "placing", "purpose", "channel", "offset_hours"),
                        name="message_planned_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["planned", "sending", "sent", "suppressed", "voided", "failed", "unknown"])
                        ),
                        name="message_state_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("channel__in", ["sms", "email"])), name="message_channel_known"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["failed", "suppressed", "unknown", "voided"]), _negated=True),
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
                            models.Q(("lease_until__isnull", False), ("state", "sending")),
                            models.Q(models.Q(("state", "sending"), _negated=True), ("lease_until__isnull", True)),
                            _connector="OR",
                        ),
                        name="message_leased_while_sending",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            models.Q(
                                ("sent_at__isnull", False),
                                ("submitted_at__isnull", False),
                                models.Q(("text", ""), _negated=True),
                            ),
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
                            models.Q(("state__in", ["planned", "suppressed", "voided"]), _negated=True),
                            _connector="OR",
                        ),
                        name="message_handed_over_stays_so",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("withdrawn_by__isnull", True), ("state", "voided"), _connector="OR"),
                        name="message_withdrawn_is_voided",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("useful_until__gte", models.F("planned_for"))),
                        name="message_useful_when_planned",
                    ),
                ),
            ]
        ),
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalmessage",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM notifications_message t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM notifications_historicalmessage h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'notifications_message');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="0e994ed6f23931acd20721656c3181e4ea4afdc5",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_69559",
                            table="notifications_historicalmessage",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalmessage",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="b6b33e6044b690f452491861f8cc4bf543950f99",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_e2dd5",
                            table="notifications_historicalmessage",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalmessage",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="5a9dee72397a20e89d1c6dca1ad8b433f5831c46",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_e25f6",
                            table="notifications_historicalmessage",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="message",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'notifications_historicalmessage', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="fc5ccf66282614b130578943b7a84e05c5796fcb",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_13c05",
                            table="notifications_message",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="message",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="bdef9af928842386e7a7ab5009716e26db73c81b",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_0dd14",
                            table="notifications_message",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
