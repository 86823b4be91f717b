"""Which sender has which message in hand: a lease by the database's clock that ends by itself.

A claim is no state of a message (ADR 21): nothing was done to it yet, and a sender that dies leaves nothing to repair.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet

from notifications.models import Lease

BATCH = 500
LEASE = timedelta(minutes=5)
# What waits, whose time has come and what no sender has in hand, in the clinics whose messages go out. Written out, as
# it is asked every few seconds and the answer is nearly always none.
DUE = """
FROM notifications_message message
WHERE message.state IN ('planned', 'deferred', 'failed-temporary') AND message.due_at <= %(now)s
  AND NOT EXISTS (SELECT FROM notifications_lease lease WHERE lease.message_id = message.id AND lease.until > %(now)s)
  AND NOT EXISTS (SELECT FROM notifications_sendingswitch switch
                  WHERE switch.clinic_id = message.clinic_id AND NOT switch."on")
"""
COUNT = f"SELECT message.channel, count(*) {DUE} GROUP BY message.channel"
CHOOSE = f"""
SELECT message.id {DUE} AND message.channel = %(channel)s
ORDER BY message.due_at, message.id LIMIT %(limit)s FOR UPDATE OF message SKIP LOCKED
"""
# Of two senders that choose the same messages, the second finds the first one's leases here and goes without.
TAKE = """
INSERT INTO notifications_lease (message_id, until) SELECT unnest(%s::uuid[]), %s
ON CONFLICT (message_id) DO UPDATE SET until = excluded.until WHERE notifications_lease.until <= %s
RETURNING message_id
"""


class Claim(NamedTuple):
    """A message that a sender has in hand until the instant."""

    pk: UUID
    until: datetime


def count_due(now: datetime) -> dict[str, int]:
    """For each channel with something due, how much that is. One query."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"now": now})
        return dict(cursor.fetchall())


def live(now: datetime | object) -> QuerySet[Lease]:
    """The lease of a message in another query, as long as it holds."""
    return Lease.objects.filter(message=OuterRef("pk"), until__gt=now)


def claim(*, channel: str, now: datetime, limit: int = BATCH) -> list[Claim]:
    """Take due messages for this sender until the lease ends, the longest due first; other senders pass them over."""
    until = now + LEASE
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CHOOSE, {"now": now, "channel": channel, "limit": limit})
        chosen = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(TAKE, [chosen, until, now])
        taken = {pk for (pk,) in cursor.fetchall()}
    return [Claim(pk, until) for pk in chosen if pk in taken]


def held(claims: Sequence[Claim], now: datetime) -> set[UUID]:
    """Those of one sender's claims that are still its own."""
    if not claims or claims[0].until <= now:
        return set()
    mine = Lease.objects.filter(message__in=[one.pk for one in claims], until=claims[0].until)
    return set(mine.values_list("message", flat=True))


def release(claims: Collection[Claim]) -> int:
    """Give claims up, unless somebody else has taken them over. Returns how many."""
    given_up = 0
    for until in {one.until for one in claims}:
        mine = Lease.objects.filter(message__in=[one.pk for one in claims if one.until == until], until=until)
        given_up += mine.delete()[0]
    return given_up


def forget_ended(now: datetime) -> int:
    """Clear up after senders that died. Returns how many leases."""
    return Lease.objects.filter(until__lte=now).delete()[0]
