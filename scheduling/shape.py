"""What a visit takes and when: its spans with their needs, laid over its length. Plain values.

A visit's length comes from whoever books it. The spans that have a length of their own come first; the one without
takes what they leave. Nothing here says how long an infusion runs: that is the order's.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from config.refusals import Invalid
from config.staff.models import Clinic
from scheduling.models.kinds import Part, VisitKind, What
from scheduling.models.places import Kind


@dataclass(frozen=True)
class Need:
    """Something that is needed from one minute of the visit to another."""

    what: What
    first: int
    end: int

    @property
    def steps(self) -> tuple[int, int]:
        return self.first // 5, self.end // 5


@dataclass(frozen=True)
class Shape:
    """A visit of `minutes` with all that it needs. `chair_kind` empty: any."""

    minutes: int
    needs: tuple[Need, ...]
    chair_kind: str = ""
    visit_type: UUID | None = None

    def of(self, *what: What) -> list[Need]:
        return [need for need in self.needs if need.what in what]


def as_what(kind: str, *, lane: int, is_rest: bool) -> What:
    """As what a visit has a place or person of that kind: a nurse by her lane, a place by whether it is the rest's."""
    if kind == Kind.NURSE:
        return What.WATCH if lane else What.HANDS
    if kind == Kind.CLINICIAN:
        return What.CLINICIAN
    return What.RECOVERY if is_rest else What.CHAIR


def plain(minutes: int) -> Shape:
    """A visit without a type: a chair and a share of a nurse, all through."""
    return Shape(minutes, (Need(What.CHAIR, 0, minutes), Need(What.WATCH, 0, minutes)))


@dataclass(frozen=True)
class SpanNeed:
    """A span of a visit type with one of its needs, as stored; `what` is None for a span that needs nothing."""

    visit_type: UUID
    chair_kind: str
    position: int
    minutes: int | None
    what: What | None
    part: Part | None
    for_minutes: int | None


READ_ALL = """
    SELECT t.id, t.chair_kind, s.position, s.minutes, n.what, n.part, n.minutes
    FROM scheduling_visittype t
    JOIN scheduling_span s ON s.visit_type_id = t.id
    LEFT JOIN scheduling_need n ON n.span_id = s.id
    WHERE t.clinic_id = %(clinic)s
"""
READ = """
    SELECT t.id, t.chair_kind, s.position, s.minutes, n.what, n.part, n.minutes
    FROM (SELECT id, chair_kind FROM scheduling_visittype
          WHERE clinic_id = %(clinic)s AND kind = %(kind)s
            AND CASE WHEN %(one)s::uuid IS NULL THEN in_use ELSE id = %(one)s AND (in_use OR NOT %(offered)s) END
          ORDER BY position, name LIMIT 1) t
    JOIN scheduling_span s ON s.visit_type_id = t.id
    LEFT JOIN scheduling_need n ON n.span_id = s.id
    ORDER BY s.position
"""


def load(
    *, clinic: Clinic, kind: VisitKind, minutes: int, visit_type: UUID | None = None, offered: bool = False
) -> Shape:
    """The shape of a visit of this clinic: of the type that is named, else the first of its kind in use. One query.

    A clinic without types has plain visits. `offered`: a retired type will not do either, as for any new visit. Raises
    Invalid (visit_type) for an unknown one, (minutes, code too-short) when the spans are longer than the visit.
    """
    with connection.cursor() as cursor:
        cursor.execute(READ, {"clinic": clinic.pk, "kind": str(kind), "one": visit_type, "offered": offered})
        rows = [SpanNeed(*row) for row in cursor.fetchall()]
    if not rows and visit_type is not None:
        raise Invalid("There is no such type of visit.", field="visit_type")
    return laid(rows, minutes) if rows else plain(minutes)


def types(*, clinic: Clinic) -> dict[UUID, list[SpanNeed]]:
    """The spans of each type of the clinic, in use or not, to be `laid`. One query."""
    found: dict[UUID, list[SpanNeed]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(READ_ALL, {"clinic": clinic.pk})
        for row in cursor.fetchall():
            found[row[0]].append(SpanNeed(*row))
    return found


def laid(rows: Iterable[SpanNeed], minutes: int) -> Shape:
    """Spans in order over a visit of `minutes`; what is needed on both sides of a seam is one stretch."""
    rows = list(rows)
    lengths = {row.position: row.minutes for row in rows}
    left = minutes - sum(length or 0 for length in lengths.values())
    if left < 0 or (left == 0 and None in lengths.values()):
        raise Invalid(
            f"This visit would last {minutes} minutes; set-up and recovery alone take {minutes - left}.",
            field="minutes",
            code="too-short",
        )
    begins, at = {}, 0
    for position, length in sorted(lengths.items()):
        begins[position] = (at, at + (left if length is None else length))
        at = begins[position][1]
    needs = [_need(row, row.what, *begins[row.position]) for row in rows if row.what]
    return Shape(minutes, _joined(needs), rows[0].chair_kind, rows[0].visit_type)


def _need(row: SpanNeed, what: str, begin: int, end: int) -> Need:
    length = end - begin if row.for_minutes is None else min(row.for_minutes, end - begin)
    first = end - length if row.part == Part.LAST else begin
    return Need(What(what), first, first + length)


def _joined(needs: list[Need]) -> tuple[Need, ...]:
    found: list[Need] = []
    for need in sorted(needs, key=lambda one: (one.what, one.first)):
        last = found[-1] if found else None
        if last and last.what == need.what and need.first <= last.end:
            found[-1] = Need(need.what, last.first, max(last.end, need.end))
        else:
            found.append(need)
    return tuple(found)
