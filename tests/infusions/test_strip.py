"""The readiness strip: what is recorded before a start, what is missing, what was answered no; and nothing judged."""

from datetime import timedelta
from typing import Any

import pytest

from config.staff.models import Clinic
from infusions import candidacy, course, exceptions, orders
from infusions.flowsheet import sheet
from infusions.models import Order, PreVisitCheck, Visit
from infusions.strip import Strip, of_visit, strips
from patients import allergies
from scheduling import booking
from scheduling.models import Appointment
from tests.conftest import PASSWORD
from tests.infusions.consenting import INFUSION, agreed, wording
from tests.infusions.ordering import signed
from tests.infusions.visiting import Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db
WHOLE: dict[str, Any] = {
    "identity_name_checked": True,
    "identity_birth_date_checked": True,
    "fasting_answer": "since supper",
    "escort_name": "Sam Quill",
    "escort_phone": "555 0100",
    "escort_relation": "brother",
    "changes_since_last": "none",
    "drugs_today": "none",
    "pain": 0,
    "mood": "calm",
    "weight": "62",
    "weight_unit": "kg",
    "consent_on_file": True,
    "allergies_reviewed": True,
}
ON_THE_DAY = ["identity", "consent", "fasting", "escort", "changes", "drugs", "pain", "mood", "weight", "allergies"]


def read(visit: Visit) -> Strip:
    """As the page of the visit reads it."""
    found = Visit.objects.select_related("appointment", "clinic", "order__standing").get(pk=visit.pk)
    shown = of_visit(found, sheet(found))
    assert shown is not None
    return shown


def listed(clinic: Clinic, *visits: Appointment) -> dict[Any, Strip]:
    """As a list of visits reads them."""
    fresh = Appointment.objects.filter(pk__in=[visit.pk for visit in visits])
    return strips(fresh, clinic=clinic)


def told(strip: Strip, name: str) -> tuple[str, str]:
    [point] = [point for point in strip.points if point.name == name]
    return point.found, point.detail


def missing(strip: Strip) -> list[str]:
    return [point.name for point in strip.missing]


# At the visit


def test_of_a_visit_that_was_just_opened_everything_of_the_day_is_missing(day: Day) -> None:
    shown = read(day.opened())
    assert missing(shown) == [*ON_THE_DAY, "vitals"]
    assert told(shown, "order") == ("recorded", "signed by Mara Santos, MD")
    assert told(shown, "visits") == ("recorded", "visit 1 of 3")
    assert told(shown, "candidacy") == ("recorded", "")


def test_each_point_says_what_was_written_as_it_was_written(day: Day) -> None:
    visit = day.opened()
    allergies.confirm_none(patient_id=visit.patient_id, by=day.nurse, now=day.now())
    day.chart(visit, PreVisitCheck, **WHOLE)
    day.vitals(visit)
    shown = read(visit)
    assert missing(shown) == []
    assert told(shown, "identity") == ("recorded", "name, birth date")
    assert told(shown, "fasting") == ("recorded", "since supper")
    assert told(shown, "escort") == ("recorded", "Sam Quill, 555 0100, brother")
    assert told(shown, "pain") == ("recorded", "0")
    assert told(shown, "weight") == ("recorded", "62 kg")
    assert told(shown, "consent") == ("recorded", "yes")


@pytest.mark.parametrize(
    ("answers", "name", "found", "detail"),
    [
        ({"identity_name_checked": True}, "identity", "missing", "birth date"),
        ({"identity_name_checked": False, "pain": 3}, "identity", "no", "name"),
        ({"escort_name": "Sam"}, "escort", "missing", "phone, relation (Sam)"),
        ({"consent_on_file": False}, "consent", "no", "no"),
        ({"allergies_reviewed": False}, "allergies", "no", "no"),
        ({"fasting_answer": "broken, had toast"}, "fasting", "recorded", "broken, had toast"),
    ],
)
def test_a_no_is_reported_as_a_no_and_no_answer_is_judged(
    day: Day, answers: dict[str, Any], name: str, found: str, detail: str
) -> None:
    visit = day.opened()
    day.chart(visit, PreVisitCheck, **answers)
    assert told(read(visit), name) == (found, detail)
    day.chart(visit, PreVisitCheck, mood="calm")
    day.step(visit, "start")


def test_a_second_check_adds_to_the_first_and_a_correction_replaces_it(day: Day) -> None:
    visit = day.opened()
    first = day.chart(visit, PreVisitCheck, pain=3, mood="calm")
    day.chart(visit, PreVisitCheck, pain=4, drugs_today="none")
    assert [told(read(visit), name)[1] for name in ("pain", "mood", "drugs")] == ["4", "calm", "none"]
    day.chart(visit, PreVisitCheck, supersedes=first.pk, correction_reason="Misheard", mood="low")
    assert told(read(visit), "mood") == ("recorded", "low")


