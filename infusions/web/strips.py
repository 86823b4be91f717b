"""The readiness strip as it is shown: each point with the place where it is recorded, for those who may."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from infusions.strip import Found, Point, Strip
from patients.models import AllergyState, Patient

# Recorded about the patient, whether or not a record is open.
OF_PATIENT = {"candidacy": "candidacy", "consent": "treatment-consents", "allergies": "patient-allergies"}
# Recorded in the pre-visit check of an open record.
IN_CHECK = frozenset({"identity", "fasting", "escort", "changes", "drugs", "pain", "mood", "weight"})


@dataclass(frozen=True)
class Shown:
    """A point and, while it is not recorded, the address of the page that records it; `in_drawer` opens it there."""

    point: Point
    url: str = ""
    in_drawer: bool = False


def shown(strip: Strip, *, patient: Patient, visit_id: UUID | None = None, asks: bool = True) -> list[Shown]:
    """The points in order. `visit_id`: the open record in which the check is charted. `asks` False: no links."""
    return [_shown(point, patient, visit_id) if asks else Shown(point) for point in strip.points]


def _shown(point: Point, patient: Patient, visit_id: UUID | None) -> Shown:
    if point.found == Found.RECORDED:
        return Shown(point)
    # Nobody can review what nobody has asked about.
    asked = point.name == "allergies" and patient.allergy_state != AllergyState.NOT_ASKED
    if visit_id is not None and (asked or point.name in IN_CHECK):
        return Shown(point, reverse("visit-chart", args=[visit_id, "pre-visit-checks"]), in_drawer=True)
    if point.name in OF_PATIENT:
        return Shown(point, reverse(OF_PATIENT[point.name], args=[patient.pk]))
    return Shown(point)
