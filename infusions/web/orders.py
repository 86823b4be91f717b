"""Writing an order: the draft, its review read back in words, and the signature. Prescribers only."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from config.http.pages import StaffRequest, act, page, submitted
from config.refusals import Refused, Stale
from config.staff.permissions import Permission
from infusions import candidacy, orders
from infusions.models import Order
from infusions.read_back import by_section, changes
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
    if request.headers.get("Accept") == "application/json":
        return _autosaved(asked, form, saved)
    if saved is None:
        return _form_page(asked, patient, draft, form)
    if "review" in request.POST:
        return redirect("order-review", saved.pk)
    messages.success(request, "Draft saved. Nothing is ordered until you sign.")
    return redirect("order-new", patient.pk)


def _keep(request: StaffRequest, patient: Patient, form: OrderForm) -> Order:
    """Begin the draft, or change the one whose version the form carries."""
    version, now = form.cleaned_data["version"], timezone.now()
    if version is None:
        return orders.draft(patient=patient, by=request.user, now=now, **form.values())
    draft = orders.draft_of(patient=patient, by=request.user)
    if draft is None:
        raise Stale("This draft was signed or discarded in the meantime. Nothing was saved.")
    return orders.change_draft(order_id=draft.pk, by=request.user, now=now, version=version, **form.values())


def _autosaved(request: StaffRequest, form: OrderForm, saved: Order | None) -> HttpResponse:
    if saved is not None:
        return JsonResponse({"saved_at": f"{request.user.local_now():%H:%M:%S}", "version": saved.version})
    first = next(iter(form.errors.items()))
    label = form.fields[first[0]].label if first[0] in form.fields else ""
    detail = f"Not saved. {label}: {first[1][0]}" if label else f"Not saved. {first[1][0]}"
    return JsonResponse({"detail": detail, "status": 422}, status=422, content_type="application/problem+json")


def _form_page(request: StaffRequest, patient: Patient, draft: Order | None, form: OrderForm) -> HttpResponse:
    form.before = draft.supersedes if draft else None
    context = shown(patient, request, form=form, draft=draft, in_force=orders.in_force(patient=patient))
    return render(request, "infusions/order_form.html", context, status=422 if form.errors else 200)


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
        sections=by_section(order),
        changes=changes(order, order.supersedes) if order.supersedes else [],
        missing=orders.limits(order).missing,
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
    """A signed order's sections with what is written in them; empty ones left out."""
    found = [(title, [line for line in lines if line.is_written]) for title, lines in by_section(order)]
    return [(title, lines) for title, lines in found if lines]
