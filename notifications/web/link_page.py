"""The patient's page behind a link: is this mine, and can I come? Opening it changes nothing, however often.

Nobody is signed in here. What was proven by the birth date is kept for half an hour in a signed cookie that the browser
sends to this one address alone.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from config.http.downloads import download
from config.http.pages import public
from config.refusals import Clash, Invalid, Refused
from notifications import link_answers, links
from notifications.invitation import invitation
from notifications.link_words import NOTHING_HERE, TOO_MANY, Words, words_in
from notifications.links import Standing
from notifications.models import Purpose, VisitLink, consent_for
from notifications.web.link_asked import chosen_in, offer_of, questions_of, sheets_of
from notifications.web.link_forms import BirthForm, EscortForm, LinkForm, OtherTimeForm
from notifications.wording import language_of, sender, when
from patients.models import ContactPurpose
from patients.web.limits import over_limit
from scheduling import escorts
from scheduling.models.kinds import VisitKind

View = Callable[..., HttpResponse]
TITLES = {Purpose.QUESTIONNAIRE: "how_title", Purpose.OFFER: "offer_title"}
COOKIE, SALT, SECONDS = "visit", "visit-link", 30 * 60
# Pressed after the half hour is over, these are done as soon as the birth date is given again.
KEPT = ("answers", "how")
POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}
SEALS = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


def _sealed(view: View) -> View:
    """Nothing of these pages is indexed, kept or told to others; and one address does not ask too often."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wait = over_limit(request, scope="visit-link")
        answer = _neutral(request, TOO_MANY, status=429) if wait else view(request, *args, **kwargs)
        if wait:
            answer.headers["Retry-After"] = str(wait)
        for name, value in SEALS.items():
            answer.headers[name] = value
        return answer

    sealed: View = csp(POLICY)(answered)  # type: ignore[assignment]
    return sealed


# No token against forgery: nobody is signed in, and whoever could forge the form has the link and needs no forgery.
@csrf_exempt
@public
@_sealed
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, token: str) -> HttpResponse:
    """The page; a POST says with `do` which of its buttons was pressed, and leads back here."""
    link, now = links.found(token), timezone.now()
    if link is None or links.standing(link, now) == Standing.GONE:
        return _neutral(request, NOTHING_HERE, status=404)
    act = ACTS.get(request.POST.get("do", "")) if request.method == "POST" else None
    return act(request, link, token) if act else _shown(request, link, token)


