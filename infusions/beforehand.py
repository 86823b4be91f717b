"""What is known of booked infusions before their records are opened: order, count, candidacy, consents, exceptions.

One query for one visit or for a whole day of them. What is read of a patient is small, so it comes as a few lists
beside each visit and is put together here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from phonenumber_field.phonenumber import PhoneNumber

from config.staff.models import Clinic
from infusions.consents import within
from infusions.course import NOT_BEGUN
from infusions.gaps import GAVE_NOTHING
from infusions.models import (
    CandidacyDecision,
    ConsentWording,
    ExceptionKind,
    Fulfilment,
    Order,
    OrderException,
    TreatmentConsent,
    Visit,
)
from infusions.states import OrderStatus
from patients.models import shown_phone
from scheduling.models import Appointment, NamedEscort

WHOSE = OuterRef("patient")


@dataclass(frozen=True)
class OrderKnown:
    """What matters of a signed order: where it stands, for how many visits it is, and from when to when."""

    id: UUID
    supersedes: UUID | None
    status: str
    signed_name: str
    visits: int | None
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True)
class Beforehand:
    """What is known of one visit on its `day`. `number`: which of the order's visits it is, by time. `asked`: kinds of
    consent that a start asks for; `agreed`: of each kind that is in date, the consent in words. `escort_said`: whom the
    patient named for this time of the visit, seen by nobody yet."""

    day: date
    order: OrderKnown | None = None
    number: int | None = None
    outcome: str = ""
    decided_until: date | None = None
    asked: tuple[str, ...] = ()
    agreed: Mapping[str, str] | None = None
    no_escort_by: str = ""
    escort_said: str = ""


def beforehand(appointments: Iterable[Appointment], *, clinic: Clinic) -> dict[UUID, Beforehand]:
    """What is known of each visit of the clinic. One query."""
    days = {visit.pk: visit.start.astimezone(clinic.tz).date() for visit in appointments}
    rows = Appointment.objects.filter(pk__in=days).annotate(
        orders=_list(Order.objects.filter(signed_at__isnull=False), **ORDER),
        fulfilled=_list(Fulfilment.objects.all(), order="order_id", series="series_id"),
        visits=_list(Appointment.objects.exclude(status__in=GAVE_NOTHING), **VISIT),
        opened=_list(Visit.objects.filter(order__isnull=False), visit="appointment_id", order="order_id"),
        decided=Subquery(_decisions()),
        asked=ArraySubquery(_asked()),
        agreed=_list(TreatmentConsent.objects.order_by("given_on", "recorded_at"), **CONSENT),
        escort=Subquery(_escort()),
        excused=_list(OrderException.objects.filter(kind=ExceptionKind.NO_ESCORT).order_by("recorded_at"), **EXCUSED),
    )
    return {row.pk: _known(row, days[row.pk]) for row in rows}


ORDER = {name: name for name in ("id", "signed_name", "visits", "valid_from", "valid_until")} | {
    "supersedes": "supersedes_id",
    "status": "standing__status",
}
VISIT = {"id": "id", "series": "series_id", "status": "status", "start": "start"}
CONSENT = {
    "kind": "wording__kind",
    "edition": "wording__edition",
    "given_on": "given_on",
    "expires_on": "expires_on",
    "ending": "ending__id",
    "ended_on": "ending__ended_on",
}
EXCUSED = {"day": "day", "order": "order_id", "signed_name": "signed_name"}


def _list(rows: QuerySet[Any], **columns: str) -> ArraySubquery:
    """These columns of the patient's rows, as a list of objects."""
    return ArraySubquery(rows.filter(patient=WHOSE).values(told=JSONObject(**columns)))


def _decisions() -> QuerySet[Any, Any]:
    newest = CandidacyDecision.objects.filter(patient=WHOSE).order_by("-recorded_at")
    return newest.values(told=JSONObject(outcome="outcome", until="valid_until"))[:1]


