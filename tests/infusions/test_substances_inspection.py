"""The log as it is handed to an inspector: whole, in the clinic's time, no formula in it, and written down."""

import csv
import io
from datetime import date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from config.audit.acting import SystemJob, recorded
from config.audit.disclosures import disclosed, disclosures_of
from config.audit.guards import sqlstate
from config.audit.models import Disclosure, DisclosureKind
from config.refusals import Invalid, NotAllowed, NotFound
from config.staff.models import User
from config.staff.permissions import GRANTS, Permission, Role
from infusions import substances
from infusions.models.substances import LogKind
from infusions.substances import Inspection
from infusions.substances.csv_file import as_csv, as_text
from tests.infusions.stocking import Store, open_store  # noqa: F401
from tests.infusions.visiting import Day, open_day  # noqa: F401

K = LogKind
DAY = date(2026, 11, 23)


def taken(store: Store, by: User, first: date = DAY, last: date = DAY) -> Inspection:
    return substances.inspected(
        location_id=store.location.pk, first=first, last=last, how=DisclosureKind.EXPORT, by=by, now=store.now()
    )


def sheet(inspection: Inspection) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The file read back: what it says of itself, and its rows by the heads of the columns."""
    rows = list(csv.reader(io.StringIO(as_csv(inspection), newline="")))
    blank = rows.index([])
    return dict(rows[:blank]), [dict(zip(rows[blank + 1], row, strict=True)) for row in rows[blank + 2 :]]


def test_the_file_says_what_it_is_and_who_took_it_out(store: Store, vera: User) -> None:
    store.write()
    about, rows = sheet(taken(store, vera))
    assert about["Controlled-substance log"] == "Cabinet A"
    assert (about["Address"], about["Registration number"]) == ("12 Harbour Street", "XX0000000")
    assert about["Period"] == "2026-11-23 to 2026-11-23, both days included"
    assert about["Time zone"] == "America/Los_Angeles"
    assert about["Exported by"] == "Vera Lind, manager"
    assert about["Exported at"] == "2026-11-23 12:02:00-08:00"
    assert (about["Entries"], len(rows)) == ("1", 1)


def test_every_row_stands_in_it_as_typed_the_oldest_first(store: Store, vera: User) -> None:
    wrong = store.write(quantity="2 or 3?", lot="L, 77", expiry='"03"/28', invoice="9\u00e9")
    right = store.correct(wrong, quantity="3")
    lost = store.write(K.LOST)
    struck = store.strike(lost, correction_reason="Found behind the jars")
    waste = store.write(K.WASTED)
    _, rows = sheet(taken(store, vera))
    assert [row["Entry"] for row in rows] == [str(one.pk) for one in (wrong, right, lost, struck, waste)]
    assert [row["State"] for row in rows] == ["corrected", "stands", "struck", "strikes an entry", "stands"]
    first, second, third, fourth, fifth = rows
    told = ("Happened at", "Kind", "Quantity", "Unit", "Lot", "Expiry", "Invoice", "Supplier", "Written by")
    assert [first[name] for name in told] == [
        "2026-11-23 12:01:00-08:00", "Received", "2 or 3?", "jars", "L, 77", '"03"/28', "9é", "Acme Jars",
        "Nils Berg, RN",
    ]  # fmt: skip
    assert [first[n] for n in ("Substance", "Form", "Strength", "Strength unit", "Package")] == [
        "Examplamine", "liquid", "3", "spoons a cup", "box of 12 jars",
    ]  # fmt: skip
    assert (first["Corrected by entry"], second["Corrects entry"]) == (second["Entry"], first["Entry"])
    assert second["Corrected because"] == "Misread"
    assert (fourth["Corrects entry"], fourth["Corrected because"]) == (third["Entry"], "Found behind the jars")
    assert (fourth["Quantity"], fourth["Substance"]) == ("", "")
    assert (fifth["Witness"], fifth["Reason"]) == ("Mara Santos, MD", "Left in the jar")


def test_only_the_days_of_the_clinic_that_were_asked_for(store: Store, vera: User) -> None:
    late = store.write(observed_at=datetime.fromisoformat("2026-11-22T23:59:59-08:00"))
    early = store.write(observed_at=datetime.fromisoformat("2026-11-23T00:00:00-08:00"))
    sunday = date(2026, 11, 22)
    assert [line.entry for line in taken(store, vera).lines] == [early]
    assert [line.entry for line in taken(store, vera, sunday, sunday).lines] == [late]
    assert [line.entry for line in taken(store, vera, sunday, DAY).lines] == [late, early]
    # A correction of another day is named, though it stands in another period.
    store.correct(late, observed_at=datetime.fromisoformat("2026-11-23T00:00:00-08:00"))
    [line] = taken(store, vera, sunday, sunday).lines
    assert line.struck
    for days, field in (((DAY, sunday), "last"), ((date(1, 1, 1), DAY), "first")):
        with pytest.raises(Invalid) as refused:
            taken(store, vera, *days)
        assert refused.value.field == field


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\uff1d"])
def test_a_value_is_never_taken_for_a_formula(first: str) -> None:
    assert as_text(f"{first}1+1") == f"'{first}1+1"
    assert as_text(f"1{first}1") == f"1{first}1"


def test_no_formula_gets_into_the_file_from_any_field(store: Store, vera: User) -> None:
    formula = '=HYPERLINK("http://example.com","2")'
    # What a clinician typed as a quantity is told apart too: -2 is shown, and not reckoned with.
    store.write(lot=formula, invoice="@SUM(1)", supplier="+1 Jars", supplier_address="\tA1", quantity="-2")
    substances.change_location(location_id=store.location.pk, by=vera, name="=Cabinet")
    about, [row] = sheet(taken(store, vera))
    assert about["Controlled-substance log"] == "'=Cabinet"
    assert [row[n] for n in ("Lot", "Invoice", "Supplier", "Supplier's address", "Quantity")] == [
        f"'{formula}", "'@SUM(1)", "'+1 Jars", "'\tA1", "'-2",
    ]  # fmt: skip
    for line in csv.reader(io.StringIO(as_csv(taken(store, vera)), newline="")):
        assert not [cell for cell in line if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_a_manager_takes_out_record_numbers_and_a_prescriber_names(
    store: Store, day: Day, vera: User, mara: User
) -> None:
    visit = day.started()
    store.clock = day.now()
    store.write(K.GIVEN, visit=visit)
    with recorded(by=SystemJob.SET_UP):
        visit.patient.address = "3 Hill Road\nExample City"
        visit.patient.save()
    about, [row] = sheet(taken(store, vera))
    assert row["Record number"] == visit.patient.record_number
    assert not {"Patient", "Patient's address"} & set(row)
    assert "Quill" not in as_csv(taken(store, vera))
    assert about["Patients"].startswith("by record number;")
    about, [row] = sheet(taken(store, mara))
    assert (row["Patient"], row["Patient's address"]) == (visit.patient.listed_name, "3 Hill Road Example City")
    assert about["Patients"].startswith("by record number, name and address")


def test_who_may_do_what_with_the_log() -> None:
    may = {
        role: {p.name.split("_")[0] for p in grants if p.name.endswith("_SUBSTANCES")}
        for role, grants in GRANTS.items()
    }
    assert may == {
        Role.FRONT_DESK: set(),
        Role.NURSE: {"SEE", "WRITE"},
        Role.PRESCRIBER: {"SEE", "WRITE", "EXPORT"},
        Role.MANAGER: {"SEE", "EXPORT"},
        Role.AUDITOR: {"SEE"},
    }
    assert Permission.SEE_CLINICAL not in GRANTS[Role.MANAGER]


def test_nobody_else_takes_it_out(store: Store, ana: User, nils: User, olu: User, zoe: User) -> None:
    for person in (ana, nils, olu):
        with pytest.raises(NotAllowed):
            taken(store, person)
    zoe.role = "manager"
    with pytest.raises(NotFound):
        taken(store, zoe)
    assert not Disclosure.objects.exists()


def test_what_was_taken_out_is_written_down_and_stays(store: Store, vera: User, mara: User) -> None:
    taken(store, vera)
    row = Disclosure.objects.get()
    assert (row.kind, row.what, row.record) == ("export", "Controlled-substance log of Cabinet A", store.location.pk)
    assert (row.first, row.last, row.actor) == (DAY, DAY, f"user:{vera.pk}")
    taken(store, mara)
    assert [one.actor for one in disclosures_of(store.location.pk)] == [f"user:{mara.pk}", f"user:{vera.pk}"]
    for change in (lambda: Disclosure.objects.update(what="Nothing"), Disclosure.objects.all().delete):
        with pytest.raises(DatabaseError) as refused, transaction.atomic(), recorded(by=vera):
            change()
        assert sqlstate(refused.value) == "DK003"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"kind": "fax"}, "disclosure_kind_known"),
        ({"what": " "}, "disclosure_says_what"),
        ({"period": (date(2026, 11, 24), DAY)}, "disclosure_period"),
    ],
)
def test_a_disclosure_says_what_and_when(vera: User, said: dict, name: str) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        disclosed(**{"kind": DisclosureKind.PRINT, "what": "A record", "by": vera, **said})
    assert refused.value.__cause__.diag.constraint_name == name


@pytest.mark.django_db(transaction=True)
def test_nobody_discloses_anonymously(vera: User) -> None:
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        Disclosure(kind=DisclosureKind.PRINT, what="A record").save()
    assert sqlstate(refused.value) == "DK001"
