"""What the settings pages share: their tabs, and how a change is made: tried, shown with what it touches, done."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from config.audit.guards import in_words
from config.http.pages import StaffRequest, land
from config.refusals import Refused
from scheduling.touched import Changed, Touched, agreed, sign
from scheduling.wall_clock import at_words, words
from scheduling.web.addresses import address

TABS = (
    ("Hours", "settings"),
    ("Chairs", "settings-chairs"),
    ("People", "settings-people"),
    ("Visit types", "settings-types"),
    ("Booking rules", "settings-rules"),
    ("Questionnaires", "settings-questionnaires"),
)
# Lists of the clinic's own whose pages live on floors above; linked by name, and left out where they do not exist.
TABS_ABOVE = (
    ("Screening", "screening-list"),
    ("Discharge", "discharge-list"),
    ("Consents", "consent-wordings"),
    ("Messages", "purposes"),
    ("Sending", "sending"),
)
# The sign of the visits that were shown before this press.
AGREED = "agreed_to"
# Of the form that asks, not of the change: none of these is asked for again.
OWN = frozenset({"csrfmiddlewaretoken", AGREED, "back"})
Again = Callable[[int], HttpResponse]


@dataclass(frozen=True)
class Deed:
    """What a form asks for: `door` takes its values; `title` and `yes` name it where visits are touched; then `said`
    on the page `to`."""

    door: Callable[[dict[str, Any]], Changed[Any]]
    title: str
    yes: str
    said: str
    to: str


def shown(request: StaffRequest, tab: str, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A settings page under one of the tabs, named by its URL name."""
    return render(request, f"scheduling/{template}.html", {"tabs": tabs(tab), **context}, status=status)


def tabs(active: str) -> list[dict[str, Any]]:
    """The tabs of the settings pages; `active` is the URL name of the page."""
    found = [{"label": label, "url": reverse(name), "active": name == active} for label, name in TABS]
    above = [{"label": label, "url": address(name), "active": name == active} for label, name in TABS_ABOVE]
    return [*found, *(tab for tab in above if tab["url"])]


def carried_out(request: StaffRequest, form: Form, deed: Deed, again: Again) -> HttpResponse:
    """Do it when it touches no visit, or those that were shown; else show them. `again` draws the form with its text.

    A refusal lands at its field; over a newer version the form takes on that version, so that the next save counts.
    """
    if not form.is_valid() or "back" in request.POST:
        return again(422 if form.errors else 200)
    try:
        with in_words():
            changed, stands = agreed(lambda: deed.door(form.cleaned_data), seen=request.POST.get(AGREED, ""))
    except Refused as refusal:
        return _refused(form, refusal, again)
    if not stands:
        return _ask(request, deed, changed.touched)
    messages.success(request, " ".join([deed.said, _tasks_words(len(changed.touched))]).strip())
    return redirect(deed.to)


def simply(changed: Any) -> Changed[Any]:
    """What a door wrote that touches no visit."""
    return Changed(changed, [])


def _refused(form: Form, refusal: Refused, again: Again) -> HttpResponse:
    if refusal.status == 403:
        raise refusal
    land(form, refusal)
    if refusal.code == "stale-version" and "version" in form.fields and "current" in refusal.facts:
        renew(form, "version", refusal.facts["current"])
    return again(409 if refusal.status == 409 else 422)


def renew(form: Form, name: str, value: Any) -> None:
    """Put what is saved now into a hidden field of a form that was sent, so that it can be sent again."""
    sent = cast("QueryDict", form.data).copy()
    sent[name] = value
    form.data = sent


def _tasks_words(count: int) -> str:
    if not count:
        return ""
    return (
        "The desk has a task for the visit it touches." if count == 1 else f"The desk has {count} tasks, one a visit."
    )


def _ask(request: StaffRequest, deed: Deed, touched: list[Touched]) -> HttpResponse:
    """This touches so many visits: which, and why. Nothing is done yet."""
    context: dict[str, Any] = {
        "deed": deed,
        "visits": touched_rows(touched),
        "kept": [(name, value) for name, values in request.POST.lists() if name not in OWN for value in values],
        "agreed": sign(touched),
    }
    return shown(request, _tab_of(deed.to), "settings_touched", **context)


def _tab_of(url: str) -> str:
    """The URL name of the tab under which a page stands."""
    under = [name for _, name in TABS if url.startswith(reverse(name))]
    return max(under, key=lambda name: len(reverse(name)), default="")


def touched_rows(touched: Iterable[Touched]) -> list[dict[str, Any]]:
    """The visits as a page lists them."""
    return [
        {
            "visit": one.appointment,
            "when": words(one.appointment.start, one.appointment.clinic.tz),
            "until": f"until {at_words(one.appointment.end, one.appointment.clinic.tz)}",
            "why": one.why,
            "url": reverse("appointment", args=[one.appointment.pk]),
        }
        for one in touched
    ]
