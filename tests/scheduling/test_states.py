"""Every move of the table is possible for the roles that it names, and no other move for anybody."""

from itertools import product

import pytest
from django.db import IntegrityError, connection

from config.audit.acting import recorded
from config.refusals import Clash, Invalid, NotAllowed
from config.staff.permissions import GRANTS, Role
from scheduling import booking
from scheduling.models import Appointment
from scheduling.states import CANCELLED, ENDED, MOVES, NEEDS_REASON, OCCUPIES, PRESENT, WAY_BACK, Status
from tests.conftest import hired

pytestmark = pytest.mark.django_db
PEOPLE = {Role.FRONT_DESK: "", Role.NURSE: "RN", Role.PRESCRIBER: "MD", Role.MANAGER: "", Role.AUDITOR: ""}


@pytest.fixture
def visit_in(desk, okafor, ana, now, at):
    """`visit_in(status)`: a visit of Monday nine o'clock that stands there, with what it takes."""

    def standing(status: Status) -> Appointment:
        visit = booking.book(patient=okafor, clinic=desk, start=at("09:00"), minutes=60, by=ana, now=now)
        return put(visit, status, ana)

    return standing


@pytest.fixture
def people(clinic):
    """Somebody of each role."""
    return {role: hired(clinic, f"some-{role}", "Somebody", role, licence) for role, licence in PEOPLE.items()}


def put(visit, status, by):
    """The visit, stood into a state past the doors."""
    visit.refresh_from_db()
    with recorded(by=by):
        visit.status = status
        visit.held_until = visit.end if status == Status.HELD else None
        visit.state_since = None if status == Status.BOOKED else visit.start
        visit.save()
        for row in visit.allocations.all():
            row.active, row.held_until = status in OCCUPIES, visit.held_until
            row.save()
    return visit


@pytest.mark.parametrize("before", Status)
def test_each_move_is_for_the_roles_that_the_table_names(visit_in, people, ana, at, before):
    visit = visit_in(before)
    for to, (role, person) in product(Status, people.items()):
        act = {"appointment_id": visit.pk, "to": to, "by": person, "now": at("09:30"), "reason": "because"}
        needed = MOVES[before].get(to)
        if needed is None:
            with pytest.raises(Clash) as refused:
                booking.apply(**act)
            assert refused.value.code == "no-such-move"
        elif needed not in GRANTS[role]:
            with pytest.raises(NotAllowed):
                booking.apply(**act)
        else:
            moved = booking.apply(**act)
            assert (moved.status, moved.status_reason) == (to, "because" if to in NEEDS_REASON else "")
            assert moved.allocations.filter(active=True).count() == (3 if to in OCCUPIES else 0)
            connection.check_constraints()
            put(visit, before, ana)


@pytest.mark.parametrize("to", sorted(NEEDS_REASON))
def test_a_reason_is_asked_for_where_one_is_needed(visit_in, ana, nils, at, to):
    before = next(status for status in Status if to in MOVES[status])
    visit = visit_in(before)
    person = ana if MOVES[before][to] in GRANTS[Role.FRONT_DESK] else nils
    for reason in ("", " ", "x" * 201):
        with pytest.raises(Invalid) as refused:
            booking.apply(appointment_id=visit.pk, to=to, by=person, now=at("09:30"), reason=reason)
        assert refused.value.field == "reason"


def test_every_state_that_people_enter_by_one_press_has_a_way_back():
    for state, back in WAY_BACK.items():
        assert back in MOVES[state]
    assert set(WAY_BACK) == CANCELLED | {
        Status.ARRIVED,
        Status.CHECKED_IN,
        Status.NO_SHOW,
        Status.NOT_TREATED,
        Status.ENTERED_IN_ERROR,
    }


def test_the_sets_of_states_agree():
    assert set(MOVES) == set(Status)
    assert PRESENT <= OCCUPIES
    assert not PRESENT & ENDED
    assert set(Status) - {Status.HELD, Status.BOOKED} == PRESENT | ENDED
    assert not CANCELLED & OCCUPIES


def test_the_database_knows_the_states(visit_in, ana):
    visit = visit_in(Status.BOOKED)
    visit.status = "lost"
    with pytest.raises(IntegrityError, match="appointment_status_known"), recorded(by=ana):
        visit.save()
