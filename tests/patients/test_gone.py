"""Somebody dies, or a second record of theirs goes, while the desk is booking: nothing is booked on a record that is
gone, and what still stands is not forgotten."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from config.refusals import Clash, Invalid, Refused
from infusions import orders
from patients.models import Task
from patients.register import merge, record_death, register, take_back_death
from scheduling import booking
from scheduling.models import Appointment
from tests.infusions.ordering import accepted, opened, signed

ADA = {"family_name": "Okafor", "given_name": "Ada", "mobile": "213 555 0142"}


def next_wednesday(clinic, hour=10):
    here = timezone.now().astimezone(clinic.tz)
    return (here + timedelta(days=9 - here.weekday())).replace(hour=hour, minute=0, second=0, microsecond=0)


@pytest.fixture
def ada(clinic, ana, nils, vera, now):
    opened(clinic, nurse=nils, by=vera)
    return register(clinic=clinic, by=ana, now=now, **ADA)


def booked(patient, by, hour=10):
    start = next_wednesday(patient.clinic, hour)
    return booking.book(patient=patient, clinic=patient.clinic, start=start, minutes=60, by=by, now=timezone.now())


def test_a_death_leaves_a_task_that_names_what_stands_and_goes_when_it_is_taken_back(page_as, ana, ada):
    booked(ada, ana)
    booked(ada, ana, hour=13)
    said = page_as(ana).post(f"/patients/{ada.pk}/death/", {}, follow=True).content.decode()
    task = Task.objects.get()
    assert "visits to come or under way (2)" in task.words
    assert (task.patient, task.about, task.for_role, task.is_open) == (ada, ada.pk, "front-desk", True)
    assert task.words in said
    take_back_death(patient_id=ada.pk, by=ana, reason="another person")
    task.refresh_from_db()
    assert task.withdrawn


def test_a_death_that_leaves_nothing_standing_leaves_no_task(ana, ada):
    record_death(patient_id=ada.pk, on=None, by=ana)
    assert not Task.objects.exists()


def test_an_order_of_somebody_who_died_can_be_held_and_stopped_and_nothing_else(ana, mara, ada, now):
    accepted(ada, mara, now)
    order = signed(ada, mara, now)
    draft = orders.supersede(order_id=order.pk, by=mara, now=now, reason="Changes.")
    record_death(patient_id=ada.pk, on=None, by=ana)
    assert "orders in force or on hold (1)" in Task.objects.get().words
    assert orders.hold(order_id=order.pk, by=mara, now=now, reason="Died.").status == "on-hold"
    with pytest.raises(Invalid, match="deceased"):
        orders.resume(order_id=order.pk, by=mara, now=now, reason="No.")
    with pytest.raises(Invalid, match="deceased"):
        orders.change_draft(order_id=draft.pk, by=mara, now=now, version=None, dose="3")
    assert orders.stop(order_id=order.pk, by=mara, now=now, reason="Died.").status == "stopped"
    assert orders.discard(order_id=draft.pk, by=mara, now=now).discarded_at == now


def waiting_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return cursor.fetchone()[0]


def while_the_other_waits(first, second):
    """Do `first` and keep its transaction open until `second`, on a connection of its own, waits for it (or is done).

    Returns what became of the second.
    """
    became = []

    def run():
        try:
            became.append(second())
        except Refused as refusal:
            became.append(refusal)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        for _ in range(200):
            if became or waiting_for_a_lock():
                break
            thread.join(0.05)
    thread.join(30)
    return became[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seen_before", [True, False], ids=["known to the calendar", "first visit"])
def test_a_booking_made_at_the_moment_of_a_death_is_refused(ana, ada, seen_before):
    if seen_before:
        booked(ada, ana, hour=14)
    became = while_the_other_waits(lambda: record_death(patient_id=ada.pk, on=None, by=ana), lambda: booked(ada, ana))
    assert isinstance(became, Invalid), became
    assert Appointment.objects.count() == int(seen_before)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seen_before", [True, False], ids=["known to the calendar", "first visit"])
def test_a_booking_made_at_the_moment_of_a_merge_does_not_land_on_the_record_that_goes(
    clinic, ana, ada, now, seen_before
):
    twin = register(clinic=clinic, by=ana, now=now, **ADA)
    if seen_before:
        booking.cancel(
            appointment_id=booked(twin, ana).pk, how="cancelled-by-patient", reason="ill", by=ana, now=timezone.now()
        )
    became = while_the_other_waits(
        lambda: merge(patient_id=twin.pk, into_id=ada.pk, by=ana, reason="one person"), lambda: booked(twin, ana)
    )
    assert isinstance(became, Invalid), became
    assert not Appointment.objects.filter(status="booked").exists()


@pytest.mark.django_db(transaction=True)
def test_a_death_and_a_merge_see_the_booking_that_was_a_moment_before(clinic, ana, ada, now):
    became = while_the_other_waits(lambda: booked(ada, ana), lambda: record_death(patient_id=ada.pk, on=None, by=ana))
    assert became.deceased
    assert "(1)" in Task.objects.get().words
    twin, third = (register(clinic=clinic, by=ana, now=now, **ADA) for _ in range(2))
    became = while_the_other_waits(
        lambda: booked(twin, ana, hour=13),
        lambda: merge(patient_id=twin.pk, into_id=third.pk, by=ana, reason="one person"),
    )
    assert isinstance(became, Clash), became
