"""The settings pages: few presses, nothing typed is lost, and touched visits are shown before anything is saved."""

import re
from datetime import date, time, timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from config.audit.acting import SystemJob
from config.staff.accounts import open_clinic
from config.staff.permissions import Role
from patients.models import Task
from scheduling import booking, rotas
from scheduling.models import Chair, Closure, OpenDay, Resource, RotaDay, TimeOff
from scheduling.opening import set_hours, week_of
from scheduling.places import add_chair, add_nurse
from scheduling.rules import rules_of
from scheduling.stretches import stretches_words
from tests.conftest import hired
from tests.scheduling.conftest import open_week, register

pytestmark = pytest.mark.django_db
SET_UP = SystemJob.SET_UP
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def ahead(days: int) -> date:
    """An open weekday that many weeks or so from now, by the clock that the pages go by."""
    day = timezone.now().date() + timedelta(days=days)
    return day + timedelta(days=-day.weekday())


@pytest.fixture
def day() -> date:
    """A Monday to come."""
    return ahead(21)


@pytest.fixture
def visit(desk, okafor, chairs, at, ana, now, day):
    """Okafor's visit on that Monday, 09:00 to 11:00, in Chair 1 with Nils."""
    return booking.book(
        patient=okafor, clinic=desk, start=at("09:00", day), minutes=120, chair=chairs[0], by=ana, now=now
    )


@pytest.fixture
def manager(page_as, vera):
    return page_as(vera)


def text(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def kept(answer) -> dict[str, list[str]]:
    """What the page that asks sends on when its first button is pressed."""
    found: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(answer.content.decode()):
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(value)
    return found


def agree(client, url: str, answer):
    return client.post(url, kept(answer))


def test_close_a_day_that_touches_nothing_with_one_press(manager, desk, day):
    answer = manager.post(reverse("settings-close"), {"day": day, "reason": "Staff day"})
    assert (answer.status_code, answer.url) == (302, reverse("settings"))
    shown = text(manager.get(reverse("settings") + f"?week={day}"))
    assert "Staff day" in shown
    assert "Closed on" in shown
    manager.post(reverse("settings-reopen", args=[day]))
    assert Closure.objects.count() == 0


def test_close_a_day_with_a_visit_shows_it_first(manager, visit, day):
    url = reverse("settings-close")
    asked = manager.post(url, {"day": day, "reason": "Burst pipe"})
    shown = text(asked)
    assert asked.status_code == 200
    assert "This touches 1 booked visit" in shown
    assert "OKAFOR, Pat" in shown
    assert "Burst pipe" in shown
    assert (Closure.objects.count(), Task.objects.count()) == (0, 0)
    done = agree(manager, url, asked)
    assert done.status_code == 302
    assert Closure.objects.get().reason == "Burst pipe"
    assert Task.objects.get().about == visit.pk
    assert "The desk has a task for the visit it touches." in text(manager.get(done.url))


def test_going_back_keeps_what_was_typed(manager, visit, day):
    url = reverse("settings-close")
    asked = manager.post(url, {"day": day, "reason": "Burst pipe"})
    back = manager.post(url, {**kept(asked), "back": "1"})
    assert back.status_code == 200
    assert 'value="Burst pipe"' in back.content.decode()
    assert f'value="{day}"' in back.content.decode()
    assert Closure.objects.count() == 0


def test_a_visit_booked_while_the_manager_reads_is_shown_too(manager, visit, petrov, desk, at, ana, now, day):
    url = reverse("settings-close")
    asked = manager.post(url, {"day": day, "reason": "Burst pipe"})
    booking.book(patient=petrov, clinic=desk, start=at("14:00", day), minutes=60, by=ana, now=now)
    again = agree(manager, url, asked)
    assert "This touches 2 booked visits" in text(again)
    assert Closure.objects.count() == 0
    agree(manager, url, again)
    assert Task.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"day": "", "reason": "x"}, "Day: This field is required."),
        ({"day": "2020-01-06", "reason": "Typed"}, "That day is past"),
        ({"day": "2031-01-06", "reason": " "}, "Why: This field is required."),
    ],
)
def test_a_closure_without_sense_keeps_what_was_typed(manager, desk, sent, words):
    answer = manager.post(reverse("settings-close"), sent)
    assert answer.status_code == 422
    assert words in text(answer)
    assert sent["day"] in answer.content.decode()


