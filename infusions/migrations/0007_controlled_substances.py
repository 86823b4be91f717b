import config.audit.locks
import datetime
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.db.models.functions.text
import infusions.models.substances
import pgtrigger.compiler
import pgtrigger.migrations
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from config.audit.together import Together


class Migration(migrations.Migration):
    dependencies = [
        ("infusions", "0006_discharge_list"),
        ("staff", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="HistoricalStorageLocation",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("name", models.CharField(max_length=80)),
                        ("address", models.CharField(max_length=200)),
                        ("registration_number", models.CharField(max_length=40)),
                        ("in_use", models.BooleanField(default=True)),
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
                        "verbose_name": "historical storage location",
                        "verbose_name_plural": "historical storage locations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="StorageLocation",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("name", models.CharField(max_length=80)),
                        ("address", models.CharField(max_length=200)),
                        ("registration_number", models.CharField(max_length=40)),
                        ("in_use", models.BooleanField(default=True)),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Substance",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("entered_at", models.DateTimeField()),
                        ("name", models.CharField(max_length=120, null=True)),
                        ("form", models.CharField(max_length=60, null=True)),
                        ("strength", models.CharField(max_length=60, null=True)),
                        ("strength_unit", models.CharField(max_length=40, null=True)),
                        ("package", models.CharField(max_length=120, null=True)),
                        ("correction_reason", models.CharField(blank=True, max_length=200)),
                        ("retired", models.BooleanField(default=False)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.substance",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="SubstanceLogEntry",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("entered_at", models.DateTimeField()),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("received", "Received"),
                                    ("drawn", "Drawn"),
                                    ("given", "Given"),
                                    ("wasted", "Wasted"),
                                    ("returned", "Returned"),
                                    ("lost", "Lost"),
                                    ("counted", "Counted"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("observed_at", models.DateTimeField()),
                        ("quantity", models.CharField(max_length=60, null=True)),
                        ("quantity_unit", models.CharField(max_length=40, null=True)),
                        ("lot", models.CharField(max_length=60, null=True)),
                        ("expiry", models.CharField(max_length=40, null=True)),
                        ("supplier", models.CharField(max_length=160, null=True)),
                        (
                            "supplier_address",
                            models.CharField(max_length=200, null=True, verbose_name="supplier's address"),
                        ),
                        (
                            "supplier_registration",
                            models.CharField(max_length=40, null=True, verbose_name="supplier's registration number"),
                        ),
                        ("invoice", models.CharField(max_length=60, null=True)),
                        ("recipient", models.CharField(max_length=200, null=True)),
                        ("form_number", models.CharField(max_length=60, null=True)),
                        ("reason", models.CharField(max_length=300, null=True)),
                        (
                            "count_moment",
                            models.CharField(
                                choices=[("opening", "Opening"), ("closing", "Closing")],
                                max_length=10,
                                null=True,
                                verbose_name="counted at",
                            ),
                        ),
                        ("remark", models.CharField(max_length=300, null=True)),
                        ("client_id", models.UUIDField(null=True)),
                        ("correction_reason", models.CharField(blank=True, max_length=200)),
                        ("entered_in_error", models.BooleanField(default=False)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.storagelocation",
                            ),
                        ),
                        (
                            "substance",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.substance",
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.substancelogentry",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.visit",
                            ),
                        ),
                        (
                            "witness",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "substance log entries",
                    },
                ),
            ]
        ),
        Together(
            [
                migrations.AddConstraint(
                    model_name="storagelocation",
                    constraint=models.UniqueConstraint(
                        models.F("clinic"),
                        django.db.models.functions.text.Lower("name"),
                        name="storage_location_name_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="storagelocation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("address__regex", "\\S"), ("name__regex", "\\S"), ("registration_number__regex", "\\S")
                        ),
                        name="storage_location_said_whole",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="substance",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("retired", False),
                                ("form__isnull", False),
                                ("name__isnull", False),
                                ("package__isnull", False),
                                ("strength__isnull", False),
                                ("strength_unit__isnull", False),
                            ),
                            models.Q(
                                ("retired", True),
                                ("form__isnull", True),
                                ("name__isnull", True),
                                ("package__isnull", True),
                                ("strength__isnull", True),
                                ("strength_unit__isnull", True),
                                ("supersedes__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="substance_described_or_retired",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="substance",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name__isnull", True), ("name__regex", "\\S"), _connector="OR"),
                            models.Q(("form__isnull", True), ("form__regex", "\\S"), _connector="OR"),
                            models.Q(("strength__isnull", True), ("strength__regex", "\\S"), _connector="OR"),
                            models.Q(("strength_unit__isnull", True), ("strength_unit__regex", "\\S"), _connector="OR"),
                            models.Q(("package__isnull", True), ("package__regex", "\\S"), _connector="OR"),
                        ),
                        name="substance_blank_is_null",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="substance",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes__isnull", True), ("correction_reason__regex", "\\S"), _connector="OR"
                        ),
                        name="substance_replaced_with_reason",
                    ),
                ),
                migrations.AddIndex(
                    model_name="substancelogentry",
                    index=models.Index(fields=["location", "-observed_at", "-id"], name="substance_log_of_location"),
                ),
                migrations.AddConstraint(
                    model_name="substancelogentry",
                    constraint=models.UniqueConstraint(
                        fields=("location", "client_id"), name="substance_log_sent_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="substancelogentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    infusions.models.substances.LogKind["RECEIVED"],
                                    infusions.models.substances.LogKind["DRAWN"],
                                    infusions.models.substances.LogKind["GIVEN"],
                                    infusions.models.substances.LogKind["WASTED"],
                                    infusions.models.substances.LogKind["RETURNED"],
                                    infusions.models.substances.LogKind["LOST"],
                                    infusions.models.substances.LogKind["COUNTED"],
                                ],
                            )
                        ),
                        name="substance_log_kind_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="substancelogentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("count_moment__isnull", True),
                            (
                                "count_moment__in",
                                [
                                    infusions.models.substances.CountMoment["OPENING"],
                                    infusions.models.substances.CountMoment["CLOSING"],
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="substance_count_moment_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="substancelogentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("entered_in_error", False),
                                ("quantity__isnull", False),
                                ("quantity_unit__isnull", False),
                                ("substance__isnull", False),
                            ),
                            models.Q(
                                ("entered_in_error", True),
                                ("count_moment__isnull", True),
                                ("expiry__isnull", True),
                                ("form_number__isnull", True),
                                ("invoice__isnull", True),
                                ("lot__isnull", True),
                                ("quantity__isnull", True),
                                ("quantity_unit__isnull", True),
                                ("reason__isnull", True),
                                ("recipient__isnull", True),
                                ("remark__isnull", True),
                                ("substance__isnull", True),
                                ("supplier__isnull", True),
                                ("supplier_address__isnull", True),
                                ("supplier_registration__isnull", True),
                                ("visit__isnull", True),
                                ("supersedes__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="substance_log_says_what_or_strikes",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="substancelogentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("supplier__isnull", True),
                                ("kind__in", [infusions.models.substances.LogKind["RECEIVED"]]),
                                _connector="OR",
                            ),
                            models.Q(
                                ("supplier_address__isnull", True),
                                ("kind__in", [infusions.models.substances.LogKind["RECEIVED"]]),
                                _connector="OR",
                            ),
                            models.Q(
                                ("supplier_registration__isnull", True),
                                ("kind__in", [infusions.models.substances.LogKind["RECEIVED"]]),
                                _connector="OR",
                            ),
                            models.Q(
                                ("invoice__isnull", True),
                                ("kind__in", [infusions.models.substances.LogKind["RECEIVED"]]),
                                _connector="OR",
                            ),
                            models.Q(
                                ("visit__isnull", True),
                                (
                                    "kind__in",
                                    [
                                        infusions.models.substances.LogKind["DRAWN"],
                                        infusions.models.substances.LogKind["GIVEN"],
                                        infusions.models.substances.LogKind["WASTED"],
                                        infusions.models.substances.LogKind["LOST"],
                                    ],
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("reason__isnull", True),
                                (
                                    "kind__in",
                                    [
                                        infusions.models.substances.LogKind["WASTED"],
                                        infusions.models.substances.LogKind["LOST"],
                                    ],
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("witness__isnull", True),
                                (
                                    "kind__in",
                                    [
                                        infusions.models.substances.LogKind["WASTED"],
                                        infusions.models.substances.LogKind["COUNTED"],
                                    ],
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("recipient__isnull", True),
                                ("kind__in", [infusions.models.substances.LogKind["RETURNED"]]),
                                _connector="OR",
                            ),
                            models.Q(
                                ("form_number__isnull", True),
                                (
                                    "kind__in",
                                    [
                                        infusions.models.substances.LogKind["RETURNED"],
                                        infusions.models.substances.LogKind["LOST"],
                                    ],
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("count_moment__isnull", True),
                                ("kind__in", [infusions.models.substances.LogKind["COUNTED"]]),
                                _connector="OR",
                            ),
                            models.Q(
                                ("remark__isnull", True),
                                ("kind__in", [infusions.models.substances.LogKind["COUNTED"]]),
                                _connector="OR",
                            ),
                        ),
                        name="substance_log_says_its_own",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="substancelogentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", True),
                            models.Q(
                                models.Q(
                                    models.Q(("kind", infusions.models.substances.LogKind["RECEIVED"]), _negated=True),
                                    ("supplier__isnull", False),
                                    _connector="OR",
                                ),
                                models.Q(
                                    models.Q(("kind", infusions.models.substances.LogKind["GIVEN"]), _negated=True),
                                    ("visit__isnull", False),
                                    _connector="OR",
                                ),
                                models.Q(
                                    models.Q(("kind", infusions.models.substances.LogKind["WASTED"]), _negated=True),
                                    models.Q(("reason__isnull", False), ("witness__isnull", False)),
                                    _connector="OR",
                                ),
                                models.Q(
                                    models.Q(("kind", infusions.models.substances.LogKind["RETURNED"]), _negated=True),
                                    ("recipient__isnull", False),
                                    _connector="OR",
                                ),
                                models.Q(
                                    models.Q(("kind", infusions.models.substances.LogKind["LOST"]), _negated=True),
                                    ("reason__isnull", False),
                                    _connector="OR",
                                ),
                                models.Q(
                                    models.Q(("kind", infusions.models.substances.LogKind["COUNTED"]), _negated=True),
                                    ("count_moment__isnull", False),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="substance_log_says_what_it_needs",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="substancelogentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quantity__isnull", True), ("quantity__regex", "\\S"), _connector="OR"),
                            models.Q(("quantity_unit__isnull", True), ("quantity_unit__regex", "\\S"), _connector="OR"),
                            models.Q(("lot__isnull", True), ("lot__regex", "\\S"), _connector="OR"),
                            models.Q(("expiry__isnull", True), ("expiry__regex", "\\S"), _connector="OR"),
                            models.Q(("supplier__isnull", True), ("supplier__regex", "\\S"), _connector="OR"),
                            models.Q(
                                ("supplier_address__isnull", True), ("supplier_address__regex", "\\S"), _connector="OR"
                            ),
                            models.Q(
                                ("supplier_registration__isnull", True),
                                ("supplier_registration__regex", "\\S"),
                                _connector="OR",
                            ),
                            models.Q(("invoice__isnull", True), ("invoice__regex", "\\S"), _connector="OR"),
                            models.Q(("reason__isnull", True), ("reason__regex", "\\S"), _connector="OR"),
                            models.Q(("recipient__isnull", True), ("recipient__regex", "\\S"), _connector="OR"),
                            models.Q(("form_number__isnull", True), ("form_number__regex", "\\S"), _connector="OR"),
                            models.Q(("count_moment__isnull", True), ("count_moment__regex", "\\S"), _connector="OR"),
                            models.Q(("remark__isnull", True), ("remark__regex", "\\S"), _connector="OR"),
                        ),
                        name="substance_log_blank_is_null",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="substancelogentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", infusions.models.substances.LogKind["WASTED"]), _negated=True),
                            ("witness__isnull", False),
                            _connector="OR",
                        ),
                        name="substance_waste_has_a_witness",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="substancelogentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("witness__isnull", True),
                            models.Q(("witness", models.F("author")), _negated=True),
                            _connector="OR",
                        ),
                        name="substance_witness_is_another_person",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="substancelogentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes__isnull", True), ("correction_reason__regex", "\\S"), _connector="OR"
                        ),
                        name="substance_log_corrected_with_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="substancelogentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "observed_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("entered_at"), "+", models.Value(datetime.timedelta(seconds=120))
                                ),
                            )
                        ),
                        name="substance_log_not_in_the_future",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="substancelogentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("observed_at__isnull", True),
                                (
                                    "observed_at__range",
                                    (
                                        datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc),
                                        datetime.datetime(2200, 1, 1, 0, 0, tzinfo=datetime.timezone.utc),
                                    ),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("entered_at__isnull", True),
                                (
                                    "entered_at__range",
                                    (
                                        datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc),
                                        datetime.datetime(2200, 1, 1, 0, 0, tzinfo=datetime.timezone.utc),
                                    ),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="substancelogentry_observed_at_in_our_times",
                    ),
                ),
            ]
        ),
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalstoragelocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM infusions_storagelocation t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM infusions_historicalstoragelocation h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'infusions_storagelocation');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="7a91b5353e39d794c7ea22e2dfcca8b0569ec74b",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_5e8db",
                            table="infusions_historicalstoragelocation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalstoragelocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="433cccc736063c2942f4ff9b5c31576e423f3e3e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_1f025",
                            table="infusions_historicalstoragelocation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalstoragelocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="6375bba9abfc2db0365d82a4033ffa5604056340",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_43aaa",
                            table="infusions_historicalstoragelocation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="storagelocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'infusions_historicalstoragelocation', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="ef1f0d810266bd73857f64e686b74c5893e1ecfb",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_db6af",
                            table="infusions_storagelocation",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="storagelocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="4ffa2877b6275eccec8114e244037f93ca7afe3e",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_5551f",
                            table="infusions_storagelocation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="substance",
                    trigger=pgtrigger.compiler.Trigger(
                        name="replaces_in_own_clinic",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.clinic_id IS DISTINCT FROM (SELECT clinic_id FROM staff_user WHERE id = NEW.author_id) THEN\n                RAISE EXCEPTION 'a substance and its author belong to one clinic'\n                    USING ERRCODE = '23514', CONSTRAINT = 'substance_in_one_clinic';\n            END IF;\n            IF NEW.supersedes_id IS NULL THEN RETURN NEW; END IF;\n            PERFORM 1 FROM infusions_substance\n                WHERE id = NEW.supersedes_id AND clinic_id = NEW.clinic_id AND NOT retired FOR UPDATE;\n            IF NOT FOUND THEN\n                RAISE EXCEPTION 'a substance supersedes one of the same clinic'\n                    USING ERRCODE = '23514', CONSTRAINT = 'substance_in_one_clinic';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="0449975f3ba35fb4550226a10bfeb3c7e2792840",
                            operation="INSERT",
                            pgid="pgtrigger_replaces_in_own_clinic_843ff",
                            table="infusions_substance",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="substance",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="0a6263819b2789ea3c022deee071de64b886d550",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_ae61c",
                            table="infusions_substance",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="substance",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="292f17ec45b0d07f043dced9e7837507358d8d20",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_888ce",
                            table="infusions_substance",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="substance",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="d2c8aeaf35d1a2f5d3ace46b35deba588b655279",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_83ad3",
                            table="infusions_substance",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="substance",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['nurse', 'prescriber']); RETURN NEW;",
                            hash="d505a512d62bc451fe29b2e0c9c703dc9f55570a",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_315e0",
                            table="infusions_substance",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="substancelogentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="fits_its_location",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE house uuid; used boolean;",
                            func="\n            SELECT clinic_id, in_use INTO house, used\n                FROM infusions_storagelocation WHERE id = NEW.location_id FOR SHARE;\n            IF house IS DISTINCT FROM (SELECT clinic_id FROM staff_user WHERE id = NEW.author_id)\n               OR house IS DISTINCT FROM\n                  COALESCE((SELECT clinic_id FROM infusions_substance WHERE id = NEW.substance_id), house)\n               OR house IS DISTINCT FROM\n                  COALESCE((SELECT clinic_id FROM infusions_visit WHERE id = NEW.visit_id), house)\n            THEN\n                RAISE EXCEPTION 'an entry, its substance, its visit and its author belong to one clinic'\n                    USING ERRCODE = '23514', CONSTRAINT = 'substance_log_in_one_clinic';\n            END IF;\n            IF NEW.supersedes_id IS NULL AND NOT used THEN\n                RAISE EXCEPTION 'this location is not in use any more'\n                    USING ERRCODE = '23514', CONSTRAINT = 'substance_location_in_use';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="9f0dfefa61b5abffa3d2c19161d2161c6d23273b",
                            operation="INSERT",
                            pgid="pgtrigger_fits_its_location_ef5b9",
                            table="infusions_substancelogentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="substancelogentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="substance_is_listed",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.substance_id IS NULL OR EXISTS (\n                SELECT 1 FROM infusions_substancelogentry first\n                WHERE first.id = NEW.supersedes_id AND first.substance_id = NEW.substance_id\n            ) THEN\n                RETURN NEW;\n            END IF;\n            PERFORM 1 FROM infusions_substance WHERE id = NEW.substance_id FOR SHARE;\n            IF EXISTS (SELECT 1 FROM infusions_substance WHERE id = NEW.substance_id AND retired)\n               OR EXISTS (SELECT 1 FROM infusions_substance later WHERE later.supersedes_id = NEW.substance_id)\n            THEN\n                RAISE EXCEPTION 'this substance is not on the list any more'\n                    USING ERRCODE = '23514', CONSTRAINT = 'substance_on_the_list';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="5fc8ee3eb710b1d0586893441262375fd646c50a",
                            operation="INSERT",
                            pgid="pgtrigger_substance_is_listed_3f6e4",
                            table="infusions_substancelogentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="substancelogentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="corrects_own_log",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.supersedes_id IS NOT NULL AND NOT EXISTS (\n                SELECT 1 FROM infusions_substancelogentry first\n                WHERE first.id = NEW.supersedes_id AND first.location_id = NEW.location_id AND first.kind = NEW.kind\n                  AND NOT first.entered_in_error\n            ) THEN\n                RAISE EXCEPTION 'a correction is of the same location and kind as what it corrects'\n                    USING ERRCODE = '23514', CONSTRAINT = 'substance_correction_in_own_log';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="68420f6b49d770826ddb78b141c654b3788eb46a",
                            operation="INSERT",
                            pgid="pgtrigger_corrects_own_log_839fb",
                            table="infusions_substancelogentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="substancelogentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="witness_is_a_clinician",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.witness_id IS NOT NULL AND NOT EXISTS (\n                SELECT 1 FROM staff_user person\n                JOIN infusions_storagelocation place ON place.clinic_id = person.clinic_id\n                WHERE person.id = NEW.witness_id AND place.id = NEW.location_id\n                  AND person.is_active AND person.role IN ('nurse', 'prescriber')\n            ) THEN\n                RAISE EXCEPTION 'a witness is an active clinician of this clinic'\n                    USING ERRCODE = '23514', CONSTRAINT = 'substance_witness_is_a_clinician';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="5e2c6c6ec8eb24887123083e15f8e2477e851d43",
                            operation="INSERT",
                            pgid="pgtrigger_witness_is_a_clinician_8c84f",
                            table="infusions_substancelogentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="substancelogentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="31491daa1400846b78fb2ab206b6d0cb8d5f16df",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_c3133",
                            table="infusions_substancelogentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="substancelogentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="553d24511b3a408a2196a02d401540cceea23928",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b192b",
                            table="infusions_substancelogentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="substancelogentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="04f908343d0c2c87cfa4d72213ba88c6cf891485",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_ea1d0",
                            table="infusions_substancelogentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="substancelogentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['nurse', 'prescriber']); RETURN NEW;",
                            hash="2e92ae44033746f0d9a0e1b999e27f8bdb6c53eb",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_340aa",
                            table="infusions_substancelogentry",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
