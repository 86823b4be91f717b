"""What a visit is made of: its spans, and what each of them needs. A manager sets it: rooms and hands, no more."""

from enum import StrEnum
from typing import ClassVar

from django.db import models

from config.audit.models import Tracked
from config.staff.models import Clinic
from scheduling.models.places import ChairKind


class VisitKind(StrEnum):
    """A consult needs no order; an infusion does."""

    INFUSION = "infusion"
    CONSULT = "consult"


class VisitType(Tracked):
    """A kind of visit as this clinic runs it, such as "First infusion". `chair_kind` empty: any chair will do."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value.capitalize()) for k in VisitKind])
    chair_kind = models.CharField(
        max_length=10, blank=True, choices=[(k.value, k.value.capitalize()) for k in ChairKind]
    )
    position = models.PositiveSmallIntegerField(default=0)
    in_use = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["position", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint("clinic", models.functions.Lower("name"), name="visit_type_name_once"),
            models.CheckConstraint(condition=models.Q(kind__in=list(VisitKind)), name="visit_type_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Span(Tracked):
    """One stretch of a visit, in order. One span of each type has no `minutes`: it takes what the others leave."""

    visit_type = models.ForeignKey(VisitType, models.PROTECT, related_name="spans")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    minutes = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit_type", "position"], name="span_position_once"),
            models.UniqueConstraint(
                fields=["visit_type"], condition=models.Q(minutes__isnull=True), name="span_one_takes_the_rest"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__isnull=True)
                | models.Q(minutes__gte=5, minutes__lte=720, minutes=models.F("minutes") / 5 * 5),
                name="span_minutes_in_fives",
            ),
        ]


class What(StrEnum):
    """What a span can need. Hands: a nurse, hands on. Watch: a share of a nurse, one of the patients they watch."""

    CHAIR = "chair"
    HANDS = "hands"
    WATCH = "watch"
    CLINICIAN = "clinician"
    RECOVERY = "recovery"


class Part(StrEnum):
    """For how much of the span: all of it, or so many minutes at its beginning or end."""

    ALL = "all"
    FIRST = "first"
    LAST = "last"


class Need(Tracked):
    """One thing that a span needs. `minutes` says how long, unless it is needed all through."""

    span = models.ForeignKey(Span, models.PROTECT, related_name="needs")
    what = models.CharField(max_length=10, choices=[(w.value, w.value.capitalize()) for w in What])
    part = models.CharField(max_length=5, default=Part.ALL, choices=[(p.value, p.value.capitalize()) for p in Part])
    minutes = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["span", "what", "part"], name="need_once"),
            models.CheckConstraint(condition=models.Q(what__in=list(What)), name="need_what_known"),
            models.CheckConstraint(
                condition=models.Q(part=Part.ALL, minutes__isnull=True)
                | models.Q(
                    part__in=[Part.FIRST, Part.LAST],
                    minutes__isnull=False,
                    minutes__gte=5,
                    minutes=models.F("minutes") / 5 * 5,
                ),
                name="need_minutes_for_a_part",
            ),
        ]
