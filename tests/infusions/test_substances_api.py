"""The controlled-substance log by API: the same doors, the same refusals, null for what was not written."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from config.staff.models import Clinic, User
from config.staff.permissions import Role
from infusions.models import StorageLocation, SubstanceLogEntry
from infusions.models.substances import LogKind
from tests.conftest import PASSWORD, hired
from tests.infusions.stocking import LEAST, VIAL, Store, open_store  # noqa: F401
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]
K = LogKind
LOG, KEPT, PLACES = "/api/v1/substance-log/", "/api/v1/substances/", "/api/v1/storage-locations/"


def body(store: Store, kind: LogKind, **more: object) -> dict[str, object]:
    said = {"substance": str(store.substance.pk), "quantity": "2", "quantity_unit": "jars", **LEAST[kind]}
    return {"location": str(store.location.pk), "kind": kind, **said, **more}


@pytest.mark.django_db(transaction=True)  # acts of one transaction are one entry
def test_a_manager_keeps_the_locations(api_as: Callable, vera: User, nils: User, olu: User) -> None:
    manager = api_as(vera)
    made = manager.post(PLACES, {"name": "Cabinet A", "address": "There", "registration_number": "XX0000000"})
    assert (made.status_code, made.data["in_use"], made["ETag"]) == (201, True, '"1"')
    at = f"{PLACES}{made.data['id']}/"
    closed = manager.patch(at, {"in_use": False}, HTTP_IF_MATCH='"1"')
    assert (closed.status_code, closed.data["name"], closed.data["in_use"]) == (200, "Cabinet A", False)
    assert manager.patch(at, {"name": "B", "version": 1}).status_code == 409
    assert api_as(nils).patch(at, {"name": "B"}).status_code == 403
    assert [one["name"] for one in api_as(olu).get(PLACES).data["results"]] == ["Cabinet A"]
    assert [entry["act"] for entry in api_as(olu).get(f"{at}history/").data] == ["changed", "created"]


def test_clinicians_describe_what_is_kept(api_as: Callable, nils: User, vera: User) -> None:
    nurse = api_as(nils)
    made = nurse.post(KEPT, {**VIAL, "package": " box of 12 jars"})
    assert (made.status_code, made.data["package"], made.data["author_name"]) == (201, " box of 12 jars", "Nils Berg")
    assert list(nurse.post(KEPT, {**VIAL, "strength": "5.0"}).data["errors"]) == ["strength"]
    assert list(nurse.post(KEPT, {**VIAL, "strength": 3}).data["errors"]) == ["strength"]
    assert api_as(vera).post(KEPT, VIAL).status_code == 403
    at = f"{KEPT}{made.data['id']}/"
    newer = nurse.post(f"{at}describe-anew/", {**VIAL, "strength": "4", "correction_reason": "Misread"})
    assert (newer.status_code, str(newer.data["supersedes"])) == (201, made.data["id"])
    assert [one["strength"] for one in nurse.get(f"{KEPT}?standing=true").data["results"]] == ["4"]
    gone = nurse.post(f"{KEPT}{newer.data['id']}/retire/", {"correction_reason": "Not bought now"})
    assert (gone.status_code, gone.data["retired"], gone.data["name"]) == (201, True, None)
    assert nurse.get(f"{KEPT}?standing=true").data["results"] == []
    assert len(nurse.get(KEPT).data["results"]) == 3


def test_a_row_is_written_once_to_the_letter(api_as: Callable, store: Store, nils: User) -> None:
    nurse, said = api_as(nils), body(store, K.RECEIVED, quantity=" 2", lot="L-77", client_id=str(uuid4()))
    first, again = nurse.post(LOG, said), nurse.post(LOG, said)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.data["id"] == again.data["id"]
    assert (first.data["quantity"], first.data["lot"], first.data["expiry"]) == (" 2", "L-77", None)
    assert (first.data["visit"], first.data["record_number"], first.data["witness_name"]) == (None, None, None)
    assert nurse.get(f"{LOG}{first.data['id']}/").data == first.data


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"quantity": ".5"}, "quantity"),
        ({"quantity": 2}, "quantity"),
        ({"quantity_unit": None}, "quantity_unit"),
        ({"location": str(uuid4())}, "location"),
        ({"substance": str(uuid4())}, "substance"),
        ({"reason": "Because"}, "reason"),
        ({"balance": "3"}, "balance"),
        ({"observed_at": "2026-11-23T12:00:00"}, "observed_at"),
        ({"observed_at": "2026-11-25T12:00:00Z"}, "observed_at"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    api_as: Callable, store: Store, nils: User, more: dict, field: str
) -> None:
    refused = api_as(nils).post(LOG, body(store, K.RECEIVED, **more))
    assert (refused.status_code, list(refused.data["errors"])) == (400, [field])
    assert not SubstanceLogEntry.objects.exists()


def test_there_are_seven_kinds(api_as: Callable, store: Store, nils: User) -> None:
    stolen = api_as(nils).post(LOG, {**body(store, K.DRAWN), "kind": "stolen"})
    assert (stolen.status_code, list(stolen.data["errors"])) == (400, ["kind"])


@pytest.mark.django_db(transaction=True)
def test_waste_needs_the_witness_themselves(api_as: Callable, store: Store, nils: User, mara: User) -> None:
    nurse = api_as(nils)
    for more, field in (
        ({}, "witness"),
        ({"witness": str(nils.pk), "witness_password": PASSWORD}, "witness"),
        ({"witness": str(mara.pk)}, "witness_password"),
        ({"witness": str(mara.pk), "witness_password": "guessed"}, "witness_password"),
    ):
        assert list(nurse.post(LOG, body(store, K.WASTED, **more)).data["errors"]) == [field]
    stored = nurse.post(LOG, body(store, K.WASTED, witness=str(mara.pk), witness_password=PASSWORD))
    assert (stored.status_code, stored.data["witness_name"]) == (201, "Mara Santos")
    assert "witness_password" not in stored.data


def test_a_correction_is_a_row_of_its_own(api_as: Callable, store: Store, nils: User) -> None:
    nurse, wrong = api_as(nils), store.write(lot="L-77")
    at = f"{LOG}{wrong.pk}/correct/"
    said = {
        name: value for name, value in body(store, K.RECEIVED, quantity="3").items() if name not in ("location", "kind")
    }
    assert list(nurse.post(at, said).data["errors"]) == ["correction_reason"]
    right = nurse.post(at, {**said, "correction_reason": "Misread"})
    assert (right.status_code, right.data["supersedes"], right.data["lot"]) == (201, wrong.pk, None)
    assert nurse.get(f"{LOG}{wrong.pk}/").data["corrected_by"] == right.data["id"]
    assert nurse.post(at, {**said, "correction_reason": "Again"}).status_code == 409
    strike = {"entered_in_error": True, "correction_reason": "Never happened"}
    at = f"{LOG}{right.data['id']}/correct/"
    assert list(nurse.post(at, {**strike, "quantity": "3"}).data["errors"]) == ["quantity"]
    struck = nurse.post(at, strike)
    assert (struck.status_code, struck.data["entered_in_error"], struck.data["quantity"]) == (201, True, None)


def test_a_loss_is_corrected_with_its_own_reason(api_as: Callable, store: Store, nils: User) -> None:
    said = {"substance": str(store.substance.pk), "quantity": "1", "quantity_unit": "jar", "reason": "Jar stolen"}
    at = f"{LOG}{store.write(K.LOST).pk}/correct/"
    right = api_as(nils).post(at, {**said, "correction_reason": "Not fallen"})
    assert (right.status_code, right.data["reason"], right.data["correction_reason"]) == (
        201, "Jar stolen", "Not fallen",
    )  # fmt: skip


def test_a_row_names_a_visit_of_the_clinic(
    api_as: Callable, store: Store, day: Day, nils: User, vera: User, other_clinic: Clinic
) -> None:
    visit = day.started()
    nurse = api_as(nils)
    assert list(nurse.post(LOG, body(store, K.GIVEN)).data["errors"]) == ["visit"]
    assert list(nurse.post(LOG, body(store, K.GIVEN, visit=str(uuid4()))).data["errors"]) == ["visit"]
    given = nurse.post(LOG, body(store, K.GIVEN, visit=str(visit.pk)))
    assert given.status_code == 201
    # Whoever reads it reads record numbers; names are in the register, for those who may look there.
    [row] = api_as(vera).get(f"{LOG}?visit={visit.pk}").data["results"]
    assert row["record_number"] == visit.patient.record_number
    assert "Quill" not in str(row)
    femi = api_as(hired(other_clinic, "femi", "Femi Oni", Role.NURSE, "RN"))
    assert femi.get(f"{LOG}{row['id']}/").status_code == 404
    assert femi.get(LOG).data["results"] == []
    assert list(femi.post(LOG, body(store, K.DRAWN)).data["errors"]) == ["location"]


def test_rows_are_found(api_as: Callable, store: Store, nils: User) -> None:
    received, drawn = store.write(lot="L-77"), store.write(K.DRAWN, lot="L-78")
    nurse = api_as(nils)
    for asked, rows in {
        "kind=drawn": [drawn],
        "lot=l-7": [drawn, received],
        f"location={store.location.pk}&first=2026-11-23&last=2026-11-23": [drawn, received],
        "first=2026-11-24": [],
        f"substance={store.substance.pk}&page_size=1": [drawn],
    }.items():
        assert [row["id"] for row in nurse.get(f"{LOG}?{asked}").data["results"]] == [str(row.pk) for row in rows], (
            asked
        )


def test_nobody_else_writes(api_as: Callable, store: Store, ana: User, vera: User, olu: User) -> None:
    row = store.write()
    for person in (ana, vera, olu):
        assert api_as(person).post(LOG, body(store, K.DRAWN)).status_code == 403
        assert api_as(person).post(f"{LOG}{row.pk}/correct/", {}).status_code == 403
    for url in (LOG, KEPT, PLACES, f"{LOG}{row.pk}/"):
        assert api_as(ana).get(url).status_code == 403
        assert api_as(olu).get(url).status_code == 200
    for method in ("put", "patch", "delete"):
        assert getattr(api_as(store.nurse), method)(f"{LOG}{row.pk}/", {}).status_code == 405


def test_the_same_key_gives_the_same_answer(api_as: Callable, store: Store, nils: User) -> None:
    nurse, said = api_as(nils), body(store, K.DRAWN)
    first, again = (nurse.post(LOG, said, HTTP_IDEMPOTENCY_KEY="one") for _ in range(2))
    assert first.data["id"] == again.json()["id"]
    assert SubstanceLogEntry.objects.count() == 1


def test_a_closed_location_answers_409(api_as: Callable, store: Store, nils: User, vera: User) -> None:
    api_as(vera).patch(f"{PLACES}{store.location.pk}/", {"in_use": False})
    refused = api_as(nils).post(LOG, body(store, K.DRAWN))
    assert (refused.status_code, refused.data["type"]) == (409, "/problems/location-closed")
    assert StorageLocation.objects.get().in_use is False
