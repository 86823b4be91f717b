"""Histories of patients and requests, as drawer and as page."""

# ruff: noqa: F811  (the fixtures of the same story)

from django.db import connection
from django.test.utils import CaptureQueriesContext

from infusions import waitlist
from patients import allergies, contact
from scheduling.models.kinds import VisitKind
from scheduling.rules import set_limits
from tests.patients.test_pages import asked, at, desk, patient, words  # noqa: F401  (the same story)


def test_history_is_told_in_words_as_drawer_and_page(desk, nils, patient, now):
    allergies.add(patient_id=patient.pk, substance="Latex", by=nils, now=now)
    page = words(desk.get(at("patient-history", patient)))
    assert "Allergy to Latex" in page
    assert "Nils Berg" in page
    part = desk.get(at("patient-history", patient), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "drawer-body" in part


def test_history_of_a_patient_is_told_from_every_room(desk, patient, ana, now):
    contact.record_consent(patient=patient, channel="sms", granted=True, how="Spoken", by=ana, at=now)
    set_limits(patient=patient, weekdays=[0], time_from=None, time_until=None, transport="taxi", by=ana)
    waitlist.join(patient=patient, kind=VisitKind.CONSULT, minutes=30, by=ana, now=now)
    page = words(desk.get(at("patient-history", patient)))
    for told in ("Text messages", "Granted yes", "When they can come", "Mon", "taxi", "Waitlist"):
        assert told in page, told
    for name in ("patient-consents", "patient-allergies"):
        assert at("patient-history", patient) in desk.get(at(name, patient)).content.decode()


def test_a_history_page_that_is_not_this_patient_s_is_unknown(desk, patient):
    assert desk.get(f"{at('patient-history', patient)}?before=patient-0").status_code == 404


def test_history_of_a_request_tells_the_tries_to_reach_them(desk, asked):
    desk.post(at("intake-attempt", asked), {"channel": "phone", "reached": "no", "note": "rang out"})
    page = words(desk.get(at("intake-history", asked)))
    assert "Ana Ortiz" in page
    assert "Tried to reach them" in page
    assert "rang out" in page


def test_history_of_a_patient_costs_the_same_for_many_allergies(desk, nils, patient, now):
    counts = []
    for names in (["Latex"], ["Nuts", "Eggs", "Pollen"]):
        for name in names:
            allergies.add(patient_id=patient.pk, substance=name, by=nils, now=now)
        with CaptureQueriesContext(connection) as seen:
            page = desk.get(at("patient-history", patient)).content.decode()
        counts.append(len(seen))
    assert counts[0] == counts[1]
    for name in ("Latex", "Nuts", "Eggs", "Pollen"):
        assert f"Allergy to {name}" in page
