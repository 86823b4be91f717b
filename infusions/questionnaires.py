"""What a clinic asks its patients: the one writer of questionnaires.

A clinic switches on what it uses; nothing is in use by itself. What was published never changes: other words are
another edition, and the answers to the one before keep its words.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q

from config.audit.acting import recorded
from config.audit.guards import in_words
from config.refusals import Clash, Invalid, NotFound, Stale
from config.staff.models import Clinic, User
from config.staff.permissions import Permission, require
from infusions.follow_up import path_of
from infusions.measures import SHIPPED, Asked, Choice, Measure
from infusions.models import AnswerOption, Questionnaire, QuestionnaireItem
from infusions.models.questionnaires import LARGEST, SMALLEST, Kind

MOST_ITEMS, MOST_OPTIONS = 60, 21
PATH_FIRST = (
    "Say first who reads a positive answer to item 9 of PHQ-9, and by when. Without that it is not switched on."
)


def in_use(*, clinic: Clinic) -> list[Questionnaire]:
    """What the clinic asks now, with its items and their answers, by title. Three queries."""
    return list(_whole().filter(clinic=clinic, active=True).order_by("title", "id"))


def editions(*, clinic: Clinic) -> dict[UUID, list[Questionnaire]]:
    """Every edition of everything that the clinic ever asked, newest first, by `canonical`. One query."""
    found: dict[UUID, list[Questionnaire]] = {}
    for one in Questionnaire.objects.filter(clinic=clinic).order_by("title", "canonical", "-edition"):
        found.setdefault(one.canonical, []).append(one)
    return found


def whole(*, questionnaire_id: UUID, clinic: Clinic) -> Questionnaire:
    """One edition with its items and their answers. Raises NotFound."""
    found: Questionnaire | None = _whole().filter(pk=questionnaire_id, clinic=clinic).first()
    if found is None:
        raise NotFound("There is no such questionnaire.")
    return found


def as_measure(questionnaire: Questionnaire) -> Measure:
    """What it asks, apart from who asks it and when: two editions in the same words are equal."""
    items = tuple(
        Asked(item.wording, tuple(Choice(option.label, option.value) for option in item.options.all()))
        for item in questionnaire.items.all()
    )
    return Measure(
        title=questionnaire.title,
        items=items,
        instruction=questionnaire.instruction,
        copyright=questionnaire.copyright,
        plain_sum=questionnaire.plain_sum,
    )


def switch_on(*, kind: Kind, by: User, now: datetime) -> Questionnaire:
    """Ask a measure that comes with the desk, in its words of this release. Already in use, it is given back.

    Raises NotAllowed, Invalid (PHQ-9 without a path, a title in use), NotFound for a clinic's own.
    """
    require(by, Permission.MANAGE_CLINIC)
    if kind not in SHIPPED:
        raise NotFound("There is no such measure. A clinic's own is typed, not switched on.")
    with in_words(), recorded(by=by):
        Clinic.locked(by.clinic_id)
        before = _whole().filter(clinic=by.clinic_id, kind=kind).order_by("-edition").first()
        if before is not None and as_measure(before) == SHIPPED[kind]:
            return _put(before, active=True)
        return _publish(SHIPPED[kind], kind=kind, before=before, active=True, by=by, now=now)


def publish(*, measure: Measure, by: User, now: datetime) -> Questionnaire:
    """Ask something of the clinic's own, from now on.

    `plain_sum` is for a questionnaire whose published scoring is the sum of all its items; nobody else decides that.
    Raises NotAllowed, Invalid with errors by field.
    """
    require(by, Permission.MANAGE_CLINIC)
    checked = _checked(measure)
    with in_words(), recorded(by=by):
        Clinic.locked(by.clinic_id)
        return _publish(checked, kind=Kind.OWN, before=None, active=True, by=by, now=now)


def revise(*, questionnaire_id: UUID, measure: Measure, by: User, now: datetime) -> Questionnaire:
    """Ask it in other words: another edition takes its place, in use if it was. In the same words it is given back.

    Raises NotAllowed, NotFound, Invalid, Clash for a shipped measure, and Stale with `current`, the newest edition's
    id, when somebody revised it in between.
    """
    require(by, Permission.MANAGE_CLINIC)
    checked = _checked(measure)
    with in_words(), recorded(by=by):
        Clinic.locked(by.clinic_id)
        before = whole(questionnaire_id=questionnaire_id, clinic=by.clinic)
        if before.kind != Kind.OWN:
            raise Clash("The words of a shipped measure are not changed. Type your own questionnaire.", code="shipped")
        newest = Questionnaire.objects.filter(canonical=before.canonical).order_by("-edition").first()
        if newest is not None and newest.pk != before.pk:
            raise Stale(
                "Somebody else changed this in the meantime. Both are here; keep what is right and save again.",
                current=str(newest.pk),
            )
        if as_measure(before) == checked:
            return before
        return _publish(checked, kind=Kind.OWN, before=before, active=before.active, by=by, now=now)


def put_in_use(*, questionnaire_id: UUID, active: bool, by: User) -> Questionnaire:
    """Ask it from now on, or no more. Answers stay either way. Raises NotAllowed, NotFound, Invalid, Clash."""
    require(by, Permission.MANAGE_CLINIC)
    with in_words(), recorded(by=by):
        Clinic.locked(by.clinic_id)
        found = whole(questionnaire_id=questionnaire_id, clinic=by.clinic)
        later = Questionnaire.objects.filter(canonical=found.canonical, edition__gt=found.edition)
        if active and later.exists():
            raise Clash("There is a later edition of this; switch on that one.", code="not-the-newest")
        return _put(found, active=active)


def _whole() -> Any:
    return Questionnaire.objects.prefetch_related("items__options").select_related("clinic")


def _publish(
    measure: Measure, *, kind: Kind, before: Questionnaire | None, active: bool, by: User, now: datetime
) -> Questionnaire:
    if before is not None and before.active:
        _put(before, active=False)
    made = Questionnaire(
        clinic_id=by.clinic_id,
        canonical=before.canonical if before else uuid4(),
        edition=before.edition + 1 if before else 1,
        kind=kind,
        title=measure.title,
        instruction=measure.instruction,
        copyright=measure.copyright,
        plain_sum=measure.plain_sum,
    )
    made.save()
    _write_items(made, measure)
    if active:
        _check_may_be_used(made)
    made.published_at, made.active = now, active
    made.save()
    return whole(questionnaire_id=made.pk, clinic=by.clinic)


def _write_items(made: Questionnaire, measure: Measure) -> None:
    items = [
        QuestionnaireItem(questionnaire=made, position=place, wording=asked.wording)
        for place, asked in enumerate(measure.items, 1)
    ]
    QuestionnaireItem.objects.bulk_create(items)
    AnswerOption.objects.bulk_create(
        AnswerOption(item=item, position=place, label=choice.label, value=choice.value)
        for item, asked in zip(items, measure.items, strict=True)
        for place, choice in enumerate(asked.options, 1)
    )


def _put(found: Questionnaire, *, active: bool) -> Questionnaire:
    if found.active == active:
        return found
    if active:
        _check_may_be_used(found)
    found.active = active
    found.save()
    return found


def _check_may_be_used(found: Questionnaire) -> None:
    if found.kind == Kind.PHQ_9 and path_of(found.clinic_id) is None:
        raise Invalid(PATH_FIRST, field="kind", code="path-first")
    same = Q(title__iexact=found.title) & ~Q(canonical=found.canonical)
    if Questionnaire.objects.filter(same, clinic=found.clinic_id, active=True).exists():
        raise Invalid("Another questionnaire in use has this title.", field="title")


def _checked(measure: Measure) -> Measure:
    """The measure with its spaces tidied. Raises Invalid with errors by field."""
    errors: dict[str, list[str]] = {}
    tidy = Measure(
        title=_tidy(measure.title),
        items=tuple(
            Asked(_tidy(item.wording), tuple(Choice(_tidy(one.label), one.value) for one in item.options))
            for item in measure.items
        ),
        instruction=_tidy(measure.instruction),
        copyright=_tidy(measure.copyright),
        plain_sum=measure.plain_sum,
    )
    for name, longest in (("title", 120), ("instruction", 500), ("copyright", 300)):
        if len(getattr(tidy, name)) > longest:
            errors[name] = [f"At most {longest} characters."]
    if not tidy.title:
        errors["title"] = ["Give it a title."]
    wrong = _wrong_items(tidy.items)
    if wrong:
        errors["items"] = wrong
    if errors:
        raise Invalid("The questionnaire cannot be published like this.", errors=errors)
    return tidy


def _wrong_items(items: Sequence[Asked]) -> list[str]:
    if not items:
        return ["Write at least one item."]
    if len(items) > MOST_ITEMS:
        return [f"At most {MOST_ITEMS} items."]
    wrong = [
        f"Item {place}: {words}" for place, item in enumerate(items, 1) if (words := _wrong_item(item)) is not None
    ]
    twice = [wording for wording, count in Counter(item.wording.casefold() for item in items).items() if count > 1]
    return wrong + ["An item is there twice."] * bool(twice)


def _wrong_item(item: Asked) -> str | None:
    labels = [choice.label for choice in item.options]
    if not 1 <= len(item.wording) <= 500:
        return "write what is asked, in at most 500 characters."
    if not 2 <= len(labels) <= MOST_OPTIONS:
        return f"it needs from 2 to {MOST_OPTIONS} answers to choose from."
    if len({label.casefold() for label in labels}) < len(labels):
        return "two of its answers have the same words."
    if not all(1 <= len(label) <= 200 for label in labels):
        return "each answer needs words, at most 200 characters."
    if not all(SMALLEST <= choice.value <= LARGEST for choice in item.options):
        return f"the numbers of answers go from {SMALLEST} to {LARGEST}."
    return None


def _tidy(text: str) -> str:
    return " ".join(text.split())
