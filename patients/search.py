"""Which of them is this person? Finds patients by whatever somebody on the phone says first.

Every part of what was typed must fit the same person: parts of names in any order, a birth date in any common form,
the end of a phone number, a record number. Accents do not matter. Where nobody fits, one slip in a name is forgiven.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from config.staff.models import Clinic
from patients.dates import readings
from patients.models import Patient, SearchName
from patients.person import tidy

LONGEST = 100
FORGIVEN_FROM = 4  # letters: a slip in a shorter name fits too many others
# Every letter has its slips, and the database has to weigh them all: a slip is forgiven in so many letters at most.
FORGIVEN_LETTERS = 24
LONGEST_WORD = 60
PHONE_END = 3
FULL_NUMBER = 10
CONSIDERED = 50
Words = dict[str, list[str]]


@dataclass(frozen=True)
class Term:
    """One part of what was typed, and all that it may be."""

    text: str
    dates: tuple[date, ...] = ()

    @property
    def digits(self) -> str:
        """Its digits, when it is made of nothing but a number's signs."""
        return re.sub(r"\D", "", self.text) if re.fullmatch(r"[\d\s()+./-]+", self.text) else ""


def search(*, clinic: Clinic, text: str, limit: int = 8) -> list[Patient]:
    """The clinic's patients who fit all of the text; whole names first, then by name. At most `limit`."""
    parts = list(terms(tidy(text)[:LONGEST], today=clinic.today(timezone.now())))
    if not parts:
        return []
    words = _plain_words(parts)
    found = _fitting(clinic, parts, words, forgiving=False) or _fitting(clinic, parts, words, forgiving=True)
    typed = {word for part in parts for word in words[part.text]}
    return sorted(found, key=lambda patient: -len(typed.intersection(patient.search_name.split())))[:limit]


def same_name(patients: list[Patient]) -> str:
    """A warning when two of those found share their name; an empty string otherwise."""
    names = Counter(f"{p.given_name} {p.family_name}".casefold() for p in patients)
    many = max(names.values(), default=0)
    return "" if many < 2 else f"{_count(many)} people have the same name: compare the birth dates."


def terms(text: str, *, today: date) -> Iterator[Term]:
    """Cut what was typed into parts; a date or a phone number may span several words."""
    words = text.replace(",", " ").split()
    while words:
        term = _first(words, today)
        words = words[len(term.text.split()) :]
        yield term


def _first(words: list[str], today: date) -> Term:
    for size in (4, 3, 2, 1):
        chunk = " ".join(words[:size])
        if size <= len(words) and (found := readings(chunk, today=today)):
            return Term(chunk, tuple(found))
    numbers = list(takewhile(lambda word: Term(word).digits, words))
    whole = " ".join(numbers)
    return Term(whole if len(re.sub(r"\D", "", whole)) >= FULL_NUMBER else words[0])


def _fitting(clinic: Clinic, parts: list[Term], words: Words, *, forgiving: bool) -> list[Any]:
    found = Patient.objects.filter(clinic=clinic, merged_into=None).annotate(
        search_name=SearchName("given_name", "preferred_name", "family_name")
    )
    forgiven = _forgiven(parts, words) if forgiving else frozenset()
    for term in parts:
        found = found.filter(_fits(term, words[term.text], forgiven=forgiven))
    return list(found.order_by("family_name", "given_name", "birth_date", "id")[:CONSIDERED])


def _forgiven(parts: list[Term], words: Words) -> frozenset[str]:
    """The words in which a slip is forgiven: the first ones, until their letters are used up."""
    found: list[str] = []
    for word in (word for part in parts for word in words[part.text]):
        if len(word) >= FORGIVEN_FROM and sum(map(len, [*found, word])) <= FORGIVEN_LETTERS:
            found.append(word)
    return frozenset(found)


def _fits(term: Term, words: list[str], *, forgiven: frozenset[str]) -> Q:
    alike = Q(birth_date__in=term.dates) if term.dates else Q()
    if len(term.digits) >= PHONE_END:
        alike |= Q(mobile__endswith=term.digits[-FULL_NUMBER:])
    if any(sign.isdigit() for sign in term.text):
        return alike | _numbered(term)
    return alike | _named(words, forgiven=forgiven)


def _numbered(term: Term) -> Q:
    """The record number, whole or without its zeros; one that was merged leads to the record that stays."""
    number = Q(record_number__iexact=term.text)
    if term.digits:
        number |= Q(record_number__iexact=f"R-{term.digits:0>6}")
    return number | Q(pk__in=Patient.objects.filter(number, merged_into__isnull=False).values("merged_into"))


def _named(words: list[str], *, forgiven: frozenset[str]) -> Q:
    alike = Q()
    for word in words:
        ways = _slips(word) if word in forgiven else [word]
        alike &= Q(search_name__regex=f"(^|[ -])({'|'.join(ways)})")
    return alike or Q(pk=None)


def _slips(word: str) -> list[str]:
    """The word, and every way to get one letter of it wrong: another, one missing, one too many, two swapped."""
    found = [word]
    for at in range(len(word)):
        head, letter, tail = word[:at], word[at], word[at + 1 :]
        found += [f"{head}[^ ]{tail}", f"{head}{tail}", f"{head}[^ ]{letter}{tail}"]
        if tail:
            found.append(f"{head}{tail[0]}{letter}{tail[1:]}")
    return found


def _plain_words(parts: list[Term]) -> Words:
    """The words of each part as the database compares them."""
    texts = [part.text for part in parts]
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, desk_plain(text) FROM unnest(%s::text[]) AS text", [texts])
        return {text: [word[:LONGEST_WORD] for word in re.findall(r"\w+", plain)] for text, plain in cursor.fetchall()}


def _count(number: int) -> str:
    return {2: "Two", 3: "Three", 4: "Four"}.get(number, str(number))
