"""What was said about a number counts for everybody who shares it."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from config.audit.acting import SystemJob, recorded
from config.refusals import Invalid
from patients.contact import may_reach, reach, record_consent, sharers, wording
from patients.models import Channel, ContactPurpose, NumberStatement
from patients.numbers import lock_number, opted_out, said_of, say_of_number, why_not_text
from patients.register import amend, register

pytestmark = pytest.mark.django_db
SHARED = "+12135550142"
OPTED_OUT = "This number has opted out of text messages."


@pytest.fixture
def family(clinic, ana, now):
    """Ada and her son have one telephone; both agreed to texts about visits."""
    found = [
        register(clinic=clinic, by=ana, now=now, family_name="Peña", given_name=name, mobile=SHARED, not_duplicates=[])
        for name in ("Ada",)
    ]
    found.append(
        register(
            clinic=clinic,
            by=ana,
            now=now,
            family_name="Solis",
            given_name="Bo",
            mobile=SHARED,
            not_duplicates=[found[0].pk],
        )
    )
    for person in found:
        record_consent(patient=person, channel="sms", granted=True, how="spoken", by=ana, at=now)
    return found


@pytest.fixture
def says(now):
    def say(kind, holds=True, later=1, **more):
        at = now + timedelta(minutes=later)
        return say_of_number(number=SHARED, kind=kind, holds=holds, how="reply", by=SystemJob.REMINDERS, at=at, **more)

    return say


def ways(family, purpose="visits"):
    return [may_reach(patient_id=person.pk, channel="sms", purpose=purpose) for person in family]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("opt-out", OPTED_OUT),
        ("wrong-person", "This number belongs to somebody else."),
        ("no-texts", "This number cannot get text messages."),
    ],
)
def test_it_covers_everybody_who_shares_the_number(family, says, kind, words):
    assert all(len(found) == 1 for found in reach(patients=family).values())
    says(kind)
    assert ways(family) == [words] * 2
    assert set(map(len, reach(patients=family).values())) == {0}
    assert why_not_text(number=SHARED, purpose="visits") == words
    says(kind, holds=False, later=2)
    assert [way.address for way in ways(family)] == [SHARED] * 2
    assert why_not_text(number=SHARED, purpose="visits") == ""


def test_the_newest_statement_counts_whenever_it_was_typed(family, says):
    says("opt-out", later=5)
    says("opt-out", holds=False, later=2)
    assert opted_out(SHARED, "visits")


def test_another_number_is_another_matter(family, says, ana):
    says("opt-out")
    amend(patient_id=family[0].pk, version=None, by=ana, mobile="+12135550143")
    assert ways(family)[0].address == "+12135550143"
    assert ways(family)[1] == OPTED_OUT


def test_one_purpose_is_opted_out_of_or_all(family, says, ana, now):
    for person in family:
        record_consent(patient=person, channel="sms", granted=True, how="spoken", by=ana, at=now, purpose="surveys")
    says("opt-out", scope="surveys")
    assert [way.address for way in ways(family)] == [SHARED] * 2
    assert ways(family, "surveys") == [OPTED_OUT] * 2
    says("opt-out", later=2)
    assert ways(family) == [OPTED_OUT] * 2
    says("opt-out", holds=False, later=3, scope="visits")
    assert ways(family)[0].address == SHARED
    assert ways(family, "surveys") == [OPTED_OUT] * 2


def test_a_no_at_the_desk_is_an_opt_out_like_any_other(family, ana, now):
    """By reply, at the desk, on paper: each ends the texts to the number."""
    later = now + timedelta(hours=1)
    record_consent(patient=family[0], channel="sms", granted=False, how="spoken", by=ana, at=later)
    assert ways(family) == ["The patient does not want messages by this channel.", OPTED_OUT]
    assert [(said.kind, said.scope, said.how, said.by) for said in said_of(SHARED)] == [
        ("opt-out", "visits", "spoken", ana)
    ]
    record_consent(patient=family[0], channel="sms", granted=True, how="spoken", by=ana, at=later + timedelta(hours=1))
    assert [way.address for way in ways(family)] == [SHARED] * 2


def test_a_yes_to_email_or_of_long_ago_lifts_nothing(family, says, ana, now):
    says("opt-out", later=60)
    record_consent(patient=family[0], channel="email", granted=True, how="spoken", by=ana, at=now + timedelta(hours=2))
    record_consent(patient=family[0], channel="sms", granted=True, how="web form", by=ana, at=now)
    assert ways(family) == [OPTED_OUT] * 2


def test_a_yes_where_nothing_was_opted_out_of_says_nothing_about_the_number(family):
    assert not NumberStatement.objects.exists()


def test_email_goes_on(family, says, ana, now):
    amend(patient_id=family[0].pk, version=None, by=ana, email="ada@example.com")
    record_consent(patient=family[0], channel="email", granted=True, how="spoken", by=ana, at=now)
    says("opt-out")
    assert [way.channel for way in reach(patients=family)[family[0].pk]] == ["email"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "pigeon"},
        {"scope": "parties"},
        {"kind": "no-texts", "scope": "visits"},
        {"how": " "},
        {"how": "x" * 41},
    ],
)
def test_a_statement_that_makes_no_sense(ana, now, wrong):
    said = {"number": SHARED, "kind": "opt-out", "holds": True, "how": "spoken", "by": ana, "at": now, **wrong}
    with pytest.raises(Invalid):
        say_of_number(**said)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"kind": "pigeon"}, "number_statement_kind_known"),
        ({"scope": "parties"}, "number_statement_scope_known"),
        ({"kind": "no-texts", "scope": "visits"}, "number_statement_scope_known"),
        ({"how": " "}, "number_statement_says_how"),
        ({"number": ""}, "number_statement_of_a_number"),
    ],
)
def test_the_database_refuses_it_too(ana, now, wrong, constraint):
    said = {"number": SHARED, "kind": "opt-out", "scope": "all", "holds": True, "how": "spoken", "at": now, **wrong}
    with pytest.raises(IntegrityError, match=constraint), recorded(by=ana):
        NumberStatement.objects.create(**said)


def test_nothing_said_is_changed_or_taken_away(says):
    says("opt-out")
    for change in (lambda rows: rows.update(holds=False), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(NumberStatement.objects.all())


@pytest.mark.django_db(transaction=True)
def test_whoever_texts_a_number_and_whoever_opts_it_out_wait_for_each_other(ana, now):
    order: list[str] = []

    def opt_out() -> None:
        say_of_number(number=SHARED, kind="opt-out", holds=True, how="reply", by=ana, at=now)
        order.append("opted out")
        connection.close()

    with transaction.atomic():
        lock_number(SHARED)
        other = Thread(target=opt_out)
        other.start()
        other.join(timeout=0.5)
        assert other.is_alive()
        order.append("handed over")
    other.join()
    assert order == ["handed over", "opted out"]


def test_every_channel_and_purpose_has_its_own_words():
    texts = {wording(channel, purpose) for channel in Channel for purpose in ContactPurpose}
    assert len(texts) == len(Channel) * len(ContactPurpose)
    assert all("no condition of treatment" in words for words in texts)


# --- the panel ---


def test_the_panel_asks_for_a_purpose_and_chooses_nothing_beforehand(family, ana, page_as):
    page = page_as(ana).get(reverse("patient-consents", args=[family[0].pk])).content.decode()
    assert 'value="yes"' in page
    assert " checked" not in page.partition("How they may be reached")[2]
    answer = page_as(ana).post(
        reverse("patient-consents", args=[family[0].pk]), {"channel": "sms", "granted": "yes", "how": "spoken"}
    )
    assert answer.status_code == 422


def test_the_panel_shows_who_shares_the_number_and_what_was_said(family, says, ana, page_as):
    says("opt-out")
    page = page_as(ana).get(reverse("patient-consents", args=[family[0].pk])).content.decode()
    assert reverse("patient", args=[family[1].pk]) in page
    assert "Opted out of all texts" in page
    assert OPTED_OUT in page
    assert list(sharers(patient=family[0])) == [family[1]]


def test_the_desk_writes_down_what_it_hears_about_a_number(family, ana, page_as):
    address = reverse("patient-number", args=[family[0].pk])
    answer = page_as(ana).post(address, {"says": "wrong-person", "known": "spoken"})
    assert answer.status_code == 302
    assert ways(family) == ["This number belongs to somebody else."] * 2
    page_as(ana).post(address, {"says": "-wrong-person", "known": "spoken"})
    assert ways(family)[0].address == SHARED
    assert page_as(ana).post(address, {"says": "", "known": "spoken"}).status_code == 422


def test_nothing_is_said_of_a_number_that_nobody_gave(clinic, ana, now, page_as):
    person = register(clinic=clinic, by=ana, now=now, family_name="Peña", given_name="Ada")
    answer = page_as(ana).post(reverse("patient-number", args=[person.pk]), {"says": "opt-out", "known": "spoken"})
    assert answer.status_code == 422
    assert "No mobile number is recorded" in answer.content.decode()


def test_the_api_tells_and_takes_the_same(family, ana, api_as):
    api, address = api_as(ana), f"/api/v1/patients/{family[0].pk}/number/"
    assert api.get(address).data == []
    made = api.post(address, {"kind": "opt-out", "holds": True, "scope": "visits", "how": "on paper"})
    assert (made.status_code, made.data["by"]) == (201, ana.full_name)
    assert [row["scope"] for row in api.get(address).data] == ["visits"]
    assert ways(family) == [OPTED_OUT] * 2
    assert api.post(address, {"kind": "no-texts", "holds": True, "scope": "visits", "how": "x"}).status_code == 400


@pytest.mark.parametrize("many", [1, 4])
def test_the_panel_asks_no_more_however_much_was_said(family, says, ana, page_as, many, django_assert_max_num_queries):
    for minute in range(many):
        says("opt-out", holds=bool(minute % 2), later=minute)
    client = page_as(ana)
    client.get(reverse("patient-consents", args=[family[0].pk]))
    with django_assert_max_num_queries(34):
        client.get(reverse("patient-consents", args=[family[0].pk]))
