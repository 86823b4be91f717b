"""The controlled-substance log: where stock is kept, what is kept, and what became of it, row by row.

A row is a person's own account of one event. NULL is "not written"; nothing here is a number, and nothing is added up.
"""

from enum import StrEnum
from functools import reduce
from operator import and_
from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower

from config.audit.models import Tracked
from config.staff.models import Clinic, User
from infusions.clinical import Entry
from infusions.models.entries import CLOCK_SKEW, Rows, choices, in_our_times
from infusions.models.substance_locks import (
    corrects_own_log,
    fits_its_location,
    replaces_in_own_clinic,
    substance_is_listed,
    witness_is_a_clinician,
)
from infusions.models.visit import Visit


class LogKind(StrEnum):
    """What happened to the stock of a location."""

    RECEIVED = "received"
    DRAWN = "drawn"
    GIVEN = "given"
    WASTED = "wasted"
    RETURNED = "returned"
    LOST = "lost"
    COUNTED = "counted"


class CountMoment(StrEnum):
    """When in the day stock was counted."""

    OPENING = "opening"
    CLOSING = "closing"


K = LogKind
# What a description of a substance says.
DESCRIBES = ("name", "form", "strength", "strength_unit", "package")
# What every row says of the stock, but one that strikes another.
OF_STOCK = ("substance", "quantity", "quantity_unit", "lot", "expiry")
# What a row of this kind can say besides, and what of it it has to say.
SAYS: dict[LogKind, tuple[str, ...]] = {
    K.RECEIVED: ("supplier", "supplier_address", "supplier_registration", "invoice"),
    K.DRAWN: ("visit",),
    K.GIVEN: ("visit",),
    K.WASTED: ("visit", "reason", "witness"),
    K.RETURNED: ("recipient", "form_number"),
    K.LOST: ("visit", "reason", "form_number"),
    K.COUNTED: ("count_moment", "remark", "witness"),
}
NEEDS: dict[LogKind, tuple[str, ...]] = {
    K.RECEIVED: ("supplier",),
    K.DRAWN: (),
    K.GIVEN: ("visit",),
    K.WASTED: ("reason", "witness"),
    K.RETURNED: ("recipient",),
    K.LOST: ("reason",),
    K.COUNTED: ("count_moment",),
}
BESIDES = tuple(dict.fromkeys(name for names in SAYS.values() for name in names))
TEXTS = ("quantity", "quantity_unit", "lot", "expiry", *(name for name in BESIDES if name not in {"visit", "witness"}))


def _blank(*names: str) -> models.Q:
    return models.Q(**{f"{name}__isnull": True for name in names})


def _written(*names: str) -> models.Q:
    return models.Q(**{f"{name}__isnull": False for name in names})


def _only_its_own() -> models.Q:
    """What a kind does not say is blank in its rows."""
    sayers = {name: [kind for kind, names in SAYS.items() if name in names] for name in BESIDES}
    return reduce(and_, (_blank(name) | models.Q(kind__in=kinds) for name, kinds in sayers.items()))


def _all_it_needs() -> models.Q:
    """What a kind has to say is written in its rows; a row that strikes one says nothing of the kind."""
    needed = {kind: names for kind, names in NEEDS.items() if names}
    each = (~models.Q(kind=kind) | _written(*names) for kind, names in needed.items())
    return models.Q(entered_in_error=True) | reduce(and_, each)


def _blank_is_null(*names: str) -> models.Q:
    return reduce(and_, (_blank(name) | models.Q(**{f"{name}__regex": r"\S"}) for name in names))


class StorageLocation(Tracked):
    """A registered place where controlled substances are kept. Written by `infusions.substances`."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=200)
    registration_number = models.CharField(max_length=40)
    in_use = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("clinic", Lower("name"), name="storage_location_name_once"),
            models.CheckConstraint(
                condition=models.Q(name__regex=r"\S", address__regex=r"\S", registration_number__regex=r"\S"),
                name="storage_location_said_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Descriptions(models.QuerySet["Substance"]):
    """Substances, also those that are kept no more."""

    def standing(self) -> Self:
        """The clinic's list: nothing took their place."""
        later = self.model._default_manager.filter(supersedes=models.OuterRef("pk"))
        return self.filter(~models.Exists(later), retired=False)


