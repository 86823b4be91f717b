"""No dosing or protocol field has a default: not in models, forms, serializers, the database or migrations."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django import forms
from django.db import connection
from django.db.models import NOT_PROVIDED
from django.urls import get_resolver
from rest_framework import serializers
from rest_framework.fields import empty

from config.audit.triggers import history_of
from infusions.clinical import SignedDocument, entry_models
from infusions.protocol import LABELS
from infusions.web.order_forms import OrderForm
from tests.house.dosing import (
    clinical_fields,
    clinical_names,
    dosing_names,
    written,
)
from tests.infusions.visiting import Day, open_day  # noqa: F401  (a fixture)

HOUSE = Path(__file__).parents[3]
ROOMS = ("config", "patients", "scheduling", "notifications")
# Rooms outside infusions that may say the names: the demo's invented orders, and the list of what an import refuses.
MAY_SAY = ("config/demo/seed/", "patients/importing/clinical_names.py")


def test_s2_no_field_has_a_default_in_its_model_or_its_history() -> None:
    found = []
    for model, field in clinical_fields():
        pair = [field]
        if issubclass(model, SignedDocument):
            pair.append(history_of(model)._meta.get_field(field.name))
        found += [f"{f.model.__name__}.{f.name}" for f in pair if f.has_default() or f.db_default is not NOT_PROVIDED]
    assert found == []


def test_s2_no_column_has_a_default_in_the_database(db: None) -> None:
    tables = {model._meta.db_table: {field.column for field in written(model)} for model in entry_models()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_name = ANY(%s) AND (column_default IS NOT NULL OR is_generated <> 'NEVER')",
            [list(tables)],
        )
        found = [(table, column) for table, column in cursor.fetchall() if column in tables[table]]
    assert found == []


def test_every_dosing_field_can_be_left_unwritten() -> None:
    assert [f"{m.__name__}.{f.name}" for m, f in clinical_fields() if f.name in dosing_names() and not f.null] == []


def subclasses(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from subclasses(child)


def ours(kind: type) -> list[type]:
    """The project's own subclasses, all pages and routes loaded."""
    assert get_resolver().url_patterns
    return [child for child in subclasses(kind) if child.__module__.split(".")[0] in {"infusions", *ROOMS}]


def test_s2_no_form_has_a_default() -> None:
    checked, found = set(), []
    for form in ours(forms.BaseForm):
        fields = {**form.base_fields, **(form().fields if form is OrderForm else {})}
        for name in clinical_names() & set(fields):
            checked.add(name)
            if fields[name].initial is not None or fields[name].widget.attrs.get("value") or fields[name].localize:
                found.append(f"{form.__name__}.{name}")
    assert found == []
    assert checked >= set(LABELS)


def is_abstract(serializer: type) -> bool:
    return issubclass(serializer, serializers.ModelSerializer) and not hasattr(serializer, "Meta")


def test_s2_no_serializer_has_a_default() -> None:
    checked, found = set(), []
    for serializer in ours(serializers.Serializer):
        if serializer.__module__.split(".")[0] != "infusions" or is_abstract(serializer):
            continue
        fields = serializer().get_fields()
        for name in dosing_names() & set(fields):
            field = fields[name]
            checked.add(name)
            initial = serializers.Field.get_initial(field) if field.initial is not None else None
            if field.default is not empty or initial:
                found.append(f"{serializer.__name__}.{name}")
    assert found == []
    assert checked >= set(LABELS)


def test_s2_no_migration_gives_a_default_or_moves_data() -> None:
    files = list((HOUSE / "infusions" / "migrations").glob("0*.py"))
    assert files
    for file in files:
        tree = ast.parse(file.read_text())
        assert list(defaults(tree)) == [], file.name
        assert "RunPython" not in {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}, file.name


def defaults(tree: ast.AST) -> Iterator[str]:
    """Names of clinical fields that a migration declares with a default."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[0], ast.Constant):
            name, declared = node.elts[0].value, node.elts[1]
        elif isinstance(node, ast.Call) and {"name", "field"} <= {word.arg for word in node.keywords}:
            told = {word.arg: word.value for word in node.keywords}
            name, declared = getattr(told["name"], "value", None), told["field"]
        else:
            continue
        words = {word.arg for word in getattr(declared, "keywords", [])}
        if name in clinical_names() and words & {"default", "db_default"}:
            yield str(name)


def test_that_last_test_can_fail() -> None:
    text = 'X(fields=[("dose", F(null=True, default="1"))])\nAddField(name="rate", field=F(db_default=2))'
    assert set(defaults(ast.parse(text))) == {"dose", "rate"}
