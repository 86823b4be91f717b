"""Two people in one visit at once, each in a connection of their own."""

import threading
import uuid

import pytest
from django.db import DatabaseError, connections

from config.refusals import Clash
from infusions import records, signing
from infusions.models import Administration, PreVisitCheck, VisitNote, VitalsSet
from scheduling import booking
from tests.conftest import PASSWORD
from tests.infusions.visiting import ALL_MET, CHECKED, FIT_TO_GO, Day, open_day  # noqa: F401


def at_once(*acts) -> list[object]:
    """Each act in a thread and a connection of its own; what came back, refusals included."""
    answers: list[object] = []
    barrier = threading.Barrier(len(acts))

    def run(act) -> None:
        barrier.wait()
        try:
            answers.append(act())
        except (Clash, DatabaseError) as refused:
            answers.append(refused)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_races_end_with_one_winner_and_words_for_the_others(day: Day) -> None:
    visit = day.opened()
    day.chart(visit, PreVisitCheck, **CHECKED)
    now, sent = day.now(), uuid.uuid4()
    started = at_once(*[lambda: day.step(visit, "start", now=now) for _ in range(4)])
    assert [type(answer) for answer in sorted(started, key=str)].count(Administration) == 1
    assert sum(isinstance(answer, Clash) for answer in started) == 3
    rows = at_once(*[lambda: day.vitals(visit, pain=3, client_id=sent, now=now) for _ in range(4)])
    assert {row.pk for row in rows} == {VitalsSet.objects.get().pk}
    write = {"visit_id": visit.pk, "by": day.nurse, "now": now}
    notes = at_once(*[lambda text=text: records.write_note(**write, text=text) for text in ("A", "B", "C")])
    assert sum(isinstance(answer, Clash) for answer in notes) == 2


@pytest.mark.django_db(transaction=True)
def test_a_signature_and_a_row_do_not_pass_each_other(day: Day) -> None:
    visit = day.discharged()
    note = day.noted(visit)
    now = day.now()
    sign = {"visit_id": visit.pk, "by": day.nurse, "now": now, "password": PASSWORD, "version": note.version}
    answers = at_once(
        lambda: records.sign_note(**sign),
        *[lambda: day.vitals(visit, pain=3, now=now) for _ in range(3)],
    )
    assert not [answer for answer in answers if isinstance(answer, DatabaseError)]
    assert list(signing.broken()) == []
    with pytest.raises(Clash, match="signed"):
        day.vitals(visit, pain=3)


@pytest.mark.django_db(transaction=True)
def test_a_signature_and_an_undo_do_not_pass_each_other(day: Day) -> None:
    visit = day.opened()
    records.not_treated(visit_id=visit.pk, by=day.nurse, now=day.now(), reason="Unwell")
    note = day.noted(visit)
    now = day.now()
    sign = {"visit_id": visit.pk, "by": day.nurse, "now": now, "password": PASSWORD, "version": note.version}
    undo = {"appointment_id": visit.appointment_id, "by": day.nurse, "now": now}
    answers = at_once(lambda: records.sign_note(**sign), lambda: booking.undo(**undo))
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    signed = VisitNote.objects.get().is_signed
    assert len(refused) == 1
    assert (signed, day.status(visit)) in {(True, "not-treated"), (False, "checked-in")}
