"""Wrong passwords and codes, counted in the database, so that every console counts together and over a restart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from bot.store.sessions import digest
from bot.store.tables import attempt

WITHIN = timedelta(minutes=5)
Limit = tuple[str, int]  # what is tried or where from, and how many wrong tries it has within those minutes


def wait(tx: Connection, now: datetime, limits: Sequence[Limit]) -> timedelta:
    """How long to wait before the next try; zero if there may be one now."""
    longest = timedelta(0)
    for key, tries in limits:
        recent = select(attempt.c.at).where(attempt.c.key == digest(key), attempt.c.at > now - WITHIN)
        nth = tx.execute(recent.order_by(attempt.c.at.desc()).offset(tries - 1).limit(1)).scalar_one_or_none()
        if nth is not None:
            longest = max(longest, nth + WITHIN - now)
    return longest


def count(tx: Connection, now: datetime, limits: Sequence[Limit]) -> None:
    """One more wrong try. Those of long ago are forgotten."""
    tx.execute(delete(attempt).where(attempt.c.at <= now - WITHIN))
    tx.execute(insert(attempt), [{"key": digest(key), "at": now} for key, _ in limits])


def forget(tx: Connection, key: str) -> None:
    """The right one came."""
    tx.execute(delete(attempt).where(attempt.c.key == digest(key)))
