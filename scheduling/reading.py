"""What the day board and the patient's page read: one day of a clinic, a patient's course. Nothing is written here."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from config.staff.models import Clinic, User
from patients.models import Patient
from scheduling import form_holds, hours
from scheduling.models import Appointment, Chair, FormHold, Resource
from scheduling.models.places import Kind
from scheduling.states import CANCELLED, OCCUPIES, PRESENT, Status
from scheduling.wall_clock import at_words, day_period

LATE = timedelta(minutes=10)
WORTH_TELLING = timedelta(minutes=30)
UNRESOLVED = "unresolved"
WAITS_FOR_CHAIR = frozenset({Status.HELD, Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN})
NOT_ON_BOARD = CANCELLED | {Status.ENTERED_IN_ERROR}


@dataclass(frozen=True)
class DayVisit:
    """A visit as the board shows it: `number` of `of` in its series, if it has one; `late` when nobody came in time."""

    visit: Appointment
    state: str
    number: int | None
    of: int | None
    late: bool
    now: datetime

    @property
    def place(self) -> str:
        """`3/6`, or nothing for a visit on its own."""
        return f"{self.number}/{self.of}" if self.number else ""

    @property
    def begins(self) -> str:
        """When on the clinic's wall, and which of the two where that comes twice."""
        return at_words(self.visit.start, self.visit.clinic.tz)

    @property
    def ends(self) -> str:
        """As `begins`."""
        return at_words(self.visit.end, self.visit.clinic.tz)

    @property
    def on_board(self) -> bool:
        return self.visit.status not in NOT_ON_BOARD

    @property
    def detail(self) -> str:
        """What stands beside the state's word."""
        return since_words(self.visit, self.now)


@dataclass(frozen=True)
class Load:
    """Half an hour of the day: when it begins, and how many chairs are in use and visits begin in it."""

    at: datetime
    used: int
    starts: int


@dataclass
class Day:
    """One clinic day. Times are instants; the page shows them on the clinic's wall."""

    clinic: Clinic
    day: date
    now: datetime
    hours: hours.Hours
    chairs: list[Chair]
    nurses: int
    visits: list[DayVisit]
    held: list[FormHold] = field(default_factory=list)
    next_open: date | None = None
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def is_today(self) -> bool:
        return self.day == self.clinic.today(self.now)

    @property
    def closed(self) -> str:
        """Why the clinic is closed; empty when it is open."""
        return "" if self.hours.stretches(self.day) else self.hours.closed_words(self.day)

    @property
    def hours_words(self) -> str:
        return self.hours.open_words(self.day)

    @cached_property
    def on_board(self) -> list[DayVisit]:
        return [shown for shown in self.visits if shown.on_board]

    @cached_property
    def names(self) -> dict[UUID, str]:
        """What each patient is called on the board: short, and longer where two of the day would be called the same."""
        here = {shown.visit.patient_id: shown.visit.patient for shown in self.on_board}
        named = {pk: patient.short_name for pk, patient in here.items()}
        for longer in (lambda patient: patient.full_name, lambda patient: f"{patient.full_name} {_born(patient)}"):
            times = Counter(named.values())
            named = {pk: longer(here[pk]) if times[name] > 1 else name for pk, name in named.items()}
        return named

    @cached_property
    def shared(self) -> dict[UUID, int]:
        """How many are in one chair, of each visit that is overbooked or beside one that is."""
        return shared_chairs(self.on_board)

    @cached_property
    def held_up(self) -> dict[UUID, Appointment]:
        """Of each visit to come whose chair is not free yet: who is still in it, past their time."""
        return held_up(self.on_board, self.now)

    @cached_property
    def opens(self) -> datetime:
        """The beginning of what the board shows: opening, or the first visit if that is earlier, on a full hour."""
        firsts = [self._instant(opens) for opens, _ in self.hours.stretches(self.day)]
        firsts += [shown.visit.start for shown in self.on_board]
        first = min(firsts, default=self._instant(time(8)))
        return first.astimezone(self.clinic.tz).replace(minute=0, second=0, microsecond=0)

    @cached_property
    def closes(self) -> datetime:
        """The end of what the board shows, on a full hour."""
        lasts = [self._instant(closes) for _, closes in self.hours.stretches(self.day)]
        lasts += [shown.visit.end for shown in self.on_board]
        last = max(lasts, default=self._instant(time(18))).astimezone(self.clinic.tz)
        whole = last.replace(minute=0, second=0, microsecond=0)
        return whole if whole == last else whole + timedelta(hours=1)

    @property
    def shut(self) -> list[tuple[datetime, datetime]]:
        """The parts of what the board shows in which the clinic is closed."""
        found, at = [], self.opens
        for opens, closes in self.hours.stretches(self.day):
            if at < self._instant(opens):
                found.append((at, self._instant(opens)))
            at = self._instant(closes)
        return [*found, (at, self.closes)] if at < self.closes else found

    def _instant(self, at: time) -> datetime:
        return datetime.combine(self.day, at, tzinfo=self.clinic.tz)

    @property
    def chairs_in_use(self) -> int:
        return len({shown.visit.chair_id for shown in self.visits if shown.visit.status in PRESENT})

    @property
    def chairs_in_service(self) -> list[Chair]:
        return [chair for chair in self.chairs if chair.in_service]

    @cached_property
    def next_free(self) -> datetime | None:
        """When, from now on, the first chair is free for half an hour inside the hours; None when none is any more."""
        taken: dict[UUID, list[tuple[datetime, datetime]]] = {chair.pk: [] for chair in self.chairs_in_service}
        standing: list[Appointment | FormHold] = [shown.visit for shown in self.visits if shown.visit.occupies]
        for one in [*standing, *self.held]:
            if one.chair_id in taken:
                taken[one.chair_id].append((one.start, one.end))
        soonest = _next_five(self.now)
        for opens, closes in self.hours.stretches(self.day):
            begin, end = max(self._instant(opens), soonest), self._instant(closes)
            free = min((_first_gap(sorted(periods), begin) for periods in taken.values()), default=end)
            if free + WORTH_TELLING <= end:
                return free
        return None

    @cached_property
    def load(self) -> list[Load]:
        """The day in half hours."""
        found, at = [], self.opens
        while at < self.closes:
            until = at + timedelta(minutes=30)
            here = [s.visit for s in self.on_board if s.visit.occupies and s.visit.start < until and s.visit.end > at]
            starts = sum(1 for visit in here if at <= visit.start)
            found.append(Load(at, len({visit.chair_id for visit in here}), starts))
            at = until
        return found


