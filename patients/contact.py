"""How a patient may be reached: what they agreed to, channel by channel, and what follows from it today.

A statement is never changed: the newest one of a patient, channel and purpose counts. What was said about the number
(`numbers.py`), and that mail to an address comes back (`addresses.py`), counts for everybody who shares it. Somebody
who has died, or whose record was merged into another, is never reached.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet
from phonenumber_field.phonenumber import PhoneNumber

from config.audit.acting import Actor, recorded
from config.refusals import Invalid
from config.staff.models import User
from patients.addresses import COMES_BACK, bounces
from patients.models import Channel, ContactConsent, ContactPurpose, NumberKind, Patient
from patients.numbers import opted_out, say_of_number, standing, why_of
from patients.person import tidy
from patients.record import living

# Raise the version with every change of a sentence: each statement says which one was read out or shown.
WORDING_VERSION = "1"
ABOUT = {
    ContactPurpose.VISITS: "about my visits",
    ContactPurpose.OFFERS: "when an earlier place becomes free",
    ContactPurpose.SURVEYS: "with questions about how I am",
}
WORDINGS = {
    Channel.SMS: (
        "The clinic may send me text messages {about}. It is my choice and no condition of treatment. "
        "Message rates may apply. I can stop them at any time by answering STOP or by telling the clinic."
    ),
    Channel.EMAIL: (
        "The clinic may send me email {about}. It is my choice and no condition of treatment. "
        "I can stop it at any time by telling the clinic."
    ),
}


def wording(channel: str, purpose: str) -> str:
    """What is read out or shown before somebody agrees to this channel for this purpose."""
    return WORDINGS[Channel(channel)].format(about=ABOUT[ContactPurpose(purpose)])


@dataclass(frozen=True)
class Reach:
    """One way in which a patient may be reached now. `address` is a number in E.164 or an email address."""

    channel: Channel
    address: str
    language: str

    @property
    def needs_utf8(self) -> bool:
        """Whether the mail server has to speak SMTPUTF8: a letter outside ASCII stands before the @."""
        return self.channel == Channel.EMAIL and not self.address.rpartition("@")[0].isascii()


def record_consent(
    *,
    patient: Patient,
    channel: str,
    granted: bool,
    how: str,
    by: Actor,
    at: datetime,
    purpose: str = "visits",
    version: int | None = None,
) -> ContactConsent:
    """Keep what the patient said about one channel, `how` they said it (spoken, on paper, web form, reply) and when.

    Said of texts it counts for the number as well: a no ends them for everybody who shares it, as STOP does, and a yes
    ends what was opted out of for this purpose.

    Raises Invalid, Stale (`version` is the record's), and Clash for one that was merged into another.
    """
    how = tidy(how)
    if channel not in set(Channel):
        raise Invalid("There is no such channel.", field="channel")
    if purpose not in set(ContactPurpose):
        raise Invalid("There is no such purpose.", field="purpose")
    if not how or len(how) > 40:
        raise Invalid("Say in a few words how the patient told you.", field="how")
    statement = ContactConsent(
        patient=patient,
        channel=channel,
        purpose=purpose,
        granted=granted,
        wording_version=WORDING_VERSION,
        how=how,
        by=by if isinstance(by, User) else None,
        at=at,
    )
    with recorded(by=by):
        number = _address(living(patient.pk, version=version), Channel.SMS)
        statement.save(force_insert=True)
        if channel == Channel.SMS and number and _is_newest(statement) and opted_out(number, purpose) == granted:
            opt_out = NumberKind.OPT_OUT
            say_of_number(number=number, kind=opt_out, scope=purpose, holds=not granted, how=how, by=by, at=at)
    return statement


def refuse_channel(*, patient_id: UUID, channel: str, how: str, by: Actor, at: datetime) -> list[ContactConsent]:
    """Keep that the patient wants nothing more by this channel, for no purpose: the same any number of times.

    What was agreed to after `at` stands. Of a record that was merged away it is said on the one that stays.
    """
    with recorded(by=by):
        patient = Patient.locked(patient_id)
        while patient.merged_into_id:
            patient = Patient.locked(patient.merged_into_id)
        newest = {said.purpose: said for said in _standing(patient).filter(channel=channel)}
        open_for = [purpose for purpose in ContactPurpose if _open(newest.get(purpose), at)]
        return [
            record_consent(patient=patient, channel=channel, granted=False, how=how, by=by, at=at, purpose=purpose)
            for purpose in open_for
        ]


def _open(said: ContactConsent | None, at: datetime) -> bool:
    return said is None or (said.granted and said.at <= at)


def carry_refusals(*, gone: Patient, stays: Patient, by: Actor, at: datetime) -> list[ContactConsent]:
    """Say on the record that stays each no that stands on a merged one, unless it stands there already.

    A no wins over a yes, whichever came first: a message that nobody wanted cannot be taken back, and a yes can be
    asked for again. It counts from `at`, the merge; who heard it, when and how stays with the one that it repeats.
    A yes is never carried: it was given for the addresses of the other record.
    """
    here = {(said.channel, said.purpose): said for said in _standing(stays)}
    carried = []
    with recorded(by=by):
        for no in _standing(gone):
            before = here.get((no.channel, no.purpose))
            if not no.granted and (before is None or before.granted):
                carried.append(_repeated(no, stays, by, max(at, before.at) if before else at))
    return carried


def _is_newest(said: ContactConsent) -> bool:
    same = ContactConsent.objects.filter(patient=said.patient, channel=said.channel, purpose=said.purpose)
    return not same.filter(at__gt=said.at).exists()


def _standing(patient: Patient) -> QuerySet[ContactConsent]:
    """The newest statement about each channel and purpose."""
    said = ContactConsent.objects.filter(patient=patient)
    return said.order_by("channel", "purpose", "-at", "-recorded_at").distinct("channel", "purpose")


def _repeated(no: ContactConsent, stays: Patient, by: Actor, at: datetime) -> ContactConsent:
    statement = ContactConsent(
        patient=stays,
        channel=no.channel,
        purpose=no.purpose,
        granted=False,
        wording_version=no.wording_version,
        how=no.how,
        by=by if isinstance(by, User) else None,
        at=at,
        carried_from=no,
    )
    statement.save(force_insert=True)
    return statement


def reach(*, patients: Iterable[Patient], purpose: str = "visits") -> dict[UUID, list[Reach]]:
    """For each patient the ways that are consented to, have an address, and lead to somebody living. One query."""
    wanted = [patient.pk for patient in patients]
    found: dict[UUID, list[Reach]] = {pk: [] for pk in wanted}
    for statement in _newest(purpose).filter(patient__in=wanted).select_related("patient"):
        way = _way(statement.patient, statement)
        if isinstance(way, Reach):
            found[statement.patient_id].append(way)
    return found


def may_reach(*, patient_id: UUID, channel: str, purpose: str = "visits") -> Reach | str:
    """The way to reach the patient by this channel, or the reason why not, for staff to read. Read afresh."""
    patient = Patient.objects.filter(pk=patient_id).first()
    if patient is None:
        return "There is no such patient."
    return ways_now(patients=[patient], purpose=purpose)[patient_id, channel]


def ways_now(*, patients: Iterable[Patient], purpose: str = "visits") -> dict[tuple[UUID, str], Reach | str]:
    """The same for many patients as they were read, and for each channel. One query."""
    people = {patient.pk: patient for patient in patients}
    said = {(row.patient_id, row.channel): row for row in _newest(purpose).filter(patient__in=people)}
    return {
        (pk, channel.value): _way(patient, said.get((pk, channel)), channel)
        for pk, patient in people.items()
        for channel in Channel
    }


def has_refused(*, patient_id: UUID, channel: str, purpose: str = "visits") -> bool:
    """Whether the patient, or whoever shares the number, wants no messages by this channel. Read afresh."""
    said = _newest(purpose).filter(patient=patient_id, channel=channel).first()
    return said is not None and (not said.granted or (channel == Channel.SMS and bool(why_of(said))))


def ways(*, patient: Patient) -> list[tuple[Channel, ContactPurpose, Reach | str]]:
    """For each channel and purpose the way to reach the patient now, or the reason why not. One query a pair."""
    return [
        (channel, purpose, may_reach(patient_id=patient.pk, channel=channel, purpose=purpose))
        for channel in Channel
        for purpose in ContactPurpose
    ]


def number_of(patient: Patient, *, required: bool = True) -> str:
    """The patient's mobile in E.164, or "". Raises Invalid when it is `required` and there is none."""
    number = _address(patient, Channel.SMS)
    if required and not number:
        raise Invalid("No mobile number is recorded for this patient.")
    return number


def agreed_to_texts(number: str) -> set[str]:
    """The purposes for which somebody living with this number has agreed to texts, whatever the number says since."""
    people = Patient.objects.filter(mobile=number, deceased=False, merged_into=None)
    said = ContactConsent.objects.filter(patient__in=people, channel=Channel.SMS)
    newest = said.order_by("patient_id", "purpose", "-at", "-recorded_at").distinct("patient_id", "purpose")
    return {statement.purpose for statement in newest if statement.granted}


def sharers(*, patient: Patient) -> QuerySet[Patient]:
    """Who else in the clinic has the same mobile number."""
    same = Patient.objects.filter(clinic=patient.clinic_id, mobile=patient.mobile, merged_into=None)
    return same.exclude(pk=patient.pk).order_by("family_name", "given_name")


def statements(*, patient: Patient) -> QuerySet[ContactConsent]:
    """All that the patient said about being reached, newest first."""
    said = ContactConsent.objects.filter(patient=patient)
    told = said.select_related("by", "carried_from__by", "carried_from__patient")
    return told.order_by("-at", "-recorded_at", "channel")


def _newest(purpose: str) -> QuerySet[ContactConsent]:
    return (
        ContactConsent.objects.filter(purpose=purpose)
        .annotate(**standing(OuterRef("patient__mobile"), purpose), mail_bounces=bounces(OuterRef("patient__email")))
        .order_by("patient_id", "channel", "-at", "-recorded_at")
        .distinct("patient_id", "channel")
    )


def _way(patient: Patient, statement: ContactConsent | None, channel: str = "") -> Reach | str:
    if patient.deceased:
        return "The patient has died."
    if patient.merged_into_id:
        return "This record was merged into another."
    if statement is None:
        return "No consent to this channel is recorded."
    if not statement.granted:
        return "The patient does not want messages by this channel."
    kind = Channel(channel or statement.channel)
    address = _address(patient, kind)
    number_says_no = why_of(statement) if kind == Channel.SMS else ""
    if number_says_no:
        return number_says_no
    if kind == Channel.EMAIL and statement.mail_bounces:  # type: ignore[attr-defined]
        return COMES_BACK
    return Reach(kind, address, patient.language or "en") if address else "No address for this channel is recorded."


def _address(patient: Patient, channel: Channel) -> str:
    if channel == Channel.EMAIL:
        return patient.email
    return patient.mobile.as_e164 if isinstance(patient.mobile, PhoneNumber) else ""
