"""The whole demo clinic, in one transaction: all of it or nothing. Its reminders are sent once it stands."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import NoReturn

from django.db import connection, transaction

from config.demo.seed import conflicts, consents, day, front_desk, messages, outcomes, substances
from config.demo.seed.courses import Course, admit, booked_course, weekly_places
from config.demo.seed.people import Invented, people
from config.demo.seed.place import DEMO_CLINIC, House, furnish
from config.refusals import Clash
from config.staff.models import Clinic, User
from patients.models import Patient
from scheduling.models import Chair

SEED = 20261123
MIGRATIONS = "django_migrations"
# An extension's tables are nobody's data.
TABLES = """
    SELECT CASE WHEN n.nspname = current_schema() THEN c.relname ELSE n.nspname || '.' || c.relname END
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (
          SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
      )
"""
TODAY_COURSES = 34
OTHER_COURSES = 22
PAST_COURSES = 14
ONLY_REGISTERED = 104
# How many visits of a course under way are behind it: many have just begun, some are nearly through.
WEEKS_DONE = (0, 0, 1, 1, 1, 2, 4)
# Days from today on which the other courses stand each week. Those between are for the series to plan.
OTHER_DAYS = (1, 2, 6)

Say = Callable[[str], None]


def is_there() -> bool:
    """Whether this database holds the demo clinic."""
    return Clinic.objects.filter(pk=DEMO_CLINIC).exists()


def refuse_foreign_data() -> None:
    """Raise Clash when the database holds anything that the demo did not put there. Needs no table of ours."""
    there = _tables()
    ours = {*connection.introspection.django_table_names(), MIGRATIONS}
    furnished = {Clinic._meta.db_table, User._meta.db_table} <= there
    if furnished and _other_rows():
        _refuse()
    if there - ours and not (furnished and is_there()):
        _refuse()


def _tables() -> set[str]:
    """Of every schema but PostgreSQL's own; what is not in ours carries its schema's name."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return {name for [name] in cursor.fetchall()}


def _other_rows() -> bool:
    return Clinic.objects.exclude(pk=DEMO_CLINIC).exists() or User.objects.exclude(clinic=DEMO_CLINIC).exists()


def _refuse() -> NoReturn:
    raise Clash(
        "This database holds other data. The demo fills an empty one: name another in DATABASE_URL, "
        "or forget the demo's own with make reset."
    )


def notice(*, now: datetime) -> str:
    """What to know before trying anything: the day under way that the demo shows may be over."""
    clinic = Clinic.objects.filter(pk=DEMO_CLINIC).first()
    if clinic is None:
        return ""
    made = clinic.today(clinic.history.earliest().history_date)
    if made == clinic.today(now):
        return ""
    return (
        f"This clinic's day was {made:%a} {made.day} {made:%b}; today's board is thin. For a day under way: make reset"
    )


def fill(*, now: datetime, say: Say) -> None:
    """Write the demo clinic as of `now`. The same on every machine for the same instant."""
    refuse_foreign_data()
    with transaction.atomic():
        _stand_up(now, say)
    say("reminders")
    messages.send_what_was_due(now)


def _stand_up(now: datetime, say: Say) -> None:
    rng = Random(SEED)  # noqa: S311  (invented people, not secrets)
    house = furnish(now)
    asked = outcomes.switch_on(house, now)
    crowd = people(rng, house.clinic.today(now))
    say("courses of treatment")
    courses = [*_current(house, crowd, rng, now), *_past(house, crowd, rng, now)]
    consents.agree(house, courses, now)
    front_desk.known_allergies(house, courses)
    say("visits, as they were charted")
    day.bring_up_to_now(house, courses, rng, now)
    substances.keep_a_log(house, now)
    messages.tell_what_the_desk_does(house, now)
    say("what patients answered")
    outcomes.answers(house, asked, courses, now)
    say("the front desk's work")
    _front_desk(house, crowd, now)


def _current(house: House, crowd: Iterator[Invented], rng: Random, now: datetime) -> list[Course]:
    """Courses that are under way: most have a visit today, the others on another day of the week."""
    today = house.clinic.today(now)
    places = weekly_places(list(Chair.objects.filter(clinic=house.clinic)), rng)
    wanted = [places[0].pop(0) for _ in range(TODAY_COURSES)]
    wanted += [places[OTHER_DAYS[number % len(OTHER_DAYS)]].pop(0) for number in range(OTHER_COURSES)]
    found = []
    for place in wanted:
        weeks_done = rng.choice(WEEKS_DONE)
        first_day = today + timedelta(days=place.day) - timedelta(weeks=weeks_done)
        found.append(booked_course(house, next(crowd), place, first_day=first_day))
    return found


def _past(house: House, crowd: Iterator[Invented], rng: Random, now: datetime) -> list[Course]:
    """Courses that ended, spread over the year before."""
    today = house.clinic.today(now)
    places = weekly_places(list(Chair.objects.filter(clinic=house.clinic)), rng)
    found = []
    for number in range(PAST_COURSES):
        place = places[1 + number % 6].pop()
        first_day = today + timedelta(days=place.day) - timedelta(weeks=12 + 3 * number)
        found.append(booked_course(house, next(crowd), place, first_day=first_day))
    return found


def _front_desk(house: House, crowd: Iterator[Invented], now: datetime) -> None:
    front_desk.requests(house, [next(crowd) for _ in front_desk.WISHES], now)
    front_desk.to_decide(house, next(crowd), now)
    conflicts.to_plan(house, next(crowd), now)
    registered = [admit(house, next(crowd), at=now - timedelta(days=30 + n)) for n in range(ONLY_REGISTERED)]
    conflicts.stand_in_the_way(house, registered, now)


def addresses() -> list[dict[str, str]]:
    """Three things to try, each with its path."""
    from django.urls import reverse  # noqa: PLC0415  (the URLs are read only when somebody asks)

    from infusions.models import Order, Visit  # noqa: PLC0415
    from scheduling.states import Status  # noqa: PLC0415

    found = [{"label": "As frontdesk: check somebody in on the board, and undo it", "path": reverse("board")}]
    order = Order.objects.filter(signed_at__isnull=False, fulfilments__isnull=True).first()
    if order:
        path = reverse("series-plan", args=[order.pk])
        found.append({"label": "As frontdesk: book a series of six with one press", "path": path})
    visit = Visit.objects.filter(appointment__status=Status.IN_PROGRESS).order_by("opened_at").first()
    if visit:
        path = reverse("visit", args=[visit.pk])
        found.append({"label": "As nurse: chart vital signs of a running infusion", "path": path})
    return found


def count() -> int:
    """How many people the demo invented."""
    return Patient.objects.count()
