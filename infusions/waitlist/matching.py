"""Who could take a place: asked of the calendar, the order, the patient and their wishes, in the order of the line.

The calendar is read once for everybody; an order is asked only where the calendar has room.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q

from infusions.models import Order, WaitlistEntry, WaitlistOffer
from infusions.waitlist.entries import open_entries
from infusions.waitlist.live import holds_of, offers_of
from infusions.waitlist.ordered import asked_of_order
from infusions.waitlist.places import Place
from infusions.waitlist.room import Room
from infusions.waitlist.wishes import missed_wishes
from scheduling.models import Appointment, PatientLimits
from scheduling.resources import Limits
from scheduling.shape import Shape, load, plain
from scheduling.states import OCCUPIES, Status
from scheduling.wall_clock import day_period, words

# A longer line than this is asked from its beginning; whoever stands further back is asked once it is shorter.
ASKED_AT_ONCE = 200
RELATED = ("patient", "clinic", "order__standing", "order__clinic", "order__patient", "order__author", "appointment")


class Verdict(StrEnum):
    """Fits as it is; would at another time, or against a wish; or cannot."""

    FITS = "fits"
    NEARLY = "nearly"
    NO = "no"


@dataclass(frozen=True)
class Fit:
    """Somebody in line and a place. `start`: when their visit could begin there, None if never.

    `why` speaks for it; `missed` are wishes that it does not meet; `hinders` what forbids it.
    """

    entry: WaitlistEntry
    verdict: Verdict
    minutes: int
    start: datetime | None = None
    why: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    hinders: tuple[str, ...] = ()


def fits(*, place: Place, now: datetime) -> list[Fit]:
    """Everybody who waits, with whether they could take the place and why, the longest waiting first.

    While it is offered to some, it is held; it may be offered to more, so that hold is not in their way.
    """
    waiting = list(open_entries(place.clinic).select_related(*RELATED)[:ASKED_AT_ONCE])
    return judged(place, waiting, now, holds=holds_of({offer.round for offer in offers_of(place, now=now)}))


def judged(
    place: Place,
    waiting: Sequence[WaitlistEntry],
    now: datetime,
    *,
    holds: Iterable[UUID] = (),
    exactly: bool = False,
) -> list[Fit]:
    """As `fits`, for these; `holds`: visits that hold the place itself, and so are not in the way. `exactly`: only a
    start at the place's own will do."""
    line = _Line.read(place, waiting, now, holds)
    line = replace(line, room=replace(line.room, exactly=exactly))
    return [line.judge(entry) for entry in waiting]


@dataclass(frozen=True)
class _Line:
    """All that is read once for everybody in line."""

    place: Place
    now: datetime
    room: Room
    visits: dict[UUID, list[tuple[datetime, datetime]]]
    limits: dict[UUID, Limits]
    offered: dict[UUID, WaitlistOffer]
    shapes: dict[tuple[Any, ...], Shape]

    @classmethod
    def read(cls, place: Place, waiting: Sequence[WaitlistEntry], now: datetime, holds: Iterable[UUID]) -> "_Line":
        people = [entry.patient_id for entry in waiting]
        but = [*holds]
        offers = WaitlistOffer.objects.filter(entry__in=[one.pk for one in waiting], answer="", expires_at__gt=now)
        return cls(
            place,
            now,
            Room.read(place, now, but),
            _visits(place, people, now, but),
            {one.patient_id: _limits(one) for one in PatientLimits.objects.filter(patient__in=people)},
            {offer.entry_id: offer for offer in offers},
            {},
        )

    def judge(self, entry: WaitlistEntry) -> Fit:
        shape, offered = self._shape(entry), self.offered.get(entry.pk)
        if offered is not None:
            told = f"They were offered {words(offered.start, self.place.clinic.tz)} and have not answered."
            return Fit(entry, Verdict.NO, shape.minutes, hinders=(told,))
        found = self.room.best_start(shape, self._when(entry), entry)
        if isinstance(found, str):
            return Fit(entry, Verdict.NO, shape.minutes, hinders=(found,))
        return self.judge_at(entry, found, shape.minutes)

    def judge_at(self, entry: WaitlistEntry, start: datetime, minutes: int) -> Fit:
        """The order's word on a start at which the calendar has room, and the wishes'."""
        why, hinders = self._order(entry, start)
        end = start + timedelta(minutes=minutes)
        missed = missed_wishes(entry, start, end, self.now)
        verdict = Verdict.NO if hinders else Verdict.FITS
        if not hinders and (missed or start != self.place.start):
            verdict = Verdict.NEARLY
        return Fit(entry, verdict, minutes, start, tuple(why), tuple(missed), tuple(hinders))

    def _order(self, entry: WaitlistEntry, start: datetime) -> tuple[list[str], list[str]]:
        why: list[str] = []
        if entry.appointment is not None:
            has = words(entry.appointment.start, self.place.clinic.tz)
            if start >= entry.appointment.start:
                return [], [f"Has {has}, which is earlier."]
            why.append(f"has {has}")
        order: Order | None = entry.order
        if order is None:
            return why or ["a consult"], []
        told, hinders = asked_of_order(entry, order, start, self.now)
        return why + told, hinders

    def _shape(self, entry: WaitlistEntry) -> Shape:
        visit = entry.appointment
        if visit is None:
            return self._load(entry.kind, (entry.order.chair_minutes if entry.order else entry.minutes) or 5, None)
        minutes = visit.length // timedelta(minutes=1)
        return self._load(visit.kind, minutes, visit.visit_type_id) if visit.visit_type_id else plain(minutes)

    def _load(self, *wanted: Any) -> Shape:
        """Each shape is read once for all who need it."""
        if wanted not in self.shapes:
            kind, minutes, visit_type = wanted
            self.shapes[wanted] = load(clinic=self.place.clinic, kind=kind, minutes=minutes, visit_type=visit_type)
        return self.shapes[wanted]

    def _when(self, entry: WaitlistEntry) -> int:
        """The steps at which the patient could come and has no other visit."""
        return self.room.possible(self.limits.get(entry.patient_id), self.visits.get(entry.patient_id, []))


def _limits(found: PatientLimits) -> Limits:
    return Limits(frozenset(found.weekdays), found.time_from, found.time_until)


def _visits(
    place: Place, people: Iterable[UUID], now: datetime, but: Iterable[UUID]
) -> dict[UUID, list[tuple[datetime, datetime]]]:
    """When these people have other visits on the day of the place. One query."""
    begins, ends = day_period(place.start.astimezone(place.clinic.tz).date(), place.clinic.tz)
    taken = Appointment.objects.filter(patient__in=list(people), start__lt=ends, end__gt=begins, status__in=OCCUPIES)
    taken = taken.exclude(Q(status=Status.HELD, held_until__lte=now) | Q(pk__in=list(but)))
    found = defaultdict(list)
    for patient, start, end in taken.values_list("patient", "start", "end"):
        found[patient].append((start, end))
    return found
