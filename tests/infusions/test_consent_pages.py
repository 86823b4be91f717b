"""Treatment consents and their wordings as pages: nothing filled in, what was typed kept, papers as downloads."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config.staff.models import Clinic, User
from infusions import consent_wordings, consents
from infusions.models import Administration, ConsentDocument, ConsentWording, PreVisitCheck, TreatmentConsent
from patients.models import Patient
from tests.conftest import hired
from tests.infusions.consenting import INFUSION, JPEG, PDF, agreed, wording
from tests.infusions.consenting import day as local
from tests.infusions.ordering import known_patient
from tests.infusions.test_visits_pages import HTMX, assert_empty, chart
from tests.infusions.visiting import CHECKED, Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)


@pytest.fixture
def words(clinic: Clinic, now: datetime) -> ConsentWording:
    return wording(clinic, now)


def page_of(patient: Patient) -> str:
    return reverse("treatment-consents", args=[patient.pk])


def typed(words: ConsentWording, taken_by: User, **more: Any) -> dict[str, Any]:
    return {
        "wording": str(words.pk),
        "given_on": "2026-11-23",
        "taken_by": str(taken_by.pk),
        "client_id": str(uuid4()),
        **more,
    }


def paper(content: bytes, name: str = "Ada Quill.exe", media_type: str = "text/html") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=media_type)


def test_a_consent_is_recorded_with_its_paper_and_the_form_is_empty_again(
    page_as: Callable[[User], Client], ada: Patient, nils: User, mara: User, words: ConsentWording
) -> None:
    nurse = page_as(nils)
    shown = nurse.get(page_of(ada)).content.decode()
    assert_empty(shown)
    assert "Not in date today: Having an infusion" in shown
    assert "I agree to sit still." in shown
    sent = typed(words, mara, expires_on="2027-05-31", given_by="Ida Quill, mother", document=paper(PDF))
    html = nurse.post(page_of(ada), sent, follow=True).content.decode()
    assert_empty(html)
    assert "Consent recorded: Having an infusion, edition 1." in html
    assert "Nothing is missing today" in html
    for told in ('data-state="in_date"', "last day 31 May 2027", "by Ida Quill, mother", "written down by Nils Berg"):
        assert told in html, told
    kept = TreatmentConsent.objects.get()
    assert (kept.taken_by, kept.expires_on, bytes(kept.document.content)) == (mara, local("2027-05-31"), PDF)


def test_what_was_typed_stays_and_no_last_day_is_ever_filled_in(
    page_as: Callable[[User], Client], ada: Patient, nils: User, words: ConsentWording
) -> None:
    nurse = page_as(nils)
    refused = nurse.post(page_of(ada), typed(words, nils, expires_on="2026-11-01", given_by="Ida"))
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "It cannot end before it was given." in html
    assert 'value="2026-11-01"' in html
    assert 'value="Ida"' in html
    nothing = nurse.post(page_of(ada), {}).content.decode()
    for told in ("Choose the wording", "Give the day on which it was given", "Say with which clinician"):
        assert told in nothing, told
    nurse.post(page_of(ada), typed(words, nils))
    assert TreatmentConsent.objects.get().expires_on is None


@pytest.mark.parametrize("content", [b"<script>alert(1)</script>", b"", PDF + bytes(4 * 1024 * 1024)])
def test_a_paper_that_is_none_is_refused_at_its_field(
    page_as: Callable[[User], Client], ada: Patient, nils: User, words: ConsentWording, content: bytes
) -> None:
    sent = typed(words, nils, document=paper(content, "scan.pdf", "application/pdf"))
    refused = page_as(nils).post(page_of(ada), sent)
    assert refused.status_code == 422
    assert 'id="id_document_error"' in refused.content.decode()
    assert not ConsentDocument.objects.exists()


def test_the_paper_is_a_download_that_tells_no_name_and_is_what_it_is(
    page_as: Callable[[User], Client], ada: Patient, nils: User, mara: User, words: ConsentWording, now: datetime
) -> None:
    given = agreed(ada, words, nils, now, document=JPEG)
    got = page_as(mara).get(reverse("treatment-consent-document", args=[given.pk]))
    assert (got.content, got["Content-Type"]) == (JPEG, "image/jpeg")
    assert got["Content-Disposition"] == 'attachment; filename="consent-2026-11-23.jpg"'
    assert (got["X-Content-Type-Options"], got["Cache-Control"]) == ("nosniff", "no-store")
    without = agreed(ada, words, nils, now)
    assert page_as(mara).get(reverse("treatment-consent-document", args=[without.pk])).status_code == 404


@pytest.mark.parametrize("who", ["ana", "vera", "olu"])
def test_the_desk_sees_neither_consents_nor_papers(
    request: pytest.FixtureRequest, page_as: Callable[[User], Client], ada: Patient, nils: User,
    words: ConsentWording, now: datetime, who: str,
) -> None:  # fmt: skip
    given, client = agreed(ada, words, nils, now, document=PDF), page_as(request.getfixturevalue(who))
    for address in (
        page_of(ada),
        reverse("treatment-consent-document", args=[given.pk]),
        reverse("treatment-consent-end", args=[given.pk]),
    ):
        assert client.get(address).status_code == 403


def test_another_clinic_finds_nothing(
    page_as: Callable[[User], Client], other_clinic: Clinic, ada: Patient, nils: User, words: ConsentWording,
    now: datetime,
) -> None:  # fmt: skip
    ned, given = hired(other_clinic, "ned", "Ned Hall", "nurse", "RN"), agreed(ada, words, nils, now, document=PDF)
    client = page_as(ned)
    for address in (
        page_of(ada),
        reverse("treatment-consent-document", args=[given.pk]),
        reverse("treatment-consent-end", args=[given.pk]),
    ):
        assert client.get(address).status_code == 404
    theirs = known_patient(other_clinic, now, "Reed")
    refused = client.post(page_of(theirs), typed(words, ned))
    assert refused.status_code == 422


def test_it_is_ended_with_a_reason_and_stays_in_the_list(
    page_as: Callable[[User], Client], ada: Patient, nils: User, words: ConsentWording, now: datetime
) -> None:
    given, nurse = agreed(ada, words, nils, now), page_as(nils)
    url = reverse("treatment-consent-end", args=[given.pk])
    assert_empty(nurse.get(url).content.decode())
    refused = nurse.post(url, {"how": "withdrawn", "reason": "By phone"})
    assert refused.status_code == 422
    assert "Give the day on which it was withdrawn." in refused.content.decode()
    html = nurse.post(
        url, {"how": "withdrawn", "reason": "By phone", "ended_on": "2026-11-23"}, follow=True
    ).content.decode()
    assert "Withdrawn. The consent stays in the record." in html
    assert "23 Nov 2026, Nils Berg: By phone" in html
    assert "ended already" in nurse.get(url).content.decode()
    assert nurse.post(url, {"how": "entered-in-error", "reason": "x"}).status_code == 409


def test_the_page_costs_the_same_for_one_consent_and_for_many(
    page_as: Callable[[User], Client], ada: Patient, nils: User, words: ConsentWording, now: datetime
) -> None:
    nurse = page_as(nils)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert nurse.get(page_of(ada)).status_code == 200
        return len(asked)

    agreed(ada, words, nils, now, document=PDF)
    one = queries()
    for _ in range(3):
        given = agreed(ada, words, nils, now, document=PDF)
    consents.end(consent_id=given.pk, how="entered-in-error", reason="x", by=nils, now=now)
    assert queries() == one


def test_without_wordings_the_page_says_who_writes_them(
    page_as: Callable[[User], Client], ada: Patient, nils: User
) -> None:
    html = page_as(nils).get(page_of(ada)).content.decode()
    assert "The clinic has no wordings yet" in html
    assert "<form" not in html[html.index('id="content"') : html.index("</main>")]


# The start


def test_the_start_asks_why_without_and_takes_the_reason(page_as: Callable[[User], Client], day: Day) -> None:
    visit = day.opened()
    day.chart(visit, PreVisitCheck, **CHECKED)
    wording(day.clinic, day.clock)
    nurse, start = page_as(day.nurse), f"{chart(visit, 'administrations')}?kind=start"
    shown = nurse.get(start, **HTMX).content.decode()
    assert_empty(shown)
    assert "No consent in date" in shown
    assert INFUSION in shown
    assert page_of(visit.patient) in shown
    refused = nurse.post(start, {"kind": "start", "rate": "2", "rate_unit": "spoons"}, **HTMX)
    assert refused.status_code == 422
    assert "write why the infusion starts without it" in refused.content.decode()
    assert 'value="2"' in refused.content.decode()
    sent = {"kind": "start", "without_consent_reason": "Signed before my eyes."}
    assert nurse.post(start, sent, **HTMX).status_code == 200
    assert Administration.objects.get().without_consent_reason == "Signed before my eyes."


def test_a_consent_that_comes_in_meanwhile_makes_the_reason_needless(
    page_as: Callable[[User], Client], day: Day
) -> None:
    visit = day.opened()
    day.chart(visit, PreVisitCheck, **CHECKED)
    words, nurse = wording(day.clinic, day.clock), page_as(day.nurse)
    start = f"{chart(visit, 'administrations')}?kind=start"
    agreed(visit.patient, words, day.prescriber, day.clock)
    assert "No consent in date" not in nurse.get(start, **HTMX).content.decode()
    assert nurse.post(start, {"kind": "start", "without_consent_reason": "x"}, **HTMX).status_code == 200
    assert Administration.objects.get().without_consent_reason is None


def test_a_start_of_the_evening_before_brings_the_box_back(page_as: Callable[[User], Client], day: Day) -> None:
    """The form looks at today, on which the patient agreed; the door at the day of the time that was typed."""
    day.clock = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)  # 21:30 in Los Angeles
    visit = day.opened()
    day.chart(visit, PreVisitCheck, **CHECKED)
    words = wording(day.clinic, day.clock)
    with time_machine.travel(datetime(2026, 11, 24, 8, 20, tzinfo=UTC)):
        agreed(visit.patient, words, day.nurse, timezone.now(), given_on=local("2026-11-24"))
        start, nurse = f"{chart(visit, 'administrations')}?kind=start", page_as(day.nurse)
        assert "No consent in date" not in nurse.get(start, **HTMX).content.decode()
        refused = nurse.post(start, {"kind": "start", "at": "23:50"}, **HTMX)
    assert refused.status_code == 422
    assert 'name="without_consent_reason"' in refused.content.decode()


def test_a_corrected_start_shows_the_box_where_the_first_one_needed_it(
    page_as: Callable[[User], Client], day: Day
) -> None:
    visit = day.opened()
    day.chart(visit, PreVisitCheck, **CHECKED)
    wording(day.clinic, day.clock)
    start = day.step(visit, "start", without_consent_reason="Signed before my eyes.")
    url = reverse("visit-correct", args=[visit.pk, "administrations", start.pk])
    shown = page_as(day.nurse).get(url, **HTMX).content.decode()
    assert_empty(shown)
    assert 'name="without_consent_reason"' in shown
    sent = {"kind": "start", "correction_reason": "Three", "rate": "3", "rate_unit": "spoons"}
    refused = page_as(day.nurse).post(url, sent, **HTMX)
    assert refused.status_code == 422
    assert "Write that again." in refused.content.decode()


# The wordings


def test_a_manager_puts_an_edition_in_use_and_nothing_is_offered(
    page_as: Callable[[User], Client], vera: User, clinic: Clinic
) -> None:
    manager, url = page_as(vera), reverse("consent-wordings")
    empty = manager.get(url).content.decode()
    assert_empty(empty)
    assert "No wording yet" in empty
    fields = {"kind": "Infusion", "edition": "1", "text": "I agree.\n  As typed. "}
    refused = manager.post(url, fields)
    assert refused.status_code == 422
    assert "Say whether a start asks for it." in refused.content.decode()
    html = manager.post(url, {**fields, "needed_to_start": "yes"}, follow=True).content.decode()
    assert "In use from now on: Infusion, edition 1." in html
    assert ConsentWording.objects.get().text == "I agree.\n  As typed. "
    assert manager.post(url, {**fields, "needed_to_start": "no"}).status_code == 409


def test_a_manager_retires_brings_back_and_asks(
    page_as: Callable[[User], Client], vera: User, clinic: Clinic, words: ConsentWording
) -> None:
    manager = page_as(vera)
    html = manager.post(reverse("consent-wording-ask", args=[words.pk]), {"needed": "no"}, follow=True).content.decode()
    assert "A start does not ask for it any more" in html
    html = manager.post(reverse("consent-wording-retire", args=[words.pk]), follow=True).content.decode()
    assert "No longer in use: Having an infusion, edition 1." in html
    assert consent_wordings.in_use(clinic=clinic) == []
    html = manager.post(reverse("consent-wording-bring-back", args=[words.pk]), follow=True).content.decode()
    assert "In use again" in html


def test_the_settings_lead_to_both_lists_of_the_clinics_own(page_as: Callable[[User], Client], vera: User) -> None:
    manager = page_as(vera)
    for name in ("settings", "screening-list", "consent-wordings"):
        html = manager.get(reverse(name)).content.decode()
        assert f'href="{reverse("consent-wordings")}"' in html
        assert f'href="{reverse("screening-list")}"' in html
