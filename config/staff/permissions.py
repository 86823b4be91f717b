"""What each role may do, on one screen. `require()` refuses, `can()` answers; guards of pages and API only ask."""

from enum import StrEnum
from typing import Any

from config.refusals import NotAllowed


class Role(StrEnum):
    """One role a person. The two clinical ones may write clinical facts; no other role ever does."""

    FRONT_DESK = "front-desk"
    NURSE = "nurse"
    PRESCRIBER = "prescriber"
    MANAGER = "manager"
    AUDITOR = "auditor"


CLINICAL_ROLES = frozenset({Role.NURSE, Role.PRESCRIBER})


class Permission(StrEnum):
    """A thing that can be done, in the words of the clinic."""

    SEE_SCHEDULE = "see the schedule"
    SEE_PATIENTS = "see who patients are and how they are reached"
    SEE_CLINICAL = "see clinical records"
    SEE_MESSAGES = "see messages"
    SEE_HISTORY = "see who changed what"
    SEE_CLINICAL_HISTORY = "see who changed clinical records"
    ANSWER_REQUESTS = "answer requests"
    REGISTER_PATIENTS = "register and amend patients"
    RECORD_CONTACT_CONSENT = "record how a patient may be reached"
    RECORD_ALLERGIES = "record allergies"
    BOOK = "book, move and cancel visits"
    OVERBOOK = "give a chair twice on purpose"
    CHECK_IN = "check patients in"
    HANDLE_MESSAGES = "withdraw or repeat messages"
    DECIDE_CANDIDACY = "decide candidacy"
    WRITE_ORDERS = "write and sign protocol orders"
    CHART = "chart, sign and amend visits"
    SEE_SUBSTANCES = "read the controlled-substance log"
    WRITE_SUBSTANCES = "write the controlled-substance log"
    EXPORT_SUBSTANCES = "print and export the controlled-substance log"
    MANAGE_CLINIC = "manage chairs, hours, staff and templates"
    READ_AUDIT = "read the audit"


P = Permission
EVERYDAY = frozenset({P.SEE_SCHEDULE, P.SEE_PATIENTS, P.SEE_HISTORY})
DESK = frozenset(
    {P.SEE_MESSAGES, P.ANSWER_REQUESTS, P.REGISTER_PATIENTS, P.RECORD_CONTACT_CONSENT, P.BOOK, P.HANDLE_MESSAGES}
)
SUBSTANCES = frozenset({P.SEE_SUBSTANCES, P.WRITE_SUBSTANCES})
RECORDS = frozenset({P.SEE_CLINICAL, P.SEE_CLINICAL_HISTORY, P.RECORD_ALLERGIES, P.CHART})
CLINIC = RECORDS | SUBSTANCES | {P.CHECK_IN, P.SEE_MESSAGES}
# Who changed a clinical record and when; what it says stays with those who see clinical records.
AUDIT = frozenset({P.READ_AUDIT, P.SEE_CLINICAL_HISTORY, P.SEE_SUBSTANCES})

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.FRONT_DESK: EVERYDAY | DESK | {P.CHECK_IN},
    Role.NURSE: EVERYDAY | CLINIC,
    Role.PRESCRIBER: EVERYDAY | CLINIC | {P.DECIDE_CANDIDACY, P.WRITE_ORDERS, P.EXPORT_SUBSTANCES},
    Role.MANAGER: EVERYDAY | DESK | AUDIT | {P.MANAGE_CLINIC, P.OVERBOOK, P.EXPORT_SUBSTANCES},
    Role.AUDITOR: AUDIT | {P.SEE_HISTORY},
}


def can(person: Any, permission: Permission) -> bool:
    """Whether this person, active now, holds the permission through their role."""
    return bool(
        getattr(person, "is_authenticated", False)
        and person.is_active
        and permission in GRANTS.get(person.role, frozenset())
    )


def require(person: Any, permission: Permission) -> None:
    """Raise NotAllowed unless `can()`. System jobs hold no permission."""
    if not can(person, permission):
        role = getattr(person, "role", None)
        whose = Role(role).value.replace("-", " ") if role else "this account"
        raise NotAllowed(f"Your role ({whose}) may not {permission.value}.")
