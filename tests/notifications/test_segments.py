"""How many parts a text goes out in, against an encoder that really writes and cuts the units."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.segments import Foreign, forces_ucs2, gsm
from notifications.wording import segments

# The default alphabet by code, 0x00 to 0x7F, and its extension, from the standard's two tables.
DEFAULT = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
ESCAPE = 0x1B


def septets(text: str) -> list[int] | None:
    """The units of a text in the 7-bit alphabet; None when it lacks a letter."""
    codes = {letter: [code] for code, letter in enumerate(DEFAULT) if code != ESCAPE}
    codes |= {letter: [ESCAPE, code] for code, letter in EXTENSION.items()}
    if any(letter not in codes for letter in text):
        return None
    return [unit for letter in text for unit in codes[letter]]


def cut(units: list[int], room: int, runs_on) -> int:
    """Into how many parts the units are cut, none of them after a unit that runs on."""
    begins, parts = 0, 0
    while begins < len(units):
        ends = min(begins + room, len(units))
        ends -= ends < len(units) and runs_on(units[ends - 1])
        begins, parts = ends, parts + 1
    return parts


def plainly(text: str) -> tuple[str, int, int]:
    units = septets(text)
    if units is not None:
        return "GSM-7", len(units), min(len(units), 1) if len(units) <= 160 else cut(units, 153, lambda u: u == ESCAPE)
    octets = text.encode("utf-16-be", "surrogatepass")
    wide = [int.from_bytes(octets[at : at + 2], "big") for at in range(0, len(octets), 2)]
    return "UCS-2", len(wide), 1 if len(wide) <= 70 else cut(wide, 67, lambda u: 0xD800 <= u < 0xDC00)


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "parts"),
    [
        ("", "GSM-7", 0, 0),
        ("a", "GSM-7", 1, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€", "GSM-7", 2, 1),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("a" * 152 + "€" * 5, "GSM-7", 162, 2),
        ("€" * 152, "GSM-7", 304, 2),
        ("€" * 153, "GSM-7", 306, 3),
        ("[a]{b}|~^\\\f", "GSM-7", 20, 1),
        ("é à ñ Ñ ¿ ¡ ü", "GSM-7", 13, 1),
        ("á", "UCS-2", 1, 1),
        ("`", "UCS-2", 1, 1),
        ("ç", "UCS-2", 1, 1),
        ("’" + "a" * 69, "UCS-2", 70, 1),
        ("’" + "a" * 70, "UCS-2", 71, 2),
        ("’" + "a" * 150, "UCS-2", 151, 3),
        ("’" + "a" * 133, "UCS-2", 134, 2),
        ("’" + "a" * 134, "UCS-2", 135, 3),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
        ("😀" * 66, "UCS-2", 132, 2),
        ("😀" * 67, "UCS-2", 134, 3),
        ("a" * 66 + "😀" + "a" * 3, "UCS-2", 71, 2),
        ("👩‍⚕️", "UCS-2", 5, 1),
    ],
)
def test_texts_of_known_length(text, alphabet, units, parts):
    found = segments(text)
    assert (found.alphabet, found.units, found.segments) == (alphabet, units, parts) == plainly(text)


def test_a_pair_is_never_cut_in_two():
    for before in range(140, 160):
        assert segments("a" * before + "€" * 10) == plainly("a" * before + "€" * 10)
    for before in range(60, 75):
        assert segments("a" * before + "😀" * 10) == plainly("a" * before + "😀" * 10)
    # One place is lost at the cut: 153 + 153 units would have fitted otherwise.
    assert segments("a" * 152 + "€" + "a" * 152) == ("GSM-7", 306, 3)


PLAIN = st.text(st.sampled_from(sorted(set(DEFAULT) - {"\x1b"}) + list(EXTENSION.values())), max_size=500)
MIXED = st.text(st.sampled_from("ab€[á’😀𝟘"), max_size=400)


@given(st.one_of(PLAIN, MIXED, st.text(max_size=300)))
def test_every_text_is_counted_as_it_is_encoded(text):
    assert segments(text) == plainly(text)


@given(st.lists(st.text(st.sampled_from("ab€á😀"), max_size=60), min_size=1, max_size=8))
def test_a_longer_text_takes_no_fewer_parts(pieces):
    texts = ["".join(pieces[:count]) for count in range(len(pieces) + 1)]
    for shorter, longer in pairwise(texts):
        assert segments(shorter).segments <= segments(longer).segments


@given(st.text())
def test_the_signs_that_force_the_wide_alphabet_are_all_named(text):
    named = forces_ucs2(text)
    assert bool(named) == (segments(text).alphabet == "UCS-2")
    assert [sign for sign, _, _ in named] == sorted({sign for sign, _, _ in named}, key=text.index)
    assert all(text.index(sign) == at and name for sign, name, at in named)
    assert (
        segments("".join(letter for letter in text if letter not in {sign for sign, _, _ in named})).alphabet == "GSM-7"
    )


def test_the_signs_have_names_for_people():
    assert forces_ucs2("It’s “fine” – á 😀 it’s") == [
        Foreign("’", "right single quotation mark", 2),
        Foreign("“", "left double quotation mark", 5),
        Foreign("”", "right double quotation mark", 10),
        Foreign("–", "en dash", 12),
        Foreign("á", "latin small letter a with acute", 14),
        Foreign("😀", "grinning face", 16),
    ]
    assert forces_ucs2("\ue000\x00") == [Foreign("\ue000", "U+E000", 0), Foreign("\x00", "U+0000", 1)]


@given(st.text())
def test_plain_letters_are_always_of_the_short_alphabet(text):
    assert segments(gsm(unicodedata.normalize("NFD", text))).alphabet == "GSM-7"


@pytest.mark.parametrize(
    ("name", "plain"), [("Łucja", "Lucja"), ("Đorđe", "Dorde"), ("Þóra", "Thora"), ("Cœur", "Coeur")]
)
def test_no_name_loses_a_letter(name, plain):
    assert gsm(name) == plain
