"""The two shapes of a record: `Tracked` (it changes, and every change is kept) or `AppendOnly` (it never changes)."""

import uuid
from typing import Any, Self

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


def nobody(**_: Any) -> None:
    """simple-history asks who acts; the database answers instead, from the transaction."""


def kept_history(**options: Any) -> HistoricalRecords:
    """The one way in which a model of this project keeps its history."""
    return HistoricalRecords(
        bases=[HistoricalRow],
        get_user=nobody,
        history_id_field=models.BigAutoField(primary_key=True),
        # The place where a reason is typed bounds it; the database must never be what cuts an act short.
        history_change_reason_field=models.TextField(null=True),
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


class AppendOnly(models.Model):
    """A record that is written once: the database refuses UPDATE and DELETE, and stamps who and when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # A database default makes Django read both back: what it reads is the trigger's stamp, not the default.
    actor = models.TextField(editable=False, db_default="")
    recorded_at = models.DateTimeField(editable=False, db_default=Now())

    class Meta:
        abstract = True
