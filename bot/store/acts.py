"""Buttons that were pressed, by a key that the page draws: a repeat gets the first answer instead of a second act."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from bot.store.engine import insert_new
from bot.store.tables import act

KEPT = timedelta(days=2)  # far longer than a page keeps what it could not send


def mark(person_id: int, path: str, key: str) -> str:
    """What is kept of a key: it counts for one person and one address."""
    return hashlib.sha256(f"{person_id} {path} {key}".encode()).hexdigest()


def begin(tx: Connection, now: datetime, marked: str) -> str | None:
    """The answer that this act got before, or None: then it is the first, and a twin waits until `tx` ends."""
    let_go(tx, now)
    if insert_new(tx, act, [{"hash": marked, "at": now}]):
        return None
    answer: str = tx.execute(select(act.c.answer).where(act.c.hash == marked)).scalar_one()
    return answer


def let_go(tx: Connection, now: datetime) -> None:
    """Forget what no page asks for again."""
    tx.execute(delete(act).where(act.c.at < now - KEPT))


def keep(tx: Connection, marked: str, answer: str) -> None:
    """What came of it, for whoever asks again."""
    tx.execute(update(act).where(act.c.hash == marked).values(answer=answer))


def forget(tx: Connection, marked: str) -> None:
    """It was answered with something that is not kept: the key may be used again."""
    tx.execute(delete(act).where(act.c.hash == marked))
