"""The settings by API: a trial run shows the visits that a change touches, and errors name their field."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.audit.acting import SystemJob
from config.staff.permissions import Role
from patients.models import Task
from scheduling import booking, rotas
from scheduling.models import Closure, RotaShift, TimeOff
from scheduling.rules import limits_of
from tests.conftest import hired
from tests.scheduling.conftest import MONDAY

pytestmark = pytest.mark.django_db
V1 = "/api/v1"
TUESDAY = MONDAY + timedelta(days=1)
CHAIR, WATCH = {"what": "chair"}, {"what": "watch"}


@pytest.fixture(autouse=True)
def noon(monkeypatch, now):
    """The clinic's clock stands at a Monday noon, a week before the visits."""
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def visit(desk, okafor, chairs, at, ana, now):
    """Okafor's visit on Monday, 09:00 to 11:00, in Chair 1 with Nils."""
    return booking.book(patient=okafor, clinic=desk, start=at("09:00"), minutes=120, chair=chairs[0], by=ana, now=now)


@pytest.fixture
def boss(api_as, vera):
    return api_as(vera)


def test_a_trial_run_shows_what_is_touched_and_changes_nothing(boss, visit, chairs):
    wish = {"day": str(MONDAY), "reason": "Burst pipe"}
    trial = boss.post(f"{V1}/closures/", {**wish, "dry_run": True})
    assert trial.status_code == 200
    assert trial.json()["touched"] == [
        {
            "appointment": str(visit.pk),
            "patient": str(visit.patient_id),
            "start": "2026-11-30T09:00:00-08:00",
            "end": "2026-11-30T11:00:00-08:00",
            "chair": str(chairs[0].pk),
            "why": "The clinic is closed on Mon 30 Nov: Burst pipe",
        }
    ]
    assert (Closure.objects.count(), Task.objects.count()) == (0, 0)
    done = boss.post(f"{V1}/closures/", wish)
    assert (done.status_code, done.json()["touched"], done.json()["dry_run"]) == (201, trial.json()["touched"], False)
    assert Task.objects.get().about == visit.pk
    one = f"{V1}/closures/{done.json()['id']}/"
    assert boss.get(one).json()["reason"] == "Burst pipe"
    assert boss.delete(f"{one}?dry_run=true").status_code == 200
    assert boss.delete(f"{one}?dry_run=perhaps").status_code == 400
    assert Closure.objects.count() == 1
    assert boss.delete(one).status_code == 200
    assert (Closure.objects.count(), Task.objects.open().count()) == (0, 0)
    assert boss.delete(one).status_code == 404


def test_hours_of_the_week(boss, api_as, ana, visit):
    week = [{"weekday": 0, "spans": [{"begins": "10:00", "ends": "12:00"}]}]
    trial = boss.post(f"{V1}/opening-hours/", {"week": week, "dry_run": True}).json()
    assert [one["appointment"] for one in trial["touched"]] == [str(visit.pk)]
    assert boss.post(f"{V1}/opening-hours/", {"week": week}).json()["records"][0] == week[0]
    shown = api_as(ana).get(f"{V1}/opening-hours/").json()
    assert (len(shown), shown[0], shown[1]["spans"][0]["begins"]) == (7, week[0], "08:00")


def test_a_day_with_hours_of_its_own(boss, visit):
    spans = [{"begins": "10:00", "ends": "12:00"}, {"begins": "13:00", "ends": "15:00"}]
    made = boss.post(f"{V1}/open-days/", {"day": str(MONDAY), "spans": spans}).json()
    assert [(row["opens"], row["closes"]) for row in made["records"]] == [("10:00", "12:00"), ("13:00", "15:00")]
    assert len(made["touched"]) == 1
    rows = boss.get(f"{V1}/open-days/?from=2026-11-30&to=2026-12-01").json()["results"]
    assert len(rows) == 2
    assert boss.delete(f"{V1}/open-days/{rows[0]['id']}/").status_code == 200
    assert boss.get(f"{V1}/open-days/").json()["results"] == []


