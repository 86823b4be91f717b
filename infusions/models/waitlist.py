"""Who waits for an earlier or a free place, and which freed place was offered to whom."""

from enum import StrEnum
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from config.audit.locks import Lock
from config.audit.models import Tracked
from config.staff.models import Clinic, User
from infusions.models.course import Order, one_patient
from patients.models import Patient
from scheduling.models import Appointment, Chair
from scheduling.models.kinds import VisitKind

ANY_DAY = list(range(7))


class Closed(StrEnum):
    """Why somebody no longer waits."""

    BOOKED = "booked"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    ORDER_ENDED = "order-ended"
    VISIT_GONE = "visit-gone"


class How(StrEnum):
    """How an offer reaches the patient: somebody has them on the telephone now, a colleague is asked to call, or they
    get a message with a link."""

    CALL = "call"
    TO_CALL = "to-call"
    MESSAGE = "message"


class Said(StrEnum):
    """What a patient says of an offer by the link in its message. It books nothing: the desk answers for them."""

    WANTS = "wants"
    DECLINES = "declines"


class Answer(StrEnum):
    """What came of an offer. Taken: another one of the same place was quicker."""

    YES = "yes"
    NO = "no"
    EXPIRED = "expired"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"


def order_is_signed() -> Lock:
    """Whoever waits for an infusion waits on a signed order."""
    return Lock(
        name="waitlist_order_is_signed",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF NEW.order_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM infusions_order WHERE id = NEW.order_id AND signed_at IS NOT NULL
            ) THEN
                RAISE EXCEPTION 'the order is not signed'
                    USING ERRCODE = '23514', CONSTRAINT = 'waitlist_order_is_signed';
            END IF;
            RETURN NEW;
        """,
    )


def within_clinic() -> Lock:
    """The patient, and the visit that they would like earlier, are the clinic's."""
    return Lock(
        name="waitlist_within_clinic",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF NEW.clinic_id IS DISTINCT FROM (SELECT clinic_id FROM patients_patient WHERE id = NEW.patient_id)
               OR EXISTS (SELECT FROM scheduling_appointment a
                          WHERE a.id = NEW.appointment_id AND a.clinic_id <> NEW.clinic_id) THEN
                RAISE EXCEPTION 'the entry belongs to another clinic'
                    USING ERRCODE = '23514', CONSTRAINT = 'waitlist_within_clinic';
            END IF;
            RETURN NEW;
        """,
    )


def offer_fits_entry() -> Lock:
    """An offer's chair is of the entry's clinic; what is held and what came of it are the patient's."""
    return Lock(
        name="offer_fits_entry",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF NOT EXISTS (
                SELECT FROM infusions_waitlistentry e JOIN scheduling_chair c ON c.clinic_id = e.clinic_id
                WHERE e.id = NEW.entry_id AND c.id = NEW.chair_id
            ) OR EXISTS (
                SELECT FROM infusions_waitlistentry e
                JOIN scheduling_appointment a ON a.id IN (NEW.hold_id, NEW.visit_id)
                WHERE e.id = NEW.entry_id AND a.patient_id <> e.patient_id
            ) THEN
                RAISE EXCEPTION 'the offer belongs to another patient or clinic'
                    USING ERRCODE = '23514', CONSTRAINT = 'offer_fits_entry';
            END IF;
            RETURN NEW;
        """,
    )


OPEN = models.Q(closed_at__isnull=True)
NO_VISIT = models.Q(appointment__isnull=True)


class WaitlistEntry(Tracked):
    """Somebody who would take a place that comes free. Written by `infusions.waitlist`.

    With `order` they wait for an infusion, without for a consult. With `appointment` they have a visit and would like
    it earlier (`visit_start`: when it was as they joined). `minutes`: of a consult that is not booked yet.
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    visit_start = models.DateTimeField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    # What they wish, in clinic days and wall time; empty: anything.
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True, size=7)
    time_from = models.TimeField(null=True)
    time_until = models.TimeField(null=True)
    earliest = models.DateField(null=True)
    latest = models.DateField(null=True)
    notice_hours = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=20, blank=True, choices=[(c.value, c.value) for c in Closed])

    class Meta:
        verbose_name = "waitlist entry"
        verbose_name_plural = "waitlist entries"
        indexes: ClassVar = [
            models.Index(fields=["clinic", "since"], name="waitlist_in_line", condition=OPEN),
            models.Index(fields=["clinic", "closed_at"], name="waitlist_closed"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["appointment"], condition=OPEN, name="waitlist_once_for_a_visit"),
            models.UniqueConstraint(
                fields=["patient"],
                condition=OPEN & NO_VISIT & models.Q(order__isnull=False),
                name="waitlist_once_for_an_infusion",
            ),
            models.UniqueConstraint(
                fields=["patient"],
                condition=OPEN & NO_VISIT & models.Q(order__isnull=True),
                name="waitlist_once_for_a_consult",
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__isnull=True) & (models.Q(order__isnull=False) | ~NO_VISIT)
                | models.Q(minutes__gt=0, order__isnull=True) & NO_VISIT,
                name="waitlist_minutes_of_a_new_consult",
            ),
            models.CheckConstraint(
                condition=NO_VISIT & models.Q(visit_start__isnull=True)
                | ~NO_VISIT & models.Q(visit_start__isnull=False),
                name="waitlist_visit_start_when",
            ),
            models.CheckConstraint(condition=models.Q(weekdays__contained_by=ANY_DAY), name="waitlist_weekdays_known"),
            models.CheckConstraint(
                condition=models.Q(time_from__isnull=True)
                | models.Q(time_until__isnull=True)
                | models.Q(time_from__lt=models.F("time_until")),
                name="waitlist_times_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(earliest__isnull=True)
                | models.Q(latest__isnull=True)
                | models.Q(earliest__lte=models.F("latest")),
                name="waitlist_days_in_order",
            ),
            models.CheckConstraint(condition=models.Q(notice_hours__lte=336), name="waitlist_notice_sensible"),
            models.CheckConstraint(
                condition=OPEN & models.Q(closed_reason="")
                | models.Q(closed_at__isnull=False, closed_reason__in=list(Closed)),
                name="waitlist_closed_with_reason",
            ),
        ]
        triggers: ClassVar = [
            one_patient("infusions_order", "order"),
            one_patient("scheduling_appointment", "appointment"),
            order_is_signed(),
            within_clinic(),
        ]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def kind(self) -> VisitKind:
        return VisitKind.CONSULT if self.order_id is None else VisitKind.INFUSION


