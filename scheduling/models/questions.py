"""What a clinic asks patients before a visit, and what they answer. Written by `scheduling.questions`."""

from typing import ClassVar

import pgtrigger
from django.db import models

from config.audit.locks import Lock
from config.audit.models import AppendOnly, Tracked
from config.staff.models import Clinic
from scheduling.models.booking import Appointment

LONGEST_QUESTION, LONGEST_ANSWER = 200, 1000


def question_stands() -> Lock:
    """What was asked stays what was asked: other words are another question."""
    return Lock(
        name="question_stands",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF TG_OP = 'DELETE' OR (NEW.wording, NEW.wording_es, NEW.clinic_id)
               <> (OLD.wording, OLD.wording_es, OLD.clinic_id)
            THEN
                PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP);
            END IF;
            RETURN NEW;
        """,
    )


def answered_by_link() -> Lock:
    """A patient's own words come by their own link, to a question of the clinic that they visit."""
    return Lock(
        name="answered_by_link",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF desk_actor() <> 'job:patient-link' THEN
                RAISE EXCEPTION 'only the patient''s link answers for the patient' USING ERRCODE = 'DK004';
            END IF;
            IF NOT EXISTS (
                SELECT FROM scheduling_appointment a JOIN scheduling_visitquestion q ON q.clinic_id = a.clinic_id
                WHERE a.id = NEW.appointment_id AND q.id = NEW.question_id
            ) THEN
                RAISE EXCEPTION 'the question belongs to another clinic'
                    USING ERRCODE = '23514', CONSTRAINT = 'visit_answer_within_clinic';
            END IF;
            RETURN NEW;
        """,
    )


class VisitQuestion(Tracked):
    """One question of the clinic's, in its words. A retired one is asked no more and keeps its answers.

    Without words in Spanish it is asked in English. None is shipped.
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    wording = models.CharField("question", max_length=LONGEST_QUESTION)
    wording_es = models.CharField("question in Spanish", max_length=LONGEST_QUESTION, blank=True)
    position = models.PositiveSmallIntegerField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clinic", "wording", "wording_es"], name="visit_question_once"),
            models.CheckConstraint(condition=models.Q(wording__regex=r"\S"), name="visit_question_asks_something"),
        ]
        triggers: ClassVar = [question_stands()]

    def __str__(self) -> str:
        return self.wording

    def in_language(self, language: str) -> str:
        """The question as a patient with this language reads it."""
        return (self.wording_es if language == "es" else "") or self.wording


class VisitAnswer(AppendOnly):
    """What a patient answered to one question before one visit, letter by letter; the newest counts, all of them stay.

    An empty one takes back what was said before. `language` is that in which the question was read, `placing` the
    appointment's when it was answered. It is no part of a visit's record: clinicians read it and write their own.
    """

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    placing = models.PositiveIntegerField("the visit's placing")
    question = models.ForeignKey(VisitQuestion, models.PROTECT, related_name="+")
    said = models.TextField(max_length=LONGEST_ANSWER, blank=True)
    language = models.CharField(max_length=2, choices=[("en", "English"), ("es", "Spanish")])
    how = models.CharField(max_length=40, help_text="Link.")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["appointment", "-at", "-recorded_at"], name="visit_answer_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(said="") | models.Q(said__regex=r"\S"), name="visit_answer_blank_is_empty"
            ),
            models.CheckConstraint(condition=models.Q(language__in=["en", "es"]), name="visit_answer_language_known"),
            models.CheckConstraint(condition=models.Q(how__regex=r"\S"), name="visit_answer_says_how"),
        ]
        triggers: ClassVar = [answered_by_link()]

    def __str__(self) -> str:
        return self.said
