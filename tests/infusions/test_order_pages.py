"""The pages of candidacy and orders: empty on load, read back before signing, and closed to whoever may not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.staff.models import Clinic, User
from config.staff.permissions import Role
from infusions import orders
from infusions.models import CandidacyDecision, Order
from infusions.protocol import LABELS
from patients.models import Patient
from tests.conftest import PASSWORD, hired
from tests.infusions.ordering import BOOKING, NONSENSE, accepted, bookable, drafted, known_patient, signed


class Inputs(HTMLParser):
    """Every input and textarea of a page with its attributes; a textarea's text stands under `value`."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str | None]] = {}
        self.names: list[str] = []
        self._open: str | None = None
        self.lists = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.lists += tag == "datalist"
        if tag in {"input", "textarea", "select"} and told.get("name"):
            self._open = told["name"] if tag == "textarea" else None
            self.found[str(told["name"])] = {**told, "tag": tag}

    def handle_data(self, data: str) -> None:
        if self._open and data.strip():
            self.found[self._open]["value"] = data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._open = None


@pytest.fixture
def ada(clinic: Clinic, now: datetime) -> Patient:
    return known_patient(clinic, now)


@pytest.fixture
def omar(clinic: Clinic) -> User:
    """Omar prescribes too."""
    return hired(clinic, "omar", "Omar Haddad", Role.PRESCRIBER, "NP")


def new_url(patient: Patient) -> str:
    return reverse("order-new", args=[patient.pk])


def at(name: str, order: Order) -> str:
    return reverse(name, args=[order.pk])


def values(html: str) -> dict[str, str | None]:
    return {name: told.get("value") for name, told in Inputs(html).found.items() if name in LABELS}


