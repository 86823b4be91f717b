"""The registered locations, kept by managers."""

from typing import Any
from uuid import UUID

from config.audit.acting import recorded
from config.audit.guards import in_words
from config.refusals import Invalid, NotFound
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from infusions.models import StorageLocation
from infusions.substances.checks import longer_than_fits

SAID = ("name", "address", "registration_number")
FIELDS = frozenset({*SAID, "in_use"})


def add_location(*, name: str, address: str, registration_number: str, by: User) -> StorageLocation:
    """One more registered location of the person's clinic. Raises NotAllowed, and Invalid by field."""
    require(by, Permission.MANAGE_CLINIC)
    location = StorageLocation(clinic_id=by.clinic_id)
    return _kept(location, by, name=name, address=address, registration_number=registration_number)


def change_location(*, location_id: UUID, by: User, version: int | None = None, **changes: Any) -> StorageLocation:
    """Say its name, address or number anew, or take it out of use: then nothing new is written there, while mistakes
    can still be put right. Raises NotAllowed, NotFound, Invalid by field, Stale.
    """
    require(by, Permission.MANAGE_CLINIC)
    unknown = sorted(set(changes) - FIELDS)
    if unknown:
        raise Invalid("There is no such field to change.", field=unknown[0])
    with in_words(), recorded(by=by):
        location = StorageLocation.locked(location_id, version=version)
        if location.clinic_id != by.clinic_id:
            raise NotFound("There is no such storage location.")
        return _kept(location, by, **changes)


def _kept(location: StorageLocation, by: User, **said: Any) -> StorageLocation:
    for name, value in said.items():
        setattr(location, name, value.strip() if isinstance(value, str) else value)
    errors = {name: ["Write this too."] for name in SAID if not getattr(location, name)} | longer_than_fits(location)
    if errors:
        raise Invalid("Some values have to be typed again.", errors=errors)
    with in_words(), recorded(by=by):
        # A lock on the clinic, so that two people who take the same name at once get words.
        Clinic.locked(location.clinic_id)
        same = StorageLocation.objects.filter(clinic=location.clinic_id, name__iexact=location.name)
        if same.exclude(pk=location.pk).exists():
            raise Invalid(f"There is a {location.name} already.", field="name")
        location.save()
    return location
