"""A reason is kept whole, at the length that its own field allows; a longer one is refused in words."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from config.audit.acting import SystemJob, recorded
from config.audit.triggers import history_of, tracked_models
from config.staff.models import User
from patients import intake
from patients.models import Source
from tests.infusions.ordering import accepted, known_patient, signed

pytestmark = pytest.mark.django_db


def test_no_history_cuts_a_reason_short() -> None:
    tables = {history_of(model)._meta.db_table for model in tracked_models()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns "
            "WHERE column_name = 'history_change_reason' AND data_type = 'text'"
        )
        assert {name for (name,) in cursor.fetchall()} == tables
    assert len(tables) > 20


def test_a_long_reason_is_kept_whole(clinic: Any) -> None:
    with recorded(by=SystemJob.SET_UP, reason="because " * 600):
        clinic.save()
    assert clinic.history.first().history_change_reason == "because " * 600


HELD, CLOSED = 2000, 200


def test_a_prescriber_s_longest_reason(clinic: Any, mara: User, now: datetime, api_as: Callable) -> None:
    patient = known_patient(clinic, now)
    accepted(patient, mara, now)
    url = f"/api/v1/orders/{signed(patient, mara, now).pk}/hold/"
    assert api_as(mara).post(url, {"reason": "x" * (HELD + 1)}).status_code == 400
    answer = api_as(mara).post(url, {"reason": "x" * HELD})
    assert (answer.status_code, answer.json()["standing_reason"]) == (200, "x" * HELD)


def test_the_desk_s_longest_reason(clinic: Any, ana: User, now: datetime, api_as: Callable) -> None:
    caller = {"family_name": "Quill", "given_name": "Ida", "mobile": "+12135550199"}
    found = intake.receive(clinic=clinic, source=Source.PHONE, by=ana, now=now, **caller)
    url = f"/api/v1/intake-requests/{found.pk}/"
    assert api_as(ana).patch(url, {"status": "closed", "reason": "x" * (CLOSED + 1)}).status_code == 400
    assert api_as(ana).patch(url, {"status": "closed", "reason": "x" * CLOSED}).status_code == 200
    assert found.history.first().history_change_reason == "x" * CLOSED
