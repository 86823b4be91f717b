"""Every word about a series that cannot be, against the plain loops."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from scheduling.failure import why_none
from scheduling.searching import Search
from tests.scheduling.test_proposing import Asking, askings, can, on_day, patient_is_free


@pytest.mark.timeout(600)  # every tip is held against trying every chain
@settings(max_examples=80, deadline=None)
@given(askings())
def test_what_is_said_of_a_failure_is_true(asking):
    if asking.search.best() is not None:
        return
    failure, wish = why_none(asking.search), asking.wish
    if "would help" in failure.words:
        assert tips_in(failure.words) == tips_for(asking)
    assert failure.late == late_for(asking)
    assert not any(up_to(asking, failure.visit)) or follows_something_fixed(asking, failure.visit)
    if ", kept at " in failure.words:
        [(number, start)] = wish.pinned.items()
        assert failure.visit == number
        is_wished = start in asking.starts[asking.day_of(start)]
        assert ("outside the days and hours asked for" in failure.words) == (not is_wished)
    elif "cannot keep the gaps to the visits that stand" in failure.words:
        assert not any(asking.keeps_gap(day, wish.bounds.before) for day in wanted(asking, failure.visit))
    else:
        assert is_true_reason(failure.words, asking, wanted(asking, failure.visit))


def up_to(asking: Asking, number: int) -> Iterator[list[date]]:
    """The chains of the visits up to this one, which is the last of them only if it is the last of all."""
    pinned = {n: start for n, start in asking.wish.pinned.items() if n <= number}
    before = asking.wish.bounds.before if number == asking.wish.count else None
    wish = replace(asking.wish, count=number, pinned=pinned, bounds=replace(asking.wish.bounds, before=before))
    return Asking(asking.clinic, wish).chains(asking.starts)


def follows_something_fixed(asking: Asking, number: int) -> bool:
    """Whether the visit after it is kept somewhere: then it is that one that has no chain that leads to it."""
    return number + 1 in asking.wish.pinned and not any(up_to(asking, number + 1))


TIPS = (
    "without the wished days and hours there is a series",
    "outside the patient’s own days and hours there is one",
    "without the wished days and hours, and outside the patient’s own, there is one",
    "with a later first day there is one",
    "with a later last day there is one",
    "without what is kept there is one",
)


def tips_in(words: str) -> set[str]:
    return {tip for tip in TIPS if tip in words}


def tips_for(asking: Asking) -> set[str]:
    """What would help, by trying every chain."""
    end, wished = asking.clinic.days[-1], [start for start in asking.every_start if asking.within(start)]
    let_go = Asking(asking.clinic, replace(asking.wish, pinned={}))
    other = {
        TIPS[0]: any(asking.chains(asking.by_day(asking.every_start))),
        TIPS[1]: any(asking.chains(asking.by_day(start for start in asking.whenever if asking.within(start)))),
    }
    if not any(other.values()):
        other[TIPS[2]] = any(asking.chains(asking.by_day(asking.whenever)))
    other[TIPS[3]] = any(asking.chains(asking.starts, last=end))
    other[TIPS[4]] = bool(asking.wish.bounds.latest_end) and any(asking.chains(asking.by_day(wished, latest=end)))
    other[TIPS[5]] = bool(asking.wish.pinned) and any(let_go.chains(asking.starts))
    return {tip for tip, helps in other.items() if helps}


def late_for(asking: Asking) -> tuple[int, date] | None:
    """The first visit after the last day asked for, in the best series that there would be without that day."""
    latest = asking.wish.bounds.latest_end
    free = replace(asking.wish, bounds=replace(asking.wish.bounds, latest_end=None))
    chosen = Search(free, asking.clinic.window()).best() if latest else None
    days = [asking.clinic.days[nth] for nth in chosen.days] if chosen else []
    return next(((nth, day) for nth, day in enumerate(days, start=1) if day > latest), None)


def wanted(asking: Asking, number: int) -> list[date]:
    """The days on which that visit could follow those before it, and lead to one that is kept after it."""
    days, latest = asking.clinic.days, asking.wish.bounds.latest_end or date.max
    if number == 1:
        found = [day for day in days if asking.wish.first <= day <= asking.wish.last]
    else:
        ends = {chain[-1] for chain in up_to(asking, number - 1)}
        found = [day for day in days if any(asking.keeps_gap(end, day) for end in ends)]
    after = asking.wish.bounds.before if number == asking.wish.count else None
    if number + 1 in asking.wish.pinned and any(asking.starts[day] for day in found):
        after = asking.day_of(asking.wish.pinned[number + 1])
    found = [day for day in found if after is None or asking.keeps_gap(day, after)]
    return [day for day in found if day <= latest] or found


def is_true_reason(words: str, asking: Asking, days: list[date]) -> bool:
    if "would lie" in words:
        latest = asking.wish.bounds.latest_end
        return all(latest and day > latest for day in days) if "the last day asked for" in words else not days
    grid = [start for day in days for start in on_day(asking, day)]
    ahead = [start for start in grid if can(asking, "time left", start)]
    left = [start for start in ahead if can(asking, "time when the patient can come", start)]
    if "the clinic is closed then" in words:
        return not any(asking.clinic.is_open(start) for start in grid)
    if "is not open for" in words:
        return not any(can(asking, "time within the hours asked for", start) for start in ahead)
    if "the patient can come only" in words:
        return not left
    if "no nurse takes visits" in words:
        return not any(nurse.usable for nurse in asking.clinic.places.nurses)
    if "the patient has other visits" in words:
        return not any(patient_is_free(asking, start) for start in left)
    if "never free at the same time" in words:
        return not any(asking.starts[day] for day in days)
    kinds = {"no chair is free": "chair", "no nurse has": "nurse lane", "no clinician is": "clinician"}
    [what] = [what for told, what in {**kinds, "no recovery place": "recovery place"}.items() if told in words]
    return not any(can(asking, what, start) for start in left)
