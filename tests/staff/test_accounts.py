"""One person, one sign-in; the database agrees."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from config.audit.acting import SystemJob, recorded
from config.refusals import Invalid
from config.staff.accounts import add_person, choose_theme, deactivate, open_clinic
from config.staff.models import Clinic, User
from config.staff.permissions import Role
from tests.conftest import PASSWORD, hired

pytestmark = pytest.mark.django_db
SET_UP = SystemJob.SET_UP


def refused_by(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def test_a_name_is_given_once_in_any_letter_case(clinic, ana):
    with pytest.raises(Invalid) as refusal:
        add_person(clinic=clinic, username="ANA", full_name="Ann", role=Role.MANAGER, password=PASSWORD, by=SET_UP)
    assert refusal.value.field == "username"


def test_the_database_refuses_a_second_name_too(clinic, ana):
    with refused_by("user_name_once"), transaction.atomic(), recorded(by=SET_UP):
        User.objects.bulk_create([User(clinic=clinic, username="Ana", full_name="Ann", role=Role.MANAGER)])


def test_a_name_stays_taken_after_its_person_left(clinic, ana):
    deactivate(person=ana, by=SET_UP, reason="left")
    with pytest.raises(Invalid):
        add_person(clinic=clinic, username="ana", full_name="Ann", role=Role.MANAGER, password=PASSWORD, by=SET_UP)


def test_a_clinician_needs_a_licence(clinic):
    with refused_by("clinician_has_licence"), transaction.atomic():
        hired(clinic, "nils", "Nils Berg", Role.NURSE)


def test_an_unknown_role_is_refused(clinic):
    with refused_by("user_role_known"), transaction.atomic():
        hired(clinic, "eve", "Eve", "superuser")


def test_an_unknown_zone_is_refused():
    with pytest.raises(ValidationError, match="not a time zone"):
        open_clinic(name="Moon Clinic", zone="Moon/Tycho", phone="+12135550100", by=SET_UP)


def test_two_clinics_cannot_share_a_name(clinic):
    with pytest.raises(ValidationError), transaction.atomic():
        open_clinic(name="HARBOUR clinic", zone="UTC", phone="+12135550100", by=SET_UP)
    assert Clinic.objects.count() == 1


def test_history_keeps_changes_of_people_and_never_a_password(ana):
    choose_theme(person=ana, theme="dark")
    newest = ana.history.first()
    assert (newest.theme, newest.actor) == ("dark", f"user:{ana.pk}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(h)::text FROM staff_historicaluser h")
        assert not any(ana.password in row for (row,) in cursor.fetchall())
    connection.check_constraints()


def test_a_new_hasher_rehashes_under_the_job_of_signing_in(ana, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", *settings.PASSWORD_HASHERS]
    assert ana.check_password(PASSWORD)
    ana.refresh_from_db()
    assert ana.password.startswith("argon2")
    assert ana.history.first().actor == "job:sign-in"
    connection.check_constraints()