def test_rotas(boss, visit, nils):
    week = [{"weekday": 0, "spans": [{"begins": "12:00", "ends": "18:00"}]}]
    wish = {"staff": str(nils.pk), "first_day": str(MONDAY), "week": week}
    assert len(boss.post(f"{V1}/rotas/", {**wish, "dry_run": True}).json()["touched"]) == 1
    assert RotaShift.objects.count() == 0
    made = boss.post(f"{V1}/rotas/", wish)
    assert made.status_code == 201
    assert made.json()["records"][0]["staff"] == str(nils.pk)
    listed = boss.get(f"{V1}/rotas/?staff={nils.pk}").json()["results"]
    assert listed[-1]["starts"] in {"12:00", "00:00"}
    assert boss.post(f"{V1}/rotas/leave/", {"staff": str(nils.pk), "from_day": str(TUESDAY)}).status_code == 200
    assert boss.post(f"{V1}/rotas/open-hours/", {"staff": str(nils.pk)}).json()["touched"] == []


def test_single_days_and_time_off(boss, api_as, ana, visit, nils):
    wish = {"staff": str(nils.pk), "day": str(MONDAY), "spans": [], "reason": "Course"}
    made = boss.post(f"{V1}/rota-exceptions/", wish).json()
    assert (made["records"][0]["starts"], len(made["touched"])) == (None, 1)
    assert boss.delete(f"{V1}/rota-exceptions/{made['records'][0]['id']}/").status_code == 200
    off = boss.post(f"{V1}/time-off/", {"staff": str(nils.pk), "first": str(MONDAY), "reason": "Private"}).json()
    assert (off["last"], len(off["touched"])) == (str(MONDAY), 1)
    assert api_as(ana).get(f"{V1}/time-off/").status_code == 403, "its reason is for managers"
    assert boss.get(f"{V1}/time-off/{off['id']}/history/").json()[0]["who"] == "Vera Lind"
    assert boss.delete(f"{V1}/time-off/{off['id']}/").status_code == 200
    assert TimeOff.objects.count() == 0


def test_a_chair(boss, visit, chairs):
    one = f"{V1}/chairs/{chairs[0].pk}/"
    trial = boss.patch(one, {"in_service": False, "version": 1, "dry_run": True})
    assert (trial.json()["in_service"], len(trial.json()["touched"])) == (False, 1)
    assert boss.get(one).json()["in_service"] is True
    done = boss.patch(one, {"purpose": "recovery", "turnover_minutes": 15, "version": 1})
    assert (done.json()["turnover_minutes"], done.headers["ETag"]) == (15, '"2"')
    assert boss.patch(one, {"pod": "North", "version": 1}).status_code == 409
    assert boss.patch(one, {"dry_run": True}).status_code == 400


def test_visit_types(boss, api_as, ana, clinic):
    spans = [
        {"name": "Set-up", "minutes": 15, "needs": [CHAIR, {"what": "clinician", "part": "first", "minutes": 10}]},
        {"name": "Infusion", "needs": [CHAIR, WATCH]},
    ]
    made = boss.post(f"{V1}/visit-types/", {"name": "First", "kind": "infusion", "spans": spans})
    assert made.status_code == 201
    assert made.json()["spans"][0]["needs"][1] == {"what": "clinician", "part": "first", "minutes": 10}
    one = f"{V1}/visit-types/{made.json()['id']}/"
    wrong = boss.patch(one, {"spans": spans[:1], "version": 1})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["spans"])
    changed = boss.patch(one, {"spans": spans[1:], "in_use": False, "version": 1}).json()
    assert ([span["name"] for span in changed["spans"]], changed["version"]) == (["Infusion"], 2)
    assert changed["touched"] == []
    assert len(api_as(ana).get(f"{V1}/visit-types/").json()["results"]) == 1
    assert boss.patch(one, {"kind": "consult"}).json()["errors"]["kind"]


def test_booking_rules(boss, clinic):
    assert boss.get(f"{V1}/booking-rules/").json()["late_cancel_hours"] == 24
    assert boss.post(f"{V1}/booking-rules/", {"late_cancel_hours": 48}).json()["late_cancel_hours"] == 48
    wrong = boss.post(f"{V1}/booking-rules/", {"hold_form_minutes": 0})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["hold_form_minutes"])
    assert boss.post(f"{V1}/booking-rules/", {}).status_code == 400


