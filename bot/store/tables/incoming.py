"""What came in: items as they were, and the questions that the people of an event see in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Float, Index, String, Table, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.event import listen

from bot.core.lookup import tokens
from bot.store import lookup
from bot.store.columns import Utc, always, flag, instant, json_column, number, row_id, to, words
from bot.store.tables.base import metadata


def _tokens(context: Any) -> str:
    row = context.get_current_parameters()
    return tokens(row.get("text", ""), row.get("author_name", ""), row.get("author_handle", ""))


def _asked_at(context: Any) -> datetime:
    asked_at: datetime = context.get_current_parameters()["asked_at"]
    return asked_at


item = Table(
    "item",
    metadata,
    row_id(),
    Column("network", String(40), nullable=False),
    Column("native_id", String(500), nullable=False),
    words("text"),
    words("author_id"),
    words("author_name"),
    words("author_handle"),
    instant("written_at"),
    Column("seen_at", Utc, nullable=False),
    instant("edited_at"),
    words("url"),
    words("lang"),
    words("parent_id"),
    words("root_id"),
    Column("standing", String(10), nullable=False, default="public", server_default="public"),
    flag("own"),
    flag("repost"),
    flag("calls_us"),  # its author named our account, or quoted one of our posts
    json_column("flags", list),
    instant("checked_at"),
    json_column("marks", list),  # what its author asks of readers
    words("copy_of"),  # the original, of a copy that a bridge made
    Column("tokens", Text, default=_tokens),  # what it is found by; NULL: an older program wrote it, not indexed yet
    UniqueConstraint("network", "native_id"),
    Index("ix_item_copy", "copy_of"),
    Index("ix_item_seen", "seen_at"),
    Index("ix_item_author", "network", "author_id"),
    Index("ix_item_unfound", "id", postgresql_where=sql("tokens IS NULL"), sqlite_where=sql("tokens IS NULL")),
)
listen(item, "after_create", lookup.ITEMS.after_create)

sighting = Table(
    "sighting",
    metadata,
    row_id(),
    to("source_id", "source", nullable=False),
    to("item_id", "item", nullable=False, ondelete="CASCADE"),
    Column("first_seen", Utc, nullable=False),
    UniqueConstraint("source_id", "item_id"),
    Index("ix_sighting_item", "item_id"),
)

question = Table(
    "question",
    metadata,
    row_id(),
    to("event_id", "event", nullable=False),
    Column("state", String(12), nullable=False, default="waiting"),
    Column("lane", String(8), nullable=False, default="open", server_default="open"),
    words("text"),  # as its first asker wrote it
    words("wording"),  # for the room, approved by a person; empty = not reworded
    words("wording_by"),
    words("theme"),
    json_column("flags", list),
    number("times_asked", 1),
    Column("fingerprint", String(64), nullable=False, default="", server_default=""),
    to("merged_into", "question"),
    to("claimed_by", "person"),
    always("claimed_until"),
    Column("position", Float, nullable=False, default=0.0, server_default="0"),
    words("outcome"),  # aloud, writing, declined; empty while it is open
    words("follow_owner"),  # who comes back to it after the event
    words("follow_day"),  # and by which day, as 2017-07-31
    Column("asked_at", Utc, nullable=False),
    instant("raised_at"),
    instant("answered_at"),
    instant("told_at"),
    instant("edited_at"),  # its asker changed it after it was stored
    Column("moved_at", Utc, default=_asked_at),
    words("moved_by"),
    words("handed_to"),  # the table or the person that is to answer it
    words("handed_by"),
    words("approved"),  # mark of the words that a person let into the room: `core.room.mark`
    Column("looked_seconds", Float),  # how long it waited for the first person who did something with it
    Index("ix_question_list", "event_id", "state", "asked_at", "id"),
    Index("ix_question_most", "event_id", "state", "times_asked", "asked_at", "id"),
    Index("ix_question_moved", "event_id", "state", "moved_at", "id"),
    Index("ix_question_fingerprint", "event_id", "fingerprint"),
)

placement = Table(  # how one item stands in one event
    "placement",
    metadata,
    row_id(),
    to("event_id", "event", nullable=False),
    to("item_id", "item", nullable=False, ondelete="CASCADE"),
    Column("kind", String(10), nullable=False),
    words("theme"),
    words("why"),
    words("judged_by"),  # version of the rules, or the person who corrected them
    to("question_id", "question"),
    flag("read_out"),
    to("block_id", "block"),  # what keeps it out of the lists
    Column("lane", String(8), nullable=False, default="open", server_default="open"),  # private: for event leads alone
    UniqueConstraint("event_id", "item_id"),
    Index("ix_placement_kind", "event_id", "kind", "id"),
    Index("ix_placement_question", "question_id"),
    Index("ix_placement_block", "block_id"),
)

block = Table(  # a person or a word that an event's facilitators keep out of their lists
    "block",
    metadata,
    row_id(),
    to("event_id", "event", nullable=False),
    Column("kind", String(8), nullable=False),  # person, word
    words("network"),
    words("what"),  # the author's id on the network, or the word
    words("name"),  # how the author is called there
    words("why"),
    words("who"),
    Column("at", Utc, nullable=False),
    instant("lifted_at"),
    words("lifted_by"),
    Index("ix_block_event", "event_id", "lifted_at"),
)

note = Table(
    "note",
    metadata,
    row_id(),
    to("question_id", "question", nullable=False, ondelete="CASCADE"),
    words("who"),
    Column("at", Utc, nullable=False),
    words("text"),
    Index("ix_note_question", "question_id"),
)
