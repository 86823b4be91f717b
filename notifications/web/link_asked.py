"""What the patient's page asks besides whether they come: questions before the visit, how they are after it."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone, translation

from notifications import elsewhere
from notifications.link_words import Words, words_in
from notifications.models import Purpose, VisitLink
from notifications.purposes import Switches
from notifications.web.link_forms import QuestionsForm
from notifications.wording import when
from scheduling import questions


def questions_of(link: VisitLink, words: Words, tongue: str, data: Any = None) -> QuestionsForm | None:
    """The clinic's questions with what was answered so far; None where it asks nothing before visits of this type."""
    visit = link.message.appointment
    if not Switches.read().is_on(visit.clinic_id, visit.visit_type_id, Purpose.QUESTIONS):
        return None
    asked = questions.asked(visit.clinic_id)
    if not asked:
        return None
    said = {told.answer.question_id: told.answer.said for told in questions.of_visit(visit)}
    with translation.override(tongue):
        return QuestionsForm(data, words=words, tongue=tongue, asked=asked, said=said)


# How a page names what was chosen: the sheet's number and the item's place; the value is the place of the answer.
CHOSEN = re.compile(r"a(?P<sheet>[0-9]{1,2})-(?P<item>[0-9]{1,3})")
Chosen = dict[UUID, dict[int, int]]


def chosen_in(data: Mapping[str, str]) -> Chosen:
    """What was chosen, by questionnaire as the page named it; whatever else was sent is passed over."""
    found: Chosen = {}
    for name, value in data.items():
        named = CHOSEN.fullmatch(name)
        sheet = _uuid(data.get(f"sheet{named['sheet']}", "")) if named else None
        if named and sheet and value.isascii() and value.isdecimal() and len(value) < 4:
            found.setdefault(sheet, {})[int(named["item"])] = int(value)
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def sheets_of(link: VisitLink, chosen: Chosen) -> list[dict[str, Any]]:
    """What this message asks and was not answered yet, as its page draws it, with what was chosen so far."""
    message = link.message
    days = message.offset_hours // 24
    asked = elsewhere.sheets(visit=message.appointment, days=days, message_id=message.pk)
    return [
        {
            "number": number,
            "sheet": sheet,
            "items": [
                {
                    "item": item,
                    "name": f"a{number}-{item.position}",
                    "chosen": chosen.get(sheet.id, {}).get(item.position),
                }
                for item in sheet.items
            ],
        }
        for number, sheet in enumerate(asked, 1)
        if not sheet.answered
    ]


def offer_of(link: VisitLink, tongue: str) -> dict[str, Any]:
    """Until when the offered time is kept, in words, and what was said of it: True, False or None."""
    held = link.message.appointment
    until = when(held.held_until or held.start, held.clinic.tz, tongue)
    said = elsewhere.said_of_offer(held.pk, timezone.now())
    kept = words_in(tongue)["offer_until"].format(until=f"{until['short_day']}, {until['time']}")
    return {"until_words": kept, "said": said}
