"""A signature is bound to the exact content of one record, and a changed record is found."""

from datetime import UTC, date, datetime
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from config.staff.models import Clinic, User
from infusions import exceptions, records
from infusions.models import ExceptionKind, Order
from infusions.notes import note_content_before
from infusions.signing import SIGNED, broken, content_hash, content_of, unregistered
from tests.conftest import PASSWORD
from tests.infusions.ordering import BOOKING, accepted, drafted, known_patient, signed
from tests.infusions.visiting import Day, open_day  # noqa: F401


def behind_the_locks(sql: str, values: list[object], *, table: str = "infusions_order") -> None:
    """Change a row as the owner of the tables could, who may switch triggers off."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        connection.check_constraints()
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


ONE, OTHER = UUID(int=1), UUID(int=2)


def test_the_same_content_in_another_record_hashes_otherwise() -> None:
    assert content_hash(ONE, {"a": "1"}) == content_hash(ONE, {"a": "1"})
    assert content_hash(ONE, {"a": "1"}) != content_hash(OTHER, {"a": "1"})


def test_the_order_of_keys_does_not_matter_and_every_letter_does() -> None:
    assert content_hash(ONE, {"a": "1", "b": "é"}) == content_hash(ONE, {"b": "é", "a": "1"})
    assert content_hash(ONE, {"a": "1"}) != content_hash(ONE, {"a": 1})
    assert content_hash(ONE, {"a": "1 "}) != content_hash(ONE, {"a": "1"})


def test_times_are_compared_as_instants_and_strange_values_refused() -> None:
    from zoneinfo import ZoneInfo

    instant = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    there = instant.astimezone(ZoneInfo("America/Los_Angeles"))
    assert content_hash(ONE, {"at": instant}) == content_hash(ONE, {"at": there})
    assert content_hash(ONE, {"on": date(2026, 11, 23)}) == content_hash(ONE, {"on": "2026-11-23"})
    with pytest.raises(TypeError):
        content_hash(ONE, {"a": object()})


def test_what_is_signed_says_who_when_and_what_for(clinic: Clinic, mara: User, now: datetime) -> None:
    order = signed(known_patient(clinic, now), mara, now, **BOOKING)
    content = content_of(Order.objects.get(pk=order.pk))
    assert {"signed_name", "signed_at", "signed_meaning", "author_id", "patient_id", "dose", "visits"} <= set(content)
    assert "rate" not in content


def test_every_model_with_a_hash_is_verified() -> None:
    assert unregistered() == []


def test_untouched_records_verify(clinic: Clinic, mara: User, now: datetime) -> None:
    ada = known_patient(clinic, now)
    accepted(ada, mara, now, valid_until=date(2027, 1, 1))
    signed(ada, mara, now, **BOOKING, valid_until=date(2027, 1, 1), titration="Löffel\r\n")
    drafted(known_patient(clinic, now, "Reed"), mara, now)
    assert list(broken()) == []
    out = StringIO()
    call_command("verify_signatures", stdout=out)
    assert "2 signatures" in out.getvalue()


def test_a_change_behind_the_locks_is_found_and_named(clinic: Clinic, mara: User, now: datetime) -> None:
    """Whoever holds the database's password can switch triggers off; the signature shows it."""
    order = signed(known_patient(clinic, now), mara, now)
    behind_the_locks("UPDATE infusions_order SET dose = '4' WHERE id = %s", [order.pk])
    assert list(broken()) == [order]
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("verify_signatures", stdout=out, stderr=err)
    assert failed.value.returncode == 1
    assert str(order.pk) in err.getvalue()


def test_a_signature_moved_to_another_record_is_found(clinic: Clinic, mara: User, now: datetime) -> None:
    one = signed(known_patient(clinic, now), mara, now)
    other = signed(known_patient(clinic, now, "Reed"), mara, now)
    behind_the_locks("UPDATE infusions_order SET content_hash = %s WHERE id = %s", [one.content_hash, other.pk])
    assert list(broken()) == [other]


def unlocked(table: str, sql: str, values: list[object]) -> None:
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        connection.check_constraints()
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


ONE_BYTE = {
    "infusions_candidacydecision": "reason",
    "infusions_order": "dose_unit",
    "infusions_visitnote": "text",
    "infusions_addendum": "text",
    "infusions_orderexception": "reason",
}


@pytest.fixture
def all_signed(day: Day) -> Day:
    """Two of everything that is signed, of two people."""
    for family in ("Quill", "Reed"):
        appointment = day.booked(day.order(day.patient(family)), hours=1 if family == "Quill" else 2)
        note = day.signed(day.discharged(day.ended(day.started(day.opened(appointment)))))
        records.add_addendum(
            visit_id=note.visit_id, by=day.nurse, now=day.now(), password=PASSWORD, text=f"{family} slept.", reason="x"
        )
        exceptions.allow(
            order_id=note.visit.order_id,
            kind=ExceptionKind.OUTSIDE_GAPS,
            day=day.clinic.today(day.now()),
            reason=f"{family} travels.",
            by=day.prescriber,
            now=day.now(),
            password=PASSWORD,
        )
    return day


def test_of_every_kind_one_altered_byte_is_found(all_signed: Day) -> None:
    assert {model._meta.db_table for model, _ in SIGNED} == set(ONE_BYTE)
    assert list(broken()) == []
    for table, column in ONE_BYTE.items():
        changed = f"UPDATE {table} SET {column} = %s || {column} WHERE id = (SELECT min(id::text)::uuid FROM {table})"
        unlocked(table, changed, ["."])
        [found] = broken()
        assert found._meta.db_table == table
        back = f"UPDATE {table} SET {column} = substr({column}, 2) WHERE left({column}, 1) = '.'"
        unlocked(table, back, [])
        assert list(broken()) == []


@pytest.mark.parametrize(
    "change", ["start = start - interval '1 day', \"end\" = \"end\" - interval '1 day'", "status = 'not-treated'"]
)
def test_when_the_visit_was_and_how_it_ended_is_signed_too(day: Day, change: str) -> None:
    note = day.signed()
    assert list(broken()) == []
    unlocked("scheduling_appointment", f"UPDATE scheduling_appointment SET {change}", [])
    assert list(broken()) == [note]


def test_what_was_signed_before_that_was_covered_stays_good(day: Day) -> None:
    note = day.signed()
    of_then = content_hash(note.pk, note_content_before(note))
    unlocked("infusions_visitnote", "UPDATE infusions_visitnote SET content_hash = %s", [of_then])
    assert list(broken()) == []
    unlocked("infusions_visitnote", "UPDATE infusions_visitnote SET text = text || '.'", [])
    assert list(broken()) == [note]


def test_of_every_kind_a_signature_moved_to_another_record_is_found(all_signed: Day) -> None:
    for table in ONE_BYTE:
        swapped = (
            f"UPDATE {table} t SET content_hash = o.content_hash, signed_name = o.signed_name FROM {table} o"
            " WHERE o.id <> t.id"
        )
        unlocked(table, swapped, [])
        assert {record._meta.db_table for record in broken()} == {table}
        unlocked(table, swapped, [])
    assert list(broken()) == []
    err = StringIO()
    unlocked("infusions_addendum", "UPDATE infusions_addendum SET content_hash = repeat('0', 64)", [])
    with pytest.raises(CommandError):
        call_command("verify_signatures", stdout=StringIO(), stderr=err)
    assert err.getvalue().count("infusions.Addendum") == 2
