"""What the search reads: a clinic made through the doors and read row by row by the plain loops agrees with the search,
and with what can in fact be booked. Holds that run and holds that ran out, rotas, one-day openings, limits, spans."""

import random
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import transaction

from config.audit.acting import SystemJob
from config.refusals import Refused
from config.staff.accounts import open_clinic
from config.staff.permissions import Role
from scheduling import booking, shape
from scheduling.availability import free_starts
from scheduling.hours import Hours, Rota, Shift, local_days
from scheduling.models import Allocation, Chair, Closure, OpenDay, OpeningHours, Resource, RotaDay, RotaShift, TimeOff
from scheduling.models.kinds import Part, VisitKind, What
from scheduling.opening import close_day, open_day, set_hours
from scheduling.places import add_chair, add_clinician, add_nurse
from scheduling.resources import Limits, Place, Resources
from scheduling.rotas import rota_exception, set_rota, time_off
from scheduling.rules import limits_of, set_limits
from scheduling.states import Status
from scheduling.visit_types import NeedSpec, SpanSpec, add_visit_type
from tests.conftest import hired
from tests.scheduling.conftest import register
from tests.scheduling.plainly import CHANGES, SmallClinic, Span

pytestmark = pytest.mark.django_db
BY = SystemJob.SET_UP
SPANS = [
    SpanSpec("Set-up", 15, [NeedSpec(What.CHAIR), NeedSpec(What.HANDS), NeedSpec(What.CLINICIAN, Part.FIRST, 10)]),
    SpanSpec("Infusion", None, [NeedSpec(What.CHAIR), NeedSpec(What.WATCH), NeedSpec(What.CLINICIAN, Part.LAST, 5)]),
    SpanSpec("Recovery", 20, [NeedSpec(What.RECOVERY), NeedSpec(What.WATCH)]),
]


