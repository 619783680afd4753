"""Who may do what, and who did what."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from bot.store.columns import Utc, flag, instant, json_column, number, row_id, to, words
from bot.store.tables.base import metadata

change = Table(
    "change",
    metadata,
    row_id(),
    Column("at", Utc, nullable=False),
    words("who"),
    Column("what", String(40), nullable=False),
    Column("event_id", Integer),
    Column("kind", String(20), nullable=False, default=""),
    number("ref"),
    json_column("detail"),  # states and ids only, never words of a person
    Index("ix_change_ref", "kind", "ref"),
    sqlite_autoincrement=True,
)

person = Table(
    "person",
    metadata,
    row_id(),
    Column("name", String(80), nullable=False, unique=True),
    Column("role", String(12), nullable=False, default="facilitator"),  # lead, comms, facilitator
    words("password_hash"),
    flag("disabled"),
    Column("created_at", Utc, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("hash", String(64), primary_key=True),
    to("person_id", "person", nullable=False, ondelete="CASCADE"),
    Column("created_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("until", Utc, nullable=False),
)

ticket = Table(  # a sign-in link that works once
    "ticket",
    metadata,
    Column("hash", String(64), primary_key=True),
    to("person_id", "person", nullable=False, ondelete="CASCADE"),
    Column("until", Utc, nullable=False),
    instant("used_at"),
)
