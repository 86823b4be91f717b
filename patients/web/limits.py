"""How often one address may send the public form: a counter in Valkey. Without Valkey the form stays open."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

SECONDS = {"s": 1, "sec": 1, "min": 60, "m": 60, "h": 3600, "hour": 3600, "d": 86400, "day": 86400}


def over_limit(request: HttpRequest, *, scope: str) -> int:
    """Count this request. Returns the seconds to wait when there were too many, 0 otherwise.

    The limit of a scope stands in the settings, as `10/min`.
    """
    rates: Any = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    most, _, per = str(rates[scope]).partition("/")
    key = f"{scope}:{hashlib.sha256(_sender(request).encode()).hexdigest()[:32]}"
    cache.add(key, 0, SECONDS[per])
    return SECONDS[per] if _count(key) > int(most) else 0


def _sender(request: HttpRequest) -> str:
    """The address that the server sees; a header that anybody can write is not asked."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _count(key: str) -> int:
    try:
        return int(cache.incr(key) or 0)
    except (ValueError, TypeError):
        return 0
