"""Who may need help: kept from every list, never joined with another, and opened only by a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.core.items import Kind, Standing
from bot.store import blocks, board, health, lane, lists, passages, placements, questions, report, search, status
from bot.store.engine import Store
from bot.store.lists import Filter
from bot.store.tables import item, note, placement, question
from tests.flows.house import START, Clock
from tests.store.rows import asked, keep, question_of, question_row, rows, said

CARERS = "How can carers get peer support at work?"
DISTRESS = "I want to die and nobody in my group would even notice"
ADVICE = "Should I stop taking my sertraline before the course starts?"
SEARCH = ("die", "sertraline", "notice")


def lists_of(store: Store) -> set[str]:
    """Every text that somebody without the right could read in a list, a search, or beside another question."""
    with store.read() as tx:
        listed = [c.row.text for tab in lists.TABS for c in lists.questions(tx, START, 1, tab, Filter())[0]]
        thoughts = [row.text for row in board.thoughts(tx, 1)[0]]
        found = [row.text for word in ("", *SEARCH) for row in search.everything(tx, 1, word)[0]]
        offered = [row.text for word in SEARCH for row in search.open_questions(tx, 1, word)]
        told = [row.text for row in report.thoughts(tx, 1)]
        return {*listed, *thoughts, *found, *offered, *told}


@pytest.mark.parametrize("text", [DISTRESS, ADVICE])
def test_what_is_risky_is_in_no_list_and_waits_for_a_lead(store: Store, text: str) -> None:
    keep(store, said("1", text), said("2", CARERS))
    with store.read() as tx:
        frame, (card,) = board.frame(tx, "workshop"), lane.cards(tx, START, 1)
    assert lists_of(store) == {CARERS}
    assert frame is not None
    assert (frame.private, frame.counts) == (1, {"waiting": 1})
    assert (card.row.text, card.row.lane, card.items[0].native_id) == (text, "private", "1")


def test_it_goes_there_whatever_kind_it_was_taken_for(store: Store) -> None:
    keep(store, said("1", DISTRESS))
    (place,) = rows(store, placement)
    assert (place.kind, place.lane) == ("thought", "private")
    assert question_row(store, place.question_id).lane == "private"


def test_what_two_people_need_is_never_put_together(store: Store) -> None:
    keep(store, said("1", ADVICE), said("2", ADVICE, author_id="18"))
    assert question_of(store, "1") != question_of(store, "2")


def test_what_is_asked_openly_is_not_joined_with_what_is_private(store: Store) -> None:
    keep(store, said("1", CARERS))
    with store.write() as tx:
        lane.close(tx, START, "Ada", question_row(store, question_of(store, "1")))
    keep(store, said("2", CARERS, author_id="18"))
    assert question_of(store, "1") != question_of(store, "2")
    assert question_row(store, question_of(store, "2")).lane == "open"


def test_a_post_hidden_on_the_blog_is_private_too_but_waits_only_once_it_is_seen_there(store: Store) -> None:
    keep(store, said("1", DISTRESS, "wordpress", standing=Standing.HIDDEN), kind="comments")
    assert (question_row(store, question_of(store, "1")).state, lists_of(store)) == ("dismissed", set())
    keep(store, said("1", DISTRESS, "wordpress", standing=Standing.PUBLIC), kind="comments")
    assert question_row(store, question_of(store, "1")).state == "waiting"


def test_a_copy_by_a_bridge_is_as_private_as_its_original(store: Store) -> None:
    keep(store, said("https://social.example/1", DISTRESS, "mastodon"))
    keep(store, said("at://copy/1", DISTRESS, "bluesky", copy_of="https://social.example/1"))
    assert {row.lane for row in rows(store, placement)} == {"private"}
    assert lists_of(store) == set()


def test_an_original_that_comes_after_its_copy_asks_privately(store: Store) -> None:
    keep(store, said("at://copy/1", DISTRESS, "bluesky", copy_of="https://social.example/1"))
    keep(store, said("https://social.example/1", DISTRESS, "mastodon"))
    assert {row.lane for row in rows(store, placement)} == {"private"}
    assert lists_of(store) == set()
    with store.read() as tx:
        assert [card.items[0].network for card in lane.cards(tx, START, 1)] == ["mastodon"]


def test_a_thought_whose_author_adds_a_cry_for_help_becomes_private(store: Store) -> None:
    keep(store, said("1", "Groups matter more than leaflets, that is all I have learned."))
    keep(store, said("1", DISTRESS))
    assert lists_of(store) == set()
    assert question_row(store, question_of(store, "1")).text == DISTRESS


def test_of_several_who_ask_the_same_only_the_one_who_needs_help_is_taken_out(store: Store) -> None:
    keep(store, said("1", CARERS), said("2", CARERS, author_id="18"))
    group = question_of(store, "1")
    keep(store, said("1", DISTRESS))
    row, alone = question_row(store, group), question_row(store, question_of(store, "1"))
    assert (row.text, row.times_asked, row.lane, row.flags) == (CARERS, 1, "open", [])
    assert (alone.text, alone.lane, alone.flags) == (DISTRESS, "private", ["distress"])
    assert lists_of(store) == {CARERS}


def test_what_a_person_opened_is_private_again_only_in_new_words(store: Store, clock: Clock) -> None:
    keep(store, said("1", ADVICE))
    with store.write() as tx:
        lane.open_again(tx, clock(), "Ada", question_row(store, question_of(store, "1")), Kind.QUESTION)
    assert lists_of(store) == {ADVICE}
    keep(store, said("1", ADVICE))
    assert lists_of(store) == {ADVICE}
    keep(store, said("1", DISTRESS))
    assert lists_of(store) == set()


def test_put_among_the_thoughts_it_leaves_no_words_behind(store: Store, clock: Clock) -> None:
    keep(store, said("1", DISTRESS))
    number = question_of(store, "1")
    with store.write() as tx:
        lane.open_again(tx, clock(), "Ada", question_row(store, number), Kind.THOUGHT)
    assert lists_of(store) == {DISTRESS}
    (place,) = rows(store, placement)
    assert (place.kind, place.lane, place.question_id, place.judged_by) == ("thought", "open", None, "Ada")
    assert (question_row(store, number).state, question_row(store, number).text) == ("gone", "")


def test_a_lead_who_calls_it_a_question_opens_it(store: Store, clock: Clock) -> None:
    keep(store, said("1", ADVICE))
    (row,) = rows(store, item)
    with store.write() as tx:
        number = placements.make_question(tx, clock(), "Ada", 1, row.id)
    assert (question_row(store, number).lane, rows(store, placement)[0].lane) == ("open", "open")


def test_a_thought_that_a_lead_opened_may_be_made_a_question_in_the_open(store: Store, clock: Clock) -> None:
    keep(store, said("1", DISTRESS))
    with store.write() as tx:
        lane.open_again(tx, clock(), "Ada", question_row(store, question_of(store, "1")), Kind.THOUGHT)
        number = placements.make_question(tx, clock(), "Joe", 1, rows(store, item)[0].id)
    assert question_row(store, number).lane == "open"


def test_one_of_a_group_is_kept_private_by_hand_and_the_others_stay(store: Store, clock: Clock) -> None:
    keep(store, said("1", CARERS), said("2", CARERS, author_id="18"))
    with store.write() as tx:
        place = lane.place_of(tx, 1, rows(store, item)[0].id)
        assert place is not None
        lane.set_apart(tx, clock(), "Joe", place, ())
    assert question_row(store, question_of(store, "1")).lane == "private"
    assert question_row(store, question_of(store, "2")).lane == "open"


def test_the_latest_changes_speak_of_private_questions_to_leads_alone(store: Store, clock: Clock) -> None:
    keep(store, said("1", DISTRESS))
    with store.read() as tx:
        whats = [{row.what for row in health.latest(tx, 1, private=private)} for private in (False, True)]
    assert ("came in private" in whats[0], "came in private" in whats[1]) == (False, True)


def test_what_it_replies_to_is_shown_beside_a_question_only_if_that_is_open(store: Store) -> None:
    keep(store, said("1", DISTRESS), said("2", CARERS, parent_id="1", author_id="18"))
    reply = next(row for row in rows(store, item) if row.native_id == "2")
    with store.read() as tx:
        assert board.in_context(tx, reply) is None
        above = board.in_context(tx, reply, private=True)
    assert above is not None
    assert above.text == DISTRESS


def test_dealt_with_it_stays_in_the_lane_and_can_come_back(store: Store, clock: Clock) -> None:
    keep(store, said("1", DISTRESS))
    number = question_of(store, "1")
    clock.at += timedelta(minutes=1)
    with store.write() as tx:
        assert questions.move(tx, clock(), "Ada", number, "answered", outcome=lane.CARE).change_id
    with store.read() as tx:
        assert (lane.cards(tx, clock(), 1), len(lane.cards(tx, clock(), 1, settled=True))) == ([], 1)
    assert lists_of(store) == set()


def test_whoever_may_need_help_still_waits_for_a_lead_when_somebody_blocks_them(store: Store, clock: Clock) -> None:
    keep(store, said("1", DISTRESS))
    with store.write() as tx:
        assert blocks.add(tx, clock(), "Joe", 1, "Shouts", kind="person", network="x", what="17", name="@grace") == 0
    assert question_row(store, question_of(store, "1")).state == "waiting"


def test_leads_are_told_of_it_at_once(store: Store, clock: Clock) -> None:
    keep(store, said("1", DISTRESS))
    with store.read() as tx:
        notices = status.notices(tx, clock())
    assert "may need help now" in notices[status.CARE]
    assert DISTRESS not in notices[status.CARE]
    assert status.CARE in status.URGENT


def test_notes_and_wordings_about_it_are_found_by_leads_alone(store: Store, clock: Clock) -> None:
    number = asked(store, "1", ADVICE)
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
