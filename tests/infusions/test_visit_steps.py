"""The order in which an infusion is charted, and what it takes to let the patient go."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError

from config.audit.acting import recorded
from config.audit.guards import sqlstate
from config.refusals import Clash, Invalid
from infusions import orders, records
from infusions.models import Administration, Discharge, PreVisitCheck
from scheduling import booking
from scheduling.models import Appointment
from tests.infusions.visiting import ALL_MET, CHECKED, FIT_TO_GO, Day, open_day  # noqa: F401

pytestmark = pytest.mark.django_db


def test_the_infusion_starts_once_after_the_pre_visit_check(day: Day) -> None:
    visit = day.opened()
    with pytest.raises(Clash, match="pre-visit check first"):
        day.step(visit, "start")
    with pytest.raises(Clash, match="has not started"):
        day.step(visit, "rate-change", rate="3", rate_unit="spoons an hour")
    day.started(visit)
    with pytest.raises(Clash, match="charted already"):
        day.step(visit, "start")
    again = Administration(visit=visit, author=day.nurse, entered_at=day.clock, observed_at=day.clock, kind="start")
    with pytest.raises(DatabaseError, match="charted already"), recorded(by=day.nurse):
        again.save()


def test_an_order_that_was_stopped_meanwhile_starts_nothing(day: Day) -> None:
    visit = day.opened()
    day.chart(visit, PreVisitCheck, **CHECKED)
    orders.stop(order_id=visit.order_id, by=day.prescriber, now=day.now(), reason="Unwell")
    with pytest.raises(Clash, match="stopped"):
        day.step(visit, "start")


def test_steps_lie_between_start_and_end(day: Day) -> None:
    visit = day.started()
    start = Administration.objects.get()
    rate = {"rate": "3", "rate_unit": "spoons an hour"}
    with pytest.raises(Invalid, match="before the infusion started"):
        day.step(visit, "rate-change", **rate, observed_at=start.observed_at - timedelta(minutes=1))
    day.step(visit, "rate-change", **rate)
    with pytest.raises(Invalid, match="after this time"):
        day.step(visit, "end", observed_at=start.observed_at)
    day.step(visit, "end")
    with pytest.raises(Invalid, match="had ended"):
        day.step(visit, "rate-change", **rate)
    assert day.step(visit, "rate-change", **rate, observed_at=start.observed_at + timedelta(seconds=30))
    with pytest.raises(Clash, match="charted already"):
        day.step(visit, "end")


def test_a_rate_change_needs_its_rate_and_a_bolus_its_amount(day: Day) -> None:
    visit = day.started()
    for kind, field in (("rate-change", "rate"), ("bolus", "amount")):
        with pytest.raises(Invalid) as refused:
            day.step(visit, kind)
        assert list(refused.value.errors) == [field]


def test_pause_and_resume_take_turns(day: Day) -> None:
    visit = day.started()
    with pytest.raises(Clash, match="not paused"):
        day.step(visit, "resume")
    day.step(visit, "pause")
    with pytest.raises(Clash, match="paused already"):
        day.step(visit, "pause")
    day.step(visit, "resume")


def test_a_start_entered_in_error_can_be_charted_again(day: Day) -> None:
    visit = day.started()
    start = Administration.objects.get()
    day.step(visit, "pause")
    strike = {"supersedes": start.pk, "correction_reason": "Not yet", "entered_in_error": True}
    with pytest.raises(Clash, match="later steps first"):
        day.chart(visit, Administration, kind=None, **strike)
    pause = Administration.objects.get(kind="pause")
    day.chart(visit, Administration, kind=None, **{**strike, "supersedes": pause.pk})
    day.chart(visit, Administration, kind=None, **strike)
    assert day.status(visit) == "checked-in"
    assert day.step(visit, "start", rate="2", rate_unit="spoons an hour").kind == "start"
    assert day.status(visit) == "in-progress"


def strike(day: Day, visit, row) -> None:
    row = type(row).objects.get(pk=row.pk)
    day.chart(
        visit, type(row), supersedes=row.pk, correction_reason="Wrong patient", entered_in_error=True,
        **({"kind": None} if hasattr(row, "kind") else {}),
    )  # fmt: skip


def test_striking_the_discharge_then_the_end_leads_back_a_step_each(day: Day) -> None:
    visit = day.discharged()
    end = Administration.objects.get(kind="end")
    with pytest.raises(Clash, match="discharge first"):
        strike(day, visit, end)
    strike(day, visit, Discharge.objects.get())
    assert day.status(visit) == "recovery"
    strike(day, visit, end)
    assert day.status(visit) == "in-progress"
    change = day.step(visit, "rate-change", rate="3", rate_unit="spoons an hour")
    assert change.kind == "rate-change"
    day.discharged(day.ended(visit))
    assert day.status(visit) == "completed"
    moved = Appointment.objects.get(pk=visit.appointment_id).history.filter(history_change_reason="Wrong patient")
    assert set(moved.values_list("status", flat=True)) == {"recovery", "in-progress"}


def test_a_correction_of_a_step_moves_nothing(day: Day) -> None:
    visit = day.ended()
    end = Administration.objects.get(kind="end")
    day.step(visit, "end", supersedes=end.pk, correction_reason="A minute off", observed_at=end.observed_at)
    assert day.status(visit) == "recovery"


def test_striking_a_step_of_a_visit_that_was_stopped_early_moves_nothing(day: Day) -> None:
    visit = day.ended()
    records.stop_early(visit_id=visit.pk, by=day.nurse, now=day.now(), reason="Transferred")
    strike(day, visit, Administration.objects.get(kind="end"))
    assert day.status(visit) == "stopped-early"


def test_a_record_is_gone_on_with_after_its_check_in_was_taken_back(day: Day) -> None:
    visit = day.opened()
    booking.undo(appointment_id=visit.appointment_id, by=day.nurse, now=day.now())
    assert day.status(visit) == "arrived"
    again = records.open_visit(appointment_id=visit.appointment_id, by=day.nurse, now=day.now())
    assert (again, day.status(visit)) == (visit, "checked-in")
    day.vitals(visit)


def test_a_visit_whose_record_is_signed_keeps_its_state(day: Day, api_as) -> None:
    visit = day.opened()
    records.not_treated(visit_id=visit.pk, by=day.nurse, now=day.now(), reason="Fasting broken")
    url = f"/api/v1/appointments/{visit.appointment_id}/undo/"
    assert list(api_as(day.nurse).post(url).json()["errors"]) == ["reason"]
    assert api_as(day.nurse).post(url, {"reason": "Fasted after all"}).status_code == 200
    records.not_treated(visit_id=visit.pk, by=day.nurse, now=day.now(), reason="Fasting broken")
    day.signed(visit)
    refused = api_as(day.nurse).post(url, {"reason": "Fasted after all"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/signed")
    assert "signed" in refused.json()["detail"]
    assert day.status(visit) == "not-treated"


def test_the_database_keeps_it_too_and_lets_the_rest_change(day: Day) -> None:
    note = day.signed()
    appointment = Appointment.objects.get(pk=note.visit.appointment_id)
    appointment.status = "recovery"
    with pytest.raises(DatabaseError) as refused, recorded(by=day.nurse):
        appointment.save()
    assert sqlstate(refused.value) == "DK005"
    fresh = Appointment.objects.get(pk=appointment.pk)
    fresh.wants_move_note = "Nothing that the record says."
    with recorded(by=day.desk):
        fresh.save()


def test_discharge_needs_an_escort_or_a_reason(day: Day) -> None:
    visit = day.ended()
    with pytest.raises(Invalid) as refused:
        day.chart(visit, Discharge, **ALL_MET)
    assert list(refused.value.errors) == ["exception_reason"]
    with pytest.raises(Invalid) as refused:
        day.chart(visit, Discharge, **ALL_MET, escort_identified=True)
    assert list(refused.value.errors) == ["escort_name"]
    day.chart(visit, Discharge, **ALL_MET, exception_reason="Lives next door; walked home by a nurse")
    assert day.status(visit) == "completed"


@pytest.mark.parametrize("exception", [None, "", "  "])
def test_the_database_lets_nobody_go_without_either(day: Day, exception: str | None) -> None:
    for identified in (None, False):
        row = Discharge(
            visit=day.ended(day.started(day.opened(day.booked(day.order(day.patient(f"Q{identified}")))))),
            author=day.nurse,
            entered_at=day.clock,
            observed_at=day.clock,
            escort_identified=identified,
            exception_reason=exception,
        )
        with pytest.raises(DatabaseError, match="discharge_needs_escort_or_exception"), recorded(by=day.nurse):
            row.save()


@pytest.mark.parametrize("value", [False, None])
def test_an_open_item_needs_a_reason(day: Day, value: bool | None) -> None:
    visit = day.ended()
    with pytest.raises(Invalid) as refused:
        day.chart(visit, Discharge, **{**FIT_TO_GO, "walks_safely": value})
    assert list(refused.value.errors) == ["open_items_reason"]
    day.chart(visit, Discharge, **{**FIT_TO_GO, "walks_safely": value}, open_items_reason="Uses a wheelchair")


def test_nobody_is_discharged_twice_or_before_the_end(day: Day) -> None:
    visit = day.started()
    with pytest.raises(Clash, match="end of the infusion"):
        day.chart(visit, Discharge, **FIT_TO_GO)
    day.discharged(day.ended(visit))
    with pytest.raises(Clash, match="over already"):
        day.chart(visit, Discharge, **FIT_TO_GO)


def test_a_visit_ends_untreated_or_early_with_its_reason(day: Day) -> None:
    visit = day.opened()
    with pytest.raises(Invalid, match="Say why"):
        records.not_treated(visit_id=visit.pk, by=day.nurse, now=day.now(), reason=" ")
    with pytest.raises(Clash, match="cannot become stopped early"):
        records.stop_early(visit_id=visit.pk, by=day.nurse, now=day.now(), reason="Unwell")
    records.not_treated(visit_id=visit.pk, by=day.nurse, now=day.now(), reason="Had eaten")
    visit.appointment.refresh_from_db()
    assert (visit.appointment.status, visit.appointment.status_reason) == ("not-treated", records.IN_RECORD)
    assert day.signed(visit).is_signed


def test_the_appointment_knows_since_when_the_infusion_runs(day: Day) -> None:
    """As it was observed, not as it was typed; a correction corrects it, a struck end brings the start back."""
    visit = day.started()

    def since() -> datetime:
        return Appointment.objects.get(pk=visit.appointment_id).state_since

    start = Administration.objects.get()
    assert since() == start.observed_at
    earlier = start.observed_at - timedelta(seconds=30)
    day.step(visit, "start", rate="2", rate_unit="spoons an hour", observed_at=earlier, supersedes=start.pk,
             correction_reason="Clock")  # fmt: skip
    assert since() == earlier
    end = day.step(visit, "end")
    assert since() == end.observed_at
    strike = {"supersedes": end.pk, "correction_reason": "It still runs", "entered_in_error": True}
    day.chart(visit, Administration, kind=None, **strike)
    assert since() == earlier
