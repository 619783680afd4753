"""The same question is found again: always in the same words, mostly in other words, never by its look-alike."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from bot.core.groups import CLOSE, OFFER, Groups, Match, grouped, likeness

TRAINING = Path(__file__).parents[2] / "training"
LOOKED_AT, KEPT_APART = "groups.jsonl", "groups-held-out.jsonl"


def _sets(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (TRAINING / name).read_text(encoding="utf-8").splitlines()]


def _score(name: str, difficulty: str) -> float:
    """F1 over pairs of texts, of which one at least is in a set of that difficulty."""
    sets = _sets(name)
    texts = [(text, one) for one in sets for text in one["items"]]
    group = dict(zip(texts_of(texts), grouped(text for text, _ in texts), strict=True))
    right = wrong = missed = 0
    for (a, one), (b, other) in combinations([pair for pair in texts if pair[1]["difficulty"] != "apart"], 2):
        if difficulty in (one["difficulty"], other["difficulty"]):
            joined, belongs = group[a] == group[b], one is other
            right, wrong = right + (joined and belongs), wrong + (joined and not belongs)
            missed += belongs and not joined
    return 2 * right / (2 * right + wrong + missed)


def texts_of(pairs: list[tuple[str, dict[str, Any]]]) -> list[str]:
    return [text for text, _ in pairs]


@pytest.mark.parametrize("name", [LOOKED_AT, KEPT_APART])
def test_repeats_with_other_links_tags_case_and_quotes_are_always_one_question(name: str) -> None:
    assert _score(name, "near") >= 0.95


@pytest.mark.parametrize(("name", "floor"), [(LOOKED_AT, 0.6), (KEPT_APART, 0.3)])
def test_a_question_in_other_words_is_often_recognised(name: str, floor: float) -> None:
    assert _score(name, "para") >= floor


@pytest.mark.parametrize("name", [LOOKED_AT, KEPT_APART])
def test_different_questions_in_the_same_words_hardly_ever_become_one(name: str) -> None:
    sets = _sets(name)
    texts = [text for one in sets for text in one["items"]]
    group = dict(zip(texts, grouped(texts), strict=True))
    apart = [one["items"] for one in sets if one["difficulty"] == "apart"]
    assert sum(group[a] == group[b] for a, b in apart) <= len(apart) / 10


APART = [
    ("Is the lift working?", "Is the wifi working?"),
    ("Can staff support peers?", "Can peers support staff?"),
    ("How long is the course?", "How much is the course?"),
    ("Did it save money in 2015?", "Did it save money in 2016?"),
]


@pytest.mark.parametrize(("a", "b"), APART)
def test_a_look_alike_is_never_close_whichever_comes_first(a: str, b: str) -> None:
    assert likeness(a, b) < CLOSE
    assert likeness(a, b) == likeness(b, a)
    assert grouped([a, b]) == [0, 1]


def test_a_text_does_not_join_its_look_alike_by_way_of_a_third() -> None:
    texts = ["who is the training for", "Is the training online?", "Is the training free?"]
    group = grouped(texts)
    assert group[1] != group[2]


def test_what_is_unsure_is_offered_with_its_likeness_and_what_is_the_same_comes_first() -> None:
    groups = Groups()
    groups.add(1, "Are the slides available?")
    groups.add(2, "Who pays for the night bus?")
    groups.add(3, "Are the minutes available?")
    found = groups.find("are the slides available #QLabs")
    assert found[0] == Match(1, 1.0, True)
    assert [(match.id, match.same) for match in found[1:]] == [(3, False)]
    assert OFFER <= found[1].likeness < CLOSE
    assert len(groups) == 3


@pytest.mark.parametrize("text", ["", "#QLabs", "👏", "<p></p>", "\ud800", "?" * 5000, "word " * 5000])
def test_what_says_nothing_or_too_much_is_grouped_without_ado(text: str) -> None:
    groups = Groups()
    groups.add(1, "Who pays for peer support?")
    assert groups.find(text) == []
    groups.add(2, text)
    assert [match.id for match in groups.find("Who pays for peer support?")] == [1]


def test_each_group_is_named_by_the_place_of_its_first() -> None:
    texts = ["Who pays?", "Where is the lift?", "who pays #QLabs", "WHERE IS THE LIFT"]
    assert grouped(texts) == [0, 1, 0, 1]
