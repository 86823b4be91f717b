"""Charting: one address a kind of row. A form in the drawer or on a page of its own; the answer redraws the sheet."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from config.http.pages import StaffRequest, act, page, submitted
from config.refusals import Invalid, NotFound
from config.staff.permissions import Permission
from infusions import charting, records
from infusions.flowsheet import Sheet, row_of, words
from infusions.models import Administration, AdverseEvent, PreVisitCheck, Visit, VitalsSet
from infusions.models.entries import FlowsheetEntry
from infusions.models.flowsheet import FLOWSHEET, AdministrationKind
from infusions.plausible import NOTHING
from infusions.steps import NO_CONSENT
from infusions.web.visit_fields import EntryForm, stamped
from infusions.web.visit_forms import FORMS, AdministrationForm, VitalsForm
from infusions.web.visits import before_start, framed, go, live, order_words, visit_of
from scheduling.models import Appointment
from scheduling.states import Status

P = Permission
ONE_PRESS = frozenset({AdministrationKind.PAUSE, AdministrationKind.RESUME})


@page(P.CHART)
def chart(request: StaffRequest, pk: UUID, kind: str) -> HttpResponse:
    """An empty form of this kind, or the row that it holds."""
    visit, now = visit_of(request.user, pk), timezone.now()
    form = _form(request, visit, kind, now)
    event = _event(visit, request.GET.get("event"))
    if request.method == "POST":
        more = {"event": event} if event else {}
        entry = submitted(form, lambda values: _charted(request, visit, kind, form, values | more, now))
        if entry is not None:
            return _answer(request, visit, kind, entry)
        _say_the_rest(request, visit, kind, form, now)
    return _shown(request, visit, kind, form, {"event": event})


@page(P.CHART)
def correct(request: StaffRequest, pk: UUID, kind: str, entry: UUID) -> HttpResponse:
    """The same form, empty, beside what is to be corrected; or strike the row without another in its place."""
    visit, now = visit_of(request.user, pk), timezone.now()
    model = FLOWSHEET[kind]
    old = model._default_manager.filter(visit=visit, pk=entry).select_related("author").first()
    if old is None:
        raise NotFound("There is no such row in this visit.")
    old.visit = visit
    form = _form(request, visit, kind, now, corrects=old)
    if request.method == "POST":
        done = submitted(form, lambda values: _corrected(request, visit, kind, form, values, old, now))
        if done is not None:
            return _answer(request, visit, kind, done)
        _say_the_rest(request, visit, kind, form, now)
    return _shown(request, visit, kind, form, {"old": row_of(old)} | _written_since(visit, kind, old))


@act(P.CHART)
def open_event(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One press: an adverse event, its time stamped now. What happened is asked in the drawer."""
    visit, now = visit_of(request.user, pk), timezone.now()
    event = records.chart(visit_id=visit.pk, model=AdverseEvent, event=None, **_pressed(request, now))
    if _wants_receipt(request):
        return _receipt(HttpResponse(status=204), event)
    url = f"{reverse('visit-chart', args=[visit.pk, 'adverse-events'])}?event={event.event}"
    if not request.headers.get("HX-Request"):
        return go(request, url)
    form = FORMS["adverse-events"](visit=visit, now=now)
    context = {"form": form, "url": url, "event": event.event, "opened_at": event.observed_at}
    return _receipt(_redrawn(request, visit, "infusions/visit_event_opened.html", context), event)


@act(P.CHART)
def one_press(request: StaffRequest, pk: UUID, step: str) -> HttpResponse:
    """Pause and resume: nothing to type, so the press is the entry."""
    visit, now = visit_of(request.user, pk), timezone.now()
    if step not in ONE_PRESS:
        raise NotFound("There is no such step.")
    entry = records.chart(visit_id=visit.pk, model=Administration, kind=step, **_pressed(request, now))
    return _answer(request, visit, "administrations", entry)


