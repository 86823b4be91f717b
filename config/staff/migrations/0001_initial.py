import config.audit.locks
import config.staff.models
import config.staff.permissions
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import phonenumber_field.modelfields
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from config.audit.together import Together


class Migration(migrations.Migration):
    initial = True

    dependencies = [("audit", "0002_who_may_act_and_what_may_be_kept")]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="HistoricalClinic",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("name", models.CharField(max_length=120)),
                        (
                            "sender_name",
                            models.CharField(
                                help_text="How messages name the clinic; it may leave out what kind of clinic it is.",
                                max_length=60,
                            ),
                        ),
                        ("zone", models.CharField(max_length=64, validators=[config.staff.models.known_zone])),
                        ("phone", phonenumber_field.modelfields.PhoneNumberField(max_length=128, region=None)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("address", models.CharField(blank=True, max_length=200)),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical clinic",
                        "verbose_name_plural": "historical clinics",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalUser",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("username", models.CharField(max_length=60, verbose_name="user name")),
                        ("full_name", models.CharField(max_length=120)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("front-desk", "Front desk"),
                                    ("nurse", "Nurse"),
                                    ("prescriber", "Prescriber"),
                                    ("manager", "Manager"),
                                    ("auditor", "Auditor"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "licence_kind",
                            models.CharField(
                                blank=True, help_text="For example MD, NP, RN.", max_length=12, verbose_name="licence"
                            ),
                        ),
                        ("licence_number", models.CharField(blank=True, max_length=40)),
                        (
                            "theme",
                            models.CharField(
                                choices=[("auto", "System"), ("light", "Light"), ("dark", "Dark")],
                                default="auto",
                                max_length=8,
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        ("history_change_reason", models.TextField(null=True)),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical user",
                        "verbose_name_plural": "historical users",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
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
                ),
                migrations.CreateModel(
                    name="Clinic",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("name", models.CharField(max_length=120)),
                        (
                            "sender_name",
                            models.CharField(
                                help_text="How messages name the clinic; it may leave out what kind of clinic it is.",
                                max_length=60,
                            ),
                        ),
                        ("zone", models.CharField(max_length=64, validators=[config.staff.models.known_zone])),
                        ("phone", phonenumber_field.modelfields.PhoneNumberField(max_length=128, region=None)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("address", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("name"), name="clinic_name_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("username", models.CharField(max_length=60, verbose_name="user name")),
                        ("full_name", models.CharField(max_length=120)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("front-desk", "Front desk"),
                                    ("nurse", "Nurse"),
                                    ("prescriber", "Prescriber"),
                                    ("manager", "Manager"),
                                    ("auditor", "Auditor"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "licence_kind",
                            models.CharField(
                                blank=True, help_text="For example MD, NP, RN.", max_length=12, verbose_name="licence"
                            ),
                        ),
                        ("licence_number", models.CharField(blank=True, max_length=40)),
                        (
                            "theme",
                            models.CharField(
                                choices=[("auto", "System"), ("light", "Light"), ("dark", "Dark")],
                                default="auto",
                                max_length=8,
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="staff", to="staff.clinic"
                            ),
                        ),
                    ],
                ),
            ]
        ),
        migrations.AddField(
            model_name="historicalclinic",
            name="history_user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="historicaluser",
            name="clinic",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="staff.clinic",
            ),
        ),
        migrations.AddField(
            model_name="historicaluser",
            name="history_user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        Together(
            [
                migrations.AddIndex(
                    model_name="passwordcheck",
                    index=models.Index(fields=["person", "recorded_at"], name="password_check_lately"),
                ),
                migrations.AddConstraint(
                    model_name="user",
                    constraint=models.UniqueConstraint(
                        django.db.models.functions.text.Lower("username"), name="user_name_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="user",
                    constraint=models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        condition=models.Q(("email", ""), _negated=True),
                        name="user_email_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="user",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    config.staff.permissions.Role["FRONT_DESK"],
                                    config.staff.permissions.Role["NURSE"],
                                    config.staff.permissions.Role["PRESCRIBER"],
                                    config.staff.permissions.Role["MANAGER"],
                                    config.staff.permissions.Role["AUDITOR"],
                                ],
                            )
                        ),
                        name="user_role_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="user",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "role__in",
                                    [
                                        config.staff.permissions.Role["NURSE"],
                                        config.staff.permissions.Role["PRESCRIBER"],
                                    ],
                                ),
                                _negated=True,
                            ),
                            models.Q(("licence_kind", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="clinician_has_licence",
                    ),
                ),
            ]
        ),
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="clinic",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'staff_historicalclinic', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="7a6dea1a761b617be5ecdfb67e3910b47a5d392d",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_75fdb",
                            table="staff_clinic",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="clinic",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="f1d7424bd80ae3fc2ee73174b18d555b9fb58172",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_ba84f",
                            table="staff_clinic",
                            when="BEFORE",
                        ),
                    ),
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
                pgtrigger.migrations.AddTrigger(
                    model_name="passwordcheck",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="74e39059ab09e080f062b363f7007f16986eb24d",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_cb68e",
                            table="staff_passwordcheck",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="user",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'staff_historicaluser', '{password}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="3f767b9d1e5de579b3530e2f5d56242532f16a6c",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_85f15",
                            table="staff_user",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="user",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="6d12b6da3fc0cc7fb2349aa9df59f0a247e0dc02",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_dd315",
                            table="staff_user",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalclinic",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM staff_clinic t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM staff_historicalclinic h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'staff_clinic');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="7b83299bc71e0f9bd614cfd8f5b99ef5d286950a",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_c1807",
                            table="staff_historicalclinic",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalclinic",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="5be8d420755a136e95930173dbc32483c2f023f6",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f701b",
                            table="staff_historicalclinic",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalclinic",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="fb0d56c95ce3c9a3f22a258f6f7f62ca9a7c12af",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_7114e",
                            table="staff_historicalclinic",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicaluser",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{password}'::text[], t.xmin INTO stands, written FROM staff_user t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM staff_historicaluser h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'staff_user');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="5973f18f5c75b1ce3d61eaace01e7fa238a51802",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_e47bc",
                            table="staff_historicaluser",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicaluser",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="12f3e2d38adc9aec807a3b35ed9ee14a8f27dde9",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_d1acb",
                            table="staff_historicaluser",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicaluser",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="8dc1809058908a3147433de90cd412cb9ad06dad",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_17cdb",
                            table="staff_historicaluser",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
