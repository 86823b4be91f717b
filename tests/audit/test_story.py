"""A story told from several kinds of records: acts whole, a page at a time, none lost and none told twice."""

from datetime import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.audit.acting import SystemJob, recorded
from config.audit.reading import HistoryEntry, story
from config.audit.strands import Strand
from config.audit.triggers import append_only_models, history_of, tracked_models
from config.refusals import NotFound
from config.staff.models import Clinic, User
from patients import allergies, contact, register
from patients.histories import of_patient
from patients.models import Allergy, ContactConsent, Patient
from scheduling.models import Chair
from scheduling.places import add_chair, change_chair
from tests.infusions.ordering import known_patient

# Acts are told apart by their transactions, so these tests have transactions of their own.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)


def strands(patient: Patient) -> list[Strand]:
    return [
        Strand(Patient, "id", patient.pk),
        Strand(Allergy, "patient_id", patient.pk, lambda row: f"Allergy to {row.substance}"),
        Strand(ContactConsent, "patient_id", patient.pk, "Messages"),
    ]


def renamed(patient: Patient, by: User, *names: str) -> None:
    for name in names:
        register.amend(patient_id=patient.pk, by=by, version=None, now=timezone.now(), preferred_name=name)


def headings(told: list[HistoryEntry]) -> list[list[str]]:
    return [[one.heading for one in entry.told] for entry in told]


def test_what_one_act_wrote_is_one_entry(ada: Patient, nils: User, now: datetime) -> None:
    allergies.add(patient_id=ada.pk, substance="Latex", reaction="hives", by=nils, now=now)
    newest, oldest = story(strands(ada)).entries
    assert (newest.who, newest.source) == ("Nils Berg", "staff")
    assert [one.heading for one in newest.told] == ["Allergy to Latex: created", ""]
    listed, patient = newest.told
    assert [(c.field, c.after) for c in listed.changes] == [("substance", "Latex"), ("reaction", "hives")]
    assert ("allergy state", "Not asked", "Listed") in [(c.field, c.before, c.after) for c in patient.changes]
    assert (oldest.who, oldest.act) == ("Set up", "created")


def test_what_was_saved_twice_in_one_act_changed_once(ada: Patient, ana: User) -> None:
    with recorded(by=ana, reason="spelt on the phone"):
        for city in ("Pasadina", "Pasadena"):
            ada.city = city
            ada.save()
    newest = story(strands(ada)).entries[0]
    assert [(c.field, c.before, c.after) for c in newest.changes] == [("city", "", "Pasadena")]
    assert newest.reason == "spelt on the phone"


def test_two_people_in_one_transaction_are_two_entries(ada: Patient, ana: User, nils: User) -> None:
    with transaction.atomic():
        for person, name in ((ana, "A"), (nils, "B")):
            with recorded(by=person):
                ada.preferred_name = name
                ada.save()
    assert [entry.who for entry in story(strands(ada)).entries] == ["Nils Berg", "Ana Ortiz", "Set up"]


def test_the_patient_is_named_as_who_said_it(ada: Patient, now: datetime) -> None:
    contact.record_consent(patient=ada, channel="sms", granted=True, how="link", by=SystemJob.PATIENT_LINK, at=now)
    newest = story(strands(ada)).entries[0]
    assert (newest.who, newest.source, newest.told[0].heading) == ("The patient", "patient link", "Messages")
    assert {c.field: c.after for c in newest.changes}["granted"] == "yes"


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pages_lose_nothing_and_tell_nothing_twice(
    ada: Patient, ana: User, nils: User, now: datetime, size: int
) -> None:
    renamed(ada, ana, "A", "B", "C")
    for name in ("Latex", "Nuts"):
        allergies.add(patient_id=ada.pk, substance=name, by=nils, now=now)
    renamed(ada, ana, "D")
    whole = story(strands(ada)).entries
    assert len(whole) == 7
    pages, before = [], ""
    for _ in range(20):
        page = story(strands(ada), before=before, size=size)
        pages.append(page.entries)
        before = page.older
        if not before:
            break
    told = [entry for page in pages for entry in page]
    if size > 1:
        assert [entry.id for entry in told] == [entry.id for entry in whole]
    # An act of more rows than a page has goes on on the next one, its last row first.
    assert sorted(one.heading for entry in told for one in entry.told) == sorted(
        one.heading for entry in whole for one in entry.told
    )


