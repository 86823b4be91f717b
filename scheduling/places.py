"""The one door for what visits take: chairs, recovery places, and the people who look after visits."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from config.audit.acting import Actor, recorded
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import Clinic, User
from config.staff.permissions import Role
from scheduling.managing import require_manager
from scheduling.models import Chair, Resource
from scheduling.models.places import LONGEST_TURNOVER, ChairKind, Kind, Purpose
from scheduling.resources import lock_places
from scheduling.touched import Changed, changing

MOST_WATCHED = 12
CHAIR_FIELDS = frozenset({"name", "kind", "pod", "position", "in_service", "purpose", "turnover_minutes"})
KIND_OF = {Purpose.TREATMENT: Kind.CHAIR, Purpose.RECOVERY: Kind.RECOVERY}


def add_chair(
    *,
    clinic: Clinic,
    name: str,
    by: Actor,
    kind: str = ChairKind.RECLINER,
    pod: str = "",
    position: int = 0,
    purpose: str = Purpose.TREATMENT,
    turnover_minutes: int = 0,
) -> Chair:
    """A new treatment or recovery place, bookable at once. Its name must be free in the clinic."""
    chair = Chair(clinic=clinic, name=name.strip(), kind=kind, pod=pod.strip(), position=position)
    chair.purpose, chair.turnover_minutes = purpose, turnover_minutes
    with recorded(by=by):
        require_manager(by, clinic)
        lock_places(clinic=clinic)
        _check_chair(chair)
        chair.save()
        Resource(clinic=clinic, kind=KIND_OF[Purpose(purpose)], chair=chair).save()
    return chair


def change_chair(
    *, chair_id: UUID, by: Actor, version: int | None = None, now: datetime | None = None, **changes: Any
) -> Changed[Chair]:
    """Rename, move or retire a chair (`in_service=False`: nothing new is booked there), or use it for something else.

    Booked visits stay; each that no longer fits gets a task.
    """
    unknown = sorted(set(changes) - CHAIR_FIELDS)
    if unknown:
        raise Invalid("There is no such field to change.", field=unknown[0])
    with changing(clinic=_clinic_of(chair_id), by=by, now=now) as touched:
        chair = Chair.locked(chair_id, version=version)
        for name, value in changes.items():
            setattr(chair, name, value.strip() if isinstance(value, str) else value)
        _check_chair(chair)
        chair.save()
        _follow_purpose(chair)
    return Changed(chair, touched)


def _clinic_of(chair_id: UUID) -> Clinic:
    found = Chair.objects.select_related("clinic").filter(pk=chair_id).first()
    if found is None:
        raise NotFound("There is no such chair.")
    return found.clinic


def _follow_purpose(chair: Chair) -> None:
    kind = KIND_OF[Purpose(chair.purpose)]
    resource = Resource.objects.get(chair=chair)
    if resource.kind != kind:
        resource.kind = kind
        resource.save()


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
    if chair.turnover_minutes % 5 or chair.turnover_minutes > LONGEST_TURNOVER:
        raise Invalid(f"Turnover: 0 to {LONGEST_TURNOVER} minutes, in fives.", field="turnover_minutes")


def add_nurse(*, user: User, watch_lanes: int, by: Actor) -> Resource:
    """Let visits be booked on a clinician who watches up to `watch_lanes` patients at once."""
    _check_watch(user, watch_lanes)
    return _add_staff(user, Kind.NURSE, watch_lanes, by)


def add_clinician(*, user: User, by: Actor) -> Resource:
    """Let a prescriber be booked where a visit needs a clinician, at its start and sign-off."""
    if not user.is_clinician or user.role != Role.PRESCRIBER:
        raise Invalid("Only a prescriber who works here can be the clinician of a visit.", field="user")
    return _add_staff(user, Kind.CLINICIAN, 0, by)


def _add_staff(user: User, kind: Kind, watch_lanes: int, by: Actor) -> Resource:
    with recorded(by=by):
        require_manager(by, user.clinic)
        lock_places(clinic=user.clinic)
        Clinic.locked(user.clinic_id)
        if Resource.objects.filter(staff=user).exists():
            raise Clash(f"{user.full_name} takes visits already.", field="user")
        resource = Resource(clinic_id=user.clinic_id, kind=kind, staff=user, watch_lanes=watch_lanes)
        resource.save()
    return resource


def change_nurse(*, user: User, watch_lanes: int, by: Actor, version: int | None = None) -> Resource:
    """How many patients somebody watches at once, from now on. Booked visits stay as they are."""
    _check_watch(user, watch_lanes)
    with recorded(by=by):
        require_manager(by, user.clinic)
        lock_places(clinic=user.clinic)
        nurse = Resource.objects.filter(staff=user, kind=Kind.NURSE).first()
        if nurse is None:
            raise NotFound(f"{user.full_name} takes no visits yet.")
        nurse = Resource.locked(nurse.pk, version=version)
        nurse.watch_lanes = watch_lanes
        nurse.save()
    return nurse


def _check_watch(user: User, watch_lanes: int) -> None:
    if not user.is_clinician:
        raise Invalid("Only a nurse or prescriber who works here can watch patients.", field="user")
    if not 1 <= watch_lanes <= MOST_WATCHED:
        raise Invalid(f"Patients watched at once: 1 to {MOST_WATCHED}.", field="watch_lanes")
