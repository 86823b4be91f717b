"""Treatment consents: the clinic's own wordings, what a patient agreed to, on which paper, and how that ended."""

from enum import StrEnum
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Lower

from config.audit.locks import Lock
from config.audit.models import Tracked
from config.staff.models import Clinic, User
from infusions.clinical import Entry
from patients.models import Patient

LARGEST_DOCUMENT = 4 * 1024 * 1024


class MediaType(StrEnum):
    """What a scanned paper may be; told by its content, never by its name."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"


class Ended(StrEnum):
    """How a consent ended otherwise than by its last day."""

    WITHDRAWN = "withdrawn"
    ENTERED_IN_ERROR = "entered-in-error"


ENDED_WORDS = [(how.value, how.value.replace("-", " ").capitalize()) for how in Ended]


def read_out_stands() -> Lock:
    """What patients agreed to stays what they agreed to: other words are another edition."""
    return Lock(
        name="read_out_stands",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF TG_OP = 'DELETE' OR (NEW.clinic_id, NEW.kind, NEW.edition, NEW.text)
               IS DISTINCT FROM (OLD.clinic_id, OLD.kind, OLD.edition, OLD.text)
            THEN
                PERFORM desk_refuse_change(TG_TABLE_NAME, TG_OP);
            END IF;
            RETURN NEW;
        """,
    )


def document_is_what_it_says() -> Lock:
    """Size, hash and media type are those of the content."""
    return Lock(
        name="document_is_what_it_says",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=r"""
            IF NEW.size IS DISTINCT FROM octet_length(NEW.content)
               OR NEW.sha256 IS DISTINCT FROM encode(sha256(NEW.content), 'hex')
               OR NOT (CASE NEW.media_type
                   WHEN 'application/pdf' THEN substring(NEW.content FROM 1 FOR 5) = '\x255044462d'::bytea
                   WHEN 'image/png' THEN substring(NEW.content FROM 1 FOR 8) = '\x89504e470d0a1a0a'::bytea
                   WHEN 'image/jpeg' THEN substring(NEW.content FROM 1 FOR 3) = '\xffd8ff'::bytea
                   ELSE false
               END)
            THEN
                RAISE EXCEPTION 'the document is not what it says'
                    USING ERRCODE = '23514', CONSTRAINT = 'document_is_what_it_says';
            END IF;
            RETURN NEW;
        """,
    )


def consent_fits() -> Lock:
    """Wording, paper and whoever took it belong where the patient does; nobody agreed on a day still to come."""
    return Lock(
        name="consent_fits",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF NOT EXISTS (
                SELECT 1 FROM patients_patient p
                JOIN staff_clinic c ON c.id = p.clinic_id
                JOIN infusions_consentwording w ON w.id = NEW.wording_id AND w.clinic_id = p.clinic_id
                JOIN staff_user u ON u.id = NEW.taken_by_id AND u.clinic_id = p.clinic_id
                WHERE p.id = NEW.patient_id AND NEW.given_on <= (NEW.entered_at AT TIME ZONE c.zone)::date
            ) OR (NEW.document_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM infusions_consentdocument d
                WHERE d.id = NEW.document_id AND d.patient_id = NEW.patient_id
            )) THEN
                RAISE EXCEPTION 'the consent does not fit its patient'
                    USING ERRCODE = '23514', CONSTRAINT = 'consent_fits';
            END IF;
            RETURN NEW;
        """,
    )


def ends_after_it_was_given() -> Lock:
    """Nothing is withdrawn before it was given, or on a day that is still to come."""
    return Lock(
        name="ends_after_it_was_given",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF NEW.ended_on IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM infusions_treatmentconsent t
                JOIN patients_patient p ON p.id = t.patient_id JOIN staff_clinic c ON c.id = p.clinic_id
                WHERE t.id = NEW.consent_id AND NEW.ended_on >= t.given_on
                  AND NEW.ended_on <= (NEW.entered_at AT TIME ZONE c.zone)::date
            ) THEN
                RAISE EXCEPTION 'a consent ends on or after the day on which it was given'
                    USING ERRCODE = '23514', CONSTRAINT = 'consent_ends_after_it_was_given';
            END IF;
            RETURN NEW;
        """,
    )


