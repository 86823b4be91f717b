"""A place that came free: one chair, for a while. Plain values."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from config.refusals import Clash
from config.staff.models import Clinic
from scheduling.models import Appointment, Chair
from scheduling.states import CANCELLED, Status
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
    """What a visit that will not take place leaves free from now on. Raises Clash while it stands, or once it is past.

    Whether somebody else has taken it since is for `fits` to say.
    """
    if visit.status not in FREED:
        raise Clash("This visit stands; its place is not free.", code="not-free")
    soonest = now if on_grid(now) else at_step(step_of(now)) + STEP
    start = max(visit.start, soonest)
    if start >= visit.end:
        raise Clash("The time of this visit is past.", code="past")
    return Place(visit.clinic, visit.chair, start, visit.end)
