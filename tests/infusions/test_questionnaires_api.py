"""Questionnaires and answers over the API: the same rules, null for what was not answered."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest

from config.staff.models import Clinic, User
from infusions.models import Questionnaire, QuestionnaireResponse
from infusions.models.questionnaires import Kind
from patients.models import Patient, Task
from tests.infusions.asking import READ_THEM, answered, chosen, on, own, path
from tests.infusions.ordering import known_patient
from tests.infusions.test_questionnaire_item_nine import LOW, POSITIVE
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

ApiAs = Callable
SLEEP = {
    "title": "How you sleep",
    "plain_sum": False,
    "items": [
        {"wording": "I sleep", "options": [{"label": "No", "value": 0}, {"label": "Yes", "value": 1}]},
        {"wording": "I rest", "options": [{"label": "No", "value": 0}, {"label": "Yes", "value": 1}]},
    ],
}


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)


@pytest.fixture
def phq(vera: User, mara: User, now: datetime) -> Questionnaire:
    path(vera)
    return on(Kind.PHQ_9, vera, now)


def body(patient: Patient, asked: Questionnaire, values: list, **more) -> dict:
    answers = [{"item": str(item), "option": option and str(option)} for item, option in chosen(asked, values).items()]
    return {"patient": str(patient.pk), "questionnaire": str(asked.pk), "answers": answers, **more}


RESPONSES = "/api/v1/questionnaire-responses/"
pytestmark = pytest.mark.usefixtures("later_that_day")


def test_a_manager_sets_the_path_and_switches_on(api_as: ApiAs, mara: User, nils: User, ana: User, vera: User) -> None:
    manager = api_as(vera)
    assert manager.get("/api/v1/follow-up-path/").status_code == 404
    early = manager.post("/api/v1/questionnaires/switch-on/", {"kind": "phq-9"})
    assert (early.status_code, early.json()["type"]) == (400, "/problems/path-first")
    told = {"role": "nurse", "due": "next-day", "words": READ_THEM}
    assert manager.post("/api/v1/follow-up-path/", told).status_code == 200
    assert manager.post("/api/v1/follow-up-path/", {**told, "due": "same-day", "version": 1}).data["version"] == 2
    assert manager.post("/api/v1/follow-up-path/", {**told, "version": 1}).status_code == 409
    assert manager.post("/api/v1/follow-up-path/", {**told, "words": "PHQ-9"}).json()["errors"]["words"]
    assert api_as(nils).get("/api/v1/follow-up-path/").data["due"] == "same-day"
    on_now = manager.post("/api/v1/questionnaires/switch-on/", {"kind": "phq-9"})
    assert (on_now.status_code, on_now.data["active"], len(on_now.data["items"])) == (200, True, 9)
    assert manager.post("/api/v1/questionnaires/switch-on/", {"kind": "own"}).status_code == 400
    assert api_as(ana).post("/api/v1/questionnaires/switch-on/", {"kind": "nrs"}).status_code == 403


@pytest.mark.django_db(transaction=True)  # acts of one transaction are one entry
def test_a_clinics_own_is_published_revised_and_switched(api_as: ApiAs, ana: User, vera: User, zoe: User) -> None:
    manager = api_as(vera)
    made = manager.post("/api/v1/questionnaires/", SLEEP)
    assert (made.status_code, made.data["edition"], made.data["plain_sum"]) == (201, 1, False)
    url = f"/api/v1/questionnaires/{made.data['id']}/"
    second = manager.post(f"{url}revise/", {**SLEEP, "title": "Sleep"})
    assert (second.data["edition"], second.data["canonical"]) == (2, made.data["canonical"])
    assert manager.post(f"{url}revise/", {**SLEEP, "title": "Nights"}).status_code == 409
    assert manager.get(url).data["title"] == "How you sleep"
    assert manager.post(f"{url}in-use/", {"active": True}).status_code == 409
    off = manager.post(f"/api/v1/questionnaires/{second.data['id']}/in-use/", {"active": False})
    assert off.data["active"] is False
    listed = api_as(ana).get("/api/v1/questionnaires/?active=true").data["results"]
    assert listed == []
    told = api_as(ana).get(f"{url}history/").json()
    assert [entry["who"] for entry in told] == ["Vera Lind"] * 2, "published, and switched off by the next edition"
    assert api_as(zoe).get(url).status_code == 404
    wrong = manager.post("/api/v1/questionnaires/", {**SLEEP, "items": [], "title": "Other"})
    assert "items" in wrong.json()["errors"]
    assert manager.post("/api/v1/questionnaires/", {**SLEEP, "score": 1}).status_code == 400


def test_answers_are_recorded_and_read(api_as: ApiAs, ada: Patient, nils: User, phq: Questionnaire) -> None:
    nurse, sent = api_as(nils), str(uuid4())
    made = nurse.post(RESPONSES, body(ada, phq, [*LOW, 0], client_id=sent))
    assert made.status_code == 201
    assert (made.data["number"], made.data["answered"], made.data["asked"]) == (2, 9, 9)
    assert (made.data["source"], made.data["entered_by_name"]) == ("staff", "Nils Berg")
    again = nurse.post(RESPONSES, body(ada, phq, [3] * 9, client_id=sent))
    assert again.data["id"] == made.data["id"]
    assert nurse.get(f"{RESPONSES}{made.data['id']}/").data["answers"][1]["label"] == "Several days"


def test_what_was_not_answered_is_null_and_there_is_no_number(
    api_as: ApiAs, ada: Patient, nils: User, phq: Questionnaire
) -> None:
    made = api_as(nils).post(RESPONSES, body(ada, phq, [2, None]))
    assert made.status_code == 201
    assert [answer["value"] for answer in made.json()["answers"]] == [2] + [None] * 8
    assert [answer["option"] for answer in made.json()["answers"]][1:] == [None] * 8
    assert (made.json()["number"], made.json()["answered"]) == (None, 1)


def test_a_positive_item_9_makes_its_task(api_as: ApiAs, ada: Patient, nils: User, phq: Questionnaire) -> None:
    made = api_as(nils).post(RESPONSES, body(ada, phq, POSITIVE))
    [task] = api_as(nils).get("/api/v1/tasks/").data["results"] or [None]
    assert str(Task.objects.get().about) == made.data["identifier"]
    assert task is None or "PHQ" not in str(task)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda sent: sent | {"answers": []}, "answers"),
        (lambda sent: sent | {"answers": sent["answers"][:1] * 2}, "answers"),
        (lambda sent: sent | {"answers": [{"item": str(uuid4()), "option": None}]}, "answers"),
        (lambda sent: sent | {"patient": str(uuid4())}, "patient"),
        (lambda sent: sent | {"questionnaire": str(uuid4())}, "questionnaire"),
        (lambda sent: sent | {"authored_at": "2027-01-01T00:00:00Z"}, "authored_at"),
        (lambda sent: sent | {"number": 4}, "number"),
        (lambda sent: sent | {"source": "patient-link"}, "source"),
        (lambda sent: {**sent, "answers": [{"item": sent["answers"][0]["item"]}]}, "answers"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    api_as: ApiAs, ada: Patient, nils: User, phq: Questionnaire, change: Callable, field: str
) -> None:
    refused = api_as(nils).post(RESPONSES, change(body(ada, phq, [1])))
    assert refused.status_code == 400
    assert field in refused.json()["errors"]
    assert not QuestionnaireResponse.objects.exists()


def test_corrections_name_only_what_was_different(
    api_as: ApiAs, ada: Patient, nils: User, mara: User, phq: Questionnaire, now: datetime
) -> None:
    first = answered(ada, phq, [*LOW, 0], nils, now)
    url = f"{RESPONSES}{first.pk}/correct/"
    one = body(ada, phq, [3])["answers"]
    assert "correction_reason" in api_as(mara).post(url, {"answers": one}).json()["errors"]
    done = api_as(mara).post(url, {"answers": one, "correction_reason": "Misread"})
    assert (done.status_code, done.data["number"], done.data["supersedes"]) == (201, 5, first.pk)
    clash = api_as(mara).post(url, {"answers": one, "correction_reason": "Misread"})
    assert (clash.status_code, clash.json()["type"]) == (409, "/problems/corrected-already")
    struck = api_as(nils).post(f"{RESPONSES}{done.data['id']}/strike/", {"correction_reason": "Another's"})
    assert (struck.data["entered_in_error"], struck.data["answers"], struck.data["number"]) == (True, [], None)


def test_the_list_is_filtered(
    api_as: ApiAs, clinic: Clinic, ada: Patient, nils: User, vera: User, phq: Questionnaire, now: datetime
) -> None:
    from infusions import responses

    nurse = api_as(nils)
    first = answered(ada, phq, [*LOW, 0], nils, now)
    second = responses.correct(response_id=first.pk, answers=chosen(phq, [3]), reason="So", by=nils, now=now)
    answered(known_patient(clinic, now, "Reed"), phq, [*LOW, 0], nils, now)

    def listed(query: str) -> set[str]:
        return {row["id"] for row in nurse.get(f"{RESPONSES}?{query}").data["results"]}

    assert listed(f"patient={ada.pk}") == {str(first.pk), str(second.pk)}
    assert listed(f"patient={ada.pk}&standing=true") == {str(second.pk)}
    assert listed(f"patient={ada.pk}&standing=false") == {str(first.pk)}
    assert listed(f"identifier={first.pk}") == {str(first.pk), str(second.pk)}
    assert len(listed(f"questionnaire={phq.pk}")) == 3
    assert listed(f"questionnaire={own(vera, now).pk}") == set()


def test_in_a_visit_and_after_its_signature(api_as: ApiAs, day: Day, phq: Questionnaire) -> None:
    visit = day.discharged()
    nurse = api_as(day.nurse)
    made = nurse.post(RESPONSES, body(visit.patient, phq, [*LOW, 0], visit=str(visit.pk)))
    assert (made.status_code, made.data["visit"]) == (201, visit.pk)
    day.signed(visit)
    late = nurse.post(RESPONSES, body(visit.patient, phq, [*LOW, 0], visit=str(visit.pk)))
    assert (late.status_code, late.json()["type"]) == (409, "/problems/signed")
    foreign = nurse.post(RESPONSES, body(visit.patient, phq, [*LOW, 0], visit=str(uuid4())))
    assert foreign.status_code == 404


def test_only_those_who_see_clinical_records_read_them(
    api_as: ApiAs, ada: Patient, nils: User, ana: User, vera: User, olu: User, zoe: User, phq: Questionnaire,
    now: datetime,
) -> None:  # fmt: skip
    response = answered(ada, phq, [*LOW, 0], nils, now)
    for person in (ana, vera, olu, zoe):
        assert api_as(person).get(RESPONSES).status_code == 403
        assert api_as(person).get(f"{RESPONSES}{response.pk}/").status_code == 403
        assert api_as(person).post(RESPONSES, body(ada, phq, [1])).status_code == 403


def test_the_same_key_writes_once(api_as: ApiAs, ada: Patient, nils: User, phq: Questionnaire) -> None:
    nurse, key = api_as(nils), str(uuid4())
    first, second = (
        nurse.post(RESPONSES, body(ada, phq, POSITIVE), headers={"Idempotency-Key": key}) for _ in range(2)
    )
    assert first.json() == second.json()
    assert (QuestionnaireResponse.objects.count(), Task.objects.count()) == (1, 1)
