"""How many parts a text message goes out in, and why. Pure.

3GPP TS 23.038: a text wholly in the 7-bit alphabet takes 160 units alone and 153 in each part of a longer one,
any other 70 and 67. A part never ends inside a letter of two units.
"""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

GSM = "GSM-7"
UCS2 = "UCS-2"
SMS_LIMIT = 160
# Units alone, and in each of several parts, which begin with a header of six octets.
ROOM = {GSM: (SMS_LIMIT, 153), UCS2: (70, 67)}
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Written as an escape and a letter: two units each.
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
# Letters that are no accent on another one.
PLAIN = str.maketrans(
    {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ħ": "h", "Ħ": "H"}
    | {"ı": "i", "ĸ": "k", "ŧ": "t", "Ŧ": "T", "ŋ": "n", "Ŋ": "N", "œ": "oe", "Œ": "Oe", "ẞ": "SS"}
)
TYPOGRAPHIC = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "})


class Segments(NamedTuple):
    """`units`: septets of GSM-7 or code units of UTF-16. `segments`: the parts that are paid for; none for no text."""

    alphabet: str
    units: int
    segments: int


class Foreign(NamedTuple):
    """A sign that the 7-bit alphabet lacks: the sign, its Unicode name, and where it stands first, from 0."""

    sign: str
    name: str
    at: int


def segments(text: str) -> Segments:
    """In which alphabet a text goes out, how long it is there, and in how many parts."""
    alphabet = GSM if all(letter in GSM_BASIC or letter in GSM_EXTENSION for letter in text) else UCS2
    lengths = [_units(letter, alphabet) for letter in text]
    alone, joined = ROOM[alphabet]
    units = sum(lengths)
    return Segments(alphabet, units, min(units, 1) if units <= alone else _parts(lengths, joined))


def forces_ucs2(text: str) -> list[Foreign]:
    """The signs for which the text does not fit into the 7-bit alphabet, each once, in their order."""
    found: dict[str, Foreign] = {}
    for at, sign in enumerate(text):
        if sign not in GSM_BASIC and sign not in GSM_EXTENSION and sign not in found:
            found[sign] = Foreign(sign, unicodedata.name(sign, "").lower() or f"U+{ord(sign):04X}", at)
    return list(found.values())


def gsm(text: str) -> str:
    """The text in the GSM 7-bit alphabet: quotes, dashes and letters plain, accents that it lacks taken off, the rest
    left out."""
    return "".join(_gsm_letters(text.translate(TYPOGRAPHIC).translate(PLAIN)))


def _units(letter: str, alphabet: str) -> int:
    if alphabet == GSM:
        return 2 if letter in GSM_EXTENSION else 1
    return 2 if ord(letter) > 0xFFFF else 1


def _parts(lengths: list[int], room: int) -> int:
    parts, left = 1, room
    for length in lengths:
        if length > left:
            parts, left = parts + 1, room
        left -= length
    return parts


def _gsm_letters(text: str) -> Iterator[str]:
    for letter in unicodedata.normalize("NFC", text):
        if letter in GSM_BASIC:
            yield letter
        else:
            yield from (part for part in unicodedata.normalize("NFKD", letter) if part in GSM_BASIC)
