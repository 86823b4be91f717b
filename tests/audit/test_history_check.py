"""No write of a tracked row commits without its history, whoever writes it and however."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from config.audit.acting import SystemJob, recorded
from config.audit.guards import sqlstate
from config.staff.accounts import deactivate
from config.staff.models import Clinic
from scheduling.models import PatientLimits
from tests.infusions.ordering import known_patient

pytestmark = pytest.mark.django_db(transaction=True)
SET_UP = SystemJob.SET_UP


def a_clinic(name: str = "Pier Clinic") -> Clinic:
    return Clinic(name=name, sender_name=name, zone="America/Phoenix", phone="+16025550100")


@pytest.fixture
def pier() -> Clinic:
    clinic = a_clinic()
    with recorded(by=SET_UP):
        clinic.save()
    return clinic


def refused(code: str):
    class Refusal:
        def __enter__(self) -> None:
            return None

        def __exit__(self, kind, error, traceback) -> bool:
            assert isinstance(error, DatabaseError), error
            assert sqlstate(error) == code, sqlstate(error)
            return True

    return Refusal()


def test_save_keeps_history_with_who_and_why(pier):
    with recorded(by=SET_UP, reason="moved"):
        pier.address = "1 Harbour Street"
        pier.save()
    newest = pier.history.first()
    assert (newest.actor, newest.history_change_reason, newest.history_type) == ("job:set-up", "moved", "~")
    assert pier.version == 2


def test_an_inner_block_has_its_own_reason_and_the_outer_one_goes_on_after_it(pier):
    with recorded(by=SET_UP, reason="moved"):
        with recorded(by=SystemJob.IMPORT, reason="read from a file"):
            pier.save()
        pier.save()
        with recorded(by=SET_UP):
            pier.save()
        pier.save()
    told = list(pier.history.order_by("version").values_list("actor", "history_change_reason"))[1:]
    outer = ("job:set-up", "moved")
    assert told == [("job:import", "read from a file"), outer, ("job:set-up", None), outer]


def test_two_saves_in_one_transaction(pier):
    with recorded(by=SET_UP):
        pier.address = "1 Harbour Street"
        pier.save()
        pier.address = "2 Harbour Street"
        pier.save()
    assert pier.history.count() == 3


def test_create_and_delete_in_one_transaction():
    with recorded(by=SET_UP):
        clinic = a_clinic()
        clinic.save()
        clinic.delete()
    assert not Clinic.objects.exists()


def test_queryset_delete_keeps_history(pier):
    with recorded(by=SET_UP):
        Clinic.objects.all().delete()
    assert Clinic.history.first().history_type == "-"


def test_bulk_with_history():
    with recorded(by=SET_UP):
        clinics = bulk_create_with_history([a_clinic("A"), a_clinic("B")], Clinic)
        for clinic in clinics:
            clinic.address = "Quay"
        bulk_update_with_history(clinics, Clinic, ["address"])
    assert Clinic.history.count() == 4


def test_an_inner_savepoint_rolled_back(pier):
    with recorded(by=SET_UP):
        with suppress(RuntimeError), recorded(by=SET_UP):
            pier.address = "Nowhere"
            pier.save()
            raise RuntimeError
        fresh = Clinic.objects.get()
        fresh.address = "Quay"
        fresh.save()
    assert Clinic.objects.get().address == "Quay"


def test_update_is_refused(pier):
    with refused("DK002"), recorded(by=SET_UP):
        Clinic.objects.update(address="Quay")
    assert Clinic.objects.get().address == ""


def test_a_save_followed_by_a_sneaky_update_is_refused(pier):
    with refused("DK002"), recorded(by=SET_UP):
        pier.address = "Quay"
        pier.save()
        Clinic.objects.update(address="Elsewhere")


def test_plain_bulk_create_is_refused():
    with refused("DK002"), recorded(by=SET_UP):
        Clinic.objects.bulk_create([a_clinic()])


def test_plain_bulk_update_is_refused(pier):
    pier.address = "Quay"
    with refused("DK002"), recorded(by=SET_UP):
        Clinic.objects.bulk_update([pier], ["address"])


def test_raw_sql_is_refused(pier):
    with refused("DK002"), recorded(by=SET_UP), connection.cursor() as cursor:
        cursor.execute("UPDATE staff_clinic SET address = 'Quay'")
    with refused("DK002"), recorded(by=SET_UP), connection.cursor() as cursor:
        cursor.execute("DELETE FROM staff_clinic")
    assert Clinic.objects.get().address == ""


def test_an_update_that_changes_nothing_is_refused(pier):
    with refused("DK002"), recorded(by=SET_UP):
        Clinic.objects.update(address="")


def test_skipping_history_is_refused(pier):
    pier.skip_history_when_saving = True
    with refused("DK002"), recorded(by=SET_UP):
        pier.save()


def test_a_write_without_an_acting_person_is_refused(pier):
    with refused("DK001"):
        a_clinic("Nobody's").save()
    with refused("DK001"), transaction.atomic():
        pier.save()


def test_the_acting_person_ends_with_the_transaction(pier):
    with recorded(by=SET_UP):
        pier.save()
    with refused("DK001"):
        pier.save()


@pytest.mark.parametrize(
    "statement", ["UPDATE staff_historicalclinic SET address = 'x'", "DELETE FROM staff_historicalclinic"]
)
def test_history_cannot_be_changed(pier, statement):
    with refused("DK003"), recorded(by=SET_UP), connection.cursor() as cursor:
        cursor.execute(statement)


def test_pgtrigger_cannot_switch_the_locks_off(pier):
    with refused("DK002"), recorded(by=SET_UP), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{pgtrigger_history_matches}', true)")
        import pgtrigger

        with pgtrigger.ignore():  # noqa: TID251  (the very thing that must not work)
            Clinic.objects.update(address="Quay")


def told(clinic: Clinic, **lies: Any) -> Any:
    """A row of history as somebody would write it by hand: the newest one, with other values."""
    row = clinic.history.first()
    row.pk, row._state.adding = None, True
    for name, value in lies.items():
        setattr(row, name, value)
    return row


def test_history_cannot_be_forged(pier):
    """Whatever an INSERT says, who and when are the transaction's."""
    with recorded(by=SET_UP):
        pier.save()
        told(pier, actor="user:somebody-else", history_date=datetime(2001, 1, 1, tzinfo=UTC)).save(force_insert=True)
    forged = pier.history.first()
    assert forged.actor == "job:set-up"
    assert forged.history_date.year > 2001


