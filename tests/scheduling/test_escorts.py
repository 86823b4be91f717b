"""Whom the patient names beforehand to take them home."""

from datetime import timedelta

import pytest
from django.db import Error, transaction
from django.urls import reverse

from config.audit.acting import SystemJob, recorded
from config.refusals import Clash, Invalid
from scheduling import booking, escorts
from scheduling.models import Appointment, NamedEscort
from scheduling.states import Status

pytestmark = pytest.mark.django_db
LINK = SystemJob.PATIENT_LINK


@pytest.fixture
def visit(desk, okafor, at, ana, now) -> Appointment:
    return booking.book(patient=okafor, clinic=desk, start=at("09:00"), minutes=60, by=ana, now=now)


def named(visit: Appointment, now, name: str = "Marta  Ruiz ", phone: str = "(213) 555-0199") -> NamedEscort:
    return escorts.name_escort(appointment_id=visit.pk, name=name, phone=phone, how="link", by=LINK, now=now)


def test_the_newest_counts_and_the_same_again_is_no_news(visit, now):
    first = named(visit, now)
    assert (str(first), first.actor) == ("Marta Ruiz, (213) 555-0199", "job:patient-link")
    assert named(visit, now + timedelta(minutes=1)).pk == first.pk
    second = named(visit, now + timedelta(minutes=2), name="Jo Quill")
    assert escorts.of_visit(visit) == second
    assert NamedEscort.objects.count() == 2


def test_what_is_wrong_is_said_by_field_and_nothing_is_kept(visit, now):
    with pytest.raises(Invalid) as refusal:
        named(visit, now, name=" ", phone="tomorrow")
    assert set(refusal.value.errors) == {"name", "phone"}
    assert not NamedEscort.objects.exists()


def test_of_a_visit_that_does_not_come_any_more_nothing_is_said(visit, now, ana):
    booking.cancel(appointment_id=visit.pk, how=Status.CANCELLED_BY_PATIENT, reason="x", by=ana, now=now)
    with pytest.raises(Clash):
        named(visit, now)


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("name", " ", "named_escort_has_a_name"),
        ("phone", "", "named_escort_has_a_phone"),
        ("how", "", "named_escort_says_how"),
    ],
)
def test_the_database_says_no_as_well(visit, now, column, value, constraint):
    row = {"name": "Marta", "phone": "+12135550199", "how": "link"} | {column: value}
    with pytest.raises(Error, match=constraint), recorded(by=LINK):
        NamedEscort(appointment=visit, placing=1, at=now, **row).save(force_insert=True)


def test_a_statement_is_never_changed(visit, now):
    said = named(visit, now)
    with pytest.raises(Error), transaction.atomic():
        NamedEscort.objects.filter(pk=said.pk).update(name="Somebody else")
    with pytest.raises(Error), transaction.atomic():
        NamedEscort.objects.filter(pk=said.pk).delete()


def test_the_desk_reads_it_with_the_visit_and_in_its_history(visit, now, ana, vera, page_as):
    named(visit, now)
    page = page_as(ana).get(reverse("appointment", args=[visit.pk])).content.decode()
    assert "Escort, as the patient said" in page
    assert "Marta Ruiz, (213) 555-0199 (by link, " in page
    told = page_as(vera).get(reverse("appointment-history", args=[visit.pk])).content.decode()
    assert "The patient" in told
    assert "Marta Ruiz" in told
