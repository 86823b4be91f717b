import config.audit.locks
import config.audit.models
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_who_may_act_and_what_may_be_kept"),
    ]

    operations = [
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("actor", models.TextField(db_default="", editable=False)),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                ),
                ("kind", models.CharField(choices=[("print", "print"), ("export", "export")], max_length=6)),
                ("what", models.CharField(max_length=120)),
                ("record", models.UUIDField(null=True)),
                ("first", models.DateField(null=True)),
                ("last", models.DateField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["record", "-recorded_at"], name="disclosure_of_record")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    config.audit.models.DisclosureKind["PRINT"],
                                    config.audit.models.DisclosureKind["EXPORT"],
                                ],
                            )
                        ),
                        name="disclosure_kind_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("what__regex", "\\S")), name="disclosure_says_what"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("first__isnull", True), ("last__isnull", True)),
                            ("first__lte", models.F("last")),
                            _connector="OR",
                        ),
                        name="disclosure_period",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="disclosure",
            trigger=pgtrigger.compiler.Trigger(
                name="stamped_entry",
                sql=config.audit.locks.LockSql(
                    func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                    hash="ddf58934e952828a400b3eae9f2f734371e71929",
                    operation="INSERT",
                    pgid="pgtrigger_stamped_entry_14a4d",
                    table="audit_disclosure",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="disclosure",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=config.audit.locks.LockSql(
                    func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                    hash="c2edddfb1277754a6107a672857673baacf968d8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_ab287",
                    table="audit_disclosure",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="disclosure",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=config.audit.locks.LockSql(
                    func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                    hash="033c40628384a4c354552439d7a5654b527c8288",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_c24de",
                    table="audit_disclosure",
                    when="BEFORE",
                ),
            ),
        ),
    ]
