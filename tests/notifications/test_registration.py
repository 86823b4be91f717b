"""Nothing leaves before the clinic is registered and a manager armed this very database."""

from datetime import date, timedelta
from html import unescape

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from config.audit.acting import recorded
from config.refusals import Clash, Invalid, NotAllowed, Stale
from notifications.dry_run import words
from notifications.inbound import receive
from notifications.models import Registration
from notifications.outbox import send_batch
from notifications.place import IDENTITY, place
from notifications.planner import plan
from notifications.registration import NOT_ARMED, NOT_FOR_TEXTS, NOT_RECORDED, arm, disarm, record
from notifications.wording import answer_to
from patients.models import NumberStatement
from tests.notifications.providers import sent_to
from tests.notifications.story import one, send_texts, text_of

pytestmark = pytest.mark.django_db
FORM = {
    "kind": "10dlc",
    "registered_on": date(2026, 11, 2),
    "reference": "C1234567",
    "opt_in_text": "They say yes at the desk.",
    "stop_text": "No more texts.",
    "help_text": "Call us.",
}
TYPED = {**FORM, "registered_on": "2026-11-02"}
URL = "/settings/sending/"


@pytest.fixture(autouse=True)
def out_into_the_world(settings):
    """Both channels leave, as far as the house knows."""
    settings.SMS_CHANNEL = "tests.notifications.providers.Outside"
    settings.EMAIL_CHANNEL = "tests.notifications.providers.OutsideEmail"


@pytest.fixture
def registered(clinic, vera, now):
    return record(clinic=clinic, by=vera, now=now, **FORM)


def send_all(now):
    for channel in ("sms", "email"):
        send_batch(channel=channel, now=now)


def written(visit):
    return {(row.state, row.reason) for row in (one(visit, "sms"), one(visit, "email"))}


# --- what leaves ---


def test_nothing_leaves_without_a_registration(friday, thursday, outbox_dir):
    send_all(thursday)
    assert written(friday) == {("suppressed", NOT_RECORDED)}
    assert sent_to(outbox_dir) == []


def test_nothing_leaves_before_it_is_armed(friday, thursday, registered, outbox_dir):
    send_all(thursday)
    assert written(friday) == {("suppressed", NOT_ARMED)}
    assert sent_to(outbox_dir) == []


def test_armed_it_leaves_and_disarmed_no_more(friday, thursday, registered, vera, outbox_dir):
    arm(clinic=friday.clinic, by=vera, now=thursday)
    send_texts(thursday)
    assert text_of(friday).state == "accepted"
    disarm(clinic=friday.clinic, by=vera)
    send_batch(channel="email", now=thursday)
    assert (one(friday, "email").state, len(sent_to(outbox_dir))) == ("suppressed", 1)


def test_what_was_due_in_the_dry_run_is_not_sent_when_it_ends(friday, thursday, registered, vera, outbox_dir):
    send_texts(thursday)
    arm(clinic=friday.clinic, by=vera, now=thursday)
    plan(now=thursday + timedelta(minutes=1))
    send_texts(thursday + timedelta(minutes=1))
    assert (text_of(friday).state, sent_to(outbox_dir)) == ("suppressed", [])


def test_another_rule_is_told_first(friday, thursday, rosa, outbox_dir):
    late = friday.start - timedelta(hours=1)
    send_texts(late)
    assert text_of(friday).reason == "Its time had passed before it could go out."


def test_registered_for_emails_texts_stay_here(friday, thursday, vera, now, outbox_dir):
    record(clinic=friday.clinic, by=vera, now=now, kind="emails", registered_on=now.date())
    arm(clinic=friday.clinic, by=vera, now=thursday)
    send_all(thursday)
    assert text_of(friday).reason == NOT_FOR_TEXTS
    assert one(friday, "email").state == "accepted"


def test_a_channel_that_never_leaves_needs_nothing(friday, thursday, settings, outbox_dir):
    settings.SMS_CHANNEL = "notifications.channels.file.FileSms"
    send_texts(thursday)
    assert text_of(friday).state == "accepted"


def test_an_opt_out_counts_in_the_dry_run_and_nothing_is_sent_back(friday, thursday, registered, vera):
    said, _ = receive(provider_id="SM1", number="+12135550142", text="STOP", now=thursday)
    assert (said.answer, NumberStatement.objects.filter(holds=True).exists()) == ("", True)
    arm(clinic=friday.clinic, by=vera, now=thursday)
    said, _ = receive(provider_id="SM2", number="+12135550143", text="STOP", now=thursday)
    assert "no more texts" in said.answer


# --- a copy ---


def test_a_database_beside_this_one_is_another_place():
    here = place()
    with connection.cursor() as cursor:
        host, port, role = (connection.settings_dict[key] for key in ("HOST", "PORT", "USER"))
        cursor.execute("SELECT current_database()")
        ours = cursor.fetchone()[0]
    answers = []
    for name in (ours, "postgres"):
        secret = connection.settings_dict["PASSWORD"]
        with psycopg.connect(host=host, port=port, user=role, password=secret, dbname=name) as other:
            answers.append(other.execute(IDENTITY).fetchone()[0])
    assert here == f"{answers[0]}/"
    assert answers[0] != answers[1]


def test_a_copy_does_not_send_until_a_manager_arms_it(friday, thursday, registered, vera, outbox_dir):
    arm(clinic=friday.clinic, by=vera, now=thursday)
    restored(registered)
    send_all(thursday)
    assert written(friday) == {("suppressed", NOT_ARMED)}
    assert sent_to(outbox_dir) == []
    arm(clinic=friday.clinic, by=vera, now=thursday)
    registered.refresh_from_db()
    assert registered.armed_for == place()


