"""What was said about a telephone number, whoever has it. Written by `patients.numbers`."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from phonenumber_field.modelfields import PhoneNumberField

from config.audit.models import AppendOnly
from config.staff.models import User
from patients.models.kinds import ContactPurpose, choices

EVERYTHING = "all"


class NumberKind(StrEnum):
    """Why no text may go to a number."""

    OPT_OUT = "opt-out"
    WRONG_PERSON = "wrong-person"
    NO_TEXTS = "no-texts"


class NumberStatement(AppendOnly):
    """One statement about a number, for all patients who share it; the newest of its kind counts.

    `holds` says that it is so, or that it is so no more. Only an opt-out has a `scope`: one purpose, or all of them.
    """

    number = PhoneNumberField()
    kind = models.CharField(max_length=12, choices=choices(NumberKind))
    scope = models.CharField(max_length=20, choices=[(EVERYTHING, "Everything"), *choices(ContactPurpose)])
    holds = models.BooleanField()
    how = models.CharField(max_length=40, help_text="Reply, spoken, on paper, link, provider.")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["number", "kind", "-at", "-recorded_at"], name="number_statement_newest")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=list(NumberKind)), name="number_statement_kind_known"),
            models.CheckConstraint(
                condition=models.Q(kind=NumberKind.OPT_OUT, scope__in=[EVERYTHING, *ContactPurpose])
                | models.Q(scope=EVERYTHING),
                name="number_statement_scope_known",
            ),
            models.CheckConstraint(
                condition=models.Q(number__regex=r"^\+[1-9][0-9]{6,14}$"), name="number_statement_of_a_number"
            ),
            models.CheckConstraint(condition=models.Q(how__regex=r"\S"), name="number_statement_says_how"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {'yes' if self.holds else 'no'}"