def test_a_day_is_closed_once(manager, desk, day):
    for status in (302, 409):
        assert manager.post(reverse("settings-close"), {"day": day, "reason": "x"}).status_code == status


def test_other_hours_on_one_day_and_back(manager, desk, day):
    sunday = day + timedelta(days=6)
    sent = {"day": sunday, "day_from_1": "10:00", "day_until_1": "12:00", "day_from_2": "13:00", "day_until_2": "15:00"}
    assert manager.post(reverse("settings-open-day"), sent).status_code == 302
    assert "10:00 to 12:00 and 13:00 to 15:00" in text(manager.get(reverse("settings")))
    manager.post(reverse("settings-as-usual", args=[sunday]))
    assert OpenDay.objects.count() == 0
    wrong = manager.post(reverse("settings-open-day"), {**sent, "day_from_2": "11:00"})
    assert wrong.status_code == 422
    assert "overlap" in text(wrong)
    half = manager.post(reverse("settings-open-day"), {**sent, "day_until_2": ""})
    assert "Give both, from and until." in text(half)


def week_fields(**days: str) -> dict[str, str]:
    """`d0="08:00-12:00 13:00-17:00"` as the fields of the week form."""
    found = {}
    for key, spans in days.items():
        for n, span in enumerate(spans.split(), 1):
            found[f"{key}_from_{n}"], found[f"{key}_until_{n}"] = span.split("-")
    return found


def test_the_hours_of_every_week(manager, visit, desk):
    url = reverse("settings-week")
    page = manager.get(url)
    assert page.content.decode().count('value="08:00"') == 6
    sent = week_fields(d0="10:00-12:00 13:00-17:00", d1="08:00-18:00") | {"seen": kept(page)["seen"][0]}
    asked = manager.post(url, sent)
    assert "The clinic is open 10:00 to 12:00 and 13:00 to 17:00 on that day" in text(asked)
    assert agree(manager, url, asked).status_code == 302
    week = week_of(desk)
    assert stretches_words(week[0]) == "10:00 to 12:00 and 13:00 to 17:00"
    assert [bool(week[day]) for day in range(7)] == [True, True, False, False, False, False, False]


def test_two_managers_change_the_hours(manager, desk, vera):
    url = reverse("settings-week")
    page = manager.get(url)
    set_hours(clinic=desk, weekday=4, spans=[], by=vera)
    sent = week_fields(d0="10:00-12:00") | {"seen": kept(page)["seen"][0]}
    stale = manager.post(url, sent)
    assert stale.status_code == 409
    assert "Saved now, by somebody else" in text(stale)
    assert 'value="10:00"' in stale.content.decode()
    assert manager.post(url, sent | {"seen": kept(stale)["seen"][0]}).status_code == 302
    assert stretches_words(week_of(desk)[0]) == "10:00 to 12:00"


def test_the_clocks_change(page_as):
    london = open_clinic(name="Hill", zone="Europe/London", phone="+12135550101", by=SET_UP)
    boss = hired(london, "boss", "Bea Boss", Role.MANAGER)
    set_hours(clinic=london, weekday=6, spans=[(time(0), time(6))], by=SET_UP)
    browser = page_as(boss)
    spring = text(browser.get(reverse("settings") + "?week=2027-03-24"))
    assert "Week of Mon 22 Mar 2027" in spring
    assert "The clocks go forward at 01:00 to 02:00. Open for 5 h." in spring
    autumn = text(browser.get(reverse("settings") + "?week=2026-10-25"))
    assert "The clocks go back at 02:00 to 01:00. Open for 7 h." in autumn
    nurse = hired(london, "nurse", "Noor Nurse", Role.NURSE, "RN")
    add_nurse(user=nurse, watch_lanes=2, by=SET_UP)
    assert "clocks change" in text(browser.get(reverse("settings-people") + "?week=2026-10-25"))


