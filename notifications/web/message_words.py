"""The manager's page of one message: its words, how they look, and the editions before."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from config.http.pages import StaffRequest, act, answer_status, page, submitted, whole_number
from config.refusals import NotFound
from config.staff.permissions import Permission
from notifications import message_templates
from notifications.message_templates import What
from notifications.models import LINKED, NEWS, MessageTemplate, Purpose
from notifications.segments import forces_ucs2, segments
from notifications.shipped import shipped
from notifications.template_rules import LONGEST, PLACEHOLDERS
from notifications.web.purposes import spoken
from notifications.wording import LANGUAGES
from patients.models import Channel
from scheduling.web.settings import renew, tabs

P = Permission
CHANNELS = {"sms": "text", "email": "email"}
TONGUES = {"en": "English", "es": "Spanish"}


class WordsForm(forms.Form):
    """What goes out, with placeholders. `after` is the edition that was read."""

    use_required_attribute = False
    after = forms.IntegerField(widget=forms.HiddenInput)
    subject = forms.CharField(max_length=LONGEST["subject"], label="Subject")
    text = forms.CharField(max_length=LONGEST["text"], label="Words", widget=forms.Textarea(attrs={"rows": 6}))
    may_be_long = forms.BooleanField(required=False, label="It may go out in several parts")

    def __init__(self, *args: Any, channel: str, **more: Any) -> None:
        super().__init__(*args, **more)
        del self.fields["subject" if channel == Channel.SMS else "may_be_long"]


@page(P.MANAGE_CLINIC)
def words(request: StaffRequest, purpose: str, channel: str, language: str) -> HttpResponse:
    """Which words does this message have?"""
    what = _what(purpose, channel, language)
    known = list(message_templates.editions(clinic=request.user.clinic, what=what)[:50])
    form = WordsForm(request.POST or None, channel=channel, initial=_initial(known, what))
    if request.method == "POST":
        done = submitted(
            form,
            lambda values: message_templates.write(
                clinic=request.user.clinic, what=what, by=request.user, now=timezone.now(), **values
            ),
        )
        if done is not None:
            notices.success(request, f"In use from now on: edition {done.edition}.")
            return redirect("message-words", purpose, channel, language)
        if answer_status(form) == 409 and known:
            renew(form, "after", known[0].edition)
    return render(request, "notifications/words.html", _context(request, form, known, what), status=answer_status(form))


@act(P.MANAGE_CLINIC)
def preview(request: StaffRequest, purpose: str, channel: str, language: str) -> HttpResponse:
    """How what is typed looks to a patient, and in how many parts it goes out. Nothing is kept."""
    what = _what(purpose, channel, language)
    typed = {name: request.POST.get(name, "")[: LONGEST[name]] for name in ("subject", "text")}
    return render(request, "notifications/words_shown.html", {"shown": _shown(request, what, **typed)})


@act(P.MANAGE_CLINIC)
def use_again(request: StaffRequest, purpose: str, channel: str, language: str, pk: UUID) -> HttpResponse:
    """Take an old edition up again."""
    _what(purpose, channel, language)
    clinic, after = request.user.clinic, _after(request)
    done = message_templates.use_again(template_id=pk, clinic=clinic, after=after, by=request.user, now=timezone.now())
    notices.success(request, f"In use from now on: edition {done.edition}.")
    return redirect("message-words", purpose, channel, language)


@act(P.MANAGE_CLINIC)
def use_shipped(request: StaffRequest, purpose: str, channel: str, language: str) -> HttpResponse:
    """Go back to the words that come with the software."""
    what, clinic, after = _what(purpose, channel, language), request.user.clinic, _after(request)
    message_templates.use_shipped(clinic=clinic, what=what, after=after, by=request.user, now=timezone.now())
    notices.success(request, "The words that come with the software are in use again.")
    return redirect("message-words", purpose, channel, language)


def _what(purpose: str, channel: str, language: str) -> What:
    if purpose not in set(Purpose) or channel not in CHANNELS or language not in LANGUAGES:
        raise NotFound("There is no such message.")
    return What(purpose, channel, language)


def _after(request: StaffRequest) -> int:
    return whole_number(request.POST.get("after", "")) or 0


def _initial(known: list[MessageTemplate], what: What) -> dict[str, Any]:
    newest = known[0] if known else None
    if newest is not None and not newest.shipped:
        subject, text, may_be_long = newest.subject, newest.text, newest.may_be_long
    else:
        (subject, text), may_be_long = shipped(**what._asdict()), False
    after = newest.edition if newest else 0
    return {"after": after, "subject": subject, "text": text, "may_be_long": may_be_long}


def _context(request: StaffRequest, form: WordsForm, known: list[MessageTemplate], what: What) -> dict[str, Any]:
    typed = {name: form[name].value() or "" for name in ("subject", "text") if name in form.fields}
    return {
        "tabs": tabs("purposes"),
        "form": form,
        "what": what,
        "title": f"{spoken(what.purpose)} by {CHANNELS[what.channel]}, {TONGUES[what.language]}",
        "is_news": what.purpose in NEWS,
        "placeholders": PLACEHOLDERS.items(),
        "editions": known,
        "is_own": bool(known) and not known[0].shipped,
        "after": known[0].edition if known else 0,
        "shown": _shown(request, what, **typed),
        "others": _others(what),
    }


def _others(what: What) -> list[dict[str, Any]]:
    """The same message in the other language and by the other channel."""
    return [
        {"label": f"By {CHANNELS[channel]}, {TONGUES[language]}", "channel": channel, "language": language}
        for channel in CHANNELS
        for language in LANGUAGES
        if (channel, language) != (what.channel, what.language)
    ]


def _shown(request: StaffRequest, what: What, *, text: str, subject: str = "") -> dict[str, Any]:
    """The message for a sample patient, just as it would be sent."""
    link = message_templates.A_LINK if what.purpose in LINKED else ""
    values = message_templates.sample(request.user.clinic, what.language, link=link)
    made = message_templates.as_sent(MessageTemplate(**what._asdict(), subject=subject, text=text, edition=0), values)
    count = segments(made.text)
    foreign = forces_ucs2(made.text)
    return {"made": made, "count": count, "foreign": foreign, "is_text": what.channel == Channel.SMS}
