"""Types of visit on their pages: spans, needs, and the order in which they are taken."""

# ruff: noqa: F811  (the fixtures of the same story)

import pytest
from django.urls import reverse

from scheduling.models import VisitType
from tests.scheduling.test_settings_pages import manager, text  # noqa: F401  (the same story)

pytestmark = pytest.mark.django_db


def span_fields(at: int, name: str, minutes: object = "", **more: object) -> dict[str, object]:
    fields = {"name": name, "minutes": minutes, "place": "chair", **more}
    return {f"s{at}-{key}": value for key, value in fields.items()}


def test_a_visit_type(manager, clinic):
    url = reverse("settings-type-new")
    assert manager.get(url).status_code == 200
    sent = {"name": "First infusion", "kind": "infusion", "chair_kind": ""}
    sent |= span_fields(0, "Set-up", 15, hands_all="on", clinician_first=10)
    sent |= span_fields(1, "Infusion")
    wrong = manager.post(url, sent)
    assert wrong.status_code == 422
    assert "Infusion: while the infusion runs, a nurse watches or has hands on all through." in text(wrong)
    assert 'value="First infusion"' in wrong.content.decode()
    missing = manager.post(url, sent | {"s1-name": ""})
    assert "Span 2, Name: This field is required." in text(missing)
    sent |= {"s1-watch_all": "on"}
    more = manager.post(url, sent | {"more": "1"})
    assert (more.status_code, more.content.decode().count('name="up"')) == (200, 2)
    assert manager.post(url, sent).status_code == 302
    kind = VisitType.objects.get()
    shown = text(manager.get(reverse("settings-types")))
    assert "a nurse, hands on, a clinician for the first 10 minutes" in shown
    swapped = manager.post(reverse("settings-type", args=[kind.pk]), sent | {"up": "1"}).content.decode()
    assert swapped.index('value="Infusion"') < swapped.index('value="Set-up"')
    one = manager.post(reverse("settings-type", args=[kind.pk]), sent | {"out": "0"}).content.decode()
    assert 'value="Set-up"' not in one
    change = {"name": "First", "chair_kind": "bed", "version": 1} | span_fields(0, "Infusion", watch_all="on")
    assert manager.post(reverse("settings-type", args=[kind.pk]), change).status_code == 302
    kind.refresh_from_db()
    assert (kind.name, kind.in_use, kind.spans.count()) == ("First", False, 1)
    assert manager.post(reverse("settings-type", args=[kind.pk]), change).status_code == 409
    history = text(manager.get(reverse("settings-type-history", args=[kind.pk])))
    assert "Set-up no longer needs a nurse, hands on" in history


def test_the_order_of_visit_types(manager, clinic):
    url = reverse("settings-type-new")
    for name in ("Consult", "Short consult"):
        manager.post(url, {"name": name, "kind": "consult"} | span_fields(0, "Talk"))
    last = VisitType.objects.get(name="Short consult")
    assert manager.post(reverse("settings-type-earlier", args=[last.pk])).status_code == 302
    assert [kind.name for kind in VisitType.objects.all()] == ["Short consult", "Consult"]
