"""Whom the patient names beforehand to take them home. What is said here is never written into a visit's record."""

from datetime import datetime
from uuid import UUID

from phonenumber_field.phonenumber import PhoneNumber

from config.audit.acting import Actor, recorded
from config.refusals import Clash, Invalid
from patients.person import read_phone, tidy
from scheduling.models import Appointment, NamedEscort
from scheduling.states import Status

LONGEST_NAME = 120


def name_escort(*, appointment_id: UUID, name: str, phone: str, how: str, by: Actor, now: datetime) -> NamedEscort:
    """Keep who takes the patient home, `how` they said it ("link"). The same once more changes nothing.

    Raises Invalid by field, Clash for a visit that is not booked any more.
    """
    name, number = _read(name, phone)
    with recorded(by=by):
        visit = Appointment.locked(appointment_id)
        if visit.status != Status.BOOKED:
            raise Clash("This visit is not to come any more.")
        before = of_visit(visit)
        said = NamedEscort(appointment=visit, placing=visit.placing, name=name, phone=number, how=tidy(how), at=now)
        if before is not None and _same(before, said):
            return before
        said.save(force_insert=True)
    return said


def of_visit(visit: Appointment) -> NamedEscort | None:
    """Whom they named last. One query."""
    return NamedEscort.objects.filter(appointment=visit).order_by("-at", "-recorded_at").first()


def _read(name: str, phone: str) -> tuple[str, PhoneNumber | None]:
    errors: dict[str, list[str]] = {}
    name, number = tidy(name), _number(phone)
    if not name or len(name) > LONGEST_NAME:
        errors["name"] = ["Write the name."]
    if number is None:
        errors["phone"] = ["Write a telephone number, with its area code."]
    if errors:
        raise Invalid("Some values are not valid.", errors=errors)
    return name, number


def _number(typed: str) -> PhoneNumber | None:
    """The number, or None for what is none."""
    try:
        read = read_phone(typed)
    except Invalid:
        return None
    return read if isinstance(read, PhoneNumber) else None


def _same(before: NamedEscort, said: NamedEscort) -> bool:
    return (before.name, str(before.phone), before.placing) == (said.name, str(said.phone), said.placing)
