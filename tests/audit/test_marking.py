"""Long texts with what went and what came marked."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.audit.marking import Part, is_long, marked

SENTENCE = "She slept through most of it and woke calm. "


def kinds(before: str, after: str) -> list[tuple[str, str]]:
    return [(part.kind, part.text) for part in marked(before, after)]


def test_words_are_marked_and_not_letters() -> None:
    assert kinds("Slept, woke, went home.", "Slept, woke, walked home.") == [
        ("same", "Slept, woke, "),
        ("deleted", "went"),
        ("inserted", "walked"),
        ("same", " home."),
    ]


def test_neighbours_that_changed_are_marked_as_one_stretch() -> None:
    assert kinds("She comes by taxi.", "She comes on foot.")[1:] == [("deleted", "by taxi."), ("inserted", "on foot.")]


def test_what_was_added_at_the_end_is_one_stretch() -> None:
    assert kinds("Slept well.\n", "Slept well.\nWent home with Sam.") == [
        ("same", "Slept well.\n"),
        ("inserted", "Went home with Sam."),
    ]


def test_of_what_stayed_only_the_words_beside_a_change_are_shown() -> None:
    found = marked(SENTENCE * 20 + "Pain four.", SENTENCE * 20 + "Pain three.")
    assert [part.kind for part in found] == ["skipped", "same", "deleted", "inserted"]
    assert found[1].text == "through most of it and woke calm. Pain "


def test_short_values_are_not_texts() -> None:
    assert not is_long("Chair 1", "Chair 2")
    assert is_long("", SENTENCE * 2)
    assert is_long("one\ntwo")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("never " * 40_000, "always " * 40_000),
        ("a " * 990, "a b " * 490),
        (" ".join(f"word{n % 97}" for n in range(990)), " ".join(f"word{n % 89}" for n in range(990))),
    ],
)
def test_nothing_is_compared_for_minutes(before: str, after: str) -> None:
    begin = process_time()
    marked(before, after)
    assert process_time() - begin < 2


TEXTS = st.lists(st.sampled_from(["a ", "b ", "\n", "pain ", "7 "]), max_size=30).map("".join)


@given(TEXTS, TEXTS)
def test_the_parts_make_up_both_texts(before: str, after: str) -> None:
    parts = marked(before, after) if before != after else [Part("same", before)]
    if any(part.kind == "skipped" for part in parts):
        return
    assert "".join(part.text for part in parts if part.kind != "inserted") == before
    assert "".join(part.text for part in parts if part.kind != "deleted") == after
