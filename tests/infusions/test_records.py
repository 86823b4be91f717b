"""Opening a visit, charting in it, and letting the patient go."""

import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import DatabaseError, connection

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash, Invalid, NotAllowed, NotFound
from infusions import orders, records
from infusions.models import Administration, AdverseEvent, PreVisitCheck, Visit, VitalsSet
from infusions.models.flowsheet import FLOWSHEET
from tests.conftest import PASSWORD, hired
from tests.infusions.ordering import signed
from tests.infusions.test_notes import LEAST
from tests.infusions.visiting import ALL_MET, CHECKED, FIT_TO_GO, Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db


def test_the_whole_road(day: Day) -> None:
    visit = day.opened()
    assert day.status(visit) == "checked-in"
    day.vitals(visit)
    day.started(visit)
    assert day.status(visit) == "in-progress"
    day.step(visit, "rate-change", rate="3", rate_unit="spoons an hour")
    day.step(visit, "end")
    assert day.status(visit) == "recovery"
    day.discharged(visit)
    assert day.status(visit) == "completed"
    note = day.signed(visit)
    assert note.signed_name == "Nils Berg, RN"
    added = records.add_addendum(
        visit_id=visit.pk, by=day.prescriber, now=day.now(), password=PASSWORD, text="Called.", reason="Follow-up"
    )
    assert added.signed_name == "Mara Santos, MD"
    connection.check_constraints()


# Opening


def test_a_visit_names_the_order_in_force_and_opens_once(day: Day) -> None:
    order = day.order(day.patient())
    appointment = day.booked(order)
    day.arrived(appointment)
    opened = records.open_visit(appointment_id=appointment.pk, by=day.nurse, now=day.now())
    assert (opened.order, opened.opened_by, day.status(opened)) == (order, day.nurse, "checked-in")
    assert records.open_visit(appointment_id=appointment.pk, by=day.prescriber, now=day.now()) == opened
    assert Visit.objects.count() == 1


def test_a_visit_names_the_order_that_has_taken_the_booked_ones_place(day: Day) -> None:
    order = day.order(day.patient())
    appointment = day.booked(order)
    newer = orders.supersede(order_id=order.pk, by=day.prescriber, now=day.now(), reason="Slower")
    newer = orders.change_draft(
        order_id=newer.pk, by=day.prescriber, now=day.now(), version=newer.version, agent="Examplamine"
    )
    newer = orders.sign(order_id=newer.pk, by=day.prescriber, now=day.now(), password=PASSWORD, version=newer.version)
    assert day.opened(appointment).order == newer


@pytest.mark.parametrize(("end", "words"), [(orders.stop, "stopped"), (orders.hold, "on hold")])
def test_an_order_that_is_not_in_force_opens_nothing(day: Day, end, words: str) -> None:
    order = day.order(day.patient())
    appointment = day.arrived(day.booked(order))
    end(order_id=order.pk, by=day.prescriber, now=day.now(), reason="Unwell")
    with pytest.raises(Clash, match=f"The order is {words}"):
        records.open_visit(appointment_id=appointment.pk, by=day.nurse, now=day.now())


def test_an_expired_order_opens_nothing(day: Day) -> None:
    order = day.order(day.patient(), valid_until=day.clinic.today(day.clock))
    appointment = day.booked(order, days=1)
    day.clock += timedelta(days=1)
    day.arrived(appointment)
    with pytest.raises(Clash, match="valid until"):
        records.open_visit(appointment_id=appointment.pk, by=day.nurse, now=day.now())


@pytest.mark.parametrize(("name", "away"), [("valid_until", -1), ("valid_from", 1)])
def test_around_the_door_too_an_order_that_is_not_in_date_opens_nothing(day: Day, name: str, away: int) -> None:
    today = day.clinic.today(day.clock)
    order = signed(day.patient(), day.prescriber, day.clock, **{name: today + timedelta(days=away)})
    appointment = day.arrived(day.booked(order))
    named = {"clinic": day.clinic, "patient": order.patient, "appointment": appointment, "opened_by": day.nurse}
    with pytest.raises(DatabaseError, match="order in force"), recorded(by=day.nurse):
        Visit(order=order, opened_at=day.now(), **named).save()
    connection.check_constraints()


