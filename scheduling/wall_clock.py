"""The clock on the clinic's wall: from what it shows to an instant, and back into words."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from config.http.read_in import is_another_year
from config.refusals import Invalid

STEP = timedelta(minutes=5)
STEP_SECONDS = 300
# Outside of these neither the calendar nor the database can be trusted with a clinic day.
FIRST_YEAR, LAST_YEAR = 1900, 2199


def check_day(day: date, *, field: str = "day") -> None:
    """Raise Invalid for a day of a year that no clinic plans for; a moment of time is judged by its own calendar."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Invalid(f"Give a day from {FIRST_YEAR} to {LAST_YEAR}.", field=field)


def instant(*, day: date, at: time, zone: ZoneInfo, fold: int | None = None) -> datetime:
    """The instant at which the clinic's clock shows this time on this day.

    When the clocks go forward some times do not exist: Invalid. When they go back some come twice: Invalid with
    `choices` (fold 0 is the first), unless `fold` says which is meant.
    """
    check_day(day)
    readings = [datetime.combine(day, at, tzinfo=zone).replace(fold=which) for which in (0, 1)]
    first, second = (reading.astimezone(UTC) for reading in readings)
    if first == second:
        return first
    if first.astimezone(zone).time() != at:
        raise Invalid(
            f"{at:%H:%M} does not exist on {day_words(day)}: the clocks go forward. Choose an earlier or later time.",
            field="time",
            code="no-such-time",
        )
    if fold is None:
        raise _which(day, at, readings)
    return second if fold else first


def _which(day: date, at: time, readings: list[datetime]) -> Invalid:
    offsets = [f"{reading:%z}" for reading in readings]
    return Invalid(
        f"{at:%H:%M} comes twice on {day_words(day)}, because the clocks go back. Choose the first or the second.",
        field="time",
        code="which-time",
        choices=[
            {"fold": fold, "start": reading.isoformat(), "offset": offset}
            for fold, (reading, offset) in enumerate(zip(readings, offsets, strict=True))
        ],
    )


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a clinic day, also where midnight itself is skipped. Raises Invalid (see `check_day`)."""
    check_day(day)
    return _midnight(day, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def day_period(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A clinic day as a half-open period of instants; 23, 24 or 25 hours."""
    return day_start(day, zone), _midnight(day + timedelta(days=1), zone)


def step_of(moment: datetime) -> int:
    """Whole five-minute steps since 1970 (UTC), rounded down."""
    return int(moment.timestamp()) // STEP_SECONDS


def at_step(step: int) -> datetime:
    """The instant at which a step begins."""
    return datetime.fromtimestamp(step * STEP_SECONDS, tz=UTC)


def on_grid(moment: datetime) -> bool:
    """Whether the instant lies on a full five minutes; zones differ from UTC by whole quarters of an hour."""
    return moment.microsecond == 0 and int(moment.timestamp()) % STEP_SECONDS == 0


def day_words(day: date) -> str:
    """`Mon 23 Nov`; `Mon 23 Nov 2026` to somebody who reads it in another year."""
    return dated(day) if is_another_year(day.year) else f"{day:%a} {day.day} {day:%b}"


def dated(day: date) -> str:
    """`Mon 23 Nov 2026`."""
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def at_words(moment: datetime, zone: ZoneInfo) -> str:
    """`09:00` on the clinic's wall; `01:00 PST` where the wall shows that time twice on its day."""
    local = moment.astimezone(zone)
    return f"{local:%H:%M %Z}" if comes_twice(local) else f"{local:%H:%M}"


def comes_twice(local: datetime) -> bool:
    """Whether the clock on this wall shows that time a second time, because it goes back in between."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def words(moment: datetime, zone: ZoneInfo) -> str:
    """`Mon 23 Nov, 09:00` on the clinic's wall."""
    return f"{day_words(moment.astimezone(zone).date())}, {at_words(moment, zone)}"


def span_words(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """`09:00 to 11:00` on the clinic's wall."""
    return f"{at_words(start, zone)} to {at_words(end, zone)}"
