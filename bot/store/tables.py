"""What is kept. One column type for time: aware, UTC. Stored words are for ever: keep them few."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # "no lease", "due at once": compares without a NULL case


class Utc(TypeDecorator[datetime]):
    """An instant. Refuses naive values; SQLite, which drops zones, gets and gives UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone must not be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _words(name: str, **more: Any) -> Column[str]:
    return Column(name, Text, nullable=False, default="", server_default="", **more)


def _number(name: str, value: int = 0) -> Column[int]:
    return Column(name, Integer, nullable=False, default=value, server_default=str(value))


def _flag(name: str, value: bool = False) -> Column[bool]:
    return Column(name, Boolean, nullable=False, default=value, server_default=text("true" if value else "false"))


def _time(name: str, **more: Any) -> Column[datetime]:
    return Column(name, Utc, **more)


def _always(name: str) -> Column[datetime]:
    return Column(name, Utc, nullable=False, default=EPOCH, server_default=text("'1970-01-01 00:00:00'"))


def _json(name: str, empty: type[list[Any]] | type[dict[str, Any]] = dict) -> Column[Any]:
    return Column(name, JSON, nullable=False, default=empty, server_default="[]" if empty is list else "{}")


def _to(name: str, target: str, **more: Any) -> Column[int]:
    return Column(name, Integer, ForeignKey(f"{target}.id", ondelete=more.pop("ondelete", None)), **more)


def _lease() -> list[Column[Any]]:
    return [_always("due"), _always("lease_until"), _number("token")]


switch = Table(
    "switch",
    metadata,
    _id(),
    _flag("paused"),
    _words("paused_by"),
    _time("paused_at"),
    _words("secret"),  # key of the hashes that keep erased people out
)

event = Table(
    "event",
    metadata,
    _id(),
    Column("slug", String(80), nullable=False, unique=True),
    _words("name"),
    _words("timezone"),
    _time("starts"),
    _time("ends"),
    _number("retention_days", 90),
    _flag("active", True),
    _json("options"),  # the event's settings as they were read at the last start
)

network = Table(
    "network",
    metadata,
    Column("name", String(40), primary_key=True),
    _words("account"),
    _json("limits"),
    _json("memory"),
    _json("health", list),
    _time("checked_at"),
    _words("stopped"),  # why nothing is asked of it until a person acted; empty = it works
    _time("stopped_at"),
    _always("blocked_until"),  # its own word: nothing before that time
    _words("month"),
    Column("spent_usd", Float, nullable=False, default=0.0, server_default="0"),
    Column("reserved_usd", Float, nullable=False, default=0.0, server_default="0"),
    Column("budget_usd", Float),
    _flag("paid"),
)

