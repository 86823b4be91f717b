"""What booking tells of a visit, and adds to the history of a patient."""

from typing import Any
from uuid import UUID

from django.utils.timezone import get_current_timezone

from config.audit.disclosures import went_out
from config.audit.strands import Strand
from scheduling.models import Appointment, NamedEscort, PatientLimits, Series, VisitAnswer
from scheduling.wall_clock import words

# Who said it, when and how is what every entry begins with.
SAID = frozenset({"appointment", "at"})


def of_patient(patient: UUID) -> list[Strand]:
    """When they can come, and every visit: booked, moved, cancelled, arrived."""
    return [
        Strand(PatientLimits, "patient_id", patient, "When they can come"),
        Strand(Series, "patient_id", patient, "Series"),
        Strand(Appointment, "patient_id", patient, _visit, without=frozenset({"series"})),
    ]


def of_visit(visit: UUID) -> list[Strand]:
    """What became of the booking, and what was printed of it."""
    escort = Strand(NamedEscort, "appointment_id", visit, "Escort, as the patient said", without=SAID)
    answers = Strand(VisitAnswer, "appointment_id", visit, "What the patient answered", without=SAID)
    return [Strand(Appointment, "id", visit), escort, answers, went_out(visit)]


def _visit(row: Any) -> str:
    return f"Visit of {words(row.start, get_current_timezone())}"  # type: ignore[arg-type]
