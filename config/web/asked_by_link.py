"""What `notifications` asks patients for the rooms beside it; told to it when the desk starts (`config.web.apps`)."""

from datetime import datetime
from uuid import UUID

from infusions import by_link
from notifications.elsewhere import Answers, Item, Sheet
from scheduling.models import Appointment

days_asked = by_link.days_asked


def sheets(visit: Appointment, days: int, message_id: UUID) -> list[Sheet]:
    """As plain values: places and words."""
    return [
        Sheet(
            id=one.questionnaire.pk,
            title=one.questionnaire.title,
            instruction=one.questionnaire.instruction,
            source=one.questionnaire.copyright,
            items=tuple(
                Item(
                    item.position, item.wording, tuple((option.position, option.label) for option in item.options.all())
                )
                for item in one.questionnaire.items.all()
            ),
            answered=one.answered,
        )
        for one in by_link.asked(visit=visit, days=days, message_id=message_id)
    ]


def receive(visit: Appointment, message_id: UUID, answers: Answers, now: datetime) -> int:
    """How many questionnaires were answered."""
    return len(by_link.receive(visit=visit, message_id=message_id, answers=answers, now=now))
