"""The safety rules that no other file here is about, each by its number. S1, S2, S3, S5 and S13 stand beside."""

import ast
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection
from django.db.models import Model
from django.urls import reverse

from config.audit.acting import SystemJob, recorded
from config.audit.guards import sqlstate
from config.audit.models import HistoricalRow
from config.celery import app
from config.refusals import Invalid, NotAllowed
from config.staff.models import User
from infusions import candidacy, exceptions, fulfilment, orders, vitals_clock
from infusions.models import (
    Addendum,
    CandidacyDecision,
    Discharge,
    ExceptionKind,
    Order,
    QuestionnaireResponse,
    SubstanceLogEntry,
    Visit,
    VisitNote,
    VitalsSet,
)
from infusions.protocol import LABELS
from patients.models import Patient
from scheduling.models import Appointment
from scheduling.series import PlannedVisit
from tests.conftest import PASSWORD
from tests.house.dosing import dosing_names
from tests.infusions.ordering import BOOKING, accepted, bookable, drafted, signed
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401  (fixtures)

HOUSE = Path(__file__).parents[3]
# Read as plain whole numbers: how many visits, how far apart, how long the chair is taken, when to look again.
COUNTED = frozenset(
    """
    visits min_gap_days max_gap_days chair_minutes first_visit_from first_visit_until valid_from valid_until
    vitals_before_minutes vitals_during_minutes vitals_after_minutes given
    """.split()
)
ORDERED = dosing_names() - COUNTED


# S4


def reckonings(source: str) -> list[str]:
    """Where a dosing value is part of arithmetic, is turned into a number, or is assigned from anything but itself."""
    found = []
    for node in ast.walk(ast.parse(source)):
        parts: list[ast.AST] = []
        if isinstance(node, ast.BinOp):
            parts = [node.left, node.right]
        elif isinstance(node, ast.AugAssign):
            parts = [node.target, node.value]
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            parts = [node.operand]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"int", "float", "Decimal", "sum", "round"}:
            parts = list(node.args)
        found += [part.attr for part in parts if isinstance(part, ast.Attribute) and part.attr in ORDERED]
    return found


def test_s4_no_arithmetic_reads_or_writes_a_dosing_field() -> None:
    files = [file for file in (HOUSE / "infusions").rglob("*.py") if "migrations" not in file.parts]
    assert len(files) > 40
    assert {str(file): reckonings(file.read_text()) for file in files if reckonings(file.read_text())} == {}


def test_s4_that_last_test_can_fail() -> None:
    guilty = "x = order.dose + 1\ny = float(order.rate)\norder.amount += 2\nz = -order.wasted"
    assert sorted(reckonings(guilty)) == ["amount", "dose", "rate", "wasted"]


@pytest.mark.parametrize("typed", ["3", " 3 ", "3.25", "three", "3 to 4"])
def test_s4_what_is_stored_is_what_was_typed_byte_for_byte(
    ada: Patient, mara: User, now: datetime, api_as: Callable, typed: str
) -> None:
    told = api_as(mara).post("/api/v1/orders/", {"patient": str(ada.pk), "dose": typed, "dose_unit": " spoons"})
    assert told.status_code == 201
    assert Order.objects.values_list("dose", "dose_unit").get() == (typed, " spoons")


# S6, S7


def test_s6_omitted_is_null_and_a_partial_change_touches_nothing_else(
    ada: Patient, mara: User, now: datetime, api_as: Callable
) -> None:
    order = drafted(ada, mara, now)
    before = {name: getattr(order, name) for name in LABELS}
    assert 0 not in before.values()
    api_as(mara).patch(f"/api/v1/orders/{order.pk}/", {"version": 1, "route": "by post"})
    order.refresh_from_db()
    assert {name: getattr(order, name) for name in LABELS} == {**before, "route": "by post"}


def test_s7_each_value_carries_its_author_and_time_and_is_in_history(ada: Patient, mara: User, now: datetime) -> None:
    order = drafted(ada, mara, now)
    orders.change_draft(order_id=order.pk, by=mara, now=now, version=1, dose="4")
    told = list(order.history.order_by("history_id").values_list("dose", "history_user_id", "actor"))
    assert told == [("3", mara.pk, f"user:{mara.pk}"), ("4", mara.pk, f"user:{mara.pk}")]


def test_s7_of_a_row_too(day: Day) -> None:
    row = day.vitals(day.opened(), rate_on_pump="2", rate_on_pump_unit="spoons an hour")
    assert (row.author, row.actor) == (day.nurse, f"user:{day.nurse.pk}")
    assert row.entered_at == row.observed_at == day.clock


# S8, S9


@pytest.mark.parametrize("blank", sorted(BOOKING))
def test_s8_a_blank_limit_gives_no_proposal_and_no_default(
    ada: Patient, mara: User, ana: User, now: datetime, api_as: Callable, blank: str
) -> None:
    accepted(ada, mara, now)
    order = signed(ada, mara, now, **{**BOOKING, blank: None})
    told = api_as(ana).post("/api/v1/series/propose/", {"order": str(order.pk)})
    assert (told.status_code, told.json()["missing"][0]["code"]) == (400, "no-limit")
    assert "visits" not in told.json()


