"""The one door for kinds of visits as a clinic runs them: their spans in order, and what each span needs.

Rooms and hands only. How long an infusion runs comes with the order; one span of each type takes what the others leave.
Booked visits stay as they were booked.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, QuerySet, prefetch_related_objects
from simple_history.utils import bulk_create_with_history

from config.audit.acting import Actor, recorded
from config.refusals import Invalid, NotFound
from config.staff.models import Clinic
from scheduling.managing import require_manager
from scheduling.models import Need, Span, VisitKind, VisitType
from scheduling.models.kinds import Part, What
from scheduling.models.places import ChairKind
from scheduling.spans import NeedSpec, SpanSpec, check_spans
from scheduling.touched import Changed, changing

__all__ = ["NeedSpec", "SpanSpec", "add_visit_type", "change_visit_type", "offered", "specs_of", "types_of"]
CHANGEABLE = frozenset({"name", "chair_kind", "position", "in_use", "spans"})


def types_of(clinic: Clinic) -> list[VisitType]:
    """All of the clinic's, in their order, with spans and needs: three queries."""
    return list(VisitType.objects.filter(clinic=clinic).prefetch_related("spans__needs"))


def offered(*, clinic: Clinic, kind: VisitKind) -> QuerySet[VisitType]:
    """Those that a new visit of this kind can be of, in their order: the first is taken when none is named."""
    return VisitType.objects.filter(clinic=clinic, kind=kind, in_use=True)


def specs_of(visit_type: VisitType) -> list[SpanSpec]:
    """The stored spans as they would be given to `change_visit_type`."""
    return [
        SpanSpec(
            span.name,
            span.minutes,
            [need_of(need) for need in _in_order(span.needs.all())],
        )
        for span in visit_type.spans.all()
    ]


def need_of(need: Need) -> NeedSpec:
    """A stored need, or a row of its history, as a plain value."""
    return NeedSpec(What(need.what), Part(need.part), need.minutes)


def _in_order(needs: Iterable[Need]) -> list[Need]:
    order = list(What)
    return sorted(needs, key=lambda need: (order.index(What(need.what)), need.part != Part.FIRST))


def add_visit_type(
    *,
    clinic: Clinic,
    name: str,
    kind: str,
    spans: Sequence[SpanSpec],
    by: Actor,
    chair_kind: str = "",
) -> VisitType:
    """A new type, in use at once and last in order. The first in use of each kind is taken when none is named."""
    with recorded(by=by):
        require_manager(by, clinic)
        Clinic.locked(clinic.pk)
        last = VisitType.objects.filter(clinic=clinic).aggregate(last=Max("position"))["last"]
        found = VisitType(clinic=clinic, name=" ".join(name.split()), kind=kind, chair_kind=chair_kind)
        found.position = 0 if last is None else last + 1
        _check(found)
        check_spans(spans, VisitKind(kind))
        found.save()
        _write(found, spans)
    return found


def change_visit_type(
    *, visit_type_id: UUID, by: Actor, version: int | None = None, now: datetime | None = None, **changes: Any
) -> Changed[VisitType]:
    """Rename, order, retire (`in_use=False`), or give other spans, all of them anew. Its kind stays.

    Booked visits keep what they took; those that are too short for the new spans, were booked without somebody who is
    needed now, or are in a chair that is not of the new `chair_kind` get a task.
    """
    unknown = sorted(set(changes) - CHANGEABLE)
    if unknown:
        raise Invalid("There is no such field to change.", field=unknown[0])
    before = VisitType.objects.select_related("clinic").filter(pk=visit_type_id).first()
    if before is None:
        raise NotFound("There is no such type of visit.")
    spans = changes.pop("spans", None)
    with changing(clinic=before.clinic, by=by, now=now) as touched:
        found = VisitType.locked(visit_type_id, version=version)
        for name, value in changes.items():
            setattr(found, name, " ".join(value.split()) if isinstance(value, str) else value)
        _check(found)
        if spans is not None and list(spans) != specs_of(found):
            check_spans(spans, VisitKind(found.kind))
            _erase(found)
            _write(found, spans)
        found.save()
        # As a trial leaves it too, which is undone before anybody looks.
        prefetch_related_objects([found], "spans__needs")
    return Changed(found, touched)


def move_up(*, visit_type_id: UUID, by: Actor, now: datetime | None = None) -> Changed[VisitType]:
    """One place up in the clinic's order; the first stays where it is."""
    moved = VisitType.objects.select_related("clinic").filter(pk=visit_type_id).first()
    if moved is None:
        raise NotFound("There is no such type of visit.")
    with changing(clinic=moved.clinic, by=by, now=now) as touched:
        Clinic.locked(moved.clinic_id)
        rows = list(VisitType.objects.filter(clinic=moved.clinic).select_for_update().order_by("position", "name"))
        at = next(place for place, row in enumerate(rows) if row.pk == visit_type_id)
        if at:
            rows[at - 1], rows[at] = rows[at], rows[at - 1]
        for place, row in enumerate(rows):
            if row.position != place:
                row.position = place
                row.save()
    return Changed(moved, touched)


def _check(found: VisitType) -> None:
    Clinic.locked(found.clinic_id)
    if not found.name or len(found.name) > 60:
        raise Invalid("Give it a name of at most 60 characters.", field="name")
    if found.kind not in set(VisitKind):
        raise Invalid("There is no such kind of visit.", field="kind")
    if found.chair_kind and found.chair_kind not in set(ChairKind):
        raise Invalid("There is no such kind of chair.", field="chair_kind")
    if not 0 <= found.position <= 32767:
        raise Invalid("Its place in the order is a small number.", field="position")
    same = VisitType.objects.filter(clinic_id=found.clinic_id, name__iexact=found.name).exclude(pk=found.pk)
    if same.exists():
        raise Invalid(f"There is a type called {found.name} already.", field="name")


def _erase(visit_type: VisitType) -> None:
    Need.objects.filter(span__visit_type=visit_type).delete()
    Span.objects.filter(visit_type=visit_type).delete()


def _write(visit_type: VisitType, specs: Sequence[SpanSpec]) -> None:
    spans = [
        Span(visit_type=visit_type, position=position, name=" ".join(spec.name.split()), minutes=spec.minutes)
        for position, spec in enumerate(specs)
    ]
    needs = [
        Need(span=span, what=need.what, part=need.part, minutes=need.minutes)
        for span, spec in zip(spans, specs, strict=True)
        for need in spec.needs
    ]
    bulk_create_with_history(spans, Span)
    bulk_create_with_history(needs, Need)
