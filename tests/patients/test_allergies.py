"""The allergy list: who may write it, and three states that are never mixed up."""

import pytest
from django.db import IntegrityError

from config.audit.acting import recorded
from config.refusals import Clash, Invalid, NotAllowed
from patients import allergies
from patients.models import Allergy, AllergyState
from patients.register import register
from patients.web.banner import banner


@pytest.fixture
def ada(clinic, ana, now):
    return register(clinic=clinic, by=ana, now=now, family_name="Okafor", given_name="Ada")


def state(patient):
    patient.refresh_from_db()
    return patient.allergy_state


def test_not_asked_none_known_listed_and_back(ada, nils, mara, now):
    assert state(ada) == AllergyState.NOT_ASKED
    allergies.confirm_none(patient_id=ada.pk, by=nils, now=now)
    assert (state(ada), ada.allergies_confirmed_by, ada.allergies_confirmed_at) == ("none-known", nils, now)
    latex = allergies.add(patient_id=ada.pk, substance="Latex", reaction="rash", by=mara, now=now)
    assert (state(ada), ada.allergies_confirmed_by, str(latex)) == ("listed", mara, "Latex (rash)")
    with pytest.raises(Clash):
        allergies.confirm_none(patient_id=ada.pk, by=nils, now=now)
    allergies.remove(allergy_id=latex.pk, reason="wrong patient", by=nils, now=now)
    assert (state(ada), ada.allergies_confirmed_by) == ("not-asked", None)
    allergies.add(patient_id=ada.pk, substance="latex", by=nils, now=now)
    assert state(ada) == "listed"


@pytest.mark.parametrize("who", ["ana", "vera", "olu"])
def test_only_clinicians_write_it(request, ada, nils, now, who):
    by = request.getfixturevalue(who)
    latex = allergies.add(patient_id=ada.pk, substance="Latex", by=nils, now=now)
    acts = [
        lambda: allergies.add(patient_id=ada.pk, substance="Iodine", by=by, now=now),
        lambda: allergies.remove(allergy_id=latex.pk, reason="x", by=by, now=now),
        lambda: allergies.confirm_none(patient_id=ada.pk, by=by, now=now),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert Allergy.history.count() == 1


@pytest.mark.parametrize("substance", ["", "  ", "x" * 201])
def test_an_entry_names_something(ada, nils, now, substance):
    with pytest.raises(Invalid):
        allergies.add(patient_id=ada.pk, substance=substance, by=nils, now=now)


def test_one_substance_stands_once(ada, nils, now):
    allergies.add(patient_id=ada.pk, substance="Latex", by=nils, now=now)
    with pytest.raises(Clash):
        allergies.add(patient_id=ada.pk, substance="LATEX", by=nils, now=now)
    with pytest.raises(IntegrityError, match="allergy_listed_once"), recorded(by=nils):
        Allergy(patient=ada, substance="latex").save()


def test_taking_one_off_needs_a_reason_and_happens_once(ada, nils, now):
    latex = allergies.add(patient_id=ada.pk, substance="Latex", by=nils, now=now)
    with pytest.raises(Invalid):
        allergies.remove(allergy_id=latex.pk, reason=" ", by=nils, now=now)
    allergies.remove(allergy_id=latex.pk, reason="tested", by=nils, now=now)
    with pytest.raises(Clash):
        allergies.remove(allergy_id=latex.pk, reason="tested", by=nils, now=now)


def test_the_banner_shows_what_counts_now(ada, nils, now):
    latex = allergies.add(patient_id=ada.pk, substance="Latex", by=nils, now=now)
    allergies.add(patient_id=ada.pk, substance="Iodine", by=nils, now=now)
    allergies.remove(allergy_id=latex.pk, reason="tested", by=nils, now=now)
    shown = banner(ada, now)
    assert [allergy.substance for allergy in shown["allergies"]] == ["Iodine"]
    assert shown["url"].endswith(f"{ada.pk}/")
