import config.audit.locks
import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import scheduling.models.booking
import scheduling.models.kinds
import scheduling.models.places
import scheduling.models.rotas
import scheduling.states
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models

from config.audit.together import Together


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("patients", "0002_initial"),
        ("scheduling", "0001_extensions"),
        ("staff", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="Span",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("position", models.PositiveSmallIntegerField()),
                        ("name", models.CharField(max_length=40)),
                        ("minutes", models.PositiveSmallIntegerField(null=True)),
                    ],
                    options={
                        "ordering": ["position"],
                    },
                ),
                migrations.CreateModel(
                    name="Chair",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("name", models.CharField(max_length=40)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("recliner", "Recliner"), ("bed", "Bed")],
                                default=scheduling.models.places.ChairKind["RECLINER"],
                                max_length=10,
                            ),
                        ),
                        ("pod", models.CharField(blank=True, max_length=40)),
                        (
                            "position",
                            models.PositiveSmallIntegerField(
                                default=0, help_text="Its place on the board, from the top."
                            ),
                        ),
                        ("in_service", models.BooleanField(default=True)),
                        (
                            "purpose",
                            models.CharField(
                                choices=[("treatment", "Treatment"), ("recovery", "Recovery")],
                                default=scheduling.models.places.Purpose["TREATMENT"],
                                max_length=10,
                            ),
                        ),
                        ("turnover_minutes", models.PositiveSmallIntegerField(default=0)),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "name"],
                    },
                ),
                migrations.CreateModel(
                    name="Appointment",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("infusion", "infusion"), ("consult", "consult")],
                                default=scheduling.models.kinds.VisitKind["INFUSION"],
                                max_length=10,
                            ),
                        ),
                        ("start", models.DateTimeField()),
                        ("end", models.DateTimeField()),
                        ("placing", models.PositiveIntegerField(default=1)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("held", "held"),
                                    ("booked", "booked"),
                                    ("arrived", "arrived"),
                                    ("checked-in", "checked-in"),
                                    ("in-progress", "in-progress"),
                                    ("recovery", "recovery"),
                                    ("completed", "completed"),
                                    ("stopped-early", "stopped-early"),
                                    ("not-treated", "not-treated"),
                                    ("no-show", "no-show"),
                                    ("cancelled-by-patient", "cancelled-by-patient"),
                                    ("cancelled-late", "cancelled-late"),
                                    ("cancelled-by-clinic", "cancelled-by-clinic"),
                                    ("entered-in-error", "entered-in-error"),
                                    ("released", "released"),
                                ],
                                default=scheduling.states.Status["BOOKED"],
                                max_length=24,
                            ),
                        ),
                        ("status_reason", models.CharField(blank=True, max_length=200)),
                        ("held_until", models.DateTimeField(null=True)),
                        ("overbook_reason", models.CharField(blank=True, max_length=200)),
                        ("limits_reason", models.CharField(blank=True, max_length=200)),
                        ("needs_repair", models.CharField(blank=True, max_length=200)),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        ("wants_move_at", models.DateTimeField(null=True)),
                        ("wants_move_note", models.CharField(blank=True, max_length=300)),
                        ("arrived_at", models.DateTimeField(null=True)),
                        ("state_since", models.DateTimeField(null=True)),
                        ("booked_at", models.DateTimeField()),
                        (
                            "booked_by",
                            models.ForeignKey(
                                null=True,
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
                            "clinician",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "nurse",
                            models.ForeignKey(
                                null=True,
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
                            "chair",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scheduling.chair"
                            ),
                        ),
                        (
                            "recovery_place",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="scheduling.chair",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Closure",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("day", models.DateField()),
                        ("reason", models.CharField(max_length=120)),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="HistoricalBookingRules",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("late_cancel_hours", models.PositiveSmallIntegerField(default=24)),
                        ("hold_series_hours", models.PositiveSmallIntegerField(default=24)),
                        ("hold_form_minutes", models.PositiveSmallIntegerField(default=10)),
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
                        "verbose_name": "historical booking rules",
                        "verbose_name_plural": "historical booking rules",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalChair",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("name", models.CharField(max_length=40)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("recliner", "Recliner"), ("bed", "Bed")],
                                default=scheduling.models.places.ChairKind["RECLINER"],
                                max_length=10,
                            ),
                        ),
                        ("pod", models.CharField(blank=True, max_length=40)),
                        (
                            "position",
                            models.PositiveSmallIntegerField(
                                default=0, help_text="Its place on the board, from the top."
                            ),
                        ),
                        ("in_service", models.BooleanField(default=True)),
                        (
                            "purpose",
                            models.CharField(
                                choices=[("treatment", "Treatment"), ("recovery", "Recovery")],
                                default=scheduling.models.places.Purpose["TREATMENT"],
                                max_length=10,
                            ),
                        ),
                        ("turnover_minutes", models.PositiveSmallIntegerField(default=0)),
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
                        "verbose_name": "historical chair",
                        "verbose_name_plural": "historical chairs",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalClosure",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("day", models.DateField()),
                        ("reason", models.CharField(max_length=120)),
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
                        "verbose_name": "historical closure",
                        "verbose_name_plural": "historical closures",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalOpenDay",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("day", models.DateField()),
                        ("opens", models.TimeField()),
                        ("closes", models.TimeField()),
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
                        "verbose_name": "historical open day",
                        "verbose_name_plural": "historical open days",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalOpeningHours",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "weekday",
                            models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(6)]),
                        ),
                        ("opens", models.TimeField()),
                        ("closes", models.TimeField()),
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
                        "verbose_name": "historical opening hours",
                        "verbose_name_plural": "historical opening hours",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalPatientLimits",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "weekdays",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=7
                            ),
                        ),
                        ("time_from", models.TimeField(null=True)),
                        ("time_until", models.TimeField(null=True)),
                        ("transport", models.CharField(blank=True, max_length=200)),
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
                    ],
                    options={
                        "verbose_name": "historical patient limits",
                        "verbose_name_plural": "historical patient limits",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalResource",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "number",
                            models.BigIntegerField(
                                db_default=models.Func(models.Value("scheduling_resource_number"), function="nextval"),
                                db_index=True,
                                editable=False,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("chair", "Chair"),
                                    ("recovery", "Recovery"),
                                    ("nurse", "Nurse"),
                                    ("clinician", "Clinician"),
                                    ("patient", "Patient"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("watch_lanes", models.PositiveSmallIntegerField(default=0)),
                        ("by_rota", models.BooleanField(default=False)),
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
                            "staff",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical resource",
                        "verbose_name_plural": "historical resources",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalSeries",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "open"), ("complete", "complete"), ("stopped", "stopped")],
                                default=scheduling.models.booking.SeriesState["OPEN"],
                                max_length=10,
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
                    ],
                    options={
                        "verbose_name": "historical series",
                        "verbose_name_plural": "historical series",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalVisitType",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("name", models.CharField(max_length=60)),
                        (
                            "kind",
                            models.CharField(choices=[("infusion", "Infusion"), ("consult", "Consult")], max_length=10),
                        ),
                        (
                            "chair_kind",
                            models.CharField(
                                blank=True, choices=[("recliner", "Recliner"), ("bed", "Bed")], max_length=10
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0)),
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
                        "verbose_name": "historical visit type",
                        "verbose_name_plural": "historical visit types",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="OpenDay",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("day", models.DateField()),
                        ("opens", models.TimeField()),
                        ("closes", models.TimeField()),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="OpeningHours",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "weekday",
                            models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(6)]),
                        ),
                        ("opens", models.TimeField()),
                        ("closes", models.TimeField()),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "opening hours",
                    },
                ),
                migrations.CreateModel(
                    name="PatientLimits",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "weekdays",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=7
                            ),
                        ),
                        ("time_from", models.TimeField(null=True)),
                        ("time_until", models.TimeField(null=True)),
                        ("transport", models.CharField(blank=True, max_length=200)),
                        (
                            "patient",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patient"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "patient limits",
                    },
                ),
                migrations.CreateModel(
                    name="Resource",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "number",
                            models.BigIntegerField(
                                db_default=models.Func(models.Value("scheduling_resource_number"), function="nextval"),
                                editable=False,
                                unique=True,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("chair", "Chair"),
                                    ("recovery", "Recovery"),
                                    ("nurse", "Nurse"),
                                    ("clinician", "Clinician"),
                                    ("patient", "Patient"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("watch_lanes", models.PositiveSmallIntegerField(default=0)),
                        ("by_rota", models.BooleanField(default=False)),
                        (
                            "chair",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="resource",
                                to="scheduling.chair",
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
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "staff",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="HistoricalTimeOff",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("first", models.DateField()),
                        ("last", models.DateField()),
                        ("reason", models.CharField(blank=True, max_length=120)),
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
                            "resource",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="scheduling.resource",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical time off",
                        "verbose_name_plural": "historical time off",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalRotaShift",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "weekday",
                            models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(6)]),
                        ),
                        ("starts", models.TimeField()),
                        ("ends", models.TimeField()),
                        ("first_day", models.DateField()),
                        ("last_day", models.DateField(null=True)),
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
                            "resource",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="scheduling.resource",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical rota shift",
                        "verbose_name_plural": "historical rota shifts",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalRotaDay",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("day", models.DateField()),
                        ("starts", models.TimeField(null=True)),
                        ("ends", models.TimeField(null=True)),
                        ("reason", models.CharField(blank=True, max_length=120)),
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
                            "resource",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="scheduling.resource",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical rota day",
                        "verbose_name_plural": "historical rota days",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalAllocation",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("lane", models.PositiveSmallIntegerField(default=0)),
                        ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                        ("active", models.BooleanField(default=True)),
                        ("held_until", models.DateTimeField(null=True)),
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
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "resource",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="scheduling.resource",
                                to_field="number",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical allocation",
                        "verbose_name_plural": "historical allocations",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="Allocation",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("lane", models.PositiveSmallIntegerField(default=0)),
                        ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                        ("active", models.BooleanField(default=True)),
                        ("held_until", models.DateTimeField(null=True)),
                        (
                            "appointment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allocations",
                                to="scheduling.appointment",
                            ),
                        ),
                        (
                            "resource",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="scheduling.resource",
                                to_field="number",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="RotaDay",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("day", models.DateField()),
                        ("starts", models.TimeField(null=True)),
                        ("ends", models.TimeField(null=True)),
                        ("reason", models.CharField(blank=True, max_length=120)),
                        (
                            "resource",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scheduling.resource"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="RotaShift",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "weekday",
                            models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(6)]),
                        ),
                        ("starts", models.TimeField()),
                        ("ends", models.TimeField()),
                        ("first_day", models.DateField()),
                        ("last_day", models.DateField(null=True)),
                        (
                            "resource",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scheduling.resource"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Series",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "open"), ("complete", "complete"), ("stopped", "stopped")],
                                default=scheduling.models.booking.SeriesState["OPEN"],
                                max_length=10,
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
                    ],
                    options={
                        "verbose_name_plural": "series",
                    },
                ),
                migrations.CreateModel(
                    name="Need",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("chair", "Chair"),
                                    ("hands", "Hands"),
                                    ("watch", "Watch"),
                                    ("clinician", "Clinician"),
                                    ("recovery", "Recovery"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "part",
                            models.CharField(
                                choices=[("all", "All"), ("first", "First"), ("last", "Last")],
                                default=scheduling.models.kinds.Part["ALL"],
                                max_length=5,
                            ),
                        ),
                        ("minutes", models.PositiveSmallIntegerField(null=True)),
                        (
                            "span",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="needs", to="scheduling.span"
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="HistoricalNeed",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("chair", "Chair"),
                                    ("hands", "Hands"),
                                    ("watch", "Watch"),
                                    ("clinician", "Clinician"),
                                    ("recovery", "Recovery"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "part",
                            models.CharField(
                                choices=[("all", "All"), ("first", "First"), ("last", "Last")],
                                default=scheduling.models.kinds.Part["ALL"],
                                max_length=5,
                            ),
                        ),
                        ("minutes", models.PositiveSmallIntegerField(null=True)),
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
                            "span",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="scheduling.span",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical need",
                        "verbose_name_plural": "historical needs",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="TimeOff",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("first", models.DateField()),
                        ("last", models.DateField()),
                        ("reason", models.CharField(blank=True, max_length=120)),
                        (
                            "resource",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scheduling.resource"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "time off",
                    },
                ),
                migrations.CreateModel(
                    name="VisitType",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("name", models.CharField(max_length=60)),
                        (
                            "kind",
                            models.CharField(choices=[("infusion", "Infusion"), ("consult", "Consult")], max_length=10),
                        ),
                        (
                            "chair_kind",
                            models.CharField(
                                blank=True, choices=[("recliner", "Recliner"), ("bed", "Bed")], max_length=10
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0)),
                        ("in_use", models.BooleanField(default=True)),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position", "name"],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalSpan",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("position", models.PositiveSmallIntegerField()),
                        ("name", models.CharField(max_length=40)),
                        ("minutes", models.PositiveSmallIntegerField(null=True)),
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
                            "visit_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="scheduling.visittype",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical span",
                        "verbose_name_plural": "historical spans",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalAppointment",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("infusion", "infusion"), ("consult", "consult")],
                                default=scheduling.models.kinds.VisitKind["INFUSION"],
                                max_length=10,
                            ),
                        ),
                        ("start", models.DateTimeField()),
                        ("end", models.DateTimeField()),
                        ("placing", models.PositiveIntegerField(default=1)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("held", "held"),
                                    ("booked", "booked"),
                                    ("arrived", "arrived"),
                                    ("checked-in", "checked-in"),
                                    ("in-progress", "in-progress"),
                                    ("recovery", "recovery"),
                                    ("completed", "completed"),
                                    ("stopped-early", "stopped-early"),
                                    ("not-treated", "not-treated"),
                                    ("no-show", "no-show"),
                                    ("cancelled-by-patient", "cancelled-by-patient"),
                                    ("cancelled-late", "cancelled-late"),
                                    ("cancelled-by-clinic", "cancelled-by-clinic"),
                                    ("entered-in-error", "entered-in-error"),
                                    ("released", "released"),
                                ],
                                default=scheduling.states.Status["BOOKED"],
                                max_length=24,
                            ),
                        ),
                        ("status_reason", models.CharField(blank=True, max_length=200)),
                        ("held_until", models.DateTimeField(null=True)),
                        ("overbook_reason", models.CharField(blank=True, max_length=200)),
                        ("limits_reason", models.CharField(blank=True, max_length=200)),
                        ("needs_repair", models.CharField(blank=True, max_length=200)),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        ("wants_move_at", models.DateTimeField(null=True)),
                        ("wants_move_note", models.CharField(blank=True, max_length=300)),
                        ("arrived_at", models.DateTimeField(null=True)),
                        ("state_since", models.DateTimeField(null=True)),
                        ("booked_at", models.DateTimeField()),
                        ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                            ),
                        ),
                        (
                            "booked_by",
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
                            "clinician",
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
                            "nurse",
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
                            "recovery_place",
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
                            "visit_type",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="scheduling.visittype",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical appointment",
                        "verbose_name_plural": "historical appointments",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="BookingRules",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("late_cancel_hours", models.PositiveSmallIntegerField(default=24)),
                        ("hold_series_hours", models.PositiveSmallIntegerField(default=24)),
                        ("hold_form_minutes", models.PositiveSmallIntegerField(default=10)),
                        (
                            "clinic",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "booking rules",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("late_cancel_hours__lte", 336),
                                    ("hold_series_hours__range", (1, 168)),
                                    ("hold_form_minutes__range", (1, 120)),
                                ),
                                name="booking_rules_sensible",
                            )
                        ],
                    },
                ),
            ]
        ),
        migrations.AddField(
            model_name="appointment",
            name="series",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="appointments",
                to="scheduling.series",
            ),
        ),
        migrations.AddField(
            model_name="span",
            name="visit_type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="spans", to="scheduling.visittype"
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="visit_type",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scheduling.visittype"
            ),
        ),
        Together(
            [
                migrations.AddConstraint(
                    model_name="chair",
                    constraint=models.UniqueConstraint(
                        models.F("clinic"), django.db.models.functions.text.Lower("name"), name="chair_name_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="chair",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "purpose__in",
                                [
                                    scheduling.models.places.Purpose["TREATMENT"],
                                    scheduling.models.places.Purpose["RECOVERY"],
                                ],
                            )
                        ),
                        name="chair_purpose_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="chair",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("turnover_minutes__lte", 120),
                            (
                                "turnover_minutes",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("turnover_minutes"), "/", models.Value(5)
                                    ),
                                    "*",
                                    models.Value(5),
                                ),
                            ),
                        ),
                        name="chair_turnover_in_fives",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="closure",
                    constraint=models.UniqueConstraint(fields=("clinic", "day"), name="closure_day_once"),
                ),
                migrations.AddConstraint(
                    model_name="openday",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("opens__lt", models.F("closes"))), name="open_day_open_before_close"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="openday",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("clinic", "="),
                            ("day", "="),
                            (scheduling.models.places.StretchOfDay("opens", "closes"), "&&"),
                        ],
                        name="open_day_no_overlap",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="openinghours",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("opens__lt", models.F("closes"))), name="hours_open_before_close"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="openinghours",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)), name="hours_weekday_known"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="openinghours",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("clinic", "="),
                            ("weekday", "="),
                            (scheduling.models.places.StretchOfDay("opens", "closes"), "&&"),
                        ],
                        name="hours_no_overlap",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="patientlimits",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("weekdays__contained_by", [0, 1, 2, 3, 4, 5, 6])),
                        name="limits_weekdays_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="patientlimits",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("time_from__isnull", True),
                            ("time_until__isnull", True),
                            ("time_from__lt", models.F("time_until")),
                            _connector="OR",
                        ),
                        name="limits_from_before_until",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="resource",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "nurse"), ("watch_lanes__gte", 1)),
                            models.Q(models.Q(("kind", "nurse"), _negated=True), ("watch_lanes", 0)),
                            _connector="OR",
                        ),
                        name="resource_lanes_for_nurses",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="resource",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "kind__in",
                                    [scheduling.models.places.Kind["CHAIR"], scheduling.models.places.Kind["RECOVERY"]],
                                ),
                                ("chair__isnull", False),
                                ("patient__isnull", True),
                                ("staff__isnull", True),
                            ),
                            models.Q(
                                (
                                    "kind__in",
                                    [
                                        scheduling.models.places.Kind["NURSE"],
                                        scheduling.models.places.Kind["CLINICIAN"],
                                    ],
                                ),
                                ("chair__isnull", True),
                                ("patient__isnull", True),
                                ("staff__isnull", False),
                            ),
                            models.Q(
                                ("kind", scheduling.models.places.Kind["PATIENT"]),
                                ("chair__isnull", True),
                                ("patient__isnull", False),
                                ("staff__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="resource_is_one_thing",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="resource",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("by_rota", False),
                            (
                                "kind__in",
                                [scheduling.models.places.Kind["NURSE"], scheduling.models.places.Kind["CLINICIAN"]],
                            ),
                            _connector="OR",
                        ),
                        name="resource_rota_for_staff",
                    ),
                ),
                migrations.AddIndex(
                    model_name="allocation",
                    index=models.Index(
                        models.Func(models.F("during"), function="lower"),
                        models.F("resource"),
                        condition=models.Q(("active", True)),
                        name="allocation_by_start",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="allocation",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("active", True)),
                        expressions=[("resource", "="), ("lane", "="), ("during", "&&")],
                        name="allocation_no_overlap",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="allocation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "during__endswith__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("during__startswith"), "+", models.Value(datetime.timedelta(days=1))
                                ),
                            ),
                            ("during__isempty", False),
                            ("during__lower_inf", False),
                            ("during__upper_inf", False),
                        ),
                        name="allocation_within_a_day",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="rotaday",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ends__isnull", True), ("starts__isnull", True)),
                            models.Q(
                                ("ends__isnull", False), ("starts__isnull", False), ("starts__lt", models.F("ends"))
                            ),
                            _connector="OR",
                        ),
                        name="rota_day_whole_stretch",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="rotaday",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("resource", "="),
                            ("day", "="),
                            (scheduling.models.places.StretchOfDay("starts", "ends"), "&&"),
                        ],
                        name="rota_day_no_overlap",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="rotashift",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("starts__lt", models.F("ends"))), name="shift_starts_before_end"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="rotashift",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("weekday__lte", 6)), name="shift_weekday_known"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="rotashift",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("last_day__isnull", True), ("last_day__gte", models.F("first_day")), _connector="OR"
                        ),
                        name="shift_valid_forwards",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="rotashift",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("resource", "="),
                            ("weekday", "="),
                            (scheduling.models.places.StretchOfDay("starts", "ends"), "&&"),
                            (scheduling.models.rotas.Days("first_day", "last_day"), "&&"),
                        ],
                        name="shift_no_overlap",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="need",
                    constraint=models.UniqueConstraint(fields=("span", "what", "part"), name="need_once"),
                ),
                migrations.AddConstraint(
                    model_name="need",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "what__in",
                                [
                                    scheduling.models.kinds.What["CHAIR"],
                                    scheduling.models.kinds.What["HANDS"],
                                    scheduling.models.kinds.What["WATCH"],
                                    scheduling.models.kinds.What["CLINICIAN"],
                                    scheduling.models.kinds.What["RECOVERY"],
                                ],
                            )
                        ),
                        name="need_what_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="need",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("minutes__isnull", True), ("part", scheduling.models.kinds.Part["ALL"])),
                            models.Q(
                                (
                                    "minutes",
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("minutes"), "/", models.Value(5)
                                        ),
                                        "*",
                                        models.Value(5),
                                    ),
                                ),
                                ("minutes__gte", 5),
                                ("minutes__isnull", False),
                                (
                                    "part__in",
                                    [scheduling.models.kinds.Part["FIRST"], scheduling.models.kinds.Part["LAST"]],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="need_minutes_for_a_part",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="timeoff",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("first__lte", models.F("last"))), name="time_off_forwards"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="timeoff",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("resource", "="), (scheduling.models.rotas.Days("first", "last"), "&&")],
                        name="time_off_no_overlap",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visittype",
                    constraint=models.UniqueConstraint(
                        models.F("clinic"), django.db.models.functions.text.Lower("name"), name="visit_type_name_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="visittype",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    scheduling.models.kinds.VisitKind["INFUSION"],
                                    scheduling.models.kinds.VisitKind["CONSULT"],
                                ],
                            )
                        ),
                        name="visit_type_kind_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="span",
                    constraint=models.UniqueConstraint(fields=("visit_type", "position"), name="span_position_once"),
                ),
                migrations.AddConstraint(
                    model_name="span",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("minutes__isnull", True)),
                        fields=("visit_type",),
                        name="span_one_takes_the_rest",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="span",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("minutes__isnull", True),
                            models.Q(
                                (
                                    "minutes",
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("minutes"), "/", models.Value(5)
                                        ),
                                        "*",
                                        models.Value(5),
                                    ),
                                ),
                                ("minutes__gte", 5),
                                ("minutes__lte", 720),
                            ),
                            _connector="OR",
                        ),
                        name="span_minutes_in_fives",
                    ),
                ),
                migrations.AddIndex(
                    model_name="appointment",
                    index=models.Index(fields=["clinic", "start"], name="appointment_by_day"),
                ),
                migrations.AddIndex(
                    model_name="appointment",
                    index=models.Index(fields=["patient", "start"], name="appointment_by_patient"),
                ),
                migrations.AddIndex(
                    model_name="appointment",
                    index=models.Index(fields=["series", "start"], name="appointment_by_series"),
                ),
                migrations.AddIndex(
                    model_name="appointment",
                    index=models.Index(
                        condition=models.Q(("status", scheduling.states.Status["HELD"])),
                        fields=["held_until"],
                        name="appointment_held",
                    ),
                ),
                migrations.AddIndex(
                    model_name="appointment",
                    index=models.Index(
                        condition=models.Q(("needs_repair", ""), _negated=True),
                        fields=["clinic", "start"],
                        name="appointment_to_repair",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="appointment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("start__lt", models.F("end"))), name="appointment_ends_after_start"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="appointment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "end__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("start"), "+", models.Value(datetime.timedelta(days=1))
                                ),
                            )
                        ),
                        name="appointment_within_a_day",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="appointment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    scheduling.states.Status["HELD"],
                                    scheduling.states.Status["BOOKED"],
                                    scheduling.states.Status["ARRIVED"],
                                    scheduling.states.Status["CHECKED_IN"],
                                    scheduling.states.Status["IN_PROGRESS"],
                                    scheduling.states.Status["RECOVERY"],
                                    scheduling.states.Status["COMPLETED"],
                                    scheduling.states.Status["STOPPED_EARLY"],
                                    scheduling.states.Status["NOT_TREATED"],
                                    scheduling.states.Status["NO_SHOW"],
                                    scheduling.states.Status["CANCELLED_BY_PATIENT"],
                                    scheduling.states.Status["CANCELLED_LATE"],
                                    scheduling.states.Status["CANCELLED_BY_CLINIC"],
                                    scheduling.states.Status["ENTERED_IN_ERROR"],
                                    scheduling.states.Status["RELEASED"],
                                ],
                            )
                        ),
                        name="appointment_status_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="appointment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("held_until__isnull", False), ("status", scheduling.states.Status["HELD"])),
                            models.Q(
                                models.Q(("status", scheduling.states.Status["HELD"]), _negated=True),
                                ("held_until__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="appointment_held_until_when",
                    ),
                ),
            ]
        ),
        Together(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="bookingrules",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'scheduling_historicalbookingrules', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="bada8dfbbe7324d7b90aff42e5ae458cd2363a21",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_c6e76",
                            table="scheduling_bookingrules",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="bookingrules",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="5b8b74e82ef8a4c2f6494835fe3e72d77183b89f",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_d238b",
                            table="scheduling_bookingrules",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="chair",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'scheduling_historicalchair', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="afd3a1e6bd7142e09f18e16d5872962a596acdcf",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_84c27",
                            table="scheduling_chair",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="chair",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="3001d263f539250a0e74a123e34c5b8e5021f476",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_ddeab",
                            table="scheduling_chair",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="closure",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'scheduling_historicalclosure', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="2cdb85b8809e1da4ee668e4a7e06ef7242500c6b",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_8b053",
                            table="scheduling_closure",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="closure",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="793c6327454be4e81e35b824389f0594091ed1a2",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_3899e",
                            table="scheduling_closure",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalbookingrules",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM scheduling_bookingrules t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM scheduling_historicalbookingrules h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'scheduling_bookingrules');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="f68c3de0e41c4df69622c5986cdc8e09e4e54261",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_d5a74",
                            table="scheduling_historicalbookingrules",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalbookingrules",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="9f88f417d5db3f178c840b985f5de54d6b0f61d7",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_4c7ea",
                            table="scheduling_historicalbookingrules",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalbookingrules",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="ea15a7750fb66f80ab44074471600c8d1ce41981",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_a81cc",
                            table="scheduling_historicalbookingrules",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalchair",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM scheduling_chair t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM scheduling_historicalchair h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'scheduling_chair');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="8b9f9262d771570d4f33587366d9692d4350be1e",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_cdf60",
                            table="scheduling_historicalchair",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalchair",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="988ca4d6680486db483edacbc52c9f15216c6c93",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3e5aa",
                            table="scheduling_historicalchair",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalchair",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="da73e2556de3a4a86a458d9a90545de5be58ed1f",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_11203",
                            table="scheduling_historicalchair",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalclosure",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM scheduling_closure t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM scheduling_historicalclosure h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'scheduling_closure');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="b9be62bbf8dacb27d1ca3de7e01ad252b8b19e14",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_65ffd",
                            table="scheduling_historicalclosure",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalclosure",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="3806f0a9786b7ecc6b6e1a8259bc20f0d258a98f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b74dd",
                            table="scheduling_historicalclosure",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalclosure",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="39f33f5d54f5dbff3bc9ab3f78e4fc142a6cdc9a",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_1c013",
                            table="scheduling_historicalclosure",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalopenday",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM scheduling_openday t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM scheduling_historicalopenday h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'scheduling_openday');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="a75ae2d46333f89f0b37d0eb6c0b8eff71d3070b",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_d508f",
                            table="scheduling_historicalopenday",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalopenday",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="1f489e8e9dfc42d042baa7af4717c49ab00b910e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_6548f",
                            table="scheduling_historicalopenday",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalopenday",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="8d246e43d35c074e1e5ccc09c2acc961c9520dbd",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_7e110",
                            table="scheduling_historicalopenday",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalopeninghours",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM scheduling_openinghours t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM scheduling_historicalopeninghours h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'scheduling_openinghours');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="9c88ee44ab98b72096f6220cf8d34db32cb371b7",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_bb498",
                            table="scheduling_historicalopeninghours",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalopeninghours",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="a339461ff7259f0ae59f9740021dd0a54d96ea52",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_6cb76",
                            table="scheduling_historicalopeninghours",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalopeninghours",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="dc4924b0c92721ec04259f1b26edca22b7477dd8",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_1a968",
                            table="scheduling_historicalopeninghours",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalpatientlimits",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM scheduling_patientlimits t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM scheduling_historicalpatientlimits h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'scheduling_patientlimits');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="282f477fc0b58aa63e6f82e81caebbd0e2ad18d6",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_63046",
                            table="scheduling_historicalpatientlimits",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalpatientlimits",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="cfc90f1467477679ae465a54a5f40936b2caaa6d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_8b0d7",
                            table="scheduling_historicalpatientlimits",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalpatientlimits",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="5c47a0f8e8813d260d6bad3bdaa3564ffa584f0c",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_9035f",
                            table="scheduling_historicalpatientlimits",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalresource",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM scheduling_resource t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM scheduling_historicalresource h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'scheduling_resource');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="35d2dc91f52c32bd43578e14527a14e1aa13bf07",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_eab86",
                            table="scheduling_historicalresource",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalresource",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="be04f93b234775f0b11280d9c62487f43fe313fa",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_4cb7d",
                            table="scheduling_historicalresource",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalresource",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="d423bec918c43b457a044bd607092af0692162b0",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_a6fe1",
                            table="scheduling_historicalresource",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalseries",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM scheduling_series t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM scheduling_historicalseries h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'scheduling_series');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="21124dc19cbbefd9df6d54e77bd18e773a824924",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_2662c",
                            table="scheduling_historicalseries",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalseries",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="fb3317f12a8067ae483e5b3e13053703291ce8c4",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_45a30",
                            table="scheduling_historicalseries",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalseries",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="82f651b9e1b61fb081b9fb42c84fb3bf2937ddc1",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_6bb65",
                            table="scheduling_historicalseries",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalvisittype",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM scheduling_visittype t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM scheduling_historicalvisittype h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'scheduling_visittype');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="7c631e814e6077e8738e1679989e52761ebd6c66",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_d1483",
                            table="scheduling_historicalvisittype",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalvisittype",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="1054ce5a525fb25c5bf685b31dd57d73907a7bfc",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_12a76",
                            table="scheduling_historicalvisittype",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalvisittype",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="6ef3bb81e1c7cdcb4f88022b5e2e8319ed3e9fe6",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_842dc",
                            table="scheduling_historicalvisittype",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="openday",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'scheduling_historicalopenday', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="1e6001d967e4d6c6dbfdb4e36401e6191fb67375",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_00ad9",
                            table="scheduling_openday",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="openday",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="58851637a4dfd0bea39e00512402456efc94ed1e",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_7d3ca",
                            table="scheduling_openday",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="openinghours",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'scheduling_historicalopeninghours', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="c58b829b3a40330b4d9b51bfbd1c2f496d6c2458",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_57f1d",
                            table="scheduling_openinghours",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="openinghours",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="6891509b55af614f189343fd05c2d5fbba50534f",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_5c500",
                            table="scheduling_openinghours",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="patientlimits",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'scheduling_historicalpatientlimits', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="7410dffcbe0a1a16eb535cae939eb86086294cd4",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_8c0b5",
                            table="scheduling_patientlimits",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="patientlimits",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="a1df646f416084f244eb3e12d1b9b3be42a4f1f8",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_53746",
                            table="scheduling_patientlimits",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="resource",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'scheduling_historicalresource', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="37bee863ee2721d2d4b32ca10d589bef1ede79b9",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_ca14b",
                            table="scheduling_resource",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="resource",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="f314f1466f11e248e454c0364bdac47a2cff634d",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_56def",
                            table="scheduling_resource",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicaltimeoff",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM scheduling_timeoff t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM scheduling_historicaltimeoff h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'scheduling_timeoff');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="1d10a542ae1351e743604453b81e70103ae44030",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_7f728",
                            table="scheduling_historicaltimeoff",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicaltimeoff",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="c972b77b0e5091154c264c846c96736d8f667fb9",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_40825",
                            table="scheduling_historicaltimeoff",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicaltimeoff",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="9b3f25e3b091f3864e22fdcc5a28f71708070bc4",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_10588",
                            table="scheduling_historicaltimeoff",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalrotashift",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM scheduling_rotashift t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM scheduling_historicalrotashift h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'scheduling_rotashift');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="a1482a340afb1ed31cb16cb8166d906c491ecbec",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_71207",
                            table="scheduling_historicalrotashift",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalrotashift",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="84b78d72d486711c91d6e023a54805d96061d738",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b47f3",
                            table="scheduling_historicalrotashift",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalrotashift",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="b92ddd68a75a29c90672a81cb50345e51884b752",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_4b7aa",
                            table="scheduling_historicalrotashift",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalrotaday",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM scheduling_rotaday t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM scheduling_historicalrotaday h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'scheduling_rotaday');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="ab5dc19375da3195082c3442a1a3ed236b623978",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_45127",
                            table="scheduling_historicalrotaday",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalrotaday",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="68c032e326f41b7fcd17e880db33703daf9293f4",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_1e398",
                            table="scheduling_historicalrotaday",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalrotaday",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="e6a57282a30d5beadb11eece88c8affdcecbd1c0",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_0f5ba",
                            table="scheduling_historicalrotaday",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalallocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM scheduling_allocation t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM scheduling_historicalallocation h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'scheduling_allocation');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="ac915ff8bbb13f68ee34b5fd31cac5a3cc9ddf71",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_a44a8",
                            table="scheduling_historicalallocation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalallocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="003bf985941d202615c87a0c44e4d7ebe106c16b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_2c85b",
                            table="scheduling_historicalallocation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalallocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="1eb50e503c6bf4b24a3d9ede9ae135f74703c640",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_9eea6",
                            table="scheduling_historicalallocation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="allocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="lane_exists",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE has integer; what text;",
                            func="\n            IF NEW.lane = 0 OR NOT NEW.active THEN\n                RETURN NEW;\n            END IF;\n            SELECT r.watch_lanes, r.kind INTO has, what FROM scheduling_resource r WHERE r.number = NEW.resource_id;\n            IF NEW.lane <= has THEN\n                RETURN NEW;\n            END IF;\n            IF what = 'chair' AND EXISTS (SELECT FROM scheduling_appointment a\n                                          WHERE a.id = NEW.appointment_id AND a.overbook_reason <> '') THEN\n                RETURN NEW;\n            END IF;\n            RAISE EXCEPTION 'resource % has no lane %', NEW.resource_id, NEW.lane\n                USING ERRCODE = '23514', CONSTRAINT = 'allocation_lane_exists';\n        ",
                            hash="09e3a3027645b29a138ee7108330035985a4f582",
                            operation='INSERT OR UPDATE OF "lane", "resource_id", "active"',
                            pgid="pgtrigger_lane_exists_b0b13",
                            table="scheduling_allocation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="allocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="has_its_places",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_places(COALESCE(NEW.appointment_id, OLD.appointment_id)); RETURN NULL;",
                            hash="a1d596bc09c524e8cec7d6e565ec4c53cb51ba89",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_has_its_places_df5ee",
                            table="scheduling_allocation",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="allocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'scheduling_historicalallocation', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="24e4c216a02e7ac0cda602ff9ae501b0728b7339",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_bc447",
                            table="scheduling_allocation",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="allocation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="e6291c7f80b7ecbb611bb8ae17419349792d501e",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_2cb14",
                            table="scheduling_allocation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="rotaday",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'scheduling_historicalrotaday', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="b6630f0d808f8d13c39bc2442fb0698af6d5c630",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_51eb4",
                            table="scheduling_rotaday",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="rotaday",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="476357d65216ed5b16425337cecced75c0b26f63",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_8ff91",
                            table="scheduling_rotaday",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="rotashift",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'scheduling_historicalrotashift', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="36d5d8631143cf9eda48379880df1e298fa693a1",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_83731",
                            table="scheduling_rotashift",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="rotashift",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="ade12447f62065c07002630cf31df8218dc01487",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_18366",
                            table="scheduling_rotashift",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="series",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'scheduling_historicalseries', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="7d0db47e400c337ece420d3085036c3cd569dff0",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_cb3a5",
                            table="scheduling_series",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="series",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="c92949e0564e6154623398dfcdc4edaa4c87e73b",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_0f48e",
                            table="scheduling_series",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="need",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'scheduling_historicalneed', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="e919ff6273748ade43e4efdc1696d3e341ed0aa0",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_ca9da",
                            table="scheduling_need",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="need",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="9d6265761627d24c0c2896263d9119f83b6d5382",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_b56a6",
                            table="scheduling_need",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalneed",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM scheduling_need t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM scheduling_historicalneed h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'scheduling_need');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="328a1da35222b61d0c8940535436ad0c487f4850",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_d2923",
                            table="scheduling_historicalneed",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalneed",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="d783c5755b297b254ffee83cc71105f896d63d8b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_6010a",
                            table="scheduling_historicalneed",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalneed",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="bcf1c440522be99c92f7cd67d807c959ff647f92",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_4484d",
                            table="scheduling_historicalneed",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="timeoff",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'scheduling_historicaltimeoff', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="74255666814b097f69225d833cfc00afbfc43ec5",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_1bdad",
                            table="scheduling_timeoff",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="timeoff",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="7b36340a78dc61614b8c34c1501f2d9b7c7b7c62",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_c5939",
                            table="scheduling_timeoff",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visittype",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'scheduling_historicalvisittype', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="e93dae65b64715088d3b3ff29a8b7eaba026f189",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_c8762",
                            table="scheduling_visittype",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="visittype",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="da92e7beaf75bfe6cfb735cbc3747703d0fa82af",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_fe89a",
                            table="scheduling_visittype",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="span",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'scheduling_historicalspan', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="5936b149f7191f09bbe4d40162fc5cc949fe5734",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_220ee",
                            table="scheduling_span",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="span",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="74ea9b14cb3e0b9388173478a0c545d635b70797",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_aac9b",
                            table="scheduling_span",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalspan",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM scheduling_span t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM scheduling_historicalspan h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'scheduling_span');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="29e5b850958e8b9c81a232fa443e790eefa3b7c3",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_b451e",
                            table="scheduling_historicalspan",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalspan",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="86987837934c7e010053aeeff6c7ee5d95f02353",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_ae771",
                            table="scheduling_historicalspan",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalspan",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="89b9562b063c4d5ff542249b8a9895c7ece7d10c",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_3c9da",
                            table="scheduling_historicalspan",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalappointment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM scheduling_appointment t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM scheduling_historicalappointment h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'scheduling_appointment');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="62536b065e0dfdd45f8c5b3cbb10909a7b850343",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_b2d1e",
                            table="scheduling_historicalappointment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalappointment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="96a6466534c4face3165c1cdacfa6ec65f4fef3d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_91257",
                            table="scheduling_historicalappointment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalappointment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="8fc3e0e1553cad0833c6114c0e7c328e156ef485",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_ffae3",
                            table="scheduling_historicalappointment",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="appointment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="has_its_places",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_places(COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="d43f863ed5c33c330dc2fb7b03af32de1ea56d3e",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_has_its_places_ca5ab",
                            table="scheduling_appointment",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="appointment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'scheduling_historicalappointment', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="7ffcc2171271f9faca4aa50108cf5448e1a57bc9",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_e502a",
                            table="scheduling_appointment",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="appointment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="9e23f23f4646af18e18b7f19c5b69da8f00eb11d",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_69b96",
                            table="scheduling_appointment",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
