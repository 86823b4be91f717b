"""What every page's frame shows: who is signed in, where they may go, whether this is a demo."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from config.http import keeping
from config.staff.models import Clinic
from config.staff.permissions import Permission, Role, can
from notifications import dry_run
from patients.models import Task

P = Permission
# label, URL name, icon, permission
PLACES = (
    ("Today", "home", "home", None),
    ("Day board", "board", "layout-board", P.SEE_SCHEDULE),
    ("Intake", "intake", "inbox", P.ANSWER_REQUESTS),
    ("Patients", "patients", "users", P.SEE_PATIENTS),
    ("Tasks", "tasks", "clipboard-list", P.SEE_PATIENTS),
    ("Waitlist", "waitlist", "hourglass", P.BOOK),
    ("Messages", "messages", "message", P.SEE_MESSAGES),
    ("Drug log", "substances", "vaccine-bottle", P.SEE_SUBSTANCES),
    ("Settings", "settings", "settings", P.MANAGE_CLINIC),
)
# Places side by side on a telephone, their words whole.
AT_THE_FOOT = 6


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context for `base.html`."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"demo": settings.DEMO, "nav": [], "clinic": _only_clinic()}
    places = [_place(request, *place) for place in PLACES if place[3] is None or can(user, place[3])]
    return {
        "demo": settings.DEMO,
        "nav": places,
        "more": _beyond(places),
        "clinic": user.clinic,
        "dry_run": SimpleLazyObject(lambda: dry_run.words(user.clinic)),
        "undo": SimpleLazyObject(lambda: request.session.pop("undo", None)),
        "kept_form": SimpleLazyObject(lambda: keeping.shown_again(request)),
        "role_name": Role(user.role).value.replace("-", " ").capitalize(),
        "may": {permission.name.lower(): can(user, permission) for permission in Permission},
    }


def _place(request: HttpRequest, label: str, name: str, icon: str, _: Permission | None) -> dict[str, Any]:
    url = reverse(name)
    active = request.path == url if url == "/" else request.path.startswith(url)
    count = _tasks(request.user) if name == "tasks" else None
    return {"label": label, "url": url, "icon": icon, "active": active, "count": count}


def _beyond(places: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What does not fit at the foot of a telephone goes into a menu there; None when all of it fits."""
    if len(places) <= AT_THE_FOOT:
        return None
    rest = places[AT_THE_FOOT - 1 :]
    for place in rest:
        place["beyond"] = True
    return {"places": rest, "active": any(place["active"] for place in rest)}


def _tasks(person: Any) -> Any:
    """How many are open for this person. Counted only where the navigation is drawn: a fragment asks nothing."""
    return SimpleLazyObject(lambda: Task.objects.concerning(person).open().count())


def _only_clinic() -> Clinic | None:
    """The clinic that a stranger sees on the sign-in page: where there is one alone, it is that one."""
    found = list(Clinic.objects.all()[:2])
    return found[0] if len(found) == 1 else None
