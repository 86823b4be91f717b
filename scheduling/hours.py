"""When a clinic is open and its people work, as masks of five-minute steps and in words.

Weekly hours, closed days and one-day openings; rotas, single days and time off. One query reads all of it.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from config.refusals import Invalid
from config.staff.models import Clinic
from scheduling.bits import ones
from scheduling.models.booking import LONGEST
from scheduling.wall_clock import STEP, at_step, day_start, day_words, on_grid, span_words, step_of, words

Stretch = tuple[time, time]
# How far ahead anything is planned, searched or booked.
HORIZON = timedelta(weeks=26)

READ = """
    SELECT 'week', NULL::bigint, weekday::int, NULL::date, NULL::date, opens, closes, NULL
    FROM scheduling_openinghours WHERE clinic_id = %(clinic)s
    UNION ALL
    SELECT 'closed', NULL, NULL, day, NULL, NULL, NULL, reason FROM scheduling_closure
    WHERE clinic_id = %(clinic)s AND day BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT 'open', NULL, NULL, day, NULL, opens, closes, NULL FROM scheduling_openday
    WHERE clinic_id = %(clinic)s AND day BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT 'rota', number, NULL, NULL, NULL, NULL, NULL, NULL FROM scheduling_resource
    WHERE clinic_id = %(clinic)s AND by_rota
    UNION ALL
    SELECT 'shift', r.number, s.weekday::int, s.first_day, s.last_day, s.starts, s.ends, NULL
    FROM scheduling_rotashift s JOIN scheduling_resource r ON r.id = s.resource_id
    WHERE r.clinic_id = %(clinic)s AND s.first_day <= %(last)s AND COALESCE(s.last_day, %(first)s) >= %(first)s
    UNION ALL
    SELECT 'day', r.number, NULL, d.day, NULL, d.starts, d.ends, d.reason
    FROM scheduling_rotaday d JOIN scheduling_resource r ON r.id = d.resource_id
    WHERE r.clinic_id = %(clinic)s AND d.day BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT 'off', r.number, NULL, o.first, o.last, NULL, NULL, o.reason
    FROM scheduling_timeoff o JOIN scheduling_resource r ON r.id = o.resource_id
    WHERE r.clinic_id = %(clinic)s AND o.first <= %(last)s AND o.last >= %(first)s
    ORDER BY 1, 6
