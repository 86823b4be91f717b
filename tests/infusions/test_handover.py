"""A note whose author does not sign it: a colleague takes it over, and the record names both."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.urls import reverse

from config.audit.acting import recorded
from config.audit.guards import sqlstate
from config.refusals import Clash, Invalid, NotAllowed, NotFound, Stale
from infusions import handover, records, signing
from infusions.models import NoteHandover, VisitNote
from tests.conftest import PASSWORD, hired
from tests.infusions.visiting import Day, later_that_day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db


def take(day: Day, note: VisitNote, **more) -> VisitNote:
    values = {"by": day.prescriber, "reason": "Nils is on leave.", **more}
    return records.take_over_note(visit_id=note.visit_id, now=day.now(), **values)


def sign(day: Day, note: VisitNote, by) -> VisitNote:
    return records.sign_note(visit_id=note.visit_id, by=by, now=day.now(), password=PASSWORD, version=note.version)


def test_the_taker_writes_and_signs_and_the_record_names_both(day: Day) -> None:
    note = day.noted()
    taken = take(day, note, version=note.version)
    assert (taken.author, taken.text) == (day.prescriber, note.text)
    with pytest.raises(Clash, match="This note is Mara Santos's"):
        records.write_note(visit_id=note.visit_id, by=day.nurse, now=day.now(), version=2, text="Mine.")
    signed = sign(day, taken, day.prescriber)
    assert signed.signed_name == "Mara Santos, MD"
    row = NoteHandover.objects.get()
    assert (row.began_by, row.author, row.reason) == (day.nurse, day.prescriber, "Nils is on leave.")
    assert list(signing.broken()) == []
    connection.check_constraints()
    changes = VisitNote.objects.get().history.order_by("history_id").values_list("author", "history_change_reason")
    assert list(changes)[1] == (day.prescriber.pk, "Nils is on leave.")


def test_the_signature_covers_who_took_it_over(day: Day) -> None:
    note = sign(day, take(day, day.noted()), day.prescriber)
    with connection.cursor() as cursor:
        connection.check_constraints()
        cursor.execute("ALTER TABLE infusions_notehandover DISABLE TRIGGER USER")
        cursor.execute("UPDATE infusions_notehandover SET reason = 'Another one.'")
    assert list(signing.broken()) == [note]


def test_ones_own_note_stays_and_a_second_press_changes_nothing(day: Day) -> None:
    note = day.noted()
    assert take(day, note, by=day.nurse).version == note.version
    take(day, note)
    take(day, note)
    assert NoteHandover.objects.count() == 1


def test_it_can_go_back_and_both_are_kept(day: Day) -> None:
    note = take(day, day.noted())
    back = take(day, note, by=day.nurse, reason="Back from leave.")
    assert back.author == day.nurse
    assert [one.reason for one in back.visit.handed_over] == ["Nils is on leave.", "Back from leave."]


@pytest.mark.parametrize("reason", ["  ", "x" * 201])
def test_it_takes_a_reason(day: Day, reason: str) -> None:
    note = day.noted()
    with pytest.raises(Invalid) as refused:
        take(day, note, reason=reason)
    assert list(refused.value.errors) == ["reason"]
    assert VisitNote.objects.get().author == day.nurse


def test_not_without_a_note_nor_a_signed_one_nor_a_stale_one(day: Day, other_clinic) -> None:
    visit = day.discharged()
    with pytest.raises(Clash, match="no note"):
        records.take_over_note(visit_id=visit.pk, by=day.prescriber, now=day.now(), reason="x")
    note = day.noted(visit)
    with pytest.raises(Stale):
        take(day, note, version=note.version + 1)
    with pytest.raises(NotAllowed):
        take(day, note, by=day.desk)
    with pytest.raises(NotFound):
        take(day, note, by=hired(other_clinic, "ned", "Ned Hall", "nurse", "RN"))
    sign(day, note, day.nurse)
    with pytest.raises(Clash, match="signed"):
        take(day, note)


@pytest.mark.django_db(transaction=True)
def test_an_earlier_handover_opens_nothing_later(day: Day) -> None:
    note = take(day, day.noted())
    take(day, note, by=day.nurse, reason="Back.")
    stolen = VisitNote.objects.get()
    stolen.author = day.prescriber
    with pytest.raises(DatabaseError) as refused, recorded(by=day.prescriber):
        stolen.save()
    assert sqlstate(refused.value) == "DK005"


# Pages and API


def test_the_list_leads_to_every_record_that_is_not_signed(day: Day, page_as, later_that_day) -> None:  # noqa: F811
    begun = day.noted()
    over = day.discharged(day.ended(day.started(day.opened(day.booked(day.order(day.patient("Reed")), hours=2)))))
    day.signed(day.discharged(day.ended(day.started(day.opened(day.booked(day.order(day.patient("Zorn")), hours=3))))))
    under_way = day.opened(day.booked(day.order(day.patient("Wills")), hours=4))
    assert list(handover.unsigned(clinic=day.clinic).order_by("opened_at")) == [begun.visit, over]
    nurse = page_as(day.nurse)
    html = nurse.get(reverse("notes-unsigned")).content.decode()
    assert "QUILL" in html.upper()
    assert "REED" in html.upper()
    assert "ZORN" not in html.upper()
    assert str(under_way.pk) not in html
    mine = nurse.get(reverse("notes-unsigned") + "?whose=mine").content.decode()
    assert str(begun.visit_id) in mine
    assert str(over.pk) not in mine
    assert b"None of yours waits" in page_as(day.prescriber).get(reverse("notes-unsigned") + "?whose=mine").content


def test_a_page_asks_why_and_hands_the_text_over(day: Day, page_as, later_that_day) -> None:  # noqa: F811
    note = day.noted()
    prescriber, url = page_as(day.prescriber), reverse("visit-take-over", args=[note.visit_id])
    assert url in prescriber.get(reverse("visit-note", args=[note.visit_id])).content.decode()
    assert b"Slept, woke, went home." in prescriber.get(url).content
    refused = prescriber.post(url, {"version": "1"})
    assert refused.status_code == 422
    assert b"Say why you take this note over." in refused.content
    assert b"saved this note" in prescriber.post(url, {"version": "7", "reason": "On leave."}).content
    taken = prescriber.post(url, {"version": "1", "reason": "On leave."}, follow=True)
    html = taken.content.decode()
    assert "Begun by Nils Berg; taken over by Mara Santos" in html
    assert "Slept, woke, went home." in html
    assert prescriber.get(url).status_code == 302


def test_what_the_earlier_author_still_typed_is_shown_back(day: Day, page_as, later_that_day) -> None:  # noqa: F811
    note = take(day, day.noted())
    url = reverse("visit-note", args=[note.visit_id])
    refused = page_as(day.nurse).post(url, {"version": "1", "text": "Mine, still being typed."})
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "Mara Santos&#x27;s, and only they change it" in html
    assert "Mine, still being typed." in html
    assert VisitNote.objects.get().text == "Slept, woke, went home."


def test_the_api_takes_over_too(day: Day, api_as, later_that_day) -> None:  # noqa: F811
    note = day.noted()
    url = f"/api/v1/visits/{note.visit_id}/take-over/"
    assert list(api_as(day.prescriber).post(url, {}).json()["errors"]) == ["reason"]
    assert api_as(day.prescriber).post(url, {"reason": "Leave.", "version": 9}).status_code == 409
    taken = api_as(day.prescriber).post(url, {"reason": "Leave.", "version": 1})
    assert (taken.status_code, taken.data["author"]) == (200, day.prescriber.pk)


@pytest.mark.usefixtures("later_that_day")
def test_home_tells_of_records_unsigned_for_a_day_whoever_wrote_them(day: Day, page_as) -> None:
    day.discharged()
    assert "older than a day" not in page_as(day.prescriber).get("/").content.decode()
    with time_machine.travel(day.clock + timedelta(days=2)):
        assert "1 of the clinic older than a day" in page_as(day.prescriber).get("/").content.decode()
