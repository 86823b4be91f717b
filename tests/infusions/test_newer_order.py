"""An order that changes between the opening of a visit's record and the start of its infusion."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from config.audit.acting import recorded
from config.audit.guards import sqlstate
from config.audit.reading import story
from config.refusals import Clash, NotAllowed, NotFound, Stale
from config.staff.models import User
from config.staff.permissions import Role
from infusions import histories, orders, records, signing
from infusions.models import Administration, NewerOrder, Order, PreVisitCheck, Visit
from tests.conftest import PASSWORD, hired
from tests.infusions.ordering import BOOKING, NONSENSE
from tests.infusions.visiting import CHECKED, Day, later_that_day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db


def superseded(day: Day, old: Order, **fields: Any) -> Order:
    """A new version, signed: written anew, another drug."""
    draft = orders.supersede(order_id=old.pk, by=day.prescriber, now=day.now(), reason="Another rate from now on.")
    wanted = {**NONSENSE, **BOOKING, "agent": "Otherolol", "dose": "9", **fields}
    changed = orders.change_draft(order_id=draft.pk, by=day.prescriber, now=day.now(), version=draft.version, **wanted)
    return orders.sign(
        order_id=changed.pk, by=day.prescriber, now=day.now(), password=PASSWORD, version=changed.version
    )


def take(day: Day, visit: Visit, **more: Any) -> Visit:
    return records.take_newer_order(visit_id=visit.pk, now=day.now(), **{"by": day.prescriber, **more})


def before_start(day: Day) -> tuple[Visit, Order]:
    """A visit that is open and checked, and the version that has taken the place of its order since."""
    visit = day.opened()
    day.chart(visit, PreVisitCheck, **CHECKED)
    return visit, superseded(day, visit.order)


def refused_by_database(person: User, change: Callable[[], None]) -> str:
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), recorded(by=person):
        change()
    return sqlstate(refused.value)


def sql(statement: str, *values: Any) -> Callable[[], None]:
    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    return run


MOVE = "UPDATE infusions_visit SET order_id = %s, version = version + 1 WHERE id = %s"


def test_the_visit_goes_on_under_the_newer_order_and_starts(day: Day) -> None:
    visit, newer = before_start(day)
    with pytest.raises(Clash, match="The order is superseded"):
        day.step(visit, "start", rate="2", rate_unit="spoons an hour")
    old, taken = visit.order, take(day, visit)
    assert taken.order == newer
    row = NewerOrder.objects.get()
    assert (row.visit, row.before, row.order, row.author) == (visit, old, newer, day.prescriber)
    started = day.step(visit, "start")
    assert (started.rate, started.amount, started.reason) == (None, None, None), "nothing comes from either order"
    assert day.status(visit) == "in-progress"
    connection.check_constraints()


def test_a_second_press_and_a_third_version(day: Day) -> None:
    visit, newer = before_start(day)
    take(day, visit)
    assert take(day, visit).version == 2, "pressed twice, taken once"
    third = superseded(day, newer)
    assert take(day, visit, by=day.nurse).order == third
    assert [row.order for row in NewerOrder.objects.order_by("recorded_at")] == [newer, third]


def test_once_something_was_given_it_stays_under_its_order(day: Day) -> None:
    visit = day.started()
    superseded(day, visit.order)
    with pytest.raises(Clash, match="past its start") as refused:
        take(day, visit)
    assert refused.value.code == "begun"
    start = Administration.objects.get()
    day.step(visit, "start", supersedes=start.pk, correction_reason="Another patient.", entered_in_error=True)
    assert take(day, visit).order.agent == "Otherolol", "a start that never was keeps nothing"


def test_only_to_an_order_that_is_in_force(day: Day) -> None:
    visit = day.opened()
    assert take(day, visit).order == visit.order, "in force already"
    newer = superseded(day, visit.order)
    orders.hold(order_id=newer.pk, by=day.prescriber, now=day.now(), reason="Ask the liver clinic.")
    with pytest.raises(Clash, match="The order is superseded"):
        take(day, visit)
    orders.resume(order_id=newer.pk, by=day.prescriber, now=day.now(), reason="Asked.")
    orders.stop(order_id=newer.pk, by=day.prescriber, now=day.now(), reason="Rash.")
    with pytest.raises(Clash):
        take(day, visit)
    assert NewerOrder.objects.count() == 0


def test_not_to_one_that_is_not_valid_yet(day: Day) -> None:
    visit = day.opened()
    superseded(day, visit.order, valid_from=day.clock.date().replace(year=2030))
    with pytest.raises(Clash, match="valid from"):
        take(day, visit)
    assert Visit.objects.get().order == visit.order


def test_who_read_another_version_is_told_and_nobody_else_may(day: Day, ana: User, other_clinic: Any) -> None:
    visit, _ = before_start(day)
    with pytest.raises(Stale):
        take(day, visit, version=7)
    with pytest.raises(NotAllowed):
        take(day, visit, by=ana)
    stranger = hired(other_clinic, "stranger", "Stranger", Role.NURSE, "RN")
    with pytest.raises(NotFound):
        take(day, visit, by=stranger)


def test_the_database_moves_a_visit_for_no_other_reason(day: Day) -> None:
    visit, newer = before_start(day)
    mara = day.prescriber
    assert refused_by_database(mara, sql(MOVE, newer.pk, visit.pk)) == "DK003", "no entry says so"

    def with_entry(order: Order, at: datetime | None = None, **also: Any) -> Callable[[], None]:
        def run() -> None:
            NewerOrder(visit=visit, before=visit.order, order=order, author=mara, entered_at=at or day.now()).save()
            for name, value in {"order_id": order.pk, **also}.items():
                sql(f"UPDATE infusions_visit SET {name} = %s WHERE id = %s", value, visit.pk)()

        return run

    stranger = day.order(day.patient("Reed"))
    assert refused_by_database(mara, with_entry(stranger)) == "DK003", "another patient's"
    assert refused_by_database(mara, with_entry(newer, opened_at=day.now())) == "DK003", "nothing but the order"
    assert refused_by_database(day.desk, with_entry(newer)) == "DK004", "the author is not who acts"
    orders.hold(order_id=newer.pk, by=mara, now=day.now(), reason="Ask first.")
    assert refused_by_database(mara, with_entry(newer)) == "DK003", "not in force"
    orders.resume(order_id=newer.pk, by=mara, now=day.now(), reason="Asked.")
    later = day.now() + timedelta(days=1)
    ended = superseded(day, newer, valid_until=day.clinic.today(day.clock))
    assert refused_by_database(mara, with_entry(ended, at=later)) == "DK003", "not in date"
    newer = superseded(day, ended)
    taken = take(day, visit)
    lies = NewerOrder(visit=visit, before_id=visit.order_id, order=newer, author=mara, entered_at=day.now())
    assert refused_by_database(mara, lies.save) == "23514", "the visit does not stand under that one any more"
    day.step(visit, "start")
    third = superseded(day, newer)
    visit.order = taken.order
    assert refused_by_database(mara, with_entry(third)) == "DK003", "something was given"


def test_the_signature_covers_it_and_the_history_tells_it(day: Day) -> None:
    visit, _ = before_start(day)
    take(day, visit)
    day.step(visit, "start")
    note = day.signed(day.discharged(day.ended(visit)))
    assert list(signing.broken()) == []
    acts = story(histories.of_visit(visit, day.nurse), size=100).entries
    told = next(act for act in acts if "went on under" in str(act))
    newer_by, older_by = "Mara Santos, MD, 23 Nov 2026, 12:06", "Mara Santos, MD, 23 Nov 2026, 12:00"
    assert told.who == "Mara Santos"
    assert [one.heading for one in told.told] == [
        f"The visit went on under the order of {newer_by}, in place of that of {older_by}.",
        "Visit record under a newer order",
    ]
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE infusions_newerorder DISABLE TRIGGER USER")
        cursor.execute("UPDATE infusions_newerorder SET entered_at = entered_at + interval '1 day'")
    assert list(signing.broken()) == [note]


@pytest.mark.usefixtures("later_that_day")
class TestAtTheChair:
    def test_the_page_tells_both_versions_and_lets_it_go_on(
        self, day: Day, page_as: Callable[[User], Client], nils: User
    ) -> None:
        visit, client = day.opened(), page_as(nils)
        here = reverse("visit", args=[visit.pk])
        assert "newer version" not in client.get(here).content.decode()
        newer = superseded(day, visit.order, titration="Slowly.")
        shown = client.get(here).content.decode()
        assert "A newer version of the order is in force" in shown
        assert "Another rate from now on." in shown
        assert "Otherolol" in shown, "what it says can be read before it is taken"
        assert "Examplamine" in shown
        pressed = client.post(reverse("visit-newer-order", args=[visit.pk]))
        assert (pressed.status_code, pressed["Location"]) == (302, here)
        after = client.get(here).content.decode()
        assert "A newer version" not in after
        assert "Otherolol" in after
        assert "Examplamine" not in after
        assert "before anything was given" in after
        assert newer.signed_name in after

    def test_another_tablet_draws_the_order_anew(self, day: Day, page_as: Callable[[User], Client], nils: User) -> None:
        visit, _ = before_start(day)
        client = page_as(nils)
        have = client.get(reverse("visit", args=[visit.pk])).context["have"]
        take(day, visit)
        polled = client.get(reverse("visit-sheet", args=[visit.pk]), {"have": have})
        assert 'id="visit-order"' in polled.content.decode()
        assert "Otherolol" in polled.content.decode()

    def test_by_program(self, day: Day, api_as: Callable[[User], Any], nils: User, ana: User) -> None:
        visit, newer = before_start(day)
        address = f"/api/v1/visits/{visit.pk}/newer-order/"
        assert api_as(ana).post(address).status_code == 403
        assert api_as(nils).post(address, {"version": 9}).status_code == 409
        told = api_as(nils).post(address)
        assert told.status_code == 200, told.content
        assert told.json()["order"] == str(newer.pk)
        assert [row["order"] for row in told.json()["newer_orders"]] == [str(newer.pk)]
