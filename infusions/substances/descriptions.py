"""What is kept, as labelled. A description is written once; a wrong one is superseded, with a reason."""

from datetime import datetime
from uuid import UUID

from config.audit.acting import recorded
from config.audit.guards import in_words
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from infusions.charting import as_typed
from infusions.models import Substance
from infusions.models.substances import DESCRIBES
from infusions.substances.checks import longer_than_fits, unclear_in

# One number and its unit; the other texts may hold several words and numbers.
ONE_VALUE = ("strength", "strength_unit")


def listed(*, clinic: Clinic) -> list[Substance]:
    """What the clinic keeps now, by name."""
    return list(Substance.objects.filter(clinic=clinic).standing().order_by("name", "form", "entered_at"))


def describe(*, by: User, now: datetime, **said: str | None) -> Substance:
    """Put one more substance on the list, exactly as typed. `said` are all of `DESCRIBES`.

    Raises NotAllowed, Invalid by field, Clash when the same is on the list.
    """
    require(by, Permission.WRITE_SUBSTANCES)
    return _added(Substance(clinic_id=by.clinic_id, author=by, entered_at=now), said)


def describe_anew(*, substance_id: UUID, reason: str, by: User, now: datetime, **said: str | None) -> Substance:
    """Take the place of a description that was wrong. What was written under the old one stays as it was written.

    Raises as `describe`, NotFound, and Clash when the old one is not on the list any more.
    """
    require(by, Permission.WRITE_SUBSTANCES)
    return _added(_after(substance_id, reason, by, now), said)


def retire(*, substance_id: UUID, reason: str, by: User, now: datetime) -> Substance:
    """This is not kept any more: nothing new is written of it. Gives the row that says so. As `describe_anew`."""
    require(by, Permission.WRITE_SUBSTANCES)
    row = _after(substance_id, reason, by, now)
    row.retired = True
    return _saved(row)


def line_of(substance: Substance) -> list[UUID]:
    """The descriptions of one substance in order: what this one replaced, itself, and what replaced it. One query."""
    rows = Substance.objects.filter(clinic=substance.clinic_id).values_list("pk", "supersedes")
    replaced: dict[UUID, UUID | None] = dict(rows)
    replaced_by = {old: new for new, old in replaced.items() if old is not None}
    first = substance.pk
    while (older := replaced[first]) is not None:
        first = older
    line = [first]
    while line[-1] in replaced_by:
        line.append(replaced_by[line[-1]])
    return line


def _after(substance_id: UUID, reason: str, by: User, now: datetime) -> Substance:
    old = Substance.objects.filter(pk=substance_id, clinic=by.clinic_id, retired=False).first()
    if old is None:
        raise NotFound("There is no such substance.")
    if not reason.strip():
        raise Invalid("Say why.", field="correction_reason")
    return Substance(
        clinic_id=by.clinic_id, author=by, entered_at=now, supersedes=old, correction_reason=reason.strip()
    )


def _added(row: Substance, said: dict[str, str | None]) -> Substance:
    for name, text in as_typed(said).items():
        if name not in DESCRIBES:
            raise Invalid("A substance has no such field.", field=name)
        setattr(row, name, text)
    missing = {name: ["Write this too."] for name in DESCRIBES if getattr(row, name) is None}
    unclear = unclear_in(row, ONE_VALUE) | unclear_in(row, set(DESCRIBES) - set(ONE_VALUE), prose=True)
    errors = unclear | longer_than_fits(row) | missing
    if errors:
        raise Invalid("Some values have to be typed again.", errors=errors)
    return _saved(row)


def _saved(row: Substance) -> Substance:
    with in_words(), recorded(by=row.author, reason=row.correction_reason):
        Clinic.locked(row.clinic_id)
        if row.supersedes_id and Substance.objects.filter(supersedes=row.supersedes_id).exists():
            raise Clash("Somebody replaced this description already. Look at the list again.", code="replaced-already")
        _check_once(row)
        row.save(force_insert=True)
    return row


def _check_once(row: Substance) -> None:
    """A form sent twice, or two people at once, put nothing on the list twice; a slip of a capital can be put right."""
    if row.retired:
        return
    same = {f"{name}__iexact": getattr(row, name) for name in DESCRIBES}
    listed = Substance.objects.filter(clinic=row.clinic_id, **same).standing()
    if row.supersedes is not None:
        listed = listed.exclude(pk=row.supersedes.pk)
    if listed.exists():
        raise Clash("This is on the list already, in the same words.", code="listed-already")
