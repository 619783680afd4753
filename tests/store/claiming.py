"""A worker of the claiming test: it takes rows, works on each for a moment, and writes down whoever finished one."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Row, String, Table, exists, insert, not_, select, update

from bot.store import engine
from bot.store.columns import EPOCH, lease, row_id
from bot.store.engine import Store

LEASE = timedelta(seconds=2)
BATCH = 20

metadata = MetaData()
job = Table("job", metadata, row_id(), Column("state", String(10), nullable=False, default="queued"), *lease())
ledger = Table(  # written in the very transaction that finishes: two rows for one job are an effect that came twice
    "ledger",
    metadata,
    row_id(),
    Column("job_id", Integer, nullable=False),
    Column("worker", Integer, nullable=False),
    Column("fenced_off", Integer, nullable=False),
)


def unfenced_finish(tx: Connection, table: Table, row: Row[Any], **values: Any) -> bool:
    """The fault that is planted: as `engine.finish`, without asking who holds the row."""
    return tx.execute(update(table).where(table.c.id == row.id).values(lease_until=EPOCH, **values)).rowcount == 1


def work(url: str, number: int, fenced: bool) -> None:
    """Claim, work and finish until nothing is left."""
    store = Store(url, pool=2)
    finish = engine.finish if fenced else unfenced_finish
    while True:
        with store.write() as tx:
            held = engine.claim(tx, job, store.now(tx), LEASE, job.c.state == "queued", n=BATCH)
        if not held and _all_done(store):
            break
        if not held:
            time.sleep(0.1)
        for row in held:
            time.sleep(0.004)
            with store.write() as tx:
                mine = finish(tx, job, row, state="done")
                tx.execute(insert(ledger).values(job_id=row.id, worker=number, fenced_off=not mine))
    store.close()


def _all_done(store: Store) -> bool:
    with store.read() as tx:
        return bool(tx.execute(select(not_(exists().where(job.c.state != "done")))).scalar())
