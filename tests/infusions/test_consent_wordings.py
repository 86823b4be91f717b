"""The clinic's own wordings: one edition of a kind in use, none ever reworded."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from config.audit.acting import recorded
from config.audit.guards import sqlstate
from config.refusals import Clash, Invalid, NotAllowed, NotFound
from config.staff.models import Clinic, User
from infusions import consent_wordings
from infusions.models import ConsentWording
from tests.infusions.consenting import INFUSION, wording

pytestmark = pytest.mark.django_db


def told(clinic: Clinic) -> list[tuple[str, str, bool]]:
    return [(one.kind, one.edition, one.retired_at is None) for one in consent_wordings.wordings(clinic=clinic)]


def test_nothing_is_shipped(clinic: Clinic) -> None:
    assert told(clinic) == []
    assert consent_wordings.needed_to_start(clinic_id=clinic.pk) == []


def test_a_new_edition_retires_the_one_before_and_keeps_one_spelling(clinic, vera, now) -> None:
    wording(clinic, now)
    wording(clinic, now, kind="Photographs", needed_to_start=False)
    second = wording(clinic, now + timedelta(days=1), kind=f" {INFUSION.upper()} ", edition="2")
    assert second.kind == INFUSION
    assert told(clinic) == [(INFUSION, "2", True), (INFUSION, "1", False), ("Photographs", "1", True)]
    assert [one.edition for one in consent_wordings.in_use(clinic=clinic)] == ["2", "1"]
    assert consent_wordings.needed_to_start(clinic_id=clinic.pk) == [INFUSION]
    connection.check_constraints()


def test_an_edition_comes_back_and_takes_the_place_of_the_other(clinic, vera, now) -> None:
    first, second = wording(clinic, now), wording(clinic, now, edition="2")
    consent_wordings.bring_back(wording_id=first.pk, by=vera, now=now)
    assert told(clinic) == [(INFUSION, "1", True), (INFUSION, "2", False)]
    consent_wordings.retire(wording_id=first.pk, by=vera, now=now)
    consent_wordings.retire(wording_id=first.pk, by=vera, now=now)
    assert not consent_wordings.in_use(clinic=clinic)
    consent_wordings.bring_back(wording_id=second.pk, by=vera, now=now)
    assert told(clinic)[0] == (INFUSION, "2", True)


def test_a_manager_says_whether_a_start_asks_for_it(clinic, vera, now) -> None:
    asked = wording(clinic, now)
    assert not consent_wordings.ask_to_start(wording_id=asked.pk, needed=False, by=vera).needed_to_start
    assert consent_wordings.needed_to_start(clinic_id=clinic.pk) == []


@pytest.mark.parametrize(
    ("field", "text"),
    [("kind", " "), ("edition", ""), ("text", "\n "), ("kind", "x" * 81), ("edition", "x" * 41), ("text", "x" * 20001)],
)
def test_what_says_nothing_or_too_much_is_refused_at_its_field(clinic, now, field: str, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        wording(clinic, now, **{field: text})
    assert list(refused.value.errors) == [field]


def test_an_edition_is_named_once(clinic, now) -> None:
    wording(clinic, now, edition="May")
    with pytest.raises(Clash):
        wording(clinic, now, edition="may", text="Other words.")
    assert ConsentWording.objects.get().text == "I agree to sit still."


@pytest.mark.parametrize("who", ["ana", "nils", "mara", "olu"])
def test_only_a_manager_keeps_them(request, clinic, now, who: str) -> None:
    person: User = request.getfixturevalue(who)
    kept = wording(clinic, now)
    fields = {"kind": "x", "edition": "1", "text": "x", "needed_to_start": True}
    for act in (
        lambda: consent_wordings.put(clinic=clinic, by=person, now=now, **fields),
        lambda: consent_wordings.retire(wording_id=kept.pk, by=person, now=now),
        lambda: consent_wordings.bring_back(wording_id=kept.pk, by=person, now=now),
        lambda: consent_wordings.ask_to_start(wording_id=kept.pk, needed=False, by=person),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_not_those_of_another_clinic(clinic, vera, other_clinic, now) -> None:
    theirs = wording(other_clinic, now)
    for wanted in (theirs.pk, uuid4()):
        with pytest.raises(NotFound):
            consent_wordings.retire(wording_id=wanted, by=vera, now=now)
    with pytest.raises(NotFound):
        consent_wordings.put(
            clinic=other_clinic, kind="x", edition="1", text="x", needed_to_start=True, by=vera, now=now
        )


@pytest.mark.parametrize("field", ["kind", "edition", "text"])
def test_what_was_read_out_is_never_reworded(clinic: Clinic, vera: User, now: datetime, field: str) -> None:
    kept = wording(clinic, now)
    setattr(kept, field, "Other words.")
    with pytest.raises(DatabaseError) as refused, recorded(by=vera):
        kept.save()
    assert sqlstate(refused.value) == "DK003"
    with pytest.raises(DatabaseError) as refused, recorded(by=vera), connection.cursor() as cursor:
        cursor.execute("DELETE FROM infusions_consentwording")
    assert sqlstate(refused.value) == "DK003"


def test_the_database_keeps_one_edition_of_a_kind_in_use(clinic, vera, now) -> None:
    wording(clinic, now)
    fields = {"clinic": clinic, "text": "x", "needed_to_start": True}
    for more, name in (
        ({"kind": INFUSION.upper(), "edition": "2"}, "consent_kind_one_in_use"),
        ({"kind": INFUSION.upper(), "edition": "1", "retired_at": now}, "consent_edition_once"),
        ({"kind": "x", "edition": " "}, "consent_wording_says_something"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), recorded(by=vera):
            ConsentWording(**fields, **more).save()
