"""The note: its author's draft, the signature that closes the visit, and what can be added afterwards."""

import pytest
from django.db import DatabaseError, connection, transaction

from config.audit.acting import recorded
from config.refusals import Clash, Invalid, Stale
from infusions import exceptions, records, signing
from infusions.models import Addendum, AdverseEvent, ExceptionKind, Visit, VisitNote, VitalsSet
from infusions.models.flowsheet import FLOWSHEET
from infusions.notes import record_fingerprint
from tests.conftest import PASSWORD
from tests.infusions.visiting import FIT_TO_GO, Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db

# What it takes to try to write each kind of row.
LEAST = {
    "vitals": {"pain": 3},
    "administrations": {"kind": "pause"},
    "pre-visit-checks": {"mood": "calm"},
    "iv-access": {"site": "left hand"},
    "preparations": {"drug": "Examplamine"},
    "quantities": {"given": "3", "given_unit": "spoons"},
    "adverse-events": {"event": None},
    "discharge": FIT_TO_GO,
    "remarks": {"text": "Asked for the window to be opened."},
}


def write(day: Day, visit, version=None, by=None, **texts) -> VisitNote:
    return records.write_note(visit_id=visit.pk, by=by or day.nurse, now=day.now(), version=version, **texts)


def test_a_draft_is_written_and_changed_by_its_author(day: Day) -> None:
    visit = day.opened()
    first = write(day, visit, text="Arrived well.")
    assert (first.author, first.version, first.plan) == (day.nurse, 1, None)
    second = write(day, visit, version=1, text="Arrived well.\nSlept.", plan="   ")
    assert (second.version, second.text, second.plan) == (2, "Arrived well.\nSlept.", None)
    connection.check_constraints()


def test_another_clinician_does_not_change_it(day: Day) -> None:
    visit = day.opened()
    write(day, visit, text="Nils writes.")
    with pytest.raises(Clash, match="This note is Nils Berg's"):
        write(day, visit, version=1, by=day.prescriber, text="Nils writes, and Mara too.")
    assert VisitNote.objects.get(visit=visit).text == "Nils writes."


def test_a_stale_save_gets_both_texts(day: Day) -> None:
    visit = day.opened()
    write(day, visit, text="One.")
    write(day, visit, version=1, text="One, from the desk.")
    with pytest.raises(Stale) as refused:
        write(day, visit, version=1, text="One, from the tablet.")
    assert refused.value.facts["theirs"]["text"] == "One, from the desk."
    assert refused.value.facts["current"] == 2


def test_a_save_that_overtakes_its_autosave_loses_nothing_and_is_taken(day: Day) -> None:
    visit = day.opened()
    write(day, visit, text="One.")
    assert write(day, visit, version=None, text="One. Two.").text == "One. Two."


def test_a_save_from_further_behind_brings_nothing_back_that_was_taken_out(day: Day) -> None:
    visit = day.opened()
    write(day, visit, text="Fell.")
    write(day, visit, version=1, text="Fell and hit the head.")
    write(day, visit, version=2, text="Fell.")
    with pytest.raises(Stale):
        write(day, visit, version=1, text="Fell and hit the head. Said so twice.")


def test_how_a_visit_ended_is_signed_with_it_and_what_was_allowed_later_is_no_part(day: Day) -> None:
    visit = day.opened()
    records.not_treated(visit_id=visit.pk, by=day.nurse, now=day.now(), reason="Came without fasting.")
    note = day.signed(visit)
    allow = {"kind": ExceptionKind.NO_ESCORT, "reason": "A taxi was called.", "password": PASSWORD}
    at = day.now()
    exceptions.allow(order_id=visit.order_id, day=day.clinic.today(at), by=day.prescriber, now=at, **allow)
    signed = Visit.objects.select_related("note").get(pk=visit.pk)
    assert exceptions.of_visit(signed) == []
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE infusions_visitending DISABLE TRIGGER USER")
        cursor.execute("UPDATE infusions_visitending SET reason = 'Came too late.'")
    assert list(signing.broken()) == [note]


def test_the_signature_says_who_and_when_and_covers_the_whole_record(day: Day) -> None:
    note = day.signed()
    assert (note.signed_name, note.signed_at, len(note.content_hash)) == ("Nils Berg, RN", day.clock, 64)
    assert list(signing.broken()) == []
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE infusions_administration DISABLE TRIGGER USER")
        cursor.execute("UPDATE infusions_administration SET rate = '9' WHERE kind = 'start'")
    assert list(signing.broken()) == [note]


# A wrong password is counted beside the request, so the people have to be there for good.
@pytest.mark.django_db(transaction=True)
def test_signing_needs_the_author_their_password_and_something_to_sign(day: Day) -> None:
    visit = day.discharged()
    sign = {"visit_id": visit.pk, "by": day.nurse, "now": day.now(), "password": PASSWORD}
    with pytest.raises(Clash, match="no note yet"):
        records.sign_note(**sign, version=None)
    note = write(day, visit)
    with pytest.raises(Invalid, match="nothing to sign"):
        records.sign_note(**sign, version=note.version)
    note = write(day, visit, version=note.version, text="Well.")
    with pytest.raises(Invalid, match="not your password"):
        records.sign_note(**{**sign, "password": "guessed"}, version=note.version)
    with pytest.raises(Clash, match="only they change it"):
        records.sign_note(**{**sign, "by": day.prescriber}, version=note.version)
    with pytest.raises(Stale):
        records.sign_note(**sign, version=note.version - 1)
    assert not VisitNote.objects.get().is_signed


