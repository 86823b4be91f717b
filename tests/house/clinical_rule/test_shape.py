"""Dosing and protocol fields stand on clinician entries alone, and each of those carries its locks."""

import pgtrigger
import pytest
from django.db import connection

from config.audit.triggers import history_of
from infusions.clinical import Entry, SignedDocument, entry_models
from infusions.models import Order
from infusions.protocol import LABELS
from infusions.web.order_forms import OrderForm
from tests.house.dosing import (
    NOT_CLINICAL,
    own_models,
    written,
)
from tests.infusions.visiting import Day, open_day  # noqa: F401  (a fixture)


def test_every_model_is_an_entry_or_on_the_short_list() -> None:
    entries = set(entry_models())
    others = {model.__name__: {field.name for field in model._meta.concrete_fields} for model in own_models()
              if model not in entries}  # fmt: skip
    assert others == NOT_CLINICAL


def test_the_forms_of_an_order_know_all_its_fields_and_no_others() -> None:
    assert set(LABELS) == {field.name for field in written(Order)}
    assert set(OrderForm().fields) == set(LABELS) | {"version"}


@pytest.mark.parametrize("model", entry_models(), ids=lambda model: model.__name__)
def test_every_entry_carries_its_locks(model: type[Entry], db: None) -> None:
    wanted = {"clinician_only", "append_only", "stamped_entry"}
    if issubclass(model, SignedDocument):
        wanted = {"clinician_only", "signed_is_final", "history_matches"}
        assert locks(history_of(model)) >= {"clinician_only", "append_only", "stamped_history"}
    if getattr(model, "closes_with_note", False):
        wanted |= {"visit_not_signed"}
    assert locks(model) >= wanted


def locks(model: type) -> set[str]:
    """The names of the triggers that stand in the database, enabled."""
    registered = {trigger.get_pgid(model): trigger.name for owner, trigger in pgtrigger.registered() if owner is model}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'O'",
            [model._meta.db_table],
        )
        return {registered[name] for (name,) in cursor.fetchall() if name in registered}
