"""`Idempotency-Key`: same key and body, same answer; another body is refused with 422.

The key's row is written in the transaction of the act itself: a second request with the same key waits for the first
to end, then reads its answer. A refused request leaves no row, so it may be tried again.
"""

import hashlib
from typing import cast

from rest_framework.request import Request
from rest_framework.response import Response

from config.http.models import IdempotentAnswer
from config.refusals import Unanswered
from config.staff.models import User


class Replay(Exception):
    """This request was answered before; `response` says how."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def _hash(request: Request) -> str:
    act = f"{request.method} {request.path}\n".encode() + request._request.body
    return hashlib.sha256(act).hexdigest()


def claim(request: Request, key: str) -> IdempotentAnswer:
    """Take the key for this request. Raises Replay when it was answered, Unanswered when it came with another body."""
    user = cast("User", request.user)
    wanted = IdempotentAnswer(user=user, key=key[:200], request_hash=_hash(request))
    IdempotentAnswer.objects.bulk_create([wanted], ignore_conflicts=True)
    row = IdempotentAnswer.objects.select_for_update().get(user=user, key=wanted.key)
    if row.request_hash != wanted.request_hash:
        raise Unanswered("This Idempotency-Key was used for another request.")
    if row.status is not None:
        raise Replay(Response(row.body, status=row.status, headers={"Idempotent-Replay": "true"}))
    return row


def keep(row: IdempotentAnswer, response: Response) -> None:
    """Store the answer beside its key."""
    row.status = response.status_code
    row.body = response.data
    row.save(update_fields=["status", "body"])