def test_signing_waits_for_the_patient_to_go(day: Day) -> None:
    note = day.noted(day.ended())
    with pytest.raises(Clash, match="Chart the discharge first"):
        records.sign_note(visit_id=note.visit_id, by=day.nurse, now=day.now(), password=PASSWORD, version=1)


def test_what_was_charted_after_the_review_has_to_be_read_first(day: Day) -> None:
    note = day.noted()
    read = record_fingerprint(note)
    day.vitals(note.visit, pain=2)
    sign = {"visit_id": note.visit_id, "by": day.nurse, "now": day.now(), "password": PASSWORD, "version": 1}
    with pytest.raises(Stale, match="charted since you read"):
        records.sign_note(**sign, reviewed=read)
    assert records.sign_note(**sign, reviewed=record_fingerprint(note)).is_signed


def test_an_open_adverse_event_blocks_the_signature_until_its_outcome(day: Day) -> None:
    visit = day.started()
    event = day.chart(visit, AdverseEvent, event=None)
    day.chart(visit, AdverseEvent, event=event.event, event_type="fall")
    note = day.noted(day.discharged(day.ended(visit)))
    sign = {"visit_id": visit.pk, "by": day.nurse, "now": day.now(), "password": PASSWORD, "version": note.version}
    with pytest.raises(Clash, match="no outcome yet"):
        records.sign_note(**sign)
    day.chart(visit, AdverseEvent, event=event.event, outcome="No harm done")
    assert records.sign_note(**sign).is_signed


def test_the_database_too_keeps_a_signature_off_an_open_event(day: Day) -> None:
    visit = day.started()
    day.chart(visit, AdverseEvent, event=None)
    note = day.noted(day.discharged(day.ended(visit)))
    note.signed_at, note.signed_name, note.content_hash = day.now(), "Nils Berg, RN", "0" * 64
    with pytest.raises(DatabaseError, match="no outcome"), recorded(by=day.nurse):
        note.save()


@pytest.mark.parametrize("kind", FLOWSHEET)
def test_nothing_is_attached_to_a_signed_visit_by_the_door(day: Day, kind: str) -> None:
    visit = day.signed().visit
    with pytest.raises(Clash, match="This visit is signed"):
        day.chart(visit, FLOWSHEET[kind], **LEAST[kind])


@pytest.mark.parametrize("kind", FLOWSHEET)
def test_nothing_is_attached_to_a_signed_visit_around_the_door(day: Day, kind: str) -> None:
    visit = day.signed().visit
    row = FLOWSHEET[kind](visit=visit, author=day.nurse, entered_at=day.clock, observed_at=day.clock, **LEAST[kind])
    if kind == "adverse-events":
        row.event = row.pk
    with pytest.raises(DatabaseError, match=r"this visit is signed|charted already"), recorded(by=day.nurse):
        FLOWSHEET[kind].objects.bulk_create([row])


def test_a_signed_note_and_its_rows_stay_as_they_are(day: Day) -> None:
    note = day.signed()
    day_vitals = VitalsSet.objects.count()
    for statement in (
        "UPDATE infusions_visitnote SET text = 'other'",
        "DELETE FROM infusions_visitnote",
        "UPDATE infusions_administration SET rate = '9'",
        "DELETE FROM infusions_administration",
        "UPDATE infusions_visit SET order_id = NULL",
        "DELETE FROM infusions_visit",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(Clash):
        write(day, note.visit, version=note.version, text="other")
    assert VitalsSet.objects.count() == day_vitals


# A wrong password is counted beside the request, so the people have to be there for good.
@pytest.mark.django_db(transaction=True)
def test_only_addenda_are_added_each_under_its_own_signature(day: Day) -> None:
    visit = day.signed().visit
    add = {"visit_id": visit.pk, "by": day.prescriber, "password": PASSWORD, "text": "Called.", "reason": "Follow-up"}
    first = records.add_addendum(**add, now=day.now())
    second = records.add_addendum(**{**add, "by": day.nurse, "text": "Called again."}, now=day.now())
    assert [a.signed_name for a in visit.addenda.order_by("recorded_at")] == ["Mara Santos, MD", "Nils Berg, RN"]
    assert first.content_hash != second.content_hash
    assert list(signing.broken()) == []
    with pytest.raises(Invalid, match="password"):
        records.add_addendum(**{**add, "password": "guessed"}, now=day.now())
    for blank in ("text", "reason"):
        with pytest.raises(Invalid):
            records.add_addendum(**{**add, blank: "  "}, now=day.now())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE infusions_addendum SET text = 'other'")


def test_an_unsigned_note_takes_no_addendum_by_the_door_nor_around_it(day: Day) -> None:
    note = day.noted()
    with pytest.raises(Clash, match="not signed yet"):
        records.add_addendum(
            visit_id=note.visit_id, by=day.nurse, now=day.now(), password=PASSWORD, text="More.", reason="Forgot"
        )
    added = Addendum(
        visit=note.visit,
        author=day.nurse,
        entered_at=day.clock,
        text="More.",
        reason="Forgot",
        signed_name="Nils Berg, RN",
        content_hash="0" * 64,
    )
    with pytest.raises(DatabaseError, match="not signed"), recorded(by=day.nurse):
        added.save()
