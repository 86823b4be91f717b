"""What patients answered, as it was chosen. FHIR: QuestionnaireResponse. Written once; a correction is another row.

NULL is "not answered", never zero. Sums are computed when somebody reads, and stored nowhere.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models

from config.audit.locks import Lock
from config.audit.models import AppendOnly
from config.staff.models import User
from config.staff.permissions import CLINICAL_ROLES
from infusions.clinical import visit_not_signed
from infusions.models.entries import in_our_times
from infusions.models.questionnaires import AnswerOption, Questionnaire, QuestionnaireItem
from infusions.models.visit import Visit
from patients.models import Patient
from scheduling.models import Appointment

CLOCK_SKEW = timedelta(minutes=2)


class Source(StrEnum):
    """By whose hands the answers came in."""

    STAFF = "staff"
    PATIENT_LINK = "patient-link"


def given_by_staff_or_link() -> Lock:
    """A clinician enters answers under their own name; a patient's own come by the patient's link, by nobody else."""
    roles = ", ".join(f"'{role}'" for role in sorted(CLINICAL_ROLES))
    return Lock(
        name="given_by_staff_or_link",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NEW.source = 'staff' THEN
                PERFORM desk_require_clinician(NEW.entered_by_id, ARRAY[{roles}]);
            ELSIF desk_actor() <> 'job:patient-link' THEN
                RAISE EXCEPTION 'only the patient''s link answers for the patient' USING ERRCODE = 'DK004';
            END IF;
            RETURN NEW;
        """,
    )