def _born(patient: Patient) -> str:
    return f"b. {patient.birth_date:%-d %b %Y}" if patient.birth_date else patient.record_number


def _first_gap(periods: list[tuple[datetime, datetime]], begin: datetime) -> datetime:
    """The first moment from `begin` on that has half an hour between these periods, or after them."""
    for start, end in periods:
        if start - begin >= WORTH_TELLING:
            break
        begin = max(begin, end)
    return begin


def _next_five(now: datetime) -> datetime:
    """The next full five minutes, or now."""
    left = -int(now.timestamp()) % 300
    return now.replace(microsecond=0) + timedelta(seconds=left)


def day(*, clinic: Clinic, day: date, now: datetime) -> Day:
    """A clinic day with its chairs, its visits and what forms hold. Five queries whatever the number of visits."""
    places = Resource.objects.filter(clinic=clinic, kind__in=[Kind.CHAIR, Kind.NURSE]).select_related("chair", "staff")
    chairs = {place.chair.pk: place.chair for place in places if place.chair}
    people = {place.staff.pk: place.staff for place in places if place.staff}
    open_hours = hours.load(clinic=clinic, first=day, last=day)
    found = Day(
        clinic=clinic,
        day=day,
        now=now,
        hours=open_hours,
        chairs=sorted(chairs.values(), key=lambda chair: (chair.position, chair.name)),
        nurses=sum(person.is_active for person in people.values()),
        visits=_visits(clinic, day, now, chairs, people),
    )
    if found.closed:
        found.next_open = hours.next_open_day(clinic=clinic, after=day)
    else:
        found.held = _held(clinic, day, now)
    found.counts = _counts(found.visits)
    return found


def _visits(
    clinic: Clinic, day: date, now: datetime, chairs: dict[UUID, Chair], people: dict[UUID, User]
) -> list[DayVisit]:
    """Each chair and nurse is read once for the day, not once more for each visit; what is no place to book any more,
    when it is asked for."""
    period = day_period(day, clinic.tz)
    rows = (
        Appointment.objects.filter(clinic=clinic, start__gte=period[0], start__lt=period[1])
        .select_related("patient")
        .annotate(number=_counted(start__lte=OuterRef("start")), of=_counted())
        .order_by("start", "chair__position", "id")
    )
    shown = []
    for visit in rows:
        visit.clinic = clinic
        if visit.chair_id in chairs:
            visit.chair = chairs[visit.chair_id]
        if visit.nurse_id in people:
            visit.nurse = people[visit.nurse_id]
        number, of = (None, None) if visit.status in NOT_ON_BOARD else (visit.number, visit.of)
        late = visit.status == Status.BOOKED and visit.start + LATE < now <= visit.end
        shown.append(DayVisit(visit, state(visit, now), number, of, late, now))
    return shown


def _counted(**some: Any) -> Subquery:
    """How many visits of the same series were not cancelled; nothing for a visit on its own."""
    series = Appointment.objects.filter(series=OuterRef("series"), **some).exclude(status__in=NOT_ON_BOARD)
    return Subquery(series.order_by().values("series").annotate(many=Count("pk")).values("many"))


