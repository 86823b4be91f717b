"""The ledger says what ought to be sent, after any change and any gap, and a second run changes nothing."""

from datetime import date, timedelta
from threading import Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from notifications.models import Message
from notifications.planner import plan
from patients.register import amend, record_death
from scheduling.booking import cancel, move, undo
from scheduling.states import Status
from tests.notifications.story import ledger, on_the_wall, one, opened, says, taken_on, visit_of

pytestmark = pytest.mark.django_db
ALL_FOUR = [("email", 72, "planned"), ("email", 24, "planned"), ("sms", 72, "planned"), ("sms", 24, "planned")]
FRIDAY_NINE = (2026, 11, 27, 9, 0)


def reasons(visit) -> set[str]:
    return set(Message.objects.filter(appointment=visit).exclude(state="planned").values_list("reason", flat=True))


def test_a_booking_gets_a_reminder_three_days_and_one_day_before_by_each_channel(friday, now):
    assert plan(now=now) == 4
    assert ledger(friday) == ALL_FOUR
    assert one(friday, "sms", 72).due_at == on_the_wall(friday.clinic, 2026, 11, 24, 9, 0)
    assert one(friday, "sms", 24).due_at == on_the_wall(friday.clinic, 2026, 11, 26, 9, 0)


def test_a_second_run_changes_nothing(friday, now):
    plan(now=now)
    before = list(Message.objects.order_by("pk").values())
    history = Message.history.count()
    assert plan(now=now + timedelta(minutes=1)) == 0
    assert list(Message.objects.order_by("pk").values()) == before
    assert Message.history.count() == history


def test_history_says_who_planned_it(friday, now):
    plan(now=now)
    connection.check_constraints()
    assert {row.actor for row in Message.history.all()} == {"job:reminders"}


def test_only_channels_that_the_patient_agreed_to(harbour, ana, now):
    texted = taken_on(harbour, now=now, agrees_to=("sms",))
    visit = visit_of(texted, on_the_wall(harbour, *FRIDAY_NINE), now=now, by=ana)
    plan(now=now)
    assert ledger(visit) == [("sms", 72, "planned"), ("sms", 24, "planned")]


def test_somebody_without_an_address_is_not_reached_and_stops_nobody(harbour, friday, ana, now):
    silent = taken_on(harbour, now=now, given_name="Ivo", mobile="", email="")
    visit = visit_of(silent, on_the_wall(harbour, *FRIDAY_NINE), now=now, by=ana)
    plan(now=now)
    assert ledger(visit) == []
    assert ledger(friday) == ALL_FOUR


def test_visits_beyond_the_horizon_wait_for_it(rosa, ana, now):
    far = visit_of(rosa, on_the_wall(rosa.clinic, 2026, 12, 28, 9, 0), now=now, by=ana)
    assert plan(now=now) == 0
    assert plan(now=now + timedelta(days=6)) == 4
    assert ledger(far) == ALL_FOUR


def test_booked_after_the_reminders_time_it_says_so(rosa, ana, now):
    tomorrow = visit_of(rosa, on_the_wall(rosa.clinic, 2026, 11, 25, 9, 0), now=now, by=ana)
    plan(now=now)
    assert [row for row in ledger(tomorrow) if row[0] == "sms"] == [("sms", 72, "suppressed"), ("sms", 24, "planned")]
    assert reasons(tomorrow) == {"Its time had passed when the visit was booked, moved or agreed to."}
    assert plan(now=now) == 0


def test_a_planner_that_was_down_catches_up_while_it_is_of_use(friday, now):
    """Booked on Monday; the reminder of Tuesday nine is planned by a planner that comes back at eleven, or at eight."""
    eleven = on_the_wall(friday.clinic, 2026, 11, 24, 11, 0)
    plan(now=eleven)
    late = one(friday, "sms", 72)
    assert (late.state, late.due_at) == ("planned", eleven)
    assert plan(now=eleven + timedelta(minutes=1)) == 0


def test_a_planner_that_was_down_for_long_says_that_it_is_too_late(friday, now):
    plan(now=on_the_wall(friday.clinic, 2026, 11, 24, 20, 0))
    assert one(friday, "sms", 72).state == "suppressed"
    assert one(friday, "sms", 24).state == "planned"


