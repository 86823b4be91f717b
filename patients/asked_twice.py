"""One person asked more than once: one request goes on, the others are closed and lead to it."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from config.audit.acting import Actor, recorded
from config.refusals import Clash, Invalid, NotFound
from patients.models import IntakeRequest
from patients.states import RequestStatus


def same_as(*, request_id: UUID, other_id: UUID, by: Actor, version: int | None = None) -> IntakeRequest:
    """Close a request because `other` is the same person's and goes on; what was closed as the same as it follows.

    `intake.move_request` to an open state takes it back. Raises Stale, Invalid for itself, NotFound, and Clash when
    either is closed, or when closing it would lead away from its patient.
    """
    if request_id == other_id:
        raise Invalid("A request cannot be the same as itself.", field="request")
    with recorded(by=by):
        gone, stays = _both(request_id, other_id)
        IntakeRequest.locked(gone.pk, version=version)
        _may_follow(gone, stays)
        for follower in said_the_same(gone).select_for_update(of=("self",)):
            follower.duplicate_of = stays
            follower.save()
        gone.status, gone.duplicate_of = RequestStatus.CLOSED, stays
        gone.closed_reason = f"Same as the {stays} of {_spoken(stays, stays.received_at)}."
        gone.save()
    return gone


def said_the_same(request: IntakeRequest) -> QuerySet[IntakeRequest]:
    """The requests that were closed because this one is the same person's, as they came in."""
    return IntakeRequest.objects.filter(duplicate_of=request).order_by("received_at", "id")


def _both(request_id: UUID, other_id: UUID) -> tuple[IntakeRequest, IntakeRequest]:
    """Locked in one order for everybody."""
    rows = IntakeRequest.objects.filter(pk__in=[request_id, other_id]).select_related("clinic")
    found = {row.pk: row for row in rows.select_for_update(of=("self",)).order_by("pk")}
    if len(found) < 2 or found[request_id].clinic_id != found[other_id].clinic_id:
        raise NotFound("There is no such request.")
    return found[request_id], found[other_id]


def _may_follow(gone: IntakeRequest, stays: IntakeRequest) -> None:
    if not gone.is_open:
        raise Clash("This request is closed. Open it again first.")
    if not stays.is_open:
        raise Clash("That request is closed. Open it again first, or say it the other way round.")
    if gone.patient_id and stays.patient_id is None:
        raise Clash("This request has its patient and that one has none. Say it the other way round.")
    if gone.patient_id and gone.patient_id != stays.patient_id:
        raise Clash("These requests belong to two patients. Merge the two records first.")


def _spoken(request: IntakeRequest, moment: datetime) -> str:
    local = moment.astimezone(request.clinic.tz)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"
