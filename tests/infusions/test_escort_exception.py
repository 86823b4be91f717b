"""Going home without an escort because a prescriber allowed it for this visit, and remarks of no other kind."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse

from config.audit.acting import recorded
from config.refusals import Clash, Invalid
from infusions import exceptions, records
from infusions.models import Discharge, ExceptionKind, ExceptionUse, OrderException, Remark, Visit
from infusions.signing import broken
from tests.conftest import PASSWORD
from tests.infusions.visiting import ALL_MET, Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]


def allowed(day: Day, visit: Visit, *, kind: str = ExceptionKind.NO_ESCORT, days: int = 0) -> OrderException:
    on = day.clinic.today(day.clock) + timedelta(days=days)
    return exceptions.allow(
        order_id=visit.order_id, kind=kind, day=on, reason="Lives across the road.", by=day.prescriber, now=day.now(),
        password=PASSWORD,
    )  # fmt: skip


def test_the_exception_lets_the_patient_go_and_is_used_by_this_visit(day: Day) -> None:
    visit = day.ended()
    given = allowed(day, visit)
    day.chart(visit, Discharge, **ALL_MET, escort_exception=given)
    assert day.status(visit) == "completed"
    assert list(ExceptionUse.objects.values_list("exception", "appointment")) == [(given.pk, visit.appointment_id)]
    day.signed(visit)
    assert list(broken()) == []


@pytest.mark.parametrize(("kind", "days"), [(ExceptionKind.OUTSIDE_GAPS, 0), (ExceptionKind.NO_ESCORT, 1)])
def test_an_exception_for_something_else_does_not(day: Day, kind: str, days: int) -> None:
    visit = day.ended()
    given = allowed(day, visit, kind=kind, days=days)
    with pytest.raises(Invalid) as refused:
        day.chart(visit, Discharge, **ALL_MET, escort_exception=given)
    assert list(refused.value.errors) == ["escort_exception"]
    row = Discharge(visit=visit, author=day.nurse, entered_at=day.clock, observed_at=day.clock, escort_exception=given)
    with pytest.raises(DatabaseError, match="for another visit"), recorded(by=day.nurse):
        Discharge.objects.bulk_create([row])


def test_nor_does_another_patients(day: Day) -> None:
    given = allowed(day, day.ended())
    other = day.ended(day.started(day.opened(day.booked(day.order(day.patient("Reed")), hours=2))))
    with pytest.raises(Invalid) as refused:
        day.chart(other, Discharge, **ALL_MET, escort_exception=given)
    assert list(refused.value.errors) == ["escort_exception"]


def test_the_page_offers_it_unchosen_and_shows_it_on_the_visit(day: Day, page_as) -> None:
    visit, nurse = day.ended(), page_as(day.nurse)
    url = reverse("visit-chart", args=[visit.pk, "discharge"])
    assert "escort_exception" not in nurse.get(url).content.decode()
    given = allowed(day, visit)
    html = nurse.get(url).content.decode()
    assert f'<option value="{given.pk}">' in html
    assert "Lives across the road." in nurse.get(reverse("visit", args=[visit.pk])).content.decode()
    met = dict.fromkeys(ALL_MET, "yes")
    assert nurse.post(url, met).status_code == 422
    assert nurse.post(url, {**met, "escort_exception": str(given.pk)}).status_code == 302
    assert Discharge.objects.get().escort_exception == given
    assert "Mara Santos, MD: Lives across" in nurse.post(reverse("visit-print", args=[visit.pk])).content.decode()


def test_by_api(day: Day, api_as) -> None:
    visit = day.ended()
    given, url = allowed(day, visit), f"/api/v1/visits/{visit.pk}/discharge/"
    foreign = api_as(day.nurse).post(url, {**ALL_MET, "escort_exception": str(visit.pk)})
    assert (foreign.status_code, list(foreign.json()["errors"])) == (400, ["escort_exception"])
    told = api_as(day.nurse).post(url, {**ALL_MET, "escort_exception": str(given.pk)})
    assert (told.status_code, told.json()["escort_exception"]) == (201, str(given.pk))


def test_a_remark_is_a_row_of_the_sheet_until_the_note_is_signed(day: Day, page_as) -> None:
    visit, nurse = day.started(), page_as(day.nurse)
    url = reverse("visit-chart", args=[visit.pk, "remarks"])
    assert nurse.post(url, {"text": " "}).status_code == 422
    assert nurse.post(url, {"text": "Asked for the window."}).status_code == 302
    assert "Asked for the window." in nurse.get(reverse("visit", args=[visit.pk])).content.decode()
    day.signed(day.discharged(day.ended(visit)))
    with pytest.raises(Clash, match="signed"):
        records.chart(visit_id=visit.pk, model=Remark, by=day.nurse, now=day.now(), text="Too late.")


def test_the_database_refuses_an_empty_remark(day: Day) -> None:
    row = Remark(visit=day.opened(), author=day.nurse, entered_at=day.clock, observed_at=day.clock, text=" ")
    with pytest.raises(DatabaseError, match="remark_says_something"), recorded(by=day.nurse):
        row.save()
