"""Who changed what in clinical records: whole for clinicians, without what it says for whoever reads the audit.

The front desk gets no more of it than its own pages show: what was decided, what is in force.
"""

from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

from config.audit.strands import Strand
from config.staff.models import User
from config.staff.permissions import Permission, can
from infusions.flowsheet import TITLES
from infusions.models import (
    Addendum,
    Administration,
    CandidacyDecision,
    NoteHandover,
    Order,
    OrderException,
    OrderStanding,
    Questionnaire,
    QuestionnaireResponse,
    ScreeningAnswer,
    ScreeningItem,
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
# Of a set of answers its own page tells what was chosen; who entered it is what every entry begins with.
GIVEN = frozenset({"patient", "questionnaire", "visit", "appointment", "source", "entered_by"})
FRAME = frozenset({"signed_meaning", "request", "order", "patient", "candidacy", "opened_by", "appointment", "series"})


def of_patient(patient: UUID, person: User) -> list[Strand]:
    """What was decided, ordered and written about a patient. The rows of a visit stand in that visit's own history."""
    return [
        Strand(WaitlistEntry, "patient_id", patient, "Waitlist"),
        *_shared(person, _decisions(patient), DECIDED),
        *_shared(person, Strand(OrderStanding, "patient_id", patient, "Order", without=MOVED), frozenset({"status"})),
        *_shared(person, _exceptions("patient_id", patient), frozenset({"kind", "day"})),
        *of_screening(patient, person),
        *_answers(person, "patient_id", patient),
        *_clinical(person, Strand(Visit, "patient_id", patient, "Visit record", without=FRAME)),
    ]


def of_candidacy(patient: UUID, person: User) -> list[Strand]:
    """The line of decisions; each but the first tells what it changed."""
    return _clinical(person, _decisions(patient))


def of_screening(patient: UUID, person: User) -> list[Strand]:
    """Every answer, by what was asked."""

    @cache
    def asked() -> dict[UUID, str]:
        answered = ScreeningAnswer.objects.filter(patient=patient).values("item")
        return dict(ScreeningItem.objects.filter(pk__in=answered).values_list("pk", "wording"))

    def item(row: Any) -> str:
        return f"Screening: {asked()[row.item_id]}"

    answers = Strand(ScreeningAnswer, "patient_id", patient, item, without=frozenset({"item"}))
    return _clinical(person, answers, plainly="Screening")


def of_order(order: UUID, person: User) -> list[Strand]:
    """The order from its first draft on, its standing, and what was allowed against it."""
    return [
        *_clinical(person, Strand(Order, "id", order, without=FRAME), plainly="Order"),
        *_clinical(person, Strand(OrderStanding, "order_id", order, "Standing", without=MOVED)),
        *_clinical(person, _exceptions("order_id", order)),
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
        *_clinical(person, Strand(Visit, "id", pk, "Visit record", without=FRAME)),
        *_clinical(person, *rows, plainly="Flowsheet"),
        *_answers(person, "visit_id", pk),
        *_clinical(person, Strand(VisitNote, "visit_id", pk, "Note", without=FRAME)),
        *_clinical(person, Strand(NoteHandover, "visit_id", pk, "Note taken over")),
        *_clinical(person, Strand(VisitEnding, "visit_id", pk, "Ended without a discharge"), plainly="Visit record"),
        *_clinical(person, Strand(Addendum, "visit_id", pk, "Addendum", without=FRAME)),
    ]


def _answers(person: User, column: str, value: UUID) -> list[Strand]:
    """That a set of answers was given, corrected or struck, by the title of what was asked."""

    @cache
    def titles() -> dict[UUID, str]:
        asked = QuestionnaireResponse.objects.filter(**{column: value}).values("questionnaire")
        return dict(Questionnaire.objects.filter(pk__in=asked).values_list("pk", "title"))

    def title(row: Any) -> str:
        return f"Answers: {titles()[row.questionnaire_id]}"

    given = Strand(QuestionnaireResponse, column, value, title, without=GIVEN)
    return _clinical(person, given, plainly="Answers")


def _decisions(patient: UUID) -> Strand:
    return Strand(CandidacyDecision, "patient_id", patient, "Decision on candidacy", without=FRAME)


def _exceptions(column: str, value: UUID) -> Strand:
    return Strand(OrderException, column, value, "Exception", without=FRAME)


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
