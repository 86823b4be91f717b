"""Logs are for operators: one JSON line an event, ids and no words about people. What is not listed is not written."""

import logging
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

from config.http.masking import masked

KEPT = frozenset(
    "event level timestamp logger code status request_id user_id request ip task task_id queue count seconds "
    "message_id reason_code attempt duration_ms exception_type".split()
)


def only_listed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not listed; of a request keep method and path, never what was searched for or opens."""
    error = event.get("exc_info")
    kept = {name: value for name, value in event.items() if name in KEPT}
    if "request" in kept:
        kept["request"] = masked(str(kept["request"]).split("?", 1)[0])
    if isinstance(error, BaseException):
        kept["exception_type"] = type(error).__name__
    return kept


PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    only_listed,
]


def configure() -> None:
    """Send structlog's events through the standard logging, so that one level and one handler rule both."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *PROCESSORS, structlog.processors.JSONRenderer()],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class OneLine(logging.Formatter):
    """The standard library's records: their words; of an error its kind and place, never its values."""

    def format(self, record: logging.LogRecord) -> str:
        message = str(record.msg) if record.exc_info else record.getMessage()
        line = f"{record.levelname} {record.name} {message} {_where(record)}".rstrip()
        # Line breaks, escape codes and marks that turn the reading direction come from outside: an address holds any.
        return masked("".join(letter if letter.isprintable() else " " for letter in line))


def _where(record: logging.LogRecord) -> str:
    if not record.exc_info or record.exc_info[0] is None:
        return ""
    frames = traceback.extract_tb(record.exc_info[2])
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{record.exc_info[0].__name__} at {places}"
