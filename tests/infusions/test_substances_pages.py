"""The pages of the controlled-substance log: empty inputs, kept input, and to each role what is theirs to see."""

import re
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.staff.models import Clinic, User
from config.staff.permissions import Role
from infusions import substances
from infusions.models import SubstanceLogEntry
from infusions.models.substances import LogKind
from tests.conftest import PASSWORD, hired
from tests.infusions.stocking import LEAST, VIAL, Store, cabinet, open_store  # noqa: F401
from tests.infusions.test_order_pages import Inputs
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]
K = LogKind
Pages = Callable[[User], Client]


def log_url(store: Store) -> str:
    return reverse("substance-log", args=[store.location.pk])


def write_url(store: Store, kind: LogKind) -> str:
    return reverse("substance-write", args=[store.location.pk, kind])


def sent(store: Store, kind: LogKind, **more: str) -> dict[str, str]:
    """A form of this kind as a browser sends it."""
    typed = {"substance": str(store.substance.pk), "quantity": "2", "quantity_unit": "jars", **LEAST[kind]}
    return {"client_id": str(uuid4()), **typed, **more}


def assert_empty(html: str) -> set[str]:
    """Nothing that is typed or chosen is filled in, and nothing hints at what to write. Gives the inputs' names."""
    main = html.split('id="content"')[1]
    page = Inputs(main)
    names = set(page.found) - {"client_id", "csrfmiddlewaretoken", "count_moment", "version"}
    for name in names:
        told = page.found[name]
        assert not told.get("value"), name
        assert not {"checked", "placeholder", "list"} & set(told), name
        assert told.get("autocomplete", "off") == "off", name
    assert re.findall(r"<option[^>]* selected>\s*[^<\s]", main) == []
    assert not re.findall(r'type="radio"[^>]*checked', main)
    return names


# Reading


def test_an_empty_clinic_says_who_does_the_first_thing(page_as: Pages, vera: User, nils: User) -> None:
    url = reverse("substances")
    manager, nurse = (page_as(person).get(url).content.decode() for person in (vera, nils))
    assert "Add a location" in manager
    assert "A manager adds the registered place" in nurse
    assert "Describe a substance" in nurse
    assert "Describe a substance" not in manager


def test_the_log_shows_the_newest_row_first_with_what_took_its_place(page_as: Pages, store: Store, nils: User) -> None:
    wrong = store.write(quantity="200", lot="L-77", expiry="03/28")
    store.correct(wrong, quantity="20")
    store.write(K.WASTED, quantity="7")
    html = page_as(nils).get(log_url(store)).content.decode()
    assert html.index('data-state="wasted"') < html.index('data-state="received"')
    assert "<s>200 jars</s>" in html
    assert "Misread" in html
    assert "witness Mara Santos" in html
    # Only what stands can be corrected.
    assert html.count(">Correct<") == 2


def test_a_log_says_why_it_is_empty_or_shows_what_was_asked_for(page_as: Pages, store: Store, nils: User) -> None:
    nurse = page_as(nils)
    assert b"Nothing written yet" in nurse.get(log_url(store)).content
    store.write(lot="L-77")
    store.write(K.DRAWN, lot="L-78")
    rows = {
        "kind=drawn": {"L-78"},
        "lot=77": {"L-77"},
        f"substance={store.substance.pk}": {"L-77", "L-78"},
        "first=2026-11-24": set(),
        "last=2026-11-23&kind=received": {"L-77"},
    }
    for asked, lots in rows.items():
        html = nurse.get(f"{log_url(store)}?{asked}").content.decode()
        assert set(re.findall(r"Lot (L-\d\d)", html)) == lots, asked
    assert b"No such rows" in nurse.get(f"{log_url(store)}?lot=99").content
    assert b"Select a valid choice" in nurse.get(f"{log_url(store)}?kind=stolen").content


