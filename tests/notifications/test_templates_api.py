"""`/api/v1/message-templates/`: a clinic's own words, written as editions by a manager as on the page."""

import pytest

from notifications.models import MessageTemplate
from tests.notifications.test_message_templates import EMAIL_OK, OK

pytestmark = pytest.mark.django_db
URL = "/api/v1/message-templates/"
WHAT = {"purpose": "reminder", "channel": "sms", "language": "en"}


def test_editions_are_written_taken_up_again_and_left(clinic, vera, api_as):
    api = api_as(vera)
    first = api.post(URL, {**WHAT, "text": OK, "after": 0})
    assert (first.status_code, first.data["edition"], first.data["by"]) == (201, 1, vera.pk)
    assert api.post(URL, {**WHAT, "text": OK.replace("see you", "come"), "after": 1}).data["edition"] == 2
    again = api.post(f"{URL}{first.data['id']}/use/", {"after": 2})
    assert (again.status_code, again.data["edition"], again.data["text"]) == (201, 3, OK)
    back = api.post(f"{URL}shipped/", {**WHAT, "after": 3})
    assert (back.status_code, back.data["edition"], back.data["shipped"]) == (201, 4, True)
    assert [row["edition"] for row in api.get(URL, WHAT).data["results"]] == [4, 3, 2, 1]
    assert api.get(URL, {"language": "es"}).data["results"] == []
    assert api.get(f"{URL}{first.data['id']}/").data == first.data


def test_what_somebody_wrote_in_between_is_not_passed_over(clinic, vera, api_as):
    api = api_as(vera)
    made = api.post(URL, {**WHAT, "text": OK, "after": 0}).data
    for answer in (
        api.post(URL, {**WHAT, "text": OK, "after": 0}),
        api.post(f"{URL}{made['id']}/use/", {"after": 0}),
        api.post(f"{URL}shipped/", {**WHAT, "after": 7}),
    ):
        assert (answer.status_code, answer.json()["current"]) == (409, 1)
    assert MessageTemplate.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": "See you"}, "text"),
        ({"text": ""}, "text"),
        ({"purpose": "gossip"}, "purpose"),
        ({"channel": "pigeon"}, "channel"),
        ({"language": "fr"}, "language"),
        ({"after": None}, "after"),
        ({"edition": 9}, "edition"),
        ({"channel": "email", "text": EMAIL_OK, "subject": ""}, "subject"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(clinic, vera, api_as, wrong, field):
    answer = api_as(vera).post(URL, {**WHAT, "text": OK, "after": 0, **wrong})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not MessageTemplate.objects.exists()


def test_it_is_the_managers_and_each_clinics_own(clinic, vera, ana, other_clinic, api_as):
    from config.staff.permissions import Role
    from tests.conftest import hired

    made = api_as(vera).post(URL, {**WHAT, "text": OK, "after": 0}).data
    for answer in (api_as(ana).get(URL), api_as(ana).post(URL, {}), api_as(ana).post(f"{URL}shipped/", {})):
        assert answer.status_code == 403
    theirs = api_as(hired(other_clinic, "max", "Max Hill", Role.MANAGER))
    assert theirs.get(URL).data["results"] == []
    assert theirs.get(f"{URL}{made['id']}/").status_code == 404
    assert theirs.post(f"{URL}{made['id']}/use/", {"after": 0}).status_code == 404
