"""What somebody may do next with a visit: the table of moves and their role, as buttons."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from config.staff.models import User
from config.staff.permissions import Permission, can
from scheduling.models import Appointment
from scheduling.models.kinds import VisitKind
from scheduling.states import CANCELLED, MOVES, PRESENT, WAY_BACK, Status
from scheduling.web.addresses import CANCEL, FREED, MOVE, OPEN_VISIT, WAIT, address

P = Permission
BACK = {
    Status.ARRIVED: "Undo check-in",
    Status.CHECKED_IN: "Back to arrived",
    Status.NOT_TREATED: "Undo not treated",
    Status.NO_SHOW: "Undo no-show",
    Status.ENTERED_IN_ERROR: "Book again",
}


@dataclass(frozen=True)
class Act:
    """One button. `opens`: shows a form in the drawer (GET); otherwise one press does it (POST).

    `leaves`: the answer is another page, so no fragment is asked for, whichever of the two it is.
    """

    key: str
    label: str
    url: str
    icon: str
    opens: bool = False
    leaves: bool = False
    primary: bool = False
    danger: bool = False


def acts(visit: Appointment, person: User, now: datetime) -> list[Act]:
    """The buttons for a visit, the most likely next one first."""
    return list(_acts(visit, person, now))


def _allowed(visit: Appointment, to: Status, person: User) -> bool:
    permission = MOVES[Status(visit.status)].get(to)
    return permission is not None and can(person, permission)


def _acts(visit: Appointment, person: User, now: datetime) -> Iterator[Act]:
    yield from _coming(visit, person, now)
    yield from _in_hand(visit, person)
    if visit.status == Status.BOOKED and can(person, P.BOOK) and not visit.confirmed_at:
        yield Act("confirm", "Confirmed by phone", reverse("appointment-confirm", args=[visit.pk]), "phone")
    if can_move(visit, person):
        yield Act("move", "Move…", address(MOVE, visit.pk), "transfer", opens=True)
    yield from _waiting(visit, person, now)
    back = WAY_BACK.get(Status(visit.status))
    if back is not None and _allowed(visit, back, person):
        label, url = BACK.get(Status(visit.status), "Undo cancellation"), reverse("appointment-undo", args=[visit.pk])
        # What ended a visit is taken back with a reason; a step in the house by a press.
        if visit.status in PRESENT:
            yield Act("undo", label, f"{url}?version={visit.version}", "arrow-back-up")
        else:
            yield Act("undo", f"{label}…", url, "arrow-back-up", opens=True)
    yield from _ending(visit, person, now)


def _coming(visit: Appointment, person: User, now: datetime) -> Iterator[Act]:
    if visit.status == Status.HELD and can(person, P.BOOK):
        yield Act("keep", "Keep", reverse("appointment-keep", args=[visit.pk]), "check", primary=True)
        yield Act("release", "Release", reverse("appointment-release", args=[visit.pk]), "arrow-back-up")
    zone = visit.clinic.tz
    is_day = visit.start.astimezone(zone).date() <= now.astimezone(zone).date()
    if visit.status == Status.BOOKED and is_day and _allowed(visit, Status.ARRIVED, person):
        yield Act("arrive", "Check in", reverse("appointment-arrive", args=[visit.pk]), "bell", primary=True)


def _in_hand(visit: Appointment, person: User) -> Iterator[Act]:
    """The visit's own page, for those who chart; it lives on the floor above."""
    open_visit = address(OPEN_VISIT, visit.pk)
    if visit.status in PRESENT and visit.kind == VisitKind.INFUSION and open_visit and can(person, P.CHART):
        label = "Open visit" if visit.status == Status.ARRIVED else "Go to visit"
        yield Act("visit", label, open_visit, "activity-heartbeat", leaves=True, primary=True)


def can_move(visit: Appointment, person: User) -> bool:
    """Whether this person may move it, and a page to move it on exists."""
    is_movable = visit.status == Status.BOOKED or visit.status in PRESENT
    return is_movable and can(person, P.BOOK) and bool(address(MOVE, visit.pk))


def _waiting(visit: Appointment, person: User, now: datetime) -> Iterator[Act]:
    """The waitlist lives on the floor above: who takes a place that came free, or who would like theirs earlier."""
    freed, wait = address(FREED, visit.pk), address(WAIT, visit.patient_id)
    if not can(person, P.BOOK) or not freed or not wait:
        return
    if visit.status == Status.BOOKED and visit.left_elsewhere and visit.left_end and visit.left_end > now:
        yield Act("freed", "Who can take the place it left?", freed, "users", opens=True, leaves=True)
    if visit.end <= now:
        return
    if visit.status in CANCELLED:
        yield Act("freed", "Who can take this place?", freed, "users", opens=True, leaves=True, primary=True)
    if visit.status == Status.BOOKED and visit.start > now:
        yield Act("wait", "Wants it earlier", f"{wait}?visit={visit.pk}", "hourglass", opens=True, leaves=True)


def _ending(visit: Appointment, person: User, now: datetime) -> Iterator[Act]:
    if now >= visit.start and _allowed(visit, Status.NO_SHOW, person):
        url = reverse("appointment-no-show", args=[visit.pk])
        yield Act("no-show", "No-show…", url, "user-x", opens=True, danger=True)
    if any(_allowed(visit, how, person) for how in CANCELLED):
        url = address(CANCEL, visit.pk)
        if url:
            yield Act("cancel", "Cancel visit…", url, "calendar-off", opens=True, danger=True)
