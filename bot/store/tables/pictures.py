"""Pictures that go out with posts: which ones, in which order, with which words, and their bytes by hash."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from bot.store.columns import Utc, flag, lease, number, row_id, to, words
from bot.store.tables.base import metadata

picture = Table(  # bytes as they go out; deleted when no enclosure has them
    "picture",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("mime", String(40), nullable=False),
    number("width"),
    number("height"),
    Column("content", LargeBinary, nullable=False),
    Column("made_at", Utc, nullable=False),
)

enclosure = Table(  # a picture of a post: a wish that a worker fetches it, and what came of that
    "enclosure",
    metadata,
    row_id(),
    to("post_id", "post", nullable=False, ondelete="CASCADE"),
    words("url"),
    words("alt"),
    words("alt_by"),  # who described it here; empty = as on the blog
    number("place"),
    flag("chosen", True),
    Column("state", String(8), nullable=False, default="wanted"),  # wanted, ready, failed
    Column("hash", String(64), ForeignKey("picture.hash")),
    words("problem"),  # why it cannot be had, in a sentence
    number("attempts"),
    *lease(),
    Index("ix_enclosure_post", "post_id"),
    Index("ix_enclosure_hash", "hash"),
)

upload = Table(  # a picture as a person brought it, until a worker has made of it what goes out
    "upload",
    metadata,
    Column("enclosure_id", Integer, ForeignKey("enclosure.id", ondelete="CASCADE"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
