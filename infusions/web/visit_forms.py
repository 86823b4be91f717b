"""The forms of the flowsheet, one a kind of row. What they have in common is in `visit_fields`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from infusions import checklist, exceptions, listing
from infusions.models import DischargeItem
from infusions.models.entries import choices
from infusions.models.flowsheet import AdministrationKind, EventType, Phase
from infusions.plausible import CHECKLIST
from infusions.steps import WITHOUT_CONSENT, missing_consents
from infusions.web.visit_fields import (
    MET,
    QUIET,
    AllowedField,
    ClinicianField,
    ClockField,
    EntryForm,
    answer,
    one_of,
    prose,
    text,
    whole_number,
)
from scheduling import escorts, questions
from scheduling.models import NamedEscort

SAID_BEFORE = "as was written with the start"


class VitalsForm(EntryForm):
    title = "Vital signs"
    dosing: ClassVar[Mapping[str, str]] = {"rate_on_pump": "rate_on_pump_unit"}
    folded: ClassVar[tuple[str, ...]] = (
        "phase",
        "mean_pressure",
        "rhythm",
        "oxygen_flow",
        "end_tidal_co2",
        "temperature",
        "temperature_unit",
        "sedation_scale",
        "sedation_value",
        "orientation",
        "nausea",
        "psychological",
        "iv_site",
        "action",
    )
    systolic = whole_number("Systolic")
    diastolic = whole_number("Diastolic")
    heart_rate = whole_number("Pulse")
    spo2 = whole_number("SpO₂ %")
    respiratory_rate = whole_number("Resp")
    pain = whole_number("Pain 0–10")
    rate_on_pump = text("Rate as read on the pump", 60)
    rate_on_pump_unit = text("Unit", 40)
    sedation_scale = text("Sedation scale", 40)
    sedation_value = text("Sedation value", 20)
    orientation = text("Orientation", 80)
    nausea = text("Nausea", 80)
    psychological = text("Dissociation, anxiety, hallucination as observed", 200)
    iv_site = text("IV site", 80)
    action = text("Action or remark", 200)
    mean_pressure = whole_number("Mean, as read")
    rhythm = text("Rhythm", 60)
    oxygen_flow = text("Oxygen flow", 40)
    end_tidal_co2 = text("End-tidal CO₂", 20)
    temperature = text("Temperature", 10, mode="decimal")
    temperature_unit = one_of("Temperature unit", [("°C", "°C"), ("°F", "°F")])
    phase = one_of("Part of the visit", choices(Phase))


class AdministrationForm(EntryForm):
    """One step. The kind is the button that was pressed, so it is not asked again."""

    dosing: ClassVar[Mapping[str, str]] = {"rate": "rate_unit", "amount": "amount_unit"}
    kind = forms.ChoiceField(choices=choices(AdministrationKind), widget=forms.HiddenInput)
    rate = text("Rate", 60)
    rate_unit = text("Unit", 40)
    amount = text("Amount given", 60)
    amount_unit = text("Unit", 40)
    reason = text("Reason or remark", 200)
    without_consent_reason = prose("Why it starts without a consent in date")

    ASKED: ClassVar[Mapping[AdministrationKind, tuple[str, ...]]] = {
        AdministrationKind.START: ("rate",),
        AdministrationKind.RATE: ("rate",),
        AdministrationKind.BOLUS: ("amount",),
    }
    TITLES: ClassVar[Mapping[AdministrationKind, str]] = {
        AdministrationKind.START: "Start the infusion",
        AdministrationKind.RATE: "Rate change",
        AdministrationKind.BOLUS: "Bolus as given",
        AdministrationKind.PAUSE: "Pause",
        AdministrationKind.RESUME: "Resume",
        AdministrationKind.END: "End of the infusion",
    }

    def __init__(self, data: Any = None, *, kind: str = "", **more: Any) -> None:
        super().__init__(data, **more)
        chosen = AdministrationKind(self.corrects.kind if self.corrects is not None else kind)
        self.title = self.press = self.TITLES[chosen]
        self.initial["kind"] = chosen
        for name, unit in self.dosing.items():
            if name not in self.ASKED.get(chosen, ()):
                del self.fields[name], self.fields[unit]
        self.consents_missing = self._consents_missing(chosen)
        if not self.consents_missing:
            del self.fields[WITHOUT_CONSENT]

    def ask_why_without(self, missing: list[str]) -> None:
        """Show the box after all: the door found a consent missing that was there when the form was drawn."""
        if WITHOUT_CONSENT not in self.fields:
            self.fields[WITHOUT_CONSENT] = self.base_fields[WITHOUT_CONSENT]
        self.consents_missing = missing or self.consents_missing

    def _consents_missing(self, chosen: AdministrationKind) -> list[str]:
        """The kinds of consent of which none is in date; of a corrected start, whether it answered for that."""
        if chosen != AdministrationKind.START:
            return []
        if self.corrects is not None:
            return [SAID_BEFORE] if self.corrects.without_consent_reason else []
        return missing_consents(self.visit, at=self.now)


class PreVisitForm(EntryForm):
    title = "Pre-visit check"
    press = "Save the check"
    dosing: ClassVar[Mapping[str, str]] = {"weight": "weight_unit"}
    identity_name_checked = answer("Name asked and right")
    identity_birth_date_checked = answer("Birth date asked and right")
    pain = whole_number("Pain 0–10")
    fasting_answer = text("Fasting, as answered", 200)
    fasting_from = ClockField("Nothing by mouth since", overnight=True)
    escort_name = text("Escort: name", 120)
    escort_phone = text("Escort: phone", 40, mode="tel")
    escort_relation = text("Escort: relation", 60)
    changes_since_last = prose("Changes since the last visit")
    drugs_today = prose("Drugs taken today")
    pregnancy_answer = text("Pregnancy, if asked", 120)
    mood = text("Mood", 200)
    weight = text("Weight as measured today", 20)
    weight_unit = text("Unit", 10)
    consent_on_file = answer("Consent on file")
    allergies_reviewed = answer("Allergies reviewed")

    @property
    def said_beforehand(self) -> NamedEscort | None:
        """The escort whom the patient named for this time: to read beside the empty boxes, never to fill them."""
        said = escorts.of_visit(self.visit.appointment)
        return said if said is not None and said.placing == self.visit.appointment.placing else None

    @property
    def answered_beforehand(self) -> list[questions.Told]:
        """What the patient answered by their link: to read beside the empty boxes, never to fill them."""
        return [told for told in questions.of_visit(self.visit.appointment) if told.answer.said]


class IvAccessForm(EntryForm):
    title = "IV access"
    site = text("Site", 80)
    gauge = text("Gauge", 20)
    remark = text("Remark", 200)
    removed = answer("Removed")


class PreparationForm(EntryForm):
    title = "Preparation"
    dosing: ClassVar[Mapping[str, str]] = {"drug": "", "contents": ""}
    drug = text("Drug", 120)
    contents = prose("As labelled")
    lot = text("Lot", 60)
    expiry = text("Expiry", 40)
    prepared_by = text("Prepared by", 120)
    checked_by = ClinicianField("Checked by")


class QuantityForm(EntryForm):
    title = "Amounts given and wasted"
    press = "Save the amounts"
    may_wait = False  # it holds a password
    dosing: ClassVar[Mapping[str, str]] = {"given": "given_unit", "wasted": "wasted_unit"}
    given = text("Amount given in all", 60)
    given_unit = text("Unit", 40)
    wasted = text("Amount wasted", 60)
    wasted_unit = text("Unit", 40)
    witness = ClinicianField("Witness of the waste")
    witness_password = forms.CharField(
        label="The witness's own password",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "data-lpignore": "true"}),
    )


SEVERITIES = [("mild", "Mild"), ("moderate", "Moderate"), ("severe", "Severe")]
RELATIONS = [(word, word.capitalize()) for word in ("unrelated", "possible", "probable", "certain", "cannot be said")]


class AdverseEventForm(EntryForm):
    title = "Adverse event"
    press = "Save the event"
    event_type = one_of("What happened", choices(EventType))
    description = prose("In your words")
    severity = one_of("Severity", SEVERITIES)
    serious = answer("Serious")
    actions = prose("What was done")
    outcome = text("Outcome", 200)
    ended_at = ClockField("Over at")
    relation_to_drug = one_of("Relation to the drug, in your opinion", RELATIONS)
    told_whom = text("Who was told", 200)
    told_at = ClockField("Told at")
    report_filed = text("Report filed", 200)
    follow_up_due = forms.DateField(
        label="Follow-up due", required=False, widget=forms.DateInput(attrs={**QUIET, "type": "date"})
    )
    folded: ClassVar[tuple[str, ...]] = ("relation_to_drug", "told_whom", "told_at", "report_filed", "follow_up_due")


class RemarkForm(EntryForm):
    title = "Remark"
    press = "Save the remark"
    text = prose("In your words", 3)


# What every discharge asks stands above the clinic's own lines.
BEFORE_LINES = CHECKLIST


class DischargeForm(EntryForm):
    title = "Discharge"
    press = "Discharge"
    may_wait = False  # whoever goes home is discharged on the record, not on a tablet
    takes_a_while = True
    vitals_near_baseline = answer("Vital signs near baseline", MET)
    oriented = answer("Oriented as before", MET)
    walks_safely = answer("Walks as before, or a safe plan", MET)
    comfortable = answer("Nausea and pain tolerable", MET)
    iv_removed = answer("IV removed, site looked at", MET)
    minimum_stay_met = answer("Minimum stay met", MET)
    instructions_given = answer("Written instructions given", MET)
    emergency_number_given = answer("Emergency number given", MET)
    next_visit_known = answer("Next visit known", MET)
    escort_identified = answer("Escort present and identified")
    escort_name = text("Name of the escort, as identified", 120)
    escort_at = ClockField("Escort here at")
    pain = whole_number("Pain 0–10")
    no_driving_until = text("No driving, machinery or legal decisions until", 80)
    instructions_language = text("Language of the instructions", 40)
    scale_name = text("Discharge scale", 60)
    scale_value = text("Value on the scale", 20)
    open_items_reason = prose("Why the patient goes although an item is open")
    escort_exception = AllowedField("Goes without an escort, as a prescriber allowed for this visit")
    exception_reason = prose("Why the patient goes without an escort")

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.lines = {f"line_{line.pk}": line for line in listing.items(DischargeItem, clinic=self.visit.clinic)}
        self.fields |= {name: answer(line.wording, MET) for name, line in self.lines.items()}
        self.order_fields([*BEFORE_LINES, *self.lines])
        allowed = exceptions.for_escort(self.visit)
        if allowed:
            self.fields["escort_exception"].queryset = allowed  # type: ignore[attr-defined]
        else:
            del self.fields["escort_exception"]

    def clean(self) -> dict[str, Any]:
        """The lines of the clinic's own list come out as `clinic_items`."""
        values = super().clean()
        met = {line.pk: values.pop(name, None) for name, line in self.lines.items()}
        if met:
            values["clinic_items"] = checklist.answered(clinic=self.visit.clinic, met=met)
        return values


# The form of each kind of row, by the names of `models.flowsheet.FLOWSHEET`.
FORMS: dict[str, type[EntryForm]] = {
    "vitals": VitalsForm,
    "administrations": AdministrationForm,
    "pre-visit-checks": PreVisitForm,
    "iv-access": IvAccessForm,
    "preparations": PreparationForm,
    "quantities": QuantityForm,
    "adverse-events": AdverseEventForm,
    "discharge": DischargeForm,
    "remarks": RemarkForm,
}
