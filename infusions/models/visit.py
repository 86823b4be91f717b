"""The visit record: what opens it, the note that closes it, and what may be added afterwards."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.functional import cached_property

from config.audit.locks import Lock
from config.audit.models import Tracked
from config.staff.models import Clinic, User
from config.staff.permissions import CLINICAL_ROLES
from infusions.clinical import Entry, SignedDocument, clinician_only
from infusions.models.course import Order
from patients.models import Patient
from scheduling.models import Appointment
from scheduling.states import Status


def in_date(moment: str) -> str:
    """SQL: the order `o` of clinic `c` is valid on the day of that moment, by the clinic's clock."""
    day = f"({moment} AT TIME ZONE c.zone)::date"
    return f"(o.valid_from IS NULL OR o.valid_from <= {day}) AND (o.valid_until IS NULL OR o.valid_until >= {day})"


def fits_appointment() -> Lock:
    """A visit is of its appointment's patient and clinic; an infusion names a signed order in force and in date."""
    return Lock(
        name="fits_appointment",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NOT EXISTS (
                SELECT 1 FROM scheduling_appointment a
                WHERE a.id = NEW.appointment_id AND a.patient_id = NEW.patient_id AND a.clinic_id = NEW.clinic_id
                  AND (NEW.order_id IS NOT NULL OR a.kind = 'consult')
            ) OR (NEW.order_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM infusions_order o JOIN infusions_orderstanding s ON s.order_id = o.id
                JOIN staff_clinic c ON c.id = o.clinic_id
                WHERE o.id = NEW.order_id AND o.patient_id = NEW.patient_id AND o.signed_at IS NOT NULL
                  AND s.status = 'active' AND {in_date("NEW.opened_at")}
            )) THEN
                RAISE EXCEPTION 'a visit needs its appointment''s patient and an order in force'
                    USING ERRCODE = '23514', CONSTRAINT = 'visit_fits_appointment';
            END IF;
            RETURN NEW;
        """,  # noqa: S608  (names from this file, no input)
    )


def visit_stands() -> Lock:
    """The record that entries hang from is not moved to another patient or appointment, nor removed. Its order is
    exchanged only for one in force and in date, while nothing was given, by a `NewerOrder` of the same act that says
    so."""
    return Lock(
        name="visit_stands",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP = 'UPDATE'
               AND to_jsonb(NEW) - 'order_id' - 'version' = to_jsonb(OLD) - 'order_id' - 'version'
               AND EXISTS (
                    SELECT 1 FROM infusions_newerorder n
                    WHERE n.visit_id = OLD.id AND n.before_id = OLD.order_id AND n.order_id = NEW.order_id
                      AND n.recorded_at >= transaction_timestamp()
               ) AND EXISTS (
                    SELECT 1 FROM infusions_order o JOIN infusions_orderstanding s ON s.order_id = o.id
                    JOIN staff_clinic c ON c.id = o.clinic_id
                    JOIN infusions_newerorder n ON n.visit_id = OLD.id AND n.order_id = o.id
                    WHERE o.id = NEW.order_id AND o.patient_id = NEW.patient_id AND o.signed_at IS NOT NULL
                      AND s.status = 'active' AND {in_date("n.entered_at")}
               ) AND NOT EXISTS (
                    SELECT 1 FROM infusions_administration given
                    WHERE given.visit_id = OLD.id AND NOT given.entered_in_error
                      AND NOT EXISTS (SELECT 1 FROM infusions_administration later WHERE later.supersedes_id = given.id)
               )
            THEN RETURN NEW; END IF;
            PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP);
            RETURN NULL;
        """,  # noqa: S608  (names from this file, no input)
    )


def visit_stood_under_it() -> Lock:
    """A newer order takes the place of the one that the visit stands under at that moment. The visit's row decides
    races: a start that is being charted is waited for."""
    return Lock(
        name="visit_stood_under_it",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("stood_under", "uuid")],
        func="""
            SELECT order_id INTO stood_under FROM infusions_visit WHERE id = NEW.visit_id FOR UPDATE;
            IF stood_under IS DISTINCT FROM NEW.before_id THEN
                RAISE EXCEPTION 'the visit is not under that order'
                    USING ERRCODE = '23514', CONSTRAINT = 'newer_order_of_this_visit';
            END IF;
            RETURN NEW;
        """,
    )


def signature_closes_visit() -> Lock:
    """A signature waits for entries under way, keeps later ones out, and needs every adverse event's outcome."""
    return Lock(
        name="signature_closes_visit",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF NEW.signed_at IS NULL THEN RETURN NEW; END IF;
            PERFORM 1 FROM infusions_visit WHERE id = NEW.visit_id FOR UPDATE;
            IF EXISTS (
                SELECT 1 FROM infusions_adverseevent e
                WHERE e.visit_id = NEW.visit_id AND NOT e.entered_in_error
                  AND NOT EXISTS (SELECT 1 FROM infusions_adverseevent later WHERE later.supersedes_id = e.id)
                GROUP BY e.event HAVING bool_and(e.outcome IS NULL)
            ) THEN
                RAISE EXCEPTION 'an adverse event has no outcome'
                    USING ERRCODE = '23514', CONSTRAINT = 'note_waits_for_outcomes';
            END IF;
            RETURN NEW;
        """,
    )


def addendum_after_signature() -> Lock:
    """There is nothing to add to until the note is signed."""
    return Lock(
        name="addendum_after_signature",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF NOT EXISTS (
                SELECT 1 FROM infusions_visitnote WHERE visit_id = NEW.visit_id AND signed_at IS NOT NULL
            ) THEN
                RAISE EXCEPTION 'the note is not signed'
                    USING ERRCODE = '23514', CONSTRAINT = 'addendum_after_signature';
            END IF;
            RETURN NEW;
        """,
    )