source = Table(
    "source",
    metadata,
    _id(),
    _to("event_id", "event"),  # NULL: mentions, one source per account, routed by tag
    Column("network", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("address", String(500), nullable=False),
    _words("cursor"),
    _flag("active", True),
    _flag("read_once"),
    _time("since"),
    Column("every_seconds", Float, nullable=False, default=30.0, server_default="30"),
    *_lease(),
    _time("last_tried"),
    _time("last_good"),
    _words("last_error"),
    _number("failures"),
    _words("note"),
    UniqueConstraint("event_id", "network", "kind", "address"),
)

item = Table(
    "item",
    metadata,
    _id(),
    Column("network", String(40), nullable=False),
    Column("native_id", String(500), nullable=False),
    _words("text"),
    _words("author_id"),
    _words("author_name"),
    _words("author_handle"),
    _time("written_at"),
    Column("seen_at", Utc, nullable=False),
    _time("edited_at"),
    _words("url"),
    _words("lang"),
    _words("parent_id"),
    _words("root_id"),
    Column("standing", String(10), nullable=False, default="public", server_default="public"),
    _flag("own"),
    _flag("repost"),
    _json("flags", list),
    _time("checked_at"),
    UniqueConstraint("network", "native_id"),
    Index("ix_item_seen", "seen_at"),
)

sighting = Table(
    "sighting",
    metadata,
    _id(),
    _to("source_id", "source", nullable=False),
    _to("item_id", "item", nullable=False, ondelete="CASCADE"),
    Column("first_seen", Utc, nullable=False),
    UniqueConstraint("source_id", "item_id"),
    Index("ix_sighting_item", "item_id"),
)

question = Table(
    "question",
    metadata,
    _id(),
    _to("event_id", "event", nullable=False),
    Column("state", String(12), nullable=False, default="waiting"),
    Column("lane", String(8), nullable=False, default="open", server_default="open"),
    _words("text"),  # as its first asker wrote it
    _words("wording"),  # for the room, approved by a person; empty = not reworded
    _words("wording_by"),
    _words("theme"),
    _json("flags", list),
    _number("times_asked", 1),
    Column("fingerprint", String(64), nullable=False, default="", server_default=""),
    _to("merged_into", "question"),
    _to("claimed_by", "person"),
    _always("claimed_until"),
    Column("position", Float, nullable=False, default=0.0, server_default="0"),
    _words("outcome"),  # aloud, writing, declined
    Column("asked_at", Utc, nullable=False),
    _time("raised_at"),
    _time("answered_at"),
    _time("told_at"),
    _time("edited_at"),  # its asker changed it after it was stored
    _time("moved_at"),
    _words("moved_by"),
    Index("ix_question_list", "event_id", "state", "asked_at", "id"),
    Index("ix_question_fingerprint", "event_id", "fingerprint"),
)

placement = Table(  # how one item stands in one event
    "placement",
    metadata,
    _id(),
    _to("event_id", "event", nullable=False),
    _to("item_id", "item", nullable=False, ondelete="CASCADE"),
    Column("kind", String(10), nullable=False),
    _words("theme"),
    _words("why"),
    _words("judged_by"),  # version of the rules, or the person who corrected them
    _to("question_id", "question"),
    _flag("read_out"),
    UniqueConstraint("event_id", "item_id"),
    Index("ix_placement_kind", "event_id", "kind", "id"),
    Index("ix_placement_question", "question_id"),
)

note = Table(
    "note",
    metadata,
    _id(),
    _to("question_id", "question", nullable=False, ondelete="CASCADE"),
    _words("who"),
    Column("at", Utc, nullable=False),
    _words("text"),
    Index("ix_note_question", "question_id"),
)

entry = Table(
    "entry",
    metadata,
    _id(),
    _to("event_id", "event", nullable=False),
    _to("source_id", "source", nullable=False),
    _words("key"),
    _words("day"),
    _words("time"),
    Column("at", Utc, nullable=False),
    _words("title"),
    _words("text"),
    _json("pictures", list),
    _words("link"),
    _number("position"),
    Column("state", String(8), nullable=False),  # old (there at first contact), new, gone
    Column("seen_at", Utc, nullable=False),
    _time("changed_at"),
    Index("ix_entry_source", "source_id", "state"),
)

doubt = Table(  # what the live blog does that a person must look at before anything follows from it
    "doubt",
    metadata,
    _id(),
    _to("event_id", "event", nullable=False),
    _to("source_id", "source", nullable=False),
    Column("kind", String(20), nullable=False),
    Column("mark", String(64), nullable=False),
    _words("sentence"),
    _json("detail"),
    Column("at", Utc, nullable=False),
    Column("state", String(8), nullable=False, default="open"),  # open, settled, passed
    _words("choice"),
    _words("who"),
    UniqueConstraint("source_id", "mark"),
)

post = Table(
    "post",
    metadata,
    _id(),
    _to("event_id", "event", nullable=False),
    Column("kind", String(12), nullable=False),  # update, correction, withdrawal, answer, notice
    Column("state", String(10), nullable=False, default="draft"),
    _to("entry_id", "entry"),
    _to("question_id", "question"),
    _to("corrects", "post"),
    _number("revision", 1),
    _time("go_at"),  # ends by itself then; NULL = waits for a person
    _words("waits_for"),  # why it waits for a person
    _words("held_by"),
    _time("held_at"),
    _words("edited_by"),  # a person changed the text: it no longer follows the blog
    _flag("blog_changed"),  # the blog moved on after that
    _json("detail"),
    Column("created_at", Utc, nullable=False),
    Column("changed_at", Utc, nullable=False),
    _time("approved_at"),
    _words("approved_by"),
    _time("withdrawn_at"),
    _words("withdrawn_by"),
    Index("ix_post_list", "event_id", "state", "created_at"),
    Index("ix_post_entry", "entry_id"),
    Index("ix_post_question", "question_id"),
)

version = Table(  # what a post says on one network, to one asker (item_id) or to all (0)
    "version",
    metadata,
    _id(),
    _to("post_id", "post", nullable=False, ondelete="CASCADE"),
    Column("network", String(40), nullable=False),
    _number("item_id"),
    Column("action", String(8), nullable=False, default="create", server_default="create"),
    _json("parts", list),
    _words("link"),
    _words("target"),  # remote id that an edit or a delete is about
    _flag("chosen", True),
    _words("problem"),  # why this network will not take it, in a sentence
    UniqueConstraint("post_id", "network", "item_id", "action"),
)

delivery = Table(
    "delivery",
    metadata,
    _id(),
    _to("event_id", "event", nullable=False),
    _to("post_id", "post", nullable=False),
    Column("network", String(40), nullable=False),
    _number("item_id"),
    Column("action", String(8), nullable=False),
    _number("part", 1),
    _number("parts", 1),
    Column("state", String(10), nullable=False, default="queued"),
    Column("key", String(64), nullable=False, unique=True),
    _words("text"),
    _words("link"),
    _words("lang"),
    _words("reply_to"),
    _words("reply_root"),
    _words("target"),
    *_lease(),
    _time("called_at"),  # the present call began; NULL = none did
    _time("started_at"),  # the first call began
    _number("attempts"),
    _number("looks"),
    _words("error"),
    _words("evidence"),
    _words("remote_id"),
    _words("url"),
    _time("sent_at"),
    _words("settled_by"),
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
    _id(),
    Column("at", Utc, nullable=False),
    _words("who"),
    Column("what", String(40), nullable=False),
    Column("event_id", Integer),
    Column("kind", String(20), nullable=False, default=""),
    _number("ref"),
    _json("detail"),  # states and ids only, never words of a person
    Index("ix_change_ref", "kind", "ref"),
    sqlite_autoincrement=True,
)

person = Table(
    "person",
    metadata,
    _id(),
    Column("name", String(80), nullable=False, unique=True),
    Column("role", String(12), nullable=False, default="facilitator"),  # lead, comms, facilitator
    _words("password_hash"),
    _flag("disabled"),
    Column("created_at", Utc, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("hash", String(64), primary_key=True),
    _to("person_id", "person", nullable=False, ondelete="CASCADE"),
    Column("created_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("until", Utc, nullable=False),
)

ticket = Table(  # a sign-in link that works once
    "ticket",
    metadata,
    Column("hash", String(64), primary_key=True),
    _to("person_id", "person", nullable=False, ondelete="CASCADE"),
    Column("until", Utc, nullable=False),
    _time("used_at"),
)

quarantine = Table(
    "quarantine",
    metadata,
    _id(),
    _to("source_id", "source", nullable=False),
    Column("native_id", String(500), nullable=False),
    _words("raw"),
    _words("error"),
    _number("count", 1),
    Column("at", Utc, nullable=False),
    UniqueConstraint("source_id", "native_id"),
)

wish = Table(  # what the console wants of a worker
    "wish",
    metadata,
    _id(),
    Column("kind", String(20), nullable=False),  # check, recheck, start
    _words("ref"),
    _words("who"),
    Column("at", Utc, nullable=False),
    _time("done_at"),
)

erased = Table(  # keyed hashes of what must not come back
    "erased",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("at", Utc, nullable=False),
)
