"""One table says who may do what; `require()` refuses and `can()` answers."""

import pytest
from django.contrib.auth.models import AnonymousUser

from config.audit.acting import SystemJob
from config.refusals import NotAllowed
from config.staff.permissions import CLINICAL_ROLES, GRANTS, Permission, Role, can, require

CLINICAL = {Permission.CHART, Permission.DECIDE_CANDIDACY, Permission.WRITE_ORDERS, Permission.SEE_CLINICAL}


def test_every_role_has_its_row():
    assert set(GRANTS) == set(Role)


@pytest.mark.parametrize("role", sorted(set(Role) - CLINICAL_ROLES))
def test_only_clinicians_touch_clinical_facts(role):
    assert GRANTS[role] & CLINICAL == set()


def test_only_prescribers_decide_and_order():
    for permission in (Permission.DECIDE_CANDIDACY, Permission.WRITE_ORDERS):
        assert [role for role in Role if permission in GRANTS[role]] == [Role.PRESCRIBER]


def test_every_permission_belongs_to_somebody():
    assert set().union(*GRANTS.values()) == set(Permission)


def test_require_says_who_and_what(ana):
    with pytest.raises(NotAllowed) as refusal:
        require(ana, Permission.WRITE_ORDERS)
    assert refusal.value.message == "Your role (front desk) may not write and sign protocol orders."


def test_somebody_deactivated_may_nothing(mara):
    mara.is_active = False
    assert not any(can(mara, permission) for permission in Permission)


@pytest.mark.parametrize("nobody", [None, AnonymousUser(), SystemJob.IMPORT])
def test_nobody_and_jobs_hold_no_permission(nobody):
    assert not any(can(nobody, permission) for permission in Permission)
