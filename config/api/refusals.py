"""The one place that turns a refusal into an HTTP answer: problem+json for the API, words on a page for people."""

from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from config.audit.guards import refusal_of
from config.http.retrying import lost_a_race
from config.refusals import Invalid, NotFound, Refused

log = structlog.get_logger(__name__)
PROBLEM = "application/problem+json"
TITLES = {
    400: "Not valid",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    422: "Key already used",
    429: "Too many requests",
    500: "Something broke",
}


def as_refusal(error: BaseException) -> Refused | None:
    """The refusal behind an exception of the domain, of Django's validation or of the database; None for a fault."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, ValidationError):
        named = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
        return Invalid("Some values are not valid.", errors=named)
    if isinstance(error, RequestDataTooBig):
        return _plain(413, "too-large", "This is more than one request may carry. Nothing was changed.")
    return refusal_of(error) if isinstance(error, DatabaseError) else None


def _plain(status: int, code: str, message: str) -> Refused:
    refusal = Refused(message, code=code)
    refusal.status = status
    return refusal


def body(refusal: Refused) -> dict[str, Any]:
    """RFC 9457: type, title, status, detail, then the errors by field and the facts that help to go on."""
    found: dict[str, Any] = {
        "type": f"/problems/{refusal.code}",
        "title": TITLES.get(refusal.status, "Refused"),
        "status": refusal.status,
        "detail": refusal.message,
    }
    if refusal.errors:
        found["errors"] = refusal.errors
    return found | refusal.facts


def _headers(refusal: Refused) -> dict[str, str]:
    wait = refusal.facts.get("retry_after")
    return {"Retry-After": str(wait)} if wait else {}


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None lets the error through: to a retry, or to the page for faults."""
    if lost_a_race(error):
        return None
    refusal = as_refusal(error)
    if refusal is not None:
        return Response(body(refusal), status=refusal.status, content_type=PROBLEM, headers=_headers(refusal))
    known = _known(error)
    response = exception_handler(known, context)
    if response is None:
        return None
    response.data = body(_from_drf(known, response))
    response.content_type = PROBLEM
    return response


def _known(error: Exception) -> Exception:
    """Django's own two refusals as DRF's."""
    if isinstance(error, Http404):
        return exceptions.NotFound("There is no such record.")
    return exceptions.PermissionDenied() if isinstance(error, PermissionDenied) else error


def _from_drf(error: Exception, response: Response) -> Refused:
    detail = response.data
    refusal: Refused
    if isinstance(error, exceptions.ValidationError):
        refusal = Invalid("Some values are not valid.", errors=_by_field(detail))
    else:
        refusal = Refused(str(detail.get("detail", "")) if isinstance(detail, dict) else str(detail))
        refusal.code = str(getattr(error, "default_code", refusal.code)).replace("_", "-")
    refusal.status = response.status_code
    return refusal


def _by_field(detail: Any) -> dict[str, list[str]]:
    if isinstance(detail, dict):
        general = api_settings.NON_FIELD_ERRORS_KEY
        return {("__all__" if name == general else name): _texts(value) for name, value in detail.items()}
    return {"__all__": _texts(detail)}


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{name}: {text}" for name, inner in value.items() for text in _texts(inner)]
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else [str(value)]


def _by_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _answer(refusal: Refused) -> JsonResponse:
    return JsonResponse(body(refusal), status=refusal.status, content_type=PROBLEM, headers=_headers(refusal))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """For a request that Django could not read (`handler400`)."""
    if not _by_api(request):
        return defaults.bad_request(request, exception)
    return _answer(_plain(400, "invalid", "This request made no sense to the server. Nothing was changed."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """For an address that leads nowhere (`handler404`)."""
    if not _by_api(request):
        return defaults.page_not_found(request, exception)
    return _answer(_plain(404, "not-found", "There is no such address."))


def fault(request: HttpRequest) -> HttpResponse:
    """For a fault of ours (`handler500`): that it happened, and nothing of what was in hand."""
    if not _by_api(request):
        return defaults.server_error(request)
    return _answer(_plain(500, "fault", "Something broke on our side. What was sent may not have been saved."))


class RefusalMiddleware:
    """Catches what a page's view, or a commit at its end, refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """An answer for a refusal; None for a fault, which Django then logs and shows as a plain page."""
        refusal = as_refusal(error)
        if refusal is None:
            return None
        log.info("refused", code=refusal.code, status=refusal.status)
        return _answer(refusal) if _by_api(request) else page(request, refusal)


def page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The refusal for a person: a whole page, or a fragment for htmx."""
    fragment = request.headers.get("HX-Request")
    template = "components/refusal.html" if fragment else _template(refusal)
    return render(request, template, {"refusal": refusal, "demo": settings.DEMO}, status=refusal.status)


def _template(refusal: Refused) -> str:
    return "404.html" if isinstance(refusal, NotFound) else "refused.html"
