"""Cancelling a visit, this and the later ones, or all that are still to come."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from config.http.pages import StaffRequest, act, answer_status, page, submitted
from config.refusals import Invalid
from config.staff.permissions import Permission
from infusions import rescheduling
from infusions.rescheduling import Scope
from infusions.web.ways_back import taken_back, versions_of, way_back
from scheduling import booking
from scheduling.models import Appointment
from scheduling.rules import is_late, rules_of
from scheduling.states import CANCELLED, MOVES, WAY_BACK, Status
from scheduling.web.appointments import answered, found, shown

HOW = {
    Status.CANCELLED_BY_PATIENT: "The patient cancels",
    Status.CANCELLED_LATE: "The patient cancels late",
    Status.CANCELLED_BY_CLINIC: "The clinic cancels",
    Status.ENTERED_IN_ERROR: "It was booked by mistake",
}


class CancelForm(forms.Form):
    """Who cancels, which visits, and why."""

    how = forms.ChoiceField(label="What happened", widget=forms.RadioSelect)
    scope = forms.ChoiceField(label="Which visits", widget=forms.RadioSelect, required=False)
    reason = forms.CharField(max_length=200, label="Why", help_text="Stays with the visit; the patient is not told.")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, visit: Appointment, later: int, rest: int, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        how, scope = cast("forms.ChoiceField", self.fields["how"]), cast("forms.ChoiceField", self.fields["scope"])
        moves = MOVES[Status(visit.status)]
        choices = [(way.value, words) for way, words in HOW.items() if way in moves]
        how.choices = choices
        if Status.CANCELLED_LATE in moves:
            self._offer_late(how, choices, visit, now, alone=rest < 2)
        # Once somebody has come only the clinic can cancel: nothing to choose.
        self.initial["how"] = choices[0][0] if len(choices) == 1 else None
        self.initial["version"], self.initial["scope"] = visit.version, Scope.ONE.value
        scope.choices = list(_scopes(later, rest))
        if len(scope.choices) == 1:
            del self.fields["scope"]

    def _offer_late(
        self, how: forms.ChoiceField, choices: list[tuple[str, str]], visit: Appointment, now: datetime, *, alone: bool
    ) -> None:
        """By the clinic's limit it is offered first, and the person decides; before, it is not offered, and the door
        says why to whoever still asks for it."""
        hours, late = rules_of(visit.clinic).late_cancel_hours, Status.CANCELLED_LATE.value
        if is_late(clinic=visit.clinic, start=visit.start, now=now):
            how.help_text = f"Less than {hours} hours before the visit: by the clinic’s rule this counts as late."
            how.help_text += "" if alone else " Later visits that go with it are cancelled by the patient."
            how.choices = sorted(choices, key=lambda choice: choice[0] != late)
        else:
            how.help_text = f"More than {hours} hours before the visit: not late."
            how.widget.choices = [choice for choice in choices if choice[0] != late]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        typed = dict(super().clean() or {})
        scope = typed.setdefault("scope", Scope.ONE.value) or Scope.ONE.value
        typed["scope"] = scope
        if scope != Scope.ONE and typed.get("how") == Status.ENTERED_IN_ERROR:
            self.add_error("scope", "A mistake is taken back one visit at a time.")
        return typed


def _scopes(later: int, rest: int) -> list[tuple[str, str]]:
    found = [(Scope.ONE.value, "This visit only")]
    if later:
        found.append((Scope.LATER.value, f"This and the {later} later one{'s' * (later != 1)}"))
    if rest > later + 1:
        found.append((Scope.REST.value, f"All {rest} that are still to come"))
    return found


@page(Permission.BOOK)
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who cancels, which visits, and why."""
    asked: StaffRequest = request  # type: ignore[assignment]
    visit, now = found(asked, pk), timezone.now()
    rest = rescheduling.still_to_come(visit, now)
    later = [other for other in rest if other.start > visit.start]
    form = CancelForm(request.POST or None, visit=visit, later=len(later), rest=len(rest), now=now)
    if request.method == "POST":
        done = submitted(form, lambda data: _cancelled(asked, visit, data, now))
        if done is not None:
            return _answered(asked, visit, done)
    return shown(asked, visit, status=answer_status(form), form=form, form_title="Cancel visit")


def _cancelled(request: StaffRequest, visit: Appointment, data: dict[str, Any], now: datetime) -> list[Appointment]:
    how, shared = Status(data["how"]), {"reason": data["reason"], "by": request.user, "now": now}
    if how not in CANCELLED:
        return [booking.apply(appointment_id=visit.pk, to=how, version=data["version"], **shared)]
    if data["scope"] not in set(Scope):
        raise Invalid("Say which visits.", field="scope")
    return rescheduling.cancel(
        appointment_id=visit.pk, scope=Scope(data["scope"]), how=how, version=data["version"], **shared
    )


def _answered(request: StaffRequest, visit: Appointment, done: list[Appointment]) -> HttpResponse:
    """One can be taken back at once; many together, unless a hold was given back with them."""
    own = next(one for one in done if one.pk == visit.pk)
    if len(done) == 1:
        return answered(request, own)
    said = f": {len(done)} visits cancelled"
    if any(Status(one.status) not in WAY_BACK for one in done):
        return answered(request, own, said=said, undo=False)
    # What the others' going has marked has another version by now.
    since = dict(Appointment.objects.filter(pk__in=[one.pk for one in done]).values_list("pk", "version"))
    return answered(request, own, said=said, undo_url=way_back("appointment-bring-back", visit, since))


@act(Permission.BOOK)
def bring_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Undo the cancellation of several visits, all or none."""
    asked: StaffRequest = request  # type: ignore[assignment]
    visit, versions = found(asked, pk), versions_of(asked.GET.getlist("visit"))
    rescheduling.bring_back(versions=versions, by=asked.user, now=timezone.now())
    return taken_back(request, visit)
