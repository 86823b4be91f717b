"""Tags of the staff pages: `{% load desk %}`. How to use them: docs/front-end.md."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from config.web.templatetags.looks import BOARD, Look, look_of
from config.web.templatetags.plot import Point, names_of, plot
from config.web.templatetags.timed_plot import Moment, timed_plot

register = template.Library()
ICONS = Path(__file__).parents[1] / "assets" / "icons.txt"


@cache
def icon_names() -> frozenset[str]:
    """The icons that the sprite holds."""
    lines = (line.split("#")[0].strip() for line in ICONS.read_text().splitlines())
    return frozenset(line for line in lines if line)


@register.simple_tag
def icon(name: str, label: str = "", extra: str = "") -> SafeString:
    """An icon of the sprite. Without `label` it is decoration and screen readers pass over it."""
    if name not in icon_names():
        raise ValueError(f"Icon {name!r} is not listed in config/web/assets/icons.txt.")
    named = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon {}" {} focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        named,
        static("dist/icons.svg"),
        name,
    )


@register.filter
def look(state: object) -> Look:
    """The icon, shape and word of a state: `{% with arrived|look as l %}{{ l.word }}`."""
    return look_of(state)


@register.simple_tag
def board_looks() -> list[Look]:
    """The states that the day board shows, for its legend."""
    return BOARD


@register.filter
def upto(count: int) -> range:
    """Counts from 1: `{% for n in total|upto %}`."""
    return range(1, int(count) + 1)


@register.filter
def age(born: date | None, on: date | None = None) -> int | None:
    """Full years since `born`, today in the clinic's zone or on the day given (a death)."""
    if born is None:
        return None
    day = on or timezone.localdate()
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@register.filter
def initials(name: str) -> str:
    """At most two capitals: `Ada Okafor` gives `AO`."""
    words = [word for word in str(name).split() if word[:1].isalpha()]
    return "".join(word[0].upper() for word in ([words[0], words[-1]] if len(words) > 1 else words))


@register.filter
def zone(name: str) -> str:
    """A time zone as people say it: `America/New_York` gives `New York time`."""
    return _("%(place)s time") % {"place": str(name).rsplit("/", 1)[-1].replace("_", " ")}


_CLASSES = [
    ((CheckboxSelectMultiple, RadioSelect, CheckboxInput), "form-check-input"),
    ((Select,), "form-select"),
]


@register.filter
def widget(field: BoundField, extra: str = "") -> SafeString:
    """The field's input with the classes of the staff pages (and `extra`)."""
    kinds = (css for kinds, css in _CLASSES if isinstance(field.field.widget, kinds))
    own = field.field.widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": " ".join(filter(None, [next(kinds, "form-control"), own, extra]))})


@register.filter
def is_choices(field: BoundField) -> bool:
    """True for radio buttons and lists of boxes, which need a fieldset."""
    return bool(field.use_fieldset) and isinstance(field.field.widget, (RadioSelect, CheckboxSelectMultiple))


@register.filter
def is_box(field: BoundField) -> bool:
    """True for a single check box, whose label follows it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def typed(field: BoundField) -> str:
    """What was typed into a field, or nothing: for inputs that must carry no `value` attribute when they are empty."""
    value = field.value()
    return "" if value is None else str(value)


@register.inclusion_tag("components/trend.html")
def trend(points: Sequence[Point], name: str = "Pain", low: float = 0, high: float = 10) -> dict[str, Any]:
    """A line of own values over time, drawn as SVG, with the same numbers in a table.

    `points` are mappings with a `label` (a date in words) and one number or None per line:
    `{"label": "3 Nov", "Before": 7, "After": 4}`. With fewer than two points there is no line and it says so.
    """
    rows = [(point["label"], [point.get(line) for line in names_of(points)]) for point in points]
    return {
        "name": name,
        "lines": names_of(points),
        "rows": rows,
        "plot": plot(points, low, high),
        "few": len(points) < 2,
    }


@register.inclusion_tag("components/timed_trend.html")
def timed_trend(
    points: Sequence[Moment], marks: Sequence[Moment], name: str, low: float, high: float, mark_name: str = ""
) -> dict[str, Any]:
    """One line of own values on an axis of time beside marks (visits), and the same in a table.

    `points` are mappings with `at` (a datetime in the clinic's zone), `label` (that day in words), `value` (a number or
    None), and if wished `words` (what stands in the table instead of a number), `url`, `apart` (no line leads to it).
    `marks` have `at`, `label` and, if wished, `url`. Nothing is coloured by its value.
    """
    rows = [{**point, "is_mark": False} for point in points] + [{**mark, "is_mark": True} for mark in marks]
    given = [point for point in points if point.get("value") is not None]
    return {
        "name": name,
        "mark_name": mark_name or _("Visit"),
        "rows": sorted(rows, key=lambda row: row["at"]),
        "has_marks": bool(marks),
        "plot": timed_plot(points, marks, low, high) if given else None,
        "few": len(given) < 2,
    }
