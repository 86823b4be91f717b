"""Each message asks for the consent that belongs to it, at the last look as in the plan; and an opt-out by its link
ends just that."""

import pytest

from config.audit.acting import SystemJob, recorded
from notifications import link_answers
from notifications.ledger import enter
from notifications.models import ASKS, Message, VisitLink
from patients.contact import may_reach, record_consent
from patients.models import ContactPurpose
from scheduling.booking import book
from tests.notifications.providers import sent_to
from tests.notifications.story import send_texts

pytestmark = pytest.mark.django_db
NEEDS = {"pre-visit-questions": "visits", "questionnaire": "surveys", "waitlist-offer": "offers"}


@pytest.fixture
def asks(reached, friday, now):
    """Puts a message into the ledger as the planner does, about a visit that stands so that it may go."""

    def enter_one(purpose, visit=friday):
        row = Message(
            clinic=visit.clinic,
            patient=visit.patient,
            appointment=visit,
            placing=visit.placing,
            purpose=purpose,
            channel="sms",
            offset_hours=0,
            planned_for=now,
            due_at=now,
            useful_until=visit.held_until or visit.start,
            language="en",
        )
        with recorded(by=SystemJob.REMINDERS):
            enter([row])
        return row

    return enter_one


@pytest.fixture
def held(rosa, friday, now, ana):
    """A time that is held for Rosa two hours after her visit."""
    start = friday.end + (friday.end - friday.start)
    until = now + (friday.end - friday.start) * 4
    return book(patient=rosa, clinic=rosa.clinic, start=start, minutes=60, by=ana, now=now, held_until=until)


def agrees(patient, purpose, at, *, granted=True):
    record_consent(
        patient=patient, channel="sms", granted=granted, how="Spoken", purpose=purpose, by=SystemJob.SET_UP, at=at
    )


def test_every_purpose_that_asks_has_its_consent():
    assert set(NEEDS) == {str(purpose) for purpose in ASKS}


def test_an_offer_goes_to_whoever_agreed_to_offers_and_to_nobody_else(asks, held, rosa, now, outbox_dir):
    first = asks("waitlist-offer", held)
    send_texts(now)
    first.refresh_from_db()
    assert (first.state, first.reason) == ("suppressed", "No consent to this channel is recorded.")
    assert sent_to(outbox_dir) == []
    agrees(rosa, "offers", now)
    with recorded(by=SystemJob.REMINDERS):
        first.state, first.reason = "planned", ""
        first.save()
    send_texts(now)
    first.refresh_from_db()
    assert first.state == "accepted"
    assert "/v/•••/" in first.text


def test_questions_before_a_visit_need_what_was_said_of_visits(asks, rosa, friday, now, outbox_dir):
    agrees(rosa, "visits", now, granted=False)
    agrees(rosa, "surveys", now)
    row = asks("pre-visit-questions")
    send_texts(now)
    row.refresh_from_db()
    assert row.state == "suppressed"


def test_without_a_link_there_is_nothing_to_answer(asks, settings, now, outbox_dir):
    settings.PUBLIC_URL = ""
    row = asks("pre-visit-questions")
    send_texts(now)
    row.refresh_from_db()
    assert (row.state, row.submitted_at) == ("suppressed", None)
    assert "No link" in row.reason
    assert not VisitLink.objects.exists()


def test_an_offer_whose_time_is_held_no_more_is_not_sent(asks, held, rosa, now, outbox_dir):
    agrees(rosa, "offers", now)
    row = asks("waitlist-offer", held)
    send_texts(held.held_until)
    row.refresh_from_db()
    assert (row.state, row.reason) == ("voided", "This time is not held for the patient any more.")
    assert sent_to(outbox_dir) == []


def test_stop_behind_the_link_of_an_offer_ends_offers_alone(asks, held, rosa, now, outbox_dir):
    agrees(rosa, "offers", now)
    asks("waitlist-offer", held)
    send_texts(now)
    link_answers.stop(link_id=VisitLink.objects.get().pk, now=now)
    ways = {
        purpose: isinstance(may_reach(patient_id=rosa.pk, channel="sms", purpose=purpose), str)
        for purpose in (ContactPurpose.OFFERS, ContactPurpose.VISITS)
    }
    assert ways == {"offers": True, "visits": False}
