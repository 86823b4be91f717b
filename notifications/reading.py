"""The ledger as the desk reads it: what waits, what went, what did not and why."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Q, QuerySet
from django.db.models.functions import Now
from django.utils.timezone import localtime

from config.audit.reading import HistoryEntry, story
from config.audit.strands import Strand
from config.staff.models import Clinic
from notifications.claims import live
from notifications.models import Message
from notifications.states import TROUBLED, WAITING, MessageState

S = MessageState


class Tab(StrEnum):
    """The desk's questions: what comes, what went, what arrived, what did not go, what went wrong."""

    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    NOT_SENT = "not-sent"
    FAILED = "failed"


TABS: dict[Tab, frozenset[MessageState]] = {
    Tab.WAITING: WAITING | {S.SUBMITTED},
    Tab.SENT: frozenset({S.ACCEPTED}),
    Tab.DELIVERED: frozenset({S.DELIVERED}),
    Tab.NOT_SENT: frozenset({S.SUPPRESSED, S.VOIDED}),
    Tab.FAILED: TROUBLED,
}

STEPS = {
    S.ACCEPTED: "Accepted by the provider",
    S.DELIVERED: "Delivered",
    S.UNDELIVERED: "Not delivered",
    S.SUPPRESSED: "Not sent",
    S.VOIDED: "Withdrawn",
    S.FAILED_PERMANENT: "Failed for good",
    S.UNKNOWN: "No answer: it may have gone out",
}
WAITS_AGAIN = {S.PLANNED: "Waits again", S.DEFERRED: "Put off", S.FAILED_TEMPORARY: "Failed for now"}
# What these were called before they were told apart further.
TAKEN_UP = "Taken up by a sender"
EARLIER = {"sent": "Sent", "failed": "Failed", "claimed": TAKEN_UP, "sending": TAKEN_UP}


def of_clinic(clinic: Clinic) -> QuerySet[Message]:
    """The clinic's messages with whom and what they are about."""
    is_due, is_claimed = Q(state__in=WAITING, due_at__lte=Now()), Q(Exists(live(Now())), state__in=WAITING)
    rows = Message.objects.filter(clinic=clinic).annotate(is_due=is_due, is_claimed=is_claimed)
    return rows.select_related("patient", "appointment", "withdrawn_by")


def listed(*, clinic: Clinic, tab: Tab, day: date | None = None) -> QuerySet[Message]:
    """The messages of one tab; with `day`, those that were due on that day of the clinic's calendar."""
    rows = of_clinic(clinic).filter(state__in=TABS[tab])
    if day is None:
        return rows
    begins = datetime.combine(day, time(), tzinfo=clinic.tz)
    ends = datetime.combine(day + timedelta(days=1), time(), tzinfo=clinic.tz)
    return rows.filter(due_at__gte=begins, due_at__lt=ends)


def counts(*, clinic: Clinic) -> dict[Tab, int]:
    """How many wait and how many failed: the two numbers that somebody may have to act on. One query."""
    asked = (Tab.WAITING, Tab.FAILED)
    states = [state for tab in asked for state in TABS[tab]]
    rows = Message.objects.filter(clinic=clinic, state__in=states).order_by().values("state").annotate(n=Count("pk"))
    by_state = {row["state"]: row["n"] for row in rows}
    return {tab: sum(by_state.get(state, 0) for state in TABS[tab]) for tab in asked}


def one(*, clinic: Clinic, pk: UUID) -> Message | None:
    """One message of the clinic."""
    return of_clinic(clinic).filter(pk=pk).first()


def life(message: Message) -> list[HistoryEntry]:
    """What happened to the message, newest first, in the words of the desk."""
    return story([Strand(Message, "id", message.pk, says=_step)]).entries


def _step(row: Any) -> str:
    if row.state in WAITING:
        word = "Planned" if row.history_type == "+" else WAITS_AGAIN[S(row.state)]
        said = f"{word}, goes out {localtime(row.due_at):%a %-d %b, %H:%M}"
    elif row.state == S.SUBMITTED or (row.state == "sending" and row.submitted_at):
        said = f"Handed over, try {row.attempts}"
    else:
        said = EARLIER.get(row.state) or STEPS[S(row.state)]
    return ": ".join(filter(None, [said, row.reason]))
