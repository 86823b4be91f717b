"""What is charted during a visit. Every row is a clinician's, written once, with observed and entered time."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from config.staff.models import User
from infusions.clinical import Entry
from infusions.models.visit import Visit


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    return [(item.value, item.value.replace("-", " ").capitalize()) for item in kind]


class FlowsheetEntry(Entry):
    """One row. `client_id` is the tablet's own name for it, so that a row sent twice is stored once."""

    closes_with_note: ClassVar[bool] = True
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="+")
    observed_at = models.DateTimeField()
    client_id = models.UUIDField(null=True)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    correction_reason = models.CharField(max_length=200, blank=True)
    confirmed_unusual = models.BooleanField(default=False)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "client_id"], name="%(class)s_sent_once"),
            models.CheckConstraint(
                condition=models.Q(supersedes__isnull=True) | ~models.Q(correction_reason=""),
                name="%(class)s_corrected_with_reason",
            ),
        ]


class PreVisitCheck(FlowsheetEntry):
    """Before the infusion: who this is, how they come, what has changed."""

    identity_name_checked = models.BooleanField(null=True)
    identity_birth_date_checked = models.BooleanField(null=True)
    fasting_from = models.DateTimeField(null=True)
    fasting_answer = models.CharField(max_length=200, blank=True)
    escort_name = models.CharField(max_length=120, blank=True)
    escort_phone = models.CharField(max_length=40, blank=True)
    escort_relation = models.CharField(max_length=60, blank=True)
    changes_since_last = models.TextField(blank=True)
    drugs_today = models.TextField(blank=True)
    pregnancy_answer = models.CharField(max_length=120, blank=True)
    pain = models.PositiveSmallIntegerField("pain, 0 to 10", null=True)
    mood = models.CharField(max_length=200, blank=True)
    weight = models.CharField("weight as measured today", max_length=20, blank=True)
    weight_unit = models.CharField(max_length=10, blank=True)
    consent_on_file = models.BooleanField(null=True)
    allergies_reviewed = models.BooleanField(null=True)

    class Meta(FlowsheetEntry.Meta):
        constraints: ClassVar = [
            *FlowsheetEntry.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(pain__isnull=True) | models.Q(pain__lte=10), name="previsit_pain_0_to_10"
            ),
        ]


class IvAccess(FlowsheetEntry):
    """A cannula placed, or removed."""

    site = models.CharField(max_length=80, blank=True)
    gauge = models.CharField(max_length=20, blank=True)
    remark = models.CharField(max_length=200, blank=True)
    removed = models.BooleanField(null=True)


class Preparation(FlowsheetEntry):
    """What was made ready, by whom, checked by whom."""

    drug = models.CharField(max_length=120)
    lot = models.CharField(max_length=60, blank=True)
    expiry = models.CharField(max_length=40, blank=True)
    contents = models.TextField("as labelled", blank=True)
    prepared_by = models.CharField(max_length=120, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")


class Phase(StrEnum):
    """When in the visit a vitals set was taken."""

    BASELINE = "baseline"
    INFUSION = "infusion"
    RECOVERY = "recovery"
    DISCHARGE = "discharge"


class VitalsSet(FlowsheetEntry):
    """One set of vital signs, as read. Millimetres of mercury, beats and breaths a minute, percent, degrees as typed."""

    phase = models.CharField(max_length=10, choices=choices(Phase))
    systolic = models.PositiveSmallIntegerField(null=True)
    diastolic = models.PositiveSmallIntegerField(null=True)
    mean_pressure = models.PositiveSmallIntegerField("mean, as read", null=True)
    heart_rate = models.PositiveSmallIntegerField(null=True)
    rhythm = models.CharField(max_length=60, blank=True)
    respiratory_rate = models.PositiveSmallIntegerField(null=True)
    spo2 = models.PositiveSmallIntegerField("SpO2, %", null=True)
    oxygen_flow = models.CharField(max_length=40, blank=True)
    end_tidal_co2 = models.CharField(max_length=20, blank=True)
    temperature = models.CharField(max_length=10, blank=True)
    temperature_unit = models.CharField(max_length=2, blank=True)
    sedation_scale = models.CharField(max_length=40, blank=True)
    sedation_value = models.CharField(max_length=20, blank=True)
    orientation = models.CharField(max_length=80, blank=True)
    pain = models.PositiveSmallIntegerField("pain, 0 to 10", null=True)
    nausea = models.CharField(max_length=80, blank=True)
    psychological = models.CharField("dissociation, anxiety, hallucination as observed", max_length=200, blank=True)
    iv_site = models.CharField(max_length=80, blank=True)
    rate_on_pump = models.CharField("rate as read on the pump", max_length=60, blank=True)
    rate_on_pump_unit = models.CharField(max_length=40, blank=True)
    action = models.CharField(max_length=200, blank=True)

    class Meta(FlowsheetEntry.Meta):
        constraints: ClassVar = [
            *FlowsheetEntry.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(pain__isnull=True) | models.Q(pain__lte=10), name="vitals_pain_0_to_10"
            ),
        ]


