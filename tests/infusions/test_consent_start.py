"""Where the clinic asks for a consent, an infusion starts with one in date or with the reason why without."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from config.audit.acting import recorded
from config.refusals import Invalid
from infusions import consent_wordings, consents
from infusions.flowsheet import sheet
from infusions.models import Administration, PreVisitCheck, Visit
from tests.conftest import PASSWORD
from tests.infusions.consenting import INFUSION, agreed, manager_of, wording
from tests.infusions.visiting import CHECKED, Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db
FIELD = "without_consent_reason"


@pytest.fixture
def visit(day: Day) -> Visit:
    """Checked in, and ready but for the consent."""
    opened = day.opened()
    day.chart(opened, PreVisitCheck, **CHECKED)
    return opened


def refused_start(day: Day, visit: Visit, **values: object) -> Invalid:
    with pytest.raises(Invalid) as refused:
        day.step(visit, "start", **values)
    assert list(refused.value.errors) == [FIELD]
    assert not Administration.objects.exists()
    return refused.value


def test_a_clinic_that_keeps_no_wordings_is_asked_for_none(day: Day, visit: Visit) -> None:
    wording(day.clinic, day.clock, kind="Photographs", needed_to_start=False)
    day.step(visit, "start")
    assert day.status(visit) == "in-progress"


def test_a_start_without_a_consent_names_what_is_missing(day: Day, visit: Visit) -> None:
    wording(day.clinic, day.clock)
    refusal = refused_start(day, visit)
    assert (refusal.code, refusal.facts["missing"]) == ("no-consent", [INFUSION])
    assert day.status(visit) == "checked-in"


def test_a_consent_in_date_is_enough(day: Day, visit: Visit) -> None:
    agreed(visit.patient, wording(day.clinic, day.clock), day.nurse, day.clock)
    assert day.step(visit, "start").without_consent_reason is None


def test_a_consent_on_an_earlier_edition_holds(day: Day, visit: Visit) -> None:
    agreed(visit.patient, wording(day.clinic, day.clock), day.nurse, day.clock)
    wording(day.clinic, day.clock, edition="2")
    day.step(visit, "start")


def test_what_ran_out_was_withdrawn_or_is_another_patients_does_not_count(day: Day, visit: Visit) -> None:
    words, today = wording(day.clinic, day.clock), day.clinic.today(day.clock)
    before = {"given_on": today - timedelta(days=9)}
    agreed(day.patient("Reed"), words, day.nurse, day.clock)
    agreed(visit.patient, words, day.nurse, day.clock, **before, expires_on=today - timedelta(days=1))
    given = agreed(visit.patient, words, day.nurse, day.clock, **before)
    consents.end(consent_id=given.pk, how="withdrawn", ended_on=today, reason="By phone.", by=day.nurse, now=day.clock)
    refused_start(day, visit)


def test_each_kind_that_is_asked_for_is_needed(day: Day, visit: Visit) -> None:
    agreed(visit.patient, wording(day.clinic, day.clock), day.nurse, day.clock)
    wording(day.clinic, day.clock, kind="Sedation")
    assert refused_start(day, visit).facts["missing"] == ["Sedation"]


def test_it_starts_anyway_with_the_clinicians_reason_which_the_sheet_keeps(day: Day, visit: Visit) -> None:
    wording(day.clinic, day.clock)
    refused_start(day, visit, without_consent_reason="   ")
    day.step(visit, "start", without_consent_reason=" Paper is in the car;\nsigned before my eyes. ")
    [start] = [
        row for row in sheet(Visit.objects.select_related("clinic").get(pk=visit.pk)).rows if row.title == "Start"
    ]
    assert start.words == [
        ("Why it starts without a consent in date", " Paper is in the car;\nsigned before my eyes. ")
    ]


def test_there_is_nothing_to_say_where_nothing_is_missing(day: Day, visit: Visit) -> None:
    refused_start(day, visit, without_consent_reason="No need.")
    day.step(visit, "start")
    with pytest.raises(Invalid) as refused:
        day.step(visit, "pause", without_consent_reason="No need.")
    assert list(refused.value.errors) == [FIELD]


def test_a_corrected_start_says_it_again_and_asks_for_nothing_new(day: Day, visit: Visit) -> None:
    words = wording(day.clinic, day.clock)
    start = day.step(visit, "start", without_consent_reason="Signed at the door.", rate="2", rate_unit="spoons")
    again = {"supersedes": start.pk, "correction_reason": "Three", "rate": "3", "rate_unit": "spoons"}
    with pytest.raises(Invalid) as refused:
        day.step(visit, "start", **again)
    assert list(refused.value.errors) == [FIELD]
    day.step(visit, "start", **again, without_consent_reason="Signed at the door.")

    other = day.opened(day.booked(day.order(day.patient("Reed")), hours=2))
    given = agreed(other.patient, words, day.nurse, day.clock)
    day.started(other)
    consents.end(consent_id=given.pk, how="entered-in-error", reason="Another's.", by=day.nurse, now=day.now())
    first = Administration.objects.get(visit=other)
    day.step(other, "start", supersedes=first.pk, correction_reason="Five past", rate="2", rate_unit="spoons")


def test_a_start_that_is_struck_says_nothing_and_the_next_is_asked_again(day: Day, visit: Visit) -> None:
    wording(day.clinic, day.clock)
    start = day.step(visit, "start", without_consent_reason="Signed at the door.")
    day.step(visit, "start", supersedes=start.pk, correction_reason="Wrong tablet", entered_in_error=True)
    assert day.status(visit) == "checked-in"
    with pytest.raises(Invalid):
        day.step(visit, "start")


def test_a_kind_that_is_retired_or_asked_for_no_more_stops_nobody(day: Day, visit: Visit) -> None:
    words, manager = wording(day.clinic, day.clock), manager_of(day.clinic)
    consent_wordings.ask_to_start(wording_id=words.pk, needed=False, by=manager)
    sedation = wording(day.clinic, day.clock, kind="Sedation")
    consent_wordings.retire(wording_id=sedation.pk, by=manager, now=day.clock)
    day.step(visit, "start")


def raw_start(day: Day, visit: Visit, **more: object) -> Administration:
    row = Administration(
        visit=visit, author=day.nurse, kind="start", observed_at=day.clock, entered_at=day.clock, **more
    )
    with transaction.atomic(), recorded(by=day.nurse):
        row.save(force_insert=True)
    return row


def test_the_database_asks_for_it_too(day: Day, visit: Visit) -> None:
    words = wording(day.clinic, day.clock)
    with pytest.raises(IntegrityError, match="no consent is in date"):
        raw_start(day, visit)
    with pytest.raises(IntegrityError, match="start_without_consent_says_why"):
        raw_start(day, visit, without_consent_reason=" ")
    start = raw_start(day, visit, without_consent_reason="Signed at the door.")
    with pytest.raises(IntegrityError, match="no consent is in date"):
        raw_start(day, visit, supersedes=start, correction_reason="x")
    other = day.opened(day.booked(day.order(day.patient("Reed")), hours=2))
    agreed(other.patient, words, day.nurse, day.clock)
    assert raw_start(day, other).pk


def test_the_database_lets_no_other_step_say_it(day: Day, visit: Visit) -> None:
    day.step(visit, "start")
    row = Administration(
        visit=visit, author=day.nurse, kind="pause", observed_at=day.clock, entered_at=day.clock,
        without_consent_reason="x",
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="start_without_consent_says_why"), recorded(by=day.nurse):
        row.save()


def test_the_signature_covers_the_reason(day: Day, visit: Visit) -> None:
    from infusions import records, signing

    wording(day.clinic, day.clock)
    day.step(visit, "start", without_consent_reason="Signed at the door.")
    note = day.noted(day.discharged(day.ended(visit)))
    records.sign_note(visit_id=visit.pk, by=day.nurse, now=day.now(), password=PASSWORD, version=note.version)
    assert list(signing.broken()) == []
