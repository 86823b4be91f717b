"""The tables of this app, room by room."""

from notifications.models.answers import InboundText
from notifications.models.ledger import ASKS, LINKED, NEWS, Lease, Message, Purpose, consent_for
from notifications.models.links import LinkAnswer, VisitLink
from notifications.models.switches import PurposeSwitch, Registration, RegistrationKind, ReminderTime, SendingSwitch
from notifications.models.templates import MessageTemplate

__all__ = [
    "ASKS",
    "LINKED",
    "NEWS",
    "InboundText",
    "Lease",
    "LinkAnswer",
    "Message",
    "MessageTemplate",
    "Purpose",
    "PurposeSwitch",
    "Registration",
    "RegistrationKind",
    "ReminderTime",
    "SendingSwitch",
    "VisitLink",
    "consent_for",
]
