"""Where a page begins: behind a row that is known by its values, in an order whose last column is unique."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

Order = tuple[str, ...]


def reversed_order(order: Order) -> Order:
    """The same columns the other way round: `("-start", "id")` for `("start", "-id")`."""
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


def beyond(values: Sequence[Any], order: Order) -> Q:
    """The rows behind the one that has these values in the order's columns.

    The first column is bounded once more by itself, so that an index on it is entered where the page begins.
    """
    found, same = Q(), Q()
    for name, value in zip(order, values, strict=True):
        column, side = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        found |= same & Q(**{f"{column}__{side}": value})
        same &= Q(**{column: value})
    column, side = (order[0][1:], "lte") if order[0].startswith("-") else (order[0], "gte")
    return Q(**{f"{column}__{side}": values[0]}) & found
