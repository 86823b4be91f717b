"""Who changed anything about a patient or a request: what this app keeps of it, and what the floors above add."""

from config.audit.strands import Strand
from config.staff.models import User
from config.staff.permissions import CLINICAL_ROLES, Permission, can
from patients import elsewhere
from patients.models import Allergy, Channel, ContactAttempt, ContactConsent, IntakeRequest, Patient, Task

MESSAGES = {Channel.SMS: "Text messages", Channel.EMAIL: "Email"}
# Who said it, and when, is what every entry begins with.
SAID = frozenset({"by", "at"})


def of_patient(patient: Patient, person: User) -> list[Strand]:
    """The record, the requests it came from, allergies, what was agreed to; and of the rest what `person` may see."""
    pk = patient.pk
    return [
        Strand(Patient, "id", pk),
        Strand(Patient, "merged_into_id", pk, lambda row: f"Record {row.record_number}"),
        Strand(Allergy, "patient_id", pk, lambda row: f"Allergy to {row.substance}"),
        Strand(ContactConsent, "patient_id", pk, lambda row: MESSAGES[row.channel], without=SAID | {"channel"}),
        Strand(IntakeRequest, "patient_id", pk, "Request"),
        *elsewhere.histories(pk, person),
    ]


def of_request(request: IntakeRequest) -> list[Strand]:
    """The request, and the tries to reach whoever asked."""
    return [
        Strand(IntakeRequest, "id", request.pk),
        Strand(ContactAttempt, "request_id", request.pk, "Tried to reach them", without=SAID),
    ]


def of_task(task: Task, person: User) -> list[Strand]:
    """What became of it. Of a task for clinicians, others read that there is one, and who took and finished it."""
    for_clinicians = task.for_role in CLINICAL_ROLES and not can(person, Permission.SEE_CLINICAL)
    return [Strand(Task, "id", task.pk, "Task" if for_clinicians else "", hides=for_clinicians)]
