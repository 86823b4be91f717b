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
from infusions.models.discharge import Discharge
from infusions.models.exceptions import ExceptionKind, ExceptionUse, OrderException
from infusions.models.flowsheet import (
    Administration,
    AdverseEvent,
    IvAccess,
    Preparation,
    PreVisitCheck,
    Quantity,
    Remark,
    VitalsSet,
)
from infusions.models.questionnaires import (
    AnswerOption,
    FollowUpPath,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireSchedule,
)
from infusions.models.responses import QuestionnaireAnswer, QuestionnaireResponse
from infusions.models.screening import DischargeItem, ScreeningAnswer, ScreeningItem
from infusions.models.substances import StorageLocation, Substance, SubstanceLogEntry
from infusions.models.visit import Addendum, NewerOrder, NoteHandover, Visit, VisitEnding, VisitNote
from infusions.models.waitlist import WaitlistEntry, WaitlistOffer

__all__ = [
    "Addendum",
    "Administration",
    "AdverseEvent",
    "AnswerOption",
    "CandidacyDecision",
    "ConsentDocument",
    "ConsentEnding",
    "ConsentWording",
    "Discharge",
    "DischargeItem",
    "Ended",
    "ExceptionKind",
    "ExceptionUse",
    "FollowUpPath",
    "Fulfilment",
    "IvAccess",
    "MediaType",
    "NewerOrder",
    "NoteHandover",
    "Order",
    "OrderException",
    "OrderStanding",
    "PreVisitCheck",
    "Preparation",
    "Quantity",
    "Questionnaire",
    "QuestionnaireAnswer",
    "QuestionnaireItem",
    "QuestionnaireResponse",
    "QuestionnaireSchedule",
    "Remark",
    "ScreeningAnswer",
    "ScreeningItem",
    "StorageLocation",
    "Substance",
    "SubstanceLogEntry",
    "TreatmentConsent",
    "Visit",
    "VisitEnding",
    "VisitNote",
    "VitalsSet",
    "WaitlistEntry",
    "WaitlistOffer",
]
