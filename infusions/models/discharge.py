"""The discharge checklist, and what lets somebody go without an escort."""

from typing import ClassVar

import pgtrigger
from django.db import models

from config.audit.locks import Lock
from infusions.models.entries import FlowsheetEntry, in_our_times, once_at_a_time
from infusions.models.exceptions import ExceptionKind, OrderException


def allows_this_visit() -> Lock:
    """The exception by which somebody goes without an escort was signed for that: for this patient, on this day."""
    return Lock(
        name="allows_this_visit",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NEW.escort_exception_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM infusions_orderexception e
                JOIN infusions_visit v ON v.id = NEW.visit_id AND v.patient_id = e.patient_id
                JOIN scheduling_appointment a ON a.id = v.appointment_id
                JOIN staff_clinic c ON c.id = v.clinic_id
                WHERE e.id = NEW.escort_exception_id AND e.kind = '{ExceptionKind.NO_ESCORT}'
                  AND e.day = (a.start AT TIME ZONE c.zone)::date
            ) THEN
                RAISE EXCEPTION 'the exception is for another visit'
                    USING ERRCODE = '23514', CONSTRAINT = 'discharge_exception_of_this_visit';
            END IF;
            RETURN NEW;
        """,  # noqa: S608  (names from this file, no input)
    )


class Discharge(FlowsheetEntry):
    """The discharge checklist: each item met, not met, or not looked at; nothing here decides.

    `open_items_reason` is why the patient goes although an item is not met or was not looked at. Without an identified
    escort it says why, or names the prescriber's exception for this visit.
    """

    scale_name = models.CharField(max_length=60, null=True)
    scale_value = models.CharField(max_length=20, null=True)
    vitals_near_baseline = models.BooleanField("vital signs near baseline", null=True)
    oriented = models.BooleanField("oriented as before", null=True)
    walks_safely = models.BooleanField("walks as before or a safe plan", null=True)
    comfortable = models.BooleanField("nausea and pain tolerable", null=True)
    iv_removed = models.BooleanField("IV removed", null=True)
    minimum_stay_met = models.BooleanField(null=True)
    instructions_given = models.BooleanField(null=True)
    instructions_language = models.CharField(max_length=40, null=True)
    no_driving_until = models.CharField(max_length=80, null=True)
    escort_name = models.CharField("escort", max_length=120, null=True)
    escort_identified = models.BooleanField(null=True)
    escort_at = models.DateTimeField(null=True)
    emergency_number_given = models.BooleanField(null=True)
    next_visit_known = models.BooleanField(null=True)
    pain = models.PositiveSmallIntegerField("pain, 0 to 10", null=True)
    open_items_reason = models.TextField("reason for what is not met", null=True)
    exception_reason = models.TextField("reason for going without an escort", null=True)
    # The clinic's own lines as they stood: [{"item": id, "wording": text, "met": true, false or null}, ...].
    clinic_items = models.JSONField("the clinic's own list", null=True)
    escort_exception = models.ForeignKey(
        OrderException, models.PROTECT, null=True, related_name="+", verbose_name="without an escort"
    )

    class Meta(FlowsheetEntry.Meta):
        triggers: ClassVar = [
            *FlowsheetEntry.Meta.triggers,
            allows_this_visit(),
            once_at_a_time(name="discharged_once", table="infusions_discharge"),
        ]
        constraints: ClassVar = [
            *FlowsheetEntry.Meta.constraints,
            in_our_times("escort_at"),
            models.CheckConstraint(
                # A CHECK lets NULL pass, so each part says that it is not.
                condition=models.Q(entered_in_error=True)
                | models.Q(escort_identified__isnull=False, escort_identified=True)
                | models.Q(exception_reason__isnull=False, exception_reason__regex=r"\S")
                | models.Q(escort_exception__isnull=False),
                name="discharge_needs_escort_or_exception",
            ),
            models.CheckConstraint(
                condition=models.Q(pain__isnull=True) | models.Q(pain__lte=10), name="discharge_pain_0_to_10"
            ),
        ]