def _form(request: StaffRequest, visit: Visit, kind: str, now: datetime, corrects: Any = None) -> EntryForm:
    form = FORMS[kind]
    more: dict[str, Any] = {"visit": visit, "now": now, "corrects": corrects}
    if form is AdministrationForm and corrects is None:
        more["kind"] = request.POST.get("kind") or request.GET.get("kind")
        if more["kind"] not in list(AdministrationKind):
            raise NotFound("There is no such step.")
    return form(request.POST if request.method == "POST" else None, **more)


def _charted(
    request: StaffRequest, visit: Visit, kind: str, form: EntryForm, values: dict[str, Any], now: datetime
) -> FlowsheetEntry:
    model = FLOWSHEET[kind]
    more: dict[str, Any] = {"visit_id": visit.pk, "by": request.user, "now": now}
    if model is AdverseEvent:
        values.setdefault("event", None)
    try:
        if kind == "quantities" and "entered_in_error" not in values:
            return records.quantities(**more, **values)
        return records.chart(model=model, **more, **values)
    except Invalid as refusal:
        form.ask_again(refusal.facts.get("asked", ""))
        if isinstance(form, AdministrationForm) and refusal.code == NO_CONSENT:
            form.ask_why_without(refusal.facts.get("missing", []))
        raise _at_its_input(refusal) from refusal


def _say_the_rest(request: StaffRequest, visit: Visit, kind: str, form: EntryForm, now: datetime) -> None:
    """Where a value could not even be read, say at once what the door would say of the others."""
    if getattr(form, "refusal", None) is not None or "strike" in request.POST:
        return
    try:
        charting.look(visit=visit, model=FLOWSHEET[kind], by=request.user, now=now, **form.cleaned_data)
    except Invalid as refusal:
        form.ask_again(refusal.facts.get("asked", ""))
        for name, texts in _at_its_input(refusal).errors.items():
            if name in form.fields and name not in form.errors and texts != [NOTHING]:
                form.add_error(name, texts)


def _at_its_input(refusal: Invalid) -> Invalid:
    """What the door says of `observed_at` belongs to the input in which a time is typed; that nothing at all was
    written belongs to no input."""
    if all(text == NOTHING for texts in refusal.errors.values() for text in texts):
        return Invalid(NOTHING)
    errors = {"at" if name == "observed_at" else name: texts for name, texts in refusal.errors.items()}
    return Invalid(refusal.message, errors=errors, code=refusal.code)


def _corrected(
    request: StaffRequest,
    visit: Visit,
    kind: str,
    form: EntryForm,
    values: dict[str, Any],
    old: Any,
    now: datetime,
) -> FlowsheetEntry:
    if "strike" in request.POST:
        values = {name: values[name] for name in ("client_id", "correction_reason") if name in values}
        values |= {"entered_in_error": True, "observed_at": old.observed_at}
    values["supersedes"] = old.pk
    return _charted(request, visit, kind, form, values, now)


def _written_since(visit: Visit, kind: str, old: Any) -> dict[str, Any]:
    """What stands in the row's place by now, if a colleague was quicker; the next press then corrects that row. Both
    texts are on the page: theirs to read, one's own in the fields.
    """
    rows: Any = FLOWSHEET[kind]._default_manager
    corrections = rows.filter(visit=visit, supersedes__isnull=False)
    by_corrected = {entry.supersedes_id: entry for entry in corrections.select_related("author")}
    newest = old
    while newest.pk in by_corrected:
        newest = by_corrected[newest.pk]
    if newest is old:
        return {}
    newest.visit = visit
    found: dict[str, Any] = {"newer": row_of(newest)}
    if not newest.entered_in_error:
        found["url"] = reverse("visit-correct", args=[visit.pk, kind, newest.pk])
    return found


def _event(visit: Visit, named: str | None) -> UUID | None:
    """The adverse event that is added to, by its own name or by the one that a tablet gave to the press which opened
    it. Raises NotFound for one of another visit.
    """
    if not named:
        return None
    try:
        event = UUID(named)
    except ValueError:
        raise NotFound("There is no such event.") from None
    rows = AdverseEvent.objects.filter(Q(event=event) | Q(client_id=event), visit=visit)
    found = rows.values_list("event", flat=True).first()
    if found is None:
        raise NotFound("There is no such event.")
    return found


