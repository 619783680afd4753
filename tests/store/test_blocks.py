"""A blocked person or word is kept out of the lists: in what waits, in what comes, and until it is lifted."""

from __future__ import annotations

import pytest

from bot import desk
from bot.core.blocking import holds
from bot.desk import Done, Who
from bot.store import blocks, board, erasure, questions, screens, search
from bot.store.engine import Store
from bot.store.tables import block, change, item, placement
from tests.flows.house import Clock
from tests.store.rows import asked, count, keep, question_of, question_row, rows, said

ADA = Who(1, "Ada")


def event_id(store: Store) -> int:
    """The one event there is."""
    return int(rows(store, placement)[0].event_id)


def block_author(store: Store, native_id: str, why: str = "Sells things") -> Done:
    """Block whoever wrote that post."""
    wrote = rows(store, item, item.c.native_id == native_id)[0]
    return desk.block_person(store, ADA, event_id(store), wrote.id, why)


def lift(store: Store) -> Done:
    """Lift the only block there is."""
    return desk.lift_block(store, ADA, event_id(store), rows(store, block)[0].id)


@pytest.mark.parametrize(
    ("text", "word", "held"),
    [
        ("Buy SUPPLEMENTS now!", "supplements", True),
        ("Buy supplementsnow", "supplements", False),
        ("So: cheap, pills?", "cheap pills", True),
        ("Cheap and pills", "cheap pills", False),
        ("Crème", "creme", True),
        ("我们如何支持人们", "支持", True),
        ("Why?", "?", False),
    ],
)
def test_a_text_holds_a_word_whole_in_any_case(text: str, word: str, held: bool) -> None:
    assert holds(text, word) is held


def test_what_a_blocked_person_asked_leaves_the_queue_and_comes_back(store: Store) -> None:
    theirs = asked(store, "1", "Why pay more for supplements? #QLabs", author_id="66", author_handle="@deals")
    other = asked(store, "2", "How do groups find a room? #QLabs", author_id="18")
    done = block_author(store, "1")
    assert done == Done(
        True, "@deals is blocked. 1 question went to Dismissed. Everything stays stored and can be searched."
    )
    assert (question_row(store, theirs).state, question_row(store, other).state) == ("dismissed", "waiting")
    assert question_row(store, theirs).moved_by == "Ada"
    assert lift(store) == Done(True, "Let in again. 1 back in the queue.")
    assert question_row(store, theirs).state == "waiting"


def test_what_a_blocked_person_writes_later_is_stored_but_in_no_list(store: Store) -> None:
    asked(store, "1", "Why pay more for supplements? #QLabs", author_id="66")
    block_author(store, "1")
    assert keep(store, said("3", "Who wants cheap vitamins? #QLabs", author_id="66")).questions == 0
    keep(store, said("4", "We find that vitamins help our group a lot. #QLabs", author_id="66"))
    with store.read() as tx:
        assert board.thoughts(tx, event_id(store))[0] == []
        assert [row.native_id for row in search.everything(tx, event_id(store), "vitamins")[0]] == ["4", "3"]
    assert lift(store).sentence == "Let in again. 2 back in the queue."
    with store.read() as tx:
        assert [row.native_id for row in board.thoughts(tx, event_id(store))[0]] == ["4"]


def test_a_question_that_others_ask_too_stays(store: Store) -> None:
    first = asked(store, "1", "How do groups find a room? #QLabs", author_id="66")
    keep(store, said("2", "How do groups find a room? #QLabs", author_id="18"))
    assert "went to Dismissed" not in block_author(store, "1").sentence
    assert question_row(store, first).state == "waiting"


def test_a_blocked_word_works_on_what_waits_and_on_what_comes(store: Store) -> None:
    waits = asked(store, "1", "Where do I buy Kumquats? #QLabs", author_id="66")
    room = asked(store, "2", "Are kumquats any good? #QLabs", author_id="67")
    desk.to_room(store, ADA, room)
    done = desk.block_word(store, ADA, event_id(store), " kumquats ", "Off topic")
    assert done.sentence.startswith("“kumquats” is blocked. 1 question went to Dismissed.")
    assert (question_row(store, waits).state, question_row(store, room).state) == ("dismissed", "room")
    assert keep(store, said("3", "Who eats kumquats? #QLabs", author_id="68")).questions == 0
    assert keep(store, said("4", "Who eats kumquatsauce? #QLabs", author_id="69")).questions == 1


def test_what_another_block_still_keeps_out_stays_out(store: Store) -> None:
    asked(store, "1", "Where do I buy kumquats? #QLabs", author_id="66")
    block_author(store, "1")
    desk.block_word(store, ADA, event_id(store), "kumquats", "Off topic")
    assert lift(store).sentence == "Let in again."
    word = rows(store, block)[1]
    assert rows(store, placement)[0].block_id == word.id


def test_what_was_moved_since_is_not_moved_by_lifting(store: Store, clock: Clock) -> None:
    theirs = asked(store, "1", "Why pay more for supplements? #QLabs", author_id="66")
    block_author(store, "1")
    clock.go(60)
    desk.wait(store, ADA, theirs)
    desk.dismiss(store, ADA, theirs)
    lift(store)
    assert question_row(store, theirs).state == "dismissed"


