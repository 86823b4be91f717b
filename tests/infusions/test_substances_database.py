"""What the database refuses of the log by itself, whoever writes; and two people at one row at once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from config.audit.acting import SystemJob, recorded
from config.audit.guards import sqlstate
from config.refusals import Clash, Invalid
from config.staff.accounts import deactivate
from config.staff.models import User
from config.staff.permissions import Role
from infusions import substances
from infusions.models import StorageLocation, Substance, SubstanceLogEntry
from infusions.models.substances import LogKind
from tests.conftest import hired
from tests.infusions.stocking import LEAST, VIAL, Store, cabinet, jars, open_store  # noqa: F401
from tests.infusions.test_visit_races import at_once
from tests.infusions.visiting import Day, open_day  # noqa: F401

K = LogKind


def bare(store: Store, kind: LogKind, **more: Any) -> SubstanceLogEntry:
    """A row that no door has looked at."""
    said = {"substance": store.substance, "quantity": "2", "quantity_unit": "jars", **LEAST[kind]}
    if kind == K.WASTED:
        said["witness"] = store.witness
    frame = {"location": store.location, "author": store.nurse, "entered_at": store.clock, "observed_at": store.clock}
    return SubstanceLogEntry(**{**frame, "kind": kind, **said, **more})


def refusal(row: Any, by: User) -> str:
    """The name of the constraint that refused it."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic(), recorded(by=by):
        type(row)._default_manager.bulk_create([row])
    return refused.value.__cause__.diag.constraint_name


@pytest.fixture
def far(other_clinic: Any) -> User:
    """Femi is a nurse of another clinic."""
    return hired(other_clinic, "femi", "Femi Oni", Role.NURSE, "RN")


BLANK = {"substance": None, "quantity": None, "quantity_unit": None}


@pytest.mark.parametrize(
    ("kind", "more", "name"),
    [
        (K.COUNTED, {"count_moment": "noon"}, "substance_count_moment_known"),
        (K.RECEIVED, {"quantity": None}, "substance_log_says_what_or_strikes"),
        (K.RECEIVED, {"quantity_unit": None}, "substance_log_says_what_or_strikes"),
        (K.RECEIVED, {"substance": None}, "substance_log_says_what_or_strikes"),
        (K.DRAWN, {**BLANK, "entered_in_error": True}, "substance_log_says_what_or_strikes"),
        (K.DRAWN, {"supplier": "Acme Jars"}, "substance_log_says_its_own"),
        (K.RECEIVED, {"supplier": None}, "substance_log_says_what_it_needs"),
        (K.GIVEN, {}, "substance_log_says_what_it_needs"),
        (K.WASTED, {"reason": None}, "substance_log_says_what_it_needs"),
        (K.RETURNED, {"recipient": None}, "substance_log_says_what_it_needs"),
        (K.LOST, {"reason": None}, "substance_log_says_what_it_needs"),
        (K.COUNTED, {"count_moment": None}, "substance_log_says_what_it_needs"),
        (K.RECEIVED, {"lot": "  "}, "substance_log_blank_is_null"),
        (K.RECEIVED, {"quantity": ""}, "substance_log_blank_is_null"),
    ],
)
def test_a_row_says_what_its_kind_says_and_nothing_else(store: Store, kind: LogKind, more: dict, name: str) -> None:
    assert refusal(bare(store, kind, **more), store.nurse) == name
    assert not SubstanceLogEntry.objects.exists()


def test_there_are_seven_kinds(store: Store) -> None:
    row = bare(store, K.DRAWN)
    row.kind = "stolen"
    assert refusal(row, store.nurse) == "substance_log_kind_known"


def test_the_same_person_never_witnesses_their_own_waste(store: Store) -> None:
    row = bare(store, K.WASTED, witness=store.nurse)
    assert refusal(row, store.nurse) == "substance_witness_is_another_person"
    assert refusal(bare(store, K.COUNTED, witness=store.nurse), store.nurse) == "substance_witness_is_another_person"


def test_waste_has_a_witness_also_where_it_is_struck(store: Store) -> None:
    # Two constraints refuse the first; the strike says nothing, so that only one does.
    with pytest.raises(IntegrityError), transaction.atomic(), recorded(by=store.nurse):
        bare(store, K.WASTED, witness=None).save()
    waste = store.write(K.WASTED)
    strike = {**BLANK, "reason": None, "entered_in_error": True, "supersedes": waste, "correction_reason": "No."}
    row = bare(store, K.WASTED, witness=None, **strike)
    assert refusal(row, store.nurse) == "substance_waste_has_a_witness"


