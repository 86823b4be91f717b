"""The work list: what does somebody of my role have to do, and what of it is mine?"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from config.http.history import drawer
from config.http.lists import page_of
from config.http.pages import StaffRequest, act, land, page
from config.refusals import Invalid, Refused
from config.staff.permissions import Permission, Role
from patients import histories, tasks
from patients.models import Task, TaskKind, TaskQuery, choices
from patients.web.changes import changes_bar, seen
from patients.web.death import still_standing
from patients.web.forms import FinishForm

P = Permission
MINE, ROLE, DONE = "mine", "role", "done"
KINDS = dict(choices(TaskKind))


@page(P.SEE_PATIENTS)
def work_list(request: StaffRequest) -> HttpResponse:
    """One tab: what my role has to do, what of it is mine, or what is done."""
    tab = _tab(request)
    rows = _of_kind(request, _rows(request, tab)).select_related("patient", "owner", "done_by")
    order = ("done_at", "id") if tab == DONE else ("stands_on", "raised_at", "id")
    listed = page_of(request, rows, by=order, falling=tab == DONE)
    for row in listed.rows:
        dress(request, row)
    context = {
        "tabs": _tabs(request, tab),
        "tab": tab,
        "page": listed,
        "kinds": KINDS.items(),
        "kind": _kind(request),
        "seen": seen(_concerning(request)),
        "undo": _undo(request),
    }
    return render(request, "patients/tasks.html", context)


@page(P.SEE_PATIENTS)
def changes(request: StaffRequest) -> HttpResponse:
    """How much has changed in the list since it was drawn."""
    return changes_bar(request, _concerning(request))


@page(P.SEE_PATIENTS)
def one(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One task, in the drawer or as a page."""
    return shown(request, pk)


def shown(
    request: StaffRequest, pk: UUID, *, status: int = 200, problem: str = "", form: FinishForm | None = None
) -> HttpResponse:
    """`problem` says what somebody else was quicker with."""
    found = _one(request, pk)
    person = request.user
    context = {
        "task": dress(request, found),
        "tab": _tab(request),
        "form": form or FinishForm(),
        "problem": problem,
        "mine": found.owner_id == person.pk,
        "may_act": tasks.may_act(found, person),
        **_still_standing(found),
    }
    fragment = request.headers.get("HX-Request")
    return render(request, "patients/task_drawer.html" if fragment else "patients/task.html", context, status=status)


