"""What is charted during a visit. Every row is a clinician's, written once, with observed and entered time.

NULL is "not written". No column has a default, and nothing here is a number to compute a dose with.
"""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from config.staff.models import User
from infusions.models.consents import start_needs_consent
from infusions.models.discharge import Discharge
from infusions.models.entries import FlowsheetEntry, choices, in_our_times, once_at_a_time


class PreVisitCheck(FlowsheetEntry):
    """Before the infusion: who this is, how they come, what has changed."""

    identity_name_checked = models.BooleanField("name checked", null=True)
    identity_birth_date_checked = models.BooleanField("birth date checked", null=True)
    fasting_from = models.DateTimeField(null=True)
    fasting_answer = models.CharField("fasting", max_length=200, null=True)
    escort_name = models.CharField("escort", max_length=120, null=True)
    escort_phone = models.CharField("escort's phone", max_length=40, null=True)
    escort_relation = models.CharField("escort's relation", max_length=60, null=True)
    changes_since_last = models.TextField(null=True)
    drugs_today = models.TextField(null=True)
    pregnancy_answer = models.CharField(max_length=120, null=True)
    pain = models.PositiveSmallIntegerField("pain, 0 to 10", null=True)
    mood = models.CharField(max_length=200, null=True)
    weight = models.CharField("weight as measured today", max_length=20, null=True)
    weight_unit = models.CharField(max_length=10, null=True)
    consent_on_file = models.BooleanField(null=True)
    allergies_reviewed = models.BooleanField(null=True)

    class Meta(FlowsheetEntry.Meta):
        constraints: ClassVar = [
            *FlowsheetEntry.Meta.constraints,
            in_our_times("fasting_from"),
            models.CheckConstraint(
                condition=models.Q(pain__isnull=True) | models.Q(pain__lte=10), name="previsit_pain_0_to_10"
            ),
        ]


class IvAccess(FlowsheetEntry):
    """A cannula placed, or removed."""

    site = models.CharField(max_length=80, null=True)
    gauge = models.CharField(max_length=20, null=True)
    remark = models.CharField(max_length=200, null=True)
    removed = models.BooleanField(null=True)


class Preparation(FlowsheetEntry):
    """What was made ready, by whom, checked by whom."""

    drug = models.CharField(max_length=120, null=True)
    lot = models.CharField(max_length=60, null=True)
    expiry = models.CharField(max_length=40, null=True)
    contents = models.TextField("as labelled", null=True)
    prepared_by = models.CharField(max_length=120, null=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")


class Phase(StrEnum):
    """When in the visit a vitals set was taken."""

    BASELINE = "baseline"
    INFUSION = "infusion"
    RECOVERY = "recovery"
    DISCHARGE = "discharge"


class VitalsSet(FlowsheetEntry):
    """One set of vital signs, as read. Pressure in mmHg, beats and breaths a minute, percent."""

    phase = models.CharField(max_length=10, null=True, choices=choices(Phase))
    systolic = models.PositiveSmallIntegerField(null=True)
    diastolic = models.PositiveSmallIntegerField(null=True)
    mean_pressure = models.PositiveSmallIntegerField("mean, as read", null=True)
    heart_rate = models.PositiveSmallIntegerField(null=True)
    rhythm = models.CharField(max_length=60, null=True)
    respiratory_rate = models.PositiveSmallIntegerField(null=True)
    spo2 = models.PositiveSmallIntegerField("SpO2, %", null=True)
    oxygen_flow = models.CharField(max_length=40, null=True)
    end_tidal_co2 = models.CharField("end-tidal CO2", max_length=20, null=True)
    temperature = models.CharField(max_length=10, null=True)
    temperature_unit = models.CharField(max_length=2, null=True)
    sedation_scale = models.CharField(max_length=40, null=True)
    sedation_value = models.CharField(max_length=20, null=True)
    orientation = models.CharField(max_length=80, null=True)
    pain = models.PositiveSmallIntegerField("pain, 0 to 10", null=True)
    nausea = models.CharField(max_length=80, null=True)
    psychological = models.CharField("dissociation, anxiety, hallucination as observed", max_length=200, null=True)
    iv_site = models.CharField("IV site", max_length=80, null=True)
    rate_on_pump = models.CharField("rate as read on the pump", max_length=60, null=True)
    rate_on_pump_unit = models.CharField(max_length=40, null=True)
    action = models.CharField(max_length=200, null=True)

    class Meta(FlowsheetEntry.Meta):
        constraints: ClassVar = [
            *FlowsheetEntry.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(pain__isnull=True) | models.Q(pain__lte=10), name="vitals_pain_0_to_10"
            ),
            models.CheckConstraint(
                condition=models.Q(phase__isnull=True) | models.Q(phase__in=list(Phase)), name="vitals_phase_known"
            ),
            models.CheckConstraint(
                condition=models.Q(spo2__isnull=True) | models.Q(spo2__lte=100) | models.Q(confirmed_unusual=True),
                name="vitals_spo2_confirmed",
            ),
            models.CheckConstraint(
                condition=models.Q(systolic__isnull=True)
                | models.Q(diastolic__isnull=True)
                | models.Q(systolic__gt=models.F("diastolic"))
                | models.Q(confirmed_unusual=True),
                name="vitals_pressure_confirmed",
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
    rate = models.CharField(max_length=60, null=True)
    rate_unit = models.CharField(max_length=40, null=True)
    amount = models.CharField(max_length=60, null=True)
    amount_unit = models.CharField(max_length=40, null=True)
    reason = models.CharField(max_length=200, null=True)
    without_consent_reason = models.TextField("why it starts without a consent in date", null=True)

    class Meta(FlowsheetEntry.Meta):
        triggers: ClassVar = [
            *FlowsheetEntry.Meta.triggers,
            start_needs_consent(),
            once_at_a_time(name="administration_starts_once", table="infusions_administration", kind="start"),
            once_at_a_time(name="administration_ends_once", table="infusions_administration", kind="end"),
        ]
        constraints: ClassVar = [
            *FlowsheetEntry.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(kind__in=list(AdministrationKind)), name="administration_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(without_consent_reason__isnull=True)
                | models.Q(kind=AdministrationKind.START, without_consent_reason__regex=r"\S"),
                name="start_without_consent_says_why",
            ),
        ]


class Quantity(FlowsheetEntry):
    """Amount given and wasted in all, as typed. Waste has a witness, who is somebody else."""

    given = models.CharField("amount given", max_length=60, null=True)
    given_unit = models.CharField(max_length=40, null=True)
    wasted = models.CharField("amount wasted", max_length=60, null=True)
    wasted_unit = models.CharField(max_length=40, null=True)
    witness = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta(FlowsheetEntry.Meta):
        verbose_name_plural = "quantities"
        constraints: ClassVar = [
            *FlowsheetEntry.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(wasted__isnull=True)
                | (models.Q(witness__isnull=False) & ~models.Q(witness=models.F("author"))),
                name="waste_has_another_witness",
            ),
        ]


