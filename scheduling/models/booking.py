"""Bookings: the series, its visits, and what each visit takes."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models

from config.audit.models import Tracked
from config.staff.models import Clinic, User
from patients.models import Patient
from scheduling.models.form_holds import FormHold
from scheduling.models.kinds import VisitKind, VisitType
from scheduling.models.locks import (
    chair_is_shared_on_purpose,
    form_hold_has_its_places,
    has_its_places,
    lane_exists,
    late_cancel_is_late,
)
from scheduling.models.places import Chair, Resource
from scheduling.states import CANCELLED, OCCUPIES, Status

# Reads of a window look this far back for visits that reach into it.
LONGEST = timedelta(days=1)


class SeriesState(StrEnum):
    """Whether more visits of the series are to come."""

    OPEN = "open"
    COMPLETE = "complete"
    STOPPED = "stopped"


class Series(Tracked):
    """Visits that belong together. It knows no order: how many and how far apart come from above with each call."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=SeriesState.OPEN, choices=[(s.value, s.value) for s in SeriesState])

    class Meta:
        verbose_name_plural = "series"


class Appointment(Tracked):
    """One visit. Written by `scheduling.booking`; `placing` rises when its time changes, so that messages about the old
    one are recognised as old. Another chair is not news to the patient and leaves it as it is."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    series = models.ForeignKey(Series, models.PROTECT, null=True, related_name="appointments")
    kind = models.CharField(max_length=10, default=VisitKind.INFUSION, choices=[(k.value, k.value) for k in VisitKind])
    start = models.DateTimeField()
    end = models.DateTimeField()
    chair = models.ForeignKey(Chair, models.PROTECT, related_name="+")
    nurse = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    clinician = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recovery_place = models.ForeignKey(Chair, models.PROTECT, null=True, related_name="+")
    visit_type = models.ForeignKey(VisitType, models.PROTECT, null=True, related_name="+")
    placing = models.PositiveIntegerField(default=1)
    # The place from which it was last moved, which came free by that: somebody on the waitlist may take it.
    left_chair = models.ForeignKey(Chair, models.PROTECT, null=True, related_name="+")
    left_start = models.DateTimeField(null=True)
    left_end = models.DateTimeField(null=True)
    status = models.CharField(max_length=24, default=Status.BOOKED, choices=[(s.value, s.value) for s in Status])
    status_reason = models.CharField(max_length=200, blank=True)
    held_until = models.DateTimeField(null=True)
    # Why the chair was given twice, why the patient's limits were passed over, and what of the order it breaks now.
    overbook_reason = models.CharField(max_length=200, blank=True)
    limits_reason = models.CharField(max_length=200, blank=True)
    needs_repair = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    wants_move_at = models.DateTimeField(null=True)
    wants_move_note = models.CharField(max_length=300, blank=True)
    arrived_at = models.DateTimeField(null=True)
    # When it entered its state, as observed rather than as typed; empty while it is booked.
    state_since = models.DateTimeField(null=True)
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        triggers: ClassVar = [has_its_places("COALESCE(NEW.id, OLD.id)"), late_cancel_is_late()]
        indexes: ClassVar = [
            models.Index(fields=["clinic", "start"], name="appointment_by_day"),
            models.Index(fields=["patient", "start"], name="appointment_by_patient"),
            models.Index(fields=["series", "start"], name="appointment_by_series"),
            models.Index(fields=["held_until"], name="appointment_held", condition=models.Q(status=Status.HELD)),
            models.Index(
                fields=["clinic", "start"], name="appointment_to_repair", condition=~models.Q(needs_repair="")
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(start__lt=models.F("end")), name="appointment_ends_after_start"),
            models.CheckConstraint(
                condition=models.Q(end__lte=models.F("start") + LONGEST), name="appointment_within_a_day"
            ),
            models.CheckConstraint(condition=models.Q(status__in=list(Status)), name="appointment_status_known"),
            models.CheckConstraint(
                condition=models.Q(left_chair__isnull=True, left_start__isnull=True, left_end__isnull=True)
                | models.Q(left_chair__isnull=False, left_start__isnull=False, left_end__isnull=False)
                & models.Q(left_start__lt=models.F("left_end")),
                name="appointment_left_a_whole_place",
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.HELD, held_until__isnull=False)
                | ~models.Q(status=Status.HELD) & models.Q(held_until__isnull=True),
                name="appointment_held_until_when",
            ),
        ]

    @property
    def occupies(self) -> bool:
        """Whether its chair, nurse and patient are taken by it."""
        return self.status in OCCUPIES

    @property
    def is_cancelled(self) -> bool:
        return self.status in CANCELLED

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    @property
    def left_elsewhere(self) -> bool:
        """Whether a move left a place that is not partly its own still: earlier, later or in another chair."""
        if self.left_start is None or self.left_end is None:
            return False
        return self.left_chair_id != self.chair_id or self.left_end <= self.start or self.left_start >= self.end

    def is_unresolved(self, now: datetime) -> bool:
        """Past, and nobody has said what became of it. Shown, never stored."""
        return self.status == Status.BOOKED and self.end < now

    @property
    def state_key(self) -> str:
        """The key of its state chip: the status, refined by what the patient answered."""
        if self.status == Status.BOOKED and self.wants_move_at:
            return "wants-move"
        return "confirmed" if self.status == Status.BOOKED and self.confirmed_at else self.status


class Allocation(Tracked):
    """One resource's lane, taken for a period by a visit, or by what a form holds. The exclusion constraint has the
    last word on every booking.

    `held_until`: of a hold; past it, searches see the place as free, and the next booking or the sweep releases it.
    """

    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="allocations")
    form_hold = models.ForeignKey(FormHold, models.PROTECT, null=True, related_name="allocations")
    resource = models.ForeignKey(Resource, models.PROTECT, to_field="number", related_name="+")
    lane = models.PositiveSmallIntegerField(default=0)
    during = DateTimeRangeField()
    active = models.BooleanField(default=True)
    held_until = models.DateTimeField(null=True)

    class Meta:
        triggers: ClassVar = [
            lane_exists(),
            chair_is_shared_on_purpose(),
            has_its_places("COALESCE(NEW.appointment_id, OLD.appointment_id)"),
            form_hold_has_its_places("COALESCE(NEW.form_hold_id, OLD.form_hold_id)"),
        ]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="allocation_no_overlap",
                expressions=[
                    ("resource", RangeOperators.EQUAL),
                    ("lane", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(active=True),
            ),
            models.CheckConstraint(
                name="allocation_for_one",
                condition=models.Q(appointment__isnull=False, form_hold__isnull=True)
                | models.Q(appointment__isnull=True, form_hold__isnull=False, held_until__isnull=False),
            ),
            # An empty period overlaps nothing, and an endless one would never be found by its start.
            models.CheckConstraint(
                name="allocation_within_a_day",
                condition=models.Q(
                    during__isempty=False,
                    during__lower_inf=False,
                    during__upper_inf=False,
                    during__endswith__lte=models.F("during__startswith") + LONGEST,
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                models.Func(models.F("during"), function="lower"),
                "resource",
                name="allocation_by_start",
                condition=models.Q(active=True),
            )
        ]
