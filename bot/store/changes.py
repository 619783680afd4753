"""Who did what and when: the audit trail, whose row numbers are the ids of the live stream."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, or_, select

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


def after(tx: Connection, number: int, n: int, event_id: int | None = None) -> Sequence[Row[Any]]:
    """Who did what with a greater id, oldest first, at most `n`; of one event and of all together, or of every one."""
    told = (change.c.id, change.c.event_id, change.c.kind, change.c.ref, change.c.what, change.c.who)
    rows: Select[Any] = select(*told).where(change.c.id > number)
    if event_id is not None:
        rows = rows.where(or_(change.c.event_id == event_id, change.c.event_id.is_(None)))
    return tx.execute(rows.order_by(change.c.id).limit(n)).all()


def newest(tx: Connection) -> int:
    """The id of the newest change, 0 if there is none."""
    return int(tx.execute(select(func.coalesce(func.max(change.c.id), 0))).scalar_one())