@public
@_sealed
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The visit as a file for a calendar, for whoever proved who they are."""
    link, now = links.found(token), timezone.now()
    if link is None or links.standing(link, now) == Standing.GONE:
        return _neutral(request, NOTHING_HERE, status=404)
    if links.standing(link, now) == Standing.CHANGED or not _is_proven(request, link):
        return redirect("visit-link", token)
    content = invitation([link.message.appointment], language=_tongue(link), now=now).encode()
    return download(content, media_type="text/calendar; charset=utf-8", name="visit.ics")


def _born(request: HttpRequest, link: VisitLink, token: str) -> HttpResponse:
    form = _form(BirthForm, link, request.POST)
    kept = _typed(request) if request.POST.get("then") in KEPT else []
    if not form.is_valid():
        return _shown(request, link, token, born=form, kept=kept, status=422)
    try:
        links.prove(link_id=link.pk, born=form.cleaned_data["born"], now=timezone.now())
    except Invalid as refusal:
        left = refusal.facts["left"]
        if not left:
            return _neutral(request, NOTHING_HERE, status=404)
        form.add_error(None, form.words["born_wrong"].format(left=left))
        return _shown(request, link, token, born=form, kept=kept, status=422)
    except Clash:
        return _neutral(request, NOTHING_HERE, status=404)
    if kept:
        request.proven_link = link.pk  # type: ignore[attr-defined]
        answer = ACTS[request.POST["then"]](request, link, token)
    else:
        answer = redirect(f"{reverse('visit-link', args=[token])}?again=1")
    answer.set_signed_cookie(
        COOKIE,
        str(link.pk),
        salt=SALT,
        max_age=SECONDS,
        path=reverse("visit-link", args=[token]),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return answer


def _come(request: HttpRequest, link: VisitLink, token: str) -> HttpResponse:
    return _done(request, link, token, lambda: link_answers.come(link_id=link.pk, now=timezone.now()))


def _other_time(request: HttpRequest, link: VisitLink, token: str) -> HttpResponse:
    form = _form(OtherTimeForm, link, request.POST)
    if _is_proven(request, link) and not form.is_valid():
        return _shown(request, link, token, other=form, status=422)
    return _done(
        request,
        link,
        token,
        lambda: link_answers.need_another_time(link_id=link.pk, now=timezone.now(), **form.cleaned_data),
    )


def _escort(request: HttpRequest, link: VisitLink, token: str) -> HttpResponse:
    form = _form(EscortForm, link, request.POST)
    if not _is_proven(request, link):
        return redirect("visit-link", token)
    if form.is_valid():
        try:
            link_answers.name_escort(link_id=link.pk, now=timezone.now(), **form.cleaned_data)
        except Invalid as refusal:
            for name in refusal.errors:
                form.add_error(name, form.words[f"no_{name}"])
        except Refused:
            return _shown(request, link, token, too_late=True, status=409)
        else:
            return redirect("visit-link", token)
    return _shown(request, link, token, escort=form, status=422)


def _answers(request: HttpRequest, link: VisitLink, token: str) -> HttpResponse:
    """What was typed is in the page that comes back, whatever was wrong with it."""
    if not _is_proven(request, link):
        return _shown(request, link, token, kept=[("then", "answers"), *_typed(request)])
    form = questions_of(link, words_in(_tongue(link)), _tongue(link), request.POST)
    if form is None:
        return _shown(request, link, token, too_late=True, status=409)
    if not form.is_valid():
        return _shown(request, link, token, questions=form, status=422)
    try:
        link_answers.answer_questions(link_id=link.pk, said=form.answers, language=_tongue(link), now=timezone.now())
    except Refused:
        return _shown(request, link, token, questions=form, too_late=True, status=409)
    return redirect(f"{reverse('visit-link', args=[token])}?sent=1")


def _how(request: HttpRequest, link: VisitLink, token: str) -> HttpResponse:
    """How they have been. What was chosen is in the page that comes back, whatever was wrong with it."""
    if not _is_proven(request, link):
        return _shown(request, link, token, kept=[("then", "how"), *_typed(request)])
    chosen = chosen_in(request.POST)
    try:
        link_answers.answer_questionnaire(link_id=link.pk, answers=chosen, now=timezone.now())
    except Invalid:
        return _shown(request, link, token, sheets=sheets_of(link, chosen), nothing_chosen=True, status=422)
    except Refused:
        return _shown(request, link, token, sheets=sheets_of(link, chosen), too_late=True, status=409)
    return redirect(f"{reverse('visit-link', args=[token])}?sent=1")


def _offer(request: HttpRequest, link: VisitLink, token: str) -> HttpResponse:
    """Whether they would like the time that is offered."""
    said = request.POST.get("wants", "")
    if said not in ("yes", "no"):
        return redirect("visit-link", token)
    wants = said == "yes"
    return _done(
        request, link, token, lambda: link_answers.answer_offer(link_id=link.pk, wants=wants, now=timezone.now())
    )


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was sent along with a press, to be sent again with the birth date."""
    own = {"do", "day", "month", "year"}
    return [(name, str(value)) for name, value in request.POST.items() if name not in own]


def _stop(request: HttpRequest, link: VisitLink, token: str) -> HttpResponse:
    """Also without a birth date: whoever gets what is not for them must be able to end it."""
    try:
        link_answers.stop(link_id=link.pk, now=timezone.now())
    except Refused:
        return _neutral(request, NOTHING_HERE, status=404)
    return redirect("visit-link", token)


ACTS = {
    "born": _born,
    "come": _come,
    "time": _other_time,
    "escort": _escort,
    "answers": _answers,
    "how": _how,
    "offer": _offer,
    "stop": _stop,
}


