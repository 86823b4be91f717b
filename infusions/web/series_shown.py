"""What the planner's page needs to say: the plan's rows, the months with their room, what is held already."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from config.refusals import Refused
from config.staff.models import User
from infusions import exceptions, framing, fulfilment, orders
from infusions.models import ExceptionKind, Order
from infusions.planning import Plan
from infusions.web import months, series_days
from infusions.web.series_forms import WishForm, token
from infusions.web.series_found import Shown
from scheduling.models import Appointment, Chair
from scheduling.rules import limits_of
from scheduling.states import Status
from scheduling.stretches import WEEKDAYS
from scheduling.wall_clock import day_words


def context(order: Order, form: WishForm, found: Shown, now: datetime) -> dict[str, Any]:
    """All that the page and its fragment show."""
    booked = fulfilment.visits_of(order)
    left = fulfilment.visits_left(order)
    held, until = held_of(booked)
    kept = rows(found.kept)
    can_plan = bool(left) and not found.obstacles
    needs = series_days.Needs(order, form.chosen_type, now)
    open_days = exceptions.open_days(order, kind=ExceptionKind.OUTSIDE_GAPS) if can_plan else set()
    return {
        "order": order,
        "view": orders.desk_view(order),
        "left": left,
        "visits": booked,
        "held": held,
        "held_until": until,
        "hole": framing.hole_in(order, booked, now=now) if can_plan else None,
        "rows": rows(found.plan, {_day(order, visit) for visit in booked}),
        "kept_all": kept,
        "kept_rows": [row for row in kept if row["visit"].is_pinned],
        "can_be_booked": found.plan.can_be_booked,
        "form": form,
        "limits": limits_words(order),
        "months": _months(order, found, booked, now) if can_plan else [],
        "allowed": [
            (day_words(day), [{"choice": choice, "token": token(choice)} for choice in choices])
            for day, choices in series_days.allowed(needs, open_days)
        ],
        "found": found,
        "obstacles": found.obstacles,
    }


def held_of(visits: Sequence[Appointment]) -> tuple[list[Appointment], datetime | None]:
    """The visits that are only held, and until when."""
    held = [visit for visit in visits if visit.status == Status.HELD]
    return held, min((visit.held_until for visit in held if visit.held_until), default=None)


def limits_words(order: Order) -> str:
    """`Mon, Wed, not before 09:00; bus`: when the patient can come; empty when nobody said."""
    limits = limits_of(order.patient)
    times = [
        ", ".join(WEEKDAYS[day][:3] for day in limits.weekdays),
        f"not before {limits.time_from:%H:%M}" if limits.time_from else "",
        f"home by {limits.time_until:%H:%M}" if limits.time_until else "",
        limits.transport,
    ]
    return "; ".join(filter(None, times))


def rows(plan: Plan, stands: Collection[date] = ()) -> list[dict[str, Any]]:
    """The plan's rows with what the page needs to say and to send back. `stands`: the days of the visits that stand."""
    choices = [choice for row in plan.rows for choice in (row.chosen, *row.alternatives)]
    chairs = Chair.objects.in_bulk({choice.chair_id for choice in choices if choice.chair_id})
    nurses = User.objects.in_bulk({choice.nurse_id for choice in choices if choice.nurse_id})
    return [
        {
            "visit": row,
            "gap_days": _since(row.chosen.start.date(), stands) if row.gap_days is None else row.gap_days,
            "chair": chairs.get(row.chosen.chair_id),
            "nurse": nurses.get(row.chosen.nurse_id),
            "token": token(row.chosen),
            "others": [
                {"choice": other, "token": token(other), "pick": f"{row.number}:{nth}"}
                for nth, other in enumerate(row.alternatives)
            ],
        }
        for row in plan.rows
    ]


def _since(day: date, stands: Collection[date]) -> int | None:
    """How many days lie between it and the visit before it."""
    before = max((other for other in stands if other < day), default=None)
    return (day - before).days if before else None


def _months(order: Order, found: Shown, booked: Sequence[Appointment], now: datetime) -> list[months.Month]:
    today = order.clinic.today(now)
    planned = {row.chosen.start.date(): row.number for row in (found.plan.rows or found.kept.rows)}
    first = min(planned, default=None) or today
    last = max(planned, default=None) or first + timedelta(days=31)
    stands = {_day(order, visit) for visit in booked}
    try:
        return months.drawn(order.clinic, max(first, today), last, planned=planned, stands=stands, now=now)
    except Refused:
        return []


def _day(order: Order, visit: Appointment) -> date:
    return visit.start.astimezone(order.clinic.tz).date()
