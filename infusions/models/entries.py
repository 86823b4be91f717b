"""What every row of a flowsheet is: a clinician's, written once, with observed and entered time, in one visit."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import reduce
from operator import and_
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import models

from config.audit.locks import Lock
from infusions.clinical import Entry
from infusions.models.visit import Visit

# A tablet's clock may be this far ahead of the server's.
CLOCK_SKEW = timedelta(minutes=2)


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    return [(item.value, item.value.replace("-", " ").capitalize()) for item in kind]


def corrects_own_visit() -> Lock:
    """A correction stands in the visit of what it corrects."""
    return Lock(
        name="corrects_own_visit",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("corrected_visit", "uuid")],
        func="""
            IF NEW.supersedes_id IS NOT NULL THEN
                EXECUTE format('SELECT visit_id FROM %I WHERE id = $1', TG_TABLE_NAME)
                    INTO corrected_visit USING NEW.supersedes_id;
                IF corrected_visit IS DISTINCT FROM NEW.visit_id THEN
                    RAISE EXCEPTION 'a correction belongs to the visit of what it corrects'
                        USING ERRCODE = '23514', CONSTRAINT = 'correction_in_own_visit';
                END IF;
            END IF;
            RETURN NEW;
        """,
    )


def once_at_a_time(*, name: str, table: str, kind: str | None = None) -> Lock:
    """At most one row (of the kind) counts in a visit: another one has to correct it. The visit's row decides races."""
    ours, theirs = (f"NEW.kind = '{kind}'", f"first.kind = '{kind}'") if kind else ("true", "true")
    return Lock(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"""
            IF NEW.supersedes_id IS NOT NULL OR NOT ({ours}) THEN RETURN NEW; END IF;
            PERFORM 1 FROM infusions_visit WHERE id = NEW.visit_id FOR UPDATE;
            IF EXISTS (
                SELECT 1 FROM {table} first
                WHERE first.visit_id = NEW.visit_id AND {theirs} AND NOT first.entered_in_error
                  AND NOT EXISTS (SELECT 1 FROM {table} later WHERE later.supersedes_id = first.id)
            ) THEN
                RAISE EXCEPTION 'it is charted already' USING ERRCODE = '23505', CONSTRAINT = '{name}';
            END IF;
            RETURN NEW;
        """,  # noqa: S608  (names from this file, no input)
    )


class Rows(models.QuerySet[Any]):
    """Rows of one kind."""

    def standing(self) -> Self:
        """Those that count: nothing corrected them, and they strike nothing."""
        later = self.model._default_manager.filter(supersedes=models.OuterRef("pk"))
        return self.filter(~models.Exists(later), entered_in_error=False)


# Years that PostgreSQL keeps and Python cannot read back would make a record unreadable for ever.
OUR_TIMES = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))


def in_our_times(*fields: str) -> models.CheckConstraint:
    """Each of these times is blank or within a human life of now."""
    blank_or_near = [models.Q(**{f"{f}__isnull": True}) | models.Q(**{f"{f}__range": OUR_TIMES}) for f in fields]
    return models.CheckConstraint(condition=reduce(and_, blank_or_near), name=f"%(class)s_{fields[0]}_in_our_times")


class FlowsheetEntry(Entry):
    """One row. `client_id` is the tablet's own name for it, so that a row sent twice is stored once.

    A row that never was true is struck by one that is `entered_in_error` and says nothing else.
    """

    closes_with_note: ClassVar[bool] = True
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="+")
    observed_at = models.DateTimeField()
    client_id = models.UUIDField(null=True)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")
    correction_reason = models.CharField(max_length=200, blank=True)
    confirmed_unusual = models.BooleanField(default=False)
    entered_in_error = models.BooleanField(default=False)
    objects = Rows.as_manager()

    class Meta:
        abstract = True
        triggers: ClassVar = [corrects_own_visit()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "client_id"], name="%(class)s_sent_once"),
            models.CheckConstraint(
                condition=models.Q(supersedes__isnull=True) | ~models.Q(correction_reason=""),
                name="%(class)s_corrected_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(entered_in_error=False) | models.Q(supersedes__isnull=False),
                name="%(class)s_strikes_a_row",
            ),
            models.CheckConstraint(
                condition=models.Q(observed_at__lte=models.F("entered_at") + CLOCK_SKEW),
                name="%(class)s_not_in_the_future",
            ),
            in_our_times("observed_at", "entered_at"),
        ]