def _escort() -> QuerySet[Any, Any]:
    said = NamedEscort.objects.filter(appointment=OuterRef("pk"), placing=OuterRef("placing"))
    return said.order_by("-at", "-recorded_at").values(told=JSONObject(name="name", phone="phone"))[:1]


def _asked() -> QuerySet[Any, Any]:
    asked = ConsentWording.objects.filter(clinic=OuterRef("clinic"), retired_at__isnull=True, needed_to_start=True)
    return asked.order_by("kind").values("kind")


def _known(row: Any, day: date) -> Beforehand:
    orders = {order.id: order for order in map(_order, row.orders)}
    order = _in_force(row, orders)
    earlier = _versions(order, orders)
    decided = row.decided or {}
    excused = [one for one in row.excused if _day(one["day"]) == day and UUID(one["order"]) in earlier]
    return Beforehand(
        day=day,
        order=order,
        number=_number(row, order, earlier),
        outcome=decided.get("outcome", ""),
        decided_until=_day(decided.get("until")),
        asked=tuple(row.asked),
        agreed=_in_date(row.agreed, day),
        no_escort_by=excused[-1]["signed_name"] if excused else "",
        escort_said=_named(row.escort),
    )


def _named(escort: dict[str, str] | None) -> str:
    return f"{escort['name']}, {shown_phone(PhoneNumber.from_string(escort['phone']))}" if escort else ""


def _order(told: dict[str, Any]) -> OrderKnown:
    ids = {name: UUID(told[name]) if told[name] else None for name in ("id", "supersedes")}
    days = {name: _day(told[name]) for name in ("valid_from", "valid_until")}
    return OrderKnown(**(told | ids | days))


def _in_force(row: Any, orders: Mapping[UUID, OrderKnown]) -> OrderKnown | None:
    """The order that the opened record names; else the one that the series was booked for, or whatever replaced it."""
    opened = {one["visit"]: one["order"] for one in row.opened}
    if str(row.pk) in opened:
        return orders.get(UUID(opened[str(row.pk)]))
    booked_for = {one["series"]: one["order"] for one in row.fulfilled}.get(str(row.series_id))
    order = orders.get(UUID(booked_for)) if booked_for else None
    while order is not None and order.status == OrderStatus.SUPERSEDED:
        order = next((newer for newer in orders.values() if order and newer.supersedes == order.id), None)
    return order


def _versions(order: OrderKnown | None, orders: Mapping[UUID, OrderKnown]) -> set[UUID]:
    """The order and those that it came to replace."""
    found: set[UUID] = set()
    while order is not None:
        found.add(order.id)
        order = orders.get(order.supersedes) if order.supersedes else None
    return found


def _number(row: Any, order: OrderKnown | None, versions: Collection[UUID]) -> int | None:
    """Where the visit stands among those that count of its order (as `course.visits_of`); None when it does not."""
    if order is None:
        return None
    series = {one["series"]: UUID(one["order"]) for one in row.fulfilled if UUID(one["order"]) in versions}
    under = {one["visit"] for one in row.opened if UUID(one["order"]) == order.id}
    counted = [visit for visit in row.visits if visit["id"] in under or _counts(visit, series, order)]
    counted.sort(key=lambda visit: visit["start"])
    places = {visit["id"]: place for place, visit in enumerate(counted, start=1)}
    return places.get(str(row.pk))


def _counts(visit: dict[str, Any], series: Mapping[str, UUID], order: OrderKnown) -> bool:
    booked_for = series.get(visit["series"])
    return booked_for == order.id or (booked_for is not None and visit["status"] in NOT_BEGUN)


def _in_date(consents: Iterable[dict[str, Any]], day: date) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in consents:
        given_on, last = _day(one["given_on"]), _day(one["expires_on"])
        ended, ended_on = one["ending"] is not None, _day(one["ended_on"])
        if given_on and within(day, given_on=given_on, expires_on=last, ended=ended, ended_on=ended_on):
            until = f", until {last:%-d %b %Y}" if last else ""
            found[one["kind"]] = f"{one['kind']}, edition {one['edition']}{until}"
    return found


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None
