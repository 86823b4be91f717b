"""Only clinicians write dosing and protocol fields: the rule, and its locks, on one screen.

Shape     Such fields stand only on subclasses of `ClinicianEntry`. An `Entry` is written once; a `SignedDocument` may
          be changed by its author while it is a draft and by nobody once it is signed. Values are stored as typed.
Python    The only writers are `candidacy`, `orders`, `records` and `substances`; each begins with `require()`.
Database  The triggers below. Who writes must be the author, acting in this transaction, active, and in a role that the
          model names. Celery, the shell and imports have no acting person, and are refused.
Tests     `tests/house/clinical_rule/` walks all models, forms, serializers, templates, routes and migrations.
"""

from collections.abc import Iterable
from typing import ClassVar

import pgtrigger
from django.apps import apps
from django.db import models

from config.audit.locks import Lock
from config.audit.models import AppendOnly, Tracked
from config.audit.triggers import history_of
from config.staff.models import User
from config.staff.permissions import CLINICAL_ROLES, Role

SIGNATURE_COLUMNS = ("signed_at", "signed_name", "signed_meaning", "content_hash")


class ClinicianEntry(models.Model):
    """What a clinician wrote. No field of it has a default, is computed, or is carried over from another entry."""

    written_by: ClassVar[Iterable[Role]] = CLINICAL_ROLES
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        abstract = True


class Entry(ClinicianEntry, AppendOnly):
    """Written once. A correction is a new entry that supersedes this one, with a reason."""

    class Meta:
        abstract = True


class SignedDocument(ClinicianEntry, Tracked):
    """A draft of its author's until signed; then as it is for ever.

    `author_changes_when` is the SQL condition under which another clinician has become a draft's author, if any.
    """

    author_changes_when: ClassVar[str] = ""
    signed_at = models.DateTimeField(null=True)
    signed_name = models.CharField(max_length=160, blank=True)
    signed_meaning = models.CharField(max_length=40, blank=True)
    content_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True

    @property
    def is_signed(self) -> bool:
        return self.signed_at is not None


def entry_models() -> list[type[ClinicianEntry]]:
    """All concrete clinician entries."""
    return [model for model in apps.get_models() if issubclass(model, ClinicianEntry)]


def clinician_only(author: str, roles: Iterable[Role]) -> Lock:
    """Refuse unless the named author is the acting person, active, and in one of the roles at this moment."""
    allowed = ", ".join(f"'{role}'" for role in sorted(roles))
    return Lock(
        name="clinician_only",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"PERFORM desk_require_clinician({author}, ARRAY[{allowed}]); RETURN NEW;",
    )


def signed_is_final(unless: str = "") -> Lock:
    """No change of a signed row, no DELETE of any, and no change of its author, `unless` that SQL condition holds."""
    handed_over = f" AND NOT ({unless})" if unless else ""
    return Lock(
        name="signed_is_final",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP = 'DELETE' OR OLD.signed_at IS NOT NULL OR (NEW.author_id <> OLD.author_id{handed_over}) THEN
                RAISE EXCEPTION '% is signed or somebody else''s', TG_TABLE_NAME USING ERRCODE = 'DK005';
            END IF;
            RETURN NEW;
        """,
    )


def visit_not_signed() -> Lock:
    """Nothing can be attached to a visit whose note is signed, but an addendum."""
    return Lock(
        name="visit_not_signed",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="PERFORM desk_require_unsigned_visit(NEW.visit_id); RETURN NEW;",
    )


def register_locks() -> None:
    """Lock every clinician entry, and the history of every signed document."""
    for model in entry_models():
        pgtrigger.register(clinician_only("NEW.author_id", model.written_by))(model)
        if issubclass(model, SignedDocument):
            pgtrigger.register(signed_is_final(model.author_changes_when))(model)
            pgtrigger.register(clinician_only("desk_acting_user()", model.written_by))(history_of(model))
        if getattr(model, "closes_with_note", False):
            pgtrigger.register(visit_not_signed())(model)
