"""`/api/v1/registration/`: recorded, armed and disarmed by a manager as on the page."""

import pytest

from notifications.models import Registration
from notifications.registration import why_dry

pytestmark = pytest.mark.django_db
URL = "/api/v1/registration/"
WHOLE = {
    "kind": "10dlc",
    "registered_on": "2026-11-01",
    "reference": "C-123",
    "opt_in_text": "On the form.",
    "stop_text": "No more texts.",
    "help_text": "Call us.",
}


@pytest.fixture
def unregistered(clinic):
    assert not Registration.objects.filter(clinic=clinic).exists()
    return clinic


def test_it_is_recorded_upon_what_was_read(unregistered, vera, api_as):
    api = api_as(vera)
    assert api.get(URL).status_code == 404
    assert api.post(f"{URL}arm/").status_code == 409
    made = api.post(URL, WHOLE)
    assert (made.status_code, made.headers["ETag"], made.data["is_armed"]) == (200, '"1"', False)
    assert api.get(URL).data == made.data
    assert api.post(URL, {**WHOLE, "reference": "C-9"}, headers={"If-Match": '"7"'}).status_code == 409
    assert api.post(URL, {**WHOLE, "reference": "C-9", "version": 1}).headers["ETag"] == '"2"'
    assert len(api.get(f"{URL}history/").json()) >= 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "pigeon"}, "kind"),
        ({"registered_on": "2999-01-01"}, "registered_on"),
        ({"reference": " "}, "reference"),
        ({"stop_text": ""}, "stop_text"),
        ({"armed_for": "here"}, "armed_for"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(unregistered, vera, api_as, wrong, field):
    answer = api_as(vera).post(URL, {**WHOLE, **wrong})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not Registration.objects.exists()


def test_it_is_armed_and_disarmed_and_each_says_so_twice(unregistered, vera, api_as):
    api = api_as(vera)
    api.post(URL, WHOLE)
    for _ in range(2):
        armed = api.post(f"{URL}arm/")
        assert (armed.status_code, armed.data["is_armed"], armed.data["armed_by"]) == (200, True, vera.pk)
    unregistered.refresh_from_db()
    assert why_dry(unregistered, "sms") == ""
    assert api.post(f"{URL}arm/", {}, headers={"If-Match": '"1"'}).status_code == 400
    for _ in range(2):
        assert api.post(f"{URL}disarm/").data["is_armed"] is False


def test_the_desk_arms_nothing(unregistered, ana, api_as):
    api = api_as(ana)
    for answer in (api.get(URL), api.post(URL, WHOLE), api.post(f"{URL}arm/"), api.post(f"{URL}disarm/")):
        assert answer.status_code == 403
