"""What staff see of patients' links and their answers, and how a link is ended."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.audit.acting import SystemJob, recorded
from config.refusals import Invalid
from notifications import links
from notifications.link_answers import come, need_another_time
from notifications.models import Message, VisitLink
from patients.models import Task
from tests.notifications.test_links import WRONG

pytestmark = pytest.mark.django_db


def page_of(client, link) -> str:
    return client.get(reverse("message", args=[link.message_id])).content.decode()


def test_the_message_tells_how_its_link_stands(link, ana, page_as, thursday, time_machine):
    time_machine.move_to(thursday, tick=False)
    page = page_of(page_as(ana), link)
    assert "Link to the patient’s page" in page
    assert "Works until" in page
    assert "nothing yet" in page
    with pytest.raises(Invalid):
        links.prove(link_id=link.pk, born=WRONG, now=thursday)
    come(link_id=link.pk, now=thursday)
    page = page_of(page_as(ana), link)
    assert "1 of 5" in page
    assert "Will come, Thu 26 Nov 2026, 09:00" in page


def test_a_message_without_one_says_nothing_of_it(friday, thursday, ana, page_as):
    address = reverse("message", args=[Message.objects.filter(appointment=friday).first().pk])
    assert "Link to the patient" not in page_as(ana).get(address).content.decode()


def test_the_desk_ends_it(link, ana, page_as, time_machine, thursday):
    time_machine.move_to(thursday, tick=False)
    client, address = page_as(ana), reverse("visit-link-end", args=[link.pk])
    empty = client.post(address, {"reason": ""})
    assert (empty.status_code, "End link" in empty.content.decode()) == (422, True)
    assert client.post(address, {"reason": "Lost her telephone"}).status_code == 302
    assert client.post(address, {"reason": "Again"}).status_code == 409
    page = page_of(client, link)
    assert "Ana Ortiz: Lost her telephone" in page
    assert "End link" not in page


def test_in_the_drawer_the_answer_is_the_drawer(link, ana, page_as, time_machine, thursday):
    time_machine.move_to(thursday, tick=False)
    address = reverse("visit-link-end", args=[link.pk])
    answer = page_as(ana).post(address, {"reason": "Lost"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Ana Ortiz: Lost" in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_nurses_see_it_and_do_not_end_it(link, nils, page_as, time_machine, thursday):
    time_machine.move_to(thursday, tick=False)
    client = page_as(nils)
    assert "End link" not in page_of(client, link)
    assert client.post(reverse("visit-link-end", args=[link.pk]), {"reason": "x"}).status_code == 403
    assert VisitLink.objects.get().ended_at is None


def test_another_clinics_desk_finds_nothing(link, zoe, page_as):
    assert page_as(zoe).post(reverse("visit-link-end", args=[link.pk]), {"reason": "x"}).status_code == 404


def test_the_history_of_the_message_tells_what_the_patient_did(link, ana, page_as, thursday):
    come(link_id=link.pk, now=thursday)
    links.end(link_id=link.pk, reason="Lost her telephone", by=ana, now=thursday)
    page = page_as(ana).get(reverse("message-history", args=[link.message_id])).content.decode()
    assert "The patient" in page
    assert "Lost her telephone" in page
    assert link.token_hash not in page


def test_the_history_of_the_visit_names_the_patient(link, friday, ana, page_as, thursday):
    need_another_time(link_id=link.pk, wishes="Mondays", now=thursday)
    page = page_as(ana).get(reverse("appointment-history", args=[friday.pk])).content.decode()
    assert "The patient" in page
    assert "Mondays" in page


def test_the_task_leads_to_the_visit(link, friday, ana, page_as, thursday):
    need_another_time(link_id=link.pk, wishes="Mondays", now=thursday)
    task = Task.objects.get()
    assert (task.about, task.for_role) == (friday.pk, "front-desk")
    client = page_as(ana)
    assert "Call about another time" in client.get(reverse("tasks")).content.decode()
    assert reverse("appointment", args=[friday.pk]) in client.get(reverse("task", args=[task.pk])).content.decode()


def test_however_many_links_the_page_costs_the_same(link, ana, page_as, thursday):
    more = [
        VisitLink(message=link.message, token_hash=f"{n:064x}", made_at=thursday, expires_at=link.expires_at)
        for n in range(3)
    ]
    client = page_as(ana)
    page_of(client, link)
    with CaptureQueriesContext(connection) as few:
        page_of(client, link)
    with recorded(by=SystemJob.REMINDERS):
        for each in more:
            each.save(force_insert=True)
    with CaptureQueriesContext(connection) as many:
        page_of(client, link)
    assert len(many) == len(few)
