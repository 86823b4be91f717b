"""Somebody was marked as not having come, and had: the mark is taken back also where the chair was given away since."""

from datetime import timedelta

import pytest
from django.db import connection

from config.audit.acting import SystemJob
from config.refusals import Clash
from scheduling import booking
from scheduling.places import add_nurse
from scheduling.states import Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(desk, chairs, ana, now):
    def booked(patient, start, chair, by=ana, **more):
        place = {"clinic": desk, "start": start, "minutes": 120, "chair": chairs[chair]}
        return booking.book(patient=patient, by=by, now=now, **place, **more)

    return booked


@pytest.fixture
def absent(book, okafor, at, ana):
    """Okafor, at nine in Chair 1; at half past nine said not to have come."""
    visit = book(okafor, at("09:00"), 0)
    return booking.no_show(appointment_id=visit.pk, reason="not here", by=ana, now=at("09:30"))


def test_who_comes_late_after_all_gets_another_chair(absent, book, petrov, chairs, at, ana):
    book(petrov, at("09:30"), 0)
    back = booking.undo(appointment_id=absent.pk, by=ana, now=at("09:40"), reason="She was in the corridor")
    assert (back.status, back.start, back.chair_id) == (Status.BOOKED, at("09:00"), chairs[1].pk)


def test_with_every_chair_taken_there_is_none_now_also_for_a_manager(absent, book, petrov, lindgren, at, ana, vera):
    book(petrov, at("09:30"), 0)
    book(lindgren, at("09:30"), 1)
    for person in (ana, vera):
        with pytest.raises(Clash) as refused:
            booking.undo(appointment_id=absent.pk, by=person, now=at("09:40"))
        assert refused.value.facts["next_free"]


def test_what_is_over_a_manager_writes_down_as_it_was_marked_as_beside(
    absent, book, petrov, lindgren, at, ana, vera, mara
):
    add_nurse(user=mara, watch_lanes=2, by=SystemJob.SET_UP)
    book(petrov, at("09:30"), 0)
    book(lindgren, at("10:00"), 1)
    later = at("09:00") + timedelta(days=1)
    with pytest.raises(Clash):
        booking.undo(appointment_id=absent.pk, by=ana, now=later, reason="She had come")
    back = booking.undo(appointment_id=absent.pk, by=vera, now=later, reason="She had come")
    assert (back.status, back.overbook_reason, back.chair_id) == (Status.BOOKED, "She had come", absent.chair_id)
    connection.check_constraints()


def test_where_another_chair_is_free_nothing_is_beside(absent, book, petrov, chairs, at, vera):
    book(petrov, at("09:30"), 0)
    later = at("09:00") + timedelta(days=1)
    back = booking.undo(appointment_id=absent.pk, by=vera, now=later, reason="She had come")
    assert (back.overbook_reason, back.chair_id) == ("", chairs[1].pk)
