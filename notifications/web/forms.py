"""What the desk types about a message."""

from typing import Any

from django import forms


class WithdrawForm(forms.Form):
    """Why it shall not go out."""

    reason = forms.CharField(max_length=150, label="Why it shall not go out")


class EndLinkForm(forms.Form):
    """Why the link in a message shall open nothing any more."""

    reason = forms.CharField(max_length=200, label="Why the link shall end")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="end_%s")


class ReadForm(forms.Form):
    """What came of an answer. Nothing is chosen beforehand."""

    note = forms.CharField(required=False, max_length=200, label="What came of it")
    opt_out = forms.BooleanField(required=False, label="They want no more texts")


class SwitchForm(forms.Form):
    """Why nothing shall go out."""

    reason = forms.CharField(max_length=200, label="Why nothing shall go out")


class DayForm(forms.Form):
    """One day of the clinic's calendar."""

    day = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}), label="Day")
