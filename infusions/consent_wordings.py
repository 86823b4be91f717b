"""What patients of a clinic are asked to agree to: editions of its own wordings. The one writer of them.

No kind and no wording is shipped. An edition is never reworded: other words are another edition.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from config.audit.acting import recorded
from config.audit.guards import in_words
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from infusions.models import ConsentWording
from patients.person import tidy

LONGEST = {"kind": 80, "edition": 40, "text": 20_000}
ASKED = {
    "kind": "Name what is agreed to.",
    "edition": "Name the edition: a number, or the date on the paper.",
    "text": "Write the words as the patient reads them.",
}


def put(
    *, clinic: Clinic, kind: str, edition: str, text: str, needed_to_start: bool, by: User, now: datetime
) -> ConsentWording:
    """Let this be the edition of its kind from now on. The edition before it is retired; what was agreed to on it
    stands until its own last day.

    Raises NotAllowed, NotFound for another clinic, Invalid by field, Clash for an edition that there was already.
    """
    made = ConsentWording(clinic=clinic, kind=tidy(kind), edition=tidy(edition), text=text)
    made.needed_to_start = needed_to_start
    with _keeping(clinic.pk, by) as known:
        _check(made)
        same = [one for one in known if _kind(one) == _kind(made)]
        if any(one.edition.casefold() == made.edition.casefold() for one in same):
            raise Clash("There is such an edition of this kind already. Name the new one differently.", field="edition")
        for one in same:
            # One kind is one spelling: it is what consents are compared by.
            made.kind = one.kind
            _retire(one, now)
        made.save()
    return made


def retire(*, wording_id: UUID, by: User, now: datetime) -> ConsentWording:
    """Ask for this no more. What was agreed to on it stands. Raises NotFound."""
    with _keeping(by.clinic_id, by) as known:
        found = _one(known, wording_id)
        _retire(found, now)
    return found


def bring_back(*, wording_id: UUID, by: User, now: datetime) -> ConsentWording:
    """Let a retired edition be the one in use again; another one of its kind that is in use is retired."""
    with _keeping(by.clinic_id, by) as known:
        found = _one(known, wording_id)
        for other in known:
            if other.pk != found.pk and _kind(other) == _kind(found):
                _retire(other, now)
        if found.retired_at is not None:
            found.retired_at = None
            found.save()
    return found


def ask_to_start(*, wording_id: UUID, needed: bool, by: User) -> ConsentWording:
    """Say whether the start of an infusion asks for a consent of this kind. Raises NotFound."""
    with _keeping(by.clinic_id, by) as known:
        found = _one(known, wording_id)
        if found.needed_to_start != needed:
            found.needed_to_start = needed
            found.save()
    return found


def wordings(*, clinic: Clinic) -> list[ConsentWording]:
    """All editions, kind by kind: the one in use first, then the retired ones, the latest first. One query."""
    found = ConsentWording.objects.filter(clinic=clinic)
    return sorted(found, key=lambda one: (_kind(one), *_latest_first(one)))


def in_use(*, clinic: Clinic) -> list[ConsentWording]:
    """The edition of each kind that patients are asked to agree to now."""
    return list(ConsentWording.objects.filter(clinic=clinic, retired_at__isnull=True).order_by("kind", "id"))


def needed_to_start(*, clinic_id: UUID) -> list[str]:
    """The kinds of which the start of an infusion asks for a consent."""
    asked = ConsentWording.objects.filter(clinic=clinic_id, retired_at__isnull=True, needed_to_start=True)
    return list(asked.order_by("kind").values_list("kind", flat=True))


@contextmanager
def _keeping(clinic_id: UUID, by: User) -> Iterator[list[ConsentWording]]:
    """A manager at work on the clinic's wordings, one hand at a time; gives them all."""
    require(by, Permission.MANAGE_CLINIC)
    if clinic_id != by.clinic_id:
        raise NotFound("There is no such clinic.")
    with in_words(), recorded(by=by):
        clinic = Clinic.locked(clinic_id)
        yield wordings(clinic=clinic)


def _one(known: list[ConsentWording], wording_id: UUID) -> ConsentWording:
    found = next((one for one in known if one.pk == wording_id), None)
    if found is None:
        raise NotFound("There is no such wording.")
    return found


def _retire(wording: ConsentWording, now: datetime) -> None:
    if wording.retired_at is None:
        wording.retired_at = now
        wording.save()


def _kind(wording: ConsentWording) -> str:
    return wording.kind.casefold()


def _latest_first(wording: ConsentWording) -> tuple[bool, float]:
    retired = wording.retired_at
    return retired is not None, -retired.timestamp() if retired else 0.0


def _check(wording: ConsentWording) -> None:
    errors = {}
    for name, longest in LONGEST.items():
        text = getattr(wording, name)
        if not text.strip():
            errors[name] = [ASKED[name]]
        elif len(text) > longest:
            errors[name] = [f"At most {longest} characters."]
    if errors:
        raise Invalid("The wording is not complete.", errors=errors)
