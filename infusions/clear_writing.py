"""How dosing and protocol values may be written.

Forms that are known to be misread are sent back to the writer with words; nothing is ever rewritten for them.
"""

import re

# Each: what it looks like, and what to say. The words hold no number that could be taken for a suggestion.
UNCLEAR_NUMBERS = (
    (re.compile(r"(?<![\d.,])[.,]\d"), "begins with the decimal point. Type a digit before the point."),
    (re.compile(r"\d\.\d*0(?!\d)"), "ends in a zero after the decimal point. Type it without that zero."),
    (re.compile(r"\d,\d"), "holds a comma. Type a point for decimals, and no sign between thousands."),
)
UNCLEAR_END = (re.compile(r"\d\.(?!\d)"), "ends in a decimal point. Type it without the point, or finish the number.")
UNCLEAR_UNITS = (
    (re.compile(r"(?<![A-Za-z])I?U(?![A-Za-z])|\d\s*u(?![A-Za-z])|^\s*i?u\s*$"), "Write “units” out in full."),
    (re.compile(r"[\u00b5\u03bc]"), "The sign for micro is misread as milli. Write “mcg” or “micrograms”."),
)


def unclear(text: str, *, prose: bool = False) -> str:
    """What makes this text easy to misread, in words that ask to type it again; empty when it is clear.

    In `prose` a number may end a sentence.
    """
    for pattern, words in UNCLEAR_UNITS:
        if pattern.search(text):
            return words
    numbers = UNCLEAR_NUMBERS if prose else (*UNCLEAR_NUMBERS, UNCLEAR_END)
    for pattern, words in numbers:
        found = pattern.search(text)
        if found:
            return f"“{_around(text, found)}” {words}"
    return ""


def _around(text: str, found: re.Match[str]) -> str:
    """The whole number that was found, as it was typed."""
    number = re.compile(r"[\d.,]+")
    spans = (match for match in number.finditer(text) if match.start() <= found.start() < match.end())
    return next(spans, found).group()


def whole(text: str) -> int:
    """A whole number typed in plain digits. Raises ValueError with words for anything else; guesses nothing."""
    typed = text.strip()
    if not re.fullmatch(r"0|[1-9][0-9]{0,4}", typed):
        raise ValueError("Type a whole number in digits alone: no point, no sign, no zero in front.")
    return int(typed)