def response_fits() -> Lock:
    """Answers are of the patient's own clinic, to what it asks, and of the patient's own visit; a correction is of the
    same set of answers as what it corrects."""
    return Lock(
        name="response_fits",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            PERFORM 1 FROM infusions_questionnaire q JOIN patients_patient p ON p.clinic_id = q.clinic_id
             WHERE q.id = NEW.questionnaire_id AND p.id = NEW.patient_id AND q.published_at IS NOT NULL
               AND (NEW.supersedes_id IS NOT NULL OR EXISTS (
                    SELECT 1 FROM infusions_questionnaire used
                    WHERE used.canonical = q.canonical AND used.active AND used.edition >= q.edition))
               FOR SHARE OF q;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'this clinic does not ask this'
                    USING ERRCODE = '23514', CONSTRAINT = 'response_to_what_is_asked';
            END IF;
            IF (NEW.visit_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM infusions_visit v WHERE v.id = NEW.visit_id AND v.patient_id = NEW.patient_id
                       AND v.appointment_id = NEW.appointment_id))
               OR (NEW.appointment_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM scheduling_appointment a
                    WHERE a.id = NEW.appointment_id AND a.patient_id = NEW.patient_id))
            THEN
                RAISE EXCEPTION 'the visit is another patient''s'
                    USING ERRCODE = '23514', CONSTRAINT = 'response_of_own_visit';
            END IF;
            IF (NEW.supersedes_id IS NULL AND NEW.identifier <> NEW.id)
               OR (NEW.supersedes_id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM infusions_questionnaireresponse r
                    WHERE r.id = NEW.supersedes_id AND NOT r.entered_in_error
                      AND (r.identifier, r.patient_id, r.questionnaire_id)
                          = (NEW.identifier, NEW.patient_id, NEW.questionnaire_id)
                      AND r.visit_id IS NOT DISTINCT FROM NEW.visit_id
                      AND r.appointment_id IS NOT DISTINCT FROM NEW.appointment_id))
            THEN
                RAISE EXCEPTION 'a correction is of the same set of answers'
                    USING ERRCODE = '23514', CONSTRAINT = 'response_corrects_its_own';
            END IF;
            RETURN NEW;
        """,
    )


def answered_whole() -> Lock:
    """At commit every item has its row, answered or not, and one is answered; a row that strikes says nothing."""
    return Lock(
        name="answered_whole",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        declare=[("asked", "int"), ("told", "int"), ("answered", "int")],
        func="""
            SELECT count(*) INTO asked FROM infusions_questionnaireitem WHERE questionnaire_id = NEW.questionnaire_id;
            SELECT count(*), count(option_id) INTO told, answered
                FROM infusions_questionnaireanswer WHERE response_id = NEW.id;
            IF (NEW.entered_in_error AND told > 0)
               OR (NOT NEW.entered_in_error AND (told <> asked OR answered = 0))
            THEN
                RAISE EXCEPTION 'every item has its row, answered or not'
                    USING ERRCODE = '23514', CONSTRAINT = 'response_answers_every_item';
            END IF;
            RETURN NULL;
        """,
    )


def positive_item_has_its_task() -> Lock:
    """At commit somebody has an open task to read these answers, if item 9 of PHQ-9 is above zero in them."""
    return Lock(
        name="positive_item_has_its_task",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        func="""
            IF EXISTS (
                SELECT 1 FROM infusions_questionnaireanswer a
                JOIN infusions_answeroption o ON o.id = a.option_id
                JOIN infusions_questionnaireitem i ON i.id = a.item_id
                JOIN infusions_questionnaire q ON q.id = i.questionnaire_id
                WHERE a.response_id = NEW.id AND q.kind = 'phq-9' AND i.position = 9 AND o.value > 0
            ) AND NOT EXISTS (
                SELECT 1 FROM patients_task t JOIN patients_patient p ON p.clinic_id = t.clinic_id
                WHERE p.id = NEW.patient_id AND t.about = NEW.identifier AND t.kind = 'answers-to-read'
                  AND t.done_at IS NULL AND t.for_role IN ('nurse', 'prescriber')
            ) THEN
                RAISE EXCEPTION 'nobody has been asked to read a positive item 9'
                    USING ERRCODE = '23514', CONSTRAINT = 'positive_item_has_its_task';
            END IF;
            RETURN NULL;
        """,
    )


def answer_fits() -> Lock:
    """An answer is written together with its response, to an item of the questionnaire, by an option of that item."""
    return Lock(
        name="answer_fits",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("written", "xid"), ("asked", "uuid")],
        func="""
            SELECT r.xmin, r.questionnaire_id INTO written, asked
                FROM infusions_questionnaireresponse r WHERE r.id = NEW.response_id;
            IF written IS NULL OR NOT desk_written_now(written) THEN
                PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP);
            END IF;
            IF NOT EXISTS (
                SELECT 1 FROM infusions_questionnaireitem WHERE id = NEW.item_id AND questionnaire_id = asked
            ) OR (NEW.option_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM infusions_answeroption WHERE id = NEW.option_id AND item_id = NEW.item_id
            )) THEN
                RAISE EXCEPTION 'this is no answer to this item'
                    USING ERRCODE = '23514', CONSTRAINT = 'answer_fits_item';
            END IF;
            RETURN NEW;
        """,
    )


class Responses(models.QuerySet[Any]):
    """Sets of answers."""

    def standing(self) -> Self:
        """Those that count: nothing corrected them, and they strike nothing."""
        later = self.model._default_manager.filter(supersedes=models.OuterRef("pk"))
        return self.filter(~models.Exists(later), entered_in_error=False)

    def with_answers(self) -> Self:
        """Each with its questionnaire, its people, and every item as it was answered. Two queries."""
        answers = QuestionnaireAnswer.objects.select_related("item", "option").order_by("item__position")
        joined = self.select_related("questionnaire", "entered_by", "appointment")
        return joined.prefetch_related(models.Prefetch("answers", queryset=answers))


class QuestionnaireResponse(AppendOnly):
    """One patient's answers to one edition of a questionnaire. Written by `infusions.responses`.

    `identifier` names the set of answers through all its corrections: it is the first row's id. With `visit` it is part
    of that visit's record, and closed with it; with `appointment` alone it only says which visit it was asked for.
    """

    identifier = models.UUIDField(db_index=True)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    authored_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    source = models.CharField(max_length=12, choices=[(s.value, s.value.replace("-", " ")) for s in Source])
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    client_id = models.UUIDField(null=True)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    correction_reason = models.CharField(max_length=200, blank=True)
    entered_in_error = models.BooleanField(default=False)
    objects = Responses.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["patient", "-authored_at", "-id"], name="response_by_patient"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient", "client_id"], name="response_sent_once"),
            models.CheckConstraint(
                condition=models.Q(source=Source.STAFF, entered_by__isnull=False)
                | models.Q(
                    source=Source.PATIENT_LINK,
                    entered_by__isnull=True,
                    visit__isnull=True,
                    supersedes__isnull=True,
                ),
                name="response_by_staff_or_link",
            ),
            models.CheckConstraint(
                condition=models.Q(supersedes__isnull=True, correction_reason="", entered_in_error=False)
                | models.Q(supersedes__isnull=False, correction_reason__regex=r"\S"),
                name="response_corrected_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(authored_at__lte=models.F("entered_at") + CLOCK_SKEW),
                name="response_not_in_the_future",
            ),
            in_our_times("authored_at", "entered_at"),
        ]
        triggers: ClassVar = [
            given_by_staff_or_link(),
            response_fits(),
            visit_not_signed(),
            answered_whole(),
            positive_item_has_its_task(),
        ]


class QuestionnaireAnswer(AppendOnly):
    """What was chosen for one item; NULL when nothing was."""

    response = models.ForeignKey(QuestionnaireResponse, models.PROTECT, related_name="answers")
    item = models.ForeignKey(QuestionnaireItem, models.PROTECT, related_name="+")
    option = models.ForeignKey(AnswerOption, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["response", "item"], name="item_answered_once_in_a_response")
        ]
        triggers: ClassVar = [answer_fits()]
