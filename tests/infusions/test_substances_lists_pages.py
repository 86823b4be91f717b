"""The lists behind the drug log, and what leaves the house for an inspection."""

import csv
import io
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from config.audit.models import Disclosure
from config.staff.models import User
from infusions.models import StorageLocation, Substance, SubstanceLogEntry
from infusions.models.substances import LogKind
from tests.infusions.stocking import LEAST, VIAL, Store, cabinet, open_store  # noqa: F401
from tests.infusions.test_substances_pages import assert_empty, sent
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]
K = LogKind
Pages = Callable[[User], Client]


def test_a_manager_adds_and_changes_a_location(page_as: Pages, vera: User) -> None:
    manager = page_as(vera)
    said = {"name": "Cabinet A", "address": "12 Harbour Street", "registration_number": "XX0000000"}
    made = manager.post(reverse("storage-location-new"), said)
    kept = StorageLocation.objects.get()
    assert made.url == reverse("substance-log", args=[kept.pk])
    url = reverse("storage-location-edit", args=[kept.pk])
    assert manager.post(reverse("storage-location-new"), said).status_code == 422
    assert manager.post(url, {**said, "name": "Cabinet B", "version": "1"}).status_code == 302
    stale = manager.post(url, {**said, "name": "Cabinet C", "in_use": "on", "version": "1"})
    assert stale.status_code == 409
    html = stale.content.decode()
    assert "Saved now, by somebody else" in html
    assert "Cabinet B" in html
    assert 'value="Cabinet C"' in html
    assert 'name="version" value="2"' in html
    told = manager.get(reverse("storage-location-history", args=[kept.pk])).content.decode()
    assert "Cabinet B" in told


def test_a_clinician_describes_and_replaces_a_substance(page_as: Pages, nils: User) -> None:
    nurse, url = page_as(nils), reverse("substance-new")
    assert_empty(nurse.get(url).content.decode())
    unclear = nurse.post(url, {**VIAL, "strength": "3.0"})
    assert unclear.status_code == 422
    assert "ends in a zero" in unclear.content.decode()
    assert nurse.post(url, VIAL).status_code == 302
    assert nurse.post(url, VIAL).status_code == 409
    anew = reverse("substance-anew", args=[Substance.objects.get().pk])
    shown = nurse.get(anew).content.decode()
    assert "spoons a cup" in shown
    assert_empty(shown)
    assert nurse.post(anew, {**VIAL, "strength": "4"}).status_code == 422
    assert nurse.post(anew, {**VIAL, "strength": "4", "correction_reason": "Misread"}).status_code == 302
    [kept] = Substance.objects.standing()
    assert kept.strength == "4"
    gone = {"retire": "1", "correction_reason": "Not bought now"}
    assert nurse.post(reverse("substance-anew", args=[kept.pk]), gone).status_code == 302
    assert "Nothing described yet" in nurse.get(reverse("substances")).content.decode()


def test_a_file_for_an_inspection_is_a_press_and_is_written_down(page_as: Pages, store: Store, vera: User) -> None:
    store.write(lot="=1+1")
    url, manager = reverse("substance-export", args=[store.location.pk]), page_as(vera)
    assert "Nothing of this log was printed or exported yet" in manager.get(url).content.decode()
    assert not Disclosure.objects.exists()
    file = manager.post(url, {"first": "2026-11-23", "last": "2026-11-23", "export": "1"})
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    assert file["Content-Disposition"] == 'attachment; filename="substance-log-2026-11-23-2026-11-23.csv"'
    assert file["Cache-Control"] == "no-store"
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))
    assert rows[-1][rows[-2].index("Lot")] == "'=1+1"
    assert Disclosure.objects.get().kind == "export"
    html = manager.get(url).content.decode()
    assert "Vera Lind" in html
    assert "23 Nov 2026 to 23 Nov 2026" in html


def test_a_sheet_for_an_inspection_shows_every_row(
    page_as: Pages, store: Store, day: Day, vera: User, mara: User
) -> None:
    visit = day.started()
    store.clock = day.now()
    store.write(K.GIVEN, visit=visit)
    store.correct(store.write(quantity="200"), quantity="20")
    url = reverse("substance-export", args=[store.location.pk])
    form = {"first": "2026-11-23", "last": "2026-11-23", "print": "1"}
    sheet = page_as(vera).post(url, form).content.decode()
    assert sheet.count("<tr>") >= 4
    assert "<s>200 jars</s>" in sheet
    assert "Printed" in sheet
    assert "Vera Lind" in sheet
    assert "Quill" not in sheet
    assert visit.patient.listed_name in page_as(mara).post(url, form).content.decode()
    assert [row.kind for row in Disclosure.objects.all()] == ["print", "print"]


def test_days_that_make_no_sense_take_nothing_out(page_as: Pages, store: Store, vera: User) -> None:
    url, manager = reverse("substance-export", args=[store.location.pk]), page_as(vera)
    for days in (
        {},
        {"first": "2026-11-23"},
        {"first": "2026-11-24", "last": "2026-11-23"},
        {"first": "x", "last": "y"},
    ):
        assert manager.post(url, days).status_code == 422, days
    assert not Disclosure.objects.exists()


def test_a_second_location_has_a_log_of_its_own(page_as: Pages, store: Store, vera: User, nils: User) -> None:
    store.write(lot="L-77")
    other = cabinet(vera, "Cabinet B")
    html = page_as(nils).get(reverse("substance-log", args=[other.pk])).content.decode()
    assert "L-77" not in html


def test_a_corrected_time_is_of_the_same_day(page_as: Pages, store: Store, nils: User) -> None:
    wrong = store.write(K.DRAWN, observed_at=datetime.fromisoformat("2026-11-20T09:15:00-08:00"))
    url = reverse("substance-correct", args=[wrong.pk])
    form = sent(store, K.DRAWN, at="0951", correction_reason="Digits turned round")
    assert page_as(nils).post(url, form).status_code == 302
    right = SubstanceLogEntry.objects.get(supersedes=wrong)
    assert right.observed_at == datetime.fromisoformat("2026-11-20T09:51:00-08:00")
