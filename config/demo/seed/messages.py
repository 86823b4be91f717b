"""Reminders of the last days, planned and sent by the product itself into the demo's outbox."""

from datetime import datetime, timedelta

from notifications import outbox, planner
from patients.models import Channel

PLANNED_BEFORE = timedelta(hours=80)
FAILED = "The mailbox does not exist (invented for the demo)."


def send_what_was_due(now: datetime) -> None:
    """Plan as of some days ago, let one message fail, and send hour by hour what has come due since."""
    at = now - PLANNED_BEFORE
    planner.plan(now=at)
    for message in outbox.claim(channel=Channel.EMAIL, now=now, limit=1):
        outbox.park(message=message, reason=FAILED, now=now)
    while (at := at + timedelta(hours=1)) <= now:
        for channel in Channel:
            outbox.send_batch(channel=channel, now=at)
