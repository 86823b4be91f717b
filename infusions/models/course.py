"""Candidacy, the protocol order and its standing, and the series that fulfils it."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from config.audit.models import Tracked
from config.staff.models import Clinic
from config.staff.permissions import Role
from infusions.clinical import Entry, SignedDocument
from infusions.states import OrderStatus, Outcome
from patients.models import IntakeRequest, Patient
from scheduling.models import Series


class CandidacyDecision(Entry):
    """A prescriber's signed decision. The newest of a patient counts; a change is a new one that supersedes it."""

    written_by: ClassVar[Iterable[Role]] = (Role.PRESCRIBER,)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    request = models.ForeignKey(IntakeRequest, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(
        max_length=30, choices=[(o.value, o.value.replace("-", " ").capitalize()) for o in Outcome]
    )
    reason = models.TextField()
    conditions = models.TextField(blank=True)
    valid_until = models.DateField(null=True)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    signed_name = models.CharField(max_length=160)
    signed_meaning = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="decision_has_reason"),
            models.CheckConstraint(condition=models.Q(outcome__in=list(Outcome)), name="decision_outcome_known"),
        ]


class Order(SignedDocument):
    """A protocol order. Dose, rate and the like are text as the prescriber typed it, unit included in its own field;
    there is no number to compute with. Count, gaps and minutes are whole numbers that only the prescriber's request writes.
    """

    written_by: ClassVar[Iterable[Role]] = (Role.PRESCRIBER,)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    candidacy = models.ForeignKey(CandidacyDecision, models.PROTECT, null=True, related_name="+")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    supersedes_reason = models.TextField(blank=True)

    indication = models.TextField(null=True)
    agent = models.CharField(max_length=120, null=True)
    route = models.CharField(max_length=60, null=True)
    dose = models.CharField(max_length=60, null=True)
    dose_unit = models.CharField(max_length=40, null=True)
    rate = models.CharField(max_length=60, null=True)
    rate_unit = models.CharField(max_length=40, null=True)
    diluent = models.CharField(max_length=120, null=True)
    bolus = models.TextField(null=True)
    titration = models.TextField(null=True)
    planned_minutes = models.PositiveSmallIntegerField("planned duration, minutes", null=True)
    chair_minutes = models.PositiveSmallIntegerField("chair time, minutes", null=True)
    visits = models.PositiveSmallIntegerField("number of visits", null=True)
    min_gap_days = models.PositiveSmallIntegerField("smallest gap, days", null=True)
    max_gap_days = models.PositiveSmallIntegerField("largest gap, days", null=True)
    first_visit_from = models.DateField(null=True)
    first_visit_until = models.DateField(null=True)
    vitals_before_minutes = models.PositiveSmallIntegerField("vital signs before, every minutes", null=True)
    vitals_during_minutes = models.PositiveSmallIntegerField("vital signs during, every minutes", null=True)
    vitals_after_minutes = models.PositiveSmallIntegerField("vital signs after, every minutes", null=True)
    items_to_record = models.TextField(null=True)
    premedication = models.TextField(null=True)
    rescue_drugs = models.TextField(null=True)
    fasting_instructions = models.TextField(null=True)
    escort_instructions = models.TextField(null=True)
    stop_criteria = models.TextField("hold or stop criteria", null=True)
    discharge_criteria = models.TextField(null=True)
    minimum_stay = models.CharField(max_length=120, null=True)
    labs_needed = models.TextField(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="order_gaps_in_order",
                condition=models.Q(min_gap_days__isnull=True)
                | models.Q(max_gap_days__isnull=True)
                | models.Q(min_gap_days__lte=models.F("max_gap_days")),
            ),
            models.CheckConstraint(
                name="order_visits_not_zero", condition=models.Q(visits__isnull=True) | models.Q(visits__gte=1)
            ),
            models.CheckConstraint(
                name="order_supersedes_with_reason",
                condition=models.Q(supersedes__isnull=True) | ~models.Q(supersedes_reason=""),
            ),
        ]


class OrderStanding(Tracked):
    """Whether a signed order is in force. Apart from the order, because the order's own row never changes again."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="standing")
    status = models.CharField(max_length=20, choices=[(s.value, s.value) for s in OrderStatus])
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(status__in=list(OrderStatus)), name="standing_status_known")
        ]


class Fulfilment(Tracked):
    """A signed order and a series booked for it."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="fulfilments")
    series = models.OneToOneField(Series, models.PROTECT, related_name="+")
