"""Which database this is. A copy that was restored elsewhere, or beside it, is another one."""

from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection

IDENTITY = """
SELECT system_identifier || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())
FROM pg_control_system()
"""
_known: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


def place() -> str:
    """The server, the database in it, and the installation's own name (`INSTALLATION_ID`), at most 100 characters.

    A dump that is restored is another database. A copy of the server's files is not: only the name tells it apart.
    """
    connection.ensure_connection()
    raw = connection.connection
    # A connection keeps to one database for as long as it lives, so this is asked once for each.
    if raw not in _known:
        with raw.cursor() as cursor:
            _known[raw] = cursor.execute(IDENTITY).fetchone()[0]
    return f"{_known[raw]}/{settings.INSTALLATION_ID}"[:100]
