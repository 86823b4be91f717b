"""Many desks at once, and messages while everything fails, and checkers that then look for anything that does not fit.

`make soak SECONDS=1800 SEED=7`. Messages: for so long workers, beats, broker, database and providers are killed,
emptied and restarted while a desk works (`tests/notifications/faults/mix.py`). Bookings: 200 rounds of 20 clients at
one slot, then 8 clients that book, overbook, hold, keep, move, cancel, close days and change rotas for a minute.
The last line says what became of the messages. It exits with 1 when anything is found.
"""

import os
import random
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import django

ROUNDS, AT_ONCE, CLIENTS, SECONDS = 200, 20, 8, 60

OCCUPYING = """('held', 'booked', 'arrived', 'checked-in', 'in-progress', 'recovery', 'completed', 'stopped-early',
                'not-treated')"""
# Who is in which chair, and since which row of history; one without any came last.
THERE = """there AS (
    SELECT l.id, l.resource_id, l.during, COALESCE(v.overbook_reason, '') <> '' AS said_why,
           COALESCE((SELECT min(h.history_id) FROM scheduling_historicalallocation h
                      WHERE h.id = l.id AND h.active AND h.resource_id = l.resource_id AND h.during = l.during
                        AND h.history_id > COALESCE((
                            SELECT max(o.history_id) FROM scheduling_historicalallocation o WHERE o.id = l.id
                             AND NOT (o.active AND o.resource_id = l.resource_id AND o.during = l.during)), 0)),
                    9223372036854775807) AS since
      FROM scheduling_allocation l JOIN scheduling_resource r ON r.number = l.resource_id AND r.chair_id IS NOT NULL
      LEFT JOIN scheduling_appointment v ON v.id = l.appointment_id
     WHERE l.active)"""
# What must not be there, and how it is found: each answers the ids of what is wrong.
FINDINGS = {
    # Whoever came second said why. History tells who that was: the row of each from which on it has been there.
    "a chair was given twice and not on purpose": """
        SELECT CASE WHEN a.since > b.since THEN a.id ELSE b.id END
        FROM there a JOIN there b ON a.resource_id = b.resource_id AND a.id < b.id AND a.during && b.during
        WHERE NOT CASE WHEN a.since > b.since THEN a.said_why ELSE b.said_why END""",
    "two visits overlap on one lane": """
        SELECT a.appointment_id FROM scheduling_allocation a JOIN scheduling_allocation b
        ON a.resource_id = b.resource_id AND a.lane = b.lane AND a.id < b.id AND a.during && b.during
        WHERE a.active AND b.active""",
    "a visit occupies and has no chair from its start on": f"""
        SELECT v.id FROM scheduling_appointment v WHERE v.status IN {OCCUPYING} AND NOT EXISTS (
            SELECT FROM scheduling_allocation a JOIN scheduling_resource r ON r.number = a.resource_id
            WHERE a.appointment_id = v.id AND a.active AND r.chair_id = v.chair_id AND lower(a.during) = v.start)""",
    "a visit occupies and its patient is not taken for all of it": f"""
        SELECT v.id FROM scheduling_appointment v WHERE v.status IN {OCCUPYING} AND NOT EXISTS (
            SELECT FROM scheduling_allocation a JOIN scheduling_resource r ON r.number = a.resource_id
            WHERE a.appointment_id = v.id AND a.active AND r.patient_id = v.patient_id
              AND a.during = tstzrange(v.start, v."end", '[)'))""",
    "a visit has a nurse who is not taken": f"""
        SELECT v.id FROM scheduling_appointment v WHERE v.status IN {OCCUPYING} AND v.nurse_id IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM scheduling_allocation a JOIN scheduling_resource r ON r.number = a.resource_id
            WHERE a.appointment_id = v.id AND a.active AND r.staff_id = v.nurse_id)""",
    "a visit that does not occupy takes something": f"""
        SELECT v.id FROM scheduling_appointment v JOIN scheduling_allocation a ON a.appointment_id = v.id
        WHERE a.active AND v.status NOT IN {OCCUPYING}""",
    "a hold and what it takes end at different times": """
        SELECT v.id FROM scheduling_appointment v JOIN scheduling_allocation a ON a.appointment_id = v.id
        WHERE a.active AND a.held_until IS DISTINCT FROM v.held_until""",
    "a form that holds a place does not have it, or ended and still has one": """
        SELECT h.id FROM scheduling_formhold h WHERE (h.ended_at IS NULL) IS DISTINCT FROM EXISTS (
            SELECT FROM scheduling_allocation a JOIN scheduling_resource r ON r.number = a.resource_id
            WHERE a.form_hold_id = h.id AND a.active AND r.chair_id = h.chair_id AND lower(a.during) = h.start)""",
    "a series has no visit": """
        SELECT s.id FROM scheduling_series s
        WHERE NOT EXISTS (SELECT FROM scheduling_appointment v WHERE v.series_id = s.id)""",
    "a visit's history does not tell how it stands": """
        SELECT v.id FROM scheduling_appointment v LEFT JOIN LATERAL (
            SELECT h.status, h.version, h.start FROM scheduling_historicalappointment h
            WHERE h.id = v.id ORDER BY h.history_id DESC LIMIT 1) h ON true
        WHERE (h.status, h.version, h.start) IS DISTINCT FROM (v.status, v.version, v.start)""",
    "a booked visit on a closed day has no task": """
        SELECT v.id FROM scheduling_appointment v
        JOIN staff_clinic c ON c.id = v.clinic_id
        JOIN scheduling_closure x ON x.clinic_id = c.id AND x.day = (v.start AT TIME ZONE c.zone)::date
        WHERE v.status = 'booked' AND NOT EXISTS (
            SELECT FROM patients_task t WHERE t.about = v.id AND t.kind = 'visit-touched' AND t.done_at IS NULL)""",
}


