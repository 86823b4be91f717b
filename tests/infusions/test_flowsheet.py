"""Reading the sheet: newest first, corrections struck and kept, clocks only where the order says so."""

from datetime import timedelta

import pytest

from infusions.flowsheet import sheet, vitals_due
from infusions.models import Administration, AdverseEvent, Visit, VitalsSet
from tests.infusions.visiting import Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db


def read(visit: Visit) -> Visit:
    return Visit.objects.select_related("clinic", "order").get(pk=visit.pk)


def test_rows_come_newest_first_by_the_time_they_were_seen(day: Day) -> None:
    visit = day.started()
    late = day.vitals(visit, pain=5, observed_at=day.clock - timedelta(minutes=1), now=day.now(10))
    now = day.vitals(visit, pain=4)
    rows = sheet(read(visit)).rows
    assert [row.title for row in rows] == ["Vital signs", "Start", "Vital signs", "Pre-visit check"]
    assert [row.entry for row in rows if row.is_vitals] == [now, late]
    assert [row.late for row in rows] == [False, False, True, False]


def test_a_corrected_row_is_struck_and_says_by_whom(day: Day) -> None:
    visit = day.opened()
    wrong = day.vitals(visit, spo2=79)
    right = day.vitals(visit, spo2=97, supersedes=wrong.pk, correction_reason="Turned round", by=day.prescriber)
    rows = {row.entry.pk: row for row in sheet(read(visit)).rows}
    assert (rows[wrong.pk].struck, rows[wrong.pk].corrected_by) == (True, right)
    assert not rows[right.pk].struck
    assert sheet(read(visit)).standing(VitalsSet) == [right]


def test_a_struck_row_stays_and_what_struck_it_is_no_row(day: Day) -> None:
    visit = day.opened()
    row = day.vitals(visit, spo2=79)
    day.chart(visit, VitalsSet, supersedes=row.pk, correction_reason="Wrong tablet", entered_in_error=True)
    [shown] = sheet(read(visit)).rows
    assert (shown.entry, shown.struck, shown.corrected_by.correction_reason) == (row, True, "Wrong tablet")


def test_what_was_written_is_said_as_it_was_typed(day: Day) -> None:
    visit = day.started()
    step = day.step(visit, "rate-change", rate="3", rate_unit="spoons an hour", reason="As ordered")
    [row] = [row for row in sheet(read(visit)).rows if row.entry == step]
    assert row.words == [("Rate", "3 spoons an hour"), ("Reason", "As ordered")]
    [check] = [row for row in sheet(read(visit)).rows if row.kind == "pre-visit-checks"]
    assert ("Name checked", "yes") in check.words


def test_an_event_is_put_together_from_its_rows(day: Day) -> None:
    visit = day.started()
    first = day.chart(visit, AdverseEvent, event=None)
    day.chart(visit, AdverseEvent, event=first.event, event_type="fall", severity="mild")
    day.chart(visit, AdverseEvent, event=first.event, severity="moderate")
    [event] = sheet(read(visit)).events
    assert (event.name, event.is_open, event.began_at) == ("Fall", True, first.observed_at)
    assert (event.facts["severity"], event.facts["event_type"]) == ("moderate", "fall")
    day.chart(visit, AdverseEvent, event=first.event, outcome="No harm")
    assert not sheet(read(visit)).events[0].is_open


def test_the_infusion_runs_from_its_start_and_stands_still_while_paused(day: Day) -> None:
    visit = day.opened()
    assert not sheet(read(visit)).is_running
    day.started(visit)
    day.step(visit, "pause")
    rows = sheet(read(visit))
    assert (rows.is_running, rows.is_paused) == (True, True)
    day.step(visit, "resume")
    assert not sheet(read(visit)).is_paused
    day.step(visit, "end")
    assert not sheet(read(visit)).is_running


def test_no_interval_in_the_order_no_clock(day: Day) -> None:
    visit = day.started()
    day.vitals(visit)
    assert vitals_due(read(visit), sheet(read(visit))) is None


def test_the_clock_counts_from_the_last_set_by_the_interval_of_this_part(day: Day) -> None:
    order = day.order(day.patient(), vitals_during_minutes=15, vitals_after_minutes=30)
    visit = day.opened(day.booked(order))
    assert vitals_due(read(visit), sheet(read(visit))) is None
    day.started(visit)
    start = Administration.objects.get().observed_at
    assert vitals_due(read(visit), sheet(read(visit))) == start + timedelta(minutes=15)
    last = day.vitals(visit, pain=5, now=day.now(9))
    assert vitals_due(read(visit), sheet(read(visit))) == last.observed_at + timedelta(minutes=15)
    end = day.step(visit, "end")
    assert vitals_due(read(visit), sheet(read(visit))) == end.observed_at + timedelta(minutes=30)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_sheet_costs_two_queries(day: Day, rows: int, django_assert_num_queries) -> None:
    visit = day.started()
    for _ in range(rows):
        day.vitals(visit)
    visit = read(visit)
    with django_assert_num_queries(2):
        shown = sheet(visit)
        for row in shown.rows:
            assert row.entry.author.full_name
            assert row.words
