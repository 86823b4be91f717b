"""The one door for chairs, nurses' capacity, opening hours and closed days."""

from collections.abc import Sequence
from datetime import date, time
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from simple_history.utils import bulk_create_with_history

from config.audit.acting import Actor, recorded
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import Clinic, User
from scheduling.models import Chair, Closure, OpeningHours, Resource
from scheduling.models.places import ChairKind, Kind

MOST_WATCHED = 12
CHAIR_FIELDS = frozenset({"name", "kind", "pod", "position", "in_service"})


def add_chair(
    *, clinic: Clinic, name: str, by: Actor, kind: str = ChairKind.RECLINER, pod: str = "", position: int = 0
) -> Chair:
    """A new treatment place, bookable at once. Its name must be free in the clinic."""
    chair = Chair(clinic=clinic, name=name.strip(), kind=kind, pod=pod.strip(), position=position)
    with recorded(by=by):
        _check_chair(chair)
        chair.save()
        Resource(clinic=clinic, kind=Kind.CHAIR, chair=chair).save()
    return chair


def change_chair(*, chair_id: UUID, by: Actor, version: int | None = None, **changes: Any) -> Chair:
    """Rename, move or retire a chair (`in_service=False`: nothing new is booked there). Booked visits stay."""
    unknown = sorted(set(changes) - CHAIR_FIELDS)
    if unknown:
        raise Invalid("There is no such field to change.", field=unknown[0])
    with recorded(by=by):
        chair = Chair.locked(chair_id, version=version)
        for name, value in changes.items():
            setattr(chair, name, value.strip() if isinstance(value, str) else value)
        _check_chair(chair)
        chair.save()
    return chair


def _check_chair(chair: Chair) -> None:
    # A lock on the clinic, so that two people who take the same name at once get words and not a database error.
    Clinic.locked(chair.clinic_id)
    same = Chair.objects.filter(clinic_id=chair.clinic_id, name__iexact=chair.name).exclude(pk=chair.pk)
    if same.exists():
        raise Invalid(f"There is a {chair.name} already.", field="name")
    try:
        chair.clean_fields()
    except ValidationError as error:
        raise Invalid("Some values are not valid.", errors=error.message_dict) from error


def add_nurse(*, user: User, watch_lanes: int, by: Actor) -> Resource:
    """Let visits be booked on a clinician who watches up to `watch_lanes` patients at once."""
    _check_watch(user, watch_lanes)
    with recorded(by=by):
        Clinic.locked(user.clinic_id)
        if Resource.objects.filter(staff=user).exists():
            raise Clash(f"{user.full_name} takes visits already.")
        nurse = Resource(clinic_id=user.clinic_id, kind=Kind.NURSE, staff=user, watch_lanes=watch_lanes)
        nurse.save()
    return nurse


def change_nurse(*, user: User, watch_lanes: int, by: Actor) -> Resource:
    """How many patients somebody watches at once, from now on. Booked visits stay as they are."""
    _check_watch(user, watch_lanes)
    with recorded(by=by):
        nurse = Resource.objects.select_for_update().filter(staff=user).first()
        if nurse is None:
            raise NotFound(f"{user.full_name} takes no visits yet.")
        nurse.watch_lanes = watch_lanes
        nurse.save()
    return nurse


def _check_watch(user: User, watch_lanes: int) -> None:
    if not user.is_clinician:
        raise Invalid("Only a nurse or prescriber who works here can watch patients.", field="user")
    if not 1 <= watch_lanes <= MOST_WATCHED:
        raise Invalid(f"Patients watched at once: 1 to {MOST_WATCHED}.", field="watch_lanes")


def set_hours(*, clinic: Clinic, weekday: int, spans: Sequence[tuple[time, time]], by: Actor) -> list[OpeningHours]:
    """The opening hours of one weekday (Monday 0) in clinic wall time, in place of those before. None: closed."""
    _check_spans(weekday, spans)
    with recorded(by=by):
        Clinic.locked(clinic.pk)
        OpeningHours.objects.filter(clinic=clinic, weekday=weekday).delete()
        rows = [
            OpeningHours(clinic=clinic, weekday=weekday, opens=opens, closes=closes) for opens, closes in sorted(spans)
        ]
        bulk_create_with_history(rows, OpeningHours)
    return rows


def _check_spans(weekday: int, spans: Sequence[tuple[time, time]]) -> None:
    if not 0 <= weekday <= 6:
        raise Invalid("Weekdays count from 0, Monday, to 6.", field="weekday")
    for opens, closes in spans:
        if opens >= closes:
            raise Invalid("Opening must come before closing.", field="spans")
        if any(at.minute % 5 or at.second or at.microsecond for at in (opens, closes)):
            raise Invalid("Hours are given in steps of five minutes.", field="spans")
    ordered = sorted(spans)
    if any(after[0] < before[1] for before, after in pairwise(ordered)):
        raise Invalid("Two stretches of the same day overlap.", field="spans")


def close_day(*, clinic: Clinic, day: date, reason: str, by: Actor) -> Closure:
    """Let nothing be booked on that day. Visits that are booked stay; somebody has to call them."""
    if not reason.strip():
        raise Invalid("Say why the clinic is closed; the board shows it.", field="reason")
    with recorded(by=by):
        Clinic.locked(clinic.pk)
        if Closure.objects.filter(clinic=clinic, day=day).exists():
            raise Clash("The clinic is closed on that day already.", field="day")
        closure = Closure(clinic=clinic, day=day, reason=reason.strip())
        closure.save()
    return closure


def reopen_day(*, clinic: Clinic, day: date, by: Actor, reason: str = "") -> None:
    """Take a closure back."""
    with recorded(by=by, reason=reason):
        closure = Closure.objects.select_for_update().filter(clinic=clinic, day=day).first()
        if closure is None:
            raise NotFound("The clinic is not closed on that day.")
        closure.delete()
