"""The base of every page: who may open it, and how a refusal lands at the form that caused it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_POST

from config.audit.guards import in_words
from config.http.retrying import retried
from config.refusals import Refused
from config.staff.models import User
from config.staff.permissions import Permission, require

View = Callable[..., HttpResponseBase]
Result = TypeVar("Result")


class StaffRequest(HttpRequest):
    """A request that passed `page()` or `act()`: somebody of the staff sent it."""

    user: User


def _guarded(view: View, permission: Permission | None) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _sign_in_first(request)
        if permission is not None:
            require(request.user, permission)
        return retried(lambda: view(request, *args, **kwargs))

    guarded.permission = permission  # type: ignore[attr-defined]
    guarded.is_public = False  # type: ignore[attr-defined]
    return guarded


def _sign_in_first(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page and back here; a fragment's page is sent there as a whole."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": redirect_to_login(request.path).url})
    return redirect_to_login(request.get_full_path())


def page(permission: Permission | None) -> Callable[[View], View]:
    """A page for those who hold the permission (None: for all staff). GET shows it; POST sends its form."""
    return lambda view: _guarded(require_http_methods(["GET", "HEAD", "POST"])(view), permission)


def act(permission: Permission) -> Callable[[View], View]:
    """An address that only takes a POST: a button's press."""
    return lambda view: _guarded(require_POST(view), permission)


def public(view: View) -> View:
    """A page that needs no sign-in. Marked, so that the test over all routes knows it is on purpose."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return retried(lambda: view(request, *args, **kwargs))

    opened.is_public = True  # type: ignore[attr-defined]
    return opened


def submitted(form: BaseForm, door: Callable[[dict[str, Any]], Result]) -> Result | None:
    """Send a valid form's values through a door. A refusal lands at its field and None comes back: show the form again.

    Only refusals that belong to what was typed are caught; one about the person's role passes on.
    """
    if not form.is_valid():
        return None
    try:
        with in_words():
            return door(form.cleaned_data)
    except Refused as refusal:
        if refusal.status == 403:
            raise
        land(form, refusal)
        return None


def land(form: BaseForm, refusal: Refused) -> None:
    """Put a refusal's words at the fields that they belong to, or above the form."""
    fields = {name: texts for name, texts in refusal.errors.items() if name in form.fields}
    for name, texts in fields.items():
        for text in texts:
            form.add_error(name, text)
    if not fields:
        form.add_error(None, refusal.message)
