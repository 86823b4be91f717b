"""What the patient's page asks besides whether they come: the clinic's questions before the visit."""

from typing import Any

from django.utils import translation

from notifications.link_words import Words
from notifications.models import Purpose, VisitLink
from notifications.purposes import Switches
from notifications.web.link_forms import QuestionsForm
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
