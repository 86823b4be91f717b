"""Only clinicians write dosing and protocol fields: the rule, tried on every model, form, serializer, name and path."""

import ast
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pgtrigger
import pytest
from celery import shared_task
from django import forms
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import NOT_PROVIDED, ProtectedError
from django.urls import get_resolver, reverse
from rest_framework import serializers
from rest_framework.fields import empty
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from config.audit.acting import SystemJob, recorded
from config.audit.guards import sqlstate
from config.audit.triggers import history_of
from config.staff.accounts import deactivate
from config.staff.models import Clinic, User
from infusions import orders
from infusions.clinical import Entry, SignedDocument, entry_models
from infusions.models import CandidacyDecision, Order, Visit, VitalsSet
from infusions.models.flowsheet import FLOWSHEET
from infusions.protocol import LABELS
from infusions.web.order_forms import OrderForm
from patients.models import Patient
from tests.conftest import PASSWORD
from tests.house.dosing import (
    HANDED_OVER,
    NOT_CLINICAL,
    clinical_fields,
    clinical_names,
    dosing_names,
    own_models,
    written,
)
from tests.infusions.ordering import BOOKING, NONSENSE, bookable, drafted, known_patient, signed
from tests.infusions.test_order_pages import Inputs
from tests.infusions.visiting import Day, open_day  # noqa: F401  (a fixture)

HOUSE = Path(__file__).parents[2]
ROOMS = ("config", "patients", "scheduling", "notifications")
# Rooms outside infusions that may say the names: the demo's invented orders, and the list of what an import refuses.
MAY_SAY = ("config/demo/seed/", "patients/importing/clinical_names.py")
WRITES_NO_ORDER = ["ana", "nils", "vera", "olu"]


# Shape


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


# No default, anywhere


def test_no_field_has_a_default_in_its_model_or_its_history() -> None:
    found = []
    for model, field in clinical_fields():
        pair = [field]
        if issubclass(model, SignedDocument):
            pair.append(history_of(model)._meta.get_field(field.name))
        found += [f"{f.model.__name__}.{f.name}" for f in pair if f.has_default() or f.db_default is not NOT_PROVIDED]
    assert found == []


def test_no_column_has_a_default_in_the_database(db: None) -> None:
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


def test_no_form_has_a_default() -> None:
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


def test_no_serializer_has_a_default() -> None:
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


def test_no_migration_gives_a_default_or_moves_data() -> None:
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


# Who may say the names


