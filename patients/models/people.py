"""Patients, their allergies and what they said about messages. Written by `register`, `contact` and `allergies`."""

from datetime import date
from typing import ClassVar

import pgtrigger
import phonenumbers
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower
from phonenumber_field.modelfields import PhoneNumberField

from config.audit.locks import Lock
from config.audit.models import AppendOnly, Tracked
from config.staff.models import Clinic, User, known_zone
from patients.models.kinds import AllergyState, Channel, ContactPurpose, Sex, choices
from patients.models.locks import none_known_lists_nothing, record_counts


class Plain(models.Func):
    """A text in small letters, without accents and apostrophes, as names are compared (migration 0001)."""

    function = "desk_plain"
    output_field = models.TextField()


class SearchName(models.Func):
    """Given, preferred and family name in one, plain: what the search reads."""

    function = "desk_search_name"
    output_field = models.TextField()


def shown_phone(number: object) -> str:
    """A telephone number as people in its country write it; an empty string for none.

    The library shows a number that no exchange hands out as it was typed; here each is shown alike.
    """
    if not isinstance(number, phonenumbers.PhoneNumber):
        return str(number or "")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


class Person(models.Model):
    """The columns that a request and a patient share."""

    # A request begins with either; a patient has both (`person.named`).
    family_name = models.CharField(max_length=120, blank=True)
    given_name = models.CharField(max_length=120, blank=True)
    preferred_name = models.CharField(max_length=120, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=10, choices=choices(Sex), default=Sex.UNKNOWN)
    pronouns = models.CharField(max_length=40, blank=True)
    mobile = PhoneNumberField(blank=True)
    # Not EmailField: its validator refuses letters outside ASCII, which real addresses have. See person.read_email.
    email = models.CharField(max_length=254, blank=True)
    address = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=120, blank=True)
    region = models.CharField("state or region", max_length=120, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=12, blank=True)
    needs_interpreter = models.BooleanField(default=False)
    accessibility_needs = models.TextField(blank=True)
    emergency_contact_name = models.CharField(max_length=120, blank=True)
    emergency_contact_phone = PhoneNumberField(blank=True)
    referrer_name = models.CharField("referring clinician", max_length=120, blank=True)
    referrer_phone = PhoneNumberField(blank=True)
    referrer_npi = models.CharField("referring clinician's NPI", max_length=10, blank=True)
    payer = models.CharField("payer or self-pay", max_length=120, blank=True)

    class Meta:
        abstract = True

    @property
    def initials(self) -> str:
        """Given and family initials, for page titles, links and wall displays."""
        return f"{self.given_name[:1]}{self.family_name[:1]}".upper()

    @property
    def phone_shown(self) -> str:
        return shown_phone(self.mobile)

    @property
    def phone_end(self) -> str:
        """The last four digits, enough to tell people apart in a list."""
        return "".join(filter(str.isdigit, str(self.mobile or "")))[-4:]

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def short_name(self) -> str:
        """For where there is little room."""
        return f"{self.given_name[:1]}. {self.family_name}" if self.given_name else self.family_name

    @property
    def listed_name(self) -> str:
        """Family name first, as lists and the banner show it."""
        return f"{self.family_name.upper()}, {self.given_name}" if self.family_name else self.given_name


