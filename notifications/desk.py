"""What staff do with a message: withdraw a waiting one, repeat a failed one, say what became of an unknown one."""

from datetime import datetime
from uuid import UUID

from config.audit.acting import recorded
from config.refusals import Clash, Invalid
from config.staff.models import User
from config.staff.permissions import Permission, require
from notifications import ledger, unanswered
from notifications.models import Message
from notifications.states import TROUBLED, WAITING, MessageState
from notifications.visits import useful_until, why_not
from scheduling.models import Appointment

S = MessageState
NOT_WAITING = {
    S.SUBMITTED: "This message is going out at this moment, so it cannot be withdrawn any more.",
    S.ACCEPTED: "This message has been sent, so it cannot be withdrawn any more.",
    S.DELIVERED: "This message has been delivered, so it cannot be withdrawn any more.",
    S.UNKNOWN: "This message was handed over, so it cannot be withdrawn any more.",
}


def withdraw(*, message_id: UUID, reason: str, by: User, version: int | None = None) -> Message:
    """Keep a waiting message from going out. Raises Clash when it waits no more, Invalid without a reason."""
    require(by, Permission.HANDLE_MESSAGES)
    if not reason.strip():
        raise Invalid("Say why it shall not go out.", field="reason")
    with recorded(by=by):
        row = Message.locked(message_id, version=version)
        if row.state not in WAITING:
            raise Clash(NOT_WAITING.get(S(row.state), "This message does not wait any more."), state=row.state)
        return ledger.move(row, S.VOIDED, reason=reason.strip(), withdrawn_by=by)


def may_retry(message: Message) -> bool:
    """Whether a person may send it again: it did not arrive, nobody knows, or a person had withdrawn it."""
    return message.state in TROUBLED or message.withdrawn_by_id is not None


def retry(*, message_id: UUID, by: User, now: datetime, version: int | None = None) -> Message:
    """Send it again with the next batch. Consent, visit and hour are looked at again then.

    Raises Clash when the message needs no other try or its visit does not stand as it did.
    """
    require(by, Permission.HANDLE_MESSAGES)
    with recorded(by=by):
        row = Message.locked(message_id, version=version)
        if not may_retry(row):
            raise Clash(f"This message is {row.state}; there is nothing to try again.", state=row.state)
        visit = Appointment.objects.get(pk=row.appointment_id)
        changed = why_not(row, visit, now)
        if changed:
            raise Clash(f"{changed} A message about it would be wrong.", state=row.state)
        unanswered.settled(row, by=by, now=now)
        row.attempts, row.withdrawn_by, row.provider_id, row.error_code = 0, None, "", ""
        row.submitted_at = row.sent_at = row.receipt_at = None
        return ledger.move(row, S.PLANNED, due_at=now, useful_until=useful_until(row, visit, now))


def mark_received(*, message_id: UUID, by: User, now: datetime, version: int | None = None) -> Message:
    """Settle an unknown message: the patient got it. It was taken when it was handed over."""
    require(by, Permission.HANDLE_MESSAGES)
    with recorded(by=by, reason="the patient says it arrived"):
        row = Message.locked(message_id, version=version)
        if row.state != S.UNKNOWN:
            raise Clash("Only a message whose outcome is unknown needs this.", state=row.state)
        unanswered.settled(row, by=by, now=now)
        return ledger.move(row, S.DELIVERED, sent_at=row.submitted_at, receipt_at=now)
