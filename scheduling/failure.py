"""Why a series cannot be: which visit has no place, what is in the way, and what would help. In words."""

from collections.abc import Callable
from dataclasses import dataclass

from scheduling.bits import ones, starts
from scheduling.chain import follow, is_possible, reaches
from scheduling.searching import Search
from scheduling.shape import Shape
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
    possible = [search.possible(number) for number in range(1, wish.count + 1)]
    reached = reaches(possible=possible, first=search.first, gaps=wish.gaps, size=size)
    nth = next((n for n, days in enumerate(reached) if not days), None)
    if nth is None:
        stands = wish.bounds.before is not None or wish.bounds.after is not None
        kept = " and ".join([*["are kept"] * bool(wish.pinned), *["stand already"] * stands])
        return Failure(None, f"No series keeps every gap to the visits that {kept}. {_help(search)}")
    wanted = search.first if nth == 0 else follow(reached[nth - 1], wish.gaps, size)
    ahead = wanted & ones(0, search.window.days_ahead(wish.now))
    if not ahead:
        return Failure(nth + 1, f"Visit {nth + 1} would lie {_beyond(search, wanted)}. Plan fewer visits now.")
    wanted = ahead
    days = [day for n, day in enumerate(search.window.days) if wanted >> n & 1]
    span = day_words(days[0]) if len(days) == 1 else f"from {day_words(days[0])} to {day_words(days[-1])}"
    told = f"Visit {nth + 1} of {wish.count} has no place {span}: {_reason(search, nth + 1, wanted)} {_help(search)}"
    return Failure(nth + 1, told)


def _beyond(search: Search, wanted: int) -> str:
    latest = search.wish.bounds.latest_end
    if not wanted and latest is not None and latest == search.window.days[-1]:
        return f"after {day_words(latest)}, the last day asked for"
    return "beyond the 26 weeks that can be planned"


def _lost_pin(search: Search) -> Failure | None:
    """A pinned start that is not free is the reason, whatever else there is."""
    window, wish = search.window, search.wish
    for number, start in sorted(wish.pinned.items()):
        if search.is_free(number, start):
            continue
        when, step = words(start, window.hours.zone), window.step(start)
        told = f"Visit {number}, kept at {when}, "
        if step is not None and window.starts(wish.needs(number), now=wish.now) >> step & 1:
            return Failure(number, f"{told}lies outside the days and hours asked for. Let it go or ask for others.")
        if step is None:
            return Failure(number, f"{told}lies outside the days that are searched. Let it go or move it.")
        return Failure(number, f"{told}has no place there any more. Let it go or move it.")
    return None


def _help(search: Search) -> str:
    """What would help, tried out: other days and hours, another first day. A larger gap is not ours to try."""
    wish, window, tips = search.wish, search.window, []

    def would(starts: Callable[[Shape], int], first: int) -> bool:
        possible = search.all_days(starts)
        return is_possible(possible=possible, first=first, gaps=wish.gaps, size=search.size)

    if would(lambda shape: window.starts(shape, now=wish.now), search.first):
        tips.append("without the wished days and hours there is a series")
    # After a visit that stands, a later first day would break the gap to it.
    if wish.bounds.after is None and would(search.starts_for, ones(0, search.size)):
        tips.append("with a later first day there is one")
    if would(lambda shape: window.longer_starts(shape, now=wish.now, within=search.within), search.first):
        tips.append("with longer opening hours there is one")
    tips.append("a larger gap needs the prescriber")
    return f"What would help: {'; '.join(tips)}."


def _reason(search: Search, number: int, wanted: int) -> str:
    """What is in the way of this visit on all of the wanted days."""
    window, wish, within = search.window, search.wish, search.within
    shape = wish.needs(number)
    asked = sum(ones(window.bounds[n], window.bounds[n + 1]) for n in range(search.size) if wanted >> n & 1)
    left = starts(window.open & within & asked, shape.minutes // 5) & window.from_now(wish.now)
    if not window.open & asked:
        return "the clinic is closed then."
    if not left:
        return f"the clinic is not open for {shape.minutes} minutes on the days and at the times asked for."
    for bits, told in (
        (window.chair_starts(shape, window.open), f"no chair is free for {shape.minutes} minutes."),
        (window.nurse_starts(shape), "no nurse has room."),
        (window.clinician_starts(shape), "no clinician is free when one is needed."),
        (window.recovery_starts(shape), "no recovery place is free."),
        (starts(window.patient, shape.minutes // 5), "the patient has other visits."),
    ):
        if not bits & left:
            return told
    return "what it needs is never free at the same time."
