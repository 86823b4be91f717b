"""What a clinic asks before a visit, and what patients answer: the one door to both.

Answers are kept as they were typed. Nothing reads, weighs or concludes anything from them; clinicians do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from config.audit.acting import Actor, recorded
from config.audit.guards import in_words
from config.refusals import Clash, Invalid, NotFound, Stale
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from patients.person import tidy
from scheduling.models import Appointment, VisitAnswer, VisitQuestion
from scheduling.models.questions import LONGEST_ANSWER, LONGEST_QUESTION
from scheduling.states import Status

MOST = 8


@dataclass(frozen=True)
class Words:
    """A question in English and, if the clinic wrote it, in Spanish."""

    english: str
    spanish: str = ""


@dataclass(frozen=True)
class Told:
    """A question and what was answered to it last. `earlier`: how often it was answered before that."""

    answer: VisitAnswer
    earlier: int

    @property
    def question(self) -> str:
        """As staff read it. What the patient read is `answer.question.in_language(answer.language)`."""
        return self.answer.question.wording


def asked(clinic: Clinic | UUID) -> list[VisitQuestion]:
    """What the clinic asks now, in its order. One query."""
    return list(VisitQuestion.objects.filter(clinic=clinic, retired_at=None).order_by("position", "id"))


def clinics_that_ask() -> set[UUID]:
    """The clinics that ask anything before a visit. One query."""
    return set(VisitQuestion.objects.filter(retired_at=None).order_by().values_list("clinic", flat=True).distinct())


def mark_of(questions: Sequence[VisitQuestion]) -> str:
    """A name for the list as it stands, by which a stale form is told."""
    return sha256("\n".join(f"{one.wording}\t{one.wording_es}" for one in questions).encode()).hexdigest()[:16]


def ask(
    *, clinic: Clinic, questions: Sequence[Words], by: User, now: datetime, seen: str | None = None
) -> list[VisitQuestion]:
    """Ask these from now on, in this order. One that is gone is retired and keeps its answers.

    `seen` is the `mark_of` the list that the manager had before them. Raises Invalid (fields `english-1`, `spanish-1`
    and so on, counted as they were sent) and Stale when somebody changed the list in between.
    """
    require(by, Permission.MANAGE_CLINIC)
    if clinic.pk != by.clinic_id:
        raise NotFound("There is no such clinic.")
    wanted = _read(questions)
    with in_words(), recorded(by=by):
        Clinic.locked(clinic.pk)
        stands = asked(clinic)
        if seen is not None and seen != mark_of(stands):
            raise Stale(
                "Somebody else changed the questions in the meantime. Yours are kept here; look at both.",
                current=mark_of(stands),
            )
        _put(clinic, wanted, now)
    return asked(clinic)


def _read(questions: Sequence[Words]) -> list[Words]:
    errors: dict[str, list[str]] = {}
    read: list[Words] = []
    for number, typed in enumerate(questions, 1):
        words = Words(tidy(typed.english), tidy(typed.spanish))
        errors |= {f"{field}-{number}": [wrong] for field, wrong in _wrong(words, read).items()}
        if words.english:
            read.append(words)
    if errors:
        raise Invalid("The questions cannot be asked like this.", errors=errors)
    if len(read) > MOST:
        raise Invalid(f"At most {MOST} questions.")
    return read


def _wrong(words: Words, before: Sequence[Words]) -> dict[str, str]:
    """What is wrong with a question after those that stand before it, by field."""
    wrong = {
        field: f"At most {LONGEST_QUESTION} characters."
        for field, text in (("english", words.english), ("spanish", words.spanish))
        if len(text) > LONGEST_QUESTION
    }
    if words.spanish and not words.english:
        wrong["english"] = "Write it in English too: staff read it so."
    if words.english.casefold() in {one.english.casefold() for one in before}:
        wrong["english"] = "This is asked already."
    return wrong


def _put(clinic: Clinic, wanted: Sequence[Words], now: datetime) -> None:
    known = {(one.wording, one.wording_es): one for one in VisitQuestion.objects.filter(clinic=clinic)}
    for position, words in enumerate(wanted):
        one = known.pop((words.english, words.spanish), None)
        one = one or VisitQuestion(clinic=clinic, wording=words.english, wording_es=words.spanish)
        if one._state.adding or (one.position, one.retired_at) != (position, None):
            one.position, one.retired_at = position, None
            one.save()
    for one in known.values():
        if one.retired_at is None:
            one.retired_at = now
            one.save()


def answer(
    *, appointment_id: UUID, said: Mapping[UUID, str], language: str, how: str, by: Actor, now: datetime
) -> list[VisitAnswer]:
    """Keep what the patient answered, by question, `how` they said it ("link"). Returns what is new.

    What was said of a question already changes nothing; another answer is another row. A question that was retired
    while it was being answered is taken too. Raises Invalid by field (the question's id), Clash for a visit that is not
    to come any more.
    """
    given = {pk: _as_typed(text) for pk, text in said.items()}
    _check(given)
    with in_words(), recorded(by=by):
        visit = Appointment.locked(appointment_id)
        if visit.status != Status.BOOKED or visit.start <= now:
            raise Clash("This visit is not to come any more.")
        before = {told.answer.question_id: told.answer.said for told in of_visit(visit)}
        known = VisitQuestion.objects.filter(clinic=visit.clinic_id, pk__in=given).order_by("position", "id")
        new = [
            VisitAnswer(
                appointment=visit,
                placing=visit.placing,
                question=question,
                said=given[question.pk],
                language=language,
                how=tidy(how),
                at=now,
            )
            for question in known
            if given[question.pk] != before.get(question.pk, "")
        ]
        for row in new:
            row.save(force_insert=True)
    return new


def _as_typed(text: str) -> str:
    """Letter by letter, save for what no column takes and the ends of lines, which browsers write in their own way."""
    plain = text.replace("\0", "").replace("\r\n", "\n")
    return plain if plain.strip() else ""


def _check(given: Mapping[UUID, str]) -> None:
    errors = {
        str(pk): [f"At most {LONGEST_ANSWER} letters."] for pk, text in given.items() if len(text) > LONGEST_ANSWER
    }
    if errors:
        raise Invalid("Some answers are too long.", errors=errors)


def of_visit(visit: Appointment | UUID) -> list[Told]:
    """What was answered before this visit, question by question in the clinic's order. One query."""
    rows = VisitAnswer.objects.filter(appointment=visit).select_related("question").order_by("-at", "-recorded_at")
    newest: dict[UUID, Told] = {}
    for row in rows:
        there = newest.get(row.question_id)
        newest[row.question_id] = Told(row, 0) if there is None else Told(there.answer, there.earlier + 1)
    return sorted(newest.values(), key=lambda told: (told.answer.question.position, str(told.answer.question_id)))


def answered(visits: Iterable[UUID]) -> set[UUID]:
    """Of these visits those before which something was answered. One query."""
    found = VisitAnswer.objects.filter(appointment__in=list(visits)).exclude(said="")
    return set(found.order_by().values_list("appointment", flat=True).distinct())
