"""What `notifications` asks patients for the rooms beside it, and what these ask of it; told to both when the desk
starts (`config.web.apps`)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from infusions import by_link, waitlist
from infusions.models.waitlist import Said
from notifications import links
from notifications.elsewhere import Answers, Item, Offered, Sheet
from notifications.models import Purpose, consent_for
from notifications.purposes import Switches
from patients.contact import may_reach, reach
from patients.models import Channel, Patient
from scheduling.models import Appointment

days_asked = by_link.days_asked


def sheets(visit: Appointment, days: int, message_id: UUID) -> list[Sheet]:
    """As plain values: places and words."""
    return [
        Sheet(
            id=one.questionnaire.pk,
            title=one.questionnaire.title,
            instruction=one.questionnaire.instruction,
            source=one.questionnaire.copyright,
            items=tuple(
                Item(
                    item.position, item.wording, tuple((option.position, option.label) for option in item.options.all())
                )
                for item in one.questionnaire.items.all()
            ),
            answered=one.answered,
        )
        for one in by_link.asked(visit=visit, days=days, message_id=message_id)
    ]


def receive(visit: Appointment, message_id: UUID, answers: Answers, now: datetime) -> int:
    """How many questionnaires were answered."""
    return len(by_link.receive(visit=visit, message_id=message_id, answers=answers, now=now))


def offers(now: datetime) -> list[Offered]:
    """What the desk offers by message now."""
    rows = waitlist.open_by_message(now).values_list("hold", "made_at", "expires_at")
    return [Offered(hold, at, until) for hold, at, until in rows if hold is not None]


def said_of_offer(held: UUID, now: datetime) -> bool | None:
    """What the patient said of it."""
    offer = waitlist.of_hold(held, now)
    return None if offer is None or not offer.said else offer.said == Said.WANTS


def say_of_offer(held: UUID, wants: bool, now: datetime) -> None:  # noqa: FBT001  (one of three, told by name above)
    """To the waitlist, which tells the desk."""
    waitlist.say(hold=held, wants=wants, now=now)


def why_no_offer(patient: Patient, visit_type: UUID | None) -> str:
    """Why no offer by message can go to this patient, for the desk to read."""
    if not Switches.read().is_on(patient.clinic_id, visit_type, Purpose.OFFER):
        return "The clinic sends no offers by message. A manager switches them on."
    if not links.can_be_made_for(patient):
        return "No link can be made for this patient: it needs a birth date, and a public address of the desk."
    purpose = consent_for(Purpose.OFFER)
    ways = [may_reach(patient_id=patient.pk, channel=channel, purpose=purpose) for channel in Channel]
    said = [way for way in ways if isinstance(way, str)]
    return said[0] if len(said) == len(ways) else ""


def may_be_offered(wanted: Sequence[tuple[Patient, UUID | None]]) -> set[UUID]:
    """Who of these can be offered a place by message, by id."""
    switches = Switches.read()
    able = [
        patient
        for patient, visit_type in wanted
        if switches.is_on(patient.clinic_id, visit_type, Purpose.OFFER) and links.can_be_made_for(patient)
    ]
    ways = reach(patients=able, purpose=consent_for(Purpose.OFFER)) if able else {}
    return {patient for patient, found in ways.items() if found}
