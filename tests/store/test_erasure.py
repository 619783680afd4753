"""What leaves: deleted by its author, taken out of sight, erased on request, kept too long."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot import desk, housekeep
from bot.core.items import Checked, Covers, Page, Poison, Standing
from bot.store import erasure, inbox, keeping, outbox, rechecks, schema
from bot.store.engine import Store
from bot.store.tables import change, delivery, entry, item, note, placement, quarantine, question, sighting, version
from tests.flows.house import ADA, START, Clock
from tests.store.rows import asked, count, drafted, keep, question_of, question_row, rows, said, set_up, source_of

CARERS = "How can carers get peer support at work?"
COST = "What does a peer support group cost in the first year?"


def _checked(store: Store, clock: Clock, native_id: str, standing: Standing, network: str = "x") -> None:
    with store.write() as tx:
        erasure.settle_checks(tx, clock(), network, [Checked(native_id, standing)])


def _everything(store: Store) -> str:
    tables = (item, question, delivery, version, note, quarantine, change, placement)
    return " ".join(str(tuple(row)) for table in tables for row in rows(store, table))


def test_what_its_author_deleted_is_blanked_everywhere(store: Store, clock: Clock) -> None:
    number = asked(store, "1", CARERS)
    desk.reword(store, ADA, number, "Carers at work?")
    desk.add_note(store, ADA, number, "Ask carers about it")
    _checked(store, clock, "1", Standing.GONE)
    assert question_row(store, number).state == "gone"
    left = _everything(store)
    assert "carers" not in left.lower()
    assert "@grace" not in left


def test_what_is_gone_does_not_come_back_from_a_late_index(store: Store, clock: Clock) -> None:
    asked(store, "1", CARERS)
    _checked(store, clock, "1", Standing.GONE)
    kept = keep(store, said("1", CARERS))
    assert (kept.new, kept.edited, kept.questions) == (0, 0, 0)
    assert rows(store, item)[0].text == ""


def test_a_question_that_others_ask_too_stays_in_their_words(store: Store, clock: Clock) -> None:
    number = asked(store, "1", CARERS)
    keep(store, said("2", "How can carers get  PEER support at work?", author_id="18"))
    _checked(store, clock, "1", Standing.GONE)
    row = question_row(store, number)
    assert (row.state, row.text, row.times_asked) == ("waiting", "How can carers get  PEER support at work?", 1)
    assert question_of(store, "2") == number


def test_what_is_out_of_sight_stays_stored_and_can_be_seen_again(store: Store, clock: Clock) -> None:
    keep(store, said("1", CARERS, "wordpress"), kind="comments")
    _checked(store, clock, "1", Standing.HIDDEN, "wordpress")
    assert (rows(store, item)[0].standing, rows(store, item)[0].text) == ("hidden", CARERS)
    assert rows(store, question)[0].state == "dismissed"
    keep(store, said("1", CARERS, "wordpress"), kind="comments")
    assert (rows(store, item)[0].standing, rows(store, question)[0].state) == ("public", "waiting")


def test_an_answer_that_waits_to_be_sent_is_not_sent_to_who_deleted_the_question(store: Store, clock: Clock) -> None:
    number = asked(store, "1", f"@theQCommunity {CARERS}", network="mastodon")
    assert desk.answer(store, ADA, number, "At their own pace.").ok
    _checked(store, clock, "1", Standing.GONE, "mastodon")
    (row,) = rows(store, delivery)
    assert (row.state, row.text, row.error) == ("cancelled", "", outbox.DELETED)
    with store.write() as tx:
        assert outbox.take(tx, clock(), timedelta(seconds=5), "mastodon") is None


@pytest.mark.parametrize(("then", "settled"), [("sent", "sent"), ("queued", "cancelled"), ("asking", "cancelled")])
def test_an_answer_on_its_way_keeps_its_words_until_it_is_settled(
    store: Store, clock: Clock, then: str, settled: str
) -> None:
    number = asked(store, "1", CARERS, network="mastodon")
    desk.answer(store, ADA, number, "At their own pace.")
    lease = timedelta(seconds=5)
    with store.write() as tx:
        row = outbox.take(tx, clock(), lease, "mastodon")
        assert row is not None
        outbox.record(tx, clock(), row, "unsure", due=clock())
    _checked(store, clock, "1", Standing.GONE, "mastodon")
    assert rows(store, delivery)[0].text, "without its words it could not be looked for, and a repeat would be empty"
    with store.write() as tx:
        row = outbox.take_unsure(tx, clock(), lease, "mastodon")
        assert row is not None
        values: dict[str, Any] = {"remote_id": "9", "sent_at": clock()} if then == "sent" else {}
        assert outbox.record(tx, clock(), row, then, **values)
    assert (rows(store, delivery)[0].state, rows(store, delivery)[0].text) == (settled, "")


def test_an_erased_item_cannot_come_back_and_leaves_no_trace(store: Store, clock: Clock) -> None:
    asked(store, "1234567", CARERS)
    keep(store, poison=[Poison("1234567", CARERS, "bad")])
    with store.write() as tx:
        assert erasure.erase_item(tx, clock(), "Ada", rows(store, item)[0].id)
    assert keep(store, said("1234567", CARERS)).new == 0
    left = _everything(store)
    assert "1234567" not in left
    assert "carers" not in left.lower()


def test_an_item_that_is_not_there_cannot_be_erased(store: Store, clock: Clock) -> None:
    with store.write() as tx:
        assert not erasure.erase_item(tx, clock(), "Ada", 99)


@pytest.mark.parametrize("named", ["17", "@grace", "Grace", "@GRACE"])
def test_an_erased_person_is_kept_out_by_id_and_by_handle(store: Store, clock: Clock, named: str) -> None:
    keep(store, said("1", CARERS), said("2", COST), said("3", "What about volunteers in rural areas?", author_id="18",
         author_handle="@joan"))  # fmt: skip
    with store.write() as tx:
        assert erasure.erase_author(tx, clock(), "Ada", "x", named) == 2
    assert keep(store, said("4", "Who pays for it in the end?"), said("5", CARERS, author_id="19")).new == 1
    assert [row.text for row in rows(store, item, item.c.text != "")] == [
        "What about volunteers in rural areas?", CARERS,
    ]  # fmt: skip


def test_an_event_is_forgotten_when_its_time_of_keeping_is_over(store: Store, clock: Clock) -> None:
    asked(store, "1", CARERS)
    drafted(store, "Welcome")
    clock.go(timedelta(days=2 + 90).total_seconds() - 1)
    with store.write() as tx:
        assert keeping.end_of_keeping(tx, clock()) == []
    clock.go(1)
    with store.write() as tx:
        (over,) = keeping.end_of_keeping(tx, clock())
        assert keeping.forget_event(tx, clock(), over) == 1
    assert [count(store, table) for table in (item, sighting, question, placement, entry, delivery)] == [0] * 6
    with store.write() as tx:
        assert keeping.end_of_keeping(tx, clock()) == []


def test_what_a_page_covers_and_does_not_show_is_suspected(store: Store, clock: Clock) -> None:
    keep(store, said("1", CARERS, "wordpress"), said("2", COST, "wordpress", written_at=START + timedelta(hours=2)),
         kind="comments")  # fmt: skip
    src = source_of(store, "wordpress", "comments")

    def suspects(**covers: Any) -> list[str]:
        with store.read() as tx:
            return rechecks.stored_within(tx, src, Page((), "", Covers(**covers)))

    assert suspects() == []
    assert suspects(whole=True) == ["1", "2"]
    assert suspects(since=START + timedelta(hours=1)) == ["2"]
    assert suspects(ids=frozenset({"1", "7"})) == ["1"]


def test_what_vanished_in_numbers_is_asked_for_in_turns(store: Store, clock: Clock) -> None:
    keep(store, *(said(str(number), f"Remark {number}") for number in range(70)))
    nothing, asked_for = Page((), "c", Covers(whole=True)), []
    for _ in range(2):
        clock.go(1)
        with store.write() as tx:
            suspects = rechecks.stored_within(tx, source_of(store, "x"), nothing)
            rechecks.done(tx, clock(), "x", suspects)
        asked_for.append(suspects)
    assert len(asked_for[0]) == len(asked_for[1]) == 50
    assert {*asked_for[0], *asked_for[1]} == {str(number) for number in range(70)}


def test_open_questions_are_asked_for_again_after_a_while(store: Store, clock: Clock) -> None:
    number = asked(store, "1", CARERS)
    keep(store, said("2", "Good morning everyone! #QLabs"))
    clock.go(600)
    with store.write() as tx:
        assert list(rechecks.due(tx, clock(), "x", before=clock() - timedelta(minutes=11)).values()) == []
        assert list(rechecks.due(tx, clock(), "x", before=clock()).values()) == [["1"]]
        rechecks.done(tx, clock(), "x", ["1"])
        assert rechecks.due(tx, clock(), "x", before=clock()) == {}
        tx.execute(update(question).where(question.c.id == number).values(state="dismissed"))
        assert rechecks.due(tx, clock(), "x", before=clock() + timedelta(hours=1)) == {}


def test_an_edit_found_by_a_recheck_is_taken_over(store: Store, clock: Clock) -> None:
    number = asked(store, "1", CARERS)
    with store.write() as tx:
        present = erasure.settle_checks(tx, clock(), "x", [Checked("1", Standing.PUBLIC, said("1", COST))])
        inbox.keep(tx, clock(), source_of(store, "x"), Page(tuple(present), ""))
    assert question_row(store, number).text == COST


def test_what_could_not_be_read_is_kept_no_longer_than_the_rest(store: Store, clock: Clock) -> None:
    for name, kind in (("wordpress", "comments"), ("x", "mentions")):
        bad = Poison("1", "raw words", "It has no text.")
        with store.write() as tx:
            inbox.keep(tx, clock(), source_of(store, name, kind), Page((), "", poison=(bad,)))
    clock.go(93 * 86400)
    housekeep.forget(store)
    assert rows(store, quarantine) == []


def test_erased_words_are_not_in_the_file_any_more(tmp_path: Path, clock: Clock) -> None:
    made = Store(f"sqlite:///{tmp_path / 'backchannel.db'}", clock)
    schema.migrate(made)
    set_up(made, clock)
    asked(made, "1", "How do unforgettable carers get help?")
    with made.write() as tx:
        assert erasure.erase_item(tx, clock(), "Ada", 1)
    made.close()  # the last connection moves the write-ahead log into the file
    assert b"erased:1" in (tmp_path / "backchannel.db").read_bytes()
    assert b"unforgettable" not in (tmp_path / "backchannel.db").read_bytes()
