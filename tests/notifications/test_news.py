"""What the desk did is told once, as it stands, after a minute; and what a patient was told wrongly is put right."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from notifications.desk import withdraw
from notifications.models import Message, Purpose
from notifications.news import UNDO_WINDOW
from notifications.outbox import send_batch
from notifications.planner import plan
from notifications.purposes import switch_purpose
from scheduling.booking import cancel, move, undo
from scheduling.models import Appointment
from scheduling.series import PlannedVisit, book_series
from scheduling.states import Status
from tests.notifications.providers import sent_to
from tests.notifications.story import on_the_wall, says, taken_on, visit_of

pytestmark = pytest.mark.django_db
NEWS = [Purpose.CONFIRMATION, Purpose.MOVED, Purpose.CANCELLED]
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def switched_on(harbour, vera, now):
    """The clinic has looked at the words and takes them up, some time before anything is booked."""
    for purpose in NEWS:
        switch_purpose(clinic=harbour, purpose=purpose, on=True, by=vera, now=now - timedelta(days=2))


def told(visit, channel="sms"):
    """Purpose and state of all the news about a visit."""
    rows = Message.objects.filter(appointment=visit, channel=channel, purpose__in=NEWS).order_by("nth")
    return [(str(row.purpose), str(row.state)) for row in rows]


def last(visit, channel="sms"):
    return Message.objects.filter(appointment=visit, channel=channel, purpose__in=NEWS).latest("nth")


def pass_on(now):
    """What the beat does: plan, and a minute later plan again and send."""
    plan(now=now)
    later = now + UNDO_WINDOW + timedelta(seconds=5)
    plan(now=later)
    for channel in ("sms", "email"):
        send_batch(channel=channel, now=later)
    return later


def moved(visit, now, by, **ahead):
    visit.refresh_from_db()
    to = visit.start + timedelta(**ahead)
    return move(appointment_id=visit.pk, start=to, by=by, now=now, version=visit.version)


def called_off(visit, now, by, to=Status.CANCELLED_BY_CLINIC):
    visit.refresh_from_db()
    return cancel(appointment_id=visit.pk, how=to, reason="Ill", by=by, now=now, version=visit.version)


def taken_back(visit, now, by):
    visit.refresh_from_db()
    return undo(appointment_id=visit.pk, reason="A slip", by=by, now=now, version=visit.version)


# --- once, and after a minute ---


def test_a_booking_is_confirmed_after_a_minute_by_both_channels(friday, now, outbox_dir):
    plan(now=now)
    assert told(friday) == [("confirmation", "planned")]
    assert last(friday).due_at == now + UNDO_WINDOW
    send_batch(channel="sms", now=now + timedelta(seconds=59))
    assert sent_to(outbox_dir) == []
    later = pass_on(now)
    assert (told(friday), told(friday, "email")) == ([("confirmation", "accepted")],) * 2
    assert "is booked for Friday, November 27 at 9:00 AM" in last(friday).text
    pass_on(later)
    assert len(sent_to(outbox_dir)) == 2


def test_a_second_run_changes_nothing(friday, now):
    plan(now=now)
    before = Message.history.count()
    assert plan(now=now + timedelta(seconds=30)) == 0
    assert Message.history.count() == before


def test_a_move_is_told_and_the_reminders_go_to_the_new_time(friday, now, ana):
    later = pass_on(now)
    moved(friday, later, ana, hours=2)
    pass_on(later)
    assert told(friday) == [("confirmation", "accepted"), ("moved", "accepted")]
    assert "is now on Friday, November 27 at 11:00 AM" in last(friday).text


def test_a_move_before_the_confirmation_went_is_one_confirmation_of_the_new_time(friday, now, ana, outbox_dir):
    plan(now=now)
    moved(friday, now, ana, hours=2)
    pass_on(now)
    assert told(friday) == [("confirmation", "voided"), ("confirmation", "accepted")]
    assert "11:00 AM" in last(friday).text
    assert len(sent_to(outbox_dir)) == 2


def test_an_undone_move_is_not_told(friday, now, ana, outbox_dir):
    later = pass_on(now)
    moved(friday, later, ana, hours=2)
    plan(now=later)
    moved(friday, later, ana, hours=-2)
    pass_on(later)
    assert told(friday) == [("confirmation", "accepted"), ("moved", "voided")]
    assert len(sent_to(outbox_dir)) == 2


def test_a_move_that_was_told_and_taken_back_is_put_right(friday, now, ana):
    later = pass_on(now)
    moved(friday, later, ana, hours=2)
    later = pass_on(later)
    moved(friday, later, ana, hours=-2)
    pass_on(later)
    assert [purpose for purpose, _ in told(friday)] == ["confirmation", "moved", "moved"]
    assert "9:00 AM" in last(friday).text


# --- cancelled ---


def test_cancelled_by_the_clinic_is_told(friday, now, ana):
    later = pass_on(now)
    called_off(friday, later, ana)
    pass_on(later)
    assert told(friday) == [("confirmation", "accepted"), ("cancelled", "accepted")]
    assert "Friday, November 27 at 9:00 AM is cancelled" in last(friday).text


def test_whoever_cancelled_gets_no_text_but_the_calendar_is_put_right(friday, now, ana):
    later = pass_on(now)
    called_off(friday, later, ana, to=Status.CANCELLED_BY_PATIENT)
    pass_on(later)
    assert told(friday) == [("confirmation", "accepted")]
    assert told(friday, "email") == [("confirmation", "accepted"), ("cancelled", "accepted")]


def test_a_visit_that_nobody_heard_of_is_cancelled_in_silence(friday, now, ana, outbox_dir):
    plan(now=now)
    called_off(friday, now, ana)
    pass_on(now)
    assert told(friday) == [("confirmation", "voided")]
    assert sent_to(outbox_dir) == []


def test_a_cancellation_that_is_undone_in_time_is_not_told(friday, now, ana):
    later = pass_on(now)
    called_off(friday, later, ana)
    plan(now=later)
    taken_back(friday, later, ana)
    send_batch(channel="sms", now=later + 2 * MINUTE)  # the sender comes before the planner
    assert told(friday) == [("confirmation", "accepted"), ("cancelled", "voided")]
    assert last(friday).reason == "The visit stands again."
    pass_on(later + 2 * MINUTE)
    assert told(friday)[1:] == [("cancelled", "voided")]


def test_a_cancellation_that_slipped_through_is_put_right(friday, now, ana):
    later = pass_on(now)
    called_off(friday, later, ana)
    later = pass_on(later)
    taken_back(friday, later, ana)
    later = pass_on(later)
    assert [purpose for purpose, _ in told(friday)] == ["confirmation", "cancelled", "moved"]
    called_off(friday, later, ana)
    pass_on(later)
    assert told(friday)[-1] == ("cancelled", "accepted")


def test_a_reminder_is_told_too(friday, now, ana, vera, thursday):
    """Nobody confirmed, but the reminder went: a cancellation is news."""
    switch_purpose(clinic=friday.clinic, purpose="confirmation", on=False, by=vera, now=now)
    plan(now=now)
    send_batch(channel="sms", now=thursday)
    called_off(friday, thursday, ana)
    pass_on(thursday)
    assert told(friday) == [("confirmation", "voided"), ("cancelled", "accepted")]


# --- many at once ---


@pytest.fixture
def three(rosa, ana, now):
    starts = [on_the_wall(rosa.clinic, 2026, 12, day, 9, 0) for day in (1, 8, 15)]
    booked = book_series(
        clinic=rosa.clinic,
        patient=rosa,
        visits=[PlannedVisit(start) for start in starts],
        minutes=60,
        min_gap_days=5,
        max_gap_days=9,
        by=ana,
        now=now,
    )
    return list(Appointment.objects.filter(series=booked).order_by("start"))


def test_a_series_is_one_message_a_channel(three, now, outbox_dir):
    pass_on(now)
    assert len(sent_to(outbox_dir)) == 2
    assert told(three[0]) == [("confirmation", "accepted")]
    assert [told(visit) for visit in three[1:]] == [[("confirmation", "suppressed")]] * 2
    assert "3 visits are booked, the first Tue, Dec 1 at 9:00 AM" in last(three[0]).text
    email = last(three[0], "email")
    assert email.subject == "Your 3 visits"
    assert all(f"December {day} at 9:00 AM" in email.text for day in (1, 8, 15))


def test_one_of_a_series_is_moved_afterwards(three, now, ana):
    later = pass_on(now)
    moved(three[1], later, ana, hours=1)
    pass_on(later)
    assert told(three[1]) == [("confirmation", "suppressed"), ("moved", "accepted")]
    assert [told(three[0]), told(three[2])] == [[("confirmation", "accepted")], [("confirmation", "suppressed")]]


def test_one_that_is_cancelled_before_it_went_is_left_out(three, now, ana):
    plan(now=now)
    called_off(three[1], now, ana)
    send_batch(channel="sms", now=now + 2 * MINUTE)
    assert told(three[1]) == [("confirmation", "voided")]
    assert "2 visits are booked" in last(three[0]).text


def test_when_the_first_goes_the_others_are_told_by_themselves(three, now, ana, outbox_dir):
    plan(now=now)
    called_off(three[0], now, ana)
    send_batch(channel="sms", now=now + 2 * MINUTE)
    assert sent_to(outbox_dir) == []
    pass_on(now + 2 * MINUTE)
    assert told(three[1])[-1] == ("confirmation", "accepted")
    assert "2 visits are booked, the first Tue, Dec 8" in last(three[1]).text


# --- what keeps it back ---


def test_off_nothing_is_told(friday, now, vera, outbox_dir):
    for purpose in NEWS:
        switch_purpose(clinic=friday.clinic, purpose=purpose, on=False, by=vera, now=now)
    pass_on(now)
    assert told(friday) == []
    assert sent_to(outbox_dir) == []


def test_switched_on_later_it_confirms_nothing_that_was_booked_before(friday, now, vera):
    switch_purpose(clinic=friday.clinic, purpose="confirmation", on=False, by=vera, now=now)
    switch_purpose(clinic=friday.clinic, purpose="confirmation", on=True, by=vera, now=now + MINUTE)
    pass_on(now + MINUTE)
    assert told(friday) == []


def test_switched_off_while_it_waits_it_is_withdrawn(friday, now, vera):
    plan(now=now)
    switch_purpose(clinic=friday.clinic, purpose="confirmation", on=False, by=vera, now=now)
    pass_on(now)
    assert told(friday) == [("confirmation", "voided")]
    assert last(friday).reason == "The clinic does not send these any more."


def test_reminders_can_be_switched_off_too(friday, now, vera):
    plan(now=now)
    switch_purpose(clinic=friday.clinic, purpose="reminder", on=False, by=vera, now=now)
    plan(now=now)
    states = set(Message.objects.filter(purpose="reminder").values_list("state", "reason"))
    assert states == {("suppressed", "The clinic does not send these any more.")}


def test_what_a_person_withdrew_is_not_told_again(friday, now, ana):
    plan(now=now)
    withdraw(message_id=last(friday).pk, reason="I told her", by=ana)
    pass_on(now)
    assert told(friday) == [("confirmation", "voided")]


def test_no_consent_no_news_and_no_second_try(friday, rosa, now):
    plan(now=now)
    says(rosa, "sms", granted=False, at=now)
    later = pass_on(now)
    says(rosa, "sms", granted=True, at=later)
    pass_on(later)
    assert told(friday) == [("confirmation", "suppressed")]


def test_too_late_for_a_confirmation(rosa, ana, now):
    visit = visit_of(rosa, now + timedelta(hours=2), now=now, by=ana)
    pass_on(now)
    assert told(visit) == []


def test_at_night_it_waits_for_the_morning(rosa, ana, harbour):
    night = on_the_wall(harbour, 2026, 11, 23, 22, 0)
    visit = visit_of(rosa, on_the_wall(harbour, 2026, 11, 27, 9, 0), now=night, by=ana)
    pass_on(night)
    assert told(visit) == [("confirmation", "deferred")]
    assert last(visit).due_at == on_the_wall(harbour, 2026, 11, 24, 8, 0)


def test_two_people_are_told_each_for_themselves(harbour, friday, ana, now, outbox_dir):
    ivo = taken_on(harbour, now=now, given_name="Ivo", mobile="+12135550199", email="ivo@example.com")
    visit_of(ivo, on_the_wall(harbour, 2026, 11, 27, 9, 0), now=now, by=ana)
    pass_on(now)
    assert len(sent_to(outbox_dir)) == 4


def test_the_planner_asks_no_more_for_more_news(friday, harbour, ana, now):
    def queries():
        plan(now=now)
        with CaptureQueriesContext(connection) as asked:
            plan(now=now)
        return len(asked)

    few = queries()
    for number in range(3):
        somebody = taken_on(harbour, now=now, given_name="Ivo", mobile=f"+1213555019{number}")
        visit_of(somebody, on_the_wall(harbour, 2026, 11, 28 + number, 9, 0), now=now, by=ana)
    assert queries() == few


# --- the calendar ---


def events(folder, visit):
    """Method and events of the calendar that went with the newest email about a visit."""
    raw = (folder / f"{last(visit, 'email').pk}.eml").read_bytes()
    [part] = message_from_bytes(raw, policy=policy.default).iter_attachments()
    calendar = Calendar.from_ical(part.get_content())
    return str(calendar["METHOD"]), list(calendar.walk("VEVENT"))


def test_the_calendar_has_one_uid_and_a_rising_sequence(friday, now, ana, outbox_dir):
    later = pass_on(now)
    method, [first] = events(outbox_dir, friday)
    assert (method, first.decoded("dtstart"), str(first["summary"])) == (
        "PUBLISH",
        friday.start,
        "Harbour Clinic: appointment",
    )
    moved(friday, later, ana, hours=1)
    later = pass_on(later)
    _, [second] = events(outbox_dir, friday)
    called_off(friday, later, ana)
    pass_on(later)
    method, [third] = events(outbox_dir, friday)
    assert (method, str(third["status"])) == ("CANCEL", "CANCELLED")
    assert first["uid"] == second["uid"] == third["uid"]
    assert first["sequence"] < second["sequence"] < third["sequence"]


def test_a_series_is_one_file(three, now, outbox_dir):
    pass_on(now)
    _, found = events(outbox_dir, three[0])
    assert [event.decoded("dtstart") for event in found] == [visit.start for visit in three]


@pytest.mark.parametrize(
    "columns", [{"nth": 0}, {"told_start": None}, {"purpose": "advertising"}, {"purpose": "reminder"}]
)
def test_the_database_refuses_news_without_its_particulars(friday, now, columns):
    plan(now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=last(friday).pk).update(**columns)
