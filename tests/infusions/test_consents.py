"""Treatment consents: what was agreed to, when, until when, and how that ended; and around the doors."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from config.audit.acting import SystemJob, recorded
from config.audit.guards import sqlstate
from config.refusals import Clash, Invalid, NotAllowed, NotFound
from config.staff.accounts import deactivate
from config.staff.models import Clinic
from infusions import consents
from infusions.models import ConsentDocument, ConsentEnding, ConsentWording, Ended, TreatmentConsent
from patients import register
from patients.models import Patient
from tests.infusions.consenting import JPEG, PDF, PNG, agreed, day, wording
from tests.infusions.ordering import known_patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)


@pytest.fixture
def words(clinic: Clinic, now: datetime) -> ConsentWording:
    return wording(clinic, now)


def held_on(patient: Patient, text: str) -> list[TreatmentConsent]:
    return consents.in_date(patient=patient, on=day(text))


# What is written down


def test_a_consent_holds_from_its_day_to_its_last_that_day_included(ada, nils, mara, words, now) -> None:
    given = agreed(
        ada, words, nils, now, given_on=day("2026-11-03"), expires_on=day("2026-11-20"), taken_by=mara,
        given_by=" Ida Quill,  mother ",
    )  # fmt: skip
    assert (given.author, given.taken_by, given.given_by) == (nils, mara, "Ida Quill, mother")
    assert [bool(held_on(ada, on)) for on in ("2026-11-02", "2026-11-03", "2026-11-20", "2026-11-21")] == [
        False, True, True, False,
    ]  # fmt: skip
    connection.check_constraints()


def test_without_a_last_day_it_has_none(ada, nils, words, now) -> None:
    given = agreed(ada, words, nils, now)
    assert (given.expires_on, given.given_by, given.document) == (None, None, None)
    assert held_on(ada, "2126-01-01") == [given]


def test_sent_twice_it_is_written_once(ada, nils, words, now) -> None:
    sent = uuid4()
    first = agreed(ada, words, nils, now, client_id=sent, document=PDF)
    assert agreed(ada, words, nils, now, client_id=sent, document=PDF) == first
    assert (TreatmentConsent.objects.count(), ConsentDocument.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_on", day("2026-11-24")),
        ("given_on", day("0999-01-01")),
        ("expires_on", day("2026-11-22")),
        ("expires_on", day("9000-01-01")),
        ("given_by", "x" * 121),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(ada, nils, words, now, field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        agreed(ada, words, nils, now, **{field: value})
    assert list(refused.value.errors) == [field]
    assert not TreatmentConsent.objects.exists()


def test_it_is_taken_by_a_clinician_of_the_clinic_on_a_wording_of_the_clinic(
    ada, ana, nils, other_clinic, words, now
) -> None:
    with pytest.raises(Invalid) as refused:
        agreed(ada, words, nils, now, taken_by=ana)
    assert list(refused.value.errors) == ["taken_by"]
    with pytest.raises(Invalid) as refused:
        agreed(ada, wording(other_clinic, now), nils, now)
    assert list(refused.value.errors) == ["wording"]


def test_it_may_have_been_taken_by_somebody_who_has_left(ada, nils, mara, vera, words, now) -> None:
    deactivate(person=mara, by=vera, reason="Left.")
    mara.refresh_from_db()
    assert agreed(ada, words, nils, now, given_on=day("2026-11-03"), taken_by=mara).taken_by == mara


def test_an_edition_that_is_retired_may_still_have_been_agreed_to(clinic, ada, nils, words, now) -> None:
    wording(clinic, now, edition="2")
    words.refresh_from_db()
    assert words.retired_at
    given = agreed(ada, words, nils, now)
    assert held_on(ada, "2026-11-23") == [given]


@pytest.mark.parametrize("who", ["ana", "vera", "olu", "zoe"])
def test_only_clinicians_of_the_clinic_write_it(request, ada, nils, words, now, who: str) -> None:
    person = request.getfixturevalue(who)
    given = agreed(ada, words, nils, now)
    with pytest.raises(NotAllowed):
        agreed(ada, words, person, now, taken_by=nils)
    with pytest.raises(NotAllowed):
        consents.end(consent_id=given.pk, how="withdrawn", ended_on=given.given_on, reason="x", by=person, now=now)


def test_nobody_of_another_clinic_finds_it(ada, nils, words, other_clinic, now) -> None:
    from tests.conftest import hired

    ned, given = hired(other_clinic, "ned", "Ned Hall", "nurse", "RN"), agreed(ada, words, nils, now)
    with pytest.raises(NotFound):
        agreed(ada, words, ned, now)
    with pytest.raises(NotFound):
        consents.end(consent_id=given.pk, how="entered-in-error", reason="x", by=ned, now=now)


def test_not_on_a_record_that_was_merged_away_but_withdrawn_even_there(clinic, ada, nils, words, now) -> None:
    given, kept = agreed(ada, words, nils, now), known_patient(clinic, now)
    register.merge(patient_id=ada.pk, into_id=kept.pk, by=SystemJob.SET_UP, reason="One person.")
    with pytest.raises(Clash):
        agreed(ada, words, nils, now)
    consents.end(consent_id=given.pk, how="withdrawn", ended_on=given.given_on, reason="By phone.", by=nils, now=now)


# How it ends


def test_withdrawn_it_holds_no_more_from_that_day_on(ada, nils, mara, words, now) -> None:
    given = agreed(ada, words, nils, now, given_on=day("2026-11-03"))
    ending = consents.end(
        consent_id=given.pk, how=Ended.WITHDRAWN, ended_on=day("2026-11-10"), reason=" Changed her mind. ", by=mara,
        now=now,
    )  # fmt: skip
    assert (ending.reason, ending.author) == ("Changed her mind.", mara)
    assert [bool(held_on(ada, on)) for on in ("2026-11-09", "2026-11-10", "2026-11-23")] == [True, False, False]
    with pytest.raises(Clash):
        consents.end(consent_id=given.pk, how="entered-in-error", reason="x", by=mara, now=now)


def test_entered_in_error_it_never_held(ada, nils, words, now) -> None:
    given = agreed(ada, words, nils, now, given_on=day("2026-11-03"))
    consents.end(consent_id=given.pk, how="entered-in-error", reason="Another patient's.", by=nils, now=now)
    assert held_on(ada, "2026-11-03") == []
    [shown] = consents.of_patient(patient=ada)
    assert (shown.ending.how, shown.ending.reason) == ("entered-in-error", "Another patient's.")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"how": "expired", "reason": "x"}, "how"),
        ({"how": "entered-in-error", "reason": "  "}, "reason"),
        ({"how": "entered-in-error", "reason": "x" * 201}, "reason"),
        ({"how": "entered-in-error", "reason": "x", "ended_on": day("2026-11-23")}, "ended_on"),
        ({"how": "withdrawn", "reason": "x"}, "ended_on"),
        ({"how": "withdrawn", "reason": "x", "ended_on": day("2026-11-02")}, "ended_on"),
        ({"how": "withdrawn", "reason": "x", "ended_on": day("2026-11-24")}, "ended_on"),
    ],
)
def test_an_ending_that_makes_no_sense_is_refused(ada, nils, words, now, more: dict, field: str) -> None:
    given = agreed(ada, words, nils, now, given_on=day("2026-11-03"))
    with pytest.raises(Invalid) as refused:
        consents.end(consent_id=given.pk, by=nils, now=now, **more)
    assert list(refused.value.errors) == [field]
    assert not ConsentEnding.objects.exists()


# The paper


@pytest.mark.parametrize(
    ("content", "media_type"), [(PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")]
)
def test_a_paper_is_kept_byte_for_byte_and_known_by_its_content(ada, nils, words, now, content, media_type) -> None:
    given = agreed(ada, words, nils, now, document=content)
    kept = ConsentDocument.objects.get()
    assert given.document == kept
    assert (bytes(kept.content), kept.media_type, kept.size) == (content, media_type, len(content))


@pytest.mark.parametrize(
    "content",
    [b"", b"<html><script>", b"GIF89a" + bytes(9), PDF[:-8], JPEG[:-2], PNG[:-4], PDF + bytes(4 * 1024 * 1024)],
    ids=["empty", "html", "gif", "cut-pdf", "cut-jpeg", "cut-png", "large"],
)
def test_anything_else_is_refused_and_nothing_is_written(ada, nils, words, now, content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        agreed(ada, words, nils, now, document=content)
    assert list(refused.value.errors) == ["document"]
    assert not TreatmentConsent.objects.exists()
    assert not ConsentDocument.objects.exists()


# Around the doors


def row(patient, words, author, now, **more) -> TreatmentConsent:
    fields = {"given_on": day("2026-11-03"), "taken_by": author, "author": author, "entered_at": now, **more}
    return TreatmentConsent(patient=patient, wording=words, **fields)


def test_the_database_lets_nobody_write_for_a_clinician(ada, ana, vera, nils, words, now) -> None:
    for person in (ana, vera, SystemJob.IMPORT):
        with pytest.raises(DatabaseError) as refused, recorded(by=person):
            row(ada, words, nils, now).save()
        assert sqlstate(refused.value) == "DK004"


def test_the_database_keeps_a_consent_as_it_was_written(ada, nils, words, now) -> None:
    given = agreed(ada, words, nils, now, document=PDF)
    for change in (
        lambda: TreatmentConsent.objects.filter(pk=given.pk).update(expires_on=day("2099-01-01")),
        lambda: ConsentDocument.objects.update(content=PDF + b"x"),
        lambda: TreatmentConsent.objects.filter(pk=given.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError) as refused, recorded(by=nils):
            change()
        assert sqlstate(refused.value) == "DK003"


@pytest.mark.parametrize(
    ("more", "constraint"),
    [
        ({"expires_on": day("2026-11-02")}, "consent_expires_after_it_was_given"),
        ({"given_by": "  "}, "consent_blank_is_null"),
        ({"given_on": day("2026-11-24")}, "consent does not fit"),
    ],
)
def test_the_database_refuses_what_cannot_be(ada, nils, words, now, more: dict, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), recorded(by=nils):
        row(ada, words, nils, now, **more).save()


def test_the_database_keeps_clinics_and_patients_apart(clinic, ada, nils, zoe, words, other_clinic, now) -> None:
    reed = known_patient(clinic, now, "Reed")
    theirs = agreed(reed, words, nils, now, document=PDF).document
    elsewhere = wording(other_clinic, now)
    for wrong in (row(ada, elsewhere, nils, now), row(ada, words, nils, now, taken_by=zoe),
                  row(ada, words, nils, now, document=theirs)):  # fmt: skip
        with pytest.raises(IntegrityError, match="does not fit its patient"), transaction.atomic(), recorded(by=nils):
            wrong.save()


def test_the_database_ends_nothing_twice_early_or_without_a_reason(ada, nils, words, now) -> None:
    given = agreed(ada, words, nils, now, given_on=day("2026-11-03"))

    def ending(**more: object) -> ConsentEnding:
        fields = {"how": "withdrawn", "ended_on": day("2026-11-10"), "reason": "x", "author": nils, "entered_at": now}
        return ConsentEnding(consent=given, **(fields | more))

    for more, words_of_it in (
        ({"ended_on": None}, "consent_withdrawn_on_a_day"),
        ({"how": "entered-in-error"}, "consent_withdrawn_on_a_day"),
        ({"reason": " "}, "consent_ending_says_why"),
        ({"ended_on": day("2026-11-02")}, "on or after the day"),
        ({"ended_on": day("2026-11-24")}, "on or after the day"),
    ):
        with pytest.raises(IntegrityError, match=words_of_it), transaction.atomic(), recorded(by=nils):
            ending(**more).save()
    with recorded(by=nils):
        ending().save()
    with pytest.raises(IntegrityError), transaction.atomic(), recorded(by=nils):
        ending().save()


@pytest.mark.parametrize(
    "more", [{"sha256": "0" * 64}, {"size": 3}, {"media_type": "image/png"}, {"media_type": "text/html"}]
)
def test_the_database_takes_no_paper_that_is_not_what_it_says(ada, nils, now, more: dict) -> None:
    from hashlib import sha256

    told = {"media_type": "application/pdf", "size": len(PDF), "sha256": sha256(PDF).hexdigest()}
    paper = ConsentDocument(patient=ada, content=PDF, author=nils, entered_at=now, **(told | more))
    with pytest.raises(IntegrityError, match="not what it says"), transaction.atomic(), recorded(by=nils):
        paper.save()


def test_the_database_takes_no_paper_beyond_measure(ada, nils, now) -> None:
    from hashlib import sha256

    content = PDF + bytes(4 * 1024 * 1024)
    paper = ConsentDocument(patient=ada, content=content, media_type="application/pdf", author=nils, entered_at=now)
    paper.size, paper.sha256 = len(content), sha256(content).hexdigest()
    with pytest.raises(IntegrityError, match="document_not_too_large"), transaction.atomic(), recorded(by=nils):
        paper.save()


def test_reading_the_list_never_reads_the_papers(ada, nils, words, now, django_assert_num_queries) -> None:
    for _ in range(3):
        agreed(ada, words, nils, now + timedelta(minutes=1), document=PDF)
    with django_assert_num_queries(1):
        found = consents.of_patient(patient=ada)
        assert [(one.document.size, one.taken_by.full_name, str(one.wording)) for one in found]
    assert "content" in found[0].document.get_deferred_fields()
