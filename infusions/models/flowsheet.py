"""What is charted during a visit. Every row is a clinician's, written once, with observed and entered time.

NULL is "not written". No column has a default, and nothing here is a number to compute a dose with.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import reduce
from operator import and_
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models

from config.audit.locks import Lock
from config.staff.models import User
from infusions.clinical import Entry
from infusions.models.consents import start_needs_consent
from infusions.models.exceptions import ExceptionKind, OrderException
from infusions.models.visit import Visit

# A tablet's clock may be this far ahead of the server's.
CLOCK_SKEW = timedelta(minutes=2)


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    return [(item.value, item.value.replace("-", " ").capitalize()) for item in kind]


def corrects_own_visit() -> Lock:
    """A correction stands in the visit of what it corrects."""
    return Lock(
        name="corrects_own_visit",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("corrected_visit", "uuid")],
        func="""
            IF NEW.supersedes_id IS NOT NULL THEN
                EXECUTE format('SELECT visit_id FROM %I WHERE id = $1', TG_TABLE_NAME)
                    INTO corrected_visit USING NEW.supersedes_id;
                IF corrected_visit IS DISTINCT FROM NEW.visit_id THEN
                    RAISE EXCEPTION 'a correction belongs to the visit of what it corrects'
                        USING ERRCODE = '23514', CONSTRAINT = 'correction_in_own_visit';
                END IF;
            END IF;
            RETURN NEW;
        """,
    )


def once_at_a_time(*, name: str, table: str, kind: str | None = None) -> Lock:
    """At most one row (of the kind) counts in a visit: another one has to correct it. The visit's row decides races."""
    ours, theirs = (f"NEW.kind = '{kind}'", f"first.kind = '{kind}'") if kind else ("true", "true")
    return Lock(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NEW.supersedes_id IS NOT NULL OR NOT ({ours}) THEN RETURN NEW; END IF;
            PERFORM 1 FROM infusions_visit WHERE id = NEW.visit_id FOR UPDATE;
            IF EXISTS (
                SELECT 1 FROM {table} first
                WHERE first.visit_id = NEW.visit_id AND {theirs} AND NOT first.entered_in_error
                  AND NOT EXISTS (SELECT 1 FROM {table} later WHERE later.supersedes_id = first.id)
            ) THEN
                RAISE EXCEPTION 'it is charted already' USING ERRCODE = '23505', CONSTRAINT = '{name}';
            END IF;
            RETURN NEW;
        """,  # noqa: S608  (names from this file, no input)
    )


class Rows(models.QuerySet[Any]):
    """Rows of one kind."""

    def standing(self) -> Self:
        """Those that count: nothing corrected them, and they strike nothing."""
        later = self.model._default_manager.filter(supersedes=models.OuterRef("pk"))
        return self.filter(~models.Exists(later), entered_in_error=False)


# Years that PostgreSQL keeps and Python cannot read back would make a record unreadable for ever.
OUR_TIMES = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))


def in_our_times(*fields: str) -> models.CheckConstraint:
    """Each of these times is blank or within a human life of now."""
    blank_or_near = [models.Q(**{f"{f}__isnull": True}) | models.Q(**{f"{f}__range": OUR_TIMES}) for f in fields]
    return models.CheckConstraint(condition=reduce(and_, blank_or_near), name=f"%(class)s_{fields[0]}_in_our_times")


class FlowsheetEntry(Entry):
    """One row. `client_id` is the tablet's own name for it, so that a row sent twice is stored once.

    A row that never was true is struck by one that is `entered_in_error` and says nothing else.
    """

    closes_with_note: ClassVar[bool] = True
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="+")
    observed_at = models.DateTimeField()
    client_id = models.UUIDField(null=True)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    correction_reason = models.CharField(max_length=200, blank=True)
    confirmed_unusual = models.BooleanField(default=False)
    entered_in_error = models.BooleanField(default=False)
    objects = Rows.as_manager()

    class Meta:
        abstract = True
        triggers: ClassVar = [corrects_own_visit()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "client_id"], name="%(class)s_sent_once"),
            models.CheckConstraint(
                condition=models.Q(supersedes__isnull=True) | ~models.Q(correction_reason=""),
                name="%(class)s_corrected_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(entered_in_error=False) | models.Q(supersedes__isnull=False),
                name="%(class)s_strikes_a_row",
            ),
            models.CheckConstraint(
                condition=models.Q(observed_at__lte=models.F("entered_at") + CLOCK_SKEW),
                name="%(class)s_not_in_the_future",
            ),
            in_our_times("observed_at", "entered_at"),
        ]


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


def allows_this_visit() -> Lock:
    """The exception by which somebody goes without an escort was signed for that: for this patient, on this day."""
    return Lock(
        name="allows_this_visit",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NEW.escort_exception_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM infusions_orderexception e
                JOIN infusions_visit v ON v.id = NEW.visit_id AND v.patient_id = e.patient_id
                JOIN scheduling_appointment a ON a.id = v.appointment_id
                JOIN staff_clinic c ON c.id = v.clinic_id
                WHERE e.id = NEW.escort_exception_id AND e.kind = '{ExceptionKind.NO_ESCORT}'
                  AND e.day = (a.start AT TIME ZONE c.zone)::date
            ) THEN
                RAISE EXCEPTION 'the exception is for another visit'
                    USING ERRCODE = '23514', CONSTRAINT = 'discharge_exception_of_this_visit';
            END IF;
            RETURN NEW;
        """,  # noqa: S608  (names from this file, no input)
    )


