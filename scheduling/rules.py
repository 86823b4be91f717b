"""The one door for what a clinic decides about its bookings, and for when a patient can come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from config.audit.acting import Actor, recorded
from config.refusals import Invalid, Stale
from config.staff.models import Clinic
from config.staff.permissions import Permission
from patients.models import Patient
from scheduling.managing import require_in, require_manager
from scheduling.models import Appointment, BookingRules, PatientLimits
from scheduling.resources import Limits
from scheduling.states import Status


@dataclass(frozen=True)
class Bounds:
    """The least and the most that a rule may say, and its words."""

    least: int
    most: int
    words: str


# The same bounds as the constraint `booking_rules_sensible`.
BOUNDS = {
    "late_cancel_hours": Bounds(0, 336, "A cancellation is late from 0 to 336 hours before the visit."),
    "hold_series_hours": Bounds(1, 168, "A series is held for 1 to 168 hours."),
    "hold_form_minutes": Bounds(1, 120, "A form holds its place for 1 to 120 minutes."),
}


def rules_of(clinic: Clinic) -> BookingRules:
    """What the clinic decided; a clinic that decided nothing goes by the defaults (a row that is not stored)."""
    return BookingRules.objects.filter(clinic=clinic).first() or BookingRules(clinic=clinic)


def is_late(*, clinic: Clinic, start: datetime, now: datetime) -> bool:
    """Whether a visit that the patient cancels now counts as cancelled late, by the clinic's own limit."""
    return now >= start - timedelta(hours=rules_of(clinic).late_cancel_hours)


def change_rules(*, clinic: Clinic, by: Actor, version: int | None = None, **changes: int) -> BookingRules:
    """Change some of the rules, from now on. Raises Invalid (the rule's name), or Stale."""
    for name, value in changes.items():
        _check_rule(name, value)
    with recorded(by=by):
        require_manager(by, clinic)
        Clinic.locked(clinic.pk)
        rules = rules_of(clinic)
        _check_version(rules, version)
        for name, value in changes.items():
            setattr(rules, name, value)
        rules.save()
    return rules


def _check_rule(name: str, value: object) -> None:
    bounds = BOUNDS.get(name)
    if bounds is None:
        raise Invalid("There is no such rule.", field=name)
    if not isinstance(value, int) or isinstance(value, bool) or not bounds.least <= value <= bounds.most:
        raise Invalid(bounds.words, field=name)


def _check_version(record: BookingRules | PatientLimits, version: int | None) -> None:
    """Raise Stale when the sender read another version; 1 is also that of a row that is not stored yet."""
    if version is not None and version != record.version:
        raise Stale("Somebody else saved this in the meantime. Look at both and save again.", current=record.version)


def limits_of(patient: Patient) -> PatientLimits:
    """When the patient can come; somebody who said nothing can always come (a row that is not stored)."""
    return PatientLimits.objects.filter(patient=patient).first() or PatientLimits(patient=patient)


def may_come(visit: Appointment, start: datetime) -> bool:
    """Whether the patient could come, were the visit to begin at this instant."""
    return _allow(limits_of(visit.patient), visit, start)


def outside_limits(*, patient: Patient, now: datetime) -> list[Appointment]:
    """The visits to come at times at which the patient cannot come, by time; those with a reason left out."""
    limits = limits_of(patient)
    ahead = Appointment.objects.filter(patient=patient, status__in=(Status.BOOKED, Status.HELD), start__gt=now)
    visits = ahead.filter(limits_reason="").select_related("clinic").order_by("start")
    return [visit for visit in visits if not _allow(limits, visit, visit.start)]


def _allow(said: PatientLimits, visit: Appointment, start: datetime) -> bool:
    limits, zone = Limits(frozenset(said.weekdays), said.time_from, said.time_until), visit.clinic.tz
    return limits.allow(start.astimezone(zone), (start.astimezone(UTC) + visit.length).astimezone(zone))


def set_limits(
    *,
    patient: Patient,
    weekdays: Sequence[int],
    time_from: time | None,
    time_until: time | None,
    transport: str,
    by: Actor,
    version: int | None = None,
) -> PatientLimits:
    """The days and hours at which a patient can come, in clinic wall time, and how they travel. No weekdays: any day.

    Raises Invalid (weekdays, time_from, time_until or transport), or Stale.
    """
    wanted = _checked_limits(weekdays, time_from, time_until, transport)
    with recorded(by=by):
        require_in(by, patient.clinic, Permission.BOOK)
        Patient.locked(patient.pk)
        limits = limits_of(patient)
        _check_version(limits, version)
        for name, value in wanted.items():
            setattr(limits, name, value)
        limits.save()
    return limits


def _checked_limits(
    weekdays: Sequence[int], time_from: time | None, time_until: time | None, transport: str
) -> dict[str, Any]:
    if not set(weekdays) <= set(range(7)):
        raise Invalid("Weekdays count from 0, Monday, to 6.", field="weekdays")
    for field, at in (("time_from", time_from), ("time_until", time_until)):
        if at and (at.minute % 5 or at.second or at.microsecond):
            raise Invalid("Give the time in steps of five minutes.", field=field)
    if time_from and time_until and time_from >= time_until:
        raise Invalid("The latest time must come after the earliest.", field="time_until")
    transport = " ".join(transport.split())
    if len(transport) > 200:
        raise Invalid("At most 200 characters.", field="transport")
    return {
        "weekdays": sorted(set(weekdays)),
        "time_from": time_from,
        "time_until": time_until,
        "transport": transport,
    }
