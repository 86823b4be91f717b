import config.audit.locks
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from config.audit.together import Together
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("patients", "0002_initial"),
        ("staff", "0002_acts_by_record"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                pgtrigger.migrations.RemoveTrigger(
                    model_name="contactattempt",
                    name="stamped_entry",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="contactconsent",
                    name="stamped_entry",
                ),
                migrations.AddField(
                    model_name="contactattempt",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AddField(
                    model_name="contactconsent",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalallergy",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalintakerequest",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalpatient",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicaltask",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AddIndex(
                    model_name="historicalallergy",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="patients_hi_id_3cf35e_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalintakerequest",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="patients_hi_id_999c0b_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalpatient",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="patients_hi_id_73faff_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicaltask",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="patients_hi_id_1e4855_idx"),
                ),
            ]
        ),
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="contactattempt",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="6ccd567fad1896acc239e94f4199dc2b818fc6ea",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_bcb49",
                            table="patients_contactattempt",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="contactconsent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="4c66be3041ea49cbbb9dba4517c949bd777b034f",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_ed963",
                            table="patients_contactconsent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