def findings() -> dict[str, int]:
    """What is wrong in the whole database, and how often; nothing, if all is well."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for what, statement in FINDINGS.items():
            cursor.execute(f"WITH {THERE} SELECT count(*) FROM ({statement}) wrong")
            [many] = cursor.fetchone()
            if many:
                found[what] = many
    return found


@contextmanager
def crowd(size: int) -> Iterator[Callable[[Sequence[Callable[[], Any]]], list[Any]]]:
    """`act_at_once(acts)`: all begin at the same moment, each on a connection of its own; results or exceptions."""
    from django.db import connection, connections

    pool = ThreadPoolExecutor(size)

    def act_at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
        gate = threading.Barrier(len(acts))

        def run(act: Callable[[], Any]) -> Any:
            connection.ensure_connection()
            gate.wait(60)
            try:
                return act()
            except Exception as error:  # noqa: BLE001  (each outcome is counted)
                return error

        return list(pool.map(run, acts))

    yield act_at_once
    for closing in [pool.submit(connections.close_all) for _ in range(size * 3)]:
        closing.result()
    pool.shutdown()


@dataclass
class Busy:
    """A small clinic in which everything is scarce, and what happened there."""

    built: Any
    manager: Any
    patients: list[Any]
    now: datetime
    told: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    noting: threading.Lock = field(default_factory=threading.Lock)

    def note(self, what: str) -> None:
        with self.noting:
            self.told[what] += 1

    def fault(self, act: str, error: Exception) -> None:
        with self.noting:
            self.faults.append(f"{act}: {type(error).__name__}: {error}"[:300])


def busy_clinic(name: str) -> Busy:
    """Four chairs, two nurses, open all week; twelve patients who want the same ten days."""
    from django.utils import timezone

    from bench.place import build, manager, patient

    built = build(name=name, chairs=4)
    patients = [patient(built.clinic, built.desk, number) for number in range(12)]
    return Busy(built, manager(built.clinic), patients, timezone.now())


def mixed(busy: Busy, *, clients: int, seconds: float) -> Busy:
    """The clients do whatever comes to their mind until the time is over. Refusals are answers; all else is a fault."""
    from config.refusals import Refused

    until = monotonic() + seconds

    def work(seed: int) -> None:
        mind = random.Random(seed)
        while monotonic() < until:
            act = mind.choice(ACTS)
            try:
                act(busy, mind)
                busy.note(act.__name__)
            except Refused as refusal:
                busy.note(f"{act.__name__} refused: {type(refusal).__name__}")
            except Exception as error:  # noqa: BLE001  (a fault is what this is about)
                busy.fault(act.__name__, error)

    with crowd(clients) as at_once:
        for result in at_once([lambda seed=seed: work(seed) for seed in range(clients)]):
            if isinstance(result, Exception):
                busy.fault("client", result)
    return busy


def _start(busy: Busy, mind: random.Random) -> datetime:
    day = busy.now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=mind.randint(1, 10))
    return day + timedelta(minutes=8 * 60 + 30 * mind.randint(0, 16))


def _any_visit(busy: Busy, mind: random.Random, *states: str) -> Any:
    from config.refusals import NotFound
    from scheduling.models import Appointment

    ids = list(
        Appointment.objects.filter(clinic=busy.built.clinic, status__in=states).values_list("pk", "version")[:40]
    )
    if not ids:
        raise NotFound("There is none yet.")
    pk, version = mind.choice(ids)
    return {"appointment_id": pk, "version": version, "by": busy.built.desk, "now": busy.now}


def book(busy: Busy, mind: random.Random) -> None:
    from scheduling import booking

    who = mind.choice(busy.patients)
    more = {"minutes": mind.choice([30, 60, 90]), "by": busy.built.desk, "now": busy.now}
    booking.book(patient=who, clinic=busy.built.clinic, start=_start(busy, mind), **more)


def overbook(busy: Busy, mind: random.Random) -> None:
    from scheduling import booking
    from scheduling.models import Chair

    chair = mind.choice(list(Chair.objects.filter(clinic=busy.built.clinic)))
    more = {"minutes": mind.choice([30, 60]), "by": busy.manager, "now": busy.now, "overbook_reason": "soak"}
    start = _start(busy, mind)
    booking.book(patient=mind.choice(busy.patients), clinic=busy.built.clinic, start=start, chair=chair, **more)


def hold(busy: Busy, mind: random.Random) -> None:
    from django.utils import timezone

    from scheduling import booking

    until = timezone.now() + timedelta(milliseconds=mind.randint(5, 800))
    more = {"minutes": 60, "by": busy.built.desk, "now": timezone.now(), "held_until": until}
    booking.book(patient=mind.choice(busy.patients), clinic=busy.built.clinic, start=_start(busy, mind), **more)


def hold_by_form(busy: Busy, mind: random.Random) -> None:
    """Choose a time, type for a moment, then book what is held, leave it, or forget it."""
    from django.utils import timezone

    from scheduling import booking, form_holds

    wish = {"clinic": busy.built.clinic, "start": _start(busy, mind), "minutes": 60, "by": busy.built.desk}
    held = form_holds.hold(now=timezone.now(), **wish)
    what = mind.choice(["book", "leave", "forget"])
    if what == "book":
        booking.book(patient=mind.choice(busy.patients), form_hold=held.pk, now=timezone.now(), **wish)
    elif what == "leave":
        form_holds.let_go(hold_id=held.pk, by=busy.built.desk, now=timezone.now())


def keep(busy: Busy, mind: random.Random) -> None:
    from django.utils import timezone

    from scheduling import holding

    holding.keep(**{**_any_visit(busy, mind, "held"), "now": timezone.now()})


def sweep(_: Busy, __: random.Random) -> None:
    from django.utils import timezone

    from scheduling import holding

    holding.sweep(now=timezone.now())


def book_series(busy: Busy, mind: random.Random) -> None:
    from scheduling.series import PlannedVisit, book_series, propose

    wish = {"clinic": busy.built.clinic, "patient": mind.choice(busy.patients), "now": busy.now}
    gaps = {"min_gap_days": 1, "max_gap_days": 3, "minutes": 60}
    found = propose(count=3, first_from=busy.now.date() + timedelta(days=1), **wish, **gaps)
    visits = [PlannedVisit(visit.start, visit.chair_id) for visit in found.visits]
    book_series(visits=visits, by=busy.built.desk, **wish, **gaps)


def move(busy: Busy, mind: random.Random) -> None:
    from scheduling import booking

    booking.move(start=_start(busy, mind), **_any_visit(busy, mind, "booked"))


def cancel(busy: Busy, mind: random.Random) -> None:
    from scheduling import booking
    from scheduling.states import Status

    booking.cancel(how=Status.CANCELLED_BY_PATIENT, reason="soak", **_any_visit(busy, mind, "booked"))


def undo(busy: Busy, mind: random.Random) -> None:
    from scheduling import booking

    booking.undo(**_any_visit(busy, mind, "cancelled-by-patient"))


def close_or_open(busy: Busy, mind: random.Random) -> None:
    from scheduling.opening import close_day, reopen_day

    day = _start(busy, mind).date()
    more = {"clinic": busy.built.clinic, "day": day, "by": busy.manager, "now": busy.now}
    reopen_day(**more) if mind.random() < 0.7 else close_day(reason="soak", **more)


def change_rota(busy: Busy, mind: random.Random) -> None:
    from scheduling.rotas import drop_rota_exception, rota_exception

    who, day = mind.choice(busy.built.nurses), _start(busy, mind).date()
    more = {"user": who, "day": day, "by": busy.manager, "now": busy.now}
    spans = mind.choice([[], [(time(8), time(13))], [(time(10), time(18))]])
    drop_rota_exception(**more) if mind.random() < 0.5 else rota_exception(spans=spans, **more)


def take_chair_out(busy: Busy, mind: random.Random) -> None:
    from scheduling.models import Chair
    from scheduling.places import change_chair

    chair = mind.choice(list(Chair.objects.filter(clinic=busy.built.clinic)))
    change_chair(chair_id=chair.pk, in_service=mind.random() < 0.8, by=busy.manager)


# As often as they stand here.
USUAL = (
    book,
    book,
    book,
    overbook,
    hold_by_form,
    hold_by_form,
    hold,
    hold,
    keep,
    keep,
    sweep,
    book_series,
    move,
    move,
    cancel,
    undo,
)
ACTS = (*USUAL, close_or_open, change_rota, take_chair_out)


def one_slot(busy: Busy, *, rounds: int, clients: int) -> Counter[str]:
    """So many clients at one chair and time, again and again: what each of them was told."""
    from bench.place import patient, start
    from scheduling import booking
    from scheduling.models import Chair

    chair = Chair.objects.filter(clinic=busy.built.clinic).first()
    patients = [patient(busy.built.clinic, busy.built.desk, number) for number in range(clients)]
    told: Counter[str] = Counter()
    with crowd(clients) as at_once:
        for number in range(rounds):
            at = start(20 + number // 8, 8) + timedelta(minutes=75 * (number % 8))
            more = {"clinic": busy.built.clinic, "start": at, "minutes": 60, "chair": chair, "now": busy.now}
            results = at_once(
                [lambda who=who, more=more: booking.book(patient=who, by=busy.built.desk, **more) for who in patients]
            )
            names = Counter(type(result).__name__ for result in results)
            told[" ".join(f"{count} {name}" for name, count in sorted(names.items()))] += 1
    return told


def messages(*, seconds: float, seed: int) -> tuple[str, bool]:
    """The mix of all faults: what became of the messages, in a line, and whether all is well."""
    from tests.notifications.faults.mix import Mix

    print(f"messages: seed {seed}, {seconds:g} seconds", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        mix = Mix(seed, seconds, Path(folder), longest_outage=60 if seconds > 600 else 6)
        found, load = mix.run()
    for what, count in sorted((mix.did + load.told).items()):
        print(f"{count:6d}  {what}")
    for line in found.wrong:
        print(f"WRONG   {line}")
    return f"messages, seed {seed}: {found}", not found.wrong


def bookings() -> bool:
    """Everybody at one slot, then everything at once: whether all is well."""
    slots = one_slot(busy_clinic("Soak Slot"), rounds=ROUNDS, clients=AT_ONCE)
    print(f"bookings: {ROUNDS} rounds of {AT_ONCE} clients at one slot: {dict(slots)}")
    busy = mixed(busy_clinic("Soak Mixed"), clients=CLIENTS, seconds=SECONDS)
    for what, count in sorted(busy.told.items()):
        print(f"{count:6d}  {what}")
    found = findings()
    for line in [*busy.faults, *(f"{what}: {count}" for what, count in found.items())]:
        print(f"WRONG   {line}")
    return list(slots) == [f"1 Appointment {AT_ONCE - 1} Clash"] and not busy.faults and not found


def main() -> int:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    # First, on a copy of the empty database: bookings leave much behind.
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(1_000_000))
    told, sent_well = messages(seconds=float(os.environ.get("SECONDS") or SECONDS), seed=seed)
    booked_well = bookings()
    print("bookings: nothing is wrong" if booked_well else "bookings: SOMETHING IS WRONG")
    print("messages: nothing is wrong" if sent_well else "messages: SOMETHING IS WRONG")
    print(told)
    return 0 if sent_well and booked_well else 1


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    sys.exit(main())