class WaitlistOffer(Tracked):
    """A freed place that was offered to somebody. Written by `infusions.waitlist`.

    Offers of one `round` are of the same place: it is held, by the `hold` of whoever was offered it first, until
    `expires_at`, and the first yes has it, whosever it is. `visit`: what came of a yes. `said`: what the patient said
    by the link in a message, which the desk has yet to act on.
    """

    entry = models.ForeignKey(WaitlistEntry, models.PROTECT, related_name="offers")
    round = models.UUIDField()
    chair = models.ForeignKey(Chair, models.PROTECT, related_name="+")
    start = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    hold = models.OneToOneField(Appointment, models.PROTECT, null=True, related_name="+")
    visit = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="+")
    how = models.CharField(max_length=10, choices=[(h.value, h.value) for h in How])
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    said = models.CharField(max_length=10, blank=True, choices=[(s.value, s.value) for s in Said])
    said_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, blank=True, choices=[(a.value, a.value) for a in Answer])
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "waitlist offer"
        indexes: ClassVar = [
            models.Index(fields=["round"], name="offer_by_round"),
            models.Index(fields=["chair", "start"], name="offer_open_by_chair", condition=models.Q(answer="")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry"], condition=models.Q(answer=""), name="offer_one_open_for_an_entry"
            ),
            models.UniqueConstraint(
                fields=["round"], condition=models.Q(answer=Answer.YES), name="offer_one_yes_in_a_round"
            ),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True)
                | models.Q(answer__in=list(Answer), answered_at__isnull=False),
                name="offer_answered_when",
            ),
            models.CheckConstraint(
                condition=models.Q(answer=Answer.YES, visit__isnull=False)
                | ~models.Q(answer=Answer.YES) & models.Q(visit__isnull=True),
                name="offer_visit_of_a_yes",
            ),
            models.CheckConstraint(condition=models.Q(how__in=list(How)), name="offer_how_known"),
            models.CheckConstraint(
                condition=models.Q(said="", said_at__isnull=True)
                | models.Q(how=How.MESSAGE, said__in=list(Said), said_at__isnull=False),
                name="offer_said_when",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__lte=models.F("start")), name="offer_ends_before_the_visit"
            ),
            models.CheckConstraint(condition=models.Q(minutes__gt=0), name="offer_has_minutes"),
        ]
        triggers: ClassVar = [offer_fits_entry()]

    @property
    def is_answered(self) -> bool:
        return self.answer != ""
