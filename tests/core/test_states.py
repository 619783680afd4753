"""The transition tables: sound in themselves, and the same as the drawings in docs/design.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core import states

DESIGN = Path(__file__).parents[2] / "docs" / "design.md"
TABLES = {"question": states.QUESTION, "post": states.POST, "delivery": states.DELIVERY}
NOW = datetime(2017, 7, 12, 12, tzinfo=UTC)

each_table = pytest.mark.parametrize(("name", "table"), TABLES.items(), ids=TABLES)


def drawing(name: str) -> dict[str, set[str]]:
    section = DESIGN.read_text(encoding="utf-8").split(f"### The life of a {name}\n")[1]
    lines = section.split("```states\n")[1].split("```")[0].splitlines()
    moves = [re.fullmatch(r"(\w+) -> (\w+(?: \| \w+)*)", line) for line in lines]
    assert all(moves), f"a line of the drawing of a {name} cannot be read"
    return {move[1]: set(move[2].split(" | ")) for move in moves if move}


def reached(table: Mapping[str, frozenset[str]], start: str) -> set[str]:
    seen, edge = set(), {start}
    while edge:
        seen |= edge
        edge = {new for old in edge for new in table[old]} - seen
    return seen


@each_table
def test_a_life_has_one_start_that_exists(name: str, table: Mapping[str, frozenset[str]]) -> None:
    assert states.START[name] in table
    assert set(states.START) == set(states.FINAL) == set(TABLES)


@each_table
def test_every_move_leads_to_a_state_of_the_table_and_to_another_one(
    name: str, table: Mapping[str, frozenset[str]]
) -> None:
    assert {new for news in table.values() for new in news} <= set(table)
    assert not [old for old, news in table.items() if old in news]


@each_table
def test_every_state_can_be_reached(name: str, table: Mapping[str, frozenset[str]]) -> None:
    assert reached(table, states.START[name]) == set(table)


@each_table
def test_just_the_final_states_have_no_way_out(name: str, table: Mapping[str, frozenset[str]]) -> None:
    assert {state for state, news in table.items() if not news} == states.FINAL[name]


@each_table
def test_from_every_state_a_final_one_can_be_reached(name: str, table: Mapping[str, frozenset[str]]) -> None:
    assert all(reached(table, state) & states.FINAL[name] for state in table)


@each_table
def test_the_drawing_in_the_design_is_the_table(name: str, table: Mapping[str, frozenset[str]]) -> None:
    drawn = drawing(name)
    assert drawn.pop("start") == {states.START[name]}
    assert drawn == {state: set(news) or {"end"} for state, news in table.items()}


def test_every_move_of_a_question_has_its_reverse_except_to_gone() -> None:
    one_way = {(old, new) for old, news in states.QUESTION.items() for new in news if old not in states.QUESTION[new]}
    assert {new for _, new in one_way} == {"gone"}
    assert {old for old, _ in one_way} == set(states.QUESTION) - {"gone"}


def test_nothing_is_sent_again_without_proof_or_a_person() -> None:
    assert states.DELIVERY["sent"] == frozenset()
    assert {old for old, news in states.DELIVERY.items() if "sending" in news} == {"queued"}
    assert {old for old, news in states.DELIVERY.items() if "sent" in news} == {"sending", "unsure", "asking"}


def test_the_open_deliveries_are_those_that_may_still_have_an_effect() -> None:
    assert set(states.OPEN_DELIVERY) == set(states.DELIVERY) - {"sent", "refused", "cancelled"}


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ("queued", "sending", True),
        ("sent", "queued", False),
        ("nonsense", "queued", False),
        ("queued", "nonsense", False),
    ],
)
def test_a_move_is_allowed_when_the_table_has_it(old: str, new: str, allowed: bool) -> None:
    assert states.may(states.DELIVERY, old, new) is allowed


@pytest.mark.parametrize("attempts", [0, 1, 5, 10, 1000])
@pytest.mark.parametrize("spread", [0.0, 0.5, 1.0])
def test_the_wait_before_another_attempt_grows_up_to_five_minutes(attempts: int, spread: float) -> None:
    wait = states.next_attempt(NOW, attempts, spread) - NOW
    assert timedelta(seconds=0.5) <= wait <= timedelta(minutes=5)
    assert states.next_attempt(NOW, attempts + 1, spread) - NOW >= wait


def test_the_networks_own_word_is_kept_when_it_asks_for_more() -> None:
    later, sooner = NOW + timedelta(hours=1), NOW - timedelta(hours=1)
    assert states.next_attempt(NOW, 1, 0.5, later) == later
    assert states.next_attempt(NOW, 1, 0.5, sooner) > NOW
    assert states.next_poll(NOW, 30, 3, 0.5, later) == later


def test_a_source_is_read_at_its_own_interval_until_it_fails() -> None:
    assert states.next_poll(NOW, 30, 0, 0.5) == NOW + timedelta(seconds=30)
    assert states.next_poll(NOW, 30, 12, 1.0) == NOW + timedelta(minutes=5)
