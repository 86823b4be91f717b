"""What a provider says later about a message that it took, and what a refusal says about the number.

Receipts come twice, late and in any order. What was said for good is never taken back, and one for an earlier try says
nothing about this one.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from config.audit.acting import SystemJob, recorded
from notifications import ledger, unanswered
from notifications.letter import Receipt
from notifications.models import Message, Purpose
from notifications.states import HANDED_OVER, WAITING, MessageState
from patients.models import Channel, NumberKind, TaskKind
from patients.numbers import say_of_number
from patients.tasks import raise_task

S = MessageState
NOT_DELIVERED = "The provider says that it did not arrive."
CALL = "Call about the visit: the reminder did not arrive and there is no other way."
# What a provider's code says about the number, whoever has it.
OF_THE_NUMBER = {
    "21610": NumberKind.OPT_OUT,
    "21211": NumberKind.NO_TEXTS,
    "21614": NumberKind.NO_TEXTS,
    "30005": NumberKind.NO_TEXTS,
    "30006": NumberKind.NO_TEXTS,
}


def take(
    *,
    message_id: UUID,
    provider_id: str,
    receipt: Receipt,
    code: str = "",
    handed_over_at: datetime | None = None,
    now: datetime,
) -> Message | None:
    """Write down what the provider says. Returns the message if that was news, None otherwise.

    With `handed_over_at` it is about that handing over alone: one that somebody has sent again since is left.
    """
    with recorded(by=SystemJob.REMINDERS):
        row = Message.objects.select_for_update(of=("self",)).filter(pk=message_id).first()
        if row is None or row.state not in {S.SUBMITTED, S.UNKNOWN, S.ACCEPTED}:
            return None
        if row.provider_id and row.provider_id != provider_id:
            return None
        if handed_over_at is not None and row.submitted_at != handed_over_at:
            return None
        if receipt == Receipt.TAKEN and row.state == S.ACCEPTED:
            return None
        unanswered.settled(row, by=SystemJob.REMINDERS, now=now)
        columns: dict[str, Any] = {
            "sent_at": row.sent_at or now,
            "provider_id": provider_id[:120],
            "error_code": code[:40],
        }
        if receipt == Receipt.TAKEN:
            return ledger.move(row, S.ACCEPTED, **columns)
        if receipt == Receipt.ARRIVED:
            return ledger.move(row, S.DELIVERED, receipt_at=now, **columns)
        ledger.move(row, S.UNDELIVERED, reason=NOT_DELIVERED, receipt_at=now, **columns)
        heed_failure(row, now)
        return row


def heed_failure(row: Message, now: datetime) -> None:
    """After a failure for good: keep what it says about the number; without another way, ask the desk to call.

    In the transaction of the failure, whose row the caller has locked.
    """
    kind = OF_THE_NUMBER.get(row.error_code) if row.channel == Channel.SMS else None
    if kind is not None and row.to:
        say_of_number(number=row.to, kind=kind, holds=True, how="provider", by=SystemJob.REMINDERS, at=now)
    # Nobody is called for a questionnaire: the next one asks again.
    if row.purpose != Purpose.QUESTIONNAIRE and not _another_way(row):
        raise_task(
            clinic=row.clinic,
            patient=row.patient,
            kind=TaskKind.CALL_BACK,
            words=CALL,
            about=row.appointment_id,
            about_kind="appointment",
            by=SystemJob.REMINDERS,
            now=now,
        )


def _another_way(row: Message) -> bool:
    """Whether the same is said by another channel, or was."""
    same = Message.objects.filter(
        appointment=row.appointment_id, placing=row.placing, purpose=row.purpose, offset_hours=row.offset_hours
    )
    going = [*WAITING, *(HANDED_OVER - {S.UNDELIVERED, S.UNKNOWN})]
    return same.exclude(channel=row.channel).filter(state__in=going).exists()
