"""Two desks and two answers at the same moment, each on a real connection of its own."""

from datetime import timedelta
from threading import Event

import pytest

from config.audit.acting import recorded
from config.refusals import Clash
from infusions import fulfilment, waitlist
from infusions.models import WaitlistEntry, WaitlistOffer
from infusions.models.waitlist import Answer, Closed
from scheduling import booking, holding
from scheduling.models import Appointment
from scheduling.series import PlannedVisit
from scheduling.states import Status
from tests.infusions.ordering import known_patient
from tests.infusions.test_fulfilment import ada, at, order  # noqa: F401  (the same course)
from tests.infusions.test_waitlist import another, chair, freed, no, offered, waits, yes  # noqa: F401  (the same line)
from tests.scheduling.test_races import crowd, outcomes, overlaps  # noqa: F401  (the same crowd)

pytestmark = pytest.mark.django_db(transaction=True)


def booked_visits() -> list[Appointment]:
    return list(Appointment.objects.filter(status=Status.BOOKED))


def test_two_yes_in_the_same_instant_one_booking(crowd, waits, another, freed, ana, now):  # noqa: F811
    first, second = offered(waits, freed, ana, now), offered(another("Reed"), freed, ana, now)
    results = crowd([lambda: yes(first, ana, now), lambda: yes(second, ana, now)])
    assert outcomes(results) == {"WaitlistOffer": 1, "Clash": 1}, results
    [lost] = [result for result in results if isinstance(result, Clash)]
    assert lost.message == "Somebody else said yes first and has this place."
    assert lost.status == 409
    [visit] = booked_visits()
    [won] = WaitlistOffer.objects.filter(answer=Answer.YES)
    assert (won.visit, won.entry.patient) == (visit, visit.patient)
    assert WaitlistOffer.objects.filter(answer=Answer.TAKEN).count() == 1
    assert WaitlistEntry.objects.filter(closed_at__isnull=True).count() == 1
    assert not Appointment.objects.filter(status=Status.HELD).exists()
    assert overlaps() == 0


def test_two_desks_offer_the_same_place_and_share_one_hold(crowd, waits, another, freed, ana, vera, now):  # noqa: F811
    reed = another("Reed")
    results = crowd([lambda: offered(waits, freed, ana, now), lambda: offered(reed, freed, vera, now)])
    assert outcomes(results) == {"WaitlistOffer": 2}, results
    assert Appointment.objects.filter(status=Status.HELD).count() == 1
    assert WaitlistOffer.objects.values("round").distinct().count() == 1
    assert overlaps() == 0


def test_two_desks_offer_it_to_the_same_patient(crowd, waits, freed, ana, vera, now):  # noqa: F811
    results = crowd([lambda: offered(waits, freed, ana, now), lambda: offered(waits, freed, vera, now)])
    assert outcomes(results) == {"WaitlistOffer": 1, "Clash": 1}, results
    assert Appointment.objects.filter(status=Status.HELD).count() == 1


def test_yes_while_somebody_books_the_place_at_the_board(crowd, waits, freed, clinic, ana, now):  # noqa: F811
    offer, other = offered(waits, freed, ana, now), known_patient(clinic, now, "Reed")
    late = offer.expires_at

    def book():
        return booking.book(
            patient=other, clinic=clinic, start=freed.start, minutes=60, chair=freed.chair, by=ana, now=late
        )

    results = crowd([lambda: yes(offer, ana, late - timedelta(seconds=1)), book])
    assert sum(outcomes(results).values()) == 2
    assert len(booked_visits()) == 1, results
    assert outcomes(results)["Clash"] == 1, results
    assert overlaps() == 0


def test_the_hold_runs_out_while_they_say_yes(crowd, waits, freed, ana, now):  # noqa: F811
    offer = offered(waits, freed, ana, now)
    late = offer.expires_at

    def swept():
        return holding.sweep(now=late), waitlist.sweep(now=late)

    said, _ = crowd([lambda: yes(offer, ana, late - timedelta(seconds=1)), swept])
    offer.refresh_from_db()
    if isinstance(said, WaitlistOffer):
        assert (offer.answer, len(booked_visits())) == (Answer.YES, 1)
    else:
        assert isinstance(said, Clash), said
        assert "run out" in said.message
        assert (offer.answer, len(booked_visits())) == (Answer.EXPIRED, 0)
    assert not Appointment.objects.filter(status=Status.HELD).exists()


def test_yes_while_their_series_is_booked_elsewhere(crowd, waits, freed, order, ana, vera, now, at):  # noqa: F811
    offer = offered(waits, freed, ana, now)

    def elsewhere():
        return fulfilment.book(order_id=order.pk, visits=[PlannedVisit(at(27, 9))], by=vera, now=now)

    said, booked = crowd([lambda: yes(offer, ana, now), elsewhere])
    waits.refresh_from_db()
    offer.refresh_from_db()
    assert waits.closed_reason == Closed.BOOKED
    assert not isinstance(booked, Exception), booked
    if isinstance(said, Clash):
        assert (offer.answer, len(booked_visits())) == (Answer.WITHDRAWN, 1)
    else:
        assert (said.answer, len(booked_visits())) == (Answer.YES, 2)
    assert overlaps() == 0


def test_yes_and_no_at_once(crowd, waits, freed, ana, vera, now):  # noqa: F811
    offer = offered(waits, freed, ana, now)
    results = crowd([lambda: yes(offer, ana, now), lambda: no(offer, vera, now)])
    assert outcomes(results) == {"WaitlistOffer": 1, "Clash": 1}, results
    offer.refresh_from_db()
    assert len(booked_visits()) == (1 if offer.answer == Answer.YES else 0)


def test_eight_who_all_say_yes(crowd, clinic, waits, another, freed, ana, now):  # noqa: F811
    entries = [waits, *(another(f"Wait{n}") for n in range(7))]
    offers = [offered(entry, freed, ana, now) for entry in entries]
    results = crowd([lambda offer=offer: yes(offer, ana, now) for offer in offers])
    assert outcomes(results) == {"WaitlistOffer": 1, "Clash": 7}, results
    assert len(booked_visits()) == 1
    assert overlaps() == 0


def test_a_second_answer_waits_for_the_first(crowd, waits, another, freed, ana, now):  # noqa: F811
    """The second yes is judged only once the first has committed: it is never told of a half-done booking."""
    first, second = offered(waits, freed, ana, now), offered(another("Reed"), freed, ana, now)
    done, begun = Event(), Event()

    def slowly():
        with recorded(by=ana):
            offer = yes(first, ana, now)
            begun.set()
            assert not done.wait(1)
        return offer

    def quickly():
        assert begun.wait(20)
        try:
            return yes(second, ana, now)
        finally:
            done.set()

    results = crowd([slowly, quickly])
    assert outcomes(results) == {"WaitlistOffer": 1, "Clash": 1}, results
    assert isinstance(results[0], WaitlistOffer)
