"""Going through the allergies again: what stands is confirmed, at a visit or between visits, and can be taken back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from config.audit.acting import SystemJob, recorded
from config.audit.guards import sqlstate
from config.refusals import Clash, NotAllowed
from patients import allergies
from patients.models import AllergyReview, Patient
from patients.register import merge, register

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(clinic, ana, now) -> Patient:
    return register(clinic=clinic, by=ana, now=now, family_name="Okafor", given_name="Ada")


def confirmed(patient: Patient) -> tuple[str, object, datetime | None]:
    patient.refresh_from_db()
    return patient.allergy_state, patient.allergies_confirmed_by, patient.allergies_confirmed_at


def test_a_list_and_none_known_are_confirmed_again_as_they_stand(ada, nils, mara, now) -> None:
    later = now + timedelta(days=1)
    allergies.confirm_none(patient_id=ada.pk, by=nils, now=now)
    first = allergies.review(patient_id=ada.pk, by=mara, now=later)
    assert (first.state, first.listed, first.before_by, first.before_at) == ("none-known", "", nils, now)
    assert confirmed(ada) == ("none-known", mara, later)
    allergies.add(patient_id=ada.pk, substance="Latex", reaction="rash", by=nils, now=later)
    allergies.add(patient_id=ada.pk, substance="Iodine", by=nils, now=later)
    second = allergies.review(patient_id=ada.pk, by=mara, now=later + timedelta(hours=1), about=uuid4())
    assert (second.state, second.listed) == ("listed", "Iodine; Latex (rash)")
    assert list(allergies.reviews(ada)) == [second, first]


def test_nothing_is_reviewed_that_nobody_asked_about(ada, nils, now) -> None:
    with pytest.raises(Clash) as refused:
        allergies.review(patient_id=ada.pk, by=nils, now=now)
    assert refused.value.code == "not-asked"
    assert not AllergyReview.objects.exists()


@pytest.mark.parametrize("who", ["ana", "vera", "olu"])
def test_only_clinicians_review(request, ada, nils, now, who: str) -> None:
    allergies.confirm_none(patient_id=ada.pk, by=nils, now=now)
    person = request.getfixturevalue(who)
    with pytest.raises(NotAllowed):
        allergies.review(patient_id=ada.pk, by=person, now=now)
    with pytest.raises(NotAllowed):
        allergies.take_back_review(patient_id=ada.pk, about=uuid4(), reason="x", by=person, now=now)


def test_a_review_of_an_earlier_hour_does_not_hide_a_later_one(ada, nils, mara, now) -> None:
    allergies.confirm_none(patient_id=ada.pk, by=nils, now=now)
    allergies.review(patient_id=ada.pk, by=mara, now=now, at=now - timedelta(hours=2))
    assert confirmed(ada) == ("none-known", nils, now)


def test_taken_back_it_never_was_and_the_one_before_counts(ada, nils, mara, now) -> None:
    allergies.confirm_none(patient_id=ada.pk, by=nils, now=now)
    visit, later = uuid4(), now + timedelta(days=1)
    allergies.review(patient_id=ada.pk, by=mara, now=later, about=visit)
    back = allergies.take_back_review(
        patient_id=ada.pk, about=visit, reason="Another patient's.", by=mara, now=later + timedelta(minutes=3)
    )
    assert back is not None
    assert confirmed(ada) == ("none-known", nils, now)
    assert list(allergies.reviews(ada)) == []
    again = {"patient_id": ada.pk, "about": visit, "reason": "x", "by": mara, "now": later}
    assert allergies.take_back_review(**again) is None


def test_taken_back_after_somebody_confirmed_since_nothing_is_undone(ada, nils, mara, now) -> None:
    allergies.confirm_none(patient_id=ada.pk, by=nils, now=now)
    visit, later = uuid4(), now + timedelta(days=1)
    allergies.review(patient_id=ada.pk, by=mara, now=later, about=visit)
    allergies.add(patient_id=ada.pk, substance="Latex", by=nils, now=later + timedelta(minutes=1))
    allergies.take_back_review(patient_id=ada.pk, about=visit, reason="x", by=mara, now=later + timedelta(minutes=2))
    assert confirmed(ada) == ("listed", nils, later + timedelta(minutes=1))


def test_not_on_a_record_that_was_merged_away(clinic, ada, ana, nils, now) -> None:
    allergies.confirm_none(patient_id=ada.pk, by=nils, now=now)
    kept = register(clinic=clinic, by=ana, now=now, family_name="Okafor", given_name="Ada")
    merge(patient_id=ada.pk, into_id=kept.pk, by=SystemJob.SET_UP, reason="One person.")
    with pytest.raises(Clash):
        allergies.review(patient_id=ada.pk, by=nils, now=now)


def test_the_database_takes_no_review_of_what_does_not_stand(ada, clinic, ana, nils, now) -> None:
    allergies.confirm_none(patient_id=ada.pk, by=nils, now=now)
    standing = allergies.review(patient_id=ada.pk, by=nils, now=now)
    other = register(clinic=clinic, by=ana, now=now, family_name="Reed", given_name="Ida")
    for patient, more, words in (
        (ada, {"state": "listed"}, "stand otherwise"),
        (other, {"state": "not-asked"}, "allergy_review_after_asking"),
        (ada, {"state": "none-known", "reason": "x"}, "allergy_review_taken_back_with_reason"),
        (ada, {"state": "none-known", "takes_back": standing, "reason": " "}, "allergy_review_taken_back_with_reason"),
        (other, {"state": "none-known", "takes_back": standing, "reason": "x"}, "of the same patient"),
    ):
        with pytest.raises(IntegrityError, match=words), transaction.atomic(), recorded(by=nils):
            AllergyReview(patient=patient, by=nils, at=now, **more).save()
    with pytest.raises(DatabaseError) as refused, recorded(by=nils):
        AllergyReview.objects.update(listed="Latex")
    assert sqlstate(refused.value) == "DK003"


# As page and API


def test_the_page_reviews_with_one_press_and_shows_who_did(page_as: Callable, ada, nils, now) -> None:
    nurse, url = page_as(nils), reverse("patient-allergies", args=[ada.pk])
    press = reverse("patient-allergies-review", args=[ada.pk])
    assert "Asked: none known" in nurse.get(url).content.decode()
    refused = nurse.post(press)
    assert refused.status_code == 409
    assert "Nobody has asked about allergies yet" in refused.content.decode()
    allergies.add(patient_id=ada.pk, substance="Latex", reaction="rash", by=nils, now=now)
    assert "Asked again: nothing has changed" in nurse.get(url).content.decode()
    shown = nurse.post(press, follow=True).content.decode()
    assert "Reviewed: the allergies stand as they are." in shown
    assert "Allergies: Latex (rash); confirmed" in shown
    assert shown.count("Latex (rash)") == 2, "in the banner and as what stood"


def test_the_desk_reads_and_does_not_review(page_as: Callable, ada, ana, nils, now) -> None:
    allergies.confirm_none(patient_id=ada.pk, by=nils, now=now)
    allergies.review(patient_id=ada.pk, by=nils, now=now)
    shown = page_as(ana).get(reverse("patient-allergies", args=[ada.pk])).content.decode()
    assert "Reviewed" in shown
    assert "nothing has changed" not in shown
    assert page_as(ana).post(reverse("patient-allergies-review", args=[ada.pk])).status_code == 403


def test_the_api_reviews_and_lists_reviews(api_as: Callable, ada, ana, nils, zoe, now) -> None:
    url = f"/api/v1/patients/{ada.pk}/allergies/reviews/"
    assert api_as(nils).post(url).status_code == 409
    allergies.confirm_none(patient_id=ada.pk, by=nils, now=now)
    done = api_as(nils).post(url)
    assert (done.status_code, done.data["confirmed_by"]) == (201, "Nils Berg")
    [told] = api_as(ana).get(url).data
    assert (told["state"], told["by"], told["visit"]) == ("none-known", "Nils Berg", None)
    assert api_as(ana).post(url).status_code == 403
    assert api_as(zoe).get(url).status_code == 404