class Remark(FlowsheetEntry):
    """Something worth writing down that has no field of its own, in the clinician's words."""

    text = models.TextField("remark", null=True)

    class Meta(FlowsheetEntry.Meta):
        constraints: ClassVar = [
            *FlowsheetEntry.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(entered_in_error=True) | models.Q(text__isnull=False, text__regex=r"\S"),
                name="remark_says_something",
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
    """What happened, in the clinician's opinion. One press opens an event; later rows of the same `event` add to it,
    and what they leave unwritten stands as it was. It is open until one of its rows gives the outcome."""

    event = models.UUIDField("the event's first row")
    ended_at = models.DateTimeField(null=True)
    event_type = models.CharField(max_length=30, null=True, choices=choices(EventType))
    description = models.TextField(null=True)
    severity = models.CharField(max_length=20, null=True)
    serious = models.BooleanField(null=True)
    relation_to_drug = models.CharField(max_length=60, null=True)
    actions = models.TextField(null=True)
    outcome = models.CharField(max_length=200, null=True)
    told_whom = models.CharField(max_length=200, null=True)
    told_at = models.DateTimeField(null=True)
    report_filed = models.CharField(max_length=200, null=True)
    follow_up_due = models.DateField(null=True)

    class Meta(FlowsheetEntry.Meta):
        constraints: ClassVar = [
            *FlowsheetEntry.Meta.constraints,
            in_our_times("ended_at", "told_at"),
            models.CheckConstraint(
                condition=models.Q(event_type__isnull=True) | models.Q(event_type__in=list(EventType)),
                name="event_type_known",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__isnull=True) | models.Q(outcome__regex=r"\S"), name="event_outcome_said"
            ),
        ]


# Every kind of row that a flowsheet has, by the name that addresses and programs call it.
FLOWSHEET: dict[str, type[FlowsheetEntry]] = {
    "pre-visit-checks": PreVisitCheck,
    "iv-access": IvAccess,
    "preparations": Preparation,
    "vitals": VitalsSet,
    "administrations": Administration,
    "quantities": Quantity,
    "adverse-events": AdverseEvent,
    "discharge": Discharge,
    "remarks": Remark,
}
