"""Four processes claim and finish the same rows while some are frozen past their lease: none is finished twice."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess

import pytest
from sqlalchemy import func, insert, select

from bot.store.engine import Store
from tests.store.claiming import LEASE, job, ledger, metadata, work

WORKERS = 4
FROZEN = LEASE.total_seconds() + 0.5


@dataclass
class Outcome:
    """What the ledger says in the end."""

    done: int
    twice: int
    fenced_off: int
    freezes: int
    seconds: float


def _compete(url: str, rows: int, *, fenced: bool, least: int) -> Outcome:
    """Let the workers race, freezing one or two of them again and again, `least` times or until all is done."""
    store = Store(url)
    metadata.create_all(store.engine)
    with store.write() as tx:
        tx.execute(insert(job), [{"state": "queued"}] * rows)
    began = time.monotonic()
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=work, args=(url, number, fenced), daemon=True) for number in range(WORKERS)]
    for one in workers:
        one.start()
    try:
        freezes = _freeze(store, workers, least)
        for one in workers:
            one.join(60)
            assert one.exitcode == 0
        return _outcome(store, freezes, time.monotonic() - began)
    finally:
        for one in workers:
            one.kill()
        store.close()


def _freeze(store: Store, workers: Sequence[BaseProcess], least: int) -> int:
    chance, freezes = random.Random(7), 0
    while not _finished(store, 200):  # all are at work by then
        time.sleep(0.05)
    while not _finished(store):
        if freezes >= least:
            time.sleep(0.2)
            continue
        chosen = [one for one in chance.sample(workers, chance.choice((1, 2))) if one.is_alive()]
        for one in chosen:
            os.kill(one.pid or 0, signal.SIGSTOP)
        time.sleep(FROZEN)
        for one in chosen:
            os.kill(one.pid or 0, signal.SIGCONT)
        freezes += len(chosen)
        time.sleep(chance.uniform(0.3, 0.8))
    return freezes


def _finished(store: Store, least: int | None = None) -> bool:
    with store.read() as tx:
        if least is not None:
            return tx.execute(select(func.count()).select_from(ledger)).scalar_one() >= least
        return not tx.execute(select(func.count()).where(job.c.state != "done")).scalar_one()


def _outcome(store: Store, freezes: int, seconds: float) -> Outcome:
    with store.read() as tx:
        kept = tx.execute(select(ledger.c.job_id, ledger.c.fenced_off)).all()
    done = Counter(row.job_id for row in kept if not row.fenced_off)
    return Outcome(
        len(done), sum(n - 1 for n in done.values()), sum(row.fenced_off for row in kept), freezes, round(seconds, 1)
    )


@pytest.mark.timeout(180)
def test_none_of_4000_rows_is_finished_twice_though_workers_freeze_past_their_lease(engine_url: str) -> None:
    found = _compete(engine_url, 4000, fenced=True, least=8)
    print(found)
    assert (found.done, found.twice) == (4000, 0)
    assert found.fenced_off > 0, "no frozen worker came back to a row that it had lost: nothing was tested"
    assert found.freezes > 0


@pytest.mark.timeout(180)
def test_without_the_fence_rows_are_finished_twice(engine_url: str) -> None:
    found = _compete(engine_url, 2000, fenced=False, least=6)
    print(found)
    assert found.done == 2000
    assert found.twice > 0
