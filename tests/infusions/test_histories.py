"""Who changed what in clinical records: each act once, in the order of time, corrections from what to what."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.audit.reading import HistoryEntry, Told, story
from config.staff.models import Clinic, User
from infusions import candidacy, consents, histories, listing, records, responses, screening
from infusions.models import ScreeningItem, Visit
from infusions.screening import Answered
from infusions.states import Outcome
from tests.conftest import PASSWORD
from tests.infusions.asking import answered, by_link, chosen, own
from tests.infusions.consenting import agreed, wording
from tests.infusions.ordering import accepted, known_patient
from tests.infusions.visiting import Day, open_day  # noqa: F401

# Acts are told apart by their transactions, so these tests have transactions of their own.
pytestmark = pytest.mark.django_db(transaction=True)
HTMX = {"HX-Request": "true"}


def acts(visit: Visit, person: User) -> list[HistoryEntry]:
    return story(histories.of_visit(visit, person)).entries


def only(entry: HistoryEntry) -> Told:
    [told] = entry.told
    return told


def test_a_correction_is_told_from_what_to_what_with_its_reason(day: Day) -> None:
    visit = day.opened()
    wrong = day.vitals(visit, systolic=182, diastolic=80)
    seen: dict[str, Any] = {"observed_at": wrong.observed_at, "supersedes": wrong.pk}
    day.vitals(visit, systolic=128, diastolic=80, correction_reason="Typed the wrong digit", **seen)
    corrected, first = acts(visit, day.nurse)[:2]
    assert (only(corrected).heading, corrected.act, corrected.reason) == (
        "Vital signs: corrected",
        "changed",
        "Typed the wrong digit",
    )
    assert [(c.field, c.before, c.after) for c in corrected.changes] == [("systolic", "182", "128")]
    assert (only(first).heading, first.act, first.who) == ("Vital signs", "created", "Nils Berg")


def test_a_row_that_was_struck_out_says_what_it_had_said(day: Day) -> None:
    visit = day.opened()
    wrong = day.vitals(visit, pain=9)
    day.chart(visit, type(wrong), supersedes=wrong.pk, correction_reason="Another patient", entered_in_error=True)
    struck = acts(visit, day.nurse)[0]
    assert (only(struck).heading, struck.reason) == ("Vital signs: struck out", "Another patient")
    assert ("pain, 0 to 10", "9", "") in [(c.field, c.before, c.after) for c in struck.changes]


def test_the_start_and_what_it_did_to_the_booking_are_one_act(day: Day) -> None:
    started = acts(day.started(), day.nurse)[0]
    assert [told.heading for told in started.told] == ["Infusion: start", "Booking"]
    assert {c.field: c.after for c in started.changes} | {"observed at": ""} == {
        "observed at": "",
        "rate": "2",
        "rate unit": "spoons an hour",
        "status": "in progress",
    }


def test_taking_over_a_note_is_one_act_that_names_both(day: Day) -> None:
    note = day.noted()
    records.take_over_note(visit_id=note.visit_id, by=day.prescriber, now=day.now(), reason="Nils is on leave.")
    taken = acts(note.visit, day.nurse)[0]
    assert (taken.who, taken.reason) == ("Mara Santos", "Nils is on leave.")
    assert [told.heading for told in taken.told] == ["Note taken over", "Note"]
    assert [(c.field, c.before, c.after) for told in taken.told for c in told.shown] == [
        ("began by", "", "Nils Berg"),
        ("author", "Nils Berg", "Mara Santos"),
    ]


def test_a_long_note_is_told_by_what_went_and_what_came(day: Day) -> None:
    note = day.noted()
    long = "Calm from the start. " * 8
    for text in (long, long.replace("Calm from", "Restless at", 1)):
        note = records.write_note(
            visit_id=note.visit_id, by=day.nurse, now=day.now(), version=note.version, text=text.strip()
        )
    [change] = acts(note.visit, day.nurse)[0].changes
    assert [(part.kind, part.text) for part in change.parts[:2]] == [
        ("deleted", "Calm from"),
        ("inserted", "Restless at"),
    ]


def test_a_whole_visit_costs_two_queries(day: Day) -> None:
    visit = day.signed(day.discharged(day.ended(day.started()))).visit
    with CaptureQueriesContext(connection) as queries:
        told = acts(visit, day.nurse)
    assert len(told) > 8
    assert len(queries) <= 3, "rows, people, the chair"
    assert "count(" not in " ".join(query["sql"] for query in queries).lower()


def test_the_drawer_opens_from_the_visit_and_from_its_note(day: Day, page_as: Callable[[User], Client]) -> None:
    visit, nurse = day.started(), page_as(day.nurse)
    address = reverse("visit-history", args=[visit.pk])
    for name in ("visit", "visit-note"):
        assert f'hx-get="{address}"' in nurse.get(reverse(name, args=[visit.pk])).content.decode()
    part = nurse.get(address, headers=HTMX).content.decode()
    assert "drawer-body" in part
    assert "Pre-visit check" in part
    assert nurse.get(address).content.decode().count("<h1>") == 1


def test_by_api_page_after_page(day: Day, api_as: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = day.started()
    for pain in range(60):
        day.vitals(visit, pain=pain % 10)
    nurse, address, ids = api_as(day.nurse), f"/api/v1/visits/{visit.pk}/history/", []
    for _ in range(3):
        answer = nurse.get(address)
        ids += [entry["id"] for entry in answer.json()]
        if "Link" not in answer.headers:
            break
        address = answer.headers["Link"].removeprefix("<").removesuffix('>; rel="next"')
        assert address.endswith(f"?before={ids[-1]}")
    assert len(ids) == len(set(ids)) == 60 + len(acts_before(visit, day))
    newest = nurse.get(f"/api/v1/visits/{visit.pk}/history/").json()[0]
    assert newest["at"].endswith("-08:00"), "the clinic's own clock"
    assert newest["records"][0]["what"] == "Vital signs"
    assert newest["changes"] == newest["records"][0]["changes"]
    assert nurse.get(f"/api/v1/visits/{visit.pk}/history/?before=visit-0").status_code == 404


def acts_before(visit: Visit, day: Day) -> list[HistoryEntry]:
    """What was done before the vital signs: booked, arrived, opened, checked, started."""
    every = story(histories.of_visit(visit, day.nurse), size=500).entries
    return [entry for entry in every if entry.told[0].what != "Vital signs"]


def test_a_decision_tells_what_it_changed_of_the_one_before(
    clinic: Clinic, mara: User, now: datetime, page_as: Callable[[User], Client], api_as: Callable
) -> None:
    patient = known_patient(clinic, now)
    first = accepted(patient, mara, now, valid_until=date(2027, 1, 31))
    decided: dict[str, Any] = {"by": mara, "now": now, "password": PASSWORD, "reason": "Blood pressure."}
    candidacy.decide(patient=patient, outcome=Outcome.DEFERRED, **decided)
    newest, oldest = story(histories.of_candidacy(patient.pk, mara)).entries
    assert newest.reason == "Blood pressure."
    assert [(c.field, c.before, c.after) for c in only(newest).shown] == [
        ("outcome", "Candidate", "Deferred"),
        ("valid until", "31 Jan 2027", ""),
    ]
    assert oldest.act == "created"
    page = page_as(mara).get(reverse("candidacy-history", args=[patient.pk]), headers=HTMX).content.decode()
    assert "<del>Candidate</del>" in page
    assert len(api_as(mara).get(f"/api/v1/candidacy-decisions/{first.pk}/history/").json()) == 2


def test_screening_tells_each_answer_by_what_was_asked(day: Day, vera: User, page_as: Callable[[User], Client]) -> None:
    patient = day.patient()
    [item] = listing.put_items(ScreeningItem, clinic=day.clinic, wordings=["Glaucoma"], by=vera, now=day.now())
    for done in (False, True):
        answers = [Answered(item.pk, done, "Letter seen" if done else "")]
        screening.record(patient=patient, answers=answers, by=day.nurse, now=day.now())
    told = story(histories.of_screening(patient.pk, day.nurse)).entries
    assert [only(entry).heading for entry in told] == ["Screening: Glaucoma"] * 2
    assert [(c.field, c.after) for c in told[0].changes] == [("done", "yes"), ("answer", "Letter seen")]
    page = page_as(day.nurse).get(reverse("screening-history", args=[patient.pk])).content.decode()
    assert "Letter seen" in page


def test_the_screening_list_says_who_took_what_off(day: Day, vera: User, page_as: Callable[[User], Client]) -> None:
    listing.put_items(ScreeningItem, clinic=day.clinic, wordings=["Glaucoma", "Thyroid"], by=vera, now=day.now())
    listing.put_items(ScreeningItem, clinic=day.clinic, wordings=["Thyroid"], by=vera, now=day.now())
    manager = page_as(vera)
    assert reverse("screening-list-history") in manager.get(reverse("screening-list")).content.decode()
    page = manager.get(reverse("screening-list-history"), headers=HTMX).content.decode()
    assert "Glaucoma: created" in page
    assert "Retired at" in page


def test_the_history_of_an_order_holds_its_standing_and_its_drafts(day: Day) -> None:
    order = day.order(day.patient())
    told = story(histories.of_order(order.pk, day.prescriber)).entries
    assert [one.heading for one in told[0].told] == ["", "Standing: created"]
    assert {"signed name": "Mara Santos, MD", "status": "active"}.items() <= {
        c.field: c.after for c in told[0].changes
    }.items()
    assert told[-1].act == "created"


def test_consents_say_who_took_them_and_how_they_ended(
    day: Day, page_as: Callable[[User], Client], api_as: Callable
) -> None:
    patient, words = day.patient(), wording(day.clinic, day.now())
    given = agreed(patient, words, day.nurse, day.now(), given_by="Ida Quill, mother")
    ends: dict[str, Any] = {"consent_id": given.pk, "how": "withdrawn", "ended_on": given.given_on}
    consents.end(**ends, reason="Changed her mind", by=day.nurse, now=day.now())
    ended, first = story(histories.of_consents(patient.pk, day.nurse)).entries
    assert (only(ended).heading, ended.reason) == ("Treatment consent ended", "Changed her mind")
    assert {"wording": "Having an infusion, edition 1", "taken by": "Nils Berg"}.items() <= {
        c.field: c.after for c in first.changes
    }.items()
    nurse, address = page_as(day.nurse), reverse("treatment-consents-history", args=[patient.pk])
    assert address in nurse.get(reverse("treatment-consents", args=[patient.pk])).content.decode()
    assert "Changed her mind" in nurse.get(address, headers=HTMX).content.decode()
    whole = api_as(day.nurse).get(f"/api/v1/patients/{patient.pk}/history/").json()
    assert "Treatment consent ended" in [record["what"] for entry in whole for record in entry["records"]]


def test_a_corrected_answer_is_told_from_what_to_what(day: Day, vera: User) -> None:
    patient, sleep = day.patient(), own(vera, day.now())
    first = answered(patient, sleep, [2, 0], day.nurse, day.now())
    instead = chosen(sleep, [1])
    corrected = responses.correct(response_id=first.pk, answers=instead, reason="Misread", by=day.nurse, now=day.now())
    responses.strike(response_id=corrected.pk, reason="Another patient", by=day.nurse, now=day.now())
    mine = [one for one in histories.of_patient(patient.pk, day.nurse) if one.key == "questionnaireresponse"]
    struck, changed, written = story(mine).entries
    assert [only(one).heading for one in (struck, changed, written)] == [
        "Questionnaire: struck out",
        "Questionnaire: corrected",
        "Questionnaire",
    ]
    asked = "I sleep through the night"
    assert ("questionnaire", "", "How you sleep") in [(c.field, c.before, c.after) for c in written.changes]
    assert [(c.before, c.after) for one in (struck, changed, written) for c in one.changes if c.field == asked] == [
        ("Sometimes", ""),
        ("Always", "Sometimes"),
        ("", "Always"),
    ]


@pytest.mark.parametrize(
    ("name", "title"), [("screening-list", "Screening list"), ("discharge-list", "Discharge list")]
)
def test_each_list_opens_its_own_history(vera: User, page_as: Callable[[User], Client], name: str, title: str) -> None:
    manager, address = page_as(vera), reverse(f"{name}-history")
    assert f'hx-get="{address}"' in manager.get(reverse(name)).content.decode()
    assert title in manager.get(address, headers=HTMX).content.decode()


def test_wordings_say_who_wrote_which_edition(day: Day, vera: User, page_as: Callable[[User], Client]) -> None:
    wording(day.clinic, day.now())
    manager, address = page_as(vera), reverse("consent-wordings-history")
    assert address in manager.get(reverse("consent-wordings")).content.decode()
    assert "Having an infusion, edition 1: created" in manager.get(address, headers=HTMX).content.decode()


def test_answers_by_the_patients_link_are_the_patients(day: Day, vera: User) -> None:
    asked, patient = own(vera, day.now()), day.patient()
    by_link(patient, asked, [1, 2], day.now())
    [given] = story(histories.of_patient(patient.pk, day.nurse)).entries
    assert (given.who, given.source) == ("The patient", "patient link")