# Whoever opens a record signs for that; whoever changes it later need not be the one who opened it.
WHO_ACTS = "CASE TG_OP WHEN 'INSERT' THEN NEW.opened_by_id ELSE desk_acting_user() END"


class Visit(Tracked):
    """One encounter: the record that entries hang from. Its state is the appointment's; it is closed once its note is
    signed. Written by `infusions.records`."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    appointment = models.OneToOneField(Appointment, models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["clinic", "-opened_at", "-id"], name="visit_by_clinic"),
            models.Index(fields=["patient", "opened_at"], name="visit_by_patient"),
        ]
        triggers: ClassVar = [fits_appointment(), visit_stands(), clinician_only(WHO_ACTS, CLINICAL_ROLES)]

    @cached_property
    def newer_taken(self) -> list["NewerOrder"]:
        """The newer versions of its order under which it went on, in order. One query."""
        return list(self.newer_orders.select_related("author", "before", "order").order_by("recorded_at"))

    @cached_property
    def handed_over(self) -> list["NoteHandover"]:
        """Who took the note over from whom, in order. One query."""
        return list(self.handovers.select_related("began_by", "author").order_by("recorded_at"))

    @cached_property
    def ending(self) -> "VisitEnding | None":
        """Why it ended without a discharge, if it did. One query at most."""
        if self.appointment.status not in (Status.NOT_TREATED, Status.STOPPED_EARLY):
            return None
        ends = self.endings.filter(status=self.appointment.status).select_related("author")
        return ends.order_by("-recorded_at").first()


class VisitEnding(Entry):
    """Why a visit ended without a discharge, in the clinician's words. It stays in the record; the book says only that
    it ended so."""

    closes_with_note: ClassVar[bool] = True
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="endings")
    status = models.CharField(max_length=24, choices=[(s, s) for s in (Status.NOT_TREATED, Status.STOPPED_EARLY)])
    reason = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="visit_ending_has_reason"),
            models.CheckConstraint(
                condition=models.Q(status__in=[Status.NOT_TREATED, Status.STOPPED_EARLY]), name="visit_ending_known"
            ),
        ]


class NewerOrder(Entry):
    """Before anything was given, the visit went on under the version of its order that had come into force since its
    record was opened. Written by `infusions.newer_order`."""

    closes_with_note: ClassVar[bool] = True
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="newer_orders")
    before = models.ForeignKey(Order, models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, models.PROTECT, related_name="+")

    class Meta:
        triggers: ClassVar = [visit_stood_under_it()]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(before=models.F("order")), name="newer_order_is_another"),
        ]


class VisitNote(SignedDocument):
    """The clinician's own account. Its signature closes the visit. Written by `infusions.notes`."""

    # A colleague took the draft over in this very transaction.
    author_changes_when: ClassVar[str] = """
        EXISTS (
            SELECT 1 FROM infusions_notehandover taken
            WHERE taken.visit_id = NEW.visit_id AND taken.began_by_id = OLD.author_id
              AND taken.author_id = NEW.author_id AND taken.recorded_at >= transaction_timestamp()
        )"""
    visit = models.OneToOneField(Visit, models.PROTECT, related_name="note")
    response = models.TextField("response, in the clinician's words", null=True)
    complications = models.TextField(null=True)
    plan = models.TextField(null=True)
    text = models.TextField("note", null=True)

    class Meta:
        triggers: ClassVar = [signature_closes_visit()]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="note_signed_whole",
                condition=models.Q(signed_at__isnull=True, signed_name="", content_hash="")
                | (models.Q(signed_at__isnull=False) & ~models.Q(signed_name="") & ~models.Q(content_hash="")),
            )
        ]


class NoteHandover(Entry):
    """A clinician took over the note of one who does not sign it. It belongs to the record, so that whoever reads the
    note knows both. Written by `infusions.handover`."""

    closes_with_note: ClassVar[bool] = True
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="handovers")
    began_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(reason__regex=r"\S"), name="handover_says_why"),
            models.CheckConstraint(
                condition=~models.Q(began_by=models.F("author")), name="handover_between_two_people"
            ),
        ]


class Addendum(Entry):
    """Added below a signed note, with a reason; the note stays whole. Written by `infusions.notes`."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="addenda")
    text = models.TextField()
    reason = models.CharField(max_length=200)
    signed_name = models.CharField(max_length=160)
    signed_meaning = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)

    class Meta:
        triggers: ClassVar = [addendum_after_signature()]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(text="") & ~models.Q(reason=""), name="addendum_says_why"),
            models.CheckConstraint(
                condition=~models.Q(signed_name="") & ~models.Q(content_hash=""), name="addendum_is_signed"
            ),
        ]
