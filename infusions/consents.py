"""Treatment consents: what a patient agreed to, on which day, on which paper, until when. The one writer of them.

A last day is typed or there is none; nothing here sets, proposes or carries one over.
"""

from datetime import date, datetime
from uuid import UUID

from config.audit.acting import recorded
from config.audit.guards import in_words
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import User
from config.staff.permissions import CLINICAL_ROLES, Permission, require
from infusions.consent_wordings import needed_to_start
from infusions.documents import read_paper
from infusions.models import ConsentDocument, ConsentEnding, ConsentWording, Ended, MediaType, TreatmentConsent
from patients.models import Patient
from patients.person import tidy
from scheduling.wall_clock import FIRST_YEAR, LAST_YEAR

LONGEST_NAME, LONGEST_REASON = 120, 200
SUFFIX = {MediaType.PDF: "pdf", MediaType.PNG: "png", MediaType.JPEG: "jpg"}
YEARS_AWAY = "This day is years away. Type it again."


def record(
    *,
    patient: Patient,
    wording: ConsentWording,
    given_on: date,
    taken_by: User,
    by: User,
    now: datetime,
    expires_on: date | None = None,
    given_by: str = "",
    document: bytes | None = None,
    client_id: UUID | None = None,
) -> TreatmentConsent:
    """Write down a consent. `taken_by` is the clinician with whom it was given; `given_by` names who gave it where that
    was not the patient; `document` is the signed paper as PDF, PNG or JPEG.

    The same `client_id` again gives the first one back. Raises NotAllowed, NotFound, Invalid by field, Clash on a
    record that was merged away.
    """
    require(by, Permission.CHART)
    if patient.clinic_id != by.clinic_id:
        raise NotFound("There is no such patient.")
    consent = TreatmentConsent(patient=patient, wording=wording, given_on=given_on, expires_on=expires_on)
    consent.taken_by, consent.given_by = taken_by, tidy(given_by) or None
    consent.author, consent.entered_at, consent.client_id = by, now, client_id
    _check(consent)
    with in_words(), recorded(by=by):
        if Patient.locked(patient.pk).merged_into_id:
            raise Clash("This record was merged into another one; write there.")
        sent = TreatmentConsent.objects.filter(patient=patient, client_id=client_id).first() if client_id else None
        if sent is not None:
            return sent
        if document is not None:
            consent.document = _kept(document, patient, by=by, now=now)
        consent.save(force_insert=True)
    return consent


def end(
    *, consent_id: UUID, how: str, reason: str, by: User, now: datetime, ended_on: date | None = None
) -> ConsentEnding:
    """Write down that a consent holds no more: `withdrawn` on the day `ended_on`, or `entered-in-error`.

    Raises NotAllowed, NotFound, Invalid by field, Clash when it has ended already.
    """
    require(by, Permission.CHART)
    with in_words(), recorded(by=by, reason=reason.strip()):
        consent = TreatmentConsent.objects.filter(pk=consent_id, patient__clinic=by.clinic_id).first()
        if consent is None:
            raise NotFound("There is no such consent.")
        # Two hands at once: the second waits here and then sees the first one's row.
        Patient.locked(consent.patient_id)
        if ConsentEnding.objects.filter(consent=consent).exists():
            raise Clash("This consent has ended already.", code="ended-already")
        ending = ConsentEnding(consent=consent, how=how, ended_on=ended_on, reason=reason.strip(), author=by)
        ending.entered_at = now
        _check_ending(ending, today=by.clinic.today(now))
        ending.save(force_insert=True)
    return ending


def of_patient(*, patient: Patient) -> list[TreatmentConsent]:
    """All consents of the patient, the latest first, with how they ended. The paper's bytes are left out. One query."""
    joined = ("wording", "taken_by", "author", "ending__author", "document")
    found = TreatmentConsent.objects.filter(patient=patient).select_related(*joined).defer("document__content")
    return list(found.order_by("-given_on", "-recorded_at"))


def in_date(*, patient: Patient, on: date) -> list[TreatmentConsent]:
    """Those that hold on that day."""
    return [consent for consent in of_patient(patient=patient) if holds(consent, on=on)]


def holds(consent: TreatmentConsent, *, on: date) -> bool:
    """Whether that day is within what was agreed to."""
    ending = ending_of(consent)
    ended, ended_on = ending is not None, ending.ended_on if ending is not None else None
    return within(on, given_on=consent.given_on, expires_on=consent.expires_on, ended=ended, ended_on=ended_on)


