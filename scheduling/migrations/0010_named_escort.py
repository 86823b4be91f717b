"""Whom patients name beforehand to take them home."""

import config.audit.locks
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import phonenumber_field.modelfields
import uuid
from django.db import migrations, models

from config.audit.together import Together


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0009_ids_keep_their_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="NamedEscort",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("actor", models.TextField(db_default="", editable=False)),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("txid", models.BigIntegerField(db_default=0, editable=False)),
                ("placing", models.PositiveIntegerField(verbose_name="the visit's placing")),
                ("name", models.CharField(max_length=120)),
                ("phone", phonenumber_field.modelfields.PhoneNumberField(max_length=128, region=None)),
                ("how", models.CharField(help_text="Link, spoken.", max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scheduling.appointment"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["appointment", "-at", "-recorded_at"], name="named_escort_newest")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("name__regex", "\\S")), name="named_escort_has_a_name"),
                    models.CheckConstraint(
                        condition=models.Q(("phone__regex", "^\\+[0-9]")), name="named_escort_has_a_phone"
                    ),
                    models.CheckConstraint(condition=models.Q(("how__regex", "\\S")), name="named_escort_says_how"),
                ],
            },
        ),
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="namedescort",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW;",
                            hash="e856b613ce683d7def64520b3af2687cd41cca41",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_1abb8",
                            table="scheduling_namedescort",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="namedescort",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="b37e4da83cc2682622a6697055134b00799cbc3c",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_23c86",
                            table="scheduling_namedescort",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="namedescort",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="980d6012ad95dcaf446473f2040d77847cba5e25",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_7e2b7",
                            table="scheduling_namedescort",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
