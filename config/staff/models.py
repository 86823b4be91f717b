"""The clinic and the people who work in it."""

import zoneinfo
from datetime import date, datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from phonenumber_field.modelfields import PhoneNumberField

from config.audit.acting import SystemJob, recorded
from config.audit.models import AppendOnly, Tracked, Versioned, kept_history
from config.staff.permissions import CLINICAL_ROLES, Role


def known_zone(name: str) -> None:
    """Accept the IANA zones that this machine knows."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError("%(name)s is not a time zone.", params={"name": name})


class Clinic(Tracked):
    """One site. All times shown to anybody are in its zone; `sender_name` is what messages call it."""

    name = models.CharField(max_length=120)
    sender_name = models.CharField(
        max_length=60, help_text="How messages name the clinic; it may leave out what kind of clinic it is."
    )
    zone = models.CharField(max_length=64, validators=[known_zone])
    phone = PhoneNumberField()
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("name"), name="clinic_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.zone)

    def today(self, now: datetime) -> date:
        """The clinic's calendar day at the instant `now`."""
        return now.astimezone(self.tz).date()


class UserManager(BaseUserManager["User"]):
    """Looks people up by user name in any letter case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(Versioned, AbstractBaseUser):
    """A member of staff: one person, one sign-in name, one role. Never deleted, only deactivated."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="staff")
    username = models.CharField("user name", max_length=60)
    full_name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=20, choices=[(r.value, r.value.replace("-", " ").capitalize()) for r in Role])
    licence_kind = models.CharField("licence", max_length=12, blank=True, help_text="For example MD, NP, RN.")
    licence_number = models.CharField(max_length=40, blank=True)
    theme = models.CharField(
        max_length=8, default="auto", choices=[("auto", "System"), ("light", "Light"), ("dark", "Dark")]
    )
    is_active = models.BooleanField("active", default=True)
    last_login = None
    # A password hash is a secret, not a fact about the person: history leaves it out.
    history = kept_history(excluded_fields=["password"])

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("username"), name="user_name_once"),
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="user_email_once"),
            models.CheckConstraint(condition=models.Q(role__in=list(Role)), name="user_role_known"),
            models.CheckConstraint(
                condition=~models.Q(role__in=sorted(CLINICAL_ROLES)) | ~models.Q(licence_kind=""),
                name="clinician_has_licence",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_clinician(self) -> bool:
        return self.is_active and self.role in CLINICAL_ROLES

    @property
    def signature_name(self) -> str:
        """The name as it is printed under a signature."""
        return f"{self.full_name}, {self.licence_kind}" if self.licence_kind else self.full_name

    def check_password(self, raw_password: str | None) -> bool:
        """As Django's, but a re-hash after a change of hasher is recorded like every other change."""
        with recorded(by=SystemJob.SIGN_IN, reason="password checked"):
            return super().check_password(raw_password)

    def local_now(self) -> datetime:
        """The clock on this person's clinic's wall."""
        return timezone.now().astimezone(self.clinic.tz)


class PasswordCheck(AppendOnly):
    """A password that was asked for again and was wrong; or right, after wrong ones. Never the password itself.

    `person` is whose password was asked for; who sat there is the actor. It is an id and no reference, because it is
    written beside the request's transaction and must wait for none of its locks.
    """

    person = models.UUIDField()
    right = models.BooleanField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "recorded_at"], name="password_check_lately")]