def test_s9_outside_the_limits_nobody_books_without_a_signed_exception(day: Day) -> None:
    order = bookable(day.patient(), day.prescriber, day.clock, visits=3)
    first = day.clock.replace(minute=0) + timedelta(days=1)
    far = first + timedelta(days=9)
    book = {"order_id": order.pk, "by": day.desk, "now": day.clock}
    fulfilment.book(visits=[PlannedVisit(first)], **book)
    with pytest.raises(Invalid):
        fulfilment.book(visits=[PlannedVisit(far)], **book)
    on = {"day": far.astimezone(day.clinic.tz).date(), "reason": "Away.", "now": day.clock, "password": PASSWORD}
    with pytest.raises(NotAllowed):
        exceptions.allow(order_id=order.pk, kind=ExceptionKind.OUTSIDE_GAPS, by=day.desk, **on)
    given = exceptions.allow(order_id=order.pk, kind=ExceptionKind.OUTSIDE_GAPS, by=day.prescriber, **on)
    fulfilment.book(visits=[PlannedVisit(far)], **book)
    assert [use.appointment.start for use in given.uses.all()] == [far]
    assert given.actor == f"user:{day.prescriber.pk}"


# S10, S11


@pytest.mark.parametrize("job", SystemJob)
def test_s10_no_job_decides_or_lets_go(ada: Patient, mara: User, now: datetime, job: SystemJob) -> None:
    decided = CandidacyDecision(patient=ada, author=mara, entered_at=now, outcome="candidate", reason="Because.",
                                signed_name="x", signed_meaning="x", content_hash="x")  # fmt: skip
    with pytest.raises(DatabaseError) as refused, recorded(by=job):
        decided.save()
    assert sqlstate(refused.value) == "DK004"


@pytest.mark.usefixtures("later_that_day")
def test_s10_every_job_run_on_a_full_day_decides_nothing(day: Day) -> None:
    visit = day.ended()
    day.vitals(visit, pain=2)
    before = list(Appointment.objects.values_list("pk", "status"))
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        app.tasks[entry["task"]].apply(throw=True)
    assert list(Appointment.objects.values_list("pk", "status")) == before
    assert not Discharge.objects.exists()
    assert not VisitNote.objects.exists()
    assert candidacy.earlier(patient=visit.patient) == [candidacy.newest(patient=visit.patient)]


@pytest.mark.usefixtures("later_that_day")
def test_s11_a_fresh_clinic_raises_no_alert_whatever_is_read(day: Day, page_as: Callable) -> None:
    visit = day.started()
    usual = page_as(day.nurse).get(reverse("visit", args=[visit.pk])).content.decode().count("alert-")
    day.vitals(visit, systolic=260, diastolic=150, heart_rate=220, spo2=60, respiratory_rate=2, pain=10)
    page = page_as(day.nurse).get(reverse("visit", args=[visit.pk])).content.decode()
    assert page.count("alert-") == usual
    assert vitals_clock.due_of([visit.appointment_id]) == {}


# S12


# The log is its location's and stays open (ADR 12); whole sets of answers are tried in test_questionnaires.py.
TRIED_ELSEWHERE = {Addendum, VisitNote, SubstanceLogEntry, QuestionnaireResponse}


def children() -> list[type[Model]]:
    """Every model that hangs from a visit and is written once."""
    return [
        model
        for model in apps.get_app_config("infusions").get_models()
        if any(field.name == "visit" and field.related_model is Visit for field in model._meta.concrete_fields)
        and not issubclass(model, HistoricalRow)
        and model not in TRIED_ELSEWHERE
    ]


def test_s12_the_walk_finds_them() -> None:
    assert {"VitalsSet", "Discharge", "VisitEnding", "NoteHandover", "Remark"} <= {one.__name__ for one in children()}


@pytest.mark.parametrize("model", children(), ids=lambda model: model.__name__)
def test_s12_nothing_is_attached_to_a_signed_visit_by_sql(day: Day, model: type[Model]) -> None:
    visit, table = day.signed().visit, model._meta.db_table
    person = "author_id" if any(f.column == "author_id" for f in model._meta.concrete_fields) else None
    before = model._default_manager.count()
    columns, values = ["id", "visit_id"], [uuid4(), visit.pk]
    if person:
        columns, values = [*columns, person], [*values, day.nurse.pk]
    marks = ", ".join(["%s"] * len(values))
    with pytest.raises(DatabaseError) as refused, recorded(by=day.nurse), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", values)
    assert sqlstate(refused.value) in {"DK005", "23505"}, "signed, or charted already"
    assert model._default_manager.count() == before


def test_s12_no_page_and_no_address_adds_to_it_but_an_addendum(day: Day, page_as: Callable, api_as: Callable) -> None:
    visit, before = day.signed().visit, VitalsSet.objects.count()
    page = page_as(day.nurse).post(reverse("visit-chart", args=[visit.pk, "vitals"]), {"pain": "3"})
    told = api_as(day.nurse).post(f"/api/v1/visits/{visit.pk}/vitals/", {"pain": 3})
    assert (page.status_code, told.status_code, VitalsSet.objects.count()) == (422, 409, before)
    added = {"text": "Called.", "reason": "Follow-up", "password": PASSWORD}
    assert api_as(day.nurse).post(f"/api/v1/visits/{visit.pk}/addenda/", added).status_code == 201
