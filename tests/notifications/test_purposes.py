"""Which messages go out at all: the switches of a clinic and of a type of visit."""

import pytest
from django.db import IntegrityError, transaction

from config.audit.acting import SystemJob
from config.refusals import Invalid, NotAllowed
from notifications.models import PurposeSwitch
from notifications.purposes import Switches, ask_before, switch_purpose
from scheduling.models.kinds import What
from scheduling.visit_types import NeedSpec, SpanSpec, add_visit_type

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def moved_is_on(harbour, vera, now):
    switch_purpose(clinic=harbour, purpose="moved", on=True, by=vera, now=now)


def test_a_type_of_visit_has_its_own_switch(friday, now, vera, harbour):
    chair = [NeedSpec(What.CHAIR), NeedSpec(What.WATCH)]
    kind = add_visit_type(
        clinic=harbour,
        name="Infusion",
        kind="infusion",
        spans=[SpanSpec("All of it", None, chair)],
        by=SystemJob.SET_UP,
    )
    switch_purpose(clinic=harbour, purpose="moved", on=False, visit_type=kind, by=vera, now=now)
    switches = Switches.read()
    assert (switches.is_on(harbour.pk, kind.pk, "moved"), switches.is_on(harbour.pk, None, "moved")) == (False, True)
    switch_purpose(clinic=harbour, purpose="moved", on=None, visit_type=kind, by=vera, now=now)
    assert Switches.read().is_on(harbour.pk, kind.pk, "moved")
    assert PurposeSwitch.objects.filter(visit_type=kind).count() == 1


@pytest.mark.parametrize("change", [{"purpose": "advertising"}, {"on": None}])
def test_a_wrong_switch_is_refused(harbour, vera, now, change):
    with pytest.raises(Invalid):
        switch_purpose(**{"clinic": harbour, "purpose": "moved", "on": True, "by": vera, "now": now, **change})


def test_only_managers_switch(harbour, ana, now):
    with pytest.raises(NotAllowed):
        switch_purpose(clinic=harbour, purpose="moved", on=True, by=ana, now=now)


@pytest.mark.parametrize("columns", [{"purpose": "advertising"}, {"on": None}])
def test_the_database_refuses_a_wrong_switch(harbour, columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        PurposeSwitch.objects.filter(purpose="moved").update(**columns)


# --- when questions are sent ---


def test_questions_are_sent_two_days_before_until_a_manager_says_otherwise(harbour, vera, now):
    assert Switches.read().hours_before(harbour.pk) == 48
    ask_before(clinic=harbour, hours=72, by=vera, now=now)
    switches = Switches.read()
    assert (switches.hours_before(harbour.pk), switches.is_on(harbour.pk, None, "pre-visit-questions")) == (72, False)
    switch_purpose(clinic=harbour, purpose="pre-visit-questions", on=True, by=vera, now=now)
    assert Switches.read().hours_before(harbour.pk) == 72


@pytest.mark.parametrize("hours", [-1, 0, 3, 337])
def test_hours_that_make_no_sense_are_refused(harbour, vera, now, hours):
    with pytest.raises(Invalid):
        ask_before(clinic=harbour, hours=hours, by=vera, now=now)


def test_only_managers_say_when_questions_are_sent(harbour, ana, now):
    with pytest.raises(NotAllowed):
        ask_before(clinic=harbour, hours=24, by=ana, now=now)


def test_the_database_knows_of_no_hours_of_another_purpose(harbour):
    with pytest.raises(IntegrityError), transaction.atomic():
        PurposeSwitch.objects.filter(purpose="moved").update(hours_before=24)
