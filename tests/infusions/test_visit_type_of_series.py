"""The type of visit that the desk chooses for a series: its spans hold from the proposal to the last move, and the
ordered chair time gives way to none of them."""

# ruff: noqa: F811  (the fixtures of the same course)

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from config.refusals import Invalid
from config.staff.accounts import open_clinic
from config.staff.models import Clinic, User
from infusions import fulfilment, orders, repair, rescheduling
from infusions.fulfilment import Wishes
from infusions.models import Order
from infusions.orders import signed_order
from scheduling import booking
from scheduling.models import Appointment, VisitKind, VisitType
from scheduling.models.kinds import What
from scheduling.series import Preferences
from scheduling.visit_types import NeedSpec, SpanSpec, add_visit_type, change_visit_type
from tests.conftest import PASSWORD
from tests.infusions.ordering import BOOKING, NONSENSE, known_patient
from tests.infusions.test_fulfilment import ada, at, booked, order  # noqa: F401  (the same course)
from tests.infusions.test_series_pages import plan_url, sent_back

CHAIR, HANDS, WATCH = NeedSpec(What.CHAIR), NeedSpec(What.HANDS), NeedSpec(What.WATCH)
SERIES, VISITS = "/api/v1/series/", "/api/v1/appointments/"


@pytest.fixture(autouse=True)
def stopped_clock(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


def added(clinic: Clinic, by: User, name: str, *before: SpanSpec, kind: VisitKind = VisitKind.INFUSION) -> VisitType:
    spans = [*before, SpanSpec("Running", None, [CHAIR, WATCH])]
    return add_visit_type(clinic=clinic, name=name, kind=kind, spans=spans, by=by)


@pytest.fixture
def usual(clinic: Clinic, vera: User) -> VisitType:
    """The clinic's first: a nurse watches all through."""
    return added(clinic, vera, "Usual")


@pytest.fixture
def first_time(clinic: Clinic, vera: User, usual: VisitType) -> VisitType:
    """Twenty minutes of a nurse's hands, then watched."""
    return added(clinic, vera, "First time", SpanSpec("Set-up", 20, [CHAIR, HANDS]))


@pytest.fixture
def long_prepared(clinic: Clinic, vera: User, usual: VisitType) -> VisitType:
    """Takes longer to set up than the chair is ordered for."""
    return added(clinic, vera, "Long prepared", SpanSpec("Set-up", 120, [CHAIR, HANDS]))


def taken(visit: Appointment) -> set[tuple[int, timedelta]]:
    """The nurse's lanes that a visit takes, each with for how long."""
    rows = visit.allocations.filter(active=True, resource__kind="nurse")
    return {(min(row.lane, 1), row.during.upper - row.during.lower) for row in rows}


SET_UP_AND_WATCH = {(0, timedelta(minutes=20)), (1, timedelta(minutes=70))}


class TestTheDoor:
    def test_it_holds_from_the_proposal_to_the_last_move(
        self, order: Order, first_time: VisitType, ana: User, now: datetime, at: Callable
    ) -> None:
        wish = Wishes(visit_type=first_time.pk)
        found = fulfilment.propose(order=signed_order(order.pk), now=now, wishes=wish)
        assert found.visit_type == first_time.pk
        assert {visit.end - visit.start for visit in found.visits} == {timedelta(minutes=90)}
        planned = [fulfilment.PlannedVisit(visit.start, visit.chair_id) for visit in found.visits]
        fulfilment.hold(order_id=order.pk, visits=planned, by=ana, now=now, visit_type=first_time.pk)
        kept = fulfilment.keep(order_id=order.pk, by=ana, now=now)
        assert {visit.visit_type_id for visit in kept} == {first_time.pk}
        assert all(taken(visit) == SET_UP_AND_WATCH for visit in kept)
        last = fulfilment.visits_of(order)[-1]
        start = last.start + timedelta(days=3)
        moved = rescheduling.move(appointment_id=last.pk, start=start, by=ana, now=now)
        assert (moved.visit_type_id, taken(moved)) == (first_time.pk, SET_UP_AND_WATCH)

    def test_where_none_is_named_it_is_the_clinics_first(
        self, order: Order, usual: VisitType, first_time: VisitType, booked: list[Appointment], now: datetime
    ) -> None:
        assert {visit.visit_type_id for visit in booked} == {usual.pk}

    def test_a_clinic_without_types_has_plain_visits(self, booked: list[Appointment]) -> None:
        assert {visit.visit_type_id for visit in booked} == {None}

    def test_neither_the_chair_time_nor_the_spans_give_way(
        self, order: Order, long_prepared: VisitType, ana: User, now: datetime, at: Callable
    ) -> None:
        with pytest.raises(Invalid, match="90 minutes; set-up and recovery alone take 120") as proposed:
            fulfilment.propose(order=signed_order(order.pk), now=now, wishes=Wishes(visit_type=long_prepared.pk))
        visits = [fulfilment.PlannedVisit(at(24, 9))]
        with pytest.raises(Invalid, match="only a prescriber changes") as refused:
            fulfilment.book(order_id=order.pk, visits=visits, by=ana, now=now, visit_type=long_prepared.pk)
        assert (proposed.value.field, refused.value.field) == ("visit_type", "visit_type")
        assert not Appointment.objects.exists()

    def test_booked_visits_keep_a_type_that_is_offered_no_longer(
        self, order: Order, first_time: VisitType, ana: User, vera: User, now: datetime, at: Callable
    ) -> None:
        visits = [fulfilment.PlannedVisit(at(day, 9)) for day in (24, 27, 30)]
        fulfilment.book(order_id=order.pk, visits=visits, by=ana, now=now, visit_type=first_time.pk)
        change_visit_type(visit_type_id=first_time.pk, in_use=False, by=vera, now=now)
        ahead = fulfilment.visits_of(order)
        found = repair.proposal_for(order, ahead=ahead, after=None, pinned={}, now=now, prefer=Preferences())
        assert found.visit_type == first_time.pk
        moved = rescheduling.move(appointment_id=ahead[2].pk, start=at(1, 9, 12), by=ana, now=now)
        assert taken(moved) == SET_UP_AND_WATCH

    def test_visits_from_before_there_were_types_stay_plain(
        self, order: Order, booked: list[Appointment], clinic: Clinic, vera: User, now: datetime
    ) -> None:
        added(clinic, vera, "Long prepared", SpanSpec("Set-up", 120, [CHAIR, HANDS]))
        found = repair.proposal_for(order, ahead=booked, after=None, pinned={}, now=now, prefer=Preferences())
        assert (len(found.visits), found.visit_type) == (3, None)

    def test_each_visit_is_looked_for_as_what_it_is(
        self,
        order: Order,
        clinic: Clinic,
        usual: VisitType,
        first_time: VisitType,
        ana: User,
        now: datetime,
        at: Callable,
    ) -> None:
        """The one nurse has her hands full where the later visits stand, which need no hands."""
        first, rest = [fulfilment.PlannedVisit(at(24, 9))], [fulfilment.PlannedVisit(at(day, 9)) for day in (27, 30)]
        fulfilment.book(order_id=order.pk, visits=first, by=ana, now=now, visit_type=first_time.pk)
        fulfilment.book(order_id=order.pk, visits=rest, by=ana, now=now, visit_type=usual.pk)
        other = {"clinic": clinic, "minutes": 90, "kind": VisitKind.INFUSION, "by": ana, "now": now}
        for nth, day in enumerate((24, 25, 26, 27, 30)):
            booking.book(
                patient=known_patient(clinic, now, f"Other{nth}"), start=at(day, 9 if day > 26 else 8),
                visit_type=first_time.pk, **other,
            )  # fmt: skip
        ahead = fulfilment.visits_of(order)
        pinned = {2: ahead[1].start, 3: ahead[2].start}
        wish = {"pinned": pinned, "now": now, "prefer": Preferences(at=time(8)), "after": None}
        found = repair.proposal_for(order, ahead=ahead, **wish)
        assert (found.failure, [visit.start for visit in found.visits[1:]]) == ("", [pinned[2], pinned[3]])
        free = repair.proposal_for(order, ahead=ahead, **{**wish, "pinned": {1: ahead[0].start}})
        assert [visit.start.hour for visit in free.visits[1:]] == [8, 8]
        hands = repair.proposal_for(order, ahead=ahead, **{**wish, "pinned": {1: at(25, 8)}})
        assert (hands.visits, hands.failed) == ([], 1), "her hands are taken then, and the first visit needs them"

    def test_six_queries_from_the_order_on(self, order: Order, first_time: VisitType, now: datetime) -> None:
        read = signed_order(order.pk)
        with CaptureQueriesContext(connection) as queries:
            fulfilment.propose(order=read, now=now, wishes=Wishes(visit_type=first_time.pk))
        assert len(queries) <= 6


class TestThePage:
    def test_the_desk_chooses_among_those_that_are_offered(
        self, order: Order, first_time: VisitType, clinic: Clinic, vera: User, ana: User, page_as: Callable[..., Client]
    ) -> None:
        added(clinic, vera, "Talk", kind=VisitKind.CONSULT)
        client = page_as(ana)
        shown = client.get(plan_url(order), {"visit_type": str(first_time.pk)})
        offered = shown.context["form"].fields["visit_type"].queryset
        assert [kind.name for kind in offered] == ["Usual", "First time"]
        html = shown.content.decode()
        assert f'<option value="{first_time.pk}" selected' in html
        sent = {**sent_back(html), "visit_type": str(first_time.pk), "book": ""}
        assert "3 visits booked." in client.post(plan_url(order), sent, follow=True).content.decode()
        assert {taken(visit) == SET_UP_AND_WATCH for visit in fulfilment.visits_of(order)} == {True}

    def test_the_only_one_is_named(
        self, order: Order, usual: VisitType, ana: User, page_as: Callable[..., Client]
    ) -> None:
        shown = page_as(ana).get(plan_url(order))
        assert "Type of visit: Usual." in shown.content.decode()
        assert "visit_type" not in shown.context["form"].fields

    def test_the_rest_of_a_course_begins_with_the_type_it_has(
        self,
        order: Order,
        first_time: VisitType,
        ana: User,
        now: datetime,
        at: Callable,
        page_as: Callable[..., Client],
    ) -> None:
        visits = [fulfilment.PlannedVisit(at(24, 9))]
        fulfilment.book(order_id=order.pk, visits=visits, by=ana, now=now, visit_type=first_time.pk)
        html = page_as(ana).get(plan_url(order)).content.decode()
        assert f'<option value="{first_time.pk}" selected' in html

    def test_what_does_not_fit_the_order_is_said_at_the_field(
        self, order: Order, long_prepared: VisitType, ana: User, page_as: Callable[..., Client]
    ) -> None:
        client = page_as(ana)
        plan = sent_back(client.get(plan_url(order)).content.decode())
        answer = client.post(plan_url(order), {**plan, "visit_type": str(long_prepared.pk), "at": "10:00"})
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "set-up and recovery alone take 120" in html
        assert 'value="10:00"' in html
        assert sent_back(html)["visit"] == plan["visit"]

    def test_a_type_that_was_retired_meanwhile_loses_nothing(
        self, order: Order, first_time: VisitType, clinic: Clinic, vera: User, ana: User, now: datetime,
        page_as: Callable[..., Client],
    ) -> None:  # fmt: skip
        added(clinic, vera, "Third")
        client = page_as(ana)
        sent = sent_back(client.get(plan_url(order)).content.decode())
        change_visit_type(visit_type_id=first_time.pk, in_use=False, by=vera, now=now)
        answer = client.post(plan_url(order), {**sent, "visit_type": str(first_time.pk), "book": ""})
        assert answer.status_code == 422
        assert "does not offer this type any more" in answer.content.decode()
        assert sent_back(answer.content.decode())["visit"] == sent["visit"]
        assert not Appointment.objects.exists()


class TestTheApi:
    def test_proposed_held_and_shown(
        self, api_as: Callable[..., APIClient], ana: User, order: Order, first_time: VisitType
    ) -> None:
        desk, named = api_as(ana), {"order": str(order.pk), "visit_type": str(first_time.pk)}
        told = desk.post(f"{SERIES}propose/", named).json()
        assert told["visit_type"] == str(first_time.pk)
        visits = [{"start": visit["start"], "chair": visit["chair"]} for visit in told["visits"]]
        held = desk.post(f"{SERIES}hold/", {**named, "visits": visits})
        assert (held.status_code, {visit["visit_type"] for visit in held.json()["visits"]}) == (
            201,
            {str(first_time.pk)},
        )
        one = desk.get(f"{VISITS}{held.json()['visits'][0]['id']}/").json()
        assert one["visit_type_name"] == "First time"

    @pytest.mark.parametrize("door", ["propose/", "hold/", ""])
    def test_only_what_this_clinic_offers(
        self, api_as: Callable[..., APIClient], ana: User, vera: User, order: Order, clinic: Clinic,
        first_time: VisitType, long_prepared: VisitType, now: datetime, door: str,
    ) -> None:  # fmt: skip
        elsewhere = open_clinic(name="Elsewhere", zone="Europe/London", phone="+12135550199", by=vera)
        change_visit_type(visit_type_id=first_time.pk, in_use=False, by=vera, now=now)
        consult = added(clinic, vera, "Talk", kind=VisitKind.CONSULT)
        theirs = VisitType.objects.filter(clinic=elsewhere, kind=VisitKind.INFUSION).first()
        strange = [first_time.pk, consult.pk, long_prepared.pk, order.pk, *([theirs.pk] if theirs else [])]
        sent = {"order": str(order.pk)} | (
            {"visits": [{"start": "2026-11-24T09:00:00-08:00"}]} if door != "propose/" else {}
        )
        for pk in [*strange, "x"]:
            answer = api_as(ana).post(f"{SERIES}{door}", {**sent, "visit_type": str(pk)})
            assert (answer.status_code, list(answer.json()["errors"])) == (400, ["visit_type"])
        assert not Appointment.objects.exists()

    @pytest.mark.parametrize(("wish", "queries", "fails"), [({}, 9, False), ({"latest_end": "2026-11-25"}, 10, True)])
    def test_ten_queries_at_most_with_the_session(
        self, order: Order, first_time: VisitType, ana: User, nils: User, wish: dict, queries: int, fails: bool
    ) -> None:
        wish = {"visit_type": str(first_time.pk), "nurse": str(nils.pk), **wish}
        assert self.queries(order, ana, wish) == (200, fails, queries)

    def test_ten_for_a_version_of_an_earlier_order(self, order: Order, mara: User, ana: User, now: datetime) -> None:
        for _ in range(2):
            draft = orders.supersede(order_id=order.pk, by=mara, now=now, reason="More of them.")
            whole = {**NONSENSE, **BOOKING}
            draft = orders.change_draft(order_id=draft.pk, by=mara, now=now, version=draft.version, **whole)
            order = orders.sign(order_id=draft.pk, by=mara, now=now, password=PASSWORD, version=draft.version)
        assert self.queries(order, ana, {}) == (200, False, 10)

    def queries(self, order: Order, by: User, wish: dict) -> tuple[int, bool, int]:
        desk = APIClient()
        desk.force_login(by)
        with CaptureQueriesContext(connection) as asked:
            answer = desk.post(f"{SERIES}propose/", {"order": str(order.pk), **wish}, format="json")
        return answer.status_code, bool(answer.json()["failure"]), len(asked)
