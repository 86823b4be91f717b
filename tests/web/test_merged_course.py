"""After two records became one, the page of the one that stays tells the whole course, and where each part stands."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from infusions import orders
from patients.register import merge, register
from scheduling import booking
from scheduling.states import Status
from tests.infusions.ordering import accepted, opened, signed

pytestmark = pytest.mark.django_db
ADA = {"family_name": "Okafor", "given_name": "Ada", "mobile": "213 555 0142"}


@pytest.fixture
def ada(clinic, ana, now):
    return register(clinic=clinic, by=ana, now=now, **ADA)


@pytest.fixture
def twin(clinic, ana, nils, mara, vera, now):
    """A second record with a visit that was cancelled, a decision, and an order that was stopped."""
    opened(clinic, nurse=nils, by=vera)
    made = register(clinic=clinic, by=ana, now=now, **ADA)
    accepted(made, mara, now)
    order = signed(made, mara, now)
    orders.stop(order_id=order.pk, by=mara, now=now, reason="Moved away.")
    visit = booking.book(patient=made, clinic=clinic, start=wednesday(clinic), minutes=60, by=ana, now=timezone.now())
    booking.cancel(appointment_id=visit.pk, how=Status.CANCELLED_BY_PATIENT, reason="ill", by=ana, now=timezone.now())
    return made


def wednesday(clinic) -> datetime:
    """At ten, in the week after this one."""
    here = timezone.now().astimezone(clinic.tz)
    return (here + timedelta(days=9 - here.weekday())).replace(hour=10, minute=0, second=0, microsecond=0)


def become_one(gone, stays, by):
    merge(patient_id=gone.pk, into_id=stays.pk, by=by, reason="same person, year mistyped")


def text_of(client, patient):
    answer = client.get(f"/patients/{patient.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def rows_of(page):
    return [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in re.findall(r"<tr>.*?</tr>", page, re.S)
    ]


def test_the_course_holds_what_was_written_on_the_other_record(page_as, ana, ada, twin):
    client = page_as(ana)
    assert twin.record_number not in text_of(client, ada)
    become_one(twin, ada, ana)
    page = text_of(client, ada)
    assert re.search(rf'Merged from\s+<a href="/patients/{twin.pk}/">{twin.record_number}</a>', page)
    rows = rows_of(page)
    for words in ("Consult on", "Candidacy decided by Mara Santos", "Order signed by Mara Santos"):
        assert any(words in row and f"record {twin.record_number}" in row for row in rows), words
    assert "No order in force" in page, "a stopped order of the other record is told of and is not in force"


def test_the_other_records_page_keeps_its_own_course(page_as, ana, ada, twin):
    become_one(twin, ada, ana)
    page = text_of(page_as(ana), twin)
    assert "This record was merged" in page
    assert "Consult on" in page
    assert "Merged from" not in page


def test_the_history_says_who_merged_what_and_why(page_as, ana, ada, twin):
    become_one(twin, ada, ana)
    drawer = page_as(ana).get(f"/patients/{ada.pk}/history/").content.decode()
    assert f"Record {twin.record_number}" in drawer
    assert "same person, year mistyped" in drawer


def test_by_api_the_records_that_lead_to_one_are_found(api_as, ana, ada, twin):
    become_one(twin, ada, ana)
    found = api_as(ana).get("/api/v1/patients/", {"merged_into": str(ada.pk)}).json()["results"]
    assert [row["id"] for row in found] == [str(twin.pk)]


def test_it_costs_the_same_however_many_records_there_were(page_as, clinic, ana, nils, now, ada, twin):
    client, counts = page_as(nils), []
    become_one(twin, ada, ana)
    text_of(client, ada)
    for more in (0, 3):
        for _ in range(more):
            become_one(register(clinic=clinic, by=ana, now=now, **ADA), ada, ana)
        with CaptureQueriesContext(connection) as seen:
            text_of(client, ada)
        counts.append(len(seen))
    assert counts[0] == counts[1]
