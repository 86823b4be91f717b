"""Every way to change an order past its door, and every kind of entry."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection
from django.db.models import ProtectedError
from simple_history.utils import bulk_update_with_history

from config.audit.acting import recorded
from config.audit.guards import sqlstate
from config.audit.triggers import history_of
from config.staff.models import User
from infusions.clinical import Entry, entry_models
from infusions.models import Order
from patients.models import Patient
from tests.house.clinical_rule.ways import WRITES_NO_ORDER
from tests.infusions.ordering import NONSENSE, drafted, signed
from tests.infusions.visiting import Day, open_day  # noqa: F401  (a fixture)


def raw_delete(order: Order) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM infusions_order WHERE id = %s", [order.pk])


CHANGES: dict[str, Callable[[Order], Any]] = {
    "update": lambda order: Order.objects.filter(pk=order.pk).update(dose="4"),
    "bulk_update": lambda order: Order.objects.bulk_update([changed(order)], ["dose"]),
    "bulk_update_with_history": lambda order: bulk_update_with_history([changed(order)], Order, ["dose"]),
    "save": lambda order: changed(order).save(),
    "delete": lambda order: order.delete(),
    "raw delete": lambda order: raw_delete(order),
    "forged history": lambda order: history_of(Order).objects.create(
        **{field.attname: getattr(order, field.attname) for field in Order._meta.concrete_fields},
        history_type="~",
        history_date=order.entered_at,
    ),
}


def changed(order: Order) -> Order:
    order.dose = "4"
    return order


@pytest.mark.parametrize("role", WRITES_NO_ORDER)
@pytest.mark.parametrize("path", CHANGES)
def test_nobody_else_changes_a_draft(
    request: pytest.FixtureRequest, ada: Patient, mara: User, now: datetime, role: str, path: str
) -> None:
    order = drafted(ada, mara, now)
    with pytest.raises(DatabaseError) as refused, recorded(by=request.getfixturevalue(role)):
        CHANGES[path](order)
    assert sqlstate(refused.value) in {"DK004", "DK005"}
    assert Order.objects.get().dose == NONSENSE["dose"]


@pytest.mark.parametrize("path", sorted(set(CHANGES) - {"forged history"}))
def test_not_even_its_author_changes_a_signed_one(ada: Patient, mara: User, now: datetime, path: str) -> None:
    order = signed(ada, mara, now)
    with pytest.raises(DatabaseError) as refused, recorded(by=mara):
        CHANGES[path](order)
    # What hangs from a signed order stops Django's own delete before the database is asked.
    assert isinstance(refused.value, ProtectedError) or sqlstate(refused.value) == "DK005"
    assert Order.objects.get().dose == NONSENSE["dose"]


@pytest.mark.parametrize("role", ["ana", "vera", "olu"])
@pytest.mark.parametrize("model", entry_models(), ids=lambda model: model.__name__)
def test_s1_no_entry_of_any_kind_is_written_by_others(
    request: pytest.FixtureRequest, db: None, model: type[Entry], role: str
) -> None:
    """The lock comes before every other check of the row, so a bare row shows it."""
    person = request.getfixturevalue(role)
    with pytest.raises(DatabaseError) as refused, recorded(by=person), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} (id, author_id) VALUES (%s, %s)",  # a table of ours
            [uuid4(), person.pk],
        )
    assert sqlstate(refused.value) in {"DK004", "23514"}
    assert not model._default_manager.exists()
