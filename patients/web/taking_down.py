"""Taking a request down and changing it: the forms, kept while they are typed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from config.http.pages import StaffRequest, page, submitted
from config.staff.permissions import Permission
from patients import intake
from patients.models import IntakeRequest
from patients.web import drafts
from patients.web.clash import clash
from patients.web.forms import RequestEditForm, RequestForm

P = Permission


@page(P.ANSWER_REQUESTS)
def new(request: StaffRequest) -> HttpResponse:
    """A request typed while somebody is on the phone. The autosave posts here too."""
    key = request.POST.get("draft") or request.GET.get("draft") or drafts.new_key()
    if drafts.is_autosave(request):
        return drafts.keep(request, key, RequestForm)
    if "forget" in request.POST:
        return _forgotten(request, request.POST["forget"])
    kept = drafts.draft(request, key)
    form = RequestForm(request.POST or None, initial=kept.initial(RequestForm) if kept else None)
    if request.method == "POST":
        made = submitted(form, lambda values: _received(request, values))
        if made is not None:
            drafts.forget(request, key, for_good=True)
            messages.success(request, "Request saved.")
            return redirect("intake-request", made.pk)
    context = {"form": form, "draft": key, "kept": kept, "unfinished": drafts.unfinished(request, but=key)}
    return render(request, "patients/intake_new.html", context, status=422 if form.is_bound else 200)


@page(P.ANSWER_REQUESTS)
def edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What else was said. What was typed and not saved is offered the next time."""
    found = get_object_or_404(IntakeRequest, pk=pk, clinic=request.user.clinic)
    if drafts.is_autosave(request):
        return _kept(request, found)
    if "forget" in request.POST:
        return _forgotten(request, str(pk))
    kept = drafts.draft(request, str(pk))
    form = RequestEditForm(request.POST or None, initial=_start(request, found, kept))
    if request.method == "POST":
        if submitted(form, lambda values: _amended(request, found, values)) is not None:
            drafts.forget(request, str(pk))
            messages.success(request, "Request saved.")
            return redirect("intake-request", pk)
        found.refresh_from_db()
    theirs = clash(form, found)
    offered = kept if "draft" not in request.GET and not form.is_bound else None
    context = {"form": form, "intake": found, "theirs": theirs, "offered": offered}
    return render(
        request, "patients/intake_edit.html", context, status=409 if theirs else 422 if form.is_bound else 200
    )


def _kept(request: StaffRequest, found: IntakeRequest) -> HttpResponse:
    """Keep what is typed over the version that stands; over an older one the person has to look at both first."""
    if request.POST.get("version") != str(found.version):
        return drafts.refused("Somebody else saved this in the meantime. Press Save to see both.", status=409)
    return drafts.keep(request, str(found.pk), RequestEditForm)


def _start(request: StaffRequest, found: IntakeRequest, kept: drafts.Draft | None) -> dict[str, Any]:
    """The request as it stands; or, when somebody asks for it, as they had typed it, over the version they had read."""
    if kept is not None and "draft" in request.GET:
        return kept.initial(RequestEditForm)
    return {name: getattr(found, name) for name in RequestEditForm.base_fields}


def _forgotten(request: StaffRequest, key: str) -> HttpResponse:
    drafts.forget(request, key)
    messages.success(request, "Thrown away.")
    return redirect(request.path)


def _received(request: StaffRequest, values: dict[str, Any]) -> IntakeRequest:
    return intake.receive(clinic=request.user.clinic, by=request.user, now=timezone.now(), **values)


def _amended(request: StaffRequest, found: IntakeRequest, values: dict[str, Any]) -> IntakeRequest:
    return intake.amend(request_id=found.pk, by=request.user, now=timezone.now(), **values)
