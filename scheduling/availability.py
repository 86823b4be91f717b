"""Where a visit could begin: pure reading, exact, whatever the zone and whichever clocks change.

What stands is read once, in integers, and laid into a `Window` (`scheduling.window`), which is asked.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from config.refusals import Invalid
from config.staff.models import Clinic
from patients.models import Patient
from scheduling import hours, resources
from scheduling.hours import Hours, check_length, local_days
from scheduling.resources import Resources
from scheduling.shape import Shape
from scheduling.wall_clock import check_day, day_period, day_start, step_of
from scheduling.window import MARGIN, Window

HORIZON = hours.HORIZON
NEXT_DAYS = 14
APART_SECONDS = 1800
MOST_NEXT = 3


@dataclass(frozen=True)
class Reading:
    """What stays the same whichever days are looked at: read once, for as many windows as are needed."""

    places: Resources
    hours: Hours
    now: datetime
    except_for: tuple[UUID, ...] = ()

    def window(self, first: date, last: date) -> Window:
        """These days, within those that the hours were read for. One query."""
        zone = self.hours.zone
        begin, end = step_of(day_start(first, zone)), step_of(day_period(last, zone)[1])
        rows = resources.taken_steps(
            numbers=self.places.numbers(), first=begin, end=end + MARGIN, now=self.now, except_for=self.except_for
        )
        return Window(open_hours=self.hours, days=local_days(first, last), places=self.places, rows=rows)


def read(
    *,
    clinic: Clinic,
    first: date,
    last: date,
    now: datetime,
    patient: Patient | None = None,
    only: Collection[UUID] | None = None,
    except_for: Iterable[UUID] = (),
) -> Reading:
    """Places and people, and the hours of these days. Two queries.

    `only`: ids of chairs, nurses or clinicians; of each kind that is named, no others count. `except_for`: visits that
    are about to move, so that their places count as free.
    """
    check_days(first, last)
    places = resources.load(clinic=clinic, patient=patient)
    if only:
        _narrow(places, frozenset(only))
    return Reading(places, hours.load(clinic=clinic, first=first, last=last), now, tuple(except_for))


def load(*, first: date, last: date, **asked: Any) -> Window:
    """A window of at most 26 weeks, asked for as in `read`: three queries, whatever the days, chairs and visits."""
    return read(first=first, last=last, **asked).window(first, last)


def check_days(first: date, last: date) -> None:
    """Raise Invalid (field first or last) unless the days are in order and at most 26 weeks apart."""
    check_day(first, field="first")
    check_day(last, field="last")
    if last < first:
        raise Invalid("The last day comes before the first.", field="last")
    if last - first > HORIZON:
        raise Invalid("At most 26 weeks can be searched at once.", field="last")


def _narrow(places: Resources, only: frozenset[UUID]) -> None:
    for name in ("chairs", "nurses", "clinicians"):
        known = getattr(places, name)
        setattr(places, name, [place for place in known if place.id in only] or known)


def free_starts(
    *,
    clinic: Clinic,
    shape: Shape,
    first: date,
    last: date,
    now: datetime,
    patient: Patient | None = None,
    only: Collection[UUID] | None = None,
) -> dict[date, list[datetime]]:
    """Every start of a visit of this shape from clinic day `first` to `last`, in the clinic's zone, not before `now`.

    With `patient`, only where they can come and have no other visit; with `only`, only with these chairs, nurses or
    clinicians. Each day is a key, with an empty list when nothing is free. Three queries.
    """
    check_length(shape.minutes)
    window = load(clinic=clinic, first=first, last=last, now=now, patient=patient, only=only)
    found = window.starts(shape, now=now, within=window.when_patient_can)
    return {day: list(window.instants(found, nth)) for nth, day in enumerate(window.days)}


def next_free(
    *,
    clinic: Clinic,
    shape: Shape,
    after: datetime,
    now: datetime,
    patient: Patient | None = None,
    only: Collection[UUID] | None = None,
) -> list[str]:
    """Up to three free starts from `after` on, half an hour apart at least, within two weeks; ISO 8601 with offset."""
    first = max(after, now).astimezone(clinic.tz).date()
    last = first + timedelta(days=NEXT_DAYS)
    window = load(clinic=clinic, first=first, last=last, now=now, patient=patient, only=only)
    found = window.starts(shape, now=max(after, now), within=window.when_patient_can)
    chosen: list[str] = []
    for nth in range(len(window.days)):
        latest = None
        for start in window.instants(found, nth):
            if latest is not None and (start.timestamp() - latest.timestamp()) < APART_SECONDS:
                continue
            latest = start
            chosen.append(start.isoformat())
            if len(chosen) == MOST_NEXT:
                return chosen
    return chosen