class TestTheForm:
    def test_every_input_is_empty_and_nothing_is_offered(self, ada: Patient, mara: User, page_as: Callable) -> None:
        html = page_as(mara).get(new_url(ada)).content.decode()
        page = Inputs(html)
        assert set(LABELS) <= set(page.found)
        for name in LABELS:
            told = page.found[name]
            assert told.get("value") is None, name
            assert "placeholder" not in told, name
            assert "list" not in told, name
            assert told.get("autocomplete") == "off", name
            assert told["tag"] != "select", name
        assert page.lists == 0

    def test_also_after_an_earlier_order(self, ada: Patient, mara: User, now: datetime, page_as: Callable) -> None:
        order = signed(ada, mara, now, **BOOKING, titration="stir")
        orders.stop(order_id=order.pk, by=mara, now=now, reason="Done.")
        html = page_as(mara).get(new_url(ada)).content.decode()
        assert set(values(html).values()) == {None}

    def test_a_new_version_shows_the_old_one_beside_and_starts_empty(
        self, ada: Patient, mara: User, now: datetime, page_as: Callable
    ) -> None:
        order = signed(ada, mara, now, **BOOKING, titration="stir")
        client = page_as(mara)
        answer = client.post(at("order-supersede", order), {"reason": "Less."}, follow=True)
        html = answer.content.decode()
        assert answer.redirect_chain[-1][0] == new_url(ada)
        assert set(values(html).values()) == {None}
        assert "Before: 3 spoons" in html
        assert "Before: stir" in html

    def test_the_author_gets_their_own_text_back(
        self, ada: Patient, mara: User, now: datetime, page_as: Callable
    ) -> None:
        drafted(ada, mara, now, titration=" stir\nslowly", visits=3)
        html = page_as(mara).get(new_url(ada)).content.decode()
        typed = {name: value for name, value in values(html).items() if value is not None}
        assert typed == {**NONSENSE, "titration": " stir\nslowly", "visits": "3"}
        assert "your draft, last changed" in html

    def test_nobody_gets_anothers(
        self, ada: Patient, mara: User, omar: User, nils: User, now: datetime, page_as: Callable
    ) -> None:
        order = drafted(ada, mara, now)
        html = page_as(omar).get(new_url(ada)).content.decode()
        assert set(values(html).values()) == {None}
        assert "Examplamine" not in html
        for person in (omar, nils):
            assert page_as(person).get(at("order", order)).status_code == 404
        assert page_as(omar).get(at("order-review", order)).status_code == 404

    def test_what_can_be_misread_is_shown_as_typed_with_words(
        self, ada: Patient, mara: User, page_as: Callable
    ) -> None:
        typed = {"agent": "Examplamine", "dose": ".7", "dose_unit": "U", "visits": "3.0", "titration": "keep me"}
        answer = page_as(mara).post(new_url(ada), {**typed, "review": ""})
        html = answer.content.decode()
        assert answer.status_code == 422
        shown = {name: value for name, value in values(html).items() if value is not None}
        assert shown == typed
        for words in ("Type a digit before the point", "units", "whole number in digits alone"):
            assert words in html
        assert not Order.objects.exists()

    def test_a_newer_copy_of_ones_own_is_not_overwritten(
        self, ada: Patient, mara: User, now: datetime, page_as: Callable
    ) -> None:
        order = drafted(ada, mara, now)
        client = page_as(mara)
        client.post(new_url(ada), {**NONSENSE, "dose": "4", "version": "1"})
        answer = client.post(new_url(ada), {**NONSENSE, "dose": "5", "version": "1"})
        order.refresh_from_db()
        html = answer.content.decode()
        assert (answer.status_code, order.dose) == (409, "4")
        assert values(html)["dose"] == "5"
        assert "Before: 4 spoons" in html
        assert html.count("Before: ") == 1, "only what differs"
        assert "Dose: The other save says something else" in html
        assert "Somebody else" not in html
        again = {**NONSENSE, "dose": "5", "version": Inputs(html).found["version"]["value"]}
        client.post(new_url(ada), again)
        order.refresh_from_db()
        assert order.dose == "5"

    def test_a_save_that_overtakes_its_own_autosave_is_taken(self, ada: Patient, mara: User, page_as: Callable) -> None:
        client, kept = page_as(mara), {"accept": "application/json"}
        twice = [client.post(new_url(ada), {**NONSENSE, "version": ""}, headers=kept) for _ in range(2)]
        assert [(answer.status_code, answer.json()["version"]) for answer in twice] == [(200, 1), (200, 1)]
        client.post(new_url(ada), {**NONSENSE, "titration": "stir", "version": "1"}, headers=kept)
        longer = {**NONSENSE, "titration": "stir slowly", "route": "by post", "version": "1", "keep": ""}
        assert client.post(new_url(ada), longer).status_code == 302
        order = Order.objects.get()
        assert (order.titration, order.route) == ("stir slowly", "by post")

    def test_a_longer_number_is_not_the_same_number(self, ada: Patient, mara: User, page_as: Callable) -> None:
        client = page_as(mara)
        client.post(new_url(ada), {**NONSENSE, "dose": "4", "version": ""})
        assert client.post(new_url(ada), {**NONSENSE, "dose": "40", "version": ""}).status_code == 409
        assert Order.objects.get().dose == "4"

    def test_the_autosave_keeps_the_draft(self, ada: Patient, mara: User, page_as: Callable) -> None:
        client = page_as(mara)
        first = client.post(new_url(ada), {"agent": "Exa", "version": ""}, headers={"accept": "application/json"})
        assert (first.status_code, first.json()["version"]) == (200, 1)
        again = {"agent": "Examplamine", "version": "1"}
        second = client.post(new_url(ada), again, headers={"accept": "application/json"})
        assert second.json()["version"] == 2
        assert Order.objects.get().agent == "Examplamine"
        refused = client.post(new_url(ada), {"dose": ".7", "version": "2"}, headers={"accept": "application/json"})
        assert (refused.status_code, refused.headers["Content-Type"]) == (422, "application/problem+json")
        assert "Dose" in refused.json()["detail"]


