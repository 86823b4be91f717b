"""What a change of rooms, hours or people does to the visits that are booked: shown before, a task for each after.

Every such change runs inside `changing`: it waits for the bookings under way, looks at the visits before and after,
and raises a task for each that no longer fits. None is moved or cancelled. `preview` is the same deed, undone.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Generic, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

from config.audit.acting import Actor, recorded
from config.staff.models import Clinic
from patients.models import Task, TaskKind
from patients.tasks import Wanted, raise_tasks, withdraw_about
from scheduling import heeding
from scheduling.fitting import Faults, misfits
from scheduling.managing import require_manager
from scheduling.models import Appointment
from scheduling.resources import lock_places
from scheduling.wall_clock import words

T = TypeVar("T")
LONGEST_WORDS = 200


@dataclass(frozen=True)
class Touched:
    """A visit that fitted before and does not now. `why`: in words, without a full stop."""

    appointment: Appointment
    why: str


@dataclass(frozen=True)
class Changed(Generic[T]):
    """What a door wrote, and the visits that it touches."""

    record: T
    touched: list[Touched]


@contextmanager
def changing(
    *,
    clinic: Clinic,
    by: Actor,
    now: datetime | None,
    first: date | None = None,
    last: date | None = None,
    reason: str = "",
) -> Iterator[list[Touched]]:
    """Change something that visits rely on, from the day `first` to `last`. Yields a list that is filled at the end.

    `now` None: by the clock. Raises NotAllowed for anybody but a manager of the clinic.
    """
    now = now or timezone.now()
    touched: list[Touched] = []
    with recorded(by=by, reason=reason):
        require_manager(by, clinic)
        # First of all, as every booking does: one under way is waited for and seen, a later one sees this change.
        lock_places(clinic=clinic)
        before = misfits(clinic=clinic, now=now, first=first, last=last)
        yield touched
        after = misfits(clinic=clinic, now=now, first=first, last=last)
        touched += _newly(before, after)
        _tell_the_desk(clinic, touched, by, now)
        for visit in before.keys() - after.keys():
            withdraw_about(kind=TaskKind.VISIT_TOUCHED, about=visit, by=by, now=now)


def preview(door: Callable[[], Changed[T]]) -> Changed[T]:
    """What the door would write and touch: it runs, and all of it is undone."""
    with transaction.atomic():
        changed = door()
        transaction.set_rollback(True)
    return changed


def agreed(door: Callable[[], Changed[T]], *, seen: str) -> tuple[Changed[T], bool]:
    """Go through the door, and say whether that stands: it does when it touches no visit, or just those of `seen`.

    Otherwise all of it is undone, and somebody looks at the visits first. `seen` is the `sign` of those last shown.
    """
    with transaction.atomic():
        changed = door()
        stands = not changed.touched or sign(changed.touched) == seen
        transaction.set_rollback(not stands)
    return changed, stands


def sign(touched: list[Touched]) -> str:
    """Short for these visits, each as it stands now: another visit, or one that was moved, makes another sign."""
    lines = sorted(f"{one.appointment.pk} {one.appointment.start.isoformat()} {one.why}" for one in touched)
    return sha256("\n".join(lines).encode()).hexdigest()[:32]


def _newly(before: dict[UUID, Faults], after: dict[UUID, Faults]) -> list[Touched]:
    """The visits with a fault that they did not have, in the order of their time."""
    fresh = {
        visit: [text for key, text in faults.items() if key not in before.get(visit, {})]
        for visit, faults in after.items()
    }
    ids = [visit for visit, texts in fresh.items() if texts]
    rows = Appointment.objects.filter(pk__in=ids).select_related("clinic", "patient", "chair", "nurse") if ids else []
    found = [Touched(visit, "; ".join(fresh[visit.pk])) for visit in rows]
    return sorted(found, key=lambda one: (one.appointment.start, one.appointment.chair.name))


def _tell_the_desk(clinic: Clinic, touched: list[Touched], by: Actor, now: datetime) -> None:
    if not touched:
        return
    wanted = [
        Wanted(
            patient=one.appointment.patient,
            kind=TaskKind.VISIT_TOUCHED,
            words=_words(one),
            about=one.appointment.pk,
            about_kind="appointment",
            due_on=one.appointment.start.astimezone(clinic.tz).date(),
        )
        for one in touched
    ]
    raise_tasks(clinic=clinic, wanted=wanted, by=by, now=now)


def _words(one: Touched) -> str:
    """`Visit on Mon 30 Nov, 09:00 no longer fits: Chair 2 is out of service. Move or cancel it.`"""
    visit = one.appointment
    begin, end = f"Visit on {words(visit.start, visit.clinic.tz)} no longer fits: ", ". Move or cancel it."
    return begin + Truncator(one.why).chars(LONGEST_WORDS - len(begin) - len(end)) + end


@heeding.tell_after
def _settled(visits: Sequence[Appointment], by: Actor, now: datetime) -> None:
    """Whoever moved or cancelled a visit, or let its patient in, has answered the question of where it may stand,
    unless it stands where it does not fit."""
    about = {visit.pk: visit for visit in visits}
    open_tasks = Task.objects.open().filter(kind=TaskKind.VISIT_TOUCHED, about__in=about)
    asked = {pk: told for pk, told in open_tasks.values_list("about", "words") if pk}
    settled = [about[pk] for pk in sorted(asked)]
    if not settled:
        return
    # What still stands after one act is one patient's, so one clinic's; what ran out together stands nowhere.
    clinic = settled[0].clinic
    days = [visit.start.astimezone(clinic.tz).date() for visit in settled]
    lost = misfits(clinic=clinic, now=now, first=min(days), last=max(days))
    for visit in settled:
        still = Touched(visit, "; ".join(lost[visit.pk].values())) if visit.pk in lost else None
        if still is not None and _words(still) == asked[visit.pk]:
            continue
        withdraw_about(kind=TaskKind.VISIT_TOUCHED, about=visit.pk, by=by, now=now)
        # Where it stands now it does not fit either: the question is asked anew, of that place.
        _tell_the_desk(clinic, [still] if still is not None else [], by, now)
