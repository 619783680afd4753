"""The worker knows the difference between much to do and being stuck."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.states import Timing
from bot.settings import load
from bot.store import schema
from bot.store.engine import Store
from bot.worker import Worker
from tests.flows.program import free_port, played, until


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    (tmp_path / "settings.toml").write_text(played(tmp_path, free_port()))
    store = Store(f"sqlite:///{tmp_path / 'backchannel.db'}")
    schema.migrate(store)
    made = Worker(store, load(tmp_path / "settings.toml", {}))
    made.timing = Timing(lease=made.timing.lease / 10)  # 0.3 s: stuck is what takes longer than 0.6 s
    yield made
    made.stop()
    store.close()


def test_a_tick_with_many_rows_is_not_stuck(worker: Worker) -> None:
    left = iter([True] * 8 + [False])

    def row() -> bool:
        time.sleep(0.1)
        assert worker.stuck() == []
        return next(left)

    began = time.monotonic()
    worker._run("send x", lambda: worker._each("send x", row))
    assert time.monotonic() - began > 0.8
    assert list(left) == []


def test_a_tick_whose_call_never_ends_is_stuck_and_named(worker: Worker) -> None:
    ended = threading.Event()
    tick = threading.Thread(
        target=worker._run, args=("read x", lambda: worker._each("read x", lambda: not ended.wait()))
    )
    tick.start()
    try:
        until(lambda: worker.stuck() == ["read x"], "it is seen to be stuck", 5)
    finally:
        ended.set()
        tick.join(5)
    assert worker.stuck() == []


def test_a_fault_in_one_tick_is_told_and_does_not_end_the_others(worker: Worker) -> None:
    worker._run("read x", lambda: 1 / 0)
    assert worker.stuck() == []
    assert worker.stop()
    ran: list[int] = []
    worker._run("read x", lambda: ran.append(1))
    assert ran == [], "nothing new is taken on after a stop"
