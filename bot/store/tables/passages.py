"""What people wrote at the desk, on the live blog and in our posts, to be found by its words."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.event import listen

from bot.store import lookup, marking
from bot.store.columns import row_id
from bot.store.tables.base import metadata

passage = Table(
    "passage",
    metadata,
    row_id(),
    Column("kind", String(8), nullable=False),  # wording, note, entry, post
    Column("ref", Integer, nullable=False),  # the question, note, entry or post
    Column("event_id", Integer),  # known once it is indexed
    Column("tokens", Text),  # what it is found by; NULL: its words changed and are not indexed yet
    UniqueConstraint("kind", "ref"),
    Index("ix_passage_event", "event_id", "id"),
    Index("ix_passage_unfound", "id", postgresql_where=sql("tokens IS NULL"), sqlite_where=sql("tokens IS NULL")),
)
listen(passage, "after_create", lookup.PASSAGES.after_create)
listen(metadata, "after_create", marking.after_create)
