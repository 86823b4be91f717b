"""The messages page: did it reach them, and if not, why?"""

from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from config.audit.strands import Strand
from config.http.api import or_404
from config.http.lists import page_of
from config.http.pages import StaffRequest, act, answer_status, page, submitted
from config.staff.permissions import Permission, can
from notifications import desk, dry_run, inbound, links, reading, sending
from notifications.models import Message, VisitLink
from notifications.reading import Tab
from notifications.states import WAITING, MessageState
from notifications.web.forms import DayForm, EndLinkForm, WithdrawForm
from notifications.writing import as_it_would_go
from patients.web.banner import history_of

P = Permission
LABELS = {
    Tab.WAITING: "Waiting",
    Tab.SENT: "Sent",
    Tab.DELIVERED: "Delivered",
    Tab.NOT_SENT: "Not sent",
    Tab.FAILED: "Failed",
}
LEDES = {
    Tab.WAITING: "What goes out next stands first",
    Tab.SENT: "Exactly as it went, the newest first; the provider has not said more",
    Tab.DELIVERED: "The provider says that these arrived, the newest first",
    Tab.NOT_SENT: "Each with its reason, the newest first",
    Tab.FAILED: "These patients may not know: call them, or try again",
}
EMPTY = {
    Tab.WAITING: (
        "No message waits",
        "Booked visits get a reminder three days and one day before, if the patient agreed to texts or emails.",
    ),
    Tab.SENT: ("Nothing was sent", "Reminders that went out are kept here with their exact text."),
    Tab.DELIVERED: (
        "No message is known to have arrived",
        "Providers of texts say what became of each; mail servers mostly do not.",
    ),
    Tab.NOT_SENT: (
        "Every message went out",
        "Messages that were withdrawn, or that the rules stopped, are kept here with the reason.",
    ),
    Tab.FAILED: (
        "No message failed",
        "Whatever a provider refuses or does not answer comes here, so that you can call.",
    ),
}


@page(P.SEE_MESSAGES)
def listing(request: StaffRequest) -> HttpResponse:
    """The messages of one tab, of all days or of one."""
    tab, day = _tab(request), _day(request)
    rows = reading.listed(clinic=request.user.clinic, tab=tab, day=day)
    title, text = EMPTY[tab]
    context = {
        "tab": tab,
        "tabs": tabs(request, tab, day),
        "switch": sending.state(request.user.clinic),
        "may_switch": can(request.user, P.MANAGE_CLINIC),
        "lede": LEDES[tab],
        "page": page_of(request, rows, by=("due_at", "id"), falling=tab != Tab.WAITING),
        "empty": {"title": f"{title} on this day" if day else title, "text": text},
        "day": day,
        "days": _days(request, tab, day),
        "kept_here": dry_run.kept_here(),
    }
    return render(request, "notifications/messages.html", context)


