"""From a visit to the drug log and back: its id goes along, and nothing else."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from config.staff.models import User
from infusions import signing
from infusions.models import Quantity, SubstanceLogEntry
from infusions.models.substances import LogKind
from tests.infusions.stocking import LEAST, VIAL, Store, cabinet, open_store  # noqa: F401
from tests.infusions.test_substances_pages import assert_empty, sent, write_url
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]
K = LogKind
Pages = Callable[[User], Client]


def test_the_visit_leads_to_the_log_and_carries_its_id_alone(
    page_as: Pages, store: Store, day: Day, nils: User
) -> None:
    visit, nurse = day.ended(), page_as(nils)
    day.chart(visit, Quantity, given="7", given_unit="spoons")
    url = reverse("visit-substances", args=[visit.pk])
    assert url in nurse.get(reverse("visit", args=[visit.pk])).content.decode()
    html = nurse.get(url).content.decode()
    assert "Nothing of this visit in the log" in html
    assert "7 spoons" in html
    links = re.findall(r'href="(/substance-log/[^"]+/write/[^"]+)"', html)
    assert [link.split("/write/")[1] for link in links] == [
        f"{kind}/?visit={visit.pk}" for kind in ("drawn", "given", "wasted", "lost")
    ]
    form = nurse.get(links[1]).content.decode()
    assert "7 spoons" not in form
    assert 'name="visit"' not in form
    assert_empty(form)
    saved = nurse.post(links[1], sent(store, K.GIVEN))
    assert (saved.status_code, saved.url) == (302, url)
    assert SubstanceLogEntry.objects.get().visit == visit
    assert Quantity.objects.count() == 1
    after = nurse.get(url).content.decode()
    assert "Cabinet A" in after
    assert 'data-state="given"' in after


def test_a_visit_is_chosen_where_nobody_came_from_one(page_as: Pages, store: Store, day: Day, nils: User) -> None:
    visit, nurse = day.started(), page_as(nils)
    url = write_url(store, K.GIVEN)
    assert visit.patient.listed_name in nurse.get(url).content.decode()
    assert "Choose the visit" in nurse.post(url, sent(store, K.GIVEN)).content.decode()
    assert nurse.post(url, sent(store, K.GIVEN, visit=str(visit.pk))).status_code == 302
    assert nurse.get(f"{url}?visit={uuid4()}").status_code == 404
    assert nurse.get(f"{url}?visit=none").status_code == 404


def test_a_signed_visit_leads_to_the_log_too(page_as: Pages, store: Store, day: Day, nils: User) -> None:
    visit = day.signed().visit
    url = reverse("visit-substances", args=[visit.pk])
    assert url in page_as(nils).get(reverse("visit", args=[visit.pk])).content.decode()
    assert page_as(nils).get(url).status_code == 200


def test_a_row_that_names_a_signed_visit_leaves_its_record_as_it_was(
    page_as: Pages, store: Store, day: Day, nils: User
) -> None:
    visit, nurse = day.signed().visit, page_as(nils)
    store.clock = day.clock
    before = nurse.post(reverse("visit-print", args=[visit.pk])).content
    store.correct(store.write(K.GIVEN, visit=visit), visit=visit)
    assert nurse.post(reverse("visit-print", args=[visit.pk])).content == before
    assert list(signing.broken()) == []
