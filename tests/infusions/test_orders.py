"""Orders: drafted by one, signed once, changed only by a new version."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from config.audit.acting import recorded
from config.refusals import Clash, Invalid, NotAllowed, NotFound, Stale
from config.staff.models import Clinic, User
from config.staff.permissions import Role
from infusions import orders
from infusions.models import Order, OrderStanding
from infusions.protocol import FIELDS
from infusions.states import OrderStatus
from patients import register
from patients.models import Patient
from tests.conftest import PASSWORD, hired
from tests.infusions.ordering import BOOKING, NONSENSE, accepted, drafted, known_patient, signed

LATER = timedelta(hours=1)


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)


@pytest.fixture
def omar(clinic: Clinic) -> User:
    """Omar prescribes too."""
    return hired(clinic, "omar", "Omar Haddad", Role.PRESCRIBER, "NP")


def blank_fields(order: Order) -> set[str]:
    return {name for name in FIELDS if getattr(order, name) is None}


class TestDrafts:
    def test_what_is_not_written_is_null(self, ada: Patient, mara: User, now: datetime) -> None:
        order = orders.draft(patient=ada, by=mara, now=now)
        order.refresh_from_db()
        assert blank_fields(order) == FIELDS

    def test_text_is_kept_to_the_letter(self, ada: Patient, mara: User, now: datetime) -> None:
        typed = " 3  or so;\tin a Löffel\r\n"
        order = orders.draft(patient=ada, by=mara, now=now, titration=typed, bolus="   ")
        order.refresh_from_db()
        assert (order.titration, order.bolus) == (typed, None)

    def test_a_change_leaves_alone_what_it_does_not_name(self, ada: Patient, mara: User, now: datetime) -> None:
        order = drafted(ada, mara, now)
        changed = orders.change_draft(order_id=order.pk, by=mara, now=now, version=order.version, route="by post")
        changed.refresh_from_db()
        assert {"agent": changed.agent, "dose": changed.dose, "dose_unit": changed.dose_unit} == NONSENSE
        assert changed.route == "by post"

    def test_one_open_draft_each(self, ada: Patient, mara: User, omar: User, now: datetime) -> None:
        order = drafted(ada, mara, now)
        with pytest.raises(Clash) as refused:
            drafted(ada, mara, now)
        assert refused.value.facts == {"draft": str(order.pk)}
        drafted(ada, omar, now)
        assert orders.draft_of(patient=ada, by=mara) == order

    def test_a_discarded_draft_is_gone_for_good(self, ada: Patient, mara: User, now: datetime) -> None:
        order = drafted(ada, mara, now)
        orders.discard(order_id=order.pk, by=mara, now=now)
        assert orders.draft_of(patient=ada, by=mara) is None
        with pytest.raises(NotFound):
            orders.change_draft(order_id=order.pk, by=mara, now=now, version=None, route="x")
        assert blank_fields(orders.draft(patient=ada, by=mara, now=now)) == FIELDS

    def test_nobody_touches_anothers_draft(self, ada: Patient, mara: User, omar: User, now: datetime) -> None:
        order = drafted(ada, mara, now)
        with pytest.raises(NotAllowed):
            orders.change_draft(order_id=order.pk, by=omar, now=now, version=order.version, route="x")
        with pytest.raises(NotAllowed):
            orders.sign(order_id=order.pk, by=omar, now=now, password=PASSWORD, version=order.version)
        with pytest.raises(NotAllowed):
            orders.discard(order_id=order.pk, by=omar, now=now)

    def test_two_tabs_do_not_overwrite_each_other(self, ada: Patient, mara: User, now: datetime) -> None:
        order = drafted(ada, mara, now)
        orders.change_draft(order_id=order.pk, by=mara, now=now, version=1, route="first tab")
        with pytest.raises(Stale):
            orders.change_draft(order_id=order.pk, by=mara, now=now, version=1, route="second tab")
        order.refresh_from_db()
        assert order.route == "first tab"

    def test_only_prescribers_draft(self, ada: Patient, ana: User, nils: User, vera: User, now: datetime) -> None:
        for person in (ana, nils, vera):
            with pytest.raises(NotAllowed):
                drafted(ada, person, now)
        assert not Order.objects.exists()

    def test_not_for_another_clinics_patient(self, other_clinic: Clinic, mara: User, now: datetime) -> None:
        with pytest.raises(NotFound):
            drafted(known_patient(other_clinic, now), mara, now)

    def test_not_for_the_dead(self, ada: Patient, mara: User, now: datetime) -> None:
        register.record_death(patient_id=ada.pk, on=date(2026, 11, 1), by=mara)
        with pytest.raises(Invalid, match="deceased"):
            drafted(ada, mara, now)

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("dose", ".7"), ("dose", "7.0"), ("rate", "7."), ("rate", "7,5"), ("dose", "7.50"),
            ("dose_unit", "U"), ("rate_unit", "IU/h"), ("dose_unit", "μg"), ("dose_unit", "µg"),
            ("titration", "up by .7 each time"), ("bolus", "7 U once"),
            ("visits", "3"), ("visits", 3.0), ("visits", True), ("visits", 0), ("min_gap_days", 0),
            ("max_gap_days", 40000), ("valid_until", "2026-12-01"), ("agent", "x" * 121), ("colour", "red"),
        ],
    )  # fmt: skip
    def test_what_can_be_misread_is_typed_again(
        self, ada: Patient, mara: User, now: datetime, field: str, value: object
    ) -> None:
        with pytest.raises(Invalid) as refused:
            orders.draft(patient=ada, by=mara, now=now, **{field: value})
        assert list(refused.value.errors) == [field]
        assert not Order.objects.exists()

    @pytest.mark.parametrize(
        "fields",
        [
            {"min_gap_days": 7, "max_gap_days": 2},
            {"valid_from": date(2026, 12, 2), "valid_until": date(2026, 12, 1)},
            {"first_visit_from": date(2026, 12, 2), "first_visit_until": date(2026, 12, 1)},
        ],
    )
    def test_contradictions_are_named(self, ada: Patient, mara: User, now: datetime, fields: dict) -> None:
        with pytest.raises(Invalid) as refused:
            orders.draft(patient=ada, by=mara, now=now, **fields)
        assert list(refused.value.errors) == [list(fields)[1]]


class TestSigning:
    def test_a_signed_order_is_in_force(self, ada: Patient, mara: User, now: datetime) -> None:
        decision = accepted(ada, mara, now)
        order = signed(ada, mara, now, **BOOKING)
        connection.check_constraints()
        order.refresh_from_db()
        assert (order.signed_name, order.signed_meaning, order.signed_at) == ("Mara Santos, MD", "ordered", now)
        assert order.candidacy == decision
        assert orders.active_order(patient=ada) == order
        assert orders.limits(order) == orders.Limits(3, 2, 7, 90, None, None)

    def test_blank_booking_limits_do_not_stop_a_signature(self, ada: Patient, mara: User, now: datetime) -> None:
        order = signed(ada, mara, now, chair_minutes=90)
        assert orders.limits(order).missing == ["number of visits", "smallest gap", "largest gap"]

    @pytest.mark.django_db(transaction=True)  # a wrong password is kept beside the transaction, by people who are there
    def test_not_without_the_password(self, ada: Patient, mara: User, now: datetime) -> None:
        order = drafted(ada, mara, now)
        for password in ("", "not hers"):
            with pytest.raises(Invalid) as refused:
                orders.sign(order_id=order.pk, by=mara, now=now, password=password, version=order.version)
            assert list(refused.value.errors) == ["password"]
        order.refresh_from_db()
        assert not order.is_signed

    def test_not_another_text_than_was_reviewed(self, ada: Patient, mara: User, now: datetime) -> None:
        order = drafted(ada, mara, now)
        orders.change_draft(order_id=order.pk, by=mara, now=now, version=order.version, dose="4")
        with pytest.raises(Stale):
            orders.sign(order_id=order.pk, by=mara, now=now, password=PASSWORD, version=1)

    @pytest.mark.parametrize(
        ("fields", "field"),
        [({"agent": None}, "agent"), ({"dose_unit": None}, "dose"), ({"rate_unit": "spoons"}, "rate")],
    )
    def test_not_what_cannot_be_read_safely(
        self, ada: Patient, mara: User, now: datetime, fields: dict, field: str
    ) -> None:
        order = drafted(ada, mara, now, **fields)
        with pytest.raises(Invalid) as refused:
            orders.sign(order_id=order.pk, by=mara, now=now, password=PASSWORD, version=order.version)
        assert list(refused.value.errors) == [field]

    def test_once_signed_it_never_changes(self, ada: Patient, mara: User, now: datetime) -> None:
        order = signed(ada, mara, now)
        with pytest.raises(Clash, match="signed"):
            orders.change_draft(order_id=order.pk, by=mara, now=now, version=order.version, dose="4")
        order.dose = "4"
        with pytest.raises(DatabaseError, match="is signed"), recorded(by=mara):
            order.save()
        with pytest.raises(DatabaseError, match="is signed"), recorded(by=mara):
            Order.objects.filter(pk=order.pk).update(dose="4")
        with pytest.raises(DatabaseError, match="is signed"), recorded(by=mara), connection.cursor() as cursor:
            cursor.execute("DELETE FROM infusions_order WHERE id = %s", [order.pk])

    def test_one_order_in_force(self, ada: Patient, mara: User, omar: User, now: datetime) -> None:
        first = signed(ada, mara, now)
        with pytest.raises(Clash) as refused:
            signed(ada, omar, now)
        assert refused.value.facts == {"in_force": str(first.pk)}
        assert Order.objects.filter(signed_at__isnull=False).count() == 1

    def test_the_database_allows_one_order_in_force(self, ada: Patient, mara: User, now: datetime) -> None:
        first = signed(ada, mara, now)
        orders.stop(order_id=first.pk, by=mara, now=now, reason="Done.")
        signed(ada, mara, now)
        standing = OrderStanding.objects.get(order=first)
        standing.status = OrderStatus.ACTIVE
        with pytest.raises(IntegrityError, match="standing_one_in_force"), recorded(by=mara):
            standing.save()

    def test_a_draft_has_no_standing(self, ada: Patient, mara: User, now: datetime) -> None:
        order = drafted(ada, mara, now)
        standing = OrderStanding(order=order, patient=ada, status="active", since=now, moved_by=mara)
        with pytest.raises(IntegrityError, match="not signed"), recorded(by=mara):
            standing.save()


class TestSuperseding:
    def test_the_new_version_starts_empty(self, ada: Patient, mara: User, now: datetime) -> None:
        old = signed(ada, mara, now, **BOOKING, titration="stir", valid_until=date(2027, 1, 1))
        new = orders.supersede(order_id=old.pk, by=mara, now=now, reason="Less stirring.")
        new.refresh_from_db()
        assert blank_fields(new) == FIELDS
        assert (new.supersedes, new.supersedes_reason) == (old, "Less stirring.")
        assert orders.active_order(patient=ada) == old

    def test_its_signature_ends_the_old_one(self, ada: Patient, mara: User, omar: User, now: datetime) -> None:
        old = signed(ada, mara, now)
        new = orders.supersede(order_id=old.pk, by=omar, now=now, reason="Less stirring.")
        new = orders.change_draft(order_id=new.pk, by=omar, now=now, version=new.version, **NONSENSE)
        orders.sign(order_id=new.pk, by=omar, now=now + LATER, password=PASSWORD, version=new.version)
        standing = OrderStanding.objects.get(order=old)
        assert (standing.status, standing.reason, standing.moved_by) == ("superseded", "Less stirring.", omar)
        assert orders.active_order(patient=ada) == new

    def test_of_two_new_versions_one_is_signed(self, ada: Patient, mara: User, omar: User, now: datetime) -> None:
        old = signed(ada, mara, now)
        for person in (mara, omar):
            new = orders.supersede(order_id=old.pk, by=person, now=now, reason="Change.")
            orders.change_draft(order_id=new.pk, by=person, now=now, version=new.version, **NONSENSE)
        first, second = orders.draft_of(patient=ada, by=mara), orders.draft_of(patient=ada, by=omar)
        assert first
        assert second
        orders.sign(order_id=first.pk, by=mara, now=now, password=PASSWORD, version=first.version)
        with pytest.raises(Clash, match="superseded"):
            orders.sign(order_id=second.pk, by=omar, now=now, password=PASSWORD, version=second.version)

    def test_not_without_a_reason(self, ada: Patient, mara: User, now: datetime) -> None:
        old = signed(ada, mara, now)
        with pytest.raises(Invalid) as refused:
            orders.supersede(order_id=old.pk, by=mara, now=now, reason=" ")
        assert list(refused.value.errors) == ["reason"]

    def test_a_draft_is_not_superseded(self, ada: Patient, mara: User, now: datetime) -> None:
        with pytest.raises(Clash, match="draft"):
            orders.supersede(order_id=drafted(ada, mara, now).pk, by=mara, now=now, reason="x")

    def test_an_order_of_another_patient_is_not_superseded(self, ada: Patient, mara: User, now: datetime) -> None:
        ben = known_patient(mara.clinic, now, "Reed", given_name="Ben")
        theirs = signed(ben, mara, now)
        mine = drafted(ada, mara, now)
        mine.supersedes, mine.supersedes_reason = theirs, "x"
        with pytest.raises(IntegrityError, match="another patient"), recorded(by=mara):
            mine.save()


class TestStanding:
    def test_held_resumed_stopped(self, ada: Patient, mara: User, now: datetime) -> None:
        order = signed(ada, mara, now)
        assert orders.hold(order_id=order.pk, by=mara, now=now, reason="Unwell.").status == "on-hold"
        assert orders.active_order(patient=ada) is None
        assert orders.in_force(patient=ada) == order
        assert orders.resume(order_id=order.pk, by=mara, now=now, reason="Well.").status == "active"
        assert orders.stop(order_id=order.pk, by=mara, now=now, reason="No use.").status == "stopped"
        with pytest.raises(Clash, match="cannot become active"):
            orders.resume(order_id=order.pk, by=mara, now=now, reason="Sorry.")

    def test_completed_then_a_new_version_or_marked_as_an_error(self, ada: Patient, mara: User, now: datetime) -> None:
        order = signed(ada, mara, now)
        assert orders.complete(order_id=order.pk, by=mara, now=now, reason="All given.").status == "completed"
        assert orders.in_force(patient=ada) is None
        with pytest.raises(Clash, match="cannot become on hold"):
            orders.hold(order_id=order.pk, by=mara, now=now, reason="Late.")
        wrong = orders.enter_in_error(order_id=order.pk, by=mara, now=now, reason="Another patient's.")
        assert wrong.status == "entered-in-error"
        with pytest.raises(Clash, match="cannot become"):
            orders.complete(order_id=order.pk, by=mara, now=now, reason="Oh.")

    def test_always_with_a_reason(self, ada: Patient, mara: User, now: datetime) -> None:
        order = signed(ada, mara, now)
        for move in (orders.hold, orders.stop, orders.resume, orders.complete, orders.enter_in_error):
            with pytest.raises(Invalid):
                move(order_id=order.pk, by=mara, now=now, reason="")

    def test_by_prescribers_only(self, ada: Patient, mara: User, ana: User, nils: User, now: datetime) -> None:
        order = signed(ada, mara, now)
        for person in (ana, nils):
            with pytest.raises(NotAllowed):
                orders.hold(order_id=order.pk, by=person, now=now, reason="x")
            order.standing.status = OrderStatus.STOPPED
            with pytest.raises(DatabaseError, match="only a clinician"), recorded(by=person):
                order.standing.save()

    def test_the_desk_sees_counts_and_gaps_alone(self, ada: Patient, mara: User, now: datetime) -> None:
        order = signed(ada, mara, now, **BOOKING, titration="stir", indication="secret")
        seen = vars(orders.desk_view(order))
        assert seen == {
            "id": order.pk, "patient_id": ada.pk, "status": "active", "signed_at": now,
            "signed_name": "Mara Santos, MD", **BOOKING,
        }  # fmt: skip
        with pytest.raises(Clash, match="draft"):
            orders.desk_view(orders.supersede(order_id=order.pk, by=mara, now=now, reason="x"))


@pytest.mark.django_db(transaction=True)
def test_two_signatures_at_once_leave_one_order_in_force(clinic: Clinic, mara: User, omar: User, now: datetime) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    ada = known_patient(clinic, now)
    drafts = [drafted(ada, mara, now), drafted(ada, omar, now)]

    def sign(order: Order) -> str:
        try:
            orders.sign(order_id=order.pk, by=order.author, now=now, password=PASSWORD, version=order.version)
            return "signed"
        except Clash:
            return "refused"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sign, drafts)) == ["refused", "signed"]
    assert OrderStanding.objects.filter(status="active").count() == 1


def test_the_database_refuses_an_empty_string_for_a_blank(ada: Patient, mara: User, now: datetime) -> None:
    order = drafted(ada, mara, now)
    order.rate = ""
    with pytest.raises(IntegrityError, match="order_blank_is_null"), recorded(by=mara), transaction.atomic():
        order.save()
