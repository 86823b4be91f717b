"""The manager's page about sending: how the clinic is registered, and whether this database may send."""

from typing import Any

from django import forms
from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from config.audit.strands import Strand
from config.http.history import drawer
from config.http.pages import StaffRequest, act, answer_status, page, submitted
from config.staff.permissions import Permission
from notifications import dry_run, registration, sending
from notifications.models import Registration
from notifications.replies import Reply
from notifications.wording import LANGUAGES, answer_to
from scheduling.web.settings import renew, tabs

P = Permission


def _text(label: str, longest: int) -> forms.CharField:
    return forms.CharField(required=False, label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": 3}))


class RegistrationForm(forms.Form):
    """As it was registered with the networks. Nothing is chosen beforehand."""

    use_required_attribute = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="Registered as",
        choices=Registration._meta.get_field("kind").choices or (),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the clinic is registered."},
    )
    registered_on = forms.DateField(
        label="Registered on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reference = forms.CharField(
        required=False,
        max_length=80,
        label="Number of the registration",
        help_text="The campaign or verification number. Emails alone need none, and none of the texts below.",
    )
    opt_in_text = _text("How patients agree, as registered", 1000)
    stop_text = _text("Answer to STOP, as registered", 480)
    help_text = _text("Answer to HELP, as registered", 480)


@page(P.MANAGE_CLINIC)
def registered(request: StaffRequest) -> HttpResponse:
    """May this clinic's messages leave, and how is it registered?"""
    clinic = request.user.clinic
    stands = registration.standing(clinic)
    known = {name: getattr(stands, name) for name in RegistrationForm.base_fields} if stands else {}
    form = RegistrationForm(request.POST or None, initial=known)
    if request.method == "POST":
        done = submitted(
            form,
            lambda values: registration.record(clinic=clinic, by=request.user, now=timezone.now(), **values),
        )
        if done is not None:
            notices.success(request, "The registration is recorded.")
            return redirect("sending")
        newer = Registration.objects.filter(clinic=clinic).first()
        if newer is not None and answer_status(form) == 409:
            renew(form, "version", newer.version)
    return render(request, "notifications/sending.html", _context(request, form), status=answer_status(form))


def _context(request: StaffRequest, form: RegistrationForm) -> dict[str, Any]:
    clinic = request.user.clinic
    stands = registration.standing(clinic)
    return {
        "tabs": tabs("sending"),
        "form": form,
        "stands": stands,
        "is_armed": stands is not None and registration.is_armed(stands),
        "was_armed_elsewhere": stands is not None and bool(stands.armed_for) and not registration.is_armed(stands),
        "words": dry_run.words(clinic),
        "kept_here": dry_run.kept_here(),
        "switch": sending.state(clinic),
        "answers": _answers(request),
        "differs": stands is not None and _differs(stands, dict(_answers(request))),
    }


def _differs(stands: Registration, answers: dict[str, list[str]]) -> bool:
    """Whether patients get something else than what the networks were told."""
    texts = stands.stop_text, stands.help_text
    return any(text and text not in sent for text, sent in zip(texts, answers.values(), strict=True))


def _answers(request: StaffRequest) -> list[tuple[str, list[str]]]:
    """What is sent back to STOP and HELP, to be registered as it stands."""
    clinic = request.user.clinic
    names = {"sender_name": clinic.sender_name, "phone": clinic.phone.as_national}
    return [
        (word.value.upper(), [answer_to(word, language=language, **names) for language in LANGUAGES])
        for word in (Reply.STOP, Reply.HELP)
    ]


@act(P.MANAGE_CLINIC)
def arm(request: StaffRequest) -> HttpResponse:
    """Let messages leave from this database."""
    registration.arm(clinic=request.user.clinic, by=request.user, now=timezone.now())
    notices.success(request, "Messages leave from now on. What was due before is not sent.")
    return redirect("sending")


@act(P.MANAGE_CLINIC)
def disarm(request: StaffRequest) -> HttpResponse:
    """A dry run again."""
    registration.disarm(clinic=request.user.clinic, by=request.user)
    notices.success(request, "Nothing leaves any more.")
    return redirect("sending")


@page(P.MANAGE_CLINIC)
def history(request: StaffRequest) -> HttpResponse:
    """Who recorded and armed what."""
    stands = registration.standing(request.user.clinic)
    acts = [Strand(Registration, "id", stands.pk)] if stands else []
    return drawer(request, acts, title="History", sub="Sending", back=reverse("sending"))
