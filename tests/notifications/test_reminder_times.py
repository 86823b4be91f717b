"""A clinic says how long before a visit it reminds; what was planned for other times is set right by the next run."""

import pytest
from django.db import IntegrityError, connection, transaction

from config.refusals import Invalid, NotAllowed
from notifications.models import Message, ReminderTime
from notifications.planner import plan
from notifications.reminder_times import all_hours, hours_of, remind_at
from notifications.timetable import OFFSETS
from tests.notifications.story import on_the_wall

pytestmark = pytest.mark.django_db
URL = "/settings/messages/"


def texts(visit) -> dict[int, str]:
    rows = Message.objects.filter(appointment=visit, channel="sms")
    return {row.offset_hours: str(row.state) for row in rows}


def test_who_says_nothing_reminds_at_the_usual_times(harbour):
    assert hours_of(harbour) == OFFSETS
    assert all_hours() == {}


def test_a_clinics_own_times_count(friday, harbour, vera, now):
    assert remind_at(clinic=harbour, hours=[4, 48], by=vera) == (48, 4)
    plan(now=now)
    assert texts(friday) == {48: "planned", 4: "planned"}
    four = Message.objects.get(appointment=friday, channel="sms", offset_hours=4)
    assert four.due_at == on_the_wall(harbour, 2026, 11, 27, 8, 0)  # five in the morning waits for eight


def test_a_change_takes_back_what_waits_and_plans_the_new(friday, harbour, vera, now):
    plan(now=now)
    remind_at(clinic=harbour, hours=[48, 24], by=vera)
    plan(now=now)
    assert texts(friday) == {72: "suppressed", 48: "planned", 24: "planned"}
    taken_back = Message.objects.get(appointment=friday, channel="sms", offset_hours=72)
    assert taken_back.reason == "The times of reminders were changed."
    assert plan(now=now) == 0


def test_a_time_that_comes_back_is_planned_again(friday, harbour, vera, now):
    plan(now=now)
    remind_at(clinic=harbour, hours=[24], by=vera)
    plan(now=now)
    remind_at(clinic=harbour, hours=[72, 24], by=vera)
    plan(now=now)
    assert texts(friday) == {72: "planned", 24: "planned"}


def test_history_tells_who_changed_them(harbour, vera, now):
    remind_at(clinic=harbour, hours=[48], by=vera)
    remind_at(clinic=harbour, hours=[24], by=vera)
    connection.check_constraints()
    told = list(ReminderTime.history.order_by("history_id").values_list("hours", "history_type", "actor"))
    by = f"user:{vera.pk}"
    assert told == [(48, "+", by), (48, "-", by), (24, "+", by)]


@pytest.mark.parametrize("hours", [[], [1], [337], [10, 20, 30, 40, 50]])
def test_what_makes_no_sense_is_refused(harbour, vera, hours):
    with pytest.raises(Invalid) as refused:
        remind_at(clinic=harbour, hours=hours, by=vera)
    assert "hours" in refused.value.errors


def test_only_managers_say_it(harbour, ana):
    with pytest.raises(NotAllowed):
        remind_at(clinic=harbour, hours=[24], by=ana)


@pytest.mark.parametrize(
    ("hours", "constraint"), [(1, "reminder_time_within_two_weeks"), (337, "reminder_time_within_two_weeks")]
)
def test_the_database_refuses_an_impossible_time(harbour, vera, hours, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ReminderTime.objects.bulk_create([ReminderTime(clinic=harbour, hours=hours, by=vera)])


def test_the_database_refuses_the_same_time_twice(harbour, vera):
    with pytest.raises(IntegrityError, match="reminder_time_once"), transaction.atomic():
        ReminderTime.objects.bulk_create([ReminderTime(clinic=harbour, hours=24, by=vera) for _ in range(2)])


def form(**changes):
    said = {"reminder": "on"} | dict.fromkeys(
        ["confirmation", "moved", "cancelled", "pre-visit-questions", "questionnaire", "waitlist-offer"], "off"
    )
    return {f"{purpose}-clinic": word for purpose, word in said.items()} | {"reminder-hours": "72, 24"} | changes


def test_the_page_takes_hours_with_commas(harbour, vera, page_as):
    client = page_as(vera)
    assert 'value="72, 24"' in client.get(URL).content.decode()
    assert client.post(URL, form(**{"reminder-hours": " 96,24 , 4"})).status_code == 302
    assert hours_of(harbour) == (96, 24, 4)
    told = client.get(f"{URL}history/").content.decode()
    assert "Vera Lind" in told
    assert "96" in told


@pytest.mark.parametrize("typed", ["", "soon", "24, -3", "1", "24,72,96,120,144", "²4", "999999"])
def test_the_page_keeps_what_was_typed(harbour, vera, page_as, typed):
    answer = page_as(vera).post(URL, form(**{"reminder-hours": typed}))
    assert answer.status_code == 422
    assert answer.context["form"]["reminder-hours"].value() == typed
    assert answer.context["form"].errors["reminder-hours"]
    assert hours_of(harbour) == OFFSETS
