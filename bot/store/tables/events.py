"""What is set up: events, networks with what they cost, and sources."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, String, Table, UniqueConstraint

from bot.store.columns import Utc, always, flag, instant, json_column, lease, number, row_id, to, words
from bot.store.tables.base import metadata

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
    json_column("names", list),  # under which our account is seen, here and by bridges elsewhere
)

spend = Table(
    "spend",
    metadata,
    Column("network", String(40), primary_key=True),
    Column("hour", Utc, primary_key=True),
    Column("usd", Float, nullable=False),
)

reservation = Table(  # what one paid call may cost at most, from before it until its answer is written down
    "reservation",
    metadata,
    row_id(),
    Column("network", String(40), nullable=False),
    Column("month", String(7), nullable=False),  # the UTC month in whose sum it is
    Column("usd", Float, nullable=False),
    Column("until", Utc, nullable=False),
    flag("lost"),  # its answer never came: it counts as spent
    Index("ix_reservation_network", "network"),
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

screen = Table(  # a projector in a room, and what it points at
    "screen",
    metadata,
    row_id(),
    to("event_id", "event", nullable=False),
    Column("name", String(60), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),  # of the secret in its address
    to("question_id", "question"),
    instant("shown_at"),
    words("shown_by"),
    flag("covered"),  # it shows the safe slide, whatever it points at
    Column("created_at", Utc, nullable=False),
    words("created_by"),
    instant("ended_at"),
    Index("ix_screen_event", "event_id"),
    Index("ix_screen_question", "question_id"),
)
