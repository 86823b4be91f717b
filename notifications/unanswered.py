"""Messages of which nobody knows whether they went out. They are never sent again without somebody's decision.

The provider may say what became of one, by a receipt or when `asking` asks; else the desk gets a task to find out.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from config.audit.acting import Actor, SystemJob, recorded
from notifications import ledger
from notifications.models import Message
from notifications.states import MessageState
from patients.models import Task, TaskKind
from patients.tasks import Wanted, raise_tasks, withdraw_about
from scheduling.states import Status

# So long the provider is given to say it, and so long before the visit the desk is asked at the latest.
LIMIT = timedelta(hours=4)
FIND_OUT = "Call about the visit: nobody knows whether the reminder went out. Then write down what came of it."
UNKNOWN = Q(state=MessageState.UNKNOWN)


def settled(row: Message, *, by: Actor, now: datetime) -> None:
    """Take the desk's task back, just before a locked message that was unknown is moved on."""
    if row.state == MessageState.UNKNOWN:
        withdraw_about(kind=TaskKind.MESSAGE_UNKNOWN, about=row.pk, by=by, now=now)


def hand_to_desk(*, now: datetime) -> int:
    """Raise a task, due today, for each that is unknown for too long or whose visit is near. Returns how many.

    One for each handing over: a task that was done is not raised again. Tasks whose visit does not stand any more are
    taken back. `now` is the database's.
    """
    with recorded(by=SystemJob.REMINDERS):
        _withdraw_what_does_not_matter(now)
        rows = list(_for_the_desk(now).select_for_update(of=("self",), skip_locked=True)[: ledger.BATCH])
        for clinic in {row.clinic for row in rows}:
            today = now.astimezone(clinic.tz).date()
            wanted = [
                Wanted(row.patient, TaskKind.MESSAGE_UNKNOWN, FIND_OUT, row.pk, "message", due_on=today)
                for row in rows
                if row.clinic == clinic
            ]
            raise_tasks(clinic=clinic, wanted=wanted, by=SystemJob.REMINDERS, now=now)
    return len(rows)


def _stands(now: datetime) -> Q:
    """The visit is still to come, as the message told it."""
    return Q(appointment__status=Status.BOOKED, appointment__start__gt=now, appointment__placing=F("placing"))


def _for_the_desk(now: datetime) -> QuerySet[Message]:
    asked = Task.objects.filter(
        kind=TaskKind.MESSAGE_UNKNOWN, about=OuterRef("pk"), raised_at__gte=OuterRef("submitted_at")
    )
    pressing = Q(submitted_at__lte=now - LIMIT) | Q(appointment__start__lte=now + LIMIT)
    late = Message.objects.filter(UNKNOWN, _stands(now), pressing).exclude(Exists(asked))
    return late.select_related("clinic", "patient").order_by("pk")


def _withdraw_what_does_not_matter(now: datetime) -> None:
    tasks = Task.objects.open().filter(kind=TaskKind.MESSAGE_UNKNOWN)
    moot = Message.objects.filter(pk__in=tasks.values("about")).exclude(UNKNOWN & _stands(now))
    # In one order for everybody: two sweeps at once wait for each other, never in a circle.
    for pk in moot.order_by("pk").values_list("pk", flat=True):
        withdraw_about(kind=TaskKind.MESSAGE_UNKNOWN, about=pk, by=SystemJob.REMINDERS, now=now)
