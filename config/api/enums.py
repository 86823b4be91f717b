"""Sets of values that several resources share; the setting ENUM_NAME_OVERRIDES gives each its name in the schema."""

from enum import Enum

from config.staff.permissions import Role
from infusions.models.consents import Ended, MediaType
from infusions.models.exceptions import ExceptionKind
from infusions.models.flowsheet import AdministrationKind
from infusions.models.waitlist import How
from infusions.states import OrderStatus, Outcome
from infusions.strip import Found
from notifications.states import MessageState
from patients.api.serializers import WAYS
from patients.models.kinds import AllergyState, Channel
from patients.states import RequestStatus
from scheduling.models.kinds import VisitKind
from scheduling.models.places import ChairKind, Purpose
from scheduling.states import CANCELLED, Status


def _values(kinds: type[Enum]) -> list[str]:
    return [kind.value for kind in kinds]


ADMINISTRATION_KIND = _values(AdministrationKind)
ALLERGY_STATE = _values(AllergyState)
APPOINTMENT_STATUS = _values(Status)
CANDIDACY_OUTCOME = _values(Outcome)
CANCELLED_HOW = sorted(how.value for how in CANCELLED)
CHAIR_KIND = _values(ChairKind)
CHAIR_PURPOSE = _values(Purpose)
CONSENT_ENDED = _values(Ended)
CONTACT_WAY = [way for way, _ in WAYS]
DOCUMENT_MEDIA_TYPE = _values(MediaType)
EXCEPTION_KIND = _values(ExceptionKind)
MESSAGE_CHANNEL = _values(Channel)
MESSAGE_STATE = _values(MessageState)
OFFER_HOW = _values(How)
ORDER_STATUS = _values(OrderStatus)
READINESS_FOUND = _values(Found)
REQUEST_STATUS = _values(RequestStatus)
ROLE = _values(Role)
VISIT_KIND = _values(VisitKind)
