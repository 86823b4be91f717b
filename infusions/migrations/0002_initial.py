import config.audit.locks
import datetime
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import infusions.models.exceptions
import infusions.models.flowsheet
import infusions.models.waitlist
import infusions.states
import pgtrigger.compiler
import pgtrigger.migrations
import scheduling.states
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from config.audit.together import Together


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("infusions", "0001_functions"),
        ("patients", "0002_initial"),
        ("scheduling", "0002_initial"),
        ("staff", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="CandidacyDecision",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("entered_at", models.DateTimeField()),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("candidate", "Candidate"),
                                    ("not-a-candidate", "Not a candidate"),
                                    ("more-information-needed", "More information needed"),
                                    ("deferred", "Deferred"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("reason", models.TextField()),
                        ("conditions", models.TextField(blank=True)),
                        ("valid_until", models.DateField(null=True)),
                        ("ask_for", models.CharField(blank=True, max_length=200)),
                        ("information_due", models.DateField(null=True)),
                        ("signed_name", models.CharField(max_length=160)),
                        ("signed_meaning", models.CharField(max_length=40)),
                        ("content_hash", models.CharField(max_length=64)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="patients.intakerequest",
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.candidacydecision",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="HistoricalScreeningItem",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("wording", models.CharField(max_length=300)),
                        ("position", models.PositiveSmallIntegerField()),
                        ("retired_at", models.DateTimeField(null=True)),
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
                        "verbose_name": "historical screening item",
                        "verbose_name_plural": "historical screening items",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Order",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("entered_at", models.DateTimeField()),
                        ("signed_at", models.DateTimeField(null=True)),
                        ("signed_name", models.CharField(blank=True, max_length=160)),
                        ("signed_meaning", models.CharField(blank=True, max_length=40)),
                        ("content_hash", models.CharField(blank=True, max_length=64)),
                        ("supersedes_reason", models.TextField(blank=True)),
                        ("discarded_at", models.DateTimeField(null=True)),
                        ("indication", models.TextField(null=True)),
                        ("agent", models.CharField(max_length=120, null=True)),
                        ("route", models.CharField(max_length=60, null=True)),
                        ("dose", models.CharField(max_length=60, null=True)),
                        ("dose_unit", models.CharField(max_length=40, null=True)),
                        ("rate", models.CharField(max_length=60, null=True)),
                        ("rate_unit", models.CharField(max_length=40, null=True)),
                        ("diluent", models.CharField(max_length=120, null=True)),
                        ("bolus", models.TextField(null=True)),
                        ("titration", models.TextField(null=True)),
                        (
                            "planned_minutes",
                            models.PositiveSmallIntegerField(null=True, verbose_name="planned duration, minutes"),
                        ),
                        (
                            "chair_minutes",
                            models.PositiveSmallIntegerField(null=True, verbose_name="chair time, minutes"),
                        ),
                        ("visits", models.PositiveSmallIntegerField(null=True, verbose_name="number of visits")),
                        (
                            "min_gap_days",
                            models.PositiveSmallIntegerField(null=True, verbose_name="smallest gap, days"),
                        ),
                        ("max_gap_days", models.PositiveSmallIntegerField(null=True, verbose_name="largest gap, days")),
                        ("first_visit_from", models.DateField(null=True)),
                        ("first_visit_until", models.DateField(null=True)),
                        (
                            "vitals_before_minutes",
                            models.PositiveSmallIntegerField(
                                null=True, verbose_name="vital signs before, every minutes"
                            ),
                        ),
                        (
                            "vitals_during_minutes",
                            models.PositiveSmallIntegerField(
                                null=True, verbose_name="vital signs during, every minutes"
                            ),
                        ),
                        (
                            "vitals_after_minutes",
                            models.PositiveSmallIntegerField(
                                null=True, verbose_name="vital signs after, every minutes"
                            ),
                        ),
                        ("items_to_record", models.TextField(null=True)),
                        ("premedication", models.TextField(null=True)),
                        ("rescue_drugs", models.TextField(null=True)),
                        ("fasting_instructions", models.TextField(null=True)),
                        ("escort_instructions", models.TextField(null=True)),
                        ("stop_criteria", models.TextField(null=True, verbose_name="hold or stop criteria")),
                        ("discharge_criteria", models.TextField(null=True)),
                        ("minimum_stay", models.CharField(max_length=120, null=True)),
                        ("labs_needed", models.TextField(null=True)),
                        ("valid_from", models.DateField(null=True)),
                        ("valid_until", models.DateField(null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "candidacy",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.candidacydecision",
                            ),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                            ),
                        ),
                        (
                            "supersedes",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.order",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="HistoricalWaitlistEntry",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("visit_start", models.DateTimeField(null=True)),
                        ("minutes", models.PositiveSmallIntegerField(null=True)),
                        (
                            "weekdays",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=7
                            ),
                        ),
                        ("time_from", models.TimeField(null=True)),
                        ("time_until", models.TimeField(null=True)),
                        ("earliest", models.DateField(null=True)),
                        ("latest", models.DateField(null=True)),
                        ("notice_hours", models.PositiveSmallIntegerField(default=0)),
                        ("note", models.CharField(blank=True, max_length=200)),
                        ("since", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(null=True)),
                        (
                            "closed_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("booked", "booked"),
                                    ("moved", "moved"),
                                    ("withdrawn", "withdrawn"),
                                    ("order-ended", "order-ended"),
                                    ("visit-gone", "visit-gone"),
                                ],
                                max_length=20,
                            ),
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
                            "added_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "appointment",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="scheduling.appointment",
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
                        (
                            "patient",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="infusions.order",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical waitlist entry",
                        "verbose_name_plural": "historical waitlist entries",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalVisit",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("opened_at", models.DateTimeField()),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "appointment",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="scheduling.appointment",
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
                        (
                            "opened_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="infusions.order",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical visit",
                        "verbose_name_plural": "historical visits",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalOrderStanding",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("active", "active"),
                                    ("on-hold", "on-hold"),
                                    ("completed", "completed"),
                                    ("stopped", "stopped"),
                                    ("superseded", "superseded"),
                                    ("entered-in-error", "entered-in-error"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("reason", models.TextField(blank=True)),
                        ("since", models.DateTimeField()),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
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
                        (
                            "moved_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="infusions.order",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical order standing",
                        "verbose_name_plural": "historical order standings",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalOrder",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("entered_at", models.DateTimeField()),
                        ("signed_at", models.DateTimeField(null=True)),
                        ("signed_name", models.CharField(blank=True, max_length=160)),
                        ("signed_meaning", models.CharField(blank=True, max_length=40)),
                        ("content_hash", models.CharField(blank=True, max_length=64)),
                        ("supersedes_reason", models.TextField(blank=True)),
                        ("discarded_at", models.DateTimeField(null=True)),
                        ("indication", models.TextField(null=True)),
                        ("agent", models.CharField(max_length=120, null=True)),
                        ("route", models.CharField(max_length=60, null=True)),
                        ("dose", models.CharField(max_length=60, null=True)),
                        ("dose_unit", models.CharField(max_length=40, null=True)),
                        ("rate", models.CharField(max_length=60, null=True)),
                        ("rate_unit", models.CharField(max_length=40, null=True)),
                        ("diluent", models.CharField(max_length=120, null=True)),
                        ("bolus", models.TextField(null=True)),
                        ("titration", models.TextField(null=True)),
                        (
                            "planned_minutes",
                            models.PositiveSmallIntegerField(null=True, verbose_name="planned duration, minutes"),
                        ),
                        (
                            "chair_minutes",
                            models.PositiveSmallIntegerField(null=True, verbose_name="chair time, minutes"),
                        ),
                        ("visits", models.PositiveSmallIntegerField(null=True, verbose_name="number of visits")),
                        (
                            "min_gap_days",
                            models.PositiveSmallIntegerField(null=True, verbose_name="smallest gap, days"),
                        ),
                        ("max_gap_days", models.PositiveSmallIntegerField(null=True, verbose_name="largest gap, days")),
                        ("first_visit_from", models.DateField(null=True)),
                        ("first_visit_until", models.DateField(null=True)),
                        (
                            "vitals_before_minutes",
                            models.PositiveSmallIntegerField(
                                null=True, verbose_name="vital signs before, every minutes"
                            ),
                        ),
                        (
                            "vitals_during_minutes",
                            models.PositiveSmallIntegerField(
                                null=True, verbose_name="vital signs during, every minutes"
                            ),
                        ),
                        (
                            "vitals_after_minutes",
                            models.PositiveSmallIntegerField(
                                null=True, verbose_name="vital signs after, every minutes"
                            ),
                        ),
                        ("items_to_record", models.TextField(null=True)),
                        ("premedication", models.TextField(null=True)),
                        ("rescue_drugs", models.TextField(null=True)),
                        ("fasting_instructions", models.TextField(null=True)),
                        ("escort_instructions", models.TextField(null=True)),
                        ("stop_criteria", models.TextField(null=True, verbose_name="hold or stop criteria")),
                        ("discharge_criteria", models.TextField(null=True)),
                        ("minimum_stay", models.CharField(max_length=120, null=True)),
                        ("labs_needed", models.TextField(null=True)),
                        ("valid_from", models.DateField(null=True)),
                        ("valid_until", models.DateField(null=True)),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "candidacy",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="infusions.candidacydecision",
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
                        (
                            "patient",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "supersedes",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="infusions.order",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical order",
                        "verbose_name_plural": "historical orders",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalFulfilment",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
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
                        (
                            "patient",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "series",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="scheduling.series",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="infusions.order",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical fulfilment",
                        "verbose_name_plural": "historical fulfilments",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Fulfilment",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                            ),
                        ),
                        (
                            "series",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scheduling.series"
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="fulfilments",
                                to="infusions.order",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="OrderException",
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
                                choices=[("outside-gaps", "Outside gaps"), ("no-escort", "No escort")], max_length=20
                            ),
                        ),
                        ("day", models.DateField()),
                        ("reason", models.TextField()),
                        ("signed_name", models.CharField(max_length=160)),
                        ("signed_meaning", models.CharField(max_length=40)),
                        ("content_hash", models.CharField(max_length=64)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exceptions",
                                to="infusions.order",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ExceptionUse",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "appointment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "exception",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="uses",
                                to="infusions.orderexception",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="OrderStanding",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("active", "active"),
                                    ("on-hold", "on-hold"),
                                    ("completed", "completed"),
                                    ("stopped", "stopped"),
                                    ("superseded", "superseded"),
                                    ("entered-in-error", "entered-in-error"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("reason", models.TextField(blank=True)),
                        ("since", models.DateTimeField()),
                        (
                            "moved_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "order",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="standing",
                                to="infusions.order",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ScreeningItem",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("wording", models.CharField(max_length=300)),
                        ("position", models.PositiveSmallIntegerField()),
                        ("retired_at", models.DateTimeField(null=True)),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ScreeningAnswer",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("entered_at", models.DateTimeField()),
                        ("done", models.BooleanField()),
                        ("answer", models.TextField(null=True)),
                        ("client_id", models.UUIDField(null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.screeningitem",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Visit",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("opened_at", models.DateTimeField()),
                        (
                            "appointment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.order",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Quantity",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("entered_at", models.DateTimeField()),
                        ("observed_at", models.DateTimeField()),
                        ("client_id", models.UUIDField(null=True)),
                        ("correction_reason", models.CharField(blank=True, max_length=200)),
                        ("confirmed_unusual", models.BooleanField(default=False)),
                        ("entered_in_error", models.BooleanField(default=False)),
                        ("given", models.CharField(max_length=60, null=True, verbose_name="amount given")),
                        ("given_unit", models.CharField(max_length=40, null=True)),
                        ("wasted", models.CharField(max_length=60, null=True, verbose_name="amount wasted")),
                        ("wasted_unit", models.CharField(max_length=40, null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.quantity",
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
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="infusions.visit"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "quantities",
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PreVisitCheck",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("entered_at", models.DateTimeField()),
                        ("observed_at", models.DateTimeField()),
                        ("client_id", models.UUIDField(null=True)),
                        ("correction_reason", models.CharField(blank=True, max_length=200)),
                        ("confirmed_unusual", models.BooleanField(default=False)),
                        ("entered_in_error", models.BooleanField(default=False)),
                        ("identity_name_checked", models.BooleanField(null=True, verbose_name="name checked")),
                        (
                            "identity_birth_date_checked",
                            models.BooleanField(null=True, verbose_name="birth date checked"),
                        ),
                        ("fasting_from", models.DateTimeField(null=True)),
                        ("fasting_answer", models.CharField(max_length=200, null=True, verbose_name="fasting")),
                        ("escort_name", models.CharField(max_length=120, null=True, verbose_name="escort")),
                        ("escort_phone", models.CharField(max_length=40, null=True, verbose_name="escort's phone")),
                        (
                            "escort_relation",
                            models.CharField(max_length=60, null=True, verbose_name="escort's relation"),
                        ),
                        ("changes_since_last", models.TextField(null=True)),
                        ("drugs_today", models.TextField(null=True)),
                        ("pregnancy_answer", models.CharField(max_length=120, null=True)),
                        ("pain", models.PositiveSmallIntegerField(null=True, verbose_name="pain, 0 to 10")),
                        ("mood", models.CharField(max_length=200, null=True)),
                        ("weight", models.CharField(max_length=20, null=True, verbose_name="weight as measured today")),
                        ("weight_unit", models.CharField(max_length=10, null=True)),
                        ("consent_on_file", models.BooleanField(null=True)),
                        ("allergies_reviewed", models.BooleanField(null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.previsitcheck",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="infusions.visit"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Preparation",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("entered_at", models.DateTimeField()),
                        ("observed_at", models.DateTimeField()),
                        ("client_id", models.UUIDField(null=True)),
                        ("correction_reason", models.CharField(blank=True, max_length=200)),
                        ("confirmed_unusual", models.BooleanField(default=False)),
                        ("entered_in_error", models.BooleanField(default=False)),
                        ("drug", models.CharField(max_length=120, null=True)),
                        ("lot", models.CharField(max_length=60, null=True)),
                        ("expiry", models.CharField(max_length=40, null=True)),
                        ("contents", models.TextField(null=True, verbose_name="as labelled")),
                        ("prepared_by", models.CharField(max_length=120, null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "checked_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.preparation",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="infusions.visit"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="NoteHandover",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("entered_at", models.DateTimeField()),
                        ("reason", models.CharField(max_length=200)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "began_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handovers",
                                to="infusions.visit",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="IvAccess",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("entered_at", models.DateTimeField()),
                        ("observed_at", models.DateTimeField()),
                        ("client_id", models.UUIDField(null=True)),
                        ("correction_reason", models.CharField(blank=True, max_length=200)),
                        ("confirmed_unusual", models.BooleanField(default=False)),
                        ("entered_in_error", models.BooleanField(default=False)),
                        ("site", models.CharField(max_length=80, null=True)),
                        ("gauge", models.CharField(max_length=20, null=True)),
                        ("remark", models.CharField(max_length=200, null=True)),
                        ("removed", models.BooleanField(null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.ivaccess",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="infusions.visit"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalVisitNote",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("entered_at", models.DateTimeField()),
                        ("signed_at", models.DateTimeField(null=True)),
                        ("signed_name", models.CharField(blank=True, max_length=160)),
                        ("signed_meaning", models.CharField(blank=True, max_length=40)),
                        ("content_hash", models.CharField(blank=True, max_length=64)),
                        ("response", models.TextField(null=True, verbose_name="response, in the clinician's words")),
                        ("complications", models.TextField(null=True)),
                        ("plan", models.TextField(null=True)),
                        ("text", models.TextField(null=True, verbose_name="note")),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                        (
                            "visit",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="infusions.visit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical visit note",
                        "verbose_name_plural": "historical visit notes",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Discharge",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("entered_at", models.DateTimeField()),
                        ("observed_at", models.DateTimeField()),
                        ("client_id", models.UUIDField(null=True)),
                        ("correction_reason", models.CharField(blank=True, max_length=200)),
                        ("confirmed_unusual", models.BooleanField(default=False)),
                        ("entered_in_error", models.BooleanField(default=False)),
                        ("scale_name", models.CharField(max_length=60, null=True)),
                        ("scale_value", models.CharField(max_length=20, null=True)),
                        (
                            "vitals_near_baseline",
                            models.BooleanField(null=True, verbose_name="vital signs near baseline"),
                        ),
                        ("oriented", models.BooleanField(null=True, verbose_name="oriented as before")),
                        ("walks_safely", models.BooleanField(null=True, verbose_name="walks as before or a safe plan")),
                        ("comfortable", models.BooleanField(null=True, verbose_name="nausea and pain tolerable")),
                        ("iv_removed", models.BooleanField(null=True, verbose_name="IV removed")),
                        ("minimum_stay_met", models.BooleanField(null=True)),
                        ("instructions_given", models.BooleanField(null=True)),
                        ("instructions_language", models.CharField(max_length=40, null=True)),
                        ("no_driving_until", models.CharField(max_length=80, null=True)),
                        ("escort_name", models.CharField(max_length=120, null=True, verbose_name="escort")),
                        ("escort_identified", models.BooleanField(null=True)),
                        ("escort_at", models.DateTimeField(null=True)),
                        ("emergency_number_given", models.BooleanField(null=True)),
                        ("next_visit_known", models.BooleanField(null=True)),
                        ("pain", models.PositiveSmallIntegerField(null=True, verbose_name="pain, 0 to 10")),
                        ("open_items_reason", models.TextField(null=True, verbose_name="reason for what is not met")),
                        (
                            "exception_reason",
                            models.TextField(null=True, verbose_name="reason for going without an escort"),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.discharge",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="infusions.visit"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="AdverseEvent",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("entered_at", models.DateTimeField()),
                        ("observed_at", models.DateTimeField()),
                        ("client_id", models.UUIDField(null=True)),
                        ("correction_reason", models.CharField(blank=True, max_length=200)),
                        ("confirmed_unusual", models.BooleanField(default=False)),
                        ("entered_in_error", models.BooleanField(default=False)),
                        ("event", models.UUIDField(verbose_name="the event's first row")),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "event_type",
                            models.CharField(
                                choices=[
                                    ("hypertension", "Hypertension"),
                                    ("hypotension", "Hypotension"),
                                    ("tachycardia-or-bradycardia", "Tachycardia or bradycardia"),
                                    ("desaturation", "Desaturation"),
                                    ("apnea-or-airway", "Apnea or airway"),
                                    ("over-sedation", "Over sedation"),
                                    ("agitation-or-emergence", "Agitation or emergence"),
                                    ("hallucination-or-dysphoria", "Hallucination or dysphoria"),
                                    ("nausea-or-vomiting", "Nausea or vomiting"),
                                    ("headache-or-dizziness", "Headache or dizziness"),
                                    ("bladder-symptoms", "Bladder symptoms"),
                                    ("liver-test-rise", "Liver test rise"),
                                    ("infiltration-or-extravasation", "Infiltration or extravasation"),
                                    ("allergic-reaction", "Allergic reaction"),
                                    ("fall", "Fall"),
                                    ("medication-error", "Medication error"),
                                    ("other", "Other"),
                                ],
                                max_length=30,
                                null=True,
                            ),
                        ),
                        ("description", models.TextField(null=True)),
                        ("severity", models.CharField(max_length=20, null=True)),
                        ("serious", models.BooleanField(null=True)),
                        ("relation_to_drug", models.CharField(max_length=60, null=True)),
                        ("actions", models.TextField(null=True)),
                        ("outcome", models.CharField(max_length=200, null=True)),
                        ("told_whom", models.CharField(max_length=200, null=True)),
                        ("told_at", models.DateTimeField(null=True)),
                        ("report_filed", models.CharField(max_length=200, null=True)),
                        ("follow_up_due", models.DateField(null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.adverseevent",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="infusions.visit"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Administration",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("entered_at", models.DateTimeField()),
                        ("observed_at", models.DateTimeField()),
                        ("client_id", models.UUIDField(null=True)),
                        ("correction_reason", models.CharField(blank=True, max_length=200)),
                        ("confirmed_unusual", models.BooleanField(default=False)),
                        ("entered_in_error", models.BooleanField(default=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("start", "Start"),
                                    ("rate-change", "Rate change"),
                                    ("bolus", "Bolus"),
                                    ("pause", "Pause"),
                                    ("resume", "Resume"),
                                    ("end", "End"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("rate", models.CharField(max_length=60, null=True)),
                        ("rate_unit", models.CharField(max_length=40, null=True)),
                        ("amount", models.CharField(max_length=60, null=True)),
                        ("amount_unit", models.CharField(max_length=40, null=True)),
                        ("reason", models.CharField(max_length=200, null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.administration",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="infusions.visit"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Addendum",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("entered_at", models.DateTimeField()),
                        ("text", models.TextField()),
                        ("reason", models.CharField(max_length=200)),
                        ("signed_name", models.CharField(max_length=160)),
                        ("signed_meaning", models.CharField(max_length=40)),
                        ("content_hash", models.CharField(max_length=64)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="addenda",
                                to="infusions.visit",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="VisitEnding",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("entered_at", models.DateTimeField()),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    (scheduling.states.Status["NOT_TREATED"], scheduling.states.Status["NOT_TREATED"]),
                                    (
                                        scheduling.states.Status["STOPPED_EARLY"],
                                        scheduling.states.Status["STOPPED_EARLY"],
                                    ),
                                ],
                                max_length=24,
                            ),
                        ),
                        ("reason", models.CharField(max_length=200)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="endings",
                                to="infusions.visit",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="VisitNote",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("entered_at", models.DateTimeField()),
                        ("signed_at", models.DateTimeField(null=True)),
                        ("signed_name", models.CharField(blank=True, max_length=160)),
                        ("signed_meaning", models.CharField(blank=True, max_length=40)),
                        ("content_hash", models.CharField(blank=True, max_length=64)),
                        ("response", models.TextField(null=True, verbose_name="response, in the clinician's words")),
                        ("complications", models.TextField(null=True)),
                        ("plan", models.TextField(null=True)),
                        ("text", models.TextField(null=True, verbose_name="note")),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "visit",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="note", to="infusions.visit"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="VitalsSet",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("entered_at", models.DateTimeField()),
                        ("observed_at", models.DateTimeField()),
                        ("client_id", models.UUIDField(null=True)),
                        ("correction_reason", models.CharField(blank=True, max_length=200)),
                        ("confirmed_unusual", models.BooleanField(default=False)),
                        ("entered_in_error", models.BooleanField(default=False)),
                        (
                            "phase",
                            models.CharField(
                                choices=[
                                    ("baseline", "Baseline"),
                                    ("infusion", "Infusion"),
                                    ("recovery", "Recovery"),
                                    ("discharge", "Discharge"),
                                ],
                                max_length=10,
                                null=True,
                            ),
                        ),
                        ("systolic", models.PositiveSmallIntegerField(null=True)),
                        ("diastolic", models.PositiveSmallIntegerField(null=True)),
                        ("mean_pressure", models.PositiveSmallIntegerField(null=True, verbose_name="mean, as read")),
                        ("heart_rate", models.PositiveSmallIntegerField(null=True)),
                        ("rhythm", models.CharField(max_length=60, null=True)),
                        ("respiratory_rate", models.PositiveSmallIntegerField(null=True)),
                        ("spo2", models.PositiveSmallIntegerField(null=True, verbose_name="SpO2, %")),
                        ("oxygen_flow", models.CharField(max_length=40, null=True)),
                        ("end_tidal_co2", models.CharField(max_length=20, null=True, verbose_name="end-tidal CO2")),
                        ("temperature", models.CharField(max_length=10, null=True)),
                        ("temperature_unit", models.CharField(max_length=2, null=True)),
                        ("sedation_scale", models.CharField(max_length=40, null=True)),
                        ("sedation_value", models.CharField(max_length=20, null=True)),
                        ("orientation", models.CharField(max_length=80, null=True)),
                        ("pain", models.PositiveSmallIntegerField(null=True, verbose_name="pain, 0 to 10")),
                        ("nausea", models.CharField(max_length=80, null=True)),
                        (
                            "psychological",
                            models.CharField(
                                max_length=200,
                                null=True,
                                verbose_name="dissociation, anxiety, hallucination as observed",
                            ),
                        ),
                        ("iv_site", models.CharField(max_length=80, null=True, verbose_name="IV site")),
                        (
                            "rate_on_pump",
                            models.CharField(max_length=60, null=True, verbose_name="rate as read on the pump"),
                        ),
                        ("rate_on_pump_unit", models.CharField(max_length=40, null=True)),
                        ("action", models.CharField(max_length=200, null=True)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "supersedes",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.vitalsset",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="infusions.visit"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="WaitlistEntry",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("visit_start", models.DateTimeField(null=True)),
                        ("minutes", models.PositiveSmallIntegerField(null=True)),
                        (
                            "weekdays",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=7
                            ),
                        ),
                        ("time_from", models.TimeField(null=True)),
                        ("time_until", models.TimeField(null=True)),
                        ("earliest", models.DateField(null=True)),
                        ("latest", models.DateField(null=True)),
                        ("notice_hours", models.PositiveSmallIntegerField(default=0)),
                        ("note", models.CharField(blank=True, max_length=200)),
                        ("since", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(null=True)),
                        (
                            "closed_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("booked", "booked"),
                                    ("moved", "moved"),
                                    ("withdrawn", "withdrawn"),
                                    ("order-ended", "order-ended"),
                                    ("visit-gone", "visit-gone"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "appointment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="infusions.order",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "waitlist entry",
                        "verbose_name_plural": "waitlist entries",
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalWaitlistOffer",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("round", models.UUIDField()),
                        ("start", models.DateTimeField()),
                        ("minutes", models.PositiveSmallIntegerField()),
                        ("how", models.CharField(choices=[("call", "call"), ("to-call", "to-call")], max_length=10)),
                        ("made_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        (
                            "answer",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("yes", "yes"),
                                    ("no", "no"),
                                    ("expired", "expired"),
                                    ("taken", "taken"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("answered_at", models.DateTimeField(null=True)),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "chair",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="scheduling.chair",
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
                        (
                            "hold",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="infusions.waitlistentry",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical waitlist offer",
                        "verbose_name_plural": "historical waitlist offers",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="WaitlistOffer",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("round", models.UUIDField()),
                        ("start", models.DateTimeField()),
                        ("minutes", models.PositiveSmallIntegerField()),
                        ("how", models.CharField(choices=[("call", "call"), ("to-call", "to-call")], max_length=10)),
                        ("made_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        (
                            "answer",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("yes", "yes"),
                                    ("no", "no"),
                                    ("expired", "expired"),
                                    ("taken", "taken"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("answered_at", models.DateTimeField(null=True)),
                        (
                            "chair",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scheduling.chair"
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="offers",
                                to="infusions.waitlistentry",
                            ),
                        ),
                        (
                            "hold",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="scheduling.appointment",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "waitlist offer",
                    },
                ),
            ]
        ),
        Together(
            [
                migrations.AddConstraint(
                    model_name="candidacydecision",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="decision_has_reason"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="candidacydecision",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                [
                                    infusions.states.Outcome["CANDIDATE"],
                                    infusions.states.Outcome["NOT_A_CANDIDATE"],
                                    infusions.states.Outcome["MORE_INFORMATION"],
                                    infusions.states.Outcome["DEFERRED"],
                                ],
                            )
                        ),
                        name="decision_outcome_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="candidacydecision",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("content_hash", ""), _negated=True), name="decision_is_signed"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="candidacydecision",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("ask_for", ""), _negated=True),
                                ("information_due__isnull", False),
                                ("outcome", infusions.states.Outcome["MORE_INFORMATION"]),
                            ),
                            models.Q(
                                models.Q(("outcome", infusions.states.Outcome["MORE_INFORMATION"]), _negated=True),
                                ("ask_for", ""),
                                ("information_due__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="decision_more_information_asks",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="candidacydecision",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("supersedes__isnull", True)), fields=("patient",), name="decision_one_first"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("min_gap_days__isnull", True),
                            ("max_gap_days__isnull", True),
                            ("min_gap_days__lte", models.F("max_gap_days")),
                            _connector="OR",
                        ),
                        name="order_gaps_in_order",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("first_visit_from__isnull", True),
                            ("first_visit_until__isnull", True),
                            ("first_visit_from__lte", models.F("first_visit_until")),
                            _connector="OR",
                        ),
                        name="order_first_visit_in_order",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from__isnull", True),
                            ("valid_until__isnull", True),
                            ("valid_from__lte", models.F("valid_until")),
                            _connector="OR",
                        ),
                        name="order_validity_in_order",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("visits__isnull", True), ("visits__gte", 1), _connector="OR"),
                        name="order_visits_not_zero",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("chair_minutes__isnull", True), ("chair_minutes__gte", 1), _connector="OR"),
                        name="order_chair_time_not_zero",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("indication", ""), _negated=True),
                            models.Q(("agent", ""), _negated=True),
                            models.Q(("route", ""), _negated=True),
                            models.Q(("dose", ""), _negated=True),
                            models.Q(("dose_unit", ""), _negated=True),
                            models.Q(("rate", ""), _negated=True),
                            models.Q(("rate_unit", ""), _negated=True),
                            models.Q(("diluent", ""), _negated=True),
                            models.Q(("bolus", ""), _negated=True),
                            models.Q(("titration", ""), _negated=True),
                            models.Q(("items_to_record", ""), _negated=True),
                            models.Q(("premedication", ""), _negated=True),
                            models.Q(("rescue_drugs", ""), _negated=True),
                            models.Q(("fasting_instructions", ""), _negated=True),
                            models.Q(("escort_instructions", ""), _negated=True),
                            models.Q(("stop_criteria", ""), _negated=True),
                            models.Q(("discharge_criteria", ""), _negated=True),
                            models.Q(("minimum_stay", ""), _negated=True),
                            models.Q(("labs_needed", ""), _negated=True),
                        ),
                        name="order_blank_is_null",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("content_hash", ""), ("signed_at__isnull", True), ("signed_name", "")),
                            models.Q(
                                ("discarded_at__isnull", True),
                                ("signed_at__isnull", False),
                                models.Q(("content_hash", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="order_signed_whole",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("discarded_at__isnull", True), ("signed_at__isnull", True)),
                        fields=("author", "patient"),
                        name="order_one_draft_each",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("signed_at__isnull", False)),
                        fields=("supersedes",),
                        name="order_superseded_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes__isnull", True),
                            models.Q(("supersedes_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="order_supersedes_with_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderexception",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="exception_has_reason"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderexception",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    infusions.models.exceptions.ExceptionKind["OUTSIDE_GAPS"],
                                    infusions.models.exceptions.ExceptionKind["NO_ESCORT"],
                                ],
                            )
                        ),
                        name="exception_kind_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderexception",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("content_hash", ""), _negated=True), name="exception_is_signed"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="exceptionuse",
                    constraint=models.UniqueConstraint(
                        fields=("exception", "appointment"), name="exception_used_once_by_a_visit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderstanding",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    infusions.states.OrderStatus["ACTIVE"],
                                    infusions.states.OrderStatus["ON_HOLD"],
                                    infusions.states.OrderStatus["COMPLETED"],
                                    infusions.states.OrderStatus["STOPPED"],
                                    infusions.states.OrderStatus["SUPERSEDED"],
                                    infusions.states.OrderStatus["ENTERED_IN_ERROR"],
                                ],
                            )
                        ),
                        name="standing_status_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderstanding",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [infusions.states.OrderStatus["ACTIVE"], infusions.states.OrderStatus["ON_HOLD"]],
                            )
                        ),
                        fields=("patient",),
                        name="standing_one_in_force",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="screeningitem",
                    constraint=models.UniqueConstraint(fields=("clinic", "wording"), name="screening_item_once"),
                ),
                migrations.AddConstraint(
                    model_name="screeningitem",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("wording__regex", "\\S")), name="screening_item_says_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="screeninganswer",
                    constraint=models.UniqueConstraint(
                        fields=("patient", "item", "client_id"), name="screening_answer_sent_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="screeninganswer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("answer__isnull", True), ("answer__regex", "\\S"), _connector="OR"),
                        name="screening_blank_is_null",
                    ),
                ),
                migrations.AddIndex(
                    model_name="visit",
                    index=models.Index(fields=["clinic", "-opened_at", "-id"], name="visit_by_clinic"),
                ),
                migrations.AddIndex(
                    model_name="visit",
                    index=models.Index(fields=["patient", "opened_at"], name="visit_by_patient"),
                ),
                migrations.AddConstraint(
                    model_name="quantity",
                    constraint=models.UniqueConstraint(fields=("visit", "client_id"), name="quantity_sent_once"),
                ),
                migrations.AddConstraint(
                    model_name="quantity",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes__isnull", True),
                            models.Q(("correction_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="quantity_corrected_with_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quantity",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("entered_in_error", False), ("supersedes__isnull", False), _connector="OR"),
                        name="quantity_strikes_a_row",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quantity",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "observed_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("entered_at"), "+", models.Value(datetime.timedelta(seconds=120))
                                ),
                            )
                        ),
                        name="quantity_not_in_the_future",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quantity",
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
                        name="quantity_observed_at_in_our_times",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quantity",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("wasted__isnull", True),
                            models.Q(
                                ("witness__isnull", False), models.Q(("witness", models.F("author")), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="waste_has_another_witness",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="previsitcheck",
                    constraint=models.UniqueConstraint(fields=("visit", "client_id"), name="previsitcheck_sent_once"),
                ),
                migrations.AddConstraint(
                    model_name="previsitcheck",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes__isnull", True),
                            models.Q(("correction_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="previsitcheck_corrected_with_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="previsitcheck",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("entered_in_error", False), ("supersedes__isnull", False), _connector="OR"),
                        name="previsitcheck_strikes_a_row",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="previsitcheck",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "observed_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("entered_at"), "+", models.Value(datetime.timedelta(seconds=120))
                                ),
                            )
                        ),
                        name="previsitcheck_not_in_the_future",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="previsitcheck",
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
                        name="previsitcheck_observed_at_in_our_times",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="previsitcheck",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("fasting_from__isnull", True),
                            (
                                "fasting_from__range",
                                (
                                    datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc),
                                    datetime.datetime(2200, 1, 1, 0, 0, tzinfo=datetime.timezone.utc),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="previsitcheck_fasting_from_in_our_times",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="previsitcheck",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("pain__isnull", True), ("pain__lte", 10), _connector="OR"),
                        name="previsit_pain_0_to_10",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="preparation",
                    constraint=models.UniqueConstraint(fields=("visit", "client_id"), name="preparation_sent_once"),
                ),
                migrations.AddConstraint(
                    model_name="preparation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes__isnull", True),
                            models.Q(("correction_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="preparation_corrected_with_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="preparation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("entered_in_error", False), ("supersedes__isnull", False), _connector="OR"),
                        name="preparation_strikes_a_row",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="preparation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "observed_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("entered_at"), "+", models.Value(datetime.timedelta(seconds=120))
                                ),
                            )
                        ),
                        name="preparation_not_in_the_future",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="preparation",
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
                        name="preparation_observed_at_in_our_times",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="notehandover",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("reason__regex", "\\S")), name="handover_says_why"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="notehandover",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("began_by", models.F("author")), _negated=True),
                        name="handover_between_two_people",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ivaccess",
                    constraint=models.UniqueConstraint(fields=("visit", "client_id"), name="ivaccess_sent_once"),
                ),
                migrations.AddConstraint(
                    model_name="ivaccess",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes__isnull", True),
                            models.Q(("correction_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="ivaccess_corrected_with_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ivaccess",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("entered_in_error", False), ("supersedes__isnull", False), _connector="OR"),
                        name="ivaccess_strikes_a_row",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ivaccess",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "observed_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("entered_at"), "+", models.Value(datetime.timedelta(seconds=120))
                                ),
                            )
                        ),
                        name="ivaccess_not_in_the_future",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ivaccess",
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
                        name="ivaccess_observed_at_in_our_times",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="discharge",
                    constraint=models.UniqueConstraint(fields=("visit", "client_id"), name="discharge_sent_once"),
                ),
                migrations.AddConstraint(
                    model_name="discharge",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes__isnull", True),
                            models.Q(("correction_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="discharge_corrected_with_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="discharge",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("entered_in_error", False), ("supersedes__isnull", False), _connector="OR"),
                        name="discharge_strikes_a_row",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="discharge",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "observed_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("entered_at"), "+", models.Value(datetime.timedelta(seconds=120))
                                ),
                            )
                        ),
                        name="discharge_not_in_the_future",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="discharge",
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
                        name="discharge_observed_at_in_our_times",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="discharge",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("escort_at__isnull", True),
                            (
                                "escort_at__range",
                                (
                                    datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc),
                                    datetime.datetime(2200, 1, 1, 0, 0, tzinfo=datetime.timezone.utc),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="discharge_escort_at_in_our_times",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="discharge",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("entered_in_error", True),
                            models.Q(("escort_identified", True), ("escort_identified__isnull", False)),
                            models.Q(("exception_reason__isnull", False), ("exception_reason__regex", "\\S")),
                            _connector="OR",
                        ),
                        name="discharge_needs_escort_or_exception",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="discharge",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("pain__isnull", True), ("pain__lte", 10), _connector="OR"),
                        name="discharge_pain_0_to_10",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="adverseevent",
                    constraint=models.UniqueConstraint(fields=("visit", "client_id"), name="adverseevent_sent_once"),
                ),
                migrations.AddConstraint(
                    model_name="adverseevent",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes__isnull", True),
                            models.Q(("correction_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="adverseevent_corrected_with_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="adverseevent",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("entered_in_error", False), ("supersedes__isnull", False), _connector="OR"),
                        name="adverseevent_strikes_a_row",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="adverseevent",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "observed_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("entered_at"), "+", models.Value(datetime.timedelta(seconds=120))
                                ),
                            )
                        ),
                        name="adverseevent_not_in_the_future",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="adverseevent",
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
                        name="adverseevent_observed_at_in_our_times",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="adverseevent",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                (
                                    "ended_at__range",
                                    (
                                        datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc),
                                        datetime.datetime(2200, 1, 1, 0, 0, tzinfo=datetime.timezone.utc),
                                    ),
                                ),
                                _connector="OR",
                            ),
                            models.Q(
                                ("told_at__isnull", True),
                                (
                                    "told_at__range",
                                    (
                                        datetime.datetime(1900, 1, 1, 0, 0, tzinfo=datetime.timezone.utc),
                                        datetime.datetime(2200, 1, 1, 0, 0, tzinfo=datetime.timezone.utc),
                                    ),
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="adverseevent_ended_at_in_our_times",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="adverseevent",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("event_type__isnull", True),
                            (
                                "event_type__in",
                                [
                                    infusions.models.flowsheet.EventType["HYPERTENSION"],
                                    infusions.models.flowsheet.EventType["HYPOTENSION"],
                                    infusions.models.flowsheet.EventType["HEART_RATE"],
                                    infusions.models.flowsheet.EventType["DESATURATION"],
                                    infusions.models.flowsheet.EventType["AIRWAY"],
                                    infusions.models.flowsheet.EventType["OVER_SEDATION"],
                                    infusions.models.flowsheet.EventType["AGITATION"],
                                    infusions.models.flowsheet.EventType["DYSPHORIA"],
                                    infusions.models.flowsheet.EventType["NAUSEA"],
                                    infusions.models.flowsheet.EventType["HEADACHE"],
                                    infusions.models.flowsheet.EventType["BLADDER"],
                                    infusions.models.flowsheet.EventType["LIVER"],
                                    infusions.models.flowsheet.EventType["INFILTRATION"],
                                    infusions.models.flowsheet.EventType["ALLERGIC"],
                                    infusions.models.flowsheet.EventType["FALL"],
                                    infusions.models.flowsheet.EventType["MEDICATION_ERROR"],
                                    infusions.models.flowsheet.EventType["OTHER"],
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="event_type_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="adverseevent",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("outcome__isnull", True), ("outcome__regex", "\\S"), _connector="OR"),
                        name="event_outcome_said",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="administration",
                    constraint=models.UniqueConstraint(fields=("visit", "client_id"), name="administration_sent_once"),
                ),
                migrations.AddConstraint(
                    model_name="administration",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes__isnull", True),
                            models.Q(("correction_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="administration_corrected_with_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="administration",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("entered_in_error", False), ("supersedes__isnull", False), _connector="OR"),
                        name="administration_strikes_a_row",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="administration",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "observed_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("entered_at"), "+", models.Value(datetime.timedelta(seconds=120))
                                ),
                            )
                        ),
                        name="administration_not_in_the_future",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="administration",
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
                        name="administration_observed_at_in_our_times",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="administration",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    infusions.models.flowsheet.AdministrationKind["START"],
                                    infusions.models.flowsheet.AdministrationKind["RATE"],
                                    infusions.models.flowsheet.AdministrationKind["BOLUS"],
                                    infusions.models.flowsheet.AdministrationKind["PAUSE"],
                                    infusions.models.flowsheet.AdministrationKind["RESUME"],
                                    infusions.models.flowsheet.AdministrationKind["END"],
                                ],
                            )
                        ),
                        name="administration_kind_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="addendum",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True), models.Q(("reason", ""), _negated=True)
                        ),
                        name="addendum_says_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="addendum",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("signed_name", ""), _negated=True), models.Q(("content_hash", ""), _negated=True)
                        ),
                        name="addendum_is_signed",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visitending",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="visit_ending_has_reason"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visitending",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [scheduling.states.Status["NOT_TREATED"], scheduling.states.Status["STOPPED_EARLY"]],
                            )
                        ),
                        name="visit_ending_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visitnote",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("content_hash", ""), ("signed_at__isnull", True), ("signed_name", "")),
                            models.Q(
                                ("signed_at__isnull", False),
                                models.Q(("signed_name", ""), _negated=True),
                                models.Q(("content_hash", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="note_signed_whole",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="vitalsset",
                    constraint=models.UniqueConstraint(fields=("visit", "client_id"), name="vitalsset_sent_once"),
                ),
                migrations.AddConstraint(
                    model_name="vitalsset",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("supersedes__isnull", True),
                            models.Q(("correction_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="vitalsset_corrected_with_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="vitalsset",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("entered_in_error", False), ("supersedes__isnull", False), _connector="OR"),
                        name="vitalsset_strikes_a_row",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="vitalsset",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "observed_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("entered_at"), "+", models.Value(datetime.timedelta(seconds=120))
                                ),
                            )
                        ),
                        name="vitalsset_not_in_the_future",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="vitalsset",
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
                        name="vitalsset_observed_at_in_our_times",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="vitalsset",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("pain__isnull", True), ("pain__lte", 10), _connector="OR"),
                        name="vitals_pain_0_to_10",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="vitalsset",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("phase__isnull", True),
                            (
                                "phase__in",
                                [
                                    infusions.models.flowsheet.Phase["BASELINE"],
                                    infusions.models.flowsheet.Phase["INFUSION"],
                                    infusions.models.flowsheet.Phase["RECOVERY"],
                                    infusions.models.flowsheet.Phase["DISCHARGE"],
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="vitals_phase_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="vitalsset",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("spo2__isnull", True), ("spo2__lte", 100), ("confirmed_unusual", True), _connector="OR"
                        ),
                        name="vitals_spo2_confirmed",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="vitalsset",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("systolic__isnull", True),
                            ("diastolic__isnull", True),
                            ("systolic__gt", models.F("diastolic")),
                            ("confirmed_unusual", True),
                            _connector="OR",
                        ),
                        name="vitals_pressure_confirmed",
                    ),
                ),
                migrations.AddIndex(
                    model_name="waitlistentry",
                    index=models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["clinic", "since"],
                        name="waitlist_in_line",
                    ),
                ),
                migrations.AddIndex(
                    model_name="waitlistentry",
                    index=models.Index(fields=["clinic", "closed_at"], name="waitlist_closed"),
                ),
                migrations.AddConstraint(
                    model_name="waitlistentry",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("appointment",),
                        name="waitlist_once_for_a_visit",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waitlistentry",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True), ("appointment__isnull", True), ("order__isnull", False)
                        ),
                        fields=("patient",),
                        name="waitlist_once_for_an_infusion",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waitlistentry",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True), ("appointment__isnull", True), ("order__isnull", True)
                        ),
                        fields=("patient",),
                        name="waitlist_once_for_a_consult",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waitlistentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("minutes__isnull", True),
                                models.Q(
                                    ("order__isnull", False),
                                    models.Q(("appointment__isnull", True), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(("minutes__gt", 0), ("order__isnull", True), ("appointment__isnull", True)),
                            _connector="OR",
                        ),
                        name="waitlist_minutes_of_a_new_consult",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waitlistentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("appointment__isnull", True), ("visit_start__isnull", True)),
                            models.Q(
                                models.Q(("appointment__isnull", True), _negated=True), ("visit_start__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="waitlist_visit_start_when",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waitlistentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("weekdays__contained_by", [0, 1, 2, 3, 4, 5, 6])),
                        name="waitlist_weekdays_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waitlistentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("time_from__isnull", True),
                            ("time_until__isnull", True),
                            ("time_from__lt", models.F("time_until")),
                            _connector="OR",
                        ),
                        name="waitlist_times_in_order",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waitlistentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("earliest__isnull", True),
                            ("latest__isnull", True),
                            ("earliest__lte", models.F("latest")),
                            _connector="OR",
                        ),
                        name="waitlist_days_in_order",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waitlistentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("notice_hours__lte", 336)), name="waitlist_notice_sensible"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waitlistentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_reason", "")),
                            models.Q(
                                ("closed_at__isnull", False),
                                (
                                    "closed_reason__in",
                                    [
                                        infusions.models.waitlist.Closed["BOOKED"],
                                        infusions.models.waitlist.Closed["MOVED"],
                                        infusions.models.waitlist.Closed["WITHDRAWN"],
                                        infusions.models.waitlist.Closed["ORDER_ENDED"],
                                        infusions.models.waitlist.Closed["VISIT_GONE"],
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="waitlist_closed_with_reason",
                    ),
                ),
                migrations.AddIndex(
                    model_name="waitlistoffer",
                    index=models.Index(fields=["round"], name="offer_by_round"),
                ),
                migrations.AddIndex(
                    model_name="waitlistoffer",
                    index=models.Index(
                        condition=models.Q(("answer", "")), fields=["chair", "start"], name="offer_open_by_chair"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waitlistoffer",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("answer", "")), fields=("entry",), name="offer_one_open_for_an_entry"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waitlistoffer",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("answer", infusions.models.waitlist.Answer["YES"])),
                        fields=("round",),
                        name="offer_one_yes_in_a_round",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waitlistoffer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True)),
                            models.Q(
                                (
                                    "answer__in",
                                    [
                                        infusions.models.waitlist.Answer["YES"],
                                        infusions.models.waitlist.Answer["NO"],
                                        infusions.models.waitlist.Answer["EXPIRED"],
                                        infusions.models.waitlist.Answer["TAKEN"],
                                        infusions.models.waitlist.Answer["WITHDRAWN"],
                                    ],
                                ),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="offer_answered_when",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waitlistoffer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", infusions.models.waitlist.Answer["YES"]), ("visit__isnull", False)),
                            models.Q(
                                models.Q(("answer", infusions.models.waitlist.Answer["YES"]), _negated=True),
                                ("visit__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="offer_visit_of_a_yes",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waitlistoffer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "how__in",
                                [infusions.models.waitlist.How["CALL"], infusions.models.waitlist.How["TO_CALL"]],
                            )
                        ),
                        name="offer_how_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waitlistoffer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("expires_at__lte", models.F("start"))), name="offer_ends_before_the_visit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="waitlistoffer",
                    constraint=models.CheckConstraint(condition=models.Q(("minutes__gt", 0)), name="offer_has_minutes"),
                ),
            ]
        ),
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="candidacydecision",
                    trigger=pgtrigger.compiler.Trigger(
                        name="supersedes_of_same_patient",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.supersedes_id IS NOT NULL\n               AND NEW.patient_id IS DISTINCT FROM (SELECT patient_id FROM infusions_candidacydecision WHERE id = NEW.supersedes_id)\n            THEN\n                RAISE EXCEPTION 'supersedes belongs to another patient'\n                    USING ERRCODE = '23514', CONSTRAINT = 'supersedes_of_same_patient';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="d1d95f464850342b5fca690203f4b9caeb8bfa34",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_supersedes_of_same_patient_78234",
                            table="infusions_candidacydecision",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="candidacydecision",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="ca2ac9acc3605cf55a5a3892829efce4c742e3ba",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_d2e67",
                            table="infusions_candidacydecision",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="candidacydecision",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="a90507b0b462fb7e16304a4087189d50af691a2e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f78d6",
                            table="infusions_candidacydecision",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="candidacydecision",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="64b01047c7636f9d96d673be3d0f7bf9bbbc14b1",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_77cc5",
                            table="infusions_candidacydecision",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="candidacydecision",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['prescriber']); RETURN NEW;",
                            hash="94b7b390a6e08b8aad98c57e48bbc329e39468ed",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_ab2d5",
                            table="infusions_candidacydecision",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalscreeningitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM infusions_screeningitem t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM infusions_historicalscreeningitem h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'infusions_screeningitem');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="2dcd4185b795f36f5b1b8c5438f33db4d486616c",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_ade95",
                            table="infusions_historicalscreeningitem",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalscreeningitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="b34d90bdaa172d1f17181854f830315924a2331e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_dcc84",
                            table="infusions_historicalscreeningitem",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalscreeningitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="bb20f9952eb9b8c4ead9ae4c9a03f0e038456545",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_98da1",
                            table="infusions_historicalscreeningitem",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="supersedes_of_same_patient",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.supersedes_id IS NOT NULL\n               AND NEW.patient_id IS DISTINCT FROM (SELECT patient_id FROM infusions_order WHERE id = NEW.supersedes_id)\n            THEN\n                RAISE EXCEPTION 'supersedes belongs to another patient'\n                    USING ERRCODE = '23514', CONSTRAINT = 'supersedes_of_same_patient';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="a4dba6ec378dc05e3194cb52caa0003dfa32d9b9",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_supersedes_of_same_patient_a073e",
                            table="infusions_order",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="candidacy_of_same_patient",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.candidacy_id IS NOT NULL\n               AND NEW.patient_id IS DISTINCT FROM (SELECT patient_id FROM infusions_candidacydecision WHERE id = NEW.candidacy_id)\n            THEN\n                RAISE EXCEPTION 'candidacy belongs to another patient'\n                    USING ERRCODE = '23514', CONSTRAINT = 'candidacy_of_same_patient';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="2d1ab5d77e04adbd5ba914bc804a79b365289f4f",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_candidacy_of_same_patient_60395",
                            table="infusions_order",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'infusions_historicalorder', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="cffa735614739807933b81e262a55984602998c9",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_bf9d6",
                            table="infusions_order",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="3dd3a436d8995318ec5f96513557c65587320c8a",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_35aab",
                            table="infusions_order",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['prescriber']); RETURN NEW;",
                            hash="0d89b7db3c98887ead26af5e4047d65a30d7e252",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_89df8",
                            table="infusions_order",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="signed_is_final",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF TG_OP = 'DELETE' OR OLD.signed_at IS NOT NULL OR (NEW.author_id <> OLD.author_id) THEN\n                RAISE EXCEPTION '% is signed or somebody else''s', TG_TABLE_NAME USING ERRCODE = 'DK005';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="b9e9b7dce33c47b4615896255499aea8d0b1cda9",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_signed_is_final_1d462",
                            table="infusions_order",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalwaitlistentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM infusions_waitlistentry t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM infusions_historicalwaitlistentry h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'infusions_waitlistentry');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="bf69836f99304b8596d59c79051d2e15677666bd",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_b08ab",
                            table="infusions_historicalwaitlistentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalwaitlistentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="9b859f9dac1de647424f5d97460ca2c217218726",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_6e9c4",
                            table="infusions_historicalwaitlistentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalwaitlistentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="180591852ee1ef8a6d1bf3205c06779c9257249e",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_172dc",
                            table="infusions_historicalwaitlistentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalvisit",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM infusions_visit t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM infusions_historicalvisit h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'infusions_visit');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="de8e0390ba940c466f8f1325e3f16d24db036357",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_4d923",
                            table="infusions_historicalvisit",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalvisit",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="cfc95088f237c8dc8ec0a28b638d736f95bff525",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f0081",
                            table="infusions_historicalvisit",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalvisit",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="2618a233e5d7bde9d50d366ab963c8ef5b35f0bf",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_a84d9",
                            table="infusions_historicalvisit",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalorderstanding",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM infusions_orderstanding t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM infusions_historicalorderstanding h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'infusions_orderstanding');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="ae77af669ca89b005d65901f08809b0a2585a83d",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_19217",
                            table="infusions_historicalorderstanding",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalorderstanding",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="64cf58e293613b2580c57360dae8f99311ccb0b9",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_8a9be",
                            table="infusions_historicalorderstanding",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalorderstanding",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="df68f4d4c880059662ff59ec584a2f9d4e35db0f",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_8c8d2",
                            table="infusions_historicalorderstanding",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalorder",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM infusions_order t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM infusions_historicalorder h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'infusions_order');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="21cfcef75e4eedc8461f61bc1e1e14425c234aaa",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_239d3",
                            table="infusions_historicalorder",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalorder",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="f1949fdf45520a77ef9cbff9ac658a948d5a8b40",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_dac78",
                            table="infusions_historicalorder",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalorder",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="5aac75ec27feeb1c1147b4f94c69f03ae435052c",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_9e867",
                            table="infusions_historicalorder",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalorder",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(desk_acting_user(), ARRAY['prescriber']); RETURN NEW;",
                            hash="4d242e365e8db634d60237d60cd28a76b9c2a555",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_07380",
                            table="infusions_historicalorder",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalfulfilment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM infusions_fulfilment t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM infusions_historicalfulfilment h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'infusions_fulfilment');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="ae857967f56372cd7bd8dd3e63dceb19a4665a53",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_65db5",
                            table="infusions_historicalfulfilment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalfulfilment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="e120f264408c626fdc580ddadf3c62125b95f082",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_76eee",
                            table="infusions_historicalfulfilment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalfulfilment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="ca2d9ba108ed34446a382e5c30fceb7b1f01c791",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_f7d4c",
                            table="infusions_historicalfulfilment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="fulfilment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="for_signed_order",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NOT EXISTS (SELECT 1 FROM infusions_order WHERE id = NEW.order_id AND signed_at IS NOT NULL) THEN\n                RAISE EXCEPTION 'the order is not signed' USING ERRCODE = '23514', CONSTRAINT = 'for_signed_order';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="8b4c89fdff173873489964e0fead02f01fdc9552",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_for_signed_order_04c78",
                            table="infusions_fulfilment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="fulfilment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="order_of_same_patient",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.order_id IS NOT NULL\n               AND NEW.patient_id IS DISTINCT FROM (SELECT patient_id FROM infusions_order WHERE id = NEW.order_id)\n            THEN\n                RAISE EXCEPTION 'order belongs to another patient'\n                    USING ERRCODE = '23514', CONSTRAINT = 'order_of_same_patient';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="9bfbc4d277a98ff2d980bbe574f04dd02ea74ae3",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_order_of_same_patient_6ff1a",
                            table="infusions_fulfilment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="fulfilment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="series_of_same_patient",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.series_id IS NOT NULL\n               AND NEW.patient_id IS DISTINCT FROM (SELECT patient_id FROM scheduling_series WHERE id = NEW.series_id)\n            THEN\n                RAISE EXCEPTION 'series belongs to another patient'\n                    USING ERRCODE = '23514', CONSTRAINT = 'series_of_same_patient';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="5508fc642858c15418101ca66669d9872b034147",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_series_of_same_patient_1455e",
                            table="infusions_fulfilment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="fulfilment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'infusions_historicalfulfilment', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="4d4b66da1827ad7203d3fc9ec6e6e20c0be1f59a",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_87124",
                            table="infusions_fulfilment",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="fulfilment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="61918b447b99c2a801ac0ad08ac8e095fc50d164",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_647ab",
                            table="infusions_fulfilment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderexception",
                    trigger=pgtrigger.compiler.Trigger(
                        name="for_signed_order",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NOT EXISTS (SELECT 1 FROM infusions_order WHERE id = NEW.order_id AND signed_at IS NOT NULL) THEN\n                RAISE EXCEPTION 'the order is not signed' USING ERRCODE = '23514', CONSTRAINT = 'for_signed_order';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="a872812861de7c72b42b61ac6a672754e4de8b83",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_for_signed_order_6b503",
                            table="infusions_orderexception",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderexception",
                    trigger=pgtrigger.compiler.Trigger(
                        name="order_of_same_patient",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.order_id IS NOT NULL\n               AND NEW.patient_id IS DISTINCT FROM (SELECT patient_id FROM infusions_order WHERE id = NEW.order_id)\n            THEN\n                RAISE EXCEPTION 'order belongs to another patient'\n                    USING ERRCODE = '23514', CONSTRAINT = 'order_of_same_patient';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="fd0f70cfce914261b9ce65d5ba0f265dfcc87a22",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_order_of_same_patient_62c92",
                            table="infusions_orderexception",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderexception",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="cb8f8e2b4e9fbc7def21b766a46a729bd598f887",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_fcc03",
                            table="infusions_orderexception",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderexception",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="a5a867424b0a3fd6d5efe8cac5f97b5735982e5f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_67ebd",
                            table="infusions_orderexception",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderexception",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="27006b44e4d363892dd3682eedc6dddb93143b7f",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_94c46",
                            table="infusions_orderexception",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderexception",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['prescriber']); RETURN NEW;",
                            hash="659a7dd1c5553bfa113bbbf1effef63f53a1a254",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_10fd9",
                            table="infusions_orderexception",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="exceptionuse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="bfda0b5d1660b919ab8760e66032f0309a3dee3f",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_c1685",
                            table="infusions_exceptionuse",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="exceptionuse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="97be204e8e1dd8fc78f362c39253dfc66733ec5a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_8323f",
                            table="infusions_exceptionuse",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="exceptionuse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="16295a2fc8ac70f07380b189f8ea08c95908ebf3",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_ae046",
                            table="infusions_exceptionuse",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderstanding",
                    trigger=pgtrigger.compiler.Trigger(
                        name="for_signed_order",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NOT EXISTS (SELECT 1 FROM infusions_order WHERE id = NEW.order_id AND signed_at IS NOT NULL) THEN\n                RAISE EXCEPTION 'the order is not signed' USING ERRCODE = '23514', CONSTRAINT = 'for_signed_order';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="b040779e3edcb57d6e6ee14ce1f5e7d9347ad9c0",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_for_signed_order_fa387",
                            table="infusions_orderstanding",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderstanding",
                    trigger=pgtrigger.compiler.Trigger(
                        name="order_of_same_patient",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.order_id IS NOT NULL\n               AND NEW.patient_id IS DISTINCT FROM (SELECT patient_id FROM infusions_order WHERE id = NEW.order_id)\n            THEN\n                RAISE EXCEPTION 'order belongs to another patient'\n                    USING ERRCODE = '23514', CONSTRAINT = 'order_of_same_patient';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="c51cf1bd8fa9a00136b7c7f4c2759609be2f5699",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_order_of_same_patient_20f50",
                            table="infusions_orderstanding",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderstanding",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(desk_acting_user(), ARRAY['prescriber']); RETURN NEW;",
                            hash="31ef15c8a03c4587f2039bfac0f0ec0d9f725cc9",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_12462",
                            table="infusions_orderstanding",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderstanding",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'infusions_historicalorderstanding', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="b0e6b4f7f98b2de2fc6869ed4e73db21b3dbb003",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_ed54f",
                            table="infusions_orderstanding",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderstanding",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="62dad426deb6b9a07f6f9c31cbf79d37bfb0f4ca",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_25421",
                            table="infusions_orderstanding",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="screeningitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="wording_stands",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF TG_OP = 'DELETE' OR NEW.wording <> OLD.wording OR NEW.clinic_id <> OLD.clinic_id THEN\n                PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP);\n            END IF;\n            RETURN NEW;\n        ",
                            hash="6794d5d1aec6abe3881d45eec90c8f43b5cc53fe",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_wording_stands_e4e2c",
                            table="infusions_screeningitem",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="screeningitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'infusions_historicalscreeningitem', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="3006b3cae41aec7dafc6e33ec6280c4826254d9e",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_7449b",
                            table="infusions_screeningitem",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="screeningitem",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="fc157ac8f5792529dce7e85e5da73d309c85c55e",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_a1183",
                            table="infusions_screeningitem",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="screeninganswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="asked_in_own_clinic",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF (SELECT clinic_id FROM patients_patient WHERE id = NEW.patient_id)\n               IS DISTINCT FROM (SELECT clinic_id FROM infusions_screeningitem WHERE id = NEW.item_id)\n            THEN\n                RAISE EXCEPTION 'the item belongs to another clinic'\n                    USING ERRCODE = '23514', CONSTRAINT = 'asked_in_own_clinic';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="d4d7ab51d0b0cfa0a3b01c19eb949f656cb77405",
                            operation="INSERT",
                            pgid="pgtrigger_asked_in_own_clinic_7e54c",
                            table="infusions_screeninganswer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="screeninganswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="fb06a3fcddaad7fc8940359af792bc5d891f2fa9",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_e725b",
                            table="infusions_screeninganswer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="screeninganswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="564d2035de1f81b26b9b49316a5b2d22bc027f45",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_11747",
                            table="infusions_screeninganswer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="screeninganswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="feb60209b209a329011c21b8155c278dfe70d76a",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_0e621",
                            table="infusions_screeninganswer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="screeninganswer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['nurse', 'prescriber']); RETURN NEW;",
                            hash="7a3db3a2705cfddffced9f25c88b574ed91bc82e",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_a7a79",
                            table="infusions_screeninganswer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visit",
                    trigger=pgtrigger.compiler.Trigger(
                        name="fits_appointment",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NOT EXISTS (\n                SELECT 1 FROM scheduling_appointment a\n                WHERE a.id = NEW.appointment_id AND a.patient_id = NEW.patient_id AND a.clinic_id = NEW.clinic_id\n                  AND (NEW.order_id IS NOT NULL OR a.kind = 'consult')\n            ) OR (NEW.order_id IS NOT NULL AND NOT EXISTS (\n                SELECT 1 FROM infusions_order o JOIN infusions_orderstanding s ON s.order_id = o.id\n                WHERE o.id = NEW.order_id AND o.patient_id = NEW.patient_id AND o.signed_at IS NOT NULL\n                  AND s.status = 'active'\n            )) THEN\n                RAISE EXCEPTION 'a visit needs its appointment''s patient and an order in force'\n                    USING ERRCODE = '23514', CONSTRAINT = 'visit_fits_appointment';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="abb918387d7f6533e94f1482ed2defb33871cfbb",
                            operation="INSERT",
                            pgid="pgtrigger_fits_appointment_411bd",
                            table="infusions_visit",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visit",
                    trigger=pgtrigger.compiler.Trigger(
                        name="visit_stands",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="15acb07a3cfccad11bacf84a9ef55c640bbc83f0",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_visit_stands_a8c46",
                            table="infusions_visit",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visit",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.opened_by_id, ARRAY['nurse', 'prescriber']); RETURN NEW;",
                            hash="14dbd4a0721e9899c12b71de847b4a73dd49d76e",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_1e5b9",
                            table="infusions_visit",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visit",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'infusions_historicalvisit', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="a7b9191c691ef874d9089fe640519a95fdd7e315",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_f013b",
                            table="infusions_visit",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visit",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="2f615cb723941ffc6f92dc6e57dd88a3df1476a5",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_b4cb7",
                            table="infusions_visit",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quantity",
                    trigger=pgtrigger.compiler.Trigger(
                        name="corrects_own_visit",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE corrected_visit uuid;",
                            func="\n            IF NEW.supersedes_id IS NOT NULL THEN\n                EXECUTE format('SELECT visit_id FROM %I WHERE id = $1', TG_TABLE_NAME)\n                    INTO corrected_visit USING NEW.supersedes_id;\n                IF corrected_visit IS DISTINCT FROM NEW.visit_id THEN\n                    RAISE EXCEPTION 'a correction belongs to the visit of what it corrects'\n                        USING ERRCODE = '23514', CONSTRAINT = 'correction_in_own_visit';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="16330f0355f2710fe9fe08d9dcc5f512531cac94",
                            operation="INSERT",
                            pgid="pgtrigger_corrects_own_visit_7b8d0",
                            table="infusions_quantity",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quantity",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="4a59b59e9fa8c36517afb29e2491a513182b8b44",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_4c0bc",
                            table="infusions_quantity",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quantity",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="295950e3a2d1d5acb5ee5e533e81eb2dccf65263",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_1a231",
                            table="infusions_quantity",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quantity",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="1813fc7643bbf4173275acd35e60373ee61cffb4",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_33261",
                            table="infusions_quantity",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quantity",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['nurse', 'prescriber']); RETURN NEW;",
                            hash="9fc7f317d1887e5a8fdcb593de9920a64f18224d",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_f5f42",
                            table="infusions_quantity",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="quantity",
                    trigger=pgtrigger.compiler.Trigger(
                        name="visit_not_signed",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_unsigned_visit(NEW.visit_id); RETURN NEW;",
                            hash="6a737b368e1e5b02aab3d24a1b55ea7154858e2d",
                            operation="INSERT",
                            pgid="pgtrigger_visit_not_signed_2ae60",
                            table="infusions_quantity",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="previsitcheck",
                    trigger=pgtrigger.compiler.Trigger(
                        name="corrects_own_visit",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE corrected_visit uuid;",
                            func="\n            IF NEW.supersedes_id IS NOT NULL THEN\n                EXECUTE format('SELECT visit_id FROM %I WHERE id = $1', TG_TABLE_NAME)\n                    INTO corrected_visit USING NEW.supersedes_id;\n                IF corrected_visit IS DISTINCT FROM NEW.visit_id THEN\n                    RAISE EXCEPTION 'a correction belongs to the visit of what it corrects'\n                        USING ERRCODE = '23514', CONSTRAINT = 'correction_in_own_visit';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="223e3bdbd5b273cda1039fdf7da745ba491a0770",
                            operation="INSERT",
                            pgid="pgtrigger_corrects_own_visit_24523",
                            table="infusions_previsitcheck",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="previsitcheck",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="85f199b6f15c8e77035e381225ff9ffb193a742c",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_11099",
                            table="infusions_previsitcheck",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="previsitcheck",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="2e92c15ae7b0265a0ca5bdc027e67fb56974c422",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b8d63",
                            table="infusions_previsitcheck",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="previsitcheck",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="7e4364b22082b1090801d76e0e4a8347da2695e4",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_6dbba",
                            table="infusions_previsitcheck",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="previsitcheck",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['nurse', 'prescriber']); RETURN NEW;",
                            hash="0d58983edd4fc59df6f0b71fe6675efa3a66b373",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_ac183",
                            table="infusions_previsitcheck",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="previsitcheck",
                    trigger=pgtrigger.compiler.Trigger(
                        name="visit_not_signed",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_unsigned_visit(NEW.visit_id); RETURN NEW;",
                            hash="6869f025d2000cc6025ff80bdabc5269a508af94",
                            operation="INSERT",
                            pgid="pgtrigger_visit_not_signed_8c30a",
                            table="infusions_previsitcheck",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="preparation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="corrects_own_visit",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE corrected_visit uuid;",
                            func="\n            IF NEW.supersedes_id IS NOT NULL THEN\n                EXECUTE format('SELECT visit_id FROM %I WHERE id = $1', TG_TABLE_NAME)\n                    INTO corrected_visit USING NEW.supersedes_id;\n                IF corrected_visit IS DISTINCT FROM NEW.visit_id THEN\n                    RAISE EXCEPTION 'a correction belongs to the visit of what it corrects'\n                        USING ERRCODE = '23514', CONSTRAINT = 'correction_in_own_visit';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="30557e22c425f07600b2e8dd4e878858a1e11bd7",
                            operation="INSERT",
                            pgid="pgtrigger_corrects_own_visit_7b4b5",
                            table="infusions_preparation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="preparation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="2c3ef4dc82bc336a53e27b195e0d95cbe34d6965",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_35c57",
                            table="infusions_preparation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="preparation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="f0b3ff11c0e27757fb613890b5a9069c5f80f9bf",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_29879",
                            table="infusions_preparation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="preparation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="194f7a90c9ddfbedcf8ff86d1bbfaf56b630de73",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_c5b98",
                            table="infusions_preparation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="preparation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['nurse', 'prescriber']); RETURN NEW;",
                            hash="c401a8ab593d4a6e0563079f2c1d4dacde5895a2",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_48cc9",
                            table="infusions_preparation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="preparation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="visit_not_signed",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_unsigned_visit(NEW.visit_id); RETURN NEW;",
                            hash="8d5d29584185c3256e655bf837de717c961b51e7",
                            operation="INSERT",
                            pgid="pgtrigger_visit_not_signed_2c6c6",
                            table="infusions_preparation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="notehandover",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="36607ba2c9554bc06f102fded22b076cc27cefb1",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_54313",
                            table="infusions_notehandover",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="notehandover",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="34caa3262745df44ec3ac04ea39e47526493390b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3972e",
                            table="infusions_notehandover",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="notehandover",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="bd2bb6b277453f922523c8a0a87a8616122965b4",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_ccbea",
                            table="infusions_notehandover",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="notehandover",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['nurse', 'prescriber']); RETURN NEW;",
                            hash="ca821a9dc7748553a5d7186669fe450935671b70",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_83f79",
                            table="infusions_notehandover",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="notehandover",
                    trigger=pgtrigger.compiler.Trigger(
                        name="visit_not_signed",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_unsigned_visit(NEW.visit_id); RETURN NEW;",
                            hash="06410720faa78efd27f97a878809b66c25898e8e",
                            operation="INSERT",
                            pgid="pgtrigger_visit_not_signed_4c90b",
                            table="infusions_notehandover",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ivaccess",
                    trigger=pgtrigger.compiler.Trigger(
                        name="corrects_own_visit",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE corrected_visit uuid;",
                            func="\n            IF NEW.supersedes_id IS NOT NULL THEN\n                EXECUTE format('SELECT visit_id FROM %I WHERE id = $1', TG_TABLE_NAME)\n                    INTO corrected_visit USING NEW.supersedes_id;\n                IF corrected_visit IS DISTINCT FROM NEW.visit_id THEN\n                    RAISE EXCEPTION 'a correction belongs to the visit of what it corrects'\n                        USING ERRCODE = '23514', CONSTRAINT = 'correction_in_own_visit';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="0a01aeeed4f5b6868ab105c73bc5e73b3af52b3d",
                            operation="INSERT",
                            pgid="pgtrigger_corrects_own_visit_027ac",
                            table="infusions_ivaccess",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ivaccess",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="b256f4030504d68fdb807a334a6ac3784f886d1a",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_1a6bd",
                            table="infusions_ivaccess",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ivaccess",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="0a459d87a6655dfc29592f53f84d89edf356b870",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_26e10",
                            table="infusions_ivaccess",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ivaccess",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="e7ad16530547349abb68065ffe6b09b05211d606",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_0657b",
                            table="infusions_ivaccess",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ivaccess",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['nurse', 'prescriber']); RETURN NEW;",
                            hash="c712077a764849131e89645448836aec7e3da841",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_57a56",
                            table="infusions_ivaccess",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ivaccess",
                    trigger=pgtrigger.compiler.Trigger(
                        name="visit_not_signed",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_unsigned_visit(NEW.visit_id); RETURN NEW;",
                            hash="facbb3a08860a051bacccea25fb8809d901b4d6e",
                            operation="INSERT",
                            pgid="pgtrigger_visit_not_signed_f124c",
                            table="infusions_ivaccess",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalvisitnote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM infusions_visitnote t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM infusions_historicalvisitnote h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'infusions_visitnote');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="1fff1f2fe369a811f6439501bc4f951c3db6e6d1",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_9f40b",
                            table="infusions_historicalvisitnote",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalvisitnote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="2476634bc36a0e66aedb5a471e3608fd1d963d96",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_78101",
                            table="infusions_historicalvisitnote",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalvisitnote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="6ce04554b70707b4a0612c736c38b193ef2e655e",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_bb2c4",
                            table="infusions_historicalvisitnote",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalvisitnote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(desk_acting_user(), ARRAY['nurse', 'prescriber']); RETURN NEW;",
                            hash="30a764e9e3b93216c211bf9ee02c485223ba2dab",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_73d8d",
                            table="infusions_historicalvisitnote",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="discharge",
                    trigger=pgtrigger.compiler.Trigger(
                        name="corrects_own_visit",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE corrected_visit uuid;",
                            func="\n            IF NEW.supersedes_id IS NOT NULL THEN\n                EXECUTE format('SELECT visit_id FROM %I WHERE id = $1', TG_TABLE_NAME)\n                    INTO corrected_visit USING NEW.supersedes_id;\n                IF corrected_visit IS DISTINCT FROM NEW.visit_id THEN\n                    RAISE EXCEPTION 'a correction belongs to the visit of what it corrects'\n                        USING ERRCODE = '23514', CONSTRAINT = 'correction_in_own_visit';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="c10b3ba3e755d5d57875c6e07793ee988eef7678",
                            operation="INSERT",
                            pgid="pgtrigger_corrects_own_visit_716af",
                            table="infusions_discharge",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="discharge",
                    trigger=pgtrigger.compiler.Trigger(
                        name="discharged_once",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.supersedes_id IS NOT NULL OR NOT (true) THEN RETURN NEW; END IF;\n            PERFORM 1 FROM infusions_visit WHERE id = NEW.visit_id FOR UPDATE;\n            IF EXISTS (\n                SELECT 1 FROM infusions_discharge first\n                WHERE first.visit_id = NEW.visit_id AND true AND NOT first.entered_in_error\n                  AND NOT EXISTS (SELECT 1 FROM infusions_discharge later WHERE later.supersedes_id = first.id)\n            ) THEN\n                RAISE EXCEPTION 'it is charted already' USING ERRCODE = '23505', CONSTRAINT = 'discharged_once';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="d0f533e88dd498ebe1dd2ac88dd6b07d81b66107",
                            operation="INSERT",
                            pgid="pgtrigger_discharged_once_9cef5",
                            table="infusions_discharge",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="discharge",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="6c7f57a8aa3213a07fe69656f22b437d2dfcbdc6",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_2681e",
                            table="infusions_discharge",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="discharge",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="fb650464484c92a804c9666fb8bad481b8b0d19a",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_6ee0f",
                            table="infusions_discharge",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="discharge",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="c0edd3e8bf94255d1afc106a63e3b5487c99e5ec",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_9432f",
                            table="infusions_discharge",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="discharge",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['nurse', 'prescriber']); RETURN NEW;",
                            hash="6b15fe6819758c145160f61bea1d53209c9d6f61",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_6188c",
                            table="infusions_discharge",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="discharge",
                    trigger=pgtrigger.compiler.Trigger(
                        name="visit_not_signed",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_unsigned_visit(NEW.visit_id); RETURN NEW;",
                            hash="dd11bd72d5de87ff197d571259dc057f9ac8c429",
                            operation="INSERT",
                            pgid="pgtrigger_visit_not_signed_0cb1d",
                            table="infusions_discharge",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="adverseevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="corrects_own_visit",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE corrected_visit uuid;",
                            func="\n            IF NEW.supersedes_id IS NOT NULL THEN\n                EXECUTE format('SELECT visit_id FROM %I WHERE id = $1', TG_TABLE_NAME)\n                    INTO corrected_visit USING NEW.supersedes_id;\n                IF corrected_visit IS DISTINCT FROM NEW.visit_id THEN\n                    RAISE EXCEPTION 'a correction belongs to the visit of what it corrects'\n                        USING ERRCODE = '23514', CONSTRAINT = 'correction_in_own_visit';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="18ba004ee980c5aa04973e3ebb6cc713ac192ce2",
                            operation="INSERT",
                            pgid="pgtrigger_corrects_own_visit_03084",
                            table="infusions_adverseevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="adverseevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="c93aa8cc96d6e56482dcf262e3c6f7ad16438ce3",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_96b7f",
                            table="infusions_adverseevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="adverseevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="5a92913770e65e194008b7de3f6732ef13248987",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_bd833",
                            table="infusions_adverseevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="adverseevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="5869a04bf56daa7784211e7a6157452cf77468ae",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_61524",
                            table="infusions_adverseevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="adverseevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['nurse', 'prescriber']); RETURN NEW;",
                            hash="6ba16402da8baa2b3eff2c5638c9ae4217bb9f54",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_a74ff",
                            table="infusions_adverseevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="adverseevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="visit_not_signed",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_unsigned_visit(NEW.visit_id); RETURN NEW;",
                            hash="49486b12d9be33edd2b9dba2cd341fc37f2d23e0",
                            operation="INSERT",
                            pgid="pgtrigger_visit_not_signed_cedab",
                            table="infusions_adverseevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="administration",
                    trigger=pgtrigger.compiler.Trigger(
                        name="corrects_own_visit",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE corrected_visit uuid;",
                            func="\n            IF NEW.supersedes_id IS NOT NULL THEN\n                EXECUTE format('SELECT visit_id FROM %I WHERE id = $1', TG_TABLE_NAME)\n                    INTO corrected_visit USING NEW.supersedes_id;\n                IF corrected_visit IS DISTINCT FROM NEW.visit_id THEN\n                    RAISE EXCEPTION 'a correction belongs to the visit of what it corrects'\n                        USING ERRCODE = '23514', CONSTRAINT = 'correction_in_own_visit';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="3843ab810a5e98874ca8e8aaacf53cb1ad7f7650",
                            operation="INSERT",
                            pgid="pgtrigger_corrects_own_visit_a6c4e",
                            table="infusions_administration",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="administration",
                    trigger=pgtrigger.compiler.Trigger(
                        name="administration_starts_once",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.supersedes_id IS NOT NULL OR NOT (NEW.kind = 'start') THEN RETURN NEW; END IF;\n            PERFORM 1 FROM infusions_visit WHERE id = NEW.visit_id FOR UPDATE;\n            IF EXISTS (\n                SELECT 1 FROM infusions_administration first\n                WHERE first.visit_id = NEW.visit_id AND first.kind = 'start' AND NOT first.entered_in_error\n                  AND NOT EXISTS (SELECT 1 FROM infusions_administration later WHERE later.supersedes_id = first.id)\n            ) THEN\n                RAISE EXCEPTION 'it is charted already' USING ERRCODE = '23505', CONSTRAINT = 'administration_starts_once';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="23db48dfbd7886bebfa995635db0ec7e8d24c270",
                            operation="INSERT",
                            pgid="pgtrigger_administration_starts_once_86427",
                            table="infusions_administration",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="administration",
                    trigger=pgtrigger.compiler.Trigger(
                        name="administration_ends_once",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.supersedes_id IS NOT NULL OR NOT (NEW.kind = 'end') THEN RETURN NEW; END IF;\n            PERFORM 1 FROM infusions_visit WHERE id = NEW.visit_id FOR UPDATE;\n            IF EXISTS (\n                SELECT 1 FROM infusions_administration first\n                WHERE first.visit_id = NEW.visit_id AND first.kind = 'end' AND NOT first.entered_in_error\n                  AND NOT EXISTS (SELECT 1 FROM infusions_administration later WHERE later.supersedes_id = first.id)\n            ) THEN\n                RAISE EXCEPTION 'it is charted already' USING ERRCODE = '23505', CONSTRAINT = 'administration_ends_once';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="8d0a65a02a78ef405cd462cd36f9e528eaeaeefc",
                            operation="INSERT",
                            pgid="pgtrigger_administration_ends_once_183b8",
                            table="infusions_administration",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="administration",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="f1312282bdfeecff1893b3c3be544ecad2fd755c",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_6f4d3",
                            table="infusions_administration",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="administration",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="5506060ddebcfe7c3619258c40dbe5ae5b7a005b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_8ca81",
                            table="infusions_administration",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="administration",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="075179891cf9e6a052043787ae010319aaecaf4a",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_004af",
                            table="infusions_administration",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="administration",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['nurse', 'prescriber']); RETURN NEW;",
                            hash="ec7ad65c70075a007bcbf7a0e2f752f90a23d6c5",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_de99b",
                            table="infusions_administration",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="administration",
                    trigger=pgtrigger.compiler.Trigger(
                        name="visit_not_signed",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_unsigned_visit(NEW.visit_id); RETURN NEW;",
                            hash="f5ecc46632dff7d133e052f55463f3edaf2fce92",
                            operation="INSERT",
                            pgid="pgtrigger_visit_not_signed_f5190",
                            table="infusions_administration",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="addendum",
                    trigger=pgtrigger.compiler.Trigger(
                        name="addendum_after_signature",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NOT EXISTS (\n                SELECT 1 FROM infusions_visitnote WHERE visit_id = NEW.visit_id AND signed_at IS NOT NULL\n            ) THEN\n                RAISE EXCEPTION 'the note is not signed'\n                    USING ERRCODE = '23514', CONSTRAINT = 'addendum_after_signature';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="c6dc9422fee062b15b252bc132f4a8ae71adc8ad",
                            operation="INSERT",
                            pgid="pgtrigger_addendum_after_signature_7dfd7",
                            table="infusions_addendum",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="addendum",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="cf078d767a635503668c9617a5aaa460b85efe30",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_23f31",
                            table="infusions_addendum",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="addendum",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="783cce5277bb3c2911896e37c38a4c4ddaf8390d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_66650",
                            table="infusions_addendum",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="addendum",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="490650829ed6f86d4e0937343ade533d24a47e51",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_f17a7",
                            table="infusions_addendum",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="addendum",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['nurse', 'prescriber']); RETURN NEW;",
                            hash="a0e1ace2124c959d8751ee1ef95bcbdd5a704b1d",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_98f1b",
                            table="infusions_addendum",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitending",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="baee9192786c9388ae66c67edf805390a8db92cf",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_9f4a3",
                            table="infusions_visitending",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitending",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="e94fc35bfc436bfaed876663c904e652233d39f4",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_2a1ec",
                            table="infusions_visitending",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitending",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="f36cabe2bcbebe434501cbe2dbb47d19f4e0c01e",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_4ad44",
                            table="infusions_visitending",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitending",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['nurse', 'prescriber']); RETURN NEW;",
                            hash="0854bb124f6aee7fb9c70a869db116ac08ef9506",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_34e73",
                            table="infusions_visitending",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitending",
                    trigger=pgtrigger.compiler.Trigger(
                        name="visit_not_signed",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_unsigned_visit(NEW.visit_id); RETURN NEW;",
                            hash="e290f063f9afdb7e0027d053cea4f2b6b6d5038e",
                            operation="INSERT",
                            pgid="pgtrigger_visit_not_signed_0ab85",
                            table="infusions_visitending",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitnote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="signature_closes_visit",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.signed_at IS NULL THEN RETURN NEW; END IF;\n            PERFORM 1 FROM infusions_visit WHERE id = NEW.visit_id FOR UPDATE;\n            IF EXISTS (\n                SELECT 1 FROM infusions_adverseevent e\n                WHERE e.visit_id = NEW.visit_id AND NOT e.entered_in_error\n                  AND NOT EXISTS (SELECT 1 FROM infusions_adverseevent later WHERE later.supersedes_id = e.id)\n                GROUP BY e.event HAVING bool_and(e.outcome IS NULL)\n            ) THEN\n                RAISE EXCEPTION 'an adverse event has no outcome'\n                    USING ERRCODE = '23514', CONSTRAINT = 'note_waits_for_outcomes';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="89042b18f4c7fb5fe893502bc57d9485c810e09f",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_signature_closes_visit_df80a",
                            table="infusions_visitnote",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitnote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'infusions_historicalvisitnote', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="1e5e391f63a7e7ea40f28ae56947d39dcfa3723b",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_e7804",
                            table="infusions_visitnote",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitnote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="368cfa1e03577b79d446269d50d0c578dabd98e1",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_3a071",
                            table="infusions_visitnote",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitnote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['nurse', 'prescriber']); RETURN NEW;",
                            hash="506e88960fab073f227869b4b94ff56ca629d412",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_4b52e",
                            table="infusions_visitnote",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visitnote",
                    trigger=pgtrigger.compiler.Trigger(
                        name="signed_is_final",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF TG_OP = 'DELETE' OR OLD.signed_at IS NOT NULL OR (NEW.author_id <> OLD.author_id AND NOT (\n        EXISTS (\n            SELECT 1 FROM infusions_notehandover taken\n            WHERE taken.visit_id = NEW.visit_id AND taken.began_by_id = OLD.author_id\n              AND taken.author_id = NEW.author_id AND taken.recorded_at >= transaction_timestamp()\n        ))) THEN\n                RAISE EXCEPTION '% is signed or somebody else''s', TG_TABLE_NAME USING ERRCODE = 'DK005';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="e270de8f4a7af5ddd6896af98d0f9f0a7ed4ff37",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_signed_is_final_be550",
                            table="infusions_visitnote",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="vitalsset",
                    trigger=pgtrigger.compiler.Trigger(
                        name="corrects_own_visit",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE corrected_visit uuid;",
                            func="\n            IF NEW.supersedes_id IS NOT NULL THEN\n                EXECUTE format('SELECT visit_id FROM %I WHERE id = $1', TG_TABLE_NAME)\n                    INTO corrected_visit USING NEW.supersedes_id;\n                IF corrected_visit IS DISTINCT FROM NEW.visit_id THEN\n                    RAISE EXCEPTION 'a correction belongs to the visit of what it corrects'\n                        USING ERRCODE = '23514', CONSTRAINT = 'correction_in_own_visit';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                            hash="e7f7c993e3adde480ac9cf775678125bf711e5ba",
                            operation="INSERT",
                            pgid="pgtrigger_corrects_own_visit_a0fa9",
                            table="infusions_vitalsset",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="vitalsset",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="36d4631d6d5b06cd2469affe4c14ba273d89955b",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_b9a7a",
                            table="infusions_vitalsset",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="vitalsset",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="fa0c03fb129ace8124c9c5d415632f03ffaf898e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_6176c",
                            table="infusions_vitalsset",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="vitalsset",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="b770f0de093f4c5335398bc3ed1b4955def77bdc",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_f3f89",
                            table="infusions_vitalsset",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="vitalsset",
                    trigger=pgtrigger.compiler.Trigger(
                        name="clinician_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_clinician(NEW.author_id, ARRAY['nurse', 'prescriber']); RETURN NEW;",
                            hash="a80ba883349a17ea244733b563681eea1bb0f448",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_clinician_only_668e9",
                            table="infusions_vitalsset",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="vitalsset",
                    trigger=pgtrigger.compiler.Trigger(
                        name="visit_not_signed",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_require_unsigned_visit(NEW.visit_id); RETURN NEW;",
                            hash="1766f2abba7c7bfd49308b4da665e21c89d28521",
                            operation="INSERT",
                            pgid="pgtrigger_visit_not_signed_397d3",
                            table="infusions_vitalsset",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="waitlistentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="order_of_same_patient",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.order_id IS NOT NULL\n               AND NEW.patient_id IS DISTINCT FROM (SELECT patient_id FROM infusions_order WHERE id = NEW.order_id)\n            THEN\n                RAISE EXCEPTION 'order belongs to another patient'\n                    USING ERRCODE = '23514', CONSTRAINT = 'order_of_same_patient';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="a3443bd71d0181972260f4bd758725a9010cdc4a",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_order_of_same_patient_ea402",
                            table="infusions_waitlistentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="waitlistentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="appointment_of_same_patient",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.appointment_id IS NOT NULL\n               AND NEW.patient_id IS DISTINCT FROM (SELECT patient_id FROM scheduling_appointment WHERE id = NEW.appointment_id)\n            THEN\n                RAISE EXCEPTION 'appointment belongs to another patient'\n                    USING ERRCODE = '23514', CONSTRAINT = 'appointment_of_same_patient';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="da688c36ac837e13193f0ccd5497897a5dc2a8cb",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_appointment_of_same_patient_db6c4",
                            table="infusions_waitlistentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="waitlistentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="waitlist_order_is_signed",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.order_id IS NOT NULL AND NOT EXISTS (\n                SELECT FROM infusions_order WHERE id = NEW.order_id AND signed_at IS NOT NULL\n            ) THEN\n                RAISE EXCEPTION 'the order is not signed'\n                    USING ERRCODE = '23514', CONSTRAINT = 'waitlist_order_is_signed';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="f59d8806ed3110aeae84f15f3774117b52f62f4f",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_waitlist_order_is_signed_50cf1",
                            table="infusions_waitlistentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="waitlistentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="waitlist_within_clinic",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NEW.clinic_id IS DISTINCT FROM (SELECT clinic_id FROM patients_patient WHERE id = NEW.patient_id)\n               OR EXISTS (SELECT FROM scheduling_appointment a\n                          WHERE a.id = NEW.appointment_id AND a.clinic_id <> NEW.clinic_id) THEN\n                RAISE EXCEPTION 'the entry belongs to another clinic'\n                    USING ERRCODE = '23514', CONSTRAINT = 'waitlist_within_clinic';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="7434011d192d388f85dd90311538efa90ccf5eae",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_waitlist_within_clinic_3bbd1",
                            table="infusions_waitlistentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="waitlistentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'infusions_historicalwaitlistentry', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="5033deb69db53af3a3def46ffc3302828b8fc283",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_c1e39",
                            table="infusions_waitlistentry",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="waitlistentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="a3ae60bb202e1b05803a7dbce6cd4499abe32770",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_f3e4a",
                            table="infusions_waitlistentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalwaitlistoffer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM infusions_waitlistoffer t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM infusions_historicalwaitlistoffer h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'infusions_waitlistoffer');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="0e58ee7852135a36ac0c3c31f6c691d4e06c8acd",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_dd466",
                            table="infusions_historicalwaitlistoffer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalwaitlistoffer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="a73af97853c4fb85ff5c8857f8fb8e22ca87cf00",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_2a98c",
                            table="infusions_historicalwaitlistoffer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalwaitlistoffer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="45ef7f29e571d91f9418b42a3181f3620af8e555",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_56238",
                            table="infusions_historicalwaitlistoffer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="waitlistoffer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="offer_fits_entry",
                        sql=config.audit.locks.LockSql(
                            func="\n            IF NOT EXISTS (\n                SELECT FROM infusions_waitlistentry e JOIN scheduling_chair c ON c.clinic_id = e.clinic_id\n                WHERE e.id = NEW.entry_id AND c.id = NEW.chair_id\n            ) OR EXISTS (\n                SELECT FROM infusions_waitlistentry e\n                JOIN scheduling_appointment a ON a.id IN (NEW.hold_id, NEW.visit_id)\n                WHERE e.id = NEW.entry_id AND a.patient_id <> e.patient_id\n            ) THEN\n                RAISE EXCEPTION 'the offer belongs to another patient or clinic'\n                    USING ERRCODE = '23514', CONSTRAINT = 'offer_fits_entry';\n            END IF;\n            RETURN NEW;\n        ",
                            hash="6a9792176d8c85a2f7a8a54cd67e5585393d79d0",
                            operation="INSERT OR UPDATE",
                            pgid="pgtrigger_offer_fits_entry_3dbe4",
                            table="infusions_waitlistoffer",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="waitlistoffer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'infusions_historicalwaitlistoffer', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="402934ef47d21f9a53f72fbb2e928b722ce28061",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_002ff",
                            table="infusions_waitlistoffer",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="waitlistoffer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="ccaadb0f08f7a1e80d838b89f2a23f25f10645dc",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_eef0b",
                            table="infusions_waitlistoffer",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
