"""Which visits to come no longer fit the hours, the rotas and the chairs as they stand, and why. Pure reading.

Three queries, however many visits: one row for each place or person that a visit takes, the clinic's hours, and the
spans of its types.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection

from config.refusals import Invalid
from config.staff.models import Clinic
from scheduling import hours, shape
from scheduling.bits import ones
from scheduling.hours import Hours, Stretch
from scheduling.models.booking import LONGEST
from scheduling.models.kinds import What
from scheduling.models.places import ChairKind, Kind, Purpose
from scheduling.spans import WORDS
from scheduling.wall_clock import STEP_SECONDS, day_start, step_of

# What is wrong with a visit: a steady key for each fault, so that two readings can be compared, and its words.
Faults = dict[str, str]

READ = """
    SELECT a.id, a.start, a."end", a.start > %(now)s AND a.status IN ('booked', 'held'), a.overbook_reason <> '',
           r.number, r.kind, lower(l.during), upper(l.during), u.full_name, u.is_active,
           c.name, c.in_service, c.purpose, CASE WHEN a.chair_id = c.id THEN 'treatment' ELSE 'recovery' END,
           c.kind, t.chair_kind, c.turnover_minutes, l.lane, a.visit_type_id
    FROM scheduling_appointment a
    JOIN scheduling_allocation l ON l.appointment_id = a.id AND l.active
    JOIN scheduling_resource r ON r.number = l.resource_id AND r.kind <> 'patient'
    LEFT JOIN staff_user u ON u.id = r.staff_id
    LEFT JOIN scheduling_chair c ON c.id = r.chair_id
    LEFT JOIN scheduling_visittype t ON t.id = a.visit_type_id AND a.chair_id = c.id
    WHERE a.clinic_id = %(clinic)s AND a."end" > %(now)s AND a.start >= %(first)s AND a.start < %(until)s
      AND (a.held_until IS NULL OR a.held_until > %(now)s)
    ORDER BY a.start, a.id, r.number
