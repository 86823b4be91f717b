"""Places that forms hold: somebody has chosen a time and still types who comes, and why.

For them alone, for as many minutes as the clinic says, and for no patient yet. It is taken as any place is, under the
same locks and constraint, and ends by the booking, by leaving the form, or by itself.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet
from simple_history.utils import bulk_create_with_history

from config.audit.acting import Actor, recorded
from config.refusals import NotAllowed
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from scheduling import hours, placing, resources, shape
from scheduling.models import Allocation, Chair, FormHold, VisitKind
from scheduling.rules import rules_of


def hold(
    *,
    clinic: Clinic,
    start: datetime,
    minutes: int,
    by: User,
    now: datetime,
    chair: Chair | None = None,
    visit_type: UUID | None = None,
) -> FormHold:
    """Hold a place for a consult that is still being typed; without `chair` any one that is free.

    Raises Invalid (field start, minutes, chair or visit_type), NotAllowed, or Clash with what has the place.
    """
    require(by, Permission.BOOK)
    if by.clinic_id != clinic.pk:
        raise NotAllowed("This belongs to another clinic.")
    hours.check_length(minutes)
    wanted = placing.wanted_visit(
        start=start,
        shape=shape.load(clinic=clinic, kind=VisitKind.CONSULT, minutes=minutes, visit_type=visit_type),
        chair=chair.pk if chair else None,
    )
    until = now + timedelta(minutes=rules_of(clinic).hold_form_minutes)
    told = placing.told_what_is_free(wanted, clinic=clinic, patient=None, now=now)
    with told, placing.last_word(), recorded(by=by):
        places = resources.lock_places(clinic=clinic)
        open_hours = placing.hours_for(wanted=[wanted], clinic=clinic)
        hours.check_visit(hours=open_hours, start=start, minutes=minutes, now=now)
        [found] = placing.find_seats(places=places, wanted=[wanted], open_hours=open_hours, now=now)
        seat = placing.seat_or_clash(found)
        held = FormHold(clinic=clinic, held_by=by, start=wanted.start, end=wanted.end, held_until=until)
        held.chair_id, held.visit_type_id = seat.chair.id, wanted.shape.visit_type
        held.save()
        bulk_create_with_history(placing.allocations_of(held, seat), Allocation)
    return held


def standing(*, clinic: Clinic, now: datetime) -> QuerySet[FormHold]:
    """What forms hold at this clinic now, with chair and person."""
    held = FormHold.objects.filter(clinic=clinic, ended_at__isnull=True, held_until__gt=now)
    return held.select_related("chair", "held_by").order_by("start", "chair__position")


def running(*, hold_id: UUID, by: Actor, now: datetime) -> FormHold | None:
    """What this person holds under that id, as long as it has not ended or run out."""
    if not isinstance(by, User):
        return None
    return standing(clinic=by.clinic, now=now).filter(pk=hold_id, held_by=by).first()


def let_go(*, hold_id: UUID, by: User, now: datetime) -> bool:
    """Give back what this person holds. False when there is nothing any more, or it is another's."""
    with recorded(by=by, reason="let go"):
        return bool(placing.end_form_holds(FormHold.objects.filter(pk=hold_id, held_by=by), now))


def set_aside(*, hold_id: UUID, by: Actor, now: datetime) -> frozenset[UUID]:
    """In the transaction of a booking by whoever holds this: their place is free for it. Answers the ids of the places
    that were held, to be preferred; none when it ran out, and then the booking takes what is free."""
    held = running(hold_id=hold_id, by=by, now=now)
    if held is None:
        return frozenset()
    placing.end_form_holds(FormHold.objects.filter(pk=held.pk), now)
    return frozenset({held.chair_id})
