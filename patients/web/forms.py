"""The forms of the staff pages. They read what was typed; what it must be like is checked at the doors."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from patients import intake
from patients.models import Channel, PainCondition, Patient, Sex, Source, choices, shown_phone
from patients.person import FIELDS, cleaned
from patients.states import RequestStatus
from patients.web.birth_date import BirthDate
from patients.web.speaking import SpeakingForm

WAYS = [("phone", "Phone"), *choices(Channel)]
LANGUAGES = [("", "Not said"), ("en", "English"), ("es", "Spanish")]
TYPED_BY_THE_DESK = [(value, word) for value, word in choices(Source) if value != Source.WEB_FORM]
Groups = tuple[tuple[str, tuple[str, ...]], ...]
NOTHING = (None, "", False, Sex.UNKNOWN.value)
YES_NO = [("yes", "Yes"), ("no", "No")]
# Unknown first: what nobody chose is what is stored.
SEXES = sorted(choices(Sex), key=lambda choice: choice[0] != Sex.UNKNOWN)


class Phone(forms.CharField):
    """A telephone number; the door reads it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return shown_phone(value)


def text(label: str, *, long: bool = False, most: int = 200, **kwargs: Any) -> forms.CharField:
    """A text that may stay empty."""
    widget = forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=4000 if long else most, widget=widget, **kwargs)