class TestReviewAndSigning:
    def test_the_review_reads_back_what_is_stored(self, ada: Patient, mara: User, page_as: Callable) -> None:
        client = page_as(mara)
        answer = client.post(new_url(ada), {**NONSENSE, "dose": "0.25", "visits": "12", "review": ""}, follow=True)
        html = answer.content.decode()
        assert answer.redirect_chain[-1][0] == at("order-review", Order.objects.get())
        assert "0.25 spoons" in html
        assert "zero point two five spoons" in html
        assert "twelve visits" in html
        assert "No visits can be booked on this order" in html
        assert "No valid candidacy decision" in html

    def test_changes_against_the_order_before_are_listed(
        self, ada: Patient, mara: User, now: datetime, page_as: Callable
    ) -> None:
        old = bookable(ada, mara, now)
        new = orders.supersede(order_id=old.pk, by=mara, now=now, reason="Less.")
        fields = {**NONSENSE, **BOOKING, "dose": "2"}
        orders.change_draft(order_id=new.pk, by=mara, now=now, version=1, **fields)
        answer = page_as(mara).get(at("order-review", new))
        assert [(c.label, c.before, c.after) for c in answer.context["changes"]] == [("Dose", "3 spoons", "2 spoons")]

    def test_a_day_that_is_past_is_told_and_the_order_signed_as_it_stands(
        self, ada: Patient, mara: User, page_as: Callable
    ) -> None:
        client, today = page_as(mara), timezone.now().astimezone(mara.clinic.tz).date()
        past, coming = today - timedelta(days=1), today + timedelta(days=1)
        dates = {"valid_until": str(past), "first_visit_until": str(today), "valid_from": str(past)}
        review = client.post(new_url(ada), {**NONSENSE, **dates, "review": ""}, follow=True).content.decode()
        assert f"Valid until, that day included: {past:%-d %B %Y}. That day is past" in review
        assert review.count("That day is past") == 1, "today is not past"
        order = Order.objects.get()
        client.post(at("order-sign", order), {"password": PASSWORD, "version": order.version})
        order.refresh_from_db()
        assert (order.is_signed, order.valid_until) == (True, past)
        draft = orders.supersede(order_id=order.pk, by=mara, now=timezone.now(), reason="Of last year.")
        orders.change_draft(order_id=draft.pk, by=mara, now=timezone.now(), version=1, **NONSENSE, valid_until=coming)
        assert "That day is past" not in client.get(at("order-review", draft)).content.decode()

    def test_two_presses_sign_it(self, ada: Patient, mara: User, page_as: Callable) -> None:
        client = page_as(mara)
        client.post(new_url(ada), {**NONSENSE, "review": ""})
        order = Order.objects.get()
        answer = client.post(at("order-sign", order), {"password": PASSWORD, "version": order.version}, follow=True)
        html = answer.content.decode()
        assert answer.redirect_chain[-1][0] == at("order", order)
        assert "signed by Mara Santos, MD" in html
        order.refresh_from_db()
        assert order.is_signed

    # A wrong password is counted beside the request, so the people have to be there for good.
    @pytest.mark.django_db(transaction=True)
    def test_a_wrong_password_signs_nothing(self, ada: Patient, mara: User, now: datetime, page_as: Callable) -> None:
        order = drafted(ada, mara, now)
        answer = page_as(mara).post(at("order-sign", order), {"password": "no", "version": order.version})
        assert answer.status_code == 422
        assert "That is not your password" in answer.content.decode()
        order.refresh_from_db()
        assert not order.is_signed

    def test_a_page_of_an_older_draft_signs_nothing(
        self, ada: Patient, mara: User, now: datetime, page_as: Callable
    ) -> None:
        order = drafted(ada, mara, now)
        orders.change_draft(order_id=order.pk, by=mara, now=now, version=1, dose="4")
        answer = page_as(mara).post(at("order-sign", order), {"password": PASSWORD, "version": "1"})
        assert answer.status_code == 422
        assert "Somebody else saved this" in answer.content.decode()
        order.refresh_from_db()
        assert not order.is_signed

    def test_a_draft_is_discarded(self, ada: Patient, mara: User, now: datetime, page_as: Callable) -> None:
        order = drafted(ada, mara, now)
        client = page_as(mara)
        client.post(at("order-discard", order))
        assert set(values(client.get(new_url(ada)).content.decode()).values()) == {None}


