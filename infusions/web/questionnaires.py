"""What does this clinic ask its patients, and who reads a positive item 9? Settings pages, for managers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from config.audit.strands import Strand
from config.http.history import drawer
from config.http.pages import StaffRequest, act, answer_status, land, page, submitted
from config.refusals import Refused, Stale
from config.staff.models import Clinic
from config.staff.permissions import Permission
from infusions import by_link, follow_up, questionnaires
from infusions.measures import NAMES, SHIPPED
from infusions.models import FollowUpPath, Questionnaire, QuestionnaireResponse, QuestionnaireSchedule
from infusions.models.questionnaires import Kind
from infusions.web.finding import sent
from infusions.web.questionnaire_forms import DUE, PLAIN_WORDS, ROLES, AfterForm, PathForm, QuestionnaireForm, as_text
from scheduling.web.settings import TABS, renew

P = Permission
TAB = "settings-questionnaires"


@page(P.MANAGE_CLINIC)
def listed(request: StaffRequest) -> HttpResponse:
    """What comes with the desk, what the clinic typed, and the path of a positive item 9."""
    clinic = request.user.clinic
    editions = questionnaires.editions(clinic=clinic)
    answered = _answered(clinic)
    newest = [every[0] for every in editions.values()]
    by_kind = {one.kind: one for one in newest if one.kind != Kind.OWN}
    context = {
        "shipped": [{"kind": kind.value, "name": NAMES[kind], "one": by_kind.get(kind)} for kind in SHIPPED],
        "own": [
            {"one": one, "answered": sum(answered.get(each.pk, 0) for each in editions[one.canonical])}
            for one in newest
            if one.kind == Kind.OWN
        ],
        "path": _path_words(follow_up.path_of(clinic)),
    }
    return _shown(request, "questionnaires", context)


@act(P.MANAGE_CLINIC)
def switch_on(request: StaffRequest, measure: str) -> HttpResponse:
    """Ask a measure that comes with the desk. PHQ-9 leads to its path first."""
    try:
        found = questionnaires.switch_on(kind=Kind(measure), by=request.user, now=timezone.now())
    except Refused as refusal:
        if refusal.code != "path-first":
            raise
        messages.warning(request, refusal.message)
        return redirect("settings-path")
    messages.success(request, f"{found.title} is in use.")
    return redirect(TAB)


@act(P.MANAGE_CLINIC)
def switch(request: StaffRequest, pk: UUID, on: str) -> HttpResponse:
    """Ask it from now on, or no more."""
    try:
        found = questionnaires.put_in_use(questionnaire_id=pk, active=on == "on", by=request.user)
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        messages.error(request, refusal.message)
        return redirect(TAB)
    said = "is in use." if found.active else "is not in use any more. Its answers stay."
    messages.success(request, f"{found.title} {said}")
    return redirect(TAB)


@page(P.MANAGE_CLINIC)
def new(request: StaffRequest) -> HttpResponse:
    """One more questionnaire of the clinic's own."""
    form = QuestionnaireForm(sent(request))
    if request.method == "POST":
        made = submitted(
            form,
            lambda values: questionnaires.publish(measure=values["measure"], by=request.user, now=timezone.now()),
        )
        if made is not None:
            messages.success(request, f"{made.title} is in use.")
            return redirect("settings-questionnaire", made.pk)
    return _shown(request, "questionnaire_new", {"form": form}, status=answer_status(form))


@page(P.MANAGE_CLINIC)
def one(request: StaffRequest, pk: UUID) -> HttpResponse:
    """How it reads, its editions, how many were answered in each: they keep their words; and when it is sent.

    POST says how many days after an infusion it is sent.
    """
    found = questionnaires.whole(questionnaire_id=pk, clinic=request.user.clinic)
    after = by_link.days_of(clinic=request.user.clinic).get(found.canonical)
    form = AfterForm(sent(request), initial={"days": after})
    if request.method == "POST":
        done = submitted(form, lambda values: by_link.ask_after(questionnaire_id=pk, by=request.user, **values))
        if done is not None:
            messages.success(request, _after_words(done.days_after))
            return redirect("settings-questionnaire", pk)
    answered = _answered(request.user.clinic)
    every = Questionnaire.objects.filter(canonical=found.canonical).order_by("-edition")
    context = {
        "asked": found,
        "editions": [{"one": each, "answered": answered.get(each.pk, 0)} for each in every],
        "newest": every[0].pk == found.pk,
        "form": form,
        "own": found.kind == Kind.OWN,
        "items": [
            {"item": item, "options": [_option_words(option) for option in item.options.all()]}
            for item in found.items.all()
        ],
    }
    return _shown(request, "questionnaire", context, status=answer_status(form))


