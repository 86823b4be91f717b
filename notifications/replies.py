"""What a patient's answer to a text message means. Pure; the words are in `reply_words.py`.

To opt out by mistake costs a patient their reminders, and to miss an opt-out breaks the law. So a word that can hardly
mean anything else (`cancel`, `unsubscribe`, `opt out`) opts out wherever it stands, one of everyday speech (`stop`,
`end`, `baja`) only where the words around it do not make it something else. Whatever is left goes to a person, and
nothing is sent meanwhile: `human` is always the safe answer.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence, Set
from enum import StrEnum

from notifications import reply_words as said


class Reply(StrEnum):
    """What to do with an answer. `human`: somebody has to read it."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    CONFIRM = "confirm"
    HUMAN = "human"


Words = Sequence[str]
APOSTROPHES = dict.fromkeys(map(ord, "'’‘‛ʼ`´′＇"))
ENDS_A_CLAUSE = re.compile(r"[\n\r\u2028\u2029.!?;:,()|—–…¡¿\"“”«»]+|\s[-/]+\s")
WORD = re.compile(r"[^\W_]+")
WIDE = re.compile(r"[^\S\n\r\u2028\u2029]+")
THRICE = re.compile(r"(.)\1{2,}")
SPELLED_OUT = re.compile(r"(?<![^\W_])(?:[^\W\d_][\s.\-_*]{1,3}){2,10}[^\W\d_](?![^\W_])")
# So many small words may stand between an opt-out and what it is about: "stop with all of these texts".
NEAR = 5


def classify(text: str) -> Reply:
    """What the answer means. Letters' case, accents, spaces and outer punctuation make no difference. Never raises."""
    clauses = _clauses(text)
    words = _paired([word for clause in clauses for word in clause])
    if not words or said.REACTION.match(_plain(text)):
        return Reply.HUMAN
    if any(_opts_out(clause) for clause in [*clauses, words]):
        return Reply.STOP
    if not said.SIGNS_OF_NO.isdisjoint(text):
        return Reply.HUMAN
    return next((reply for reply, means in MEANS if means(words)), Reply.HUMAN)


def asks_to_cancel(text: str) -> bool:
    """Whether the answer says CANCEL or the like. It opts out and never cancels a visit, so somebody has to call."""
    return any(word in said.CANCEL for clause in _clauses(text) for word in clause)


def is_from_somebody_else(text: str) -> bool:
    """Whether the number seems to belong to another person than the patient."""
    told = f" {' '.join(word for clause in _clauses(text) for word in clause)} "
    return any(f" {phrase} " in told for phrase in said.SOMEBODY_ELSE)


def _clauses(text: str) -> list[Words]:
    """The words of each clause, small, plain letters only, without what a telephone or we ourselves added."""
    plain = _plain(text)
    plain = SPELLED_OUT.sub(_joined, plain)
    for pattern in said.NOT_THEIR_WORDS:
        plain = pattern.sub("\n", plain)
    found = (_words(clause) for clause in ENDS_A_CLAUSE.split(plain))
    return [words for words in found if words]


def _plain(text: str) -> str:
    """Small letters without accents, apostrophes, invisible signs; full-width and other forms as plain ones, spaces of
    any width as one."""
    letters = unicodedata.normalize("NFKD", text.translate(APOSTROPHES).replace("…", "."))
    kept = (letter for letter in letters if letter.isspace() or unicodedata.category(letter) not in said.UNSEEN)
    return WIDE.sub(" ", "".join(kept).casefold().translate(APOSTROPHES))


def _joined(match: re.Match[str]) -> str:
    """S.T.O.P. as a word; other single letters stay apart."""
    together = "".join(filter(str.isalpha, match[0]))
    return together if together in said.WORDS_TO_SPELL else match[0]


def _words(clause: str) -> Words:
    """The words; `stooop` is `stop`, two words that make one are one, and pet names for words are the words."""
    found = [THRICE.sub(r"\1", word) for word in WORD.findall(clause)]
    return _paired([said.SAME.get(word, word) for word in found])


