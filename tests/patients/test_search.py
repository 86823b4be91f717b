"""The patient search: what somebody says first finds them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from patients.dates import read_birth_date, readings
from patients.register import merge, register
from patients.search import same_name, search, terms

TODAY = date(2026, 11, 23)


@pytest.fixture
def people(clinic, ana, now):
    rows = [
        ("Okafor", "Ada", date(1978, 3, 14), "213 555 0142"),
        ("Okafor", "Ada", date(1991, 7, 2), "213 555 0143"),
        ("Páez Núñez", "Manuela", date(1960, 12, 1), "213 555 0144"),
        ("O'Brien", "Séan", date(1985, 4, 3), "213 555 0145"),
        ("Smith-Jones", "José Luis", date(2001, 1, 31), "213 555 0146"),
        ("Łukasz", "Žofie", date(1999, 9, 9), ""),
        ("Lee", "Ann", date(1970, 5, 5), ""),
        ("Leeson", "Ann", date(1970, 5, 6), ""),
    ]
    return [
        register(
            clinic=clinic, by=ana, now=now, family_name=family, given_name=given_name, birth_date=born, mobile=phone
        )
        for family, given_name, born, phone in rows
    ]


def found(clinic, text):
    return [f"{p.given_name} {p.family_name}" for p in search(clinic=clinic, text=text)]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("paez", "Manuela Páez Núñez"),
        ("nunez manuela", "Manuela Páez Núñez"),
        ("Manuela Pá", "Manuela Páez Núñez"),
        ("obrien", "Séan O'Brien"),
        ("o'brien", "Séan O'Brien"),
        ("O’Brien sean", "Séan O'Brien"),
        ("jones jose", "José Luis Smith-Jones"),
        ("smith-jones", "José Luis Smith-Jones"),
        ("lukasz zofie", "Žofie Łukasz"),
        ("0144", "Manuela Páez Núñez"),
        ("(213) 555-0144", "Manuela Páez Núñez"),
        ("12/1/1960", "Manuela Páez Núñez"),
        ("1 Dec 1960", "Manuela Páez Núñez"),
        ("paez 1960-12-01", "Manuela Páez Núñez"),
        ("manuela 0144", "Manuela Páez Núñez"),
    ],
)
def test_somebody_is_found_by_what_they_say(clinic, people, text, who):
    assert found(clinic, text) == [who]


@pytest.mark.parametrize("text", ["manulea", "mnuela", "manuella", "nanuela", "Manuela Paze"])
def test_one_slip_is_forgiven(clinic, people, text):
    assert found(clinic, text) == ["Manuela Páez Núñez"]


@pytest.mark.parametrize("text", ["mnulea", "paez okafor", "paez 1961-12-01", "9999", "", "   ", "?", "%", "_", ".*"])
def test_nobody_is_guessed(clinic, people, text):
    assert found(clinic, text) == []


def test_a_record_number_with_and_without_its_zeros(clinic, people):
    number = people[2].record_number
    for text in (number, number.lower(), number.removeprefix("R-").lstrip("0").zfill(3)):
        assert people[2] in search(clinic=clinic, text=text)


def test_a_whole_name_comes_before_a_longer_one(clinic, people):
    assert found(clinic, "ann lee") == ["Ann Lee", "Ann Leeson"]


def test_two_of_one_name_are_pointed_out(clinic, people):
    both = search(clinic=clinic, text="okafor ada")
    assert [p.birth_date.year for p in both] == [1978, 1991]
    assert same_name(both) == "Two people have the same name: compare the birth dates."
    assert same_name(search(clinic=clinic, text="ann")) == ""


def test_at_most_eight(clinic, ana, now):
    for n in range(10):
        register(clinic=clinic, by=ana, now=now, family_name="Many", given_name=f"Person {n}")
    assert len(search(clinic=clinic, text="many")) == 8
    assert len(search(clinic=clinic, text="many", limit=3)) == 3


def test_people_of_another_clinic_stay_there(clinic, people, other_clinic):
    assert search(clinic=other_clinic, text="okafor") == []


def test_a_merged_number_leads_to_the_record_that_stays(clinic, people, ana):
    merge(patient_id=people[0].pk, into_id=people[1].pk, by=ana, reason="same person, birth date was mistyped")
    assert search(clinic=clinic, text=people[0].record_number) == [people[1]]


def test_an_empty_clinic_answers(clinic):
    assert search(clinic=clinic, text="okafor 3/14/78") == []


def test_queries_do_not_grow_with_what_is_found(clinic, people, django_assert_max_num_queries):
    for text in ("okafor", "manulea paze 1960-12-01"):
        with django_assert_max_num_queries(3):
            search(clinic=clinic, text=text)


FORMS = ["%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y", "%d %b %Y", "%B %d, %Y", "%b %d %Y", "%d-%b-%Y", "%Y%m%d", "%m%d%Y"]
births = st.dates(date(1900, 1, 1), TODAY)


@given(born=births, form=st.sampled_from(FORMS))
def test_a_birth_date_is_read_in_any_common_form(born, form):
    assert born in readings(born.strftime(form), today=TODAY)
    assert born in next(terms(born.strftime(form), today=TODAY)).dates


@given(born=st.dates(date(1930, 1, 1), TODAY), form=st.sampled_from(["%m/%d/%y", "%d %b %y", "%d.%m.%y"]))
def test_two_digits_of_a_year_are_enough_to_search(born, form):
    assert born in readings(born.strftime(form), today=TODAY)


@given(text=st.text(max_size=40))
def test_no_text_breaks_the_reading(text):
    assert all(day <= TODAY for day in readings(text, today=TODAY))
    assert all(term.text for term in terms(text, today=TODAY))


def test_what_is_typed_into_a_form_is_one_date_or_a_question():
    from config.refusals import Invalid

    with pytest.raises(Invalid, match="4 Mar 1978 or 3 Apr 1978") as asked:
        read_birth_date("3/4/1978", today=TODAY)
    assert asked.value.facts["choices"] == [date(1978, 3, 4), date(1978, 4, 3)]
    assert read_birth_date("4/4/1978", today=TODAY) == date(1978, 4, 4)
    assert read_birth_date("14/3/1978", today=TODAY) == date(1978, 3, 14)
    assert read_birth_date("3/14/78", today=TODAY) == date(1978, 3, 14)
    assert read_birth_date("  ", today=TODAY) is None
    for text in ("3/14/15", "31 Feb 1978", "12/1/2033", "soon"):
        with pytest.raises(Invalid) as refusal:
            read_birth_date(text, today=TODAY)
        assert refusal.value.field == "birth_date"


LONG = ["a" * 100, "ß" * 100, "ǅ" * 100, " ".join(["abcdefghijklmnopqrstuvwx"] * 4), "abca abcb abcc abcd " * 5]


@pytest.mark.parametrize("text", LONG, ids=["one letter", "two for one", "a digraph", "long words", "many words"])
def test_no_text_keeps_the_database_busy(clinic, people, text):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '1s'")
    assert found(clinic, text) == []


def test_slips_are_forgiven_in_so_many_letters_at_most(clinic, people):
    """The pattern that the database weighs stays short, however long the text."""
    for text in LONG:
        with CaptureQueriesContext(connection) as seen:
            found(clinic, text)
        assert max(len(query["sql"]) for query in seen) < 16_000
