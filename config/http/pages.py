"""The base of every page: who may open it, and how a refusal lands at the form that caused it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from config.audit.guards import in_words
from config.http import keeping
from config.http.retrying import retried
from config.refusals import Clash, NotAllowed, Refused
from config.staff.models import User
from config.staff.permissions import Permission, require

View = Callable[..., HttpResponseBase]
Result = TypeVar("Result")


class StaffRequest(HttpRequest):
    """A request that passed `page()` or `act()`: somebody of the staff sent it."""

    user: User


def _guarded(view: View, permission: Permission | None, methods: tuple[str, ...]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _sign_in_first(request, methods)
        _check_whose_page(request)
        if permission is not None:
            require(request.user, permission)
        if request.method not in methods:
            return _not_this_way(request, methods)
        answer = retried(lambda: view(request, *args, **kwargs))
        keeping.remember(request, answer, request.user)
        return answer

    guarded.permission = permission  # type: ignore[attr-defined]
    guarded.methods = methods  # type: ignore[attr-defined]
    guarded.is_public = False  # type: ignore[attr-defined]
    return guarded


def _check_whose_page(request: HttpRequest) -> None:
    """Raise NotAllowed when the page that sends this was drawn for somebody who was signed in here before.

    On a tablet that goes from hand to hand, what one person typed would else be stored under another's name.
    """
    drawn_for = request.headers.get("X-Person")
    if drawn_for and drawn_for != str(request.user.pk):
        raise NotAllowed("Somebody else signed in on this device. Load the page anew.", code="another-person")


def _sign_in_first(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponseBase:
    """To the sign-in page and back here, what was sent with it kept. A fragment's page is sent there as a whole."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": redirect_to_login(request.path).url})
    page = request.get_full_path() if "GET" in methods else _came_from(request) or _page_above(request.path)
    # A save by itself keeps its text on the device.
    if request.method == "POST" and request.headers.get("Accept") != "application/json":
        keeping.keep(request, page)
    return redirect_to_login(page)


def _came_from(request: HttpRequest) -> str:
    """The page of this desk on which the button stood, if the browser says so."""
    said = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(said, {request.get_host()}, require_https=request.is_secure()):
        return ""
    address = urlsplit(said)
    return address.path + (f"?{address.query}" if address.query else "")


def _page_above(path: str) -> str:
    """The nearest address above that shows a page: the visit, of the address that checks it in."""
    parts = path.strip("/").split("/")
    for depth in range(len(parts) - 1, 0, -1):
        above = f"/{'/'.join(parts[:depth])}/"
        try:
            if "GET" in getattr(resolve(above).func, "methods", ()):
                return above
        except Resolver404:
            continue
    return "/"


def _not_this_way(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    """Somebody opened the address of a button: say so, and lead to the page on which it stands."""
    answer = render(request, "405.html", {"above": _page_above(request.path)}, status=405)
    answer.headers["Allow"] = ", ".join(methods)
    return answer


def page(permission: Permission | None) -> Callable[[View], View]:
    """A page for those who hold the permission (None: for all staff). GET shows it; POST sends its form."""
    return lambda view: _guarded(view, permission, ("GET", "HEAD", "POST"))


def act(permission: Permission) -> Callable[[View], View]:
    """An address that only takes a POST: a button's press."""
    return lambda view: _guarded(view, permission, ("POST",))


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
    form.refusal = refusal  # type: ignore[attr-defined]
    fields = {name: texts for name, texts in refusal.errors.items() if name in form.fields}
    for name, texts in fields.items():
        for text in texts:
            form.add_error(name, text)
    if not fields:
        form.add_error(None, refusal.message)


def whole_number(text: str) -> int | None:
    """The number that a page sent along, such as the version that was read; None for what can be none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def answer_status(form: BaseForm) -> int:
    """409 when somebody or something else has the place, 422 when what was typed has to change, 200 before that."""
    if isinstance(getattr(form, "refusal", None), Clash):
        return 409
    return 422 if form.errors else 200


def offer_undo(request: HttpRequest, *, url: str, text: str) -> None:
    """Show the undo bar on the whole page that comes next; fragments bring it with them."""
    request.session["undo"] = {"url": url, "text": text}