class PersonForm(SpeakingForm):
    """What a request and a patient share."""

    family_name = text("Family name", most=120)
    given_name = text("Given name", most=120)
    birth_date = BirthDate(label="Birth date", required=False, help_text="As it comes: 14 Mar 1978, 3/14/1978.")
    mobile = Phone(label="Mobile", required=False)
    email = text("Email", most=254)
    preferred_name = text("Called", most=120, help_text="If they go by another name.")
    sex = forms.ChoiceField(label="Sex", choices=SEXES, required=False)
    pronouns = text("Pronouns", most=40)
    address = text("Address")
    city = text("City", most=120)
    region = text("State or region", most=120)
    postal_code = text("Postal code", most=20)
    language = forms.CharField(label="Language", required=False, max_length=12, help_text="Code, such as en or es.")
    needs_interpreter = forms.BooleanField(label="Needs an interpreter", required=False)
    accessibility_needs = text("Accessibility needs", long=True)
    emergency_contact_name = text("Emergency contact", most=120)
    emergency_contact_phone = Phone(label="Emergency contact's phone", required=False)
    referrer_name = text("Referring clinician", most=120)
    referrer_phone = Phone(label="Referring clinician's phone", required=False)
    referrer_npi = text("Referring clinician's NPI", most=10)
    payer = text("Payer or self-pay", most=120)

    GROUPS: ClassVar[Groups] = (
        ("Address", ("address", "city", "region", "postal_code")),
        ("Language and needs", ("language", "needs_interpreter", "accessibility_needs")),
        ("Emergency contact", ("emergency_contact_name", "emergency_contact_phone")),
        ("Referral and payer", ("referrer_name", "referrer_phone", "referrer_npi", "payer")),
    )

    def clean_sex(self) -> str:
        return str(self.cleaned_data["sex"] or Sex.UNKNOWN)

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.judge(self._door, dict(self.cleaned_data))
        return self.cleaned_data

    def _door(self, values: dict[str, Any]) -> None:
        person = {name: value for name, value in values.items() if name in FIELDS}
        cleaned(person, model=Patient, today=timezone.localdate())

    def groups(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """The parts that are folded away: title, fields, whether there is something to see in them."""
        found = []
        for title, names in self.GROUPS:
            fields = [self[name] for name in names if name in self.fields]
            found.append((title, fields, any(field.errors or field.value() not in NOTHING for field in fields)))
        return found


class RequestForm(PersonForm):
    """A request as the desk takes it down: four fields are enough."""

    source = forms.ChoiceField(
        label="How they came to us", choices=TYPED_BY_THE_DESK, initial=Source.PHONE, widget=forms.RadioSelect
    )
    message = text("In their words", long=True)
    preferred_contact = forms.ChoiceField(label="Best way to answer", choices=[("", "Not said"), *WAYS], required=False)
    preferred_times = text("Best days and times")
    transport = text("How they get here")
    consents_sms = forms.BooleanField(label="Agrees to text messages about visits", required=False)
    consents_email = forms.BooleanField(label="Agrees to email about visits", required=False)
    pain_condition = forms.ChoiceField(
        label="Pain, as they tell it", choices=[("", "Not said"), *choices(PainCondition)], required=False
    )
    pain_since = text("How long in pain", most=80)
    usual_severity = forms.IntegerField(label="Usual pain, 0 to 10", required=False, min_value=0, max_value=10)
    treatments_tried = text("Treatments tried", long=True)

    GROUPS: ClassVar[Groups] = (
        ("How to answer", ("preferred_contact", "preferred_times", "transport", "consents_sms", "consents_email")),
        ("What troubles them", ("pain_condition", "pain_since", "usual_severity", "treatments_tried")),
        ("About the person", ("preferred_name", "sex", "pronouns")),
        *PersonForm.GROUPS,
    )

    def _door(self, values: dict[str, Any]) -> None:
        said = {name: value for name, value in values.items() if name not in {"source", "version"}}
        intake.check(today=timezone.localdate(), **said)


class RequestEditForm(RequestForm):
    """What else was said; how it came in stays."""

    source = None  # type: ignore[assignment]
    version = forms.IntegerField(widget=forms.HiddenInput)


class PatientForm(PersonForm):
    """A new patient."""

    record_number = text(
        "Record number", most=20, help_text="Only if they have one already; otherwise they get the next."
    )
    alert = text("Alert", help_text="Shown on every page about this patient.")
    # Which possible duplicates were shown: registering anyway is a word about these, not about others.
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ("family_name", "given_name", "birth_date", "sex", "mobile", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("family_name", "given_name", "birth_date"):
            self.fields[name].required = True


class PatientEditForm(PersonForm):
    """A patient's particulars as they stand."""

    alert = text("Alert", help_text="Shown on every page about this patient.")
    version = forms.IntegerField(widget=forms.HiddenInput)


class AttemptForm(SpeakingForm):
    """One try to reach the person."""

    channel = forms.ChoiceField(label="By", choices=WAYS)
    reached = forms.ChoiceField(label="Reached", choices=YES_NO, widget=forms.RadioSelect)
    note = text("Note", most=300)

    def clean_reached(self) -> bool:
        return bool(self.cleaned_data["reached"] == "yes")


class MoveForm(SpeakingForm):
    """Where the request goes, and why if it ends there."""

    to = forms.ChoiceField(choices=choices(RequestStatus))
    reason = forms.CharField(required=False, max_length=200)


class ConsentForm(SpeakingForm):
    """What the patient said about one channel."""

    channel = forms.ChoiceField(
        label="About", choices=[("sms", "Text messages"), ("email", "Email")], widget=forms.RadioSelect
    )
    purpose = forms.ChoiceField(
        label="For",
        choices=[
            ("visits", "Messages about visits"),
            ("offers", "Offers of an earlier place"),
            ("surveys", "Questions about how they are"),
        ],
        widget=forms.RadioSelect,
    )
    granted = forms.ChoiceField(
        label="They say", choices=[("yes", "Yes, you may"), ("no", "No, do not")], widget=forms.RadioSelect
    )
    how = forms.ChoiceField(
        label="How they told us",
        choices=[
            ("spoken", "Spoken"),
            ("on paper", "On paper"),
            ("by message", "By message"),
            ("by email", "By email"),
        ],
        widget=forms.RadioSelect,
    )

    def clean_granted(self) -> bool:
        return bool(self.cleaned_data["granted"] == "yes")


class NumberForm(SpeakingForm):
    """What the desk knows about a telephone number. Nothing is chosen beforehand."""

    says = forms.ChoiceField(
        label="This number",
        choices=[
            ("opt-out", "has opted out of all texts"),
            ("-opt-out", "may be texted again"),
            ("wrong-person", "belongs to somebody else"),
            ("-wrong-person", "is the right one after all"),
            ("no-texts", "cannot get texts"),
            ("-no-texts", "can get texts after all"),
        ],
        widget=forms.RadioSelect,
    )
    known = forms.ChoiceField(
        label="How we know",
        choices=[("spoken", "They said so"), ("on paper", "On paper"), ("by email", "By email"), ("tried", "Tried it")],
        widget=forms.RadioSelect,
    )

    def statement(self) -> dict[str, Any]:
        """What `say_of_number` takes."""
        said = self.cleaned_data["says"]
        return {"kind": said.removeprefix("-"), "holds": not said.startswith("-"), "how": self.cleaned_data["known"]}


class AllergyForm(SpeakingForm):
    """One more allergy."""

    substance = forms.CharField(
        label="Allergic to", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    reaction = text("What happens", help_text="For example a rash, in the patient's words.")


class DeathForm(SpeakingForm):
    """The day, if it is known."""

    on = BirthDate(label="Died on", required=False, help_text="Leave it empty if the day is not known.")


class FinishForm(SpeakingForm):
    """What came of a task."""

    note = text("What came of it", most=300)


class MergeForm(SpeakingForm):
    """Which of two records goes on, and how one knows. None is chosen at the start."""

    stays = forms.ChoiceField(label="The record that stays", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="How do you know that this is one person?",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def name_both(self, one: Patient, other: Patient) -> None:
        """Offer these two."""
        choice: Any = self.fields["stays"]
        choice.choices = [(str(row.pk), f"{row.record_number}, {row.listed_name}") for row in (one, other)]


class TakeBackForm(SpeakingForm):
    """Why a record of a death is wrong."""

    reason = forms.CharField(
        label="Why is the record of the death wrong?",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
