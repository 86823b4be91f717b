"""What holds for every request: who sent it, its encoding, the clinic's clock, and no copy left in the browser."""

import codecs
from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from config.http.read_in import read_in

Next = Callable[[HttpRequest], HttpResponse]


class ClientAddressMiddleware:
    """Put into REMOTE_ADDR whom the outermost trusted proxy saw, for whatever counts or logs by address.

    `TRUSTED_PROXIES` says how many of the header's last addresses were written by proxies of ours. The header is taken
    away, so that nobody else believes it.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seen = request.META.pop("HTTP_X_FORWARDED_FOR", "").split(",")
        trusted: int = settings.TRUSTED_PROXIES
        if 0 < trusted <= len(seen) and _is_address(seen[-trusted].strip()):
            request.META["REMOTE_ADDR"] = seen[-trusted].strip()
        return self.get_response(request)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


class OneEncodingMiddleware:
    """Take forms in UTF-8 alone, as browsers send them. Stands before whatever reads a form."""

    FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named = request.encoding or "utf-8"
        if request.content_type in self.FORMS and codecs.lookup(named).name != "utf-8":
            raise BadRequest("A form in another encoding than UTF-8.")
        return self.get_response(request)


class ClinicTimeMiddleware:
    """Show every time in the signed-in person's clinic's zone, never in the browser's, and the year where it is not the
    present one there."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = request.user.clinic.tz if request.user.is_authenticated else None
        with timezone.override(zone), read_in(timezone.localdate(timezone=zone).year):
            return self.get_response(request)


class NoStoreMiddleware:
    """Keep pages about people out of the browser's cache. Static files are served before this is reached."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
