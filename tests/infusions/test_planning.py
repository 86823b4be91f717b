"""A plan on its way through the page: swapped by a press, judged by the gaps, marked where a place is lost."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from infusions.orders import Limits
from infusions.planning import Choice, Plan, Row, judged, lost, picked

ZONE = ZoneInfo("America/Los_Angeles")
LIMITS = Limits(3, 2, 4, 90, None, None)
CHAIR = UUID(int=1)


def at(day: int, hour: int = 9) -> Choice:
    return Choice(datetime(2026, 12, day, hour, tzinfo=ZONE), CHAIR)


@pytest.fixture
def plan() -> Plan:
    """1, 4 and 7 December at 9:00; the second could be at 11:00, or on the 3rd."""
    rows = (Row(1, at(1)), Row(2, at(4), (at(3), at(4, 11))), Row(3, at(7), (at(7, 11), at(8))))
    return judged(Plan(rows), limits=LIMITS, zone=ZONE)


def test_gaps_are_counted_in_days(plan: Plan) -> None:
    assert [row.gap_days for row in plan.rows] == [None, 3, 3]
    assert plan.can_be_booked


def test_a_pick_swaps_and_the_old_one_can_be_picked_again(plan: Plan) -> None:
    new = picked(plan, number=2, nth=0)
    assert [row.chosen for row in new.rows] == [at(1), at(3), at(7)]
    assert (new.rows[1].is_changed, new.pinned) == (True, {2: at(3).start})
    assert picked(new, number=2, nth=1) != new
    assert at(4) in new.rows[1].alternatives


def test_offers_that_no_longer_keep_the_gaps_go(plan: Plan) -> None:
    new = judged(picked(plan, number=2, nth=0), limits=LIMITS, zone=ZONE)
    assert at(8) in plan.rows[2].alternatives
    assert at(8) not in new.rows[2].alternatives


def test_an_unknown_press_changes_nothing(plan: Plan) -> None:
    assert picked(plan, number=9, nth=0) == plan
    assert picked(plan, number=2, nth=9) == plan


def test_outside_the_gaps_it_cannot_be_booked() -> None:
    plan = judged(Plan((Row(1, at(1)), Row(2, at(2)))), limits=LIMITS, zone=ZONE)
    assert [row.fits for row in plan.rows] == [True, False]
    assert not plan.can_be_booked


def test_a_lost_visit_offers_what_is_free_now_first(plan: Plan) -> None:
    conflict = {"visit": 2, "words": "Chair 1 is taken.", "next_free": ["2026-12-04T10:30:00-08:00"]}
    new = lost(plan, conflicts=[conflict], limits=LIMITS, zone=ZONE)
    row = new.rows[1]
    assert row.lost == "Chair 1 is taken."
    assert [choice.start.isoformat() for choice in row.alternatives] == [
        "2026-12-03T09:00:00-08:00",
        "2026-12-04T10:30:00-08:00",
    ]
    assert not new.can_be_booked
    mended = picked(new, number=2, nth=1)
    assert mended.can_be_booked
    assert at(4) not in mended.rows[1].alternatives


def test_a_plan_over_the_clock_change_counts_days_on_the_wall() -> None:
    days = [datetime(2026, 10, 31, 9, tzinfo=ZONE), datetime(2026, 11, 2, 8, tzinfo=ZONE)]
    plan = judged(Plan((Row(1, Choice(days[0])), Row(2, Choice(days[1])))), limits=LIMITS, zone=ZONE)
    assert (plan.rows[1].gap_days, plan.rows[1].fits) == (2, True)
