"""The words that a room sees: no names, tags or links, and never so many that they cannot be read."""

from __future__ import annotations

import pytest

from bot.core import room


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ("How do we reach people?", "How do we reach people?"),
        ("Why pay more? #QLabs #health", "Why pay more?"),
        ("#QLabs: how do we start?", "how do we start?"),
        ("@theQ @dana@health.example How does #evidence help https://x.example/a us?", "How does evidence help us?"),
        ("Is   C# taught\nin #Leeds (see www.a.example)", "Is C# taught in Leeds (see"),
        ("#QLabs", ""),
        ("@theQ https://x.example", ""),
        ("كيف يمكننا دعم الناس؟ #QLabs", "كيف يمكننا دعم الناس؟"),
    ],
)
def test_names_tags_and_links_of_the_original_are_left_out(asked: str, seen: str) -> None:
    assert room.shown("", asked) == seen


def test_what_a_person_wrote_for_the_room_is_shown_to_the_letter() -> None:
    assert room.shown("Ask @theQ about\n #QLabs", "something else") == "Ask @theQ about #QLabs"


@pytest.mark.parametrize(
    ("letters", "size"), [(1, "s"), (69, "s"), (70, "m"), (109, "m"), (110, "l"), (159, "l"), (160, ""), (5000, "")]
)
def test_longer_words_are_smaller_and_too_long_ones_have_no_size(letters: int, size: str) -> None:
    assert room.size("a" * letters) == size


def test_a_wide_sign_takes_the_place_of_two() -> None:
    assert room.size("字" * 34) == "s"
    assert room.size("字" * 35) == "m"
    assert room.size("字" * 80) == ""


def test_the_mark_of_words_is_theirs_alone() -> None:
    assert room.mark("To be?") == room.mark("To be?")
    assert room.mark("To be?") != room.mark("To be.")
