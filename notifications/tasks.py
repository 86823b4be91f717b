"""The repeated work, thin: what runs is in the modules beside it. Arguments never hold a person's data.

A lost or repeated task changes nothing: each only asks the ledger what is to be done.
"""

from celery import shared_task

from notifications import asking, claims, outbox, planner, unanswered
from notifications.clock import database_now

# Seconds after which a task that nobody took is dropped. Far more than clocks of two hosts may differ.
LONG_AGO = 900
# More than this at once only piles up; the next sweep brings the rest.
BATCHES_A_SWEEP = 4


@shared_task(name="notifications.tasks.plan", expires=LONG_AGO)
def plan() -> None:
    """Bring the ledger up to date with the bookings."""
    planner.plan(now=database_now())


@shared_task(name="notifications.tasks.send_due", expires=LONG_AGO)
def send_due() -> None:
    """Ask for senders where something is due, each channel in a queue of its own."""
    for channel, batches in outbox.batches_due(now=database_now()).items():
        for _ in range(min(batches, BATCHES_A_SWEEP)):
            send_batch.apply_async(args=[channel], queue=channel)


@shared_task(name="notifications.tasks.send_batch", expires=LONG_AGO)
def send_batch(channel: str) -> None:
    """Send one batch; after a full one, ask for the next."""
    if outbox.send_batch(channel=channel, now=database_now()) == claims.BATCH:
        send_batch.apply_async(args=[channel], queue=channel)


@shared_task(name="notifications.tasks.recover", expires=LONG_AGO)
def recover() -> None:
    """Settle what dead senders left."""
    outbox.recover(now=database_now())


@shared_task(name="notifications.tasks.find_out", expires=LONG_AGO)
def find_out() -> None:
    """Have the providers asked about what is unknown, and the desk where they did not say it in time."""
    now = database_now()
    unanswered.hand_to_desk(now=now)
    for channel in asking.channels_to_ask(now=now):
        ask.apply_async(args=[channel], queue=channel)


@shared_task(name="notifications.tasks.ask", expires=LONG_AGO)
def ask(channel: str) -> None:
    """Ask one provider."""
    asking.ask(channel=channel, now=database_now())