def within(on: date, *, given_on: date, expires_on: date | None, ended: bool, ended_on: date | None) -> bool:
    """Not before it was given, not after its last day, not withdrawn by then, and not entered in error (which `ended`
    without a day says)."""
    if ended and (ended_on is None or ended_on <= on):
        return False
    return given_on <= on and (expires_on is None or on <= expires_on)


def ending_of(consent: TreatmentConsent) -> ConsentEnding | None:
    """How it ended otherwise than by its last day. No query when it was read with it."""
    return getattr(consent, "ending", None)


def paper_of(consent: TreatmentConsent) -> tuple[ConsentDocument, str]:
    """The consent's paper, and a file name that tells nothing about the patient. Raises NotFound without one."""
    if consent.document is None:
        raise NotFound("No paper was kept with this consent.")
    return consent.document, f"consent-{consent.given_on.isoformat()}.{SUFFIX[MediaType(consent.document.media_type)]}"


def missing_to_start(*, patient_id: UUID, clinic_id: UUID, on: date) -> list[str]:
    """The kinds that the clinic asks for before an infusion starts and of which none holds on that day."""
    asked = needed_to_start(clinic_id=clinic_id)
    if not asked:
        return []
    agreed = TreatmentConsent.objects.filter(patient=patient_id).select_related("wording", "ending")
    held = {consent.wording.kind.casefold() for consent in agreed if holds(consent, on=on)}
    return [kind for kind in asked if kind.casefold() not in held]


def _kept(content: bytes, patient: Patient, *, by: User, now: datetime) -> ConsentDocument:
    paper = read_paper(content)
    document = ConsentDocument(patient=patient, author=by, entered_at=now, content=paper.content)
    document.media_type, document.size, document.sha256 = paper.media_type, len(paper.content), paper.sha256
    document.save(force_insert=True)
    return document


def _check(consent: TreatmentConsent) -> None:
    """Raise Invalid for what cannot be: a day to come, an end before the beginning, somebody else's wording."""
    errors, clinic = _days(consent), consent.author.clinic_id
    if consent.wording.clinic_id != clinic:
        errors["wording"] = "There is no such wording."
    # Whoever took it may have left since: a paper can be older than today's staff.
    if consent.taken_by.clinic_id != clinic or consent.taken_by.role not in CLINICAL_ROLES:
        errors["taken_by"] = "A consent is taken by a clinician of this clinic."
    if len(consent.given_by or "") > LONGEST_NAME:
        errors["given_by"] = f"At most {LONGEST_NAME} characters."
    if errors:
        raise Invalid("The consent is not complete.", errors={name: [text] for name, text in errors.items()})


def _days(consent: TreatmentConsent) -> dict[str, str]:
    """What is wrong with the two days, by field."""
    given, last, errors = consent.given_on, consent.expires_on, {}
    if not _our_day(given):
        errors["given_on"] = YEARS_AWAY
    elif given > consent.author.clinic.today(consent.entered_at):
        errors["given_on"] = "This day has not come yet."
    if last is not None and not _our_day(last):
        errors["expires_on"] = YEARS_AWAY
    elif last is not None and last < given:
        errors["expires_on"] = "It cannot end before it was given."
    return errors


def _check_ending(ending: ConsentEnding, *, today: date) -> None:
    errors = {}
    if ending.how not in set(Ended):
        errors["how"] = "Say how it ended."
    if not 0 < len(ending.reason) <= LONGEST_REASON:
        errors["reason"] = f"At most {LONGEST_REASON} characters." if ending.reason else "Say why."
    if ending.how == Ended.WITHDRAWN:
        errors |= _withdrawn_on(ending, today)
    elif ending.ended_on is not None:
        errors["ended_on"] = "What was entered in error never held, so no day belongs to it."
    if errors:
        raise Invalid("This is not complete.", errors={name: [text] for name, text in errors.items()})


def _withdrawn_on(ending: ConsentEnding, today: date) -> dict[str, str]:
    if ending.ended_on is None:
        return {"ended_on": "Give the day on which it was withdrawn."}
    if not ending.consent.given_on <= ending.ended_on <= today:
        return {"ended_on": "It was withdrawn between the day on which it was given and today."}
    return {}


def _our_day(day: date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR
