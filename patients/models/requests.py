"""Requests for an appointment, and the tries to answer them. Written by `patients.intake`."""

from datetime import datetime
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from config.audit.models import AppendOnly, Tracked
from config.staff.models import Clinic, User
from patients.models.kinds import Channel, PainCondition, Source, choices
from patients.models.people import Patient, Person
from patients.states import OPEN_REQUESTS, RequestStatus


class IntakeRequest(Person, Tracked):
    """Somebody asks for an appointment. Written by `patients.intake`, `register.tie` and `asked_twice`."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=choices(Source))
    received_at = models.DateTimeField()
    # Who took it down: one of the staff, or the job that nobody's hands did it by.
    received_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    received_job = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=20, choices=choices(RequestStatus), default=RequestStatus.NEW)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, blank=True, related_name="requests")
    duplicate_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    preferred_contact = models.CharField(max_length=8, blank=True, choices=[("phone", "Phone"), *choices(Channel)])
    preferred_times = models.CharField("best days and times", max_length=200, blank=True)
    transport = models.CharField(max_length=200, blank=True)
    consents_sms = models.BooleanField("may be texted", default=False)
    consents_email = models.BooleanField("may be emailed", default=False)
    pain_condition = models.CharField(max_length=30, blank=True, choices=choices(PainCondition))
    pain_since = models.CharField("how long in pain", max_length=80, blank=True)
    usual_severity = models.PositiveSmallIntegerField(
        "usual pain, 0 to 10", null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(10)]
    )
    treatments_tried = models.TextField(blank=True)
    message = models.TextField("in their words", blank=True)
    closed_reason = models.CharField(max_length=200, blank=True)
    # What makes a form that is sent twice one request: a random value in the form's page.
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["clinic", "status", "received_at"], name="request_queue")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(usual_severity__isnull=True) | models.Q(usual_severity__lte=10),
                name="request_severity_0_to_10",
            ),
            models.CheckConstraint(condition=models.Q(status__in=list(RequestStatus)), name="request_status_known"),
            models.CheckConstraint(condition=models.Q(source__in=list(Source)), name="request_source_known"),
            models.CheckConstraint(
                condition=~models.Q(status=RequestStatus.CLOSED) | ~models.Q(closed_reason=""),
                name="request_closed_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(received_by__isnull=False, received_job="")
                | models.Q(received_by__isnull=True) & ~models.Q(received_job=""),
                name="request_received_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(duplicate_of__isnull=True) | models.Q(status=RequestStatus.CLOSED),
                name="request_duplicate_is_closed",
            ),
            models.CheckConstraint(
                condition=~models.Q(duplicate_of=models.F("id")), name="request_not_duplicate_of_itself"
            ),
            models.CheckConstraint(
                condition=~models.Q(status=RequestStatus.READY_FOR_REVIEW) | models.Q(patient__isnull=False),
                name="request_reviewed_for_a_patient",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source.replace('-', ' ')} request"

    @property
    def taken_down_by(self) -> str:
        """The name of whoever took it down, or "the web form"."""
        return self.received_by.full_name if self.received_by else f"the {self.received_job.replace('-', ' ')}"

    @property
    def reference(self) -> str:
        """What the sender of a web form was told to name on the phone."""
        return str(self.submission)[:8].upper() if self.submission else ""

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_REQUESTS

    def waiting_minutes(self, now: datetime) -> int:
        """Minutes since it came in."""
        return int((now - self.received_at).total_seconds() // 60)


class ContactAttempt(AppendOnly):
    """One try to reach the person behind a request."""

    request = models.ForeignKey(IntakeRequest, models.PROTECT, related_name="attempts")
    channel = models.CharField(max_length=8, choices=[("phone", "Phone"), *choices(Channel)])
    reached = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
