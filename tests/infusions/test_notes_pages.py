"""The note's pages: saved by itself, reviewed as it prints, signed, and added to."""

import re

import pytest
from django.urls import reverse

from infusions.models import VisitNote, VitalsSet
from tests.conftest import PASSWORD
from tests.infusions.visiting import ALL_MET, Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]


@pytest.fixture
def nurse(page_as, day: Day):
    return page_as(day.nurse)


# A wrong password is counted beside the request, so the people have to be there for good.
@pytest.mark.django_db(transaction=True)
def test_the_note_is_saved_by_itself_reviewed_and_signed(nurse, day: Day) -> None:
    visit = day.discharged()
    note = reverse("visit-note", args=[visit.pk])
    saved = nurse.post(note, {"text": "Well."}, HTTP_ACCEPT="application/json").json()
    assert saved["version"] == 1
    assert re.fullmatch(r"\d\d:\d\d:\d\d", saved["saved_at"])
    assert "Well." in nurse.get(note).content.decode()
    stale = nurse.post(note, {"text": "Other."}, HTTP_ACCEPT="application/json")
    assert stale.status_code == 409
    both = nurse.post(note, {"text": "Other."})
    assert both.status_code == 409
    assert "Well." in both.content.decode()
    assert "Other." in both.content.decode()
    on = nurse.post(note, {"text": "Well. Home by noon.", "version": "1", "review": "1"}, follow=True)
    html = on.content.decode()
    assert on.redirect_chain[-1][0] == reverse("visit-review", args=[visit.pk])
    seen = dict(re.findall(r'name="(version|reviewed)" value="([^"]+)"', html))
    day.vitals(visit, pain=1)
    sign = reverse("visit-sign", args=[visit.pk])
    late = nurse.post(sign, {**seen, "password": PASSWORD})
    assert late.status_code == 422
    assert "charted since you read this" in late.content.decode()
    seen = dict(re.findall(r'name="(version|reviewed)" value="([^"]+)"', late.content.decode()))
    wrong = nurse.post(sign, {**seen, "password": "guessed"})
    assert "not your password" in wrong.content.decode()
    done = nurse.post(sign, {**seen, "password": PASSWORD}, follow=True).content.decode()
    assert "Nils Berg, RN" in done
    assert VisitNote.objects.get().content_hash in done
    assert "vitals-form" not in done
    assert "row-time" in done
    assert reverse("visit-correct", args=[visit.pk, "vitals", VitalsSet.objects.first().pk]) not in done


def test_a_second_clinician_reads_the_draft_and_changes_nothing(page_as, day: Day, mara) -> None:
    note = day.noted()
    other = page_as(mara)
    shown = other.get(reverse("visit-note", args=[note.visit_id])).content.decode()
    assert "Draft of Nils Berg" in shown
    assert "Slept, woke, went home." in shown
    assert "textarea" not in shown
    refused = other.post(reverse("visit-note", args=[note.visit_id]), {"text": "Mine.", "version": note.version})
    assert refused.status_code == 422
    assert VisitNote.objects.get().text == "Slept, woke, went home."
    other.post(reverse("visit-sign", args=[note.visit_id]), {"version": note.version, "password": PASSWORD})
    assert not VisitNote.objects.get().is_signed


def test_a_signed_record_prints_whole_with_its_addenda(nurse, day: Day) -> None:
    visit = day.signed().visit
    add = reverse("visit-addenda", args=[visit.pk])
    assert nurse.post(add, {"text": "Called.", "reason": "", "password": PASSWORD}).status_code == 422
    nurse.post(add, {"text": "Called.", "reason": "Follow-up", "password": PASSWORD})
    printed = nurse.post(reverse("visit-print", args=[visit.pk])).content.decode()
    for words in ("QUILL, Ada", "Examplamine", "Slept, woke, went home.", "Nils Berg, RN", "Called.", "Follow-up"):
        assert words in printed
