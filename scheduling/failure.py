"""Why a series cannot be: which visit has no place, what is in the way, and what would help. In words."""

from dataclasses import dataclass

from scheduling.bits import ones, shifted, starts
from scheduling.chain import is_possible, reaches
from scheduling.searching import Search, has_room
from scheduling.wall_clock import day_words, words


@dataclass(frozen=True)
class Failure:
    """The visit (from 1) that has no place, and all of it in words."""

    visit: int | None
    words: str


def why_none(search: Search) -> Failure:
    """The first visit that has no place after all the places of those before it, why, and what would help."""
    lost = _lost_pin(search)
    if lost is not None:
        return lost
    wish, size = search.wish, search.size
    reached = reaches(possible=search.possible, first=search.first, count=wish.count, gaps=wish.gaps, size=size)
    nth = next((n for n, days in enumerate(reached) if not days), None)
    if nth is None:
        return Failure(None, f"No series keeps every gap to the visits that stand already. {_help(search)}")
    wanted = search.first & ones(0, size)
    if nth:
        wanted = shifted(reached[nth - 1], wish.gaps.least, wish.gaps.most) & ones(0, size)
    if not wanted:
        told = f"Visit {nth + 1} would lie beyond the 26 weeks that can be planned. Plan fewer visits now."
        return Failure(nth + 1, told)
    days = [day for n, day in enumerate(search.window.days) if wanted >> n & 1]
    span = day_words(days[0]) if len(days) == 1 else f"from {day_words(days[0])} to {day_words(days[-1])}"
    told = f"Visit {nth + 1} of {wish.count} has no place {span}: {_reason(search, wanted)} {_help(search)}"
    return Failure(nth + 1, told)


def _lost_pin(search: Search) -> Failure | None:
    """A pinned start that is not free is the reason, whatever else there is."""
    for number, start in sorted(search.wish.pinned.items()):
        if not search.is_free(start):
            when = words(start, search.window.hours.zone)
            return Failure(
                number, f"Visit {number}, kept at {when}, has no place there any more. Let it go or move it."
            )
    return None


def _help(search: Search) -> str:
    """What would help, tried out: other days and hours, another first day. A larger gap is not ours to try."""
    wish, window, tips = search.wish, search.window, []
    free = window.days_with(window.starts(wish.shape, now=wish.now))
    known = {"count": wish.count, "gaps": wish.gaps, "size": search.size}
    if is_possible(possible=free, first=search.first, **known):
        tips.append("without the wished days and hours there is a series")
    if is_possible(possible=search.possible, first=ones(0, search.size), **known):
        tips.append("with a later first day there is one")
    tips.append("a larger gap needs the prescriber")
    return f"What would help: longer hours or another week; {'; '.join(tips)}."


def _reason(search: Search, wanted: int) -> str:
    window, wish, within = search.window, search.wish, search.within
    asked = sum(ones(window.bounds[n], window.bounds[n + 1]) for n in range(search.size) if wanted >> n & 1)
    possible = has_room(window, within & asked, wish.minutes)
    if not window.open & asked:
        return "the clinic is closed then."
    if not possible:
        return f"the clinic is not open for {wish.minutes} minutes on the days and at the times asked for."
    if not window.chair_starts(wish.shape, window.open & within & asked):
        return f"no chair is free for {wish.minutes} minutes."
    for bits, told in (
        (window.nurse_starts(wish.shape), "no nurse has room."),
        (window.clinician_starts(wish.shape), "no clinician is free when one is needed."),
        (window.recovery_starts(wish.shape), "no recovery place is free."),
        (starts(window.patient, wish.minutes // 5), "the patient has other visits."),
    ):
        if not bits & possible:
            return told
    return "what it needs is never free at the same time."