def _done(request: HttpRequest, link: VisitLink, token: str, door: Callable[[], Any]) -> HttpResponse:
    """Through a door and back to the page. What cannot be answered any more is said."""
    if _is_proven(request, link):
        try:
            door()
        except Refused:
            fresh = links.found(token) or link
            return _shown(request, fresh, token, too_late=True, status=409)
    return redirect("visit-link", token)


def _shown(request: HttpRequest, link: VisitLink, token: str, *, status: int = 200, **more: Any) -> HttpResponse:
    visit = link.message.appointment
    clinic, tongue = visit.clinic, _tongue(link)
    standing = links.standing(link, timezone.now())
    proven = standing != Standing.CHANGED and _is_proven(request, link)
    words = words_in(tongue)
    is_stopped = link_answers.is_stopped(link)
    context = {
        "words": words,
        "tongue": tongue,
        "sender": sender(clinic.sender_name, tongue),
        "phone": clinic.phone,
        "call_words": words["call"].format(phone=clinic.phone.as_national),
        "standing": standing,
        "stop_words": _stop_words(link, words, is_stopped=is_stopped),
        "is_stopped": is_stopped,
        "url": reverse("visit-link", args=[token]),
        "proven": proven,
        "is_how": link.message.purpose == Purpose.QUESTIONNAIRE,
        "is_offer": link.message.purpose == Purpose.OFFER,
        "is_sent": "sent" in request.GET,
        "asked_again": "again" in request.GET and not proven,
        "born": _form(BirthForm, link),
        **(_of_visit(link, token) if proven else {}),
        **more,
    }
    if standing != Standing.CHANGED:
        context["whose"] = words["for"].format(initials=visit.patient.initials)
    context["title"] = words[TITLES.get(Purpose(link.message.purpose), "title")]
    with translation.override(tongue), timezone.override(clinic.tz):
        return render(request, "notifications/link/visit.html", context, status=status)


def _of_visit(link: VisitLink, token: str) -> dict[str, Any]:
    """What is shown to whoever gave the birth date."""
    visit, tongue = link.message.appointment, _tongue(link)
    if link.message.purpose == Purpose.QUESTIONNAIRE:
        return {"sheets": sheets_of(link, {})}
    if link.message.purpose == Purpose.OFFER:
        return {"visit": visit, "when": when(visit.start, visit.clinic.tz, tongue), **offer_of(link, tongue)}
    return {
        "visit": visit,
        "when": when(visit.start, visit.clinic.tz, tongue),
        "calendar_url": reverse("visit-link-calendar", args=[token]),
        "other": _form(OtherTimeForm, link),
        "escort": _form(EscortForm, link),
        "asks_for_escort": visit.kind == VisitKind.INFUSION,
        "escort_said": escorts.of_visit(visit),
        "questions": questions_of(link, words_in(tongue), tongue),
        "asks_first": link.message.purpose == Purpose.QUESTIONS,
    }


def _stop_words(link: VisitLink, words: Words, *, is_stopped: bool) -> str:
    """What ends, or has ended: what the message was agreed to for, by its channel."""
    about = consent_for(link.message.purpose)
    more = "" if about == ContactPurpose.VISITS else f"_{about}"
    return words[f"{'stopped' if is_stopped else 'stop'}_{link.message.channel}{more}"]


def _form(kind: type[LinkForm], link: VisitLink, data: Any = None) -> Any:
    tongue = _tongue(link)
    with translation.override(tongue):
        return kind(data, words=words_in(tongue), tongue=tongue)


def _tongue(link: VisitLink) -> str:
    """The language in which the message was written."""
    return language_of(link.message.language)


def _is_proven(request: HttpRequest, link: VisitLink) -> bool:
    if getattr(request, "proven_link", None) == link.pk:
        return True
    return bool(request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=SECONDS) == str(link.pk))


def _neutral(request: HttpRequest, words: dict[str, tuple[str, str]], *, status: int) -> HttpResponse:
    """The same for a link that ended, one that never was, and one of somebody else's: nothing about anybody."""
    return render(request, "notifications/link/neutral.html", {"said": words}, status=status)
