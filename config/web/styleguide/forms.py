"""Forms that show every kind of field. They belong to no record."""

from django import forms


class SampleForm(forms.Form):
    """What the front desk types while somebody is on the telephone."""

    family_name = forms.CharField(label="Family name")
    given_name = forms.CharField(label="Given name")
    birth_date = forms.CharField(label="Birth date", help_text="For example 14 Mar 1978.")
    channel = forms.ChoiceField(
        label="How they came to us", choices=[("phone", "Telephone"), ("text", "Text"), ("email", "E-mail")]
    )
    reach = forms.ChoiceField(
        label="Best way to reach them",
        choices=[("call", "Call"), ("sms", "Text message"), ("email", "E-mail")],
        widget=forms.RadioSelect,
    )
    interpreter = forms.BooleanField(label="Needs an interpreter", required=False)
    words = forms.CharField(label="In their words", required=False, widget=forms.Textarea(attrs={"rows": 3}))


class SampleEntryForm(forms.Form):
    """Values that only a clinician types: framed, empty, without a hint."""

    first = forms.CharField(label="Value as written", required=False)
    first_unit = forms.CharField(label="Unit", required=False)
    days = forms.CharField(label="Whole number as written", required=False)
    rules = forms.CharField(label="Rules in own words", required=False)

    def clean_first(self) -> str:
        text = str(self.cleaned_data["first"])
        if text.startswith("."):
            raise forms.ValidationError("Write a digit before the point, so that it cannot be misread.")
        return text
