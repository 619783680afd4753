"""What a network remembers outlives a restart; money is set aside before it is spent; a stop says why."""

from __future__ import annotations

import threading
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