def test_the_time_of_the_last_meal_is_the_clinics_time(day: Day) -> None:
    visit = day.opened()
    day.chart(visit, PreVisitCheck, fasting_from=day.clock - timedelta(hours=4), fasting_answer="kept")
    assert told(read(visit), "fasting") == ("recorded", "kept, nothing since 08:02")


def test_vital_signs_count_only_before_the_start(day: Day) -> None:
    visit = day.started()
    day.vitals(visit)
    assert told(read(visit), "vitals")[0] == "missing"
    other = day.opened(day.booked(day.order(day.patient("Reed")), hours=2))
    day.vitals(other)
    day.started(other)
    assert told(read(other), "vitals")[0] == "recorded"


def test_a_consult_has_no_strip(day: Day) -> None:
    visit = day.opened(day.consult(day.patient()))
    assert of_visit(visit, sheet(visit)) is None
    assert listed(day.clinic, visit.appointment) == {}


# What is known beforehand


def test_before_the_patient_is_here_only_what_can_be_known_is_asked(day: Day) -> None:
    booked = day.booked(day.order(day.patient()))
    assert [point.name for point in listed(day.clinic, booked)[booked.pk].points] == ["order", "visits", "candidacy"]
    wording(day.clinic, day.clock)
    shown = listed(day.clinic, day.arrived(booked))[booked.pk]
    assert missing(shown) == ["consent"]
    assert told(shown, "consent") == ("missing", INFUSION)


def test_a_consent_is_looked_at_on_the_day_of_the_visit(day: Day) -> None:
    words, today = wording(day.clinic, day.clock), day.clinic.today(day.clock)
    order = day.order(day.patient())
    soon = day.booked(order, days=2)
    agreed(order.patient, words, day.nurse, day.clock, expires_on=today + timedelta(days=1))
    assert told(listed(day.clinic, soon)[soon.pk], "consent") == ("missing", INFUSION)
    agreed(order.patient, words, day.nurse, day.clock, expires_on=today + timedelta(days=2))
    until = today + timedelta(days=2)
    assert told(listed(day.clinic, soon)[soon.pk], "consent") == (
        "recorded",
        f"{INFUSION}, edition 1, until {until:%-d %b %Y}",
    )


def test_an_order_that_does_not_hold_on_that_day_is_not_in_force(day: Day) -> None:
    today = day.clinic.today(day.clock)
    order = day.order(day.patient(), valid_until=today + timedelta(days=1))
    visit = day.booked(order, days=2)
    until = today + timedelta(days=1)
    assert told(listed(day.clinic, visit)[visit.pk], "order") == ("missing", f"valid until {until:%-d %b %Y}")
    orders.hold(order_id=order.pk, by=day.prescriber, now=day.now(), reason="Flu.")
    assert told(listed(day.clinic, visit)[visit.pk], "order") == ("missing", "on hold")


def test_the_order_that_replaced_the_booked_one_counts(day: Day) -> None:
    order = day.order(day.patient())
    visit = day.booked(order)
    draft = orders.supersede(order_id=order.pk, by=day.prescriber, now=day.now(), reason="Fewer.")
    orders.change_draft(
        order_id=draft.pk, by=day.prescriber, now=day.now(), version=draft.version, agent="Examplamine", dose="3",
        dose_unit="spoons", visits=1, min_gap_days=2, max_gap_days=7, chair_minutes=90,
    )  # fmt: skip
    draft.refresh_from_db()
    orders.sign(order_id=draft.pk, by=day.prescriber, now=day.now(), password=PASSWORD, version=draft.version)
    shown = listed(day.clinic, visit)[visit.pk]
    assert told(shown, "order") == ("recorded", "signed by Mara Santos, MD")
    assert told(shown, "visits") == ("recorded", "visit 1 of 1")
    orders.stop(order_id=draft.pk, by=day.prescriber, now=day.now(), reason="Moved away.")
    signed(order.patient, day.prescriber, day.now(), agent="Otherine")
    assert told(listed(day.clinic, visit)[visit.pk], "order") == ("missing", "stopped"), "not the new, unrelated order"


