"""The two shapes of a record: `Tracked` (it changes, and every change is kept) or `AppendOnly` (it never changes).

`Passing` is for what is no record.
"""

import uuid
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.functions import Now
from simple_history.models import HistoricalRecords

from config.refusals import NotFound, Stale


class HistoricalRow(models.Model):
    """What each historical row knows besides the record's own columns. The database stamps both (`stamped_history`)."""

    actor = models.TextField(editable=False, default="")
    txid = models.BigIntegerField(editable=False, default=0)

    class Meta:
        abstract = True


class KeptHistory(HistoricalRecords):
    """As simple_history's, with the index by which the acts on one record are read, the newest first."""

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        by_record = models.Index(fields=["id", "-history_date", "-history_id"])
        return {**super().get_meta_options(model), "indexes": [by_record]}


def nobody(**_: Any) -> None:
    """simple-history asks who acts; the database answers instead, from the transaction."""


def kept_history(**options: Any) -> KeptHistory:
    """The one way in which a model of this project keeps its history."""
    return KeptHistory(
        bases=[HistoricalRow],
        get_user=nobody,
        history_id_field=models.BigAutoField(primary_key=True),
        # The place where a reason is typed bounds it; the database must never be what cuts an act short.
        history_change_reason_field=models.TextField(null=True),
        # The index by record begins with it.
        no_db_index=["id"],
        **options,
    )


class Versioned(models.Model):
    """An opaque id, and a `version` that each save raises and that editors send back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self.version += 1
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = [*kwargs["update_fields"], "version"]
        super().save(*args, **kwargs)

    @classmethod
    def locked(cls, pk: uuid.UUID, *, version: int | None = None) -> Self:
        """The row, locked until the transaction ends. `version`, when given, must still be the record's.

        Raises NotFound, or Stale when somebody saved in between.
        """
        found = cls._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()
        if found is None:
            raise NotFound(f"There is no such {cls._meta.verbose_name}.")
        return found.as_read(version)

    def as_read(self, version: int | None) -> Self:
        """Itself, if `version` is still its own or nobody says one. Raises Stale when somebody saved in between."""
        if version is not None and version != self.version:
            raise Stale(
                "Somebody else saved this in the meantime. Your text is kept; look at both and save again.",
                current=self.version,
            )
        return self


class Tracked(Versioned):
    """A record that changes over time. Each save keeps history."""

    history = kept_history(inherit=True)

    class Meta:
        abstract = True


class Passing(models.Model):
    """Not a record: who has something in hand, until it ends by itself. Losing all of it loses nothing that was done,
    so it keeps no history."""

    class Meta:
        abstract = True


# What the database stamps on a row that is written once; the rest of it was said by somebody.
STAMPS = frozenset({"actor", "recorded_at", "txid"})


class AppendOnly(models.Model):
    """A record that is written once: the database refuses UPDATE and DELETE, and stamps who, when and in which act."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # A database default makes Django read both back: what it reads is the trigger's stamp, not the default.
    actor = models.TextField(editable=False, db_default="")
    recorded_at = models.DateTimeField(editable=False, db_default=Now())
    # Which rows one act wrote. 0 for those that are older than this column.
    txid = models.BigIntegerField(editable=False, db_default=0)

    class Meta:
        abstract = True


class DisclosureKind(StrEnum):
    """How records left the house."""

    PRINT = "print"
    EXPORT = "export"


class Disclosure(AppendOnly):
    """Something that was printed or exported. Who and when are the stamps `actor` and `recorded_at`.

    `what` names it in words without anything about a patient; `record` is the id of what it is of; `first` and `last`
    are the days of its period, both included. Written by `config.audit.disclosures`.
    """

    kind = models.CharField(max_length=6, choices=[(kind.value, kind.value) for kind in DisclosureKind])
    what = models.CharField(max_length=120)
    record = models.UUIDField(null=True)
    first = models.DateField(null=True)
    last = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["record", "-recorded_at"], name="disclosure_of_record")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=list(DisclosureKind)), name="disclosure_kind_known"),
            models.CheckConstraint(condition=models.Q(what__regex=r"\S"), name="disclosure_says_what"),
            models.CheckConstraint(
                condition=models.Q(first__isnull=True, last__isnull=True) | models.Q(first__lte=models.F("last")),
                name="disclosure_period",
            ),
        ]
