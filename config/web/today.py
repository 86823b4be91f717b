"""What needs somebody now, counted from each app's own facts. Two queries a list, one a tile."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from config.staff.models import User
from config.staff.permissions import Permission, can
from infusions.handover import unsigned
from infusions.models import CandidacyDecision, Order, VisitNote
from infusions.strip import strips
from infusions.waitlist import live_offers, open_entries
from notifications.inbound import unread
from notifications.models import Message
from notifications.states import TROUBLED
from patients.models import IntakeRequest, Task, TaskKind
from patients.states import OPEN_REQUESTS, RequestStatus
from scheduling import watching
from scheduling.models import Appointment
from scheduling.reading import without_outcome
from scheduling.states import PRESENT, Status

P = Permission


@dataclass(frozen=True)
class Tile:
    """One number that needs somebody, and where to go about it. `detail` says more; `tone` is warning or danger."""

    label: str
    value: int
    url: str
    icon_name: str
    detail: str = ""
    tone: str = ""


def visits(person: User, first: datetime, last: datetime) -> QuerySet[Appointment]:
    """The clinic's visits that start in the period, with what a list shows of them."""
    found = Appointment.objects.filter(clinic=person.clinic, start__gte=first, start__lt=last)
    return found.select_related("patient", "chair", "nurse").order_by("start", "chair__position")


def day_of(person: User, now: datetime, *, ahead: int = 0) -> tuple[datetime, datetime]:
    """The clinic's calendar day, `ahead` days from now, as a half-open period."""
    midnight = now.astimezone(person.clinic.tz).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=ahead), midnight + timedelta(days=ahead + 1)


def waiting_requests(person: User) -> QuerySet[IntakeRequest]:
    """Requests that nobody has finished, the oldest first."""
    return IntakeRequest.objects.filter(clinic=person.clinic, status__in=OPEN_REQUESTS).order_by("received_at")


def awaiting_decision(person: User) -> QuerySet[IntakeRequest]:
    """Requests that the desk handed over for candidacy and no prescriber has decided on."""
    decided = CandidacyDecision.objects.filter(request__isnull=False).values("request")
    ready = waiting_requests(person).filter(status=RequestStatus.READY_FOR_REVIEW, patient__isnull=False)
    return ready.exclude(pk__in=decided).select_related("patient")


def present(person: User, now: datetime) -> QuerySet[Appointment]:
    """Whoever is in the clinic today and not gone."""
    return visits(person, *day_of(person, now)).filter(status__in=PRESENT)


def watched(person: User, here: Iterable[Appointment]) -> list[Appointment]:
    """The visits, each with `vitals_due`: when the next vital signs are due, to those who may know; the first first."""
    found = list(here)
    due = watching.due(person, [visit.pk for visit in found])
    for visit in found:
        visit.vitals_due = due.get(visit.pk)  # type: ignore[attr-defined]  # for the page alone
    return sorted(found, key=lambda visit: (visit.pk not in due, due.get(visit.pk, visit.start)))


def still_to_come(person: User, now: datetime) -> QuerySet[Appointment]:
    """Today's visits that nobody has checked in yet."""
    return visits(person, *day_of(person, now)).filter(status=Status.BOOKED)


def with_strips(person: User, rows: Iterable[Appointment]) -> list[Appointment]:
    """The visits, each with its readiness strip as `strip` where it has one. Three queries."""
    found = list(rows)
    known = strips(found, clinic=person.clinic)
    for visit in found:
        visit.strip = known.get(visit.pk)  # type: ignore[attr-defined]
    return found


def unresolved(person: User, now: datetime) -> QuerySet[Appointment]:
    """Past visits of which nobody has said what became of them."""
    long_ago = now - timedelta(days=365)
    return visits(person, long_ago, now).filter(without_outcome(now))


def _requests(person: User, now: datetime) -> Tile:
    waiting = waiting_requests(person)
    count, oldest = waiting.count(), waiting.first()
    detail = f"oldest waits {_age(oldest.waiting_minutes(now))}" if oldest else ""
    return Tile("Requests waiting", count, reverse("intake"), "inbox", detail)


def _age(minutes: int) -> str:
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"


def _tasks(person: User, now: datetime) -> Tile:
    rows = Task.objects.concerning(person).open()
    late = rows.filter(due_on__lt=person.clinic.today(now)).count()
    detail = f"{late} late" if late else ""
    return Tile("Tasks", rows.count(), reverse("tasks"), "clipboard-list", detail, "warning" * bool(late))


def _wants_move(person: User, now: datetime) -> Tile:
    wishes = Appointment.objects.filter(
        clinic=person.clinic, status=Status.BOOKED, start__gte=now, wants_move_at__isnull=False
    ).order_by("start")
    first = wishes.first()
    url = reverse("appointment", args=[first.pk]) if first else reverse("board")
    return Tile("Want another time", wishes.count(), url, "message", tone="warning" if first else "")


