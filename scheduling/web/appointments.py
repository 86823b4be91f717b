"""One visit: what about it, and what next? Each act does one thing at once, with a way back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from config.http.pages import StaffRequest, act, answer_status, offer_undo, page, submitted, whole_number
from config.refusals import NotFound
from config.staff.permissions import Permission, can
from patients.web.banner import banner, history_of
from scheduling import booking, escorts, histories, holding, questions, reading
from scheduling.models import Appointment
from scheduling.states import PRESENT, Status
from scheduling.wall_clock import at_words, words
from scheduling.web.acts import BACK as UNDO
from scheduling.web.acts import acts
from scheduling.web.addresses import BESIDE, PATIENT, address
from scheduling.web.board import LIST, list_fragment
from scheduling.web.forms import NoShowForm, UndoForm

P = Permission
CHANGED = "visit-changed"
SAID = {
    Status.BOOKED: "is booked again",
    Status.ARRIVED: "checked in",
    Status.CHECKED_IN: "is checked in again",
    Status.NO_SHOW: "marked as no-show",
    Status.ENTERED_IN_ERROR: "entered in error",
}


def found(request: StaffRequest, pk: UUID) -> Appointment:
    """The visit, looked up in the person's clinic. Raises NotFound."""
    rows = Appointment.objects.filter(clinic=request.user.clinic, pk=pk)
    visit = rows.select_related(
        "clinic", "patient__allergies_confirmed_by", "chair", "nurse", "booked_by", "visit_type"
    ).first()
    if visit is None:
        raise NotFound("There is no such appointment.")
    return visit


def shown(request: StaffRequest, visit: Appointment, *, status: int = 200, **more: Any) -> HttpResponse:
    """A visit in the drawer for htmx, or on a page of its own."""
    now = timezone.now()
    number, of = reading.numbered([visit]).get(visit.pk, (None, None))
    context = {
        **banner(visit.patient, now),
        "visit": visit,
        "when": f"{words(visit.start, visit.clinic.tz)} to {at_words(visit.end, visit.clinic.tz)}",
        "state": reading.state(visit, now),
        "detail": reading.since_words(visit, now),
        "number": number,
        "of": of,
        "acts": acts(visit, request.user, now),
        "facts": _facts(visit),
        "beside_url": address(BESIDE, visit.pk),
        "patient_url": address(PATIENT, visit.patient_id),
        "board_url": reverse("board-day", args=[visit.start.astimezone(visit.clinic.tz).date()]),
        "may_see_history": can(request.user, P.SEE_HISTORY),
        **more,
    }
    template = "appointment_drawer" if request.headers.get("HX-Request") else "appointment"
    return render(request, f"scheduling/{template}.html", context, status=status)


def _facts(visit: Appointment) -> list[tuple[str, str]]:
    zone = visit.clinic.tz
    told = [
        ("When", f"{words(visit.start, zone)} to {at_words(visit.end, zone)} {_zone_words(visit)}"),
        ("Where", visit.chair.name),
        ("Nurse", visit.nurse.full_name if visit.nurse else ""),
        ("Kind", visit.kind.capitalize() + (f", {visit.visit_type.name}" if visit.visit_type else "")),
    ]
    if visit.confirmed_at:
        told.append(("Confirmed", words(visit.confirmed_at, zone)))
    if visit.wants_move_at:
        note = visit.wants_move_note or "no time named"
        told.append(("Wants another time", f"{note} ({words(visit.wants_move_at, zone)})"))
    told += _escort(visit)
    told += _answers(visit)
    if visit.arrived_at:
        told.append(("Arrived", words(visit.arrived_at, zone)))
    if visit.status_reason:
        told.append(("Reason", visit.status_reason))
    if visit.held_until:
        told.append(("Held until", words(visit.held_until, zone)))
    told += _reasons(visit)
    who = visit.booked_by.full_name if visit.booked_by else "the system"
    return [*told, ("Booked", f"{words(visit.booked_at, zone)} by {who}")]


def _escort(visit: Appointment) -> list[tuple[str, str]]:
    """Whom the patient named beforehand; nobody has identified them yet."""
    said = escorts.of_visit(visit)
    if said is None:
        return []
    moved = ", before the visit was moved" if said.placing != visit.placing else ""
    return [("Escort, as the patient said", f"{said} (by {said.how}, {words(said.at, visit.clinic.tz)}{moved})")]


def _answers(visit: Appointment) -> list[tuple[str, str]]:
    """What the patient answered beforehand, in their own words; nobody has read anything out of it."""
    answers = [told for told in questions.of_visit(visit) if told.answer.said]
    return [("The patient’s answer", _said(told, visit)) for told in answers]


def _said(told: questions.Told, visit: Appointment) -> str:
    said = told.answer
    moved = ", before the visit was moved" if said.placing != visit.placing else ""
    return f"{told.question} “{said.said}” (by {said.how}, {words(said.at, visit.clinic.tz)}{moved})"


def _reasons(visit: Appointment) -> list[tuple[str, str]]:
    """What somebody passed over on purpose, and what no longer fits."""
    reasons = [
        ("Needs repair", visit.needs_repair),
        ("Chair given twice", visit.overbook_reason),
        ("Outside the patient’s limits", visit.limits_reason),
    ]
    return [(label, words) for label, words in reasons if words]


