"""Pages by key. The address carries an opaque id, never the name that the list is sorted by."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from config.http.keyset import beyond, reversed_order

SIZE = 50


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and where its neighbours are (addresses, or empty)."""

    rows: list[Any]
    newer: str
    older: str


def page_of(
    request: HttpRequest, rows: QuerySet[Any], *, by: tuple[str, ...], falling: bool = False, size: int = SIZE
) -> Page:
    """The page that `?after=<id>` or `?before=<id>` asks for, in the order `by`, whose last column is unique.

    An id that is gone or malformed starts at the beginning.
    """
    back = "before" in request.GET
    mark = _mark(rows.model, request.GET.get("before" if back else "after", ""))
    order = reversed_order(by) if back != falling else by
    found = rows.order_by(*order)
    if mark is not None:
        found = found.filter(beyond([getattr(mark, name) for name in by], order))
    some = list(found[: size + 1])
    more, some = len(some) > size, some[:size]
    if back:
        some.reverse()
    first = mark is None or (back and not more)
    last = not more and not (back and mark is not None)
    return Page(some, _at(request, "before", some[:1], none=first), _at(request, "after", some[-1:], none=last))


def _mark(model: type[Model], text: str) -> Any:
    try:
        return model._default_manager.filter(pk=text).first() if text else None
    except (ValueError, ValidationError):
        return None


def _at(request: HttpRequest, side: str, rows: list[Any], *, none: bool) -> str:
    if none or not rows:
        return ""
    kept = request.GET.copy()
    for name in ("after", "before"):
        kept.pop(name, None)
    kept[side] = str(rows[0].pk)
    return f"{request.path}?{kept.urlencode()}"
