"""The password asked for at signing: guessing is slow, whoever does it and however many try at once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import QuerySet
from django.urls import reverse

from config.audit.acting import label, recorded
from config.audit.guards import sqlstate
from config.refusals import SlowDown
from config.staff.models import PasswordCheck, User
from config.staff.passwords import WITHIN, WRONG_ALLOWED, confirmed
from infusions.models import Order
from tests.conftest import PASSWORD
from tests.infusions.ordering import accepted, drafted, known_patient

WRONG = "incorrect horse battery"
# More than there are tries, so that some must be told to wait.
AT_ONCE = 12


# Checks are written beside a test's transaction, by people who must be there for good.
pytestmark = pytest.mark.django_db(transaction=True)


def kept(person: User) -> QuerySet[PasswordCheck]:
    """The checks of one person."""
    return PasswordCheck.objects.filter(person=person.pk)


def guess(person: User, times: int = 1, *, by: User | None = None) -> None:
    for _ in range(times):
        assert not confirmed(person=person, password=WRONG, by=by or person)


def wait(seconds: float) -> None:
    """As if that long had passed since the checks so far: their times are moved back behind the lock."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE staff_passwordcheck DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE staff_passwordcheck SET recorded_at = recorded_at - make_interval(secs => %s)", [seconds]
        )
        cursor.execute("ALTER TABLE staff_passwordcheck ENABLE TRIGGER USER")


class TestTheLimit:
    def test_the_right_one_signs_and_leaves_nothing(self, mara: User) -> None:
        assert confirmed(person=mara, password=PASSWORD, by=mara)
        assert not kept(mara).exists()

    def test_after_five_wrong_ones_even_the_right_one_waits(self, mara: User) -> None:
        guess(mara, WRONG_ALLOWED)
        with pytest.raises(SlowDown, match=r"Wait 5 minutes") as refusal:
            confirmed(person=mara, password=PASSWORD, by=mara)
        assert WITHIN.total_seconds() - 10 < refusal.value.facts["retry_after"] <= WITHIN.total_seconds()
        assert kept(mara).count() == WRONG_ALLOWED

    def test_a_right_one_begins_the_count_anew(self, mara: User) -> None:
        guess(mara, WRONG_ALLOWED - 1)
        assert confirmed(person=mara, password=PASSWORD, by=mara)
        guess(mara, WRONG_ALLOWED)
        with pytest.raises(SlowDown):
            guess(mara)

    def test_one_person_s_guesses_do_not_stop_another(self, mara: User, nils: User) -> None:
        guess(mara, WRONG_ALLOWED)
        assert confirmed(person=nils, password=PASSWORD, by=nils)

    def test_nothing_typed_is_no_guess(self, mara: User) -> None:
        assert not any(confirmed(person=mara, password="", by=mara) for _ in range(WRONG_ALLOWED + 1))

    def test_each_wrong_one_is_kept_with_who_sat_there(self, mara: User, nils: User) -> None:
        guess(mara, by=nils)
        check = kept(mara).get()
        assert (check.person, check.actor, check.right) == (mara.pk, label(nils), False)
        assert WRONG not in str(vars(check))


class TestInRealTransactions:
    def test_the_wait_ends(self, mara: User) -> None:
        guess(mara, WRONG_ALLOWED)
        wait(WITHIN.total_seconds() - 30)
        with pytest.raises(SlowDown, match=r"Wait (29|30) seconds"):
            guess(mara)
        wait(31)
        assert confirmed(person=mara, password=PASSWORD, by=mara)

    def test_what_was_counted_outlives_the_request_that_failed(self, mara: User) -> None:
        for _ in range(WRONG_ALLOWED):
            with transaction.atomic(), recorded(by=mara):
                guess(mara)
                transaction.set_rollback(True)
        with pytest.raises(SlowDown):
            guess(mara)

    def test_guesses_made_at_once_are_all_counted(self, mara: User) -> None:
        gate = Barrier(AT_ONCE)

        def attempt(_: int) -> str:
            gate.wait(30)
            try:
                return str(confirmed(person=mara, password=WRONG, by=mara))
            except SlowDown as refusal:
                return refusal.code
            finally:
                connections.close_all()

        with ThreadPoolExecutor(AT_ONCE) as pool:
            told = Counter(pool.map(attempt, range(AT_ONCE)))
        assert told == {"False": WRONG_ALLOWED, "too-many-tries": AT_ONCE - WRONG_ALLOWED}
        assert kept(mara).count() == WRONG_ALLOWED

    @pytest.mark.parametrize("change", ['UPDATE {} SET "right" = true', "DELETE FROM {}"])
    def test_what_was_counted_cannot_be_taken_back(self, mara: User, change: str) -> None:
        guess(mara)
        with pytest.raises(DatabaseError) as refused, recorded(by=mara), connection.cursor() as cursor:
            cursor.execute(change.format(PasswordCheck._meta.db_table))
        assert sqlstate(refused.value) == "DK003"


class TestOnTheWay:
    """An order's signature, as API with a key (whose transaction is rolled back on a refusal) and as page."""

    @pytest.fixture
    def order(self, clinic: Any, mara: User, now: Any) -> Order:
        patient = known_patient(clinic, now)
        accepted(patient, mara, now)
        return drafted(patient, mara, now)

    def test_by_api(self, order: Order, mara: User, api_as: Callable) -> None:
        client = api_as(mara)

        def sign(number: int, password: str) -> Any:
            body = {"password": password, "version": order.version}
            return client.post(
                f"/api/v1/orders/{order.pk}/sign/", body, headers={"Idempotency-Key": f"signing-{number}"}
            )

        told = [sign(number, WRONG).status_code for number in range(WRONG_ALLOWED)]
        last = sign(9, PASSWORD)
        assert (told, last.status_code) == ([400] * WRONG_ALLOWED, 429)
        assert last.json()["errors"]["password"] == [last.json()["detail"]]
        assert int(last["Retry-After"]) == last.json()["retry_after"] > 0
        assert not Order.objects.get(pk=order.pk).is_signed

    def test_by_page(self, order: Order, mara: User, page_as: Callable) -> None:
        browser, url = page_as(mara), reverse("order-sign", args=[order.pk])
        for _ in range(WRONG_ALLOWED):
            browser.post(url, {"password": WRONG, "version": order.version})
        answer = browser.post(url, {"password": PASSWORD, "version": order.version})
        assert "Too many wrong passwords. Nothing was signed. Wait 5 minutes" in answer.content.decode()
        assert not Order.objects.get(pk=order.pk).is_signed
