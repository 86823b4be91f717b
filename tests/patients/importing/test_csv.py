"""People from CSV: once, whole, with every bad row named."""

import io
import sys

import pytest
from django.core.management import call_command

from patients import contact
from patients.importing.csv_file import NAMES
from patients.models import Allergy, ContactConsent, Patient
from patients.register import amend, merge

HEADER = "record_number,family_name,given_name,birth_date,sex,phone,email,city,deceased,allergies"
ADA = "100,Okafor,Ada,1978-03-14,female,213-555-0142,ada@example.com,Los Angeles,0,Latex; Grass pollen"
RAUL = "101,Lozada,Raúl,1988-04-30,male,213-555-0143,raúl.lozada@example.com,Los Angeles,0,"
LUC = "102,Moreau,Luc,1940-01-02,male,213-555-0144,luc@example.com,Los Angeles,1,"


def a_file(*rows, header=HEADER):
    return "\n".join([header, *rows]) + "\n"


def test_people_come_in_with_accents_allergies_and_deaths(clinic, importing):
    ran = importing(a_file(ADA, RAUL, LUC))
    assert (ran.code, ran.out.strip()) == (0, "3 created, 0 updated, 0 unchanged, 0 refused")
    ada, raul, luc = Patient.objects.order_by("record_number")
    assert [allergy.substance for allergy in ada.allergies.order_by("substance")] == ["Grass pollen", "Latex"]
    assert (ada.allergy_state, raul.allergy_state) == ("listed", "not-asked")
    assert (raul.given_name, raul.email) == ("Raúl", "raúl.lozada@example.com")
    assert (ada.mobile.as_e164, luc.deceased) == ("+12135550142", True)
    assert ada.history.first().actor == "job:import"


def test_the_same_file_again_changes_nothing(clinic, importing):
    importing(a_file(ADA, RAUL, LUC))
    before = [Patient.history.count(), Allergy.history.count()]
    ran = importing(a_file(ADA, RAUL, LUC))
    assert (ran.code, ran.out.strip()) == (0, "0 created, 0 updated, 3 unchanged, 0 refused")
    assert [Patient.history.count(), Allergy.history.count()] == before


def test_no_consent_comes_in_and_the_dead_are_not_reached(clinic, importing, ana, now):
    importing(a_file(ADA, LUC))
    assert not ContactConsent.objects.exists()
    luc = Patient.objects.get(record_number="102")
    contact.record_consent(patient=luc, channel="sms", granted=True, how="spoken", by=ana, at=now)
    assert contact.reach(patients=[luc]) == {luc.pk: []}


def test_a_bad_row_is_named_and_the_rest_comes_in(clinic, importing):
    rows = [
        "200,,Nobody,1978-03-14,female,,,,0,",
        "201,Late,Born,1978-02-31,female,,,,0,",
        "202,Two,Dates,03/04/1978,female,,,,0,",
        "203,Odd,Sex,1978-03-14,mare,,,,0,",
        "204,Short,Row,1978-03-14",
        ",No,Number,1978-03-14,female,,,,0,",
        "205,Maybe,Dead,1978-03-14,female,,,,perhaps,",
        ADA,
        ADA,
    ]
    ran = importing(a_file(*rows))
    assert (ran.code, ran.out.strip()) == (1, "1 created, 0 updated, 0 unchanged, 8 refused")
    said = dict(line.split(": refused: ") for line in ran.err.strip().splitlines())
    assert list(said) == [f"line {n}" for n in (2, 3, 4, 5, 6, 7, 8, 10)]
    assert said["line 2"].startswith("family_name")
    assert said["line 4"] == "birth_date may be two dates; write it like 1978-03-14"
    assert said["line 6"] == "has 4 cells where the header has 10"
    assert said["line 10"] == "the record number stands on line 9 already"
    assert "Nobody" not in ran.err


def test_lines_are_counted_as_an_editor_counts_them(clinic, importing):
    two_lines = '300,Long,Address,1978-03-14,female,,,"Los\nAngeles",0,'
    ran = importing(a_file(two_lines, "", "301,Bad,Date,soon,female,,,,0,"))
    assert ran.err.startswith("line 5: refused")
    assert Patient.objects.get().city == "Los Angeles"