def test_a_long_log_comes_in_pages(page_as: Pages, store: Store, nils: User) -> None:
    for number in range(52):
        store.write(lot=f"L-{number:02}")
    nurse = page_as(nils)
    first = nurse.get(f"{log_url(store)}?kind=received").content.decode()
    assert "Lot L-51" in first
    assert "Lot L-01" not in first
    older = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = nurse.get(older).content.decode()
    assert re.findall(r"Lot (L-\d\d)", second) == ["L-01", "L-00"]
    assert "kind=received" in older


def test_names_are_for_those_who_see_clinical_records(
    page_as: Pages, store: Store, day: Day, nils: User, vera: User, olu: User
) -> None:
    visit = day.started()
    store.clock = day.now()
    store.write(K.GIVEN, visit=visit)
    pages = {person: page_as(person).get(log_url(store)).content.decode() for person in (nils, vera, olu)}
    assert visit.patient.listed_name in pages[nils]
    assert reverse("visit", args=[visit.pk]) in pages[nils]
    for person in (vera, olu):
        main = pages[person].split('id="content"')[1]
        assert visit.patient.record_number in main
        assert "Quill" not in main
        assert "Write a row" not in main
        assert ">Correct<" not in main
    assert "Print or export" in pages[vera]
    assert "Print or export" not in pages[olu] + pages[nils]


def test_the_front_desk_sees_nothing_of_it(page_as: Pages, store: Store, day: Day, ana: User) -> None:
    visit = day.started()
    desk = page_as(ana)
    for url in (reverse("substances"), log_url(store), reverse("visit-substances", args=[visit.pk])):
        assert desk.get(url).status_code == 403
    assert reverse("substances") not in desk.get("/").content.decode()


def test_the_log_asks_as_many_queries_for_many_rows_as_for_two(
    page_as: Pages, store: Store, day: Day, nils: User
) -> None:
    nurse, visit = page_as(nils), day.started()
    store.clock = day.now()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert nurse.get(log_url(store)).status_code == 200
        return len(asked)

    store.correct(store.write(K.GIVEN, visit=visit), visit=visit)
    few = queries()
    for _ in range(8):
        store.correct(store.write(K.GIVEN, visit=visit), visit=visit)
        store.write(K.WASTED)
    assert queries() == few
    assert few <= 8


def test_another_clinics_log_is_not_there(page_as: Pages, store: Store, other_clinic: Clinic) -> None:
    femi = page_as(hired(other_clinic, "femi", "Femi Oni", Role.NURSE, "RN"))
    row = store.write()
    for url in (
        log_url(store),
        write_url(store, K.DRAWN),
        reverse("substance-counts", args=[store.location.pk]),
        reverse("substance-correct", args=[row.pk]),
        reverse("substance-anew", args=[store.substance.pk]),
        reverse("storage-location-history", args=[store.location.pk]),
    ):
        assert femi.get(url).status_code == 404, url


# Two counts


def test_two_counts_stand_beside_each_other_as_text(page_as: Pages, store: Store, nils: User) -> None:
    first = store.write(K.COUNTED, quantity="12 jars and one open")
    second = store.write(K.COUNTED, quantity="9", count_moment="closing", witness=store.witness,
                         witness_password=PASSWORD)  # fmt: skip
    store.strike(store.write(K.COUNTED, quantity="77"))
    url, nurse = reverse("substance-counts", args=[store.location.pk]), page_as(nils)
    html = nurse.get(url).content.decode()
    assert html.count('name="left"') == 2
    assert "and one open" not in html
    both = nurse.get(f"{url}?left={first.pk}&right={second.pk}").content.decode()
    assert "12 jars and one open jars" in both
    assert re.search(r"<td[^>]*>9 jars</td>", both)
    read = re.sub(r"<[^>]+>", " ", both.split('id="content"')[1]).replace("no difference is computed", "")
    assert not [word for word in ("ifference", "-3", "+3", "otal", "21") if word in read]
    assert "Choose one count on each side" in nurse.get(f"{url}?left={first.pk}&right=x").content.decode()


