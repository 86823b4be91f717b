import config.audit.locks
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from config.audit.together import Together
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0001_initial"),
    ]

    operations = [
        Together(
            [
                pgtrigger.migrations.RemoveTrigger(
                    model_name="passwordcheck",
                    name="stamped_entry",
                ),
                migrations.AddField(
                    model_name="passwordcheck",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalclinic",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicaluser",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AddIndex(
                    model_name="historicalclinic",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="staff_histo_id_1e427a_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicaluser",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="staff_histo_id_c22d55_idx"),
                ),
            ]
        ),
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="passwordcheck",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="f74845fb5d5e84c599e711188216058f4305e7fc",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_26cfa",
                            table="staff_passwordcheck",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
