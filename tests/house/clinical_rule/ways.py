"""The ways around the doors, and who has no business on them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection
from simple_history.utils import bulk_create_with_history

from config.staff.models import User
from infusions.models import Order
from patients.models import Patient
from tests.infusions.ordering import NONSENSE
from tests.infusions.visiting import Day, open_day  # noqa: F401  (a fixture)

WRITES_NO_ORDER = ["ana", "nils", "vera", "olu"]


def unsaved(patient: Patient, author: User, now: datetime) -> Order:
    return Order(clinic=patient.clinic, patient=patient, author=author, entered_at=now, **NONSENSE)


def raw_insert(patient: Patient, author: User, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO infusions_order (id, version, clinic_id, patient_id, author_id, entered_at, dose, dose_unit,"
            " supersedes_reason, signed_name, signed_meaning, content_hash)"
            " VALUES (%s, 1, %s, %s, %s, %s, '3', 'spoons', '', '', '', '')",
            [uuid4(), patient.clinic_id, patient.pk, author.pk, now],
        )


PATHS: dict[str, Callable[[Patient, User, datetime], Any]] = {
    "save": lambda patient, author, now: unsaved(patient, author, now).save(),
    "create": lambda patient, author, now: Order.objects.create(
        clinic=patient.clinic, patient=patient, author=author, entered_at=now, **NONSENSE
    ),
    "bulk_create": lambda patient, author, now: Order.objects.bulk_create([unsaved(patient, author, now)]),
    "bulk_create_with_history": lambda patient, author, now: bulk_create_with_history(
        [unsaved(patient, author, now)], Order
    ),
    "raw SQL": raw_insert,
}
