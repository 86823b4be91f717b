"""Runs inside the peer's own environment: loads the bookings, asks for all free slots, prints the figures as JSON."""

import json
import logging
import os
import sys
import warnings
from datetime import date, time, timedelta
from statistics import median
from time import perf_counter
from urllib.parse import unquote, urlparse

import django
from clinic import CLOSES, OPENS, Filling, bookings  # this file's folder is on the path
from django.conf import settings

TIMES = 1
APPS = "auth contenttypes sessions messages admin".split()


def set_up() -> None:
    """A project with nothing in it but the peer."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    url = urlparse(os.environ["PEER_DATABASE_URL"])
    settings.configure(
        SECRET_KEY="bench",
        USE_TZ=True,
        TIME_ZONE="UTC",
        INSTALLED_APPS=[*(f"django.contrib.{app}" for app in APPS), "phonenumber_field", "appointment"],
        MIGRATION_MODULES=dict.fromkeys([*APPS, "appointment"]),
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": url.path[1:],
                "HOST": url.hostname,
                "PORT": url.port,
                "USER": url.username,
                "PASSWORD": unquote(url.password or ""),
                "CONN_MAX_AGE": 600,
            }
        },
        ROOT_URLCONF="appointment.urls",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        STATIC_URL="/static/",
    )
    django.setup()


def load(wish: dict) -> tuple[object, list]:
    """One member of staff for each chair, working Monday to Saturday; their bookings, written in bulk."""
    from appointment.models import Appointment, AppointmentRequest, Config, Service, StaffMember, WorkingHours
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", run_syncdb=True, verbosity=0)
    opens, closes = time(OPENS // 60), time(CLOSES // 60)
    Config.objects.create(slot_duration=15, lead_time=opens, finish_time=closes, appointment_buffer_time=0)
    service = Service.objects.create(name="Visit", duration=timedelta(minutes=60), price=0)
    staff = []
    for number in range(wish["chairs"]):
        user = User.objects.create(username=f"chair{number}", email=f"chair{number}@example.test")
        member = StaffMember.objects.create(user=user, slot_duration=15)
        member.services_offered.add(service)
        for weekday in range(1, 7):
            WorkingHours.objects.create(staff_member=member, day_of_week=weekday, start_time=opens, end_time=closes)
        staff.append(member)
    people = User.objects.bulk_create([User(username=f"p{n}", email=f"p{n}@example.test") for n in range(200)])
    every = bookings(
        chairs=wish["chairs"], first=date.fromisoformat(wish["first"]), days=wish["days"], filling=Filling()
    )
    requests = [
        AppointmentRequest(
            date=day,
            start_time=time(begin // 60, begin % 60),
            end_time=time(end // 60, end % 60),
            service=service,
            staff_member=staff[chair],
            id_request=f"r{number}",
        )
        for number, (chair, day, begin, end) in enumerate(every)
    ]
    AppointmentRequest.objects.bulk_create(requests, 2000)
    visits = [
        Appointment(client=people[n % 200], appointment_request=request, amount_to_pay=0, id_request=f"a{n}")
        for n, request in enumerate(requests)
    ]
    Appointment.objects.bulk_create(visits, 2000)
    connection.cursor().execute("ANALYZE")
    return service, staff


def main() -> None:
    wish = json.loads(sys.argv[1])
    set_up()
    service, staff = load(wish)
    from appointment.services import get_available_slots_for_staff
    from django.db import connection

    first = date.fromisoformat(wish["first"])
    queries = 0

    def count(execute, *args):
        nonlocal queries
        queries += 1
        return execute(*args)

    def search() -> int:
        found = 0
        for day in (first + timedelta(days=n) for n in range(wish["searched"])):
            for member in staff:
                # Its weekdays count from Sunday.
                weekday = (day.weekday() + 1) % 7
                found += len(get_available_slots_for_staff(day, member, weekday, service=service))
        return found

    with connection.execute_wrapper(count):
        results = search()
    taken = []
    for _ in range(TIMES):
        begin = perf_counter()
        search()
        taken.append((perf_counter() - begin) * 1000)
    print(json.dumps({"milliseconds": median(taken), "queries": queries, "results": results}))


if __name__ == "__main__":
    main()
