"""One visit of a plan on a day of the desk's choice: a free start there, or a question for the prescriber."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from config.http.pages import StaffRequest
from config.refusals import Refused
from config.staff.permissions import Role
from infusions import fulfilment
from infusions.models import Order
from infusions.planning import Choice, Plan
from infusions.web.series_found import DayWish, Shown
from patients.models import TaskKind
from patients.tasks import raise_task
from scheduling.availability import free_starts
from scheduling.wall_clock import day_words
from scheduling.wording import days_in_words


@dataclass(frozen=True)
class _Question:
    """What is asked of the prescriber: which visit, on which day."""

    number: int
    day: date


@dataclass(frozen=True)
class Needs:
    """What a visit is looked for: on which order, as what type (None: the clinic's first), and when."""

    order: Order
    visit_type: UUID | None
    now: datetime


def wished(text: str, number: int, plan: Plan, needs: Needs) -> DayWish:
    """The free start of that day that is nearest to the visit's time of day; `refusal` says why there is none."""
    day = _day(text)
    if day is None:
        return DayWish(number, None, refusal="Choose the other day.")
    row = next((row for row in plan.rows if row.number == number), None)
    if row is None:
        return DayWish(number, day, refusal=f"There is no visit {number} in this plan.")
    starts, refusal = _starts(needs, day)
    if not starts:
        return DayWish(number, day, refusal=refusal or f"Nothing is free on {day_words(day)}.")
    usual = row.chosen.start.hour * 60 + row.chosen.start.minute
    best = min(starts, key=lambda start: (abs(start.hour * 60 + start.minute - usual), start))
    return DayWish(number, day, choice=Choice(best))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _starts(needs: Needs, day: date) -> tuple[list[datetime], str]:
    order, now = needs.order, needs.now
    if not order.clinic.today(now) <= day:
        return [], "This day is past."
    try:
        shape = fulfilment.needs_of(order, visit_type=needs.visit_type)
        found = free_starts(clinic=order.clinic, shape=shape, first=day, last=day, now=now, patient=order.patient)
    except Refused as refusal:
        return [], refusal.message
    return found[day], ""


def allowed(needs: Needs, days: set[date]) -> list[tuple[date, list[Choice]]]:
    """Free starts on the days that a prescriber has signed for and no visit uses yet."""
    today = needs.order.clinic.today(needs.now)
    found = []
    for day in sorted(day for day in days if day >= today):
        starts, _ = _starts(needs, day)
        found.append((day, [Choice(start) for start in starts[:: max(1, len(starts) // 5)][:6]]))
    return found


def to_ask(wish: DayWish, plan: Plan, order: Order) -> DayWish:
    """The same day as a question: why the order does not allow it, and whom to ask."""
    words = [f"{day_words(wish.day)} is free, but not within the order" if wish.day else ""]
    before = next((row for row in plan.rows if row.number == wish.number - 1), None)
    if before is not None and wish.day is not None:
        gap = (wish.day - before.chosen.start.date()).days
        words.append(
            f"{days_in_words(gap)} after visit {before.number}; it says {order.min_gap_days} to {order.max_gap_days}"
        )
    return replace(wish, choice=None, ask=True, refusal=": ".join(words) + ".")


def ask(request: StaffRequest, order: Order, plan: Plan, pressed: str, now: datetime) -> Shown:
    """Give the prescribers a task: may this visit be on that day?"""
    question = _question(pressed)
    if question is None:
        return Shown(plan)
    words = (
        f"May visit {question.number} be on {day_words(question.day)}? "
        f"The order asks for {order.min_gap_days} to {order.max_gap_days} days between visits."
    )
    task = raise_task(
        clinic=order.clinic,
        patient=order.patient,
        kind=TaskKind.OTHER,
        words=words,
        about=order.pk,
        about_kind="order",
        for_role=Role.PRESCRIBER,
        by=request.user,
        now=now,
    )
    told = "Asked" if task.words == words else "A question about this order is open already"
    return Shown(plan, asked=f"{told}: “{task.words}” It is on the prescribers’ list of tasks.")


def _question(pressed: str) -> _Question | None:
    number, _, day = pressed.partition(":")
    found = _day(day)
    if found is None or not (number.isascii() and number.isdecimal() and len(number) < 4):
        return None
    return _Question(int(number), found)
