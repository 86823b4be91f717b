"""What a clinic asks: switched on by its manager, never reworded, and PHQ-9 not before its path is set."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection

from config.audit.acting import SystemJob, recorded
from config.audit.guards import sqlstate
from config.refusals import Clash, Invalid, NotAllowed, NotFound, Stale
from config.staff.accounts import deactivate
from config.staff.models import Clinic, User
from infusions import follow_up, questionnaires
from infusions.measures import SHIPPED, Asked, Choice
from infusions.models import AnswerOption, FollowUpPath, Questionnaire, QuestionnaireItem
from infusions.models.questionnaires import Kind
from tests.infusions.asking import READ_THEM, SCALE, SLEEP, on, own, path

OTHER_WORDS = replace(SLEEP, items=(*SLEEP.items, Asked("I fall asleep quickly", SCALE)))


def in_use(clinic: Clinic) -> list[str]:
    return [one.title for one in questionnaires.in_use(clinic=clinic)]


def refused_by_database(error: DatabaseError) -> str:
    """The name of the constraint that spoke, or our SQLSTATE."""
    return error.__cause__.diag.constraint_name or sqlstate(error)


# What comes with the desk


def test_a_new_clinic_asks_nothing(clinic: Clinic) -> None:
    assert questionnaires.in_use(clinic=clinic) == []
    assert questionnaires.editions(clinic=clinic) == {}


@pytest.mark.parametrize("kind", SHIPPED)
def test_a_shipped_measure_is_asked_in_its_published_form(
    clinic: Clinic, mara: User, vera: User, now: datetime, kind: Kind
) -> None:
    path(vera)
    asked = on(kind, vera, now)
    assert questionnaires.as_measure(asked) == SHIPPED[kind]
    assert (asked.edition, asked.active, asked.published_at) == (1, True, now)
    connection.check_constraints()


def test_the_numbers_of_phq_9_and_gad_7_go_from_0_to_3(mara: User, vera: User, now: datetime) -> None:
    path(vera)
    for kind, items in ((Kind.PHQ_9, 9), (Kind.GAD_7, 7)):
        asked = on(kind, vera, now)
        offered = [[option.value for option in item.options.all()] for item in asked.items.all()]
        assert offered == [[0, 1, 2, 3]] * items


def test_switched_on_twice_it_is_there_once(clinic: Clinic, vera: User, now: datetime) -> None:
    first = on(Kind.GAD_7, vera, now)
    assert on(Kind.GAD_7, vera, now) == first
    questionnaires.put_in_use(questionnaire_id=first.pk, active=False, by=vera)
    assert in_use(clinic) == []
    assert on(Kind.GAD_7, vera, now) == first
    assert in_use(clinic) == ["GAD-7"]


def test_a_release_with_other_words_makes_another_edition(clinic: Clinic, vera: User, now: datetime) -> None:
    with recorded(by=SystemJob.SET_UP):  # as an earlier release would have written it
        first = Questionnaire(clinic=clinic, canonical=clinic.pk, edition=1, kind="nrs", title="NRS", plain_sum=False)
        first.save()
        item = QuestionnaireItem(questionnaire=first, position=1, wording="How is your pain?")
        item.save()
        for number in range(11):
            AnswerOption(item=item, position=number + 1, label=str(number), value=number).save()
        first.published_at, first.active = now, True
        first.save()
    second = on(Kind.NRS, vera, now)
    first.refresh_from_db()
    assert (first.active, second.active, second.edition) == (False, True, 2)
    assert second.canonical == first.canonical


# The path of a positive item 9


def test_phq_9_is_not_switched_on_before_somebody_reads_a_positive_item_9(
    clinic: Clinic, mara: User, vera: User, now: datetime
) -> None:
    with pytest.raises(Invalid, match="who reads") as refused:
        on(Kind.PHQ_9, vera, now)
    assert refused.value.code == "path-first"
    assert not Questionnaire.objects.exists()
    path(vera)
    assert on(Kind.PHQ_9, vera, now).active


def test_the_path_is_never_taken_away(clinic: Clinic, mara: User, vera: User) -> None:
    path(vera)
    for attempt in (
        lambda: FollowUpPath.objects.get().delete(),
        lambda: FollowUpPath.objects.filter(clinic=clinic).delete(),
        lambda: FollowUpPath.objects.filter(clinic=clinic)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError) as refused, recorded(by=vera):
            attempt()
        assert refused_by_database(refused.value) == "DK003"
    assert FollowUpPath.objects.count() == 1


def test_without_a_path_a_row_put_in_use_by_sql_is_refused(clinic: Clinic, vera: User, now: datetime) -> None:
    with recorded(by=vera):
        made = Questionnaire(
            clinic=clinic, canonical=clinic.pk, edition=1, kind=Kind.PHQ_9, title="PHQ-9", plain_sum=True
        )
        made.save()
    with pytest.raises(IntegrityError) as refused, recorded(by=vera), connection.cursor() as cursor:
        cursor.execute("UPDATE infusions_questionnaire SET active = true WHERE id = %s", [made.pk])
    assert refused_by_database(refused.value) == "phq9_needs_a_path"


def test_a_path_leads_to_a_clinician_who_is_there(clinic: Clinic, mara: User, vera: User) -> None:
    for role in ("front-desk", "manager", "nurse"):  # no nurse works here
        with pytest.raises(Invalid) as refused:
            path(vera, role=role)
        assert list(refused.value.errors) == ["role"]
    deactivate(person=mara, by=vera, reason="Left.")
    with pytest.raises(Invalid, match="Nobody"):
        path(vera)
    assert not FollowUpPath.objects.exists()


@pytest.mark.parametrize(
    "words",
    ["", "  ", "x" * 201, "PHQ-9 item 9 above zero", "Patient may harm themselves", "Call about suicidal thoughts",
     "Read the mood score", "A positive answer", "After the ketamine infusion"],
)  # fmt: skip
def test_a_task_that_tells_too_much_or_nothing_is_refused(mara: User, vera: User, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        path(vera, words=words)
    assert list(refused.value.errors) == ["words"]


@pytest.mark.parametrize("words", [READ_THEM, "Look at what came in today, then follow page 4 of the binder."])
def test_plain_words_are_kept(mara: User, vera: User, words: str) -> None:
    assert path(vera, words=f"  {words} ").words == words


def test_a_path_is_changed_by_version_and_kept_in_history(mara: User, nils: User, vera: User) -> None:
    first = path(vera)
    assert path(vera).version == first.version  # nothing to write
    changed = follow_up.set_path(role="nurse", due="next-day", words=READ_THEM, by=vera, version=first.version)
    assert (changed.role, changed.due) == ("nurse", "next-day")
    with pytest.raises(Stale):
        follow_up.set_path(role="prescriber", due="next-day", words=READ_THEM, by=vera, version=first.version)
    assert FollowUpPath.history.count() == 2
    connection.check_constraints()


def test_only_a_manager_sets_it(mara: User, nils: User, ana: User, vera: User) -> None:
    for person in (mara, nils, ana):
        with pytest.raises(NotAllowed):
            path(person)


# A clinic's own


def test_a_manager_types_what_the_clinic_asks(clinic: Clinic, vera: User, now: datetime) -> None:
    asked = own(vera, now)
    assert questionnaires.as_measure(asked) == SLEEP
    assert (asked.kind, asked.plain_sum, in_use(clinic)) == ("own", False, ["How you sleep"])
    connection.check_constraints()


def test_spaces_are_tidied_and_nothing_else_is_rewritten(vera: User, now: datetime) -> None:
    typed = replace(SLEEP, title="  How   you sleep ", items=(Asked(" µ  .5 – is it so? ", SCALE),))
    asked = own(vera, now, typed)
    assert asked.title == "How you sleep"
    assert [item.wording for item in asked.items.all()] == ["µ .5 – is it so?"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (replace(SLEEP, title=" "), "title"),
        (replace(SLEEP, title="x" * 121), "title"),
        (replace(SLEEP, instruction="x" * 501), "instruction"),
        (replace(SLEEP, copyright="x" * 301), "copyright"),
        (replace(SLEEP, items=()), "items"),
        (replace(SLEEP, items=(Asked("", SCALE),)), "items"),
        (replace(SLEEP, items=(Asked("Alone?", SCALE[:1]),)), "items"),
        (replace(SLEEP, items=(Asked("Twice?", (SCALE[0], Choice("never", 4))),)), "items"),
        (replace(SLEEP, items=(Asked("Big?", (SCALE[0], Choice("Much", 1000))),)), "items"),
        (replace(SLEEP, items=(Asked("Many?", tuple(Choice(str(n), n) for n in range(22))),)), "items"),
        (replace(SLEEP, items=(SLEEP.items[0], SLEEP.items[0])), "items"),
        (replace(SLEEP, items=tuple(Asked(f"Item {n}", SCALE) for n in range(61))), "items"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(vera: User, now: datetime, typed, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        own(vera, now, typed)
    assert list(refused.value.errors) == [field]
    assert not Questionnaire.objects.exists()


def test_other_words_are_another_edition(clinic: Clinic, vera: User, now: datetime) -> None:
    first = own(vera, now)
    second = questionnaires.revise(questionnaire_id=first.pk, measure=OTHER_WORDS, by=vera, now=now)
    first.refresh_from_db()
    assert (first.active, second.active, second.edition, second.canonical) == (False, True, 2, first.canonical)
    assert questionnaires.as_measure(questionnaires.whole(questionnaire_id=first.pk, clinic=clinic)) == SLEEP
    assert in_use(clinic) == ["How you sleep"]
    connection.check_constraints()


def test_the_same_words_write_nothing(vera: User, now: datetime) -> None:
    first = own(vera, now)
    assert questionnaires.revise(questionnaire_id=first.pk, measure=SLEEP, by=vera, now=now) == first
    assert Questionnaire.objects.count() == 1


def test_an_edition_that_somebody_revised_in_between_is_stale(vera: User, now: datetime) -> None:
    first = own(vera, now)
    second = questionnaires.revise(questionnaire_id=first.pk, measure=OTHER_WORDS, by=vera, now=now)
    with pytest.raises(Stale) as refused:
        questionnaires.revise(questionnaire_id=first.pk, measure=replace(SLEEP, title="Sleep"), by=vera, now=now)
    assert refused.value.facts["current"] == str(second.pk)


def test_what_is_not_in_use_stays_so_when_it_is_reworded(clinic: Clinic, vera: User, now: datetime) -> None:
    first = own(vera, now)
    questionnaires.put_in_use(questionnaire_id=first.pk, active=False, by=vera)
    second = questionnaires.revise(questionnaire_id=first.pk, measure=OTHER_WORDS, by=vera, now=now)
    assert not second.active
    with pytest.raises(Clash) as refused:
        questionnaires.put_in_use(questionnaire_id=first.pk, active=True, by=vera)
    assert refused.value.code == "not-the-newest"
    assert questionnaires.put_in_use(questionnaire_id=second.pk, active=True, by=vera).active


def test_two_in_use_do_not_share_a_title(vera: User, now: datetime) -> None:
    own(vera, now)
    with pytest.raises(Invalid) as refused:
        own(vera, now, replace(OTHER_WORDS, title="HOW YOU SLEEP"))
    assert list(refused.value.errors) == ["title"]


def test_the_words_of_a_shipped_measure_are_not_typed(vera: User, now: datetime) -> None:
    asked = on(Kind.GAD_7, vera, now)
    with pytest.raises(Clash):
        questionnaires.revise(questionnaire_id=asked.pk, measure=SLEEP, by=vera, now=now)
    with pytest.raises(NotFound):
        questionnaires.switch_on(kind=Kind.OWN, by=vera, now=now)


def test_only_a_manager_of_the_clinic_keeps_them(
    clinic: Clinic, other_clinic: Clinic, ana: User, nils: User, mara: User, olu: User, vera: User, now: datetime
) -> None:
    from tests.conftest import hired

    asked = own(vera, now)
    stranger = hired(other_clinic, "yan", "Yan Hill", "manager")
    for person in (ana, nils, mara, olu):
        for attempt in (
            lambda by: own(by, now),
            lambda by: on(Kind.NRS, by, now),
            lambda by: questionnaires.revise(questionnaire_id=asked.pk, measure=OTHER_WORDS, by=by, now=now),
            lambda by: questionnaires.put_in_use(questionnaire_id=asked.pk, active=False, by=by),
        ):
            with pytest.raises(NotAllowed):
                attempt(person)
    with pytest.raises(NotFound):
        questionnaires.put_in_use(questionnaire_id=asked.pk, active=False, by=stranger)
    assert Questionnaire.objects.count() == 1


# Around the doors


def test_what_was_published_never_changes(vera: User, now: datetime) -> None:
    asked = own(vera, now)
    item = asked.items.all()[0]
    attempts = [
        lambda: Questionnaire.objects.filter(pk=asked.pk).update(title="Other"),
        lambda: Questionnaire.objects.filter(pk=asked.pk).update(plain_sum=True),
        lambda: Questionnaire.objects.filter(pk=asked.pk).update(published_at=None),
        lambda: Questionnaire.objects.filter(pk=asked.pk)._raw_delete("default"),
        lambda: QuestionnaireItem.objects.filter(pk=item.pk).update(wording="Other"),
        lambda: AnswerOption.objects.filter(item=item).update(value=7),
        lambda: AnswerOption.objects.filter(item=item).delete(),
        lambda: QuestionnaireItem(questionnaire=asked, position=9, wording="One more").save(),
        lambda: AnswerOption.objects.bulk_create([AnswerOption(item=item, position=9, label="More", value=9)]),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError) as refused, recorded(by=vera):
            attempt()
        assert refused_by_database(refused.value) == "DK003"
    assert questionnaires.as_measure(questionnaires.whole(questionnaire_id=asked.pk, clinic=asked.clinic)) == SLEEP


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"active": True}, "questionnaire_published_before_use"),
        ({"kind": "promis"}, "questionnaire_kind_known"),
        ({"title": " "}, "questionnaire_has_a_title"),
        ({"kind": "nrs", "plain_sum": True}, "questionnaire_sum_as_published"),
        ({"kind": "gad-7", "plain_sum": False}, "questionnaire_sum_as_published"),
        ({"published_at": datetime.fromisoformat("2026-11-23T20:00:00+00:00")}, "questionnaire_published_whole"),
    ],
)
def test_the_database_says_what_a_questionnaire_is(clinic: Clinic, vera: User, more: dict, name: str) -> None:
    values = {"canonical": clinic.pk, "edition": 1, "kind": "own", "title": "Sleep", "plain_sum": False, **more}
    with pytest.raises(IntegrityError) as refused, recorded(by=vera):
        Questionnaire(clinic=clinic, **values).save()
    assert refused_by_database(refused.value) == name


def test_an_edition_stays_with_its_clinic_and_its_measure(
    clinic: Clinic, other_clinic: Clinic, vera: User, now: datetime
) -> None:
    first = own(vera, now)
    with recorded(by=SystemJob.SET_UP):
        stolen = Questionnaire(
            clinic=other_clinic, canonical=first.canonical, edition=2, kind=Kind.OWN, title="Sleep", plain_sum=False
        )
        stolen.save()
        item = QuestionnaireItem(questionnaire=stolen, position=1, wording="So?")
        item.save()
        for place in (1, 2):
            AnswerOption(item=item, position=place, label=str(place), value=place).save()
    stolen.published_at = now
    with pytest.raises(IntegrityError) as refused, recorded(by=SystemJob.SET_UP):
        stolen.save()
    assert refused_by_database(refused.value) == "questionnaire_edition_of_its_own"


def test_two_editions_are_not_in_use_at_once(clinic: Clinic, vera: User, now: datetime) -> None:
    first = own(vera, now)
    questionnaires.revise(questionnaire_id=first.pk, measure=OTHER_WORDS, by=vera, now=now)
    first.refresh_from_db()
    first.active = True
    with pytest.raises(IntegrityError) as refused, recorded(by=vera):
        first.save()
    assert refused_by_database(refused.value) == "questionnaire_one_edition_in_use"
