"""System checks: no table of ours without a trace, no trace without its triggers."""

from collections.abc import Iterator
from typing import Any

import pgtrigger
from django.apps import apps
from django.core.checks import Error, register
from django.db.models import Model

from config.audit.models import AppendOnly, HistoricalRow, Passing, Tracked
from config.audit.triggers import append_only_models, history_of, tracked_models

OUR_APPS = {"staff", "patients", "scheduling", "infusions", "notifications"}


def our_models() -> Iterator[type[Model]]:
    """The project's own concrete models of records, history tables left out."""
    for model in apps.get_models():
        if model._meta.app_label in OUR_APPS and not issubclass(model, HistoricalRow | Passing):
            yield model


def untraced_models() -> list[type[Model]]:
    """Models that are neither tracked nor append-only."""
    tracked = set(tracked_models())
    return [model for model in our_models() if model not in tracked and not issubclass(model, AppendOnly | Tracked)]


def has_triggers(model: type[Model], *names: str) -> bool:
    """Whether all these triggers are registered for the model."""
    found = {trigger.name for owner, trigger in pgtrigger.registered() if owner._meta.model is model}
    return found.issuperset(names)


@register()
def audit_is_complete(**_: Any) -> list[Error]:
    """Each of our models is tracked or append-only, and carries the triggers of its shape."""
    errors = [Error(f"{model._meta.label} keeps no trace.", id="audit.E001") for model in untraced_models()]
    errors += [
        Error(f"{model._meta.label} lacks its history triggers.", id="audit.E002")
        for model in tracked_models()
        if not (has_triggers(model, "history_matches") and has_triggers(history_of(model), "append_only"))
    ]
    errors += [
        Error(f"{model._meta.label} can be changed.", id="audit.E003")
        for model in append_only_models()
        if not has_triggers(model, "append_only")
    ]
    return errors
