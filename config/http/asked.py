"""What an address asks behind its question mark: a name that nothing reads would quietly answer another question."""

from collections.abc import Collection, Iterable
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

LARGEST_PAGE = 200


def refuse_unread(request: Request, names: Collection[str]) -> None:
    """Raises ValidationError naming each parameter that is none of `names`, or is given twice."""
    wrong = {name: ["There is no such parameter here."] for name in request.query_params if name not in names}
    wrong |= {name: ["Give it once."] for name, given in request.query_params.lists() if len(given) > 1}
    if wrong:
        raise ValidationError(wrong)


def read_by(view: Any) -> Iterable[str]:
    """The parameters that this view's list reads: where to go on, how many rows, and its filters."""
    if view.paginator is not None:
        yield from (view.paginator.cursor_query_param, view.paginator.page_size_query_param)
    if view.filter_backends and hasattr(view, "filterset_class"):
        yield from view.filterset_class.base_filters


def page_size(text: str | None) -> int | None:
    """The rows that somebody wants on a page; None when nothing was said. Raises ValidationError."""
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal()) or not 0 < int(text) <= LARGEST_PAGE:
        raise ValidationError({"page_size": [f"A page has 1 to {LARGEST_PAGE} rows."]})
    return int(text)
