"""What a provider of emails says later of an email: how far it came, of the address, and of the patient's wish.

Each is written on its own and says the same any number of times, so that a call that broke off is simply made again.
"""

from datetime import datetime

from config.audit.acting import SystemJob
from notifications import receipts
from notifications.letter import MailEvent
from notifications.models import Message
from patients.addresses import say_it_bounced
from patients.contact import refuse_channel
from patients.models import Channel

BY = SystemJob.REMINDERS


def hear(event: MailEvent, *, now: datetime) -> None:
    """Keep what the event says. One about an email that is not ours, or of another handing over, changes nothing."""
    row = _message(event)
    if row is None:
        return
    at = min(event.at or row.sent_at or row.submitted_at or now, now)
    if event.no_such_address and row.to:
        say_it_bounced(address=row.to, code=event.code, by=BY, at=at)
    if event.unwanted:
        refuse_channel(patient_id=row.patient_id, channel=Channel.EMAIL, how="provider", by=BY, at=at)
    if event.receipt is not None:
        receipts.take(message_id=row.pk, provider_id=event.provider_id, receipt=event.receipt, code=event.code, now=now)


def _message(event: MailEvent) -> Message | None:
    """The email by the provider's reference, or by ours where the provider was quicker than our own sender."""
    if not event.provider_id:
        return None
    emails = Message.objects.filter(channel=Channel.EMAIL)
    found = emails.filter(provider_id=event.provider_id).first()
    if found is None and event.reference is not None:
        found = emails.filter(pk=event.reference, provider_id="", submitted_at__isnull=False).first()
    return found
