"""Two people saved one record: what each of them wrote."""

from typing import Any

from django.forms import Form


def clash(form: Form, record: Any) -> list[tuple[Any, Any, Any]]:
    """Where a newer version differs from what was typed: label, saved now, typed. Empty when there is no newer one.

    The form then carries the newer version, so that a second save is made in knowledge of both.
    """
    typed = getattr(form, "cleaned_data", {}) if form.is_bound else {}
    if typed.get("version") in (None, record.version):
        return []
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    data["version"] = record.version
    form.data = data
    rows = [
        (form.fields[name].label or name.replace("_", " ").capitalize(), getattr(record, name), value)
        for name, value in typed.items()
        if name != "version"
    ]
    return [row for row in rows if (row[1] or "") != (row[2] or "")] or [("Something else", "changed", "not changed")]
