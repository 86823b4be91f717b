"""`/api/v1/appointments/{id}/escort/`: whom the patient named beforehand, read by those who see the schedule."""

import pytest

from config.audit.acting import SystemJob
from scheduling.escorts import name_escort

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(clinic, nils, ana, now):
    from tests.notifications.story import on_the_wall, opened, taken_on, visit_of

    patient = taken_on(opened(clinic, nils), now=now)
    return visit_of(patient, on_the_wall(clinic, 2026, 11, 27, 9, 0), now=now, by=ana)


def test_what_was_said_stands_newest_first(visit, nils, zoe, api_as, now):
    url = f"/api/v1/appointments/{visit.pk}/escort/"
    assert api_as(nils).get(url).data == []
    for name in ("Sol", "Luz"):
        name_escort(
            appointment_id=visit.pk, name=name, phone="213 555 0143", how="link", by=SystemJob.PATIENT_LINK, now=now
        )
    rows = api_as(nils).get(url).data
    assert [(row["name"], row["phone"], row["how"]) for row in rows] == [
        ("Luz", "+12135550143", "link"),
        ("Sol", "+12135550143", "link"),
    ]
    assert api_as(zoe).get(url).status_code == 404
    assert api_as(nils).post(url, {}).status_code == 405
