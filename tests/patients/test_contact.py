"""Who may be reached, how, and why not."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError

from config.audit.acting import SystemJob, recorded
from config.refusals import Invalid
from patients.contact import WORDING_VERSION, WORDINGS, Reach, may_reach, reach, record_consent
from patients.models import Channel, ContactConsent
from patients.person import read_email, read_phone
from patients.register import amend, merge, record_death, register


@pytest.fixture
def ada(clinic, ana, now):
    return register(
        clinic=clinic,
        by=ana,
        now=now,
        family_name="Peña",
        given_name="Ada",
        mobile="213 555 0142",
        email="ada.peña@example.com",
        language="es",
    )


@pytest.fixture
def says(ada, ana, now):
    def say(channel, granted, later=0):
        at = now + timedelta(minutes=later)
        return record_consent(patient=ada, channel=channel, granted=granted, how="spoken", by=ana, at=at)

    return say


def test_nobody_is_reached_who_said_nothing(ada):
    assert reach(patients=[ada]) == {ada.pk: []}
    assert may_reach(patient_id=ada.pk, channel="sms") == "No consent to this channel is recorded."


def test_a_yes_opens_its_own_channel_only(ada, says):
    said = says("sms", True)
    assert (said.wording_version, said.how, said.actor) == (WORDING_VERSION, "spoken", f"user:{said.by_id}")
    assert set(WORDINGS) == set(Channel)
    way = Reach(Channel.SMS, "+12135550142", "es")
    assert reach(patients=[ada]) == {ada.pk: [way]}
    assert may_reach(patient_id=ada.pk, channel="sms") == way
    assert isinstance(may_reach(patient_id=ada.pk, channel="email"), str)


def test_the_newest_statement_counts_whenever_it_was_typed(ada, says):
    says("sms", False, later=10)
    says("sms", True, later=5)
    assert may_reach(patient_id=ada.pk, channel="sms") == "The patient does not want messages by this channel."
    says("sms", True, later=20)
    assert isinstance(may_reach(patient_id=ada.pk, channel="sms"), Reach)


def test_an_address_outside_ascii_needs_a_server_that_knows_it(ada, says):
    says("email", True)
    (way,) = reach(patients=[ada])[ada.pk]
    assert (way.address, way.needs_utf8) == ("ada.peña@example.com", True)
    assert not Reach(Channel.EMAIL, "ada@éxample.com", "en").needs_utf8


def test_without_an_address_there_is_no_way(ada, says, ana):
    says("email", True)
    amend(patient_id=ada.pk, version=None, by=ana, email="")
    assert may_reach(patient_id=ada.pk, channel="email") == "No address for this channel is recorded."
    assert reach(patients=[ada]) == {ada.pk: []}


def test_the_dead_are_never_reached_even_from_an_old_copy(ada, says, ana):
    says("sms", True)
    record_death(patient_id=ada.pk, on=date(2026, 5, 2), by=ana)
    assert not ada.deceased
    assert reach(patients=[ada]) == {ada.pk: []}
    assert may_reach(patient_id=ada.pk, channel="sms") == "The patient has died."


def test_a_merged_record_is_never_reached(ada, says, clinic, ana, now):
    says("sms", True)
    other = register(clinic=clinic, by=ana, now=now, family_name="Peña", given_name="Ada")
    merge(patient_id=ada.pk, into_id=other.pk, by=ana, reason="one person")
    assert reach(patients=[ada]) == {ada.pk: []}
    assert may_reach(patient_id=ada.pk, channel="sms") == "This record was merged into another."


def test_another_purpose_is_another_question(ada, ana, now):
    record_consent(patient=ada, channel="sms", granted=True, how="spoken", by=ana, at=now, purpose="surveys")
    assert reach(patients=[ada]) == {ada.pk: []}
    assert len(reach(patients=[ada], purpose="surveys")[ada.pk]) == 1


@pytest.mark.parametrize("many", [1, 3])
def test_one_query_however_many(clinic, ana, now, many, django_assert_num_queries):
    people = [
        register(clinic=clinic, by=ana, now=now, family_name="M", given_name=str(n), mobile=f"213 555 014{n}")
        for n in range(many)
    ]
    for person in people:
        record_consent(patient=person, channel="sms", granted=True, how="spoken", by=ana, at=now)
    with django_assert_num_queries(1):
        assert all(len(ways) == 1 for ways in reach(patients=people).values())


@pytest.mark.parametrize(("channel", "how"), [("pigeon", "spoken"), ("sms", ""), ("sms", "x" * 41)])
def test_a_statement_that_makes_no_sense(ada, ana, now, channel, how):
    with pytest.raises(Invalid):
        record_consent(patient=ada, channel=channel, granted=True, how=how, by=ana, at=now)


def test_a_statement_by_link_has_nobody_of_the_staff(ada, now):
    said = record_consent(patient=ada, channel="sms", granted=False, how="reply", by=SystemJob.PATIENT_LINK, at=now)
    assert (said.by, said.actor) == (None, "job:patient-link")


def test_a_statement_is_never_changed(ada, says, ana):
    said = says("sms", False)
    for change in (lambda: ContactConsent.objects.update(granted=True), said.delete):
        with pytest.raises(DatabaseError, match="written once"), recorded(by=ana):
            change()


@pytest.mark.parametrize(
    "address", ["raúl@example.com", "josé.luis@exämple.de", "用户@例子.广告", "a+b@example.com", "o'brien@example.org"]
)
def test_real_addresses_are_read(address):
    assert read_email(f" {address} ") == address


@pytest.mark.parametrize(
    "address",
    ["a@b", "a b@example.com", "josé luis@example.com", "a@@example.com", "a\u00a0b@example.com", "a\u200b@example.com",
     ".a@example.com", "a@example.com\nb@example.com", "a@exa mple.com", "@example.com", "x" * 250 + "@example.com"],
)  # fmt: skip
def test_what_is_no_address(address):
    with pytest.raises(Invalid):
        read_email(address)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("(213) 555-0142", "+12135550142"), ("555-938-6892", "+15559386892"), ("+44 20 7946 0123", "+442079460123")],
)
def test_numbers_are_kept_in_one_form(typed, number):
    assert read_phone(typed).as_e164 == number
    assert read_phone(read_phone(typed)).as_e164 == number


@pytest.mark.parametrize("typed", ["12", "2135550142 ext 5", "letters", "+999 1", "213555014200000"])
def test_what_is_no_number(typed):
    with pytest.raises(Invalid):
        read_phone(typed)
