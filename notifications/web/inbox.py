"""The inbox: what did patients answer, and what of it has a person to read?"""

from typing import Any
from uuid import UUID

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from config.audit.strands import Strand
from config.http.api import or_404
from config.http.history import drawer
from config.http.lists import page_of
from config.http.pages import StaffRequest, act, answer_status, page, submitted
from config.staff.permissions import Permission, can
from notifications import inbound
from notifications.models import InboundText
from notifications.web.forms import ReadForm
from notifications.web.messages import tabs
from patients.numbers import why_not_text
from patients.web.banner import history_of

P = Permission
WAITING, ALL = "waiting", "all"


@page(P.SEE_MESSAGES)
def listing(request: StaffRequest) -> HttpResponse:
    """The answers that wait to be read, or all of them."""
    show = ALL if request.GET.get("show") == ALL else WAITING
    clinic = request.user.clinic
    rows = inbound.of_clinic(clinic) if show == ALL else inbound.unread(clinic)
    context = {
        "tabs": tabs(request, None, None),
        "show": show,
        "page": page_of(request, rows, by=("received_at", "id"), falling=show == ALL),
    }
    return render(request, "notifications/inbox.html", context)


@page(P.SEE_MESSAGES)
def one(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One answer, what the house made of it, and what to do about it."""
    return _shown(request, _found(request, pk), ReadForm())


@page(P.SEE_MESSAGES)
def history(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who read it and when, field by field."""
    found = _found(request, pk)
    acts, back = [Strand(InboundText, "id", pk)], reverse("reply", args=[pk])
    if found.patient is None:
        return drawer(request, acts, title="History", sub="Answer by text", back=back)
    return history_of(request, acts, patient=found.patient, sub="Answer by text", back=back)


@act(P.HANDLE_MESSAGES)
def read(request: StaffRequest, pk: UUID) -> HttpResponse:
    """It has been read and dealt with; texts go to the number again, unless they want none."""
    found, form = _found(request, pk), ReadForm(request.POST)
    done = submitted(
        form, lambda values: inbound.settle(reply_id=found.pk, by=request.user, now=timezone.now(), **values)
    )
    if done is None:
        return _shown(request, _found(request, pk), form, status=answer_status(form))
    ended = form.cleaned_data["opt_out"]
    notices.success(request, "Done. No more texts go to the number." if ended else "Done. Texts may go there again.")
    return redirect("replies")


def _found(request: StaffRequest, pk: UUID) -> InboundText:
    found: InboundText = or_404(inbound.of_clinic(request.user.clinic).filter(pk=pk).first(), "answer")
    return found


def _shown(request: StaffRequest, reply: InboundText, form: ReadForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "reply": reply,
        "initials": reply.patient.initials if reply.patient else "",
        "form": form,
        "may_read": reply.is_open and can(request.user, P.HANDLE_MESSAGES),
        "number_says": why_not_text(number=reply.number, purpose="visits"),
    }
    return render(request, "notifications/reply.html", context, status=status)
