"""What the server does with an entry that waited on a tablet: it takes the time of then, and gives a receipt."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from infusions.models import Administration, AdverseEvent, Visit, VitalsSet
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]
FROM_THE_QUEUE: dict[str, Any] = {"HTTP_HX_REQUEST": "true", "HTTP_PREFER": "return=minimal"}


def chart_url(visit: Visit, kind: str) -> str:
    return reverse("visit-chart", args=[visit.pk, kind])


@pytest.fixture
def visit(day: Day) -> Visit:
    return day.started()


@pytest.fixture
def tablet(day: Day, page_as) -> Client:
    return page_as(day.nurse)


def test_the_receipt_names_the_entry_and_carries_no_page(day: Day, visit: Visit, tablet: Client) -> None:
    name = uuid.uuid4()
    sent = {"client_id": name, "stamp": day.clock.isoformat(), "systolic": "121"}
    for _ in range(2):
        answer = tablet.post(chart_url(visit, "vitals"), sent, **FROM_THE_QUEUE)
        assert (answer.status_code, answer["X-Stored"], answer.content) == (204, str(name), b"")
    stored = VitalsSet.objects.get()
    assert (stored.client_id, stored.observed_at) == (name, day.clock)


def test_an_entry_that_arrived_before_the_signature_gets_its_receipt_after_it(
    day: Day, visit: Visit, tablet: Client
) -> None:
    sent = {"client_id": uuid.uuid4(), "stamp": day.clock.isoformat(), "systolic": "121"}
    tablet.post(chart_url(visit, "vitals"), sent, **FROM_THE_QUEUE)
    day.signed(day.discharged(day.ended(visit)))
    assert tablet.post(chart_url(visit, "vitals"), sent, **FROM_THE_QUEUE).status_code == 204
    late = tablet.post(chart_url(visit, "vitals"), sent | {"client_id": uuid.uuid4()}, **FROM_THE_QUEUE)
    assert late.status_code == 422
    assert "This visit is signed" in late.content.decode()


def test_an_answer_with_a_page_names_the_entry_too(visit: Visit, tablet: Client) -> None:
    name = str(uuid.uuid4())
    sent = {"client_id": name, "systolic": "121"}
    answer = tablet.post(chart_url(visit, "vitals"), sent, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="vitals-form")
    assert answer["X-Stored"] == name
    assert 'id="vitals-form"' in answer.content.decode()
    assert "X-Stored" not in tablet.post(chart_url(visit, "vitals"), {"spo2": "130"}, HTTP_HX_REQUEST="true")


def test_a_press_that_waited_is_of_when_it_was_pressed(day: Day, visit: Visit, tablet: Client) -> None:
    pressed = day.clock + timedelta(minutes=9)
    url = reverse("visit-step", args=[visit.pk, "pause"])
    sent = {"client_id": uuid.uuid4(), "stamp": pressed.isoformat(), "kind": "pause"}
    assert tablet.post(url, sent, **FROM_THE_QUEUE).status_code == 204
    assert Administration.objects.get(kind="pause").observed_at == pressed
    refused = tablet.post(url, sent | {"client_id": uuid.uuid4()}, **FROM_THE_QUEUE)
    assert refused.status_code == 409
    assert "The infusion is paused already." in refused.content.decode()


def test_an_event_that_a_tablet_opened_is_added_to_by_the_tablets_name_for_it(
    day: Day, visit: Visit, tablet: Client
) -> None:
    name = uuid.uuid4()
    url = f"{chart_url(visit, 'adverse-events')}?event={name}"
    sent = {"client_id": uuid.uuid4(), "stamp": day.clock.isoformat(), "description": "Saw colours."}
    assert tablet.post(url, sent, **FROM_THE_QUEUE).status_code == 404
    opened = {"client_id": name, "stamp": day.clock.isoformat()}
    assert tablet.post(reverse("visit-event", args=[visit.pk]), opened, **FROM_THE_QUEUE)["X-Stored"] == str(name)
    assert tablet.post(url, sent, **FROM_THE_QUEUE).status_code == 204
    assert AdverseEvent.objects.values("event").distinct().count() == 1


def test_a_time_that_was_typed_is_of_the_day_on_which_it_was_typed(day: Day, visit: Visit, page_as) -> None:
    typed_at = day.clock + timedelta(minutes=30)
    seen = (typed_at - timedelta(minutes=10)).astimezone(day.clinic.tz)
    sent = {"client_id": uuid.uuid4(), "stamp": typed_at.isoformat(), "at": f"{seen:%H:%M}", "pain": "3"}
    with time_machine.travel(typed_at + timedelta(days=1, hours=2)):
        tablet = page_as(day.nurse)
        assert tablet.post(chart_url(visit, "vitals"), sent, **FROM_THE_QUEUE).status_code == 204
        page = tablet.get(reverse("visit", args=[visit.pk])).content.decode()
    stored = VitalsSet.objects.get()
    assert stored.observed_at == seen.replace(second=0, microsecond=0)
    entered = stored.entered_at.astimezone(day.clinic.tz)
    assert f"entered {entered:%-d %b, %H:%M} for {seen:%H:%M}" in page


def test_a_page_that_was_drawn_for_another_person_charts_nothing(day: Day, visit: Visit, page_as) -> None:
    hers = page_as(day.prescriber)
    sent = {"client_id": uuid.uuid4(), "systolic": "121"}
    refused = hers.post(chart_url(visit, "vitals"), sent, HTTP_X_PERSON=str(day.nurse.pk), **FROM_THE_QUEUE)
    assert refused.status_code == 403
    assert 'data-refusal="another-person"' in refused.content.decode()
    assert not VitalsSet.objects.exists()
    own = hers.post(chart_url(visit, "vitals"), sent, HTTP_X_PERSON=str(day.prescriber.pk), **FROM_THE_QUEUE)
    assert own.status_code == 204


def test_the_blank_forms_are_those_that_may_wait(visit: Visit, tablet: Client) -> None:
    html = tablet.get(reverse("visit-blank-forms", args=[visit.pk])).content.decode()
    steps = chart_url(visit, "administrations")
    for url in (f"{steps}?kind=rate-change", f"{steps}?kind=end", chart_url(visit, "adverse-events")):
        assert f'<template data-blank="{url}">' in html
    assert "password" not in html
    assert 'data-blank="' + chart_url(visit, "discharge") not in html
    assert '<template data-after="pause">' in html


def test_two_corrections_of_one_row_show_both_texts_and_lose_neither(day: Day, visit: Visit, page_as) -> None:
    row = day.vitals(visit, pain=6)
    url = reverse("visit-correct", args=[visit.pk, "vitals", row.pk])
    hers, his = page_as(day.prescriber), page_as(day.nurse)
    assert hers.post(url, {"pain": "5", "correction_reason": "Said five"}).status_code == 302
    clash = his.post(url, {"pain": "4", "correction_reason": "Said four"}, HTTP_HX_REQUEST="true")
    html = clash.content.decode()
    assert clash.status_code == 422
    assert "Somebody corrected this row already" in html
    assert "Mara Santos" in html
    assert "Said five" in html
    assert 'value="4"' in html
    newest = VitalsSet.objects.get(pain=5)
    assert f'hx-post="{reverse("visit-correct", args=[visit.pk, "vitals", newest.pk])}"' in html
    again = reverse("visit-correct", args=[visit.pk, "vitals", newest.pk])
    assert his.post(again, {"pain": "4", "correction_reason": "Said four"}).status_code == 302
    assert VitalsSet.objects.standing().get().pain == 4
    assert VitalsSet.objects.count() == 3


def test_a_correction_of_a_row_that_was_struck_says_so_and_keeps_what_was_typed(
    day: Day, visit: Visit, page_as
) -> None:
    row = day.vitals(visit, pain=6)
    url = reverse("visit-correct", args=[visit.pk, "vitals", row.pk])
    page_as(day.prescriber).post(url, {"strike": "1", "correction_reason": "Other patient"})
    html = page_as(day.nurse).post(url, {"pain": "4", "correction_reason": "Said four"}).content.decode()
    assert "Struck meanwhile" in html
    assert "Other patient" in html
    assert 'value="4"' in html
