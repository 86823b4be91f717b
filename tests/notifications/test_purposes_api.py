"""`/api/v1/message-purposes/` and `/api/v1/reminder-times/`: read and set by a manager as on the page."""

from uuid import uuid4

import pytest

from notifications.purposes import Switches
from notifications.reminder_times import hours_of
from scheduling.models.kinds import Part, VisitKind, What
from scheduling.spans import NeedSpec, SpanSpec
from scheduling.visit_types import add_visit_type

pytestmark = pytest.mark.django_db
URL, TIMES = "/api/v1/message-purposes/", "/api/v1/reminder-times/"


def row(answer, purpose):
    assert answer.status_code == 200
    return next(row for row in answer.data if row["purpose"] == purpose)


def test_a_purpose_is_switched_for_all_visits_and_for_a_type(clinic, vera, api_as):
    spans = [SpanSpec("Talk", None, [NeedSpec(What.CHAIR, Part.ALL, None)])]
    kind = add_visit_type(clinic=clinic, name="Short talk", kind=VisitKind.CONSULT, spans=spans, by=vera)
    api = api_as(vera)
    assert (row(api.get(URL), "reminder")["on"], row(api.get(URL), "moved")["on"]) == (True, False)
    assert row(api.post(URL, {"purpose": "moved", "on": True}), "moved")["on"] is True
    of_type = {"purpose": "moved", "visit_type": str(kind.pk), "on": False}
    shown = {str(one["visit_type"]): one for one in row(api.post(URL, of_type), "moved")["visit_types"]}
    assert (shown[str(kind.pk)]["said"], shown[str(kind.pk)]["on"]) == (False, False)
    assert Switches.read().said(clinic.pk, kind.pk, "moved") is False
    shown = {str(one["visit_type"]): one for one in row(api.post(URL, {**of_type, "on": None}), "moved")["visit_types"]}
    assert (shown[str(kind.pk)]["said"], shown[str(kind.pk)]["on"]) == (None, True)
    assert len(api.get(f"{URL}history/").json()) >= 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"purpose": "gossip", "on": True}, "purpose"),
        ({"purpose": "moved"}, "on"),
        ({"purpose": "moved", "on": None}, "on"),
        ({"purpose": "moved", "on": True, "visit_type": str(uuid4())}, "visit_type"),
        ({"purpose": "moved", "on": True, "since": "2026-11-01"}, "since"),
    ],
)
def test_what_is_wrong_of_a_switch_is_told_at_its_field(clinic, vera, api_as, sent, field):
    answer = api_as(vera).post(URL, sent)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_the_hours_are_read_and_put_in_place_of_the_ones_before(clinic, vera, api_as):
    api = api_as(vera)
    assert api.get(TIMES).data == {"hours": [72, 24]}
    assert api.post(TIMES, {"hours": [3, 48, 3]}).data == {"hours": [48, 3]}
    assert hours_of(clinic) == (48, 3)
    for wrong in ([], [0], [1, 2, 3, 4, 5], ["soon"], [99999]):
        answer = api.post(TIMES, {"hours": wrong})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["hours"]), wrong
    assert hours_of(clinic) == (48, 3)


def test_the_desk_sets_none_of_it(clinic, ana, zoe, api_as):
    for answer in (
        api_as(ana).get(URL),
        api_as(ana).get(TIMES),
        api_as(ana).post(URL, {"purpose": "moved", "on": True}),
        api_as(ana).post(TIMES, {"hours": [3]}),
    ):
        assert answer.status_code == 403
