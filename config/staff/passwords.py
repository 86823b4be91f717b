"""A person's own password, asked for again at the moment of signing, and no guessing at it.

Wrong ones are counted in the database, by its clock and beside the request's transaction: the count outlives a lost
cache and the roll-back of the request that failed, and guesses made at once queue at one lock.
"""

from datetime import timedelta
from math import ceil

from django.db import connections
from django.db.models import DurationField, ExpressionWrapper, F, Value
from django.db.models.functions import Now

from config.audit.acting import recorded_apart
from config.refusals import SlowDown
from config.staff.models import PasswordCheck, User

WRONG_ALLOWED = 5
WITHIN = timedelta(minutes=5)


def confirmed(*, person: User, password: str, by: User, field: str = "password") -> bool:
    """Whether this is `person`'s own password, typed in a session of `by`'s. Every wrong one is kept, with both names.

    Raises SlowDown (at `field`), without looking at the password, after WRONG_ALLOWED wrong ones WITHIN that time. A
    right one begins the count anew.
    """
    if not password:
        return False
    with recorded_apart(by=by) as database:
        _one_at_a_time(person, database)
        ages = _wrong_lately(person, database)
        if len(ages) >= WRONG_ALLOWED:
            raise _slow_down(WITHIN - max(ages), field)
        right = person.check_password(password)
        if ages or not right:
            PasswordCheck(person=person.pk, right=right).save(using=database, force_insert=True)
    return right


def _one_at_a_time(person: User, database: str) -> None:
    with connections[database].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"password of {person.pk}"])


def _wrong_lately(person: User, database: str) -> list[timedelta]:
    """The ages of the wrong ones that still count, by the database's clock."""
    age = ExpressionWrapper(Now() - F("recorded_at"), output_field=DurationField())
    checks = PasswordCheck.objects.using(database).filter(person=person.pk).alias(age=age).filter(age__lt=Value(WITHIN))
    found = []
    for right, old in checks.order_by("-recorded_at").values_list("right", age):
        if right:
            break
        found.append(old)
    return found


def _slow_down(wait: timedelta, field: str) -> SlowDown:
    seconds = max(ceil(wait.total_seconds()), 1)
    words = f"{ceil(seconds / 60)} minutes" if seconds > 60 else f"{seconds} seconds"
    return SlowDown(
        f"Too many wrong passwords. Nothing was signed. Wait {words}, then type it again.",
        field=field,
        retry_after=seconds,
    )
