"""Requests: two people at once, every way forward and back, and what the database refuses."""

from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, connections

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash, Invalid, NotFound, Refused, Stale
from patients import intake
from patients.models import ContactConsent, IntakeRequest
from patients.register import amend, register
from patients.states import OPEN_REQUESTS, REQUEST_MOVES, RequestStatus
from tests.infusions.ordering import accepted

CALL = {"family_name": "Okafor", "given_name": "Ada", "mobile": "213 555 0142"}
S = RequestStatus


@pytest.fixture
def asked(clinic, ana, now):
    return intake.receive(clinic=clinic, source="phone", by=ana, now=now, **CALL)


@pytest.fixture
def patient(clinic, ana, now):
    return register(clinic=clinic, by=ana, now=now, **CALL)


def moved(request, to, by, reason=""):
    return intake.move_request(request_id=request.pk, to=to, by=by, reason=reason)


def test_a_request_waits_from_the_moment_it_came(asked, now):
    assert (asked.status, asked.owner, asked.received_at) == ("new", None, now)
    assert asked.waiting_minutes(now.replace(minute=25)) == 25


def test_one_name_and_one_way_to_answer_are_enough(clinic, ana, now):
    assert intake.receive(clinic=clinic, source="text", by=ana, now=now, given_name="Ada", email="a@example.com").pk
    for missing in ({"given_name": "Ada"}, {"mobile": "213 555 0142"}):
        with pytest.raises(Invalid):
            intake.receive(clinic=clinic, source="text", by=ana, now=now, **missing)
    with pytest.raises(Invalid) as refusal:
        intake.receive(clinic=clinic, source="fax", by=ana, now=now, **CALL)
    assert refusal.value.field == "source"


def test_a_submission_is_one_request(clinic, now):
    key = uuid4()
    first = intake.receive_form(clinic=clinic, submission=key, now=now, **CALL)
    again = intake.receive_form(clinic=clinic, submission=key, now=now, **CALL)
    assert (first, IntakeRequest.objects.get().version) == (again, 1)


def test_a_submission_sent_again_with_other_answers_corrects_the_request(clinic, ana, patient, now):
    key = uuid4()
    first = intake.receive_form(clinic=clinic, submission=key, now=now, **CALL)
    right = CALL | {"mobile": "213 555 0199", "message": "I mistyped my number."}
    assert intake.receive_form(clinic=clinic, submission=key, now=now, **right) == first
    first.refresh_from_db()
    assert (first.mobile.as_e164, first.message) == ("+12135550199", "I mistyped my number.")
    assert first.history.first().actor == "job:web-form"
    intake.link(request_id=first.pk, patient_id=patient.pk, by=ana)
    late = [intake.receive_form(clinic=clinic, submission=key, now=now, **CALL) for _ in range(2)]
    assert late[0] == late[1] != first
    first.refresh_from_db()
    assert first.mobile.as_e164 == "+12135550199"


def test_another_person_from_the_same_page_is_another_request(clinic, now):
    key = uuid4()
    mother = intake.receive_form(clinic=clinic, submission=key, now=now, **CALL)
    son = [intake.receive_form(clinic=clinic, submission=key, now=now, **CALL | {"given_name": "Obi"}) for _ in (1, 2)]
    assert son[0] == son[1] != mother
    mother.refresh_from_db()
    assert (mother.given_name, IntakeRequest.objects.count()) == ("Ada", 2)


def test_the_same_answers_from_a_fresh_page_are_the_same_request_for_an_hour(clinic, now):
    first = intake.receive_form(clinic=clinic, submission=uuid4(), now=now, **CALL)
    assert intake.receive_form(clinic=clinic, submission=uuid4(), now=now + timedelta(minutes=59), **CALL) == first
    later = intake.receive_form(clinic=clinic, submission=uuid4(), now=now + timedelta(minutes=61), **CALL)
    assert later != first


def test_all_that_is_missing_is_said_at_once(clinic, ana, now):
    with pytest.raises(Invalid) as refusal:
        intake.receive(clinic=clinic, source="text", by=ana, now=now, email="no address", message="Hello")
    assert set(refusal.value.errors) == {"family_name", "email"}
    with pytest.raises(Invalid) as refusal:
        intake.receive(clinic=clinic, source="text", by=ana, now=now, message="Hello")
    assert set(refusal.value.errors) == {"family_name", "mobile"}


def test_whoever_is_tied_to_a_patient_has_been_taken_up(ana, asked, patient, now):
    intake.link(request_id=asked.pk, patient_id=patient.pk, by=ana)
    asked.refresh_from_db()
    assert asked.status == S.CONTACTED
    assert moved(asked, S.NEW, ana).status == S.NEW
    waiting = intake.receive(clinic=asked.clinic, source="phone", by=ana, now=now, **CALL)
    moved(waiting, S.INFO_AWAITED, ana)
    intake.register_from(request_id=waiting.pk, by=ana, now=now)
    waiting.refresh_from_db()
    assert waiting.status == S.INFO_AWAITED


