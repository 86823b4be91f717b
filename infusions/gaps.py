"""The days on which a visit keeps the gaps of its order to the visits before and after it, in clinic days."""

from datetime import date, timedelta

from infusions.orders import Limits
from scheduling.models import Appointment
from scheduling.states import CANCELLED, Status
from scheduling.wall_clock import day_words

# Visits in these states gave no infusion and never will: they take none of the order's visits, and no gap counts from
# them.
GAVE_NOTHING = CANCELLED | {Status.NO_SHOW, Status.NOT_TREATED, Status.ENTERED_IN_ERROR, Status.RELEASED}


def allowed_days(visit: Appointment, within: Limits) -> tuple[date | None, date | None]:
    """First and last clinic day that keep the gaps to the visit before and the visit after; None where nothing binds.

    A first visit is bound by the days that the order gives for it.
    """
    before, after = neighbours(visit)
    least, most = timedelta(days=within.min_gap_days or 0), timedelta(days=within.max_gap_days or 0)
    firsts = [before + least] if before else [within.first_from]
    lasts = [before + most] if before else [within.first_until]
    if after:
        firsts.append(after - most)
        lasts.append(after - least)
    return max(filter(None, firsts), default=None), min(filter(None, lasts), default=None)


def neighbours(visit: Appointment) -> tuple[date | None, date | None]:
    """The clinic days of the series' visits just before and just after this one."""
    zone = visit.clinic.tz
    same = Appointment.objects.filter(series=visit.series_id, series__isnull=False).exclude(status__in=GAVE_NOTHING)
    starts = list(same.order_by("start").values_list("pk", "start"))
    days: list[date | None] = [None, *(start.astimezone(zone).date() for _, start in starts), None]
    for nth, (pk, _) in enumerate(starts, start=1):
        if pk == visit.pk:
            return days[nth - 1], days[nth + 1]
    return None, None


def span(first: date | None, last: date | None) -> str:
    if first is not None and last is not None:
        if first > last:
            return "on no day while its neighbours stand where they do"
        return f"from {day_words(first)} to {day_words(last)}"
    return f"from {day_words(first)} on" if first is not None else f"until {day_words(last)}" if last else "any day"
