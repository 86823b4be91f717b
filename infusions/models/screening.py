"""The lists that a clinic keeps in its own words, and the answers to its screening. Nothing here is a score."""

from typing import ClassVar

import pgtrigger
from django.db import models

from config.audit.locks import Lock
from config.audit.models import Tracked
from config.staff.models import Clinic
from infusions.clinical import Entry
from patients.models import Patient


def wording_stands() -> Lock:
    """What was asked stays what was asked: other words are another item."""
    return Lock(
        name="wording_stands",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF TG_OP = 'DELETE' OR NEW.wording <> OLD.wording OR NEW.clinic_id <> OLD.clinic_id THEN
                PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP);
            END IF;
            RETURN NEW;
        """,
    )


def asked_in_own_clinic() -> Lock:
    """A patient is asked what their own clinic asks."""
    return Lock(
        name="asked_in_own_clinic",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF (SELECT clinic_id FROM patients_patient WHERE id = NEW.patient_id)
               IS DISTINCT FROM (SELECT clinic_id FROM infusions_screeningitem WHERE id = NEW.item_id)
            THEN
                RAISE EXCEPTION 'the item belongs to another clinic'
                    USING ERRCODE = '23514', CONSTRAINT = 'asked_in_own_clinic';
            END IF;
            RETURN NEW;
        """,
    )


class ClinicLine(Tracked):
    """One line of a list that a clinic keeps, in the clinic's words; none is shipped. A retired one is not asked any
    more, and keeps its answers. Written by `infusions.listing`."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    wording = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class DischargeItem(ClinicLine):
    """What this clinic looks at before it lets somebody go, besides what every discharge asks."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clinic", "wording"], name="discharge_item_once"),
            models.CheckConstraint(condition=models.Q(wording__regex=r"\S"), name="discharge_item_says_something"),
        ]
        triggers: ClassVar = [wording_stands()]


class ScreeningItem(ClinicLine):
    """What this clinic finds out before it accepts somebody."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clinic", "wording"], name="screening_item_once"),
            models.CheckConstraint(condition=models.Q(wording__regex=r"\S"), name="screening_item_says_something"),
        ]
        triggers: ClassVar = [wording_stands()]


class ScreeningAnswer(Entry):
    """What was found out about one item, as told. The newest of an item says whether it is done; all of them stay."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    item = models.ForeignKey(ScreeningItem, models.PROTECT, related_name="+")
    done = models.BooleanField()
    answer = models.TextField(null=True)
    client_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            # Also the index by which a patient's answers are read.
            models.UniqueConstraint(fields=["patient", "item", "client_id"], name="screening_answer_sent_once"),
            models.CheckConstraint(
                condition=models.Q(answer__isnull=True) | models.Q(answer__regex=r"\S"), name="screening_blank_is_null"
            ),
        ]
        triggers: ClassVar = [asked_in_own_clinic()]
