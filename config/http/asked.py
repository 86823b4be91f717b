"""What an address asks behind its question mark: a name that nothing reads would quietly answer another question."""

from collections.abc import Iterable, Mapping
from typing import Any

from django_filters import BooleanFilter, Filter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

LARGEST_PAGE = 200


def refuse_unread(request: Request, view: Any, more: Iterable[str]) -> None:
    """Raises ValidationError naming each parameter that neither the view's list nor an act (`more`) reads, that is
    given twice, or that is neither yes nor no where that is asked."""
    filters, asked = _filters(view), request.query_params
    names = {*_of_pages(view), *filters, *more}
    wrong = {name: ["There is no such parameter here."] for name in asked if name not in names}
    wrong |= {name: ["Give it once."] for name, given in asked.lists() if len(given) > 1}
    wrong |= {
        name: ["Say true or false."]
        for name, filter_ in filters.items()
        if isinstance(filter_, BooleanFilter) and asked.get(name, "").lower() not in {"", "true", "false"}
    }
    if wrong:
        raise ValidationError(wrong)


def _of_pages(view: Any) -> Iterable[str]:
    """Where to go on, and how many rows."""
    return (view.paginator.cursor_query_param, view.paginator.page_size_query_param) if view.paginator else ()


def _filters(view: Any) -> Mapping[str, Filter]:
    found: Mapping[str, Filter] = view.filterset_class.base_filters if _is_filtered(view) else {}
    return found


def _is_filtered(view: Any) -> bool:
    return bool(view.filter_backends) and hasattr(view, "filterset_class")


def page_size(text: str | None) -> int | None:
    """The rows that somebody wants on a page; None when nothing was said. Raises ValidationError."""
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) <= LARGEST_PAGE:
        raise ValidationError({"page_size": [f"A page has 1 to {LARGEST_PAGE} rows."]})
    return int(text)
