"""Pain before and after each visit: the patient's own numbers, as they were charted."""

import pytest

from infusions import orders
from infusions.models import Discharge, PreVisitCheck
from infusions.outcomes import pain_course
from patients.register import merge
from tests.infusions.visiting import FIT_TO_GO, Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db


def test_before_is_the_checks_and_after_is_the_discharges(day: Day) -> None:
    visit = day.ended()
    day.vitals(visit, pain=5)
    day.chart(visit, Discharge, **FIT_TO_GO, pain=2)
    assert pain_course(patient=visit.patient) == [(day.clinic.today(day.clock), 7, 2)]


def test_zero_is_a_number_and_not_nothing(day: Day) -> None:
    visit = day.opened()
    day.chart(visit, PreVisitCheck, pain=0)
    day.step(visit, "start")
    day.vitals(visit, pain=8)
    day.step(visit, "end")
    day.chart(visit, Discharge, **FIT_TO_GO, pain=0)
    assert pain_course(patient=visit.patient) == [(day.clinic.today(day.clock), 0, 0)]


def test_else_they_are_the_first_and_last_vital_signs_around_the_infusion(day: Day) -> None:
    visit = day.opened()
    for pain in (8, 6):
        day.vitals(visit, pain=pain)
    day.chart(visit, PreVisitCheck, mood="calm")
    day.step(visit, "start")
    day.vitals(visit, pain=9)
    assert pain_course(patient=visit.patient) == [(day.clinic.today(day.clock), 8, None)], "it is still running"
    day.step(visit, "end")
    for pain in (5, 3):
        day.vitals(visit, pain=pain)
    day.vitals(visit, systolic=120)
    assert pain_course(patient=visit.patient) == [(day.clinic.today(day.clock), 8, 3)]


def test_corrected_numbers_count_and_nobody_elses(day: Day) -> None:
    visit = day.opened()
    wrong = day.vitals(visit, pain=9)
    day.vitals(visit, pain=6, supersedes=wrong.pk, correction_reason="Said six")
    day.vitals(day.opened(day.booked(day.order(day.patient("Marsh")))), pain=1)
    assert pain_course(patient=visit.patient) == [(day.clinic.today(day.clock), 6, None)]


def test_what_was_charted_on_a_record_that_was_merged_counts_too(day: Day) -> None:
    visit = day.discharged()
    orders.stop(order_id=visit.order_id, by=day.prescriber, now=day.now(), reason="Moves to the other record.")
    other = day.patient("Quill-Marsh")
    merge(patient_id=visit.patient_id, into_id=other.pk, by=day.desk, reason="New name, one person.", now=day.now())
    assert pain_course(patient=other) == [(day.clinic.today(day.clock), 7, None)]


def test_a_visit_without_a_number_is_left_out(day: Day) -> None:
    visit = day.opened()
    day.vitals(visit, systolic=120)
    assert pain_course(patient=visit.patient) == []


def test_more_visits_cost_no_more_queries(day: Day, django_assert_num_queries) -> None:
    patient = day.patient()
    for _ in range(3):
        visit = day.opened(day.consult(patient))
        day.vitals(visit, pain=4)
        from infusions import records

        records.finish_consult(visit_id=visit.pk, by=day.nurse, now=day.now())
        day.now(120)
    with django_assert_num_queries(5):
        assert [point[1] for point in pain_course(patient=patient)] == [4, 4, 4]