def said(source: str) -> set[str]:
    """Every identifier, keyword, attribute and whole text of a module."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        for kind in ("id", "attr", "arg", "name"):
            word = getattr(node, kind, None)
            found |= {word} if isinstance(word, str) else set()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def test_no_other_room_says_a_dosing_name() -> None:
    names = dosing_names() - HANDED_OVER
    assert {"dose", "rate", "bolus", "amount_unit", "rate_on_pump", "titration"} <= names
    found = {}
    for room in ROOMS:
        for file in (HOUSE / room).rglob("*.py"):
            path = str(file.relative_to(HOUSE))
            words = names & said(file.read_text())
            if words and not path.startswith(MAY_SAY):
                found[path] = sorted(words)
    assert found == {}


def test_no_template_of_another_room_says_one() -> None:
    # A decision has a last day too, which the patient page shows.
    names = dosing_names() - HANDED_OVER - {field.name for field in written(CandidacyDecision)}
    found = []
    for room in ROOMS:
        for file in (HOUSE / room).rglob("templates/**/*.html"):
            words = set(re.findall(r"\.([a-z_]+)", file.read_text()))
            found += [f"{file.name}: {name}" for name in names & words]
    assert found == []


def test_no_template_renders_a_dosing_input_of_its_own() -> None:
    """A placeholder or a list in any template of the app would be a hint."""
    for file in (HOUSE / "infusions" / "templates").rglob("*.html"):
        text = file.read_text()
        assert "placeholder" not in text, file.name
        assert "datalist" not in text, file.name


# Every path, as everybody who may not


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)


def unsaved(patient: Patient, author: User, now: datetime) -> Order:
    return Order(clinic=patient.clinic, patient=patient, author=author, entered_at=now, **NONSENSE)


def raw_insert(patient: Patient, author: User, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO infusions_order (id, version, clinic_id, patient_id, author_id, entered_at, dose, dose_unit,"
            " supersedes_reason, signed_name, signed_meaning, content_hash)"
            " VALUES (%s, 1, %s, %s, %s, %s, '3', 'spoons', '', '', '', '')",
            [uuid4(), patient.clinic_id, patient.pk, author.pk, now],
        )


PATHS: dict[str, Callable[[Patient, User, datetime], Any]] = {
    "save": lambda patient, author, now: unsaved(patient, author, now).save(),
    "create": lambda patient, author, now: Order.objects.create(
        clinic=patient.clinic, patient=patient, author=author, entered_at=now, **NONSENSE
    ),
    "bulk_create": lambda patient, author, now: Order.objects.bulk_create([unsaved(patient, author, now)]),
    "bulk_create_with_history": lambda patient, author, now: bulk_create_with_history(
        [unsaved(patient, author, now)], Order
    ),
    "raw SQL": raw_insert,
}


@pytest.mark.parametrize("role", WRITES_NO_ORDER)
@pytest.mark.parametrize("path", PATHS)
def test_refused_under_ones_own_name(
    request: pytest.FixtureRequest, ada: Patient, now: datetime, role: str, path: str
) -> None:
    person = request.getfixturevalue(role)
    with pytest.raises(DatabaseError) as refused, recorded(by=person):
        PATHS[path](ada, person, now)
    assert sqlstate(refused.value) == "DK004"
    assert not Order.objects.exists()


@pytest.mark.parametrize("role", WRITES_NO_ORDER)
@pytest.mark.parametrize("path", PATHS)
def test_refused_under_a_prescribers_name(
    request: pytest.FixtureRequest, ada: Patient, mara: User, now: datetime, role: str, path: str
) -> None:
    with pytest.raises(DatabaseError) as refused, recorded(by=request.getfixturevalue(role)):
        PATHS[path](ada, mara, now)
    assert sqlstate(refused.value) == "DK004"
    assert not Order.objects.exists()


@pytest.mark.parametrize("job", SystemJob)
@pytest.mark.parametrize("path", PATHS)
def test_refused_to_every_system_job(ada: Patient, mara: User, now: datetime, job: SystemJob, path: str) -> None:
    with pytest.raises(DatabaseError) as refused, recorded(by=job):
        PATHS[path](ada, mara, now)
    assert sqlstate(refused.value) == "DK004"
    assert not Order.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", PATHS)
def test_refused_in_a_shell_also_after_somebody_acted(ada: Patient, mara: User, now: datetime, path: str) -> None:
    """The acting person of an earlier transaction on the same connection counts for nothing."""
    drafted(known_patient(mara.clinic, now, "Reed"), mara, now)
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        PATHS[path](ada, mara, now)
    assert sqlstate(refused.value) == "DK001"
    assert not Order.objects.filter(patient=ada).exists()


@shared_task(name="tests.write_an_order")
def write_an_order(patient: str, author: str) -> None:
    """What a task would have to do to write an order: it has no acting person."""
    person = User.objects.get(pk=author)
    unsaved(Patient.objects.get(pk=patient), person, person.local_now()).save()


@pytest.mark.django_db(transaction=True)
def test_refused_to_a_celery_task(ada: Patient, mara: User) -> None:
    done = write_an_order.apply(args=[str(ada.pk), str(mara.pk)])
    assert done.failed()
    assert sqlstate(done.result) == "DK001"
    assert not Order.objects.exists()


def test_refused_to_whoever_is_no_prescriber_any_more(ada: Patient, mara: User, vera: User, now: datetime) -> None:
    order = drafted(ada, mara, now)
    deactivate(person=mara, by=vera, reason="Left.")
    order.dose = "4"
    with pytest.raises(DatabaseError) as refused, recorded(by=mara):
        order.save()
    assert sqlstate(refused.value) == "DK004"


def test_what_was_signed_stays_after_its_author_has_gone(ada: Patient, mara: User, vera: User, now: datetime) -> None:
    order = signed(ada, mara, now)
    deactivate(person=mara, by=vera, reason="Left.")
    connection.check_constraints()
    assert orders.active_order(patient=ada) == order


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
def test_no_entry_of_any_kind_is_written_by_others(
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


@pytest.mark.parametrize("role", WRITES_NO_ORDER)
def test_no_page_and_no_address_takes_it(
    request: pytest.FixtureRequest, ada: Patient, mara: User, now: datetime, role: str, page_as: Callable,
    api_as: Callable,
) -> None:  # fmt: skip
    person = request.getfixturevalue(role)
    order = drafted(known_patient(mara.clinic, now, "Reed"), mara, now)
    page, api = page_as(person), api_as(person)
    sent = {**NONSENSE, "patient": str(ada.pk), "version": 1, "password": PASSWORD}
    got = [
        page.post(reverse("order-new", args=[ada.pk]), {**NONSENSE, "review": ""}),
        page.post(reverse("order-sign", args=[order.pk]), {"password": PASSWORD, "version": 1}),
        api.post("/api/v1/orders/", sent),
        api.patch(f"/api/v1/orders/{order.pk}/", {"dose": "4", "version": 1}),
        api.post(f"/api/v1/orders/{order.pk}/sign/", {"password": PASSWORD, "version": 1}),
    ]
    assert [answer.status_code for answer in got] == [403] * 5
    assert Order.objects.get().signed_at is None


WEIGHED_AND_GIVEN = frozenset({"given", "given_unit", "weight", "weight_unit"})


def people(column: str) -> str:
    return f"record_number,family_name,given_name,birth_date,{column}\n1,Quill,Ada,1970-03-14,3\n"


@pytest.mark.parametrize("column", sorted(dosing_names() - WEIGHED_AND_GIVEN))
def test_a_file_with_such_a_column_is_refused_whole(clinic: Clinic, tmp_path: Path, column: str) -> None:
    (tmp_path / "people.csv").write_text(people(column))
    with pytest.raises(CommandError, match=column):
        call_command("import_patients", str(tmp_path / "people.csv"))
    assert not Patient.objects.exists()
    assert not Order.objects.exists()


def test_a_file_without_such_a_column_comes_in(clinic: Clinic, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("record_number,family_name,given_name,birth_date\n1,Quill,Ada,1970-03-14\n")
    call_command("import_patients", str(file))
    assert Patient.objects.count() == 1


# Empty on load


def test_a_new_order_is_empty_in_page_and_json(
    ada: Patient, mara: User, now: datetime, page_as: Callable, api_as: Callable
) -> None:
    old = bookable(ada, mara, now, **{**BOOKING, "titration": "stir", "valid_until": date(2027, 1, 1)})
    orders.supersede(order_id=old.pk, by=mara, now=now, reason="Less.")
    page = Inputs(page_as(mara).get(reverse("order-new", args=[ada.pk])).content.decode())
    assert {name: page.found[name].get("value") for name in LABELS} == dict.fromkeys(LABELS)
    [told] = [order for order in api_as(mara).get("/api/v1/orders/").json()["results"] if order["status"] == "draft"]
    assert {name: told[name] for name in LABELS} == dict.fromkeys(LABELS)


def test_every_form_of_a_visit_is_empty_after_a_full_visit(day: Day, page_as: Callable) -> None:
    first = day.discharged()
    row = day.vitals(first, systolic=128, rate_on_pump="2", rate_on_pump_unit="spoons an hour", pain=3)
    day.clock += timedelta(days=3)
    second = day.opened(day.booked(first.order))
    client, seen = page_as(day.nurse), set()
    for url in visit_addresses(first, row, second):
        answer = client.get(url)
        assert answer.status_code == 200, url
        seen |= found_empty(url, answer.content.decode())
    assert {"systolic", "pain", "rate", "rate_unit", "amount", "rate_on_pump", "drug", "weight", "given"} <= seen


def visit_addresses(first: Visit, row: VitalsSet, second: Visit) -> list[str]:
    """The second visit's page, its forms of every kind and step, and the correction of a row of the first."""
    charts = [reverse("visit-chart", args=[second.pk, kind]) for kind in FLOWSHEET if kind != "administrations"]
    steps = reverse("visit-chart", args=[second.pk, "administrations"])
    given = [f"{steps}?kind={kind}" for kind in ("start", "rate-change", "bolus")]
    correction = reverse("visit-correct", args=[first.pk, "vitals", row.pk])
    return [reverse("visit", args=[second.pk]), *charts, *given, correction]


def found_empty(url: str, html: str) -> set[str]:
    """The clinical inputs of the page, each of them empty and without a hint."""
    page = Inputs(html)
    names = clinical_names() & set(page.found) - {"kind", "phase"}
    for name in names:
        told = page.found[name]
        pressed = told.get("type") in {"radio", "checkbox"}
        assert not (told.get("value") and not pressed), f"{url} {name}"
        assert not {"checked", "placeholder", "list"} & set(told), f"{url} {name}"
    return names
