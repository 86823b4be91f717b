"""The outcome measures that come with the desk: their words, as a clinic asks them once it has switched them on.

PHQ-9 and GAD-7 are free to reproduce; NRS and PGIC are generic, and their wording here is ours. Nothing else ships:
`docs/adr/0013-outcome-measures.md` says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from infusions.models.questionnaires import Kind


@dataclass(frozen=True)
class Choice:
    """One answer that may be chosen, and the whole number that stands for it."""

    label: str
    value: int


@dataclass(frozen=True)
class Asked:
    """One item and the answers to choose from, in order."""

    wording: str
    options: tuple[Choice, ...]


@dataclass(frozen=True)
class Measure:
    """A questionnaire as it is asked."""

    title: str
    items: tuple[Asked, ...]
    instruction: str = ""
    copyright: str = ""
    plain_sum: bool = False


HOW_OFTEN = (
    Choice("Not at all", 0),
    Choice("Several days", 1),
    Choice("More than half the days", 2),
    Choice("Nearly every day", 3),
)
FREE = (
    "Developed by Drs. Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke and colleagues, with an educational grant "
    "from Pfizer Inc. No permission required to reproduce, translate, display or distribute."
)
LAST_TWO_WEEKS = "Over the last 2 weeks, how often have you been bothered by any of the following problems?"
PHQ_9_ITEMS = (
    "Little interest or pleasure in doing things",
    "Feeling down, depressed, or hopeless",
    "Trouble falling or staying asleep, or sleeping too much",
    "Feeling tired or having little energy",
    "Poor appetite or overeating",
    "Feeling bad about yourself — or that you are a failure or have let yourself or your family down",
    "Trouble concentrating on things, such as reading the newspaper or watching television",
    (
        "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so fidgety or "
        "restless that you have been moving around a lot more than usual"
    ),
    "Thoughts that you would be better off dead or of hurting yourself in some way",
)
GAD_7_ITEMS = (
    "Feeling nervous, anxious, or on edge",
    "Not being able to stop or control worrying",
    "Worrying too much about different things",
    "Trouble relaxing",
    "Being so restless that it is hard to sit still",
    "Becoming easily annoyed or irritable",
    "Feeling afraid, as if something awful might happen",
)
CHANGES = (
    "Very much better",
    "Much better",
    "A little better",
    "No change",
    "A little worse",
    "Much worse",
    "Very much worse",
)


def _often(wordings: tuple[str, ...]) -> tuple[Asked, ...]:
    return tuple(Asked(wording, HOW_OFTEN) for wording in wordings)


def _zero_to_ten() -> tuple[Choice, ...]:
    ends = {0: "0, no pain", 10: "10, the strongest pain you can think of"}
    return tuple(Choice(ends.get(number, str(number)), number) for number in range(11))


SHIPPED: Mapping[Kind, Measure] = {
    Kind.NRS: Measure(
        title="Pain, 0 to 10 (NRS)",
        items=(Asked("How strong is your pain at this moment?", _zero_to_ten()),),
    ),
    Kind.PGIC: Measure(
        title="Overall change (PGIC)",
        items=(
            Asked(
                "Compared with the time before this treatment began, how are you now, all in all?",
                tuple(Choice(label, number) for number, label in enumerate(CHANGES, 1)),
            ),
        ),
    ),
    Kind.PHQ_9: Measure(
        title="PHQ-9",
        items=_often(PHQ_9_ITEMS),
        instruction=LAST_TWO_WEEKS,
        copyright=FREE,
        plain_sum=True,
    ),
    Kind.GAD_7: Measure(
        title="GAD-7",
        items=_often(GAD_7_ITEMS),
        instruction=LAST_TWO_WEEKS,
        copyright=FREE,
        plain_sum=True,
    ),
}
# What each is called in the settings.
NAMES: Mapping[Kind, str] = {
    Kind.NRS: "NRS: pain from 0 to 10, one item",
    Kind.PGIC: "PGIC: change as the patient sees it, one item, seven answers",
    Kind.PHQ_9: "PHQ-9: mood, nine items",
    Kind.GAD_7: "GAD-7: worry, seven items",
}
