"""The forms of the controlled-substance log. Each input starts empty: no hint, nothing chosen beforehand."""

import uuid
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.forms import BoundField

from config.refusals import Invalid
from config.staff.models import User
from config.staff.permissions import CLINICAL_ROLES
from infusions import substances
from infusions.models import StorageLocation, Substance, SubstanceLogEntry, Visit
from infusions.models.substances import OF_STOCK, SAYS, CountMoment, LogKind
from infusions.web.visit_fields import QUIET, ClinicianField, ClockField, prose, text
from scheduling.wall_clock import instant

K = LogKind
# What the form of a kind is called, and its button.
TITLES = {
    K.RECEIVED: ("Received", "Record what was received"),
    K.DRAWN: ("Drawn", "Record what was drawn"),
    K.GIVEN: ("Given", "Record what was given"),
    K.WASTED: ("Wasted", "Record the waste"),
    K.RETURNED: ("Returned or destroyed", "Record the return"),
    K.LOST: ("Lost or stolen", "Record the loss"),
    K.COUNTED: ("Counted", "Record the count"),
}
MOMENTS = [(CountMoment.OPENING, "Opening of business"), (CountMoment.CLOSING, "Close of business")]
FRAMED = {"quantity": "quantity_unit"}


def day_field(label: str) -> forms.DateField:
    """A day that is typed or picked; empty at first."""
    widget = forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class PickField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the clinic's records; the first line is empty, and stays chosen until somebody chooses."""

    def __init__(self, label: str, of: type[Any]) -> None:
        widget = forms.Select(attrs={"autocomplete": "off"})
        super().__init__(of._default_manager.none(), label=label, required=False, empty_label="", widget=widget)


class VisitField(PickField):
    """A visit by its day, its time and its patient."""

    def label_from_instance(self, obj: Any) -> str:
        when = obj.appointment.start.astimezone(obj.clinic.tz)
        return f"{when:%-d %b, %H:%M}: {obj.patient.listed_name}"


class LogForm(forms.Form):
    """A row of one kind: only what such a row says. `visit`, when given, is the one that the row is of."""

    use_required_attribute = False
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    substance = PickField("Substance", Substance)
    quantity = text("Quantity", 60)
    quantity_unit = text("Unit", 40)
    lot = text("Lot", 60)
    expiry = text("Expiry", 40)
    visit = VisitField("Visit", Visit)
    supplier = text("Supplier", 160)
    supplier_address = text("Supplier's address", 200)
    supplier_registration = text("Supplier's registration number", 40)
    invoice = text("Invoice", 60)
    recipient = text("To whom", 200)
    reason = text("Reason", 300)
    form_number = text("Form and its number", 60)
    count_moment = forms.ChoiceField(
        label="Counted at", choices=MOMENTS, required=False, widget=forms.RadioSelect(attrs={"autocomplete": "off"})
    )
    remark = text("Remark", 300)
    witness = ClinicianField("Witness")
    witness_password = forms.CharField(
        label="The witness's own password",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "data-lpignore": "true"}),
    )
    day = day_field("Day, if not today")
    at = ClockField("Time, if not now")
    correction_reason = forms.CharField(label="Why it is corrected", max_length=200, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        location: StorageLocation,
        kind: LogKind,
        by: User,
        now: datetime,
        visit: Visit | None = None,
        corrects: SubstanceLogEntry | None = None,
    ) -> None:
        super().__init__(data, initial={"client_id": uuid.uuid4()})
        self.location, self.kind, self.now, self.of_visit, self.corrects = location, kind, now, visit, corrects
        self.title, self.press = TITLES[kind]
        self._leave_out()
        self._offer(by)

    def clean(self) -> dict[str, Any]:
        """Values for `substances.write`; nothing of what was left blank."""
        values = super().clean() or {}
        day, at = values.pop("day", None), values.pop("at", None)
        values["observed_at"] = None if self.errors else self._moment(day, at)
        if self.of_visit is not None:
            values["visit"] = self.of_visit
        return {name: value for name, value in values.items() if value not in ("", None)}

    def stock(self) -> list[BoundField]:
        """What every row says, but the quantity, which stands in a frame."""
        return [self[name] for name in OF_STOCK if name not in {*FRAMED, *FRAMED.values(), "substance"}]

    def besides(self) -> list[BoundField]:
        """What a row of this kind says besides, but who witnessed it."""
        own = (name for name in SAYS[self.kind] if name in self.fields and name != "witness")
        return [self[name] for name in own]

    @property
    def has_witness(self) -> bool:
        return "witness" in self.fields

    def _leave_out(self) -> None:
        own = {*OF_STOCK, *SAYS[self.kind], "client_id", "day", "at"}
        own |= {"witness_password"} if "witness" in own else set()
        own |= {"correction_reason"} if self.corrects is not None else set()
        own -= {"visit"} if self.of_visit is not None else set()
        for name in set(self.fields) - own:
            del self.fields[name]
        if self.corrects is not None:
            self.fields["day"].label, self.fields["at"].label = "Day, if another", "Time, if another"
        if self.kind == K.COUNTED:
            self.fields["witness"].label = "Who counted too"
            self.fields["witness_password"].label = "Their own password"

    def _offer(self, by: User) -> None:
        listed = substances.listed(clinic=self.location.clinic)
        if self.corrects is not None and self.corrects.substance not in listed:
            listed += [self.corrects.substance] if self.corrects.substance else []
        named = Substance.objects.filter(pk__in=[one.pk for one in listed])
        _choose(self.fields["substance"], named.order_by("name", "form", "entered_at"))
        if "visit" in self.fields:
            _choose(self.fields["visit"], _late_visits(self.location, self.corrects))
        if "witness" in self.fields:
            here = User.objects.filter(clinic=self.location.clinic_id, role__in=CLINICAL_ROLES, is_active=True)
            _choose(self.fields["witness"], here.exclude(pk=by.pk).order_by("full_name"))

    def _moment(self, day: date | None, at: time | None) -> datetime | None:
        """When it happened: now, at a time of today, or on another day at a time that is typed as well. A row that is
        corrected has its moment, and its day, already.
        """
        if at is None and day is not None:
            self.add_error("at", "Write the time as well.")
        if at is None:
            return None
        try:
            zone = self.location.clinic.tz
            known = self.now if self.corrects is None else self.corrects.observed_at
            return instant(day=day or known.astimezone(zone).date(), at=at, zone=zone)
        except Invalid as refusal:
            self.add_error("day" if refusal.field == "day" else "at", refusal.message)
            return None


