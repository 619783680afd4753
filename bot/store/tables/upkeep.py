"""What keeps the rest going: the switch that stops all posting, wishes, and what must not come back."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, UniqueConstraint

from bot.store.columns import Utc, flag, instant, lease, number, row_id, to, words
from bot.store.tables.base import metadata

switch = Table(
    "switch",
    metadata,
    row_id(),
    flag("paused"),
    words("paused_by"),
    instant("paused_at"),
    instant("worker_at"),  # the last sign of life of a worker
    words("secret"),  # key of the hashes that keep erased people out
)

quarantine = Table(
    "quarantine",
    metadata,
    row_id(),
    to("source_id", "source", nullable=False),
    Column("native_id", String(500), nullable=False),
    words("raw"),
    words("error"),
    number("count", 1),
    Column("at", Utc, nullable=False),
    UniqueConstraint("source_id", "native_id"),
)

wish = Table(  # what the console wants of a worker
    "wish",
    metadata,
    row_id(),
    Column("kind", String(20), nullable=False),  # check, recheck, start
    words("ref"),
    words("who"),
    Column("at", Utc, nullable=False),
    instant("done_at"),
)

erased = Table(  # keyed hashes of what must not come back
    "erased",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("at", Utc, nullable=False),
)

act = Table(  # a button that was pressed, by the key its page gave it, and what came of it
    "act",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("at", Utc, nullable=False),
    words("answer"),  # JSON as it was answered; empty while the work is under way
    Index("ix_act_at", "at"),
)

alert = Table(  # what needs a person and is told outside the console
    "alert",
    metadata,
    row_id(),
    Column("key", String(200), nullable=False, unique=True),
    words("sentence"),
    Column("since", Utc, nullable=False),
    *lease(),
    instant("told_at"),
    flag("over"),  # it was told, and is so no more
    number("tries"),
    words("error"),
)
