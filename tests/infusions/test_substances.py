"""The controlled-substance log: rows as typed, waste before a witness, corrections that are new rows."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import models

from config.audit.models import STAMPS
from config.refusals import Clash, Invalid, NotAllowed, NotFound, SlowDown, Stale
from config.staff.accounts import deactivate
from config.staff.models import User
from infusions import substances
from infusions.models import Quantity, StorageLocation, Substance, SubstanceLogEntry
from infusions.models.substances import SAYS, LogKind
from infusions.substances import lines_of, log
from tests.conftest import PASSWORD
from tests.infusions.stocking import LEAST, VIAL, Store, cabinet, jars, open_store  # noqa: F401
from tests.infusions.visiting import Day, open_day  # noqa: F401

K = LogKind
FRAME = {"id", "author", "entered_at", "location", "kind", "observed_at", "entered_in_error", *STAMPS}


# What is kept where


def test_a_manager_keeps_the_locations(vera: User) -> None:
    kept = cabinet(vera)
    substances.change_location(location_id=kept.pk, by=vera, version=1, name=" Cabinet B ", in_use=False)
    kept.refresh_from_db()
    assert (kept.name, kept.in_use, kept.history.count()) == ("Cabinet B", False, 2)
    with pytest.raises(Stale):
        substances.change_location(location_id=kept.pk, by=vera, version=1, name="Cabinet C")


def test_a_location_is_said_whole_and_once(vera: User) -> None:
    cabinet(vera)
    for said, field in (({"name": "cabinet a"}, "name"), ({"address": "  "}, "address"), ({"name": "x" * 81}, "name")):
        with pytest.raises(Invalid) as refused:
            substances.add_location(**{"name": "B", "address": "There", "registration_number": "1", **said}, by=vera)
        assert field in refused.value.errors
    assert StorageLocation.objects.count() == 1


def test_nobody_else_keeps_them(ana: User, nils: User, mara: User, vera: User, zoe: User) -> None:
    kept = cabinet(vera)
    for person in (ana, nils, mara):
        with pytest.raises(NotAllowed):
            cabinet(person, "Cabinet B")
        with pytest.raises(NotAllowed):
            substances.change_location(location_id=kept.pk, by=person, name="Mine")
    zoe.role = "manager"
    with pytest.raises(NotFound):
        substances.change_location(location_id=kept.pk, by=zoe, name="Mine")


def test_a_substance_is_described_as_typed(nils: User, now: datetime) -> None:
    kept = jars(nils, now, package=" box of 12 jars ")
    assert {name: getattr(kept, name) for name in VIAL} == {**VIAL, "package": " box of 12 jars "}
    assert str(jars(nils, now, form="solid")) == "Examplamine, solid, 3 spoons a cup, box of 12 jars"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": " "}, "name"),
        ({"strength": None}, "strength"),
        ({"strength": ".5"}, "strength"),
        ({"strength": "5.0"}, "strength"),
        ({"strength_unit": "μg a cup"}, "strength_unit"),
        ({"strength_unit": "U a cup"}, "strength_unit"),
        ({"package": "jars of .5 cups"}, "package"),
        ({"form": "x" * 61}, "form"),
    ],
)
def test_a_description_that_is_easily_misread_is_typed_again(
    nils: User, now: datetime, said: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        jars(nils, now, **said)
    assert list(refused.value.errors) == [field]
    assert not Substance.objects.exists()


def test_a_wrong_description_is_superseded_and_what_was_written_under_it_stays(store: Store) -> None:
    entry = store.write()
    newer = substances.describe_anew(
        substance_id=store.substance.pk,
        reason="Misread",
        by=store.witness,
        now=store.now(),
        **{**VIAL, "strength": "4"},
    )
    assert substances.listed(clinic=store.location.clinic) == [newer]
    entry.refresh_from_db()
    assert entry.substance == store.substance
    with pytest.raises(Invalid, match="not on the list any more") as refused:
        store.write()
    assert refused.value.field == "substance"
    # The old row can still be put right under the name that it has.
    assert store.correct(entry, quantity="3").substance == store.substance
    with pytest.raises(Clash):
        substances.describe_anew(
            substance_id=store.substance.pk, reason="Again", by=store.nurse, now=store.now(), **VIAL
        )


def test_what_is_kept_no_more_leaves_the_list_and_says_nothing(store: Store) -> None:
    gone = substances.retire(substance_id=store.substance.pk, reason="Not bought now", by=store.nurse, now=store.now())
    assert substances.listed(clinic=store.location.clinic) == []
    assert [getattr(gone, name) for name in VIAL] == [None] * 5
    with pytest.raises(Invalid):
        store.write()
    with pytest.raises(Invalid):
        store.write(substance=gone)
    with pytest.raises(NotFound):
        substances.retire(substance_id=gone.pk, reason="Again", by=store.nurse, now=store.now())


def test_the_same_words_are_on_the_list_once(nils: User, now: datetime) -> None:
    first = jars(nils, now)
    with pytest.raises(Clash):
        jars(nils, now, name="EXAMPLAMINE")
    substances.retire(substance_id=first.pk, reason="Not bought now", by=nils, now=now)
    jars(nils, now)


def test_a_slip_of_a_capital_is_put_right(nils: User, now: datetime) -> None:
    first = jars(nils, now, name="examplamine")
    right = substances.describe_anew(substance_id=first.pk, reason="Capital", by=nils, now=now, **VIAL)
    assert substances.listed(clinic=nils.clinic) == [right]


def test_only_clinicians_say_what_a_substance_is(ana: User, vera: User, olu: User, now: datetime) -> None:
    for person in (ana, vera, olu):
        with pytest.raises(NotAllowed):
            jars(person, now)


# Rows


@pytest.mark.parametrize("kind", [kind for kind in LogKind if kind != K.GIVEN])
def test_a_row_of_each_kind_is_kept_to_the_letter_and_holds_nothing_else(store: Store, kind: LogKind) -> None:
    entry = store.write(kind, quantity=" 2 and a bit", lot="L 77 ", expiry="03/2028")
    entry.refresh_from_db()
    assert (entry.quantity, entry.quantity_unit, entry.lot, entry.expiry) == (
        " 2 and a bit",
        "jars",
        "L 77 ",
        "03/2028",
    )
    written = {field.name for field in entry._meta.concrete_fields if getattr(entry, field.attname) not in (None, "")}
    expected = {"substance", "quantity", "quantity_unit", "lot", "expiry", *LEAST[kind], *FRAME}
    assert written - expected <= {"witness"}


def test_a_given_row_names_its_visit(store: Store, day: Day) -> None:
    with pytest.raises(Invalid) as refused:
        store.write(K.GIVEN)
    assert list(refused.value.errors) == ["visit"]
    visit = day.started()
    assert store.write(K.GIVEN, visit=visit, now=day.now()).visit == visit


@pytest.mark.parametrize(
    ("kind", "said", "field"),
    [
        (K.DRAWN, {"quantity": ".5"}, "quantity"),
        (K.DRAWN, {"quantity": "5.0"}, "quantity"),
        (K.DRAWN, {"quantity": "1,000"}, "quantity"),
        (K.DRAWN, {"quantity_unit": "U"}, "quantity_unit"),
        (K.DRAWN, {"quantity_unit": "μg"}, "quantity_unit"),
        (K.DRAWN, {"quantity_unit": None}, "quantity_unit"),
        (K.DRAWN, {"quantity": "  "}, "quantity"),
        (K.DRAWN, {"substance": None}, "substance"),
        (K.DRAWN, {"quantity": "3" * 61}, "quantity"),
        (K.DRAWN, {"invoice": "77"}, "invoice"),
        (K.DRAWN, {"colour": "blue"}, "colour"),
        (K.RECEIVED, {"supplier": None}, "supplier"),
        (K.WASTED, {"reason": " "}, "reason"),
        (K.WASTED, {"witness": None}, "witness"),
        (K.RETURNED, {"recipient": None}, "recipient"),
        (K.LOST, {"reason": None}, "reason"),
        (K.COUNTED, {"count_moment": None}, "count_moment"),
        (K.COUNTED, {"count_moment": "noon"}, "count_moment"),
    ],
)
def test_what_cannot_stand_is_told_at_its_field(store: Store, kind: LogKind, said: dict, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        store.write(kind, **said)
    assert list(refused.value.errors) == [field]
    assert not SubstanceLogEntry.objects.exists()


def test_nothing_happens_tomorrow_or_in_another_age(store: Store) -> None:
    for away in (timedelta(hours=1), -timedelta(days=60_000)):
        with pytest.raises(Invalid) as refused:
            store.write(observed_at=store.clock + away)
        assert list(refused.value.errors) == ["observed_at"]


def test_a_form_sent_twice_is_written_once(store: Store) -> None:
    sent = uuid4()
    assert store.write(client_id=sent) == store.write(client_id=sent)
    assert SubstanceLogEntry.objects.count() == 1


def test_only_clinicians_of_the_clinic_write(
    store: Store, ana: User, vera: User, olu: User, zoe: User, now: datetime
) -> None:
    entry = store.write()
    for person in (ana, vera, olu):
        for act in (store.write, lambda by: store.correct(entry, by=by), lambda by: store.strike(entry, by=by)):
            with pytest.raises(NotAllowed):
                act(by=person)
    zoe.role = "nurse"
    for act in (store.write, lambda by: store.correct(entry, by=by), lambda by: store.strike(entry, by=by)):
        with pytest.raises(NotFound):
            act(by=zoe)


def test_what_belongs_to_another_clinic_is_not_named(store: Store, day: Day, zoe: User, now: datetime) -> None:
    zoe.role, zoe.licence_kind = "nurse", "RN"
    with pytest.raises(Invalid) as refused:
        store.write(substance=Substance(clinic=zoe.clinic))
    assert refused.value.field == "substance"
    visit = day.started()
    visit.clinic = zoe.clinic
    with pytest.raises(Invalid) as refused:
        store.write(K.GIVEN, visit=visit)
    assert refused.value.field == "visit"


def test_in_a_closed_location_only_mistakes_are_put_right(store: Store, vera: User) -> None:
    entry = store.write()
    substances.change_location(location_id=store.location.pk, by=vera, in_use=False)
    with pytest.raises(Clash) as refused:
        store.write()
    assert refused.value.code == "location-closed"
    store.strike(store.correct(entry, quantity="3"))


def test_the_log_and_the_visit_record_fill_in_nothing_of_each_other(store: Store, day: Day) -> None:
    visit = day.ended()
    store.clock = day.clock
    day.chart(visit, Quantity, given="7", given_unit="spoons")
    entry = store.write(K.GIVEN, visit=visit)
    assert (entry.quantity, entry.quantity_unit) == ("2", "jars")
    assert Quantity.objects.count() == 1
    day.clock = store.now()
    day.signed(day.discharged(visit))
    # A signature closes the record of the visit, not the log of the cabinet.
    store.clock = day.clock
    assert store.correct(entry, quantity="3", visit=visit).supersedes == entry


# The witness


@pytest.mark.django_db(transaction=True)
def test_waste_is_witnessed_by_somebody_else_with_their_own_password(store: Store) -> None:
    with pytest.raises(Invalid) as refused:
        store.write(K.WASTED, witness=store.nurse)
    assert refused.value.field == "witness"
    for password in ("", "wrong"):
        with pytest.raises(Invalid) as refused:
            store.write(K.WASTED, witness_password=password)
        assert refused.value.field == "witness_password"
    assert not SubstanceLogEntry.objects.exists()
    assert store.write(K.WASTED).witness == store.witness


def test_a_witness_is_an_active_clinician_of_the_clinic(store: Store, vera: User, ana: User, zoe: User) -> None:
    zoe.role = "nurse"
    for person in (vera, ana, zoe):
        with pytest.raises(Invalid) as refused:
            store.write(K.WASTED, witness=person)
        assert refused.value.field == "witness"
    deactivate(person=store.witness, by=vera, reason="Left.")
    store.witness.refresh_from_db()
    with pytest.raises(Invalid):
        store.write(K.WASTED)


@pytest.mark.django_db(transaction=True)
def test_wrong_passwords_of_a_witness_are_counted(store: Store) -> None:
    for _ in range(5):
        with pytest.raises(Invalid):
            store.write(K.WASTED, witness_password="guess")
    with pytest.raises(SlowDown) as refused:
        store.write(K.WASTED, witness_password=PASSWORD)
    assert refused.value.field == "witness_password"


def test_no_password_is_asked_while_something_else_is_wrong(store: Store) -> None:
    for _ in range(7):
        with pytest.raises(Invalid) as refused:
            store.write(K.WASTED, quantity=".5", witness_password="guess")
        assert list(refused.value.errors) == ["quantity"]
    store.write(K.WASTED)


@pytest.mark.django_db(transaction=True)
def test_who_counts_too_says_so_with_their_password(store: Store) -> None:
    assert store.write(K.COUNTED).witness is None
    with pytest.raises(Invalid):
        store.write(K.COUNTED, witness=store.witness)
    assert store.write(K.COUNTED, witness=store.witness, witness_password=PASSWORD).witness == store.witness


# Corrections


def test_a_correction_is_a_new_row_and_the_old_one_stays(store: Store) -> None:
    wrong = store.write(lot="L 77", invoice="9")
    right = store.correct(wrong, quantity="20")
    wrong.refresh_from_db()
    assert (wrong.quantity, wrong.lot, wrong.invoice) == ("2", "L 77", "9")
    # Nothing of the old row is carried over but where, what kind, and when.
    assert (right.quantity, right.lot, right.invoice) == ("20", None, None)
    assert (right.location, right.kind, right.observed_at) == (wrong.location, wrong.kind, wrong.observed_at)
    [newest, oldest] = lines_of(log(store.location).order_by("-recorded_at"))
    assert (newest.entry, newest.struck) == (right, False)
    assert (oldest.entry, oldest.corrected_by) == (wrong, right)
    assert list(SubstanceLogEntry.objects.standing()) == [right]


def test_a_row_is_corrected_once_and_for_a_reason(store: Store) -> None:
    wrong = store.write()
    with pytest.raises(Invalid) as refused:
        store.correct(wrong, correction_reason=" ")
    assert refused.value.field == "correction_reason"
    right = store.correct(wrong)
    for act in (store.correct, store.strike):
        with pytest.raises(Clash) as again:
            act(wrong)
        assert again.value.code == "corrected-already"
    store.correct(right)


@pytest.mark.parametrize("kind", [kind for kind in LogKind if kind != K.GIVEN])
def test_a_row_of_each_kind_is_corrected_by_all_that_it_says(store: Store, kind: LogKind) -> None:
    right = store.correct(store.write(kind), quantity="3", correction_reason="Digits turned round")
    assert (right.kind, right.quantity, right.correction_reason) == (kind, "3", "Digits turned round")
    assert right.reason == LEAST[kind].get("reason")


def test_a_struck_row_leaves_a_row_that_says_nothing(store: Store) -> None:
    wrong = store.write(K.LOST)
    struck = store.strike(wrong)
    said = {name for names in SAYS.values() for name in names} | {"substance", "quantity", "quantity_unit", "lot"}
    assert [getattr(struck, name) for name in said] == [None] * len(said)
    [line] = lines_of(log(store.location))
    assert (line.entry, line.corrected_by) == (wrong, struck)
    assert not SubstanceLogEntry.objects.standing().exists()
    with pytest.raises(NotFound):
        store.strike(struck)


def test_waste_is_struck_before_a_witness_too(store: Store) -> None:
    wrong = store.write(K.WASTED)
    with pytest.raises(Invalid) as refused:
        store.strike(wrong)
    assert list(refused.value.errors) == ["witness"]
    assert store.strike(wrong, witness=store.witness, witness_password=PASSWORD).witness == store.witness


# Reading


def test_the_log_is_found_by_kind_lot_substance_and_the_days_of_the_clinic(store: Store, now: datetime) -> None:
    other = jars(store.nurse, now, name="Otherine")
    # Just before and just after midnight in Los Angeles.
    late = store.write(lot="A-1", observed_at=datetime.fromisoformat("2026-11-22T23:59:00-08:00"))
    early = store.write(K.DRAWN, lot="a-12", observed_at=datetime.fromisoformat("2026-11-23T00:00:00-08:00"))
    third = store.write(substance=other)
    sunday, monday = date(2026, 11, 22), date(2026, 11, 23)

    def found(**by: object) -> set[SubstanceLogEntry]:
        return set(log(store.location, **by))

    assert found() == {late, early, third}
    assert found(kind=K.DRAWN) == {early}
    assert found(lot="a-1") == {late, early}
    assert found(substance=other.pk) == {third}
    assert found(last=sunday) == {late}
    assert found(first=monday) == {early, third}
    assert found(first=monday, last=monday, lot="12") == {early}


def test_nothing_in_it_is_a_number_to_reckon_with() -> None:
    numbers = (models.IntegerField, models.FloatField, models.DecimalField)
    for model in (SubstanceLogEntry, Substance):
        found = [field.name for field in model._meta.concrete_fields if isinstance(field, numbers)]
        assert set(found) <= STAMPS
