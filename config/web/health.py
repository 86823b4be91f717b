"""Whether the process lives, and whether the whole desk can work."""

from collections.abc import Callable

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse

from config.http.pages import public
from config.web.tasks import HEARTBEAT


@public
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """The process answers."""
    return JsonResponse({"status": "alive"})


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return "The database does not answer."
    return ""


def _broker() -> str:
    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1).ping()
    except redis.RedisError:
        return "The broker does not answer."
    return ""


def _worker() -> str:
    return "" if cache.get(HEARTBEAT) else "No worker has shown a heartbeat lately; messages wait."


CHECKS: dict[str, Callable[[], str]] = {"database": _database, "broker": _broker, "worker": _worker}


@public
def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Database, broker and a worker's heartbeat; 503 with the reasons otherwise."""
    reasons = {name: reason for name, check in CHECKS.items() if (reason := check())}
    return JsonResponse(
        {"status": "not ready" if reasons else "ready", "reasons": reasons}, status=503 if reasons else 200
    )