class TestASignedOrder:
    def test_clinicians_read_it(self, ada: Patient, mara: User, nils: User, now: datetime, page_as: Callable) -> None:
        order = bookable(ada, mara, now, indication="ghost pain")
        html = page_as(nils).get(at("order", order)).content.decode()
        assert "3 spoons" in html
        assert "ghost pain" in html
        assert "New version" not in html

    def test_the_desk_sees_what_booking_needs(
        self, ada: Patient, mara: User, ana: User, vera: User, now: datetime, page_as: Callable
    ) -> None:
        order = bookable(ada, mara, now, indication="ghost pain", titration="stir")
        for person in (ana, vera):
            html = page_as(person).get(at("order", order)).content.decode()
            for words in ("3, 3 left to book", "2 to 7 days", "90 minutes", "signed by Mara Santos"):
                assert words in html
            for secret in ("spoons", "Examplamine", "ghost pain", "stir", "New version", "Hold"):
                assert secret not in html

    @pytest.mark.parametrize(
        ("name", "status"),
        [
            ("order-hold", "on-hold"),
            ("order-stop", "stopped"),
            ("order-complete", "completed"),
            ("order-enter-in-error", "entered-in-error"),
        ],
    )
    def test_held_and_stopped_with_a_reason(
        self, ada: Patient, mara: User, now: datetime, page_as: Callable, name: str, status: str
    ) -> None:
        order = signed(ada, mara, now)
        client = page_as(mara)
        assert at(name, order) in client.get(at("order", order)).content.decode()
        assert client.post(at(name, order), {"reason": ""}).status_code == 422
        client.post(at(name, order), {"reason": "Fever."})
        order.standing.refresh_from_db()
        assert (order.standing.status, order.standing.reason) == (status, "Fever.")

    def test_resumed(self, ada: Patient, mara: User, now: datetime, page_as: Callable) -> None:
        order = signed(ada, mara, now)
        orders.hold(order_id=order.pk, by=mara, now=now, reason="Fever.")
        page_as(mara).post(at("order-resume", order), {"reason": "Well."})
        order.standing.refresh_from_db()
        assert order.standing.status == "active"

    def test_its_history_is_clinical(
        self, ada: Patient, mara: User, nils: User, ana: User, now: datetime, page_as: Callable
    ) -> None:
        order = signed(ada, mara, now)
        html = page_as(nils).get(at("order-history", order)).content.decode()
        assert "Mara Santos" in html
        assert "<html" in html, "opened by its address it is a page"
        part = page_as(nils).get(at("order-history", order), headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part
        assert page_as(ana).get(at("order-history", order)).status_code == 403


@pytest.mark.parametrize("role", ["ana", "nils", "vera", "olu"])
def test_nobody_else_writes_orders(
    request: pytest.FixtureRequest, ada: Patient, mara: User, now: datetime, page_as: Callable, role: str
) -> None:
    order = signed(ada, mara, now)
    client: Client = page_as(request.getfixturevalue(role))
    assert client.get(new_url(ada)).status_code == 403
    assert client.post(new_url(ada), NONSENSE).status_code == 403
    for name in ("order-review", "order-sign", "order-hold", "order-resume", "order-stop", "order-supersede"):
        assert client.post(at(name, order), {"reason": "x"}).status_code == 403, name
    assert client.post(at("order-discard", order)).status_code == 403
    assert Order.objects.count() == 1


def test_another_clinic_finds_nothing(ada: Patient, mara: User, zoe: User, now: datetime, page_as: Callable) -> None:
    order = signed(ada, mara, now)
    client = page_as(zoe)
    assert client.get(at("order", order)).status_code == 404
    assert client.get(at("series-plan", order)).status_code == 404
    assert client.get(reverse("patient", args=[ada.pk])).status_code == 404


class TestCandidacy:
    def test_decided_and_signed(self, ada: Patient, mara: User, page_as: Callable) -> None:
        url = reverse("candidacy", args=[ada.pk])
        answer = page_as(mara).post(
            url, {"outcome": "candidate", "reason": "As discussed.", "password": PASSWORD}, follow=True
        )
        assert "As discussed." in answer.content.decode()
        assert CandidacyDecision.objects.get().outcome == "candidate"

    def test_nothing_is_chosen_beforehand(self, ada: Patient, mara: User, now: datetime, page_as: Callable) -> None:
        accepted(ada, mara, now)
        html = page_as(mara).get(reverse("candidacy", args=[ada.pk])).content.decode()
        page = Inputs(html)
        assert page.found["reason"].get("value") is None
        assert page.found["valid_until"].get("value") is None
        assert "checked" not in page.found["outcome"]

    # A wrong password is counted beside the request, so the people have to be there for good.
    @pytest.mark.django_db(transaction=True)
    def test_what_was_typed_stays(self, ada: Patient, mara: User, page_as: Callable) -> None:
        url = reverse("candidacy", args=[ada.pk])
        answer = page_as(mara).post(url, {"outcome": "deferred", "reason": "Long text.", "password": "wrong"})
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "Long text." in html
        assert "That is not your password" in html
        assert not CandidacyDecision.objects.exists()

    def test_nurses_read_and_do_not_decide(
        self, ada: Patient, mara: User, nils: User, now: datetime, page_as: Callable
    ) -> None:
        accepted(ada, mara, now, reason="Because of this.")
        url = reverse("candidacy", args=[ada.pk])
        client = page_as(nils)
        html = client.get(url).content.decode()
        assert "Because of this." in html
        assert "Sign decision" not in html
        assert client.post(url, {"outcome": "deferred", "reason": "x", "password": PASSWORD}).status_code == 403

    def test_the_desk_has_no_form_and_no_reason(
        self, ada: Patient, mara: User, ana: User, now: datetime, page_as: Callable
    ) -> None:
        accepted(ada, mara, now, reason="Because of this.")
        client = page_as(ana)
        assert client.get(reverse("candidacy", args=[ada.pk])).status_code == 403
        html = client.get(reverse("patient", args=[ada.pk])).content.decode()
        assert "Candidate" in html
        assert "Because of this." not in html

    def test_one_that_ran_out_is_said_so(self, ada: Patient, mara: User, now: datetime, page_as: Callable) -> None:
        import time_machine

        with time_machine.travel(now):
            accepted(ada, mara, now, valid_until=now.date())
        with time_machine.travel(now + timedelta(days=3)):
            html = page_as(mara).get(reverse("candidacy", args=[ada.pk])).content.decode()
        assert "ran out" in html
