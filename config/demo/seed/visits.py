"""Visits as they were charted, through the nurse's doors, at the times when it happened. All values are invented."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from config.demo.seed.courses import INVENTED
from config.demo.seed.place import House
from config.staff.models import User
from infusions import records
from infusions.models import PreVisitCheck, Visit, VitalsSet
from infusions.models.entries import FlowsheetEntry
from patients.models import AllergyState, Patient
from scheduling import booking
from scheduling.models import Appointment
from scheduling.states import Status

MET = (
    "vitals_near_baseline",
    "oriented",
    "walks_safely",
    "comfortable",
    "iv_removed",
    "minimum_stay_met",
    "instructions_given",
    "escort_identified",
    "emergency_number_given",
    "next_visit_known",
)


class Charting:
    """One visit, charted step by step; `clock` is the time on the wall of the story."""

    def __init__(self, house: House, appointment: Appointment, rng: Random) -> None:
        self.house, self.appointment, self.rng = house, appointment, rng
        self.nurse: User = appointment.nurse or house.nurses[0]
        self.clock = appointment.start - timedelta(minutes=10)
        self.pain = rng.randrange(5, 9)

    def later(self, minutes: int) -> datetime:
        self.clock += timedelta(minutes=minutes)
        return self.clock

    def arrive(self) -> "Charting":
        booking.arrive(appointment_id=self.appointment.pk, by=self.house.desk, now=self.later(4))
        return self

    def open(self, *, whole: bool = True) -> "Charting":
        """The record, with its check; not `whole`: the nurse has only asked who this is and how the pain is."""
        booking.apply(appointment_id=self.appointment.pk, to=Status.CHECKED_IN, by=self.nurse, now=self.later(3))
        self.visit: Visit = records.open_visit(appointment_id=self.appointment.pk, by=self.nurse, now=self.later(1))
        who = {"identity_name_checked": True, "identity_birth_date_checked": True, "pain": self.pain}
        self._chart(PreVisitCheck, **who, **(self._asked() if whole else {}))
        if whole:
            self.vitals("baseline")
        return self

    def _asked(self) -> dict[str, Any]:
        """The answers of the check; allergies are reviewed where somebody has asked about them before."""
        known = Patient.objects.exclude(allergy_state=AllergyState.NOT_ASKED)
        reviewed = known.filter(pk=self.appointment.patient_id).exists()
        return {
            "fasting_answer": "kept",
            "escort_name": "Sam Escort",
            "escort_phone": "213 555 0199",
            "escort_relation": "friend",
            "changes_since_last": "none (invented)",
            "drugs_today": "none (invented)",
            "mood": "calm (invented)",
            "weight": "invented",
            "weight_unit": "no unit",
            "consent_on_file": True,
            **({"allergies_reviewed": True} if reviewed else {}),
        }

    def start(self) -> "Charting":
        now = self.later(2)
        records.start(visit_id=self.visit.pk, by=self.nurse, now=now, rate="invented", rate_unit="not a rate")
        return self

    def infuse(self, sets: int = 2) -> "Charting":
        for _ in range(sets):
            self.later(14)
            self.vitals("infusion")
        return self

    def end(self) -> "Charting":
        self.later(10)
        records.end(visit_id=self.visit.pk, by=self.nurse, now=self.later(1))
        return self

    def discharge(self) -> "Charting":
        self.later(12)
        self.vitals("discharge", pain=max(self.pain - self.rng.randrange(1, 5), 0))
        records.discharge(
            visit_id=self.visit.pk,
            by=self.nurse,
            now=self.later(2),
            escort_name="Sam Escort",
            pain=max(self.pain - self.rng.randrange(1, 5), 0),
            **dict.fromkeys(MET, True),
        )
        return self

    def note(self, *, signed: bool = True) -> "Charting":
        note = records.write_note(
            visit_id=self.visit.pk, by=self.nurse, now=self.later(4), response=INVENTED, text=INVENTED
        )
        if signed:
            records.sign_note(
                visit_id=self.visit.pk,
                by=self.nurse,
                now=self.later(1),
                password=self.house.password,
                version=note.version,
            )
        return self

    def vitals(self, phase: str, **more: int) -> None:
        pick = self.rng.randrange
        self._chart(
            VitalsSet,
            phase=phase,
            systolic=pick(112, 146),
            diastolic=pick(66, 90),
            heart_rate=pick(60, 92),
            respiratory_rate=pick(12, 18),
            spo2=pick(95, 100),
            **{"pain": self.pain, **more},
        )

    def _chart(self, model: type[FlowsheetEntry], **fields: Any) -> None:
        now = self.later(1)
        records.chart(visit_id=self.visit.pk, model=model, by=self.nurse, now=now, observed_at=now, **fields)


def completed(house: House, appointment: Appointment, rng: Random, *, signed: bool = True) -> None:
    """The whole visit, from the door to the signature."""
    charting = Charting(house, appointment, rng).arrive().open().start().infuse().end().discharge()
    charting.note(signed=signed)
