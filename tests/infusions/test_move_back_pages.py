"""A move taken back by the bar, to a place that was agreed on."""

# ruff: noqa: F811  (the fixtures of the same story)

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.http import HttpResponse
from django.urls import reverse

from config.refusals import Clash
from config.staff.models import User
from infusions import rescheduling
from scheduling import booking
from scheduling.models import Appointment
from scheduling.rules import set_limits
from scheduling.states import Status
from tests.infusions.ordering import known_patient
from tests.infusions.test_fulfilment import ada, at, booked, order  # noqa: F401  (the same course)
from tests.infusions.test_move_pages import move_url, stopped_clock  # noqa: F401  (the same story)


class TestTakenBack:
    """By the bar, to a place that was agreed on and is not what a move would be let into."""

    def undo(self, client) -> HttpResponse:
        bar = re.search(r'action="([^"]*move-back[^"]*)"', client.get(reverse("home")).content.decode())
        assert bar
        return client.post(bar[1].replace("&amp;", "&"))

    def move(self, client, visit: Appointment, day: str, clock: str = "09:00", **more: str) -> HttpResponse:
        visit.refresh_from_db()
        sent = {"day": day, "time": clock, "scope": "one", "version": visit.version, "sure": "1", **more}
        answer = client.post(move_url(visit), sent)
        assert answer.status_code == 302, answer.content.decode()
        return answer

    def test_outside_the_limits_with_the_reason_and_the_patients_word(
        self, booked, ana: User, now: datetime, page_as: Callable, at: Callable
    ) -> None:
        set_limits(patient=booked[0].patient, weekdays=[1], time_from=None, time_until=None, transport="", by=ana)
        client = page_as(ana)
        self.move(client, booked[0], "2026-11-25", limits_reason="Her son drives.")
        booking.confirm(appointment_id=booked[0].pk, by=ana, now=now)
        self.move(client, booked[0], "2026-11-24")
        assert self.undo(client).status_code == 302
        booked[0].refresh_from_db()
        assert (booked[0].start, booked[0].limits_reason) == (at(25, 9), "Her son drives.")
        assert booked[0].confirmed_at == now

    def test_outside_the_gaps_which_lights_up_again(self, booked, ana: User, page_as: Callable, at: Callable) -> None:
        client = page_as(ana)
        self.move(client, booked[2], "2026-12-03")
        self.move(client, booked[0], "2026-11-26")
        booked[1].refresh_from_db()
        assert booked[1].needs_repair
        self.move(client, booked[1], "2026-11-30")
        booked[1].refresh_from_db()
        assert not booked[1].needs_repair
        assert self.undo(client).status_code == 302
        booked[1].refresh_from_db()
        assert (booked[1].start, bool(booked[1].needs_repair)) == (at(27, 9), True)

    def test_beside_somebody_as_a_manager_agreed(
        self, booked, ana: User, vera: User, now: datetime, page_as: Callable, at: Callable
    ) -> None:
        other = known_patient(ana.clinic, now, "Reed")
        there = booking.book(patient=other, clinic=ana.clinic, start=at(24, 13), minutes=60, by=ana, now=now)
        beside = {"chair": str(there.chair_id), "overbook_reason": "Both short."}
        self.move(page_as(vera), booked[0], "2026-11-24", "13:00", **beside)
        client = page_as(ana)
        self.move(client, booked[0], "2026-11-24", "15:00")
        assert self.undo(client).status_code == 302
        booked[0].refresh_from_db()
        assert (booked[0].start, booked[0].chair_id) == (at(24, 13), there.chair_id)
        assert booked[0].overbook_reason == "Both short."

    def test_beside_others_than_then_only_by_a_manager(
        self, booked, ana: User, vera: User, now: datetime, page_as: Callable, at: Callable
    ) -> None:
        other, third = (known_patient(ana.clinic, now, name) for name in ("Reed", "Shaw"))
        place = {"clinic": ana.clinic, "minutes": 60, "by": ana, "now": now}
        there = booking.book(patient=other, start=at(24, 13), **place)
        beside = {"chair": str(there.chair_id), "overbook_reason": "Both short."}
        self.move(page_as(vera), booked[0], "2026-11-24", "13:00", **beside)
        client = page_as(ana)
        self.move(client, booked[0], "2026-11-24", "15:00")
        booking.cancel(appointment_id=there.pk, how=Status.CANCELLED_BY_PATIENT, reason="Ill.", by=ana, now=now)
        booking.book(patient=third, start=at(24, 13), chair=there.chair, **place)
        booked[0].refresh_from_db()
        back = rescheduling.move_back
        with pytest.raises(Clash, match="Somebody else is in that chair"):
            back(versions={booked[0].pk: booked[0].version}, by=ana, now=now)
        assert back(versions={booked[0].pk: booked[0].version}, by=vera, now=now)[0].start == at(24, 13)

    def test_by_the_bar_the_board_asks_anew_and_any_other_page_is_loaded_again(
        self, booked, ana: User, page_as: Callable
    ) -> None:
        client = page_as(ana)
        for page, told in (
            (reverse("board"), "visit-changed"),
            (reverse("patient", args=[booked[2].patient_id]), None),
        ):
            self.move(client, booked[2], "2026-12-02")
            booked[2].refresh_from_db()
            url = reverse("appointment-move-back", args=[booked[2].pk])
            headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}
            answer = client.post(f"{url}?visit={booked[2].pk}|{booked[2].version}", headers=headers)
            assert (answer.headers.get("HX-Trigger"), "HX-Refresh" in answer.headers) == (told, told is None)

    def test_not_once_it_changed_or_the_place_is_gone(
        self, booked, ana: User, now: datetime, page_as: Callable, at: Callable
    ) -> None:
        client = page_as(ana)
        self.move(client, booked[2], "2026-12-02")
        other = known_patient(ana.clinic, now, "Reed")
        chairs = Appointment.objects.filter(pk=booked[2].pk)
        place = {"clinic": ana.clinic, "start": at(30, 9), "minutes": 90, "by": ana, "now": now}
        booking.book(patient=other, chair=booked[2].chair, **place)
        assert self.undo(client).status_code == 409
        assert chairs.get().start == at(2, 9, 12)
        self.move(client, booked[2], "2026-12-03")
        booking.confirm(appointment_id=booked[2].pk, by=ana, now=now)
        assert self.undo(client).status_code == 409
        assert chairs.get().start == at(3, 9, 12)

    @pytest.mark.parametrize("sent", ["", "?visit=x", "?visit=a|b|c", "?visit=00000000-0000-0000-0000-000000000001|1"])
    def test_what_was_not_sent_whole(self, booked, ana: User, page_as: Callable, sent: str) -> None:
        url = reverse("appointment-move-back", args=[booked[0].pk])
        assert page_as(ana).post(f"{url}{sent}").status_code in (400, 404)

    def test_a_visit_that_was_never_moved(self, booked, ana: User, page_as: Callable) -> None:
        url = reverse("appointment-move-back", args=[booked[0].pk])
        assert page_as(ana).post(f"{url}?visit={booked[0].pk}|{booked[0].version}").status_code == 409
