"""What goes out: entries of a live blog, posts, and what is sent of them."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, UniqueConstraint, text

from bot.store.columns import Utc, flag, instant, json_column, lease, number, row_id, to, words
from bot.store.tables.base import metadata

entry = Table(
    "entry",
    metadata,
    row_id(),
    to("event_id", "event", nullable=False),
    to("source_id", "source", nullable=False),
    words("key"),
    words("day"),
    words("time"),
    Column("at", Utc, nullable=False),
    words("title"),
    words("text"),
    json_column("pictures", list),
    words("link"),
    number("position"),
    Column("state", String(8), nullable=False),  # old (there at first contact), new, gone
    Column("seen_at", Utc, nullable=False),
    instant("changed_at"),
    Index("ix_entry_source", "source_id", "state"),
)

doubt = Table(  # what the live blog does that a person must look at before anything follows from it
    "doubt",
    metadata,
    row_id(),
    to("event_id", "event", nullable=False),
    to("source_id", "source", nullable=False),
    Column("kind", String(20), nullable=False),
    Column("mark", String(64), nullable=False),
    words("sentence"),
    json_column("detail"),
    Column("at", Utc, nullable=False),
    Column("state", String(8), nullable=False, default="open"),  # open, settled, passed
    words("choice"),
    words("who"),
    UniqueConstraint("source_id", "mark"),
)

post = Table(
    "post",
    metadata,
    row_id(),
    to("event_id", "event", nullable=False),
    Column("kind", String(12), nullable=False),  # update, correction, withdrawal, answer, notice, page
    Column("state", String(10), nullable=False, default="draft"),
    to("entry_id", "entry"),
    to("question_id", "question"),
    to("corrects", "post"),
    number("revision", 1),
    instant("go_at"),  # ends by itself then; NULL = waits for a person
    words("waits_for"),  # why it waits for a person
    words("held_by"),
    instant("held_at"),
    words("edited_by"),  # a person changed the text: it no longer follows the blog
    flag("blog_changed"),  # the blog moved on after that
    json_column("detail"),
    Column("created_at", Utc, nullable=False),
    Column("changed_at", Utc, nullable=False),
    instant("approved_at"),
    words("approved_by"),
    instant("withdrawn_at"),
    words("withdrawn_by"),
    Index("ix_post_list", "event_id", "state", "created_at"),
    Index("ix_post_entry", "entry_id"),
    Index("ix_post_question", "question_id"),
)

version = Table(  # what a post says on one network, to one asker (item_id) or to all (0)
    "version",
    metadata,
    row_id(),
    to("post_id", "post", nullable=False, ondelete="CASCADE"),
    Column("network", String(40), nullable=False),
    number("item_id"),
    Column("action", String(8), nullable=False, default="create", server_default="create"),
    json_column("parts", list),
    words("link"),
    words("target"),  # remote id that an edit or a delete is about, or that a new post answers
    flag("chosen", True),
    words("problem"),  # why this network will not take it, in a sentence
    UniqueConstraint("post_id", "network", "item_id", "action"),
)

delivery = Table(
    "delivery",
    metadata,
    row_id(),
    to("event_id", "event", nullable=False),
    to("post_id", "post", nullable=False),
    Column("network", String(40), nullable=False),
    number("item_id"),
    Column("action", String(8), nullable=False),
    number("part", 1),
    number("parts", 1),
    Column("state", String(10), nullable=False, default="queued"),
    Column("key", String(64), nullable=False, unique=True),
    words("text"),
    words("link"),
    words("lang"),
    words("reply_to"),
    words("reply_root"),
    words("target"),
    json_column("pictures", list),  # hash and alt of each, frozen
    *lease(),
    instant("called_at"),  # the present call began; NULL = none did
    instant("started_at"),  # the first call began
    number("attempts"),
    number("looks"),
    words("error"),
    words("evidence"),
    words("remote_id"),
    words("url"),
    instant("sent_at"),
    words("settled_by"),
    Column("created_at", Utc, nullable=False),
    UniqueConstraint("post_id", "network", "item_id", "action", "part"),
    Index(
        "ix_delivery_open",
        "network",
        "due",
        postgresql_where=text("state IN ('queued', 'sending', 'unsure', 'asking')"),
        sqlite_where=text("state IN ('queued', 'sending', 'unsure', 'asking')"),
    ),
    Index("ix_delivery_remote", "network", "remote_id"),
)
