"""What somebody was typing when their tab was closed: kept in their session until it is saved or thrown away.

A draft is offered, never filled in by itself: the next person who calls is somebody else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.forms import Form
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from config.http.pages import StaffRequest

KEPT = "request-drafts"
MOST = 5
LONGEST = 20_000  # characters: more than all fields of the form together may hold


@dataclass(frozen=True)
class Draft:
    """One form as it was typed. `key` is the record's id, or a random one for a record that does not exist yet."""

    key: str
    at: datetime
    initials: str
    typed: dict[str, str]

    def initial(self, form: type[Form]) -> dict[str, Any]:
        """What the form starts with: all as typed, and what was emptied stays empty."""
        return {name: self.typed.get(name, "") for name in form.base_fields}


def is_autosave(request: HttpRequest) -> bool:
    """Whether the script asks, and not somebody's press on the button."""
    return request.method == "POST" and request.headers.get("Accept") == "application/json"


def new_key() -> str:
    return str(uuid4())


def keep(request: StaffRequest, key: str, form: type[Form]) -> JsonResponse:
    """Keep what was typed, as it was typed. The answer is what autosave.js hears."""
    typed = {name: request.POST.get(name, "") for name in form.base_fields if name in request.POST}
    if not _is_key(key) or sum(map(len, typed.values())) > LONGEST:
        return refused("Not kept: this is too long.", status=422)
    kept = _kept(request)
    # A save that overtook its own autosave has the last word.
    if kept.pop(key, {}) is not None:
        kept[key] = {"at": timezone.now().isoformat(), "typed": typed}
        request.session[KEPT] = dict(list(kept.items())[-MOST:])
    return JsonResponse({"saved_at": f"{request.user.local_now():%H:%M:%S}"})


def refused(words: str, *, status: int) -> JsonResponse:
    """Why it is not kept; shown beside the form."""
    return JsonResponse({"detail": words, "status": status}, status=status, content_type="application/problem+json")


def draft(request: StaffRequest, key: str) -> Draft | None:
    """One draft of this session."""
    found = _kept(request).get(key)
    return _draft(key, found) if found else None


def unfinished(request: StaffRequest, *, but: str = "") -> list[Draft]:
    """Drafts of requests that do not exist yet, the newest first."""
    found = [_draft(key, row) for key, row in _kept(request).items() if row and key != but]
    return [draft for draft in reversed(found) if "version" not in draft.typed]


def forget(request: StaffRequest, key: str, *, for_good: bool = False) -> None:
    """Saved, or not wanted any more. `for_good`: an autosave of it that is still on its way is not kept either."""
    kept = _kept(request)
    if kept.pop(key, None) is not None or for_good:
        request.session[KEPT] = kept | ({key: None} if for_good else {})


def _kept(request: StaffRequest) -> dict[str, Any]:
    return dict(request.session.get(KEPT, {}))


def _draft(key: str, found: dict[str, Any]) -> Draft:
    typed = found["typed"]
    initials = f"{typed.get('given_name', '')[:1]}{typed.get('family_name', '')[:1]}".upper()
    return Draft(key, datetime.fromisoformat(found["at"]), initials, typed)


def _is_key(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
