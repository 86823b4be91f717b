"""The series that is proposed, held against trying every chain; and every word about it, against the plain loops."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from config.staff.models import Clinic
from scheduling.chain import Gaps
from scheduling.models.kinds import What
from scheduling.resources import Place
from scheduling.searching import ProposedVisit, Search
from scheduling.wall_clock import day_words
from scheduling.wish import Bounds, Preferences, Wish
from tests.scheduling.inventing import clinics, clock
from tests.scheduling.plainly import FIVE, SmallClinic

Cost = tuple[int, int, int, int]


@dataclass
class Asking:
    """A small clinic, what is wished there, and the plain way to know what is best."""

    clinic: SmallClinic
    wish: Wish

    @cached_property
    def search(self) -> Search:
        return Search(self.wish, self.clinic.window())

    def day_of(self, start: datetime) -> date:
        return start.astimezone(self.clinic.hours.zone).date()

    def wall(self, start: datetime) -> time:
        return start.astimezone(self.clinic.hours.zone).time()

    @cached_property
    def every_start(self) -> list[datetime]:
        """What is free for this patient, whatever is wished."""
        return self.clinic.plainly()

    @cached_property
    def whenever(self) -> list[datetime]:
        """What would be free if the patient could come at any time."""
        places = replace(self.clinic.places, limits=None)
        return replace(self.clinic, places=places).plainly()

    @cached_property
    def starts(self) -> dict[date, list[datetime]]:
        """What is free and wished, by day; nothing after the last day asked for."""
        return self.by_day(start for start in self.every_start if self.within(start))

    def by_day(self, starts: Iterable[datetime], *, latest: date | None = None) -> dict[date, list[datetime]]:
        found: dict[date, list[datetime]] = {day: [] for day in self.clinic.days}
        end = latest or self.wish.bounds.latest_end or self.clinic.days[-1]
        for start in starts:
            if self.day_of(start) <= end:
                found[self.day_of(start)].append(start)
        return found

    def within(self, start: datetime) -> bool:
        """Whether all of the visit lies in the days and hours asked for."""
        bounds, zone = self.wish.bounds, self.clinic.hours.zone
        moments = [(start + FIVE * n).astimezone(zone) for n in range(self.clinic.minutes // 5)]
        return all(
            moment.weekday() in bounds.weekdays and bounds.time_from <= moment.time() < bounds.time_until
            for moment in moments
        )

    def keeps_gap(self, before: date, after: date) -> bool:
        return self.wish.gaps.least <= (after - before).days <= self.wish.gaps.most

    def chains(self, starts: dict[date, list[datetime]], *, last: date | None = None) -> Iterator[list[date]]:
        """Every series of days that keeps every gap and whatever is pinned or stands already."""
        wish = self.wish

        def longer(days: list[date]) -> Iterator[list[date]]:
            if len(days) == wish.count:
                if wish.bounds.before is None or self.keeps_gap(days[-1], wish.bounds.before):
                    yield days
                return
            pinned = wish.pinned.get(len(days) + 1)
            for day, found in starts.items():
                is_possible = pinned in self.starts[day] if pinned else bool(found)
                if not is_possible or (days and not self.keeps_gap(days[-1], day)):
                    continue
                if days or wish.first <= day <= (last or wish.last):
                    yield from longer([*days, day])

        return longer([])

    def cost(self, days: list[date], nurse: Place | None) -> Cost:
        """By the stated preferences: days of the week, visits with another nurse, minutes off, earliness."""
        prefer, free = self.wish.prefer, [day for n, day in enumerate(days, 1) if n not in self.wish.pinned]
        wrong_day = sum(bool(prefer.weekdays) and day.weekday() not in prefer.weekdays for day in free)
        other_nurse = sum(bool(nurse) and not self.with_nurse(day, nurse) for day in free)
        minutes = sum(self.minutes_off(day, nurse) for day in free) if prefer.at else 0
        return wrong_day, other_nurse, minutes, sum((day - self.clinic.days[0]).days for day in days)

    def with_nurse(self, day: date, nurse: Place | None) -> list[datetime]:
        return [start for start in self.starts[day] if nurse and self.clinic.nurse_can(nurse, start)]

    def minutes_off(self, day: date, nurse: Place | None) -> int:
        return min(self.off(start) for start in self.with_nurse(day, nurse) or self.starts[day])

    def off(self, start: datetime) -> int:
        at, wall = self.wish.prefer.at or time(), self.wall(start)
        return abs((at.hour - wall.hour) * 60 + at.minute - wall.minute)

    def best(self) -> Cost | None:
        chains = list(self.chains(self.starts))
        return min((self.cost(days, nurse) for days in chains for nurse in self.nurses()), default=None)

    def nurses(self) -> list[Place | None]:
        prefer, usable = self.wish.prefer, [nurse for nurse in self.clinic.places.nurses if nurse.usable]
        if prefer.nurse:
            return [nurse for nurse in usable if nurse.id == prefer.nurse] or [None]
        return [*usable] if prefer.same_nurse and usable else [None]


@st.composite
def askings(draw):
    clinic = draw(clinics(most_days=10, is_roomy=draw(st.integers(0, 3)) > 0))
    days = clinic.days
    least = draw(st.integers(1, 4))
    at = draw(st.none() | st.integers(0, 287).map(clock))
    time_from, time_until = draw(
        st.sampled_from([(time.min, time.max)] * 3 + [(time(6), time(20)), (time(12), time.max)])
    )
    bounds = Bounds(
        weekdays=draw(st.sampled_from([*[frozenset(range(7))] * 3, frozenset({0, 2, 3, 5, 6})])),
        time_from=time_from,
        time_until=time_until,
        latest_end=draw(st.none() | st.none() | st.sampled_from(days)),
        before=draw(st.none() | st.none() | st.sampled_from([days[-1], days[-1] + timedelta(days=2)])),
    )
    prefer = Preferences(
        weekdays=draw(st.just(frozenset()) | st.frozensets(st.integers(0, 6), max_size=3)),
        same_nurse=draw(st.booleans()),
        nurse=draw(st.none() | st.none() | st.sampled_from(clinic.places.nurses).map(lambda nurse: nurse.id)),
        at=at,
    )
    wish = Wish(
        clinic=Clinic(zone=str(clinic.hours.zone)),
        shape=clinic.shape,
        count=draw(st.integers(1, 4)),
        gaps=Gaps(least, least + draw(st.integers(0, 3))),
        first=days[0],
        last=days[draw(st.integers(0, len(days) - 1))],
        now=clinic.now,
        bounds=bounds,
        prefer=prefer,
    )
    asking = Asking(clinic, wish)
    number, known = draw(st.integers(0, wish.count)), asking.every_start
    if number and known and draw(st.booleans()):
        pinned = {number: known[draw(st.integers(0, len(known) - 1))]}
        asking = Asking(clinic, replace(wish, pinned=pinned))
    return asking


@settings(max_examples=80, deadline=None)
@given(askings())
def test_a_series_is_found_if_there_is_one_and_it_is_the_best(asking):
    chosen = asking.search.best()
    found = None
    if chosen:
        days = [asking.clinic.days[nth] for nth in chosen.days]
        assert days in list(asking.chains(asking.starts))
        found = asking.cost(days, chosen.nurse)
    assert found == asking.best()


@settings(max_examples=50, deadline=None)
@given(askings())
def test_each_visit_begins_where_it_is_free_as_near_to_the_wish_as_its_day_allows(asking):
    chosen = asking.search.best()
    if chosen is None:
        return
    for visit in asking.search.visits(chosen):
        start = visit.start.astimezone(UTC)
        assert visit.end - start == timedelta(minutes=asking.clinic.minutes)
        assert start in asking.starts[asking.day_of(start)]
        if visit.number in asking.wish.pinned:
            assert (start, visit.pinned) == (asking.wish.pinned[visit.number], True)
        elif asking.wish.prefer.at:
            assert asking.off(start) == asking.minutes_off(asking.day_of(start), chosen.nurse)
        assert bool(visit.nurse_id) == bool(chosen.nurse and asking.clinic.nurse_can(chosen.nurse, start))
        chair = next(chair for chair in asking.clinic.places.chairs if chair.id == visit.chair_id)
        assert asking.clinic.is_right(chair)
        assert asking.clinic.takes(chair, start, What.CHAIR)


@settings(max_examples=80, deadline=None)
@given(askings())
def test_every_alternative_is_free_and_keeps_every_gap(asking):
    chosen = asking.search.best()
    if chosen is None:
        return
    visits = asking.search.visits(chosen)
    days = [asking.day_of(visit.start) for visit in visits]
    assert [visit.gap_days for visit in visits[1:]] == [(after - before).days for before, after in pairwise(days)]
    for visit in visits:
        others = [day for day in asking.clinic.days if asking.starts[day] and day in allowed(asking, visits, visit)]
        assert len(visit.alternatives) >= min(len(set(others) - {asking.day_of(visit.start)}), 2)
        assert len(visit.alternatives) <= 3
        for choice in visit.alternatives:
            assert choice.start != visit.start
            assert choice.start.astimezone(UTC) in asking.starts[asking.day_of(choice.start)]
            assert asking.day_of(choice.start) in others


def allowed(asking: Asking, visits: list[ProposedVisit], visit: ProposedVisit) -> list[date]:
    """The days that keep the gaps to the visits beside this one."""
    days = [asking.day_of(one.start) for one in visits]
    nth = visit.number - 1
    before = days[nth - 1] if nth else None
    after = days[nth + 1] if nth + 1 < len(days) else asking.wish.bounds.before
    return [
        day
        for day in asking.clinic.days
        if (asking.keeps_gap(before, day) if before else asking.wish.first <= day <= asking.wish.last)
        and (after is None or asking.keeps_gap(day, after))
    ]


@settings(max_examples=80, deadline=None)
@given(askings())
def test_every_verdict_is_true(asking):
    chosen = asking.search.best()
    if chosen is None:
        return
    visits = asking.search.visits(chosen)
    for visit in visits:
        for sentence in filter(None, visit.verdict.split("; ")):
            assert is_true(sentence, asking, visits, visit), (sentence, visit)
        wished_at = asking.wish.prefer.at
        if wished_at and not visit.pinned and asking.off(visit.start):
            assert visit.verdict
        wished = asking.wish.prefer.weekdays
        if wished and not visit.pinned and asking.day_of(visit.start).weekday() not in wished:
            assert visit.verdict


def is_true(sentence: str, asking: Asking, visits: list[ProposedVisit], visit: ProposedVisit) -> bool:
    if sentence == "another nurse":
        return visit.nurse_id is None
    if sentence == "no such weekday within the gaps":
        wished = asking.wish.prefer.weekdays
        return not any(day.weekday() in wished for day in allowed(asking, visits, visit))
    if on := re.fullmatch(r"(\w+ \d+ \w+): (.+)", sentence):
        [day] = [day for day in asking.clinic.days if day_words(day) == on[1]]
        return day in allowed(asking, visits, visit) and is_true_of_day(on[2], asking, day)
    if told := re.fullmatch(r"no (.+) (until|after|at) (\d\d:\d\d)", sentence):
        return is_true_of_time(asking, visit, *told.groups())
    if told := re.fullmatch(r"(\d\d:\d\d) does not exist that day", sentence):
        return time.fromisoformat(told[1]) not in {
            asking.wall(start) for start in asking.clinic.grid() if asking.day_of(start) == asking.day_of(visit.start)
        }
    at = asking.wish.prefer.at
    here = [s for s in asking.clinic.grid() if asking.day_of(s) == asking.day_of(visit.start) and asking.wall(s) == at][
        :1
    ]
    if sentence == f"the patient has another visit at {at:%H:%M}":
        return not any(patient_is_free(asking, start) for start in here)
    assert sentence == f"nothing free together at {at:%H:%M}", sentence
    return not any(start in asking.starts[asking.day_of(start)] for start in here)


def patient_is_free(asking: Asking, start: datetime) -> bool:
    clinic = asking.clinic
    return all(clinic.free(clinic.places.patient, 0, start + FIVE * n) for n in range(clinic.minutes // 5))


def can(asking: Asking, what: str, start: datetime) -> bool:
    """Whether that one thing is there for a visit that begins then."""
    clinic = asking.clinic
    steps = [start + FIVE * n for n in range(clinic.minutes // 5)]
    is_open = all(clinic.is_open(moment) for moment in steps)
    is_wished = is_open and asking.within(start)
    by_the_clock = {
        "time left": start >= clinic.now,
        "opening long enough": is_open,
        "time within the hours asked for": is_wished,
        "time when the patient can come": is_wished and all(clinic.suits(moment) for moment in steps),
    }
    if what in by_the_clock:
        return by_the_clock[what]
    match what:
        case "chair":
            chairs = [chair for chair in clinic.places.chairs if clinic.is_right(chair)]
            return is_open and any(clinic.takes(chair, start, What.CHAIR) for chair in chairs)
        case "nurse lane":
            return clinic.somebody(start, What.HANDS, What.WATCH)
        case "clinician":
            return clinic.somebody(start, What.CLINICIAN)
        case "recovery place":
            return clinic.somebody(start, What.RECOVERY)
    raise AssertionError(what)


def on_day(asking: Asking, day: date) -> list[datetime]:
    return [start for start in asking.clinic.grid() if asking.day_of(start) == day]


def is_true_of_day(told: str, asking: Asking, day: date) -> bool:
    grid = on_day(asking, day)
    if told == "clinic closed":
        return not any(asking.clinic.is_open(start) for start in grid)
    ahead = [start for start in grid if can(asking, "time left", start)]
    left = [start for start in ahead if can(asking, "time when the patient can come", start)]
    if told == "not open long enough":
        return not any(can(asking, "opening long enough", start) for start in ahead)
    if told == "not open long enough at the times asked for":
        return not any(can(asking, "time within the hours asked for", start) for start in ahead)
    if told == "the patient cannot come then":
        return not left
    if told == "the patient has another visit":
        return not any(patient_is_free(asking, start) for start in left)
    if told == "nothing at one time":
        return not asking.starts[day]
    return not any(can(asking, told.removeprefix("no "), start) for start in left)


def is_true_of_time(asking: Asking, visit: ProposedVisit, what: str, how: str, clock: str) -> bool:
    """Nothing of that kind between the wished time and the one that is named, and something then."""
    at, named = asking.wish.prefer.at, time.fromisoformat(clock)
    grid = on_day(asking, asking.day_of(visit.start))
    wished = next(start for start in grid if asking.wall(start) == at)
    if how == "at":
        return named == at and not can(asking, what, wished)
    if how == "until":
        end = next(start for start in grid if start > wished and asking.wall(start) == named)
        return can(asking, what, end) and not any(can(asking, what, s) for s in grid if wished <= s < end)
    begin = [start for start in grid if start < wished and asking.wall(start) == named][-1]
    return can(asking, what, begin) and not any(can(asking, what, s) for s in grid if begin < s <= wished)
