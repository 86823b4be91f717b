"""The checker of the mix finds each of the things that it says are not there."""

import pytest
from django.db import connection

from notifications.clock import database_now
from notifications.models import Message
from notifications.outbox import send_batch
from notifications.planner import plan
from patients.numbers import say_of_number
from scheduling.booking import cancel
from scheduling.states import Status
from tests.notifications.faults.checker import verdict
from tests.notifications.faults.servers import copy_into, moved_to, own_postgres
from tests.notifications.faults.world import BY, booked_long_ago, due_by, guest, noon_clinic
from tests.notifications.providers import sent_to
from tests.notifications.story import says

# Another handing over, now, as history would tell it.
STAMPED_AGAIN = """
    INSERT INTO notifications_historicalmessage
    SELECT (jsonb_populate_record(h, jsonb_build_object('history_id', nextval(pg_get_serial_sequence(
        'notifications_historicalmessage', 'history_id')), 'submitted_at', clock_timestamp()))).*
    FROM notifications_historicalmessage h WHERE h.id = %s AND h.state = 'submitted' LIMIT 1"""


@pytest.fixture
def elsewhere(transactional_db):
    with own_postgres() as own:
        copy_into(own)
        with moved_to(own):
            yield own


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_it_finds_everything(elsewhere, outbox_dir, settings):
    settings.SMS_CHANNEL = "notifications.channels.file.FileSms"
    clinic, boss = noon_clinic(chairs=12)
    patient, other = guest(clinic, agrees_to=("sms",)), guest(clinic, agrees_to=("email",))
    by_text, by_email, dropped = booked_long_ago(patient), booked_long_ago(other), due_by("email", clinic, 1)[0]
    plan(now=database_now())
    for channel in ("sms", "email"):
        send_batch(channel=channel, now=database_now())
    taken = sent_to(outbox_dir)
    assert len(taken) == 3
    well = verdict(taken)
    assert (well.wrong, well.due, well.sent) == ([], 6, 3)  # three more were too late when they were planned
    for table in ("notifications_message", "notifications_historicalmessage"):
        sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")

    def found(what: str, given: list[str] = taken):
        now_wrong = verdict(given)
        assert any(line.startswith(what) for line in now_wrong.wrong), (what, now_wrong.wrong)
        return now_wrong

    row = {visit.pk: Message.objects.get(appointment=visit, offset_hours=24) for visit in (by_text, by_email, dropped)}
    assert found("called sent, and no provider has it", taken[1:]).lost == 1
    assert found("a provider has it, and the ledger does not", [*taken, "x"]).lost == 1
    assert found("went out more than once", [*taken, taken[0], taken[0]]).doubled == 2
    # Said, done and then handed over all the same.
    cancel(appointment_id=by_text.pk, how=Status.CANCELLED_BY_CLINIC, reason="Closed", by=boss, now=database_now())
    sql(STAMPED_AGAIN, row[by_text.pk].pk)
    assert found("handed over about a visit that did not stand so").after == 1
    say_of_number(number=patient.mobile.as_e164, kind="opt-out", holds=True, how="reply", by=BY, at=database_now())
    sql(STAMPED_AGAIN, row[by_text.pk].pk)
    found("texted to a number that had opted out")
    says(other, "email", granted=False, at=database_now())
    sql(STAMPED_AGAIN, row[by_email.pk].pk)
    found("handed over to a patient who had said no")
    found("notifications_message: changes without a row of history, or more than one")
    # Left lying, and not as history tells.
    sql("UPDATE notifications_message SET state = 'planned', submitted_at = NULL WHERE id = %s", row[dropped.pk].pk)
    assert found("due and still planned").lost == 1
    found("a provider has it, and it is called planned")
    found("notifications_message: otherwise than its history tells")
    found("went from accepted to submitted")
    sql("DELETE FROM notifications_historicalmessage WHERE id = %s", row[dropped.pk].pk)
    found("notifications_message: without any history")
