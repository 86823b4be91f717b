"""What patients are asked by a link in a message some days after an infusion: which measures, when, their answers.

A manager says of each measure in use how many days after; nothing is asked by itself. The answers are the patient's
own: as they were chosen, never part of a visit's record, and nobody but their link writes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from config.audit.acting import SystemJob, recorded
from config.audit.guards import in_words
from config.refusals import Invalid, NotFound
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from infusions import responses
from infusions.models import Questionnaire, QuestionnaireResponse, QuestionnaireSchedule
from infusions.models.questionnaires import LATEST_DAY
from scheduling.models import Appointment

# The chosen option of each item, both by their place in the questionnaire.
Chosen = Mapping[int, int]
LINK = SystemJob.PATIENT_LINK


@dataclass(frozen=True)
class Asked:
    """A measure as this message asks it. `answered`: by this very message."""

    questionnaire: Questionnaire
    answered: bool


def ask_after(*, questionnaire_id: UUID, days: int | None, by: User) -> QuestionnaireSchedule:
    """Send this measure so many days after each infusion, in whatever edition is in use then; None: never.

    Raises NotAllowed, NotFound, Invalid (`days`).
    """
    require(by, Permission.MANAGE_CLINIC)
    if days is not None and not 1 <= days <= LATEST_DAY:
        raise Invalid(f"From 1 to {LATEST_DAY} days after the infusion, or nothing.", field="days")
    with in_words(), recorded(by=by):
        Clinic.locked(by.clinic_id)
        found = Questionnaire.objects.filter(pk=questionnaire_id, clinic=by.clinic_id).first()
        if found is None:
            raise NotFound("There is no such questionnaire.")
        same = {"clinic_id": by.clinic_id, "canonical": found.canonical}
        row = QuestionnaireSchedule.objects.filter(**same).first() or QuestionnaireSchedule(**same)
        if row._state.adding or row.days_after != days:
            row.days_after = days
            row.save()
    return row


def days_of(*, clinic: Clinic) -> dict[UUID, int]:
    """How many days after an infusion each measure is sent, by `canonical`. One query."""
    rows = QuestionnaireSchedule.objects.filter(clinic=clinic, days_after__isnull=False)
    return {row.canonical: row.days_after for row in rows if row.days_after is not None}


def days_asked() -> dict[UUID, set[int]]:
    """Of each clinic the days after an infusion on which it asks something that is in use. One query."""
    used = Questionnaire.objects.filter(active=True).values("canonical")
    rows = QuestionnaireSchedule.objects.filter(days_after__isnull=False, canonical__in=used)
    found: dict[UUID, set[int]] = {}
    for clinic, days in rows.order_by().values_list("clinic", "days_after").distinct():
        if days is not None:
            found.setdefault(clinic, set()).add(days)
    return found


def asked(*, visit: Appointment, days: int, message_id: UUID) -> list[Asked]:
    """What is asked so many days after this visit, with items and answers to choose from. Five queries at most."""
    scheduled = [canonical for canonical, day in days_of(clinic=visit.clinic).items() if day == days]
    used = Questionnaire.objects.filter(clinic=visit.clinic_id, active=True, canonical__in=scheduled)
    found = list(used.prefetch_related("items__options").order_by("title", "id"))
    sent = {_client_id(message_id, one): one.pk for one in found}
    rows = QuestionnaireResponse.objects.filter(patient=visit.patient_id, client_id__in=list(sent))
    answered = {sent[client_id] for client_id in rows.values_list("client_id", flat=True) if client_id}
    return [Asked(one, one.pk in answered) for one in found]


def receive(
    *, visit: Appointment, message_id: UUID, answers: Mapping[UUID, Chosen], now: datetime
) -> list[QuestionnaireResponse]:
    """Take what the patient chose, by questionnaire: all of it or nothing. What a message asked is answered once: sent
    again, the first answers are given back.

    Raises Invalid (`answers`) for what was not offered or where nothing was chosen, Clash when the clinic asks it no
    more or the record was merged away.
    """
    chosen = {pk: given for pk, given in answers.items() if given}
    if not chosen:
        raise Invalid("Nothing was answered yet.", field="answers")
    known = Questionnaire.objects.filter(clinic=visit.clinic_id, pk__in=chosen).prefetch_related("items__options")
    found = list(known.order_by("pk"))
    if len(found) < len(chosen):
        raise Invalid("There is no such questionnaire.", field="answers")
    with recorded(by=LINK):
        return [
            responses.receive(
                patient=visit.patient,
                questionnaire_id=one.pk,
                answers=_by_id(one, chosen[one.pk]),
                appointment_id=visit.pk,
                client_id=_client_id(message_id, one),
                by=LINK,
                now=now,
            )
            for one in found
        ]


def _client_id(message_id: UUID, one: Questionnaire) -> UUID:
    """Names what a message asked, whichever of its links it is answered by and however often."""
    return uuid5(message_id, str(one.canonical))


def _by_id(one: Questionnaire, chosen: Chosen) -> dict[UUID, UUID | None]:
    items = {item.position: item for item in one.items.all()}
    found: dict[UUID, UUID | None] = {}
    for place, option in chosen.items():
        item = items.get(place)
        offered = {answer.position: answer.pk for answer in item.options.all()} if item else {}
        if item is None or option not in offered:
            raise Invalid("There is no such answer to choose.", field="answers")
        found[item.pk] = offered[option]
    return found
