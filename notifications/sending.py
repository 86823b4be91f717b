"""The switch: whether a clinic's messages go out. Off, they wait; what waited too long is not sent afterwards."""

from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from config.audit.acting import recorded
from config.refusals import Invalid
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from notifications.models import SendingSwitch

SWITCH = 7_301_002  # The advisory lock between the switch and the senders; any number that nothing else takes.


def switch(*, clinic: Clinic, on: bool, reason: str = "", by: User, now: datetime) -> SendingSwitch:
    """Let the clinic's messages go out, or keep them back. Raises Invalid when it goes off without a reason.

    It waits for the messages that are being handed over at this moment; after its commit none is.
    """
    require(by, Permission.MANAGE_CLINIC)
    reason = reason.strip()
    if not on and not reason:
        raise Invalid("Say why nothing shall go out.", field="reason")
    with recorded(by=by), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SWITCH])
        row = SendingSwitch.objects.filter(clinic=clinic).first() or SendingSwitch(clinic=clinic)
        row.on, row.reason, row.since, row.by = on, "" if on else reason, now, by
        row.save()
    return row


def off() -> QuerySet[SendingSwitch]:
    """The switches that are off."""
    return SendingSwitch.objects.filter(on=False)


def off_now() -> set[UUID]:
    """The clinics whose messages stay back, for somebody about to hand some over. The switch waits for their commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [SWITCH])
    return set(off().values_list("clinic", flat=True))


def state(clinic: Clinic) -> SendingSwitch | None:
    """The clinic's switch, for the page; None where nobody ever touched it."""
    return SendingSwitch.objects.select_related("by").filter(clinic=clinic).first()