def _held(clinic: Clinic, day: date, now: datetime) -> list[FormHold]:
    first, end = day_period(day, clinic.tz)
    return list(form_holds.standing(clinic=clinic, now=now).filter(start__gte=first, start__lt=end))


def state(visit: Appointment, now: datetime) -> str:
    """The key of a visit's chip: its status, refined by what the patient answered and by the time that has passed."""
    return UNRESOLVED if visit.is_unresolved(now) else visit.state_key


CAME = frozenset({Status.ARRIVED, Status.CHECKED_IN})


def since_words(visit: Appointment, now: datetime) -> str:
    """`08:47`, when somebody came; `00:42`, how long an infusion or recovery has run. Empty in every other state."""
    since = visit.state_since
    if since is None or visit.status not in PRESENT:
        return ""
    if visit.status in CAME:
        return f"{since.astimezone(visit.clinic.tz):%H:%M}"
    minutes = max(0, int((now - since).total_seconds()) // 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def numbered(visits: Iterable[Appointment]) -> dict[UUID, tuple[int, int]]:
    """Which visit of how many each is in its series, counting those that were not cancelled. One query, or none."""
    series = {visit.series_id for visit in visits if visit.series_id}
    if not series:
        return {}
    rows = Appointment.objects.filter(series_id__in=series).exclude(status__in=NOT_ON_BOARD)
    by_series: dict[UUID, list[UUID]] = {}
    for pk, series_id in rows.order_by("start").values_list("pk", "series_id"):
        by_series.setdefault(series_id, []).append(pk)
    return {pk: (nth, len(pks)) for pks in by_series.values() for nth, pk in enumerate(pks, start=1)}


DONE = frozenset({Status.COMPLETED, Status.STOPPED_EARLY, Status.NOT_TREATED})


def _counts(visits: list[DayVisit]) -> Counter[str]:
    return Counter(_count_of(shown) for shown in visits)


def _count_of(shown: DayVisit) -> str:
    """The word under which the sentence above the board counts a visit."""
    status = shown.visit.status
    if shown.visit.is_cancelled:
        return "cancelled"
    if status == Status.BOOKED:
        return "without outcome" if shown.state == UNRESOLVED else "late" if shown.late else "to come"
    if status in PRESENT:
        return "here"
    return "done" if status in DONE else str(status).replace("-", " ")


def course(*, patient: Patient) -> list[Appointment]:
    """A patient's visits, the oldest first, with chair and nurse. One query."""
    return list(Appointment.objects.filter(patient=patient).select_related("chair", "nurse").order_by("start"))


def without_outcome(now: datetime) -> Q:
    """What `Appointment.is_unresolved` says of one visit, asked of many."""
    return Q(status=Status.BOOKED, end__lt=now)


def unresolved(*, clinic: Clinic, now: datetime) -> QuerySet[Appointment]:
    """Past visits of which nobody has said what became of them, however long ago."""
    found = Appointment.objects.filter(without_outcome(now), clinic=clinic)
    return found.select_related("patient", "chair").order_by("start", "id")


def shared_chairs(visits: Iterable[DayVisit]) -> dict[UUID, int]:
    """How many are in the chair at once, of each visit that does not have its chair alone: only on purpose."""
    by_chair: dict[UUID, list[Appointment]] = {}
    for shown in visits:
        if shown.visit.occupies:
            by_chair.setdefault(shown.visit.chair_id, []).append(shown.visit)
    found: dict[UUID, int] = {}
    for here in by_chair.values():
        for visit in here:
            beside = sum(other.start < visit.end and visit.start < other.end for other in here)
            if beside > 1:
                found[visit.pk] = beside
    return found


def held_up(visits: Iterable[DayVisit], now: datetime) -> dict[UUID, Appointment]:
    """The next visit in each chair whose patient should have left and has not."""
    over = {s.visit.chair_id: s.visit for s in visits if s.visit.status in PRESENT and s.visit.end < now}
    found: dict[UUID, Appointment] = {}
    for chair, still_there in over.items():
        after = [
            s.visit
            for s in visits
            if s.visit.chair_id == chair
            and s.visit.status in WAITS_FOR_CHAIR
            and s.visit.start >= still_there.start
            and s.visit.pk != still_there.pk
        ]
        if after:
            found[min(after, key=lambda visit: visit.start).pk] = still_there
    return found


def shared_with(visit: Appointment) -> int:
    """How many are in its chair at once, itself included; 0 when it has the chair alone."""
    if not visit.occupies:
        return 0
    same = Appointment.objects.filter(chair=visit.chair_id, start__lt=visit.end, end__gt=visit.start)
    beside = same.filter(status__in=OCCUPIES).exclude(pk=visit.pk).count()
    return beside + 1 if beside else 0
