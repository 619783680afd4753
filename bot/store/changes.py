"""Who did what and when: the audit trail, whose row numbers are the ids of the live stream."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from bot.store.tables import change


def record(
    tx: Connection,
    now: datetime,
    who: str,
    what: str,
    *,
    event_id: int | None = None,
    kind: str = "",
    ref: int = 0,
    **detail: Any,
) -> int:
    """Write one change and give its id. `detail` holds states, ids and counts, never a person's words."""
    values = {"at": now, "who": who, "what": what, "event_id": event_id, "kind": kind, "ref": ref, "detail": detail}
    return int(tx.execute(insert(change).values(values).returning(change.c.id)).scalar_one())


def get(tx: Connection, change_id: int) -> Row[Any] | None:
    """One change, or None."""
    return tx.execute(select(change).where(change.c.id == change_id)).one_or_none()


def newest_of(tx: Connection, kind: str, ref: int) -> Row[Any] | None:
    """The latest change about one thing, or None."""
    of_it = select(change).where(change.c.kind == kind, change.c.ref == ref)
    return tx.execute(of_it.order_by(change.c.id.desc()).limit(1)).one_or_none()
