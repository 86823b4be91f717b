"""The day board: how many queries, whatever the number of visits, and its time against a page with nothing on it."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.place import NOW, build, patient
from bench.table import Row, milliseconds
from config.staff.models import Clinic, User
from scheduling import booking, reading

VISITS = 120


def rows() -> list[Row]:
    """Queries with one visit and with many; the page's time against a page with nothing on it."""
    clinic, desk = build(name="Bench Board", chairs=40)
    client = Client(SERVER_NAME="localhost")
    client.force_login(desk)
    _book(clinic, desk, range(1))
    few = _queries(clinic)
    _book(clinic, desk, range(1, VISITS))
    page = milliseconds(lambda _: _opened(client, f"/board/{NOW.date()}/"), 20)
    feed = milliseconds(lambda _: _opened(client, f"/board/{NOW.date()}/feed/"), 20)
    empty = milliseconds(lambda _: _opened(client, "/accounts/password/change/"), 20)
    return [
        Row("day board, 40 chairs: queries", _queries(clinic), None, f"{few} with one visit", 8),
        Row(f"day board page, {VISITS} visits", page, empty, "an empty page", 6),
        Row(f"day board feed, {VISITS} visits", feed, empty, "an empty page", 6),
    ]


def _opened(client: Client, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}: nothing to measure")


def _book(clinic: Clinic, desk: User, numbers: range) -> None:
    for number in numbers:
        at = NOW.replace(hour=8 + 3 * (number % 3))
        who = patient(clinic, desk, number)
        booking.book(patient=who, clinic=clinic, start=at, minutes=120, by=desk, now=NOW)


def _queries(clinic: Clinic) -> int:
    with CaptureQueriesContext(connection) as queries:
        reading.day(clinic=clinic, day=NOW.date(), now=NOW)
    return len(queries)
