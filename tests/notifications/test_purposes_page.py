"""The page on which a manager says which messages go out."""

from html import unescape

import pytest

from config.audit.acting import SystemJob
from notifications.models import Purpose, PurposeSwitch
from notifications.purposes import Switches
from scheduling.models.kinds import What
from scheduling.visit_types import NeedSpec, SpanSpec, add_visit_type

pytestmark = pytest.mark.django_db
URL = "/settings/messages/"


@pytest.fixture
def kind(harbour):
    spans = [SpanSpec("All of it", None, [NeedSpec(What.CHAIR), NeedSpec(What.WATCH)])]
    return add_visit_type(clinic=harbour, name="First infusion", kind="infusion", spans=spans, by=SystemJob.SET_UP)


def chosen(kind, **changes):
    """The whole form as a browser sends it."""
    said = {purpose.value: "on" if purpose == Purpose.REMINDER else "off" for purpose in Purpose}
    own = {f"{purpose}-{kind.pk}": "" for purpose in said}
    return {f"{purpose}-clinic": word for purpose, word in said.items()} | own | {"reminder-hours": "72, 24"} | changes


def is_on(kind, purpose, *, of_type=True):
    return Switches.read().is_on(kind.clinic_id, kind.pk if of_type else None, purpose)


def test_a_manager_says_it_for_all_and_for_one_type(kind, vera, page_as):
    client = page_as(vera)
    text = unescape(client.get(URL).content.decode())
    assert "First infusion" in text
    own = f"confirmation-{kind.pk}"
    assert client.post(URL, chosen(kind, **{"confirmation-clinic": "on", own: "off"})).status_code == 302
    assert (is_on(kind, "confirmation"), is_on(kind, "confirmation", of_type=False)) == (False, True)
    assert PurposeSwitch.objects.count() == 2
    assert client.post(URL, chosen(kind, **{"confirmation-clinic": "on", own: ""})).status_code == 302
    assert is_on(kind, "confirmation")
    assert "Vera Lind" in client.get(f"{URL}history/").content.decode()


def test_what_stands_is_chosen_and_an_unchanged_form_changes_nothing(kind, vera, page_as):
    client = page_as(vera)
    client.post(URL, chosen(kind, **{"moved-clinic": "on"}))
    text = client.get(URL).content.decode()
    assert text.count('<option value="on" selected>') == 2
    before = PurposeSwitch.history.count()
    assert client.post(URL, chosen(kind, **{"moved-clinic": "on"})).status_code == 302
    assert PurposeSwitch.history.count() == before


@pytest.mark.parametrize("word", ["maybe", ""])
def test_what_is_no_answer_is_refused(kind, vera, page_as, word):
    answer = page_as(vera).post(URL, chosen(kind, **{"moved-clinic": word}))
    assert (answer.status_code, PurposeSwitch.objects.count()) == (422, 0)


def test_every_purpose_has_its_words(kind, vera, page_as):
    text = page_as(vera).get(URL).content.decode()
    for purpose in Purpose:
        assert f">{purpose.value.capitalize().replace('-', ' ')}<" in text