def _zone_words(visit: Appointment) -> str:
    """`Los Angeles time`"""
    return f"{visit.clinic.zone.rsplit('/', 1)[-1].replace('_', ' ')} time"


@page(P.SEE_SCHEDULE)
def one(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What about this visit?"""
    return shown(request, found(request, pk))


@act(P.CHECK_IN)
def arrive(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One tap when somebody comes to the desk."""
    visit = found(request, pk)
    done = booking.arrive(appointment_id=visit.pk, by=request.user, now=timezone.now())
    return answered(request, done)


@act(P.BOOK)
def confirm(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The patient said on the phone that they come."""
    visit = found(request, pk)
    done = booking.confirm(appointment_id=visit.pk, by=request.user, now=timezone.now())
    return answered(request, done, said="confirmed by phone", undo=False)


@page(P.SEE_SCHEDULE)
def undo(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Back to the state before. Whether this person may is for the table of moves to say.

    The undo bar of an act sends the version that the act left, so that it never takes back somebody else's; what ended
    a visit is otherwise taken back with a reason.
    """
    visit = found(request, pk)
    version = whole_number(request.GET.get("version", ""))
    if version is not None or visit.status in PRESENT:
        if request.method != "POST":
            return redirect("appointment", visit.pk)
        done = booking.undo(appointment_id=visit.pk, by=request.user, now=timezone.now(), version=version)
        return answered(request, done, undo=False)
    form = UndoForm(request.POST or None, initial={"version": visit.version})
    title = UNDO.get(Status(visit.status), "Undo cancellation")
    if request.method == "POST":
        taken_back = submitted(form, lambda data: _undone(request, visit, data))
        if taken_back is not None:
            return answered(request, taken_back, undo=False)
    return shown(request, visit, status=answer_status(form), form=form, form_title=title, is_mild=True)


def _undone(request: StaffRequest, visit: Appointment, data: dict[str, Any]) -> Appointment:
    return booking.undo(appointment_id=visit.pk, by=request.user, now=timezone.now(), **data)


@act(P.BOOK)
def keep(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Make a booking of a hold."""
    done = holding.keep(appointment_id=found(request, pk).pk, by=request.user, now=timezone.now())
    return answered(request, done, said="is booked", undo=False)


@act(P.BOOK)
def release(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Give a held place back."""
    done = holding.release(appointment_id=found(request, pk).pk, by=request.user, now=timezone.now())
    return answered(request, done, said="is no longer held", undo=False)


@page(P.BOOK)
def no_show(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Nobody came. Only a person says so."""
    visit = found(request, pk)
    form = NoShowForm(request.POST or None)
    return _ended(request, visit, form, lambda _: Status.NO_SHOW, "Mark as no-show")


def _ended(
    request: StaffRequest, visit: Appointment, form: Form, to: Callable[[dict[str, Any]], Status], title: str
) -> HttpResponse:
    if request.method == "POST":
        done = submitted(
            form,
            lambda data: booking.apply(
                appointment_id=visit.pk, to=to(data), reason=data["reason"], by=request.user, now=timezone.now()
            ),
        )
        if done is not None:
            return answered(request, done)
    return shown(request, visit, status=answer_status(form), form=form, form_title=title)


def answered(
    request: StaffRequest, done: Appointment, *, said: str = "", undo: bool = True, undo_url: str = ""
) -> HttpResponse:
    """After an act: what the button stood in, drawn anew, and the way back beside it: its own, or `undo_url`."""
    said = said or SAID.get(Status(done.status), done.status.replace("-", " "))
    text = f"{done.patient.full_name} {said}"
    day = done.start.astimezone(done.clinic.tz).date()
    back = undo_url or f"{reverse('appointment-undo', args=[done.pk])}?version={done.version}"
    more: dict[str, Any] = {"undo_url": back, "undo_text": text} if undo else {"said": text}
    target = request.headers.get("HX-Target", "")
    if not request.headers.get("HX-Request"):
        _tell_next_page(request, text, more.get("undo_url"))
        return redirect("appointment", done.pk)
    if target == LIST:
        return list_fragment(request, request.user, day, undo_target=f"#{LIST}", undo_swap="outerHTML", **more)
    if target == "drawer":
        answer = shown(request, found(request, done.pk), undo_target="#drawer", **more)
    else:
        answer = render(request, "scheduling/undo_only.html", more)
    # The table behind the drawer listens to this; the board asks its feed by itself.
    answer.headers["HX-Trigger"] = CHANGED
    return answer


def _tell_next_page(request: StaffRequest, text: str, undo_url: str | None) -> None:
    messages.success(request, f"{text}.")
    if undo_url:
        offer_undo(request, url=undo_url, text=text)


@page(P.SEE_HISTORY)
def history(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Who changed what about this visit."""
    visit = found(request, pk)
    sub = f"{words(visit.start, visit.clinic.tz)}, {visit.chair.name}"
    told, back = histories.of_visit(visit.pk), reverse("appointment", args=[visit.pk])
    return history_of(request, told, patient=visit.patient, sub=sub, back=back)
