"""Candidacy, the protocol order and its standing, and the series that fulfils it."""

from collections.abc import Iterable
from functools import reduce
from operator import and_
from typing import ClassVar

import pgtrigger
from django.db import models

from config.audit.locks import Lock
from config.audit.models import Tracked
from config.staff.models import Clinic, User
from config.staff.permissions import Role
from infusions.clinical import Entry, SignedDocument, clinician_only
from infusions.states import OrderStatus, Outcome
from patients.models import IntakeRequest, Patient
from scheduling.models import Series


def one_patient(table: str, reference: str) -> Lock:
    """What a row refers to belongs to the same patient as the row itself."""
    return Lock(
        name=f"{reference}_of_same_patient",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            IF NEW.{reference}_id IS NOT NULL
               AND NEW.patient_id IS DISTINCT FROM (SELECT patient_id FROM {table} WHERE id = NEW.{reference}_id)
            THEN
                RAISE EXCEPTION '{reference} belongs to another patient'
                    USING ERRCODE = '23514', CONSTRAINT = '{reference}_of_same_patient';
            END IF;
            RETURN NEW;
        """,  # noqa: S608  (names from this file, no input)
    )


def for_signed_order() -> Lock:
    """Only a signed order has a standing or visits."""
    return Lock(
        name="for_signed_order",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF NOT EXISTS (SELECT 1 FROM infusions_order WHERE id = NEW.order_id AND signed_at IS NOT NULL) THEN
                RAISE EXCEPTION 'the order is not signed' USING ERRCODE = '23514', CONSTRAINT = 'for_signed_order';
            END IF;
            RETURN NEW;
        """,
    )


# Whoever wants more information says which, and by when; no other outcome asks for anything.
ASKS = ~models.Q(ask_for="") & models.Q(outcome=Outcome.MORE_INFORMATION, information_due__isnull=False)
ASKS_NOTHING = ~models.Q(outcome=Outcome.MORE_INFORMATION) & models.Q(ask_for="", information_due__isnull=True)


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
    # What the desk is to find out and by when: the one part of a decision that the desk reads.
    ask_for = models.CharField(max_length=200, blank=True)
    information_due = models.DateField(null=True)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    signed_name = models.CharField(max_length=160)
    signed_meaning = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="decision_has_reason"),
            models.CheckConstraint(condition=models.Q(outcome__in=list(Outcome)), name="decision_outcome_known"),
            models.CheckConstraint(condition=~models.Q(content_hash=""), name="decision_is_signed"),
            models.CheckConstraint(condition=ASKS | ASKS_NOTHING, name="decision_more_information_asks"),
            # With the one-to-one above it makes one line of decisions, so that "the newest" is never two.
            models.UniqueConstraint(
                fields=["patient"], condition=models.Q(supersedes__isnull=True), name="decision_one_first"
            ),
        ]
        triggers: ClassVar = [one_patient("infusions_candidacydecision", "supersedes")]


# What an order says in text. Blank is NULL, never an empty string: nothing was written.
TEXTS = (
    "indication", "agent", "route", "dose", "dose_unit", "rate", "rate_unit", "diluent", "bolus", "titration",
    "items_to_record", "premedication", "rescue_drugs", "fasting_instructions", "escort_instructions", "stop_criteria",
    "discharge_criteria", "minimum_stay", "labs_needed",
)  # fmt: skip


def in_order(name: str, first: str, last: str) -> models.CheckConstraint:
    """The first is not after the last, when both are written."""
    blank = models.Q(**{f"{first}__isnull": True}) | models.Q(**{f"{last}__isnull": True})
    return models.CheckConstraint(name=name, condition=blank | models.Q(**{f"{first}__lte": models.F(last)}))


class Order(SignedDocument):
    """A protocol order. Dose, rate and the like are text as the prescriber typed it, unit included in its own field;
    there is no number to compute with. Count, gaps and minutes are whole numbers that only the prescriber's request
    writes. A draft is its author's; one that they put away has `discarded_at`.
    """

    written_by: ClassVar[Iterable[Role]] = (Role.PRESCRIBER,)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    candidacy = models.ForeignKey(CandidacyDecision, models.PROTECT, null=True, related_name="+")
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    supersedes_reason = models.TextField(blank=True)
    discarded_at = models.DateTimeField(null=True)

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
            in_order("order_gaps_in_order", "min_gap_days", "max_gap_days"),
            in_order("order_first_visit_in_order", "first_visit_from", "first_visit_until"),
            in_order("order_validity_in_order", "valid_from", "valid_until"),
            models.CheckConstraint(
                name="order_visits_not_zero", condition=models.Q(visits__isnull=True) | models.Q(visits__gte=1)
            ),
            models.CheckConstraint(
                name="order_chair_time_not_zero",
                condition=models.Q(chair_minutes__isnull=True) | models.Q(chair_minutes__gte=1),
            ),
            models.CheckConstraint(
                name="order_blank_is_null", condition=reduce(and_, (~models.Q(**{name: ""}) for name in TEXTS))
            ),
            models.CheckConstraint(
                name="order_signed_whole",
                condition=models.Q(signed_at__isnull=True, content_hash="", signed_name="")
                | (models.Q(signed_at__isnull=False, discarded_at__isnull=True) & ~models.Q(content_hash="")),
            ),
            models.UniqueConstraint(
                fields=["author", "patient"],
                condition=models.Q(signed_at__isnull=True, discarded_at__isnull=True),
                name="order_one_draft_each",
            ),
            models.UniqueConstraint(
                fields=["supersedes"], condition=models.Q(signed_at__isnull=False), name="order_superseded_once"
            ),
            models.CheckConstraint(
                name="order_supersedes_with_reason",
                condition=models.Q(supersedes__isnull=True) | ~models.Q(supersedes_reason=""),
            ),
        ]
        triggers: ClassVar = [
            one_patient("infusions_order", "supersedes"),
            one_patient("infusions_candidacydecision", "candidacy"),
        ]


IN_FORCE = (OrderStatus.ACTIVE, OrderStatus.ON_HOLD)


class OrderStanding(Tracked):
    """Whether a signed order is in force. Apart from the order, because the order's own row never changes again.
    A patient has one order in force at most: every visit then knows whose limits hold.
    """

    order = models.OneToOneField(Order, models.PROTECT, related_name="standing")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=[(s.value, s.value) for s in OrderStatus])
    reason = models.TextField(blank=True)
    since = models.DateTimeField()
    moved_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(status__in=list(OrderStatus)), name="standing_status_known"),
            models.UniqueConstraint(
                fields=["patient"], condition=models.Q(status__in=list(IN_FORCE)), name="standing_one_in_force"
            ),
        ]
        triggers: ClassVar = [
            for_signed_order(),
            one_patient("infusions_order", "order"),
            clinician_only("desk_acting_user()", (Role.PRESCRIBER,)),
        ]


class Fulfilment(Tracked):
    """A signed order and a series booked for it."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="fulfilments")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    series = models.OneToOneField(Series, models.PROTECT, related_name="+")

    class Meta:
        triggers: ClassVar = [
            for_signed_order(),
            one_patient("infusions_order", "order"),
            one_patient("scheduling_series", "series"),
        ]
