"""What a nurse at the chair must not miss: an order that is no longer in force, and a number that no body can have."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from config.refusals import Invalid
from config.staff.models import User
from infusions import orders
from tests.infusions.visiting import Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db


def test_an_order_that_is_stopped_while_it_runs_is_told_on_the_page_and_by_the_next_poll(
    day: Day, page_as: Callable[[User], Client], nils: User
) -> None:
    visit, client = day.started(), page_as(nils)
    page = client.get(reverse("visit", args=[visit.pk]))
    have = page.context["have"]
    assert "The order is" not in page.content.decode()
    assert client.get(reverse("visit-sheet", args=[visit.pk]), {"have": have}).status_code == 204
    orders.stop(order_id=visit.order_id, by=day.prescriber, now=day.now(), reason="Rash after the last visit.")
    polled = client.get(reverse("visit-sheet", args=[visit.pk]), {"have": have})
    for answer in (polled, client.get(reverse("visit", args=[visit.pk]))):
        told = answer.content.decode()
        assert "The order is stopped since" in told
        assert "Rash after the last visit." in told
    day.discharged(day.ended(visit))
    assert "The order is" not in client.get(reverse("visit", args=[visit.pk])).content.decode()


@pytest.mark.parametrize(
    "read",
    [{"heart_rate": 999}, {"systolic": 1200, "diastolic": 80}, {"respiratory_rate": 200}, {"mean_pressure": 900}],
)
def test_a_number_that_no_body_can_have_is_asked_about_and_kept_once_confirmed(day: Day, read: dict[str, int]) -> None:
    visit = day.started()
    with pytest.raises(Invalid) as asked:
        day.vitals(visit, **read)
    assert asked.value.code == "read-again"
    assert set(asked.value.errors) <= set(read)
    kept = day.vitals(visit, read_again=asked.value.facts["asked"], **read)
    assert kept.confirmed_unusual