class Patient(Person, Tracked):
    """Somebody the clinic treats or may treat. Written by `patients.register`."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    record_number = models.CharField(max_length=20)
    zone = models.CharField("time zone, if not the clinic's", max_length=64, blank=True, validators=[known_zone])
    deceased = models.BooleanField(default=False)
    deceased_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    allergy_state = models.CharField(max_length=12, choices=choices(AllergyState), default=AllergyState.NOT_ASKED)
    allergies_confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    allergies_confirmed_at = models.DateTimeField(null=True, blank=True)
    alert = models.CharField(max_length=200, blank=True, help_text="Shown on every page about this patient.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clinic", "record_number"], name="patient_record_number_once"),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="patient_not_merged_into_self"
            ),
            models.CheckConstraint(
                condition=~models.Q(family_name="") | ~models.Q(given_name=""), name="patient_has_a_name"
            ),
            models.CheckConstraint(condition=models.Q(sex__in=list(Sex)), name="patient_sex_known"),
            models.CheckConstraint(
                condition=models.Q(deceased=True) | models.Q(deceased_on__isnull=True), name="patient_died_if_dated"
            ),
            models.CheckConstraint(
                condition=models.Q(allergy_state__in=list(AllergyState)), name="patient_allergy_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(allergy_state=AllergyState.NONE_KNOWN)
                | models.Q(allergies_confirmed_by__isnull=False, allergies_confirmed_at__isnull=False),
                name="patient_no_allergies_said_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["clinic", "family_name", "given_name", "id"], name="patient_by_name"),
            models.Index(fields=["clinic", "birth_date"], name="patient_by_birth_date"),
            models.Index(fields=["mobile"], name="patient_by_mobile"),
            GinIndex(
                OpClass(SearchName("given_name", "preferred_name", "family_name"), name="gin_trgm_ops"),
                name="patient_name_trigrams",
            ),
            models.Index(Lower("email"), name="patient_by_email"),
        ]
        triggers: ClassVar = [none_known_lists_nothing("NEW.id")]

    def __str__(self) -> str:
        return self.record_number

    def age(self, on: date) -> int | None:
        """Whole years on that day; None without a birth date."""
        if self.birth_date is None:
            return None
        return on.year - self.birth_date.year - ((on.month, on.day) < (self.birth_date.month, self.birth_date.day))

    @property
    def may_be_contacted(self) -> bool:
        return not self.deceased and self.merged_into_id is None


class Allergy(Tracked):
    """One entry of a patient's allergy list. Removing one needs a reason and keeps it in history."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="allergies")
    substance = models.CharField(max_length=200)
    reaction = models.CharField(max_length=200, blank=True)
    removed_reason = models.CharField(max_length=200, blank=True)
    # Listed there when the two became one; what is here was brought over and asked of nobody.
    from_record = models.ForeignKey(Patient, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "allergies"
        triggers: ClassVar = [record_counts(), none_known_lists_nothing("NEW.patient_id")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "patient", Lower("substance"), condition=models.Q(removed_reason=""), name="allergy_listed_once"
            ),
            models.CheckConstraint(condition=~models.Q(substance=""), name="allergy_names_a_substance"),
        ]

    def __str__(self) -> str:
        return f"{self.substance} ({self.reaction})" if self.reaction else self.substance


def reviews_what_stands() -> Lock:
    """A review is of the list as it stands at that moment, and of one that somebody was asked for."""
    return Lock(
        name="reviews_what_stands",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF NEW.takes_back_id IS NULL
               AND NEW.state IS DISTINCT FROM (SELECT allergy_state FROM patients_patient WHERE id = NEW.patient_id)
            THEN
                RAISE EXCEPTION 'the allergies stand otherwise'
                    USING ERRCODE = '23514', CONSTRAINT = 'review_of_what_stands';
            END IF;
            IF NEW.takes_back_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM patients_allergyreview r
                WHERE r.id = NEW.takes_back_id AND r.patient_id = NEW.patient_id AND r.takes_back_id IS NULL
            ) THEN
                RAISE EXCEPTION 'only a review of the same patient is taken back'
                    USING ERRCODE = '23514', CONSTRAINT = 'review_taken_back_fits';
            END IF;
            RETURN NEW;
        """,
    )


class AllergyReview(AppendOnly):
    """Somebody went through the allergies with the patient and found them as they stood: `state`, and the words of the
    list. `about` names the visit at which it was done, if it was one. A row that `takes_back` another says that that
    review never was, and why. Written by `patients.allergies`."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="allergy_reviews")
    state = models.CharField(max_length=12, choices=choices(AllergyState))
    listed = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    about = models.UUIDField(null=True)
    # Who had confirmed the list before, to go back to when the review is taken back.
    before_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    before_at = models.DateTimeField(null=True)
    takes_back = models.OneToOneField("self", models.PROTECT, null=True, related_name="taken_back")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "-at"], name="allergy_review_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=[AllergyState.NONE_KNOWN, AllergyState.LISTED]),
                name="allergy_review_after_asking",
            ),
            models.CheckConstraint(
                condition=models.Q(takes_back__isnull=True, reason="")
                | (models.Q(takes_back__isnull=False) & models.Q(reason__regex=r"\S")),
                name="allergy_review_taken_back_with_reason",
            ),
        ]
        triggers: ClassVar = [record_counts(), reviews_what_stands()]


class ContactConsent(AppendOnly):
    """One statement about one channel; the newest of its kind counts. Written by `patients.contact`."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="contact_consents")
    channel = models.CharField(max_length=8, choices=choices(Channel))
    purpose = models.CharField(max_length=20, choices=choices(ContactPurpose), default=ContactPurpose.VISITS.value)
    granted = models.BooleanField()
    wording_version = models.CharField(max_length=20)
    how = models.CharField(max_length=40, help_text="Spoken, on paper, web form, reply, link, import.")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    # The no of a merged record that this one repeats: who heard it, when and how.
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        triggers: ClassVar = [record_counts()]
        indexes: ClassVar = [models.Index(fields=["patient", "channel", "purpose", "-at"], name="consent_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(channel__in=list(Channel)), name="consent_channel_known"),
            models.CheckConstraint(condition=models.Q(purpose__in=list(ContactPurpose)), name="consent_purpose_known"),
            models.CheckConstraint(
                condition=models.Q(carried_from__isnull=True) | models.Q(granted=False),
                name="consent_carried_is_a_refusal",
            ),
        ]
