"""What the desk types about a message."""

from django import forms


class WithdrawForm(forms.Form):
    """Why it shall not go out."""

    reason = forms.CharField(max_length=150, label="Why it shall not go out")


class DayForm(forms.Form):
    """One day of the clinic's calendar."""

    day = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}), label="Day")
