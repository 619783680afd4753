"""Who is at the console: whoever has a page of an event open, for two minutes after it was last heard of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, literal, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.store.columns import Utc
from bot.store.sessions import digest
from bot.store.tables import person, presence, session

LASTS = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody who is at the console, and until when we believe it."""

    id: int
    name: str
    until: datetime


def mark(tx: Connection, now: datetime, seats: Collection[tuple[str, int]]) -> None:
    """Those whose sessions (secret, event) have a page open are here now: one statement for each event."""
    insert = sqlite_insert if tx.dialect.name == "sqlite" else postgresql_insert
    for event_id in sorted({event_id for _, event_id in seats}):
        hashes = [digest(secret) for secret, of in seats if of == event_id]
        open_ = select(session.c.person_id, literal(event_id), literal(now, Utc)).where(session.c.hash.in_(hashes))
        statement = insert(presence).from_select(["person_id", "event_id", "at"], open_.distinct())
        keys = presence.primary_key.columns.values()
        tx.execute(statement.on_conflict_do_update(index_elements=keys, set_={"at": now}))


def here(tx: Connection, now: datetime, event_id: int) -> Sequence[Here]:
    """Who is at the pages of an event, by name."""
    rows = select(person.c.id, person.c.name, presence.c.at).join(person, person.c.id == presence.c.person_id)
    lately = rows.where(presence.c.event_id == event_id, presence.c.at > now - LASTS, person.c.disabled.is_(False))
    return [Here(row.id, row.name, row.at + LASTS) for row in tx.execute(lately.order_by(person.c.name))]
