"""Every route of the desk, found by walking the URL configuration."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

NOBODY = UUID("00000000-0000-4000-8000-000000000000")
SAMPLES = {
    "day": "2026-11-23",
    "kind": "vitals",
    "step": "pause",
    "number": "1",
    "status": "409",
    "on": "on",
    "measure": "nrs",
    "purpose": "reminder",
    "channel": "sms",
    "language": "en",
}
# Third-party pages bring their own guards; what they do is tested by their authors.
FOREIGN = ("accounts/", "static/")


@dataclass(frozen=True)
class Route:
    """One address and one method. `path` has an id that belongs to nothing in place of each parameter."""

    method: str
    pattern: str
    path: str
    view: Any

    @property
    def key(self) -> str:
        return f"{self.method} /{self.pattern}"


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        text = before + _plain(entry)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, text)
        else:
            yield text, entry


def _plain(entry: URLPattern | URLResolver) -> str:
    """A pattern as `patients/<pk>/`, whichever way it was written."""
    text = str(entry.pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z").replace(r"\.", ".")
    text = re.sub(r"\(\?P<(\w+)>(?:[^()]|\((?:[^()])*\))*\)", r"<\1>", text)
    return re.sub(r"<\w+:(\w+)>", r"<\1>", text)


def _methods(callback: Any) -> list[str]:
    if hasattr(callback, "actions"):
        return [method.upper() for method in callback.actions if method != "head"]
    return ["GET", "POST"]


def routes() -> list[Route]:
    """All routes but the third-party ones, in a steady order."""
    found = []
    for pattern, entry in _patterns(get_resolver()):
        if pattern.startswith(FOREIGN):
            continue
        path = "/" + re.sub(r"<(\w+)>", lambda name: SAMPLES.get(name[1], str(NOBODY)), pattern)
        found += [Route(method, pattern, path, entry.callback) for method in _methods(entry.callback)]
    return sorted(found, key=lambda route: (route.pattern, route.method))
