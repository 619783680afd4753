"""Money is set aside before it is spent; a call that never comes back is counted at its worst case, and is seen."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.store import reservations, schema, spending, status
from bot.store.engine import Store
from bot.store.networks import RowMemory
from bot.store.reservations import LONGEST, Lost
from bot.store.tables import event, network, reservation, spend
from tests.flows.house import Clock
from tests.store.rows import count, rows

NEXT_MONTH = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def memory(store: Store) -> RowMemory:
    """Of X, which has a budget of one dollar."""
    return RowMemory(store, "x")


def row(store: Store) -> Any:
    return rows(store, network, network.c.name == "x")[0]


def books(store: Store) -> tuple[float, float]:
    """Spent and set aside, in USD."""
    return round(row(store).spent_usd, 6), round(row(store).reserved_usd, 6)


def lost(store: Store, clock: Clock) -> Lost:
    with store.read() as tx:
        return reservations.lost(tx, clock(), "x")


def test_money_is_set_aside_up_to_the_budget_and_not_beyond(store: Store, memory: RowMemory) -> None:
    first, second, third = (memory.reserve(0.4) for _ in range(3))
    assert first
    assert second
    assert not third
    memory.settle(first, 0.1)
    assert memory.reserve(0.4)
    assert books(store) == (0.1, 0.8)


def test_reading_leaves_the_money_for_posts_alone(store: Store) -> None:
    reading, posting = RowMemory(store, "x"), RowMemory(store, "x")
    assert reading.reserve(0.5, 0.5)
    assert not reading.reserve(0.01, 0.5)
    assert posting.reserve(0.5)


def test_many_who_reserve_at_once_stay_within_the_budget(store: Store) -> None:
    granted: list[int] = []
    threads = [
        threading.Thread(target=lambda: granted.append(RowMemory(store, "x").reserve(0.2)), daemon=True)
        for _ in range(12)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len([ticket for ticket in granted if ticket]) == 5
    assert len(set(granted)) == 6, "each ticket is its own, and 0 is a no"


def test_a_network_without_a_budget_may_spend(store: Store) -> None:
    assert RowMemory(store, "mastodon").reserve(1000.0)


def test_what_was_not_set_aside_is_booked_all_the_same(store: Store, memory: RowMemory) -> None:
    memory.settle(0, 0.25)
    assert books(store) == (0.25, 0.0)


def test_a_lost_answer_counts_at_its_worst_case_and_is_told(store: Store, clock: Clock, memory: RowMemory) -> None:
    memory.settle(memory.reserve(0.5), None)
    assert books(store) == (0.5, 0.0)
    assert lost(store, clock) == Lost(1, 0.5)
    with store.read() as tx:
        (costs,) = spending.of_event(tx, clock(), tx.execute(select(event)).one())
        (mine,) = [one for one in status.everything(tx, clock())["networks"] if one["network"] == "x"]
    assert (costs.spent, costs.reserved, costs.lost) == (0.5, 0.0, Lost(1, 0.5))
    assert (mine["spent_usd"], mine["lost_usd"]) == (0.5, 0.5)


def test_a_call_whose_process_died_is_counted_as_spent_by_the_next_one(
    store: Store, clock: Clock, memory: RowMemory
) -> None:
    for _ in range(4):
        memory.reserve(0.1)  # and nobody ever comes back
    assert books(store) == (0.0, 0.4)
    clock.at += LONGEST - timedelta(seconds=1)
    memory.settle(memory.reserve(0.2), 0.2)
    assert books(store) == (0.2, 0.4)
    clock.at += timedelta(seconds=1)
    assert memory.reserve(0.4)
    assert books(store) == (0.6, 0.4)
    assert lost(store, clock) == Lost(4, 0.4)
    assert not memory.reserve(0.01), "the cap holds, come what may of those calls"
    assert sum(one.usd for one in rows(store, spend)) == pytest.approx(0.6)


def test_who_comes_back_late_sets_the_books_right(store: Store, clock: Clock, memory: RowMemory) -> None:
    ticket = memory.reserve(0.5)
    clock.at += LONGEST
    memory.settle(memory.reserve(0.1), 0.1)
    assert books(store) == (0.6, 0.0)
    memory.settle(ticket, 0.02)
    assert books(store) == (0.12, 0.0)
    assert lost(store, clock) == Lost(0, 0.0)
    memory.settle(ticket, 0.02)
    assert books(store) == (0.12, 0.0), "a ticket is settled once"


def test_who_comes_back_late_without_an_answer_changes_nothing(store: Store, clock: Clock, memory: RowMemory) -> None:
    ticket = memory.reserve(0.5)
    clock.at += LONGEST
    memory.reserve(0.1)
    memory.settle(ticket, None)
    assert books(store) == (0.5, 0.1)
    assert lost(store, clock) == Lost(1, 0.5)


def test_a_new_month_begins_with_an_empty_purse(store: Store, clock: Clock, memory: RowMemory) -> None:
    memory.settle(memory.reserve(1.0), None)
    assert not memory.reserve(0.5)
    clock.at = NEXT_MONTH
    with store.read() as tx:
        (mine,) = [one for one in status.everything(tx, clock())["networks"] if one["network"] == "x"]
    assert (mine["spent_usd"], mine["lost_usd"]) == (0.0, 0.0), "also before anything is asked for"
    assert memory.reserve(0.5)
    assert (row(store).month, row(store).spent_usd, count(store, reservation)) == ("2026-06", 0.0, 1)


def test_a_call_over_the_end_of_a_month_touches_no_other_call_of_the_new_one(
    store: Store, clock: Clock, memory: RowMemory
) -> None:
    over = memory.reserve(0.5)
    clock.at = NEXT_MONTH
    new = memory.reserve(0.2)
    memory.settle(over, 0.3)
    assert books(store) == (0.3, 0.2)
    memory.settle(new, 0.2)
    assert books(store) == (0.5, 0.0)


def test_a_call_that_died_with_its_month_counts_in_the_new_one(store: Store, clock: Clock, memory: RowMemory) -> None:
    memory.reserve(0.5)
    clock.at = NEXT_MONTH + LONGEST
    memory.reserve(0.2)
    assert books(store) == (0.5, 0.2), "it may have been billed after midnight"
    assert lost(store, clock) == Lost(1, 0.5)


def test_what_was_left_set_aside_before_there_were_tickets_counts_as_spent(engine_url: str, clock: Clock) -> None:
    made = Store(engine_url, clock)
    schema.migrate(made, "0002")
    with made.write() as tx:
        tx.execute(text("INSERT INTO network (name, paid, spent_usd, reserved_usd) VALUES ('x', true, 1, 0.5)"))
    assert schema.migrate(made)
    assert books(made) == (1.5, 0.0)
    made.close()