@page(P.MANAGE_CLINIC)
def revise(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Other words: another edition. What was answered keeps the words that it was answered to."""
    clinic = request.user.clinic
    found = questionnaires.whole(questionnaire_id=pk, clinic=clinic)
    start = as_text(questionnaires.as_measure(found)) | {"seen": str(pk)}
    form = QuestionnaireForm(sent(request), initial=start)
    theirs: list[tuple[str, str]] = []
    if request.method == "POST":
        done = submitted(form, lambda values: _revised(values, request, form, theirs, found))
        if done is not None:
            said = "Nothing was different." if done.pk == pk else f"Edition {done.edition} is published."
            messages.success(request, said)
            return redirect("settings-questionnaire", done.pk)
    context = {"form": form, "asked": found, "theirs": theirs, "answered": _answered(clinic).get(found.pk, 0)}
    return _shown(request, "questionnaire_revise", context, status=answer_status(form))


@page(P.MANAGE_CLINIC)
def path(request: StaffRequest) -> HttpResponse:
    """Who reads a positive answer to item 9 of PHQ-9, by when, and what does their task say?"""
    stands = follow_up.path_of(request.user.clinic)
    start = {name: getattr(stands, name) for name in ("role", "due", "words", "version")} if stands else {}
    form = PathForm(sent(request), initial=start or {"words": PLAIN_WORDS})
    if request.method == "POST":
        done = submitted(form, lambda values: follow_up.set_path(by=request.user, **values))
        if done is not None:
            messages.success(request, "The path is set.")
            return redirect(TAB)
        _renewed(form)
    shown = _path_words(stands) if answer_status(form) == 409 else []
    return _shown(request, "questionnaire_path", {"form": form, "stands": shown}, status=answer_status(form))


@page(P.MANAGE_CLINIC)
def history(request: StaffRequest) -> HttpResponse:
    """Who switched what on and off, who published which edition, and who changed the path."""
    clinic = request.user.clinic_id
    acts = [
        Strand(Questionnaire, "clinic_id", clinic, lambda row: f"{row.title}, edition {row.edition}"),
        Strand(FollowUpPath, "clinic_id", clinic, "Path of a positive item 9"),
        Strand(
            QuestionnaireSchedule, "clinic_id", clinic, "When it is sent by a link", without=frozenset({"canonical"})
        ),
    ]
    return drawer(request, acts, title="History", sub="Questionnaires", back=reverse(TAB))


def _after_words(days: int | None) -> str:
    if days is None:
        return "It is not sent by itself any more."
    return f"It is sent {days} day{'s' if days > 1 else ''} after each infusion, to those who agreed to questions."


def _revised(
    values: dict[str, Any],
    request: StaffRequest,
    form: QuestionnaireForm,
    theirs: list[tuple[str, str]],
    found: Questionnaire,
) -> Questionnaire | None:
    """Publish the next edition; over a newer one show both, and let the next press replace that one."""
    seen = _uuid(values["seen"]) or found.pk
    try:
        return questionnaires.revise(
            questionnaire_id=seen, measure=values["measure"], by=request.user, now=timezone.now()
        )
    except Stale as refusal:
        newest = questionnaires.whole(questionnaire_id=UUID(refusal.facts["current"]), clinic=request.user.clinic)
        text = as_text(questionnaires.as_measure(newest))
        theirs += [(str(form.fields[name].label), text[name]) for name in ("title", "instruction", "items", "options")]
        renew(form, "seen", str(newest.pk))
        land(form, refusal)
        return None


def _renewed(form: PathForm) -> None:
    """Over a newer version the form takes on that version, so that the next press counts."""
    refusal = getattr(form, "refusal", None)
    if isinstance(refusal, Stale):
        renew(form, "version", refusal.facts["current"])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _answered(clinic: Clinic) -> dict[UUID, int]:
    """How many sets of answers each edition has; of whom and what is nobody's here."""
    rows = QuestionnaireResponse.objects.filter(questionnaire__clinic=clinic).standing()
    return dict(rows.order_by().values_list("questionnaire").annotate(n=Count("pk")))


def _path_words(stands: FollowUpPath | None) -> list[tuple[str, str]]:
    if stands is None:
        return []
    return [
        ("Who reads it", dict(ROLES)[stands.role]),
        ("By when", dict(DUE)[stands.due]),
        ("The task says", stands.words),
    ]


def _option_words(option: Any) -> str:
    return f"{option.value} {option.label}" if option.is_words else str(option.value)


def _shown(request: StaffRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    tabs = [{"label": label, "url": reverse(name), "active": name == TAB} for label, name in TABS]
    return render(request, f"infusions/{template}.html", {"tabs": tabs, **context}, status=status)
