"""Who sets up rooms, hours and people: a manager of that clinic, or the set-up itself."""

from config.audit.acting import Actor, SystemJob
from config.refusals import NotAllowed
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require


def require_manager(by: Actor, clinic: Clinic) -> None:
    """Raise NotAllowed unless `by` manages this clinic. Set-up and imports act for nobody and pass."""
    require_in(by, clinic, Permission.MANAGE_CLINIC)


def require_in(by: Actor, clinic: Clinic, permission: Permission) -> None:
    """Raise NotAllowed unless `by` holds the permission and works at this clinic."""
    if isinstance(by, SystemJob):
        return
    require(by, permission)
    if isinstance(by, User) and by.clinic_id != clinic.pk:
        raise NotAllowed("This belongs to another clinic.")