def test_cancelled_reminders_are_taken_back(friday, ana, now):
    plan(now=now)
    cancel(appointment_id=friday.pk, how=Status.CANCELLED_BY_PATIENT, reason="Flu", by=ana, now=now)
    assert plan(now=now) == 4
    assert {state for _, _, state in ledger(friday)} == {"voided"}
    assert reasons(friday) == {"The visit was cancelled."}
    assert plan(now=now) == 0


def test_a_cancellation_that_is_undone_brings_them_back(friday, ana, now):
    plan(now=now)
    cancel(appointment_id=friday.pk, how=Status.CANCELLED_BY_PATIENT, reason="Flu", by=ana, now=now)
    plan(now=now)
    undo(appointment_id=friday.pk, by=ana, now=now)
    assert plan(now=now) == 4
    friday.refresh_from_db()
    assert [row for row in ledger(friday) if row[2] == "planned"] == ALL_FOUR
    assert one(friday).reason == ""


def test_a_moved_visit_voids_the_old_and_plans_the_new(friday, ana, now):
    plan(now=now)
    next_week = on_the_wall(friday.clinic, 2026, 12, 4, 14, 0)
    move(appointment_id=friday.pk, start=next_week, by=ana, now=now)
    assert plan(now=now) == 8
    old = Message.objects.filter(appointment=friday, placing=1)
    assert {(row.state, row.reason) for row in old} == {("voided", "The visit was moved.")}
    assert one(friday, "sms", 24).due_at == on_the_wall(friday.clinic, 2026, 12, 3, 14, 0)
    assert plan(now=now) == 0


def test_a_visit_moved_beyond_the_horizon_voids_the_old_at_once(friday, ana, now):
    plan(now=now)
    move(appointment_id=friday.pk, start=on_the_wall(friday.clinic, 2027, 1, 15, 9, 0), by=ana, now=now)
    assert plan(now=now) == 4
    assert {state for _, _, state in ledger(friday)} == {"voided"}


def test_a_visit_moved_nearer_sends_nothing_out_of_turn(friday, ana, now):
    """A planner that found the visit where it is now would think itself late; it is the visit that came nearer."""
    plan(now=now)
    move(appointment_id=friday.pk, start=on_the_wall(friday.clinic, 2026, 11, 24, 11, 0), by=ana, now=now)
    plan(now=now)
    assert [one(friday, "sms", offset).state for offset in (72, 24)] == ["suppressed", "suppressed"]


def test_consent_taken_back_and_given_again(friday, rosa, now):
    plan(now=now)
    says(rosa, "sms", granted=False, at=now)
    assert plan(now=now) == 2
    assert one(friday, "sms").reason == "The patient does not want messages by this channel."
    assert one(friday, "email").state == "planned"
    assert plan(now=now) == 0
    says(rosa, "sms", granted=True, at=now + timedelta(hours=1))
    assert plan(now=now) == 2
    assert ledger(friday) == ALL_FOUR


def test_nobody_writes_to_the_dead(friday, rosa, ana, now):
    plan(now=now)
    record_death(patient_id=rosa.pk, on=date(2026, 11, 23), by=ana, now=now)
    plan(now=now)
    assert {state for _, _, state in ledger(friday)} == {"suppressed"}
    assert reasons(friday) == {"The patient has died."}


def test_a_visit_that_began_needs_no_reminder(friday, now):
    plan(now=now)
    plan(now=friday.start)
    assert {state for _, _, state in ledger(friday)} == {"voided"}
    assert reasons(friday) == {"The visit has begun or is over."}


def test_new_times_when_the_patients_clock_is_another(rosa, ana, now):
    """Eight in Los Angeles is six in Honolulu: there the message waits for its own eight."""
    visit = visit_of(rosa, on_the_wall(rosa.clinic, 2026, 11, 27, 8, 0), now=now, by=ana)
    plan(now=now)
    assert one(visit).due_at == on_the_wall(rosa.clinic, 2026, 11, 26, 8, 0)
    amend(patient_id=rosa.pk, version=None, by=ana, now=now, zone="Pacific/Honolulu")
    assert plan(now=now) == 4
    assert one(visit).due_at == on_the_wall(rosa.clinic, 2026, 11, 26, 10, 0)
    assert plan(now=now) == 0