def test_add_a_chair_with_one_press(manager, clinic):
    sent = {"name": "Window", "kind": "recliner", "purpose": "treatment", "position": 1, "turnover_minutes": 10}
    assert manager.post(reverse("settings-chairs"), sent).status_code == 302
    chair = Chair.objects.get()
    assert (chair.name, chair.turnover_minutes, chair.in_service) == ("Window", 10, True)
    again = manager.post(reverse("settings-chairs"), {**sent, "pod": "North"})
    assert again.status_code == 422
    assert "There is a Window already." in text(again)
    assert 'value="North"' in again.content.decode()
    assert "Window" in text(manager.get(reverse("settings-chairs")))


def chair_fields(chair: Chair, **more) -> dict[str, object]:
    names = ("name", "kind", "purpose", "pod", "position", "turnover_minutes", "version")
    return {name: getattr(chair, name) for name in names} | {"in_service": "on"} | more


def test_a_chair_out_of_service(manager, visit, chairs):
    url = reverse("settings-chair", args=[chairs[0].pk])
    sent = chair_fields(chairs[0])
    del sent["in_service"]
    asked = manager.post(url, sent)
    assert "Chair 1 is out of service" in text(asked)
    assert agree(manager, url, asked).status_code == 302
    assert "Out of service" in text(manager.get(reverse("settings-chairs")))
    history = manager.get(reverse("settings-chair-history", args=[chairs[0].pk]))
    assert "Vera Lind" in text(history)


def test_two_managers_change_a_chair(manager, chairs, clinic):
    url = reverse("settings-chair", args=[chairs[0].pk])
    assert manager.post(url, chair_fields(chairs[0], pod="North")).status_code == 302
    stale = manager.post(url, chair_fields(chairs[0], pod="South"))
    assert stale.status_code == 409
    assert "North" in text(stale)
    assert 'value="South"' in stale.content.decode()
    assert manager.post(url, chair_fields(chairs[0], pod="South", version=2)).status_code == 302


def test_time_off_with_two_presses(manager, visit, nils, day):
    url = reverse("settings-time-off")
    sent = {"user": nils.pk, "first": day, "reason": "Leave"}
    asked = manager.post(url, sent)
    assert "Nils Berg does not work on that day" in text(asked)
    assert agree(manager, url, asked).status_code == 302
    off = TimeOff.objects.get()
    assert (off.first, off.last) == (day, day)
    week = text(manager.get(reverse("settings-people") + f"?week={day}"))
    assert "Time off" in week
    assert manager.post(reverse("settings-time-off-back", args=[off.pk])).status_code == 302
    assert (TimeOff.objects.count(), Task.objects.open().count()) == (0, 0)


def test_time_off_without_sense(manager, desk, nils, day):
    url = reverse("settings-time-off")
    wrong = manager.post(url, {"user": nils.pk, "first": day, "last": day - timedelta(days=1), "reason": "Typed"})
    assert wrong.status_code == 422
    assert "The last day comes before the first." in text(wrong)
    assert 'value="Typed"' in wrong.content.decode()


def test_add_people(manager, clinic, nils, mara, ana, zoe):
    url = reverse("settings-person-new")
    lacking = manager.post(url, {"user": nils.pk, "as_what": "nurse"})
    assert "Say how many patients" in text(lacking)
    assert manager.post(url, {"user": nils.pk, "as_what": "nurse", "watch_lanes": 3}).status_code == 302
    assert manager.post(url, {"user": mara.pk, "as_what": "clinician"}).status_code == 302
    assert set(Resource.objects.values_list("kind", "watch_lanes")) == {("nurse", 3), ("clinician", 0)}
    for somebody in (ana, zoe):
        assert manager.post(url, {"user": somebody.pk, "as_what": "clinician"}).status_code == 422


def test_a_rota_from_a_day_on(manager, visit, nils, day):
    url = reverse("settings-rota", args=[nils.pk])
    sent = week_fields(d0="12:00-18:00", d2="08:00-12:00") | {"first_day": day, "version": 1}
    asked = manager.post(url, sent)
    assert "Nils Berg works 12:00 to 18:00 on that day" in text(asked)
    done = agree(manager, url, asked)
    assert done.status_code == 302
    page = text(manager.get(done.url))
    assert "Monday 12:00 to 18:00" in page
    assert "Whenever the clinic is open." in page, "until then"
    stale = manager.post(url, sent)
    assert stale.status_code == 409
    assert 'value="12:00"' in stale.content.decode()
    history = text(manager.get(reverse("settings-person-history", args=[nils.pk])))
    assert "Mondays 12:00 to 18:00 from" in history
    assert "Account: created" in history
    assert "Nurse" in history
    assert manager.post(reverse("settings-as-open", args=[nils.pk])).status_code == 302
    assert not Resource.objects.get(staff=nils).by_rota


