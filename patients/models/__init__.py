"""What patients stores: people, their requests, and the work list of the staff."""

from patients.models.addresses import BouncedAddress
from patients.models.kinds import AllergyState, Channel, ContactPurpose, PainCondition, Sex, Source, choices
from patients.models.numbers import EVERYTHING, NumberKind, NumberStatement
from patients.models.people import (
    Allergy,
    AllergyReview,
    ContactConsent,
    Patient,
    Person,
    Plain,
    SearchName,
    shown_phone,
)
from patients.models.requests import ContactAttempt, IntakeRequest
from patients.models.tasks import Task, TaskKind, TaskQuery

__all__ = [
    "EVERYTHING",
    "Allergy",
    "AllergyReview",
    "AllergyState",
    "BouncedAddress",
    "Channel",
    "ContactAttempt",
    "ContactConsent",
    "ContactPurpose",
    "IntakeRequest",
    "NumberKind",
    "NumberStatement",
    "PainCondition",
    "Patient",
    "Person",
    "Plain",
    "SearchName",
    "Sex",
    "Source",
    "Task",
    "TaskKind",
    "TaskQuery",
    "choices",
    "shown_phone",
]
