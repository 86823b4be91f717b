"""Writing an order: the draft, its review read back in words, and the signature. Prescribers only."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from config.http.pages import StaffRequest, act, page, submitted
from config.refusals import Clash, Refused, Stale
from config.staff.permissions import Permission
from infusions import candidacy, orders
from infusions.models import Order
from infusions.protocol import days_past, loses_nothing, says_the_same
from infusions.read_back import by_section, changes, unwritten
from infusions.web.finding import order_of, patient_of, shown
from infusions.web.order_forms import OrderForm, SignForm
from patients.models import Patient


@page(Permission.WRITE_ORDERS)
def order_new(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """One's own draft for the patient: empty, or as one left it. POST keeps it; the autosave posts here too."""
    asked: StaffRequest = request  # type: ignore[assignment]
    patient = patient_of(asked, patient_id)
    draft = orders.draft_of(patient=patient, by=asked.user)
    if request.method != "POST":
        return _form_page(asked, patient, draft, OrderForm(draft=draft))
    form = OrderForm(request.POST)
    saved = submitted(form, lambda _: _keep(asked, patient, form))
    draft = orders.draft_of(patient=patient, by=asked.user)
    if request.headers.get("Accept") == "application/json":
        return _autosaved(asked, form, saved)
    if saved is None:
        return _form_page(asked, patient, draft, form)
    if "review" in request.POST:
        return redirect("order-review", saved.pk)
    messages.success(request, "Draft saved. Nothing is ordered until you sign.")
    return redirect("order-new", patient.pk)


def _keep(request: StaffRequest, patient: Patient, form: OrderForm) -> Order:
    """Begin the draft, or change the one whose version the form carries; or one that this save only continues."""
    try:
        return _kept(request, patient, form, form.cleaned_data["version"])
    except Clash:
        stands = orders.draft_of(patient=patient, by=request.user)
        form.overtaken = stands is not None
        if stands is None or not loses_nothing(stands, form.values()):
            raise
        form.overtaken = False
        return _kept(request, patient, form, stands.version)


def _kept(request: StaffRequest, patient: Patient, form: OrderForm, version: int | None) -> Order:
    now, draft = timezone.now(), orders.draft_of(patient=patient, by=request.user)
    if version is None:
        return orders.draft(patient=patient, by=request.user, now=now, **form.values())
    if draft is None:
        raise Stale("This draft was signed or discarded in the meantime. Nothing was saved.")
    if draft.version == version and says_the_same(draft, form.values()):
        return draft
    return orders.change_draft(order_id=draft.pk, by=request.user, now=now, version=version, **form.values())


def _autosaved(request: StaffRequest, form: OrderForm, saved: Order | None) -> HttpResponse:
    if saved is not None:
        return JsonResponse({"saved_at": f"{request.user.local_now():%H:%M:%S}", "version": saved.version})
    first = next(iter(form.errors.items()))
    label = form.fields[first[0]].label if first[0] in form.fields else ""
    detail = f"Not saved. {label}: {first[1][0]}" if label else f"Not saved. {first[1][0]}"
    status = _status(form)
    return JsonResponse({"detail": detail, "status": status}, status=status, content_type="application/problem+json")


def _form_page(request: StaffRequest, patient: Patient, draft: Order | None, form: OrderForm) -> HttpResponse:
    if form.overtaken and draft is not None:
        form.show_both(draft)
    else:
        form.before = draft.supersedes if draft else None
    context = shown(patient, request, form=form, draft=draft, in_force=orders.in_force(patient=patient))
    return render(request, "infusions/order_form.html", context, status=_status(form))


def _status(form: OrderForm) -> int:
    return 409 if form.overtaken else 422 if form.errors else 200


@page(Permission.WRITE_ORDERS)
def order_review(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The stored draft read back in words, with what changes and what is missing; and the place to sign."""
    asked: StaffRequest = request  # type: ignore[assignment]
    order = order_of(asked, order_id)
    if order.is_signed:
        return redirect("order", order.pk)
    return _review_page(asked, order, SignForm(initial={"version": order.version}))


@page(Permission.WRITE_ORDERS)
def order_sign(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Sign what was reviewed. A wrong password, or a newer draft, shows the review again."""
    asked: StaffRequest = request  # type: ignore[assignment]
    order = order_of(asked, order_id)
    if order.is_signed or request.method != "POST":
        return redirect("order-review", order.pk)
    form = SignForm(request.POST)
    if submitted(form, lambda values: orders.sign(order_id=order.pk, by=asked.user, now=timezone.now(), **values)):
        messages.success(request, "Order signed. It is in force from now on.")
        return redirect("order", order.pk)
    return _review_page(asked, order_of(asked, order_id), form)


def _review_page(request: StaffRequest, order: Order, form: SignForm) -> HttpResponse:
    today = request.user.clinic.today(timezone.now())
    context = shown(
        order.patient,
        request,
        order=order,
        form=form,
        sections=sections_of(order),
        unwritten=unwritten(order),
        changes=changes(order, order.supersedes) if order.supersedes else [],
        missing=orders.limits(order).missing,
        past=days_past(order, today),
        accepted=candidacy.is_accepted(candidacy.current(patient=order.patient, on=today)),
    )
    return render(request, "infusions/order_review.html", context, status=422 if form.errors else 200)


@act(Permission.WRITE_ORDERS)
def order_discard(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Put one's own draft away."""
    asked: StaffRequest = request  # type: ignore[assignment]
    order = order_of(asked, order_id)
    try:
        orders.discard(order_id=order.pk, by=asked.user, now=timezone.now())
        messages.success(request, "Draft discarded.")
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("patient", order.patient_id)


def sections_of(order: Order) -> list[tuple[str, Any]]:
    """An order's sections with what is written in them; empty ones left out."""
    found = [(title, [line for line in lines if line.is_written]) for title, lines in by_section(order)]
    return [(title, lines) for title, lines in found if lines]