def test_without_an_order_only_a_consult_opens(day: Day) -> None:
    appointment = day.arrived(day.booked(day.order(day.patient()), fulfilment=False))
    with pytest.raises(Clash, match="not booked under a signed order"):
        records.open_visit(appointment_id=appointment.pk, by=day.nurse, now=day.now())
    consult = day.opened(day.consult(day.patient("Marsh")))
    assert (consult.order, day.status(consult)) == (None, "in-progress")
    with pytest.raises(Clash, match="nothing is given"):
        day.step(consult, "start")
    records.finish_consult(visit_id=consult.pk, by=day.nurse, now=day.now())
    assert day.status(consult) == "completed"


def test_nobody_opens_a_visit_of_somebody_who_is_not_here(day: Day) -> None:
    appointment = day.booked(day.order(day.patient()))
    with pytest.raises(Clash, match="has not arrived"):
        records.open_visit(appointment_id=appointment.pk, by=day.nurse, now=day.now())
    with pytest.raises(NotFound):
        records.open_visit(appointment_id=uuid.uuid4(), by=day.nurse, now=day.now())


@pytest.mark.parametrize("who", ["ana", "vera", "olu"])
def test_only_clinicians_open_and_chart(request, day: Day, who: str) -> None:
    person = request.getfixturevalue(who)
    visit = day.started()
    for write in (
        lambda: records.open_visit(appointment_id=visit.appointment_id, by=person, now=day.now()),
        lambda: day.vitals(visit, by=person, pain=3),
        lambda: records.stop_early(visit_id=visit.pk, by=person, now=day.now(), reason="x"),
        lambda: records.write_note(visit_id=visit.pk, by=person, now=day.now(), text="x"),
    ):
        with pytest.raises(NotAllowed):
            write()


@pytest.mark.parametrize("kind", FLOWSHEET)
def test_the_database_lets_only_the_acting_clinician_write_a_row(day: Day, ana, kind: str) -> None:
    visit = day.ended()
    for acting, author in ((ana, ana), (ana, day.nurse), (SystemJob.IMPORT, day.nurse), (day.prescriber, day.nurse)):
        row = FLOWSHEET[kind](visit=visit, author=author, entered_at=day.clock, observed_at=day.clock, **LEAST[kind])
        row.event = row.pk
        with pytest.raises(DatabaseError, match="clinician"), recorded(by=acting):
            FLOWSHEET[kind].objects.bulk_create([row])


@pytest.mark.parametrize("change", ["patient", "order"])
def test_the_database_refuses_a_visit_that_does_not_fit_its_appointment(day: Day, change: str) -> None:
    order = day.order(day.patient())
    appointment, other = day.booked(order), day.patient("Marsh")
    visit = Visit(
        clinic=day.clinic,
        patient=other if change == "patient" else order.patient,
        appointment=appointment,
        order=None if change == "order" else order,
        opened_at=day.clock,
        opened_by=day.nurse,
    )
    with pytest.raises(DatabaseError, match="order in force"), recorded(by=day.nurse):
        visit.save()


# Charting


def test_a_row_is_kept_to_the_letter_and_the_unwritten_is_null(day: Day) -> None:
    row = day.vitals(day.opened(), rate_on_pump=" 2 ", rate_on_pump_unit="spoons an hour", rhythm="  ")
    stored = VitalsSet.objects.get(pk=row.pk)
    assert (stored.rate_on_pump, stored.rhythm, stored.systolic, stored.phase) == (" 2 ", None, None, None)
    assert stored.actor == f"user:{day.nurse.pk}"


def test_a_row_sent_twice_is_stored_once_also_after_the_signature(day: Day) -> None:
    visit, sent = day.discharged(), uuid.uuid4()
    first = day.vitals(visit, pain=3, client_id=sent)
    day.signed(visit)
    assert day.vitals(visit, pain=3, client_id=sent) == first


@pytest.mark.parametrize(
    "otherwise",
    [{"pain": 4}, {"pain": 3, "systolic": 120}, {"pain": 3, "by": "prescriber"}, {"pain": 3, "observed_at": "earlier"}],
    ids=["another value", "one more", "somebody else", "another time"],
)
def test_one_name_stands_for_one_row_and_no_other(day: Day, otherwise: dict) -> None:
    visit, sent = day.started(), uuid.uuid4()
    first = day.vitals(visit, pain=3, client_id=sent)
    values = dict(otherwise)
    if "by" in values:
        values["by"] = day.prescriber
    if "observed_at" in values:
        values["observed_at"] = first.observed_at - timedelta(minutes=1)
    with pytest.raises(Clash, match="stored already") as refused:
        day.vitals(visit, client_id=sent, **values)
    assert (refused.value.code, refused.value.facts["stored"]) == ("sent-otherwise", str(first.pk))
    assert VitalsSet.objects.count() == 1
    assert day.vitals(visit, pain=3, client_id=sent) == first


