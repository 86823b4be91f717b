"""The histories of clinical records by API: whole for clinicians, without what it says for whoever reads the audit."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.utils import timezone

from config.staff.models import Clinic, User
from infusions.models import Questionnaire, ScreeningItem
from infusions.models.questionnaires import Kind
from patients.models import Patient
from tests.conftest import PASSWORD
from tests.infusions.asking import answered, chosen, on, own, path
from tests.infusions.consenting import agreed, wording
from tests.infusions.ordering import bookable, known_patient
from tests.infusions.stocking import VIAL

# Acts of one transaction are one entry.
pytestmark = pytest.mark.django_db(transaction=True)
API = "/api/v1"
ApiAs = Callable


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)


def acts(answer) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.content
    return [(entry["records"][0]["what"], entry["act"]) for entry in answer.data]


def hidden(client, address: str, words: str) -> bool:
    """Whether the reader learns that something was done and not what it says."""
    answer = client.get(address)
    told = answer.content.decode()
    return answer.status_code == 200 and len(answer.data) > 0 and words not in told


def test_of_a_set_of_answers_with_its_correction(
    api_as: ApiAs, ada: Patient, nils: User, vera: User, olu: User, ana: User, now: datetime
) -> None:
    asked: Questionnaire = own(vera, now)
    first = answered(ada, asked, [2, 1], nils, now)
    answered(ada, asked, [0, 0], nils, now)
    answers = [{"item": str(i), "option": str(o)} for i, o in chosen(asked, [1]).items()]
    nurse, at = api_as(nils), f"{API}/questionnaire-responses/{first.pk}/"
    right = nurse.post(f"{at}correct/", {"answers": answers, "correction_reason": "Misread the sheet"})
    assert right.status_code == 201, right.content
    told = nurse.get(f"{at}history/")
    assert acts(told) == [("Questionnaire", "changed"), ("Questionnaire", "created")]
    assert told.data[0]["reason"] == "Misread the sheet"
    assert "Sometimes" in told.content.decode()
    again = nurse.get(f"{API}/questionnaire-responses/{right.data['id']}/history/")
    assert acts(again) == acts(told), "the whole set, whichever row is named"
    assert hidden(api_as(olu), f"{at}history/", "Sometimes")
    assert api_as(ana).get(f"{at}history/").status_code == 403


def test_of_the_answers_to_one_item_of_the_screening(
    api_as: ApiAs, clinic: Clinic, ada: Patient, nils: User, vera: User, olu: User, ana: User
) -> None:
    manager, nurse = api_as(vera), api_as(nils)
    glaucoma, other = (
        manager.post(f"{API}/screening-items/", {"wording": words}).data["id"] for words in ("Glaucoma?", "Asthma?")
    )
    given = [
        nurse.post(f"{API}/screening-answers/", {"patient": str(ada.pk), "item": item, "done": True, "answer": said})
        for item, said in ((glaucoma, "Not known"), (other, "As a child"), (glaucoma, "Seen by an eye doctor"))
    ]
    stranger = known_patient(clinic, timezone.now(), "Reed")
    nurse.post(f"{API}/screening-answers/", {"patient": str(stranger.pk), "item": glaucoma, "done": False})
    at = f"{API}/screening-answers/{given[0].data['id']}/history/"
    assert ScreeningItem.objects.count() == 2
    told = nurse.get(at)
    assert [what for what, _ in acts(told)] == ["Screening: Glaucoma?"] * 2
    assert "Seen by an eye doctor" in told.content.decode()
    assert "As a child" not in told.content.decode()
    assert hidden(api_as(olu), at, "Seen by")
    assert api_as(ana).get(at).status_code == 403


def test_of_a_treatment_consent_and_its_end(
    api_as: ApiAs, clinic: Clinic, ada: Patient, nils: User, olu: User, ana: User, now: datetime
) -> None:
    words = wording(clinic, now)
    given = agreed(ada, words, nils, now)
    agreed(ada, wording(clinic, now, kind="Having a chair"), nils, now)
    nurse, at = api_as(nils), f"{API}/treatment-consents/{given.pk}/"
    ended = nurse.post(f"{at}end/", {"how": "entered-in-error", "reason": "Another patient's paper"})
    assert ended.status_code == 200, ended.content
    told = nurse.get(f"{at}history/")
    assert [what for what, _ in acts(told)] == ["Treatment consent ended", "Treatment consent"]
    assert told.data[0]["reason"] == "Another patient's paper"
    assert hidden(api_as(olu), f"{at}history/", "Another patient")
    assert api_as(ana).get(f"{at}history/").status_code == 403


def test_of_a_substance_from_its_first_description_to_its_end(api_as: ApiAs, nils: User, olu: User, ana: User) -> None:
    nurse = api_as(nils)
    first = nurse.post(f"{API}/substances/", VIAL).data["id"]
    nurse.post(f"{API}/substances/", {**VIAL, "name": "Something else"})
    newer = nurse.post(
        f"{API}/substances/{first}/describe-anew/", {**VIAL, "strength": "4", "correction_reason": "Misread"}
    ).data["id"]
    nurse.post(f"{API}/substances/{newer}/retire/", {"correction_reason": "Not bought now"})
    for reader in (nils, olu):
        for named in (first, newer):
            told = api_as(reader).get(f"{API}/substances/{named}/history/")
            assert [entry["reason"] for entry in told.data] == ["Not bought now", "Misread", ""]
            assert "Something else" not in told.content.decode()
    assert api_as(ana).get(f"{API}/substances/{first}/history/").status_code == 403


def test_every_time_of_a_clinical_record_is_told_by_the_clinics_clock(
    api_as: ApiAs, clinic: Clinic, ada: Patient, nils: User, mara: User, vera: User, now: datetime
) -> None:
    order = bookable(ada, mara, now)
    answered(ada, own(vera, now), [2, 1], nils, now)
    agreed(ada, wording(clinic, now), nils, now)
    item = api_as(vera).post(f"{API}/screening-items/", {"wording": "Glaucoma?"}).data["id"]
    reader = api_as(mara)
    reader.post(f"{API}/screening-answers/", {"patient": str(ada.pk), "item": item, "done": True, "answer": "No"})
    reader.post(f"{API}/substances/", VIAL)
    today = str(clinic.today(now))
    allowed = {"kind": "no-escort", "day": today, "reason": "Lives next door.", "password": PASSWORD}
    assert reader.post(f"{API}/orders/{order.pk}/exceptions/", allowed).status_code == 201
    offset = f"{now.astimezone(clinic.tz):%z}"
    ours, kinds = f"{offset[:3]}:{offset[3:]}", 0
    for name in (
        "orders", "candidacy-decisions", "questionnaires", "questionnaire-responses", "screening-answers",
        "treatment-consents", "substances", f"orders/{order.pk}/exceptions",
    ):  # fmt: skip
        answer = reader.get(f"{API}/{name}/")
        told = re.findall(r'"\d{4}-\d\d-\d\dT[\d:.]+([^"]*)"', answer.content.decode())
        assert set(told) == {ours}, name
        kinds += 1
    assert kinds == 8


def test_no_history_of_another_clinics(
    api_as: ApiAs, ada: Patient, nils: User, zoe: User, mara: User, vera: User, now: datetime
) -> None:
    path(vera)
    asked = on(Kind.PHQ_9, vera, now)
    row = answered(ada, asked, [0] * 9, nils, now)
    stranger = api_as(zoe)
    assert stranger.get(f"{API}/questionnaire-responses/{row.pk}/history/").status_code in {403, 404}
    consent = agreed(ada, wording(ada.clinic, now), mara, now)
    assert stranger.get(f"{API}/treatment-consents/{consent.pk}/history/").status_code in {403, 404}
