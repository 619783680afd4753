"""What the console wants of a worker: rows that the worker picks up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.store.tables import wish


def add(tx: Connection, now: datetime, who: str, kind: str, ref: str) -> None:
    """Wish for something, unless the same wish is still open."""
    same = select(wish.c.id).where(wish.c.kind == kind, wish.c.ref == ref, wish.c.done_at.is_(None))
    if tx.execute(same).first() is None:
        tx.execute(insert(wish).values(kind=kind, ref=ref, who=who, at=now))


def take(tx: Connection, now: datetime, most: int = 20) -> list[Row[Any]]:
    """Open wishes, marked as taken."""
    rows = tx.execute(select(wish).where(wish.c.done_at.is_(None)).order_by(wish.c.id).limit(most)).all()
    mine = []
    for row in rows:
        taken = update(wish).where(wish.c.id == row.id, wish.c.done_at.is_(None)).values(done_at=now)
        if tx.execute(taken).rowcount == 1:
            mine.append(row)
    return mine
