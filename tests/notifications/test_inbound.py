"""An answer is kept as it came, acted on once, and read by a person whenever it is not clear."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash, Invalid, NotAllowed, Stale
from notifications.inbound import receive, settle, unread
from notifications.models import ASKS, InboundText, Message
from notifications.segments import segments
from notifications.wording import ANSWERS, answer_to
from patients.contact import may_reach
from patients.models import NumberStatement, Task
from patients.numbers import opted_out, why_not_text
from patients.register import record_death
from scheduling.booking import cancel, move
from scheduling.states import Status
from tests.notifications.story import on_the_wall, says, send_texts, taken_on

pytestmark = pytest.mark.django_db
ROSAS = "+12135550142"


@pytest.fixture
def told(friday, thursday):
    """Rosa has got the text about Friday."""
    send_texts(thursday)
    return friday


@pytest.fixture
def answers(told, thursday):
    """`answers("STOP")`: a little later each time."""
    count = iter(range(1, 1000))

    def answer(text, *, number=ROSAS, **more):
        nth = next(count)
        said, new = receive(
            provider_id=f"SM{nth}", number=number, text=text, now=thursday + timedelta(minutes=nth), **more
        )
        assert new
        return said

    return answer


def words_of_tasks():
    return list(Task.objects.filter(done_at=None).order_by("raised_at").values_list("words", flat=True))


# --- stop and start ---


def test_stop_ends_the_texts_of_the_number_with_one_confirmation(answers, rosa):
    said = answers("Stop. Thank you")
    assert (said.meant, said.needs_reading, said.patient) == ("stop", False, rosa)
    assert said.answer == (
        "Harbour Clinic: no more texts will come from us. Your visits still stand."
        " Questions? (213) 555-0100. START to resume."
    )
    assert may_reach(patient_id=rosa.pk, channel="sms") == "This number has opted out of text messages."
    assert all(opted_out(ROSAS, purpose) for purpose in ("visits", "offers", "surveys"))
    assert answers("STOP").answer == "", "one confirmation, then silence"
    assert words_of_tasks() == []


def test_stop_covers_everybody_who_shares_the_number(answers, harbour, now):
    son = taken_on(harbour, now=now, given_name="Luis", email="luis@example.com", not_duplicates=None)
    answers("alto")
    assert may_reach(patient_id=son.pk, channel="sms") == "This number has opted out of text messages."


def test_cancel_ends_the_texts_asks_for_a_call_and_cancels_nothing(answers, told):
    said = answers("Please cancel my visit")
    told.refresh_from_db()
    assert (said.meant, told.status) == ("stop", Status.BOOKED)
    assert opted_out(ROSAS, "visits")
    [task] = Task.objects.filter(done_at=None)
    assert task.words == "Call: they answered CANCEL. It ended the texts; the visit still stands."
    assert (task.about, task.about_kind, task.patient) == (said.pk, "reply", said.patient)


def test_start_brings_them_back_where_there_was_consent(answers, rosa):
    answers("STOP")
    said = answers("START")
    assert said.answer.startswith("Harbour Clinic: you get texts from us again.")
    assert why_not_text(number=ROSAS, purpose="visits") == ""
    assert opted_out(ROSAS, "surveys"), "nobody ever agreed to those"


@pytest.mark.parametrize("why", ["never", "refused", "died"])
def test_start_opens_nothing_that_nobody_agreed_to(answers, rosa, ana, thursday, harbour, why):
    number = ROSAS
    if why == "never":
        number = "+12135550199"
        taken_on(harbour, now=thursday, agrees_to=(), given_name="Ivo", mobile=number, email="ivo@example.com")
    elif why == "refused":
        says(rosa, "sms", granted=False, at=thursday)
    else:
        record_death(patient_id=rosa.pk, on=thursday.date(), by=ana)
    said = answers("START", number=number)
    assert (said.answer, said.needs_reading) == ("", True)
    assert not NumberStatement.objects.filter(holds=False).exists()


def test_stop_and_its_opt_out_are_one_step(told, thursday):
    """Whatever fails afterwards takes the opt-out and the row with it, so that the provider's next call does it all."""
    with pytest.raises(DataError), transaction.atomic():
        receive(provider_id="S" * 121, number=ROSAS, text="STOP", now=thursday)  # longer than the row can hold
    assert not NumberStatement.objects.exists()


