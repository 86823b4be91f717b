"""Why a series cannot be: which visit has no place, what is in the way, and what would help. In words."""

from dataclasses import dataclass, replace
from datetime import date

from scheduling.bits import ones, starts
from scheduling.chain import follow, leads_to, reaches
from scheduling.models.kinds import What
from scheduling.searching import Search
from scheduling.wall_clock import day_words, words


@dataclass(frozen=True)
class Failure:
    """The visit (from 1) that has no place, and all of it in words.

    `late`: the first visit after the last day asked for, and its day, where nothing but that day is in the way.
    """

    visit: int
    words: str
    late: tuple[int, date] | None = None


def why_none(search: Search) -> Failure:
    """The first visit that has no place after all the places of those before it, why, and what would help."""
    return replace(_lost_pin(search) or _no_chain(search), late=_late(search))


def _no_chain(search: Search) -> Failure:
    wish = search.wish
    possible = [search.days_of(number) for number in range(1, wish.count + 1)]
    reached = reaches(possible=possible, first=search.first, gaps=wish.gaps, size=search.size)
    number = next(n for n, days in enumerate(reached, start=1) if not days)
    if number in wish.pinned:
        return _at_pin(search, number, reached)
    wanted = _after(search, number, reached)
    if number == wish.count and wish.bounds.before is not None:
        wanted &= search.before
        if not wanted:
            return Failure(number, f"Visit {number} cannot keep the gaps to the visits that stand. {_help(search)}")
    return _no_place(search, number, wanted)


def _after(search: Search, number: int, reached: list[int]) -> int:
    """The days on which this visit keeps the gap to all that the one before it can have."""
    return search.first if number == 1 else follow(reached[number - 2], search.wish.gaps, search.size)


def _at_pin(search: Search, number: int, reached: list[int]) -> Failure:
    """A visit that is kept at a free place cannot be reached: the one before it has none that leads there, if it could
    have one."""
    wish, start = search.wish, search.wish.pinned[number]
    if number > 1 and number - 1 not in wish.pinned:
        leading = leads_to(search.day_of(start), wish.gaps, search.size)
        wanted = _after(search, number - 1, reached) & leading
        if wanted and not reached[number - 2] & leading:
            return _no_place(search, number - 1, wanted)
    is_first = number == 1 and wish.bounds.after is None
    what = "is on no day for a first visit" if is_first else "does not keep the gaps to the visits beside it"
    when = words(start, search.window.hours.zone)
    return Failure(number, f"Visit {number}, kept at {when}, {what}. Let it go or move it. {_help(search)}")


def _no_place(search: Search, number: int, wanted: int) -> Failure:
    """On none of the wanted days, which all keep the gaps."""
    wish, latest = search.wish, search.wish.bounds.latest_end
    ahead = wanted & ones(0, search.window.days_ahead(wish.now))
    if not ahead:
        beyond = "beyond the 26 weeks that can be planned. Plan fewer visits now."
        return Failure(number, f"Visit {number} would lie {beyond}")
    if latest is not None and not ahead & search.until:
        after = f"after {day_words(latest)}, the last day asked for. Plan fewer visits now."
        return Failure(number, f"Visit {number} would lie {after} {_help(search)}")
    ahead &= search.until
    days = [day for n, day in enumerate(search.window.days) if ahead >> n & 1]
    span = day_words(days[0]) if len(days) == 1 else f"from {day_words(days[0])} to {day_words(days[-1])}"
    told = f"Visit {number} of {wish.count} has no place {span}: {_reason(search, number, ahead)} {_help(search)}"
    return Failure(number, told)


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


def _late(search: Search) -> tuple[int, date] | None:
    """Where the first visit would lie that comes after the last day asked for, were there no such day."""
    latest = search.wish.bounds.latest_end
    if latest is None:
        return None
    bounds = replace(search.wish.bounds, latest_end=None)
    found = Search(replace(search.wish, bounds=bounds), search.window).best()
    days = [search.window.days[nth] for nth in found.days] if found else []
    return next(((number, day) for number, day in enumerate(days, start=1) if day > latest), None)


def _help(search: Search) -> str:
    """What would help, tried out: other days and hours, another first or last day, letting go of what is kept. A larger
    gap is not ours to try."""
    wish, window, whole = search.wish, search.window, ones(0, search.size)
    tips = [*_other_times(search)]
    # After a visit that stands, a later first day would break the gap to it.
    if wish.bounds.after is None and search.is_possible(search.starts_for, first=whole):
        tips.append("with a later first day there is one")
    if wish.bounds.latest_end is not None and search.is_possible(search.starts_for, until=whole):
        tips.append("with a later last day there is one")
    if wish.pinned and search.is_possible(search.starts_for, pinned={}):
        tips.append("without what is kept there is one")
    if search.is_possible(lambda shape: window.longer_starts(shape, now=wish.now, within=search.within)):
        tips.append("with longer opening hours there is one")
    tips.append("a larger gap needs the prescriber")
    return f"What would help: {'; '.join(tips)}."


def _other_times(search: Search) -> list[str]:
    """Without what was wished, outside what the patient can do, or without either where neither alone is enough."""
    window, now = search.window, search.wish.now
    found = []
    if search.is_possible(lambda shape: window.starts(shape, now=now, within=search.own)):
        found.append("without the wished days and hours there is a series")
    if search.is_possible(lambda shape: window.starts(shape, now=now, within=search.wished)):
        found.append("outside the patient’s own days and hours there is one")
    if not found and search.is_possible(lambda shape: window.starts(shape, now=now)):
        found.append("without the wished days and hours, and outside the patient’s own, there is one")
    return found


def _reason(search: Search, number: int, wanted: int) -> str:
    """What is in the way of this visit on all of the wanted days."""
    window, wish = search.window, search.wish
    shape = wish.needs(number)
    asked = sum(ones(window.bounds[n], window.bounds[n + 1]) for n in range(search.size) if wanted >> n & 1)

    def inside(steps: int) -> int:
        return starts(window.open & steps & asked, shape.minutes // 5) & window.from_now(wish.now)

    if not window.open & asked:
        return "the clinic is closed then."
    if not inside(search.wished):
        return f"the clinic is not open for {shape.minutes} minutes on the days and at the times asked for."
    left = inside(search.within)
    if not left:
        limits = window.places.limits
        return f"the patient can come only {limits.words}." if limits else "the patient cannot come then."
    if shape.of(What.HANDS, What.WATCH) and not any(nurse.usable for nurse in window.places.nurses):
        return "no nurse takes visits at this clinic yet; a manager adds them."
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