def test_the_changes_of_a_page_s_last_act_are_told_from_what_stood_before(ada: Patient, ana: User) -> None:
    renamed(ada, ana, "A", "B", "C")
    page = story(strands(ada), size=2)
    assert [(c.before, c.after) for c in page.entries[-1].changes] == [("A", "B")]


def test_a_key_of_another_record_leads_nowhere(clinic: Clinic, ada: Patient, ana: User, now: datetime) -> None:
    other = known_patient(clinic, now, "Moreau")
    foreign = story(strands(other)).entries[0].id
    for key in (foreign, "patient-999999999", "patient-x", "user-1", "chair-1", "'; --", "patient-" + str(ada.pk)):
        with pytest.raises(NotFound):
            story(strands(ada), before=key)


def test_nothing_is_counted_and_a_longer_story_costs_no_more(
    ada: Patient, ana: User, nils: User, now: datetime
) -> None:
    allergies.add(patient_id=ada.pk, substance="Latex", by=nils, now=now)
    renamed(ada, ana, "A")
    seen = []
    for more in range(2):
        with CaptureQueriesContext(connection) as queries:
            story(of_patient(ada, ana))
        seen.append(queries.captured_queries)
        renamed(ada, ana, *(f"N{n}" for n in range(30 * (1 - more))))
    assert len(seen[0]) == len(seen[1]) <= 3
    assert not [query["sql"] for queries in seen for query in queries if "count(" in query["sql"].lower()]


def test_a_strand_that_hides_tells_who_and_when_alone(clinic: Clinic, vera: User) -> None:
    chair = add_chair(clinic=clinic, name="Chair 1", by=vera)
    with recorded(by=vera, reason="nobody's business"):
        change_chair(chair_id=chair.pk, by=vera, name="Secret")
    told = story([Strand(Chair, "id", chair.pk, "A chair", hides=True)]).entries
    assert [(entry.who, entry.reason, entry.changes) for entry in told] == [("Vera Lind", "", [])] * 2
    assert headings(told) == [["A chair: changed"], ["A chair: created"]]


def test_only_the_fields_that_the_reader_may_see_are_told(clinic: Clinic, vera: User) -> None:
    chair = add_chair(clinic=clinic, name="Chair 1", by=vera)
    with recorded(by=vera, reason="it squeaks"):
        chair.name, chair.in_service = "Window", False
        chair.save()
    seen = Strand(Chair, "id", chair.pk, only=frozenset({"in_service"}), reasons=False)
    newest = story([seen]).entries[0]
    assert [(c.field, c.after) for c in newest.changes] == [("in service", "no")]
    assert newest.reason == ""


def test_every_table_of_history_has_the_index_by_which_it_is_read() -> None:
    wanted = ["id", "-history_date", "-history_id"]
    without = [
        model._meta.label
        for model in tracked_models()
        if wanted not in [list(index.fields) for index in history_of(model)._meta.indexes]
    ]
    assert without == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_indexes WHERE indexdef LIKE '%(id, history_date DESC, history_id DESC)'"
        )
        assert {name for (name,) in cursor.fetchall()} == {
            history_of(model)._meta.db_table for model in tracked_models()
        }


def test_a_row_that_is_written_once_knows_its_act_and_cannot_claim_another(
    ada: Patient, ana: User, now: datetime
) -> None:
    with recorded(by=ana):
        for channel in ("sms", "email"):
            ContactConsent.objects.create(
                patient=ada, channel=channel, granted=True, wording_version="1", how="Spoken", by=ana, at=now, txid=7
            )
    first, second = ContactConsent.objects.values_list("txid", flat=True)
    assert first == second > 7
    assert [len(entry.told) for entry in story(strands(ada)).entries] == [2, 1]
    assert {model._meta.get_field("txid") is not None for model in append_only_models()} == {True}
