"""A patient's record as something that is written on: locked, and still the one that counts."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from config.refusals import Clash, Invalid
from patients.models import Patient
from patients.person import tidy


def living(patient_id: UUID, *, version: int | None = None) -> Patient:
    """The record, locked until the transaction ends. Raises NotFound, Stale, and Clash for one that was merged away."""
    return not_merged(Patient.locked(patient_id, version=version))


def hold_still(patient_ids: Collection[UUID]) -> None:
    """Nobody writes on these records, or says a yes or a no of these people, until the transaction ends. Others may
    hold them still as well."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM patients_patient WHERE id = ANY(%s) ORDER BY id FOR SHARE", [list(patient_ids)])


def not_merged(patient: Patient) -> Patient:
    """The same record. Raises Clash when it leads to another one: what is written here would never be read."""
    if patient.merged_into_id:
        raise Clash("This record was merged into another one; write there.")
    return patient


def said_why(reason: str, otherwise: str) -> str:
    """The reason in one line. Raises Invalid with the words `otherwise` when there is none."""
    reason = tidy(reason)
    if not reason:
        raise Invalid(otherwise, field="reason")
    if len(reason) > 200:
        raise Invalid("A reason has at most 200 characters.", field="reason")
    return reason