# --- help and yes ---


def test_help_names_the_clinic_and_its_telephone(answers):
    assert answers("HELP?").answer == "Harbour Clinic: for help please call (213) 555-0100. Reply STOP to end texts."


def test_answers_are_in_the_patients_language(answers, rosa, ana):
    from patients.register import amend

    amend(patient_id=rosa.pk, version=None, by=ana, language="es")
    assert "llame al (213) 555-0100" in answers("ayuda").answer


def test_a_yes_confirms_the_visit_that_the_text_was_about(answers, told):
    said = answers("yes pls")
    told.refresh_from_db()
    assert (said.meant, said.answer, said.appointment) == ("confirm", "", told)
    assert told.confirmed_at == said.received_at
    answers("Y")
    told.refresh_from_db()
    assert told.confirmed_at == said.received_at


@pytest.mark.parametrize("change", ["move", "cancel", "over", "never told"])
def test_a_yes_to_what_does_not_stand_is_for_a_person(answers, told, ana, thursday, change):
    number = ROSAS
    if change == "move":
        move(appointment_id=told.pk, start=on_the_wall(told.clinic, 2026, 12, 4, 9, 0), by=ana, now=thursday)
    elif change == "cancel":
        cancel(appointment_id=told.pk, how=Status.CANCELLED_BY_PATIENT, reason="Flu", by=ana, now=thursday)
    elif change == "never told":
        number = "+12135550188"
    if change == "over":
        said, _ = receive(provider_id="late", number=number, text="yes", now=told.start + timedelta(hours=1))
    else:
        said = answers("yes", number=number)
    told.refresh_from_db()
    assert (said.needs_reading, told.confirmed_at) == (True, None)


# --- for a person ---


@pytest.mark.parametrize("text", ["please don't text me", "can I come at ten?", "", "👍", "x" * 5000])
def test_what_is_unclear_waits_for_a_person(answers, rosa, text):
    said = answers(text)
    assert (said.meant, said.needs_reading, said.answer, said.text) == ("human", True, "", text)
    assert list(unread(rosa.clinic)) == [said]
    assert words_of_tasks() == ["Read an answer to a text message; no text goes to that number before."]


def test_the_number_of_somebody_else_gets_no_more_texts(answers, rosa):
    said = answers("Wrong number")
    assert said.needs_reading
    assert may_reach(patient_id=rosa.pk, channel="sms") == "This number belongs to somebody else."
    assert words_of_tasks() == ["Ask for the right number: an answer says that it belongs to somebody else."]


def test_stop_from_a_wrong_number_is_both(answers):
    said = answers("STOP wrong number")
    assert (said.meant, said.needs_reading) == ("stop", True)
    kinds = NumberStatement.objects.values_list("kind", flat=True)
    assert set(kinds) == {"opt-out", "wrong-person"}


@pytest.mark.parametrize("number", ["12345", "CLINIC", "+12135550177"])
def test_an_answer_of_nobody_we_know_is_kept_for_a_person(answers, number):
    said = answers("hello?", number=number)
    assert (said.patient, said.needs_reading) == (None, True)


def test_a_short_code_cannot_opt_out_but_is_read(answers):
    assert answers("STOP", number="12345").needs_reading
    assert not NumberStatement.objects.exists()


def test_a_number_that_two_share_belongs_to_whom_the_last_text_was_about(answers, harbour, rosa, now):
    taken_on(harbour, now=now, given_name="Luis", email="luis@example.com", not_duplicates=None)
    assert answers("hm").patient == rosa


