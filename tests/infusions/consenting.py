"""Consents and papers for the tests, made through the doors. Kinds and wordings are nonsense."""

from datetime import date, datetime
from typing import Any

from config.audit.acting import SystemJob
from config.staff.accounts import add_person
from config.staff.models import Clinic, User
from config.staff.permissions import Role
from infusions import consent_wordings, consents
from infusions.models import ConsentWording, TreatmentConsent
from patients.models import Patient
from tests.conftest import PASSWORD

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(8) + b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + bytes(20) + b"\xff\xd9"
INFUSION = "Having an infusion"


def manager_of(clinic: Clinic) -> User:
    found = User.objects.filter(clinic=clinic, role=Role.MANAGER).first()
    return found or add_person(
        clinic=clinic, username=f"manager-{clinic.pk}", full_name="Vera Lind", role=Role.MANAGER, licence_kind="",
        password=PASSWORD, by=SystemJob.SET_UP,
    )  # fmt: skip


def wording(clinic: Clinic, now: datetime, **more: Any) -> ConsentWording:
    """An edition in use; an infusion asks for it before it starts."""
    fields = {"kind": INFUSION, "edition": "1", "text": "I agree to sit still.", "needed_to_start": True, **more}
    return consent_wordings.put(clinic=clinic, by=manager_of(clinic), now=now, **fields)


def agreed(patient: Patient, words: ConsentWording, by: User, now: datetime, **more: Any) -> TreatmentConsent:
    """A consent of the day on which it is written down, without a last day."""
    fields: dict[str, Any] = {"given_on": by.clinic.today(now), "taken_by": by, **more}
    return consents.record(patient=patient, wording=words, by=by, now=now, **fields)


def day(text: str) -> date:
    return date.fromisoformat(text)
