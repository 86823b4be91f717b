"""A prescriber decides, with a reason and a signature; each decision supersedes the one before."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from config.refusals import Clash, Invalid, NotAllowed, NotFound
from config.staff.models import Clinic, User
from infusions import candidacy
from infusions.models import CandidacyDecision
from infusions.states import Outcome
from patients.models import Patient, Task
from patients.register import merge, record_death
from tests.conftest import PASSWORD
from tests.infusions.ordering import accepted, known_patient


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)


def test_a_decision_is_signed_and_counts(ada: Patient, mara: User, now: datetime) -> None:
    decision = accepted(ada, mara, now, reason="Pain for years.", conditions="With an escort.")
    connection.check_constraints()
    assert candidacy.newest(patient=ada) == decision
    assert (decision.signed_name, decision.signed_meaning) == ("Mara Santos, MD", "decided candidacy")
    assert len(decision.content_hash) == 64


def test_the_next_decision_supersedes_it(ada: Patient, mara: User, now: datetime) -> None:
    first = accepted(ada, mara, now)
    second = accepted(ada, mara, now + timedelta(hours=1), outcome=Outcome.DEFERRED)
    assert second.supersedes == first
    assert candidacy.newest(patient=ada) == second
    assert candidacy.earlier(patient=ada) == [second, first]
    assert not candidacy.is_accepted(candidacy.newest(patient=ada))


def test_it_holds_until_its_last_day(ada: Patient, mara: User, now: datetime) -> None:
    decision = accepted(ada, mara, now, valid_until=date(2026, 12, 1))
    assert candidacy.current(patient=ada, on=date(2026, 12, 1)) == decision
    assert candidacy.current(patient=ada, on=date(2026, 12, 2)) is None


def test_without_a_last_day_it_holds_on(ada: Patient, mara: User, now: datetime) -> None:
    assert candidacy.current(patient=ada, on=date(2036, 1, 1)) is None
    decision = accepted(ada, mara, now)
    assert candidacy.current(patient=ada, on=date(2036, 1, 1)) == decision


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("reason", {"reason": "  "}),
        ("outcome", {"outcome": "perhaps"}),
        ("valid_until", {"valid_until": date(2026, 11, 22)}),
    ],
)
def test_what_is_missing_is_named(ada: Patient, mara: User, now: datetime, field: str, values: dict) -> None:
    complete = {"outcome": Outcome.CANDIDATE, "reason": "Because.", "password": PASSWORD}
    with pytest.raises(Invalid) as refused:
        candidacy.decide(patient=ada, by=mara, now=now, **{**complete, **values})
    assert list(refused.value.errors) == [field]
    assert not CandidacyDecision.objects.exists()


# A wrong password is counted beside the request, so the people have to be there for good.
@pytest.mark.django_db(transaction=True)
def test_not_with_a_guessed_password(ada: Patient, mara: User, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        candidacy.decide(
            patient=ada, by=mara, now=now, outcome=Outcome.CANDIDATE, reason="Because.", password="not hers"
        )
    assert list(refused.value.errors) == ["password"]
    assert not CandidacyDecision.objects.exists()


def test_only_a_prescriber_decides(ada: Patient, ana: User, nils: User, vera: User, now: datetime) -> None:
    for person in (ana, nils, vera):
        with pytest.raises(NotAllowed):
            accepted(ada, person, now)
    assert not CandidacyDecision.objects.exists()


def test_not_about_another_clinics_patient(other_clinic: Clinic, mara: User, now: datetime) -> None:
    with pytest.raises(NotFound):
        accepted(known_patient(other_clinic, now), mara, now)


def test_not_about_somebody_who_has_died_or_a_record_that_went(
    ada: Patient, clinic: Clinic, ana: User, mara: User, now: datetime
) -> None:
    other = known_patient(clinic, now, "Okafor")
    record_death(patient_id=ada.pk, on=None, by=ana)
    merge(patient_id=other.pk, into_id=known_patient(clinic, now, "Okafor").pk, by=ana, reason="One person.", now=now)
    for patient, words in ((ada, "has died"), (other, "merged")):
        with pytest.raises(Clash, match=words):
            accepted(patient, mara, now)
    assert not CandidacyDecision.objects.exists()


def test_a_decision_of_another_patient_cannot_be_superseded(ada: Patient, mara: User, now: datetime) -> None:
    from django.db import IntegrityError

    from config.audit.acting import recorded

    ben = known_patient(mara.clinic, now, "Reed", given_name="Ben")
    theirs = accepted(ben, mara, now)
    sneaky = CandidacyDecision(
        patient=ada, outcome="candidate", reason="x", supersedes=theirs, author=mara, entered_at=now,
        signed_name="x", signed_meaning="x", content_hash="x",
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="belongs to another patient"), recorded(by=mara):
        sneaky.save()


def test_a_patient_has_one_first_decision(ada: Patient, mara: User, now: datetime) -> None:
    from django.db import IntegrityError

    from config.audit.acting import recorded

    accepted(ada, mara, now)
    second_first = CandidacyDecision(
        patient=ada, outcome="candidate", reason="x", author=mara, entered_at=now,
        signed_name="x", signed_meaning="x", content_hash="x",
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="decision_one_first"), recorded(by=mara):
        second_first.save()


MORE = {"outcome": Outcome.MORE_INFORMATION, "ask_for": "Ask for the letter.", "information_due": date(2026, 12, 1)}


def open_tasks(patient: Patient) -> list[tuple]:
    return list(Task.objects.open().filter(patient=patient).values_list("kind", "words", "for_role", "due_on"))


def test_more_information_needed_is_a_task_of_the_desks(ada: Patient, mara: User, now: datetime) -> None:
    decision = accepted(ada, mara, now, **MORE)
    assert open_tasks(ada) == [("more-information", "Ask for the letter.", "front-desk", date(2026, 12, 1))]
    assert Task.objects.get().about == decision.pk
    assert not candidacy.is_accepted(candidacy.newest(patient=ada))


def test_the_next_decision_withdraws_the_task(ada: Patient, mara: User, now: datetime) -> None:
    accepted(ada, mara, now, **MORE)
    accepted(ada, mara, now, **{**MORE, "ask_for": "Ask for the whole letter."})
    assert [words for _, words, *_ in open_tasks(ada)] == ["Ask for the whole letter."]
    accepted(ada, mara, now)
    assert open_tasks(ada) == []
    assert Task.objects.filter(withdrawn=True).count() == 2


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("ask_for", {"ask_for": " "}),
        ("ask_for", {"ask_for": "x" * 201}),
        ("information_due", {"information_due": None}),
        ("information_due", {"information_due": date(2026, 11, 22)}),
        ("ask_for", {"outcome": Outcome.CANDIDATE, "information_due": None}),
        ("information_due", {"outcome": Outcome.DEFERRED, "ask_for": ""}),
    ],
)
def test_what_is_asked_of_the_desk_is_whole(ada: Patient, mara: User, now: datetime, field: str, values: dict) -> None:
    with pytest.raises(Invalid) as refused:
        accepted(ada, mara, now, **{**MORE, **values})
    assert list(refused.value.errors) == [field]
    assert not CandidacyDecision.objects.exists()
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"outcome": "more-information-needed"},
        {"outcome": "more-information-needed", "ask_for": "A letter."},
        {"outcome": "candidate", "ask_for": "A letter."},
        {"outcome": "candidate", "information_due": date(2026, 12, 1)},
    ],
)
def test_the_database_wants_it_whole_too(ada: Patient, mara: User, now: datetime, values: dict) -> None:
    from django.db import IntegrityError

    from config.audit.acting import recorded

    row = {"patient": ada, "reason": "x", "author": mara, "entered_at": now}
    signed = dict.fromkeys(("signed_name", "signed_meaning", "content_hash"), "x")
    with pytest.raises(IntegrityError, match="decision_more_information_asks"), recorded(by=mara):
        CandidacyDecision(**row, **signed, **values).save()
