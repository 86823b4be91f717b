"""The form of a candidacy decision. Nothing is chosen or written in it before the prescriber does."""

from django import forms

from infusions.states import Outcome


def day_input() -> forms.DateInput:
    """The browser's own date box, empty, with nothing offered."""
    return forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d")


def own_words(rows: int) -> forms.Textarea:
    """A box for a clinician's own words."""
    return forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})


class DecisionForm(forms.Form):
    """Outcome, reason, and the signature."""

    outcome = forms.ChoiceField(
        label="Decision",
        choices=[(value.value, value.value.replace("-", " ").capitalize()) for value in Outcome],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the outcomes."},
    )
    reason = forms.CharField(
        label="Reason, in your own words",
        strip=False,
        widget=own_words(4),
        error_messages={"required": "Write your reason. A decision without one is not recorded."},
    )
    conditions = forms.CharField(label="Conditions", required=False, strip=False, widget=own_words(2))
    ask_for = forms.CharField(
        label="What the desk should find out",
        help_text="The front desk reads this on its work list: no clinical detail.",
        required=False,
        max_length=200,
        widget=own_words(2),
    )
    information_due = forms.DateField(label="By when", required=False, widget=day_input())
    valid_until = forms.DateField(label="Valid until, that day included", required=False, widget=day_input())
    password = forms.CharField(
        label="Your password, to sign",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
        error_messages={"required": "Your password is your signature. Type it to sign."},
    )
