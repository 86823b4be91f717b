"""A signed order, a visit's record and its dates on paper: by a press, written down, and as they were signed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.audit.models import Disclosure
from config.audit.reading import story
from config.staff.models import User
from config.staff.permissions import Role
from infusions import exceptions, histories, orders, records
from infusions.models import Order, Visit
from tests.conftest import PASSWORD, hired
from tests.infusions.ordering import drafted
from tests.infusions.test_signing import behind_the_locks
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]
PageAs = Callable[[User], Client]


@pytest.fixture
def order(day: Day) -> Order:
    return day.order(
        day.patient(), rate="2", rate_unit="spoons an hour", titration="Up by 1 while calm.\nNever above 5."
    )


@pytest.fixture
def nurse(day: Day, page_as: PageAs) -> Client:
    return page_as(day.nurse)


def printed(client: Client, order: Order) -> str:
    answer = client.post(reverse("order-print", args=[order.pk]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def gone_out() -> list[tuple[str, object, str]]:
    return [(row.what, row.record, row.actor) for row in Disclosure.objects.order_by("recorded_at")]


class TestAnOrder:
    def test_reads_as_its_review_did_and_is_signed_below(self, nurse: Client, order: Order) -> None:
        html = printed(nurse, order)
        assert "QUILL, Ada" in html
        assert "born</span>" not in html
        assert "born 14 Mar 1970" in html
        assert order.patient.record_number in html
        assert "Up by 1 while calm.<br>Never above 5." in html
        assert "three spoons" in html
        assert "<strong>Not written:</strong> Route" in html
        assert "In force when this was printed." in html
        for words in ("Mara Santos, MD", "23 Nov 2026, 12:00 PST", "ordered", order.content_hash):
            assert f"{words}<" in html, words
        assert "this is exactly what was signed" in html
        assert "Printed 23 Nov 2026, 15:00 PST by Nils Berg, nurse" in html

    def test_the_page_has_a_button_and_nothing_of_the_desk(self, nurse: Client, order: Order) -> None:
        html = printed(nurse, order)
        assert "data-print" in html
        assert "topbar" not in html
        assert "style=" not in html

    def test_one_press_is_one_row(self, nurse: Client, order: Order, nils: User) -> None:
        printed(nurse, order)
        assert gone_out() == [("Signed order", order.pk, f"user:{nils.pk}")]
        printed(nurse, order)
        assert len(gone_out()) == 2

    def test_a_get_shows_nothing_and_leads_to_the_order(self, nurse: Client, order: Order) -> None:
        answer = nurse.get(reverse("order-print", args=[order.pk]))
        assert answer.status_code == 405
        assert "Examplamine" not in answer.content.decode()
        assert reverse("order", args=[order.pk]) in answer.content.decode()
        assert gone_out() == []

    @pytest.mark.parametrize(
        ("move", "words"),
        [
            ("hold", "On hold: nothing is booked or begun on it"),
            ("complete", "Completed: no longer in force."),
            ("stop", "Stopped for good: no longer in force."),
            ("enter_in_error", "it should never have been signed"),
        ],
    )
    def test_how_it_stands_is_said_in_words(self, nurse: Client, day: Day, order: Order, move: str, words: str) -> None:
        getattr(orders, move)(order_id=order.pk, by=day.prescriber, now=day.now(), reason="She moves away.")
        html = printed(nurse, order)
        assert words in html
        assert "Since 23 Nov 2026, 12:01 PST, Mara Santos: She moves away." in html
        assert "In force when this was printed." not in html

    def test_an_older_version_names_the_newer_and_the_newer_the_older(
        self, nurse: Client, day: Day, order: Order
    ) -> None:
        orders.supersede(order_id=order.pk, by=day.prescriber, now=day.now(), reason="Slower from now on.")
        draft = orders.draft_of(patient=order.patient, by=day.prescriber)
        assert draft is not None
        draft = orders.change_draft(
            order_id=draft.pk, by=day.prescriber, now=day.now(), version=draft.version, agent="Samplamine"
        )
        newer = orders.sign(
            order_id=draft.pk, by=day.prescriber, now=day.now(), password=PASSWORD, version=draft.version
        )
        old, new = printed(nurse, order), printed(nurse, newer)
        assert "Superseded by a newer version" in old
        assert "The newer version was signed 23 Nov 2026, 12:03 PST by Mara Santos, MD." in old
        assert "Examplamine" in old
        assert "Samplamine" not in old
        assert "the order signed 23 Nov 2026, 12:00 PST, because: Slower from now on." in new
        assert "Examplamine" not in new

    def test_its_exceptions_stand_below_it_signed(self, nurse: Client, day: Day, order: Order) -> None:
        on = day.clinic.today(day.clock) + timedelta(days=9)
        exceptions.allow(
            order_id=order.pk, kind="outside-gaps", day=on, reason="A week away.", by=day.prescriber, now=day.now(),
            password=PASSWORD,
        )  # fmt: skip
        html = printed(nurse, order)
        assert "One visit outside the gaps, on Wednesday 2 December 2026:</strong> A week away." in html
        assert "Mara Santos, MD, 23 Nov 2026, 12:01 PST: allowed an exception. Checked when printed" in html
        assert "No visit uses it yet." in html

    def test_a_changed_one_says_that_it_is_not_what_was_signed(self, nurse: Client, order: Order) -> None:
        behind_the_locks("UPDATE infusions_order SET dose = '4' WHERE id = %s", [order.pk])
        html = printed(nurse, order)
        assert "this is no longer what was signed" in html
        assert "exactly what was signed" not in html

    def test_a_draft_is_refused_in_words(self, day: Day, mara: User, page_as: PageAs) -> None:
        draft = drafted(day.patient(), mara, day.clock)
        answer = page_as(mara).post(reverse("order-print", args=[draft.pk]))
        assert answer.status_code == 409
        assert "This order is a draft: it is not signed." in answer.content.decode()
        assert page_as(day.nurse).post(reverse("order-print", args=[draft.pk])).status_code == 404
        assert gone_out() == []

    def test_another_clinic_s_is_not_found(self, order: Order, other_clinic, page_as: PageAs) -> None:
        ned = hired(other_clinic, "ned", "Ned Hall", Role.NURSE, "RN")
        assert page_as(ned).post(reverse("order-print", args=[order.pk])).status_code == 404
        assert gone_out() == []

    @pytest.mark.parametrize("who", ["ana", "vera", "olu"])
    def test_whoever_reads_no_orders_prints_none(
        self, request: pytest.FixtureRequest, order: Order, page_as: PageAs, who: str
    ) -> None:
        client = page_as(request.getfixturevalue(who))
        assert client.post(reverse("order-print", args=[order.pk])).status_code == 403
        assert gone_out() == []
        if who != "olu":
            assert reverse("order-print", args=[order.pk]) not in client.get(f"/orders/{order.pk}/").content.decode()

    def test_the_order_page_has_the_button(self, nurse: Client, order: Order) -> None:
        html = nurse.get(reverse("order", args=[order.pk])).content.decode()
        assert f'action="{reverse("order-print", args=[order.pk])}"' in html

    def test_its_history_tells_who_printed_it(self, nurse: Client, order: Order, olu: User, ana: User) -> None:
        printed(nurse, order)
        for reader in (olu, nurse.get("/").wsgi_request.user):
            newest = story(histories.of_order(order.pk, reader)).entries[0]
            assert (newest.who, newest.told[0].heading) == ("Nils Berg", "Signed order: printed")
        assert histories.of_order(order.pk, ana) == []

    def test_it_costs_the_same_however_much_is_written(self, nurse: Client, day: Day, order: Order) -> None:
        short = day.order(day.patient("Marsh"))
        costs = []
        for one in (order, short):
            with CaptureQueriesContext(connection) as asked:
                printed(nurse, one)
            costs.append(len(asked))
        assert costs[0] == costs[1] <= 16


class TestARecord:
    @pytest.fixture
    def signed(self, day: Day) -> Visit:
        return day.signed().visit

    def test_is_the_record_with_its_signatures_checked(self, nurse: Client, day: Day, signed: Visit) -> None:
        records.add_addendum(
            visit_id=signed.pk, by=day.nurse, now=day.now(), password=PASSWORD, text="Called.", reason="Follow-up"
        )
        html = " ".join(nurse.post(reverse("visit-print", args=[signed.pk])).content.decode().split())
        for words in ("QUILL, Ada", "born 14 Mar 1970", "Slept, woke, went home.", "Nils Berg, RN", "Called."):
            assert words in html
        assert "2 signatures checked when printed: the record is exactly what was signed." in html

    def test_one_that_was_changed_says_so(self, nurse: Client, signed: Visit) -> None:
        changed = "UPDATE infusions_visitnote SET plan = 'Other words' WHERE visit_id = %s"
        behind_the_locks(changed, [signed.pk], table="infusions_visitnote")
        html = nurse.post(reverse("visit-print", args=[signed.pk])).content.decode()
        assert "no longer what was signed" in html

    def test_an_open_one_has_nothing_to_check(self, nurse: Client, day: Day) -> None:
        html = nurse.post(reverse("visit-print", args=[day.started().pk])).content.decode()
        assert "No note yet." in html
        assert "checked when printed" not in html

    def test_is_written_down_and_told_in_its_history(self, nurse: Client, day: Day, signed: Visit) -> None:
        url = reverse("visit-print", args=[signed.pk])
        assert nurse.get(url).status_code == 405
        assert gone_out() == []
        nurse.post(url)
        assert gone_out() == [("Visit record", signed.pk, f"user:{day.nurse.pk}")]
        drawer = nurse.get(reverse("visit-history", args=[signed.pk]), headers={"HX-Request": "true"})
        assert "Visit record: printed" in drawer.content.decode()

    def test_the_signed_note_has_the_button_and_no_blank_sheet(self, nurse: Client, signed: Visit) -> None:
        html = nurse.get(reverse("visit", args=[signed.pk])).content.decode()
        assert html.count(f'action="{reverse("visit-print", args=[signed.pk])}"') == 2
        assert "blank-sheet" not in html


class TestTheDates:
    def test_are_written_down_too(self, day: Day, order: Order, ana: User, page_as: PageAs) -> None:
        day.booked(order)
        client, url = page_as(ana), reverse("series-print", args=[order.pk])
        assert client.get(url).status_code == 405
        html = client.post(url).content.decode()
        assert "Monday 23 November 2026" in html
        assert "Examplamine" not in html
        assert gone_out() == [("Dates for the patient", order.pk, f"user:{ana.pk}")]
        assert f'action="{url}"' in client.get(reverse("order", args=[order.pk])).content.decode()
