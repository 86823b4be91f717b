"""The one door for a clinic's own words: written as editions, the highest counts, an old one can be taken up again."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat, Lower

from config.audit.acting import recorded
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from notifications.models import LINKED, MessageTemplate, Purpose
from notifications.template_rules import LONGEST, email, faults, subject_line, text_message, values
from notifications.wording import LANGUAGES, Wording
from patients.models import Channel, Patient

# As long as values get: the longest day of both languages, an hour of two digits, a long first name.
LONG_DAY = datetime(2026, 9, 30, 12, 30, tzinfo=ZoneInfo("UTC"))
LONG_NAME, LONG_INITIALS = "Maximiliano", "MW"
A_LINK = "https://desk.example/v/xxxxxxxxxxxxxxxxxxxxxx/"


class What(NamedTuple):
    """One message of a clinic's: what it is for, how it goes, in which language."""

    purpose: str
    channel: str
    language: str


def editions(*, clinic: Clinic, what: What) -> QuerySet[MessageTemplate]:
    """All that was ever written for this, the newest first."""
    return MessageTemplate.objects.filter(clinic=clinic, **what._asdict()).select_related("by").order_by("-edition")


def current(*, clinic_id: UUID, what: What) -> MessageTemplate | None:
    """The clinic's own words that count now; None where those that come with the software do."""
    newest = MessageTemplate.objects.filter(clinic=clinic_id, **what._asdict()).order_by("-edition").first()
    return None if newest is None or newest.shipped else newest


def sample(clinic: Clinic, language: str, *, link: str = A_LINK) -> dict[str, str]:
    """Values for looking and for counting: as long as they get, and nobody's."""
    return values(
        first_name=LONG_NAME,
        initials=LONG_INITIALS,
        sender_name=clinic.sender_name,
        phone=clinic.phone.as_national,
        start=LONG_DAY.replace(tzinfo=clinic.tz),
        tz=clinic.tz,
        link=link,
        language=language,
    )


def write(
    *,
    clinic: Clinic,
    what: What,
    text: str,
    subject: str = "",
    may_be_long: bool = False,
    after: int = 0,
    by: User,
    now: datetime,
) -> MessageTemplate:
    """Use these words from now on. `after`: the edition that was read, 0 for none.

    Raises Invalid with everything that is wrong, field by field, and Clash when somebody else wrote one in between.
    """
    require(by, Permission.MANAGE_CLINIC)
    _check_what(what)
    by_text = what.channel == Channel.SMS
    text, subject = text.strip().replace("\r\n", "\n"), "" if by_text else " ".join(subject.split())
    row = MessageTemplate(clinic=clinic, **what._asdict(), subject=subject, text=text, by=by, at=now)
    row.may_be_long = may_be_long and by_text
    _check_words(row)
    return _enter(row, after)


def use_again(*, template_id: UUID, clinic: Clinic, after: int, by: User, now: datetime) -> MessageTemplate:
    """Take an old edition up again, as a new one. Its words are looked at as if they were new."""
    require(by, Permission.MANAGE_CLINIC)
    old = MessageTemplate.objects.filter(pk=template_id, clinic=clinic).first()
    if old is None:
        raise NotFound("There is no such edition.")
    what = What(old.purpose, old.channel, old.language)
    if old.shipped:
        return use_shipped(clinic=clinic, what=what, after=after, by=by, now=now)
    return write(
        clinic=clinic,
        what=what,
        text=old.text,
        subject=old.subject,
        may_be_long=old.may_be_long,
        after=after,
        by=by,
        now=now,
    )


def use_shipped(*, clinic: Clinic, what: What, after: int, by: User, now: datetime) -> MessageTemplate:
    """Go back to the words that come with the software."""
    require(by, Permission.MANAGE_CLINIC)
    _check_what(what)
    return _enter(MessageTemplate(clinic=clinic, **what._asdict(), shipped=True, by=by, at=now), after)


def as_sent(template: MessageTemplate, words: dict[str, str]) -> Wording:
    """The message with these values, just as a channel gets it."""
    version = f"clinic-{template.edition}"
    if template.channel == Channel.SMS:
        return Wording(words["clinic"], "", text_message(template.text, words), template.language, version)
    subject = subject_line(template.subject, words)
    text = email(template.text, words, template.language, purpose=template.purpose)
    return Wording(words["clinic"], subject, text, template.language, version)


def _check_what(what: What) -> None:
    if what.purpose not in set(Purpose) or what.channel not in set(Channel) or what.language not in LANGUAGES:
        raise NotFound("There is no such message.")


def _check_words(row: MessageTemplate) -> None:
    link = A_LINK if row.purpose in LINKED else ""
    known = sample(row.clinic, row.language, link=link)
    found = faults(
        purpose=row.purpose,
        channel=row.channel,
        subject=row.subject,
        text=row.text,
        sample=known,
        may_be_long=row.may_be_long,
    )
    errors: dict[str, list[str]] = {}
    for field, words in found:
        errors.setdefault(field, []).append(words)
    for field, said in (("subject", row.subject), ("text", row.text)):
        if len(said) > LONGEST[field]:
            errors.setdefault(field, []).append(f"At most {LONGEST[field]} characters.")
        elif _names_a_patient(row.clinic, said):
            errors.setdefault(field, []).append("This holds the full name of a patient of the clinic.")
    if errors:
        raise Invalid(next(iter(errors.values()))[0], errors=errors)


def _names_a_patient(clinic: Clinic, said: str) -> bool:
    full = Lower(Concat("given_name", Value(" "), "family_name"))
    people = Patient.objects.filter(clinic=clinic).annotate(full=full, said=Value(said.lower()))
    return people.exclude(family_name="").exclude(given_name="").filter(said__contains=F("full")).exists()


def _enter(row: MessageTemplate, after: int) -> MessageTemplate:
    with recorded(by=row.by):
        Clinic.objects.select_for_update(no_key=True).get(pk=row.clinic_id)
        newest = editions(clinic=row.clinic, what=What(row.purpose, row.channel, row.language)).first()
        there = newest.edition if newest else 0
        if there != after:
            raise Clash("Somebody else wrote a newer edition. Your text is kept; look at both.", current=there)
        row.edition = there + 1
        row.save(force_insert=True)
    return row