"""


@dataclass(frozen=True)
class Shift:
    """A stretch of a weekday that somebody works from one day on, until another or for ever."""

    weekday: int
    first: date
    last: date | None
    stretch: Stretch

    def holds_on(self, day: date) -> bool:
        return day.weekday() == self.weekday and self.first <= day and (self.last is None or day <= self.last)


@dataclass
class Rota:
    """When one person works. Time off goes before single days, single days before the weekly pattern."""

    by_rota: bool = False
    shifts: list[Shift] = field(default_factory=list)
    days: dict[date, list[Stretch]] = field(default_factory=dict)
    off: list[tuple[date, date]] = field(default_factory=list)

    def stretches(self, day: date) -> list[Stretch] | None:
        """The stretches worked on that day; None: whenever the clinic is open."""
        if any(first <= day <= last for first, last in self.off):
            return []
        if day in self.days:
            return self.days[day]
        if not self.by_rota:
            return None
        return [shift.stretch for shift in self.shifts if shift.holds_on(day)]


@dataclass(frozen=True)
class Hours:
    """The stretches of each weekday (Monday 0), the days asked for that differ, and the rotas by resource number."""

    zone: ZoneInfo
    week: dict[int, list[Stretch]]
    closures: dict[date, str]
    open_days: dict[date, list[Stretch]] = field(default_factory=dict)
    rotas: dict[int, Rota] = field(default_factory=dict)

    def stretches(self, day: date) -> list[Stretch]:
        """When the clinic is open on that day; empty when it is not."""
        if day in self.closures:
            return []
        return self.open_days.get(day) or self.week.get(day.weekday(), [])

    def mask(self, day: date) -> int:
        """Bit n is set where the clinic is open in the n-th five minutes after the day's first instant."""
        return mask(day, self.zone, tuple(self.stretches(day)))

    def duty(self, number: int, day: date) -> list[Stretch] | None:
        """When this person works on that day; None: whenever the clinic is open."""
        rota = self.rotas.get(number)
        return rota.stretches(day) if rota else None

    def works(self, number: int, begin: datetime, end: datetime) -> bool:
        """Whether this person is on duty all through a period of one clinic day; always, without a rota."""
        day = begin.astimezone(self.zone).date()
        stretches = self.duty(number, day)
        if stretches is None:
            return True
        first = step_of(begin) - step_of(day_start(day, self.zone))
        wanted = ones(first, first + -(-(end - begin) // STEP))
        return mask(day, self.zone, tuple(stretches)) & wanted == wanted

    def longest(self, day: date) -> int:
        """The longest unbroken opening of that day, in minutes."""
        spans = (_minutes(closes) - _minutes(opens) for opens, closes in self.stretches(day))
        return max(spans, default=0)

    def closed_words(self, day: date) -> str:
        """Why nothing can be booked on that day."""
        if day in self.closures:
            return f"The clinic is closed on {day_words(day)}: {self.closures[day]}."
        return f"The clinic is not open on {day:%A}s."

    def open_words(self, day: date) -> str:
        """`08:00 to 12:00 and 13:00 to 18:00`."""
        return " and ".join(f"{opens:%H:%M} to {closes:%H:%M}" for opens, closes in self.stretches(day))


def load(*, clinic: Clinic, first: date, last: date) -> Hours:
    """The hours of a clinic, with its closures from `first` to `last`. One query."""
    found = Hours(clinic.tz, {}, {})
    with connection.cursor() as cursor:
        cursor.execute(READ, {"clinic": clinic.pk, "first": first, "last": last})
        for row in cursor.fetchall():
            _put(found, *row)
    return found


def _put(
    found: Hours,
    what: str,
    number: int,
    weekday: int,
    first: date,
    last: date | None,
    begin: time,
    end: time,
    reason: str,
) -> None:
    """One row of READ to its place."""
    rota = found.rotas.setdefault(number, Rota()) if number is not None else Rota()
    match what:
        case "week":
            found.week.setdefault(weekday, []).append((begin, end))
        case "closed":
            found.closures[first] = reason
        case "open":
            found.open_days.setdefault(first, []).append((begin, end))
        case "rota":
            rota.by_rota = True
        case "shift":
            rota.shifts.append(Shift(weekday, first, last, (begin, end)))
        case "day":
            rota.days.setdefault(first, []).extend([(begin, end)] if begin else [])
        case "off":
            rota.off.append((first, last or first))


def check_start(*, start: datetime, zone: ZoneInfo, now: datetime) -> None:
    """Raise Invalid (start) unless it is on the grid, to come, and not too far ahead."""
    if not on_grid(start):
        raise Invalid("Visits start on a full five minutes.", field="start")
    if start < now:
        raise Invalid(f"{words(start, zone)} is past.", field="start")
    last = last_bookable(now, zone)
    if start.astimezone(zone).date() > last:
        told = f"At most 26 weeks ahead can be booked: until {day_words(last)}."
        raise Invalid(told, field="start", code="beyond-horizon")


def check_visit(*, hours: Hours, start: datetime, minutes: int, now: datetime) -> None:
    """Raise Invalid unless a visit of that length may begin then: on the grid, to come, not too far ahead,
    within one opening."""
    check_start(start=start, zone=hours.zone, now=now)
    day = start.astimezone(hours.zone).date()
    if not hours.stretches(day):
        raise Invalid(hours.closed_words(day), field="start", code="closed")
    if minutes > hours.longest(day):
        raise Invalid(f"{minutes} minutes are longer than the clinic is open on {day_words(day)}.", field="minutes")
    wanted = ones(0, minutes // 5) << (step_of(start) - step_of(day_start(day, hours.zone)))
    if hours.mask(day) & wanted != wanted:
        span = span_words(start, start.astimezone(UTC) + timedelta(minutes=minutes), hours.zone)
        raise Invalid(
            f"The clinic is open {hours.open_words(day)} on {day_words(day)}; this visit would take {span}.",
            field="start",
            code="outside-hours",
        )


def last_bookable(now: datetime, zone: ZoneInfo) -> date:
    """The last day on which anything can be booked now."""
    return now.astimezone(zone).date() + HORIZON


def check_length(minutes: object) -> None:
    """Raise Invalid unless it is a visit's length: whole minutes, in fives, within a day."""
    if not isinstance(minutes, int) or isinstance(minutes, bool) or minutes <= 0:
        raise Invalid("Say how many minutes the visit takes.", field="minutes")
    if minutes % 5:
        raise Invalid("A visit takes a multiple of five minutes.", field="minutes")
    if minutes > LONGEST // timedelta(minutes=1):
        raise Invalid("A visit cannot be longer than a day.", field="minutes")


def next_open_day(*, clinic: Clinic, after: date, within: int = 60) -> date | None:
    """The next day on which the clinic is open; None when there is none within that many days. One query."""
    last = after + timedelta(days=within)
    hours = load(clinic=clinic, first=after, last=last)
    days = (after + timedelta(days=n) for n in range(1, within + 1))
    return next((day for day in days if hours.stretches(day)), None)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def mask(day: date, zone: ZoneInfo, stretches: tuple[Stretch, ...]) -> int:
    """Bit n is set where the wall clock stands inside a stretch in the n-th five minutes of that day."""
    begin, end = day_start(day, zone), day_start(day + timedelta(days=1), zone)
    if end - begin == timedelta(days=1) and begin.astimezone(zone).utcoffset() == end.astimezone(zone).utcoffset():
        return plain_mask(stretches)
    # The clocks change on this day: ask the clock on the wall at each step.
    steps = (end - begin) // STEP
    readings = [at_step(step_of(begin) + n).astimezone(zone).time() for n in range(steps)]
    return sum(1 << n for n, at in enumerate(readings) if any(opens <= at < closes for opens, closes in stretches))


def plain_mask(stretches: tuple[Stretch, ...]) -> int:
    """The same for a day on which no clock changes; the stretches do not overlap."""
    return sum(ones(_minutes(opens) // 5, _minutes(closes) // 5) for opens, closes in stretches)


def local_days(first: date, last: date) -> list[date]:
    """Each day from `first` to `last`, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
