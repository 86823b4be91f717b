"""Where and when visits can take place."""

from enum import StrEnum
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Lower

from config.audit.models import Tracked
from config.staff.models import Clinic, User
from patients.models import Patient


class ChairKind(StrEnum):
    """What the patient sits or lies in."""

    RECLINER = "recliner"
    BED = "bed"


class Chair(Tracked):
    """A treatment place. Written by `scheduling.places`."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    kind = models.CharField(
        max_length=10, default=ChairKind.RECLINER, choices=[(k.value, k.value.capitalize()) for k in ChairKind]
    )
    pod = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place on the board, from the top.")
    in_service = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["position", "name"]
        constraints: ClassVar = [models.UniqueConstraint("clinic", Lower("name"), name="chair_name_once")]

    def __str__(self) -> str:
        return self.name


class StretchOfDay(models.Func):
    """Two times of day as a range, for which PostgreSQL has no type of its own."""

    template = "tsrange(DATE '2000-01-01' + %(expressions)s)"
    arg_joiner = ", DATE '2000-01-01' + "


class OpeningHours(Tracked):
    """One stretch of a weekday (Monday 0) in clinic wall time, during which visits may be under way."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)])
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        verbose_name_plural = "opening hours"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(opens__lt=models.F("closes")), name="hours_open_before_close"),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="hours_weekday_known"),
            ExclusionConstraint(
                name="hours_no_overlap",
                expressions=[
                    ("clinic", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (StretchOfDay("opens", "closes"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Closure(Tracked):
    """A clinic day on which nothing can be booked."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    day = models.DateField()
    reason = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["clinic", "day"], name="closure_day_once")]


class Kind(StrEnum):
    """What can be taken by a visit, and so only once at a time."""

    CHAIR = "chair"
    NURSE = "nurse"
    PATIENT = "patient"


class Resource(Tracked):
    """Anything that an allocation can take. `number` is its short name in allocations and in the search's bitsets.

    A nurse has lane 0 for hands-on work and lanes 1 to `watch_lanes` for patients watched at once; all others lane 0.
    """

    number = models.BigIntegerField(
        unique=True,
        editable=False,
        db_default=models.Func(models.Value("scheduling_resource_number"), function="nextval"),
    )
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value.capitalize()) for k in Kind])
    chair = models.OneToOneField(Chair, models.PROTECT, null=True, related_name="resource")
    nurse = models.OneToOneField(User, models.PROTECT, null=True, related_name="+")
    patient = models.OneToOneField(Patient, models.PROTECT, null=True, related_name="+")
    watch_lanes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="resource_lanes_for_nurses",
                condition=models.Q(kind="nurse", watch_lanes__gte=1)
                | ~models.Q(kind="nurse") & models.Q(watch_lanes=0),
            ),
            models.CheckConstraint(
                name="resource_is_one_thing",
                condition=(
                    models.Q(kind="chair", chair__isnull=False, nurse__isnull=True, patient__isnull=True)
                    | models.Q(kind="nurse", chair__isnull=True, nurse__isnull=False, patient__isnull=True)
                    | models.Q(kind="patient", chair__isnull=True, nurse__isnull=True, patient__isnull=False)
                ),
            ),
        ]