def test_a_patients_limits(api_as, ana, nils, zoe, okafor):
    url = f"{V1}/patients/{okafor.pk}/limits/"
    desk = api_as(ana)
    assert desk.get(url).json() == {
        "version": 1,
        "weekdays": [],
        "time_from": None,
        "time_until": None,
        "transport": "",
    }
    wish = {"weekdays": [2, 0], "time_from": "09:00", "time_until": "15:00", "version": 1}
    assert desk.post(url, wish).json()["weekdays"] == [0, 2]
    assert desk.post(url, {**wish, "time_until": "08:00"}).json()["errors"]["time_until"]
    desk.post(url, wish)
    assert desk.post(url, wish).status_code == 409
    assert api_as(nils).get(url).status_code == 200
    assert api_as(nils).post(url, wish).status_code == 403
    for method in ("get", "post"):
        assert getattr(api_as(zoe), method)(url, wish if method == "post" else None).status_code == 404
    assert limits_of(okafor).version == 2


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("closures", {"day": "soon", "reason": "x"}, "day"),
        ("closures", {"day": "2020-01-06", "reason": "x"}, "day"),
        ("closures", {"day": "2026-11-30"}, "reason"),
        ("closures", {"day": "2026-11-30", "reason": "x", "clinic": "y"}, "clinic"),
        ("opening-hours", {"week": []}, "week"),
        ("opening-hours", {"week": [{"weekday": 0, "spans": []}] * 2}, "week"),
        ("opening-hours", {"week": [{"weekday": 0, "spans": [{"begins": "12:00", "ends": "10:00"}]}]}, "spans"),
        ("opening-hours", {"week": [{"weekday": 0, "spans": [{"begins": "10:03", "ends": "12:00"}]}]}, "spans"),
        ("open-days", {"day": "2026-11-30", "spans": []}, "spans"),
        ("rotas", {"staff": "x", "first_day": "2026-11-30", "week": []}, "staff"),
        ("rotas", {"staff": "NILS", "first_day": "2020-01-06", "week": []}, "first_day"),
        ("rotas", {"staff": "ZOE", "first_day": "2026-11-30", "week": []}, "staff"),
        ("rota-exceptions", {"staff": "NILS", "day": "2020-01-06", "spans": []}, "day"),
        ("time-off", {"staff": "NILS", "first": "2026-11-30", "last": "2026-11-29"}, "last"),
        ("time-off", {"staff": "ZOE", "first": "2026-11-30"}, "staff"),
        ("chairs", {"name": "New", "turnover_minutes": 7}, "turnover_minutes"),
        ("visit-types", {"name": "First", "kind": "party", "spans": []}, "kind"),
        ("visit-types", {"name": "First", "kind": "infusion", "spans": []}, "spans"),
    ],
)
def test_bad_input_is_a_400_that_names_the_field(boss, desk, nils, zoe, path, body, field):
    people = {"NILS": str(nils.pk), "ZOE": str(zoe.pk)}
    answer = boss.post(f"{V1}/{path}/", {key: people.get(str(value), value) for key, value in body.items()})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert (Closure.objects.count(), RotaShift.objects.count(), TimeOff.objects.count()) == (0, 0, 0)


def test_another_clinics_ids_are_not_found(api_as, other_clinic, boss, desk, nils, zoe, now):
    theirs = api_as(hired(other_clinic, "boss", "Bea Boss", Role.MANAGER))
    day = boss.post(f"{V1}/closures/", {"day": str(TUESDAY), "reason": "x"}).json()["id"]
    off = rotas.time_off(user=nils, first=MONDAY, last=MONDAY, by=SystemJob.SET_UP, now=now).record.pk
    for one in (f"closures/{day}", f"time-off/{off}"):
        assert theirs.get(f"{V1}/{one}/").status_code == 404
        assert theirs.delete(f"{V1}/{one}/").status_code == 404
    assert theirs.get(f"{V1}/rotas/").json()["results"] == []
    assert (Closure.objects.count(), TimeOff.objects.count()) == (1, 1)