def test_a_witness_is_an_active_clinician_of_that_clinic(store: Store, vera: User, ana: User, far: User) -> None:
    for person in (vera, ana, far):
        row = bare(store, K.WASTED, witness=person)
        assert refusal(row, store.nurse) == "substance_witness_is_a_clinician"
    deactivate(person=store.witness, by=vera, reason="Left.")
    assert refusal(bare(store, K.WASTED), store.nurse) == "substance_witness_is_a_clinician"


def test_all_that_a_row_names_is_of_one_clinic(store: Store, day: Day, far: User) -> None:
    assert refusal(bare(store, K.DRAWN, author=far), far) == "substance_log_in_one_clinic"
    theirs = jars(far, store.clock)
    assert refusal(bare(store, K.DRAWN, substance=theirs), store.nurse) == "substance_log_in_one_clinic"
    visit = day.opened()
    far_store = Store(cabinet_of(far), theirs, far, far, store.clock)
    assert refusal(bare(far_store, K.DRAWN, visit=visit), far) == "substance_log_in_one_clinic"


def cabinet_of(person: User) -> StorageLocation:
    manager = hired(person.clinic, "mo", "Mo Lane", Role.MANAGER)
    return cabinet(manager)


def test_nothing_new_is_written_in_a_closed_location(store: Store, vera: User) -> None:
    wrong = store.write()
    substances.change_location(location_id=store.location.pk, by=vera, in_use=False)
    assert refusal(bare(store, K.DRAWN), store.nurse) == "substance_location_in_use"
    with recorded(by=store.nurse):
        bare(store, K.RECEIVED, supersedes=wrong, correction_reason="Misread").save()


def test_nothing_new_is_written_of_what_is_not_on_the_list(store: Store) -> None:
    wrong = store.write()
    gone = substances.retire(substance_id=store.substance.pk, reason="Not bought now", by=store.nurse, now=store.now())
    for substance in (store.substance, gone):
        assert refusal(bare(store, K.DRAWN, substance=substance), store.nurse) == "substance_on_the_list"
    with recorded(by=store.nurse):
        bare(store, K.RECEIVED, supersedes=wrong, correction_reason="Misread").save()


def test_a_correction_stands_where_the_mistake_does_once_and_with_a_reason(store: Store, vera: User) -> None:
    wrong = store.write()
    told = {"supersedes": wrong, "correction_reason": "Misread"}
    own = "substance_correction_in_own_log"
    assert refusal(bare(store, K.DRAWN, **told), store.nurse) == own
    assert refusal(bare(store, K.RECEIVED, **told, location=cabinet(vera, "Cabinet B")), store.nurse) == own
    unsaid = bare(store, K.RECEIVED, **{**told, "correction_reason": " "})
    assert refusal(unsaid, store.nurse) == "substance_log_corrected_with_reason"
    struck = store.strike(wrong)
    again = bare(store, K.RECEIVED, **told)
    assert refusal(again, store.nurse).startswith("infusions_substancelogentry_supersedes_id")
    assert refusal(bare(store, K.RECEIVED, **{**told, "supersedes": struck}), store.nurse) == own


def test_no_row_lies_in_the_future_or_is_sent_twice(store: Store) -> None:
    row = bare(store, K.DRAWN, observed_at=store.clock + timedelta(hours=1))
    assert refusal(row, store.nurse) == "substance_log_not_in_the_future"
    ages = {"observed_at": store.clock - timedelta(days=60_000)}
    assert refusal(bare(store, K.DRAWN, **ages), store.nurse) == "substancelogentry_observed_at_in_our_times"
    sent = store.write(client_id=uuid4())
    assert refusal(bare(store, K.DRAWN, client_id=sent.client_id), store.nurse) == "substance_log_sent_once"


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"strength": None}, "substance_described_or_retired"),
        ({"retired": True}, "substance_described_or_retired"),
        ({"name": " "}, "substance_blank_is_null"),
    ],
)
def test_a_description_is_whole(store: Store, more: dict, name: str) -> None:
    row = Substance(clinic=store.location.clinic, author=store.nurse, entered_at=store.clock, **{**VIAL, **more})
    assert refusal(row, store.nurse) == name


