"""What has to be read again, on the page: said at its field, with the box that says yes to those values alone."""

# ruff: noqa: F811  (the fixtures of the same pages)

import re
import uuid

import pytest
from django.urls import reverse

from infusions.models import VitalsSet
from tests.infusions.test_visits_pages import HTMX, chart, nurse  # noqa: F401
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]


def ticked(asked) -> dict[str, str]:
    """What a browser sends when the box is ticked."""
    [box] = re.findall(r'<input[^>]*name="read_again"[^>]*>', asked.content.decode())
    return {"read_again": re.search(r'value="([0-9a-f]{64})"', box)[1]}


def test_what_was_typed_stays_when_it_is_asked_again(nurse, day: Day) -> None:
    visit = day.opened()
    sent = {"spo2": "130", "systolic": "120", "client_id": str(uuid.uuid4())}
    asked = nurse.post(chart(visit, "vitals"), sent, HTTP_HX_TARGET="vitals-form", **HTMX)
    html = asked.content.decode()
    assert asked.status_code == 422
    assert 'value="130"' in html
    assert "130 % cannot be" in html
    assert "I have read it again" in html
    assert VitalsSet.objects.count() == 0
    box = ticked(asked)
    other = nurse.post(chart(visit, "vitals"), {**sent, "spo2": "140", **box}, **HTMX)
    assert "140 % cannot be" in other.content.decode(), "a tick covers what it was asked about, and nothing else"
    assert (ticked(other) != box, " checked" in other.content.decode()) == (True, False)
    sure = nurse.post(chart(visit, "vitals"), {**sent, "pain": "3", **box}, **HTMX)
    assert sure.status_code == 200
    assert VitalsSet.objects.get().confirmed_unusual


def test_all_that_is_wrong_with_a_set_is_said_at_once(nurse, day: Day) -> None:
    visit = day.started()
    typed = {
        "heart_rate": "many",
        "pain": "11",
        "spo2": "130",
        "temperature": "37",
        "systolic": "80",
        "diastolic": "90",
    }
    asked = nurse.post(reverse("visit-chart", args=[visit.pk, "vitals"]), typed, **HTMX)
    wrong = {"heart_rate", "pain", "spo2", "temperature_unit", "diastolic"}
    assert (asked.status_code, set(asked.context["form"].errors)) == (422, wrong)
    right = {"heart_rate": "72", "pain": "1", "temperature_unit": "°C"}
    answered = nurse.post(
        reverse("visit-chart", args=[visit.pk, "vitals"]), {**typed, **right, **ticked(asked)}, **HTMX
    )
    assert answered.status_code == 200
    assert VitalsSet.objects.get().heart_rate == 72


def test_a_zero_is_read_again(nurse, day: Day) -> None:
    visit = day.started()
    url = reverse("visit-chart", args=[visit.pk, "vitals"])
    asked = nurse.post(url, {"spo2": "0"}, **HTMX)
    assert asked.context["form"].errors == {"spo2": ["This says 0. Read it again."]}
    nurse.post(url, {"spo2": "0", **ticked(asked)}, **HTMX)
    assert VitalsSet.objects.get().spo2 == 0