DECISIONS = {
    "candidate": (S.CLOSED, "A prescriber has decided."),
    "not-a-candidate": (S.CLOSED, "A prescriber has decided."),
    "more-information-needed": (S.INFO_AWAITED, ""),
    "deferred": (S.READY_FOR_REVIEW, ""),
}


@pytest.mark.parametrize("outcome", DECISIONS)
def test_a_decision_answers_the_requests_of_the_patient(clinic, ana, mara, asked, patient, now, outcome):
    intake.link(request_id=asked.pk, patient_id=patient.pk, by=ana)
    moved(asked, S.READY_FOR_REVIEW, ana)
    others = intake.receive(clinic=clinic, source="phone", by=ana, now=now, **CALL)
    asks = {"ask_for": "The referral.", "information_due": clinic.today(now)} if "more" in outcome else {}
    accepted(patient, mara, now, outcome=outcome, **asks)
    for row in (asked, others):
        row.refresh_from_db()
    assert ((asked.status, asked.closed_reason), others.status) == (DECISIONS[outcome], S.NEW)


def test_a_decision_about_one_request_leaves_the_others(clinic, ana, mara, asked, patient, now):
    second = intake.receive(clinic=clinic, source="phone", by=ana, now=now, **CALL)
    for row in (asked, second):
        intake.link(request_id=row.pk, patient_id=patient.pk, by=ana)
        row.refresh_from_db()
    accepted(patient, mara, now, request=second)
    for row in (asked, second):
        row.refresh_from_db()
    assert (asked.status, second.status) == (S.CONTACTED, S.CLOSED)


def test_who_has_it_keeps_it_until_it_is_given_back(ana, vera, asked):
    assert intake.take(request_id=asked.pk, by=ana).owner == ana
    assert intake.take(request_id=asked.pk, by=ana).version == 2
    with pytest.raises(Clash, match="Ana Ortiz is on this already"):
        intake.take(request_id=asked.pk, by=vera)
    intake.release(request_id=asked.pk, by=vera, reason="Ana is ill")
    assert intake.take(request_id=asked.pk, by=vera).owner == vera
    assert "Ana is ill" in {row.history_change_reason for row in asked.history.all()}


def test_only_a_success_moves_a_new_request(ana, asked, now):
    intake.log_attempt(request_id=asked.pk, channel="phone", reached=False, by=ana, now=now, note="engaged")
    asked.refresh_from_db()
    assert asked.status == "new"
    intake.log_attempt(request_id=asked.pk, channel="sms", reached=True, by=ana, now=now)
    asked.refresh_from_db()
    assert asked.status == "contacted"
    with pytest.raises(Invalid):
        intake.log_attempt(request_id=asked.pk, channel="pigeon", reached=True, by=ana, now=now)


@pytest.mark.parametrize("start", S)
@pytest.mark.parametrize("to", S)
def test_every_move_of_the_table_and_no_other(clinic, ana, asked, patient, start, to):
    intake.link(request_id=asked.pk, patient_id=patient.pk, by=ana)
    if start != S.NEW:
        moved(asked, start, ana, "why not")
    if to in REQUEST_MOVES[start] or to == start:
        assert moved(asked, to, ana, "because").status == to
    else:
        with pytest.raises(Clash):
            moved(asked, to, ana, "because")


def test_a_close_by_mistake_goes_back_to_any_open_state():
    assert REQUEST_MOVES[S.CLOSED] == REQUEST_MOVES[S.DECLINED] == OPEN_REQUESTS


def test_a_prescriber_gets_a_patient_not_a_name(ana, asked, patient):
    with pytest.raises(Clash, match="Register the patient"):
        moved(asked, S.READY_FOR_REVIEW, ana)
    intake.link(request_id=asked.pk, patient_id=patient.pk, by=ana)
    assert moved(asked, S.READY_FOR_REVIEW, ana).status == S.READY_FOR_REVIEW


def test_a_move_over_a_newer_version_is_refused(ana, vera, asked):
    intake.take(request_id=asked.pk, by=vera)
    with pytest.raises(Stale):
        intake.move_request(request_id=asked.pk, to=S.CLOSED, by=ana, reason="spam", version=1)


def test_nothing_happens_to_a_closed_request(ana, asked, patient, now):
    moved(asked, S.CLOSED, ana, "spam")
    acts = [
        lambda: intake.take(request_id=asked.pk, by=ana),
        lambda: intake.link(request_id=asked.pk, patient_id=patient.pk, by=ana),
        lambda: intake.register_from(request_id=asked.pk, by=ana, now=now),
        lambda: intake.log_attempt(request_id=asked.pk, channel="phone", reached=True, by=ana, now=now),
    ]
    for act in acts:
        with pytest.raises(Clash, match="closed"):
            act()


def test_registering_takes_the_request_and_what_was_said_since(ana, now, asked):
    made = intake.register_from(request_id=asked.pk, by=ana, now=now, preferred_name="Addie", family_name="Okafor-Lee")
    asked.refresh_from_db()
    assert asked.patient == made
    assert (made.given_name, made.family_name, made.preferred_name) == ("Ada", "Okafor-Lee", "Addie")
    with pytest.raises(Clash, match="patient already"):
        intake.register_from(request_id=asked.pk, by=ana, now=now)


