"""The one door for when people work: weekly patterns from a day on, single days that differ, and time off.

Time off goes before single days, single days before the pattern. Somebody without a rota works whenever the clinic is
open. `now` None: by the clock, and days of the past may be written, as the set-up of a clinic does.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from config.audit.acting import Actor
from config.refusals import Clash, Invalid, NotFound
from config.staff.models import User
from scheduling.hours import Stretch
from scheduling.models import Resource, RotaDay, RotaShift, TimeOff
from scheduling.stretches import check_reason, check_stretches, check_to_come, check_weekday
from scheduling.touched import Changed, changing

# How "whenever the clinic is open" is kept for the days before somebody's first rota begins.
ALL_DAY: Stretch = (time(0), time(23, 55))
DAY = timedelta(days=1)


def set_rota(
    *,
    user: User,
    first_day: date,
    week: Mapping[int, Sequence[Stretch]],
    by: Actor,
    now: datetime | None = None,
    version: int | None = None,
) -> Changed[list[RotaShift]]:
    """What somebody works, week after week, from that day on (Monday 0; a weekday left out is off).

    The pattern before ends the day before; one that begins later stays. `version` is the staff resource's.
    """
    wanted = _checked(week)
    if now is not None:
        check_to_come(first_day, user.clinic.today(now), field="first_day")
    with changing(clinic=user.clinic, by=by, now=now, first=first_day) as touched:
        resource = _locked(user, version)
        if not resource.by_rota:
            _keep_until(resource, first_day, user.clinic.today(now or timezone.now()))
        until = _end_before(resource, first_day)
        rows = [
            RotaShift(resource=resource, weekday=weekday, starts=starts, ends=ends, first_day=first_day, last_day=until)
            for weekday, spans in wanted.items()
            for starts, ends in spans
        ]
        bulk_create_with_history(rows, RotaShift)
        resource.by_rota = True
        resource.save()
    return Changed(rows, touched)


def follow_opening_hours(*, user: User, by: Actor, now: datetime | None = None) -> Changed[Resource]:
    """No rota from today on: somebody works whenever the clinic is open, but for single days and time off."""
    with changing(clinic=user.clinic, by=by, now=now) as touched:
        resource = _locked(user, None)
        _end_all(resource, user.clinic.today(now or timezone.now()))
        resource.by_rota = False
        resource.save()
    return Changed(resource, touched)


def retire_staff_place(
    *, user: User, by: Actor, now: datetime | None = None, from_day: date | None = None
) -> Changed[Resource]:
    """Let nobody be booked on somebody from that day (or today) on. Their visits stay; each gets a task.

    Undone by a new rota.
    """
    today = user.clinic.today(now or timezone.now())
    day = from_day or today
    if now is not None:
        check_to_come(day, today, field="from_day")
    with changing(clinic=user.clinic, by=by, now=now, first=day) as touched:
        resource = _locked(user, None)
        if not resource.by_rota:
            _keep_until(resource, day, today)
        _end_all(resource, day)
        RotaDay.objects.filter(resource=resource, day__gte=day).delete()
        resource.by_rota = True
        resource.save()
    return Changed(resource, touched)


def rota_exception(
    *, user: User, day: date, spans: Sequence[Stretch], by: Actor, reason: str = "", now: datetime | None = None
) -> Changed[list[RotaDay]]:
    """What somebody works on that one day, in place of the pattern; no stretches: they are off."""
    spans, reason = check_stretches(spans, opens="The beginning", closes="the end"), check_reason(reason)
    if now is not None:
        check_to_come(day, user.clinic.today(now))
    with changing(clinic=user.clinic, by=by, now=now, first=day, last=day) as touched:
        resource = _locked(user, None)
        RotaDay.objects.filter(resource=resource, day=day).delete()
        stretches: list[tuple[time | None, time | None]] = [*spans] or [(None, None)]
        rows = [
            RotaDay(resource=resource, day=day, starts=starts, ends=ends, reason=reason) for starts, ends in stretches
        ]
        bulk_create_with_history(rows, RotaDay)
    return Changed(rows, touched)


def drop_rota_exception(*, user: User, day: date, by: Actor, now: datetime | None = None) -> Changed[None]:
    """Back to the pattern on that day."""
    with changing(clinic=user.clinic, by=by, now=now, first=day, last=day) as touched:
        gone, _ = RotaDay.objects.filter(resource=_locked(user, None), day=day).delete()
        if not gone:
            raise NotFound(f"{user.full_name} works as usual on that day.")
    return Changed(None, touched)


def time_off(
    *, user: User, first: date, last: date, by: Actor, reason: str = "", now: datetime | None = None
) -> Changed[TimeOff]:
    """Whole days off, both included, whatever the rota says. Visits stay; each gets a task."""
    reason = check_reason(reason)
    if last < first:
        raise Invalid("The last day comes before the first.", field="last")
    if now is not None:
        check_to_come(last, user.clinic.today(now), field="last")
    with changing(clinic=user.clinic, by=by, now=now, first=first, last=last) as touched:
        resource = _locked(user, None)
        other = TimeOff.objects.filter(resource=resource, first__lte=last, last__gte=first).first()
        if other:
            raise Clash(f"{user.full_name} is off from {other.first} to {other.last} already.", field="first")
        row = TimeOff(resource=resource, first=first, last=last, reason=reason)
        row.save()
    return Changed(row, touched)


def drop_time_off(*, time_off_id: UUID, by: Actor, now: datetime | None = None) -> Changed[None]:
    """Take time off back; tasks about visits that fit again are withdrawn."""
    found = TimeOff.objects.select_related("resource__clinic").filter(pk=time_off_id).first()
    if found is None:
        raise NotFound("There is no such time off.")
    with changing(clinic=found.resource.clinic, by=by, now=now, first=found.first, last=found.last) as touched:
        TimeOff.locked(time_off_id).delete()
    return Changed(None, touched)


def _checked(week: Mapping[int, Sequence[Stretch]]) -> dict[int, list[Stretch]]:
    found = {}
    for weekday, spans in week.items():
        check_weekday(weekday)
        found[weekday] = check_stretches(spans, opens="The beginning", closes="the end")
    return found


def _locked(user: User, version: int | None) -> Resource:
    """The row of somebody who takes visits. Raises NotFound, or Stale."""
    found = Resource.objects.filter(staff=user).first()
    if found is None:
        raise NotFound(f"{user.full_name} takes no visits yet.")
    return Resource.locked(found.pk, version=version)


def _keep_until(resource: Resource, first_day: date, today: date) -> None:
    """Until their first rota begins, somebody goes on working whenever the clinic is open."""
    if first_day <= today:
        return
    starts, ends = ALL_DAY
    last = first_day - DAY
    _end_all(resource, today)
    rows = [
        RotaShift(resource=resource, weekday=day, starts=starts, ends=ends, first_day=today, last_day=last)
        for day in range(7)
    ]
    bulk_create_with_history(rows, RotaShift)


def _end_before(resource: Resource, day: date) -> date | None:
    """End the pattern that holds on that day, replace one that begins on it; the day before the next one begins."""
    RotaShift.objects.filter(resource=resource, first_day=day).delete()
    _shorten(resource, day)
    later = RotaShift.objects.filter(resource=resource, first_day__gt=day).order_by("first_day").first()
    return later.first_day - DAY if later else None


def _end_all(resource: Resource, day: date) -> None:
    """No pattern from that day on."""
    RotaShift.objects.filter(resource=resource, first_day__gte=day).delete()
    _shorten(resource, day)


def _shorten(resource: Resource, day: date) -> None:
    reaching = Q(last_day=None) | Q(last_day__gte=day)
    rows = list(RotaShift.objects.filter(reaching, resource=resource, first_day__lt=day))
    for row in rows:
        row.last_day = day - DAY
        row.version += 1
    bulk_update_with_history(rows, RotaShift, ["last_day", "version"])
