"""Who asked us to stop is sent nothing more, whatever waits and whoever presses, until they ask us to start again."""

from __future__ import annotations

from datetime import timedelta

from bot import desk
from bot.store import erasure, outbox, silence
from bot.store.engine import Store
from bot.store.tables import delivery, item
from tests.flows.house import ADA, START, Clock
from tests.store.rows import asked, keep, question_of, rows, said

STOP = "@theQCommunity stop"


def problem(store: Store, question_id: int) -> str:
    """Why an answer would not go to the first asker."""
    return desk.preview_answer(store, ADA, question_id, "We all do.")[0].problem


def silent(store: Store, author: str = "17", network: str = "x") -> bool:
    with store.read() as tx:
        return silence.wanted(tx, network, author)


def test_who_asked_us_to_stop_is_not_answered_and_others_are(store: Store) -> None:
    first = asked(store, "1", "Who pays for the carers?", calls_us=True)
    other = asked(store, "2", "Is there parking here?", calls_us=True, author_id="18")
    assert problem(store, first) == ""
    keep(store, said("3", STOP), kind="mentions")
    assert "asked this account to stop" in problem(store, first)
    assert not desk.answer(store, ADA, first, "We all do.").ok
    assert problem(store, other) == ""
    assert not silent(store, network="mastodon"), "somebody else may have that number there"


def test_what_waits_for_them_is_left_out_and_cannot_be_sent_again(store: Store, clock: Clock) -> None:
    question_id = asked(store, "1", "Who pays for the carers?", calls_us=True)
    assert desk.answer(store, ADA, question_id, "We all do.").ok
    (waiting,) = rows(store, delivery)
    keep(store, said("3", STOP), kind="mentions")
    (left,) = rows(store, delivery)
    assert (waiting.state, left.state, left.error) == ("queued", "cancelled", outbox.STOPPED)
    with store.write() as tx:
        assert outbox.settle(tx, clock(), "Ada", left.id, "queued") is None


def test_start_is_heard_too_and_the_last_word_counts_however_pages_are_sorted(store: Store) -> None:
    question_id = asked(store, "1", "Who pays for the carers?", calls_us=True)
    later = said("4", "@theQCommunity start", written_at=START + timedelta(minutes=9))
    keep(store, later, said("3", STOP), kind="mentions")
    assert problem(store, question_id) == ""
    keep(store, said("3", STOP), later, kind="mentions")
    assert problem(store, question_id) == "", "a page that is read again says nothing new"
    keep(store, said("5", STOP, written_at=START + timedelta(minutes=10)), kind="mentions")
    assert problem(store, question_id)


def test_only_what_is_said_to_us_counts(store: Store) -> None:
    asked(store, "1", "Who pays for the carers?", calls_us=True)
    keep(store, said("3", "Stop #QLabs"))
    assert not silent(store)
    keep(store, said("4", f"{STOP} #QLabs", calls_us=True))
    assert silent(store)


def test_a_stop_outlives_what_they_wrote(store: Store, clock: Clock) -> None:
    asked(store, "1", "Who pays for the carers?", calls_us=True)
    keep(store, said("3", STOP), kind="mentions")
    with store.write() as tx:
        for row in rows(store, item):
            erasure.erase_item(tx, clock(), "Ada", row.id)
    assert silent(store)
    keep(store, said("9", "Who pays for the cooks?"), kind="mentions")
    assert problem(store, question_of(store, "9"))
