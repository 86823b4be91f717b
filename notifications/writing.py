"""The words of a message about visits: a clinic's own where it has some, else those that come with the software."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import Q

from config.http.masking import masked
from notifications import links, message_templates
from notifications.asked_words import asked
from notifications.message_templates import What
from notifications.models import ASKS, LINKED, NEWS, Message, MessageTemplate
from notifications.news_words import news
from notifications.segments import segments
from notifications.template_rules import values
from notifications.wording import Wording, language_of, reminder
from patients.models import Channel
from scheduling.models import Appointment


@dataclass
class OwnWords:
    """The clinics' own words, each looked up once for a batch."""

    known: dict[tuple[UUID, What], MessageTemplate | None] = field(default_factory=dict)

    def of(self, clinic_id: UUID, what: What) -> MessageTemplate | None:
        """The edition that counts; None where the words that come with the software do."""
        if (clinic_id, what) not in self.known:
            self.known[clinic_id, what] = message_templates.current(clinic_id=clinic_id, what=what)
        return self.known[clinic_id, what]


def written(row: Message, visits: Sequence[Appointment], *, language: str, link: str, own: OwnWords) -> Wording:
    """The words about these visits, the earliest first; reminders and what asks bear the link to the patient's page, if
    there is one."""
    clinic = visits[0].clinic
    made = _in_own_words(row, visits, language_of(language), link, own)
    if made is not None:
        return made
    if row.purpose in NEWS:
        return news(
            purpose=row.purpose,
            channel=row.channel,
            language=language,
            sender_name=clinic.sender_name,
            phone=clinic.phone.as_national,
            starts=[visit.start for visit in visits],
            tz=clinic.tz,
        )
    if row.purpose in ASKS:
        return asked(
            purpose=row.purpose,
            channel=row.channel,
            language=language,
            sender_name=clinic.sender_name,
            phone=clinic.phone.as_national,
            start=visits[0].start,
            tz=clinic.tz,
            link=link,
        )
    return reminder(
        channel=row.channel,
        language=language,
        sender_name=clinic.sender_name,
        phone=clinic.phone.as_national,
        start=visits[0].start,
        tz=clinic.tz,
        link=link,
    )


def as_it_would_go(row: Message) -> Wording:
    """The words of a waiting message, as they stand today. What was sent is in the row itself."""
    told = Message.objects.filter(told_with=row).values("appointment")
    about = Appointment.objects.filter(Q(pk=row.appointment_id) | Q(pk__in=told)).select_related("clinic", "patient")
    visits = list(about.order_by("start"))
    is_linked = row.purpose in LINKED and links.can_be_made(visits[0])
    link = links.address(links.LOOKED_AT) if is_linked else ""
    made = written(row, visits, language=row.language, link=link, own=OwnWords())
    return replace(made, text=masked(made.text))


def _in_own_words(row: Message, visits: Sequence[Appointment], tongue: str, link: str, own: OwnWords) -> Wording | None:
    """None where the words that come with the software are sent: there are no others, they tell of several visits, or
    a name made a text longer than somebody said it may be."""
    template = own.of(row.clinic_id, What(row.purpose, row.channel, tongue)) if len(visits) == 1 else None
    if template is None:
        return None
    visit = visits[0]
    patient, clinic = visit.patient, visit.clinic
    made = message_templates.as_sent(
        template,
        values(
            first_name=patient.preferred_name or patient.given_name,
            initials=patient.initials,
            sender_name=clinic.sender_name,
            phone=clinic.phone.as_national,
            start=visit.start,
            tz=clinic.tz,
            link=link,
            language=tongue,
        ),
    )
    is_long = row.channel == Channel.SMS and segments(made.text).segments > 1
    return None if is_long and not template.may_be_long else made
