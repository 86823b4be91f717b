"""A clinic's own words for a message: which placeholders there are, what they become, and what must not go out. Pure.

Words that were typed are sent as they were typed; only the values of placeholders are written plain where the text
itself is in the short alphabet, so that a name does not cost a second part.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.dateformat import format as formatted

from notifications.segments import GSM, gsm, segments
from notifications.wording import foot_of, language_of, sender, tells_too_much, when

LONGEST = {"subject": 120, "text": 2000}
# What the ledger keeps of a subject as it was sent.
LONGEST_SENT_SUBJECT = 200
PLACEHOLDERS = {
    "first_name": "the first name",
    "initials": "the initials",
    "clinic": "the clinic's name",
    "weekday": "the day of the week",
    "date": "day and month",
    "time": "the time by the clinic's clock",
    "phone": "the clinic's telephone",
    "link": "the link to the patient's page, in reminders and where something is asked",
}
MARK = re.compile(r"\{([^{}]*)\}")
ADDRESS = re.compile(r"https?:|www\.|\b[a-z0-9-]+\.(?:com|org|net|ly|io|me|info|health|clinic)\b", re.IGNORECASE)
STOP = re.compile(r"\bSTOP\b")
# What has to stand in a message, and by the purposes for which it is something else. "date": or the day of the week.
NEEDED = ("clinic", "time", "phone", "date")
NEEDED_FOR = {
    "pre-visit-questions": (*NEEDED, "link"),
    "waitlist-offer": (*NEEDED, "link"),
    "questionnaire": ("clinic", "phone", "link"),
}
WEEKDAY, DATE = {"en": "l", "es": "l"}, {"en": "F j", "es": r"j \d\e F"}


class Fault(NamedTuple):
    """What is wrong with a field, for the person who writes it."""

    field: str
    words: str


def values(
    *,
    first_name: str,
    initials: str,
    sender_name: str,
    phone: str,
    start: datetime,
    tz: ZoneInfo,
    link: str,
    language: str,
) -> dict[str, str]:
    """What the placeholders become for one visit, by the clock of `tz`, the clinic's."""
    tongue, local = language_of(language), start.astimezone(tz)
    with translation.override(tongue):
        weekday, date = formatted(local, WEEKDAY[tongue]), formatted(local, DATE[tongue])
    return {
        "first_name": first_name,
        "initials": initials,
        "clinic": sender(sender_name, tongue),
        "weekday": weekday,
        "date": date,
        "time": when(start, tz, tongue)["time"],
        "phone": phone,
        "link": link,
    }


def text_message(text: str, words: Mapping[str, str]) -> str:
    """A text message as it goes out. Where there is no link, its placeholder is left out."""
    plain = segments(MARK.sub("", text)).alphabet == GSM
    told = {name: gsm(value) if plain else value for name, value in words.items()}
    return re.sub(r" {2,}", " ", _put(text, told)).strip()


def email(text: str, words: Mapping[str, str], language: str, *, purpose: str = "reminder") -> str:
    """The text of an email as it goes out, with what stands under every one. Where there is no link, its line is left
    out."""
    lines = [line for line in text.splitlines() if words["link"] or "{link}" not in line]
    return f"{_put(chr(10).join(lines), words).strip()}\n\n{_put(foot_of(purpose, language_of(language)), words)}\n"


def subject_line(text: str, words: Mapping[str, str]) -> str:
    """The subject of an email as it goes out."""
    return " ".join(_put(text, words).split())


def _put(text: str, words: Mapping[str, str]) -> str:
    return MARK.sub(lambda mark: words.get(mark.group(1), ""), text)


def faults(
    *,
    channel: str,
    subject: str,
    text: str,
    sample: Mapping[str, str],
    may_be_long: bool,
    purpose: str = "reminder",
) -> list[Fault]:
    """Everything that keeps these words from being used. `sample` are values as long as they get."""
    found = [*_marks("text", text), *_told("text", text)]
    found += [Fault("text", f"Say {PLACEHOLDERS[name]}: {{{name}}}.") for name in _missing(text, purpose)]
    if channel == "sms":
        found += _of_text(text, sample, may_be_long=may_be_long)
    else:
        found += [*_marks("subject", subject), *_told("subject", subject)]
        if not subject.strip():
            found.append(Fault("subject", "Give the email a subject."))
        if len(subject_line(subject, sample)) > LONGEST_SENT_SUBJECT:
            found.append(Fault("subject", "With its placeholders filled in this is too long for a subject."))
        if {"first_name", "initials"} & set(MARK.findall(subject)):
            found.append(Fault("subject", "No name in the subject: it shows on locked screens."))
    return found


def _of_text(text: str, sample: Mapping[str, str], *, may_be_long: bool) -> Iterator[Fault]:
    if not STOP.search(text):
        yield Fault("text", "Say how to end the texts, with the word STOP.")
    if "\n" in text.strip():
        yield Fault("text", "A text message is one line.")
    parts = segments(text_message(text, sample)).segments
    if parts > 1 and not may_be_long:
        yield Fault("may_be_long", f"This goes out in {parts} parts. Make it shorter, or say that it may.")


def _marks(field: str, text: str) -> Iterator[Fault]:
    for name in dict.fromkeys(MARK.findall(text)):
        if name not in PLACEHOLDERS:
            yield Fault(field, f"There is no placeholder {{{name}}}.")
    if set("{}") & set(MARK.sub("", text)):
        yield Fault(field, "A brace stands alone. Placeholders are written {clinic}.")


def _told(field: str, text: str) -> Iterator[Fault]:
    if tells_too_much(text):
        yield Fault(field, "This tells what is treated. Whoever sees the telephone would read it.")
    if ADDRESS.search(MARK.sub("", text)):
        yield Fault(field, "No address but {link}: networks hold back texts with others.")


def _missing(text: str, purpose: str) -> list[str]:
    """What a message of this purpose has to say and does not; the day is said by its date or its weekday."""
    there = set(MARK.findall(text))
    there |= {"date"} if "weekday" in there else set()
    return [name for name in NEEDED_FOR.get(purpose, NEEDED) if name not in there]
