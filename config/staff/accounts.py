"""The one door for staff accounts and clinics."""

from typing import Any

from knox.models import AuthToken

from config.audit.acting import Actor, recorded
from config.refusals import Invalid
from config.staff.models import Clinic, User
from config.staff.permissions import Role


def open_clinic(*, name: str, zone: str, phone: str, by: Actor, **more: Any) -> Clinic:
    """Set up a clinic. `sender_name` is its name unless given. Raises ValidationError for an unknown zone."""
    clinic = Clinic(name=name, zone=zone, phone=phone, **{"sender_name": name, **more})
    clinic.full_clean()
    with recorded(by=by):
        clinic.save()
    return clinic


def add_person(
    *, clinic: Clinic, username: str, full_name: str, role: Role, password: str, by: Actor, **more: Any
) -> User:
    """Give somebody a sign-in of their own. A clinical role needs `licence_kind`."""
    if User.objects.filter(username__iexact=username).exists():
        raise Invalid("This user name is or was somebody's; names are never used again.", field="username")
    person = User(clinic=clinic, username=username, full_name=full_name, role=role, **more)
    person.set_password(password)
    with recorded(by=by):
        person.save()
    return person


def deactivate(*, person: User, by: Actor, reason: str) -> None:
    """End somebody's access; what they wrote stays theirs. Nobody ends their own: who has left acts no more."""
    if by == person:
        raise Invalid("Nobody ends their own access. Another manager does it.")
    person.is_active = False
    with recorded(by=by, reason=reason):
        person.save()


def change_password(*, person: User, password: str) -> None:
    """A person's own new password. It ends their sign-ins elsewhere and their tokens; history keeps no hash."""
    with recorded(by=person, reason="password changed"):
        kept = User.locked(person.pk)
        kept.set_password(password)
        kept.save()
        AuthToken.objects.filter(user=kept).delete()
    # The session that goes on is renewed from this very object.
    person.password, person.version = kept.password, kept.version


def choose_theme(*, person: User, theme: str) -> None:
    """Keep a person's own choice of light, dark or system colours."""
    person.theme = theme
    with recorded(by=person):
        person.save()
