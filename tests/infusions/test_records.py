"""Opening a visit, charting in it, and letting the patient go."""

import pytest
from django.db import connection

from infusions import records
from tests.conftest import PASSWORD
from tests.infusions.visiting import Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db


def test_the_whole_road(day: Day) -> None:
    visit = day.opened()
    assert day.status(visit) == "checked-in"
    day.vitals(visit)
    day.started(visit)
    assert day.status(visit) == "in-progress"
    day.step(visit, "rate-change", rate="3", rate_unit="spoons an hour")
    day.step(visit, "end")
    assert day.status(visit) == "recovery"
    day.discharged(visit)
    assert day.status(visit) == "completed"
    note = day.signed(visit)
    assert note.signed_name == "Nils Berg, RN"
    added = records.add_addendum(
        visit_id=visit.pk, by=day.prescriber, now=day.now(), password=PASSWORD, text="Called.", reason="Follow-up"
    )
    assert added.signed_name == "Mara Santos, MD"
    connection.check_constraints()