def _pressed(request: StaffRequest, now: datetime) -> dict[str, Any]:
    """Who pressed a button with nothing to type, and when: its stamp, if it waited on a tablet."""
    pressed_at = stamped(request.POST.get("stamp", ""))
    return {"by": request.user, "now": now, "observed_at": pressed_at, "client_id": _sent(request)}


def _sent(request: StaffRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("client_id", ""))
    except ValueError:
        return None


def _shown(request: StaffRequest, visit: Visit, kind: str, form: EntryForm, more: dict[str, Any]) -> HttpResponse:
    """The form: in the drawer, in place for vital signs, or as a page."""
    now = timezone.now()
    context = {"visit": visit, "form": form, "kind": kind, "url": request.get_full_path(), "now": now, **more}
    status = 422 if form.is_bound else 200
    in_place = _is_in_place(request, kind) and form.corrects is None
    if request.headers.get("HX-Request"):
        template = "infusions/visit_vitals_form.html" if in_place else "infusions/visit_entry_drawer.html"
        return render(request, template, context, status=status)
    template = "infusions/discharge.html" if kind == "discharge" else "infusions/visit_entry.html"
    page = framed(visit, now) | live(visit, now) | order_words(visit) | context
    if kind == "discharge":
        page |= _beside_discharge(visit, page["sheet"], now)
    return render(request, template, page, status=status)


def _beside_discharge(visit: Visit, rows: Sheet, now: datetime) -> dict[str, Any]:
    """What is shown beside the checklist, to read: the last vital signs, the escort named before, the next visit."""
    named = [check for check in rows.standing(PreVisitCheck) if check.escort_name]
    later = Appointment.objects.filter(patient=visit.patient_id, status=Status.BOOKED, start__gt=now)
    return {
        "last_words": _last_words(rows),
        "escort": named[0] if named else None,
        "next_visit": later.order_by("start").first(),
    }


def _last_words(rows: Sheet) -> list[tuple[str, str]]:
    """Of each measure what was read last, with the time where that was before the newest set."""
    found: dict[str, str] = {}
    newest = rows.newest(VitalsSet)
    for read in rows.standing(VitalsSet):
        for label, value in words(read):
            at = "" if read is newest else f" ({read.observed_at.astimezone(read.visit.clinic.tz):%H:%M})"
            found.setdefault(label, f"{value}{at}")
    return list(found.items())


def _wants_receipt(request: StaffRequest) -> bool:
    """Whether a tablet sends what waited on it and wants no page in return."""
    return request.headers.get("Prefer") == "return=minimal"


def _receipt(response: HttpResponse, entry: FlowsheetEntry) -> HttpResponse:
    """Name the entry that is stored. A tablet deletes its own copy on nothing less: the page of a proxy, or of a
    sign-in, names none.
    """
    response.headers["X-Stored"] = str(entry.client_id)
    return response


def _answer(request: StaffRequest, visit: Visit, kind: str, entry: FlowsheetEntry) -> HttpResponse:
    """The row is stored: redraw what changed, and give the next empty form or close the drawer."""
    if _wants_receipt(request):
        return _receipt(HttpResponse(status=204), entry)
    if not request.headers.get("HX-Request") or kind == "discharge":
        return go(request, reverse("visit", args=[visit.pk]))
    context = {"form": VitalsForm(visit=visit, now=timezone.now()), "in_place": _is_in_place(request, kind)}
    return _receipt(_redrawn(request, visit, "infusions/visit_charted.html", context), entry)


def _is_in_place(request: StaffRequest, kind: str) -> bool:
    """Whether this came from the form of vital signs that stands on the page itself."""
    return kind == "vitals" and request.headers.get("HX-Target") == "vitals-form"


def _redrawn(request: StaffRequest, visit: Visit, template: str, context: dict[str, Any]) -> HttpResponse:
    fresh = visit_of(request.user, visit.pk)
    page = live(fresh, timezone.now()) | {"visit": fresh, **context}
    # Once the infusion runs, somebody may have unfolded the strip: it is left alone.
    if page["here"] or request.POST.get("kind") == AdministrationKind.START:
        page |= before_start(request, fresh, page["sheet"])
    return render(request, template, page)
