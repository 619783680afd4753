"""What may come from somebody who needs help is for event leads alone, whatever it is, until one says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, update

from bot.core.items import Kind, Standing
from bot.core.lanes import PRIVATE
from bot.store import board, lane, lists, passages, placements, questions, report, search, status
from bot.store.engine import Store
from bot.store.lists import Filter
from bot.store.tables import note, placement, question
from tests.flows.house import Clock
from tests.store.rows import asked, keep, question_of, question_row, rows, said

CARE = "I am going to kill myself tonight. Goodbye everyone."
PILLS = "Should I stop taking my sertraline before the group?"
CARERS = "How can carers get peer support at work?"


def _listed(store: Store) -> dict[str, Sequence[Any]]:
    """What everybody at the desk is shown: the waiting list, the thoughts, a search, a report."""
    with store.read() as tx:
        return {
            "waiting": [card.row.text for card in lists.questions(tx, store.now(tx), 1, "waiting", Filter())[0]],
            "thoughts": [row.text for row in board.thoughts(tx, 1)[0]],
            "found": [row.text for row in search.everything(tx, 1)[0]],
            "told": [row.text for row in report.thoughts(tx, 1)],
        }


def _private(store: Store) -> list[str]:
    with store.read() as tx:
        return [card.row.text for card in lane.cards(tx, store.now(tx), 1)]


def _place(store: Store, native_id: str) -> Row[Any]:
    with store.read() as tx:
        number = next(row.item_id for row in rows(store, placement) if row.question_id == question_of(store, native_id))
        found = lane.place_of(tx, 1, number)
    assert found is not None
    return found


def test_a_cry_for_help_that_asks_nothing_waits_for_a_lead_and_is_shown_to_nobody_else(store: Store) -> None:
    keep(store, said("1", CARE))
    assert _private(store) == [CARE]
    assert _listed(store) == {"waiting": [], "thoughts": [], "found": [], "told": []}
    with store.read() as tx:
        assert [row.text for row in search.everything(tx, 1, "goodbye", private=True)[0]] == [CARE]
        frame = board.frame(tx, board.events(tx)[0].slug)
    assert frame is not None
    assert (frame.private, frame.counts.get("waiting", 0)) == (1, 0)


def test_two_who_need_help_in_the_same_words_are_two(store: Store) -> None:
    keep(store, said("1", PILLS), said("2", PILLS, author_id="18"))
    assert _private(store) == [PILLS, PILLS]


def test_leads_are_told_of_it_at_once(store: Store, clock: Clock) -> None:
    keep(store, said("1", CARE))
    with store.read() as tx:
        notices = status.notices(tx, clock())
    assert "may need help now" in notices[status.CARE]
    assert CARE not in notices[status.CARE]
    assert status.CARE in status.URGENT


def test_who_is_hidden_by_the_blog_does_not_wait(store: Store) -> None:
    keep(store, said("1", CARE, standing=Standing.HIDDEN))
    assert _private(store) == []


def test_words_that_are_edited_into_a_cry_for_help_leave_those_who_asked_the_same(store: Store) -> None:
    keep(store, said("1", CARERS), said("2", CARERS, author_id="18"))
    shared = question_of(store, "1")
    keep(store, said("2", CARE, author_id="18"))
    assert _private(store) == [CARE]
    left = question_row(store, shared)
    assert (left.text, left.flags, left.lane) == (CARERS, [], "open")
    assert _listed(store)["waiting"] == [CARERS]


def test_a_lead_puts_it_among_the_questions_or_the_thoughts(store: Store, clock: Clock) -> None:
    keep(store, said("1", PILLS), said("2", CARE, author_id="18"))
    for native_id, kind in (("1", Kind.QUESTION), ("2", Kind.THOUGHT)):
        with store.write() as tx:
            lane.open_again(tx, clock(), "Amira", questions.get(tx, question_of(store, native_id)), kind)  # type: ignore[arg-type]
    listed = _listed(store)
    assert (listed["waiting"], listed["thoughts"]) == ([PILLS], [CARE])
    assert _private(store) == []
    keep(store, said("2", CARE, author_id="18"))
    assert _private(store) == [], "what a person said stays"


def test_one_of_several_who_ask_the_same_is_kept_private_by_itself(store: Store, clock: Clock) -> None:
    keep(store, said("1", CARERS), said("2", CARERS, author_id="18"))
    with store.write() as tx:
        lane.set_apart(tx, clock(), "Ada", _place(store, "1"), ())
    assert len(_private(store)) == 1
    assert _listed(store)["waiting"] == [CARERS]


def test_notes_and_wordings_about_it_are_found_by_leads_alone(store: Store, clock: Clock) -> None:
    number = asked(store, "1", PILLS)
    with store.write() as tx:
        tx.execute(update(question).where(question.c.id == number).values(wording="A kumquat of a question"))
        tx.execute(note.insert().values(question_id=number, text="Rang the kumquat line", who="Amira", at=clock()))
    for catch_up in (False, True):
        if catch_up:
            with store.write() as tx:
                passages.catch_up(tx)
        with store.read() as tx:
            assert passages.written(tx, 1, "kumquat")[0] == []
            assert len(passages.written(tx, 1, "kumquat", private=True)[0]) == 2


def test_what_was_a_thought_can_be_made_a_question_again_by_a_lead_only_through_the_lane(
    store: Store, clock: Clock
) -> None:
    keep(store, said("1", CARE))
    place = _place(store, "1")
    assert place.lane == PRIVATE
    with store.write() as tx:
        placements.make_question(tx, clock(), "Amira", 1, place.item_id)
    assert _listed(store)["waiting"] == [CARE]
