"""Treatment consents and wordings by program: the same rules, the paper as base64."""

from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest

from config.staff.models import Clinic
from infusions.models import ConsentWording, PreVisitCheck, TreatmentConsent
from patients.models import Patient
from tests.infusions.consenting import INFUSION, PNG, agreed, wording
from tests.infusions.ordering import known_patient
from tests.infusions.visiting import CHECKED, Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]
WORDINGS, CONSENTS = "/api/v1/consent-wordings/", "/api/v1/treatment-consents/"


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)


@pytest.fixture
def words(clinic: Clinic, now: datetime) -> ConsentWording:
    return wording(clinic, now)


@pytest.mark.django_db(transaction=True)  # acts of one transaction are one entry
def test_wordings_are_put_in_use_retired_brought_back_and_asked_for(api_as: Callable, vera, ana, zoe) -> None:
    manager, sent = api_as(vera), {"kind": "Infusion", "edition": "1", "text": " As typed. ", "needed_to_start": True}
    made = manager.post(WORDINGS, sent)
    assert (made.status_code, made.data["text"], made.data["needed_to_start"]) == (201, " As typed. ", True)
    url = f"{WORDINGS}{made.data['id']}/"
    assert manager.post(WORDINGS, sent).status_code == 409
    assert list(manager.post(WORDINGS, {"kind": "x"}).json()["errors"]) == ["edition", "text", "needed_to_start"]
    assert manager.post(f"{url}ask/", {"needed": False}).data["needed_to_start"] is False
    assert manager.post(f"{url}retire/").data["retired_at"]
    assert api_as(ana).get(f"{WORDINGS}?in_use=true").data["results"] == []
    assert manager.post(f"{url}bring-back/").data["retired_at"] is None
    assert len(api_as(ana).get(f"{url}history/").data) == 4
    assert api_as(ana).post(f"{url}retire/").status_code == 403
    assert api_as(zoe).get(url).status_code == 404


def test_a_consent_comes_in_with_its_paper_and_goes_out_byte_for_byte(
    api_as: Callable, ada: Patient, nils, mara, words: ConsentWording
) -> None:
    nurse = api_as(nils)
    sent = {
        "patient": str(ada.pk),
        "wording": str(words.pk),
        "given_on": "2026-11-03",
        "taken_by": str(mara.pk),
        "document": b64encode(PNG).decode(),
        "client_id": str(uuid4()),
    }
    made = nurse.post(CONSENTS, sent)
    assert made.status_code == 201
    told = made.json()
    assert (told["kind"], told["edition"], told["in_date"], told["expires_on"]) == (INFUSION, "1", True, None)
    assert (told["taken_by_name"], told["author_name"], told["ended"]) == ("Mara Santos", "Nils Berg", None)
    assert told["document"]["media_type"] == "image/png"
    assert nurse.post(CONSENTS, sent).json()["id"] == told["id"]
    got = nurse.get(f"{CONSENTS}{told['id']}/document/")
    assert (got.content, got["Content-Type"], got["X-Content-Type-Options"]) == (PNG, "image/png", "nosniff")
    assert [one["id"] for one in nurse.get(f"{CONSENTS}?patient={ada.pk}").json()["results"]] == [told["id"]]
    assert nurse.get(f"{CONSENTS}?patient={uuid4()}").json()["results"] == []


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"document": "not base64!"}, "document"),
        ({"document": b64encode(b"<html>").decode()}, "document"),
        ({"expires_on": "2026-11-01"}, "expires_on"),
        ({"given_on": "2026-11-24"}, "given_on"),
        ({"wording": str(uuid4())}, "wording"),
        ({"taken_by": str(uuid4())}, "taken_by"),
        ({"author": str(uuid4())}, "author"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    api_as: Callable, ada: Patient, nils, words: ConsentWording, more: dict, field: str
) -> None:
    sent = {"patient": str(ada.pk), "wording": str(words.pk), "given_on": "2026-11-03", "taken_by": str(nils.pk)}
    refused = api_as(nils).post(CONSENTS, sent | more)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, [field])
    assert not TreatmentConsent.objects.exists()


def test_it_ends_once_with_a_reason(api_as: Callable, ada: Patient, nils, words: ConsentWording, now: datetime) -> None:
    url, nurse = f"{CONSENTS}{agreed(ada, words, nils, now).pk}/end/", api_as(nils)
    assert nurse.post(url, {"how": "withdrawn", "reason": "By phone"}).status_code == 400
    ended = nurse.post(url, {"how": "withdrawn", "reason": "By phone", "ended_on": "2026-11-23"}).json()
    assert (ended["ended"], ended["ended_on"], ended["in_date"]) == ("withdrawn", "2026-11-23", False)
    assert nurse.post(url, {"how": "entered-in-error", "reason": "x"}).status_code == 409


@pytest.mark.parametrize("who", ["ana", "vera", "olu"])
def test_whoever_sees_no_clinical_records_sees_none_of_it(
    request: pytest.FixtureRequest, api_as: Callable, ada: Patient, nils, words: ConsentWording, now: datetime, who: str
) -> None:
    given, client = agreed(ada, words, nils, now), api_as(request.getfixturevalue(who))
    for path in ("", f"{given.pk}/", f"{given.pk}/document/"):
        assert client.get(f"{CONSENTS}{path}").status_code == 403


def test_a_start_by_program_needs_it_too(api_as: Callable, day: Day) -> None:
    visit = day.opened()
    day.chart(visit, PreVisitCheck, **CHECKED)
    wording(day.clinic, day.clock)
    url, nurse = f"/api/v1/visits/{visit.pk}/administrations/", api_as(day.nurse)
    refused = nurse.post(url, {"kind": "start"})
    assert (refused.status_code, refused.json()["missing"]) == (400, [INFUSION])
    assert list(refused.json()["errors"]) == ["without_consent_reason"]
    started = nurse.post(url, {"kind": "start", "without_consent_reason": "Signed before my eyes."})
    assert (started.status_code, started.json()["without_consent_reason"]) == (201, "Signed before my eyes.")