def _waitlist(person: User, now: datetime) -> Tile:
    waiting, offered = open_entries(person.clinic).count(), live_offers(person.clinic, now=now).count()
    detail = f"{offered} offered, no answer yet" if offered else ""
    return Tile("On the waitlist", waiting, reverse("waitlist"), "hourglass", detail, "warning" * bool(offered))


def _unconfirmed(person: User, now: datetime) -> Tile:
    first, last = day_of(person, now, ahead=1)
    count = visits(person, first, last).filter(status=Status.BOOKED, confirmed_at__isnull=True).count()
    return Tile("Unconfirmed for tomorrow", count, _day_list(first), "phone")


def _day_list(day: datetime) -> str:
    return f"{reverse('board-day', args=[day.date()])}?view=list"


def _unresolved(person: User, now: datetime) -> Tile:
    past = unresolved(person, now)
    first = past.first()
    url = reverse("unresolved")
    return Tile("Past visits without an outcome", past.count(), url, "alert-circle", tone="warning" if first else "")


def _to_repair(person: User, now: datetime) -> Tile:
    lit = Appointment.objects.filter(clinic=person.clinic, start__gte=now).exclude(needs_repair="").count()
    url = f"{reverse('tasks')}?kind={TaskKind.NEEDS_REPAIR}"
    return Tile("Visits that need repair", lit, url, "alert-triangle", tone="warning" if lit else "")


def _not_sent(person: User, now: datetime) -> Tile:  # noqa: ARG001
    count = Message.objects.filter(clinic=person.clinic, state__in=TROUBLED).count()
    return Tile(
        "Messages that failed",
        count,
        f"{reverse('messages')}?tab=failed",
        "alert-triangle",
        tone="danger" * bool(count),
    )


def _answers(person: User, now: datetime) -> Tile:  # noqa: ARG001
    count = unread(person.clinic).count()
    return Tile("Answers to read", count, reverse("replies"), "message", tone="warning" * bool(count))


def _candidacy(person: User, now: datetime) -> Tile:  # noqa: ARG001
    waiting = awaiting_decision(person)
    first = waiting.first()
    url = reverse("candidacy", args=[first.patient_id]) if first else reverse("patients")
    return Tile("Candidacy to decide", waiting.count(), url, "stethoscope", tone="warning" if first else "")


def _drafts(person: User, now: datetime) -> Tile:  # noqa: ARG001
    drafts = Order.objects.filter(author=person, signed_at__isnull=True, discarded_at__isnull=True).order_by(
        "entered_at"
    )
    first = drafts.first()
    url = reverse("order", args=[first.pk]) if first else reverse("patients")
    return Tile("My orders unsigned", drafts.count(), url, "signature", tone="warning" if first else "")


def _notes(person: User, now: datetime) -> Tile:
    mine = VisitNote.objects.filter(author=person, signed_at__isnull=True).count()
    old = unsigned(clinic=person.clinic).filter(appointment__end__lt=now - timedelta(days=1)).count()
    detail = f"{old} of the clinic older than a day" if old else ""
    whose = "?whose=mine" if mine and not old else ""
    url = f"{reverse('notes-unsigned')}{whose}"
    return Tile("My notes unsigned", mine, url, "pencil", detail, tone="warning" if mine or old else "")


def _present(person: User, now: datetime) -> Tile:
    return Tile("In the clinic now", present(person, now).count(), reverse("board"), "armchair")


def _overdue(person: User, now: datetime) -> Tile:
    due = watching.due(person, present(person, now).values_list("pk", flat=True))
    late = sum(at < now for at in due.values())
    detail = f"{len(due)} watched by the clock" if due else ""
    return Tile("Vital signs overdue", late, reverse("board"), "activity-heartbeat", detail, "danger" * bool(late))


def _no_shows(person: User, now: datetime) -> Tile:
    first, last = day_of(person, now, ahead=-1)
    count = visits(person, first, last).filter(status=Status.NO_SHOW).count()
    return Tile("No-shows yesterday", count, _day_list(first), "user-x")


TILES: tuple[tuple[Permission, Callable[[User, datetime], Tile]], ...] = (
    (P.CHART, _present),
    (P.CHART, _overdue),
    (P.DECIDE_CANDIDACY, _candidacy),
    (P.WRITE_ORDERS, _drafts),
    (P.CHART, _notes),
    (P.ANSWER_REQUESTS, _requests),
    (P.SEE_PATIENTS, _tasks),
    (P.BOOK, _wants_move),
    (P.BOOK, _waitlist),
    (P.BOOK, _unconfirmed),
    (P.BOOK, _unresolved),
    (P.BOOK, _to_repair),
    (P.SEE_MESSAGES, _not_sent),
    (P.HANDLE_MESSAGES, _answers),
    (P.MANAGE_CLINIC, _no_shows),
)


def tiles(person: User, now: datetime) -> list[Tile]:
    """The numbers that this person's role can do something about."""
    return [tile(person, now) for permission, tile in TILES if can(person, permission)]
