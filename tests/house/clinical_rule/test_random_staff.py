"""Staff do what comes to their mind, and no dosing or protocol value is ever found that no clinician typed there."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from config.audit.triggers import history_of
from config.celery import app
from config.refusals import Refused
from infusions import fulfilment, orders, rescheduling
from infusions.clinical import SignedDocument, entry_models
from infusions.models import Administration, Discharge, Order, PreVisitCheck, Quantity, Visit, VitalsSet
from infusions.models.flowsheet import FLOWSHEET
from infusions.protocol import NUMBERS, TEXTS
from scheduling import booking
from scheduling.models import Appointment
from scheduling.states import Status
from tests.conftest import PASSWORD
from tests.house.dosing import dosing_names, written
from tests.infusions.visiting import CHECKED, FIT_TO_GO, Day, open_day  # noqa: F401  (a fixture)

# What an order needs so that visits can be booked on it; the machine types the rest.
BOOKABLE = {"visits": 4, "min_gap_days": 1, "max_gap_days": 9, "chair_minutes": 60}
Cell = tuple[str, UUID, str]


def standing() -> Iterator[tuple[Cell, Any]]:
    """Every dosing or protocol value in the database, history included: the row that it stands in, and the value."""
    for model in entry_models():
        names = [field.name for field in written(model) if field.name in dosing_names()]
        tables: list[type[Model]] = [model, history_of(model)] if issubclass(model, SignedDocument) else [model]
        for table in tables if names else []:
            for row in table._default_manager.values("id", *names):
                yield from (((model.__name__, row["id"], name), row[name]) for name in names if row[name] is not None)


class Staff(RuleBasedStateMachine):
    """One clinic, two patients. Every typed text and number is another one, so that a copy cannot hide."""

    day: Day

    def __init__(self) -> None:
        super().__init__()
        self.typed: dict[Cell, set[Any]] = {}
        self.number = 1000
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.at = self.day.clock
        self.people = [self.day.patient("Quill"), self.day.patient("Reed")]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)
        self.day.clock = self.at

    # Typing

    def fresh(self, name: str) -> Any:
        self.number += 1
        return self.number if name in NUMBERS else f"{name} {self.number}"

    def remember(self, row: Model, values: dict[str, Any]) -> None:
        for name, value in values.items():
            self.typed.setdefault((type(row).__name__, row.pk, name), set()).add(value)

    def trying(self, act: Callable[[], Any]) -> Any:
        """What the clinic refuses is no matter here: only what stands afterwards is looked at."""
        try:
            with transaction.atomic():
                return act()
        except Refused:
            return None

    def now(self) -> datetime:
        return self.day.now()

    # Orders

    @rule(who=st.integers(0, 1), texts=st.sets(st.sampled_from(sorted(TEXTS))))
    def draft(self, who: int, texts: set[str]) -> None:
        values = {"agent": self.fresh("agent"), **BOOKABLE, **{name: self.fresh(name) for name in texts}}
        made = self.trying(
            lambda: orders.draft(patient=self.people[who], by=self.day.prescriber, now=self.now(), **values)
        )
        if made is not None:
            self.remember(made, values)

    @rule(which=st.integers(0, 5), name=st.sampled_from(sorted(TEXTS)))
    def change(self, which: int, name: str) -> None:
        drafts = list(Order.objects.filter(signed_at=None, discarded_at=None))
        if drafts:
            draft, value = drafts[which % len(drafts)], self.fresh(name)
            change = {"order_id": draft.pk, "by": self.day.prescriber, "version": draft.version, name: value}
            if self.trying(lambda: orders.change_draft(now=self.now(), **change)) is not None:
                self.remember(draft, {name: value})

    @rule(which=st.integers(0, 5))
    def sign(self, which: int) -> None:
        drafts = list(Order.objects.filter(signed_at=None, discarded_at=None))
        if drafts:
            draft = drafts[which % len(drafts)]
            by = {"by": self.day.prescriber, "password": PASSWORD, "version": draft.version}
            if not Order.objects.filter(patient=draft.patient, signed_at__isnull=False).exists():
                self.trying(lambda: accepted(draft.patient, self.day, self.now()))
            self.trying(lambda: orders.sign(order_id=draft.pk, now=self.now(), **by))

    @rule(which=st.integers(0, 5), how=st.sampled_from(["supersede", "hold", "resume", "stop"]))
    def move_order(self, which: int, how: str) -> None:
        found = list(Order.objects.filter(signed_at__isnull=False))
        if found:
            door = getattr(orders, how)
            more = {"order_id": found[which % len(found)].pk, "by": self.day.prescriber, "reason": "So."}
            self.trying(lambda: door(now=self.now(), **more))

    # The desk

    @rule(which=st.integers(0, 5))
    def book(self, which: int) -> None:
        found = list(Order.objects.filter(standing__status="active"))
        if found:
            order = found[which % len(found)]

            def planned() -> None:
                proposal = fulfilment.propose(order=orders.signed_order(order.pk), now=self.now())
                visits = [fulfilment.PlannedVisit(visit.start) for visit in proposal.visits]
                fulfilment.book(order_id=order.pk, visits=visits, by=self.day.desk, now=self.now())

            self.trying(planned)

    @rule(which=st.integers(0, 9), how=st.sampled_from(["move", "cancel"]))
    def change_visit(self, which: int, how: str) -> None:
        found = list(Appointment.objects.filter(status=Status.BOOKED).order_by("start"))
        if found:
            visit = found[which % len(found)]
            told = {"appointment_id": visit.pk, "by": self.day.desk}
            if how == "move":
                self.trying(lambda: rescheduling.move(start=visit.start + timedelta(days=1), now=self.now(), **told))
            else:
                told["how"] = Status.CANCELLED_BY_PATIENT
                self.trying(lambda: booking.cancel(reason="Ill", now=self.now(), **told))

    @rule()
    def jobs(self) -> None:
        for entry in app.conf.beat_schedule.values():
            if entry["task"].startswith(("scheduling", "infusions", "notifications.tasks.plan")):
                app.tasks[entry["task"]].apply(throw=True)

    # The chair

    @rule(which=st.integers(0, 9))
    def open_visit(self, which: int) -> None:
        found = list(Appointment.objects.filter(status=Status.BOOKED, kind="infusion").order_by("start"))
        if found:
            visit = found[which % len(found)]
            self.day.clock = max(self.day.clock, visit.start)
            self.trying(lambda: self.day.opened(visit))

    def visits(self) -> list[Visit]:
        return list(Visit.objects.filter(appointment__status__in=["checked-in", "in-progress", "recovery"]))

    @precondition(lambda self: self.visits())
    @rule(
        which=st.integers(0, 5),
        what=st.sampled_from(["check", "vitals", "start", "rate-change", "bolus", "pause", "end", "given", "go"]),
    )
    def chart(self, which: int, what: str) -> None:
        found = self.visits()
        visit = found[which % len(found)]
        model, frame, names = CHARTED[what]
        values = {name: self.fresh(name) for name in names}
        row = self.trying(lambda: self.day.chart(visit, model, **frame, **values))
        if row is not None:
            self.remember(row, values)

    @rule(which=st.integers(0, 30))
    def correct(self, which: int) -> None:
        rows = list(Administration.objects.standing().exclude(rate=None).order_by("recorded_at"))
        if rows:
            old, values = rows[which % len(rows)], {"rate": self.fresh("rate"), "rate_unit": self.fresh("rate_unit")}
            more = {"supersedes": old.pk, "correction_reason": "Misread", "kind": old.kind,
                    "observed_at": old.observed_at}  # fmt: skip
            row = self.trying(lambda: self.day.chart(old.visit, Administration, **more, **values))
            if row is not None:
                self.remember(row, values)

    @precondition(lambda self: Visit.objects.filter(appointment__status="completed").exists())
    @rule()
    def sign_note(self) -> None:
        visit = Visit.objects.filter(appointment__status="completed").order_by("?").first()
        self.trying(lambda: self.day.signed(visit))

    # Looking, and sending forms with nothing in them

    @rule(which=st.integers(0, 9), who=st.sampled_from(["nurse", "prescriber", "desk"]))
    def look(self, which: int, who: str) -> None:
        client = Client()
        client.force_login(getattr(self.day, who))
        places = [reverse("visit-chart", args=[visit.pk, kind]) for visit in self.visits() for kind in FLOWSHEET]
        places += [reverse("order-new", args=[person.pk]) for person in self.people]
        with time_machine.travel(self.now(), tick=False):
            place = places[which % len(places)]
            client.get(place)
            client.post(place, {"pain": "3"})

    @invariant()
    def only_what_was_typed_stands(self) -> None:
        stray = {cell: value for cell, value in standing() if value not in self.typed.get(cell, ())}
        assert stray == {}


CHARTED: dict[str, tuple[type[Any], dict[str, Any], tuple[str, ...]]] = {
    "check": (PreVisitCheck, CHECKED, ("weight", "weight_unit")),
    "vitals": (VitalsSet, {"pain": 3}, ("rate_on_pump", "rate_on_pump_unit")),
    "start": (Administration, {"kind": "start"}, ("rate", "rate_unit")),
    "rate-change": (Administration, {"kind": "rate-change"}, ("rate", "rate_unit")),
    "bolus": (Administration, {"kind": "bolus"}, ("amount", "amount_unit")),
    "pause": (Administration, {"kind": "pause"}, ()),
    "end": (Administration, {"kind": "end"}, ()),
    "given": (Quantity, {}, ("given", "given_unit")),
    "go": (Discharge, FIT_TO_GO, ()),
}


def accepted(patient: Any, day: Day, now: datetime) -> None:
    from tests.infusions.ordering import accepted as decide

    decide(patient, day.prescriber, now)


def test_no_value_appears_that_no_clinician_typed(day: Day) -> None:
    app.loader.import_default_modules()
    machine = type("StaffOfTheDay", (Staff,), {"day": day})
    steps = settings(
        max_examples=12,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(machine, settings=steps)


def test_a_value_that_was_copied_is_found(day: Day) -> None:
    """The walk sees what the machine would have to see: a rate that nobody typed in that row."""
    visit = day.started()
    typed = {cell: value for cell, value in standing() if cell[0] == "Administration"}
    assert sorted(typed.values()) == ["2", "spoons an hour"]
    day.step(visit, "rate-change", rate="2", rate_unit="spoons an hour")
    fresh = {cell for cell, _ in standing() if cell[0] == "Administration"} - set(typed)
    assert {name for _, _, name in fresh} == {"rate", "rate_unit"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM infusions_historicalorder")
        assert cursor.fetchone()[0] > 0


pytestmark = pytest.mark.django_db