def test_a_correction_a_strike_and_a_press_may_be_sent_twice(day: Day) -> None:
    visit, names = day.started(), [uuid.uuid4() for _ in range(4)]
    wrong = day.vitals(visit, pain=3)
    for _ in range(2):
        right = day.vitals(visit, pain=4, supersedes=wrong.pk, correction_reason=" Misread ", client_id=names[0])
        day.chart(visit, AdverseEvent, event=None, client_id=names[1])
        paused = day.step(visit, "pause", client_id=names[2])
        strike = {"supersedes": paused.pk, "correction_reason": "Not this one", "entered_in_error": True}
        day.chart(visit, Administration, kind=None, client_id=names[3], **strike)
    assert (VitalsSet.objects.standing().get(), AdverseEvent.objects.count()) == (right, 1)
    assert Administration.objects.filter(kind="pause").count() == 2
    with pytest.raises(Clash):
        day.vitals(visit, pain=4, correction_reason="Misread", supersedes=right.pk, client_id=names[0])


def test_a_correction_keeps_the_old_row_and_needs_a_reason(day: Day) -> None:
    visit = day.opened()
    wrong = day.vitals(visit, spo2=79)
    with pytest.raises(Invalid, match="Say why"):
        day.vitals(visit, spo2=97, supersedes=wrong.pk)
    right = day.vitals(visit, spo2=97, supersedes=wrong.pk, correction_reason="Turned round")
    with pytest.raises(Clash, match="corrected this row already"):
        day.vitals(visit, spo2=96, supersedes=wrong.pk, correction_reason="No")
    assert list(VitalsSet.objects.standing()) == [right]
    assert VitalsSet.objects.count() == 2


def test_a_correction_stays_in_its_visit_and_is_of_the_same_kind(day: Day) -> None:
    visit, other = day.started(), day.opened(day.booked(day.order(day.patient("Marsh"))))
    wrong = day.vitals(other, pain=3)
    with pytest.raises(Invalid, match="no such row"):
        day.vitals(visit, pain=4, supersedes=wrong.pk, correction_reason="Other patient")
    astray = VitalsSet(
        visit=visit,
        author=day.nurse,
        entered_at=day.clock,
        observed_at=day.clock,
        pain=4,
        supersedes=wrong,
        correction_reason="Other patient",
    )
    with pytest.raises(DatabaseError, match="visit of what it corrects"), recorded(by=day.nurse):
        astray.save()
    pause = day.step(visit, "pause")
    with pytest.raises(Invalid, match="same kind"):
        day.step(visit, "end", supersedes=pause.pk, correction_reason="Meant the end")


def test_a_row_that_never_was_is_struck_without_another(day: Day) -> None:
    visit = day.opened()
    row = day.vitals(visit, pain=3)
    with pytest.raises(Invalid, match="says nothing itself"):
        day.vitals(visit, pain=4, supersedes=row.pk, correction_reason="Wrong tablet", entered_in_error=True)
    day.chart(visit, VitalsSet, supersedes=row.pk, correction_reason="Wrong tablet", entered_in_error=True)
    assert VitalsSet.objects.standing().count() == 0


@pytest.mark.parametrize(
    ("model", "values", "field"),
    [
        (VitalsSet, {"pain": 11}, "pain"),
        (VitalsSet, {}, "systolic"),
        (VitalsSet, {"phase": "baseline"}, "systolic"),
        (VitalsSet, {"rhythm": "x" * 61}, "rhythm"),
        (VitalsSet, {"rate_on_pump": "2"}, "rate_on_pump_unit"),
        (PreVisitCheck, {}, "identity_name_checked"),
        (PreVisitCheck, {"weight": "60"}, "weight_unit"),
        (FLOWSHEET["preparations"], {"lot": "A"}, "drug"),
        (FLOWSHEET["quantities"], {"given": ".5", "given_unit": "cups"}, "given"),
        (FLOWSHEET["quantities"], {"wasted": "1", "wasted_unit": "cup"}, "witness"),
        (FLOWSHEET["iv-access"], {}, "site"),
    ],
)
def test_what_no_second_look_makes_true_is_always_refused(day: Day, model, values: dict, field: str) -> None:
    visit = day.opened()
    with pytest.raises(Invalid) as refused:
        day.chart(visit, model, **values, read_again="yes")
    assert list(refused.value.errors) == [field]
    assert model.objects.count() == 0


