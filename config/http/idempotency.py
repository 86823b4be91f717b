"""`Idempotency-Key`: same key and body, same answer; another body is refused with 422.

The key's row is written in the transaction of the act itself: a second request with the same key waits for the first
to end, then reads its answer. A refused request leaves no row, so it may be tried again. An answer is kept for a day.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.response import Response

from config.http.models import IdempotentAnswer
from config.refusals import Invalid, Unanswered
from config.staff.models import User

LONGEST = 200
KEPT = timedelta(days=1)


class Replay(Exception):
    """This request was answered before; `response` says how."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def _fingerprint(request: Request) -> str:
    """Of what was asked, keyed, so that a copy of the table alone tells nothing about a body. Passwords are no part."""
    act = [request.method, request.get_full_path(), _without_passwords(request.data)]
    return salted_hmac(__name__, json.dumps(act, sort_keys=True, default=str), algorithm="sha256").hexdigest()


def _without_passwords(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_passwords(inner) for name, inner in value.items() if not name.endswith("password")}
    return [_without_passwords(inner) for inner in value] if isinstance(value, list) else value


def claim(request: Request, key: str) -> IdempotentAnswer:
    """Take the key for this request. Raises Replay when it was answered, Unanswered when it came with another body."""
    if not 0 < len(key.strip()) <= LONGEST:
        raise Invalid(f"An Idempotency-Key has 1 to {LONGEST} characters.", field="Idempotency-Key")
    user = cast("User", request.user)
    wanted = IdempotentAnswer(user=user, key=key, request_hash=_fingerprint(request))
    _old(timezone.now()).filter(user=user, key=key).delete()
    IdempotentAnswer.objects.bulk_create([wanted], ignore_conflicts=True)
    row = IdempotentAnswer.objects.select_for_update().get(user=user, key=wanted.key)
    if row.request_hash != wanted.request_hash:
        raise Unanswered("This Idempotency-Key was used for another request.")
    if row.status is not None:
        raise Replay(Response(row.body, status=row.status, headers=_headers(row)))
    return row


def _headers(row: IdempotentAnswer) -> dict[str, str]:
    return {"Idempotent-Replay": "true"} | ({"ETag": row.etag} if row.etag else {})


def keep(row: IdempotentAnswer, response: Response) -> None:
    """Store the answer beside its key."""
    row.status = response.status_code
    row.body = response.data
    row.etag = response.headers.get("ETag", "")
    row.save(update_fields=["status", "body", "etag"])


def forget(*, now: datetime) -> int:
    """Forget the answers that are past their day; says how many."""
    return _old(now).delete()[0]


def _old(now: datetime) -> QuerySet[IdempotentAnswer]:
    return IdempotentAnswer.objects.filter(at__lt=now - KEPT)
