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


class Purpose(StrEnum):
    """Whether the visit takes place there, or only the recovery after it."""

    TREATMENT = "treatment"
    RECOVERY = "recovery"


LONGEST_TURNOVER = 120


class Chair(Tracked):
    """A treatment or recovery place. Written by `scheduling.places`.

    `turnover_minutes` after each visit it is made ready and cannot be taken; the visit itself does not last longer.
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    kind = models.CharField(
        max_length=10, default=ChairKind.RECLINER, choices=[(k.value, k.value.capitalize()) for k in ChairKind]
    )
    pod = models.CharField(max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place on the board, from the top.")
    in_service = models.BooleanField(default=True)
    purpose = models.CharField(
        max_length=10, default=Purpose.TREATMENT, choices=[(p.value, p.value.capitalize()) for p in Purpose]
    )
    turnover_minutes = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint("clinic", Lower("name"), name="chair_name_once"),
            models.CheckConstraint(condition=models.Q(purpose__in=list(Purpose)), name="chair_purpose_known"),
            models.CheckConstraint(
                condition=models.Q(turnover_minutes__lte=LONGEST_TURNOVER)
                & models.Q(turnover_minutes=models.F("turnover_minutes") / 5 * 5),
                name="chair_turnover_in_fives",
            ),
        ]

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


class OpenDay(Tracked):
    """One stretch in which the clinic is open on that one day. Any such row replaces the weekly hours of its day."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    day = models.DateField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(opens__lt=models.F("closes")), name="open_day_open_before_close"),
            ExclusionConstraint(
                name="open_day_no_overlap",
                expressions=[
                    ("clinic", RangeOperators.EQUAL),
                    ("day", RangeOperators.EQUAL),
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
    RECOVERY = "recovery"
    NURSE = "nurse"
    CLINICIAN = "clinician"
    PATIENT = "patient"


def _is_one_thing() -> models.Q:
    """A place, a member of staff or a patient: what the kind says, and nothing else."""
    place = models.Q(chair__isnull=False, staff__isnull=True, patient__isnull=True)
    staff = models.Q(chair__isnull=True, staff__isnull=False, patient__isnull=True)
    patient = models.Q(chair__isnull=True, staff__isnull=True, patient__isnull=False)
    return (
        models.Q(kind__in=[Kind.CHAIR, Kind.RECOVERY]) & place
        | models.Q(kind__in=[Kind.NURSE, Kind.CLINICIAN]) & staff
        | models.Q(kind=Kind.PATIENT) & patient
    )


class Resource(Tracked):
    """Anything that an allocation can take. `number` is its short name in allocations and in the search's bitsets.

    A nurse has lane 0 for hands-on work and lanes 1 to `watch_lanes` for patients watched at once; all others lane 0.
    `by_rota`: works only when a rota says so; otherwise whenever the clinic is open.
    """

    number = models.BigIntegerField(
        unique=True,
        editable=False,
        db_default=models.Func(models.Value("scheduling_resource_number"), function="nextval"),
    )
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value.capitalize()) for k in Kind])
    chair = models.OneToOneField(Chair, models.PROTECT, null=True, related_name="resource")
    # One person is one resource: whoever watches patients as a nurse cannot sign off elsewhere at the same time.
    staff = models.OneToOneField(User, models.PROTECT, null=True, related_name="+")
    patient = models.OneToOneField(Patient, models.PROTECT, null=True, related_name="+")
    watch_lanes = models.PositiveSmallIntegerField(default=0)
    by_rota = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="resource_lanes_for_nurses",
                condition=models.Q(kind="nurse", watch_lanes__gte=1)
                | ~models.Q(kind="nurse") & models.Q(watch_lanes=0),
            ),
            models.CheckConstraint(name="resource_is_one_thing", condition=_is_one_thing()),
            models.CheckConstraint(
                name="resource_rota_for_staff",
                condition=models.Q(by_rota=False) | models.Q(kind__in=[Kind.NURSE, Kind.CLINICIAN]),
            ),
        ]
