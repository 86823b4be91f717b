"""A place that came free: one chair, for a while. Plain values."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.refusals import Clash
from config.staff.models import Clinic
from scheduling.models import Appointment, Chair
from scheduling.states import CANCELLED, OCCUPIES, Status
from scheduling.wall_clock import STEP, at_step, on_grid, step_of

FREED = CANCELLED | {Status.RELEASED, Status.ENTERED_IN_ERROR, Status.NO_SHOW}


@dataclass(frozen=True)
class Place:
    """A chair from one instant to another, both on the five-minute grid."""

    clinic: Clinic
    chair: Chair
    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        return (self.end - self.start) // timedelta(minutes=1)


def freed_place(visit: Appointment, *, now: datetime) -> Place:
    """What a visit that will not take place, or was moved, leaves free from now on. Raises Clash while it stands where
    it was, or once that is past.

    Whether somebody else has taken it since is for `fits` to say.
    """
    chair, begins, ends = _left(visit)
    soonest = now if on_grid(now) else at_step(step_of(now)) + STEP
    start = max(begins, soonest)
    if start >= ends:
        raise Clash("The time of this visit is past.", code="past")
    return Place(visit.clinic, chair, start, ends)


def taken_since(place: Place) -> bool:
    """Whether a visit stands in all or a part of it by now."""
    there = Appointment.objects.filter(chair=place.chair, start__lt=place.end, end__gt=place.start)
    return there.filter(status__in=OCCUPIES).exists()


def _left(visit: Appointment) -> tuple[Chair, datetime, datetime]:
    if visit.status in FREED:
        return visit.chair, visit.start, visit.end
    if visit.left_chair is None or visit.left_start is None or visit.left_end is None:
        raise Clash("This visit stands; its place is not free.", code="not-free")
    return visit.left_chair, visit.left_start, visit.left_end