def test_a_person_can_still_make_a_question_of_what_is_blocked(store: Store) -> None:
    asked(store, "1", "Why pay more for supplements? #QLabs", author_id="66")
    block_author(store, "1")
    keep(store, said("3", "Who wants cheap vitamins? #QLabs", author_id="66"))
    late = rows(store, item, item.c.native_id == "3")[0]
    assert desk.make_question(store, ADA, event_id(store), late.id).ok
    assert rows(store, placement, placement.c.item_id == late.id)[0].block_id is None


def test_a_block_needs_a_reason_and_is_not_made_twice(store: Store) -> None:
    asked(store, "1", "Why pay more for supplements? #QLabs", author_id="66", author_handle="@deals")
    asked(store, "2", "Anonymous asks what this costs? #QLabs", author_id="")
    assert "The reason is empty." in block_author(store, "1", "  ").sentence
    assert "does not say who wrote this" in block_author(store, "2").sentence
    assert block_author(store, "1").ok
    assert block_author(store, "1").sentence == "@deals is blocked already. Nothing was changed."
    assert "no letters" in desk.block_word(store, ADA, event_id(store), "%%", "Why").sentence
    assert count(store, block) == 1
    assert lift(store).ok
    assert "Somebody was first" in lift(store).sentence


def test_who_blocked_what_when_and_why_is_listed_and_in_the_history(store: Store, clock: Clock) -> None:
    asked(store, "1", "Why pay more for supplements? #QLabs", author_id="66", author_handle="@deals")
    block_author(store, "1")
    with store.read() as tx:
        row = blocks.active(tx, event_id(store))[0]
    assert (row.who, row.why, row.name, row.at) == ("Ada", "Sells things", "@deals", clock())
    lift(store)
    with store.read() as tx:
        assert blocks.active(tx, event_id(store)) == []
        assert blocks.lifted(tx, event_id(store))[0].lifted_by == "Ada"
    assert [row.what for row in rows(store, change, change.c.kind == "block")] == ["blocked", "unblocked"]


def test_erasing_a_person_forgets_who_was_blocked(store: Store, clock: Clock) -> None:
    asked(store, "1", "Why pay more for supplements? #QLabs", author_id="66", author_handle="@deals")
    block_author(store, "1")
    with store.write() as tx:
        erasure.erase_author(tx, clock(), "Ada", "x", "@deals")
    row = rows(store, block)[0]
    assert (row.what, row.name, row.why) == ("", "", "")


def block_word(store: Store, word: str = "supplements") -> None:
    assert desk.block_word(store, ADA, event_id(store), word, "Adverts").ok


def test_a_blocked_word_that_is_edited_in_keeps_a_question_out_until_it_is_edited_away(store: Store) -> None:
    number = asked(store, "1", "How do groups find a room? #QLabs")
    block_word(store)
    keep(store, said("1", "How do groups find supplements? #QLabs"))
    row = question_row(store, number)
    assert (row.state, row.moved_by, row.looked_seconds) == ("dismissed", questions.A_BLOCK, None)
    keep(store, said("1", "How do groups find a hall? #QLabs"))
    row = question_row(store, number)
    assert (row.state, row.text) == ("waiting", "How do groups find a hall? #QLabs")
    assert rows(store, placement)[0].block_id is None


def test_lifting_a_block_brings_back_what_an_edit_put_under_it(store: Store) -> None:
    number = asked(store, "1", "How do groups find a room? #QLabs")
    block_word(store)
    keep(store, said("1", "How do groups find supplements? #QLabs"))
    assert lift(store) == Done(True, "Let in again. 1 back in the queue.")
    assert question_row(store, number).state == "waiting"


def test_a_thought_leaves_the_list_by_an_edit_and_a_question_begins_by_one(store: Store) -> None:
    asked(store, "0", "How do groups find a room? #QLabs")
    block_word(store)
    keep(store, said("1", "We find that walking helps our group a lot. #QLabs"))
    keep(store, said("2", "Who wants cheap supplements? #QLabs"))
    keep(store, said("1", "We find that supplements help our group a lot. #QLabs"))
    assert keep(store, said("2", "Who wants to walk with us? #QLabs")).edited == 1
    with store.read() as tx:
        assert board.thoughts(tx, event_id(store))[0] == []
    placed = rows(store, placement, placement.c.block_id.is_not(None))
    assert [row.kind for row in placed] == ["thought"]
    assert question_row(store, question_of(store, "2")).state == "waiting"


def test_a_question_that_others_ask_too_is_then_in_their_words(store: Store) -> None:
    number = asked(store, "1", "How do groups find a room? #QLabs")
    keep(store, said("2", "how do groups find a room #QLabs", author_id="18"))
    block_word(store)
    keep(store, said("1", "Buy supplements! #QLabs"))
    row = question_row(store, number)
    assert (row.state, row.text, row.times_asked) == ("waiting", "how do groups find a room #QLabs", 2)


def test_what_a_person_moved_stays_where_it_is_when_its_author_edits_a_blocked_word_in(store: Store) -> None:
    number = asked(store, "1", "How do groups find a room? #QLabs")
    block_word(store)
    assert desk.to_room(store, ADA, number).ok
    keep(store, said("1", "How do groups find supplements? #QLabs"))
    assert question_row(store, number).state == "room"
    with store.read() as tx:
        assert screens.approved_words(tx, question_row(store, number)) == ""
