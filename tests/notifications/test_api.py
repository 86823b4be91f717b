"""`/api/v1/messages/`: read by those who see messages, acted on by the desk, each clinic its own."""

from datetime import timedelta

import pytest

from notifications.models import Message
from notifications.outbox import send_batch
from notifications.planner import plan
from tests.notifications.story import on_the_wall, one

pytestmark = pytest.mark.django_db
URL = "/api/v1/messages/"


@pytest.fixture
def waiting(friday, now) -> Message:
    plan(now=now)
    return one(friday)


@pytest.fixture
def failed(friday, waiting, settings) -> Message:
    settings.SMS_CHANNEL = "tests.notifications.providers.Refusing"
    send_batch(channel="sms", now=on_the_wall(friday.clinic, 2026, 11, 26, 9, 0))
    return one(friday)


def test_the_list_and_its_filters(waiting, ana, api_as, friday):
    api = api_as(ana)
    assert len(api.get(URL).data["results"]) == 4
    assert len(api.get(URL, {"state": "accepted"}).data["results"]) == 0
    assert len(api.get(URL, {"appointment": str(friday.pk), "channel": "sms"}).data["results"]) == 2
    assert len(api.get(URL, {"patient": str(friday.patient_id)}).data["results"]) == 4
    assert api.get(URL, {"state": "sent"}).status_code == 400, "the word of an earlier version"
    assert api.get(URL, {"state": "posted"}).status_code == 400


def test_a_page_of_the_list(waiting, ana, api_as):
    api = api_as(ana)
    first = api.get(URL, {"page_size": 3}).data
    second = api.get(first["next"]).data
    found = [row["id"] for row in first["results"] + second["results"]]
    assert len(found) == len(set(found)) == 4
    assert second["next"] is None


def test_one_message(waiting, nils, api_as):
    answer = api_as(nils).get(f"{URL}{waiting.pk}/")
    assert answer.data["state"] == "planned"
    assert answer.data["useful_until"] == "2026-11-27T15:00:00Z"
    assert answer.headers["ETag"] == '"1"'


def test_another_clinics_message_is_not_there(waiting, zoe, api_as):
    assert api_as(zoe).get(f"{URL}{waiting.pk}/").status_code == 404
    assert api_as(zoe).post(f"{URL}{waiting.pk}/withdraw/", {"reason": "x"}).status_code == 404
    assert api_as(zoe).get(URL).data["results"] == []


def test_withdraw(waiting, ana, api_as):
    answer = api_as(ana).post(f"{URL}{waiting.pk}/withdraw/", {"reason": "Told by phone", "version": 1})
    assert (answer.status_code, answer.data["state"]) == (200, "voided")
    assert answer.data["reason"] == "Told by phone"
    assert answer.data["withdrawn_by"] == ana.pk
    again = api_as(ana).post(f"{URL}{waiting.pk}/withdraw/", {"reason": "Told by phone"})
    assert again.status_code == 409


def test_withdrawing_needs_a_reason_the_role_and_the_newest_version(waiting, ana, nils, api_as):
    assert api_as(ana).post(f"{URL}{waiting.pk}/withdraw/", {}).status_code == 400
    assert api_as(ana).post(f"{URL}{waiting.pk}/withdraw/", {"reason": " "}).status_code == 400
    assert api_as(ana).post(f"{URL}{waiting.pk}/withdraw/", {"reason": "x", "state": "sent"}).status_code == 400
    assert api_as(nils).post(f"{URL}{waiting.pk}/withdraw/", {"reason": "x"}).status_code == 403
    stale = api_as(ana).post(f"{URL}{waiting.pk}/withdraw/", {"reason": "x", "version": 7})
    assert (stale.status_code, stale.data["current"]) == (409, 1)
    assert Message.objects.get(pk=waiting.pk).state == "planned"


def test_the_ledger_is_not_written_through_the_api(waiting, ana, api_as):
    api = api_as(ana)
    assert api.post(URL, {}).status_code in {403, 405}
    assert api.patch(f"{URL}{waiting.pk}/", {"state": "sent"}).status_code in {403, 405}
    assert api.delete(f"{URL}{waiting.pk}/").status_code in {403, 405}
    assert Message.objects.get(pk=waiting.pk).state == "planned"


def test_retry(failed, ana, api_as, time_machine):
    time_machine.move_to(failed.due_at + timedelta(minutes=5))
    answer = api_as(ana).post(f"{URL}{failed.pk}/retry/", {}, headers={"If-Match": f'"{failed.version}"'})
    assert (answer.status_code, answer.data["state"], answer.data["attempts"]) == (200, "planned", 0)
    assert api_as(ana).post(f"{URL}{failed.pk}/retry/", {}).status_code == 409


def test_only_an_unknown_outcome_can_be_settled(failed, ana, api_as):
    assert api_as(ana).post(f"{URL}{failed.pk}/received/", {}).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_history_in_words(failed, ana, api_as):
    acts = api_as(ana).get(f"{URL}{failed.pk}/history/").data
    assert [act["who"] for act in acts] == ["Reminders"] * 3
    assert {change["field"]: change["after"] for change in acts[0]["changes"]}["reason"] == (
        "The number does not exist."
    )
