"""What infusions stores. Dosing and protocol fields stand on clinician entries only (`infusions.clinical`)."""

from infusions.models.consents import (
    ConsentDocument,
    ConsentEnding,
    ConsentWording,
    Ended,
    MediaType,
    TreatmentConsent,
)
from infusions.models.course import CandidacyDecision, Fulfilment, Order, OrderStanding
from infusions.models.exceptions import ExceptionKind, ExceptionUse, OrderException
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
from infusions.models.visit import Addendum, NoteHandover, Visit, VisitEnding, VisitNote
from infusions.models.waitlist import WaitlistEntry, WaitlistOffer

__all__ = [
    "Addendum",
    "Administration",
    "AdverseEvent",
    "CandidacyDecision",
    "ConsentDocument",
    "ConsentEnding",
    "ConsentWording",
    "Discharge",
    "Ended",
    "ExceptionKind",
    "ExceptionUse",
    "Fulfilment",
    "IvAccess",
    "MediaType",
    "NoteHandover",
    "Order",
    "OrderException",
    "OrderStanding",
    "PreVisitCheck",
    "Preparation",
    "Quantity",
    "ScreeningAnswer",
    "ScreeningItem",
    "TreatmentConsent",
    "Visit",
    "VisitEnding",
    "VisitNote",
    "VitalsSet",
    "WaitlistEntry",
    "WaitlistOffer",
]
