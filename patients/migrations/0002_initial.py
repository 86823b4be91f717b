import config.audit.locks
import config.staff.models
import config.staff.permissions
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import patients.models.kinds
import patients.models.people
import patients.models.tasks
import patients.states
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

    dependencies = [
        ("patients", "0001_extensions"),
        ("staff", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="IntakeRequest",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("family_name", models.CharField(blank=True, max_length=120)),
                        ("given_name", models.CharField(blank=True, max_length=120)),
                        ("preferred_name", models.CharField(blank=True, max_length=120)),
                        ("birth_date", models.DateField(blank=True, null=True)),
                        (
                            "sex",
                            models.CharField(
                                choices=[
                                    ("female", "Female"),
                                    ("male", "Male"),
                                    ("other", "Other"),
                                    ("unknown", "Unknown"),
                                ],
                                default=patients.models.kinds.Sex["UNKNOWN"],
                                max_length=10,
                            ),
                        ),
                        ("pronouns", models.CharField(blank=True, max_length=40)),
                        (
                            "mobile",
                            phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None),
                        ),
                        ("email", models.CharField(blank=True, max_length=254)),
                        ("address", models.CharField(blank=True, max_length=200)),
                        ("city", models.CharField(blank=True, max_length=120)),
                        ("region", models.CharField(blank=True, max_length=120, verbose_name="state or region")),
                        ("postal_code", models.CharField(blank=True, max_length=20)),
                        ("language", models.CharField(blank=True, max_length=12)),
                        ("needs_interpreter", models.BooleanField(default=False)),
                        ("accessibility_needs", models.TextField(blank=True)),
                        ("emergency_contact_name", models.CharField(blank=True, max_length=120)),
                        (
                            "emergency_contact_phone",
                            phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None),
                        ),
                        (
                            "referrer_name",
                            models.CharField(blank=True, max_length=120, verbose_name="referring clinician"),
                        ),
                        (
                            "referrer_phone",
                            phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None),
                        ),
                        (
                            "referrer_npi",
                            models.CharField(blank=True, max_length=10, verbose_name="referring clinician's NPI"),
                        ),
                        ("payer", models.CharField(blank=True, max_length=120, verbose_name="payer or self-pay")),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("phone", "Phone"),
                                    ("text", "Text"),
                                    ("email", "Email"),
                                    ("web-form", "Web form"),
                                    ("referral", "Referral"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("received_at", models.DateTimeField()),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("new", "New"),
                                    ("contacted", "Contacted"),
                                    ("info-awaited", "Info awaited"),
                                    ("ready-for-review", "Ready for review"),
                                    ("declined-by-patient", "Declined by patient"),
                                    ("closed", "Closed"),
                                ],
                                default=patients.states.RequestStatus["NEW"],
                                max_length=20,
                            ),
                        ),
                        (
                            "preferred_contact",
                            models.CharField(
                                blank=True,
                                choices=[("phone", "Phone"), ("sms", "Sms"), ("email", "Email")],
                                max_length=8,
                            ),
                        ),
                        (
                            "preferred_times",
                            models.CharField(blank=True, max_length=200, verbose_name="best days and times"),
                        ),
                        ("transport", models.CharField(blank=True, max_length=200)),
                        ("consents_sms", models.BooleanField(default=False, verbose_name="may be texted")),
                        ("consents_email", models.BooleanField(default=False, verbose_name="may be emailed")),
                        (
                            "pain_condition",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("crps-type-1", "Crps type 1"),
                                    ("crps-type-2", "Crps type 2"),
                                    ("neuropathic-pain", "Neuropathic pain"),
                                    ("fibromyalgia", "Fibromyalgia"),
                                    ("post-herpetic-neuralgia", "Post herpetic neuralgia"),
                                    ("phantom-limb-pain", "Phantom limb pain"),
                                    ("spinal-cord-injury", "Spinal cord injury"),
                                    ("migraine", "Migraine"),
                                    ("other", "Other"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("pain_since", models.CharField(blank=True, max_length=80, verbose_name="how long in pain")),
                        (
                            "usual_severity",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(10),
                                ],
                                verbose_name="usual pain, 0 to 10",
                            ),
                        ),
                        ("treatments_tried", models.TextField(blank=True)),
                        ("message", models.TextField(blank=True, verbose_name="in their words")),
                        ("closed_reason", models.CharField(blank=True, max_length=200)),
                        ("submission", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                        (
                            "duplicate_of",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="patients.intakerequest",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ContactAttempt",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        (
                            "channel",
                            models.CharField(
                                choices=[("phone", "Phone"), ("sms", "Sms"), ("email", "Email")], max_length=8
                            ),
                        ),
                        ("reached", models.BooleanField()),
                        ("note", models.CharField(blank=True, max_length=300)),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attempts",
                                to="patients.intakerequest",
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Patient",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("family_name", models.CharField(blank=True, max_length=120)),
                        ("given_name", models.CharField(blank=True, max_length=120)),
                        ("preferred_name", models.CharField(blank=True, max_length=120)),
                        ("birth_date", models.DateField(blank=True, null=True)),
                        (
                            "sex",
                            models.CharField(
                                choices=[
                                    ("female", "Female"),
                                    ("male", "Male"),
                                    ("other", "Other"),
                                    ("unknown", "Unknown"),
                                ],
                                default=patients.models.kinds.Sex["UNKNOWN"],
                                max_length=10,
                            ),
                        ),
                        ("pronouns", models.CharField(blank=True, max_length=40)),
                        (
                            "mobile",
                            phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None),
                        ),
                        ("email", models.CharField(blank=True, max_length=254)),
                        ("address", models.CharField(blank=True, max_length=200)),
                        ("city", models.CharField(blank=True, max_length=120)),
                        ("region", models.CharField(blank=True, max_length=120, verbose_name="state or region")),
                        ("postal_code", models.CharField(blank=True, max_length=20)),
                        ("language", models.CharField(blank=True, max_length=12)),
                        ("needs_interpreter", models.BooleanField(default=False)),
                        ("accessibility_needs", models.TextField(blank=True)),
                        ("emergency_contact_name", models.CharField(blank=True, max_length=120)),
                        (
                            "emergency_contact_phone",
                            phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None),
                        ),
                        (
                            "referrer_name",
                            models.CharField(blank=True, max_length=120, verbose_name="referring clinician"),
                        ),
                        (
                            "referrer_phone",
                            phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None),
                        ),
                        (
                            "referrer_npi",
                            models.CharField(blank=True, max_length=10, verbose_name="referring clinician's NPI"),
                        ),
                        ("payer", models.CharField(blank=True, max_length=120, verbose_name="payer or self-pay")),
                        ("record_number", models.CharField(max_length=20)),
                        (
                            "zone",
                            models.CharField(
                                blank=True,
                                max_length=64,
                                validators=[config.staff.models.known_zone],
                                verbose_name="time zone, if not the clinic's",
                            ),
                        ),
                        ("deceased", models.BooleanField(default=False)),
                        ("deceased_on", models.DateField(blank=True, null=True)),
                        (
                            "allergy_state",
                            models.CharField(
                                choices=[
                                    ("not-asked", "Not asked"),
                                    ("none-known", "None known"),
                                    ("listed", "Listed"),
                                ],
                                default=patients.models.kinds.AllergyState["NOT_ASKED"],
                                max_length=12,
                            ),
                        ),
                        ("allergies_confirmed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "alert",
                            models.CharField(
                                blank=True, help_text="Shown on every page about this patient.", max_length=200
                            ),
                        ),
                        (
                            "allergies_confirmed_by",
                            models.ForeignKey(
                                blank=True,
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
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged_from",
                                to="patients.patient",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="HistoricalTask",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("more-information", "More information"),
                                    ("visit-touched", "Visit touched"),
                                    ("needs-repair", "Needs repair"),
                                    ("order-changed", "Order changed"),
                                    ("call-back", "Call back"),
                                    ("message-unknown", "Message unknown"),
                                    ("other", "Other"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("words", models.CharField(max_length=200, verbose_name="what to do")),
                        ("about", models.UUIDField(blank=True, help_text="The record that this is about.", null=True)),
                        (
                            "about_kind",
                            models.CharField(
                                blank=True, help_text="The name of the page that shows that record.", max_length=30
                            ),
                        ),
                        (
                            "for_role",
                            models.CharField(
                                choices=[
                                    ("front-desk", "Front desk"),
                                    ("nurse", "Nurse"),
                                    ("prescriber", "Prescriber"),
                                    ("manager", "Manager"),
                                    ("auditor", "Auditor"),
                                ],
                                default=config.staff.permissions.Role["FRONT_DESK"],
                                max_length=12,
                                verbose_name="for",
                            ),
                        ),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                        ("raised_at", models.DateTimeField()),
                        ("done_at", models.DateTimeField(blank=True, null=True)),
                        ("done_note", models.CharField(blank=True, max_length=300, verbose_name="what came of it")),
                        ("withdrawn", models.BooleanField(default=False, verbose_name="resolved itself")),
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
                            "done_by",
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
                            "owner",
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
                            "raised_by",
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
                    ],
                    options={
                        "verbose_name": "historical task",
                        "verbose_name_plural": "historical tasks",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalPatient",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("family_name", models.CharField(blank=True, max_length=120)),
                        ("given_name", models.CharField(blank=True, max_length=120)),
                        ("preferred_name", models.CharField(blank=True, max_length=120)),
                        ("birth_date", models.DateField(blank=True, null=True)),
                        (
                            "sex",
                            models.CharField(
                                choices=[
                                    ("female", "Female"),
                                    ("male", "Male"),
                                    ("other", "Other"),
                                    ("unknown", "Unknown"),
                                ],
                                default=patients.models.kinds.Sex["UNKNOWN"],
                                max_length=10,
                            ),
                        ),
                        ("pronouns", models.CharField(blank=True, max_length=40)),
                        (
                            "mobile",
                            phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None),
                        ),
                        ("email", models.CharField(blank=True, max_length=254)),
                        ("address", models.CharField(blank=True, max_length=200)),
                        ("city", models.CharField(blank=True, max_length=120)),
                        ("region", models.CharField(blank=True, max_length=120, verbose_name="state or region")),
                        ("postal_code", models.CharField(blank=True, max_length=20)),
                        ("language", models.CharField(blank=True, max_length=12)),
                        ("needs_interpreter", models.BooleanField(default=False)),
                        ("accessibility_needs", models.TextField(blank=True)),
                        ("emergency_contact_name", models.CharField(blank=True, max_length=120)),
                        (
                            "emergency_contact_phone",
                            phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None),
                        ),
                        (
                            "referrer_name",
                            models.CharField(blank=True, max_length=120, verbose_name="referring clinician"),
                        ),
                        (
                            "referrer_phone",
                            phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None),
                        ),
                        (
                            "referrer_npi",
                            models.CharField(blank=True, max_length=10, verbose_name="referring clinician's NPI"),
                        ),
                        ("payer", models.CharField(blank=True, max_length=120, verbose_name="payer or self-pay")),
                        ("record_number", models.CharField(max_length=20)),
                        (
                            "zone",
                            models.CharField(
                                blank=True,
                                max_length=64,
                                validators=[config.staff.models.known_zone],
                                verbose_name="time zone, if not the clinic's",
                            ),
                        ),
                        ("deceased", models.BooleanField(default=False)),
                        ("deceased_on", models.DateField(blank=True, null=True)),
                        (
                            "allergy_state",
                            models.CharField(
                                choices=[
                                    ("not-asked", "Not asked"),
                                    ("none-known", "None known"),
                                    ("listed", "Listed"),
                                ],
                                default=patients.models.kinds.AllergyState["NOT_ASKED"],
                                max_length=12,
                            ),
                        ),
                        ("allergies_confirmed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "alert",
                            models.CharField(
                                blank=True, help_text="Shown on every page about this patient.", max_length=200
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
                            "allergies_confirmed_by",
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
                            "merged_into",
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
                        "verbose_name": "historical patient",
                        "verbose_name_plural": "historical patients",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalIntakeRequest",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("family_name", models.CharField(blank=True, max_length=120)),
                        ("given_name", models.CharField(blank=True, max_length=120)),
                        ("preferred_name", models.CharField(blank=True, max_length=120)),
                        ("birth_date", models.DateField(blank=True, null=True)),
                        (
                            "sex",
                            models.CharField(
                                choices=[
                                    ("female", "Female"),
                                    ("male", "Male"),
                                    ("other", "Other"),
                                    ("unknown", "Unknown"),
                                ],
                                default=patients.models.kinds.Sex["UNKNOWN"],
                                max_length=10,
                            ),
                        ),
                        ("pronouns", models.CharField(blank=True, max_length=40)),
                        (
                            "mobile",
                            phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None),
                        ),
                        ("email", models.CharField(blank=True, max_length=254)),
                        ("address", models.CharField(blank=True, max_length=200)),
                        ("city", models.CharField(blank=True, max_length=120)),
                        ("region", models.CharField(blank=True, max_length=120, verbose_name="state or region")),
                        ("postal_code", models.CharField(blank=True, max_length=20)),
                        ("language", models.CharField(blank=True, max_length=12)),
                        ("needs_interpreter", models.BooleanField(default=False)),
                        ("accessibility_needs", models.TextField(blank=True)),
                        ("emergency_contact_name", models.CharField(blank=True, max_length=120)),
                        (
                            "emergency_contact_phone",
                            phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None),
                        ),
                        (
                            "referrer_name",
                            models.CharField(blank=True, max_length=120, verbose_name="referring clinician"),
                        ),
                        (
                            "referrer_phone",
                            phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None),
                        ),
                        (
                            "referrer_npi",
                            models.CharField(blank=True, max_length=10, verbose_name="referring clinician's NPI"),
                        ),
                        ("payer", models.CharField(blank=True, max_length=120, verbose_name="payer or self-pay")),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("phone", "Phone"),
                                    ("text", "Text"),
                                    ("email", "Email"),
                                    ("web-form", "Web form"),
                                    ("referral", "Referral"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("received_at", models.DateTimeField()),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("new", "New"),
                                    ("contacted", "Contacted"),
                                    ("info-awaited", "Info awaited"),
                                    ("ready-for-review", "Ready for review"),
                                    ("declined-by-patient", "Declined by patient"),
                                    ("closed", "Closed"),
                                ],
                                default=patients.states.RequestStatus["NEW"],
                                max_length=20,
                            ),
                        ),
                        (
                            "preferred_contact",
                            models.CharField(
                                blank=True,
                                choices=[("phone", "Phone"), ("sms", "Sms"), ("email", "Email")],
                                max_length=8,
                            ),
                        ),
                        (
                            "preferred_times",
                            models.CharField(blank=True, max_length=200, verbose_name="best days and times"),
                        ),
                        ("transport", models.CharField(blank=True, max_length=200)),
                        ("consents_sms", models.BooleanField(default=False, verbose_name="may be texted")),
                        ("consents_email", models.BooleanField(default=False, verbose_name="may be emailed")),
                        (
                            "pain_condition",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("crps-type-1", "Crps type 1"),
                                    ("crps-type-2", "Crps type 2"),
                                    ("neuropathic-pain", "Neuropathic pain"),
                                    ("fibromyalgia", "Fibromyalgia"),
                                    ("post-herpetic-neuralgia", "Post herpetic neuralgia"),
                                    ("phantom-limb-pain", "Phantom limb pain"),
                                    ("spinal-cord-injury", "Spinal cord injury"),
                                    ("migraine", "Migraine"),
                                    ("other", "Other"),
                                ],
                                max_length=30,
                            ),
                        ),
                        ("pain_since", models.CharField(blank=True, max_length=80, verbose_name="how long in pain")),
                        (
                            "usual_severity",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(10),
                                ],
                                verbose_name="usual pain, 0 to 10",
                            ),
                        ),
                        ("treatments_tried", models.TextField(blank=True)),
                        ("message", models.TextField(blank=True, verbose_name="in their words")),
                        ("closed_reason", models.CharField(blank=True, max_length=200)),
                        ("submission", models.UUIDField(blank=True, db_index=True, editable=False, null=True)),
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
                            "owner",
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
                            "duplicate_of",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="patients.intakerequest",
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
                        "verbose_name": "historical intake request",
                        "verbose_name_plural": "historical intake requests",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalAllergy",
                    fields=[
                        ("actor", models.TextField(default="", editable=False)),
                        ("txid", models.BigIntegerField(default=0, editable=False)),
                        ("id", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("history_change_reason", models.TextField(null=True)),
                        ("substance", models.CharField(max_length=200)),
                        ("reaction", models.CharField(blank=True, max_length=200)),
                        ("removed_reason", models.CharField(blank=True, max_length=200)),
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
                        "verbose_name": "historical allergy",
                        "verbose_name_plural": "historical allergies",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="ContactConsent",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("actor", models.TextField(db_default="", editable=False)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
                        ),
                        ("channel", models.CharField(choices=[("sms", "Sms"), ("email", "Email")], max_length=8)),
                        ("purpose", models.CharField(default="visits", max_length=20)),
                        ("granted", models.BooleanField()),
                        ("wording_version", models.CharField(max_length=20)),
                        (
                            "how",
                            models.CharField(
                                help_text="Spoken, on paper, web form, reply, link, import.", max_length=40
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "by",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contact_consents",
                                to="patients.patient",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Allergy",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("substance", models.CharField(max_length=200)),
                        ("reaction", models.CharField(blank=True, max_length=200)),
                        ("removed_reason", models.CharField(blank=True, max_length=200)),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="allergies",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "allergies",
                    },
                ),
                migrations.CreateModel(
                    name="Task",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("more-information", "More information"),
                                    ("visit-touched", "Visit touched"),
                                    ("needs-repair", "Needs repair"),
                                    ("order-changed", "Order changed"),
                                    ("call-back", "Call back"),
                                    ("message-unknown", "Message unknown"),
                                    ("other", "Other"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("words", models.CharField(max_length=200, verbose_name="what to do")),
                        ("about", models.UUIDField(blank=True, help_text="The record that this is about.", null=True)),
                        (
                            "about_kind",
                            models.CharField(
                                blank=True, help_text="The name of the page that shows that record.", max_length=30
                            ),
                        ),
                        (
                            "for_role",
                            models.CharField(
                                choices=[
                                    ("front-desk", "Front desk"),
                                    ("nurse", "Nurse"),
                                    ("prescriber", "Prescriber"),
                                    ("manager", "Manager"),
                                    ("auditor", "Auditor"),
                                ],
                                default=config.staff.permissions.Role["FRONT_DESK"],
                                max_length=12,
                                verbose_name="for",
                            ),
                        ),
                        ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                        ("raised_at", models.DateTimeField()),
                        ("done_at", models.DateTimeField(blank=True, null=True)),
                        ("done_note", models.CharField(blank=True, max_length=300, verbose_name="what came of it")),
                        ("withdrawn", models.BooleanField(default=False, verbose_name="resolved itself")),
                        (
                            "clinic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="staff.clinic"
                            ),
                        ),
                        (
                            "done_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tasks",
                                to="patients.patient",
                            ),
                        ),
                        (
                            "raised_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                ),
            ]
        ),
        migrations.AddField(
            model_name="intakerequest",
            name="patient",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to="patients.patient",
            ),
        ),
        Together(
            [
                migrations.AddIndex(
                    model_name="patient",
                    index=models.Index(fields=["clinic", "family_name", "given_name", "id"], name="patient_by_name"),
                ),
                migrations.AddIndex(
                    model_name="patient",
                    index=models.Index(fields=["clinic", "birth_date"], name="patient_by_birth_date"),
                ),
                migrations.AddIndex(
                    model_name="patient",
                    index=models.Index(fields=["mobile"], name="patient_by_mobile"),
                ),
                migrations.AddIndex(
                    model_name="patient",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            patients.models.people.SearchName("given_name", "preferred_name", "family_name"),
                            name="gin_trgm_ops",
                        ),
                        name="patient_name_trigrams",
                    ),
                ),
                migrations.AddIndex(
                    model_name="patient",
                    index=models.Index(django.db.models.functions.text.Lower("email"), name="patient_by_email"),
                ),
                migrations.AddConstraint(
                    model_name="patient",
                    constraint=models.UniqueConstraint(
                        fields=("clinic", "record_number"), name="patient_record_number_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="patient",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="patient_not_merged_into_self",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="patient",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("family_name", ""), _negated=True),
                            models.Q(("given_name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="patient_has_a_name",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="patient",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "sex__in",
                                [
                                    patients.models.kinds.Sex["FEMALE"],
                                    patients.models.kinds.Sex["MALE"],
                                    patients.models.kinds.Sex["OTHER"],
                                    patients.models.kinds.Sex["UNKNOWN"],
                                ],
                            )
                        ),
                        name="patient_sex_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="patient",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("deceased", True), ("deceased_on__isnull", True), _connector="OR"),
                        name="patient_died_if_dated",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="patient",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "allergy_state__in",
                                [
                                    patients.models.kinds.AllergyState["NOT_ASKED"],
                                    patients.models.kinds.AllergyState["NONE_KNOWN"],
                                    patients.models.kinds.AllergyState["LISTED"],
                                ],
                            )
                        ),
                        name="patient_allergy_state_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="patient",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("allergy_state", patients.models.kinds.AllergyState["NONE_KNOWN"]), _negated=True
                            ),
                            models.Q(
                                ("allergies_confirmed_at__isnull", False), ("allergies_confirmed_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="patient_no_allergies_said_by_somebody",
                    ),
                ),
                migrations.AddIndex(
                    model_name="intakerequest",
                    index=models.Index(fields=["clinic", "status", "received_at"], name="request_queue"),
                ),
                migrations.AddConstraint(
                    model_name="intakerequest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("usual_severity__isnull", True), ("usual_severity__lte", 10), _connector="OR"
                        ),
                        name="request_severity_0_to_10",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="intakerequest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    patients.states.RequestStatus["NEW"],
                                    patients.states.RequestStatus["CONTACTED"],
                                    patients.states.RequestStatus["INFO_AWAITED"],
                                    patients.states.RequestStatus["READY_FOR_REVIEW"],
                                    patients.states.RequestStatus["DECLINED"],
                                    patients.states.RequestStatus["CLOSED"],
                                ],
                            )
                        ),
                        name="request_status_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="intakerequest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "source__in",
                                [
                                    patients.models.kinds.Source["PHONE"],
                                    patients.models.kinds.Source["TEXT"],
                                    patients.models.kinds.Source["EMAIL"],
                                    patients.models.kinds.Source["WEB_FORM"],
                                    patients.models.kinds.Source["REFERRAL"],
                                ],
                            )
                        ),
                        name="request_source_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="intakerequest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", patients.states.RequestStatus["CLOSED"]), _negated=True),
                            models.Q(("closed_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="request_closed_with_reason",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="intakerequest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", patients.states.RequestStatus["READY_FOR_REVIEW"]), _negated=True),
                            ("patient__isnull", False),
                            _connector="OR",
                        ),
                        name="request_reviewed_for_a_patient",
                    ),
                ),
                migrations.AddIndex(
                    model_name="contactconsent",
                    index=models.Index(fields=["patient", "channel", "purpose", "-at"], name="consent_newest"),
                ),
                migrations.AddConstraint(
                    model_name="contactconsent",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "channel__in",
                                [patients.models.kinds.Channel["SMS"], patients.models.kinds.Channel["EMAIL"]],
                            )
                        ),
                        name="consent_channel_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="allergy",
                    constraint=models.UniqueConstraint(
                        models.F("patient"),
                        django.db.models.functions.text.Lower("substance"),
                        condition=models.Q(("removed_reason", "")),
                        name="allergy_listed_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="allergy",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("substance", ""), _negated=True), name="allergy_names_a_substance"
                    ),
                ),
                migrations.AddIndex(
                    model_name="task",
                    index=models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["clinic", "for_role"],
                        name="task_open_by_role",
                    ),
                ),
                migrations.AddIndex(
                    model_name="task",
                    index=models.Index(fields=["clinic", "-done_at"], name="task_done_newest"),
                ),
                migrations.AddIndex(
                    model_name="task",
                    index=models.Index(fields=["about"], name="task_about"),
                ),
                migrations.AddConstraint(
                    model_name="task",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("about__isnull", False), ("done_at__isnull", True)),
                        fields=("clinic", "kind", "about"),
                        name="task_open_once_about_a_thing",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="task",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    patients.models.tasks.TaskKind["MORE_INFORMATION"],
                                    patients.models.tasks.TaskKind["VISIT_TOUCHED"],
                                    patients.models.tasks.TaskKind["NEEDS_REPAIR"],
                                    patients.models.tasks.TaskKind["ORDER_CHANGED"],
                                    patients.models.tasks.TaskKind["CALL_BACK"],
                                    patients.models.tasks.TaskKind["MESSAGE_UNKNOWN"],
                                    patients.models.tasks.TaskKind["OTHER"],
                                ],
                            )
                        ),
                        name="task_kind_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="task",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "for_role__in",
                                [
                                    config.staff.permissions.Role["FRONT_DESK"],
                                    config.staff.permissions.Role["NURSE"],
                                    config.staff.permissions.Role["PRESCRIBER"],
                                    config.staff.permissions.Role["MANAGER"],
                                    config.staff.permissions.Role["AUDITOR"],
                                ],
                            )
                        ),
                        name="task_role_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="task",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="task_says_what_to_do"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="task",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("done_at__isnull", True),
                                ("done_by__isnull", True),
                                ("done_note", ""),
                                ("withdrawn", False),
                            ),
                            models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                            models.Q(("done_at__isnull", False), ("withdrawn", True)),
                            _connector="OR",
                        ),
                        name="task_done_by_somebody_at_some_time",
                    ),
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
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="3c90d9432c143018a82c2a36143922502ad012cd",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_bcb49",
                            table="patients_contactattempt",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="contactattempt",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="2246e06603806d2106f67aad07899adcbd5d4106",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_a360a",
                            table="patients_contactattempt",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="contactattempt",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="313e25ec13060e0b4a995c75ae341ab231fc50b3",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_55730",
                            table="patients_contactattempt",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="patient",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'patients_historicalpatient', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="cb79eee4c4f9c846d5f70d8a2de9ca91fac85f43",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_e6c43",
                            table="patients_patient",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="patient",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="dbe9964cf55373095913c862a95558d8d8b361ef",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_9f61b",
                            table="patients_patient",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="intakerequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'patients_historicalintakerequest', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="7502ddf6bad709aa13f42dd1724691dbc714749f",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_00e80",
                            table="patients_intakerequest",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="intakerequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="e6378beb35694bce640e263ebcc797eaf96b98d9",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_441f8",
                            table="patients_intakerequest",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicaltask",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM patients_task t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM patients_historicaltask h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'patients_task');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="a445b0d46f3e5920925c8511d8c04291359ae328",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_3acf3",
                            table="patients_historicaltask",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicaltask",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="3db6f524c118b59c3e3284044cd6e352b3ef9c85",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_549a8",
                            table="patients_historicaltask",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicaltask",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="a656714f01df935c0637ed045230d0259bb77202",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_12b31",
                            table="patients_historicaltask",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalpatient",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM patients_patient t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM patients_historicalpatient h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'patients_patient');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="96678f6e2b6381570371d816fd993a13abb9d1a6",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_b1079",
                            table="patients_historicalpatient",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalpatient",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="02b1f0e830a91af54953cec4c2152fe5c7c6c3c0",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_d13e8",
                            table="patients_historicalpatient",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalpatient",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="0b3f7c0529d4f26ae310ac14998e0608c36cd99f",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_6d62f",
                            table="patients_historicalpatient",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalintakerequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM patients_intakerequest t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM patients_historicalintakerequest h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'patients_intakerequest');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="e312fa99bd2e4f5c59001488ab43ddc2a0fce229",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_38e68",
                            table="patients_historicalintakerequest",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalintakerequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="43741607b0bba99bc310464dbe9e0fc6c019cc1e",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_de13f",
                            table="patients_historicalintakerequest",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalintakerequest",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="1f412fac8995058aeab20db987431e8f30e75848",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_b2d48",
                            table="patients_historicalintakerequest",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalallergy",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_history",
                        sql=config.audit.locks.LockSql(
                            declare="DECLARE stands jsonb; written xid; earlier text;",
                            func="\n            SELECT to_jsonb(t) - '{}'::text[], t.xmin INTO stands, written FROM patients_allergy t WHERE t.id = NEW.id;\n            SELECT h.history_type INTO earlier FROM patients_historicalallergy h WHERE h.id = NEW.id ORDER BY h.history_id DESC LIMIT 1;\n            PERFORM desk_check_told(to_jsonb(NEW), stands, written, earlier, 'patients_allergy');\n            NEW.txid := pg_current_xact_id()::text::bigint;\n            NEW.actor := desk_actor();\n            NEW.history_user_id := desk_acting_user();\n            NEW.history_date := clock_timestamp();\n            NEW.history_change_reason := COALESCE(\n                NEW.history_change_reason, NULLIF(current_setting('desk.reason', true), ''));\n            RETURN NEW;\n        ",
                            hash="8013e3354b55d407fcea37651112da5663578d5a",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_history_16c03",
                            table="patients_historicalallergy",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalallergy",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="2b911655acf5f056b3dc8372b2418d1d3628fafe",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_78e1b",
                            table="patients_historicalallergy",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="historicalallergy",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="4d416aa538e96a1e6cc8f7ffce74f9f02de1f83f",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_2886a",
                            table="patients_historicalallergy",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="contactconsent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="stamped_entry",
                        sql=config.audit.locks.LockSql(
                            func="NEW.actor := desk_actor(); NEW.recorded_at := clock_timestamp(); RETURN NEW;",
                            hash="2ce14bf74b4e6175ad29367e8716be7fd7b11459",
                            operation="INSERT",
                            pgid="pgtrigger_stamped_entry_ed963",
                            table="patients_contactconsent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="contactconsent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); RETURN NULL;",
                            hash="74becc8bdfb47836ba9c997de01f5d776b57eacd",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_5d670",
                            table="patients_contactconsent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="contactconsent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="f2f3a2a554ccf95fc149798e1602f79e80ea3930",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_e6b0f",
                            table="patients_contactconsent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="allergy",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'patients_historicalallergy', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="e590399e619d1f680664d53af50d66429ce439c3",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_b4347",
                            table="patients_allergy",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="allergy",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="b4725b024f5e3132f4b5c5fcf1a720af2bc792f2",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_4ba50",
                            table="patients_allergy",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="task",
                    trigger=pgtrigger.compiler.Trigger(
                        name="history_matches",
                        sql=config.audit.locks.LockSql(
                            constraint="CONSTRAINT",
                            func="PERFORM desk_check_history(TG_TABLE_NAME, 'patients_historicaltask', '{}', COALESCE(NEW.id, OLD.id)); RETURN NULL;",
                            hash="a1ed8579d2b18b9534820b103b39c59e3d5e3442",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_history_matches_e4d09",
                            table="patients_task",
                            timing="DEFERRABLE INITIALLY DEFERRED",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="task",
                    trigger=pgtrigger.compiler.Trigger(
                        name="never_emptied",
                        sql=config.audit.locks.LockSql(
                            func="PERFORM desk_refuse_emptying(TG_TABLE_NAME); RETURN NULL;",
                            hash="545d494dfba014d6f41bb830b61d265ca349b4b8",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_never_emptied_5050b",
                            table="patients_task",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
