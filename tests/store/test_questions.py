"""The first who moves a question wins, the second is told who; moves and merges can be taken back."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot import desk
from bot.core import states
from bot.desk import Done, Who
from bot.store import questions
from bot.store.engine import Store
from bot.store.tables import change, delivery, question
from tests.flows.house import ADA, Clock
from tests.store.rows import asked, keep, question_of, question_row, rows, said

BOB = Who(2, "Bob")
CARERS = "How can carers get peer support at work?"
COST = "What does a peer support group cost in the first year?"
RURAL = "What about volunteers in rural areas?"


def test_the_first_wins_and_the_second_is_told_who_it_was(store: Store) -> None:
    number = asked(store, "1", CARERS)
    assert desk.to_room(store, ADA, number, seen="waiting").ok
    late = desk.park(store, BOB, number, seen="waiting")
    assert late == Done(False, "Ada was first: on the list for the room.", state="room")
    assert question_row(store, number).state == "room"


def test_of_many_who_click_at_once_exactly_one_moves_it(store: Store) -> None:
    number = asked(store, "1", CARERS)
    done: list[Done] = []

    def click(who: Who) -> None:
        done.append(desk.dismiss(store, who, number, seen="waiting"))

    threads = [threading.Thread(target=click, args=(Who(n, f"Person {n}"),), daemon=True) for n in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    winner = question_row(store, number).moved_by
    assert [one.ok for one in done].count(True) == 1
    assert {one.sentence for one in done if not one.ok} == {f"{winner} was first: dismissed."}


@pytest.mark.parametrize("to", sorted(states.QUESTION["waiting"] - {"merged", "gone"}))
def test_every_move_has_its_reverse(store: Store, clock: Clock, to: str) -> None:
    number = asked(store, "1", CARERS)
    with store.write() as tx:
        moved = questions.move(tx, clock(), "Ada", number, to)
    assert question_row(store, number).state == to
    assert desk.undo(store, BOB, moved.change_id).ok
    assert question_row(store, number).state == "waiting"


def test_a_move_cannot_be_undone_once_something_else_happened(store: Store) -> None:
    number = asked(store, "1", CARERS)
    first = desk.park(store, ADA, number)
    assert desk.to_room(store, BOB, number).ok
    assert not desk.undo(store, ADA, first.change_id).ok
    assert question_row(store, number).state == "room"


def test_an_answer_in_writing_cannot_be_undone_and_says_so(store: Store) -> None:
    number = asked(store, "1", CARERS, network="mastodon")
    done = desk.answer(store, ADA, number, "At their own pace.", seen="waiting")
    refused = desk.undo(store, ADA, done.change_id)
    assert (refused.ok, refused.sentence[:27]) == (False, "The answer is on its way an")
    assert question_row(store, number).state == "answered"
    aloud = asked(store, "2", COST)
    assert desk.undo(store, ADA, desk.answered(store, ADA, aloud).change_id).ok


def test_undo_of_nothing_says_so(store: Store) -> None:
    assert not desk.undo(store, ADA, 9999).ok


def test_what_is_gone_cannot_be_moved(store: Store) -> None:
    number = asked(store, "1", CARERS)
    with store.write() as tx:
        tx.execute(update(question).values(state="gone"))
    for button in (desk.park, desk.to_room, desk.dismiss, desk.wait):
        assert not button(store, ADA, number).ok
    assert not desk.park(store, ADA, 999).ok


def test_a_flagged_question_reaches_the_room_only_in_words_that_a_person_wrote(store: Store) -> None:
    number = asked(store, "1", "Can somebody call me on 020 7946 0018 about how to join?")
    assert "Reword" in desk.to_room(store, ADA, number).sentence
    assert desk.reword(store, ADA, number, "How do people join?").ok
    assert desk.to_room(store, ADA, number).ok
    row = question_row(store, number)
    assert (row.wording, row.wording_by, row.state) == ("How do people join?", "Ada", "room")


def test_the_list_for_the_room_keeps_its_order(store: Store) -> None:
    numbers = [asked(store, str(n), text) for n, text in enumerate((CARERS, COST, RURAL))]
    for number in reversed(numbers):
        desk.to_room(store, ADA, number)
    places = [question_row(store, number).position for number in numbers]
    assert places == sorted(places, reverse=True)


def test_a_claim_is_seen_by_others_and_lapses_by_itself(store: Store, clock: Clock) -> None:
    number = asked(store, "1", CARERS)
    with store.write() as tx:
        for person in ("Ada", "Bob"):
            tx.exec_driver_sql(f"INSERT INTO person (name, role, created_at) VALUES ('{person}', 'lead', '2026-05-04')")
    ada, bob = Who(1, "Ada"), Who(2, "Bob")
    assert desk.claim(store, ada, number).ok
    assert not desk.claim(store, bob, number).ok
    assert desk.claim(store, ada, number).ok
    clock.go(120)
    assert desk.claim(store, bob, number).ok
    assert not desk.release(store, ada, number).ok
    assert desk.park(store, ada, number).ok, "a claim locks nobody out"
    assert question_row(store, number).claimed_by is None


def _merged(store: Store) -> tuple[int, int, int]:
    row, into = asked(store, "1", CARERS), asked(store, "2", COST)
    done = desk.merge(store, ADA, row, into)
    assert done.ok
    return row, into, done.change_id


def test_a_merge_moves_the_askers_and_adds_them_up(store: Store) -> None:
    row, into, _ = _merged(store)
    assert (question_row(store, row).state, question_row(store, row).merged_into) == ("merged", into)
    assert question_row(store, into).times_asked == 2
    assert question_of(store, "1") == into


def test_a_merge_taken_back_returns_everything(store: Store) -> None:
    row, into, change_id = _merged(store)
    keep(store, said("3", COST))
    assert desk.undo(store, BOB, change_id).ok
    assert (question_row(store, row).state, question_row(store, row).merged_into) == ("waiting", None)
    assert question_row(store, into).times_asked == 2
    assert (question_of(store, "1"), question_of(store, "2"), question_of(store, "3")) == (row, into, into)
    assert not desk.undo(store, BOB, change_id).ok, "once is enough"


def test_half_a_merge_cannot_be_taken_back(store: Store) -> None:
    row, into, _ = _merged(store)
    (half,) = rows(store, change, change.c.what == "merged", change.c.ref == row)
    assert not desk.undo(store, ADA, half.id).ok
    assert question_of(store, "1") == into


def test_a_merge_into_a_question_that_was_merged_since_is_taken_back_from_the_outside_in(store: Store) -> None:
    row, into, first = _merged(store)
    last = asked(store, "3", RURAL)
    second = desk.merge(store, ADA, into, last)
    assert not desk.undo(store, ADA, first).ok
    assert desk.undo(store, ADA, second.change_id).ok
    assert desk.undo(store, ADA, first).ok
    assert [question_of(store, one) for one in ("1", "2", "3")] == [row, into, last]
    assert {row.times_asked for row in rows(store, question)} == {1}


def test_a_merged_question_leaves_only_with_its_askers(store: Store) -> None:
    one, other = asked(store, "1", CARERS), asked(store, "2", COST)
    assert desk.merge(store, ADA, one, other).ok
    assert desk.park(store, BOB, one) == Done(False, "Ada was first: put together with another question.")
    assert question_row(store, one).state == "merged"


def test_a_question_is_not_merged_with_itself_or_with_what_was_merged(store: Store) -> None:
    row, into, _ = _merged(store)
    assert not desk.merge(store, ADA, into, into).ok
    assert not desk.merge(store, ADA, into, row).ok
    assert not desk.merge(store, ADA, row, into).ok


def test_an_answer_goes_to_everybody_who_asked(store: Store) -> None:
    number = asked(store, "1", f"@theQCommunity {CARERS}")
    keep(store, said("1", f"@theQCommunity {CARERS}"), kind="mentions")
    keep(store, said("2", f"@theQCommunity {CARERS}", "mastodon", author_handle="@joan@m.example"))
    keep(store, said("3", CARERS, "wordpress"), kind="comments")
    assert question_of(store, "3") == number
    done = desk.answer(store, ADA, number, "At their own pace.", seen="waiting")
    assert done.ok, done.sentence
    assert {(row.network, row.reply_to) for row in rows(store, delivery)} == {
        ("x", "1"), ("mastodon", "2"), ("wordpress", "3"),
    }  # fmt: skip
    row = question_row(store, number)
    assert (row.state, row.outcome) == ("answered", "writing")


def test_who_did_not_name_us_on_x_is_not_answered_there_and_the_reason_is_said(store: Store) -> None:
    number = asked(store, "1", CARERS)
    refused = desk.answer(store, ADA, number, "At their own pace.")
    assert not refused.ok
    assert refused.sentence.startswith("Not sent. ")
    assert question_row(store, number).state == "waiting"


def test_of_two_who_answer_at_once_only_one_is_sent(store: Store) -> None:
    number = asked(store, "1", CARERS, network="mastodon")
    assert desk.answer(store, ADA, number, "First.", seen="waiting").ok
    second = desk.answer(store, BOB, number, "Second.", seen="waiting")
    assert [row.text for row in rows(store, delivery)] == ["@grace First."], second.sentence


@pytest.mark.parametrize("text", ["", "  \n", "\u200b", "x" * 10_001])
def test_an_answer_of_nothing_or_without_end_is_refused_in_words(store: Store, text: str) -> None:
    number = asked(store, "1", CARERS, network="mastodon")
    refused = desk.answer(store, ADA, number, text)
    assert not refused.ok
    assert refused.sentence.endswith((".", "!"))
    assert rows(store, delivery) == []


def test_a_change_says_who_and_when(store: Store, clock: Clock) -> None:
    number = asked(store, "1", CARERS)
    clock.go(60)
    done = desk.park(store, ADA, number)
    (row,) = rows(store, change, change.c.id == done.change_id)
    assert (row.who, row.what, row.at, row.ref) == ("Ada", "parked", clock(), number)
    assert clock() - question_row(store, number).moved_at == timedelta(0)
