"""Small clinics invented by Hypothesis: zones, clock changes, rotas, spans, limits and what is taken already."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from scheduling.hours import Hours, Rota, Shift, local_days
from scheduling.models.kinds import Part, What
from scheduling.resources import Limits, Place, Resources
from tests.scheduling.plainly import CHANGES, PLAIN, SmallClinic, Span, first_instant

ALL = Part.ALL
CARE = [What.HANDS, What.WATCH]


def clock(five: int) -> time:
    return time(five // 12, five % 12 * 5)


@st.composite
def stretches(draw, most=2):
    cuts = sorted(draw(st.lists(st.integers(0, 287), min_size=2, max_size=2 * most, unique=True)))
    return [(clock(a), clock(b)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]


# Often open long, so that something is found at all.
openings = st.one_of(st.just([(time(0), time(23, 55))]), st.just([(time(1), time(22))]), stretches())
flags = st.integers(0, 4).map(bool)


@st.composite
def spans(draw):
    """From the chair to the recovery place; a clinician at the beginning and at the end of something."""
    if draw(st.booleans()):
        return PLAIN
    found = [Span(draw(st.sampled_from([5, 15])), [(What.CHAIR, ALL, None), (What.HANDS, ALL, None)])]
    main = Span(None, [(What.CHAIR, ALL, None), (draw(st.sampled_from(CARE)), ALL, None)])
    for part in draw(st.sets(st.sampled_from([Part.FIRST, Part.LAST]))):
        main.needs.append((What.CLINICIAN, part, draw(st.sampled_from([5, 10, 30]))))
    found.append(main)
    if draw(st.booleans()):
        after = Span(draw(st.sampled_from([10, 30])), [(What.RECOVERY, ALL, None)])
        after.needs.append((draw(st.sampled_from([*CARE, What.CLINICIAN])), Part.LAST, 5))
        found.append(after)
    return found


@st.composite
def rotas(draw, days):
    rota = Rota(by_rota=draw(st.booleans()))
    for weekday in draw(st.sets(st.integers(0, 6), min_size=3)):
        first, last = draw(st.sampled_from([(days[0], None), (days[-1], None), (date(2020, 1, 1), days[0])]))
        rota.shifts += [Shift(weekday, first, last, stretch) for stretch in draw(openings)]
    if draw(st.booleans()):
        rota.days[draw(st.sampled_from(days))] = draw(st.one_of(st.just([]), openings))
    if not draw(flags):
        rota.off.append((draw(st.sampled_from(days)), days[-1]))
    return rota


@st.composite
def limits(draw):
    first, last = draw(st.sampled_from([(None, None), (time(1, 30), None), (None, time(1, 30)), (time(1), time(20))]))
    return Limits(draw(st.frozensets(st.integers(0, 6), max_size=6)), first, last)


@st.composite
def places(draw, numbers, is_roomy):
    working = st.just(True) if is_roomy else flags

    def some(name, most, **more):
        count = draw(st.integers(1, most))
        return [one(name, next(numbers), {key: draw(what) for key, what in more.items()}) for _ in range(count)]

    def one(name, number, more):
        return Place(number, UUID(int=number), f"{name} {number}", draw(working), **more)

    turnover, kinds = st.sampled_from([0, 0, 10, 45]), st.sampled_from(["recliner", "bed"])
    return Resources(
        chairs=some("Chair", 3, turnover=turnover, chair_kind=kinds),
        nurses=some("Nurse", draw(st.integers(1, 2)), lanes=st.integers(2, 4).map(lambda end: range(1, end))),
        clinicians=some("Clinician", 2),
        recovery=some("Recovery", 2, turnover=turnover),
        patient=next(numbers),
        limits=None if is_roomy else draw(st.one_of(st.none(), st.none(), limits())),
    )


@st.composite
def clinics(draw, most_days=4, is_roomy=False):
    """`is_roomy`: everybody works, the clinic opens on most days, and the visit is short."""
    name = draw(st.sampled_from(sorted(CHANGES)))
    zone = ZoneInfo(name)
    first = draw(st.sampled_from(CHANGES[name])) - timedelta(days=draw(st.integers(0, 2)))
    days = local_days(
        first, first + timedelta(days=draw(st.integers(most_days // 2 if is_roomy else 0, most_days - 1)))
    )
    has = draw(places(iter(range(1, 99)), is_roomy))
    visit = draw(spans())
    return SmallClinic(
        hours=draw(clinic_hours(zone, days, has, is_roomy)),
        days=days,
        places=has,
        rows=draw(rows(has, step(first, zone), len(days))),
        now=datetime.fromtimestamp(
            (step(first, zone) + draw(st.integers(-50, 300))) * 300 + draw(st.integers(0, 299)), tz=UTC
        ),
        minutes=sum(span.minutes or 0 for span in visit) + draw(st.integers(1, 12 if is_roomy else 40)) * 5,
        spans=visit,
        chair_kind="" if is_roomy else draw(st.sampled_from(["", "", "bed"])),
    )


def step(first, zone):
    return int(first_instant(first, zone).timestamp()) // 300


@st.composite
def clinic_hours(draw, zone, days, has, is_roomy):
    weekdays = draw(st.sets(st.integers(0, 6), min_size=6 if is_roomy else 4))
    week = {weekday: draw(openings) for weekday in weekdays}
    found = Hours(zone, week, {} if draw(flags) else {draw(st.sampled_from(days)): "Closed"})
    if not draw(flags):
        found.open_days[draw(st.sampled_from(days))] = draw(openings)
    for person in (*has.nurses, *has.clinicians):
        if not draw(flags) if is_roomy else draw(st.booleans()):
            found.rotas[person.number] = draw(rotas(days))
    return found


@st.composite
def rows(draw, has, base, days):
    """What is taken: some hours of anything, and a few lanes that are hard to come by, in small pieces on one day."""
    lanes = [(place.number, 0) for place in has.places]
    lanes += [(nurse.number, lane) for nurse in has.nurses for lane in nurse.lanes]
    # Some were put beside others on purpose.
    lanes += [(place.number, draw(st.integers(1, 3))) for place in (*has.chairs, *has.recovery)]
    lanes.append((has.patient, 0))
    found = []
    for number, lane in draw(st.lists(st.sampled_from(lanes), max_size=4 + days)):
        begins = base + draw(st.integers(-40, 288 * days))
        found.append((number, lane, begins, begins + draw(st.integers(1, 150))))
    chairs = [(chair.number, lane) for chair in has.chairs for lane in (0, 2)]
    scarce = draw(st.sampled_from([lanes[-1:], chairs, *[nurse_lanes(nurse) for nurse in has.nurses], lanes]))
    midnight = base + 288 * draw(st.integers(0, days - 1))
    for _ in range(draw(st.integers(0, 12))):
        begins = midnight + draw(st.integers(12, 270))
        found.append((*draw(st.sampled_from(scarce)), begins, begins + draw(st.integers(1, 25))))
    return found


def nurse_lanes(nurse):
    return [(nurse.number, lane) for lane in (0, *nurse.lanes)]