def _choose(field: Any, found: Any) -> None:
    field.queryset = found


def _late_visits(location: StorageLocation, corrects: SubstanceLogEntry | None) -> Any:
    """The last visits that were opened, to choose from; an older one is reached from its own page."""
    found = Visit.objects.filter(clinic=location.clinic_id).order_by("-opened_at", "-id")
    late = list(found.values_list("pk", flat=True)[:40])
    late += [corrects.visit_id] if corrects is not None and corrects.visit_id is not None else []
    return Visit.objects.filter(pk__in=late).select_related("appointment", "clinic", "patient").order_by("-opened_at")


class LocationForm(forms.Form):
    """A registered location."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label="Name", max_length=80, widget=forms.TextInput(attrs=QUIET))
    address = forms.CharField(label="Address", max_length=200, widget=forms.TextInput(attrs=QUIET))
    registration_number = forms.CharField(
        label="Registration number", max_length=40, widget=forms.TextInput(attrs=QUIET)
    )
    in_use = forms.BooleanField(label="In use", required=False)


class SubstanceForm(forms.Form):
    """What is kept, as labelled."""

    use_required_attribute = False
    name = text("Name", 120)
    form = text("Form", 60)
    strength = text("Strength", 60)
    strength_unit = text("Unit", 40)
    package = text("Package", 120)
    correction_reason = prose("Why it is described anew, or kept no more", 2, max_length=200)


class FilterForm(forms.Form):
    """Which rows are shown."""

    kind = forms.ChoiceField(label="What happened", required=False)
    substance = PickField("Substance", Substance)
    lot = forms.CharField(label="Lot", max_length=60, required=False, widget=forms.TextInput(attrs=QUIET))
    first = day_field("From")
    last = day_field("Until")

    def __init__(self, data: Any, *, location: StorageLocation) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [("", ""), *((kind.value, TITLES[kind][0]) for kind in LogKind)]  # type: ignore[attr-defined]
        _choose(self.fields["substance"], _ever_kept(location))

    def wanted(self) -> dict[str, Any]:
        """What `substances.log` is asked for; what makes no sense is left out and said at its field."""
        found = {name: value for name, value in self.cleaned_data.items() if value} if self.is_bound else {}
        if "substance" in found:
            found["substance"] = found["substance"].pk
        return found


def _ever_kept(location: StorageLocation) -> Any:
    """Everything that the clinic has ever described: old rows are looked for too."""
    return Substance.objects.filter(clinic=location.clinic_id, retired=False).order_by("name", "entered_at")


class PeriodForm(forms.Form):
    """The days that are taken out."""

    use_required_attribute = False
    first = day_field("First day")
    last = day_field("Last day, included")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in ("first", "last"):
            if not values.get(name) and name not in self.errors:
                self.add_error(name, "Say which day.")
        return values
