"""The clinic's own list of what to find out, and answers kept as they were answered."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from config.audit.acting import SystemJob, recorded
from config.audit.guards import sqlstate
from config.audit.models import STAMPS
from config.refusals import Clash, Invalid, NotAllowed, NotFound, Stale
from config.staff.models import Clinic, User
from infusions import listing, screening
from infusions.models import ScreeningAnswer, ScreeningItem
from infusions.screening import Answered
from patients import register
from patients.models import Patient
from tests.infusions.ordering import known_patient

ASKED = ["Glaucoma", "Pregnancy", "ECG seen"]


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)


@pytest.fixture
def listed(clinic: Clinic, vera: User, now: datetime) -> list[ScreeningItem]:
    return listing.put_items(ScreeningItem, clinic=clinic, wordings=ASKED, by=vera, now=now)


def told(patient: Patient, item: ScreeningItem, by: User, now: datetime, words: str = "No.", *, done: bool = True):
    [written] = screening.record(patient=patient, answers=[Answered(item.pk, done, words)], by=by, now=now)
    return written


def states(patient: Patient) -> dict[str, str]:
    return {line.item.wording: line.state for line in screening.sheet(patient=patient)}


# The list


def test_nothing_is_on_the_list_of_a_new_clinic(clinic: Clinic, ada: Patient) -> None:
    assert screening.items(clinic=clinic) == []
    assert screening.sheet(patient=ada) == []


def test_a_manager_writes_the_list_and_its_order(clinic: Clinic, vera: User, now: datetime) -> None:
    listing.put_items(ScreeningItem, clinic=clinic, wordings=["  Glaucoma ", "", "Pregnancy"], by=vera, now=now)
    listing.put_items(ScreeningItem, clinic=clinic, wordings=["Pregnancy", "Glaucoma", "ECG seen"], by=vera, now=now)
    assert [item.wording for item in screening.items(clinic=clinic)] == ["Pregnancy", "Glaucoma", "ECG seen"]
    assert ScreeningItem.objects.count() == 3
    connection.check_constraints()


def test_a_line_that_goes_is_retired_and_comes_back_as_itself(clinic: Clinic, vera: User, now: datetime) -> None:
    [first, *_] = listing.put_items(ScreeningItem, clinic=clinic, wordings=ASKED, by=vera, now=now)
    listing.put_items(ScreeningItem, clinic=clinic, wordings=ASKED[1:], by=vera, now=now)
    first.refresh_from_db()
    assert first.retired_at == now
    listing.put_items(ScreeningItem, clinic=clinic, wordings=ASKED, by=vera, now=now)
    first.refresh_from_db()
    assert (first.retired_at, first.position) == (None, 0)


@pytest.mark.parametrize(
    "wordings", [["Glaucoma", "glaucoma"], ["x" * 301], [f"Item {n}" for n in range(61)]], ids=["twice", "long", "many"]
)
def test_a_list_that_makes_no_sense_is_refused(clinic: Clinic, vera: User, now: datetime, wordings: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        listing.put_items(ScreeningItem, clinic=clinic, wordings=wordings, by=vera, now=now)
    assert list(refused.value.errors) == ["items"]
    assert not ScreeningItem.objects.exists()


def test_a_stale_list_gets_both(clinic: Clinic, vera: User, listed: list[ScreeningItem], now: datetime) -> None:
    seen = listing.mark_of(listed)
    listing.add_item(ScreeningItem, clinic=clinic, wording="Thyroid", by=vera, now=now)
    with pytest.raises(Stale) as refused:
        listing.put_items(ScreeningItem, clinic=clinic, wordings=ASKED, by=vera, now=now, seen=seen)
    assert refused.value.facts["theirs"] == [*ASKED, "Thyroid"]
    assert len(screening.items(clinic=clinic)) == 4


def test_only_a_manager_of_the_clinic_writes_it(
    clinic: Clinic, other_clinic: Clinic, ana: User, nils: User, mara: User, vera: User, now: datetime
) -> None:
    for person in (ana, nils, mara):
        with pytest.raises(NotAllowed):
            listing.put_items(ScreeningItem, clinic=clinic, wordings=ASKED, by=person, now=now)
    with pytest.raises(NotFound):
        listing.put_items(ScreeningItem, clinic=other_clinic, wordings=ASKED, by=vera, now=now)
    with pytest.raises(NotFound):
        listing.retire_item(ScreeningItem, item_id=uuid4(), by=vera, now=now)
    with pytest.raises(Invalid):
        listing.add_item(ScreeningItem, clinic=clinic, wording="  ", by=vera, now=now)


def test_what_was_asked_is_never_reworded(vera: User, listed: list[ScreeningItem]) -> None:
    listed[0].wording = "Raised pressure in the eye"
    with pytest.raises(DatabaseError) as refused, recorded(by=vera):
        listed[0].save()
    assert sqlstate(refused.value) == "DK003"
    with pytest.raises(DatabaseError) as refused, recorded(by=vera), connection.cursor() as cursor:
        cursor.execute("DELETE FROM infusions_screeningitem WHERE id = %s", [listed[0].pk])
    assert sqlstate(refused.value) == "DK003"


# Answers


def test_an_item_is_untouched_then_open_then_done(
    ada: Patient, nils: User, mara: User, listed: list[ScreeningItem], now: datetime
) -> None:
    assert set(states(ada).values()) == {"untouched"}
    told(ada, listed[0], nils, now, "Asked; the letter is on its way.", done=False)
    assert states(ada) == {"Glaucoma": "open", "Pregnancy": "untouched", "ECG seen": "untouched"}
    told(ada, listed[0], mara, now + timedelta(days=1), "None, says the letter.\r\n  As typed. ")
    [line, *_] = screening.sheet(patient=ada)
    assert line.state == "done"
    assert [(said.author, said.answer) for said in line.answers] == [
        (mara, "None, says the letter.\r\n  As typed. "),
        (nils, "Asked; the letter is on its way."),
    ]


def test_done_can_go_without_words_and_nothing_is_carried_over(
    ada: Patient, nils: User, listed: list[ScreeningItem], now: datetime
) -> None:
    told(ada, listed[2], nils, now, "Ordered.", done=False)
    assert told(ada, listed[2], nils, now, "  ").answer is None


def test_all_answers_or_none(ada: Patient, nils: User, listed: list[ScreeningItem], now: datetime) -> None:
    answers = [Answered(listed[0].pk, True, "No."), Answered(uuid4(), True, "No.")]
    with pytest.raises(Invalid):
        screening.record(patient=ada, answers=answers, by=nils, now=now)
    with pytest.raises(Invalid):
        screening.record(patient=ada, answers=[], by=nils, now=now)
    assert not ScreeningAnswer.objects.exists()


def test_sent_twice_it_is_written_once(ada: Patient, nils: User, listed: list[ScreeningItem], now: datetime) -> None:
    sent = {"answers": [Answered(listed[0].pk, True, "No.")], "client_id": uuid4()}
    first = screening.record(patient=ada, by=nils, now=now, **sent)
    assert screening.record(patient=ada, by=nils, now=now, **sent) == first
    assert ScreeningAnswer.objects.count() == 1


def test_a_retired_item_shows_only_where_it_was_answered(
    clinic: Clinic, ada: Patient, nils: User, vera: User, listed: list[ScreeningItem], now: datetime
) -> None:
    told(ada, listed[0], nils, now)
    listing.retire_item(ScreeningItem, item_id=listed[0].pk, by=vera, now=now)
    listing.retire_item(ScreeningItem, item_id=listed[1].pk, by=vera, now=now)
    assert states(ada) == {"ECG seen": "untouched", "Glaucoma": "done"}
    assert states(known_patient(clinic, now, "Reed")) == {"ECG seen": "untouched"}


def test_only_clinicians_of_the_clinic_answer(
    ada: Patient, ana: User, vera: User, nils: User, other_clinic: Clinic, listed: list[ScreeningItem], now: datetime
) -> None:
    for person in (ana, vera):
        with pytest.raises(NotAllowed):
            told(ada, listed[0], person, now)
    with pytest.raises(NotFound):
        told(known_patient(other_clinic, now), listed[0], nils, now)


def test_not_on_a_record_that_was_merged_away(
    ada: Patient, nils: User, listed: list[ScreeningItem], now: datetime
) -> None:
    kept = known_patient(ada.clinic, now)
    register.merge(patient_id=ada.pk, into_id=kept.pk, by=SystemJob.SET_UP, reason="One person.")
    with pytest.raises(Clash):
        told(ada, listed[0], nils, now)


def test_the_database_lets_nobody_write_for_a_clinician_or_change_an_answer(
    ada: Patient, ana: User, nils: User, listed: list[ScreeningItem], now: datetime
) -> None:
    row = {"patient": ada, "item": listed[0], "author": nils, "entered_at": now, "done": True}
    for person in (ana, SystemJob.IMPORT):
        with pytest.raises(DatabaseError) as refused, recorded(by=person):
            ScreeningAnswer(**row).save()
        assert sqlstate(refused.value) == "DK004"
    written = told(ada, listed[0], nils, now)
    with pytest.raises(DatabaseError) as refused, recorded(by=nils):
        ScreeningAnswer.objects.filter(pk=written.pk).update(done=False)
    assert sqlstate(refused.value) == "DK003"


def test_the_database_keeps_lists_apart(
    ada: Patient, nils: User, other_clinic: Clinic, listed: list[ScreeningItem], now: datetime
) -> None:
    with recorded(by=SystemJob.SET_UP):
        theirs = ScreeningItem(clinic=other_clinic, wording="Glaucoma", position=0)
        theirs.save()
    answer = ScreeningAnswer(patient=ada, item=theirs, author=nils, entered_at=now, done=True)
    with pytest.raises(IntegrityError, match="another clinic"), transaction.atomic(), recorded(by=nils):
        answer.save()


def test_there_is_nothing_to_score_with() -> None:
    numbers = (models.IntegerField, models.FloatField, models.DecimalField)
    found = [field.name for field in ScreeningAnswer._meta.concrete_fields if isinstance(field, numbers)]
    assert set(found) <= STAMPS
