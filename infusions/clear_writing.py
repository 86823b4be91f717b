"""How dosing and protocol values may be written.

Forms that are known to be misread are sent back to the writer with words; nothing is ever rewritten for them.
"""

import re
import unicodedata
from itertools import pairwise

# Each: what it looks like, and what to say. The words hold no number that could be taken for a suggestion.
UNCLEAR_NUMBERS = (
    (re.compile(r"(?<!\d)[.,]\d"), "begins with the decimal point. Type a digit before the point."),
    (re.compile(r"\d\.\d*0(?!\d)"), "ends in a zero after the decimal point. Type it without that zero."),
    (re.compile(r"\d,\d"), "holds a comma. Type a point for decimals, and no sign between thousands."),
    (re.compile(r"\d['\u2019\u00b7\u066b\u066c_]\d"), "holds a sign between its digits. A point is for decimals."),
    (re.compile(r"\d[eE][+-]?\d"), "is written with an exponent. Write the number out."),
)
# In a field that holds one value; prose may well have these.
UNCLEAR_ALONE = (
    (re.compile(r"(?<![\d.,])0\d"), "begins with a zero. Type it without, or with the point that is missing."),
    (re.compile(r"\d\s+[\d.]|\d\.\s+\d"), "has a space inside. Type one number without spaces."),
    (re.compile(r"\d\s*/\s*\d"), "is a fraction. Write it as one number."),
    (re.compile(r"(?<![A-Za-z])[lIO]+\d|\d[lIO]+(?![A-Za-z])"), "has a letter that looks like a digit. Type it again."),
)
UNCLEAR_END = (re.compile(r"\d\.(?!\d)"), "ends in a decimal point. Type it without the point, or finish the number.")
NEAR_A_DIGIT = re.compile(r"(?<=\d)[^\w\s]|[^\w\s](?=\d)")
# Controls, formats (such as those that turn the direction of writing), line and paragraph ends; numbers of any script.
UNSEEN, DIGITS = {"Cc", "Cf", "Zl", "Zp"}, {"Nd", "Nl", "No"}
UNCLEAR_UNITS = (
    (
        re.compile(r"(?<![A-Za-z])[mM]?I?U(?![A-Za-z])|\d\s*u(?![A-Za-z])|^\s*i?u(?![A-Za-z])"),
        "Write “units” out in full.",
    ),
    (
        re.compile(r"[\u00b5\u03bc]|(?<![A-Za-z])ug(?![A-Za-z])"),
        "The sign for micro, or a u for it, is misread as milli. Write “mcg” or “micrograms”.",
    ),
)


def unclear(text: str, *, prose: bool = False) -> str:
    """What makes this text easy to misread, in words that ask to type it again; empty when it is clear.

    In `prose` a number may end a sentence.
    """
    if words := _unseen(text, prose=prose):
        return words
    # One sign that looks like two letters, or a wide one, is misread as what it looks like.
    plain = unicodedata.normalize("NFKC", text)
    for pattern, words in UNCLEAR_UNITS:
        if pattern.search(plain):
            return words
    numbers = UNCLEAR_NUMBERS if prose else (*UNCLEAR_NUMBERS, *UNCLEAR_ALONE, UNCLEAR_END)
    for pattern, words in numbers:
        found = pattern.search(text)
        if found:
            return f"“{_around(text, found)}” {words}"
    return _look_alike(text)


def _look_alike(text: str) -> str:
    """A sign between or beside digits that looks like one of the keyboard and is another."""
    for found in NEAR_A_DIGIT.finditer(text):
        plain = unicodedata.normalize("NFKC", found.group())
        if plain != found.group() and len(plain) == 1:
            return f"“{_around(text, found)}” holds a sign that only looks like one of the keyboard. Type it again."
    return ""


def _unseen(text: str, *, prose: bool) -> str:
    """Signs that nobody sees, or that look like a digit and are none, or like one on another line."""
    for before, sign in pairwise(f" {text}"):
        kind = unicodedata.category(sign)
        if kind == "Zs" and sign != " ":
            return "This holds a space that no key types. Type it again by hand."
        if kind in UNSEEN and not (prose and sign in "\r\n\t"):
            return "This holds a sign that cannot be seen, or a line break. Type it again by hand."
        is_power = sign in "\u00b2\u00b3" and before.isalpha()  # square and cubic metres
        if kind in DIGITS and not sign.isascii() and not is_power:
            return f"“{sign}” is not a plain digit. Type digits from the keyboard, and fractions as one number."
    return ""


def _around(text: str, found: re.Match[str]) -> str:
    """The whole number that was found, as it was typed."""
    number = re.compile(r"\S*\d\S*(\s+[\d.]\S*)*")
    spans = (match for match in number.finditer(text) if match.start() <= found.start() < match.end())
    return next(spans, found).group()


def whole(text: str) -> int:
    """A whole number typed in plain digits. Raises ValueError with words for anything else; guesses nothing."""
    typed = text.strip()
    if not re.fullmatch(r"0|[1-9][0-9]{0,4}", typed):
        raise ValueError("Type a whole number in digits alone: no point, no sign, no zero in front.")
    return int(typed)