class AdministrationKind(StrEnum):
    """A step of the infusion as it was done."""

    START = "start"
    RATE = "rate-change"
    BOLUS = "bolus"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


class Administration(FlowsheetEntry):
    """One step of the infusion: what was done, at what rate or amount as typed."""

    kind = models.CharField(max_length=12, choices=choices(AdministrationKind))
    rate = models.CharField(max_length=60, blank=True)
    rate_unit = models.CharField(max_length=40, blank=True)
    amount = models.CharField(max_length=60, blank=True)
    amount_unit = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta(FlowsheetEntry.Meta):
        constraints: ClassVar = [
            *FlowsheetEntry.Meta.constraints,
            models.UniqueConstraint(
                fields=["visit"],
                condition=models.Q(kind="start", supersedes__isnull=True),
                name="administration_starts_once",
            ),
        ]


class Quantity(FlowsheetEntry):
    """Amount given and wasted in all, as typed. Waste has a witness, who is somebody else."""

    given = models.CharField("amount given", max_length=60, blank=True)
    given_unit = models.CharField(max_length=40, blank=True)
    wasted = models.CharField("amount wasted", max_length=60, blank=True)
    wasted_unit = models.CharField(max_length=40, blank=True)
    witness = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta(FlowsheetEntry.Meta):
        verbose_name_plural = "quantities"
        constraints: ClassVar = [
            *FlowsheetEntry.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(wasted="")
                | (models.Q(witness__isnull=False) & ~models.Q(witness=models.F("author"))),
                name="waste_has_another_witness",
            ),
        ]


class EventType(StrEnum):
    """Kinds of adverse event an infusion nurse charts."""

    HYPERTENSION = "hypertension"
    HYPOTENSION = "hypotension"
    HEART_RATE = "tachycardia-or-bradycardia"
    DESATURATION = "desaturation"
    AIRWAY = "apnea-or-airway"
    OVER_SEDATION = "over-sedation"
    AGITATION = "agitation-or-emergence"
    DYSPHORIA = "hallucination-or-dysphoria"
    NAUSEA = "nausea-or-vomiting"
    HEADACHE = "headache-or-dizziness"
    BLADDER = "bladder-symptoms"
    LIVER = "liver-test-rise"
    INFILTRATION = "infiltration-or-extravasation"
    ALLERGIC = "allergic-reaction"
    FALL = "fall"
    MEDICATION_ERROR = "medication-error"
    OTHER = "other"


class AdverseEvent(FlowsheetEntry):
    """What happened, in the clinician's opinion. Open until an entry that supersedes it gives the outcome."""

    ended_at = models.DateTimeField(null=True)
    event_type = models.CharField(max_length=30, blank=True, choices=choices(EventType))
    description = models.TextField(blank=True)
    severity = models.CharField(max_length=20, blank=True)
    serious = models.BooleanField(null=True)
    relation_to_drug = models.CharField(max_length=60, blank=True)
    actions = models.TextField(blank=True)
    outcome = models.CharField(max_length=200, blank=True)
    told_whom = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField(null=True)
    report_filed = models.CharField(max_length=200, blank=True)
    follow_up_due = models.DateField(null=True)


class Discharge(FlowsheetEntry):
    """The discharge checklist: each item met, not met, or not looked at; nothing here decides."""

    scale_name = models.CharField(max_length=60, blank=True)
    scale_value = models.CharField(max_length=20, blank=True)
    vitals_near_baseline = models.BooleanField(null=True)
    oriented = models.BooleanField(null=True)
    walks_safely = models.BooleanField(null=True)
    comfortable = models.BooleanField(null=True)
    iv_removed = models.BooleanField(null=True)
    minimum_stay_met = models.BooleanField(null=True)
    instructions_given = models.BooleanField(null=True)
    instructions_language = models.CharField(max_length=40, blank=True)
    no_driving_until = models.CharField(max_length=80, blank=True)
    escort_name = models.CharField(max_length=120, blank=True)
    escort_identified = models.BooleanField(null=True)
    escort_at = models.DateTimeField(null=True)
    emergency_number_given = models.BooleanField(null=True)
    next_visit_known = models.BooleanField(null=True)
    pain = models.PositiveSmallIntegerField("pain, 0 to 10", null=True)
    exception_reason = models.TextField(blank=True)

    class Meta(FlowsheetEntry.Meta):
        constraints: ClassVar = [
            *FlowsheetEntry.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(escort_identified=True) | ~models.Q(exception_reason=""),
                name="discharge_needs_escort_or_exception",
            ),
            models.CheckConstraint(
                condition=models.Q(pain__isnull=True) | models.Q(pain__lte=10), name="discharge_pain_0_to_10"
            ),
        ]
