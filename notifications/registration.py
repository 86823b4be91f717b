"""Whether a clinic's messages may leave at all: it is registered, and a manager armed this very database.

Without both, every channel is a dry run: all rules are kept and the outcome is written down, but nothing goes out.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from config.audit.acting import recorded
from config.refusals import Clash, Invalid
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from notifications.models import Registration, RegistrationKind
from notifications.place import place
from patients.models import Channel

TEXTS = ("reference", "opt_in_text", "stop_text", "help_text")
NOT_RECORDED = "Dry run: the clinic’s registration for sending is not recorded."
NOT_FOR_TEXTS = "Dry run: the clinic is registered for emails only."
NOT_ARMED = "Dry run: this database is not armed for sending."


def standing(clinic: Clinic) -> Registration | None:
    """What is recorded. Read with the clinic by those who ask often (`select_related("sending")`)."""
    return getattr(clinic, "sending", None)


def why_dry(clinic: Clinic, channel: str) -> str:
    """Why nothing of the clinic's leaves by this channel, in words; "" when it does."""
    found = standing(clinic)
    if found is None:
        return NOT_RECORDED
    if not is_armed(found):
        return NOT_ARMED
    return NOT_FOR_TEXTS if channel == Channel.SMS and found.kind == RegistrationKind.EMAILS else ""


def is_armed(found: Registration) -> bool:
    """Whether a manager armed the database that is asked, not one that it was copied from."""
    return bool(found.armed_for) and found.armed_for == place()


def record(
    *,
    clinic: Clinic,
    kind: str,
    registered_on: date,
    reference: str = "",
    opt_in_text: str = "",
    stop_text: str = "",
    help_text: str = "",
    by: User,
    now: datetime,
    version: int | None = None,
) -> Registration:
    """Write down how the clinic is registered with the networks. It arms nothing.

    Raises Invalid for a day to come or what is missing, Stale when somebody else wrote it down in between.
    """
    require(by, Permission.MANAGE_CLINIC)
    given = {"reference": reference, "opt_in_text": opt_in_text, "stop_text": stop_text, "help_text": help_text}
    texts = {name: text.strip() for name, text in given.items()}
    if kind not in set(RegistrationKind):
        raise Invalid("Choose how the clinic is registered.", field="kind")
    if registered_on > now.astimezone(clinic.tz).date():
        raise Invalid("This day is still to come.", field="registered_on")
    for name in TEXTS:
        if kind != RegistrationKind.EMAILS and not texts[name]:
            raise Invalid("Text messages need this.", field=name)
    with recorded(by=by):
        Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
        row = Registration.objects.filter(clinic=clinic).first() or Registration(clinic=clinic)
        if version is not None:
            row.as_read(version)
        _write(row, kind=kind, registered_on=registered_on, recorded_by=by, recorded_at=now, **texts)
    return row


def arm(*, clinic: Clinic, by: User, now: datetime) -> Registration:
    """Let the clinic's messages leave from this database. Raises Clash while no registration is recorded."""
    require(by, Permission.MANAGE_CLINIC)
    with recorded(by=by):
        row = _locked(clinic.pk)
        if not is_armed(row):
            _write(row, armed_for=place(), armed_by=by, armed_at=now)
    return row


def disarm(*, clinic: Clinic, by: User) -> Registration:
    """A dry run again, from the next message on. Raises Clash while no registration is recorded."""
    require(by, Permission.MANAGE_CLINIC)
    with recorded(by=by):
        row = _locked(clinic.pk)
        if row.armed_for:
            _write(row, armed_for="", armed_by=None, armed_at=None)
    return row


def _locked(clinic_id: UUID) -> Registration:
    row = Registration.objects.select_for_update(of=("self",)).filter(clinic=clinic_id).first()
    if row is None:
        raise Clash("Record the clinic’s registration first.")
    return row


def _write(row: Registration, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()
