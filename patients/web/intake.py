"""The intake queue: which request do I answer next?"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from config.http.history import drawer
from config.http.lists import page_of
from config.http.pages import StaffRequest, act, page, submitted
from config.refusals import Refused
from config.staff.permissions import Permission, can
from patients import histories, intake
from patients.asked_twice import said_the_same
from patients.duplicates import alike_requests, possible_duplicates
from patients.models import Channel, IntakeRequest, Patient, shown_phone
from patients.person import particulars
from patients.register import agreed_there
from patients.states import OPEN_REQUESTS, REQUEST_MOVES, RequestStatus
from patients.web.changes import changes_bar
from patients.web.forms import AttemptForm, MoveForm

P = Permission
S = RequestStatus
# Hours after which a request that nobody answered is marked.
TARGET_HOURS = 4
ICONS = {"phone": "phone", "text": "device-mobile", "email": "mail", "web-form": "world", "referral": "stethoscope"}
ACTS = {
    S.CONTACTED: "Mark as contacted",
    S.INFO_AWAITED: "Wait for information",
    S.READY_FOR_REVIEW: "Hand to a prescriber",
    S.NEW: "Back to new",
}


@page(P.SEE_PATIENTS)
def queue(request: StaffRequest) -> HttpResponse:
    """All requests of one tab."""
    closed = request.GET.get("tab") == "closed"
    rows = of_clinic(request).filter(status__in=OPEN_REQUESTS) if not closed else _closed(request)
    listed = page_of(request, rows.select_related("owner"), by=("received_at", "id"), falling=closed)
    for row in listed.rows:
        dress(row)
    counts = of_clinic(request).aggregate(
        open=Count("pk", filter=Q(status__in=OPEN_REQUESTS)), every=Count("pk"), saves=Sum("version")
    )
    context = {"tabs": _tabs(counts, closed=closed), "page": listed, "closed": closed}
    context |= {"undo": _undo(request), "seen": counts["saves"] or 0}
    return render(request, "patients/intake.html", context)


@page(P.SEE_PATIENTS)
def changes(request: StaffRequest) -> HttpResponse:
    """How much has changed in the queue since it was drawn."""
    return changes_bar(request, of_clinic(request))


@page(P.SEE_PATIENTS)
def one(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One request, with the queue beside it."""
    return shown(request, pk)


def shown(
    request: StaffRequest, pk: UUID, *, status: int = 200, problem: str = "", attempt: AttemptForm | None = None
) -> HttpResponse:
    """The page of one request; `problem` says what somebody else was quicker with."""
    every = of_clinic(request).select_related("clinic", "owner", "patient", "received_by", "duplicate_of")
    found = get_object_or_404(every, pk=pk)
    beside = of_clinic(request).filter(status__in=OPEN_REQUESTS).select_related("owner").order_by("received_at", "id")
    context = {
        "intake": dress(found),
        "beside": [dress(row) for row in beside[:50]],
        "attempts": found.attempts.select_related("by").order_by("-at", "-recorded_at"),
        "alike": [dress(row) for row in alike_requests(found)] if found.is_open else [],
        "said_the_same": [dress(row) for row in said_the_same(found)],
        "duplicates": [] if found.patient_id else possible_duplicates(clinic=found.clinic, **particulars(found)),
        "moves": _moves(found),
        "not_taken_over": _not_taken_over(found),
        "attempt": attempt or AttemptForm(),
        "mine": found.owner_id == request.user.pk,
        "may_register": can(request.user, P.REGISTER_PATIENTS),
        "problem": problem,
        "undo": _undo(request),
    }
    return render(request, "patients/intake_request.html", context, status=status)


@act(P.ANSWER_REQUESTS)
def take(request: StaffRequest, pk: UUID) -> HttpResponse:
    return acted(request, pk, lambda: intake.take(request_id=pk, by=request.user), "This request is yours.")


@act(P.ANSWER_REQUESTS)
def release(request: StaffRequest, pk: UUID) -> HttpResponse:
    return acted(request, pk, lambda: intake.release(request_id=pk, by=request.user), "Given back to everybody.")


@act(P.ANSWER_REQUESTS)
def take_next(request: StaffRequest) -> HttpResponse:
    """The oldest that nobody has."""
    found = intake.take_next(clinic=request.user.clinic, by=request.user)
    if found is None:
        messages.info(request, "Nothing is waiting: every new request has somebody.")
        return redirect("intake")
    return redirect("intake-request", found.pk)


