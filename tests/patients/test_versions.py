"""An act on a patient's record, or on a task, that was read before somebody else changed it is refused."""

import pytest

from patients import allergies, contact, intake, tasks
from patients.models import ContactConsent, Patient, TaskKind
from patients.register import amend, register

pytestmark = pytest.mark.django_db
ADA = {"family_name": "Okafor", "given_name": "Ada", "mobile": "213 555 0142"}
SAYS = {"channel": "sms", "granted": True, "how": "spoken"}


@pytest.fixture
def ada(clinic, ana, now):
    """Read at version 1; it is version 2 now."""
    made = register(clinic=clinic, by=ana, now=now, **ADA)
    return amend(patient_id=made.pk, version=1, by=ana, city="Burbank")


@pytest.fixture
def other(clinic, ana, now):
    return register(clinic=clinic, by=ana, now=now, **ADA)


def both_ways(client, address, body, version):
    """The answers when the version stands in the header, and in the body."""
    yield client.post(address, body, headers={"If-Match": f'"{version}"'})
    yield client.post(address, {**body, "version": version})


def refused(answer, current):
    return (answer.status_code, answer.json().get("type"), answer.json().get("current")) == (
        409,
        "/problems/stale-version",
        current,
    )


ACTS = {
    "death/": ("ana", {}),
    "death/take-back/": ("ana", {"reason": "another person"}),
    "merge/": ("ana", {"reason": "one person"}),
    "consents/": ("ana", SAYS),
    "allergies/": ("nils", {"substance": "Nuts"}),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_on_an_older_version_is_refused_and_on_this_one_done(request, api_as, ada, other, act):
    person, body = ACTS[act]
    client, at = api_as(request.getfixturevalue(person)), f"/api/v1/patients/{ada.pk}/{act}"
    if act == "merge/":
        body = body | {"into": str(other.pk)}
    for stale in both_ways(client, at, body, 99):
        assert refused(stale, 2), stale.json()
    assert (Patient.objects.get(pk=ada.pk).version, ContactConsent.objects.count()) == (2, 0)
    if act == "death/take-back/":
        client.post(f"/api/v1/patients/{ada.pk}/death/", {"version": 2})
        assert client.post(at, body | {"version": 3}).status_code == 200
    else:
        assert client.post(at, body | {"version": 2}).status_code in (200, 201)


def test_none_known_and_a_removal_too(api_as, nils, ada, now):
    nurse, at = api_as(nils), f"/api/v1/patients/{ada.pk}/allergies/"
    assert refused(nurse.post(at, {"none_known": True, "version": 1}), 2)
    latex = allergies.add(patient_id=ada.pk, substance="Latex", by=nils, now=now)
    removal = {"allergy": str(latex.pk), "reason": "tested"}
    for stale in both_ways(nurse, f"{at}remove/", removal, 2):
        assert refused(stale, 3)
    assert nurse.post(f"{at}remove/", removal, headers={"If-Match": '"3"'}).json()["state"] == "not-asked"


def test_the_lists_say_of_which_version_of_the_record_they_are(api_as, ana, nils, ada):
    nurse, at = api_as(nils), f"/api/v1/patients/{ada.pk}"
    listed = nurse.get(f"{at}/allergies/")
    assert (listed["ETag"], listed.json()["version"]) == ('"2"', 2)
    added = nurse.post(f"{at}/allergies/", {"substance": "Nuts"}, headers={"If-Match": listed["ETag"]})
    assert (added.status_code, added["ETag"]) == (201, '"3"')
    assert api_as(ana).get(f"{at}/consents/")["ETag"] == '"3"'
    said = api_as(ana).post(f"{at}/consents/", SAYS, headers={"If-Match": added["ETag"]})
    assert (said.status_code, said["ETag"]) == (201, '"3"'), "what was said changes nothing in the record"


def test_the_doors_keep_what_was_read(ana, nils, ada, now):
    from config.refusals import Stale

    for act in (
        lambda: contact.record_consent(patient=ada, by=ana, at=now, version=1, **SAYS),
        lambda: allergies.confirm_none(patient_id=ada.pk, by=nils, now=now, version=1),
    ):
        with pytest.raises(Stale):
            act()


def test_a_task_that_changed_is_not_acted_on_unseen(api_as, ana, vera, clinic, now):
    task = tasks.raise_task(clinic=clinic, patient=None, kind=TaskKind.OTHER, words="Call.", by=ana, now=now)
    tasks.take(task.pk, by=ana)
    tasks.give_back(task.pk, by=vera)
    desk = api_as(ana)
    for act, body in (("take", {}), ("finish", {"note": "Done."})):
        for stale in both_ways(desk, f"/api/v1/tasks/{task.pk}/{act}/", body, 1):
            assert refused(stale, 3), act
    done = desk.post(f"/api/v1/tasks/{task.pk}/finish/", {"version": 3})
    assert done.status_code == 200
    assert refused(desk.post(f"/api/v1/tasks/{task.pk}/reopen/", {"version": 3}), 4)
    assert desk.post(f"/api/v1/tasks/{task.pk}/reopen/", {}, headers={"If-Match": done["ETag"]}).status_code == 200


def test_a_try_to_reach_somebody_too(api_as, ana, vera, clinic, now):
    asked = intake.receive(clinic=clinic, source="phone", by=ana, now=now, **ADA)
    intake.take(request_id=asked.pk, by=vera)
    at, tried = f"/api/v1/intake-requests/{asked.pk}/attempts/", {"channel": "phone", "reached": False}
    for stale in both_ways(api_as(ana), at, tried, 1):
        assert refused(stale, 2)
    assert not asked.attempts.exists()
    assert api_as(ana).post(at, tried | {"version": 2}).status_code == 201
