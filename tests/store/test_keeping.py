"""What is kept for how long, and the line in the history that proves it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from bot import housekeep
from bot.core.items import Poison
from bot.store import keeping
from bot.store.engine import Store
from bot.store.tables import event, item, quarantine, question
from tests.flows.house import Clock, plan
from tests.store.rows import asked, keep, rows, said, set_up

CARERS = "How do carers get peer support at work?"
COST = "Who pays for all of this in the end?"


def lines(store: Store) -> list[tuple[Any, ...]]:
    """The history of what was kept no longer, the last first: when, what, how many."""
    with store.read() as tx:
        return [(row.at, row.detail["kept"], row.detail["items"]) for row in keeping.clearings(tx, 1)]


def test_what_is_private_is_kept_for_seven_days(store: Store, clock: Clock) -> None:
    private, public = asked(store, "1", CARERS), asked(store, "2", COST, author_id="18")
    with store.write() as tx:
        tx.execute(update(question).where(question.c.id == private).values(lane="private"))
    clock.go(timedelta(days=7).total_seconds() - 1)
    assert housekeep.forget(store) == 0
    clock.go(1)
    assert housekeep.forget(store) == 1
    assert [row.text for row in rows(store, item, item.c.text != "")] == [COST]
    assert {row.id: row.state for row in rows(store, question)} == {private: "gone", public: "waiting"}
    assert lines(store) == [(clock(), "private", 1)]
    assert keep(store, said("1", CARERS)).new == 0, "and it does not come back"
    assert housekeep.forget(store) == 0


def test_what_could_not_be_read_is_kept_for_fourteen_days(store: Store, clock: Clock) -> None:
    keep(store, poison=[Poison("7", "<raw>", "It has no text.")])
    keep(store, poison=[Poison("8", "<raw>", "It has no text.")], kind="mentions")
    clock.go(timedelta(days=14).total_seconds() - 1)
    assert housekeep.forget(store) == 0
    clock.go(1)
    assert housekeep.forget(store) == 2
    assert rows(store, quarantine) == []
    assert lines(store) == [(clock(), "raw", 1)]


def test_an_event_may_keep_things_for_longer_or_shorter(store: Store, clock: Clock) -> None:
    set_up(store, clock, plan(private_days=1, raw_days=30))
    private = asked(store, "1", CARERS)
    keep(store, poison=[Poison("7", "<raw>", "It has no text.")])
    with store.write() as tx:
        tx.execute(update(question).where(question.c.id == private).values(lane="private"))
    clock.go(timedelta(days=29).total_seconds())
    assert housekeep.forget(store) == 1
    assert len(rows(store, quarantine)) == 1
    clock.go(timedelta(days=1).total_seconds())
    assert housekeep.forget(store) == 1


def test_an_event_without_an_end_lets_go_of_what_is_old(store: Store, clock: Clock) -> None:
    asked(store, "1", CARERS)
    with store.write() as tx:
        tx.execute(update(event).values(ends=None))
    clock.go(timedelta(days=90).total_seconds())
    assert housekeep.forget(store) == 0
    clock.go(1)
    assert housekeep.forget(store) == 1
    assert lines(store) == [(clock(), "old", 1)]


def test_the_end_of_an_event_is_one_line_that_outlives_its_history(store: Store, clock: Clock) -> None:
    asked(store, "1", CARERS)
    clock.go(timedelta(days=92).total_seconds())
    assert housekeep.forget(store) == 1
    assert lines(store) == [(clock(), "all", 1)]
    assert housekeep.forget(store) == 0
    assert len(lines(store)) == 1
