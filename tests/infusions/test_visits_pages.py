"""The visit pages: every input empty, words for every refusal, and nothing for those who do not chart."""

import re
import uuid
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from infusions import records
from infusions.models import Administration, AdverseEvent, Discharge, PreVisitCheck, Quantity, VitalsSet
from infusions.models.flowsheet import FLOWSHEET
from tests.conftest import PASSWORD
from tests.infusions.visiting import ALL_MET, Day, later_that_day, open_day  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later_that_day")]
# What a page needs to know itself; everything else in a form is for the clinician's hand.
OWN = {"csrfmiddlewaretoken", "client_id", "kind", "version", "reviewed", "q", "next"}
HTMX = {"HTTP_HX_REQUEST": "true"}


class Inputs(HTMLParser):
    """Every input of a page: its name, and whatever it starts with or hints at."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.inside = tag if tag == "textarea" else self.inside
        if tag in {"input", "textarea", "select"}:
            self.found.append((tag, named))
        if tag == "option" and "selected" in named and named.get("value"):
            self.text.append(f"selected {named['value']}")
        assert tag != "datalist"

    def handle_endtag(self, tag: str) -> None:
        self.inside = "" if tag == "textarea" else self.inside

    def handle_data(self, data: str) -> None:
        if self.inside and data.strip():
            self.text.append(data)


def inputs(html: str) -> Inputs:
    parser = Inputs()
    parser.feed(html)
    return parser


def assert_empty(html: str) -> None:
    """No clinical input starts with anything, hints at anything, or is remembered by the browser."""
    parser = inputs(html)
    assert parser.text == []
    clinical = [(tag, a) for tag, a in parser.found if a.get("name") and a["name"] not in OWN]
    for tag, attributes in clinical:
        assert not attributes.get("placeholder"), attributes
        assert "list" not in attributes, attributes
        assert "checked" not in attributes, attributes
        if attributes.get("type") not in {"radio", "checkbox"}:
            assert not attributes.get("value"), attributes
        if tag != "select" and attributes.get("type") != "hidden":
            assert attributes.get("autocomplete") in {"off", None} or attributes["type"] == "password"


@pytest.fixture
def nurse(page_as, day: Day):
    return page_as(day.nurse)


def page(visit) -> str:
    return reverse("visit", args=[visit.pk])


def chart(visit, kind: str) -> str:
    return reverse("visit-chart", args=[visit.pk, kind])


def test_opening_a_visit_leads_to_its_page(nurse, day: Day) -> None:
    appointment = day.arrived(day.booked(day.order(day.patient())))
    opened = nurse.post(reverse("visit-open", args=[appointment.pk]))
    assert opened.status_code == 302
    shown = nurse.get(opened["Location"]).content.decode()
    assert "Examplamine" in shown
    assert "3 spoons" in shown
    assert "No vital signs yet, baseline first" in shown
    assert "<title>AQ, visit" in shown
    assert nurse.post(reverse("visit-open", args=[appointment.pk]), **HTMX)["HX-Redirect"] == opened["Location"]


def test_a_refusal_to_open_is_said_in_words(nurse, day: Day) -> None:
    appointment = day.booked(day.order(day.patient()))
    refused = nurse.post(reverse("visit-open", args=[appointment.pk]))
    assert refused.status_code == 409
    assert b"has not arrived" in refused.content


@pytest.mark.parametrize("kind", [*FLOWSHEET, "rate-change", "bolus", "end", "correction"])
def test_every_input_is_empty_on_each_load_whatever_was_charted_before(nurse, day: Day, kind: str) -> None:
    visit = day.started()
    day.step(visit, "bolus", amount="4", amount_unit="cups")
    set_ = day.vitals(visit, systolic=128, diastolic=80, rate_on_pump="2", rate_on_pump_unit="spoons an hour")
    records.quantities(visit_id=visit.pk, by=day.nurse, now=day.now(), given="6", given_unit="cups")
    if kind == "correction":
        url = reverse("visit-correct", args=[visit.pk, "vitals", set_.pk])
    else:
        step = kind if kind in {"rate-change", "bolus", "end"} else "start"
        url = chart(visit, "administrations" if kind not in FLOWSHEET else kind) + f"?kind={step}"
    for headers in ({}, HTMX):
        shown = nurse.get(url, **headers)
        assert shown.status_code == 200
        assert_empty(shown.content.decode())


@pytest.mark.parametrize("stage", ["opened", "started", "ended", "discharged"])
def test_the_live_page_starts_empty_at_every_stage(nurse, day: Day, stage: str) -> None:
    visit = getattr(day, stage)()
    day.vitals(visit)
    assert_empty(nurse.get(page(visit)).content.decode())
    assert_empty(nurse.get(reverse("visit-note", args=[visit.pk])).content.decode())


def test_the_polled_parts_hold_no_input(nurse, day: Day) -> None:
    visit = day.started()
    day.chart(visit, AdverseEvent, event=None)
    polled = nurse.get(reverse("visit-sheet", args=[visit.pk])).content.decode()
    assert inputs(polled).found == []
    assert "<form" not in polled
    assert "<details" not in polled
    have = re.search(r"\?have=([^\"]+)", polled).group(1)
    assert nurse.get(f"{reverse('visit-sheet', args=[visit.pk])}?have={have}").status_code == 204
    day.vitals(visit)
    again = nurse.get(f"{reverse('visit-sheet', args=[visit.pk])}?have={have}")
    assert (again.status_code, again["HX-Trigger"]) == (200, "visit-moved")


def test_vital_signs_are_saved_and_the_form_is_empty_again(nurse, day: Day) -> None:
    visit = day.opened()
    sent = {"systolic": "128", "diastolic": "80", "pain": "6", "client_id": str(uuid.uuid4())}
    saved = nurse.post(chart(visit, "vitals"), sent, HTTP_HX_TARGET="vitals-form", **HTMX)
    assert saved.status_code == 200
    html = saved.content.decode()
    assert_empty(html)
    assert "128/80" in html
    assert 'hx-swap-oob="true"' in html
    nurse.post(chart(visit, "vitals"), sent, **HTMX)
    stored = VitalsSet.objects.get()
    assert (stored.systolic, stored.spo2, stored.author) == (128, None, day.nurse)


def test_without_htmx_the_same_form_works(nurse, day: Day) -> None:
    visit = day.opened()
    saved = nurse.post(chart(visit, "vitals"), {"pain": "6"})
    assert (saved.status_code, saved["Location"]) == (302, page(visit))


@pytest.mark.parametrize(
    ("typed", "stored"), [("12:05", (12, 5)), ("1205", (12, 5)), ("12.05", (12, 5)), ("9:59", None), ("2561", None)]
)
def test_a_typed_time_counts_and_is_marked_as_late(nurse, day: Day, typed: str, stored) -> None:
    visit = day.opened()
    answer = nurse.post(chart(visit, "vitals"), {"pain": "6", "at": typed}, **HTMX)
    if stored is None:
        assert answer.status_code == 422
        assert f'value="{typed}"' in answer.content.decode()
        return
    at = VitalsSet.objects.get().observed_at.astimezone(day.clinic.tz)
    assert (at.hour, at.minute) == stored
    assert "entered 15:0" in nurse.get(page(visit)).content.decode()


def test_the_press_stamps_the_time_and_a_future_one_is_refused(nurse, day: Day) -> None:
    visit = day.opened()
    nurse.post(chart(visit, "vitals"), {"pain": "6", "stamp": "2026-11-23T22:30:00.000Z"}, **HTMX)
    assert VitalsSet.objects.get().observed_at.isoformat() == "2026-11-23T22:30:00+00:00"
    refused = nurse.post(chart(visit, "vitals"), {"pain": "6", "at": "23:50"}, **HTMX)
    assert refused.status_code == 422
    assert "has not come yet" in refused.content.decode()


def test_the_infusion_from_start_to_discharge_by_its_buttons(nurse, day: Day) -> None:
    visit = day.opened()
    nurse.post(chart(visit, "pre-visit-checks"), {"identity_name_checked": "yes", "pain": "7"}, **HTMX)
    steps = chart(visit, "administrations")
    nurse.post(steps, {"kind": "start", "rate": "2", "rate_unit": "spoons an hour"}, **HTMX)
    nurse.post(reverse("visit-step", args=[visit.pk, "pause"]), {"client_id": str(uuid.uuid4())}, **HTMX)
    assert "Paused" in nurse.get(page(visit)).content.decode()
    nurse.post(reverse("visit-step", args=[visit.pk, "resume"]), {"client_id": str(uuid.uuid4())}, **HTMX)
    nurse.post(steps, {"kind": "rate-change", "rate": "3", "rate_unit": "spoons an hour"}, **HTMX)
    nurse.post(steps, {"kind": "end"}, **HTMX)
    assert [a.kind for a in Administration.objects.order_by("recorded_at")] == [
        "start",
        "pause",
        "resume",
        "rate-change",
        "end",
    ]
    refused = nurse.post(chart(visit, "discharge"), {"oriented": "yes"})
    assert refused.status_code == 422
    assert "No escort was identified" in refused.content.decode()
    assert 'value="yes" autocomplete="off" id="dischargeform_oriented_0" checked' in refused.content.decode()
    met = dict.fromkeys(ALL_MET, "yes")
    gone = nurse.post(chart(visit, "discharge"), {**met, "escort_identified": "yes", "escort_name": "Sam"}, follow=True)
    assert "Completed" in gone.content.decode()
    assert Discharge.objects.get().open_items_reason is None


def test_an_adverse_event_opens_with_one_press_and_stays_open_until_its_outcome(nurse, day: Day) -> None:
    visit = day.started()
    opened = nurse.post(reverse("visit-event", args=[visit.pk]), {"client_id": str(uuid.uuid4())}, **HTMX)
    assert "What happened" in opened.content.decode()
    first = AdverseEvent.objects.get()
    assert (first.event, first.event_type) == (first.pk, None)
    add = f"{chart(visit, 'adverse-events')}?event={first.pk}"
    nurse.post(add, {"event_type": "fall", "severity": "mild"}, **HTMX)
    assert "Fall open" in nurse.get(page(visit)).content.decode()
    nurse.post(add, {"outcome": "No harm"}, **HTMX)
    assert "open until its outcome" not in nurse.get(page(visit)).content.decode().lower()
    assert AdverseEvent.objects.filter(event=first.pk).count() == 3
    elsewhere = day.opened(day.booked(day.order(day.patient("Marsh"))))
    assert nurse.get(f"{chart(elsewhere, 'adverse-events')}?event={first.pk}").status_code == 404


def test_a_correction_strikes_through_and_keeps_the_old(nurse, day: Day) -> None:
    visit = day.opened()
    wrong = day.vitals(visit, spo2=79)
    url = reverse("visit-correct", args=[visit.pk, "vitals", wrong.pk])
    refused = nurse.post(url, {"spo2": "97"}, **HTMX)
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    nurse.post(url, {"spo2": "97", "correction_reason": "Turned round", "stamp": "2026-11-23T22:59:00Z"}, **HTMX)
    right = VitalsSet.objects.get(spo2=97)
    assert (right.supersedes_id, right.observed_at) == (wrong.pk, wrong.observed_at)
    shown = nurse.get(page(visit)).content.decode()
    assert "row-struck" in shown
    assert "Turned round" in shown
    strike = reverse("visit-correct", args=[visit.pk, "vitals", right.pk])
    nurse.post(strike, {"strike": "1", "correction_reason": "Another patient's"}, **HTMX)
    assert VitalsSet.objects.standing().count() == 0
    assert VitalsSet.objects.count() == 3
    elsewhere = reverse("visit-correct", args=[visit.pk, "vitals", uuid.uuid4()])
    assert nurse.get(elsewhere).status_code == 404


# A wrong password is counted beside the request, so the people have to be there for good.
@pytest.mark.django_db(transaction=True)
def test_waste_needs_a_witness_who_types_their_own_password(nurse, day: Day, mara) -> None:
    visit = day.ended()
    sent = {"given": "3", "given_unit": "cups", "wasted": "1", "wasted_unit": "cup", "witness": str(mara.pk)}
    refused = nurse.post(chart(visit, "quantities"), {**sent, "witness_password": "guessed"}, **HTMX)
    assert refused.status_code == 422
    assert "guessed" not in refused.content.decode()
    nurse.post(chart(visit, "quantities"), {**sent, "witness_password": PASSWORD}, **HTMX)
    assert Quantity.objects.get().witness == mara


@pytest.mark.parametrize("kind", FLOWSHEET)
def test_nothing_is_charted_on_a_signed_visit(nurse, day: Day, kind: str) -> None:
    from tests.infusions.test_notes import LEAST

    visit = day.signed().visit
    before = FLOWSHEET[kind].objects.count()
    sent = {name: "yes" if value is True else value for name, value in LEAST[kind].items() if value is not None}
    refused = nurse.post(chart(visit, kind), sent, **HTMX)
    assert refused.status_code == 422
    assert "This visit is signed" in refused.content.decode()
    assert FLOWSHEET[kind].objects.count() == before
    assert nurse.post(reverse("visit-event", args=[visit.pk])).status_code == 409


def test_a_visit_ends_untreated_or_early_only_with_a_reason(nurse, day: Day) -> None:
    visit = day.opened()
    url = reverse("visit-not-treated", args=[visit.pk])
    assert nurse.post(url, {"reason": " "}).status_code == 422
    assert nurse.post(url, {"reason": "Ate an hour ago"}, **HTMX)["HX-Redirect"] == page(visit)
    assert day.status(visit) == "not-treated"
    other = day.started(day.opened(day.booked(day.order(day.patient("Marsh")))))
    nurse.post(reverse("visit-stop-early", args=[other.pk]), {"reason": "To hospital"})
    assert day.status(other) == "stopped-early"


def test_a_consult_has_no_infusion_buttons(nurse, day: Day) -> None:
    visit = day.opened(day.consult(day.patient()))
    shown = nurse.get(page(visit)).content.decode()
    assert "Finish the consult" in shown
    assert "Start the infusion" not in shown
    nurse.post(reverse("visit-finish", args=[visit.pk]))
    assert day.status(visit) == "completed"


def test_the_clock_shows_only_what_the_order_says(nurse, day: Day) -> None:
    visit = day.started()
    assert "data-overdue" not in nurse.get(page(visit)).content.decode()
    other = day.opened(day.booked(day.order(day.patient("Marsh"), vitals_during_minutes=15)))
    day.started(other)
    shown = nurse.get(page(other)).content.decode()
    assert "data-overdue" in shown
    assert "due at " in shown, "without script it is a time of day, not a span"


EVERY = [
    ("visit", []),
    ("visit-sheet", []),
    ("visit-acts", []),
    ("visit-print", []),
    ("visit-finish", []),
    ("visit-not-treated", []),
    ("visit-stop-early", []),
    ("visit-chart", ["vitals"]),
    ("visit-event", []),
    ("visit-step", ["pause"]),
    ("visit-note", []),
    ("visit-review", []),
    ("visit-sign", []),
    ("visit-addenda", []),
]


@pytest.mark.parametrize("who", ["ana", "vera", "olu"])
def test_those_who_do_not_chart_see_no_page_and_write_nothing(request, page_as, day: Day, who: str) -> None:
    visit = day.started()
    browser = page_as(request.getfixturevalue(who))
    for name, more in EVERY:
        url = reverse(name, args=[visit.pk, *more])
        assert browser.get(url).status_code in {403, 405}, name
        assert browser.post(url, {"pain": "3", "reason": "x"}).status_code == 403, name
    row = PreVisitCheck.objects.get()
    assert browser.post(reverse("visit-correct", args=[visit.pk, "pre-visit-checks", row.pk])).status_code == 403
    assert browser.post(reverse("visit-open", args=[visit.appointment_id])).status_code == 403
    assert VitalsSet.objects.count() == 0


def test_the_prescriber_charts_too(page_as, day: Day, mara) -> None:
    visit = day.opened()
    assert page_as(mara).post(chart(visit, "vitals"), {"pain": "3"}, **HTMX).status_code == 200
    assert VitalsSet.objects.get().author == mara


def test_a_stranger_finds_nothing(page_as, day: Day, other_clinic) -> None:
    from tests.conftest import hired

    visit = day.opened()
    browser = page_as(hired(other_clinic, "ned", "Ned Hall", "nurse", "RN"))
    for name, more in EVERY:
        assert browser.post(reverse(name, args=[visit.pk, *more]), {"reason": "x"}).status_code in {404, 405}, name
    assert browser.post(reverse("visit-open", args=[visit.appointment_id])).status_code == 404


@pytest.mark.parametrize(("how", "word"), [("not-treated", "Not treated"), ("stop-early", "Stopped early")])
def test_why_a_visit_ended_stands_on_its_page(nurse, day: Day, how: str, word: str) -> None:
    visit = day.opened() if how == "not-treated" else day.started()
    door = records.not_treated if how == "not-treated" else records.stop_early
    door(visit_id=visit.pk, by=day.nurse, now=day.now(), reason="Ate breakfast at nine.")
    for is_signed in (False, True):
        if is_signed:
            day.signed(visit)
        html = nurse.get(page(visit)).content.decode()
        [told] = re.findall(r'<p[^>]*id="visit-ended".*?</p>', html, re.DOTALL)
        assert word in told
        assert "Nils Berg" in told
        assert "Ate breakfast at nine." in told


def test_nothing_by_mouth_since_last_evening(nurse, day: Day) -> None:
    """The story's noon is past 22:00 of the evening before, and not of this one."""
    visit = day.opened()
    answered = nurse.post(chart(visit, "pre-visit-checks"), {"pain": "5", "fasting_from": "22:00"}, **HTMX)
    assert answered.status_code == 200
    local = PreVisitCheck.objects.get().fasting_from.astimezone(day.clinic.tz)
    assert (local.hour, local.date()) == (22, day.clinic.today(day.clock) - timedelta(days=1))