def test_a_detail_that_makes_no_sense_is_left_out_and_said(clinic, importing):
    ran = importing(a_file("400,Valencia,José Luis,1960-01-01,male,12,josé luis@example.com,,0,"))
    assert ran.code == 0
    assert ran.err.splitlines() == [
        "line 2: mobile was left out: This telephone number has too few or too many digits.",
        "line 2: email was left out: This is not an email address.",
    ]
    found = Patient.objects.get()
    assert (found.email, str(found.mobile), found.given_name) == ("", "", "José Luis")


def test_what_the_file_does_not_say_stays(clinic, importing, ana):
    importing(a_file(ADA, LUC))
    ada = Patient.objects.get(record_number="100")
    amend(patient_id=ada.pk, version=None, by=ana, preferred_name="Addie", city="Burbank")
    ran = importing(a_file("100,Okafor,Ada,,,,,,0,", LUC.replace(",1,", ",0,")))
    assert ran.out.strip() == "0 created, 0 updated, 2 unchanged, 0 refused"
    ran = importing(a_file(ADA.replace("0142", "0199")))
    assert ran.out.strip() == "0 created, 1 updated, 0 unchanged, 0 refused"
    ada.refresh_from_db()
    assert (ada.preferred_name, ada.city, ada.mobile.as_e164) == ("Addie", "Los Angeles", "+12135550199")
    assert Patient.objects.get(record_number="102").deceased


def test_what_a_nurse_took_off_does_not_come_back(clinic, importing, nils, now):
    from patients import allergies

    importing(a_file(ADA))
    latex = Allergy.objects.get(substance="Latex")
    allergies.remove(allergy_id=latex.pk, reason="tested, not allergic", by=nils, now=now)
    assert "1 unchanged" in importing(a_file(ADA)).out
    latex.refresh_from_db()
    assert latex.removed_reason


def test_nobody_is_said_to_have_no_allergies_by_a_file(clinic, importing):
    ran = importing(a_file(ADA.replace("Latex; Grass pollen", "NKDA")))
    assert "a nurse asks and confirms" in ran.err
    assert Patient.objects.get().allergy_state == "not-asked"


def test_a_merged_record_is_not_written(clinic, importing, ana):
    importing(a_file(ADA, RAUL))
    ada, raul = Patient.objects.order_by("record_number")
    merge(patient_id=raul.pk, into_id=ada.pk, by=ana, reason="one person")
    ran = importing(a_file(RAUL.replace("Los Angeles", "Burbank")))
    assert (ran.code, "merged" in ran.err) == (1, True)


CLINICAL = [
    "dose",
    "Dose (mg)",
    "doseUnit",
    "infusion_rate",
    "rate",
    "diluent",
    "bolus",
    "titration rules",
    "number of visits",
    "min_gap_days",
    "max gap",
    "protocol",
    "medication",
    "chair_minutes",
    "vitals_during",
    "dose1",
    "Rx",
    "ketamine_2",
    "DOSEMG",
    "ketaminemg",
    "d0se",
    "ｄｏｓｅ",
    "Dosierung",
    "concentration",
    "pump setting",
    "mcgs",
    "milligrams",
    "number of sessions",
    "treatment plan",
    "min days between",
    "every_n_days",
    "BP",
    "premedication",
]


@pytest.mark.parametrize("column", CLINICAL)
def test_a_file_with_a_clinical_column_is_refused_whole(clinic, importing, column):
    ran = importing(a_file(f"{ADA},", header=f"{HEADER},{column}"))
    assert ran.code != 0
    assert column in ran.err
    assert "Nothing was imported" in ran.err
    assert not Patient.objects.exists()


def test_every_field_of_an_order_is_refused_as_a_column(clinic):
    from infusions.models import Order
    from patients.importing.clinical_names import clinical_columns

    shared = {field.name for base in (Patient,) for field in base._meta.get_fields()}
    # About the paper, not the treatment.
    kept = {"patient", "author", "entered_at", "candidacy", "supersedes", "supersedes_reason", "discarded_at"}
    kept |= {"signed_at", "signed_name", "signed_meaning", "content_hash"}
    names = {field.name for field in Order._meta.concrete_fields} - shared - kept
    assert "dose" in names
    assert clinical_columns(sorted(names)) == sorted(names)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_no_column_of_a_person_is_taken_for_a_clinical_one(name):
    from patients.importing.clinical_names import clinical_columns

    assert clinical_columns([name]) == []


