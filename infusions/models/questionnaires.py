"""What a clinic asks its patients, in words that never change once they are published. FHIR: Questionnaire.

Other words are another edition; whatever was answered keeps the words that it was answered to. No score is stored.
"""

from enum import StrEnum
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Lower

from config.audit.locks import Lock
from config.audit.models import AppendOnly, Tracked
from config.staff.models import Clinic
from config.staff.permissions import CLINICAL_ROLES, Role

SMALLEST, LARGEST = -999, 999
# How many days after an infusion a patient may be asked how they are.
LATEST_DAY = 90


class Kind(StrEnum):
    """The measures that come with the desk (`infusions.measures`), and those that a clinic types itself."""

    NRS = "nrs"
    PGIC = "pgic"
    PHQ_9 = "phq-9"
    GAD_7 = "gad-7"
    OWN = "own"


class Due(StrEnum):
    """By when somebody reads what must be read: days of the clinic's calendar."""

    SAME_DAY = "same-day"
    NEXT_DAY = "next-day"


# The measures whose published score is the plain sum of their items, and how many items those are.
PLAIN_SUMS = {Kind.PHQ_9: 9, Kind.GAD_7: 7}
# The item whose answer must reach a human by the path that the clinic set.
ITEM_NINE = 9


def words_stand() -> Lock:
    """What is asked stays what was asked: only whether it is in use changes, and it is published once."""
    return Lock(
        name="words_stand",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF TG_OP = 'DELETE'
               OR to_jsonb(NEW) - ARRAY['version', 'active', 'published_at']
                  <> to_jsonb(OLD) - ARRAY['version', 'active', 'published_at']
               OR (OLD.published_at IS NOT NULL AND NEW.published_at IS DISTINCT FROM OLD.published_at)
            THEN
                PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP);
            END IF;
            RETURN NEW;
        """,
    )


def published_whole() -> Lock:
    """Nothing is published without items, each with at least two answers; a shipped measure has its own number."""
    return Lock(
        name="published_whole",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("asked", "int"), ("short", "int"), ("wanted", "int")],
        func="""
            IF NEW.published_at IS NULL OR (TG_OP = 'UPDATE' AND OLD.published_at IS NOT NULL) THEN RETURN NEW; END IF;
            SELECT count(*), count(*) FILTER (WHERE offered < 2) INTO asked, short FROM (
                SELECT (SELECT count(*) FROM infusions_answeroption o WHERE o.item_id = i.id) AS offered
                FROM infusions_questionnaireitem i WHERE i.questionnaire_id = NEW.id
            ) counted;
            wanted := CASE NEW.kind WHEN 'phq-9' THEN 9 WHEN 'gad-7' THEN 7 WHEN 'own' THEN NULL ELSE 1 END;
            IF asked = 0 OR short > 0 OR asked <> wanted THEN
                RAISE EXCEPTION 'a questionnaire is published with all its items and their answers'
                    USING ERRCODE = '23514', CONSTRAINT = 'questionnaire_published_whole';
            END IF;
            IF EXISTS (
                SELECT 1 FROM infusions_questionnaire other WHERE other.canonical = NEW.canonical
                  AND (other.clinic_id <> NEW.clinic_id OR other.kind <> NEW.kind)
            ) THEN
                RAISE EXCEPTION 'an edition is of the same measure of the same clinic'
                    USING ERRCODE = '23514', CONSTRAINT = 'questionnaire_edition_of_its_own';
            END IF;
            RETURN NEW;
        """,
    )


def path_first() -> Lock:
    """PHQ-9 is not in use before the clinic has said who reads a positive item 9, and by when."""
    return Lock(
        name="path_first",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF NEW.active AND NEW.kind = 'phq-9'
               AND NOT EXISTS (SELECT 1 FROM infusions_followuppath WHERE clinic_id = NEW.clinic_id)
            THEN
                RAISE EXCEPTION 'nobody is named who reads a positive item 9'
                    USING ERRCODE = '23514', CONSTRAINT = 'phq9_needs_a_path';
            END IF;
            RETURN NEW;
        """,
    )


def before_publishing(questionnaire: str) -> Lock:
    """No item and no answer is added to what is published. `questionnaire` is the SQL for its id."""
    return Lock(
        name="before_publishing",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            PERFORM 1 FROM infusions_questionnaire WHERE id = {questionnaire} AND published_at IS NULL FOR UPDATE;
            IF NOT FOUND THEN PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP); END IF;
            RETURN NEW;
        """,
    )


def path_stays() -> Lock:
    """A path may lead elsewhere; it is never taken away, or moved to another clinic."""
    return Lock(
        name="path_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF TG_OP = 'DELETE' OR NEW.clinic_id <> OLD.clinic_id THEN
                PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP);
            END IF;
            RETURN NEW;
        """,
    )


