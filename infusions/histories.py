"""Who changed what in clinical records: whole for clinicians, without what it says for whoever reads the audit.

The front desk gets no more of it than its own pages show: what was decided, what is in force.
"""

from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

from config.audit.disclosures import went_out
from config.audit.strands import Strand
from config.staff.models import User
from config.staff.permissions import Permission, can
from infusions.flowsheet import TITLES
from infusions.models import (
    Addendum,
    Administration,
    CandidacyDecision,
    ConsentEnding,
    NewerOrder,
    NoteHandover,
    Order,
    OrderException,
    OrderStanding,
    QuestionnaireAnswer,
    QuestionnaireResponse,
    ScreeningAnswer,
    ScreeningItem,
    TreatmentConsent,
    Visit,
    VisitEnding,
    VisitNote,
    WaitlistEntry,
)
from infusions.models.flowsheet import FLOWSHEET
from scheduling.models import Appointment

P = Permission
# What the front desk's own pages show of a decision.
DECIDED = frozenset({"outcome", "valid_until", "ask_for", "information_due"})
# Who moved it and when is what every entry begins with.
MOVED = frozenset({"since", "moved_by", "order", "patient"})
FRAME = frozenset({"signed_meaning", "request", "order", "patient", "candidacy", "opened_by", "appointment", "series"})
ENTERED = FRAME | {"entered_by", "visit"}


def of_patient(patient: UUID, person: User) -> list[Strand]:
    """What was decided, ordered and written about a patient. The rows of a visit stand in that visit's own history."""
    return [
        Strand(WaitlistEntry, "patient_id", patient, "Waitlist"),
        *_shared(person, _decisions(patient), DECIDED),
        *_shared(person, Strand(OrderStanding, "patient_id", patient, "Order", without=MOVED), frozenset({"status"})),
        *_shared(person, _exceptions("patient_id", patient), frozenset({"kind", "day"})),
        *of_screening(patient, person),
        *of_consents(patient, person),
        *_clinical(person, _responses("patient_id", patient)),
        *_clinical(person, Strand(Visit, "patient_id", patient, _record, without=FRAME)),
    ]


def of_candidacy(patient: UUID, person: User) -> list[Strand]:
    """The line of decisions; each but the first tells what it changed."""
    return _clinical(person, _decisions(patient))


def of_screening(patient: UUID, person: User, *, item: UUID | None = None) -> list[Strand]:
    """Every answer, by what was asked; of one `item` alone, where it is named."""

    @cache
    def asked() -> dict[UUID, str]:
        answered = ScreeningAnswer.objects.filter(patient=patient).values("item")
        return dict(ScreeningItem.objects.filter(pk__in=answered).values_list("pk", "wording"))

    def wording(row: Any) -> str:
        return f"Screening: {asked()[row.item_id]}"

    column, value = "patient_id", [patient]
    if item is not None:
        column, value = (
            "id",
            list(ScreeningAnswer.objects.filter(patient=patient, item=item).values_list("pk", flat=True)),
        )
    answers = Strand(ScreeningAnswer, column, value, wording, without=frozenset({"item", "patient"}))
    return _clinical(person, answers, plainly="Screening")


def of_consents(patient: UUID, person: User) -> list[Strand]:
    """What was agreed to for treatment, on which paper, and how it ended."""
    if not can(person, P.SEE_CLINICAL_HISTORY):
        return []
    given = list(TreatmentConsent.objects.filter(patient=patient).values_list("pk", flat=True))
    consents = Strand(TreatmentConsent, "patient_id", patient, "Treatment consent")
    return _clinical(person, consents, Strand(ConsentEnding, "consent_id", given, "Treatment consent ended"))


def of_consent(consent: UUID, person: User) -> list[Strand]:
    """One consent, and how it ended."""
    given = Strand(TreatmentConsent, "id", consent, "Treatment consent", without=frozenset({"patient"}))
    return _clinical(person, given, Strand(ConsentEnding, "consent_id", consent, "Treatment consent ended"))


def of_answers(identifier: UUID, person: User) -> list[Strand]:
    """One set of answers, with what corrected or struck it."""
    return _clinical(person, _responses("identifier", identifier))


