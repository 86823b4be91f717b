"""What a set of answers says as one number, where its published scoring is that plain. Computed when it is read.

A sum stands only where every item is answered: nothing is imputed, and a missing answer is not a zero. No number here
is compared with anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from infusions.models import Questionnaire, QuestionnaireResponse


@dataclass(frozen=True)
class Reading:
    """`number`: the sum, or the answer itself where one thing is asked; None where there is no such number.

    `answered` of `asked` items have an answer.
    """

    number: int | None
    answered: int
    asked: int

    @property
    def is_complete(self) -> bool:
        return self.answered == self.asked


def plain_sum(values: Sequence[int | None]) -> int | None:
    """The sum of all the answers; None when one is missing, or when there are none."""
    given = [value for value in values if value is not None]
    return sum(given) if given and len(given) == len(values) else None


def read(response: QuestionnaireResponse) -> Reading:
    """The response as a number, if it has one. Reads what `Responses.with_answers` has fetched."""
    values = [answer.option.value if answer.option else None for answer in response.answers.all()]
    answered = sum(value is not None for value in values)
    return Reading(
        plain_sum(values) if has_number(response.questionnaire, len(values)) else None, answered, len(values)
    )


def has_number(questionnaire: Questionnaire, items: int) -> bool:
    """Whether its answers can be read as one number."""
    return questionnaire.plain_sum or items == 1
