"""What `patients` asks about the floors above it; told to it when the desk starts (`config.web.apps`)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Min, Q
from django.urls import reverse

from config.audit.strands import Strand
from config.staff.models import User
from infusions import histories as of_infusions
from infusions.models import (
    CandidacyDecision,
    Order,
    OrderStanding,
    QuestionnaireResponse,
    TreatmentConsent,
    WaitlistEntry,
)
from infusions.states import OrderStatus
from notifications.models import InboundText, Message
from patients.elsewhere import Held, Standing
from scheduling import histories as of_scheduling
from scheduling import holding
from scheduling.models import Appointment
from scheduling.states import PRESENT, Status
from scheduling.wall_clock import words

LIVE_ORDERS = (OrderStatus.ACTIVE, OrderStatus.ON_HOLD)
UNDER_WAY = Q(status__in=PRESENT)


def next_visits(patients: Iterable[UUID], now: datetime) -> dict[UUID, datetime]:
    """The start of each patient's next booked visit."""
    coming = Appointment.objects.filter(patient__in=list(patients), status=Status.BOOKED, end__gt=now)
    return dict(coming.order_by().values_list("patient").annotate(start=Min("start")))


def holds(patient: UUID, now: datetime) -> list[Held]:
    """What hangs from the record. A visit to come or a live order keeps it from being merged away."""
    visits = Appointment.objects.filter(patient=patient)
    coming = visits.filter(UNDER_WAY | Q(status__in=[Status.BOOKED, Status.HELD], end__gt=now)).count()
    orders = Order.objects.filter(patient=patient)
    live = OrderStanding.objects.filter(patient=patient, status__in=LIVE_ORDERS).count()
    waiting = WaitlistEntry.objects.filter(patient=patient, closed_at=None).count()
    drafts = orders.filter(signed_at=None, discarded_at=None).count()
    return [
        Held("visits to come or under way", coming, hinders=True),
        Held("visits that are over", visits.count() - coming),
        Held("orders in force or on hold", live, hinders=True),
        Held("orders in draft", drafts, hinders=True),
        Held("orders in all", orders.count()),
        Held("places on the waitlist", waiting, hinders=True),
        Held("decisions on candidacy", CandidacyDecision.objects.filter(patient=patient).count()),
        Held("answered questionnaires", QuestionnaireResponse.objects.filter(patient=patient).standing().count()),
        Held("treatment consents", TreatmentConsent.objects.filter(patient=patient).count()),
        Held("messages", Message.objects.filter(patient=patient).count()),
        Held("answers by text", InboundText.objects.filter(patient=patient).count()),
    ]


def standing(patient: UUID, now: datetime) -> list[Standing]:
    """Each visit that is not over, each order in force or in draft, each place on the waitlist, in words."""
    to_come = Q(status__in=[Status.BOOKED, Status.HELD], end__gt=now)
    visits = Appointment.objects.filter(UNDER_WAY | to_come, patient=patient).select_related("clinic")
    live = OrderStanding.objects.filter(patient=patient, status__in=LIVE_ORDERS).select_related("order")
    drafts = Order.objects.filter(patient=patient, signed_at=None, discarded_at=None).select_related("author")
    waits = WaitlistEntry.objects.filter(patient=patient, closed_at=None).order_by("since")
    return [
        *[_visit(visit) for visit in visits.order_by("start")],
        *[_order(row) for row in live],
        *[Standing(f"Order in draft, by {order.author.full_name}") for order in drafts],
        *[Standing("A place on the waitlist", reverse("waitlist-entry", args=[entry.pk])) for entry in waits],
    ]


def _visit(visit: Appointment) -> Standing:
    to_come = visit.status in {Status.BOOKED, Status.HELD}
    when = words(visit.start, visit.clinic.tz)
    how = "" if visit.status == Status.BOOKED else f", {visit.status.replace('-', ' ')}"
    return Standing(f"{visit.kind.capitalize()} on {when}{how}", reverse("appointment", args=[visit.pk]), to_come)


def _order(standing: OrderStanding) -> Standing:
    says = f"Order signed by {standing.order.signed_name}, {standing.status.replace('-', ' ')}"
    return Standing(says, reverse("order", args=[standing.order_id]))


def release(patient: UUID, reason: str, by: User, now: datetime) -> int:
    """Cancel what is booked and give back what is held, as the clinic's doing."""
    return len(holding.release_coming(patient=patient, reason=reason, by=by, now=now))


def histories(patient: UUID, person: User) -> list[Strand]:
    """What booking and treatment add to the history of a patient."""
    return [*of_scheduling.of_patient(patient), *of_infusions.of_patient(patient, person)]
