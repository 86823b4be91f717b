"""Patients' answers: what was answered, entering it, and correcting it, from the patient's page or in a visit."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from config.audit.reading import Change, HistoryEntry, Told
from config.http.lists import page_of
from config.http.pages import StaffRequest, answer_status, page, submitted
from config.refusals import NotFound
from config.staff.permissions import Permission, Role
from infusions import outcomes, questionnaires, responses
from infusions.charting import is_signed
from infusions.models import Questionnaire, QuestionnaireResponse, Visit
from infusions.models.responses import Source
from infusions.scoring import read
from infusions.web.answer_forms import AnswersForm, CorrectionForm, StrikeForm
from infusions.web.finding import patient_of, sent, shown
from infusions.web.outcome_lines import by_whom, result, shown_lines
from infusions.web.visits import framed, visit_of
from patients.models import Patient
from patients.web.banner import banner

P = Permission


@page(P.SEE_CLINICAL)
def of_patient(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """What did this person answer over time, and what can they be asked now?"""
    patient = patient_of(request, patient_id)
    found = page_of(request, outcomes.of_patient(patient), by=("authored_at", "id"), falling=True)
    context = shown(patient, request, **shown_lines(patient))
    context |= {"page": found, "rows": _rows(found.rows), "in_use": questionnaires.in_use(clinic=patient.clinic)}
    return render(request, "infusions/responses.html", context)


@page(P.CHART)
def answer(request: StaffRequest, patient_id: UUID, pk: UUID) -> HttpResponse:
    """Enter what the patient answered, outside of a visit."""
    patient = patient_of(request, patient_id)
    context = shown(patient, request)
    return _answered(request, patient, pk, context, visit=None)


@page(P.SEE_CLINICAL)
def of_visit(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What was answered in this visit, and what can be asked?"""
    visit, now = visit_of(request.user, pk), timezone.now()
    context = framed(visit, now) | {"rows": _rows(outcomes.of_visit(visit))}
    context["in_use"] = questionnaires.in_use(clinic=visit.clinic)
    return render(request, "infusions/responses_of_visit.html", context)


@page(P.CHART)
def answer_in_visit(request: StaffRequest, pk: UUID, questionnaire_id: UUID) -> HttpResponse:
    """Enter what the patient answers here and now, as part of the visit's record."""
    visit, now = visit_of(request.user, pk), timezone.now()
    return _answered(request, visit.patient, questionnaire_id, framed(visit, now), visit=visit)