def test_one_day_that_differs_and_leaving(manager, desk, nils, day, vera):
    sent = {"day": day, "day_from_1": "10:00", "day_until_1": "12:00", "reason": "Swap"}
    assert manager.post(reverse("settings-one-day", args=[nils.pk]), sent).status_code == 302
    assert "10:00 to 12:00" in text(manager.get(reverse("settings-person", args=[nils.pk])))
    assert "10:00 to 12:00" in text(manager.get(reverse("settings-people") + f"?week={day}"))
    assert manager.post(reverse("settings-day-back", args=[nils.pk, day])).status_code == 302
    assert RotaDay.objects.count() == 0
    assert manager.post(reverse("settings-leave", args=[nils.pk]), {"from_day": day}).status_code == 302
    assert rotas.RotaShift.objects.filter(last_day=day - timedelta(days=1)).count() == 7
    lanes = manager.post(reverse("settings-lanes", args=[nils.pk]), {"watch_lanes": 13})
    assert lanes.status_code == 422
    assert manager.post(reverse("settings-lanes", args=[nils.pk]), {"watch_lanes": 4}).status_code == 302


def test_the_booking_rules(manager, clinic):
    url = reverse("settings-rules")
    sent = {"late_cancel_hours": 48, "hold_series_hours": 24, "hold_form_minutes": 10, "version": 1}
    assert manager.post(url, sent).status_code == 302
    assert rules_of(clinic).late_cancel_hours == 48
    wrong = manager.post(url, {**sent, "hold_form_minutes": 0})
    assert wrong.status_code == 422
    assert "A form holds its place for 1 to 120 minutes." in text(wrong)
    assert "Vera Lind" in text(manager.get(reverse("settings-rules-history")))


def test_another_clinics_things_are_not_found(page_as, other_clinic, chairs, desk, nils):
    other = hired(other_clinic, "boss", "Bea Boss", Role.MANAGER)
    browser = page_as(other)
    off = rotas.time_off(user=nils, first=ahead(21), last=ahead(21), by=SET_UP).record
    for name, args in (
        ("settings-chair", [chairs[0].pk]),
        ("settings-chair-history", [chairs[0].pk]),
        ("settings-person", [nils.pk]),
        ("settings-rota", [nils.pk]),
        ("settings-person-history", [nils.pk]),
    ):
        assert browser.get(reverse(name, args=args)).status_code == 404, name
    assert browser.post(reverse("settings-time-off-back", args=[off.pk])).status_code == 404
    assert TimeOff.objects.count() == 1


def test_only_managers(page_as, ana, nils, olu):
    for somebody in (ana, nils, olu):
        assert page_as(somebody).get(reverse("settings")).status_code == 403
    assert "Settings" not in text(page_as(ana).get(reverse("home")))


def test_queries_of_a_page_do_not_grow(manager, clinic, django_assert_max_num_queries):
    open_week(clinic)
    for n in range(6):
        add_chair(clinic=clinic, name=f"Chair {n}", by=SET_UP)
        add_nurse(user=hired(clinic, f"nurse{n}", f"Nurse {n}", Role.NURSE, "RN"), watch_lanes=2, by=SET_UP)
        register(clinic, f"Somebody{n}")
    for name, most in (("settings", 12), ("settings-chairs", 10), ("settings-people", 14), ("settings-types", 10)):
        with django_assert_max_num_queries(most):
            manager.get(reverse(name))


def test_what_is_typed_is_never_put_into_an_address(manager, visit, day):
    answer = manager.post(reverse("settings-close"), {"day": day, "reason": "Burst pipe"})
    links = re.findall(r'(?:href|action|hx-get)="([^"]*)"', answer.content.decode())
    assert not any("Okafor" in link or urlencode({"": "Burst pipe"})[1:] in link for link in links)