"""


@dataclass(frozen=True)
class Taking:
    """One place or person that a visit takes, with what is known of it now. A visit that is `to_come` can still move;
    one that is under way only keeps its place from others. `beside`: in its chair with somebody else on purpose."""

    visit: UUID
    start: datetime
    end: datetime
    to_come: bool
    beside: bool
    number: int
    kind: str
    first: datetime
    until: datetime
    person: str | None
    works_here: bool | None
    chair: str | None
    in_service: bool | None
    purpose: str | None
    wanted_purpose: str
    chair_kind: str | None
    wanted_kind: str | None
    turnover: int | None
    lane: int
    visit_type: UUID | None


def misfits(
    *, clinic: Clinic, now: datetime, first: date | None = None, last: date | None = None
) -> dict[UUID, Faults]:
    """The faults of each visit that is booked or held after `now`, on the days from `first` to `last`; those without
    any are left out."""
    takings = _takings(clinic, now, first, last)
    days = [taking.start.astimezone(clinic.tz).date() for taking in takings if taking.to_come]
    if not days:
        return {}
    reading = _Reading(hours.load(clinic=clinic, first=min(days), last=max(days)))
    found: dict[UUID, Faults] = defaultdict(dict)
    for taking, unready in _made_ready(takings, clinic):
        if taking.to_come:
            found[taking.visit].update([*reading.faults(taking), *unready])
    for visit, lacking in outgrown(clinic, [taking for taking in takings if taking.to_come]):
        found[visit].update(lacking)
    return {visit: faults for visit, faults in found.items() if faults}


def _takings(clinic: Clinic, now: datetime, first: date | None, last: date | None) -> list[Taking]:
    begin = day_start(first, clinic.tz) if first else now - LONGEST
    until = day_start(last + timedelta(days=1), clinic.tz) if last else now + timedelta(days=3660)
    with connection.cursor() as cursor:
        cursor.execute(READ, {"clinic": clinic.pk, "now": now, "first": begin, "until": until})
        return [Taking(*row) for row in cursor.fetchall()]


def outgrown(clinic: Clinic, takings: list[Taking]) -> Iterator[tuple[UUID, Faults]]:
    """The visits whose type asks by now for more time than they have, or for somebody whom they were booked without.

    Other minutes for the same people are no fault: a visit keeps what it was booked with.
    """
    spans = shape.types(clinic=clinic) if any(taking.visit_type for taking in takings) else {}
    has: dict[UUID, set[What]] = defaultdict(set)
    for taking in takings:
        is_rest = taking.wanted_purpose == Purpose.RECOVERY
        has[taking.visit].add(shape.as_what(taking.kind, lane=taking.lane, is_rest=is_rest))
    for visit in {taking.visit: taking for taking in takings if taking.visit_type in spans}.values():
        try:
            needs = shape.laid(spans[visit.visit_type], (visit.end - visit.start) // timedelta(minutes=1)).needs  # type: ignore[index]
        except Invalid as refusal:
            yield visit.visit, {"type": refusal.message.rstrip(".")}
            continue
        missing = sorted({need.what for need in needs} - has[visit.visit])
        yield visit.visit, {f"type {what}": f"This type of visit needs {WORDS[what]} by now" for what in missing}


def _made_ready(takings: list[Taking], clinic: Clinic) -> Iterator[tuple[Taking, list[tuple[str, str]]]]:
    """Each taking, and whether it comes to its chair before that is made ready after whoever was there before."""
    rests = (taking for taking in takings if taking.chair and taking.wanted_purpose == Purpose.RECOVERY)
    leaves = {taking.visit: taking.first for taking in rests}
    before: dict[tuple[int, date], list[datetime]] = defaultdict(list)
    for taking in sorted(takings, key=lambda one: one.first):
        if not taking.chair:
            yield taking, []
            continue
        here = before[taking.number, taking.first.astimezone(clinic.tz).date()]
        left = max((moment for moment in here if moment <= taking.first), default=None)
        ready = left + timedelta(minutes=taking.turnover or 0) if left else taking.first
        yield taking, [_unready(taking, ready, clinic)] if ready > taking.first and not taking.beside else []
        from_chair = taking.wanted_purpose == Purpose.TREATMENT
        here.append(leaves.get(taking.visit, taking.end) if from_chair else taking.end)


def _unready(taking: Taking, ready: datetime, clinic: Clinic) -> tuple[str, str]:
    until = f"{ready.astimezone(clinic.tz):%H:%M}"
    return f"chair {taking.number} turnover", f"{taking.chair} is made ready until {until} after the visit before it"


class _Reading:
    """The hours as they stand; each day's masks are made once."""

    def __init__(self, read: Hours) -> None:
        self.hours = read
        self._masks: dict[tuple[int | None, date], int] = {}

    def faults(self, taking: Taking) -> Iterator[tuple[str, str]]:
        day = taking.start.astimezone(self.hours.zone).date()
        if not self._inside(None, day, self.hours.stretches(day), (taking.start, taking.end)):
            yield "opening", self._opening_words(day)
        if taking.kind in {Kind.NURSE, Kind.CLINICIAN}:
            yield from self._duty(taking, day)
        elif taking.chair:
            yield from _chair(taking)

    def _opening_words(self, day: date) -> str:
        if not self.hours.stretches(day):
            return self.hours.closed_words(day).rstrip(".")
        return f"The clinic is open {self.hours.open_words(day)} on that day"

    def _duty(self, taking: Taking, day: date) -> Iterator[tuple[str, str]]:
        stretches = self.hours.duty(taking.number, day)
        if not taking.works_here:
            yield f"staff {taking.number}", f"{taking.person} does not work here any more"
        elif stretches == []:
            yield f"staff {taking.number}", f"{taking.person} does not work on that day"
        elif stretches and not self._inside(taking.number, day, stretches, (taking.first, taking.until)):
            spans = " and ".join(f"{begin:%H:%M} to {end:%H:%M}" for begin, end in stretches)
            yield f"staff {taking.number}", f"{taking.person} works {spans} on that day"

    def _inside(
        self, number: int | None, day: date, stretches: list[Stretch], period: tuple[datetime, datetime]
    ) -> bool:
        """Whether the period lies within these stretches of the day."""
        key = (number, day)
        if key not in self._masks:
            self._masks[key] = hours.mask(day, self.hours.zone, tuple(stretches))
        begin = step_of(day_start(day, self.hours.zone))
        # A period that ends within five minutes takes them whole.
        end = -(-int(period[1].timestamp()) // STEP_SECONDS)
        wanted = ones(0, end - step_of(period[0])) << (step_of(period[0]) - begin)
        return self._masks[key] & wanted == wanted


PURPOSE_WORDS = {Purpose.TREATMENT: "a treatment chair", Purpose.RECOVERY: "a recovery place"}


def _chair(taking: Taking) -> Iterator[tuple[str, str]]:
    key = f"chair {taking.number}"
    if not taking.in_service:
        yield f"{key} service", f"{taking.chair} is out of service"
    if taking.purpose and taking.purpose != taking.wanted_purpose:
        yield f"{key} purpose", f"{taking.chair} is {PURPOSE_WORDS[Purpose(taking.purpose)]} now"
    if taking.wanted_kind and taking.chair_kind != taking.wanted_kind:
        yield f"{key} kind", f"{taking.chair} is no {ChairKind(taking.wanted_kind).value}"
