"""The demo clinic: made through the product's doors, whole or not at all, never over anybody's data."""

from datetime import time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from config.demo.seed import clinic as demo
from config.demo.seed.place import OPENS, ZONES, mid_morning_zone
from config.staff.models import User
from infusions import fulfilment
from infusions.models import (
    ConsentWording,
    Order,
    QuestionnaireResponse,
    SubstanceLogEntry,
    TreatmentConsent,
    Visit,
    VisitNote,
)
from infusions.strip import strips
from notifications.models import Message
from patients.models import Allergy, AllergyReview, IntakeRequest, Patient, Task, TaskKind
from scheduling.models import Appointment, Chair
from scheduling.states import Status
from scheduling.wish import Preferences

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded(db) -> None:
    call_command("seed_demo")


def test_the_clinic_of_the_readme(seeded):
    assert Chair.objects.count() == 8
    assert User.objects.count() == 6
    assert set(User.objects.values_list("username", flat=True)) >= {"frontdesk", "nurse", "prescriber", "manager"}
    assert 170 <= Patient.objects.count() <= 190
    assert User.objects.get(username="nurse").check_password("infusion-demo-2026")

    # Something in every state that a day has.
    now = timezone.now()
    house = Chair.objects.first().clinic
    today = [a for a in Appointment.objects.all() if a.start.astimezone(house.tz).date() == house.today(now)]
    states = {visit.status for visit in today}
    assert states >= {
        Status.BOOKED,
        Status.ARRIVED,
        Status.CHECKED_IN,
        Status.IN_PROGRESS,
        Status.RECOVERY,
        Status.COMPLETED,
        Status.NO_SHOW,
    }
    assert sum(visit.wants_move_at is not None for visit in today) == 3
    assert VisitNote.objects.filter(signed_at__isnull=True).count() == 2
    assert IntakeRequest.objects.count() == 5
    assert Message.objects.filter(state="failed").count() == 1
    assert Message.objects.filter(state="sent").exists()
    assert Allergy.objects.exists()
    assert min(Appointment.objects.values_list("start", flat=True)) < now - timedelta(days=300)

    # Most agreed to the clinic's one wording, which says that it is invented; some still have to.
    [wording] = ConsentWording.objects.all()
    assert "not guidance" in wording.text
    assert TreatmentConsent.objects.count() > 50
    strips_today = strips(today, clinic=house).values()
    assert {"consent"} < {point.name for strip in strips_today for point in strip.missing}
    assert any(not strip.missing for strip in strips_today)
    assert AllergyReview.objects.exists()

    # The series to plan meets a closed day, half the nurses, and full chairs.
    waiting = Order.objects.get(signed_at__isnull=False, fulfilments__isnull=True)
    proposed = fulfilment.propose(order_id=waiting.pk, now=now)
    assert (len(proposed.visits), proposed.failure) == (6, "")
    assert [visit.gap_days for visit in proposed.visits] == [None, 8, 7, 7, 7, 7]
    assert "clinic closed" in proposed.visits[1].verdict
    assert [visit.start.hour for visit in proposed.visits] == [8, 8, 9, 9, 8, 8]
    wished = fulfilment.Wishes(prefer=Preferences(at=time(8)))
    at_eight = fulfilment.propose(order_id=waiting.pk, now=now, wishes=wished)
    assert "no nurse lane until 09:00" in [visit.verdict for visit in at_eight.visits]

    # Nothing in it can be read as a dose.
    for order in Order.objects.all():
        typed = [order.agent, order.dose, order.dose_unit, order.rate, order.rate_unit, order.titration]
        assert not any(character.isdigit() for text in typed for character in text or "")
        assert "Invented" in order.indication

    assert set(SubstanceLogEntry.objects.values_list("kind", flat=True)) >= {"received", "given", "wasted", "counted"}
    for row in SubstanceLogEntry.objects.all():
        assert not any(character.isdigit() for text in (row.quantity, row.quantity_unit) for character in text)

    # Some patients answered, and one answer waits for the prescriber today.
    assert QuestionnaireResponse.objects.count() > 20
    [to_read] = Task.objects.open().filter(kind=TaskKind.ANSWERS_TO_READ)
    assert (to_read.for_role, to_read.due_on) == ("prescriber", house.today(now))

    # What was written kept its history, and what was signed still says what was signed.
    connection.check_constraints()
    call_command("verify_signatures")

    # A second start changes nothing.
    before = (Patient.history.count(), Visit.history.count(), Appointment.history.count())
    call_command("seed_demo")
    assert before == (Patient.history.count(), Visit.history.count(), Appointment.history.count())

    # There is something to try, and each address is there.
    paths = [place["path"] for place in demo.addresses()]
    assert [path.split("/")[1] for path in paths] == ["board", "orders", "visits"]


def test_a_database_with_other_data_is_refused(ana):
    with pytest.raises(CommandError, match="other data"):
        call_command("seed_demo")
    assert User.objects.count() == 1


def test_it_is_always_mid_morning_somewhere():
    for hour in range(24):
        instant = timezone.now().replace(hour=hour, minute=17)
        from zoneinfo import ZoneInfo

        wall = instant.astimezone(ZoneInfo(mid_morning_zone(instant)))
        assert OPENS.hour + 1 <= wall.hour <= 11, (hour, wall)
    assert len(ZONES) == len(set(ZONES))