def test_a_count_chosen_on_one_page_stays_chosen_on_the_next(page_as: Pages, store: Store, nils: User) -> None:
    for number in range(52):
        store.write(K.COUNTED, quantity=f"{number} and a lid")
    oldest, newest = (SubstanceLogEntry.objects.order_by(by).first() for by in ("observed_at", "-observed_at"))
    url, nurse = reverse("substance-counts", args=[store.location.pk]), page_as(nils)
    first = nurse.get(f"{url}?left={newest.pk}").content.decode()
    older = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = nurse.get(older).content.decode()
    assert f'<input type="hidden" name="left" value="{newest.pk}">' in second
    assert f'name="right" value="{oldest.pk}"' in second
    both = nurse.get(f"{url}?left={newest.pk}&right={oldest.pk}").content.decode()
    assert re.findall(r"(\d+ and a lid) jars", both) == ["51 and a lid", "0 and a lid"]


# Writing


@pytest.mark.parametrize("kind", LogKind)
def test_every_form_is_empty_also_after_rows_were_written(
    page_as: Pages, store: Store, day: Day, nils: User, kind: LogKind
) -> None:
    visit = day.started()
    store.clock = day.now()
    written = store.write(kind, lot="L-77", **({"visit": visit} if kind == K.GIVEN else {}))
    nurse = page_as(nils)
    names = assert_empty(nurse.get(write_url(store, kind)).content.decode())
    assert {"substance", "quantity", "quantity_unit", "lot", "expiry"} <= names
    assert ("invoice" in names) == (kind == K.RECEIVED)
    assert_empty(nurse.get(f"{write_url(store, kind)}?visit={visit.pk}").content.decode())
    correction = nurse.get(reverse("substance-correct", args=[written.pk])).content.decode()
    assert "L-77" in correction
    assert_empty(correction)


@pytest.mark.parametrize("kind", [K.RECEIVED, K.DRAWN, K.RETURNED, K.LOST, K.COUNTED])
def test_a_row_is_written_once_and_the_log_shows_it(page_as: Pages, store: Store, nils: User, kind: LogKind) -> None:
    form = sent(store, kind, lot="L-77")
    saved = page_as(nils).post(write_url(store, kind), form, follow=True)
    assert saved.redirect_chain == [(log_url(store), 302)]
    assert "Lot L-77" in saved.content.decode()
    page_as(nils).post(write_url(store, kind), form)
    row = SubstanceLogEntry.objects.get()
    assert (row.kind, row.quantity, row.author, row.witness) == (kind, "2", nils, None)


def test_what_is_refused_stays_typed_and_is_told_at_its_field(page_as: Pages, store: Store, nils: User) -> None:
    form = sent(store, K.RECEIVED, quantity=".5", supplier="", lot="L-77")
    refused = page_as(nils).post(write_url(store, K.RECEIVED), form)
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "begins with the decimal point" in html
    assert "Write who supplied it." in html
    assert 'value="L-77"' in html
    assert not SubstanceLogEntry.objects.exists()


def test_waste_is_signed_by_the_witness_on_the_spot(page_as: Pages, store: Store, nils: User, mara: User) -> None:
    nurse, url = page_as(nils), write_url(store, K.WASTED)
    html = nurse.get(url).content.decode()
    offered = re.findall(r"<option[^>]*>([^<]+)</option>", html.split('name="witness"')[1].split("</select>")[0])
    assert offered == ["Mara Santos"]
    nobody = nurse.post(url, sent(store, K.WASTED))
    assert "Waste needs a witness" in nobody.content.decode()
    form = sent(store, K.WASTED, witness=str(mara.pk), witness_password=PASSWORD)
    assert nurse.post(url, form).status_code == 302
    assert SubstanceLogEntry.objects.get().witness == mara


