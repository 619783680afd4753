"""The kinds of column. One kind for time: aware, UTC, on SQLite too."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    Text,
    TypeDecorator,
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


def row_id() -> Column[int]:
    """The number of a row."""
    return Column("id", Integer, primary_key=True)


def words(name: str, **more: Any) -> Column[str]:
    """Text that may be empty and is never NULL."""
    return Column(name, Text, nullable=False, default="", server_default="", **more)


def number(name: str, value: int = 0) -> Column[int]:
    """A whole number that is never NULL."""
    return Column(name, Integer, nullable=False, default=value, server_default=str(value))


def flag(name: str, value: bool = False) -> Column[bool]:
    """Yes or no."""
    return Column(name, Boolean, nullable=False, default=value, server_default=text("true" if value else "false"))


def instant(name: str, **more: Any) -> Column[datetime]:
    """A time that may be missing."""
    return Column(name, Utc, **more)


def always(name: str) -> Column[datetime]:
    """A time that is never missing: long ago, if nothing else is known."""
    return Column(name, Utc, nullable=False, default=EPOCH, server_default=text("'1970-01-01 00:00:00'"))


def json_column(name: str, empty: type[list[Any]] | type[dict[str, Any]] = dict) -> Column[Any]:
    """A JSON list or object that is never NULL."""
    return Column(name, JSON, nullable=False, default=empty, server_default="[]" if empty is list else "{}")


def to(name: str, target: str, **more: Any) -> Column[int]:
    """A reference to a row of another table."""
    return Column(name, Integer, ForeignKey(f"{target}.id", ondelete=more.pop("ondelete", None)), **more)


def lease() -> list[Column[Any]]:
    """When it is due, until when somebody holds it, and the fencing token of who holds it."""
    return [always("due"), always("lease_until"), number("token")]