def test_an_unknown_column_is_said_and_the_rest_read(clinic, importing):
    ran = importing(a_file(f"{ADA},x", header=f"{HEADER},shoe size"))
    assert (ran.code, ran.err.strip()) == (0, "note: column 'shoe size' is not read")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "empty"),
        ("family_name,given_name\nOkafor,Ada\n", "no column for: record_number"),
        (a_file(ADA).encode("utf-16"), "UTF-8"),
        (a_file(RAUL).encode("latin-1"), "Line 2 is not UTF-8"),
        (f'"{HEADER}\n1,open,\n', "The header, line 1, is not CSV"),
        (a_file(ADA, header=HEADER.replace("city", "mobile")), "two columns for: mobile"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(clinic, importing, content, words):
    ran = importing(content)
    assert ran.code != 0
    assert words in ran.err
    assert not Patient.objects.exists()


@pytest.mark.parametrize("sign", [";", "\t"])
def test_spreadsheets_of_other_countries(clinic, importing, sign):
    ran = importing("\ufeff" + a_file(RAUL).replace(",", sign))
    assert ran.out.startswith("1 created")
    assert Patient.objects.get().given_name == "Raúl"


def test_other_names_for_the_columns(clinic, importing):
    importing("MRN,Last Name,First Name,DOB,Gender,ZIP\n9,Okafor,Ada,14 Mar 1978,F,90001\n")
    found = Patient.objects.get()
    assert (found.record_number, str(found.birth_date), found.sex) == ("9", "1978-03-14", "female")
    assert found.postal_code == "90001"


def test_standard_input(clinic, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(a_file(ADA).encode())))
    out = io.StringIO()
    call_command("import_patients", "-", stdout=out)
    assert out.getvalue().strip() == "1 created, 0 updated, 0 unchanged, 0 refused"


def test_the_clinic_is_named_when_there_are_several(clinic, other_clinic, importing):
    assert "--clinic" in importing(a_file(ADA)).err
    assert "no clinic called" in importing(a_file(ADA), "--clinic", "Nowhere").err
    assert importing(a_file(ADA), "--clinic", "hill clinic").code == 0
    assert Patient.objects.get().clinic == other_clinic
    assert importing(a_file(ADA), "--clinic", "Harbour Clinic").out.startswith("1 created")


def test_a_file_that_is_not_there(clinic):
    from django.core.management import CommandError

    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_patients", "/nowhere/at/all.csv")


def test_a_hundred_and_fifty_people_with_a_bar(clinic, importing, capsys):
    rows = [
        f"{n},Ñandú{n},Zoë,19{10 + n % 80}-03-14,female,213-555-0{n:03},zoë{n}@example.com,,0,Latex" for n in range(150)
    ]
    ran = importing(a_file(*rows))
    assert ran.out.strip() == "150 created, 0 updated, 0 unchanged, 0 refused"
    assert "150" in capsys.readouterr().err
    assert importing(a_file(*rows)).out.strip() == "0 created, 0 updated, 150 unchanged, 0 refused"


def test_a_line_that_is_no_csv_is_one_bad_row(clinic, importing):
    ran = importing(a_file(ADA, '200,"Bad"x,Row,1978-03-14,female,,,,0,', RAUL))
    assert (ran.code, ran.out.strip()) == (1, "2 created, 0 updated, 0 unchanged, 1 refused")
    assert ran.err.startswith("line 3: refused: is not CSV")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("after", [RAUL, RAUL.replace("Los Angeles", '"Los Angeles"')], ids=["plain", "quoted"])
def test_a_quote_that_is_never_closed_swallows_nobody(clinic, importing, after, ending):
    bad = '200,"Bad,Row,1978-03-14,female,,,,0,'
    ran = importing(a_file(ADA, bad, after, LUC).replace("\n", ending))
    assert (ran.code, ran.out.strip()) == (1, "3 created, 0 updated, 0 unchanged, 1 refused")
    assert ran.err.strip() == "line 3: refused: is not CSV: a quote is opened and not closed"


def test_a_quote_open_at_the_end_of_the_file_is_one_bad_row(clinic, importing):
    ran = importing(a_file(ADA, '200,"Bad'))
    assert (ran.out.strip(), ran.err.strip()[:26]) == (
        "1 created, 0 updated, 0 unchanged, 1 refused",
        "line 3: refused: is not CS",
    )
