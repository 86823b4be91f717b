"""The clock of vital signs: by the interval that was typed, on the visit, on home and on the board, to clinicians."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from infusions import flowsheet, vitals_clock
from infusions.models import Visit, VitalsSet
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]
INTERVALS = {"vitals_before_minutes": 10, "vitals_during_minutes": 15, "vitals_after_minutes": 30}


def watched(day: Day, family: str = "Quill", **intervals: int) -> Visit:
    order = day.order(day.patient(family), **(intervals or INTERVALS))
    return day.opened(day.booked(order, hours=1))


def told(*visits: Visit) -> dict:
    return vitals_clock.due_of([visit.appointment_id for visit in visits])


def as_the_page_says(visit: Visit):
    fresh = Visit.objects.select_related("order", "appointment").get(pk=visit.pk)
    return flowsheet.vitals_due(fresh, flowsheet.sheet(fresh))


def test_it_is_the_clock_of_the_page_in_every_part_of_a_visit(day: Day) -> None:
    visit = watched(day)
    for go_on in (lambda: None, lambda: day.vitals(visit), lambda: day.started(visit), lambda: day.vitals(visit),
                  lambda: day.ended(visit), lambda: day.vitals(visit)):  # fmt: skip
        go_on()
        assert told(visit) == {visit.appointment_id: as_the_page_says(visit)}
    day.discharged(visit)
    assert told(visit) == {}


def test_a_set_that_was_struck_does_not_count(day: Day) -> None:
    visit = day.started(watched(day))
    before = told(visit)
    wrong = day.vitals(visit)
    assert told(visit) != before
    day.chart(visit, VitalsSet, supersedes=wrong.pk, correction_reason="Wrong patient", entered_in_error=True)
    assert told(visit) == before


def test_no_interval_no_clock(day: Day) -> None:
    assert told(day.opened()) == {}


def test_one_query_for_two_and_none_for_nobody(day: Day) -> None:
    visits = [watched(day), day.started(watched(day, "Reed"))]
    with CaptureQueriesContext(connection) as asked:
        assert len(told(*visits)) == 2
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        told()
    assert len(asked) == 0


@pytest.mark.parametrize(("who", "sees"), [("nurse", True), ("prescriber", True), ("desk", False)])
def test_clinicians_see_it_on_home_and_board_and_the_desk_does_not(day: Day, page_as, who: str, sees: bool) -> None:
    visit = day.started(watched(day))
    client = page_as(getattr(day, who))
    today = day.clinic.today(day.clock)
    due = as_the_page_says(visit).isoformat()
    assert ('data-clock="left"' in client.get("/").content.decode()) is sees
    assert ('data-clock="left"' in client.get(reverse("board-list", args=[today])).content.decode()) is sees
    [booking] = client.get(reverse("board-feed", args=[today])).json()["bookings"]
    assert booking["due"] == (due if sees else None)


def test_home_counts_what_is_overdue_and_puts_the_first_first(day: Day, page_as) -> None:
    late, early = day.started(watched(day)), day.started(watched(day, "Reed", vitals_during_minutes=600))
    page = page_as(day.nurse).get("/").content.decode()
    tile = page[page.index("Vital signs overdue") - 400 :][:900]
    assert "2 watched by the clock" in tile
    assert told(late)[late.appointment_id] < day.clock + timedelta(hours=3) < told(early)[early.appointment_id]
    assert page.index("QUILL") < page.index("REED")
