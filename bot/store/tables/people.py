"""Who may do what, and who did what."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, UniqueConstraint

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
    Column("role", String(12), nullable=False, default="facilitator"),  # of the version before; see membership
    flag("owner"),  # everything, in every event
    words("password_hash"),
    flag("disabled"),
    Column("created_at", Utc, nullable=False),
)

membership = Table(  # what somebody may do in one event
    "membership",
    metadata,
    row_id(),
    to("person_id", "person", nullable=False, ondelete="CASCADE"),
    to("event_id", "event", nullable=False),
    Column("role", String(12), nullable=False),
    instant("until"),  # NULL: until somebody takes it away
    to("code_id", "code"),  # the helper code that they joined by
    UniqueConstraint("person_id", "event_id"),
    Index("ix_membership_event", "event_id"),
)

code = Table(  # lets people in on the day, to the questions of one event
    "code",
    metadata,
    row_id(),
    to("event_id", "event", nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    words("made_by"),
    Column("created_at", Utc, nullable=False),
    Column("until", Utc, nullable=False),
    number("seats", 1),  # how many may join
    number("taken"),
    instant("revoked_at"),
)

session = Table(
    "session",
    metadata,
    Column("hash", String(64), primary_key=True),
    to("person_id", "person", nullable=False, ondelete="CASCADE"),
    Column("created_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("until", Utc, nullable=False),
    words("device"),  # what the browser calls itself, in a few words
    Index("ix_session_person", "person_id"),
)

presence = Table(  # who has a page of an event open, when we last heard of it
    "presence",
    metadata,
    to("person_id", "person", primary_key=True, ondelete="CASCADE"),
    to("event_id", "event", primary_key=True, ondelete="CASCADE"),
    Column("at", Utc, nullable=False),
)

ticket = Table(  # a sign-in link that works once
    "ticket",
    metadata,
    Column("hash", String(64), primary_key=True),
    to("person_id", "person", nullable=False, ondelete="CASCADE"),
    Column("until", Utc, nullable=False),
    instant("used_at"),
)

attempt = Table(  # a wrong password or code, counted for some minutes; hashes of names and addresses only
    "attempt",
    metadata,
    row_id(),
    Column("key", String(64), nullable=False),
    Column("at", Utc, nullable=False),
    Index("ix_attempt_key", "key", "at"),
)
