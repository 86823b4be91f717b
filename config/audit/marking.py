"""What was taken out of a long text and what was put into it, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "deleted", "inserted", "skipped"]
# From this many characters on a text is read as a text and not as a value.
LONG = 80
# Of what stayed the same, this many words are shown on each side of a change.
AROUND = 8
# Comparing takes the product of both lengths; beyond this the changed stretch is shown as a whole.
MOST = 4_000_000
TOKEN = re.compile(r"\S+|\s+")
WORD = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True)
class Part:
    """A stretch of text, as it was written: plain text, to be escaped. Of `skipped` the text is left out."""

    kind: Kind
    text: str


def is_long(*texts: str) -> bool:
    """Whether any of them is more than a word or two."""
    return any(len(text) > LONG or "\n" in text for text in texts)


def marked(before: str, after: str) -> list[Part]:
    """The later text with what went and what came marked; words far from any change are left out."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    end_old, end_new = len(old) - tail, len(new) - tail
    parts = [
        Part("same", "".join(old[:head])),
        *_compared(old[head:end_old], new[head:end_new]),
        Part("same", "".join(old[end_old:])),
    ]
    whole = [part for part in parts if part.text]
    last = len(whole) - 1
    return [short for nth, part in enumerate(whole) for short in _near(part, first=nth == 0, last=nth == last)]


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with: most texts only grow, and need no comparing."""
    return next(
        (nth for nth, (was, word) in enumerate(zip(old, new, strict=False)) if was != word), min(len(old), len(new))
    )


def _compared(old: list[str], new: list[str]) -> Iterator[Part]:
    if len(old) * len(new) > MOST:
        yield from (Part("deleted", "".join(old)), Part("inserted", "".join(new)))
        return
    gone, come = "", ""
    # Of a long text it takes no word for a landmark that comes again and again: the time stays bounded.
    found = SequenceMatcher(None, old, new).get_opcodes()
    for nth, (tag, a, b, c, d) in enumerate(found):
        was, became = "".join(old[a:b]), "".join(new[c:d])
        # A space between two changed words belongs to the change.
        if tag != "equal" or (was.isspace() and 0 < nth < len(found) - 1):
            gone, come = gone + was, come + became
            continue
        yield from (Part("deleted", gone), Part("inserted", come), Part("same", was))
        gone, come = "", ""
    yield from (Part("deleted", gone), Part("inserted", come))


def _near(part: Part, *, first: bool, last: bool) -> Iterator[Part]:
    """Of a long stretch that stayed, only what stands beside a change."""
    words = WORD.findall(part.text) if part.kind == "same" else []
    before, after = (0 if first else AROUND), (0 if last else AROUND)
    if len(words) <= before + after + AROUND:
        yield part
        return
    pieces = [
        Part("same", "".join(words[:before])),
        Part("skipped", ""),
        Part("same", "".join(words[len(words) - after :])),
    ]
    yield from (piece for piece in pieces if piece.text or piece.kind == "skipped")
