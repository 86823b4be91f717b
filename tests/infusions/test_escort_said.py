"""Whom the patient named beforehand is read beside the record and never written into it."""

import pytest
from django.urls import reverse

from config.audit.acting import SystemJob
from infusions.flowsheet import sheet
from infusions.models import PreVisitCheck, Visit
from infusions.strip import of_visit
from scheduling.escorts import name_escort
from scheduling.models import Appointment
from tests.infusions.visiting import Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def booked(day: Day) -> Appointment:
    """Their patient said by the link who takes them home."""
    visit = day.booked(day.order(day.patient("Reed")))
    name_escort(
        appointment_id=visit.pk,
        name="Marta Ruiz",
        phone="(213) 555-0199",
        how="link",
        by=SystemJob.PATIENT_LINK,
        now=day.now(),
    )
    return visit


def escort(visit: Visit) -> tuple[str, str]:
    found = Visit.objects.select_related("appointment", "clinic", "order__standing").get(pk=visit.pk)
    shown = of_visit(found, sheet(found))
    assert shown is not None
    [point] = [point for point in shown.points if point.name == "escort"]
    return point.found, point.detail


def test_the_strip_tells_it_and_still_misses_what_nobody_wrote(day: Day, booked: Appointment) -> None:
    visit = day.opened(booked)
    said = "; the patient said: Marta Ruiz, (213) 555-0199"
    assert escort(visit) == ("missing", f"name, phone, relation{said}")
    day.chart(visit, PreVisitCheck, escort_name="Sam Quill")
    assert escort(visit) == ("missing", f"phone, relation (Sam Quill){said}")
    day.chart(visit, PreVisitCheck, escort_phone="555 0100", escort_relation="brother")
    assert escort(visit) == ("recorded", "Sam Quill, 555 0100, brother")


def test_the_check_shows_it_beside_empty_boxes(day: Day, booked: Appointment, page_as) -> None:
    visit = day.opened(booked)
    page = page_as(day.nurse).get(reverse("visit-chart", args=[visit.pk, "pre-visit-checks"])).content.decode()
    assert "Marta Ruiz, (213) 555-0199" in page
    assert "Write down whom you identified." in page
    assert 'value="Marta' not in page
    assert not PreVisitCheck.objects.exists()


def test_what_was_said_of_another_time_is_not_told_of_this_one(day: Day, booked: Appointment, page_as) -> None:
    visit = day.opened(day.booked(day.order(day.patient("Quill")), hours=2))
    assert escort(visit) == ("missing", "name, phone, relation")
    page = page_as(day.nurse).get(reverse("visit-chart", args=[visit.pk, "pre-visit-checks"])).content.decode()
    assert "The patient said beforehand" not in page
