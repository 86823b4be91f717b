"""What holds for every request: the clinic's clock, and no copy left in the browser."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

Next = Callable[[HttpRequest], HttpResponse]


class ClinicTimeMiddleware:
    """Show every time in the signed-in person's clinic's zone, never in the browser's."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(request.user.clinic.tz):
            return self.get_response(request)


class NoStoreMiddleware:
    """Keep pages about people out of the browser's cache. Static files are served before this is reached."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
