"""What patients answered, as pages show it: raw numbers on lines beside the visits, and words for the rest."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse

from infusions import outcomes
from infusions.models import QuestionnaireResponse
from infusions.models.responses import Source
from infusions.outcomes import Line, Point
from infusions.scoring import Reading, read
from patients.models import Patient


def shown_lines(patient: Patient) -> dict[str, Any]:
    """Context for `infusions/outcome_lines.html`: `lines`, and the `visits` beside them. At most four queries."""
    zone = patient.clinic.tz
    found = outcomes.lines(patient=patient)
    visits = outcomes.visits_of(patient) if found else []
    marks = [_moment(visit.appointment.start, zone) | {"url": reverse("visit", args=[visit.pk])} for visit in visits]
    return {"lines": [_line(line, zone) for line in found], "visits": marks}


def result(response: QuestionnaireResponse, reading: Reading | None = None) -> str:
    """What a list says of a set of answers: its number; else how much of it was answered."""
    found = reading or read(response)
    if found.number is not None:
        return str(found.number)
    if found.is_complete:
        return f"{found.asked} answers"
    return f"not complete, {found.answered} of {found.asked}"


def by_whom(response: QuestionnaireResponse) -> str:
    """How the answers came in."""
    if response.source == Source.PATIENT_LINK:
        return "by the patient's link"
    return f"entered by {response.entered_by.full_name}" if response.entered_by else ""


def _line(line: Line, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "title": line.title,
        "low": line.low,
        "high": line.high,
        "points": [_point(point, zone) for point in line.points],
    }


def _point(point: Point, zone: ZoneInfo) -> dict[str, Any]:
    return _moment(point.response.authored_at, zone) | {
        "value": point.reading.number,
        "words": result(point.response, point.reading),
        "url": reverse("questionnaire-response", args=[point.response.pk]),
        "apart": point.other_words,
    }


def _moment(at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    local = at.astimezone(zone)
    return {"at": local, "label": f"{local.day} {local:%b %Y}"}
