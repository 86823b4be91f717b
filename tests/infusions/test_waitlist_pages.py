"""The pages of the waitlist: joining, the list, who can take a freed place, the offer and its answer."""

import re
from datetime import time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from infusions import fulfilment, waitlist
from infusions.models import WaitlistEntry, WaitlistOffer
from infusions.models.waitlist import Answer, Closed, How
from patients.models import Task
from scheduling import booking
from scheduling.models import Appointment
from scheduling.models.kinds import VisitKind
from scheduling.states import Status
from tests.infusions.ordering import known_patient
from tests.infusions.test_fulfilment import ada, at, booked, order  # noqa: F401  (the same course)
from tests.infusions.test_waitlist import another, chair, freed, offered, waits  # noqa: F401  (the same line)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def desk(page_as, ana):
    return page_as(ana)


def html(client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


class TestJoining:
    def test_for_an_infusion_with_wishes(self, desk, ada, order):  # noqa: F811
        url = reverse("waitlist-join", args=[ada.pk])
        assert "An infusion (3 left to book)" in html(desk, url)
        sent = {
            "what": "infusion",
            "weekdays": ["1", "3"],
            "time_from": "09:00",
            "notice_hours": "24",
            "note": "By bus.",
        }
        answer = desk.post(url, sent)
        assert answer.status_code == 302
        entry = WaitlistEntry.objects.get()
        assert (entry.order, entry.weekdays, entry.notice_hours, entry.note) == (order, [1, 3], 24, "By bus.")
        page = html(desk, reverse("waitlist"))
        assert all(words in page for words in ("QUILL, Ada", "Tue, Thu · from 09:00 · 24 h notice", "By bus."))

    def test_a_visit_that_they_want_earlier_is_chosen_already(self, desk, ada, booked):  # noqa: F811
        url = reverse("waitlist-join", args=[ada.pk])
        page = html(desk, f"{url}?visit={booked[1].pk}")
        assert re.search(rf'value="{booked[1].pk}"[^>]* checked', page)
        assert "left to book" not in page
        desk.post(url, {"what": str(booked[1].pk), "notice_hours": "0"})
        assert WaitlistEntry.objects.get().appointment == booked[1]

    def test_a_consult_without_its_length_keeps_what_was_typed(self, desk, ada):  # noqa: F811
        url = reverse("waitlist-join", args=[ada.pk])
        answer = desk.post(url, {"what": "consult", "note": "After lunch.", "notice_hours": "4"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Say how long the consult takes" in page
        assert 'value="After lunch."' in page
        assert desk.post(url, {"what": "consult", "minutes": "30", "notice_hours": "4"}).status_code == 302

    def test_twice_says_since_when(self, desk, waits):  # noqa: F811
        url = reverse("waitlist-join", args=[waits.patient_id])
        assert "An infusion, waiting since 23 Nov 2026" in html(desk, url)
        answer = desk.post(url, {"what": "infusion", "notice_hours": "0"})
        assert (answer.status_code, WaitlistEntry.objects.count()) == (422, 1)
        assert "They wait for that already" in answer.content.decode()

    def test_the_patient_page_and_the_visit_lead_there(self, desk, ada, booked):  # noqa: F811
        join = reverse("waitlist-join", args=[ada.pk])
        assert join in html(desk, reverse("patient", args=[ada.pk]))
        assert f"{join}?visit={booked[0].pk}" in html(desk, reverse("appointment", args=[booked[0].pk]))


class TestTheList:
    def test_empty_says_why_and_what_next(self, desk, ada):  # noqa: F811
        page = html(desk, reverse("waitlist"))
        assert "Nobody waits" in page
        assert reverse("patients") in page

    def test_the_longest_waiting_first(self, desk, waits, another):  # noqa: F811
        another("Reed", hours=-3)
        page = html(desk, reverse("waitlist"))
        assert page.index("REED") < page.index("QUILL")

    def test_taken_off_and_back_by_the_bar(self, desk, waits):  # noqa: F811
        answer = desk.post(reverse("waitlist-leave", args=[waits.pk]))
        page = html(desk, answer.url)
        assert "taken off the waitlist" in page
        assert reverse("waitlist-reopen", args=[waits.pk]) in page
        assert "QUILL" in html(desk, f"{reverse('waitlist')}?tab=closed")
        desk.post(reverse("waitlist-reopen", args=[waits.pk]))
        assert WaitlistEntry.objects.get().closed_reason == ""

    def test_a_change_and_a_stale_one(self, desk, waits):  # noqa: F811
        url = reverse("waitlist-entry", args=[waits.pk])
        assert desk.post(url, {"version": "1", "notice_hours": "2", "note": "One."}).status_code == 302
        answer = desk.post(url, {"version": "1", "notice_hours": "48", "note": "Two."})
        assert answer.status_code == 422
        assert 'value="Two."' in answer.content.decode()
        assert WaitlistEntry.objects.get().note == "One."

    def test_costs_the_same_for_three_as_for_one(self, desk, waits, another):  # noqa: F811
        html(desk, reverse("waitlist"))
        with CaptureQueriesContext(connection) as one:
            html(desk, reverse("waitlist"))
        another("Reed")
        another("Stone")
        with CaptureQueriesContext(connection) as three:
            html(desk, reverse("waitlist"))
        assert len(three) == len(one)

    def test_history_tells_who_did_what(self, desk, waits):  # noqa: F811
        assert "Ana Ortiz" in html(desk, reverse("waitlist-history", args=[waits.pk]))

    def test_home_counts_and_leads_there(self, desk, waits, freed, ana, now):  # noqa: F811
        offered(waits, freed, ana, now)
        page = html(desk, reverse("home-tiles"))
        assert "On the waitlist" in page
        assert "1 offered, no answer yet" in page


class TestAFreedPlace:
    def test_two_presses_to_a_held_call_and_one_more_to_booked(self, desk, waits, freed):  # noqa: F811
        who = reverse("freed-place", args=[freed.pk])
        assert who in html(desk, reverse("appointment", args=[freed.pk]))  # press 1, "Who can take this place?"
        page = html(desk, who)
        assert "Who can take Wed 25 Nov, 13:00?" in page
        assert "3 of 3 visits left" in page
        sent = {"entry": str(waits.pk), "start": freed.start.isoformat(), "how": "call"}
        answer = desk.post(who, sent)  # press 2, "Hold and call"
        assert answer.url == who
        offer = WaitlistOffer.objects.get()
        page = html(desk, who)
        assert "Held until" in page
        assert reverse("waitlist-offer", args=[offer.pk]) in page
        answer = desk.post(
            reverse("waitlist-offer", args=[offer.pk]), {"answer": "yes", "place": str(freed.pk)}
        )  # press 3
        visit = Appointment.objects.get(status=Status.BOOKED)
        assert answer.url == reverse("appointment", args=[visit.pk])
        assert (visit.patient, visit.start) == (waits.patient, freed.start)
        page = html(desk, who)
        assert "taken again since" in page
        assert "stays free on the board" not in page

    def test_no_leads_back_to_the_place(self, desk, waits, freed, ana, now):  # noqa: F811
        offer = offered(waits, freed, ana, now)
        url = reverse("waitlist-offer", args=[offer.pk])
        answer = desk.post(url, {"answer": "no", "place": str(freed.pk)})
        assert answer.url == reverse("freed-place", args=[freed.pk])
        assert "They said no." in html(desk, url)

    def test_taken_back(self, desk, waits, freed, ana, now):  # noqa: F811
        offer = offered(waits, freed, ana, now)
        desk.post(reverse("waitlist-offer", args=[offer.pk]), {"answer": "withdrawn"})
        assert WaitlistOffer.objects.get().answer == Answer.WITHDRAWN

    def test_nobody_fits_but_one_would_later(self, desk, waits, freed, ana):  # noqa: F811
        waitlist.change(entry_id=waits.pk, by=ana, time_from=time(14))
        page = html(desk, reverse("freed-place", args=[freed.pk]))
        assert "Nobody fits as it is; 1 would at 14:00." in page

    def test_the_place_that_a_move_left_is_offered_as_well(self, desk, waits, freed, ana, now, at):  # noqa: F811
        there = booking.undo(appointment_id=freed.pk, by=ana, now=now, reason="He can come")
        moved = booking.move(appointment_id=there.pk, start=at(26, 9), by=ana, now=now)
        who = reverse("freed-place", args=[moved.pk])
        drawer = html(desk, reverse("appointment", args=[moved.pk]))
        assert who in drawer
        assert "Who can take the place it left?" in drawer
        assert "Who can take Wed 25 Nov, 13:00?" in html(desk, who)
        desk.post(who, {"entry": str(waits.pk), "start": there.start.isoformat(), "how": "call"})
        assert WaitlistOffer.objects.get().start == there.start

    def test_nobody_waits(self, desk, freed):  # noqa: F811
        page = html(desk, reverse("freed-place", args=[freed.pk]))
        assert "Nobody who waits can take this place." in page

    def test_why_they_cannot_is_said(self, desk, ada, booked, freed, ana, now):  # noqa: F811
        waitlist.join(patient=ada, appointment=booked[0], by=ana, now=now)
        assert "which is earlier" in html(desk, reverse("freed-place", args=[freed.pk]))

    def test_a_place_that_went_meanwhile_is_refused_in_words(self, desk, waits, freed, clinic, ana, now):  # noqa: F811
        other = known_patient(clinic, now, "Reed")
        booking.book(patient=other, clinic=clinic, start=freed.start, minutes=90, chair=freed.chair, by=ana, now=now)
        sent = {"entry": str(waits.pk), "start": freed.start.isoformat(), "how": "call"}
        answer = desk.post(reverse("freed-place", args=[freed.pk]), sent)
        assert answer.status_code == 409
        assert "Needs 90 minutes; 0 are free." in answer.content.decode()

    @pytest.mark.parametrize(
        "sent",
        [{}, {"entry": "x", "start": "x", "how": "x"}, {"entry": "", "start": "2026-11-25T13:00", "how": "call"}],
    )
    def test_nonsense_is_refused_in_words(self, desk, waits, freed, sent):  # noqa: F811
        answer = desk.post(reverse("freed-place", args=[freed.pk]), sent)
        assert answer.status_code == 400
        assert not WaitlistOffer.objects.exists()

    def test_a_visit_that_stands_frees_nothing(self, desk, booked):  # noqa: F811
        assert "This visit stands" in html(desk, reverse("freed-place", args=[booked[0].pk]))

    def test_an_answer_that_comes_too_late_says_so(self, desk, waits, freed, ana, now):  # noqa: F811
        offer = offered(waits, freed, ana, now)
        with time_machine.travel(now + timedelta(minutes=31), tick=False):
            answer = desk.post(reverse("waitlist-offer", args=[offer.pk]), {"answer": "yes"})
        assert answer.status_code == 409
        assert "The offer has run out" in answer.content.decode()

    def test_a_task_to_call_leads_to_the_offer(self, desk, waits, freed, ana, now):  # noqa: F811
        offer = offered(waits, freed, ana, now, how=How.TO_CALL)
        assert reverse("waitlist-offer", args=[offer.pk]) in html(desk, reverse("task", args=[_task(offer)]))

    def test_titles_and_addresses_name_nobody(self, desk, waits, freed, ana, now):  # noqa: F811
        offer = offered(waits, freed, ana, now)
        for url in (
            reverse("waitlist-offer", args=[offer.pk]),
            reverse("freed-place", args=[freed.pk]),
            reverse("waitlist-entry", args=[waits.pk]),
        ):
            page = html(desk, url)
            title = page[page.index("<title>") : page.index("</title>")]
            assert "Quill" not in title
            assert "QUILL" not in title

    def test_another_clinics_are_unknown(self, page_as, zoe, waits, freed, ana, now):  # noqa: F811
        offer = offered(waits, freed, ana, now)
        stranger = page_as(zoe)
        for url in (
            reverse("waitlist-offer", args=[offer.pk]),
            reverse("freed-place", args=[freed.pk]),
            reverse("waitlist-entry", args=[waits.pk]),
            reverse("waitlist-join", args=[waits.patient_id]),
        ):
            assert stranger.get(url).status_code == 404
        assert "QUILL" not in html(stranger, reverse("waitlist"))


def _task(offer: WaitlistOffer):
    return Task.objects.get(about=offer.pk).pk


class TestApi:
    def test_a_whole_round(self, api_as, ana, ada, order, freed):  # noqa: F811
        api = api_as(ana)
        joined = api.post("/api/v1/waitlist-entries/", {"patient": str(ada.pk), "weekdays": [2]})
        assert joined.status_code == 201, joined.json()
        [fit] = api.post("/api/v1/waitlist-entries/fits/", {"freed": str(freed.pk)}).json()
        assert (fit["verdict"], fit["why"], fit["start"]) == (
            "fits",
            ["3 of 3 visits left"],
            "2026-11-25T13:00:00-08:00",
        )
        made = api.post(
            "/api/v1/waitlist-offers/", {"freed": str(freed.pk), "entry": joined.json()["id"], "how": "call"}
        )
        assert made.status_code == 201, made.json()
        assert (made.json()["answer"], made.json()["expires_at"]) == (None, "2026-11-23T12:30:00-08:00")
        url = f"/api/v1/waitlist-offers/{made.json()['id']}"
        yes = api.post(f"{url}/answer/", {"answer": "yes"})
        assert (yes.status_code, yes.json()["answer"]) == (200, "yes")
        assert fulfilment.visits_of(order)[0].pk.hex == yes.json()["visit"].replace("-", "")
        again = api.post(f"{url}/answer/", {"answer": "no"})
        assert (again.status_code, again.json()["detail"]) == (409, "They said yes already: it is booked.")
        [entry] = api.get("/api/v1/waitlist-entries/?waiting=false").json()["results"]
        assert entry["closed_reason"] == Closed.BOOKED
        assert api.get("/api/v1/waitlist-entries/?waiting=true").json()["results"] == []

    def test_refusals_name_the_field(self, api_as, ana, ada, order):  # noqa: F811
        api = api_as(ana)
        for sent, field in (
            ({"patient": str(order.pk)}, "patient"),
            ({"patient": str(ada.pk), "notice_hours": 999}, "notice_hours"),
            ({"patient": str(ada.pk), "dose": "3"}, "dose"),
            ({"patient": str(ada.pk), "kind": "consult"}, "minutes"),
            ({"patient": str(ada.pk), "time_from": "09:03"}, "time_from"),
        ):
            answer = api.post("/api/v1/waitlist-entries/", sent)
            assert (answer.status_code, field in answer.json()["errors"]) == (400, True), answer.json()
        assert not WaitlistEntry.objects.exists()

    def test_change_leave_and_reopen(self, api_as, ana, waits):  # noqa: F811
        api, url = api_as(ana), f"/api/v1/waitlist-entries/{waits.pk}/"
        changed = api.patch(url, {"note": "By bus.", "version": 1})
        assert (changed.status_code, changed.json()["version"]) == (200, 2)
        assert api.patch(url, {"note": "On foot.", "version": 1}).status_code == 409
        assert api.post(f"{url}leave/", {"version": 2}).json()["closed_reason"] == "withdrawn"
        assert api.post(f"{url}reopen/").json()["closed_reason"] is None
        assert [entry["act"] for entry in api.get(f"{url}history/").json()]

    def test_a_consult(self, api_as, ana, ada, freed):  # noqa: F811
        sent = {"patient": str(ada.pk), "kind": VisitKind.CONSULT.value, "minutes": 30}
        answer = api_as(ana).post("/api/v1/waitlist-entries/", sent)
        assert (answer.status_code, answer.json()["kind"]) == (201, "consult")

    def test_the_place_that_a_move_left(self, api_as, ana, waits, freed, now, at):  # noqa: F811
        there = booking.undo(appointment_id=freed.pk, by=ana, now=now, reason="He can come")
        api = api_as(ana)
        assert api.post("/api/v1/waitlist-entries/fits/", {"freed": str(there.pk)}).status_code == 409
        api.post(f"/api/v1/appointments/{there.pk}/move/", {"start": at(26, 9).isoformat()})
        [fit] = api.post("/api/v1/waitlist-entries/fits/", {"freed": str(there.pk)}).json()
        assert (fit["entry"], fit["verdict"]) == (str(waits.pk), "fits")
        sent = {"freed": str(there.pk), "entry": str(waits.pk), "how": "call"}
        assert api.post("/api/v1/waitlist-offers/", sent).status_code == 201
        assert WaitlistOffer.objects.get().start == there.start

    def test_another_clinics_are_unknown(self, api_as, zoe, waits, freed, ana, now):  # noqa: F811
        offer, api = offered(waits, freed, ana, now), api_as(zoe)
        assert api.get(f"/api/v1/waitlist-entries/{waits.pk}/").status_code == 404
        assert api.post(f"/api/v1/waitlist-offers/{offer.pk}/answer/", {"answer": "yes"}).status_code == 404
        assert api.get("/api/v1/waitlist-offers/").json()["results"] == []
        assert api.post("/api/v1/waitlist-entries/fits/", {"freed": str(freed.pk)}).status_code == 400
