"""Proposing a series: the best that keeps every gap, exact, with reasons in words when there is none.

This module cannot see orders. Count, gaps and length come as plain values from `infusions.fulfilment`, and a missing
one is refused, never filled in. Gaps are counted in clinic days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from config.refusals import Invalid
from config.staff.models import Clinic
from patients.models import Patient
from scheduling import shape
from scheduling import wish as wishes
from scheduling.availability import HORIZON, Reading, read
from scheduling.chain import Gaps
from scheduling.failure import why_none
from scheduling.hours import local_days
from scheduling.models.kinds import VisitKind
from scheduling.searching import Chosen, ProposedVisit, Search
from scheduling.shape import Shape
from scheduling.wall_clock import day_words
from scheduling.wish import Bounds, Preferences, Wish
from scheduling.wording import days_in_words

FIRST_WEEKS = timedelta(weeks=4)
ANY_TIME, NO_PREFERENCE = Bounds(), Preferences()


@dataclass(frozen=True)
class Proposal:
    """All visits, or none and `failure`: which visit has no place (`failed`, from 1), why, and what would help.

    `visit_type`: what they would be booked as; None at a clinic without types. `late`: the number and day of the first
    visit after the last day asked for, where nothing but that day is in the way.
    """

    visits: list[ProposedVisit]
    failure: str = ""
    failed: int | None = None
    visit_type: UUID | None = None
    late: tuple[int, date] | None = None


def propose(
    *,
    clinic: Clinic,
    patient: Patient,
    count: int | None,
    min_gap_days: int | None,
    max_gap_days: int | None,
    minutes: int | None,
    now: datetime,
    first_from: date,
    first_until: date | None = None,
    visit_type: UUID | None = None,
    needs: Sequence[Shape] = (),
    bounds: Bounds = ANY_TIME,
    prefer: Preferences = NO_PREFERENCE,
    pinned: Mapping[int, datetime] | None = None,
    except_for: Sequence[UUID] = (),
) -> Proposal:
    """The series that keeps every gap and fits the preferences best; the earliest of those that fit alike.

    The first visit lies from `first_from` to `first_until` (clinic days). Visits of `pinned` (by number, from 1) stay
    where they are; places of the visits of `except_for` count as free, as these are about to move: each needs what it
    was booked with, `needs`. New ones are of `visit_type`, or the clinic's first. Without a wished time each visit is
    as near to the first one's time of day as its day allows. Exact: if a series exists within 26 weeks, it is found.
    Four queries, five when the first four weeks do not do. Raises Invalid for limits that are missing or make no sense.
    """
    wishes.check_limits(count=count, min_gap_days=min_gap_days, max_gap_days=max_gap_days, minutes=minutes)
    wishes.check_first(clinic=clinic, now=now, first_from=first_from, first_until=first_until)
    wishes.check_pinned(pinned=pinned or {}, count=count or 0)
    wishes.check_bounds(bounds=bounds, prefer=prefer, today=clinic.today(now))
    gaps = Gaps(min_gap_days, max_gap_days)  # type: ignore[arg-type]
    first, last = wishes.first_days(
        clinic=clinic, now=now, first_from=first_from, first_until=first_until, bounds=bounds, gaps=gaps
    )
    wish = Wish(
        clinic=clinic,
        shape=needs[0] if needs else _shape(clinic, minutes or 0, visit_type),
        shapes=tuple(needs),
        count=count or 0,
        gaps=gaps,
        first=first,
        last=last,
        now=now,
        bounds=bounds,
        prefer=prefer,
        pinned=pinned or {},
        except_for=tuple(except_for),
    )
    if wish.last < wish.first:
        return Proposal([], _too_late(wish), 1)
    if bounds.latest_end is not None and bounds.latest_end < wish.first:
        raise Invalid("The last day of all comes before the first visit.", field="latest_end")
    return _searched(wish, patient, is_open_ended=first_until is None and bounds.after is None)


def _shape(clinic: Clinic, minutes: int, visit_type: UUID | None) -> Shape:
    return shape.load(clinic=clinic, kind=VisitKind.INFUSION, minutes=minutes, visit_type=visit_type, offered=True)


def _too_late(wish: Wish) -> str:
    after = wish.bounds.after
    if after is None:
        return "There is no day left for the first visit."
    last = day_words(after + timedelta(days=wish.gaps.most))
    return (
        f"The next visit had to be by {last}, at most {days_in_words(wish.gaps.most)} after {day_words(after)}. "
        "A later one needs the prescriber."
    )


def _searched(wish: Wish, patient: Patient, *, is_open_ended: bool) -> Proposal:
    """A series begins soon: without a last day four weeks are tried before a first visit in all of the horizon, and
    stand unless a later beginning has more of the wished days and nurse; the time of day alone is worth no delay."""
    known = read(
        clinic=wish.clinic,
        first=wish.first,
        last=_last_day(wish),
        now=wish.now,
        patient=patient,
        except_for=wish.except_for,
    )
    _check_length(wish, known)
    _check_nurse(wish, known)
    if is_open_ended and wish.last - wish.first > FIRST_WEEKS:
        return _soon_or_later(wish, known)
    search = Search(wish, known.window(wish.first, _last_day(wish)))
    return _answer(search, search.best())


def _soon_or_later(wish: Wish, known: Reading) -> Proposal:
    sooner = replace(wish, last=wish.first + FIRST_WEEKS)
    soon = Search(sooner, known.window(wish.first, _last_day(sooner)))
    begun = soon.best()
    if begun is not None and begun.misses == 0:
        return _answer(soon, begun)
    later = Search(wish, known.window(wish.first, _last_day(wish)))
    best = later.best()
    if begun is not None and (best is None or begun.misses <= best.misses):
        return _answer(soon, begun)
    return _answer(later, best)


def _last_day(wish: Wish) -> date:
    """The last day on which any visit of the series may be, were there no last day asked for: what a failure tells of
    that day is found without looking again."""
    whole = timedelta(days=min((wish.count - 1) * wish.gaps.most, HORIZON.days))
    return min(wish.last + whole, wish.first + HORIZON)


def _check_length(wish: Wish, known: Reading) -> None:
    longest = max(known.hours.longest(day) for day in local_days(wish.first, _last_day(wish)))
    if wish.minutes > longest > 0:
        raise Invalid(f"{wish.minutes} minutes are longer than the clinic is open on any day.", field="minutes")


def _check_nurse(wish: Wish, known: Reading) -> None:
    if wish.prefer.nurse is not None and wish.prefer.nurse not in {nurse.id for nurse in known.places.nurses}:
        raise Invalid("There is no such nurse at this clinic.", field="nurse")


def _answer(search: Search, chosen: Chosen | None) -> Proposal:
    visit_type = search.wish.shape.visit_type
    if chosen is None:
        failure = why_none(search)
        return Proposal([], failure.words, failure.visit, visit_type, failure.late)
    return Proposal(search.visits(chosen), visit_type=visit_type)
