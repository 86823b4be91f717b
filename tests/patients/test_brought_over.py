"""What has to come over when two records of one person become one: allergies that are listed, and every no."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash
from config.staff.permissions import Role
from patients import allergies, contact
from patients.models import Allergy, AllergyReview, AllergyState, ContactConsent, Patient, Task
from patients.register import merge, record_death, register

pytestmark = pytest.mark.django_db
ADA = {"family_name": "Okafor", "given_name": "Ada", "mobile": "213 555 0142", "email": "ada@example.com"}
WHY = "same person, year mistyped"


@pytest.fixture
def ada(clinic, ana, now):
    return register(clinic=clinic, by=ana, now=now, **ADA)


@pytest.fixture
def twin(clinic, ana, now):
    return register(clinic=clinic, by=ana, now=now, **ADA)


@pytest.fixture
def merged(ada, twin, ana, now):
    """`merged()`: the twin goes, Ada stays."""

    def become_one():
        merge(patient_id=twin.pk, into_id=ada.pk, by=ana, reason=WHY, now=now + timedelta(hours=1))
        ada.refresh_from_db()
        twin.refresh_from_db()
        return ada

    return become_one


def text_of(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def listed(patient):
    return [str(row) for row in allergies.listed(patient)]


def test_a_listed_allergy_is_never_lost_behind_none_known(page_as, ana, nils, ada, twin, merged, now):
    allergies.confirm_none(patient_id=ada.pk, by=nils, now=now)
    allergies.add(patient_id=twin.pk, substance="Nuts", reaction="throat swells", by=nils, now=now)
    merged()
    assert (ada.allergy_state, listed(ada)) == (AllergyState.LISTED, ["Nuts (throat swells)"])
    assert (ada.allergies_confirmed_by, ada.allergies_confirmed_at) == (None, None), "nobody has said so of both"
    page = text_of(page_as(ana), f"/patients/{ada.pk}/")
    assert "Nuts (throat swells)" in page
    assert "No known allergies" not in page


def test_it_says_where_it_came_from_and_a_nurse_is_asked_all_the_same(page_as, api_as, nils, ada, twin, merged, now):
    allergies.add(patient_id=twin.pk, substance="Nuts", by=nils, now=now)
    merged()
    row = Allergy.objects.get(patient=ada)
    assert (row.from_record, row.history.get().history_user.full_name) == (twin, "Ana Ortiz")
    assert Task.objects.get(for_role=Role.NURSE).patient == ada
    assert f"from {twin.record_number}" in text_of(page_as(nils), f"/patients/{ada.pk}/allergies/")
    shown = api_as(nils).get(f"/api/v1/patients/{ada.pk}/allergies/").json()
    assert [(row["substance"], row["from_record"]) for row in shown["allergies"]] == [("Nuts", str(twin.pk))]
    assert listed(twin) == ["Nuts"], "what was written there stays there"


def test_what_both_list_stands_once_and_what_was_taken_off_elsewhere_comes_back(nils, ada, twin, merged, now):
    allergies.add(patient_id=ada.pk, substance="latex", reaction="rash", by=nils, now=now)
    mistaken = allergies.add(patient_id=ada.pk, substance="Iodine", by=nils, now=now)
    allergies.remove(allergy_id=mistaken.pk, reason="tested", by=nils, now=now)
    for substance in ("LATEX", "Iodine", "Nuts"):
        allergies.add(patient_id=twin.pk, substance=substance, by=nils, now=now)
    gone = allergies.add(patient_id=twin.pk, substance="Eggs", by=nils, now=now)
    allergies.remove(allergy_id=gone.pk, reason="entered for the wrong person", by=nils, now=now)
    merged()
    assert sorted(listed(ada)) == ["Iodine", "Nuts", "latex (rash)"]


def test_a_confirmed_list_that_gets_nothing_new_stays_confirmed(nils, ada, twin, merged, now):
    for patient in (ada, twin):
        allergies.add(patient_id=patient.pk, substance="Latex", by=nils, now=now)
    merged()
    assert (ada.allergies_confirmed_by, listed(ada)) == (nils, ["Latex"])


@pytest.mark.parametrize("state", ["not-asked", "none-known"])
def test_none_known_elsewhere_changes_nothing_here(nils, ada, twin, merged, now, state):
    allergies.confirm_none(patient_id=twin.pk, by=nils, now=now)
    if state == "none-known":
        allergies.confirm_none(patient_id=ada.pk, by=nils, now=now)
    merged()
    assert ada.allergy_state == state


def test_the_database_refuses_none_known_beside_a_list(nils, ada, now):
    allergies.add(patient_id=ada.pk, substance="Nuts", by=nils, now=now)
    sneaky = Patient.objects.get(pk=ada.pk)
    sneaky.allergy_state = AllergyState.NONE_KNOWN
    sneaky.allergies_confirmed_by, sneaky.allergies_confirmed_at = nils, now
    with pytest.raises(IntegrityError, match="none_known_lists_nothing"):
        committed(sneaky, nils)
    sure = register(clinic=ada.clinic, by=nils, now=now, family_name="Páez", given_name="Manuela")
    allergies.confirm_none(patient_id=sure.pk, by=nils, now=now)
    with pytest.raises(IntegrityError, match="none_known_lists_nothing"):
        committed(Allergy(patient=sure, substance="Nuts"), nils)


def committed(row, by):
    """Save around the doors, and check what is checked at commit."""
    with recorded(by=by):
        row.save()
        connection.check_constraints()


def said(patient, by, at, *, granted, channel="sms", how="spoken"):
    return contact.record_consent(patient=patient, channel=channel, granted=granted, how=how, by=by, at=at)


def test_a_no_wins_although_the_record_that_stays_says_yes(page_as, api_as, ana, vera, ada, twin, merged, now):
    no = said(twin, vera, now - timedelta(days=9), granted=False, how="on paper")
    said(ada, ana, now, granted=True)
    merged()
    assert contact.may_reach(patient_id=ada.pk, channel="sms") == "The patient does not want messages by this channel."
    assert contact.reach(patients=[ada]) == {ada.pk: []}
    carried = contact.statements(patient=ada).first()
    assert (carried.granted, carried.how, carried.by, carried.carried_from) == (False, "on paper", ana, no)
    page = text_of(page_as(ana), f"/patients/{ada.pk}/consents/")
    assert f"said on {twin.record_number}" in page
    assert "Vera Lind" in page
    rows = api_as(ana).get(f"/api/v1/patients/{ada.pk}/consents/").json()
    assert [row["carried_from"] for row in rows] == [str(no.pk), None]


def test_a_no_is_carried_for_each_channel_and_purpose_and_only_the_newest_word_counts(ana, ada, twin, merged, now):
    said(twin, ana, now, granted=True)
    said(twin, ana, now + timedelta(minutes=1), granted=False)
    said(twin, ana, now, granted=False, channel="email")
    said(twin, ana, now + timedelta(minutes=1), granted=True, channel="email")
    contact.record_consent(
        patient=twin, channel="email", granted=False, how="reply", by=SystemJob.PATIENT_LINK, at=now, purpose="surveys"
    )
    said(ada, ana, now, granted=True, channel="email")
    merged()
    carried = ContactConsent.objects.filter(patient=ada).exclude(carried_from=None)
    assert sorted((row.channel, row.purpose) for row in carried) == [("email", "surveys"), ("sms", "visits")]
    assert isinstance(contact.may_reach(patient_id=ada.pk, channel="email"), contact.Reach)


def test_a_no_that_stands_already_is_not_written_twice_and_a_later_yes_counts(ana, ada, twin, merged, now):
    said(twin, ana, now, granted=False)
    said(ada, ana, now, granted=False)
    merged()
    assert ContactConsent.objects.filter(patient=ada).count() == 1
    said(ada, ana, now + timedelta(hours=2), granted=True)
    assert isinstance(contact.may_reach(patient_id=ada.pk, channel="sms"), contact.Reach)


def test_a_yes_is_never_carried_and_the_database_says_so(ana, ada, twin, merged, now):
    yes = said(twin, ana, now, granted=True)
    merged()
    assert not ContactConsent.objects.filter(patient=ada).exists()
    with pytest.raises(IntegrityError, match="consent_carried_is_a_refusal"), recorded(by=ana):
        ContactConsent(
            patient=ada, channel="sms", granted=True, how="spoken", wording_version="1", at=now, carried_from=yes
        ).save(force_insert=True)


def test_nothing_is_written_on_a_record_that_went(page_as, api_as, ana, nils, ada, twin, merged, now):
    latex = allergies.add(patient_id=twin.pk, substance="Latex", by=nils, now=now)
    merged()
    acts = [
        lambda: said(twin, ana, now, granted=True),
        lambda: allergies.add(patient_id=twin.pk, substance="Nuts", by=nils, now=now),
        lambda: allergies.confirm_none(patient_id=twin.pk, by=nils, now=now),
        lambda: allergies.remove(allergy_id=latex.pk, reason="tested", by=nils, now=now),
        lambda: allergies.bring_in(patient=twin, entries=[("Eggs", "")]),
    ]
    for act in acts:
        with pytest.raises(Clash, match="merged into another one"):
            act()
    at = f"/api/v1/patients/{twin.pk}"
    consent = api_as(ana).post(f"{at}/consents/", {"channel": "sms", "granted": True, "how": "spoken"})
    allergy = api_as(nils).post(f"{at}/allergies/", {"substance": "Nuts"})
    assert (consent.status_code, allergy.status_code) == (409, 409)


@pytest.mark.parametrize("which", ["consents", "allergies"])
def test_its_pages_show_no_form_and_lead_to_the_record_that_stays(page_as, ana, nils, ada, twin, merged, now, which):
    allergies.add(patient_id=twin.pk, substance="Latex", by=nils, now=now)
    form = f'class="card-body" method="post" action="/patients/{twin.pk}/{which}/'
    person = page_as(ana if which == "consents" else nils)
    assert form in text_of(person, f"/patients/{twin.pk}/{which}/")
    merged()
    text = text_of(person, f"/patients/{twin.pk}/{which}/")
    assert form not in text
    assert f'href="/patients/{ada.pk}/{which}/"' in text


def test_a_record_that_went_offers_nothing_to_change(page_as, ana, ada, twin, merged):
    merged()
    text = text_of(page_as(ana), f"/patients/{twin.pk}/")
    for page in ("edit", "consents"):
        assert f"/patients/{twin.pk}/{page}/" not in text
    assert page_as(ana).get(f"/patients/{twin.pk}/edit/").url == f"/patients/{ada.pk}/edit/"


def test_the_database_writes_nothing_on_a_record_that_went(ana, nils, ada, twin, merged, now):
    merged()
    with pytest.raises(IntegrityError, match="merged_record_is_not_written_on"), recorded(by=ana):
        ContactConsent(patient=twin, channel="sms", granted=True, how="spoken", wording_version="1", at=now).save(
            force_insert=True
        )
    with pytest.raises(IntegrityError, match="merged_record_is_not_written_on"), recorded(by=nils):
        Allergy(patient=twin, substance="Nuts").save()
    with pytest.raises(IntegrityError, match="merged_record_is_not_written_on"), recorded(by=nils):
        AllergyReview(patient=twin, state=AllergyState.NONE_KNOWN, by=nils, at=now).save(force_insert=True)


def test_somebody_who_died_does_not_live_on_in_the_record_that_stays(ana, ada, twin, merged):
    record_death(patient_id=twin.pk, on=None, by=ana)
    with pytest.raises(Clash, match="death"):
        merged()
    record_death(patient_id=ada.pk, on=None, by=ana)
    assert merged().deceased
