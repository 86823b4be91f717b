"""The one door through which a row gets into the log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from config.audit.acting import recorded
from config.audit.guards import in_words
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import User
from config.staff.passwords import confirmed
from config.staff.permissions import Permission, require
from infusions.charting import as_typed
from infusions.models import StorageLocation, Substance, SubstanceLogEntry
from infusions.models.substances import BESIDES, OF_STOCK, LogKind
from infusions.substances.checks import problems_of


def write(
    *,
    location_id: UUID,
    kind: LogKind,
    by: User,
    now: datetime,
    observed_at: datetime | None = None,
    client_id: UUID | None = None,
    witness_password: str = "",
    **values: Any,
) -> SubstanceLogEntry:
    """Write down what happened at a location, exactly as typed; texts left blank are NULL.

    `values`: `substance`, `visit` and `witness` as records, the rest as texts; which of them a kind says, and which it
    has to, is in `models.substances.SAYS` and `NEEDS`. `observed_at` is when it happened, else `now`. The witness says
    so with `witness_password`, their own. The same `client_id` again gives the first row back.

    Raises NotAllowed, NotFound, Invalid by field, SlowDown after too many wrong passwords, and Clash when the location
    is not in use any more.
    """
    require(by, Permission.WRITE_SUBSTANCES)
    location = StorageLocation.objects.filter(pk=location_id, clinic=by.clinic_id).first()
    if location is None:
        raise NotFound("There is no such storage location.")
    entry = _entry(values, location=location, kind=kind, by=by, now=now, client_id=client_id)
    entry.observed_at = observed_at or now
    return _written(entry, witness_password)


def correct(
    *,
    entry_id: UUID,
    correction_reason: str,
    by: User,
    now: datetime,
    observed_at: datetime | None = None,
    client_id: UUID | None = None,
    witness_password: str = "",
    **values: Any,
) -> SubstanceLogEntry:
    """Take the place of a row that says something wrong, with all that the right one says. The old one stays, struck.

    It is of the same location, kind and moment (unless `observed_at` says another). Raises as `write`, and Clash when
    somebody corrected the row already.
    """
    require(by, Permission.WRITE_SUBSTANCES)
    old = _corrected(entry_id, correction_reason, by)
    entry = _entry(values, location=old.location, kind=LogKind(old.kind), by=by, now=now, client_id=client_id)
    entry.observed_at = observed_at or old.observed_at
    entry.supersedes, entry.correction_reason = old, correction_reason.strip()
    return _written(entry, witness_password)


def strike(
    *,
    entry_id: UUID,
    correction_reason: str,
    by: User,
    now: datetime,
    witness: User | None = None,
    witness_password: str = "",
    client_id: UUID | None = None,
) -> SubstanceLogEntry:
    """Strike a row that never was true, without another in its place. Waste is struck before a witness, as it was
    written before one. Raises as `correct`.
    """
    require(by, Permission.WRITE_SUBSTANCES)
    old = _corrected(entry_id, correction_reason, by)
    said = {"witness": witness}
    entry = _entry(said, location=old.location, kind=LogKind(old.kind), by=by, now=now, client_id=client_id)
    entry.observed_at, entry.entered_in_error = old.observed_at, True
    entry.supersedes, entry.correction_reason = old, correction_reason.strip()
    return _written(entry, witness_password)


def _corrected(entry_id: UUID, reason: str, by: User) -> SubstanceLogEntry:
    mine = SubstanceLogEntry.objects.filter(location__clinic=by.clinic_id, entered_in_error=False)
    old = mine.select_related("location").filter(pk=entry_id).first()
    if old is None:
        raise NotFound("There is no such row.")
    if not reason.strip():
        raise Invalid("Say why this is corrected.", field="correction_reason")
    return old


def _entry(
    values: dict[str, Any],
    *,
    location: StorageLocation,
    kind: LogKind,
    by: User,
    now: datetime,
    client_id: UUID | None,
) -> SubstanceLogEntry:
    unknown = sorted(set(values) - {*OF_STOCK, *BESIDES})
    if unknown:
        raise Invalid("A row of the log has no such field.", field=unknown[0])
    entry = SubstanceLogEntry(location=location, kind=kind, author=by, entered_at=now, client_id=client_id)
    for name, value in as_typed(values).items():
        setattr(entry, name, value)
    return entry


def _written(entry: SubstanceLogEntry, witness_password: str) -> SubstanceLogEntry:
    """Everything that can be wrong with the row is told before anybody's password is asked."""
    errors = problems_of(entry)
    if errors:
        raise Invalid("Some values have to be typed again.", errors=errors)
    _check_witness(entry, witness_password)
    with in_words(), recorded(by=entry.author, reason=entry.correction_reason):
        entry.location = StorageLocation.locked(entry.location_id)
        sent = _sent_before(entry)
        if sent is not None:
            return sent
        _check_stands(entry)
        _check_substance(entry)
        entry.save(force_insert=True)
    return entry


def _check_witness(entry: SubstanceLogEntry, password: str) -> None:
    witness = entry.witness
    if witness is None:
        return
    if witness == entry.author:
        raise Invalid("The witness is somebody else.", field="witness")
    if witness.clinic_id != entry.location.clinic_id or not witness.is_clinician:
        raise Invalid("The witness is a clinician of this clinic.", field="witness")
    if not confirmed(person=witness, password=password, by=entry.author, field="witness_password"):
        raise Invalid("That is not the witness's password.", field="witness_password")


def _sent_before(entry: SubstanceLogEntry) -> SubstanceLogEntry | None:
    if entry.client_id is None:
        return None
    return SubstanceLogEntry.objects.filter(location=entry.location_id, client_id=entry.client_id).first()


def _check_stands(entry: SubstanceLogEntry) -> None:
    """Corrections of a location queue at its lock, so that none is written twice."""
    if entry.supersedes_id is None:
        if not entry.location.in_use:
            raise Clash("This location is not in use any more. Nothing new is written there.", code="location-closed")
    elif SubstanceLogEntry.objects.filter(supersedes=entry.supersedes_id).exists():
        raise Clash("Somebody corrected this row already. Look at the newest one.", code="corrected-already")


def _check_substance(entry: SubstanceLogEntry) -> None:
    """Raise Invalid for what is of another clinic, or described otherwise by now; lock what is named."""
    clinic = entry.location.clinic_id
    if entry.visit is not None and entry.visit.clinic_id != clinic:
        raise Invalid("There is no such visit.", field="visit")
    if entry.substance is None:
        return
    # Locked, so that a description that takes its place at this moment comes before or after.
    named = Substance.objects.select_for_update(no_key=True).filter(pk=entry.substance.pk, clinic=clinic)
    if not named.filter(retired=False).exists():
        raise Invalid("There is no such substance.", field="substance")
    kept = entry.supersedes is not None and entry.supersedes.substance_id == entry.substance_id
    if not kept and Substance.objects.filter(supersedes=entry.substance_id).exists():
        raise Invalid("This is not on the list any more. Choose what it is called now.", field="substance")
