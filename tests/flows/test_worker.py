"""The worker knows the difference between much to do and being stuck."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot import desk, housekeep
from bot.core.items import HealthLine
from bot.core.states import Timing
from bot.networks.base import Unavailable
from bot.networks.http import Http
from bot.settings import load
from bot.store import networks, schema, wishes
from bot.store.engine import Store
from bot.store.tables import EPOCH, source, wish
from bot.worker import Worker
from tests.doubles.listener import listening
from tests.flows.house import ADA
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
        target=worker._run, args=("read x", lambda: worker._each("read x", lambda: not ended.wait())), daemon=True
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


def test_a_start_reads_at_once_what_other_settings_would_have_let_rest(worker: Worker, tmp_path: Path) -> None:
    with worker.store.write() as tx:
        tx.execute(update(source).values(due=worker.store.now(tx) + timedelta(hours=30)))
    again = Worker(worker.store, load(tmp_path / "settings.toml", {}))
    again.stop()
    with worker.store.read() as tx:
        assert set(tx.execute(select(source.c.due)).scalars()) == {EPOCH}


def test_a_network_whose_check_fails_is_not_checked_at_every_tick(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing() -> list[HealthLine]:
        raise Unavailable("It says \x00 and \ud800.")

    monkeypatch.setattr(worker.readers["mastodon"], "check", failing)
    checked = [housekeep.examine_due(worker.store, "mastodon", worker.readers["mastodon"]) for _ in range(3)]
    assert checked == [True, False, False]
    with worker.store.read() as tx:
        (line,) = next(row.health for row in networks.rows(tx) if row.name == "mastodon")
    assert (line["level"], line["what"]) == ("fail", "It says  and .")


def test_a_wish_is_granted_beside_the_readers(worker: Worker) -> None:
    assert not {id(one) for one in worker.askers.values()} & {id(one) for one in worker.readers.values()}
    with worker.store.write() as tx:
        wishes.add(tx, worker.store.now(tx), "Ada", "check", "mastodon")
    worker.start()
    until(lambda: _open_wishes(worker) == 0, "the wish is granted", 20)


def _open_wishes(worker: Worker) -> int:
    with worker.store.read() as tx:
        return len(tx.execute(select(wish.c.id).where(wish.c.done_at.is_(None))).all())


def test_a_worker_tells_outside_what_needs_a_person_and_that_it_lives_itself(tmp_path: Path) -> None:
    settings = f"{played(tmp_path, free_port())}\n[alerts]\nafter_seconds = 0\n"
    (tmp_path / "settings.toml").write_text(settings)
    store = Store(f"sqlite:///{tmp_path / 'backchannel.db'}")
    schema.migrate(store)
    with listening() as there:
        place = f"127.0.0.1:{there.port}"
        secrets = {"BACKCHANNEL_ALERTS": f"json://{place}", "BACKCHANNEL_HEARTBEAT": f"http://{place}/alive"}
        worker = Worker(store, load(tmp_path / "settings.toml", secrets))
        desk.pause(store, ADA)
        worker.start()
        until(lambda: bool(there.messages), "somebody is told")
        worker.beat()
        worker.stop()
    assert any("All posting is paused" in body for _, body in there.messages)
    assert ("GET", "/alive", None) in there.came
    store.close()


def test_a_worker_with_a_stuck_tick_does_not_say_that_it_lives(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as there:
        worker._pulse = Http(f"http://127.0.0.1:{there.port}/alive")
        monkeypatch.setattr(worker, "stuck", lambda: ["read x"])
        worker.beat()
        assert there.came == []
        monkeypatch.setattr(worker, "stuck", list)
        worker.beat()
        assert len(there.came) == 1