class Substance(Entry):
    """What is kept, as labelled. A wrong description is superseded by another; one that is not kept any more, by a row
    that is `retired` and says nothing else. Written by `infusions.substances`."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120, null=True)
    form = models.CharField(max_length=60, null=True)
    strength = models.CharField(max_length=60, null=True)
    strength_unit = models.CharField(max_length=40, null=True)
    package = models.CharField(max_length=120, null=True)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    correction_reason = models.CharField(max_length=200, blank=True)
    retired = models.BooleanField(default=False)
    objects = Descriptions.as_manager()

    class Meta:
        triggers: ClassVar = [replaces_in_own_clinic()]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(retired=False) & _written(*DESCRIBES)
                | models.Q(retired=True) & _blank(*DESCRIBES) & _written("supersedes"),
                name="substance_described_or_retired",
            ),
            models.CheckConstraint(
                condition=_blank_is_null(*DESCRIBES),
                name="substance_blank_is_null",
            ),
            models.CheckConstraint(
                condition=_blank("supersedes") | models.Q(correction_reason__regex=r"\S"),
                name="substance_replaced_with_reason",
            ),
        ]

    def __str__(self) -> str:
        """As labelled: the typed words one after the other, no unit converted, no number written anew."""
        strength = " ".join(filter(None, (self.strength, self.strength_unit)))
        return ", ".join(filter(None, (self.name, self.form, strength, self.package)))


class SubstanceLogEntry(Entry):
    """One event at one location, as a clinician saw it. `client_id` is the form's own name for it, so that one sent
    twice is written once. A row that never was true is struck by one that is `entered_in_error` and says nothing else.

    The witness of waste, or who counted too, said so with their own password. Written by `infusions.substances`.
    """

    location = models.ForeignKey(StorageLocation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=choices(LogKind))
    observed_at = models.DateTimeField()
    substance = models.ForeignKey(Substance, models.PROTECT, null=True, related_name="+")
    quantity = models.CharField(max_length=60, null=True)
    quantity_unit = models.CharField(max_length=40, null=True)
    lot = models.CharField(max_length=60, null=True)
    expiry = models.CharField(max_length=40, null=True)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="+")
    supplier = models.CharField(max_length=160, null=True)
    supplier_address = models.CharField("supplier's address", max_length=200, null=True)
    supplier_registration = models.CharField("supplier's registration number", max_length=40, null=True)
    invoice = models.CharField(max_length=60, null=True)
    recipient = models.CharField(max_length=200, null=True)
    form_number = models.CharField(max_length=60, null=True)
    reason = models.CharField(max_length=300, null=True)
    count_moment = models.CharField("counted at", max_length=10, null=True, choices=choices(CountMoment))
    remark = models.CharField(max_length=300, null=True)
    witness = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    client_id = models.UUIDField(null=True)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    correction_reason = models.CharField(max_length=200, blank=True)
    entered_in_error = models.BooleanField(default=False)
    objects = Rows.as_manager()

    class Meta:
        verbose_name_plural = "substance log entries"
        indexes: ClassVar = [models.Index(fields=["location", "-observed_at", "-id"], name="substance_log_of_location")]
        triggers: ClassVar = [
            fits_its_location(),
            substance_is_listed(),
            corrects_own_log(),
            witness_is_a_clinician(),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["location", "client_id"], name="substance_log_sent_once"),
            models.CheckConstraint(condition=models.Q(kind__in=list(LogKind)), name="substance_log_kind_known"),
            models.CheckConstraint(
                condition=_blank("count_moment") | models.Q(count_moment__in=list(CountMoment)),
                name="substance_count_moment_known",
            ),
            models.CheckConstraint(
                condition=models.Q(entered_in_error=False) & _written("substance", "quantity", "quantity_unit")
                | models.Q(entered_in_error=True)
                & _blank(*OF_STOCK, *(name for name in BESIDES if name != "witness"))
                & _written("supersedes"),
                name="substance_log_says_what_or_strikes",
            ),
            models.CheckConstraint(condition=_only_its_own(), name="substance_log_says_its_own"),
            models.CheckConstraint(condition=_all_it_needs(), name="substance_log_says_what_it_needs"),
            models.CheckConstraint(condition=_blank_is_null(*TEXTS), name="substance_log_blank_is_null"),
            models.CheckConstraint(
                # Also of a row that strikes one: nobody takes a witnessed waste away alone.
                condition=~models.Q(kind=LogKind.WASTED) | _written("witness"),
                name="substance_waste_has_a_witness",
            ),
            models.CheckConstraint(
                condition=_blank("witness") | ~models.Q(witness=models.F("author")),
                name="substance_witness_is_another_person",
            ),
            models.CheckConstraint(
                condition=_blank("supersedes") | models.Q(correction_reason__regex=r"\S"),
                name="substance_log_corrected_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(observed_at__lte=models.F("entered_at") + CLOCK_SKEW),
                name="substance_log_not_in_the_future",
            ),
            in_our_times("observed_at", "entered_at"),
        ]
