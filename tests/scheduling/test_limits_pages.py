"""When a patient can come, on its page."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from scheduling import booking
from scheduling.models import PatientLimits
from tests.scheduling.conftest import MONDAY
from tests.scheduling.test_settings_pages import text

pytestmark = pytest.mark.django_db

CHECKED = re.compile(r'name="weekdays"[^>]*checked')


def test_a_patients_limits(page_as, okafor, ana, zoe, nils):
    desk, url = page_as(ana), reverse("patient-limits", args=[okafor.pk])
    sent = {"weekdays": ["0", "2"], "time_from": "09:00", "time_until": "15:00", "transport": "Bus", "version": 1}
    assert desk.post(url, sent).status_code == 302
    assert PatientLimits.objects.get().weekdays == [0, 2]
    shown = desk.get(url).content.decode()
    assert len(CHECKED.findall(shown)) == 2
    assert "Okafor" not in re.search(r"<title>(.*?)</title>", shown, re.DOTALL)[1]
    wrong = desk.post(url, {**sent, "time_until": "08:00"})
    assert wrong.status_code == 422
    assert 'value="Bus"' in wrong.content.decode()
    assert desk.post(url, {**sent, "weekdays": ["9"]}).status_code == 422
    assert desk.post(url, sent).status_code == 302
    stale = desk.post(url, {**sent, "transport": "Car"})
    assert stale.status_code == 409
    assert len(CHECKED.findall(stale.content.decode())) == 2
    assert page_as(zoe).get(url).status_code == 404
    assert page_as(nils).get(url).status_code == 403
    assert "Ana Ortiz" in text(desk.get(reverse("patient-limits-history", args=[okafor.pk])))


def test_new_limits_tell_of_the_visits_that_are_booked_outside_of_them(page_as, okafor, desk, ana, now, at):
    with time_machine.travel(now, tick=False):
        for day in (MONDAY, MONDAY + timedelta(days=1)):
            booking.book(patient=okafor, clinic=desk, start=at("09:00", day), minutes=60, by=ana, now=now)
        sent = {"weekdays": ["1"], "transport": "", "version": 1}
        told = text(page_as(ana).post(reverse("patient-limits", args=[okafor.pk]), sent, follow=True))
    assert "1 booked visit is outside of them: Mon 30 Nov, 09:00. Call, and move them." in told
