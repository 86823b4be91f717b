"""The year in which somebody reads: dates of another one are said with theirs.

Set for each request beside the clinic's zone. Where nobody reads, in tasks and tests, no year is named.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_year: ContextVar[int | None] = ContextVar("read_in", default=None)


@contextmanager
def read_in(year: int) -> Iterator[None]:
    """Until the end of the block somebody reads in this year."""
    token = _year.set(year)
    try:
        yield
    finally:
        _year.reset(token)


def is_another_year(year: int) -> bool:
    """Whether whoever reads now is in another year than this."""
    return _year.get() not in (None, year)
