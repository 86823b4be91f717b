import config.audit.locks
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from config.audit.together import Together
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("infusions", "0003_signed_visit_stands"),
        ("patients", "0003_acts_by_record"),
        ("scheduling", "0003_acts_by_record"),
        ("staff", "0002_acts_by_record"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                pgtrigger.migrations.RemoveTrigger(
                    model_name="addendum",
                    name="stamped_entry",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="administration",
                    name="stamped_entry",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="adverseevent",
                    name="stamped_entry",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="candidacydecision",
                    name="stamped_entry",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="discharge",
                    name="stamped_entry",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="exceptionuse",
                    name="stamped_entry",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="ivaccess",
                    name="stamped_entry",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="notehandover",
                    name="stamped_entry",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="orderexception",
                    name="stamped_entry",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="preparation",
                    name="stamped_entry",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="previsitcheck",
                    name="stamped_entry",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="quantity",
                    name="stamped_entry",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="screeninganswer",
                    name="stamped_entry",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="visitending",
                    name="stamped_entry",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="vitalsset",
                    name="stamped_entry",
                ),
                migrations.AddField(
                    model_name="addendum",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AddField(
                    model_name="administration",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AddField(
                    model_name="adverseevent",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AddField(
                    model_name="candidacydecision",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AddField(
                    model_name="discharge",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AddField(
                    model_name="exceptionuse",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AddField(
                    model_name="ivaccess",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AddField(
                    model_name="notehandover",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AddField(
                    model_name="orderexception",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AddField(
                    model_name="preparation",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AddField(
                    model_name="previsitcheck",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AddField(
                    model_name="quantity",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AddField(
                    model_name="screeninganswer",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AddField(
                    model_name="visitending",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AddField(
                    model_name="vitalsset",
                    name="txid",
                    field=models.BigIntegerField(db_default=0, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalfulfilment",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalorder",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalorderstanding",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalscreeningitem",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalvisit",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalvisitnote",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalwaitlistentry",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AlterField(
                    model_name="historicalwaitlistoffer",
                    name="id",
                    field=models.UUIDField(default=uuid.uuid4, editable=False),
                ),
                migrations.AddIndex(
                    model_name="historicalfulfilment",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="infusions_h_id_be2bea_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalorder",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="infusions_h_id_82a12f_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalorderstanding",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="infusions_h_id_ec58df_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalscreeningitem",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="infusions_h_id_6cb4fc_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalvisit",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="infusions_h_id_738956_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalvisitnote",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="infusions_h_id_67e554_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalwaitlistentry",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="infusions_h_id_cbbe7e_idx"),
                ),
                migrations.AddIndex(
                    model_name="historicalwaitlistoffer",
                    index=models.Index(fields=["id", "-history_date", "-history_id"], name="infusions_h_id_5df23f_idx"),
                ),
            ]
        ),
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="addendum",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="5a070c332a5c2c6bcea51a33cf3c42b5c5fa6b3f",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_23f31",
                            table="infusions_addendum",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="administration",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="f314a3ebd1d3282b893580accace78b83b4030e3",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_6f4d3",
                            table="infusions_administration",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="adverseevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="a9f7b5f4e5330db15fc726e0435aa4b7d9b638d5",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_96b7f",
                            table="infusions_adverseevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="candidacydecision",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="a82fd4b90e8bb9150c9592c7e5240921d78d4de1",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_d2e67",
                            table="infusions_candidacydecision",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="discharge",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="511a33f85dcbb252623dceccadee19585bcba3fa",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_2681e",
                            table="infusions_discharge",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="exceptionuse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="895abd65c8deff825f9c4c0c2c993cff473e287d",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_c1685",
                            table="infusions_exceptionuse",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ivaccess",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="54e1d7f53d81fb33ea9c237da13ac7fe14166902",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_1a6bd",
                            table="infusions_ivaccess",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="notehandover",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="c65a1cdfddef6b9e24dc5b579d574429a50108f3",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_54313",
                            table="infusions_notehandover",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderexception",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="3cfd4f1d3945eefd3360ff037bf138b23518ccab",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_fcc03",
                            table="infusions_orderexception",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="preparation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="6d58cc39dc57121f089eab05ca49711e1b7ca54a",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_35c57",
                            table="infusions_preparation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="previsitcheck",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="dcd1f8b53d6025c46641b76bb650ced7c64cc1d0",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_11099",
                            table="infusions_previsitcheck",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quantity",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="5b0e6aa9aec478a63698a9e54eb580aa7c0bc1fd",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_4c0bc",
                            table="infusions_quantity",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="screeninganswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="5158c3f0126999307cb071dde70cd4fe800970a9",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_e725b",
                            table="infusions_screeninganswer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitending",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="e214a4185be3ec17b3ccdad1e631fc17cb95574c",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_9f4a3",
                            table="infusions_visitending",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="vitalsset",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="236a17883f05b606380668e5a41b1068a8004df0",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_b9a7a",
                            table="infusions_vitalsset",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
