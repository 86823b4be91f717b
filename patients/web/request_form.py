"""The public form's fields and its traps. Eight questions, no script, no picture puzzle."""

import time
import uuid
from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone

from patients import intake
from patients.dates import readings
from patients.web.speaking import SpeakingForm

SALT = "request-form"
QUICKEST = 3  # seconds: nobody reads and fills eight questions faster
OLDEST = 24 * 60 * 60
ANSWERS = [("phone", "Call"), ("sms", "Text"), ("email", "Email")]
BOXES = {"month": "Month", "day": "Day", "year": "Year"}


class _ReadBefore(signing.TimestampSigner):
    """Of a form that somebody has read already: it may be sent at once."""

    def timestamp(self) -> str:
        return signing.b62_encode(int(time.time()) - QUICKEST)


def ticket(submission: uuid.UUID | None = None) -> str:
    """What a form carries to be told from others: a random value and when it was handed out, signed.

    With a `submission` the form was handed out before and comes back.
    """
    signer = _ReadBefore if submission else signing.TimestampSigner
    return signer(salt=SALT).sign(str(submission or uuid.uuid4()))


def submission_of(typed: str, *, max_age: int | None = None) -> uuid.UUID | None:
    """The random value of a ticket that we signed; None for any other text, or one that is too old."""
    try:
        return uuid.UUID(signing.TimestampSigner(salt=SALT).unsign(typed, max_age=max_age))
    except (signing.BadSignature, ValueError):
        return None


class DateBoxes(forms.MultiWidget):
    """Month, day and year in three boxes. A whole date typed into the first is read too."""

    template_name = "patients/date_boxes.html"
    use_fieldset = True

    def __init__(self) -> None:
        boxes: dict[str, Any] = {
            name: forms.TextInput(attrs={"inputmode": "text", "autocomplete": f"bday-{name}"}) for name in BOXES
        }
        super().__init__(boxes)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for box, word in zip(context["widget"]["subwidgets"], BOXES.values(), strict=True):
            box["word"] = word
        return context

    def decompress(self, value: Any) -> list[Any]:
        return [value.month, value.day, value.year] if isinstance(value, date) else ["", "", ""]


class ThreeBoxDate(forms.MultiValueField):
    """A birth date from three boxes; the month may be a word."""

    widget = DateBoxes

    def __init__(self, **kwargs: Any) -> None:
        boxes = [forms.CharField(required=False, max_length=40) for _ in range(3)]
        super().__init__(boxes, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> date | None:
        typed = " ".join(part.strip() for part in data_list if part and part.strip())
        if not typed:
            return None
        found = readings(typed, today=timezone.localdate(), day_first=False)
        if len(found) != 1:
            raise ValidationError("Write your birth date like 3, 14, 1978, with all four digits of the year.")
        return found[0]


class PublicRequestForm(SpeakingForm):
    """What somebody tells the clinic about themselves. The consent boxes are empty at the start."""

    given_name = forms.CharField(
        label="First name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    family_name = forms.CharField(
        label="Last name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    birth_date = ThreeBoxDate(
        label="Date of birth", required=False, help_text="Month, day, year. For example 3 14 1978."
    )
    mobile = forms.CharField(
        label="Phone number",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    # Not type="email": browsers refuse letters outside ASCII there, which real addresses have.
    email = forms.CharField(
        label="Email",
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "email", "autocapitalize": "off"}),
    )
    preferred_contact = forms.ChoiceField(
        label="How should we answer you?",
        choices=[(way, f"{word} me") for way, word in ANSWERS],
        widget=forms.RadioSelect,
    )
    consents_sms = forms.BooleanField(label="The clinic may send me text messages about my visits", required=False)
    consents_email = forms.BooleanField(label="The clinic may send me email about my visits", required=False)
    preferred_times = forms.CharField(
        label="When is a good time to reach you?",
        max_length=200,
        required=False,
        help_text="For example weekday mornings.",
    )
    message = forms.CharField(
        label="What can we help you with?",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="In a few words. Please leave out private medical details; we will ask when we call.",
    )
    website = forms.CharField(
        label="Leave this box empty",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    ticket = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError("Please leave this box empty and send the form again.")
        return ""

    def clean_ticket(self) -> uuid.UUID | None:
        """The submission behind the ticket. What is wrong with it is said above the form: nobody sees this field."""
        return submission_of(self.cleaned_data["ticket"], max_age=OLDEST)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if problem := _ticket_problem(self.data.get("ticket", "")):
            self.add_error(None, problem)
        wanted = values.get("preferred_contact")
        if wanted in {"phone", "sms"} and not values.get("mobile"):
            self.add_error("mobile", "Write your phone number, so that we can answer you.")
        if wanted == "email" and not values.get("email"):
            self.add_error("email", "Write your email address, so that we can answer you.")
        said = {name: value for name, value in values.items() if name not in {"website", "ticket"}}
        self.judge(lambda fields: intake.check(today=timezone.localdate(), **fields), said)
        return values

    def carried(self) -> list[tuple[str, str]]:
        """Each input's name and what was typed into it, for a page that hands the form on."""
        inputs = [f"birth_date_{box}" for box in BOXES] + [name for name in self.fields if name != "birth_date"]
        return [(name, self.data[name]) for name in inputs if self.data.get(name)]

    def typed(self) -> dict[str, Any]:
        """What a fresh form starts with when somebody goes back to change something."""
        start = {name: self.data.get(name, "") for name in self.fields}
        return start | {"birth_date": [self.data.get(f"birth_date_{box}", "") for box in BOXES]}

    def facts(self) -> list[tuple[str, str]]:
        """A valid form in words, without what was left empty."""
        said = self.cleaned_data
        born = said["birth_date"]
        agreed = [word for name, word in (("consents_sms", "text"), ("consents_email", "email")) if said[name]]
        words = [
            ("Name", f"{said['given_name']} {said['family_name']}"),
            ("Date of birth", f"{born:%B} {born.day}, {born.year}" if born else ""),
            ("Phone number", said["mobile"]),
            ("Email", said["email"]),
            ("We answer you by", dict(ANSWERS)[said["preferred_contact"]]),
            ("A good time", said["preferred_times"]),
            ("In your words", said["message"]),
            ("Messages about your visits", f"Yes, by {' and '.join(agreed)}" if agreed else "No"),
        ]
        return [(label, value) for label, value in words if value]


def _ticket_problem(typed: str) -> str:
    """Too quick or too old is asked to be sent once more, never dropped."""
    if submission_of(typed, max_age=OLDEST) is None:
        return "This page was open for a long time. Please send the form once more."
    if _age(typed) < QUICKEST:
        return "That was very quick. Please check your answers and send the form once more."
    return ""


def _age(typed: str) -> float:
    stamp = signing.b62_decode(typed.rsplit(":", 2)[1])
    return timezone.now().timestamp() - stamp
