"""What the search must find, the slow way: every five minutes, every place and person, every five minutes of the visit.

Nothing here is shared with the search but the values that it gets; the days and hours are read off the wall by walking.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from scheduling.hours import Hours, Rota
from scheduling.models.kinds import Part, What
from scheduling.resources import Place, Resources, Taken
from scheduling.shape import Shape, SpanNeed, laid
from scheduling.window import Window

FIVE = timedelta(minutes=5)
# Days on which the clocks go forward or back; Phoenix has none, Lord Howe changes by half an hour, Santiago at
# midnight, and in Casablanca they go back first.
CHANGES = {
    "America/Los_Angeles": [date(2026, 11, 1), date(2027, 3, 14)],
    "Europe/London": [date(2026, 10, 25), date(2027, 3, 28)],
    "Australia/Lord_Howe": [date(2026, 10, 4), date(2027, 4, 4)],
    "America/Phoenix": [date(2026, 11, 1)],
    "Africa/Casablanca": [date(2026, 2, 15), date(2026, 3, 22)],
    "America/Santiago": [date(2026, 4, 5), date(2026, 9, 6)],
}
Row = tuple[int, int, int, int]


@dataclass
class Span:
    """A stretch of a visit with its needs: what, which part of it, for how many minutes."""

    minutes: int | None
    needs: list[tuple[What, Part, int | None]] = field(default_factory=list)


PLAIN = [Span(None, [(What.CHAIR, Part.ALL, None), (What.WATCH, Part.ALL, None)])]


@dataclass
class SmallClinic:
    """Some days of an invented clinic, as the search gets it and as the plain loops read it."""

    hours: Hours
    days: list[date]
    places: Resources
    rows: list[Row]
    now: datetime
    minutes: int
    spans: list[Span]
    chair_kind: str = ""

    @cached_property
    def shape(self) -> Shape:
        rows = [
            SpanNeed(UUID(int=1), self.chair_kind, nth, span.minutes, what, part, minutes)
            for nth, span in enumerate(self.spans)
            for what, part, minutes in span.needs
        ]
        return laid(rows, self.minutes)

    def window(self) -> Window:
        return Window(open_hours=self.hours, days=self.days, places=self.places, rows=self.rows)

    def found(self) -> list[datetime]:
        """What the search finds."""
        window = self.window()
        bits = window.starts(self.shape, now=self.now, within=window.when_patient_can)
        return [start.astimezone(UTC) for nth in range(len(self.days)) for start in window.instants(bits, nth)]

    def grid(self) -> Iterator[datetime]:
        """Every five minutes of these days."""
        start = first_instant(self.days[0], self.hours.zone)
        end = first_instant(self.days[-1] + timedelta(days=1), self.hours.zone)
        while start < end:
            yield start
            start += FIVE

    def plainly(self) -> list[datetime]:
        """What it must find."""
        return [start for start in self.grid() if self.bookable(start)]

    def bookable(self, start: datetime) -> bool:
        own = [start + FIVE * n for n in range(self.minutes // 5)]
        return (
            start >= self.now
            and all(self.is_open(moment) and self.suits(moment) for moment in own)
            and all(self.free(self.places.patient, 0, moment) for moment in own)
            and any(self.takes(chair, start, What.CHAIR) for chair in self.places.chairs if self.is_right(chair))
            and self.somebody(start, What.HANDS, What.WATCH)
            and self.somebody(start, What.CLINICIAN)
            and self.somebody(start, What.RECOVERY)
        )

    def is_right(self, chair: Place) -> bool:
        return chair.usable and (not self.chair_kind or chair.chair_kind == self.chair_kind)

    def somebody(self, start: datetime, *what: What) -> bool:
        if not any(self.needed[one] for one in what):
            return True
        if What.HANDS in what:
            return any(self.nurse_can(nurse, start) for nurse in self.places.nurses if nurse.usable)
        among = self.places.clinicians if What.CLINICIAN in what else self.places.recovery
        return any(self.takes(one, start, what[0]) for one in among if one.usable)

    def nurse_can(self, nurse: Place, start: datetime) -> bool:
        if not all(self.is_there(nurse, 0, start + FIVE * n) for n in self.needed[What.HANDS]):
            return False
        watch = [start + FIVE * n for n in self.needed[What.WATCH]]
        return not watch or any(all(self.is_there(nurse, lane, m) for m in watch) for lane in nurse.lanes)

    def takes(self, place: Place, start: datetime, what: What) -> bool:
        """Whether it is free whenever it is needed, and to be made ready afterwards."""
        steps = sorted(self.needed[what])
        after = range(steps[-1] + 1, steps[-1] + 1 + place.turnover // 5) if steps else []
        return all(self.is_empty(place, start + FIVE * n) for n in [*steps, *after])

    def is_there(self, place: Place, lane: int, moment: datetime) -> bool:
        return self.free(place.number, lane, moment) and self.on_duty(place.number, moment)

    def is_empty(self, place: Place, moment: datetime) -> bool:
        """Whether nobody is in it, nor was put in beside somebody else."""
        return all(self.free(place.number, lane, moment) for lane in range(4)) and self.on_duty(place.number, moment)

    @cached_property
    def needed(self) -> dict[What, set[int]]:
        """For each need the five-minute steps of the visit at which it is there."""
        found: dict[What, set[int]] = defaultdict(set)
        rest = self.minutes - sum(span.minutes or 0 for span in self.spans)
        at = 0
        for span in self.spans:
            steps = range(at, at + (rest if span.minutes is None else span.minutes) // 5)
            at = steps.stop
            for what, part, minutes in span.needs:
                count = len(steps) if minutes is None else minutes // 5
                found[what] |= set(steps[max(0, len(steps) - count) :] if part == Part.LAST else steps[:count])
        return found

    def is_open(self, moment: datetime) -> bool:
        local = moment.astimezone(self.hours.zone)
        day = local.date()
        if day in self.hours.closures:
            return False
        stretches = self.hours.open_days[day] if day in self.hours.open_days else self.hours.week.get(day.weekday(), [])
        return any(opens <= local.time() < closes for opens, closes in stretches)

    def suits(self, moment: datetime) -> bool:
        limits, local = self.places.limits, moment.astimezone(self.hours.zone)
        if limits is None:
            return True
        if limits.weekdays and local.weekday() not in limits.weekdays:
            return False
        too_early = limits.time_from is not None and local.time() < limits.time_from
        return not too_early and (limits.time_until is None or local.time() < limits.time_until)

    def on_duty(self, number: int, moment: datetime) -> bool:
        rota, local = self.hours.rotas.get(number), moment.astimezone(self.hours.zone)
        if rota is None:
            return True
        day = local.date()
        for first, last in rota.off:
            if first <= day <= last:
                return False
        if day not in rota.days and not rota.by_rota:
            return True
        return any(starts <= local.time() < ends for starts, ends in worked(rota, day))

    def free(self, number: int | None, lane: int, moment: datetime) -> bool:
        return int(moment.timestamp()) // 300 not in self.busy[number, lane]

    @cached_property
    def busy(self) -> dict[tuple[int | None, int], set[int]]:
        found: dict[tuple[int | None, int], set[int]] = defaultdict(set)
        for number, lane, first, end in self.rows:
            found[number, lane] |= set(range(first, end))
        return found

    def taken(self, visit: int = 0) -> list[Taken]:
        """The rows as a booking reads them."""
        return [
            Taken(visit, number, lane, at_five(first), at_five(end)) for number, lane, first, end in sorted(self.rows)
        ]


def worked(rota: Rota, day: date) -> Iterable[tuple[time, time]]:
    if day in rota.days:
        return rota.days[day]
    return [
        shift.stretch
        for shift in rota.shifts
        if shift.weekday == day.weekday() and shift.first <= day and not (shift.last and shift.last < day)
    ]


def at_five(step: int) -> datetime:
    return datetime.fromtimestamp(step * 300, tz=UTC)


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """Found by walking, not by arithmetic: the first five minutes of UTC that the wall calls this day."""
    moment = datetime.combine(day, time(), tzinfo=UTC) - timedelta(hours=16)
    while moment.astimezone(zone).date() < day:
        moment += FIVE
    return moment
