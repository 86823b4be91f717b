"""What clinics ask before a visit, and what patients answer."""

import config.audit.locks
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from config.audit.together import Together


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0011_checks_planned_once"),
        ("staff", "0004_checks_planned_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="VisitQuestion",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("wording", models.CharField(max_length=200, verbose_name="question")),
                        (
                            "wording_es",
                            models.CharField(blank=True, max_length=200, verbose_name="question in Spanish"),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("retired_at", models.DateTimeField(null=True)),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="VisitAnswer",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("txid", models.BigIntegerField(db_default=0, editable=False)),
                        ("placing", models.PositiveIntegerField(verbose_name="the visit's placing")),
                        ("said", models.TextField(blank=True, max_length=1000)),
                        ("language", models.CharField(choices=[("en", "English"), ("es", "Spanish")], max_length=2)),
                        ("how", models.CharField(help_text="Link.", max_length=40)),
                        ("at", models.DateTimeField()),
                        (
                            "appointment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="scheduling.visitquestion",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="HistoricalVisitQuestion",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("wording", models.CharField(max_length=200, verbose_name="question")),
                        (
                            "wording_es",
                            models.CharField(blank=True, max_length=200, verbose_name="question in Spanish"),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("retired_at", models.DateTimeField(null=True)),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
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
                    ],
                    options={
                        "verbose_name": "historical visit question",
                        "verbose_name_plural": "historical visit questions",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "indexes": [
                            models.Index(
                                fields=["id", "-history_date", "-history_id"], name="scheduling__id_505a93_idx"
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
                    model_name="visitquestion",
                    constraint=models.UniqueConstraint(
                        fields=("clinic", "wording", "wording_es"), name="visit_question_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visitquestion",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("wording__regex", "\\S")), name="visit_question_asks_something"
                    ),
                ),
                migrations.AddIndex(
                    model_name="visitanswer",
                    index=models.Index(fields=["appointment", "-at", "-recorded_at"], name="visit_answer_newest"),
                ),
                migrations.AddConstraint(
                    model_name="visitanswer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("said", ""), ("said__regex", "\\S"), _connector="OR"),
                        name="visit_answer_blank_is_empty",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visitanswer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "es"])), name="visit_answer_language_known"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visitanswer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("how__regex", "\\S")), name="visit_answer_says_how"
                    ),
                ),
            ]
        ),
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalvisitquestion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text; known boolean;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM scheduling_visitquestion t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM (\n                SELECT history_type, history_id FROM scheduling_historicalvisitquestion WHERE id = NEW.id OFFSET 0\n            ) h ORDER BY h.history_id DESC LIMIT 1;\n            known := COALESCE(earlier, '-') <> '-';\n            IF (NEW.history_type = '-' AND stands IS NULL AND known)\n               OR (NEW.history_type IN ('+', '~') AND known = (NEW.history_type = '~')\n                   AND desk_told(to_jsonb(NEW)) = stands AND desk_written_now(written))\n            THEN\n                NEW.txid := pg_current_xact_id()::text::bigint;\n                NEW.actor := desk_actor();\n                NEW.history_user_id := desk_acting_user();\n                NEW.history_date := clock_timestamp();\n                NEW.history_change_reason := COALESCE(\n                    NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n                RETURN NEW;\n            END IF;\n            RAISE EXCEPTION 'history of scheduling_visitquestion tells what did not happen' USING ERRCODE = 'DK002';\n        ",
                            hash="5adf31ca40effcb492500e6f680fbd5d51e82898",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_f7356",
                            table="scheduling_historicalvisitquestion",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalvisitquestion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="ff2da01cdca3fac52c5cb6b4db6f3c8a11ea0dbe",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_5008e",
                            table="scheduling_historicalvisitquestion",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalvisitquestion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="20671a85e83187a2d0d911732c9558b1be7bed74",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_d1bd6",
                            table="scheduling_historicalvisitquestion",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitquestion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="question_stands",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF TG_OP = 'DELETE' OR (NEW.wording, NEW.wording_es, NEW.clinic_id)\n               <> (OLD.wording, OLD.wording_es, OLD.clinic_id)\n            THEN\n                PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP);\n            END IF;\n            RETURN NEW;\n        ",
                            hash="b203fee22a09091b82ad702df089648fccd5e983",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_question_stands_41ab4",
                            table="scheduling_visitquestion",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitquestion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            declare="DECLARE row_id uuid; stands jsonb; newest jsonb;",
                            func="\n            IF COALESCE(current_setting('desk.actor', true), '') = '' THEN\n                RAISE EXCEPTION 'no acting person' USING ERRCODE = 'DK001';\n            END IF;\n            FOREACH row_id IN ARRAY ARRAY[NULLIF(OLD.id, NEW.id), COALESCE(NEW.id, OLD.id)] LOOP\n                CONTINUE WHEN row_id IS NULL;\n                SELECT to_jsonb(t) - '{}'::text[] INTO stands FROM scheduling_visitquestion t WHERE t.id = row_id;\n                SELECT to_jsonb(h) INTO newest FROM (\n                    SELECT * FROM scheduling_historicalvisitquestion WHERE id = row_id AND txid = pg_current_xact_id()::text::bigint OFFSET 0\n                ) h ORDER BY h.history_id DESC LIMIT 1;\n                IF newest IS NULL\n                   OR (stands IS NULL AND newest ->> 'history_type' <> '-')\n                   OR (stands IS NOT NULL AND (newest ->> 'history_type' = '-' OR desk_told(newest) <> stands))\n                THEN\n                    RAISE EXCEPTION 'a change of % has no matching history', TG_TABLE_NAME USING ERRCODE = 'DK002';\n                END IF;\n            END LOOP;\n            RETURN NULL;\n        ",
                            hash="4d6e51dd1fe0c2cf4d2e3ac4c4f215901ab477af",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_7d957",
                            table="scheduling_visitquestion",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitquestion",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="d706ae0c40112633c7ddf4479f32c669c4acdd96",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_d7203",
                            table="scheduling_visitquestion",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitanswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="answered_by_link",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF desk_actor() <> 'job:patient-link' THEN\n                RAISE EXCEPTION 'only the patient''s link answers for the patient' USING ERRCODE = 'DK004';\n            END IF;\n            IF NOT EXISTS (\n                SELECT FROM scheduling_appointment a JOIN scheduling_visitquestion q ON q.clinic_id = a.clinic_id\n                WHERE a.id = NEW.appointment_id AND q.id = NEW.question_id\n            ) THEN\n                RAISE EXCEPTION 'the question belongs to another clinic'\n                    USING ERRCODE = '23514', CONSTRAINT = 'visit_answer_within_clinic';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="2dc69efed56eb32f0bb7bc6e40927f4ba756ad10",
                            operation="INSERT",
                            pgid="pgtrigger_answered_by_link_25bbe",
                            table="scheduling_visitanswer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitanswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="3776210f84889ad2084feef3efbdcfe81a822f43",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_8b11c",
                            table="scheduling_visitanswer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitanswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="7569c8cdd083039cf351caa14ae05b50041e644d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_7cd12",
                            table="scheduling_visitanswer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitanswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="d8380b2ebd7c0ede991b021085a22282048055ab",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_fb0ff",
                            table="scheduling_visitanswer",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
