"""A few seconds of `make soak`: many desks at once, then the checker looks for anything that does not fit."""

import pytest
from django.db import connection

from bench.soak import FINDINGS, busy_clinic, findings, mixed, one_slot
from config.audit.acting import recorded
from scheduling import booking, form_holds
from scheduling.models import Series

pytestmark = pytest.mark.django_db(transaction=True)


def test_twelve_rounds_at_one_slot():
    assert one_slot(busy_clinic("Soak Slot"), rounds=12, clients=20) == {"1 Appointment 19 Clash": 12}
    assert findings() == {}


def test_five_seconds_of_everything():
    busy = mixed(busy_clinic("Soak Mixed"), clients=8, seconds=5)
    assert busy.faults == []
    assert findings() == {}
    # Something went through and something was refused: else nobody met anybody.
    assert busy.told["book"]
    assert busy.told["overbook"]
    assert busy.told["hold_by_form"]
    assert any("refused" in what for what in busy.told)


BREAKS = {
    "a visit occupies and has no chair from its start on": "UPDATE scheduling_allocation SET active = false",
    "a visit occupies and its patient is not taken for all of it": (
        'UPDATE scheduling_appointment SET "end" = "end" + interval \'5 minutes\''
    ),
    "a visit has a nurse who is not taken": "UPDATE scheduling_allocation SET active = false",
    "a visit that does not occupy takes something": "UPDATE scheduling_appointment SET status = 'cancelled-by-patient'",
    "a hold and what it takes end at different times": "UPDATE scheduling_allocation SET held_until = now()",
    "a visit's history does not tell how it stands": "UPDATE scheduling_appointment SET version = version + 1",
    "a booked visit on a closed day has no task": (
        "INSERT INTO scheduling_closure (id, version, clinic_id, day, reason)"
        " SELECT gen_random_uuid(), 1, clinic_id, start::date, 'x' FROM scheduling_appointment"
    ),
    "a chair was given twice and not on purpose": (
        "INSERT INTO scheduling_appointment SELECT (jsonb_populate_record(v, jsonb_build_object('id',"
        " gen_random_uuid(), 'overbook_reason', ''))).* FROM scheduling_appointment v;"
        "INSERT INTO scheduling_allocation (id, version, appointment_id, resource_id, lane, during, active)"
        " SELECT gen_random_uuid(), 1, v.id, l.resource_id, 1, l.during, true FROM scheduling_appointment v,"
        " scheduling_allocation l JOIN scheduling_resource r ON r.number = l.resource_id AND r.kind = 'chair'"
        " WHERE NOT EXISTS (SELECT FROM scheduling_allocation o WHERE o.appointment_id = v.id)"
    ),
    "a form that holds a place does not have it, or ended and still has one": (
        "UPDATE scheduling_allocation SET active = false WHERE form_hold_id IS NOT NULL"
    ),
    "two visits overlap on one lane": (
        "ALTER TABLE scheduling_allocation DROP CONSTRAINT allocation_no_overlap;"
        "INSERT INTO scheduling_allocation (id, version, appointment_id, resource_id, lane, during, active)"
        " SELECT gen_random_uuid(), 1, appointment_id, resource_id, lane, during, true FROM scheduling_allocation"
        " WHERE appointment_id IS NOT NULL"
    ),
}


@pytest.mark.django_db(transaction=False)
@pytest.mark.parametrize("what", sorted(FINDINGS))
def test_the_checker_finds_it(what, desk, okafor, ana, now, at):
    """Each of its findings can be: the same tables, with our triggers off and something broken in them."""
    booking.book(patient=okafor, clinic=desk, start=at("09:00"), minutes=60, by=ana, now=now)
    form_holds.hold(clinic=desk, start=at("13:00"), minutes=60, by=ana, now=now)
    assert what not in findings()
    if what == "a series has no visit":
        with recorded(by=ana):
            Series(clinic=desk, patient=okafor).save()
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("appointment", "allocation", "closure", "formhold"):
                cursor.execute(f"ALTER TABLE scheduling_{table} DISABLE TRIGGER USER")
            cursor.execute(BREAKS[what])
    assert what in findings()
