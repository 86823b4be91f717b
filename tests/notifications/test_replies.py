"""One pure function decides what an answer means. The answers themselves stand in replies.txt."""

import re
import string
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notifications.replies import Reply, asks_to_cancel, classify, is_from_somebody_else
from notifications.wording import SMS

TABLE = Path(__file__).with_name("replies.txt")
ESCAPES = {r"\n": "\n", r"\r": "\r", r"\t": "\t"}


def read(case: str) -> str:
    for written, sign in ESCAPES.items():
        case = case.replace(written, sign)
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), case)


def cases() -> Iterator[tuple[str, Reply]]:
    """What stands in the table: under each heading its answers, several a line."""
    for part in TABLE.read_text(encoding="utf-8").split("# ")[1:]:
        heading, _, answers = part.partition("\n")
        yield from ((read(case), Reply(heading)) for line in answers.splitlines() for case in line.split("|"))


CASES = list(cases())
WORDS = [case for case in CASES if case[0].isascii() and case[0].isalpha()]


@pytest.mark.parametrize(("text", "reply"), CASES)
def test_what_an_answer_means(text, reply):
    assert classify(text) == reply


def test_the_tables_are_long_and_name_no_answer_twice():
    texts = [text for text, _ in CASES]
    assert len(texts) > 450
    assert sorted({text for text in texts if texts.count(text) > 1}) == []


def test_an_answer_is_one_of_five_plain_words():
    assert {str(reply) for reply in Reply} == {"stop", "start", "help", "confirm", "human"}
    assert classify("STOP") == "stop"


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "\u200b", "\ufeff\u00ad", "\ud800", "\x00", "🏥", "́", "'", "’’", "\u2028"]
)
def test_nothing_said_is_for_a_person(text):
    assert classify(text) == "human"


@pytest.mark.parametrize(("text", "reply"), [("stop ", "stop"), ("yes ", "confirm"), ("I can't ", "human")])
def test_a_very_long_answer_is_read_as_well(text, reply):
    assert classify(text * 20_000) == reply
    assert classify("x" * 200_000) == classify("-" * 200_000) == "human"
    assert classify(f"STOP{' ' * 200_000}") == "stop"


@given(st.text())
@example("S.T.O" * 40)
@example("\ufdfa" * 100)
def test_no_text_is_too_strange(text):
    assert classify(text) in set(Reply)
    assert asks_to_cancel(text) in {True, False}
    assert is_from_somebody_else(text) in {True, False}


PAD = st.text(st.sampled_from(" \t\n\r.!?,;:-*_~\"'()“”‘’«»…\u200b\u00a0\ufeff🙏😀"), max_size=6)


@given(case=st.sampled_from(CASES), before=PAD, after=PAD)
def test_signs_around_an_answer_make_no_difference(case, before, after):
    text, reply = case
    # A mark of the end of a word must not run into it: "it's" is not "its", and so on.
    assert classify(f"{before} {text} {after}") == reply


@given(case=st.sampled_from(WORDS), pad=PAD)
def test_signs_at_a_word_make_no_difference(case, pad):
    text, reply = case
    assert classify(f"{pad}{text}{pad}") == reply


@given(case=st.sampled_from(CASES), data=st.data())
def test_large_and_small_letters_make_no_difference(case, data):
    text, reply = case
    upper = data.draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    mixed = "".join(letter.upper() if up else letter.lower() for letter, up in zip(text, upper, strict=True))
    assert classify(mixed) == classify(text.upper()) == classify(text.swapcase()) == reply


@settings(max_examples=400)
@example(case=("yes\nSent from my iPhone", "confirm"), space="  ")
@given(case=st.sampled_from(CASES), space=st.sampled_from(["  ", "\t", "\u00a0", " \u200b ", "\u3000"]))
def test_the_width_of_a_space_makes_no_difference(case, space):
    text, reply = case
    assert classify(text.replace(" ", space)) == reply


@given(st.sampled_from(CASES), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_how_an_accent_is_written_makes_no_difference(case, form):
    text, reply = case
    assert classify(unicodedata.normalize(form, text)) == reply


@given(
    word=st.sampled_from("stop quit cancel unsubscribe revoke end".split()), mark=st.sampled_from(string.punctuation)
)
def test_every_mark_of_the_keyboard_may_stand_beside_a_word(word, mark):
    assert classify(f"{mark}{word}{mark}") == classify(f"{word}{mark} please") == "stop"


@pytest.mark.parametrize(
    "text", ["CANCEL", "please cancel my visit", "cancelar mi cita", "Anule la cita", "No, cancel!"]
)
def test_cancel_asks_for_a_call(text):
    assert classify(text) == "stop"
    assert asks_to_cancel(text)


@pytest.mark.parametrize("text", ["STOP", "yes", "cancellation", ""])
def test_other_words_ask_for_no_call(text):
    assert not asks_to_cancel(text)


@pytest.mark.parametrize(
    "text",
    [
        "Wrong number",
        "you have the wrong person",
        "STOP, wrong number!",
        "You've got the wrong number...",
        "He doesn’t live here",
        "Número equivocado",
        "no conozco a esa persona",
        "This is not her number",
    ],
)
def test_a_number_of_somebody_else_is_noticed(text):
    assert is_from_somebody_else(text)
    assert classify(text) in {"human", "stop"}


@pytest.mark.parametrize("text", ["STOP", "yes", "what is wrong", "my number is 555-0100", "wrong day"])
def test_other_answers_flag_no_number(text):
    assert not is_from_somebody_else(text)


def test_our_own_messages_sent_back_say_nothing():
    for text in [text for table in SMS.values() for text in table]:
        ours = text.format(
            clinic="Harbour Clinic", day="Friday", short_day="Fri", time="9:00 AM", phone="(213) 555-0100"
        )
        assert classify(ours) == "human"
        assert classify(f"Liked “{ours}”") == classify(f"> {ours}") == "human"
