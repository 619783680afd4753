"""What an author asks of readers is kept to, mark by mark, and names of copies are told apart from names of others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.core import bridges, consent
from bot.core.consent import Mark

DESIGN = (Path(__file__).parents[2] / "docs" / "design.md").read_text(encoding="utf-8")
YES = {"yes": True, "in other words": False, "a link": False, "if they named us": False}


def _table() -> dict[str, list[str]]:
    """The table of the design page: what each mark means in the room, in public and for an answer."""
    rows = re.findall(r"^\| `(\w+)` \|(.+)\|$", DESIGN, re.MULTILINE)
    return {mark: [cell.strip() for cell in cells.split("|")][1:] for mark, cells in rows}


def test_the_design_page_says_of_every_mark_what_it_means() -> None:
    assert _table().keys() == {mark.value for mark in Mark}


@pytest.mark.parametrize("mark", Mark)
def test_a_mark_means_what_the_design_page_says(mark: Mark) -> None:
    room, public, answer = _table()[mark]
    assert consent.may_be_shown([mark]) is YES[room]
    assert consent.may_be_quoted([mark]) is YES[public]
    assert consent.may_be_answered([mark], named_us=False) is YES[answer]
    assert consent.may_be_answered([mark], named_us=True)


def test_who_asks_for_nothing_is_shown_quoted_and_answered() -> None:
    assert consent.may_be_shown([])
    assert consent.may_be_quoted([])
    assert consent.may_be_answered([], named_us=False)


def test_the_strictest_of_several_marks_counts() -> None:
    assert not consent.may_be_shown([Mark.FINDING, Mark.COPIES])
    assert consent.stored([Mark.COPIES, Mark.BOTS, Mark.COPIES]) == ("no_bots", "no_copies")


@pytest.mark.parametrize(
    ("asking", "marks"),
    [
        ([("Who pays?", ["no_bots"]), ("And who pays?", [])], {"no_bots"}),
        ([("Who pays?", []), ("And who pays?", ["no_bots"])], set()),
        ([("Who pays?", []), ("Who pays?", ["warned"])], {"warned"}),
        ([("Edited since?", ["warned"]), ("Also?", [])], {"warned"}),
        ([], set()),
    ],
)
def test_a_question_is_bound_by_those_whose_words_it_has(asking: list[tuple[str, list[str]]], marks: set[str]) -> None:
    assert consent.marks_of_words("Who pays?", asking) == marks


@pytest.mark.parametrize(
    ("network", "account", "names"),
    [
        ("mastodon", "@Our_Q@home.example", {"our_q@home.example", "our-q.home.example.ap.brid.gy"}),
        ("mastodon", "qcommunity", set()),
        ("bluesky", "Q.example", {"q.example", "q.example@bsky.brid.gy"}),
        ("x", "@theQCommunity", {"theqcommunity", "theqcommunity@bird.makeup"}),
        ("wordpress", "q.example", {"q.example@web.brid.gy", "q.example.web.brid.gy"}),
        ("feed", "q.example", set()),
        ("bluesky", "", set()),
    ],
)
def test_our_account_is_known_by_its_names_on_other_networks(network: str, account: str, names: set[str]) -> None:
    assert bridges.names(network, account) == names
