"""Paging by key: a page costs the same however far down it is.

The address of a page carries the id of the row that it begins behind, never what the list is sorted by: that may be a
name, and addresses are kept in logs and histories.
"""

import re
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from config.http.asked import LARGEST_PAGE, page_size
from config.http.keyset import Order, beyond, reversed_order

CURSOR = re.compile(r"(?P<side>[ab])(?P<id>[0-9a-f]{32})")


class NewestFirst(CursorPagination):
    """Pages by key; a view names its own `ordering`, whose last column is unique. `cursor` is `a` or `b` and an id."""

    page_size = 50
    max_page_size = LARGEST_PAGE
    page_size_query_param = "page_size"
    ordering = "-id"

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> Order:
        wanted = getattr(view, "ordering", None)
        return tuple(wanted) if wanted else super().get_ordering(request, queryset, view)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """The page that `cursor` asks for. Raises NotFound for one that leads nowhere."""
        self._address = request.build_absolute_uri()
        size = page_size(request.query_params.get(self.page_size_query_param)) or self.page_size
        order = self.get_ordering(request, queryset, view)
        cursor = request.query_params.get(self.cursor_query_param)
        back = (cursor or "").startswith("b")
        towards = reversed_order(order) if back else order
        rows = queryset.order_by(*towards)
        if cursor is not None:
            rows = rows.filter(beyond(self._mark(cursor, towards, view.get_queryset()), towards))
        some = list(rows[: size + 1])
        more, page = len(some) > size, some[:size]
        self.page = page[::-1] if back else page
        self.has_next, self.has_previous = (True, more) if back else (more, cursor is not None)
        return self.page

    def _mark(self, cursor: str, order: Order, seen: QuerySet[Any]) -> tuple[Any, ...]:
        """The values of the row that the cursor names, looked for among all that the person may see."""
        named = CURSOR.fullmatch(cursor)
        columns = [name.removeprefix("-") for name in order]
        found = named and seen.filter(pk=UUID(named["id"])).order_by().values_list(*columns).first()
        if not found:
            raise NotFound(self.invalid_cursor_message)
        values: tuple[Any, ...] = found
        return values

    def get_next_link(self) -> str | None:
        return self._link("a", self.page[-1]) if self.has_next and self.page else None

    def get_previous_link(self) -> str | None:
        return self._link("b", self.page[0]) if self.has_previous and self.page else None

    def _link(self, side: str, row: Any) -> str:
        link: str = replace_query_param(self._address, self.cursor_query_param, f"{side}{row.pk.hex}")
        return link
