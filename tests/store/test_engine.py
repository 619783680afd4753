"""Both databases behind one door: writers queue, times keep their zone, and a claim is fenced."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from bot.store import engine
from bot.store.engine import Store
from bot.store.tables import EPOCH, person, source, switch
from tests.flows.house import Clock
from tests.store.rows import count, rows, source_of

LEASE = timedelta(seconds=10)


def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="without a zone"), store.write() as tx:
        tx.execute(update(switch).values(paused_at=datetime(2026, 5, 4)))  # noqa: DTZ001


def test_a_time_of_any_zone_comes_back_as_the_same_instant_in_utc(store: Store) -> None:
    there = datetime(2026, 5, 4, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=9)))
    with store.write() as tx:
        tx.execute(update(switch).values(paused_at=there))
    found = rows(store, switch)[0].paused_at
    assert (found, found.tzinfo) == (there, UTC)


def test_a_write_that_fails_leaves_nothing_behind(store: Store, clock: Clock) -> None:
    def fail() -> None:
        with store.write() as tx:
            tx.execute(insert(person).values(name="Ada", created_at=clock()))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert count(store, person) == 0


def test_what_is_done_together_is_kept_or_lost_together(store: Store, clock: Clock) -> None:
    def add(where: Store, name: str) -> None:
        with where.write() as tx:
            tx.execute(insert(person).values(name=name, created_at=where.now(tx)))

    def fail() -> None:
        with store.together() as (part, _):
            add(part, "Ada")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert count(store, person) == 0
    with store.together() as (part, _):
        add(part, "Ada")
        with pytest.raises(IntegrityError):
            add(part, "Ada")  # only this part is taken back
        add(part, "Joe")
        with part.read() as tx:
            assert set(tx.execute(select(person.c.name)).scalars()) == {"Ada", "Joe"}
    assert count(store, person) == 2


def test_writers_wait_for_each_other_and_no_update_is_lost(store: Store) -> None:
    def add() -> None:
        for _ in range(20):
            with store.write() as tx:
                row = tx.execute(select(source.c.failures).where(source.c.id == 1).with_for_update()).scalar_one()
                tx.execute(update(source).where(source.c.id == 1).values(failures=row + 1))

    threads = [threading.Thread(target=add, daemon=True) for _ in range(5)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert rows(store, source)[0].failures == 100


def test_a_reader_sees_the_last_commit_while_somebody_writes(store: Store) -> None:
    with store.write() as tx:
        tx.execute(update(source).values(note="half done"))
        assert {row.note for row in rows(store, source)} == {""}
    assert {row.note for row in rows(store, source)} == {"half done"}


def test_the_settings_of_a_connection_make_a_commit_durable(store: Store) -> None:
    with store.read() as tx:
        if store.sqlite:
            found = [tx.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]
            assert found == ["wal", 2]
            assert tx.execute(text("PRAGMA foreign_keys")).scalar() == 1
        else:
            assert tx.execute(text("SHOW synchronous_commit")).scalar() == "on"
            assert tx.execute(text("SHOW timezone")).scalar() == "UTC"


def test_a_reference_to_nothing_is_refused_by_both(store: Store) -> None:
    with pytest.raises(IntegrityError), store.write() as tx:
        tx.execute(update(source).where(source.c.id == 1).values(event_id=999))


def test_a_claim_holds_a_row_until_its_lease_ends(store: Store, clock: Clock) -> None:
    mine = source.c.id == 1
    with store.write() as tx:
        (first,) = engine.claim(tx, source, clock(), LEASE, mine)
        assert engine.claim(tx, source, clock(), LEASE, mine) == []
    clock.go(10)
    with store.write() as tx:
        (second,) = engine.claim(tx, source, clock(), LEASE, mine)
    assert second.token == first.token + 1


def test_what_is_not_due_is_not_claimed_and_what_waited_longest_comes_first(store: Store, clock: Clock) -> None:
    with store.write() as tx:
        tx.execute(update(source).values(due=clock() + timedelta(seconds=1)))
        assert engine.claim(tx, source, clock(), LEASE) == []
        tx.execute(update(source).where(source.c.id == 3).values(due=EPOCH))
        tx.execute(update(source).where(source.c.id == 2).values(due=clock()))
        found = [engine.claim(tx, source, clock(), LEASE)[0].id for _ in range(2)]
    assert found == [3, 2]


def test_only_the_newest_holder_may_finish(store: Store, clock: Clock) -> None:
    mine = source.c.id == 1
    with store.write() as tx:
        (paused,) = engine.claim(tx, source, clock(), LEASE, mine)
    clock.go(11)
    with store.write() as tx:
        (other,) = engine.claim(tx, source, clock(), LEASE, mine)
        assert not engine.finish(tx, source, paused, cursor="stale")
        assert engine.finish(tx, source, other, cursor="fresh")
    row = source_of(store, "x")
    assert (row.cursor, row.lease_until) == ("fresh", EPOCH)


def test_two_workers_never_claim_the_same_row(store: Store, clock: Clock) -> None:
    got: list[int] = []

    def work() -> None:
        while True:
            with store.write() as tx:
                found = engine.claim(tx, source, clock(), LEASE, n=1)
            if not found:
                return
            got.extend(row.id for row in found)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(got) == [row.id for row in rows(store, source)]


def test_what_is_there_already_is_not_inserted_again(store: Store, clock: Clock) -> None:
    people = [{"name": name, "created_at": clock()} for name in ("Ada", "Grace")]
    with store.write() as tx:
        assert len(engine.insert_new(tx, person, people[:1])) == 1
        new = engine.insert_new(tx, person, people, person.c.name)
    assert [row.name for row in new] == ["Grace"]
    with store.write() as tx:
        assert engine.insert_new(tx, person, []) == []


def test_without_a_clock_of_its_own_the_store_asks_the_database(engine_url: str) -> None:
    made = Store(engine_url)
    with made.read() as tx:
        now = made.now(tx)
    made.close()
    assert now.tzinfo is UTC
    assert abs((datetime.now(UTC) - now).total_seconds()) < 5
