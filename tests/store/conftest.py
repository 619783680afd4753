"""A store on each database, its shape brought up to date, with one event and a clock that is moved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.store import schema
from bot.store.engine import Store
from tests.flows.house import Clock
from tests.store.rows import set_up


@pytest.fixture
def clock() -> Clock:
    """The time of the store."""
    return Clock()


@pytest.fixture
def store(engine_url: str, clock: Clock) -> Iterator[Store]:
    """A store with one event on four networks, once on SQLite and once on PostgreSQL."""
    made = Store(engine_url, clock)
    schema.migrate(made)
    set_up(made, clock)
    yield made
    made.close()