def _paired(words: Words) -> Words:
    """`opt out`, `opt me out` and `dar de baja` as one word each."""
    told = f" {' '.join(words)} "
    for phrase, word in said.PAIRS.items():
        told = told.replace(f" {phrase} ", f" {word} ")
    return told.split()


def _opts_out(words: Words) -> bool:
    return any(
        _means_it(words, at) for at, word in enumerate(words) if word in said.OPT_OUT and not _is_taken_back(words, at)
    )


def _is_taken_back(words: Words, at: int) -> bool:
    """`don't stop`, `no quiero cancelar`; `bus stop`, `the end`; `if I cancel`, `cancel policy`."""
    nothing: frozenset[str] = frozenset()
    before, after = said.NOUNS_BEFORE.get(words[at], nothing), said.NOUNS_AFTER.get(words[at], nothing)
    if not before.isdisjoint(words[max(at - 1, 0) : at]) or not after.isdisjoint(words[at + 1 : at + 2]):
        return True
    no = said.NO_SPANISH if words[at] in said.SPANISH else said.NO
    for word in reversed(words[:at]):
        if word in no or word in said.SUPPOSING:
            return True
        if word not in said.BETWEEN_NO_AND_WORD:
            return False
    return False


def _means_it(words: Words, at: int) -> bool:
    return (
        words[at] in said.PLAIN_OPT_OUT
        or _is_about_messages(words[at + 1 : at + 2 + NEAR])
        or _leads(words, at)
        or (words[at] not in said.ONLY_FIRST and _only(words, said.BESIDE_STOP | said.OPT_OUT))
    )


def _is_about_messages(after: Words) -> bool:
    for word in after:
        if word in said.ABOUT_MESSAGES:
            return True
        if word not in said.BESIDE_STOP:
            return False
    return False


def _leads(words: Words, at: int) -> bool:
    """`please stop, or I ...`: it comes first, and what follows is not what is to be stopped."""
    after = [word for word in words[at + 1 :] if word not in said.POLITE]
    if not _only(words[:at], said.POLITE):
        return False
    if words[at] in said.ONLY_FIRST:
        return not after or _only(after, {"ya", "de"})
    if words[at] not in said.LEADING:
        return False
    rest = after[1:] if after and after[0] in said.POINTING else after
    return not rest or rest[0] in said.GOES_ON


def _only(words: Iterable[str], these: Set[str]) -> bool:
    return all(word in these for word in words)


def _has(words: Words, these: Set[str]) -> bool:
    return any(word in these for word in words)


def _starts(words: Words) -> bool:
    return _has(words, said.START) and _only(words, said.START | said.BESIDE_START | said.POLITE)


def _asks_for_help(words: Words) -> bool:
    return _has(words, said.HELP) and _only(words, said.HELP | said.BESIDE_HELP | said.POLITE)


def _confirms(words: Words) -> bool:
    """A yes, and beside it nothing but kind words. A day or an hour is for a person: it may be another one."""
    told = f" {' '.join('confirm' if _is_confirm(word) else word for word in words)} "
    for phrase in said.BESIDE_YES:
        told = told.replace(f" {phrase} ", " confirm " if "confirm" in phrase else " , ")
    rest = told.replace(",", " ").split()
    letters = {"y", "c"} if len(rest) == len(words) else set()
    yes = said.YES | {"confirm"} | letters
    return _has(rest, yes) and _only(rest, yes | said.POLITE)


def _is_confirm(word: str) -> bool:
    return any(_within_one_slip(word, base) for base in said.CONFIRM)


def _within_one_slip(word: str, base: str) -> bool:
    """Whether one letter more, less, other, or two swapped make the one the other."""
    if word == base:
        return True
    if abs(len(word) - len(base)) > 1:
        return False
    same = next(
        (at for at, pair in enumerate(zip(word, base, strict=False)) if pair[0] != pair[1]), min(len(word), len(base))
    )
    tail, other = word[same:], base[same:]
    swapped = len(tail) > 1 and len(other) > 1 and tail[1] + tail[0] + tail[2:] == other
    return swapped or tail[1:] == other[1:] or tail[1:] == other or tail == other[1:]


MEANS = ((Reply.START, _starts), (Reply.HELP, _asks_for_help), (Reply.CONFIRM, _confirms))
