"""Numbers spelt as they are typed, and forms that are misread sent back: nothing is computed or rewritten."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infusions.clear_writing import unclear, whole
from infusions.models import Order
from infusions.protocol import items
from infusions.read_back import changes, read_back, spell, spelt


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("0", "zero"), ("7", "seven"), ("15", "fifteen"), ("50", "fifty"), ("51", "fifty-one"), ("100", "one hundred"),
        ("115", "one hundred fifteen"), ("999", "nine hundred ninety-nine"), ("1000", "one zero zero zero"),
        ("007", "zero zero seven"), ("0.5", "zero point five"), ("0.05", "zero point zero five"),
        ("12.25", "twelve point two five"),
    ],
)  # fmt: skip
def test_spelt(typed: str, words: str) -> None:
    assert spell(typed) == words


@given(st.integers(0, 999), st.integers(0, 999))
def test_two_numbers_never_sound_the_same(one: int, other: int) -> None:
    assert (spell(str(one)) == spell(str(other))) == (one == other)


def test_a_text_keeps_its_words() -> None:
    assert spelt("2 to 3.5 spoons") == "two to three point five spoons"
    assert spelt("as needed") == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ex2, 2 spoons", "Ex2, two spoons"), ("SpO2 below 90", "SpO2 below ninety"), ("vitamin B12", ""),
        ("Ex2.5 and Ex25", ""), ("on the 2nd and 12th day", ""), ("5mg in 0.25L", "five mg in zero point two five L"),
        ("22G, 2x", "twenty-two G, two x"), ("3-4", "three-four"), ("at 9:30", "at nine:thirty"),
        ("1.2.3", ""), ("10.", "ten."), ("Löffel2", ""), ("2thirds", "two thirds"),
    ],
)  # fmt: skip
def test_digits_inside_a_word_are_part_of_the_word(text: str, words: str) -> None:
    assert spelt(text) == words


def test_every_item_is_read_back_also_the_unwritten() -> None:
    order = Order(dose="3", dose_unit="spoons", visits=3, valid_until=date(2027, 1, 2), rate_unit="spoons an hour")
    lines = {line.name: line for line in read_back(order)}
    assert set(lines) == {item.name for item in items()}
    assert (lines["dose"].text, lines["dose"].spelt) == ("3 spoons", "three spoons")
    assert (lines["visits"].text, lines["valid_until"].text) == ("3 visits", "2 January 2027")
    assert lines["rate"].text == "(no amount) spoons an hour"
    assert not lines["agent"].is_written


def test_changes_name_what_reads_otherwise() -> None:
    old, new = Order(dose="3", dose_unit="spoons", visits=3), Order(dose="3", dose_unit="cups", route="by post")
    told = [(change.label, change.before, change.after) for change in changes(new, old)]
    assert told == [("Route", "", "by post"), ("Dose", "3 spoons", "3 cups"), ("Number of visits", "3 visits", "")]


@pytest.mark.parametrize(
    "text",
    ["0.5", "5", "10", "0.05", "2 to 3", "105", "1.05", "spoons", "mcg/min", "units", "Up to 5", "U-shaped",
     "spoons/m²", "1:1000", "3-5"],
)  # fmt: skip
def test_clear(text: str) -> None:
    assert (unclear(text) == "") == (text != "U-shaped")


@pytest.mark.parametrize(
    "text",
    [".5", "..5", "up by .5", "5.0", "0.50", "10.0", "5.", "0,5", "1,000", "5\u00a0spoons",
     "U", "u", "u/kg", "iu/h", "mU", "MU", "ug", "5u", "5 U", "IU", "iu", "µg", "μg",
     "1 . 0", "1 0", "1 000", "10'000", "1\u2019000", "10\u00b75", "10\u066b5", "\uff11\uff10", "l0", "10l", "05",
     "1\u200b0", "\u202e01", "5\n0", "1e3", "\u00bd", "\u0665", "1/2",
     "5\uff0e5", "5\u20245", "\uff0e5", "5\uff0c5", "\u338d", "5 \u338d", "\uff35"],
)  # fmt: skip
def test_unclear(text: str) -> None:
    assert unclear(text)


def test_the_words_quote_what_was_typed_and_suggest_no_number() -> None:
    assert unclear("start at .5 then") == "“.5” begins with the decimal point. Type a digit before the point."
    assert not any(character.isdigit() for character in unclear("U") + unclear("μg"))


def test_in_prose_a_number_may_end_a_sentence() -> None:
    assert unclear("Not more than 3. Then stop.", prose=True) == ""
    assert unclear("Not more than 3.0. Then stop.", prose=True)


def test_in_prose_too_a_sign_is_not_taken_for_what_it_looks_like() -> None:
    assert [bool(unclear(text, prose=True)) for text in ("Up by 5\uff0e5.", "5 \u338d", "Wait 5\u2026 then")] == [
        True,
        True,
        False,
    ]


def test_prose_has_lines_and_clock_times() -> None:
    assert unclear("At 09:00\nand at 10 15 again.", prose=True) == ""
    assert unclear("At 09:00\u202e", prose=True)


@given(st.integers(0, 99999))
def test_whole_numbers_are_read_as_typed(number: int) -> None:
    assert whole(str(number)) == number


@pytest.mark.parametrize("text", ["05", "+5", "-5", "5.0", "5 days", "five", "", "1 000", "٣", "100000"])
def test_anything_else_is_sent_back(text: str) -> None:
    with pytest.raises(ValueError, match="whole number"):
        whole(text)
