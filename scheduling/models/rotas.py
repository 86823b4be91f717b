"""When people work: a weekly pattern, single days that differ, and time off. In clinic wall time."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models

from config.audit.models import Tracked
from scheduling.models.places import Resource, StretchOfDay


class Days(models.Func):
    """Two days as a range that contains both; without a second one it has no end."""

    template = "daterange(%(expressions)s, '[]')"


class RotaShift(Tracked):
    """One stretch of a weekday (Monday 0) that somebody works, week after week, from one day to another or for ever."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)])
    starts = models.TimeField()
    ends = models.TimeField()
    first_day = models.DateField()
    last_day = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(starts__lt=models.F("ends")), name="shift_starts_before_end"),
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="shift_weekday_known"),
            models.CheckConstraint(
                condition=models.Q(last_day__isnull=True) | models.Q(last_day__gte=models.F("first_day")),
                name="shift_valid_forwards",
            ),
            ExclusionConstraint(
                name="shift_no_overlap",
                expressions=[
                    ("resource", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (StretchOfDay("starts", "ends"), RangeOperators.OVERLAPS),
                    (Days("first_day", "last_day"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class RotaDay(Tracked):
    """A stretch that somebody works on that one day; without times, they are off. Replaces the pattern of its day."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+")
    day = models.DateField()
    starts = models.TimeField(null=True)
    ends = models.TimeField(null=True)
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(starts__isnull=True, ends__isnull=True)
                | models.Q(starts__isnull=False, ends__isnull=False, starts__lt=models.F("ends")),
                name="rota_day_whole_stretch",
            ),
            ExclusionConstraint(
                name="rota_day_no_overlap",
                expressions=[
                    ("resource", RangeOperators.EQUAL),
                    ("day", RangeOperators.EQUAL),
                    (StretchOfDay("starts", "ends"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class TimeOff(Tracked):
    """Whole days, both included, on which somebody does not work, whatever the rota says."""

    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+")
    first = models.DateField()
    last = models.DateField()
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name_plural = "time off"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(first__lte=models.F("last")), name="time_off_forwards"),
            ExclusionConstraint(
                name="time_off_no_overlap",
                expressions=[
                    ("resource", RangeOperators.EQUAL),
                    (Days("first", "last"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