@page(P.SEE_MESSAGES)
def one(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One message with its text, what became of it and its history."""
    return _shown(request, _found(request, pk))


@page(P.SEE_MESSAGES)
def history(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who planned, held back, sent or withdrew it, field by field."""
    found = _found(request, pk)
    sub = f"{found.get_purpose_display()} by {found.get_channel_display().lower()}"
    acts = [Strand(Message, "id", pk), Strand(VisitLink, "message_id", pk, "Link", without=frozenset({"token_hash"}))]
    return history_of(request, acts, patient=found.patient, sub=sub, back=reverse("message", args=[pk]))


@act(P.HANDLE_MESSAGES)
def withdraw(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Keep it from going out."""
    _found(request, pk)
    form = WithdrawForm(request.POST)
    done = submitted(form, lambda values: desk.withdraw(message_id=pk, by=request.user, **values))
    if done is None:
        found = _found(request, pk)
        return _shown(request, found, form=form, status=422 if found.state in WAITING else 409)
    return _answered(request, pk, "The message was withdrawn.")


@act(P.HANDLE_MESSAGES)
def retry(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Send it again."""
    _found(request, pk)
    desk.retry(message_id=pk, by=request.user, now=timezone.now())
    return _answered(request, pk, "The message goes out with the next batch.")


@act(P.HANDLE_MESSAGES)
def received(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The patient got it after all."""
    _found(request, pk)
    desk.mark_received(message_id=pk, by=request.user, now=timezone.now())
    return _answered(request, pk, "The message counts as delivered.")


@act(P.HANDLE_MESSAGES)
def end_link(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The link in a message opens nothing any more."""
    link = or_404(VisitLink.objects.filter(message__clinic=request.user.clinic, pk=pk).first(), "link")
    form = EndLinkForm(request.POST)
    now = timezone.now()
    done = submitted(form, lambda values: links.end(link_id=pk, by=request.user, now=now, **values))
    if done is None:
        return _shown(request, _found(request, link.message_id), end_form=form, status=answer_status(form))
    return _answered(request, link.message_id, "The link has ended.")


def _found(request: StaffRequest, pk: UUID) -> Message:
    found: Message = or_404(reading.one(clinic=request.user.clinic, pk=pk), "message")
    return found


def _answered(request: StaffRequest, pk: UUID, words: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _shown(request, _found(request, pk), done=words, tab=_tab_behind(request))
    notices.success(request, words)
    return redirect("message", pk)


def _shown(request: StaffRequest, message: Message, *, status: int = 200, **more: Any) -> HttpResponse:
    """In the drawer as a fragment, else as a page. With `tab`, the row of the list behind comes with it."""
    context = {
        "message": message,
        "initials": message.patient.initials,
        "preview": _preview(message),
        "entries": reading.life(message),
        "form": WithdrawForm(),
        **_links(request, message),
        "may_withdraw": message.state in WAITING and can(request.user, P.HANDLE_MESSAGES),
        "may_retry": desk.may_retry(message) and can(request.user, P.HANDLE_MESSAGES),
        "kept_here": message.provider_id.startswith("file-"),
        "is_unknown": message.state == MessageState.UNKNOWN,
        **more,
    }
    fragment = request.headers.get("HX-Request")
    template = "notifications/message.html" if fragment else "notifications/message_page.html"
    return render(request, template, context, status=status)


def _links(request: StaffRequest, message: Message) -> dict[str, Any]:
    """The links that went out with it, and whether one can be ended."""
    now = timezone.now()
    found = list(links.of_message(message))
    shown = [{"link": link, "works": link.ended_at is None and link.expires_at > now} for link in found]
    may = can(request.user, P.HANDLE_MESSAGES) and any(each["works"] for each in shown)
    return {"links": shown, "end_form": EndLinkForm(), "may_end": may}


def _preview(message: Message) -> Any:
    """The words as they would go now, for a message that has not been handed over."""
    if message.text or not message.is_waiting:
        return None
    return as_it_would_go(message)


def _tab(request: StaffRequest) -> Tab:
    asked = request.GET.get("tab", "")
    return Tab(asked) if asked in set(Tab) else Tab.WAITING


def _tab_behind(request: StaffRequest) -> Tab | None:
    """The tab of the list behind the drawer; None when the drawer was opened on another page."""
    behind = urlsplit(request.headers.get("HX-Current-URL", ""))
    if behind.path != reverse("messages"):
        return None
    asked = parse_qs(behind.query).get("tab", [""])[0]
    return Tab(asked) if asked in set(Tab) else Tab.WAITING


def _day(request: StaffRequest) -> date | None:
    form = DayForm(request.GET)
    return form.cleaned_data["day"] if form.is_valid() else None


def _address(tab: Tab, day: date | None) -> str:
    asked = {"tab": str(tab)} | ({"day": day.isoformat()} if day else {})
    return f"{reverse('messages')}?{urlencode(asked)}"


def tabs(request: StaffRequest, tab: Tab | None, day: date | None) -> list[dict[str, Any]]:
    """The tabs of the messages, and beside them the answers, on whose page `tab` is None."""
    counts = reading.counts(clinic=request.user.clinic)
    unread = inbound.unread(request.user.clinic).count()
    answers = {"label": "Answers", "url": reverse("replies"), "active": tab is None, "count": unread}
    of_messages = [
        {"label": LABELS[other], "url": _address(other, day), "active": other == tab, "count": counts.get(other)}
        for other in Tab
    ]
    return [*of_messages, answers]


def _days(request: StaffRequest, tab: Tab, day: date | None) -> dict[str, str]:
    today = request.user.clinic.today(timezone.now())
    found = {"today": _address(tab, today), "all": _address(tab, None)}
    if day:
        found["before"] = _address(tab, day - timedelta(days=1))
        found["after"] = _address(tab, day + timedelta(days=1))
    return found
