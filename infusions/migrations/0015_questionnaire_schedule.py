"""When questionnaires are sent by a link."""

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
        ("infusions", "0014_checks_planned_once"),
        ("staff", "0004_checks_planned_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="QuestionnaireSchedule",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("canonical", models.UUIDField()),
                        (
                            "days_after",
                            models.PositiveSmallIntegerField(null=True, verbose_name="days after an infusion"),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="HistoricalQuestionnaireSchedule",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("canonical", models.UUIDField()),
                        (
                            "days_after",
                            models.PositiveSmallIntegerField(null=True, verbose_name="days after an infusion"),
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
                        "verbose_name": "historical questionnaire schedule",
                        "verbose_name_plural": "historical questionnaire schedules",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                        "indexes": [
                            models.Index(
                                fields=["id", "-history_date", "-history_id"], name="infusions_h_id_3757d0_idx"
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
                    model_name="questionnaireschedule",
                    constraint=models.UniqueConstraint(
                        fields=("clinic", "canonical"), name="questionnaire_scheduled_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="questionnaireschedule",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("days_after__isnull", True), ("days_after__range", (1, 90)), _connector="OR"
                        ),
                        name="questionnaire_days_sensible",
                    ),
                ),
            ]
        ),
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalquestionnaireschedule",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text; known boolean;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM infusions_questionnaireschedule t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM (\n                SELECT history_type, history_id FROM infusions_historicalquestionnaireschedule WHERE id = NEW.id OFFSET 0\n            ) h ORDER BY h.history_id DESC LIMIT 1;\n            known := COALESCE(earlier, '-') <> '-';\n            IF (NEW.history_type = '-' AND stands IS NULL AND known)\n               OR (NEW.history_type IN ('+', '~') AND known = (NEW.history_type = '~')\n                   AND desk_told(to_jsonb(NEW)) = stands AND desk_written_now(written))\n            THEN\n                NEW.txid := pg_current_xact_id()::text::bigint;\n                NEW.actor := desk_actor();\n                NEW.history_user_id := desk_acting_user();\n                NEW.history_date := clock_timestamp();\n                NEW.history_change_reason := COALESCE(\n                    NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n                RETURN NEW;\n            END IF;\n            RAISE EXCEPTION 'history of infusions_questionnaireschedule tells what did not happen' USING ERRCODE = 'DK002';\n        ",
                            hash="96a4f96c82e75cf923233905969f46f65cae2eea",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_265ae",
                            table="infusions_historicalquestionnaireschedule",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalquestionnaireschedule",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="7729cc8fe3c82121ca85cd4905d18b02feb14d60",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_7f277",
                            table="infusions_historicalquestionnaireschedule",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalquestionnaireschedule",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="7047af7e325dd68dbb2ae6555663b891397416fb",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_f9631",
                            table="infusions_historicalquestionnaireschedule",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireschedule",
                    trigger=pgtrigger.compiler.Trigger(
                        name="measure_of_own_clinic",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NOT EXISTS (\n                SELECT FROM infusions_questionnaire WHERE canonical = NEW.canonical AND clinic_id = NEW.clinic_id\n            ) THEN\n                RAISE EXCEPTION 'this clinic does not ask this'\n                    USING ERRCODE = '23514', CONSTRAINT = 'schedule_of_what_is_asked';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="217461ac0c159fdb36d4b4da1827801bb7237d0a",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_measure_of_own_clinic_eff66",
                            table="infusions_questionnaireschedule",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireschedule",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            declare="DECLARE row_id uuid; stands jsonb; newest jsonb;",
                            func="\n            IF COALESCE(current_setting('desk.actor', true), '') = '' THEN\n                RAISE EXCEPTION 'no acting person' USING ERRCODE = 'DK001';\n            END IF;\n            FOREACH row_id IN ARRAY ARRAY[NULLIF(OLD.id, NEW.id), COALESCE(NEW.id, OLD.id)] LOOP\n                CONTINUE WHEN row_id IS NULL;\n                SELECT to_jsonb(t) - '{}'::text[] INTO stands FROM infusions_questionnaireschedule t WHERE t.id = row_id;\n                SELECT to_jsonb(h) INTO newest FROM (\n                    SELECT * FROM infusions_historicalquestionnaireschedule WHERE id = row_id AND txid = pg_current_xact_id()::text::bigint OFFSET 0\n                ) h ORDER BY h.history_id DESC LIMIT 1;\n                IF newest IS NULL\n                   OR (stands IS NULL AND newest ->> 'history_type' <> '-')\n                   OR (stands IS NOT NULL AND (newest ->> 'history_type' = '-' OR desk_told(newest) <> stands))\n                THEN\n                    RAISE EXCEPTION 'a change of % has no matching history', TG_TABLE_NAME USING ERRCODE = 'DK002';\n                END IF;\n            END LOOP;\n            RETURN NULL;\n        ",
                            hash="f21db21de8b40246ae50d9f9f2f3f4890277ba92",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_d0e5f",
                            table="infusions_questionnaireschedule",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="questionnaireschedule",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="c7980850a54a5347e1ccfe8bb959d76b9471cdb1",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_a0aaa",
                            table="infusions_questionnaireschedule",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