def test_a_copy_of_the_files_has_another_name(registered, clinic, vera, now, settings):
    arm(clinic=clinic, by=vera, now=now)
    clinic.refresh_from_db()
    assert words(clinic) == ""
    settings.INSTALLATION_ID = "rehearsal"
    assert words(clinic) == NOT_ARMED


def restored(row):
    """As if this database had been restored from a dump of the one that was armed."""
    row.refresh_from_db()
    with recorded(by=row.armed_by):
        row.armed_for = "7700000000000000000/16384/"
        row.save()


# --- the doors ---


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "pigeon"}, "kind"),
        ({"registered_on": date(2026, 11, 24)}, "registered_on"),
        ({"reference": "  "}, "reference"),
        ({"opt_in_text": ""}, "opt_in_text"),
        ({"stop_text": ""}, "stop_text"),
        ({"help_text": ""}, "help_text"),
    ],
)
def test_what_is_missing_is_named(clinic, vera, now, change, field):
    with pytest.raises(Invalid) as refusal:
        record(clinic=clinic, by=vera, now=now, **{**FORM, **change})
    assert list(refusal.value.errors) == [field]


def test_only_managers_and_never_over_a_newer_one(clinic, registered, vera, ana, now):
    for door in (
        lambda: record(clinic=clinic, by=ana, now=now, **FORM),
        lambda: arm(clinic=clinic, by=ana, now=now),
        lambda: disarm(clinic=clinic, by=ana),
    ):
        with pytest.raises(NotAllowed):
            door()
    record(clinic=clinic, by=vera, now=now, version=1, **{**FORM, "reference": "C2"})
    with pytest.raises(Stale):
        record(clinic=clinic, by=vera, now=now, version=1, **FORM)


def test_nothing_is_armed_without_a_registration(clinic, vera, now):
    with pytest.raises(Clash, match="registration first"):
        arm(clinic=clinic, by=vera, now=now)


def test_a_new_record_keeps_what_was_armed(registered, clinic, vera, now):
    arm(clinic=clinic, by=vera, now=now)
    assert record(clinic=clinic, by=vera, now=now, **{**FORM, "reference": "C2"}).armed_for == place()


@pytest.mark.parametrize(
    "columns",
    [
        {"kind": "pigeon"},
        {"reference": " "},
        {"stop_text": ""},
        {"armed_for": "here"},
        {"armed_for": "", "armed": True},
    ],
)
def test_the_database_refuses_it_too(registered, vera, now, columns):
    if columns.pop("armed", False):
        columns = {**columns, "armed_at": now, "armed_by": vera}
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=registered.pk).update(**columns)


# --- the pages ---


def shown(client, url=URL):
    return unescape(client.get(url).content.decode())


def test_every_page_says_so_until_it_is_armed(clinic, vera, ana, nils, now, page_as):
    for person in (vera, ana, nils):
        assert NOT_RECORDED in shown(page_as(person), "/")
    record(clinic=clinic, by=vera, now=now, **FORM)
    assert NOT_ARMED in shown(page_as(nils), "/patients/")
    arm(clinic=clinic, by=vera, now=now)
    for url in ("/", "/tasks/", URL):
        assert "Dry run" not in shown(page_as(vera), url)


def test_a_manager_records_and_arms(clinic, vera, page_as):
    client = page_as(vera)
    wrong = client.post(URL, {**TYPED, "help_text": ""})
    assert (wrong.status_code, "Text messages need this." in wrong.content.decode()) == (422, True)
    assert "They say yes at the desk." in wrong.content.decode()
    assert client.post(URL, TYPED).status_code == 302
    assert "Recorded by Vera Lind" in shown(client)
    assert client.post(f"{URL}arm/").status_code == 302
    assert "Vera Lind armed it on" in shown(client)
    assert "Vera Lind" in shown(client, f"{URL}history/")
    assert client.post(f"{URL}disarm/").status_code == 302
    assert "Nothing was sent from it yet" in shown(client)


def test_two_managers_at_once_lose_nothing(clinic, registered, vera, page_as):
    client = page_as(vera)
    assert client.post(URL, {**TYPED, "reference": "C2", "version": "1"}).status_code == 302
    late = client.post(URL, {**TYPED, "reference": "C3", "version": "1"})
    assert (late.status_code, 'value="C3"' in late.content.decode()) == (409, True)
    assert client.post(URL, {**TYPED, "reference": "C3", "version": "2"}).status_code == 302


def test_a_copy_says_whose_it_is(clinic, registered, vera, now, page_as):
    arm(clinic=clinic, by=vera, now=now)
    restored(registered)
    assert "It is a copy of one that Vera Lind armed" in shown(page_as(vera))
    assert NOT_ARMED in shown(page_as(vera), "/board/")


def test_what_is_sent_back_stands_beside_the_form(clinic, vera, now, page_as):
    text = shown(page_as(vera))
    assert "START to resume" in text
    assert "START para volver" in text
    record(clinic=clinic, by=vera, now=now, **FORM)
    assert "This is not what was registered" in shown(page_as(vera))
    names = {"sender_name": clinic.sender_name, "phone": clinic.phone.as_national, "language": "en"}
    same = {"stop_text": answer_to("stop", **names), "help_text": answer_to("help", **names)}
    record(clinic=clinic, by=vera, now=now, **{**FORM, **same})
    assert "This is not what was registered" not in shown(page_as(vera))