def test_a_refused_registration_leaves_nothing(ana, now, asked):
    with pytest.raises(Refused):
        intake.register_from(request_id=asked.pk, by=ana, now=now, given_name="")
    asked.refresh_from_db()
    assert (asked.patient, asked.version) == (None, 1)


def test_spoken_consent_in_a_call_becomes_the_patients(clinic, ana, now, patient):
    asked = intake.receive(clinic=clinic, source="phone", by=ana, now=now, consents_sms=True, **CALL)
    intake.link(request_id=asked.pk, patient_id=patient.pk, by=ana)
    intake.link(request_id=asked.pk, patient_id=patient.pk, by=ana)
    said = ContactConsent.objects.get()
    assert (said.channel, said.how, said.by) == ("sms", "spoken", ana)


def test_consent_for_one_address_is_none_for_another(page_as, clinic, ana, now, patient):
    elsewhere = CALL | {"mobile": "213 555 0199", "email": "Ada@Example.com"}
    asked = intake.receive(clinic=clinic, source="phone", by=ana, now=now, consents_sms=True, consents_email=True,
                           **elsewhere)  # fmt: skip
    amend(patient_id=patient.pk, version=None, by=ana, now=now, email="ada@example.com")
    intake.link(request_id=asked.pk, patient_id=patient.pk, by=ana)
    assert [said.channel for said in ContactConsent.objects.all()] == ["email"]
    page = page_as(ana).get(f"/intake/{asked.pk}/").content.decode()
    assert "agreed to messages to (213) 555-0199" in page
    assert "agreed to messages to Ada@" not in page


def test_a_request_belongs_to_one_patient_of_its_own_clinic(clinic, other_clinic, ana, zoe, now, asked, patient):
    foreign = register(clinic=other_clinic, by=zoe, now=now, **CALL)
    with pytest.raises(NotFound):
        intake.link(request_id=asked.pk, patient_id=foreign.pk, by=ana)
    intake.link(request_id=asked.pk, patient_id=patient.pk, by=ana)
    second = register(clinic=clinic, by=ana, now=now, **CALL)
    with pytest.raises(Clash, match="another patient"):
        intake.link(request_id=asked.pk, patient_id=second.pk, by=ana)


BAD_ROWS = {
    "request_closed_with_reason": {"status": "closed"},
    "request_reviewed_for_a_patient": {"status": "ready-for-review"},
    "request_status_known": {"status": "lost"},
    "request_source_known": {"source": "fax"},
    "request_severity_0_to_10": {"usual_severity": 11},
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_the_database_says_no_behind_the_door(ana, asked, name):
    with pytest.raises(IntegrityError, match=name), recorded(by=ana):
        IntakeRequest.objects.filter(pk=asked.pk).update(**BAD_ROWS[name])


def race(*acts):
    """Run the acts at the same moment; each answer or refusal, in order."""
    start, answers = Barrier(len(acts)), [None] * len(acts)

    def work(n):
        start.wait()
        try:
            answers[n] = acts[n]()
        except Refused as refusal:
            answers[n] = refusal
        connections.close_all()

    threads = [Thread(target=work, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_eight_times_at_once_is_one_request(clinic, now):
    key = uuid4()
    answers = race(*[lambda: intake.receive_form(clinic=clinic, submission=key, now=now, **CALL)] * 8)
    assert IntakeRequest.objects.count() == 1
    assert len({answer.pk for answer in answers}) == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_one_wins_and_the_other_is_told(clinic, ana, vera, now):
    asked = intake.receive(clinic=clinic, source="phone", by=SystemJob.SET_UP, now=now, **CALL)
    answers = race(*[lambda by=by: intake.take(request_id=asked.pk, by=by) for by in (ana, vera)])
    lost = [answer for answer in answers if isinstance(answer, Clash)]
    asked.refresh_from_db()
    assert len(lost) == 1
    assert lost[0].message == f"{asked.owner.full_name} is on this already."


@pytest.mark.django_db(transaction=True)
def test_the_next_request_is_never_given_to_two(clinic, ana, vera, now):
    for _ in range(2):
        intake.receive(clinic=clinic, source="phone", by=SystemJob.SET_UP, now=now, **CALL)
    answers = race(*[lambda by=by: intake.take_next(clinic=clinic, by=by) for by in (ana, vera)])
    assert len({answer.pk for answer in answers}) == 2


@pytest.mark.parametrize("names", [{"family_name": "Osei"}, {"given_name": "Kofi"}])
def test_one_name_on_the_form_is_enough_to_begin_with(page_as, ana, names):
    typed = {"source": "phone", "mobile": "213 555 0191", "family_name": "", "given_name": ""} | names
    assert page_as(ana).post("/intake/new/", typed).status_code == 302
    assert IntakeRequest.objects.get().full_name in names.values()
