"""The database's clock. Due times and leases are compared with it alone, so that hosts whose clocks differ agree."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The instant by the database's clock, aware, in UTC. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
    return found
