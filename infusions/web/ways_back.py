"""The way back from an act on several visits: its address, which names each with its version, and what comes after."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from config.refusals import Invalid
from scheduling.models import Appointment

MOST = 60


def way_back(name: str, visit: Appointment, versions: Mapping[UUID, int]) -> str:
    """The address that undoes an act on these visits, each at the version that it has since."""
    named = [("visit", f"{pk}|{version}") for pk, version in versions.items()]
    return f"{reverse(name, args=[visit.pk])}?{urlencode(named)}"


def versions_of(texts: Sequence[str]) -> dict[UUID, int]:
    """Back from `way_back`. Raises Invalid for anything else, and for none."""
    try:
        pairs = [text.split("|") for text in texts[:MOST]]
        return {UUID(pk): int(version) for pk, version in pairs if version.isascii() and len(version) < 10}
    except ValueError:
        raise Invalid("This page was not sent whole. Load it again.", field="visit") from None


def taken_back(request: HttpRequest, visit: Appointment) -> HttpResponse:
    """After an undo by the bar: the board asks its feed anew; any other page is loaded again and shows what stands."""
    if not request.headers.get("HX-Request"):
        return redirect("patient", visit.patient_id)
    shown_on = urlsplit(request.headers.get("HX-Current-URL", "")).path
    is_board = shown_on.startswith(reverse("board"))
    return HttpResponse(headers={"HX-Trigger": "visit-changed"} if is_board else {"HX-Refresh": "true"})
