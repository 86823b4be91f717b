"""The path of a positive answer to item 9 of PHQ-9: who reads it, by when, and what their task says. The one writer.

The desk makes the task; it calls nobody and judges nothing. What then happens is the clinic's own procedure.
"""

import re
from datetime import date, timedelta
from uuid import UUID

from config.audit.acting import recorded
from config.audit.guards import in_words
from config.refusals import Invalid, Stale
from config.staff.models import Clinic, User
from config.staff.permissions import CLINICAL_ROLES, Permission, Role, require
from infusions.models import FollowUpPath
from infusions.models.questionnaires import Due

DAYS = {Due.SAME_DAY: 0, Due.NEXT_DAY: 1}
LONGEST = 200
# Every role that sees the work list reads the task, so it names no measure, no feeling and no answer.
TELLS_TOO_MUCH = re.compile(
    r"\b(phq|gad\b|gad.?7|pgic|nrs|scor|suicid|self.?harm|harm|hurt|dead\b|death|dies?\b|dying|kill|depress|anxi|mood"
    r"|pain|ketamin|infus|mental|psych|crisis|positive)",
    re.IGNORECASE,
)


def path_of(clinic: Clinic | UUID) -> FollowUpPath | None:
    """What the clinic said, if it did."""
    return FollowUpPath.objects.filter(clinic=clinic).first()


def due_on(path: FollowUpPath, *, today: date) -> date:
    """The clinic's calendar day by which it is read."""
    return today + timedelta(days=DAYS[Due(path.due)])


def set_path(*, role: str, due: str, words: str, by: User, version: int | None = None) -> FollowUpPath:
    """Say who reads it, by when, and what the task says; the same again writes nothing.

    Raises NotAllowed; Invalid (`role`, `due`, `words`) for a role that nobody has or words that tell too much; Stale.
    """
    require(by, Permission.MANAGE_CLINIC)
    values = {"role": _a_clinicians(role, by), "due": _known_due(due), "words": _telling_little(words)}
    with in_words(), recorded(by=by):
        Clinic.locked(by.clinic_id)
        path = path_of(by.clinic_id) or FollowUpPath(clinic_id=by.clinic_id)
        if not path._state.adding and version is not None and version != path.version:
            raise Stale(
                "Somebody else changed this in the meantime. Look at both and save again.", current=path.version
            )
        if any(getattr(path, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(path, name, value)
            path.save()
    return path


def _a_clinicians(role: str, by: User) -> str:
    if role not in CLINICAL_ROLES:
        raise Invalid("A nurse or a prescriber reads it.", field="role")
    if not User.objects.filter(clinic=by.clinic_id, role=role, is_active=True).exists():
        raise Invalid("Nobody in your clinic has this role, so nobody would read it.", field="role")
    return str(Role(role))


def _known_due(due: str) -> str:
    if due not in set(Due):
        raise Invalid("It is read the same day or the next day.", field="due")
    return str(Due(due))


def _telling_little(words: str) -> str:
    tidy = " ".join(words.split())
    if not 1 <= len(tidy) <= LONGEST:
        raise Invalid(f"Say in one sentence, of at most {LONGEST} characters, what has to be done.", field="words")
    if TELLS_TOO_MUCH.search(tidy):
        raise Invalid(
            "Other roles read the work list too. Name no questionnaire, symptom or answer; the task leads to it.",
            field="words",
        )
    return tidy
