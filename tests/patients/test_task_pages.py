"""The work list as pages and by API: each role sees its own, two people at once are told, nothing is lost."""

import uuid
from datetime import date

import pytest
from django.utils import timezone

from config.staff.permissions import Role
from patients import register, tasks
from patients.models import Task, TaskKind

pytestmark = pytest.mark.django_db
K = TaskKind


@pytest.fixture
def cleo(clinic, ana, now):
    return register.register(
        clinic=clinic, family_name="Demir", given_name="Cleo", mobile="+12135550142", by=ana, now=now
    )


@pytest.fixture
def ask(clinic, ana, now):
    def raised(words="Call back about the visit.", **fields):
        wanted = {"patient": None, "kind": K.CALL_BACK, "words": words} | fields
        return tasks.raise_task(clinic=clinic, by=ana, now=now, **wanted)

    return raised


def shown(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def test_each_role_sees_its_own_list_and_count(ask, page_as, ana, nils, mara, vera, zoe):
    ask("For the desk.")
    ask("For the prescriber.", for_role=Role.PRESCRIBER)
    for person, seen, unseen in [
        (ana, ["For the desk.", 'For the front desk <span class="count">1'], ["For the prescriber."]),
        (mara, ["For the prescriber."], ["For the desk."]),
        (vera, ["For the desk.", "For the prescriber.", 'All roles <span class="count">2'], []),
        (nils, ["Nothing to do here"], ["For the desk.", "For the prescriber."]),
        (zoe, ["Nothing to do here"], ["For the desk."]),
    ]:
        text = shown(page_as(person), "/tasks/")
        assert [words for words in seen if words not in text] == []
        assert [words for words in unseen if words in text] == []


def test_home_and_the_navigation_count_them(ask, page_as, ana):
    assert 'class="count"' not in shown(page_as(ana), "/")
    ask(due_on=date(2020, 1, 1))
    text = shown(page_as(ana), "/")
    assert "1 late" in text
    assert text.count('<span class="count">1') == 1


def test_a_fragment_does_not_count_the_navigation(page_as, ana, django_assert_max_num_queries):
    client = page_as(ana)
    client.get("/tasks/changes/?seen=0")
    with django_assert_max_num_queries(4):  # session, person, clinic, sum of saves
        client.get("/tasks/changes/?seen=0")


def test_a_page_costs_the_same_however_long_the_list(ask, page_as, ana, cleo, django_assert_max_num_queries):
    client = page_as(ana)
    ask(patient=cleo)
    client.get("/tasks/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/tasks/")
    for number in range(6):
        ask(f"Call {number}.", patient=cleo, about=uuid.uuid4(), about_kind="appointment")
    with django_assert_max_num_queries(len(one)):
        client.get("/tasks/")


def test_take_finish_with_a_note_and_undo(ask, page_as, ana, cleo):
    client, task = page_as(ana), ask(patient=cleo)
    client.post(f"/tasks/{task.pk}/take/")
    assert "DEMIR, Cleo" in shown(client, "/tasks/?tab=mine")
    answer = client.post(f"/tasks/{task.pk}/finish/", {"note": "Comes on Friday.", "tab": "mine"})
    assert answer.url == f"/tasks/?tab=mine&finished={task.pk}"
    page = shown(client, answer.url)
    assert f'action="/tasks/{task.pk}/reopen/"' in page
    assert "Nothing is yours" in page
    done = shown(client, "/tasks/?tab=done")
    assert "Comes on Friday." in done
    assert "Ana Ortiz" in done
    client.post(f"/tasks/{task.pk}/reopen/")
    assert "Nothing is done yet" in shown(client, "/tasks/?tab=done")
    assert "DEMIR, Cleo" in shown(client, "/tasks/?tab=mine"), "it is still hers"


def test_undo_by_htmx_goes_to_the_list_and_is_not_swapped_into_the_bar(ask, page_as, ana, now):
    task = ask()
    tasks.finish(task.pk, note="", by=ana, now=now)
    answer = page_as(ana).post(f"/tasks/{task.pk}/reopen/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/tasks/")


def test_the_second_is_told_who_was_first_and_keeps_the_note(ask, page_as, ana, vera, now):
    task = ask()
    tasks.take(task.pk, by=vera)
    answer = page_as(ana).post(f"/tasks/{task.pk}/take/")
    assert answer.status_code == 409
    assert "Vera Lind is on this already" in answer.content.decode()
    tasks.finish(task.pk, note="", by=vera, now=now)
    answer = page_as(ana).post(f"/tasks/{task.pk}/finish/", {"note": "Reached her."})
    assert answer.status_code == 409
    assert "done already, by Vera Lind" in answer.content.decode()


def test_too_long_a_note_comes_back_as_typed(ask, page_as, ana):
    task, note = ask(), "n" * 301
    answer = page_as(ana).post(f"/tasks/{task.pk}/finish/", {"note": note})
    assert answer.status_code == 422
    assert note in answer.content.decode()
    assert Task.objects.get().is_open


def test_another_roles_task_can_be_read_and_not_done(ask, page_as, mara, ana):
    task = ask(for_role=Role.PRESCRIBER)
    text = shown(page_as(ana), f"/tasks/{task.pk}/")
    assert "The prescriber sees to this." in text
    assert "finish-form" not in text
    assert page_as(ana).post(f"/tasks/{task.pk}/finish/", {"note": ""}).status_code == 403


def test_another_clinics_task_is_not_there(ask, page_as, api_as, zoe):
    task = ask()
    assert page_as(zoe).get(f"/tasks/{task.pk}/").status_code == 404
    assert page_as(zoe).post(f"/tasks/{task.pk}/finish/").status_code == 404
    assert page_as(zoe).get(f"/tasks/{task.pk}/history/").status_code == 404
    assert api_as(zoe).get(f"/api/v1/tasks/{task.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("kind", "leads"), [("appointment", "/appointments/{about}/"), ("no-such-page", "/patients/{patient}/")]
)
def test_it_leads_to_what_it_is_about(ask, page_as, ana, cleo, kind, leads):
    task = ask(patient=cleo, about=uuid.uuid4(), about_kind=kind)
    assert f'href="{leads.format(about=task.about, patient=cleo.pk)}"' in shown(page_as(ana), f"/tasks/{task.pk}/")


def test_the_list_filters_by_kind_and_pages(ask, page_as, ana):
    for number in range(52):
        ask(f"Number {number:02}.", due_on=date(2026, 12, 1) if number % 2 else date(2026, 12, 2))
    ask("The odd one.", kind=K.OTHER)
    client = page_as(ana)
    assert shown(client, "/tasks/?kind=other").count('id="task-') == 1
    assert "None of this kind" in shown(client, "/tasks/?kind=needs-repair")
    first = client.get("/tasks/")
    rows = [row.words for row in first.context["page"].rows]
    second = client.get(first.context["page"].older)
    rows += [row.words for row in second.context["page"].rows]
    assert len(rows) == len(set(rows)) == 53
    assert rows[0] == "The odd one.", "raised today, and the others are due later"
    assert [int(words[7:9]) % 2 for words in rows[1:]] == [1] * 26 + [0] * 26, "those due first stand first"
    assert not second.context["page"].older


def test_the_bar_counts_what_others_changed(ask, page_as, ana, vera):
    client, task = page_as(ana), ask()
    seen = client.get("/tasks/").context["seen"]
    assert client.get(f"/tasks/changes/?seen={seen}").content.strip() == b""
    tasks.take(task.pk, by=vera)
    ask("Another.")
    assert "2 changes" in shown(client, f"/tasks/changes/?seen={seen}")
    assert client.get("/tasks/changes/?seen=x").content.strip() == b""


def test_in_the_drawer_it_is_a_fragment(ask, page_as, ana):
    text = page_as(ana).get(f"/tasks/{ask().pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "drawer-head" in text
    assert "<html" not in text


def test_history_says_who_took_and_finished_it(ask, page_as, ana, vera, now):
    task = ask(about=uuid.uuid4(), about_kind="appointment")
    tasks.take(task.pk, by=vera)
    tasks.finish(task.pk, note="Reached.", by=vera, now=now)
    text = shown(page_as(ana), f"/tasks/{task.pk}/history/")
    assert "Vera Lind" in text
    assert "Reached." in text
    assert f">{task.about}<" not in text, "an id tells a reader nothing"


@pytest.mark.django_db(transaction=True)
def test_by_api(ask, api_as, ana, vera, mara, cleo):
    task, api = ask(patient=cleo, due_on=date(2026, 12, 1)), api_as(ana)
    ask(for_role=Role.PRESCRIBER)
    listed = api.get("/api/v1/tasks/?open=true").json()["results"]
    assert [row["id"] for row in listed] == [str(task.pk)]
    assert (listed[0]["kind"], listed[0]["due_on"], listed[0]["owner"]) == ("call-back", "2026-12-01", None)
    assert api.post(f"/api/v1/tasks/{task.pk}/take/").json()["owner"] == "Ana Ortiz"
    assert api_as(vera).post(f"/api/v1/tasks/{task.pk}/take/").status_code == 409
    assert api.get("/api/v1/tasks/?mine=true").json()["results"][0]["id"] == str(task.pk)
    assert api.post(f"/api/v1/tasks/{task.pk}/finish/", {"nota": "x"}).status_code == 400
    done = api.post(f"/api/v1/tasks/{task.pk}/finish/", {"note": "Reached."}).json()
    assert (done["done_by"], done["done_note"]) == ("Ana Ortiz", "Reached.")
    assert api.post(f"/api/v1/tasks/{task.pk}/finish/").status_code == 409
    assert api.get("/api/v1/tasks/?open=true").json()["results"] == []
    assert api.post(f"/api/v1/tasks/{task.pk}/reopen/").json()["done_at"] is None
    assert api_as(mara).get(f"/api/v1/tasks/{task.pk}/").status_code == 404, "the desk's"
    assert len(api.get(f"/api/v1/tasks/{task.pk}/history/").json()) == 4


def test_a_key_twice_finishes_once(ask, api_as, ana):
    task, api = ask(), api_as(ana)
    key = {"HTTP_IDEMPOTENCY_KEY": "one-press"}
    first = api.post(f"/api/v1/tasks/{task.pk}/finish/", {"note": "Done."}, **key)
    again = api.post(f"/api/v1/tasks/{task.pk}/finish/", {"note": "Done."}, **key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()


def test_late_is_by_the_clinics_day(ask, page_as, ana, clinic):
    ask(due_on=clinic.today(timezone.now()))
    assert "is-flagged" not in shown(page_as(ana), "/tasks/")
    ask(due_on=date(2020, 1, 1))
    assert shown(page_as(ana), "/tasks/").count("is-flagged") == 1