@pytest.mark.parametrize("given", [0, 2])
def test_the_number_of_a_visit_is_what_booking_counts(day: Day, given: int) -> None:
    order = day.order(day.patient(), visits=2)
    made = [day.booked(order, days=3 * number) for number in range(3)]
    for visit in made[:given]:
        booking.cancel(appointment_id=visit.pk, how="cancelled-by-patient", reason="Ill.", by=day.desk, now=day.now())
    counted = {visit.pk: place for place, visit in enumerate(course.visits_of(Order.objects.get(pk=order.pk)), 1)}
    found = listed(day.clinic, *made)
    assert set(found) == set(counted)
    for pk, shown in found.items():
        place = counted[pk]
        state, words = told(shown, "visits")
        assert (state == "recorded") == (place <= 2)
        assert str(place) in words
    if not given:
        assert told(found[made[2].pk], "visits") == ("no", "visit 3, the order says 2")


@pytest.mark.parametrize(
    ("outcome", "days", "expected"),
    [
        ("candidate", 0, ("recorded", "until 23 Nov 2026")),
        ("candidate", None, ("recorded", "")),
        ("deferred", None, ("no", "deferred")),
    ],
)
def test_the_newest_decision_counts_as_it_was_decided(
    day: Day, outcome: str, days: int | None, expected: tuple
) -> None:
    visit = day.booked(day.order(day.patient()))
    until = None if days is None else day.clinic.today(day.clock) + timedelta(days=days)
    candidacy.decide(
        patient=visit.patient, outcome=outcome, reason="Again.", valid_until=until, by=day.prescriber, now=day.now(),
        password=PASSWORD,
    )  # fmt: skip
    assert told(listed(day.clinic, visit)[visit.pk], "candidacy") == expected


def test_a_decision_that_runs_out_before_the_visit_is_missing(day: Day) -> None:
    visit = day.booked(day.order(day.patient()), days=1)
    today = day.clinic.today(day.clock)
    candidacy.decide(
        patient=visit.patient, outcome="candidate", reason="Again.", valid_until=today, by=day.prescriber,
        now=day.now(), password=PASSWORD,
    )  # fmt: skip
    assert told(listed(day.clinic, visit)[visit.pk], "candidacy") == ("missing", "ran out 23 Nov 2026")


def test_a_prescribers_exception_stands_in_for_the_escort_of_its_day(day: Day) -> None:
    order = day.order(day.patient())
    visit = day.opened(day.booked(order))
    today = day.clinic.today(day.clock)
    for on in (today, today + timedelta(days=1)):
        exceptions.allow(
            order_id=order.pk, kind="no-escort", day=on, reason="Lives next door.", by=day.prescriber, now=day.now(),
            password=PASSWORD,
        )  # fmt: skip
    assert told(read(visit), "escort") == ("recorded", "may come without: signed by Mara Santos, MD")
    day.chart(visit, PreVisitCheck, escort_name="Sam")
    assert told(read(visit), "escort")[0] == "missing"


# In lists, and who sees what


def test_a_list_reads_what_the_page_reads(day: Day) -> None:
    wording(day.clinic, day.clock)
    visit = day.opened()
    day.chart(visit, PreVisitCheck, **{**WHOLE, "allergies_reviewed": None, "mood": None})
    day.vitals(visit)
    assert listed(day.clinic, visit.appointment)[visit.appointment_id] == read(visit)


def test_a_visit_that_runs_or_is_over_is_in_no_list(day: Day) -> None:
    running = day.started()
    gone = day.booked(day.order(day.patient("Reed")), hours=2)
    booking.no_show(appointment_id=gone.pk, reason="Not reached", by=day.desk, now=gone.end)
    assert listed(day.clinic, running.appointment, gone) == {}


def test_a_day_of_visits_costs_three_questions(day: Day, django_assert_num_queries) -> None:
    wording(day.clinic, day.clock)
    made = [day.booked(day.order(day.patient(f"Quill{n}")), hours=1 + 2 * n) for n in range(3)]
    day.chart(day.opened(made[0]), PreVisitCheck, pain=3)
    for some in (made[:1], made):
        fresh = list(Appointment.objects.filter(pk__in=[visit.pk for visit in some]))
        with django_assert_num_queries(3):
            assert len(strips(fresh, clinic=day.clinic)) == len(some)


def test_who_sees_no_clinical_records_learns_whether_and_not_what(day: Day) -> None:
    wording(day.clinic, day.clock)
    visit = day.opened()
    day.chart(visit, PreVisitCheck, **{**WHOLE, "allergies_reviewed": None})
    seen = read(visit).without_content
    assert [(point.name, point.found, point.detail) for point in seen.points] == [
        ("order", "recorded", ""),
        ("visits", "recorded", ""),
        ("candidacy", "recorded", ""),
        ("consent", "missing", ""),
        ("escort", "recorded", ""),
    ]
