"""Every set of values that the API knows; the setting ENUM_NAME_OVERRIDES gives each its name in the schema."""

from enum import Enum

from config.staff.permissions import CLINICAL_ROLES, Role
from infusions.api.course_serializers import STATUSES
from infusions.measures import SHIPPED
from infusions.models.consents import Ended, MediaType
from infusions.models.exceptions import ExceptionKind
from infusions.models.flowsheet import AdministrationKind, EventType, Phase
from infusions.models.questionnaires import Due, Kind
from infusions.models.responses import Source
from infusions.models.substances import CountMoment, LogKind
from infusions.models.waitlist import Answer, Closed, How
from infusions.rescheduling import Scope
from infusions.states import OrderStatus, Outcome
from infusions.strip import Found
from infusions.waitlist import Verdict
from notifications.models import LinkAnswer, RegistrationKind
from notifications.models import Purpose as MessagePurpose
from notifications.replies import Reply
from notifications.states import MessageState
from notifications.wording import LANGUAGES
from patients.api.serializers import WAYS
from patients.models import EVERYTHING, NumberKind, TaskKind
from patients.models.kinds import AllergyState, Channel, ContactPurpose, PainCondition, Sex
from patients.models.kinds import Source as RequestSource
from patients.states import RequestStatus
from scheduling.models.kinds import Part, VisitKind, What
from scheduling.models.places import ChairKind, Purpose
from scheduling.states import CANCELLED, Status


def _values(kinds: type[Enum]) -> list[str]:
    return [kind.value for kind in kinds]


ADMINISTRATION_KIND = _values(AdministrationKind)
ADVERSE_EVENT_TYPE = _values(EventType)
ALLERGY_STATE = _values(AllergyState)
ANSWER_SOURCE = _values(Source)
APPOINTMENT_STATUS = _values(Status)
CANCELLED_HOW = sorted(how.value for how in CANCELLED)
CANCEL_SCOPE = _values(Scope)
CANDIDACY_OUTCOME = _values(Outcome)
CHAIR_KIND = _values(ChairKind)
CHAIR_PURPOSE = _values(Purpose)
CONSENT_ENDED = _values(Ended)
CONTACT_PURPOSE = _values(ContactPurpose)
CONTACT_WAY = [way for way, _ in WAYS]
COUNT_MOMENT = _values(CountMoment)
DOCUMENT_MEDIA_TYPE = _values(MediaType)
EXCEPTION_KIND = _values(ExceptionKind)
FOLLOW_UP_DUE = _values(Due)
FOLLOW_UP_ROLE = sorted(role.value for role in CLINICAL_ROLES)
FIT_VERDICT = _values(Verdict)
LINK_ANSWER = _values(LinkAnswer)
MESSAGE_CHANNEL = _values(Channel)
MESSAGE_LANGUAGE = sorted(LANGUAGES)
MESSAGE_PURPOSE = _values(MessagePurpose)
MESSAGE_REPLY = _values(Reply)
MESSAGE_STATE = _values(MessageState)
NUMBER_KIND = _values(NumberKind)
NUMBER_SCOPE = [EVERYTHING, *ContactPurpose]
NEED_PART = _values(Part)
NEED_WHAT = _values(What)
OFFER_ANSWER = _values(Answer)
OFFER_HOW = _values(How)
OFFER_REPLY = [Answer.YES.value, Answer.NO.value]
ORDER_STATUS = _values(OrderStatus)
QUESTIONNAIRE_KIND = _values(Kind)
REGISTRATION_KIND = _values(RegistrationKind)
REQUEST_SOURCE = _values(RequestSource)
READINESS_FOUND = _values(Found)
REQUEST_STATUS = _values(RequestStatus)
ROLE = _values(Role)
SUBSTANCE_LOG_KIND = _values(LogKind)
SHIPPED_MEASURE = [kind.value for kind in SHIPPED]
ORDER_STATUS_OR_DRAFT = STATUSES
PAIN_CONDITION = _values(PainCondition)
SEX = _values(Sex)
TASK_KIND = _values(TaskKind)
VISIT_KIND = _values(VisitKind)
VITALS_PHASE = _values(Phase)
WAITLIST_CLOSED = _values(Closed)
