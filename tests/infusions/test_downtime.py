"""Blank sheets for a downtime: who, when, where and the allergies; nothing of an order, and each written down."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.audit.models import Disclosure
from config.refusals import Invalid, NotAllowed
from config.staff.models import User
from config.staff.permissions import Role
from infusions import downtime, listing, orders
from infusions.models import DischargeItem, Order
from infusions.models.course import TEXTS
from patients import allergies
from scheduling import booking
from scheduling.models import Appointment
from scheduling.states import Status
from tests.conftest import hired
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]
PageAs = Callable[[User], Client]
# Every text of an order, and every number, such that each is known wherever it turns up.
WRITTEN = {name: f"Nonsense-{name}" for name in TEXTS} | {
    "planned_minutes": 3109, "chair_minutes": 3119, "visits": 3121, "min_gap_days": 3137, "max_gap_days": 3163,
    "vitals_before_minutes": 3167, "vitals_during_minutes": 3169, "vitals_after_minutes": 3181,
}  # fmt: skip


@pytest.fixture
def order(day: Day) -> Order:
    return day.order(day.patient(), **WRITTEN)


@pytest.fixture
def visit(day: Day, order: Order) -> Appointment:
    return day.booked(order)


def blank(client: Client, visit: Appointment, **more: str) -> str:
    answer = client.post(reverse("blank-sheet", args=[visit.pk]), more)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def of_day(client: Client, day: str, **more: str):
    return client.post(reverse("blank-sheets"), {"day": day, **more})


def sheets_in(html: str) -> list[str]:
    return html.split('<table class="sheet"')[1:]


def words_in(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def gone_out() -> list[tuple[str, object]]:
    return [(row.what, row.record) for row in Disclosure.objects.order_by("what", "recorded_at")]


class TestOneSheet:
    def test_says_who_when_and_where(self, day: Day, visit: Appointment, page_as: PageAs) -> None:
        allergies.add(patient_id=visit.patient_id, substance="Penicillin", reaction="rash", by=day.nurse, now=day.now())
        told = words_in(blank(page_as(day.nurse), visit))
        assert f"QUILL, Ada , born 14 Mar 1970 , record {visit.patient.record_number}" in told
        assert "Monday 23 November 2026, 13:00 PST , Chair 1, Nils Berg, visit 1 of 1 booked" in told
        assert "Allergies: Penicillin (rash); confirmed 23 Nov 2026 by Nils Berg" in told
        assert "Printed 23 Nov 2026, 15:00 PST by Nils Berg, nurse" in told
        assert "Sheet 1 of" not in told

    @pytest.mark.parametrize("who", ["ana", "nils", "mara", "vera"])
    def test_nothing_of_the_order_stands_on_it(
        self, request: pytest.FixtureRequest, visit: Appointment, page_as: PageAs, who: str
    ) -> None:
        html = blank(page_as(request.getfixturevalue(who)), visit)
        assert [value for value in map(str, WRITTEN.values()) if value in html] == []
        assert "Mara Santos, MD" not in html

    def test_has_room_for_what_the_chairside_asks(
        self, day: Day, visit: Appointment, vera: User, page_as: PageAs
    ) -> None:
        lines = ["Blurred vision gone", "Hearing as before"]
        listing.put_items(DischargeItem, clinic=day.clinic, wordings=lines, by=vera, now=day.now())
        html = blank(page_as(day.nurse), visit)
        told = words_in(html)
        assert "Time BP Pulse SpO₂ Resp Sedation Pain Rate as read Remark Initials" in told
        for label in ("Name asked and right Yes No", "Drugs taken today", "Oriented as before Met Open", *lines):
            assert label in told
        assert "<input" not in html.split("<main>")[1], "it is written on by hand"
        assert len(re.findall(r"<td></td>", html)) == 13 * 10 + 5 * 5

    def test_a_consult_has_no_infusion_and_no_discharge(self, day: Day, page_as: PageAs) -> None:
        told = words_in(blank(page_as(day.nurse), day.consult(day.patient())))
        assert "Downtime sheet: consult" in told
        assert "IV access" not in told
        assert "Oriented as before" not in told
        assert "the order" not in told

    def test_is_written_down_and_told_in_the_visit_s_histories(
        self, day: Day, visit: Appointment, page_as: PageAs, api_as: Callable
    ) -> None:
        client = page_as(day.nurse)
        assert client.get(reverse("blank-sheet", args=[visit.pk])).status_code == 405
        assert gone_out() == []
        blank(client, visit)
        assert gone_out() == [(downtime.SHEET, visit.pk)]
        history = client.get(reverse("appointment-history", args=[visit.pk])).content.decode()
        assert "Blank downtime sheet: printed" in history
        told = api_as(day.nurse).get(f"/api/v1/appointments/{visit.pk}/history/").json()
        assert "Blank downtime sheet: printed" in {record["what"] for entry in told for record in entry["records"]}
        opened = day.opened(visit)
        of_visit = client.get(reverse("visit-history", args=[opened.pk])).content.decode()
        assert "Blank downtime sheet: printed" in of_visit

    def test_the_visit_and_its_booking_have_the_button(self, day: Day, visit: Appointment, page_as: PageAs) -> None:
        client, button = page_as(day.nurse), f'action="{reverse("blank-sheet", args=[visit.pk])}"'
        assert button in client.get(reverse("appointment-beside", args=[visit.pk])).content.decode()
        opened = day.opened(visit)
        assert button in client.get(reverse("visit", args=[opened.pk])).content.decode()

    def test_another_clinic_s_is_not_found(self, visit: Appointment, other_clinic, page_as: PageAs) -> None:
        ned = hired(other_clinic, "ned", "Ned Hall", Role.NURSE, "RN")
        assert page_as(ned).post(reverse("blank-sheet", args=[visit.pk])).status_code == 404
        assert gone_out() == []

    def test_an_auditor_prints_none(self, visit: Appointment, olu: User, page_as: PageAs) -> None:
        assert page_as(olu).post(reverse("blank-sheet", args=[visit.pk])).status_code == 403
        with pytest.raises(NotAllowed):
            downtime.taken_out(appointment_id=visit.pk, by=olu)
        assert gone_out() == []


class TestWithTheOrder:
    def test_it_stands_on_a_sheet_of_its_own_as_it_was_signed(
        self, day: Day, visit: Appointment, order: Order, page_as: PageAs
    ) -> None:
        sheet, behind = sheets_in(blank(page_as(day.nurse), visit, orders="1"))
        assert [value for value in map(str, WRITTEN.values()) if value in sheet] == []
        assert "The signed order is the next sheet." in sheet
        assert [name for name in TEXTS if f"Nonsense-{name}" not in behind] == []
        assert order.content_hash in behind
        assert "exactly what was signed" in behind
        assert "Sheet 1 of 2" in sheet
        assert "Sheet 2 of 2" in behind
        assert gone_out() == [(downtime.SHEET, visit.pk), (downtime.ORDER, order.pk)]

    def test_one_that_is_stopped_is_not_printed(
        self, day: Day, visit: Appointment, order: Order, page_as: PageAs
    ) -> None:
        orders.stop(order_id=order.pk, by=day.prescriber, now=day.now(), reason="Unwell.")
        [sheet] = sheets_in(blank(page_as(day.nurse), visit, orders="1"))
        assert "No signed order was in force when this was printed." in sheet
        assert gone_out() == [(downtime.SHEET, visit.pk)]

    @pytest.mark.parametrize("who", ["ana", "vera"])
    def test_not_for_those_who_read_no_orders(
        self, request: pytest.FixtureRequest, visit: Appointment, page_as: PageAs, who: str
    ) -> None:
        client = page_as(request.getfixturevalue(who))
        assert "Add the signed order" not in blank(client, visit)
        before = gone_out()
        answer = client.post(reverse("blank-sheet", args=[visit.pk]), {"orders": "1"})
        assert answer.status_code == 403
        assert gone_out() == before


class TestADay:
    def test_all_who_are_expected_in_the_order_of_time(self, day: Day, page_as: PageAs) -> None:
        late = day.booked(day.order(day.patient("Marsh")), hours=2)
        early = day.booked(day.order(day.patient("Quill")))
        gone = day.booked(day.order(day.patient("Zell")), hours=4)
        booking.cancel(
            appointment_id=gone.pk, by=day.desk, now=day.now(), reason="By phone.", how=Status.CANCELLED_BY_PATIENT
        )
        day.booked(day.order(day.patient("Webb")), days=1)
        answer = of_day(page_as(day.desk), "2026-11-23")
        first, second = sheets_in(answer.content.decode())
        assert ("QUILL, Ada" in first, "MARSH, Ada" in second) == (True, True)
        assert "Sheet 2 of 2" in second
        assert {record for _, record in gone_out()} == {early.pk, late.pk}

    def test_each_sheet_names_its_own_patient_alone(self, day: Day, page_as: PageAs) -> None:
        for hours, family in enumerate(("Quill", "Marsh", "Webb"), start=1):
            day.booked(day.order(day.patient(family), agent=f"Nonsense-{family}"), hours=hours)
        answer = of_day(page_as(day.nurse), "2026-11-23", orders="1")
        found = sheets_in(answer.content.decode())
        assert len(found) == 6
        for place, family in enumerate(("Quill", "Quill", "Marsh", "Marsh", "Webb", "Webb")):
            others = {"Quill", "Marsh", "Webb"} - {family}
            assert f"{family.upper()}, Ada" in found[place]
            assert not any(f"{other.upper()}, Ada" in found[place] for other in others)
            assert (f"Nonsense-{family}" in found[place]) == (place % 2 == 1)

    def test_a_day_without_visits_and_no_day_are_refused(self, day: Day, page_as: PageAs) -> None:
        client = page_as(day.nurse)
        for said in ("2026-11-24", "0001-01-01", "soon", ""):
            answer = of_day(client, said)
            assert answer.status_code == 400, said
        assert "No visit is expected on this day" in of_day(client, "2026-11-24").content.decode()
        with pytest.raises(Invalid):
            downtime.taken_out_of_day(day=day.clinic.today(day.clock) + timedelta(days=1), by=day.nurse)
        assert gone_out() == []

    def test_another_clinic_s_visits_are_not_among_them(self, visit: Appointment, zoe: User, page_as: PageAs) -> None:
        assert of_day(page_as(zoe), "2026-11-23").status_code == 400
        assert gone_out() == []

    def test_the_board_offers_its_day_and_the_next(self, visit: Appointment, ana: User, page_as: PageAs) -> None:
        html = " ".join(page_as(ana).get(reverse("board")).content.decode().split())
        assert f'action="{reverse("blank-sheets")}"' in html
        for day, words in (("2026-11-23", "Print Mon 23 Nov"), ("2026-11-24", "Print Tue 24 Nov")):
            assert f'name="day" value="{day}"' in html
            assert words in html
        empty = page_as(ana).get("/board/2026-11-25/").content.decode()
        assert 'name="day" value="2026-11-25"' not in empty

    def test_three_sheets_cost_what_one_does(self, day: Day, page_as: PageAs) -> None:
        client, costs = page_as(day.nurse), []
        for hours, family in enumerate(("Quill", "Marsh", "Webb"), start=1):
            day.booked(day.order(day.patient(family)), hours=hours)
            with CaptureQueriesContext(connection) as asked:
                assert of_day(client, "2026-11-23").status_code == 200
            costs.append(len(asked))
        assert costs[0] == costs[2] <= 16

    def test_an_order_more_costs_the_same_again(self, day: Day, page_as: PageAs) -> None:
        client, costs = page_as(day.nurse), []
        for hours, family in enumerate(("Quill", "Marsh", "Webb"), start=1):
            day.booked(day.order(day.patient(family)), hours=hours)
            with CaptureQueriesContext(connection) as asked:
                assert of_day(client, "2026-11-23", orders="1").status_code == 200
            costs.append(len(asked))
        assert costs[2] - costs[1] == costs[1] - costs[0] <= 2