@page(P.SEE_CLINICAL)
def one(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What exactly was answered, by whose hands, and what was corrected since?"""
    response = response_of(request, pk)
    rows = outcomes.chain(response)
    newest = rows[0]
    # What was struck is shown as it stood, and said to count no more.
    told = rows[1] if newest.entered_in_error else newest
    context = _framed(response, request) | {
        "response": newest,
        "told": told,
        "reading": read(told),
        "asked": told.questionnaire,
        "came": by_whom(rows[-1]),
        "entries": _history(rows),
        "task": _task(newest),
        "visit": _visit_of(newest),
        "may_correct": not newest.entered_in_error and not _closed(newest),
    }
    return render(request, "infusions/response.html", context)


@page(P.CHART)
def correct(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What was answered instead, and why?"""
    response = response_of(request, pk)
    asked = questionnaires.whole(questionnaire_id=response.questionnaire_id, clinic=request.user.clinic)
    form = CorrectionForm(sent(request), asked=asked, response=response)
    if request.method == "POST":
        now = timezone.now()
        done = submitted(form, lambda values: responses.correct(response_id=pk, by=request.user, now=now, **values))
        if done is not None:
            messages.success(request, "Corrected.")
            return redirect("questionnaire-response", done.pk)
    context = _framed(response, request) | {"form": form, "asked": asked, "response": response, "strike": StrikeForm()}
    return render(request, "infusions/response_correct.html", context, status=answer_status(form))


@page(P.CHART)
def strike(request: StaffRequest, pk: UUID) -> HttpResponse:
    """These answers never were this patient's: why?"""
    response, now = response_of(request, pk), timezone.now()
    form = StrikeForm(sent(request))
    if request.method == "POST":
        done = submitted(
            form,
            lambda values: responses.strike(
                response_id=pk, reason=values["correction_reason"], by=request.user, now=now
            ),
        )
        if done is not None:
            messages.success(request, "These answers count no more. They stay to be read.")
            return redirect("questionnaire-response", done.pk)
    context = _framed(response, request) | {"form": form, "response": response, "asked": response.questionnaire}
    return render(request, "infusions/response_strike.html", context, status=answer_status(form))


def response_of(request: StaffRequest, pk: UUID) -> QuestionnaireResponse:
    """The set of answers, in the person's clinic. Raises NotFound."""
    found = QuestionnaireResponse.objects.filter(pk=pk, patient__clinic=request.user.clinic).with_answers()
    joined = found.select_related("questionnaire", "entered_by", "visit__note", "patient__allergies_confirmed_by")
    response: QuestionnaireResponse | None = joined.first()
    if response is None:
        raise NotFound("There are no such answers.")
    return response


def _answered(
    request: StaffRequest, patient: Patient, pk: UUID, context: dict[str, Any], *, visit: Visit | None
) -> HttpResponse:
    asked = questionnaires.whole(questionnaire_id=pk, clinic=request.user.clinic)
    now = timezone.now()
    form = AnswersForm(sent(request), asked=asked, clinic=request.user.clinic, now=now)
    if request.method == "POST":
        done = submitted(form, lambda values: _record(values, request, patient, asked, visit, now))
        if done is not None:
            _say(request, done, f"{asked.title} is recorded.")
            return redirect("visit-questionnaires", visit.pk) if visit else redirect("questionnaires", patient.pk)
    context |= {"form": form, "asked": asked, "of_visit": visit}
    return render(request, "infusions/response_new.html", context, status=answer_status(form))


def _record(
    values: dict[str, Any],
    request: StaffRequest,
    patient: Patient,
    asked: Questionnaire,
    visit: Visit | None,
    now: datetime,
) -> QuestionnaireResponse:
    return responses.record(
        patient=patient,
        questionnaire_id=asked.pk,
        visit_id=visit.pk if visit else None,
        by=request.user,
        now=now,
        **values,
    )


def _say(request: StaffRequest, done: QuestionnaireResponse, words: str) -> None:
    messages.success(request, words)
    task = outcomes.task_to_read(done)
    if task is not None:
        whom = Role(task.for_role).value
        messages.warning(request, f"The clinic's path asks for a {whom}: a task to read these answers is open.")


def _framed(response: QuestionnaireResponse, request: StaffRequest) -> dict[str, Any]:
    return banner(response.patient, request.user.local_now())


def _rows(found: list[QuestionnaireResponse]) -> list[dict[str, Any]]:
    return [{"response": one, "result": result(one), "came": by_whom(one)} for one in found]


def _visit_of(response: QuestionnaireResponse) -> Visit | None:
    """The visit that the answers are of or were asked for, once its record is open."""
    if response.appointment_id is None:
        return None
    return Visit.objects.filter(appointment=response.appointment_id).select_related("appointment", "note").first()


def _closed(response: QuestionnaireResponse) -> bool:
    visit = _visit_of(response) if response.visit_id else None
    return visit is not None and is_signed(visit)


def _task(response: QuestionnaireResponse) -> dict[str, Any] | None:
    task = outcomes.task_to_read(response)
    return {"task": task, "whom": Role(task.for_role).value} if task else None


def _history(rows: list[QuestionnaireResponse]) -> list[HistoryEntry]:
    """The acts on a set of answers, newest first: who gave it, and what each correction changed."""
    found: list[HistoryEntry] = []
    for row, before in zip(rows, [*rows[1:], None], strict=True):
        source = "patient link" if row.source == Source.PATIENT_LINK else "staff"
        who = row.entered_by.full_name if row.entered_by else "The patient"
        what = "Struck" if row.entered_in_error else "Corrected" if before else "Entered"
        told = [Told(what, what, what, _changes(row, before))]
        found.append(HistoryEntry(str(row.pk), row.recorded_at, who, source, row.correction_reason, told))
    return found


def _changes(row: QuestionnaireResponse, before: QuestionnaireResponse | None) -> list[Change]:
    if before is None:
        return []
    if row.entered_in_error:
        return [Change("These answers", "counted", "count no more")]
    found = []
    if row.authored_at != before.authored_at:
        found.append(Change("Answered", _when(before), _when(row)))
    for new, old in zip(row.answers.all(), before.answers.all(), strict=True):
        if new.option_id != old.option_id:
            was, became = (answer.option.label if answer.option else "" for answer in (old, new))
            found.append(Change(f"{new.item.position}. {new.item.wording}", was, became))
    return found


def _when(row: QuestionnaireResponse) -> str:
    local = timezone.localtime(row.authored_at)
    return f"{local.day} {local:%b %Y, %H:%M}"
