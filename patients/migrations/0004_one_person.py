"""What comes over when two records become one, who took a request down, a task's new kind."""

import config.audit.locks
import django.db.models.deletion
import patients.models.tasks
import patients.states
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# Who took each request down stands in its history, which nobody can change but a migration: the column is added to the
# rows of history too, or the next act would seem to have changed it.
WHO = """
ALTER TABLE patients_intakerequest DISABLE TRIGGER USER;
ALTER TABLE patients_historicalintakerequest DISABLE TRIGGER USER;
CREATE TEMPORARY TABLE taken_down ON COMMIT DROP AS
    SELECT DISTINCT ON (id) id, history_user_id AS person,
           CASE WHEN history_user_id IS NULL THEN left(split_part(actor, ':', 2), 20) ELSE '' END AS job
    FROM patients_historicalintakerequest ORDER BY id, history_id;
UPDATE patients_intakerequest r SET received_by_id = t.person, received_job = t.job FROM taken_down t WHERE t.id = r.id;
UPDATE patients_historicalintakerequest h SET received_by_id = t.person, received_job = t.job
    FROM taken_down t WHERE t.id = h.id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE patients_intakerequest ENABLE TRIGGER USER;
ALTER TABLE patients_historicalintakerequest ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0003_acts_by_record"),
        ("staff", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="allergy",
            name="from_record",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="patients.patient",
            ),
        ),
        migrations.AddField(
            model_name="contactconsent",
            name="carried_from",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.contactconsent"
            ),
        ),
        migrations.AddField(
            model_name="historicalallergy",
            name="from_record",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="patients.patient",
            ),
        ),
        migrations.AddField(
            model_name="historicalintakerequest",
            name="received_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalintakerequest",
            name="received_job",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="intakerequest",
            name="received_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="intakerequest",
            name="received_job",
            field=models.CharField(blank=True, max_length=20),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="allergy",
            trigger=pgtrigger.compiler.Trigger(
                name="merged_record_is_not_written_on",
                sql=config.audit.locks.LockSql(
                    func="\n            IF EXISTS (SELECT FROM patients_patient WHERE id = NEW.patient_id AND merged_into_id IS NOT NULL) THEN\n                RAISE EXCEPTION 'the record was merged into another'\n                    USING ERRCODE = '23514', CONSTRAINT = 'merged_record_is_not_written_on';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="90459335b13c4b2cca99aecdd4a744c6231622f9",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_merged_record_is_not_written_on_8e28d",
                    table="patients_allergy",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="allergy",
            trigger=pgtrigger.compiler.Trigger(
                name="none_known_lists_nothing",
                sql=config.audit.locks.LockSql(
                    constraint="CONSTRAINT",
                    func="\n            IF EXISTS (\n                SELECT FROM patients_patient p JOIN patients_allergy a ON a.patient_id = p.id\n                WHERE p.id = NEW.patient_id AND p.allergy_state = 'none-known' AND a.removed_reason = ''\n            ) THEN\n                RAISE EXCEPTION 'none known beside a list'\n                    USING ERRCODE = '23514', CONSTRAINT = 'none_known_lists_nothing';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="26a74336e51fdf4da30350bde23b46132845035d",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_none_known_lists_nothing_fd181",
                    table="patients_allergy",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactconsent",
            trigger=pgtrigger.compiler.Trigger(
                name="merged_record_is_not_written_on",
                sql=config.audit.locks.LockSql(
                    func="\n            IF EXISTS (SELECT FROM patients_patient WHERE id = NEW.patient_id AND merged_into_id IS NOT NULL) THEN\n                RAISE EXCEPTION 'the record was merged into another'\n                    USING ERRCODE = '23514', CONSTRAINT = 'merged_record_is_not_written_on';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="b92271a5f7ce83c7a14c199d8f797a04b3ae0b2b",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_merged_record_is_not_written_on_9e210",
                    table="patients_contactconsent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="patient",
            trigger=pgtrigger.compiler.Trigger(
                name="none_known_lists_nothing",
                sql=config.audit.locks.LockSql(
                    constraint="CONSTRAINT",
                    func="\n            IF EXISTS (\n                SELECT FROM patients_patient p JOIN patients_allergy a ON a.patient_id = p.id\n                WHERE p.id = NEW.id AND p.allergy_state = 'none-known' AND a.removed_reason = ''\n            ) THEN\n                RAISE EXCEPTION 'none known beside a list'\n                    USING ERRCODE = '23514', CONSTRAINT = 'none_known_lists_nothing';\n            END IF;\n            RETURN NULL;\n        ",
                    hash="4fc9cafbe874371f27f5d4bcf11223948a19c40f",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_none_known_lists_nothing_8f3e2",
                    table="patients_patient",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(WHO, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="contactconsent",
            constraint=models.CheckConstraint(
                condition=models.Q(("carried_from__isnull", True), ("granted", False), _connector="OR"),
                name="consent_carried_is_a_refusal",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("received_by__isnull", False), ("received_job", "")),
                    models.Q(("received_by__isnull", True), models.Q(("received_job", ""), _negated=True)),
                    _connector="OR",
                ),
                name="request_received_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("duplicate_of__isnull", True), ("status", patients.states.RequestStatus["CLOSED"]), _connector="OR"
                ),
                name="request_duplicate_is_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("duplicate_of", models.F("id")), _negated=True),
                name="request_not_duplicate_of_itself",
            ),
        ),
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
                            patients.models.tasks.TaskKind["OTHER"],
                        ],
                    )
                ),
                name="task_kind_known",
            ),
        ),
    ]