def test_nothing_is_observed_in_the_future(day: Day) -> None:
    visit = day.opened()
    with pytest.raises(Invalid, match="typed again") as refused:
        day.vitals(visit, pain=3, observed_at=day.clock + timedelta(hours=1), read_again="yes")
    assert list(refused.value.errors) == ["observed_at"]


@pytest.mark.parametrize(
    "values",
    [
        {"spo2": 130},
        {"systolic": 80, "diastolic": 90},
        {"pain": 11},
        {"phase": "sleeping"},
        {"pain": 3, "entered_in_error": True},
    ],
)
def test_the_database_refuses_them_too(day: Day, values: dict) -> None:
    row = VitalsSet(visit=day.opened(), author=day.nurse, entered_at=day.clock, observed_at=day.clock, **values)
    with pytest.raises(DatabaseError), recorded(by=day.nurse):
        row.save()


def test_another_clinics_clinician_finds_no_visit(day: Day, other_clinic) -> None:
    visit = day.opened()
    ned = hired(other_clinic, "ned", "Ned Hall", "nurse", "RN")
    with pytest.raises(NotFound):
        day.vitals(visit, by=ned, pain=3)
    with pytest.raises(NotFound):
        records.open_visit(appointment_id=visit.appointment_id, by=ned, now=day.now())


def test_saving_a_set_of_vital_signs_is_cheap(day: Day, django_assert_max_num_queries) -> None:
    visit = day.started()
    sent = uuid.uuid4()
    with django_assert_max_num_queries(8):
        day.vitals(visit, pain=3, systolic=120, diastolic=80, client_id=sent)


def test_the_order_of_another_patient_is_never_named(day: Day) -> None:
    order, other = day.order(day.patient()), day.patient("Marsh")
    elsewhere = signed(other, day.prescriber, day.clock)
    visit = Visit(
        clinic=day.clinic,
        patient=order.patient,
        appointment=day.booked(order),
        order=elsewhere,
        opened_at=day.clock,
        opened_by=day.nurse,
    )
    with pytest.raises(DatabaseError, match="order in force"), recorded(by=day.nurse):
        visit.save()


@pytest.mark.parametrize(
    ("field", "moment"),
    [
        ("observed_at", datetime.max.replace(tzinfo=timezone(timedelta(hours=-12)))),
        ("observed_at", datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))),
        ("fasting_from", datetime.max.replace(tzinfo=timezone(timedelta(hours=-12)))),
        ("fasting_from", datetime(1950, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_time_that_is_years_away_is_not_stored(day: Day, field: str, moment: datetime) -> None:
    visit = day.opened()
    with pytest.raises(Invalid) as refused:
        records.chart(
            visit_id=visit.pk,
            model=PreVisitCheck,
            by=day.nurse,
            now=day.now(),
            **{"observed_at": day.now(), "pain": 5, "read_again": "yes", field: moment},
        )
    assert list(refused.value.errors) == [field]
    assert not PreVisitCheck.objects.exists()


def test_the_book_does_not_tell_the_clinical_reason(day: Day) -> None:
    visit = day.opened()
    records.not_treated(visit_id=visit.pk, by=day.nurse, now=day.now(), reason="Blood pressure")
    appointment = visit.appointment
    appointment.refresh_from_db()
    told = [appointment.status_reason, *appointment.history.values_list("history_change_reason", flat=True)]
    assert not any("Blood" in (words or "") for words in told)
    visit = Visit.objects.get(pk=visit.pk)
    assert visit.ending is not None
    assert (visit.ending.reason, visit.ending.author) == ("Blood pressure", day.nurse)


@pytest.mark.parametrize(
    ("model", "values", "field"),
    [
        (PreVisitCheck, {"pain": 5}, "fasting_from"),
        (AdverseEvent, {"event": None}, "ended_at"),
        (AdverseEvent, {"event": None}, "told_at"),
    ],
)
def test_no_other_time_is_still_to_come(day: Day, model: type, values: dict, field: str) -> None:
    visit = day.started()
    with pytest.raises(Invalid) as refused:
        day.chart(visit, model, **values, **{field: day.clock + timedelta(hours=9)})
    assert refused.value.errors == {field: ["This time has not come yet."]}