@pytest.mark.parametrize(
    ("booked", "visit", "reminder"),
    [
        ((2026, 10, 28, 12, 0), (2026, 11, 2, 9, 0), (2026, 11, 1, 9, 0)),
        ((2026, 10, 28, 12, 0), (2026, 11, 1, 9, 0), (2026, 10, 31, 9, 0)),
        ((2027, 3, 8, 12, 0), (2027, 3, 15, 9, 0), (2027, 3, 14, 9, 0)),
        ((2027, 3, 8, 12, 0), (2027, 3, 14, 9, 0), (2027, 3, 13, 9, 0)),
    ],
)
def test_nine_stays_nine_across_both_clock_changes(rosa, ana, booked, visit, reminder):
    at = on_the_wall(rosa.clinic, *booked)
    found = visit_of(rosa, on_the_wall(rosa.clinic, *visit), now=at, by=ana)
    plan(now=at)
    assert one(found, "sms", 24).due_at == on_the_wall(rosa.clinic, *reminder)


def test_an_early_visit_is_announced_by_day(rosa, ana, now):
    early = visit_of(rosa, on_the_wall(rosa.clinic, 2026, 11, 27, 6, 0), now=now, by=ana)
    plan(now=now)
    assert one(early, "sms", 24).due_at == on_the_wall(rosa.clinic, 2026, 11, 26, 8, 0)


def test_the_database_refuses_the_same_message_twice(friday, now):
    plan(now=now)
    row = one(friday)
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.fields}
    twin = Message(**{**columns, "id": uuid4()})
    with pytest.raises(IntegrityError, match="message_planned_once"), transaction.atomic():
        Message.objects.bulk_create([twin])


REFUSED_BY_THE_DATABASE = [
    ("state = 'posted'", "message_state_known"),
    ("channel = 'pigeon'", "message_channel_known"),
    ("state = 'failed-permanent'", "message_not_sent_says_why"),
    ("state = 'claimed'", "message_state_known"),
    ("state = 'submitted'", "message_handed_over_is_stamped"),
    ("state = 'delivered', submitted_at = now(), sent_at = now(), text = 'x'", "message_receipt_is_dated"),
    ("receipt_at = now()", "message_receipt_is_dated"),
    ("state = 'deferred'", "message_not_sent_says_why"),
    ("state = 'accepted', submitted_at = now()", "message_sent_shows_what"),
    ("submitted_at = now()", "message_handed_over_stays_so"),
    ("withdrawn_by_id = (SELECT id FROM staff_user LIMIT 1)", "message_withdrawn_is_voided"),
    ("useful_until = planned_for - interval '1 hour'", "message_useful_when_planned"),
]


@pytest.mark.parametrize(("change", "constraint"), REFUSED_BY_THE_DATABASE)
def test_the_database_refuses_what_makes_no_sense(friday, now, change, constraint):
    plan(now=now)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE notifications_message SET {change}")


def test_the_number_of_queries_does_not_grow_with_the_visits(rosa, friday, ana, now):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            plan(now=now)
        return len(found)

    first = queries()
    steady = queries()
    for day in range(1, 8):
        visit_of(rosa, on_the_wall(rosa.clinic, 2026, 12, day, 9, 0), now=now, by=ana)
    assert queries() == first
    assert queries() == steady <= 13


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_plan_once(clinic, nils, ana, now):
    patient = taken_on(opened(clinic, nils), now=now)
    for day in range(24, 30):
        visit_of(patient, on_the_wall(clinic, 2026, 11, day, 9, 0), now=now, by=ana)
    planned: list[int] = []

    def run() -> None:
        try:
            planned.append(plan(now=now))
        finally:
            connection.close()

    planners = [Thread(target=run) for _ in range(4)]
    for planner in planners:
        planner.start()
    for planner in planners:
        planner.join()
    assert sorted(planned) == [0, 0, 0, 24]
    assert Message.objects.count() == 24
