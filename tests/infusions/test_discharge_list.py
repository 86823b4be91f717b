"""The clinic's own lines of the discharge checklist: asked at each discharge, kept in the words of that day."""

import pytest
from django.urls import reverse

from config.refusals import Invalid
from infusions import checklist, listing
from infusions.models import Discharge, DischargeItem
from infusions.signing import broken
from tests.infusions.visiting import ALL_MET, FIT_TO_GO, Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]
LINES = ["Shoes on", "Blurred vision gone"]


@pytest.fixture
def lines(day: Day, vera) -> list[DischargeItem]:
    return listing.put_items(DischargeItem, clinic=day.clinic, wordings=LINES, by=vera, now=day.now())


def answers(day: Day, lines: list[DischargeItem], *met: bool | None):
    return checklist.answered(clinic=day.clinic, met=dict(zip([line.pk for line in lines], met, strict=True)))


@pytest.mark.parametrize("met", [(True, False), (True, None), None])
def test_an_open_line_needs_a_reason(day: Day, lines, met) -> None:
    visit = day.ended()
    kept = answers(day, lines, *met) if met else None
    with pytest.raises(Invalid) as refused:
        day.chart(visit, Discharge, **FIT_TO_GO, clinic_items=kept)
    assert list(refused.value.errors) == ["open_items_reason"]
    day.chart(visit, Discharge, **FIT_TO_GO, clinic_items=kept, open_items_reason="Sees as before.")
    assert day.status(visit) == "completed"


def test_it_is_kept_in_the_words_of_that_day_under_the_signature(day: Day, lines, vera) -> None:
    visit = day.ended()
    day.chart(visit, Discharge, **FIT_TO_GO, clinic_items=answers(day, lines, True, True))
    day.signed(visit)
    listing.put_items(DischargeItem, clinic=day.clinic, wordings=["Hat on"], by=vera, now=day.now())
    kept = Discharge.objects.get().clinic_items
    assert [(line["wording"], line["met"]) for line in kept] == [(LINES[0], True), (LINES[1], True)]
    assert list(broken()) == []


def test_a_line_of_no_list_is_refused(day: Day, lines, vera) -> None:
    listing.retire_item(DischargeItem, item_id=lines[0].pk, by=vera, now=day.now())
    with pytest.raises(Invalid, match="no such line"):
        answers(day, lines, True, True)


def test_the_page_asks_them_unanswered_and_prints_them(day: Day, lines, page_as) -> None:
    visit, nurse = day.ended(), page_as(day.nurse)
    url = reverse("visit-chart", args=[visit.pk, "discharge"])
    html = nurse.get(url).content.decode()
    assert all(wording in html for wording in LINES)
    before = html.count(" checked")  # a switch of the user's menu
    met = dict.fromkeys(ALL_MET, "yes") | {"escort_identified": "yes", "escort_name": "Sam Quill"}
    half = nurse.post(url, {**met, f"line_{lines[0].pk}": "yes"})
    assert half.status_code == 422
    assert half.content.decode().count(" checked") - before == len(met)
    told = {f"line_{lines[0].pk}": "yes", f"line_{lines[1].pk}": "no", "open_items_reason": "Wears glasses."}
    assert nurse.post(url, {**met, **told}).status_code == 302
    page = nurse.post(reverse("visit-print", args=[visit.pk])).content.decode()
    assert "Blurred vision gone" in page


def test_by_api(day: Day, lines, api_as) -> None:
    visit, nurse = day.ended(), api_as(day.nurse)
    url = f"/api/v1/visits/{visit.pk}/discharge/"
    foreign = nurse.post(url, {**FIT_TO_GO, "clinic_items": [{"item": str(visit.pk), "met": True}]})
    assert (foreign.status_code, list(foreign.json()["errors"])) == (400, ["clinic_items"])
    sent = [{"item": str(line.pk), "met": True} for line in lines]
    told = nurse.post(url, {**FIT_TO_GO, "clinic_items": sent})
    assert told.status_code == 201
    assert [line["wording"] for line in told.json()["clinic_items"]] == LINES


def test_a_manager_keeps_the_list_by_page_and_by_api(day: Day, page_as, api_as, vera) -> None:
    manager, url = page_as(vera), reverse("discharge-list")
    seen = listing.mark_of([])
    assert manager.post(url, {"items": "Shoes on\nHat on", "seen": seen}).status_code == 302
    stale = manager.post(url, {"items": "Coat on", "seen": seen})
    assert stale.status_code == 409
    assert "Hat on" in stale.content.decode()
    assert api_as(vera).post("/api/v1/discharge-items/", {"wording": "Keys found"}).status_code == 201
    assert [line.wording for line in listing.items(DischargeItem, clinic=day.clinic)] == [
        "Shoes on",
        "Hat on",
        "Keys found",
    ]
    assert page_as(day.nurse).get(url).status_code == 403
