"""The components as HTML: who is named, what is escaped, and that a dosing field suggests nothing."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from django.forms import CharField, Form
from django.template import Context, Template
from django.template.loader import render_to_string

from config.audit.reading import Change, Told
from config.web.styleguide.samples import somebody
from config.web.templatetags.desk import age, icon, initials, timed_trend, trend, zone
from config.web.templatetags.looks import LOOKS, look_of
from scheduling.states import Status

SCRIPT = "<script>alert(1)</script>"


def told(before: str, after: str) -> dict[str, Any]:
    """One act of a history, by somebody with a wicked name."""
    return {"who": SCRIPT, "told": [Told(SCRIPT, SCRIPT, "changed", [Change("a", before, after)])]}


class EntryForm(Form):
    amount = CharField(required=False)
    unit = CharField(required=False)


def component(name: str, **context: Any) -> str:
    return render_to_string(f"components/{name}.html", context)


def read_out(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def inputs(html: str) -> list[str]:
    return re.findall(r"<(?:input|textarea|select)[^>]*>", html)


@pytest.mark.parametrize("long", [True, False])
def test_a_dosing_field_suggests_nothing(long: bool) -> None:
    form = EntryForm()
    html = component("dosing_field", field=form["amount"], unit=form["unit"], long=long)
    found = inputs(html)
    assert len(found) == 2
    for tag in found:
        assert 'autocomplete="off"' in tag
        for hint in ("value=", "placeholder=", "list=", "pattern=", "min=", "max=", "step=", 'type="number"'):
            assert hint not in tag
    assert "<datalist" not in html
    assert "></textarea>" in html if long else "<textarea" not in html


def test_a_dosing_field_gives_back_exactly_what_was_typed() -> None:
    form = EntryForm({"amount": "0,50 ", "unit": ""})
    amount, unit = inputs(component("dosing_field", field=form["amount"], unit=form["unit"]))
    assert 'value="0,50 "' in amount
    assert "value=" not in unit


def test_the_order_before_stands_beside_the_field_not_in_it() -> None:
    html = component("dosing_field", field=EntryForm()["amount"], before="as it stood", before_from="order of 3 Nov")
    assert "as it stood" in html
    assert all("as it stood" not in tag for tag in inputs(html))


@pytest.mark.parametrize(
    ("name", "context"),
    [
        ("patient_banner", {"patient": somebody(family_name=SCRIPT, alert=SCRIPT), "allergies": [SCRIPT]}),
        ("state", {"state": SCRIPT, "detail": SCRIPT}),
        ("empty", {"title": SCRIPT, "text": SCRIPT}),
        ("definition_list", {"facts": [(SCRIPT, SCRIPT)]}),
        ("undo", {"url": "/x/", "text": SCRIPT}),
        ("search_results", {"results": [], "query": SCRIPT}),
        ("refusal", {"refusal": SimpleNamespace(message=SCRIPT)}),
        ("history_list", {"entries": [told(SCRIPT, "")]}),
        ("history_list", {"entries": [told(SCRIPT * 9, "")]}),
        ("dosing_field", {"field": EntryForm({"amount": SCRIPT})["amount"], "before": SCRIPT}),
    ],
)
def test_what_people_typed_is_escaped(name: str, context: dict[str, Any]) -> None:
    html = component(name, **context)
    assert "<script" not in html.lower()
    assert "&lt;script" in html.lower()


def test_the_three_states_of_allergies_differ_in_words() -> None:
    said = {
        state: re.sub(
            r"<[^>]+>|\s+", " ", component("allergies", patient=somebody(allergy_state=state), allergies=listed)
        )
        for state, listed in [("not-asked", []), ("none-known", []), ("listed", ["latex"])]
    }
    assert "not asked" in said["not-asked"]
    assert "No known allergies" in said["none-known"]
    assert "latex" in said["listed"]
    assert len(set(said.values())) == 3


def test_a_list_without_entries_is_not_read_as_no_allergies() -> None:
    assert "No known" not in component("allergies", patient=somebody(allergy_state="listed"), allergies=[])


def test_the_banner_names_the_person_fully() -> None:
    html = component("patient_banner", patient=somebody(), allergies=["latex"])
    for words in ("OKAFOR", "Ada", "14 Mar 1978", "IC-00417", "latex"):
        assert words in html


@pytest.mark.parametrize("status", list(Status))
def test_every_state_of_a_visit_has_a_look(status: Status) -> None:
    assert status.value.replace("-", "_") in LOOKS
    assert look_of(status) == look_of(status.value)


def test_looks_differ_by_more_than_colour() -> None:
    board = [
        look_of(key) for key in ("booked", "confirmed", "arrived", "in-progress", "recovery", "completed", "no-show")
    ]
    assert len({look.icon for look in board}) == len(board)
    assert len({str(look.word) for look in board}) == len(board)


def test_an_icon_that_is_not_in_the_sprite_is_noticed() -> None:
    assert "#check" in icon("check")
    with pytest.raises(ValueError, match="not listed"):
        icon("no-such-icon")


def test_every_icon_of_the_looks_is_in_the_sprite() -> None:
    for look in LOOKS.values():
        assert look.icon in icon(look.icon)


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(2004, 11, 24), date(2026, 11, 23), 21),
        (date(2004, 11, 24), date(2026, 11, 24), 22),
        (date(2004, 2, 29), date(2026, 2, 28), 21),
        (None, date(2026, 11, 23), None),
    ],
)
def test_age_is_in_full_years(born: date | None, on: date, years: int | None) -> None:
    assert age(born, on) == years


@pytest.mark.parametrize(
    ("name", "letters"), [("Ada Okafor", "AO"), ("Ana María de la Cruz", "AC"), ("Bo", "B"), ("", "")]
)
def test_initials_are_at_most_two(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_zone_is_said_as_people_say_it() -> None:
    assert zone("America/New_York") == "New York time"


def points(*pairs: tuple[str, int | None, int | None]) -> list[dict[str, Any]]:
    return [{"label": label, "Before": before, "After": after} for label, before, after in pairs]


def drawn(given: list[dict[str, Any]]) -> str:
    return Template("{% load desk %}{% trend points %}").render(Context({"points": given}))


def test_a_line_needs_two_visits_and_says_so() -> None:
    html = drawn(points(("2 Nov", 8, 6)))
    assert "A line starts with the second visit" in html
    assert html.count('cx="') == 2 + 2  # two points and the two of the key
    assert 'class="trend-line" points="1,6 27,6"' in html
    assert html.count("<polyline") == 2


def test_the_numbers_of_the_line_are_in_the_table() -> None:
    html = drawn(points(("2 Nov", 8, 6), ("5 Nov", 7, None)))
    cells = re.findall(r'<td class="num">([^<]*)</td>', html)
    assert cells == ["8", "6", "7", "–"]
    assert "style=" not in html


def test_a_value_not_taken_is_a_gap() -> None:
    plot = trend(points(("a", 8, 5), ("b", 7, None), ("c", 6, 4), ("d", 5, 3)))["plot"]
    before, after = plot.series
    assert [len(stroke.split()) for stroke in before.strokes] == [4]
    assert [len(stroke.split()) for stroke in after.strokes] == [2]


def test_higher_pain_stands_higher() -> None:
    before, after = trend(points(("a", 9, 2), ("b", 9, 2)))["plot"].series
    assert before.dots[0].y < after.dots[0].y


def test_no_component_carries_a_style_or_an_inline_handler() -> None:
    from django.conf import settings

    folder = settings.BASE_DIR / "config" / "web" / "templates"
    bad = [
        f"{path.name}: {found.group()}"
        for path in folder.rglob("*.html")
        for found in re.finditer(r"\sstyle=|\son[a-z]+=|hx-on|javascript:|<script(?![^>]*src=)", path.read_text())
    ]
    assert bad == []


def timed(*values: tuple[int, int | None], visits: tuple[int, ...] = (), **more: Any) -> dict[str, Any]:
    start = datetime(2026, 11, 2, tzinfo=UTC)
    points = [{"at": start + timedelta(days=day), "label": f"day {day}", "value": value} for day, value in values]
    marks = [{"at": start + timedelta(days=day), "label": f"visit {day}"} for day in visits]
    return timed_trend(points, marks, name="Sum", low=0, high=27, **more)


def test_places_are_by_time_and_not_one_step_each() -> None:
    first, second, third = timed((0, 5), (1, 5), (10, 5))["plot"].dots
    assert (second.x - first.x) * 9 == pytest.approx(third.x - second.x, abs=1)


def test_visits_stand_beside_the_line_and_do_not_break_it() -> None:
    plot = timed((0, 5), (4, 9), visits=(2,))["plot"]
    assert [len(stroke.split()) for stroke in plot.strokes] == [2]
    [mark] = plot.marks
    assert plot.dots[0].x < mark.x < plot.dots[1].x


def test_a_missing_number_breaks_the_line_and_stands_in_the_table() -> None:
    context = timed((0, 5), (4, None), (8, 3))
    assert context["plot"].strokes == []
    assert [row.get("value") for row in context["rows"]] == [5, None, 3]


def test_the_scale_does_not_follow_the_numbers() -> None:
    low, high = timed((0, 0), (4, 27))["plot"].dots
    assert low.y - high.y == timed((0, 1), (4, 2))["plot"].rules[0][0] - timed((0, 1))["plot"].rules[1][0]


def test_days_below_never_run_into_each_other() -> None:
    labels = timed(*[(day, 5) for day in range(30)])["plot"].labels
    assert all(after - before >= 58 for (before, _), (after, _) in pairwise(labels))
    assert (labels[0][1], labels[-1][1]) == ("2 Nov", "1 Dec")


def test_one_number_says_that_there_is_no_line_yet_and_none_draws_nothing() -> None:
    assert timed((0, 5))["few"]
    assert timed((0, None))["plot"] is None
    assert timed()["plot"] is None


def test_over_years_the_days_below_name_the_year() -> None:
    assert [text for _, text in timed((0, 5), (800, 5))["plot"].labels] == ["Nov 2026", "Jan 2029"]
