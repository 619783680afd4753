"""What a network remembers outlives a restart; money is set aside before it is spent; a stop says why."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.items import HealthLine
from bot.core.limits import default_limits
from bot.store import networks
from bot.store.engine import Store
from bot.store.networks import RowMemory
from bot.store.tables import network
from tests.flows.house import Clock
from tests.store.rows import rows


def _row(store: Store, name: str) -> Any:
    return rows(store, network, network.c.name == name)[0]


def test_memory_is_kept_on_the_row_of_its_network(store: Store) -> None:
    memory = RowMemory(store, "mastodon")
    assert memory.get("session", "none") == "none"
    memory.put("session", {"token": "t", "n": [1, 2]})
    memory.put("since", None)
    assert RowMemory(store, "mastodon").get("session") == {"token": "t", "n": [1, 2]}
    assert RowMemory(store, "bluesky").get("session") is None
    memory.put("session", None)
    assert _row(store, "mastodon").memory == {}


def test_threads_that_remember_at_once_forget_nothing(store: Store) -> None:
    memory = RowMemory(store, "mastodon")
    threads = [threading.Thread(target=memory.put, args=(str(n), n), daemon=True) for n in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert _row(store, "mastodon").memory == {str(n): n for n in range(10)}


def test_a_network_without_a_row_cannot_remember(store: Store) -> None:
    with pytest.raises(LookupError, match="never set up"):
        RowMemory(store, "smoke signals").put("a", 1)


def test_money_is_set_aside_up_to_the_budget_and_not_beyond(store: Store) -> None:
    memory = RowMemory(store, "x")  # a budget of one dollar
    assert [memory.reserve(0.4) for _ in range(3)] == [True, True, False]
    memory.settle(0.4, 0.1)
    assert memory.reserve(0.4)
    assert _row(store, "x").spent_usd == pytest.approx(0.1)
    assert _row(store, "x").reserved_usd == pytest.approx(0.8)


def test_reading_leaves_the_money_for_posts_alone(store: Store) -> None:
    reading, posting = RowMemory(store, "x"), RowMemory(store, "x")
    assert reading.reserve(0.5, 0.5)
    assert not reading.reserve(0.01, 0.5)
    assert posting.reserve(0.5)


def test_many_who_reserve_at_once_stay_within_the_budget(store: Store) -> None:
    granted: list[bool] = []
    threads = [
        threading.Thread(target=lambda: granted.append(RowMemory(store, "x").reserve(0.2)), daemon=True)
        for _ in range(12)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert granted.count(True) == 5


def test_a_new_month_begins_with_an_empty_purse(store: Store, clock: Clock) -> None:
    memory = RowMemory(store, "x")
    assert memory.reserve(1.0)
    memory.settle(1.0, 1.0)
    assert not memory.reserve(0.5)
    clock.at = datetime(2026, 6, 1, tzinfo=UTC)
    assert memory.reserve(0.5)
    assert (_row(store, "x").month, _row(store, "x").spent_usd) == ("2026-06", 0.0)


def test_a_call_over_the_end_of_a_month_does_not_leave_a_debt(store: Store, clock: Clock) -> None:
    memory = RowMemory(store, "x")
    memory.reserve(0.5)
    clock.at = datetime(2026, 6, 1, tzinfo=UTC)
    memory.reserve(0.2)
    memory.settle(0.5, 0.5)
    memory.settle(0.2, 0.2)
    assert _row(store, "x").reserved_usd == 0.0


def test_a_network_without_a_budget_may_spend(store: Store) -> None:
    assert RowMemory(store, "mastodon").reserve(1000.0)


def test_a_stop_keeps_its_first_reason_until_a_person_starts_it(store: Store, clock: Clock) -> None:
    with store.write() as tx:
        networks.stop(tx, clock(), "x", "The credential is wrong.")
        networks.stop(tx, clock(), "x", "Something else.")
    assert _row(store, "x").stopped == "The credential is wrong."
    with store.write() as tx:
        assert networks.start(tx, clock(), "Ada", "x")
        assert not networks.start(tx, clock(), "Ada", "x")
    assert _row(store, "x").stopped == ""


def test_limits_that_the_server_told_outlive_a_restart(store: Store) -> None:
    published = default_limits("mastodon")
    told = type(published)(**{**_row(store, "mastodon").limits, "length": 5000, "assumed": False})
    with store.write() as tx:
        networks.set_limits(tx, "mastodon", told)
        networks.ensure(tx, "mastodon", published)
        assert networks.limits(tx)["mastodon"].length == 5000
        networks.ensure(tx, "bluesky", default_limits("bluesky"), account="new")
        assert networks.limits(tx)["bluesky"] == default_limits("bluesky")


def test_health_is_kept_as_it_was_found(store: Store, clock: Clock) -> None:
    with store.write() as tx:
        networks.set_health(tx, clock(), "x", [HealthLine("fail", "No key.", "Set X_API_KEY.")])
    row = _row(store, "x")
    assert (row.health, row.checked_at) == ([{"level": "fail", "what": "No key.", "fix": "Set X_API_KEY."}], clock())