@act(P.ANSWER_REQUESTS)
def attempt(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A try to reach the person."""
    get_object_or_404(of_clinic(request), pk=pk)
    form = AttemptForm(request.POST)
    now = timezone.now()
    door = lambda values: intake.log_attempt(request_id=pk, by=request.user, now=now, **values)  # noqa: E731
    if submitted(form, door) is None:
        return shown(request, pk, status=422, attempt=form)
    messages.success(request, "The attempt is kept.")
    return redirect("intake-request", pk)


@act(P.ANSWER_REQUESTS)
def move(request: StaffRequest, pk: UUID) -> HttpResponse:
    """To another state: forward, back, or closed with a reason. A close can be taken back from the bar."""
    found = get_object_or_404(of_clinic(request), pk=pk)
    form = MoveForm({"to": request.POST.get("to") or request.GET.get("to"), "reason": request.POST.get("reason", "")})
    if not form.is_valid():
        return shown(request, pk, status=422, problem="Choose what becomes of this request.")
    to, was = form.cleaned_data["to"], found.status
    try:
        intake.move_request(request_id=pk, by=request.user, **form.cleaned_data)
    except Refused as refusal:
        return shown(request, pk, status=refusal.status if refusal.status != 400 else 422, problem=refusal.message)
    if to in OPEN_REQUESTS:
        return _go(request, reverse("intake-request", args=[pk]))
    return _go(request, f"{reverse('intake')}?ended={pk}&was={was}")


@act(P.ANSWER_REQUESTS)
def link(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The request is from somebody whom the clinic knows."""
    patient = get_object_or_404(Patient, pk=_uuid(request.POST.get("patient")), clinic=request.user.clinic)
    door = lambda: intake.link(request_id=pk, patient_id=patient.pk, by=request.user)  # noqa: E731
    return acted(request, pk, door, "Linked to the patient.")


@page(P.SEE_PATIENTS)
def owner(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who is on it now: a small fragment that the page asks for again and again."""
    found = get_object_or_404(of_clinic(request).select_related("owner"), pk=pk)
    context = {"intake": found, "mine": found.owner_id == request.user.pk}
    return render(request, "patients/intake_owner.html", context)


@page(P.SEE_HISTORY)
def history(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who changed what in this request."""
    found = get_object_or_404(of_clinic(request), pk=pk)
    return drawer(
        request, histories.of_request(found), title="Request, history", back=reverse("intake-request", args=[pk])
    )


def acted(request: StaffRequest, pk: UUID, door: Callable[[], Any], done: str) -> HttpResponse:
    """Run a door; a refusal is shown on the request's own page, so that nobody has to look for it again."""
    get_object_or_404(of_clinic(request), pk=pk)
    try:
        door()
    except Refused as refusal:
        return shown(request, pk, status=refusal.status, problem=refusal.message)
    messages.success(request, done)
    return redirect("intake-request", pk)


def of_clinic(request: StaffRequest) -> Any:
    return IntakeRequest.objects.filter(clinic=request.user.clinic)


def dress(row: IntakeRequest) -> Any:
    """What lists show beside the columns."""
    minutes = row.waiting_minutes(timezone.now())
    row.icon = ICONS.get(row.source, "inbox")  # type: ignore[attr-defined]
    row.waiting = _age(minutes)  # type: ignore[attr-defined]
    row.said = _said(row)  # type: ignore[attr-defined]
    row.late = row.status == S.NEW and minutes >= TARGET_HOURS * 60  # type: ignore[attr-defined]
    return row


def _said(row: IntakeRequest) -> list[tuple[str, str]]:
    """The rest of what is known, without what is empty."""
    facts = [
        ("Pain, as they tell it", row.get_pain_condition_display()),
        ("In pain for", row.pain_since),
        ("Usual pain", "" if row.usual_severity is None else f"{row.usual_severity} of 10"),
        ("Treatments tried", row.treatments_tried),
        ("Called", row.preferred_name),
        ("Pronouns", row.pronouns),
        ("Language", row.language),
        ("Accessibility", row.accessibility_needs),
        ("Address", ", ".join(filter(None, [row.address, row.city, row.region, row.postal_code]))),
        ("Emergency contact", f"{row.emergency_contact_name} {shown_phone(row.emergency_contact_phone)}".strip()),
        ("Referred by", " ".join(filter(None, [row.referrer_name, shown_phone(row.referrer_phone), row.referrer_npi]))),
        ("Payer", row.payer),
    ]
    return [(label, str(value)) for label, value in facts if value]


def _closed(request: StaffRequest) -> Any:
    return of_clinic(request).exclude(status__in=OPEN_REQUESTS)


def _tabs(counts: dict[str, int], *, closed: bool) -> list[dict[str, Any]]:
    at = reverse("intake")
    return [
        {"label": "Open", "url": at, "count": counts["open"], "active": not closed},
        {"label": "Closed", "url": f"{at}?tab=closed", "count": counts["every"] - counts["open"], "active": closed},
    ]


def _not_taken_over(found: IntakeRequest) -> list[str]:
    """Addresses for which the request agrees to messages, where the patient's record holds another or none."""
    if found.patient is None:
        return []
    agreed = [
        (found.consents_sms, Channel.SMS, found.phone_shown),
        (found.consents_email, Channel.EMAIL, found.email),
    ]
    return [
        address
        for said, channel, address in agreed
        if said and address and not agreed_there(found, found.patient, channel)
    ]


def _moves(found: IntakeRequest) -> list[tuple[str, str]]:
    allowed = REQUEST_MOVES[S(found.status)]
    if found.patient_id is None:
        allowed = allowed - {S.READY_FOR_REVIEW}
    return [(to.value, words) for to, words in ACTS.items() if to in allowed]


def _undo(request: HttpRequest) -> dict[str, str] | None:
    ended, was = _uuid(request.GET.get("ended"), strict=False), request.GET.get("was", "")
    if ended is None or was not in OPEN_REQUESTS:
        return None
    return {"url": f"{reverse('intake-move', args=[ended])}?to={was}", "text": "Request closed"}


def _go(request: HttpRequest, address: str) -> HttpResponse:
    """To another page: by htmx, which would otherwise swap the whole page into a bar, with its own header."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _uuid(value: str | None, *, strict: bool = True) -> UUID | None:
    try:
        return UUID(value or "")
    except ValueError:
        if strict:
            raise Http404 from None
        return None


def _age(minutes: int) -> str:
    if minutes < 60:
        return f"{max(minutes, 0)} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours < 24 else f"{hours // 24} d {hours % 24} h"
