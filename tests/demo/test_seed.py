"""The demo clinic: made through the product's doors, whole or not at all, never over anybody's data."""

import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from config.demo.seed import clinic as demo
from config.demo.seed.place import ZONES, furnish, mid_morning_zone
from config.runtime.environment import ROOT, manage
from config.staff.models import User
from infusions import fulfilment, orders
from infusions.models import (
    ConsentWording,
    Order,
    QuestionnaireResponse,
    SubstanceLogEntry,
    TreatmentConsent,
    Visit,
    VisitNote,
    VitalsSet,
)
from infusions.strip import strips
from notifications.models import InboundText, Message
from patients.models import Allergy, AllergyReview, IntakeRequest, Patient, Task, TaskKind
from scheduling.models import Appointment, Chair
from scheduling.states import Status
from scheduling.wish import Preferences

pytestmark = pytest.mark.django_db


@pytest.fixture
def seeded(db) -> datetime:
    """The demo clinic, and when its making began: on a busy machine that is minutes ago."""
    begun = timezone.now()
    call_command("seed_demo")
    return begun


def test_the_clinic_of_the_readme(seeded):
    assert Chair.objects.count() == 8
    assert User.objects.count() == 6
    assert set(User.objects.values_list("username", flat=True)) >= {"frontdesk", "nurse", "prescriber", "manager"}
    assert 170 <= Patient.objects.count() <= 190
    assert User.objects.get(username="nurse").check_password("infusion-demo-2026")

    # Something in every state that a day has.
    now = seeded
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
    running = Visit.objects.filter(appointment__status=Status.IN_PROGRESS)
    last_sets = [VitalsSet.objects.filter(visit=visit).latest("observed_at").observed_at for visit in running]
    assert len(last_sets) == 4
    assert all(now - timedelta(minutes=15) < at for at in last_sets), "no vital signs are overdue yet"
    assert VisitNote.objects.filter(signed_at__isnull=True).count() == 2
    assert IntakeRequest.objects.count() == 5
    assert Message.objects.filter(state="failed-permanent").count() == 1
    assert Message.objects.filter(state="accepted").exists()
    assert list(InboundText.objects.order_by("received_at").values_list("meant", "needs_reading")) == [
        ("confirm", False),
        ("human", True),
        ("stop", False),
    ]
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
    proposed = fulfilment.propose(order=orders.signed_order(waiting.pk), now=now)
    assert (len(proposed.visits), proposed.failure) == (6, "")
    assert [visit.gap_days for visit in proposed.visits] == [None, 8, 7, 7, 7, 7]
    assert "clinic closed" in proposed.visits[1].verdict
    assert [visit.start.hour for visit in proposed.visits] == [8, 8, 9, 9, 8, 8]
    wished = fulfilment.Wishes(prefer=Preferences(at=time(8)))
    at_eight = fulfilment.propose(order=orders.signed_order(waiting.pk), now=now, wishes=wished)
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


@pytest.fixture
def elsewhere(transactional_db) -> Iterator[str]:
    """The address of an empty database beside that of the tests."""
    name = f"elsewhere_{uuid4().hex[:12]}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("table", ["public.ledger", "app.customers"])
def test_a_foreign_database_is_refused_before_its_first_migration(elsewhere, table):
    """Of another program, whose tables say so: nothing is made beside them, in whatever schema they lie."""
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'app')"
    with psycopg.connect(elsewhere, autocommit=True) as foreign:
        foreign.execute(f"CREATE SCHEMA app; CREATE TABLE {table} (entry text)")
        environment = {**os.environ, "DATABASE_URL": elsewhere}
        command = manage("seed_demo", "--migrate", "--settings", "config.settings.seed")
        answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert (answer.returncode, "other data" in answer.stderr) == (1, True)
        assert foreign.execute(tables).fetchone() == (1,)


@pytest.mark.parametrize("month", [1, 7])
def test_it_is_always_mid_morning_somewhere(month):
    """Between ten and eleven: all that the seed charts of this morning has happened by then."""
    for half_hours in range(48):
        instant = datetime(2026, month, 15, tzinfo=UTC) + half_hours * timedelta(minutes=30)
        wall = instant.astimezone(ZoneInfo(mid_morning_zone(instant)))
        assert time(10) <= wall.time() <= time(11), wall
    assert len(ZONES) == len(set(ZONES))


def test_a_day_that_is_over_is_told(db):
    now = timezone.now()
    assert demo.notice(now=now) == ""
    furnish(now)
    assert demo.notice(now=now) == ""
    assert "make reset" in demo.notice(now=now + timedelta(days=1))