@act(P.SEE_PATIENTS)
def take(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _acted(request, pk, lambda: tasks.take(pk, by=request.user), "This is yours.", tab=MINE)


@act(P.SEE_PATIENTS)
def give_back(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _acted(request, pk, lambda: tasks.give_back(pk, by=request.user), "Given back to everybody.", tab=ROLE)


@act(P.SEE_PATIENTS)
def reopen(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Not done after all: the undo of `finish`, and a button on what is done."""
    return _acted(request, pk, lambda: tasks.reopen(pk, by=request.user), "It stands on the list again.")


@act(P.SEE_PATIENTS)
def finish(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Done, with what came of it; the bar takes it back."""
    _one(request, pk)
    form = FinishForm(request.POST)
    if not form.is_valid():
        return shown(request, pk, status=422, form=form)
    try:
        tasks.finish(pk, by=request.user, now=timezone.now(), **form.cleaned_data)
    except Invalid as refusal:
        land(form, refusal)
        return shown(request, pk, status=422, form=form)
    except Refused as refusal:
        return shown(request, pk, status=refusal.status, problem=refusal.message, form=form)
    return redirect(_address(_tab(request), finished=pk))


@page(P.SEE_HISTORY)
def history(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who raised, took and finished it."""
    found = get_object_or_404(Task, pk=pk, clinic=request.user.clinic)
    return drawer(
        request, histories.of_task(found, request.user), title="Task, history", back=reverse("task", args=[pk])
    )


def dress(request: StaffRequest, row: Task) -> Any:
    """What is shown beside the columns: the kind in words, whether it is late, where it leads."""
    row.kind_words = KINDS[row.kind]  # type: ignore[attr-defined]
    row.late = row.is_late(request.user.clinic.today(timezone.now()))  # type: ignore[attr-defined]
    row.leads_to = _leads_to(row)  # type: ignore[attr-defined]
    row.role_words = Role(row.for_role).value.replace("-", " ")  # type: ignore[attr-defined]
    row.allowed = tasks.may_act(row, request.user)  # type: ignore[attr-defined]
    return row


def _leads_to(task: Task) -> str:
    """The page of the record that it is about; of the patient, where that record has no page of its own."""
    try:
        if task.about is not None and task.about_kind:
            return reverse(task.about_kind, args=[task.about])
    except NoReverseMatch:
        pass
    return reverse("patient", args=[task.patient_id]) if task.patient_id else ""


def _still_standing(task: Task) -> dict[str, Any]:
    """Of a task to end what a death left standing; of every other, nothing."""
    if task.kind != TaskKind.DEATH or task.about is None or not task.is_open:
        return {}
    return still_standing(task.about, timezone.now())


def _concerning(request: StaffRequest) -> TaskQuery:
    return Task.objects.concerning(request.user)


def _one(request: StaffRequest, pk: UUID) -> Task:
    """A task of the clinic, whomever it is for: a link to it may have been passed on."""
    every = Task.objects.filter(clinic=request.user.clinic).select_related("patient", "owner", "raised_by", "done_by")
    return get_object_or_404(every, pk=pk)


def _rows(request: StaffRequest, tab: str) -> TaskQuery:
    if tab == MINE:
        return Task.objects.of(request.user).open()
    return _concerning(request).done() if tab == DONE else _concerning(request).open()


def _of_kind(request: StaffRequest, rows: TaskQuery) -> TaskQuery:
    kind = _kind(request)
    return rows.filter(kind=kind) if kind else rows


def _kind(request: StaffRequest) -> str:
    wanted = request.GET.get("kind", "")
    return wanted if wanted in KINDS else ""


def _tab(request: StaffRequest) -> str:
    wanted = request.POST.get("tab") or request.GET.get("tab") or ROLE
    return wanted if wanted in {MINE, DONE} else ROLE


def _tabs(request: StaffRequest, tab: str) -> list[dict[str, Any]]:
    person = request.user
    waiting = _concerning(request).open()
    counts = waiting.aggregate(role=Count("pk"), mine=Count("pk", filter=Q(owner=person)))
    whose = "All roles" if person.role == Role.MANAGER else f"For the {Role(person.role).value.replace('-', ' ')}"
    return [
        {"label": whose, "url": _address(ROLE), "count": counts["role"], "active": tab == ROLE},
        {"label": "Mine", "url": _address(MINE), "count": counts["mine"], "active": tab == MINE},
        {"label": "Done", "url": _address(DONE), "count": None, "active": tab == DONE},
    ]


def _address(tab: str, **more: Any) -> str:
    asked = ({} if tab == ROLE else {"tab": tab}) | more
    return reverse("tasks") + (f"?{urlencode(asked)}" if asked else "")


def _acted(
    request: StaffRequest, pk: UUID, door: Callable[[], Any], done: str, *, tab: str | None = None
) -> HttpResponse:
    """Run a door; a refusal is shown on the task's own page."""
    _one(request, pk)
    try:
        door()
    except Refused as refusal:
        return shown(request, pk, status=refusal.status, problem=refusal.message)
    messages.success(request, done)
    return _go(request, _address(tab or ROLE))


def _go(request: StaffRequest, address: str) -> HttpResponse:
    """To another page; by htmx through its own header, as it would swap the whole page into the bar otherwise."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _undo(request: StaffRequest) -> dict[str, str] | None:
    try:
        finished = UUID(request.GET.get("finished", ""))
    except ValueError:
        return None
    return {"url": reverse("task-reopen", args=[finished]), "text": "Task done"}