class Story:
    """A clinic at one of its clock changes, with whatever chance brings."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        zone = sorted(CHANGES)[seed % len(CHANGES)]
        self.clinic = open_clinic(name=f"Clinic {seed}", zone=zone, phone="+12135550100", by=BY)
        first = self.chance.choice(CHANGES[zone]) - timedelta(days=1)
        self.days = local_days(first, first + timedelta(days=2))
        self.before = datetime.combine(first - timedelta(days=2), time(12), tzinfo=UTC)
        self.now = self.before + timedelta(hours=1)
        self.patients = [register(self.clinic, f"Client{n}") for n in range(4)]
        who = [(Role.NURSE, "RN"), (Role.NURSE, "RN"), (Role.PRESCRIBER, "MD")]
        self.staff = [hired(self.clinic, f"s{seed}{n}", f"S{n}", *what) for n, what in enumerate(who)]
        self.ana = hired(self.clinic, f"ana{seed}", "Ana", Role.FRONT_DESK)
        self.vera = hired(self.clinic, f"vera{seed}", "Vera", Role.MANAGER)
        self.rooms()
        self.rotas()
        add_visit_type(clinic=self.clinic, name="Whole", kind="infusion", spans=SPANS, by=BY)

    def rooms(self):
        for n in range(2):
            turnover = self.chance.choice([0, 10, 30])
            add_chair(clinic=self.clinic, name=f"Chair {n}", position=n, turnover_minutes=turnover, by=BY)
        add_chair(clinic=self.clinic, name="Bay", purpose="recovery", turnover_minutes=5, by=BY)
        for weekday in range(7):
            set_hours(clinic=self.clinic, weekday=weekday, spans=[(time(0), time(11)), (time(12), time(20))], by=BY)
        some = self.chance.sample(self.days, 2)
        close_day(clinic=self.clinic, day=some[0], reason="Closed", by=BY, now=self.before)
        open_day(clinic=self.clinic, day=some[1], spans=[(time(0, 30), time(9))], by=BY, now=self.before)

    def rotas(self):
        one, two, third = self.staff
        add_nurse(user=one, watch_lanes=2, by=BY)
        add_nurse(user=two, watch_lanes=1, by=BY)
        add_clinician(user=third, by=BY)
        late = {day: [(time(1, 30), time(18))] for day in range(6)}
        set_rota(user=one, first_day=self.days[1], week=late, by=BY, now=self.before)
        rota_exception(user=two, day=self.days[0], spans=[(time(2), time(7))], by=BY, now=self.before)
        time_off(user=two, first=self.days[2], last=self.days[2], by=BY, now=self.before)
        rota_exception(user=third, day=self.days[1], spans=[(time(0), time(10))], by=BY, now=self.before)

    def book(self):
        """What is taken: bookings, some beside others, holds that run and that ran out; what is refused is left."""
        chairs = list(Chair.objects.filter(clinic=self.clinic, purpose="treatment"))
        for _ in range(18):
            start = self.any_start()
            held = self.chance.choice([None, None, self.now, self.now + timedelta(minutes=5)])
            more = {"kind": VisitKind.INFUSION, "by": self.ana, "now": self.before, "held_until": held}
            if self.chance.random() < 0.3:
                more |= {"chair": self.chance.choice(chairs), "overbook_reason": "Both short.", "by": self.vera}
            minutes = self.chance.choice([60, 90, 120])
            try:
                booking.book(
                    patient=self.chance.choice(self.patients[1:]),
                    clinic=self.clinic,
                    start=start,
                    minutes=minutes,
                    **more,
                )
            except Refused:
                continue

    def any_start(self):
        day = datetime.combine(self.chance.choice(self.days), time(), tzinfo=self.clinic.tz).astimezone(UTC)
        return day + timedelta(minutes=5 * self.chance.randint(0, 200))

    def plain(self, patient, minutes):
        """The same, as it is stored, read one table after the other."""
        weekly = {n: [] for n in range(7)}
        for row in OpeningHours.objects.filter(clinic=self.clinic):
            weekly[row.weekday].append((row.opens, row.closes))
        open_days = {}
        for row in OpenDay.objects.filter(clinic=self.clinic):
            open_days.setdefault(row.day, []).append((row.opens, row.closes))
        closures = {row.day: row.reason for row in Closure.objects.filter(clinic=self.clinic)}
        return SmallClinic(
            hours=Hours(self.clinic.tz, weekly, closures, open_days, self.stored_rotas()),
            days=self.days,
            places=self.stored_places(patient),
            rows=[
                (row.resource_id, row.lane, five(row.during.lower), five(row.during.upper))
                for row in Allocation.objects.filter(active=True)
                if row.held_until is None or row.held_until > self.now
            ],
            now=self.now,
            minutes=minutes,
            spans=[Span(span.minutes, [(n.what, n.part, n.minutes) for n in span.needs]) for span in SPANS],
        )

    def stored_rotas(self):
        found = {}
        for person in Resource.objects.filter(clinic=self.clinic, staff__isnull=False):
            rota = found[person.number] = Rota(by_rota=person.by_rota)
            for row in RotaShift.objects.filter(resource=person):
                rota.shifts.append(Shift(row.weekday, row.first_day, row.last_day, (row.starts, row.ends)))
            for row in RotaDay.objects.filter(resource=person):
                rota.days.setdefault(row.day, []).extend([(row.starts, row.ends)] if row.starts else [])
            rota.off += [(row.first, row.last) for row in TimeOff.objects.filter(resource=person)]
        return found

    def stored_places(self, patient):
        found = Resources()
        for row in Resource.objects.filter(clinic=self.clinic).select_related("chair"):
            more = {"turnover": row.chair.turnover_minutes} if row.chair else {"lanes": range(1, row.watch_lanes + 1)}
            place = Place(row.number, row.pk, "", True, **more)
            among = {"chair": found.chairs, "nurse": found.nurses, "clinician": found.clinicians}
            if row.kind == "patient":
                found.patient = row.number if row.patient_id == patient.pk else found.patient
            else:
                among.get(row.kind, found.recovery).append(place)
        limits = limits_of(patient)
        found.limits = Limits(frozenset(limits.weekdays), limits.time_from, limits.time_until)
        return found


def five(moment):
    return int(moment.timestamp()) // 300


@pytest.mark.parametrize("seed", range(6))
def test_a_stored_clinic(seed):
    story = Story(seed)
    story.book()
    mine, minutes = story.patients[seed % 2], story.chance.choice([60, 75, 120])
    if seed % 3 == 0:
        more = {"transport": "", "by": story.ana, "weekdays": []}
        set_limits(patient=mine, time_from=time(1), time_until=time(16), **more)
    found = free_starts(
        clinic=story.clinic,
        shape=shape.load(clinic=story.clinic, kind=VisitKind.INFUSION, minutes=minutes),
        first=story.days[0],
        last=story.days[-1],
        now=story.now,
        patient=mine,
    )
    free = [start.astimezone(UTC) for day in story.days for start in found[day]]
    plain = story.plain(mine, minutes)
    assert free == plain.plainly()
    assert free
    every = list(plain.grid())
    for start in [*story.chance.sample(free, min(len(free), 5)), *story.chance.sample(every, 10)]:
        assert can_book(story, mine, start, minutes) == (start in free), start


def can_book(story, patient, start, minutes):
    """Whether the door lets it in; it is taken back."""
    more = {"kind": VisitKind.INFUSION, "by": story.ana, "now": story.now}
    with transaction.atomic():
        try:
            visit = booking.book(patient=patient, clinic=story.clinic, start=start, minutes=minutes, **more)
        except Refused:
            return False
        assert visit.status == Status.BOOKED
        transaction.set_rollback(True)
        return True