def of_order(order: UUID, person: User) -> list[Strand]:
    """The order from its first draft on, its standing, and what was allowed against it."""
    return [
        *_clinical(person, Strand(Order, "id", order, without=FRAME), plainly="Order"),
        *_clinical(person, Strand(OrderStanding, "order_id", order, "Standing", without=MOVED)),
        *_clinical(person, _exceptions("order_id", order)),
        *_on_paper(person, order),
    ]


def of_visit(visit: Visit, person: User) -> list[Strand]:
    """The booking, every row of the flowsheet with its corrections, the note and whatever was added to it."""
    pk = visit.pk
    rows = [
        Strand(model, "visit_id", pk, _step if model is Administration else TITLES[kind], without=frozenset({"kind"}))
        for kind, model in FLOWSHEET.items()
    ]
    return [
        Strand(Appointment, "id", visit.appointment_id, "Booking", without=FRAME),
        *_clinical(person, Strand(Visit, "id", pk, _record, without=FRAME)),
        *_clinical(person, *rows, plainly="Flowsheet"),
        *_clinical(person, _responses("visit_id", pk)),
        *_clinical(person, Strand(VisitNote, "visit_id", pk, "Note", without=FRAME)),
        *_clinical(person, Strand(NoteHandover, "visit_id", pk, "Note taken over")),
        *_clinical(person, Strand(NewerOrder, "visit_id", pk, "Newer order", says=_went_on), plainly="Visit record"),
        *_clinical(person, Strand(VisitEnding, "visit_id", pk, "Ended without a discharge"), plainly="Visit record"),
        *_clinical(person, Strand(Addendum, "visit_id", pk, "Addendum", without=FRAME)),
        *_on_paper(person, pk, visit.appointment_id),
    ]


def _on_paper(person: User, *records: UUID) -> list[Strand]:
    """What of it was printed. It names no content, so whoever reads the audit reads it whole."""
    return [went_out(*records)] if can(person, P.SEE_CLINICAL_HISTORY) else []


def _decisions(patient: UUID) -> Strand:
    return Strand(CandidacyDecision, "patient_id", patient, "Decision on candidacy", without=FRAME)


def _exceptions(column: str, value: UUID) -> Strand:
    return Strand(OrderException, column, value, "Exception", without=FRAME)


def _responses(column: str, value: UUID) -> Strand:
    return Strand(QuestionnaireResponse, column, value, "Questionnaire", without=ENTERED, holds=_answers)


def _answers(responses: set[str]) -> dict[str, dict[str, str]]:
    """What was chosen, by what was asked."""
    rows = QuestionnaireAnswer.objects.filter(response__in=map(UUID, responses)).select_related("item", "option")
    found: dict[str, dict[str, str]] = {}
    for row in rows.order_by("item__position"):
        found.setdefault(str(row.response_id), {})[row.item.wording] = row.option.label if row.option else ""
    return found


def _record(row: Any) -> str:
    """A visit's own row changes in one way only: it goes on under a newer order."""
    return "Visit record" if row.version == 1 else "Visit record under a newer order"


def _went_on(row: NewerOrder) -> str:
    """Which version took the place of which: each by who signed it and when."""
    before, order = (
        f"{one.signed_name}, {one.signed_at.astimezone(row.visit.clinic.tz):%-d %b %Y, %H:%M}"
        for one in (row.before, row.order)
        if one.signed_at is not None
    )
    return f"The visit went on under the order of {order}, in place of that of {before}."


def _step(row: Administration) -> str:
    return f"Infusion: {row.get_kind_display().lower()}"  # type: ignore[attr-defined]


def _clinical(person: User, *strands: Strand, plainly: str = "") -> list[Strand]:
    """What only clinicians read. Who reads the audit learns that it was done, by whom and when."""
    if can(person, P.SEE_CLINICAL):
        return list(strands)
    if can(person, P.SEE_CLINICAL_HISTORY):
        return [replace(strand, what=plainly or strand.what, hides=True) for strand in strands]
    return []


def _shared(person: User, strand: Strand, fields: frozenset[str]) -> list[Strand]:
    """A clinical record of which everybody who sees patients sees these fields, and nobody else why."""
    if can(person, P.SEE_PATIENTS) and not can(person, P.SEE_CLINICAL):
        return [replace(strand, only=fields, reasons=False)]
    return _clinical(person, strand)