def test_a_description_supersedes_one_of_its_clinic_with_a_reason(store: Store, far: User) -> None:
    def anew(by: User, **more: Any) -> Substance:
        told = {"supersedes": store.substance, "correction_reason": "Misread", "clinic": by.clinic, **VIAL, **more}
        return Substance(author=by, entered_at=store.clock, **told)

    assert refusal(anew(store.nurse, correction_reason=" "), store.nurse) == "substance_replaced_with_reason"
    assert refusal(anew(far), far) == "substance_in_one_clinic"
    assert refusal(anew(far, supersedes=None, clinic=store.location.clinic), far) == "substance_in_one_clinic"


def test_a_location_is_whole_and_named_once(store: Store, vera: User) -> None:
    said = {"clinic": vera.clinic, "name": "Cabinet B", "address": "There", "registration_number": "1"}
    assert refusal(StorageLocation(**{**said, "address": " "}), vera) == "storage_location_said_whole"
    assert refusal(StorageLocation(**{**said, "name": "CABINET A"}), vera) == "storage_location_name_once"


CHANGES: dict[str, Callable[[SubstanceLogEntry], Any]] = {
    "update": lambda row: SubstanceLogEntry.objects.filter(pk=row.pk).update(quantity="20"),
    "delete": lambda row: row.delete(),
    "raw update": lambda row: raw("UPDATE infusions_substancelogentry SET quantity = '20' WHERE id = %s", row),
    "raw delete": lambda row: raw("DELETE FROM infusions_substancelogentry WHERE id = %s", row),
}


def raw(statement: str, row: SubstanceLogEntry) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [row.pk])


@pytest.mark.parametrize("way", CHANGES)
def test_not_even_its_author_changes_a_row(store: Store, way: str) -> None:
    row = store.write()
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), recorded(by=store.nurse):
        CHANGES[way](row)
    assert sqlstate(refused.value) == "DK003"
    assert SubstanceLogEntry.objects.get().quantity == "2"


def test_nobody_writes_under_a_clinicians_name(store: Store, ana: User, vera: User) -> None:
    for by in (ana, vera, store.witness, SystemJob.IMPORT):
        for row in (
            bare(store, K.DRAWN),
            Substance(clinic=vera.clinic, author=store.nurse, entered_at=store.clock, **VIAL),
        ):
            with pytest.raises(DatabaseError) as refused, transaction.atomic(), recorded(by=by):
                row.save()
            assert sqlstate(refused.value) == "DK004"


# Two at once


@pytest.mark.django_db(transaction=True)
def test_of_two_who_correct_one_row_at_once_one_is_told_so(store: Store) -> None:
    wrong = store.write()
    answers = at_once(
        lambda: store.correct(wrong, quantity="3"),
        lambda: store.correct(wrong, quantity="4", by=store.witness),
        lambda: store.strike(wrong),
    )
    assert sum(isinstance(answer, SubstanceLogEntry) for answer in answers) == 1
    assert {answer.code for answer in answers if isinstance(answer, Clash)} == {"corrected-already"}
    assert SubstanceLogEntry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_four_times_at_once_is_written_once(store: Store) -> None:
    sent = uuid4()
    rows = at_once(*[lambda: store.write(client_id=sent) for _ in range(4)])
    assert {row.pk for row in rows} == {SubstanceLogEntry.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_a_description_that_goes_and_a_row_of_it_do_not_pass_each_other(store: Store, vera: User) -> None:
    """Whichever comes first: no row of what was off the list before it was written, and nobody meets a fault."""

    def write() -> object:
        try:
            return store.write(K.DRAWN)
        except Invalid as refused:
            return refused

    gone = {"substance_id": store.substance.pk, "reason": "Not bought now", "by": store.witness, "now": store.now()}
    answers = at_once(lambda: substances.retire(**gone), *[write] * 3)
    assert not [answer for answer in answers if isinstance(answer, DatabaseError)]
    off = Substance.objects.get(retired=True).recorded_at
    assert all(row.recorded_at <= off for row in SubstanceLogEntry.objects.all())


@pytest.mark.django_db(transaction=True)
def test_closing_a_location_waits_for_what_is_being_written(store: Store, vera: User) -> None:
    answers = at_once(
        lambda: substances.change_location(location_id=store.location.pk, by=vera, in_use=False),
        *[lambda: store.write(K.DRAWN)] * 3,
    )
    assert not [answer for answer in answers if isinstance(answer, DatabaseError)]
    assert {answer.code for answer in answers if isinstance(answer, Clash)} <= {"location-closed"}
    closed = StorageLocation.history.filter(in_use=False).get().history_date
    assert all(row.recorded_at <= closed for row in SubstanceLogEntry.objects.all())
