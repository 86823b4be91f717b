"""What a prescriber allows for one visit against the order's own limits, and which visit came to use it."""

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from django.db import models

from config.audit.models import AppendOnly
from config.staff.permissions import Role
from infusions.clinical import Entry
from infusions.models.course import Order, for_signed_order, one_patient
from patients.models import Patient
from scheduling.models import Appointment


class ExceptionKind(StrEnum):
    """What is allowed: a visit outside the ordered gaps, or one without an escort."""

    OUTSIDE_GAPS = "outside-gaps"
    NO_ESCORT = "no-escort"


class OrderException(Entry):
    """A prescriber's signed word that one visit, on that day, may depart from the order. It covers no other."""

    written_by: ClassVar[Iterable[Role]] = (Role.PRESCRIBER,)
    order = models.ForeignKey(Order, models.PROTECT, related_name="exceptions")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    kind = models.CharField(
        max_length=20, choices=[(k.value, k.value.replace("-", " ").capitalize()) for k in ExceptionKind]
    )
    day = models.DateField()
    reason = models.TextField()
    signed_name = models.CharField(max_length=160)
    signed_meaning = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="exception_has_reason"),
            models.CheckConstraint(condition=models.Q(kind__in=list(ExceptionKind)), name="exception_kind_known"),
            models.CheckConstraint(condition=~models.Q(content_hash=""), name="exception_is_signed"),
        ]
        triggers: ClassVar = [for_signed_order(), one_patient("infusions_order", "order")]

    def __str__(self) -> str:
        return f"allowed by {self.signed_name}: {self.reason}"


class ExceptionUse(AppendOnly):
    """The visit that was put on the day of an exception. It holds for as long as that visit stands there."""

    exception = models.ForeignKey(OrderException, models.PROTECT, related_name="uses")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exception", "appointment"], name="exception_used_once_by_a_visit")
        ]
