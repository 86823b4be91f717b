"""The manager's page of what is asked before a visit."""

from html import unescape

import pytest

from notifications.models import PurposeSwitch
from notifications.purposes import Switches
from scheduling import questions
from scheduling.models import VisitQuestion
from scheduling.questions import Words

pytestmark = pytest.mark.django_db
URL = "/settings/messages/questions/"


def form(clinic, *pairs, hours="48", **more):
    """The whole form as a browser sends it."""
    sent = {"seen": questions.mark_of(questions.asked(clinic)), "hours": hours}
    for number in range(1, 9):
        english, spanish = pairs[number - 1] if number <= len(pairs) else ("", "")
        sent |= {f"english-{number}": english, f"spanish-{number}": spanish}
    return sent | more


def test_a_manager_writes_the_questions_and_when_they_are_sent(harbour, vera, page_as):
    client = page_as(vera)
    assert "Nobody is asked yet" in client.get(URL).content.decode()
    sent = form(harbour, ("Any  news?", "¿Algo nuevo?"), ("Who brings you?", ""), hours="72")
    assert client.post(URL, sent).status_code == 302
    assert [(one.wording, one.wording_es) for one in questions.asked(harbour)] == [
        ("Any news?", "¿Algo nuevo?"),
        ("Who brings you?", ""),
    ]
    assert Switches.read().hours_before(harbour.pk) == 72
    page = unescape(client.get(URL).content.decode())
    assert 'value="¿Algo nuevo?"' in page
    assert 'value="72"' in page
    assert "Vera Lind" in client.get(f"{URL}history/").content.decode()
    before = (VisitQuestion.history.count(), PurposeSwitch.history.count())
    sent["seen"] = questions.mark_of(questions.asked(harbour))
    client.post(URL, sent)
    assert (VisitQuestion.history.count(), PurposeSwitch.history.count()) == before


@pytest.mark.parametrize(
    ("pairs", "hours", "said"),
    [
        ([("", "¿Algo?")], "48", "Write it in English too"),
        ([("One?", ""), ("one?", "")], "48", "This is asked already."),
        ([("One?", "")], "3", "greater than or equal to 4"),
        ([("One?", "")], "soon", "Enter a whole number"),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_stays(harbour, vera, page_as, pairs, hours, said):
    answer = page_as(vera).post(URL, form(harbour, *pairs, hours=hours))
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert said in page
    for english, spanish in pairs:
        assert f'value="{english or spanish}"' in page
    assert not VisitQuestion.objects.exists()
    assert not PurposeSwitch.objects.exists()


def test_of_two_at_once_the_second_sees_both(harbour, vera, page_as, now):
    sent = form(harbour, ("Mine?", ""))
    questions.ask(clinic=harbour, questions=[Words("Theirs?")], by=vera, now=now)
    client = page_as(vera)
    answer = client.post(URL, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs?" in page
    assert 'value="Mine?"' in page
    again = sent | {"seen": questions.mark_of(questions.asked(harbour))}
    assert again["seen"] in page
    assert client.post(URL, again).status_code == 302
    assert [one.wording for one in questions.asked(harbour)] == ["Mine?"]
