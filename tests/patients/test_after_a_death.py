"""After a death the desk sees what still stands, ends it with one press or says why not; nothing ends by itself."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from config.refusals import Clash, Invalid, NotAllowed
from infusions import fulfilment
from infusions.fulfilment import PlannedVisit
from patients import tasks
from patients.models import Task, TaskKind
from patients.register import record_death, register, release_visits, take_back_death
from scheduling import booking
from scheduling.models import Appointment
from tests.infusions.ordering import bookable, opened

pytestmark = pytest.mark.django_db
ADA = {"family_name": "Okafor", "given_name": "Ada", "mobile": "213 555 0142"}


@pytest.fixture
def ada(clinic, ana, nils, vera, now):
    opened(clinic, nurse=nils, by=vera)
    return register(clinic=clinic, by=ana, now=now, **ADA)


@pytest.fixture
def visits(ada, clinic, ana, mara):
    """A consult next Wednesday, an infusion on the Friday after it, and one of last week that nobody settled."""
    now = timezone.now()
    here = now.astimezone(clinic.tz)
    wednesday = (here + timedelta(days=9 - here.weekday())).replace(hour=10, minute=0, second=0, microsecond=0)
    order = bookable(ada, mara, now)
    friday = [PlannedVisit(wednesday + timedelta(days=2), None)]
    fulfilment.book(order_id=order.pk, visits=friday, by=ana, now=now)
    consult = booking.book(patient=ada, clinic=clinic, start=wednesday, minutes=60, by=ana, now=now)
    long_ago = wednesday - timedelta(days=14)
    booking.book(patient=ada, clinic=clinic, start=long_ago, minutes=60, by=ana, now=long_ago - timedelta(days=1))
    return consult


@pytest.fixture
def task(ada, visits, ana):
    record_death(patient_id=ada.pk, on=None, by=ana)
    return Task.objects.get(kind=TaskKind.DEATH)


def text_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def booked(patient):
    return Appointment.objects.filter(patient=patient, status="booked", end__gt=timezone.now()).count()


def test_the_patients_page_and_the_task_show_what_stands_and_nothing_has_ended(page_as, ana, mara, ada, visits, task):
    assert booked(ada) == 2
    client = page_as(ana)
    for address in (f"/patients/{ada.pk}/", f"/tasks/{task.pk}/"):
        page = text_of(client, address)
        shown = words(page)
        assert "Consult on Wed" in shown
        assert "Infusion on Fri" in shown
        assert "Order signed by Mara Santos, MD, active" in shown
        assert f'href="/appointments/{visits.pk}/"' in page
        assert "Cancel the 2 visits to come" in shown
    assert "Cancel the 2" not in words(text_of(page_as(mara), f"/patients/{ada.pk}/")), "a prescriber does not book"


def test_one_press_gives_up_the_visits_to_come_and_nothing_else(page_as, ana, ada, task):
    client = page_as(ana)
    answer = client.post(f"/patients/{ada.pk}/death/release/", {"task": task.pk})
    assert answer.url == f"/tasks/{task.pk}/"
    assert booked(ada) == 0
    ended = Appointment.objects.filter(patient=ada, status="cancelled-by-clinic")
    assert {visit.status_reason for visit in ended} == {"The patient has died."}
    assert ended.count() == 2
    assert Appointment.objects.filter(patient=ada, status="booked").count() == 1, (
        "last week's is for a person to settle"
    )
    page = words(text_of(client, f"/patients/{ada.pk}/"))
    assert "Order signed by Mara Santos, MD, active" in page
    assert "visits to come" not in page
    assert client.post(f"/patients/{ada.pk}/death/release/").url == f"/patients/{ada.pk}/"


def test_the_task_is_not_done_without_a_word_while_something_stands(page_as, api_as, ana, ada, task, now):
    client = page_as(ana)
    answer = client.post(f"/tasks/{task.pk}/finish/", {"note": ""})
    assert answer.status_code == 422
    assert 'href="#id_note"' in answer.content.decode()
    refused = api_as(ana).post(f"/api/v1/tasks/{task.pk}/finish/", {})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["note"])
    with pytest.raises(Invalid, match="still stands"):
        tasks.finish(task.pk, note=" ", by=ana, now=now)
    assert client.post(f"/tasks/{task.pk}/finish/", {"note": "The family comes on Wednesday."}).status_code == 302
    task.refresh_from_db()
    assert (task.is_open, task.done_note) == (False, "The family comes on Wednesday.")


def test_with_nothing_left_no_word_is_needed(page_as, ana, ada, clinic, visits, mara, task, now):
    from infusions import orders
    from infusions.models import OrderStanding

    release_visits(patient_id=ada.pk, by=ana, now=timezone.now())
    order = OrderStanding.objects.get(patient=ada).order
    orders.stop(order_id=order.pk, by=mara, now=timezone.now(), reason="Died.")
    assert "Still standing" not in text_of(page_as(ana), f"/patients/{ada.pk}/")
    assert page_as(ana).post(f"/tasks/{task.pk}/finish/", {}).status_code == 302


def test_of_the_living_nothing_is_given_up_that_way(api_as, page_as, ana, nils, ada, visits):
    with pytest.raises(Clash, match="No death"):
        release_visits(patient_id=ada.pk, by=ana, now=timezone.now())
    assert page_as(ana).post(f"/patients/{ada.pk}/death/release/").status_code == 409
    record_death(patient_id=ada.pk, on=None, by=ana)
    with pytest.raises(NotAllowed):
        release_visits(patient_id=ada.pk, by=nils, now=timezone.now())
    assert booked(ada) == 2
    assert "Still standing" in text_of(page_as(ana), f"/patients/{ada.pk}/")
    take_back_death(patient_id=ada.pk, by=ana, reason="another person")
    assert "Still standing" not in text_of(page_as(ana), f"/patients/{ada.pk}/")
    assert not Task.objects.open().filter(kind=TaskKind.DEATH).exists()


def test_by_api(api_as, ana, nils, zoe, ada, task):
    at = f"/api/v1/patients/{ada.pk}/death/release-visits/"
    assert (api_as(nils).post(at, {}).status_code, api_as(zoe).post(at, {}).status_code) == (403, 404)
    assert api_as(ana).post(at, {"version": 1}).json()["type"] == "/problems/stale-version"
    told = api_as(ana).post(at, {}).json()
    assert told["released"] == 2
    assert [row["words"] for row in told["standing"]] == ["Order signed by Mara Santos, MD, active"]


def test_a_place_that_is_only_held_is_given_back(page_as, clinic, ana, ada, visits, task):
    start, now = visits.start + timedelta(hours=3), timezone.now()
    take_back_death(patient_id=ada.pk, by=ana, reason="not yet")
    held = booking.book(
        patient=ada, clinic=clinic, start=start, minutes=60, by=ana, now=now, held_until=now + timedelta(hours=5)
    )
    record_death(patient_id=ada.pk, on=None, by=ana)
    page = words(text_of(page_as(ana), f"/patients/{ada.pk}/"))
    assert "Consult on Wed" in page
    assert ", held" in page
    assert release_visits(patient_id=ada.pk, by=ana, now=timezone.now()) == 3
    held.refresh_from_db()
    assert held.status == "released"