class Questionnaire(Tracked):
    """One edition of one measure, as the clinic asks it. `canonical` is the same for all editions of a measure.

    `plain_sum` says that its published scoring is the sum of all items; a clinic's own says so only if its manager did.
    Written by `infusions.questionnaires`.
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    canonical = models.UUIDField()
    edition = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=[(k.value, k.value) for k in Kind])
    title = models.CharField(max_length=120)
    instruction = models.CharField(max_length=500, blank=True)
    copyright = models.CharField("source and permission", max_length=300, blank=True)
    plain_sum = models.BooleanField()
    published_at = models.DateTimeField(null=True)
    active = models.BooleanField("in use", default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["canonical", "edition"], name="questionnaire_edition_once"),
            models.UniqueConstraint(
                fields=["canonical"], condition=models.Q(active=True), name="questionnaire_one_edition_in_use"
            ),
            models.UniqueConstraint(
                fields=["clinic", "kind"],
                condition=models.Q(active=True) & ~models.Q(kind=Kind.OWN),
                name="shipped_measure_in_use_once",
            ),
            models.UniqueConstraint(
                "clinic", Lower("title"), condition=models.Q(active=True), name="questionnaire_title_in_use_once"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=list(Kind)), name="questionnaire_kind_known"),
            models.CheckConstraint(condition=models.Q(title__regex=r"\S"), name="questionnaire_has_a_title"),
            models.CheckConstraint(
                condition=models.Q(active=False) | models.Q(published_at__isnull=False),
                name="questionnaire_published_before_use",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=Kind.OWN)
                | models.Q(kind__in=sorted(PLAIN_SUMS), plain_sum=True)
                | models.Q(kind__in=[Kind.NRS, Kind.PGIC], plain_sum=False),
                name="questionnaire_sum_as_published",
            ),
        ]
        triggers: ClassVar = [words_stand(), published_whole(), path_first()]

    def __str__(self) -> str:
        return self.title


class QuestionnaireItem(AppendOnly):
    """One thing that is asked. Written together with its questionnaire."""

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    wording = models.CharField(max_length=500)

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["questionnaire", "position"], name="questionnaire_item_place_once"),
            models.CheckConstraint(condition=models.Q(wording__regex=r"\S"), name="questionnaire_item_asks_something"),
            models.CheckConstraint(condition=models.Q(position__gte=1), name="questionnaire_item_counted_from_one"),
        ]
        triggers: ClassVar = [before_publishing("NEW.questionnaire_id")]


class AnswerOption(AppendOnly):
    """One answer that may be chosen: its words, and the whole number that stands for it."""

    item = models.ForeignKey(QuestionnaireItem, models.PROTECT, related_name="options")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=200)
    value = models.SmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "position"], name="answer_option_place_once"),
            models.UniqueConstraint(fields=["item", "label"], name="answer_option_words_once"),
            models.CheckConstraint(condition=models.Q(label__regex=r"\S"), name="answer_option_says_something"),
            models.CheckConstraint(
                condition=models.Q(value__gte=SMALLEST, value__lte=LARGEST), name="answer_option_value_sensible"
            ),
        ]
        triggers: ClassVar = [
            before_publishing("(SELECT questionnaire_id FROM infusions_questionnaireitem WHERE id = NEW.item_id)")
        ]

    @property
    def is_words(self) -> bool:
        """Whether its label says anything but its number."""
        return self.label != str(self.value)


def measure_of_own_clinic() -> Lock:
    """What is sent is something that this clinic asks."""
    return Lock(
        name="measure_of_own_clinic",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF NOT EXISTS (
                SELECT FROM infusions_questionnaire WHERE canonical = NEW.canonical AND clinic_id = NEW.clinic_id
            ) THEN
                RAISE EXCEPTION 'this clinic does not ask this'
                    USING ERRCODE = '23514', CONSTRAINT = 'schedule_of_what_is_asked';
            END IF;
            RETURN NEW;
        """,
    )


class QuestionnaireSchedule(Tracked):
    """How many days after each infusion a measure is sent to the patient by a link; NULL: it is not. Written by
    `infusions.by_link`."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    canonical = models.UUIDField()
    days_after = models.PositiveSmallIntegerField("days after an infusion", null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clinic", "canonical"], name="questionnaire_scheduled_once"),
            models.CheckConstraint(
                condition=models.Q(days_after__isnull=True) | models.Q(days_after__range=(1, LATEST_DAY)),
                name="questionnaire_days_sensible",
            ),
        ]
        triggers: ClassVar = [measure_of_own_clinic()]


class FollowUpPath(Tracked):
    """Who reads a positive answer to item 9 of PHQ-9, by when, and what their task says. Written by
    `infusions.questionnaires`."""

    clinic = models.OneToOneField(Clinic, models.PROTECT, related_name="+")
    role = models.CharField("who reads it", max_length=12, choices=[(r.value, r.value) for r in sorted(CLINICAL_ROLES)])
    due = models.CharField("by when", max_length=10, choices=[(d.value, d.value) for d in Due])
    words = models.CharField("what the task says", max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role__in=[Role.NURSE, Role.PRESCRIBER]), name="path_leads_to_a_clinician"
            ),
            models.CheckConstraint(condition=models.Q(due__in=list(Due)), name="path_due_known"),
            models.CheckConstraint(condition=models.Q(words__regex=r"\S"), name="path_says_what_to_do"),
        ]
        triggers: ClassVar = [path_stays()]
