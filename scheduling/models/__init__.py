"""Everything that scheduling stores; the modules beside this one say what each table is for."""

from scheduling.models.booking import Allocation, Appointment, Series
from scheduling.models.escorts import NamedEscort
from scheduling.models.form_holds import FormHold
from scheduling.models.kinds import Need, Span, VisitKind, VisitType
from scheduling.models.places import Chair, Closure, OpenDay, OpeningHours, Resource
from scheduling.models.questions import VisitAnswer, VisitQuestion
from scheduling.models.rotas import RotaDay, RotaShift, TimeOff
from scheduling.models.rules import BookingRules, PatientLimits

__all__ = [
    "Allocation",
    "Appointment",
    "BookingRules",
    "Chair",
    "Closure",
    "FormHold",
    "NamedEscort",
    "Need",
    "OpenDay",
    "OpeningHours",
    "PatientLimits",
    "Resource",
    "RotaDay",
    "RotaShift",
    "Series",
    "Span",
    "TimeOff",
    "VisitAnswer",
    "VisitKind",
    "VisitQuestion",
    "VisitType",
]