def test_reading_lets_texts_go_again_and_ends_the_task(answers, ana, rosa, thursday):
    said = answers("hm?")
    done = settle(reply_id=said.pk, note="She will come", by=ana, now=thursday)
    assert (done.read_by, done.read_note, done.is_open) == (ana, "She will come", False)
    assert list(unread(rosa.clinic)) == []
    assert words_of_tasks() == []
    with pytest.raises(Clash):
        settle(reply_id=said.pk, note="Twice", by=ana, now=thursday)


def test_who_reads_it_may_find_an_opt_out(answers, ana, rosa, thursday):
    said = answers("please don't text me")
    settle(reply_id=said.pk, opt_out=True, by=ana, now=thursday + timedelta(hours=1))
    assert may_reach(patient_id=rosa.pk, channel="sms") == "This number has opted out of text messages."
    [statement] = NumberStatement.objects.all()
    assert (statement.by, statement.how) == (ana, "reply, read by us")


def test_reading_needs_a_word_a_permission_and_the_newest_version(answers, ana, nils, thursday):
    said = answers("hm?")
    with pytest.raises(Invalid):
        settle(reply_id=said.pk, note=" ", by=ana, now=thursday)
    with pytest.raises(NotAllowed):
        settle(reply_id=said.pk, note="x", by=nils, now=thursday)
    with pytest.raises(Stale):
        settle(reply_id=said.pk, note="x", by=ana, now=thursday, version=9)


# --- once ---


def test_what_comes_twice_is_one_answer(answers, told, thursday):
    first = answers("STOP")
    again, new = receive(provider_id=first.provider_id, number=ROSAS, text="START", now=thursday)
    assert (again, new) == (first, False)
    assert NumberStatement.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_replayed_many_times_at_once_it_is_one_answer(told, thursday):
    found: list[bool] = []

    def call() -> None:
        found.append(receive(provider_id="SM1", number=ROSAS, text="STOP", now=thursday)[1])
        connection.close()

    threads = [Thread(target=call) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [False] * 11 + [True]
    assert (InboundText.objects.count(), NumberStatement.objects.count()) == (1, 1)


# --- words and the database ---


def test_what_goes_back_is_one_segment_whatever_the_clinic_is_called():
    for meant, tongues in ANSWERS.items():
        for tongue in tongues:
            for name in ("Harbour Clinic", "W" * 60, "Bay Ketamine Center"):
                text = answer_to(meant, sender_name=name, phone="(213) 555-0100", language=tongue)
                assert segments(text)[::2] == ("GSM-7", 1)
                assert "(213) 555-0100" in text
                assert "etamine" not in text


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("meant = 'maybe'", "inbound_meaning_known"),
        ("needs_reading = false", "inbound_unclear_is_read"),
        ("read_at = now()", "inbound_read_by_somebody"),
        ("read_note = 'x'", "inbound_read_by_somebody"),
    ],
)
def test_the_database_refuses_what_makes_no_sense(answers, change, constraint):
    answers("hm?")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE notifications_inboundtext SET {change}")


def test_the_database_keeps_one_row_of_what_the_provider_named_once(answers):
    said = answers("hm?")
    twin = InboundText(
        clinic=said.clinic,
        provider_id=said.provider_id,
        number="+12135550100",
        text="",
        received_at=said.received_at,
        meant="human",
        needs_reading=True,
    )
    with pytest.raises(IntegrityError), recorded(by=SystemJob.REMINDERS):
        twin.save(force_insert=True)


# --- a yes to something else ---


@pytest.mark.parametrize("purpose", sorted(ASKS))
def test_a_yes_to_what_asked_something_else_is_for_a_person(told, answers, purpose):
    with recorded(by=SystemJob.REMINDERS):
        last = Message.objects.get(appointment=told, channel="sms", state="accepted")
        last.purpose = purpose
        last.save()
    said = answers("Yes")
    told.refresh_from_db()
    assert (said.needs_reading, told.confirmed_at) == (True, None)