class ConsentWording(Tracked):
    """One edition of what patients are asked to agree to, in the clinic's words; none is shipped. `needed_to_start`:
    a start asks for a consent of this kind. Written by `infusions.consent_wordings`."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=80)
    edition = models.CharField(max_length=40)
    text = models.TextField()
    needed_to_start = models.BooleanField("asked for before an infusion starts")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("clinic", Lower("kind"), Lower("edition"), name="consent_edition_once"),
            models.UniqueConstraint(
                "clinic", Lower("kind"), condition=models.Q(retired_at__isnull=True), name="consent_kind_one_in_use"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__regex=r"\S", edition__regex=r"\S", text__regex=r"\S"),
                name="consent_wording_says_something",
            ),
        ]
        triggers: ClassVar = [read_out_stands()]

    def __str__(self) -> str:
        return f"{self.kind}, edition {self.edition}"


class ConsentDocument(Entry):
    """A scanned paper. Its bytes stay in the database, so that they are backed up, locked and audited with the rest."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    media_type = models.CharField(max_length=40, choices=[(kind, kind) for kind in MediaType])
    size = models.PositiveIntegerField("size in bytes")
    sha256 = models.CharField("SHA-256 in hex", max_length=64)
    content = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(size__gte=1, size__lte=LARGEST_DOCUMENT), name="document_not_too_large"
            )
        ]
        triggers: ClassVar = [document_is_what_it_says()]


class TreatmentConsent(Entry):
    """What a patient agreed to, on which day, and until when if the clinician wrote a last day. `given_by` names who
    agreed when it was not the patient. Written by `infusions.consents`."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")
    wording = models.ForeignKey(ConsentWording, models.PROTECT, related_name="+")
    given_on = models.DateField()
    expires_on = models.DateField(null=True)
    given_by = models.CharField("given by, if not the patient", max_length=120, null=True)
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    document = models.OneToOneField(ConsentDocument, models.PROTECT, null=True, related_name="+")
    client_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            # Also the index by which a patient's consents are read.
            models.UniqueConstraint(fields=["patient", "client_id"], name="consent_sent_once"),
            models.CheckConstraint(
                condition=models.Q(expires_on__isnull=True) | models.Q(expires_on__gte=models.F("given_on")),
                name="consent_expires_after_it_was_given",
            ),
            models.CheckConstraint(
                condition=models.Q(given_by__isnull=True) | models.Q(given_by__regex=r"\S"),
                name="consent_blank_is_null",
            ),
        ]
        triggers: ClassVar = [consent_fits()]


class ConsentEnding(Entry):
    """A consent holds no more: the patient took it back on `ended_on`, or it never was and was entered in error."""

    consent = models.OneToOneField(TreatmentConsent, models.PROTECT, related_name="ending")
    how = models.CharField(max_length=20, choices=ENDED_WORDS)
    ended_on = models.DateField(null=True)
    reason = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(how=Ended.WITHDRAWN, ended_on__isnull=False)
                | models.Q(how=Ended.ENTERED_IN_ERROR, ended_on__isnull=True),
                name="consent_withdrawn_on_a_day",
            ),
            models.CheckConstraint(condition=models.Q(reason__regex=r"\S"), name="consent_ending_says_why"),
        ]
        triggers: ClassVar = [ends_after_it_was_given()]


def start_needs_consent() -> Lock:
    """An infusion starts with a consent in date, of each kind that the clinic asks for, or with the reason why without.

    A correction of a start answers again for what the corrected row answered for, and for nothing else.
    """
    return Lock(
        name="start_needs_consent",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("whose", "uuid"), ("house", "uuid"), ("day", "date"), ("wanting", "boolean")],
        func="""
            IF NEW.kind <> 'start' OR NEW.entered_in_error OR NEW.without_consent_reason IS NOT NULL THEN
                RETURN NEW;
            END IF;
            IF NEW.supersedes_id IS NOT NULL THEN
                wanting := EXISTS (
                    SELECT 1 FROM infusions_administration a
                    WHERE a.id = NEW.supersedes_id AND a.without_consent_reason IS NOT NULL
                );
            ELSE
                SELECT v.patient_id, v.clinic_id, (NEW.observed_at AT TIME ZONE c.zone)::date INTO whose, house, day
                FROM infusions_visit v JOIN staff_clinic c ON c.id = v.clinic_id WHERE v.id = NEW.visit_id;
                wanting := EXISTS (
                    SELECT 1 FROM infusions_consentwording w
                    WHERE w.clinic_id = house AND w.needed_to_start AND w.retired_at IS NULL AND NOT EXISTS (
                        SELECT 1 FROM infusions_treatmentconsent t
                        JOIN infusions_consentwording agreed ON agreed.id = t.wording_id
                        LEFT JOIN infusions_consentending e ON e.consent_id = t.id
                        WHERE t.patient_id = whose AND lower(agreed.kind) = lower(w.kind)
                          AND t.given_on <= day AND (t.expires_on IS NULL OR t.expires_on >= day)
                          AND (e.id IS NULL OR (e.how = 'withdrawn' AND e.ended_on > day))
                    )
                );
            END IF;
            IF wanting THEN
                RAISE EXCEPTION 'no consent is in date, and no reason why it starts without one'
                    USING ERRCODE = '23514', CONSTRAINT = 'start_needs_consent_or_reason';
            END IF;
            RETURN NEW;
        """,
    )
