"""What needs a person is said in sentences that count right."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from bot import desk
from bot.store import status
from bot.store.engine import Store
from bot.store.tables import delivery, source
from tests.flows.house import ADA, START, Clock
from tests.store.rows import drafted


def _needs(store: Store) -> list[str]:
    with store.read() as tx:
        needs: list[str] = status.everything(tx, store.now(tx))["needs"]
    return needs


def _alive(store: Store) -> None:
    with store.write() as tx:
        status.sign_of_life(tx, store.now(tx))


def test_where_all_is_well_nothing_needs_a_person(store: Store) -> None:
    _alive(store)
    assert _needs(store) == []


def test_a_worker_that_is_silent_for_a_minute_is_missed(store: Store, clock: Clock) -> None:
    _alive(store)
    clock.go(61)
    assert any("sign of life" in sentence for sentence in _needs(store))


def test_one_is_one_and_many_are_counted(store: Store) -> None:
    _alive(store)
    draft = drafted(store, "Welcome")
    assert desk.approve(store, ADA, draft.id, draft.revision).ok
    with store.write() as tx:
        tx.execute(update(delivery).where(delivery.c.network == "x").values(state="asking"))
        tx.execute(update(delivery).where(delivery.c.network != "x").values(state="refused"))
    assert _needs(store) == [
        "1 post may or may not have gone out: check it under Updates.",
        "2 posts were refused: see why under Updates.",
    ]


def test_a_source_that_was_never_read_says_why(store: Store) -> None:
    _alive(store)
    with store.write() as tx:
        tx.execute(update(source).where(source.c.kind == "comments").values(last_error="The blog answered 503."))
    assert [sentence for sentence in _needs(store) if "never read" in sentence and "503" in sentence]


def test_a_source_that_fell_behind_is_named_with_its_last_good_read(store: Store, clock: Clock) -> None:
    with store.write() as tx:
        tx.execute(update(source).values(last_good=START))
    clock.go(timedelta(minutes=10).total_seconds())
    _alive(store)
    assert all("was last read well at" in sentence for sentence in _needs(store))
    assert _needs(store)
