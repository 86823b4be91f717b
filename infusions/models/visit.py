"""The visit record: what opens it, the note that closes it, and what may be added afterwards."""

from typing import ClassVar

from django.db import models

from config.audit.models import Tracked
from config.staff.models import Clinic, User
from infusions.clinical import Entry, SignedDocument
from infusions.models.course import Order
from patients.models import Patient
from scheduling.models import Appointment


class Visit(Tracked):
    """One encounter: the record that entries hang from. Its state is the appointment's; it is locked once its note is signed."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")


class VisitNote(SignedDocument):
    """The clinician's own account. Its signature closes the visit."""

    visit = models.OneToOneField(Visit, models.PROTECT, related_name="note")
    response = models.TextField("response, in the clinician's words", blank=True)
    complications = models.TextField(blank=True)
    plan = models.TextField(blank=True)
    text = models.TextField("note", blank=True)


class Addendum(Entry):
    """Added below a signed note, with a reason; the note stays whole."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="addenda")
    text = models.TextField()
    reason = models.CharField(max_length=200)
    signed_name = models.CharField(max_length=160)
    signed_meaning = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(text="") & ~models.Q(reason=""), name="addendum_says_why")
        ]
