"""The public form's fields and its traps. Eight questions, no script, no picture puzzle."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone

from patients.dates import readings

SALT = "request-form"
QUICKEST = 3  # seconds: nobody reads and fills eight questions faster
OLDEST = 24 * 60 * 60
ANSWERS = [("phone", "Call"), ("sms", "Text"), ("email", "Email")]
BOXES = {"month": "Month", "day": "Day", "year": "Year"}


def ticket(submission: uuid.UUID | None = None) -> str:
    """What a form carries to be told from others: a random value and when it was handed out, signed."""
    return signing.TimestampSigner(salt=SALT).sign(str(submission or uuid.uuid4()))


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


class PublicRequestForm(forms.Form):
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
    ticket = forms.CharField(widget=forms.HiddenInput)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError("Please leave this box empty and send the form again.")
        return ""

    def clean_ticket(self) -> uuid.UUID:
        """The submission behind the ticket. Too quick or too old is asked to be sent once more, never dropped."""
        typed = self.cleaned_data["ticket"]
        submission = submission_of(typed, max_age=OLDEST)
        if submission is None:
            raise ValidationError("This page was open for a long time. Please send the form once more.")
        if _age(typed) < QUICKEST:
            raise ValidationError("That was very quick. Please check your answers and send the form once more.")
        return submission

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        wanted = values.get("preferred_contact")
        if wanted in {"phone", "sms"} and not values.get("mobile"):
            self.add_error("mobile", "Write your phone number, so that we can answer you.")
        if wanted == "email" and not values.get("email"):
            self.add_error("email", "Write your email address, so that we can answer you.")
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


def _age(typed: str) -> float:
    stamp = signing.b62_decode(typed.rsplit(":", 2)[1])
    return timezone.now().timestamp() - stamp
