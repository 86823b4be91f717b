"""History as people read it."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.audit.acting import SystemJob, recorded
from config.audit.reading import entries
from config.audit.wording import in_words
from patients import intake
from patients.models import Source
from scheduling.models import Appointment, Series
from scheduling.places import add_chair, change_chair
from scheduling.rules import limits_of, set_limits
from tests.infusions.ordering import known_patient

# Acts are told apart by their transactions, so these tests have transactions of their own.
pytestmark = pytest.mark.django_db(transaction=True)


def test_one_act_lists_each_field_from_what_to_what(clinic, vera):
    chair = add_chair(clinic=clinic, name="Chair 1", by=vera)
    change_chair(chair_id=chair.pk, by=vera, name="Window chair", in_service=False)
    newest, oldest = entries(chair)
    assert (newest.who, newest.source, newest.act) == ("Vera Lind", "staff", "changed")
    found = {change.field: (change.before, change.after) for change in newest.changes}
    assert found == {"name": ("Chair 1", "Window chair"), "in service": ("yes", "no")}
    assert oldest.act == "created"


def test_a_link_is_read_as_a_name(clinic, ana, now):
    request = intake.receive(
        clinic=clinic,
        source=Source.PHONE,
        by=ana,
        now=now,
        family_name="Quill",
        given_name="Ida",
        mobile="+12135550199",
    )
    intake.take(request_id=request.pk, by=ana)
    assert ("owner", "", "Ana Ortiz") in [(c.field, c.before, c.after) for c in entries(request)[0].changes]


def test_a_thing_without_a_name_is_called_what_it_is_and_the_machine_keeps_its_own(clinic, ana, vera, now):
    """No `Series object (476c…)`, no hash, no `1978-03-14`."""
    patient = known_patient(clinic, now)
    chair = add_chair(clinic=clinic, name="Chair 1", by=vera)
    with recorded(by=ana):
        first, second = (Series.objects.create(clinic=clinic, patient=patient) for _ in range(2))
        visit = Appointment(clinic=clinic, patient=patient, series=first, start=now, booked_at=now, status="no-show")
        visit.end, visit.chair = now + timedelta(hours=1), chair
        visit.save()
    with recorded(by=ana):
        visit.series, visit.placing, visit.status = second, 2, "cancelled-by-clinic"
        visit.save()
    newest, oldest = entries(visit)
    created = {change.field: change.after for change in oldest.changes}
    assert created["series"] == "a series"
    assert created["chair"] == "Chair 1"
    found = {change.field: (change.before, change.after) for change in newest.changes}
    assert found == {"series": ("a series", "another series"), "status": ("no show", "cancelled by clinic")}
    born = {change.field: change.after for change in entries(patient)[-1].changes}["birth date"]
    assert born == f"{patient.birth_date.day} {patient.birth_date:%b %Y}"
    texts = [change.after for entry in [newest, oldest, *entries(patient)] for change in entry.changes]
    assert [text for text in texts if " object (" in text] == []


def test_a_job_is_named_and_a_reason_is_kept(clinic):
    with recorded(by=SystemJob.IMPORT, reason="yearly list"):
        clinic.address = "1 Quay"
        clinic.save()
    newest = entries(clinic)[0]
    assert (newest.who, newest.source, newest.reason) == ("Import", "system", "yearly list")


def test_a_state_that_is_gone_is_said_as_it_was_stored():
    """Past views do not change when a state gets another name."""
    assert in_words(Appointment._meta.get_field("status"), "sent-home") == "sent home"


def test_days_of_the_week_and_times_are_said_as_on_the_wall(clinic, ana, now):
    patient = known_patient(clinic, now)
    set_limits(
        patient=patient,
        by=ana,
        weekdays=[0, 2],
        time_from=time(9),
        time_until=None,
        transport="",
        version=limits_of(patient).version,
    )
    changes = {c.field: c.after for c in entries(limits_of(patient))[0].changes}
    assert (changes["weekdays"], changes["time from"]) == ("Mon, Wed", "09:00")


def test_three_acts_cost_as_many_queries_as_one(clinic, vera):
    chair = add_chair(clinic=clinic, name="Chair 1", by=vera)
    with CaptureQueriesContext(connection) as one:
        entries(chair)
    for name in ("Chair 2", "Chair 3"):
        change_chair(chair_id=chair.pk, by=vera, name=name)
    with CaptureQueriesContext(connection) as three:
        entries(chair)
    assert len(one) == len(three) == 2, "the rows, and the names in them"
