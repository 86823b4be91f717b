"""What each role learns from the histories: clinical words are read by clinicians alone, wherever somebody asks."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from config.staff.models import Clinic, User
from config.staff.permissions import Role
from infusions import candidacy, consents, exceptions, listing, orders, records, screening, waitlist
from infusions.measures import Asked
from infusions.models import (
    AdverseEvent,
    CandidacyDecision,
    Preparation,
    QuestionnaireResponse,
    ScreeningAnswer,
    ScreeningItem,
    TreatmentConsent,
    Visit,
)
from infusions.screening import Answered
from infusions.states import Outcome
from patients import intake
from patients.models import Patient, Source, Task, TaskKind
from patients.tasks import raise_task
from scheduling.models.kinds import VisitKind
from tests.conftest import PASSWORD, hired
from tests.house.matrix import ALLOWED
from tests.infusions.asking import SCALE, SLEEP, answered, own
from tests.infusions.consenting import agreed, wording
from tests.infusions.visiting import FIT_TO_GO, Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
# Written wherever a clinician writes something, and nowhere else.
WORD = "xylophonic"
DOSED = "spoons"
NIGHTS = replace(SLEEP, items=(Asked(f"{WORD} nights", SCALE),))


@pytest.fixture
def visit(day: Day, vera: User) -> Visit:
    """A course in which every clinical text says the word: decisions, order, screening, visit, note."""
    patient = day.patient()
    _screened(day, patient, vera)
    _agreed(day, patient, vera)
    _decided(day, patient)
    order = day.order(patient, indication=WORD, stop_criteria=WORD)
    for door in (orders.hold, orders.resume):
        door(order_id=order.pk, by=day.prescriber, now=day.now(), reason=WORD)
    exceptions.allow(
        order_id=order.pk,
        kind="outside-gaps",
        day=(day.clock + timedelta(days=30)).date(),
        reason=WORD,
        by=day.prescriber,
        now=day.now(),
        password=PASSWORD,
    )
    opened = day.opened(day.booked(order))
    _charted(day, opened)
    _noted(day, opened)
    orders.stop(order_id=order.pk, by=day.prescriber, now=day.now(), reason=WORD)
    return opened


def _screened(day: Day, patient: Patient, manager: User) -> None:
    [item] = listing.put_items(ScreeningItem, clinic=day.clinic, wordings=["Other illness"], by=manager, now=day.now())
    answers = [Answered(item.pk, True, WORD)]
    screening.record(patient=patient, answers=answers, by=day.nurse, now=day.now())


def _decided(day: Day, patient: Patient) -> None:
    decided: dict[str, Any] = {"by": day.prescriber, "password": PASSWORD, "reason": WORD, "conditions": WORD}
    asks = {"ask_for": "The letter of the pain clinic", "information_due": (day.clock + timedelta(days=9)).date()}
    candidacy.decide(patient=patient, outcome=Outcome.MORE_INFORMATION, now=day.now(), **asks, **decided)


def _agreed(day: Day, patient: Patient, manager: User) -> None:
    words = wording(day.clinic, day.now(), needed_to_start=False)
    given = agreed(patient, words, day.nurse, day.now(), given_by=WORD)
    consents.end(consent_id=given.pk, how="entered-in-error", reason=WORD, by=day.nurse, now=day.now())
    answered(patient, own(manager, day.now(), NIGHTS), [1], day.nurse, day.now())


def _charted(day: Day, visit: Visit) -> None:
    day.started(visit)
    day.chart(visit, Preparation, drug=WORD, lot=WORD)
    wrong = day.vitals(visit, systolic=128, diastolic=80, action=WORD)
    day.vitals(visit, systolic=118, diastolic=80, supersedes=wrong.pk, correction_reason=f"{WORD}, misread")
    event = day.chart(visit, AdverseEvent, event=None)
    day.chart(visit, AdverseEvent, event=event.event, description=WORD, outcome=WORD)
    day.step(visit, "pause", reason=WORD)
    day.step(visit, "resume")
    day.ended(visit)
    day.discharged(visit)


def _noted(day: Day, visit: Visit) -> None:
    note = records.write_note(visit_id=visit.pk, by=day.nurse, now=day.now(), text=f"{WORD} all along.")
    note = records.take_over_note(visit_id=visit.pk, by=day.prescriber, now=day.now(), reason=WORD)
    signing: dict[str, Any] = {"visit_id": visit.pk, "by": day.prescriber, "password": PASSWORD}
    records.sign_note(now=day.now(), version=note.version, **signing)
    records.add_addendum(now=day.now(), text=WORD, reason=WORD, **signing)


@pytest.fixture
def records_of(day: Day, visit: Visit) -> dict[str, UUID]:
    """A record of each kind that the course left behind, by the word with which its addresses begin."""
    patient, clock = visit.patient, day.now()
    caller = {"given_name": "Ada", "family_name": "Quill", "mobile": "+12135550111"}
    asked = intake.receive(clinic=day.clinic, source=Source.PHONE, by=day.desk, now=clock, **caller)
    waits = waitlist.join(patient=patient, kind=VisitKind.CONSULT, minutes=30, by=day.desk, now=clock)
    decision = CandidacyDecision.objects.filter(patient=patient).earliest("recorded_at")
    return {
        "appointments": visit.appointment_id,
        "candidacy-decisions": decision.pk,
        "intake": asked.pk,
        "intake-requests": asked.pk,
        "orders": visit.order_id or patient.pk,
        "patients": patient.pk,
        "questionnaire-responses": QuestionnaireResponse.objects.get(patient=patient).pk,
        "screening-answers": ScreeningAnswer.objects.get(patient=patient).pk,
        "series": visit.appointment.series_id or patient.pk,
        "tasks": Task.objects.get(about=decision.pk).pk,
        "treatment-consents": TreatmentConsent.objects.get(patient=patient).pk,
        "visits": visit.pk,
        "waitlist": waits.pk,
        "waitlist-entries": waits.pk,
    }


# The clinic's own set-up, what the program writes by itself, and patients' texts: no clinician has a word in these.
ELSEWHERE = frozenset(
    """
    booking-rules chairs closures consent-wordings discharge-items follow-up-path message-purposes message-templates
    messages open-days opening-hours questionnaires registration reminder-times rota-exceptions rotas screening-items
    settings staff storage-locations substance-log substances text-replies time-off visit-links visit-types
    waitlist-offers
    """.split()
)
CLINICAL = {"orders", "visits", "candidacy-decisions", "screening-answers", "treatment-consents"}


def histories(records_of: dict[str, UUID]) -> dict[str, tuple[str, str]]:
    """Address: the word with which it begins, and the letters of the roles that may open it."""
    found = {}
    for line, letters in ALLOWED.items():
        method, pattern = line.split(" ")
        if method == "GET" and pattern.endswith("/history/"):
            word = pattern.removeprefix("/api/v1").split("/")[1]
            assert word in records_of or word in ELSEWHERE, f"{pattern}: has a clinician a word in it?"
            if word in records_of:
                found[re.sub(r"<\w+>", str(records_of[word]), pattern)] = (word, letters)
    return found


def read_as(person: User, address: str) -> str:
    client = Client()
    client.force_login(person)
    answer = client.get(address)
    return answer.content.decode() if answer.status_code == 200 else f"status {answer.status_code}"


@pytest.mark.parametrize(("who", "letter"), [("ana", "D"), ("vera", "M"), ("olu", "A")])
def test_no_clinical_word_reaches_whoever_is_no_clinician(
    request: pytest.FixtureRequest, records_of: dict[str, UUID], who: str, letter: str
) -> None:
    person, opened = request.getfixturevalue(who), 0
    for address, (_, letters) in histories(records_of).items():
        text = read_as(person, address)
        assert (text == "status 403") != (letter in letters), (address, text[:40])
        assert WORD not in text, address
        assert DOSED not in text, address
        opened += letter in letters
    assert opened >= 10


def test_clinicians_read_all_of_it(records_of: dict[str, UUID], nils: User) -> None:
    for address, (word, _) in histories(records_of).items():
        if word in CLINICAL or address.endswith(("/candidacy/history/", "/screening/history/")):
            assert WORD in read_as(nils, address), address


def test_what_is_told_is_told_in_words_and_not_in_ids(records_of: dict[str, UUID], nils: User) -> None:
    an_id = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
    for address in histories(records_of):
        if not address.startswith("/api/"):
            told = re.sub(r"<[^>]+>", " ", read_as(nils, address))
            assert not an_id.search(told), address
            assert " object (" not in told, address


@pytest.mark.parametrize("who", ["vera", "olu"])
def test_whoever_reads_the_audit_learns_who_and_when_and_no_more(
    request: pytest.FixtureRequest, visit: Visit, who: str
) -> None:
    text = read_as(request.getfixturevalue(who), f"/visits/{visit.pk}/history/")
    for said in ("Nils Berg", "Mara Santos", "Note: changed", "Flowsheet: created", "Flowsheet: changed"):
        assert said in text, said
    for hidden in ("128", "Adverse", "event", "Complications", "misread"):
        assert hidden not in text, hidden


def test_of_a_patient_the_desk_reads_what_its_own_pages_show(visit: Visit, ana: User, olu: User) -> None:
    text = read_as(ana, f"/patients/{visit.patient_id}/history/")
    assert "Decision on candidacy" in text
    assert "More information" in text
    assert "Ended" not in text
    assert "Visit record" not in text
    assert "More information" not in read_as(olu, f"/patients/{visit.patient_id}/history/")


def test_of_a_task_for_clinicians_others_read_who_and_when_alone(day: Day, ana: User, nils: User) -> None:
    raised: dict[str, Any] = {"clinic": day.clinic, "kind": TaskKind.OTHER, "for_role": Role.NURSE}
    task = raise_task(
        patient=day.patient(), words=f"Read the {WORD} answers.", by=day.prescriber, now=day.now(), **raised
    )
    told = read_as(ana, f"/tasks/{task.pk}/history/")
    assert WORD not in told
    assert "Task: created" in told
    assert WORD in read_as(nils, f"/tasks/{task.pk}/history/")


def test_another_clinic_reads_nothing(records_of: dict[str, UUID], other_clinic: Clinic) -> None:
    ned = hired(other_clinic, "ned", "Ned Hall", Role.NURSE, "RN")
    for address in histories(records_of):
        assert read_as(ned, address) in {"status 404", "status 403"}, address
