"""A house with chairs, a nurse and patients under signed orders, for tests of the visit. Made through the doors."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine

from config.audit.acting import SystemJob, recorded
from config.refusals import Invalid
from config.staff.models import Clinic, User
from infusions import records
from infusions.models import (
    Administration,
    Discharge,
    Fulfilment,
    Order,
    PreVisitCheck,
    Visit,
    VisitNote,
    VitalsSet,
)
from patients.models import Patient
from scheduling import booking, opening, places, series
from scheduling.models import Appointment
from scheduling.models.kinds import VisitKind
from scheduling.series import PlannedVisit
from tests.conftest import PASSWORD
from tests.infusions.ordering import bookable, known_patient

ALL_MET: dict[str, Any] = dict.fromkeys(
    (
        "vitals_near_baseline",
        "oriented",
        "walks_safely",
        "comfortable",
        "iv_removed",
        "minimum_stay_met",
        "instructions_given",
        "emergency_number_given",
        "next_visit_known",
    ),
    True,
)
FIT_TO_GO: dict[str, Any] = {**ALL_MET, "escort_identified": True, "escort_name": "Sam Quill"}
CHECKED: dict[str, Any] = {"identity_name_checked": True, "identity_birth_date_checked": True, "pain": 7}


@dataclass
class Day:
    """The clinic on one day, and the visits that are told on it. `clock` moves on by itself, a minute an act."""

    clinic: Clinic
    nurse: User
    prescriber: User
    desk: User
    clock: datetime

    def now(self, minutes: int = 1) -> datetime:
        self.clock += timedelta(minutes=minutes)
        return self.clock

    def patient(self, family: str = "Quill") -> Patient:
        return known_patient(self.clinic, self.clock, family)

    def order(self, patient: Patient, **fields: Any) -> Order:
        return bookable(patient, self.prescriber, self.clock, **fields)

    def booked(self, order: Order, *, hours: int = 1, days: int = 0, fulfilment: bool = True) -> Appointment:
        """The only visit of a series booked for the order."""
        start = self.clock.replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours, days=days)
        one = series.book_series(
            clinic=self.clinic,
            patient=order.patient,
            visits=[PlannedVisit(start, None)],
            minutes=90,
            min_gap_days=2,
            max_gap_days=7,
            by=self.desk,
            now=self.clock,
        )
        if fulfilment:
            with recorded(by=self.desk):
                Fulfilment(order=order, patient=order.patient, series=one).save()
        return Appointment.objects.get(series=one)

    def consult(self, patient: Patient) -> Appointment:
        start = self.clock.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return booking.book(
            patient=patient,
            clinic=self.clinic,
            start=start,
            minutes=30,
            by=self.desk,
            now=self.clock,
            kind=VisitKind.CONSULT,
        )

    def arrived(self, appointment: Appointment) -> Appointment:
        return booking.arrive(appointment_id=appointment.pk, by=self.desk, now=self.now())

    def opened(self, appointment: Appointment | None = None) -> Visit:
        found = appointment or self.booked(self.order(self.patient()))
        self.arrived(found)
        return records.open_visit(appointment_id=found.pk, by=self.nurse, now=self.now())

    def chart(self, visit: Visit, model: type, **values: Any) -> Any:
        values.setdefault("by", self.nurse)
        values.setdefault("now", self.now())
        return records.chart(visit_id=visit.pk, model=model, **values)

    def vitals(self, visit: Visit, **values: Any) -> VitalsSet:
        return self.chart(visit, VitalsSet, **(values or {"systolic": 128, "diastolic": 80, "pain": 6}))

    def sure(self, visit: Visit, model: type, **values: Any) -> Any:
        """What can hardly be, read again and confirmed."""
        values.setdefault("now", self.now())
        with pytest.raises(Invalid) as asked:
            self.chart(visit, model, **values)
        return self.chart(visit, model, **values, read_again=asked.value.facts["asked"])

    def step(self, visit: Visit, kind: str, **values: Any) -> Administration:
        return self.chart(visit, Administration, kind=kind, **values)

    def started(self, visit: Visit | None = None) -> Visit:
        found = visit or self.opened()
        self.chart(found, PreVisitCheck, **CHECKED)
        self.step(found, "start", rate="2", rate_unit="spoons an hour")
        return found

    def ended(self, visit: Visit | None = None) -> Visit:
        found = visit or self.started()
        self.step(found, "end")
        return found

    def discharged(self, visit: Visit | None = None) -> Visit:
        found = visit or self.ended()
        self.chart(found, Discharge, **FIT_TO_GO)
        return found

    def noted(self, visit: Visit | None = None) -> VisitNote:
        found = visit or self.discharged()
        return records.write_note(visit_id=found.pk, by=self.nurse, now=self.now(), text="Slept, woke, went home.")

    def signed(self, visit: Visit | None = None) -> VisitNote:
        note = self.noted(visit)
        return records.sign_note(
            visit_id=note.visit_id, by=self.nurse, now=self.now(), password=PASSWORD, version=note.version
        )

    def status(self, visit: Visit) -> str:
        return Appointment.objects.get(pk=visit.appointment_id).status


@pytest.fixture(name="day")
def open_day(clinic: Clinic, nils: User, mara: User, ana: User, now: datetime) -> Day:
    """An open clinic with two chairs and a nurse who may watch three patients."""
    for weekday in range(7):
        opening.set_hours(clinic=clinic, weekday=weekday, spans=[(time(0, 5), time(23, 55))], by=SystemJob.SET_UP)
    for name in ("Chair 1", "Chair 2"):
        places.add_chair(clinic=clinic, name=name, by=SystemJob.SET_UP)
    places.add_nurse(user=nils, watch_lanes=3, by=SystemJob.SET_UP)
    return Day(clinic=clinic, nurse=nils, prescriber=mara, desk=ana, clock=now)


@pytest.fixture
def later_that_day(now: datetime) -> Iterator[None]:
    """Pages and API ask the real clock: it stands at three hours after the story begins, and runs on from there."""
    with time_machine.travel(now + timedelta(hours=3)):
        yield
