"""Stored values in the words of a person: choices and links by their names, times on the clinic's wall."""

from calendar import day_abbr
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db.models import ForeignKey, Model
from django.utils import timezone

# Days of the week are kept as numbers, Monday is 0.
DAYS = frozenset({"weekday", "weekdays"})


def in_words(model_field: Any, value: Any) -> str:
    """A stored value as a person would say it; a time is in the zone that is current."""
    if value is None or value == "":
        return ""
    if model_field.choices:
        return _chosen(model_field, value)
    if isinstance(value, list):
        return ", ".join(day_abbr[one] if model_field.name in DAYS else str(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (date, time)):
        return _moment(value)
    return _named(value) if isinstance(value, Model) else str(value)


def _chosen(model_field: Any, value: Any) -> str:
    """The choice's own words; where the stored value is its only word, that one without hyphens.

    A value that is no longer among the choices is still said as it was stored.
    """
    words = str(dict(model_field.flatchoices).get(value, value))
    return words.replace("-", " ") if words == value else words


def _moment(value: date | time) -> str:
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{local:%a} {local.day} {local:%b %Y, %H:%M %Z}"
    return f"{value:%H:%M}" if isinstance(value, time) else f"{value.day} {value:%b %Y}"


def _named(thing: Model) -> str:
    """Its name, if it has one; else what kind of thing it is, since an id tells nobody anything."""
    return str(thing) if has_name(type(thing)) else some(type(thing))


def has_name(model: type[Model]) -> bool:
    """Whether records of this kind say what they are called."""
    return model.__str__ is not Model.__str__


def some(model: type[Model]) -> str:
    """A nameless thing of this kind: "a series", "an order"."""
    kind = str(model._meta.verbose_name)
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


class Names:
    """What linked things are called, and what records hold. Everything is asked for first, then read in one query a
    kind."""

    def __init__(self) -> None:
        self.held: dict[str, Mapping[str, str]] = {}
        self._wanted: dict[tuple[type[Model], str], set[str]] = defaultdict(set)
        self._found: dict[tuple[type[Model], str], dict[str, str]] = {}

    def want(self, model: type[Model], *keys: Any, by: str = "id") -> None:
        """Ask for the things that have these values in the column `by`."""
        if has_name(model):
            self._wanted[model, by].update(str(key) for key in keys if key is not None)

    def read(self) -> None:
        """Read all that was asked for."""
        for (model, by), keys in self._wanted.items():
            rows = model._base_manager.filter(**{f"{by}__in": keys}) if keys else ()
            self._found[model, by] = {str(getattr(row, by)): str(row) for row in rows}

    def of(self, model: type[Model], key: Any, *, by: str = "id") -> str:
        """The name, or what kind of thing it is; an empty string for no thing."""
        if key is None:
            return ""
        return self._found.get((model, by), {}).get(str(key)) or some(model)


def linked(model_field: Any) -> tuple[type[Model], str] | None:
    """What a foreign key leads to: the model, and its column that the key holds. None for any other field."""
    if not isinstance(model_field, ForeignKey):
        return None
    return model_field.related_model, str(model_field.target_field.attname)  # type: ignore[return-value]