LIES = [
    {},
    {"history_type": "-"},
    {"history_type": "~"},
    {"history_type": "~", "address": "Quay"},
    {"history_type": "~", "version": 2},
    {"id": UUID("00000000-0000-4000-8000-000000000000")},
    {"id": UUID("00000000-0000-4000-8000-000000000000"), "history_type": "-"},
]


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_history_of_what_did_not_happen_is_refused(pier, lie):
    with refused("DK002"), recorded(by=SET_UP):
        told(pier, **lie).save(force_insert=True)
    assert pier.history.count() == 1


@pytest.mark.parametrize("lie", [{"address": "Elsewhere"}, {"history_type": "+"}, {"history_type": "-"}], ids=str)
def test_a_true_change_lends_no_truth_to_a_false_one_before_it(pier, lie):
    """The newest row matches at commit; the one before it tells of a value that never stood."""
    with refused("DK002"), recorded(by=SET_UP):
        pier.address = "Quay"
        pier.save()
        told(pier, **lie).save(force_insert=True)
        pier.save()
    assert pier.history.count() == 1


def test_a_lock_on_the_row_is_no_change_of_it(pier):
    with refused("DK002"), recorded(by=SET_UP):
        Clinic.locked(pier.pk)
        told(pier, history_type="~").save(force_insert=True)


def test_another_s_change_is_not_ours(pier):
    """Committed after this transaction began, it is seen here, and its id is the higher one."""
    with refused("DK002"), recorded(by=SET_UP):
        a_clinic("Ours").save()
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(saved_elsewhere, pier.pk).result()
        told(pier, history_type="~").save(force_insert=True)
    assert Clinic.history.filter(id=pier.pk).count() == 2


def saved_elsewhere(pk: UUID) -> None:
    try:
        with recorded(by=SET_UP):
            Clinic.objects.get(pk=pk).save()
    finally:
        connection.close()


def test_a_change_in_a_savepoint_is_ours(pier):
    with recorded(by=SET_UP):
        Clinic.objects.get(pk=pier.pk).save()
        with transaction.atomic(), transaction.atomic():
            Clinic.objects.get(pk=pier.pk).save()
    assert pier.history.count() == 3


def test_a_list_that_shrinks_is_a_change(clinic, now):
    """Containment would let it pass: what is left is contained in what was."""
    limits = PatientLimits(patient=known_patient(clinic, now), weekdays=[1, 2, 3])
    with recorded(by=SET_UP):
        limits.save()
    with refused("DK002"), recorded(by=SET_UP):
        limits.save()
        PatientLimits.objects.filter(pk=limits.pk).update(weekdays=[1])


NOBODYS = ["banana", "job:nobody-knows", "job:", "user:", "user:banana", "user:00000000-0000-4000-8000-000000000000"]


def acting(actor: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('desk.actor', %s, true)", [actor])


@pytest.mark.parametrize("actor", NOBODYS)
def test_only_people_and_known_jobs_act(pier, actor):
    with refused("DK001"), transaction.atomic():
        acting(actor)
        pier.save()


def test_who_has_left_acts_no_more(ana):
    deactivate(person=ana, by=SET_UP, reason="left")
    with refused("DK001"), recorded(by=ana):
        ana.clinic.save()


def test_the_database_knows_the_jobs():
    """A job that is added to SystemJob needs a migration that replaces desk_jobs()."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(desk_jobs())")
        assert {name for (name,) in cursor.fetchall()} == set(SystemJob)


@pytest.fixture
def kept_database():
    """As any other than a test's: without the comment that gives it up."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON DATABASE {name} IS NULL")
        yield
        cursor.execute(f"COMMENT ON DATABASE {name} IS 'disposable'")


@pytest.mark.parametrize("table", ["staff_historicalclinic", "staff_clinic", "staff_passwordcheck"])
def test_no_table_is_emptied(pier, kept_database, table):
    with refused("DK003"), recorded(by=SET_UP), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")
    assert Clinic.objects.exists()


def test_under_another_id_the_record_before_would_be_gone_without_a_word(pier):
    """Though the new one's history is written by hand, and true."""
    columns = ",".join(field.column for field in Clinic._meta.concrete_fields)
    with refused("DK002"), recorded(by=SET_UP), connection.cursor() as cursor:
        cursor.execute("UPDATE staff_clinic SET id = gen_random_uuid() RETURNING id")
        [renamed] = cursor.fetchone()
        cursor.execute(
            f"INSERT INTO staff_historicalclinic ({columns}, history_date, history_type) "
            f"SELECT {columns}, now(), '+' FROM staff_clinic WHERE id = %s",
            [renamed],
        )
    assert Clinic.objects.get().pk == pier.pk