@pytest.mark.django_db(transaction=True)
def test_a_wrong_password_of_the_witness_is_told_and_never_shown_back(
    page_as: Pages, store: Store, nils: User, mara: User
) -> None:
    form = sent(store, K.WASTED, witness=str(mara.pk), witness_password="guessed-it")
    nurse = page_as(nils)
    for _ in range(5):
        refused = nurse.post(write_url(store, K.WASTED), form)
        assert refused.status_code == 422
        assert "not the witness&#x27;s password" in refused.content.decode()
        assert "guessed-it" not in refused.content.decode()
    form["witness_password"] = PASSWORD
    assert "Too many wrong passwords" in nurse.post(write_url(store, K.WASTED), form).content.decode()
    assert not SubstanceLogEntry.objects.exists()


def test_when_it_happened_can_be_typed(page_as: Pages, store: Store, nils: User, now: datetime) -> None:
    nurse, url = page_as(nils), write_url(store, K.DRAWN)
    nurse.post(url, sent(store, K.DRAWN, day="2026-11-22", at="0915"))
    assert SubstanceLogEntry.objects.get().observed_at == datetime.fromisoformat("2026-11-22T09:15:00-08:00")
    for typed, words in (
        ({"day": "2026-11-22"}, "Write the time as well."),
        ({"day": "2026-11-24", "at": "09:00"}, "This time has not come yet."),
        ({"day": "2026-03-08", "at": "02:30"}, "does not exist"),
        ({"at": "quarter past"}, "Type a time of day"),
    ):
        refused = nurse.post(url, sent(store, K.DRAWN, **typed))
        assert refused.status_code == 422
        assert words in refused.content.decode(), typed
    assert SubstanceLogEntry.objects.count() == 1


def test_a_mistake_is_corrected_or_struck_beside_what_was_written(page_as: Pages, store: Store, nils: User) -> None:
    wrong, never = store.write(quantity="200"), store.write(K.LOST)
    nurse = page_as(nils)
    url = reverse("substance-correct", args=[wrong.pk])
    unsaid = nurse.post(url, sent(store, K.RECEIVED, quantity="20"))
    assert "Say why this is corrected" in unsaid.content.decode()
    done = nurse.post(url, sent(store, K.RECEIVED, quantity="20", correction_reason="One nought too many"))
    assert (done.status_code, done.url) == (302, log_url(store))
    again = nurse.post(url, sent(store, K.RECEIVED, quantity="2", correction_reason="No"))
    assert again.status_code == 409
    struck = nurse.post(reverse("substance-correct", args=[never.pk]), {"strike": "1", "correction_reason": "Found"})
    assert struck.status_code == 302
    assert [row.quantity for row in SubstanceLogEntry.objects.standing()] == ["20"]


def test_a_waste_is_corrected_with_its_own_reason_and_a_witness(
    page_as: Pages, store: Store, nils: User, mara: User
) -> None:
    wrong = store.write(K.WASTED)
    form = sent(store, K.WASTED, witness=str(mara.pk), witness_password=PASSWORD, reason="Jar cracked")
    form["correction_reason"] = "Wrong reason"
    assert page_as(nils).post(reverse("substance-correct", args=[wrong.pk]), form).status_code == 302
    right = SubstanceLogEntry.objects.get(supersedes=wrong)
    assert (right.reason, right.correction_reason, right.witness) == ("Jar cracked", "Wrong reason", mara)


def test_in_a_closed_location_no_row_is_offered(page_as: Pages, store: Store, nils: User, vera: User) -> None:
    substances.change_location(location_id=store.location.pk, by=vera, in_use=False)
    nurse = page_as(nils)
    html = nurse.get(log_url(store)).content.decode()
    assert "Write a row" not in html
    assert "not in use any more" in html
    assert nurse.post(write_url(store, K.DRAWN), sent(store, K.DRAWN)).status_code == 409
