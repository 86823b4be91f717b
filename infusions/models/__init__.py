"""What infusions stores. Dosing and protocol fields stand on clinician entries only (`infusions.clinical`)."""

from infusions.models.course import CandidacyDecision, Fulfilment, Order, OrderStanding
from infusions.models.flowsheet import (
    Administration,
    AdverseEvent,
    Discharge,
    IvAccess,
    Preparation,
    PreVisitCheck,
    Quantity,
    VitalsSet,
)
from infusions.models.screening import ScreeningAnswer, ScreeningItem
from infusions.models.visit import Addendum, NoteHandover, Visit, VisitNote

__all__ = [
    "Addendum",
    "Administration",
    "AdverseEvent",
    "CandidacyDecision",
    "Discharge",
    "Fulfilment",
    "IvAccess",
    "NoteHandover",
    "Order",
    "OrderStanding",
    "PreVisitCheck",
    "Preparation",
    "Quantity",
    "ScreeningAnswer",
    "ScreeningItem",
    "Visit",
    "VisitNote",
    "VitalsSet",
]
