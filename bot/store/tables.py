"""What is kept. Stored words are for ever: keep them few."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table, UniqueConstraint, text

from bot.store.columns import EPOCH, Utc, always, flag, instant, json_column, lease, number, row_id, to, words

__all__ = ["EPOCH", "metadata"]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


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

event = Table(
    "event",
    metadata,
    row_id(),
    Column("slug", String(80), nullable=False, unique=True),
    words("name"),
    words("timezone"),
    instant("starts"),
    instant("ends"),
    number("retention_days", 90),
    flag("active", True),
    json_column("options"),  # the event's settings as they were read at the last start
)

network = Table(
    "network",
    metadata,
    Column("name", String(40), primary_key=True),
    words("account"),
    json_column("limits"),
    json_column("memory"),
    json_column("health", list),
    instant("checked_at"),
    words("stopped"),  # why nothing is asked of it until a person acted; empty = it works
    instant("stopped_at"),
    always("blocked_until"),  # its own word: nothing before that time
    words("month"),
    Column("spent_usd", Float, nullable=False, default=0.0, server_default="0"),
    Column("reserved_usd", Float, nullable=False, default=0.0, server_default="0"),
    Column("budget_usd", Float),
    flag("paid"),
    Column("kept_usd", Float, nullable=False, default=0.0, server_default="0"),  # of the budget, for posts alone
)

spend = Table(
    "spend",
    metadata,
    Column("network", String(40), primary_key=True),
    Column("hour", Utc, primary_key=True),
    Column("usd", Float, nullable=False),
)

source = Table(
    "source",
    metadata,
    row_id(),
    to("event_id", "event"),  # NULL: mentions, one source per account, routed by tag
    Column("network", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("address", String(500), nullable=False),
    words("cursor"),
    flag("active", True),
    flag("read_once"),
    instant("since"),
    Column("every_seconds", Float, nullable=False, default=30.0, server_default="30"),
    *lease(),
    instant("last_tried"),
    instant("last_good"),
    words("last_error"),
    number("failures"),
    words("note"),
    UniqueConstraint("event_id", "network", "kind", "address"),
)

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
    json_column("flags", list),
    instant("checked_at"),
    UniqueConstraint("network", "native_id"),
    Index("ix_item_seen", "seen_at"),
)

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
    words("outcome"),  # aloud, writing, declined
    Column("asked_at", Utc, nullable=False),
    instant("raised_at"),
    instant("answered_at"),
    instant("told_at"),
    instant("edited_at"),  # its asker changed it after it was stored
    instant("moved_at"),
    words("moved_by"),
    Index("ix_question_list", "event_id", "state", "asked_at", "id"),
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
    UniqueConstraint("event_id", "item_id"),
    Index("ix_placement_kind", "event_id", "kind", "id"),
    Index("ix_placement_question", "question_id"),
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
    Column("kind", String(12), nullable=False),  # update, correction, withdrawal, answer, notice
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
    words("target"),  # remote id that an edit or a delete is about
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