class Discharge(FlowsheetEntry):
    """The discharge checklist: each item met, not met, or not looked at; nothing here decides.

    `open_items_reason` is why the patient goes although an item is not met or was not looked at. Without an identified
    escort it says why, or names the prescriber's exception for this visit.
    """

    scale_name = models.CharField(max_length=60, null=True)
    scale_value = models.CharField(max_length=20, null=True)
    vitals_near_baseline = models.BooleanField("vital signs near baseline", null=True)
    oriented = models.BooleanField("oriented as before", null=True)
    walks_safely = models.BooleanField("walks as before or a safe plan", null=True)
    comfortable = models.BooleanField("nausea and pain tolerable", null=True)
    iv_removed = models.BooleanField("IV removed", null=True)
    minimum_stay_met = models.BooleanField(null=True)
    instructions_given = models.BooleanField(null=True)
    instructions_language = models.CharField(max_length=40, null=True)
    no_driving_until = models.CharField(max_length=80, null=True)
    escort_name = models.CharField("escort", max_length=120, null=True)
    escort_identified = models.BooleanField(null=True)
    escort_at = models.DateTimeField(null=True)
    emergency_number_given = models.BooleanField(null=True)
    next_visit_known = models.BooleanField(null=True)
    pain = models.PositiveSmallIntegerField("pain, 0 to 10", null=True)
    open_items_reason = models.TextField("reason for what is not met", null=True)
    exception_reason = models.TextField("reason for going without an escort", null=True)
    # The clinic's own lines as they stood: [{"item": id, "wording": text, "met": true, false or null}, ...].
    clinic_items = models.JSONField("the clinic's own list", null=True)
    escort_exception = models.ForeignKey(
        OrderException, models.PROTECT, null=True, related_name="+", verbose_name="without an escort"
    )

    class Meta(FlowsheetEntry.Meta):
        triggers: ClassVar = [
            *FlowsheetEntry.Meta.triggers,
            allows_this_visit(),
            once_at_a_time(name="discharged_once", table="infusions_discharge"),
        ]
        constraints: ClassVar = [
            *FlowsheetEntry.Meta.constraints,
            in_our_times("escort_at"),
            models.CheckConstraint(
                # A CHECK lets NULL pass, so each part says that it is not.
                condition=models.Q(entered_in_error=True)
                | models.Q(escort_identified__isnull=False, escort_identified=True)
                | models.Q(exception_reason__isnull=False, exception_reason__regex=r"\S")
                | models.Q(escort_exception__isnull=False),
                name="discharge_needs_escort_or_exception",
            ),
            models.CheckConstraint(
                condition=models.Q(pain__isnull=True) | models.Q(pain__lte=10), name="discharge_pain_0_to_10"
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
