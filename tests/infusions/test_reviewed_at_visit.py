"""A pre-visit check that says that the allergies were reviewed is that review; a correction takes it back."""

import uuid

import pytest

from config.refusals import Invalid
from infusions.models import PreVisitCheck, Visit
from patients import allergies
from patients.models import AllergyReview, Patient
from tests.infusions.visiting import Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(day: Day) -> Visit:
    opened = day.opened()
    allergies.add(patient_id=opened.patient_id, substance="Latex", by=day.prescriber, now=day.now())
    return opened


def confirmed_by(visit: Visit) -> str:
    return Patient.objects.get(pk=visit.patient_id).allergies_confirmed_by.full_name


def test_each_visit_confirms_what_stands(day: Day, visit: Visit) -> None:
    check = day.chart(visit, PreVisitCheck, allergies_reviewed=True)
    [review] = AllergyReview.objects.all()
    assert (review.about, review.listed, review.by, review.at) == (visit.pk, "Latex", day.nurse, check.observed_at)
    assert confirmed_by(visit) == "Nils Berg"


@pytest.mark.parametrize("answer", [None, False])
def test_any_other_answer_reviews_nothing(day: Day, visit: Visit, answer: bool | None) -> None:
    day.chart(visit, PreVisitCheck, allergies_reviewed=answer, pain=3)
    assert not AllergyReview.objects.exists()
    assert confirmed_by(visit) == "Mara Santos"


def test_while_nobody_has_asked_the_check_is_refused_whole(day: Day) -> None:
    visit = day.opened()
    with pytest.raises(Invalid) as refused:
        day.chart(visit, PreVisitCheck, allergies_reviewed=True, pain=3)
    assert list(refused.value.errors) == ["allergies_reviewed"]
    assert not PreVisitCheck.objects.exists()


def test_sent_twice_it_is_one_review(day: Day, visit: Visit) -> None:
    sent = uuid.uuid4()
    for _ in range(2):
        day.chart(visit, PreVisitCheck, allergies_reviewed=True, client_id=sent)
    assert AllergyReview.objects.count() == 1


def test_a_correction_that_says_it_again_is_no_second_review(day: Day, visit: Visit) -> None:
    check = day.chart(visit, PreVisitCheck, allergies_reviewed=True, pain=3)
    fixed = {"supersedes": check.pk, "correction_reason": "Four", "pain": 4}
    day.chart(visit, PreVisitCheck, **fixed, allergies_reviewed=True)
    assert AllergyReview.objects.count() == 1


@pytest.mark.parametrize("how", [{"entered_in_error": True}, {"pain": 4}, {"allergies_reviewed": False}])
def test_struck_or_corrected_the_list_is_confirmed_as_before(day: Day, visit: Visit, how: dict) -> None:
    check = day.chart(visit, PreVisitCheck, allergies_reviewed=True)
    day.chart(visit, PreVisitCheck, supersedes=check.pk, correction_reason="Another patient's", **how)
    assert confirmed_by(visit) == "Mara Santos"
    assert not allergies.reviews(visit.patient).exists()
    assert AllergyReview.objects.get(takes_back__isnull=False).reason == "Another patient's"


def test_a_correction_may_say_it_for_the_first_time(day: Day, visit: Visit) -> None:
    check = day.chart(visit, PreVisitCheck, pain=3)
    day.chart(visit, PreVisitCheck, supersedes=check.pk, correction_reason="Forgot", allergies_reviewed=True, pain=3)
    assert confirmed_by(visit) == "Nils Berg"
