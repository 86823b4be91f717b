"""How many questions the visit page asks of the database, and that it reads in two what hangs from a visit."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from infusions import records
from infusions.gathering import KINDS, gather
from infusions.models import AdverseEvent, IvAccess, Preparation, Visit
from tests.conftest import PASSWORD
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]


def queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def busy(day: Day, opened: Visit | None = None) -> Visit:
    """A running visit with 40 rows of every kind that it can have by then, corrections among them."""
    visit = day.started(opened)
    day.chart(visit, IvAccess, site="left hand")
    day.chart(visit, Preparation, drug="Examplamine", checked_by=day.prescriber)
    records.quantities(
        visit_id=visit.pk, by=day.nurse, now=day.now(), given="3", given_unit="spoons", wasted="1",
        wasted_unit="spoon", witness=day.prescriber, witness_password=PASSWORD,
    )  # fmt: skip
    event = day.chart(visit, AdverseEvent, event=None)
    day.chart(visit, AdverseEvent, event=event.event, outcome="Well again.", by=day.prescriber)
    for _ in range(32):
        row = day.vitals(visit, systolic=128, diastolic=80, pain=6)
    day.vitals(visit, pain=5, supersedes=row.pk, correction_reason="Misheard")
    return visit


def test_the_live_page_asks_no_more_for_forty_rows_than_for_two(day: Day, page_as) -> None:
    nurse = page_as(day.nurse)
    few = day.started()
    url = reverse("visit", args=[few.pk])
    one = queries(nurse, url)
    many = busy(day, day.opened(day.booked(day.order(day.patient("Reed")), hours=2)))
    assert queries(nurse, reverse("visit", args=[many.pk])) == one
    assert one <= 10


def test_a_signed_page_with_addenda_and_a_handover_asks_no_more(day: Day, page_as) -> None:
    visit = day.discharged(day.ended(busy(day)))
    note = day.noted(visit)
    taken = records.take_over_note(visit_id=visit.pk, by=day.prescriber, now=day.now(), reason="Leave.")
    assert taken.pk == note.pk
    sign = {"visit_id": visit.pk, "by": day.prescriber, "password": PASSWORD}
    records.sign_note(now=day.now(), version=taken.version, **sign)
    for text in ("One more thing.", "And another."):
        records.add_addendum(now=day.now(), text=text, reason="Forgotten", **sign)
    client, url = page_as(day.nurse), reverse("visit", args=[visit.pk])
    assert queries(client, url) <= 10
    html = client.get(url).content.decode()
    assert html.index("One more thing.") < html.index("And another.")
    assert "taken over by Mara Santos" in html


def test_what_is_gathered_is_what_django_reads(day: Day) -> None:
    visit = busy(day)
    with CaptureQueriesContext(connection) as asked:
        found = gather(visit)
        people = [row.author.full_name for rows in found.values() for row in rows]
    assert len(asked) == 2
    assert set(people) == {"Nils Berg", "Mara Santos"}
    for model in KINDS:
        read = {row.pk: row for row in model._default_manager.filter(visit=visit)}
        assert {row.pk for row in found[model]} == set(read)
        for row in found[model]:
            for field in model._meta.concrete_fields:
                got, wanted = (getattr(one, field.attname) for one in (row, read[row.pk]))
                assert (type(got), got) == (type(wanted), wanted), field


def test_a_set_of_vital_signs_is_saved_in_eight_queries(day: Day, api_as) -> None:
    visit = busy(day)
    with CaptureQueriesContext(connection) as door:
        day.vitals(visit, systolic=128, diastolic=80, heart_rate=76, spo2=97, pain=6)
    client, url = api_as(day.nurse), f"/api/v1/visits/{visit.pk}/vitals/"
    with CaptureQueriesContext(connection) as api:
        assert client.post(url, {"systolic": 128, "diastolic": 80}, format="json").status_code == 201
    assert max(asked(door), asked(api)) <= 8


def asked(seen: CaptureQueriesContext) -> int:
    """How many queries, the marks of transactions left out."""
    marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return sum(not query["sql"].startswith(marks) for query in seen.captured_queries)
