"""What somebody sent when their session had ended: kept on the server until they have signed in again, shown once.

Kept in the browser's own row of the session table, never in an address or a cookie. Whose it is comes from a signed
cookie that each page renews: nobody else gets to see it, and a stranger, who has no such cookie, can keep nothing.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from config.staff.models import User

WHOSE = "last-person"
KEPT = "kept-form"
HOLDS = timedelta(hours=1)
LONGEST = 100_000  # characters: more than any form of the desk holds
NEVER = {"csrfmiddlewaretoken"}
NOT_TYPED = {"version", "key"}


@dataclass(frozen=True)
class KeptForm:
    """One form as it was sent. `action` is the path that it was sent to; `fields` has each name with its values."""

    action: str
    fields: list[tuple[str, list[str]]]

    @property
    def as_json(self) -> str:
        """Names and values for the script that puts them back."""
        return json.dumps(self.fields)

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What a person reads of it, when there is no script to put it back into its boxes."""
        read = [(name, ", ".join(filter(None, values))) for name, values in self.fields if name not in NOT_TYPED]
        return [(name.replace("_", " ").capitalize(), text) for name, text in read if text and not _is_id(text)]


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def remember(request: HttpRequest, response: HttpResponseBase, person: User) -> None:
    """Write down whose page this is. The cookie gives no right; it only says who may see a form again."""
    if _whose(request) != str(person.pk):
        response.set_signed_cookie(  # type: ignore[attr-defined]
            WHOSE, str(person.pk), httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )


def _whose(request: HttpRequest) -> str | None:
    return request.get_signed_cookie(WHOSE, default=None)


def keep(request: HttpRequest, page: str) -> None:
    """Keep what was sent by somebody who is not signed in any more, for the time when `page` is shown to them."""
    fields = [(name, values) for name, values in request.POST.lists() if name not in NEVER and "password" not in name]
    whose = _whose(request)
    if whose is None or not fields or sum(len(value) for _, values in fields for value in values) > LONGEST:
        return
    at = timezone.now().isoformat()
    request.session[KEPT] = {"whose": whose, "at": at, "page": page, "action": request.path, "fields": fields}


def shown_again(request: HttpRequest) -> KeptForm | None:
    """What was kept for this page and this person, once: whoever comes to the form next begins with an empty one."""
    kept = request.session.get(KEPT)
    if kept is None:
        return None
    if kept["whose"] == str(request.user.pk) and kept["page"] != request.get_full_path():
        return None
    del request.session[KEPT]
    if kept["whose"] != str(request.user.pk) or datetime.fromisoformat(kept["at"]) + HOLDS < timezone.now():
        return None
    return KeptForm(kept["action"], [(name, values) for name, values in kept["fields"]])
