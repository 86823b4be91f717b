"""The links that lead patients to the page of their visit."""

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
    dependencies = [
        ("notifications", "0010_news"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="VisitLink",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("token_hash", models.CharField(max_length=64)),
                        ("made_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField(verbose_name="works until")),
                        ("wrong_tries", models.PositiveSmallIntegerField(default=0, verbose_name="wrong birth dates")),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("ended_why", models.CharField(blank=True, max_length=200, verbose_name="why it ended")),
                        (
                            "answer",
                            models.CharField(
                                blank=True, choices=[("comes", "Comes"), ("other-time", "Other time")], max_length=12
                            ),
                        ),
                        ("answered_at", models.DateTimeField(null=True)),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "message",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="links",
                                to="notifications.message",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="HistoricalVisitLink",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("token_hash", models.CharField(max_length=64)),
                        ("made_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField(verbose_name="works until")),
                        ("wrong_tries", models.PositiveSmallIntegerField(default=0, verbose_name="wrong birth dates")),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("ended_why", models.CharField(blank=True, max_length=200, verbose_name="why it ended")),
                        (
                            "answer",
                            models.CharField(
                                blank=True, choices=[("comes", "Comes"), ("other-time", "Other time")], max_length=12
                            ),
                        ),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "message",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="notifications.message",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical visit link",
                        "verbose_name_plural": "historical visit links",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "indexes": [
                            models.Index(
                                fields=["id", "-history_date", "-history_id"], name="notificatio_id_7dd779_idx"
                            )
                        ],
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
            ]
        ),
        Together(
            [
                migrations.AddConstraint(
                    model_name="visitlink",
                    constraint=models.UniqueConstraint(fields=("token_hash",), name="visit_link_token_once"),
                ),
                migrations.AddConstraint(
                    model_name="visitlink",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("token_hash__regex", "^[0-9a-f]{64}$")), name="visit_link_keeps_no_token"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visitlink",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))), name="visit_link_works_for_a_while"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visitlink",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("wrong_tries__lt", 5),
                            models.Q(("ended_at__isnull", False), ("wrong_tries", 5)),
                            _connector="OR",
                        ),
                        name="visit_link_ends_after_five_tries",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visitlink",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by__isnull", True), ("ended_why", "")),
                            models.Q(("ended_at__isnull", False), ("ended_why__regex", "\\S")),
                            _connector="OR",
                        ),
                        name="visit_link_ended_says_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visitlink",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True)),
                            models.Q(("answer__in", ["comes", "other-time"]), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="visit_link_answer_is_dated",
                    ),
                ),
            ]
        ),
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalvisitlink",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM notifications_visitlink t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM notifications_historicalvisitlink h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'notifications_visitlink');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="79014659c0d4de84c76c5b0c2c99ad18ad66b70d",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_8a147",
                            table="notifications_historicalvisitlink",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalvisitlink",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="4d0009d36432cdcf0a0c1a56ebdf61c6d980a18a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_e4880",
                            table="notifications_historicalvisitlink",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalvisitlink",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="948fc62c48ad694f89142a37429c353c7b0bbd0d",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_3ec0a",
                            table="notifications_historicalvisitlink",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitlink",
                    trigger=pgtrigger.compiler.Trigger(
                        name="visit_link_stays",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF (NEW.message_id, NEW.token_hash, NEW.made_at, NEW.expires_at)\n                   IS DISTINCT FROM (OLD.message_id, OLD.token_hash, OLD.made_at, OLD.expires_at)\n               OR NEW.wrong_tries < OLD.wrong_tries\n               OR (OLD.ended_at IS NOT NULL AND (NEW.ended_at, NEW.ended_by_id, NEW.ended_why)\n                   IS DISTINCT FROM (OLD.ended_at, OLD.ended_by_id, OLD.ended_why)) THEN\n                RAISE EXCEPTION 'a link stays what it was'\n                    USING ERRCODE = '23514', CONSTRAINT = 'visit_link_stays';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="5ae328df0132af5940f2f36d120b042b9367045a",
                            operation="UPDATE",
                            pgid="pgtrigger_visit_link_stays_ddb62",
                            table="notifications_visitlink",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitlink",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="\n            IF NEW.id <> OLD.id THEN\n                PERFORM desk_check_history(TG_TABLE_NAME, 'notifications_historicalvisitlink', '{}', OLD.id);\n            END IF;\n            PERFORM desk_check_history(TG_TABLE_NAME, 'notifications_historicalvisitlink', '{}', COALESCE(NEW.id, OLD.id));\n            RETURN NULL;\n        ",
                            hash="7b8246e01e56a40a1f19960da306881d0869a4e5",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_1072d",
                            table="notifications_visitlink",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitlink",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="0476e35590fd85a77e9f12733a9b2a1af4717b2c",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_fc15d",
                            table="notifications_visitlink",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
