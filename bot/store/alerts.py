"""What people must hear of outside the console: a row for each need, told once, while it lasts, and when it ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from bot.store import engine
from bot.store.tables import EPOCH, alert

MOST = 50  # in one message


def notice(
    tx: Connection, now: datetime, needs: Mapping[str, str], settle: timedelta, urgent: Collection[str] = ()
) -> None:
    """Note the needs there are now (a sentence by its key): a new one is due once it has lasted for `settle`.

    One whose key is among the `urgent` ones is due at once.

    One that ended before anybody was told is forgotten; of any other it is told that it is over.
    """
    there = {row.key: row for row in tx.execute(select(alert)).all()}
    new = [
        {
            "key": key, "sentence": words, "since": now, "lease_until": EPOCH,
            "due": now if key in urgent else now + settle,
        }
        for key, words in needs.items()
        if key not in there
    ]  # fmt: skip
    engine.insert_new(tx, alert, new)
    for key, row in there.items():
        if key not in needs:
            _over(tx, now, row)
        elif row.over or row.sentence != needs[key]:
            again = {"over": False, "since": now, "due": now + settle} if row.over else {}
            tx.execute(update(alert).where(alert.c.id == row.id).values(sentence=needs[key], **again))


def _over(tx: Connection, now: datetime, row: Row[Any]) -> None:
    if row.told_at is None and row.lease_until <= now:
        tx.execute(delete(alert).where(alert.c.id == row.id, alert.c.token == row.token))
    elif row.told_at is not None and not row.over:
        tx.execute(update(alert).where(alert.c.id == row.id).values(over=True, due=now))


def take(tx: Connection, now: datetime, lease: timedelta) -> Sequence[Row[Any]]:
    """What is due to be told, held by the caller; to be told in one message."""
    return engine.claim(tx, alert, now, lease, n=MOST)


def told(tx: Connection, now: datetime, rows: Sequence[Row[Any]], again: timedelta) -> None:
    """The message is out: what is over is forgotten, the rest is told again after a while if it still is so."""
    for row in rows:
        if row.over:
            tx.execute(delete(alert).where(alert.c.id == row.id, alert.c.token == row.token, alert.c.over))
        else:
            engine.finish(tx, alert, row, told_at=now, due=now + again, tries=0, error="")


def not_told(tx: Connection, rows: Sequence[Row[Any]], error: str, due: datetime) -> None:
    """The message did not go out: it is tried again."""
    for row in rows:
        engine.finish(tx, alert, row, tries=row.tries + 1, error=error, due=due)


def failing(tx: Connection) -> str:
    """Why the latest message could not be told, "" if it could."""
    rows = select(alert.c.error).where(alert.c.error != "").order_by(alert.c.id.desc())
    return str(tx.execute(rows.limit(1)).scalar() or "")
