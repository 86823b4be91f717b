"""Kinds of visits: spans in order, what each needs, and what makes no sense."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from simple_history.utils import bulk_create_with_history

from config.audit.acting import SystemJob, recorded
from config.refusals import Invalid, NotFound, Stale
from patients.models import Task
from scheduling import booking, places, shape
from scheduling.models import Allocation, Need, Span, VisitKind, VisitType
from scheduling.models.kinds import Part, What
from scheduling.models.places import Kind
from scheduling.states import Status
from scheduling.touched import preview
from scheduling.visit_types import NeedSpec, SpanSpec, add_visit_type, change_visit_type, specs_of, types_of

pytestmark = pytest.mark.django_db
CHAIR, HANDS, WATCH = NeedSpec(What.CHAIR), NeedSpec(What.HANDS), NeedSpec(What.WATCH)
RECOVERY = NeedSpec(What.RECOVERY)
SET_UP = SpanSpec("Set-up", 15, [CHAIR, HANDS, NeedSpec(What.CLINICIAN, Part.FIRST, 10)])
INFUSION = SpanSpec("Infusion", None, [CHAIR, WATCH])
AFTER = SpanSpec("Recovery", 30, [WATCH, NeedSpec(What.CLINICIAN, Part.LAST, 5), RECOVERY])
THREE = [SET_UP, INFUSION, AFTER]


def add(clinic, by=SystemJob.SET_UP, **more) -> VisitType:
    return add_visit_type(
        **{"clinic": clinic, "name": "First infusion", "kind": VisitKind.INFUSION, "spans": THREE, "by": by, **more}
    )


def test_a_type_with_three_spans_shapes_a_visit(clinic, vera):
    found = add(clinic, vera, chair_kind="bed")
    laid = shape.load(clinic=clinic, kind=VisitKind.INFUSION, minutes=120)
    assert (laid.visit_type, laid.chair_kind) == (found.pk, "bed")
    assert {(need.what, need.first, need.end) for need in laid.needs} == {
        (What.CHAIR, 0, 90),
        (What.HANDS, 0, 15),
        (What.CLINICIAN, 0, 10),
        (What.WATCH, 15, 120),
        (What.RECOVERY, 90, 120),
        (What.CLINICIAN, 115, 120),
    }
    assert specs_of(types_of(clinic)[0]) == THREE
    connection.check_constraints()


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([], "at least one"),
        ([SET_UP, AFTER], "Exactly one"),
        ([INFUSION, INFUSION], "Exactly one"),
        ([SpanSpec(" ", None, [CHAIR, WATCH])], "name"),
        ([SpanSpec("Set-up", 7, [CHAIR]), INFUSION], "in fives"),
        ([SpanSpec("Set-up", 725, [CHAIR]), INFUSION], "5 to 720"),
        ([SpanSpec("A", 400, [CHAIR]), SpanSpec("B", 400, [CHAIR]), INFUSION], "together"),
        ([SpanSpec("Infusion", None, [WATCH])], "chair all through"),
        ([SpanSpec("Infusion", None, [CHAIR])], "a nurse watches"),
        ([SpanSpec("Infusion", None, [CHAIR, WATCH, HANDS])], "choose one of the two"),
        ([SpanSpec("Infusion", None, [CHAIR, WATCH, RECOVERY])], "either in the chair"),
        ([SpanSpec("Infusion", None, [RECOVERY, WATCH])], "begins in a chair"),
        ([SET_UP, SpanSpec("Rest", 10, [RECOVERY]), INFUSION], "goes back"),
        ([SpanSpec("Infusion", None, [NeedSpec(What.CHAIR, Part.FIRST, 10), WATCH])], "all through or not at all"),
        ([SpanSpec("Infusion", None, [CHAIR, WATCH, NeedSpec(What.CLINICIAN, Part.LAST)])], "how many minutes"),
        ([SpanSpec("Infusion", None, [CHAIR, NeedSpec(What.WATCH, Part.ALL, 5)])], "needs no minutes"),
        ([SpanSpec("Infusion", None, [CHAIR, WATCH, WATCH])], "twice"),
        ([SpanSpec("Infusion", None, [CHAIR, HANDS, NeedSpec(What.HANDS, Part.FIRST, 10)])], "already"),
        ([SpanSpec("S", 10, [CHAIR, NeedSpec(What.HANDS, Part.FIRST, 15)]), INFUSION], "longer than it lasts"),
    ],
)
def test_spans_without_sense(clinic, spans, words):
    with pytest.raises(Invalid, match=words) as refused:
        add(clinic, spans=spans)
    assert refused.value.field == "spans"
    assert VisitType.objects.count() == 0


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "first INFUSION"}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"kind": "party"}, "kind"),
        ({"chair_kind": "sofa"}, "chair_kind"),
    ],
)
def test_a_type_without_sense(clinic, more, field):
    add(clinic)
    with pytest.raises(Invalid) as refused:
        add(clinic, **{"name": "Another", **more})
    assert refused.value.field == field


def test_a_consult_needs_nobody_to_watch(clinic):
    add(clinic, kind=VisitKind.CONSULT, spans=[SpanSpec("Talk", None, [CHAIR])])
    assert [need.what for need in shape.load(clinic=clinic, kind=VisitKind.CONSULT, minutes=30).needs] == [What.CHAIR]


def test_new_spans_take_the_place_of_all_before(clinic, vera, now):
    found = add(clinic)
    changed = change_visit_type(visit_type_id=found.pk, version=1, spans=[INFUSION], name="Later", by=vera, now=now)
    assert (changed.record.name, changed.record.version, changed.touched) == ("Later", 2, [])
    assert specs_of(types_of(clinic)[0]) == [INFUSION]
    with pytest.raises(Stale):
        change_visit_type(visit_type_id=found.pk, version=1, in_use=False, by=vera, now=now)
    with pytest.raises(Invalid, match="Exactly one"):
        change_visit_type(visit_type_id=found.pk, spans=[SET_UP], by=vera, now=now)
    assert specs_of(types_of(clinic)[0]) == [INFUSION]
    with pytest.raises(Invalid, match="no such field"):
        change_visit_type(visit_type_id=found.pk, kind="consult", by=vera, now=now)
    with pytest.raises(NotFound):
        change_visit_type(visit_type_id=clinic.pk, in_use=False, by=vera, now=now)
    connection.check_constraints()


def test_a_type_out_of_use_shapes_nothing(clinic, vera, now):
    found = add(clinic)
    change_visit_type(visit_type_id=found.pk, in_use=False, by=vera, now=now)
    assert shape.load(clinic=clinic, kind=VisitKind.INFUSION, minutes=60) == shape.plain(60)


def test_the_order_decides_which_is_taken(clinic, vera, now):
    first, second = add(clinic), add(clinic, name="Later infusion")
    assert shape.load(clinic=clinic, kind=VisitKind.INFUSION, minutes=120).visit_type == first.pk
    change_visit_type(visit_type_id=first.pk, position=2, by=vera, now=now)
    assert shape.load(clinic=clinic, kind=VisitKind.INFUSION, minutes=120).visit_type == second.pk


def test_the_database_refuses_what_makes_no_sense(clinic, vera):
    found = add(clinic)
    span = Span.objects.get(visit_type=found, position=0)
    wrong = [
        (VisitType(clinic=clinic, name="FIRST infusion", kind="infusion"), "visit_type_name_once"),
        (VisitType(clinic=clinic, name="Party", kind="party"), "visit_type_kind_known"),
        (Span(visit_type=found, position=0, name="x", minutes=5), "span_position_once"),
        (Span(visit_type=found, position=9, name="x"), "span_one_takes_the_rest"),
        (Span(visit_type=found, position=9, name="x", minutes=7), "span_minutes_in_fives"),
        (Need(span=span, what="chair", part="all"), "need_once"),
        (Need(span=span, what="piano", part="all"), "need_what_known"),
        (Need(span=span, what="watch", part="first"), "need_minutes_for_a_part"),
        (Need(span=span, what="watch", part="all", minutes=10), "need_minutes_for_a_part"),
    ]
    for row, constraint in wrong:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), recorded(by=vera):
            bulk_create_with_history([row], type(row))


@pytest.mark.parametrize("minutes", [-115, -105, 5, 105, 110, 115])
def test_a_visit_with_hands_at_both_ends_moves_onto_its_own_rows(desk, okafor, ana, now, at, minutes):
    ends = NeedSpec(What.HANDS, Part.FIRST, 10), NeedSpec(What.HANDS, Part.LAST, 10)
    add(desk, kind=VisitKind.CONSULT, spans=[SpanSpec("Visit", None, [CHAIR, *ends])])
    booked = {"by": ana, "now": now}
    visit = booking.book(patient=okafor, clinic=desk, start=at("12:00"), minutes=120, **booked)
    there = at("12:00") + timedelta(minutes=minutes)
    assert booking.move(appointment_id=visit.pk, start=there, **booked).start == there
    rows = Allocation.objects.filter(appointment=visit, active=True, resource__kind=Kind.NURSE)
    assert sorted(row.during.lower - there for row in rows) == [timedelta(0), timedelta(minutes=110)]
    connection.check_constraints()


@pytest.fixture
def short(desk, vera):
    """Fifteen minutes of hands, then watched, in a chair."""
    return add(desk, vera, name="Short", spans=[SpanSpec("Set-up", 15, [CHAIR, HANDS]), INFUSION])


@pytest.fixture
def booked(desk, okafor, short, ana, now, at):
    """An hour of it on Monday at nine."""
    return booking.book(
        patient=okafor,
        clinic=desk,
        start=at("09:00"),
        minutes=60,
        kind=VisitKind.INFUSION,
        visit_type=short.pk,
        by=ana,
        now=now,
    )


LONGER = [SpanSpec("Set-up", 60, [CHAIR, HANDS]), INFUSION, SpanSpec("Recovery", 30, [CHAIR, WATCH])]


def test_longer_spans_are_told_before_and_make_a_task_for_each_visit_that_is_too_short(short, booked, vera, now):
    def door():
        return change_visit_type(visit_type_id=short.pk, spans=LONGER, by=vera, now=now)

    shown = preview(door)
    assert [(one.appointment.pk, one.why) for one in shown.touched] == [
        (booked.pk, "This visit would last 60 minutes; set-up and recovery alone take 90")
    ]
    assert [span.minutes for span in shown.record.spans.all()] == [60, None, 30], "as it would be, also on a trial"
    assert not Task.objects.exists()
    door()
    assert Task.objects.open().get().about == booked.pk


def test_who_is_needed_by_now_and_was_not_booked_is_told(short, booked, vera, now):
    clinician = NeedSpec(What.CLINICIAN, Part.FIRST, 10)
    spans = [SpanSpec("Set-up", 15, [CHAIR, HANDS, clinician]), INFUSION]
    changed = change_visit_type(visit_type_id=short.pk, spans=spans, by=vera, now=now)
    assert [one.why for one in changed.touched] == ["This type of visit needs a clinician by now"]


def test_other_minutes_for_the_same_people_touch_nothing(short, booked, vera, now):
    spans = [SpanSpec("Set-up", 20, [CHAIR, HANDS]), INFUSION]
    assert change_visit_type(visit_type_id=short.pk, spans=spans, by=vera, now=now).touched == []


def test_a_visit_that_became_too_short_moves_with_what_it_was_booked_with(short, booked, chairs, ana, vera, now, at):
    places.change_chair(chair_id=booked.chair_id, turnover_minutes=10, by=vera, now=now)
    change_visit_type(visit_type_id=short.pk, spans=LONGER, by=vera, now=now)

    def taken():
        rows = Allocation.objects.filter(appointment=booked, active=True).order_by("resource__kind", "lane")
        return [(row.resource.kind, row.lane, row.during.lower - start, row.during.upper - start) for row in rows]

    start = at("09:00")
    before = [row for row in taken() if row[0] != Kind.CHAIR]
    assert "09:00 no longer fits" in Task.objects.open().get(about=booked.pk).words
    start = booking.move(appointment_id=booked.pk, start=at("14:00"), by=ana, now=now).start
    assert "14:00 no longer fits" in Task.objects.open().get(about=booked.pk).words, (
        "the question is asked of the new time"
    )
    assert [row for row in taken() if row[0] != Kind.CHAIR] == before
    with pytest.raises(Invalid, match="set-up and recovery alone take 90"):
        booking.move(appointment_id=booked.pk, start=at("14:00"), minutes=75, by=ana, now=now)
    assert booking.move(appointment_id=booked.pk, start=at("12:00"), minutes=120, by=ana, now=now).start == at("12:00")
    assert not Task.objects.open().filter(about=booked.pk).exists(), "long enough now"


def test_a_visit_that_became_too_short_for_its_type_can_still_be_let_in_and_cancelled(
    desk, chairs, okafor, petrov, at, ana, vera, now
):
    short = add(desk, vera, name="Short", spans=[SpanSpec("Set-up", 15, [CHAIR, HANDS]), INFUSION])
    came, off = (
        booking.book(
            patient=patient,
            clinic=desk,
            start=at(hour),
            minutes=60,
            kind=VisitKind.INFUSION,
            visit_type=short.pk,
            by=ana,
            now=now,
        )
        for patient, hour in ((okafor, "09:00"), (petrov, "11:00"))
    )
    longer = [SpanSpec("Set-up", 60, [CHAIR, HANDS]), INFUSION, SpanSpec("Recovery", 30, [CHAIR, WATCH])]
    change_visit_type(visit_type_id=short.pk, spans=longer, by=vera)
    assert booking.arrive(appointment_id=came.pk, by=ana, now=at("08:55")).status == "arrived"
    how = {"how": Status.CANCELLED_BY_CLINIC, "reason": "Nurse ill"}
    assert booking.cancel(appointment_id=off.pk, by=ana, now=now, **how).status == "cancelled-by-clinic"
