"""Reminders of the last days, planned and sent by the product itself into the demo's outbox, and some answers."""

from datetime import datetime, timedelta

from config.demo.seed.place import House
from notifications import claims, inbound, outbox, planner
from notifications.models import ASKS, NEWS, Message
from notifications.purposes import switch_purpose
from notifications.states import MessageState
from patients.models import Channel
from scheduling import questions

PLANNED_BEFORE = timedelta(hours=80)
ANSWERS = ("Yes, thank you", "Could I come half an hour later?", "Please cancel")
ASKED = (
    questions.Words("Has anything changed since your last visit?", "¿Ha cambiado algo desde su última visita?"),
    questions.Words("Is there anything we should know before you come?", "¿Hay algo que debamos saber antes?"),
)
FAILED = "The mailbox does not exist (invented for the demo)."


def send_what_was_due(now: datetime) -> None:
    """Plan as of some days ago, let one message fail, and send hour by hour what has come due since."""
    at = now - PLANNED_BEFORE
    planner.plan(now=at)
    for taken in claims.claim(channel=Channel.EMAIL, now=now, limit=1):
        outbox.park(claim=taken, reason=FAILED, now=now)
    while (at := at + timedelta(hours=1)) <= now:
        for channel in Channel:
            outbox.send_batch(channel=channel, now=at)
    _answers(now)


def tell_what_the_desk_does(house: House, now: datetime) -> None:
    """From now on whoever tries the demo sees confirmations, new times, cancellations, and what patients are asked."""
    questions.ask(clinic=house.clinic, questions=ASKED, by=house.manager, now=now)
    for purpose in (*NEWS, *ASKS):
        switch_purpose(clinic=house.clinic, purpose=purpose, on=True, by=house.manager, now=now + timedelta(seconds=1))


def _answers(now: datetime) -> None:
    """What came back to the last texts: a yes, a question that somebody has to read, and a CANCEL."""
    texts = Message.objects.filter(channel=Channel.SMS, state=MessageState.ACCEPTED, appointment__start__gt=now)
    told = {text.patient_id: text for text in texts.order_by("-sent_at", "pk")}
    for number, (text, said) in enumerate(zip(told.values(), ANSWERS, strict=False)):
        at = now - timedelta(minutes=40 - 10 * number)
        inbound.receive(provider_id=f"demo-{number}", number=text.to, text=said, now=at)
