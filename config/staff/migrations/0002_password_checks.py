import config.audit.locks
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PasswordCheck",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("actor", models.TextField(db_default="", editable=False)),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("person", models.UUIDField()),
                ("right", models.BooleanField()),
            ],
            options={
                "indexes": [models.Index(fields=["person", "recorded_at"], name="password_check_lately")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="passwordcheck",
            trigger=pgtrigger.compiler.Trigger(
                name="stamped_entry",
                sql=config.audit.locks.LockSql(
                    func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                    hash="e6f8353c09b3a9ccae1791a7e838a080e3c95790",
                    operation="INSERT",
                    pgid="pgtrigger_stamped_entry_26cfa",
                    table="staff_passwordcheck",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="passwordcheck",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=config.audit.locks.LockSql(
                    func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                    hash="b06d6849ea2118390bcf3e7b27538e7a98e1d40c",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b5809",
                    table="staff_passwordcheck",
                    when="BEFORE",
                ),
            ),
        ),
    ]
