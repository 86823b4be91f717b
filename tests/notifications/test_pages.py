"""The messages page: did it reach them, and if not, why?"""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.audit.acting import SystemJob, recorded
from notifications.clock import database_now
from notifications.models import Message
from notifications.outbox import send_batch
from notifications.planner import plan
from scheduling.booking import cancel
from scheduling.states import Status
from tests.notifications.story import on_the_wall, one, taken_on, visit_of

pytestmark = pytest.mark.django_db
MESSAGES = "/messages/"


@pytest.fixture
def waiting(friday, now) -> Message:
    plan(now=now)
    return one(friday)


@pytest.fixture
def thursday(friday):
    return on_the_wall(friday.clinic, 2026, 11, 26, 9, 0)


TABS = ("waiting", "sent", "delivered", "not-sent", "failed")


def shown(client, tab: str = "waiting", **more: str) -> str:
    answer = client.get(MESSAGES, {"tab": tab, **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_waiting_messages_with_their_time_on_the_clinics_wall(waiting, ana, page_as):
    text = shown(page_as(ana))
    assert "Thu 26 Nov, 09:00" in text
    assert "IMBERT, Rosa" in text
    assert "Fri 27 Nov, 09:00" in text
    assert reverse("patient", args=[waiting.patient_id]) in text


def test_each_tab_shows_its_own(waiting, friday, thursday, ana, page_as):
    send_batch(channel="sms", now=thursday)
    client = page_as(ana)
    assert [shown(client, tab).count("<tr id=") for tab in TABS] == [2, 1, 0, 1, 0]
    assert "Its time had passed before it could go out." in shown(client, "not-sent")


def test_failed_messages_say_why_and_whom_to_call(waiting, friday, thursday, ana, page_as, settings):
    settings.SMS_CHANNEL = "tests.notifications.providers.Refusing"
    send_batch(channel="sms", now=thursday)
    text = shown(page_as(ana), "failed")
    assert "The number does not exist." in text
    assert 'href="tel:+12135550142"' in text


def test_empty_tabs_say_why(ana, page_as):
    client = page_as(ana)
    assert "No message waits" in shown(client)
    assert "Nothing was sent on this day" in shown(client, "sent", day="2026-11-20")


@pytest.mark.parametrize(
    ("sms", "email", "says"),
    [
        ("file.FileSms", "file.FileEmail", "Nothing leaves this machine"),
        ("file.FileSms", "smtp.SmtpEmail", "Texts do not leave this machine"),
        ("twilio.TwilioSms", "console.Console", "Emails do not leave this machine"),
        ("twilio.TwilioSms", "smtp.SmtpEmail", None),
    ],
)
def test_a_folder_is_not_passed_off_as_a_provider(ana, page_as, settings, sms, email, says):
    settings.SMS_CHANNEL, settings.EMAIL_CHANNEL = f"notifications.channels.{sms}", f"notifications.channels.{email}"
    text = shown(page_as(ana))
    assert ("this machine" in text) is bool(says)
    assert (says or "") in text


def test_one_day(waiting, ana, page_as):
    client = page_as(ana)
    assert shown(client, day="2026-11-26").count("<tr id=") == 2
    assert shown(client, day="2026-11-25").count("<tr id=") == 0
    assert shown(client, day="yesterday").count("<tr id=") == 4
    assert "tab=waiting&amp;day=2026-11-25" in shown(client, day="2026-11-26")


def test_a_waiting_message_whose_time_has_come_is_called_due(waiting, ana, page_as):
    client, page = page_as(ana), reverse("message", args=[waiting.pk])
    for away, state in ((timedelta(hours=1), "planned"), (timedelta(0), "due")):
        with recorded(by=SystemJob.REMINDERS):
            waiting.due_at = database_now() + away
            waiting.save()
        assert f'data-state="{state}"' in client.get(page).content.decode()
    assert 'data-state="due"' in shown(client)


def test_an_unknown_tab_is_the_first(waiting, ana, page_as):
    assert shown(page_as(ana), "everything").count("<tr id=") == 4


def test_long_lists_come_in_pages(waiting, harbour, ana, now, page_as):
    for number in range(15):
        guest = taken_on(harbour, now=now, given_name=f"Guest{number}")
        visit_of(guest, on_the_wall(harbour, 2026, 12, 1 + number, 9, 0), now=now, by=ana)
    plan(now=now)
    client = page_as(ana)
    first = client.get(MESSAGES)
    assert first.content.decode().count("<tr id=") == 50
    older = first.context["page"].older
    second = client.get(older).content.decode()
    assert second.count("<tr id=") == 14
    assert "Rosa" not in older


def test_another_clinic_sees_none_of_it(waiting, zoe, page_as):
    client = page_as(zoe)
    assert shown(client).count("<tr id=") == 0
    assert client.get(reverse("message", args=[waiting.pk])).status_code == 404
    assert client.post(reverse("message-withdraw", args=[waiting.pk]), {"reason": "x"}).status_code == 404


def test_the_list_needs_the_role(waiting, olu, page_as):
    assert page_as(olu).get(MESSAGES).status_code == 403


@pytest.mark.parametrize("header", [{}, {"HX-Request": "true"}])
def test_a_waiting_message_shows_what_it_would_say(waiting, ana, page_as, header):
    text = page_as(ana).get(reverse("message", args=[waiting.pk]), headers=header).content.decode()
    assert "As it would go now" in text
    assert "Harbour Clinic: reminder of your visit on Friday, November 27 at 9:00 AM." in text
    assert ("<html" in text) is not bool(header)


def test_the_title_names_nobody(waiting, ana, page_as):
    text = page_as(ana).get(reverse("message", args=[waiting.pk])).content.decode()
    assert "<title>RI, message" in " ".join(text.split()).replace("<title> ", "<title>")


@pytest.mark.django_db(transaction=True)
def test_a_sent_message_shows_its_text_and_its_history(waiting, friday, thursday, ana, page_as):
    send_batch(channel="sms", now=thursday)
    answer = page_as(ana).get(reverse("message", args=[waiting.pk]))
    text = answer.content.decode()
    assert "Exactly as it was sent" in text
    assert one(friday).text in text
    assert "+12135550142" in text
    assert [entry.told[0].heading for entry in answer.context["entries"]] == [
        "Accepted by the provider",
        "Handed over, try 1",
        "Planned, goes out Thu 26 Nov, 09:00",
    ]
    assert "Withdraw message" not in text


def test_every_change_of_a_message_field_by_field(waiting, ana, page_as):
    address = reverse("message-history", args=[waiting.pk])
    desk = page_as(ana)
    assert f'hx-get="{address}"' in desk.get(reverse("message", args=[waiting.pk])).content.decode()
    part = desk.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "drawer-body" in part
    assert "Reminders" in part
    assert "Goes out at" in part


def test_withdrawing_on_the_page(waiting, friday, ana, page_as):
    answer = page_as(ana).post(reverse("message-withdraw", args=[waiting.pk]), {"reason": "Told by phone"}, follow=True)
    assert "The message was withdrawn." in answer.content.decode()
    assert one(friday).state == "voided"


def test_withdrawing_in_the_drawer_brings_the_row_along(waiting, ana, page_as):
    url = reverse("message-withdraw", args=[waiting.pk])
    behind = {"HX-Request": "true", "HX-Current-URL": "http://testserver/messages/?tab=waiting"}
    text = page_as(ana).post(url, {"reason": "Told by phone"}, headers=behind).content.decode()
    assert f'<tr id="message-{waiting.pk}" hx-swap-oob="true"' in text
    assert "Told by phone" in text


def test_withdrawing_in_the_drawer_of_another_page_brings_no_row(waiting, ana, page_as):
    url = reverse("message-withdraw", args=[waiting.pk])
    behind = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/patients/{waiting.patient_id}/"}
    text = page_as(ana).post(url, {"reason": "Told by phone"}, headers=behind).content.decode()
    assert "The message was withdrawn." in text
    assert "<tr id=" not in text


def test_a_missing_reason_is_asked_for(waiting, friday, ana, page_as):
    answer = page_as(ana).post(
        reverse("message-withdraw", args=[waiting.pk]), {"reason": ""}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()
    assert one(friday).state == "planned"


def test_withdrawing_too_late_says_so(waiting, thursday, ana, page_as):
    send_batch(channel="sms", now=thursday)
    answer = page_as(ana).post(
        reverse("message-withdraw", args=[waiting.pk]), {"reason": "Told"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 409
    assert "has been sent, so it cannot be withdrawn any more" in answer.content.decode()


def test_trying_again_on_the_page(waiting, friday, thursday, ana, page_as, settings, time_machine):
    settings.SMS_CHANNEL = "tests.notifications.providers.Silent"
    send_batch(channel="sms", now=thursday)
    text = page_as(ana).get(reverse("message", args=[waiting.pk])).content.decode()
    assert "the patient may get it twice" in text
    time_machine.move_to(thursday + timedelta(minutes=5))
    page_as(ana).post(reverse("message-retry", args=[waiting.pk]))
    assert one(friday).state == "planned"


def test_an_unknown_one_that_arrived(waiting, friday, thursday, ana, page_as, settings):
    settings.SMS_CHANNEL = "tests.notifications.providers.Silent"
    send_batch(channel="sms", now=thursday)
    page_as(ana).post(reverse("message-received", args=[waiting.pk]))
    assert one(friday).state == "delivered"


def test_a_nurse_reads_and_does_not_act(waiting, nils, page_as):
    client = page_as(nils)
    text = client.get(reverse("message", args=[waiting.pk])).content.decode()
    assert "Withdraw message" not in text
    assert client.post(reverse("message-withdraw", args=[waiting.pk]), {"reason": "x"}).status_code == 403
    assert client.post(reverse("message-retry", args=[waiting.pk])).status_code == 403
    assert client.post(reverse("message-received", args=[waiting.pk])).status_code == 403


def test_a_moved_visits_old_message_says_so(waiting, friday, ana, now, page_as):
    cancel(appointment_id=friday.pk, how=Status.CANCELLED_BY_PATIENT, reason="Flu", by=ana, now=now)
    plan(now=now)
    assert "The visit was cancelled." in shown(page_as(ana), "not-sent")


def test_the_number_of_queries_does_not_grow_with_the_messages(waiting, harbour, ana, now, page_as):
    client = page_as(ana)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            shown(client)
        return len(found)

    queries()
    few = queries()
    for number in range(4):
        guest = taken_on(harbour, now=now, given_name=f"Guest{number}")
        visit_of(guest, on_the_wall(harbour, 2026, 12, 1 + number, 9, 0), now=now, by=ana)
    plan(now=now)
    assert queries() == few <= 8
