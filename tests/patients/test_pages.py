"""The pages of the desk: intake queue, patients, allergies, consents."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from patients import intake
from patients.models import Allergy, ContactConsent, IntakeRequest, Patient
from patients.register import amend, register
from patients.search import search

PERSON = {"family_name": "Páez", "given_name": "Manuela", "birth_date": "1 Dec 1960", "mobile": "(213) 555-0144"}
CALL = {"source": "phone", "family_name": "Okafor", "given_name": "Ada", "mobile": "213 555 0142"}


@pytest.fixture
def desk(ana, page_as):
    return page_as(ana)


@pytest.fixture
def nurse(nils, page_as):
    return page_as(nils)


@pytest.fixture
def asked(clinic, ana, now):
    return intake.receive(clinic=clinic, by=ana, now=now, **CALL)


@pytest.fixture
def patient(clinic, ana, now):
    from datetime import date

    return register(clinic=clinic, by=ana, now=now, **PERSON | {"birth_date": date(1960, 12, 1)})


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def at(name, *args):
    return reverse(name, args=[getattr(arg, "pk", arg) for arg in args])


def test_a_call_is_saved_with_four_fields(desk):
    saved = desk.post(at("intake-new"), CALL)
    made = IntakeRequest.objects.get()
    assert saved["Location"] == at("intake-request", made)
    page = desk.get(saved["Location"])
    assert "Request saved." in words(page)
    assert "<title>AO, request" in page.content.decode()


def test_a_wrong_call_keeps_what_was_typed(desk):
    answer = desk.post(at("intake-new"), {**CALL, "mobile": "12", "message": "pain since spring"})
    assert answer.status_code == 422
    assert "pain since spring" in answer.content.decode()
    assert 'href="#id_mobile"' in answer.content.decode()
    assert not IntakeRequest.objects.exists()


def test_the_queue_shows_who_waits_and_the_empty_queue_says_so(desk, asked):
    assert "OKAFOR, Ada" in words(desk.get(at("intake")))
    assert "No request has ended yet" in words(desk.get(at("intake") + "?tab=closed"))
    intake.move_request(request_id=asked.pk, to="closed", by=asked.history.get().history_user, reason="spam")
    assert "No requests waiting" in words(desk.get(at("intake")))
    assert "spam" in words(desk.get(at("intake") + "?tab=closed"))


def test_two_take_one_and_the_second_is_told_who(desk, vera, page_as, asked):
    assert desk.post(at("intake-take", asked)).status_code == 302
    second = page_as(vera).post(at("intake-take", asked))
    assert second.status_code == 409
    assert "Ana Ortiz is on this already." in words(second)
    assert "You are on this" in words(desk.get(at("intake-owner", asked)))


def test_the_next_one_is_the_oldest_that_nobody_has(clinic, ana, now, desk, vera, page_as, asked):
    younger = intake.receive(clinic=clinic, by=ana, now=now + timedelta(minutes=5), **CALL)
    assert desk.post(at("intake-next"))["Location"] == at("intake-request", asked)
    assert page_as(vera).post(at("intake-next"))["Location"] == at("intake-request", younger)
    assert desk.post(at("intake-next"))["Location"] == at("intake")


def test_an_attempt_is_kept_and_a_wrong_one_shown_again(desk, asked):
    assert desk.post(at("intake-attempt", asked), {"channel": "phone"}).status_code == 422
    desk.post(at("intake-attempt", asked), {"channel": "phone", "reached": "yes", "note": "call after five"})
    page = words(desk.get(at("intake-request", asked)))
    assert "call after five" in page
    assert "Contacted" in page


def test_a_close_needs_a_reason_and_is_undone_to_where_it_was(desk, asked):
    desk.post(at("intake-attempt", asked), {"channel": "phone", "reached": "yes"})
    assert desk.post(at("intake-move", asked), {"to": "closed"}).status_code == 422
    closed = desk.post(at("intake-move", asked), {"to": "closed", "reason": "not for us"})
    page = desk.get(closed["Location"]).content.decode()
    way_back = re.search(r'action="(/intake/[^"]+/move/\?to=contacted)"', page)[1]
    undone = desk.post(way_back, headers={"HX-Request": "true"})
    assert (undone.status_code, undone["HX-Redirect"]) == (204, at("intake-request", asked))
    asked.refresh_from_db()
    assert (asked.status, asked.closed_reason) == ("contacted", "")


def test_a_known_person_is_pointed_out_and_linked(clinic, ana, now, desk, patient):
    again = intake.receive(clinic=clinic, by=ana, now=now, **CALL | {"mobile": PERSON["mobile"]})
    assert "Do we know this person?" in words(desk.get(at("intake-request", again)))
    assert desk.post(at("intake-link", again), {"patient": patient.pk}).status_code == 302
    assert desk.post(at("intake-link", again), {"patient": "x"}).status_code == 404
    again.refresh_from_db()
    assert again.patient == patient


def test_a_request_is_changed_and_a_clash_shows_both_texts(clinic, ana, now, desk, asked):
    page = desk.get(at("intake-edit", asked)).content.decode()
    assert 'value="(213) 555-0142"' in page
    intake.amend(request_id=asked.pk, by=ana, now=now, message="theirs")
    mine = {**CALL, "message": "mine", "version": 1}
    answer = desk.post(at("intake-edit", asked), mine)
    assert answer.status_code == 409
    assert "theirs" in answer.content.decode()
    assert "mine" in answer.content.decode()
    assert desk.post(at("intake-edit", asked), {**mine, "version": 2}).status_code == 302
    asked.refresh_from_db()
    assert asked.message == "mine"


def test_registering_shows_whom_it_may_be_before_anything_is_saved(desk, patient):
    twice = desk.post(at("patient-new"), PERSON)
    assert twice.status_code == 409
    assert "Is it one of these people?" in words(twice)
    assert Patient.objects.count() == 1
    shown = re.search(r'name="shown" value="([^"]+)"', twice.content.decode())[1]
    assert desk.post(at("patient-new"), {**PERSON, "shown": shown}).status_code == 302
    assert Patient.objects.count() == 2
    assert desk.post(at("patient-new"), {**PERSON, "shown": shown}).status_code == 409


def test_a_patient_is_registered_from_a_request(desk, asked):
    page = desk.get(f"{at('patient-new')}?request={asked.pk}").content.decode()
    assert 'value="Okafor"' in page
    typed = {**CALL, "birth_date": "14.3.1978", "request": asked.pk}
    made = desk.post(at("patient-new"), typed)
    patient = Patient.objects.get()
    assert made["Location"] == at("patient", patient)
    asked.refresh_from_db()
    assert asked.patient == patient


def test_what_was_searched_for_is_carried_over(desk):
    desk.post(at("patient-search"), {"q": "ada okafor 3/14/1978 213-555-0142"})
    page = desk.get(at("patient-new")).content.decode()
    for value in ("Ada", "Okafor", "14 Mar 1978", "213-555-0142"):
        assert f'value="{value}"' in page


def test_a_registration_without_a_birth_date_is_asked_again(desk):
    answer = desk.post(at("patient-new"), {**PERSON, "birth_date": ""})
    assert answer.status_code == 422
    assert 'value="Manuela"' in answer.content.decode()
    answer = desk.post(at("patient-new"), {**PERSON, "birth_date": "3/4/15"})
    assert "4 Mar 1915 or 4 Mar 2015 or 3 Apr 1915 or 3 Apr 2015" in words(answer)


def test_an_edit_over_a_newer_one_shows_both_and_loses_neither(desk, ana, patient):
    typed = {**PERSON, "city": "Pasadena", "version": 1}
    amend(patient_id=patient.pk, version=1, by=ana, city="Burbank")
    clash = desk.post(at("patient-edit", patient), typed)
    assert clash.status_code == 409
    assert "Burbank" in words(clash)
    assert 'value="Pasadena"' in clash.content.decode()
    assert 'name="version" value="2"' in clash.content.decode()
    assert desk.post(at("patient-edit", patient), {**typed, "version": 2}).status_code == 302
    patient.refresh_from_db()
    assert patient.city == "Pasadena"


def test_a_death_is_recorded_and_shown(desk, patient):
    assert desk.post(at("patient-death", patient), {"on": "1 Dec 1959"}).status_code == 422
    desk.post(at("patient-death", patient), {"on": "2 May 2026"})
    assert "Deceased" in words(desk.get(at("patient-edit", patient)))


def test_the_list_goes_by_name_and_on_without_names_in_addresses(desk, clinic, ana, now):
    names = sorted(f"N{'ABCDEFGHIJ'[n % 10]}{'ABCDEFGHIJKL'[n // 10]}" for n in range(110))
    for name in reversed(names):
        register(clinic=clinic, by=ana, now=now, family_name=name.title(), given_name="Ann")
    seen, address, ways_back = [], at("patients"), []
    while address:
        page = desk.get(address).content.decode()
        seen.append(re.findall(r">(N[A-Z]+), Ann<", page))
        older = re.search(r'rel="next" href="([^"]+)"', page)
        newer = re.search(r'rel="prev" href="([^"]+)"', page)
        ways_back.append(newer and newer[1])
        address = older and older[1]
        assert not address or re.fullmatch(r"/patients/\?after=[0-9a-f-]{36}", address)
    assert [len(page) for page in seen] == [50, 50, 10]
    assert [name for page in seen for name in page] == names
    assert ways_back[0] is None
    assert re.findall(r">(N[A-Z]+), Ann<", desk.get(ways_back[2]).content.decode()) == seen[1]
    assert desk.get(at("patients") + "?after=nonsense").status_code == 200


def test_the_list_is_filtered_by_post(desk, patient):
    page = desk.post(at("patients"), {"q": "paez"})
    assert "PÁEZ, Manuela" in words(page)
    assert "No one found" in words(desk.post(at("patients"), {"q": "nobody"}))
    part = desk.post(at("patients"), {"q": "paez"}, headers={"HX-Request": "true", "HX-Target": "patients"})
    assert "<html" not in part.content.decode()


def test_the_search_box_gets_its_list_and_a_page_without_script(desk, patient, olu, page_as):
    part = desk.post(at("patient-search"), {"q": "paez"}, headers={"HX-Request": "true"}).content.decode()
    assert f'href="{at("patient", patient)}"' in part
    assert "…0144" in part
    assert "<html" in desk.post(at("patient-search"), {"q": "paez"}).content.decode()
    assert desk.get(at("patient-search")).status_code == 405
    assert page_as(olu).post(at("patient-search"), {"q": "paez"}).status_code == 403


def test_two_of_one_name_are_warned_about(desk, clinic, ana, now, patient):
    register(clinic=clinic, by=ana, now=now, family_name="Páez", given_name="Manuela")
    part = desk.post(at("patient-search"), {"q": "paez"}, headers={"HX-Request": "true"})
    assert "compare the birth dates" in words(part)
    assert len(search(clinic=clinic, text="paez")) == 2


def test_allergies_are_kept_by_clinicians(desk, nurse, patient):
    address = at("patient-allergies", patient)
    assert desk.post(address, {"substance": "Latex"}).status_code == 403
    assert "Nobody has asked yet" in words(desk.get(address))
    assert nurse.post(at("patient-no-allergies", patient)).status_code == 302
    assert "None known" in words(nurse.get(address))
    assert nurse.post(address, {"substance": ""}).status_code == 422
    assert nurse.post(address, {"substance": "Latex", "reaction": "rash"}).status_code == 302
    assert nurse.post(address, {"substance": "LATEX"}).status_code == 422
    assert nurse.post(at("patient-no-allergies", patient)).status_code == 409
    allergy = Allergy.objects.get()
    assert nurse.post(at("patient-allergy-remove", patient, allergy), {}).status_code == 422
    assert nurse.post(at("patient-allergy-remove", patient, allergy), {"reason": "mistaken"}).status_code == 302
    assert "mistaken" in words(nurse.get(address))
    assert nurse.post(at("patient-allergy-remove", patient, allergy), {"reason": "again"}).status_code == 409


def test_consents_are_written_down_with_their_wording(desk, nurse, patient):
    address = at("patient-consents", patient)
    assert "No consent to this channel is recorded." in words(desk.get(address))
    said = {"channel": "sms", "purpose": "visits", "granted": "yes", "how": "spoken"}
    assert nurse.post(address, said).status_code == 403
    assert desk.post(address, {"channel": "sms"}).status_code == 422
    assert desk.post(address, said).status_code == 302
    assert ContactConsent.objects.get().wording_version
    assert "Yes, to +12135550144" in words(desk.get(address))
    assert not re.search(r'name="(channel|purpose|granted|how)"[^>]*checked', desk.get(address).content.decode())


PAGES = ["intake-request", "intake-edit", "intake-owner", "intake-history"]
ACTS = ["intake-take", "intake-release", "intake-attempt", "intake-move", "intake-link"]
ABOUT = ["patient-edit", "patient-history", "patient-consents", "patient-allergies"]


def test_another_clinic_finds_nothing_here(zoe, page_as, asked, patient):
    hill = page_as(zoe)
    for name in PAGES:
        assert hill.get(at(name, asked)).status_code == 404, name
    for name in ACTS:
        assert hill.post(at(name, asked), {"to": "closed", "reason": "x"}).status_code == 404, name
    for name in ABOUT:
        assert hill.get(at(name, patient)).status_code == 404, name
    assert hill.post(at("patient-death", patient)).status_code == 404
    assert "Okafor" not in words(hill.get(at("intake")))
    asked.refresh_from_db()
    assert asked.status == "new"


def test_each_role_sees_what_the_table_says(request, page_as, asked, patient):
    sees = {"ana": 200, "vera": 200, "nils": 200, "mara": 200, "olu": 403}
    writes = {"ana": 302, "vera": 302, "nils": 403, "mara": 403, "olu": 403}
    for name, status in sees.items():
        client = page_as(request.getfixturevalue(name))
        for address in (at("intake"), at("intake-request", asked), at("patients"), at("patient-consents", patient)):
            assert client.get(address).status_code == status, (name, address)
        assert client.post(at("intake-release", asked)).status_code == writes[name], name
        assert client.get(at("patient-edit", patient)).status_code == (200 if writes[name] == 302 else 403), name
    seen = words(page_as(request.getfixturevalue("nils")).get(at("intake-request", asked)))
    assert "Take" not in seen.replace("Taken", "")


@pytest.mark.parametrize("many", [1, 3])
def test_queries_of_the_pages_do_not_grow(desk, ana, clinic, now, many, django_assert_max_num_queries):
    for n in range(many):
        made = intake.receive(clinic=clinic, by=ana, now=now, **CALL | {"given_name": f"A{n}"})
        intake.take(request_id=made.pk, by=ana)
        intake.log_attempt(request_id=made.pk, channel="phone", reached=False, by=ana, now=now)
        register(clinic=clinic, by=ana, now=now, family_name="P", given_name=str(n))
    for address, most in ((at("intake"), 6), (at("intake-request", made), 10), (at("patients"), 6)):
        with django_assert_max_num_queries(most):
            assert desk.get(address).status_code == 200


def selected(page, name):
    options = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)[0]
    return re.findall(r'value="([^"]*)" selected', options) or re.findall(r'value="([^"]*)"', options)[:1]


@pytest.mark.parametrize("page", ["intake-new", "patient-new"])
def test_nobodys_sex_is_chosen_for_them(desk, page):
    assert selected(desk.get(at(page)).content.decode(), "sex") == ["unknown"]


def test_everything_that_is_wrong_with_a_call_is_said_at_once_in_words(desk):
    wrong = {"source": "phone", "birth_date": "soon", "mobile": "12", "usual_severity": "11", "referrer_npi": "1",
             "city": "x" * 121, "sex": "f"}  # fmt: skip
    page = desk.post(at("intake-new"), wrong).content.decode()
    for field in ("birth_date", "mobile", "usual_severity", "referrer_npi", "city", "sex", "family_name"):
        assert f'href="#id_{field}"' in page, field
    for said in ("Write at least one name.", "from 0 to 10", "at most 120 characters; this has 121", "Choose one of"):
        assert said in page
    assert "Ensure this" not in page
    assert "Select a valid" not in page


def test_an_answer_about_messages_that_is_not_whole_is_asked_for_in_words(desk, patient):
    page = desk.post(at("patient-consents", patient), {"channel": "sms"}).content.decode()
    assert page.count("They say: Choose one of these.") == page.count("How they told us: Choose one of these.") == 1
    assert "This field" not in page


def test_a_birth_date_that_may_be_two_is_asked_about_and_none_is_chosen(desk):
    asked = desk.post(at("intake-new"), CALL | {"birth_date": "3/4/80"})
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "This may be 4 Mar 1980 or 3 Apr 1980." in page
    choices = re.findall(r'name="birth_date_meant"[^>]*value="([^"]+)"([^>]*)', page)
    assert [words for words, _ in choices] == ["4 Mar 1980", "3 Apr 1980"]
    assert not any("checked" in rest for _, rest in choices)
    assert not IntakeRequest.objects.exists()
    desk.post(at("intake-new"), CALL | {"birth_date": "3/4/80", "birth_date_meant": "3 Apr 1980"})
    assert str(IntakeRequest.objects.get().birth_date) == "1980-04-03"


def test_a_choice_of_day_counts_only_for_the_text_that_it_was_offered_for(desk):
    desk.post(at("intake-new"), CALL | {"birth_date": "14 Mar 1978", "birth_date_meant": "3 Apr 1980"})
    assert str(IntakeRequest.objects.get().birth_date) == "1978-03-14"


def test_a_birth_date_is_said_back_in_words_while_something_else_is_wrong(desk):
    page = desk.post(at("intake-new"), CALL | {"birth_date": "3/14/78", "mobile": "12"}).content.decode()
    assert "Read as 14 Mar 1978." in page
    assert 'value="3/14/78"' in page
