"""Blank sheets for a downtime: what is written on by hand while the desk cannot be reached.

Who, when, where and the allergies stand on a sheet; all else is empty. No value of an order is ever filled in: whoever
wants the order at hand takes it out as it was signed, on a sheet of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from config.audit.acting import recorded
from config.audit.disclosures import each_disclosed
from config.audit.models import DisclosureKind
from config.refusals import Invalid, NotFound
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from infusions.models import Order
from infusions.orders import in_force_of
from scheduling.models import Appointment
from scheduling.models.kinds import VisitKind
from scheduling.reading import numbered
from scheduling.states import PRESENT, Status
from scheduling.wall_clock import check_day, day_period

# Who is still to come, and who is here when the lights go out.
EXPECTED = PRESENT | {Status.BOOKED}
SHEET, ORDER = "Blank downtime sheet", "Signed order, with a blank downtime sheet"


@dataclass(frozen=True)
class BlankSheet:
    """One visit's sheet: which visit `number` of `of` in its series it is, if it has one; `order` is the one in force,
    if the orders were asked for and there is one."""

    visit: Appointment
    number: int | None
    of: int | None
    order: Order | None

    @property
    def is_infusion(self) -> bool:
        return bool(self.visit.kind == VisitKind.INFUSION)


def taken_out(*, appointment_id: UUID, by: User, with_orders: bool = False) -> list[BlankSheet]:
    """The sheet of one visit, whatever its state: a patient may come all the same. Raises NotAllowed, NotFound."""
    with recorded(by=by):
        visits = list(_visits(by.clinic).filter(pk=appointment_id))
        if not visits:
            raise NotFound("There is no such appointment.")
        return _sheets(visits, by, with_orders=with_orders)


def taken_out_of_day(*, day: date, by: User, with_orders: bool = False) -> list[BlankSheet]:
    """The sheets of all visits that are expected on a day, in the order of time. Raises NotAllowed, and Invalid for a
    day without any.
    """
    check_day(day, field="day")
    first, last = day_period(day, by.clinic.tz)
    with recorded(by=by):
        rows = _visits(by.clinic).filter(start__gte=first, start__lt=last, status__in=EXPECTED)
        visits = list(rows.order_by("start", "chair__position", "id"))
        if not visits:
            raise Invalid("No visit is expected on this day, so there is no sheet to print.", field="day")
        return _sheets(visits, by, with_orders=with_orders)


def _visits(clinic: Clinic) -> QuerySet[Appointment]:
    related = ("clinic", "patient__allergies_confirmed_by", "chair", "nurse")
    return Appointment.objects.filter(clinic=clinic).select_related(*related)


def _sheets(visits: Sequence[Appointment], by: User, *, with_orders: bool) -> list[BlankSheet]:
    """Written down first, a row for each visit and for each order that goes with it."""
    require(by, Permission.SEE_PATIENTS)
    found: dict[UUID, Order] = {}
    if with_orders:
        require(by, Permission.SEE_CLINICAL)
        given = [visit.patient_id for visit in visits if visit.kind == VisitKind.INFUSION]
        found = in_force_of(given)
        each_disclosed(kind=DisclosureKind.PRINT, what=ORDER, by=by, records=[one.pk for one in found.values()])
    each_disclosed(kind=DisclosureKind.PRINT, what=SHEET, by=by, records=[visit.pk for visit in visits])
    places = numbered(visits)
    return [_sheet(visit, places.get(visit.pk), found) for visit in visits]


def _sheet(visit: Appointment, place: tuple[int, int] | None, found: dict[UUID, Order]) -> BlankSheet:
    number, of = place or (None, None)
    order = found.get(visit.patient_id) if visit.kind == VisitKind.INFUSION else None
    return BlankSheet(visit, number, of, order)
