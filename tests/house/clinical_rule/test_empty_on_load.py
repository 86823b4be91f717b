"""Every dosing and protocol field is empty when a page or an answer is opened."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.urls import reverse

from config.staff.models import User
from infusions import orders
from infusions.models import SubstanceLogEntry, Visit, VitalsSet
from infusions.models.flowsheet import FLOWSHEET
from infusions.models.substances import LogKind
from infusions.protocol import LABELS
from patients.models import Patient
from tests.house.dosing import (
    clinical_names,
)
from tests.infusions.ordering import BOOKING, bookable
from tests.infusions.stocking import Store, open_store  # noqa: F401  (a fixture)
from tests.infusions.test_order_pages import Inputs
from tests.infusions.visiting import Day, open_day  # noqa: F401  (a fixture)


def test_s3_a_new_order_is_empty_in_page_and_json(
    ada: Patient, mara: User, now: datetime, page_as: Callable, api_as: Callable
) -> None:
    old = bookable(ada, mara, now, **{**BOOKING, "titration": "stir", "valid_until": date(2027, 1, 1)})
    orders.supersede(order_id=old.pk, by=mara, now=now, reason="Less.")
    page = Inputs(page_as(mara).get(reverse("order-new", args=[ada.pk])).content.decode())
    assert {name: page.found[name].get("value") for name in LABELS} == dict.fromkeys(LABELS)
    [told] = [order for order in api_as(mara).get("/api/v1/orders/").json()["results"] if order["status"] == "draft"]
    assert {name: told[name] for name in LABELS} == dict.fromkeys(LABELS)


def test_s3_every_form_of_a_visit_is_empty_after_a_full_visit(day: Day, page_as: Callable) -> None:
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
    blanks = reverse("visit-blank-forms", args=[second.pk])
    return [reverse("visit", args=[second.pk]), blanks, *charts, *given, correction]


def test_every_form_of_the_substance_log_is_empty_after_rows_of_every_kind(store: Store, page_as: Callable) -> None:
    for kind in set(LogKind) - {LogKind.GIVEN}:
        store.write(kind, lot="L-77", expiry="03/28")
    client, seen = page_as(store.nurse), set()
    place, row = store.location.pk, SubstanceLogEntry.objects.filter(kind=LogKind.DRAWN).get()
    urls = [reverse("substance-write", args=[place, kind]) for kind in LogKind]
    urls += [reverse("substance-correct", args=[row.pk]), reverse("substance-new")]
    urls += [reverse("substance-anew", args=[store.substance.pk])]
    for url in urls:
        seen |= found_empty(url, client.get(url).content.decode())
    assert {"quantity", "quantity_unit", "lot", "expiry", "strength", "strength_unit", "package"} <= seen


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
