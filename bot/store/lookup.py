"""The full-text index over items: FTS5 on SQLite, a GIN index on PostgreSQL, both over the column `item.tokens`.

Triggers keep SQLite's index in step, so no code path can forget it. It holds no positions and no copy of the words.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, cast, column, literal_column, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

TABLE = "item_words"
WORDS = table(TABLE, column("rowid", Integer))
ITEM = literal_column(f"+{TABLE}.rowid", Integer)  # the plus keeps SQLite from asking the index item by item
VECTOR = "array_to_tsvector(string_to_array(item.tokens, ' '))"
_OUT = (
    "INSERT INTO item_words(item_words, rowid, tokens) SELECT 'delete', old.id, old.tokens WHERE old.tokens NOT NULL;"
)
_IN = "INSERT INTO item_words(rowid, tokens) SELECT new.id, new.tokens WHERE new.tokens NOT NULL;"
SQLITE = (
    "CREATE VIRTUAL TABLE item_words USING fts5(tokens, content='item', content_rowid='id', detail='none', "
    "columnsize=0, prefix='1 2 3 4 5 6 7 8', tokenize='ascii')",  # folded already: what is not ASCII is a letter
    f"CREATE TRIGGER item_words_new AFTER INSERT ON item BEGIN {_IN} END",
    f"CREATE TRIGGER item_words_gone AFTER DELETE ON item BEGIN {_OUT} END",
    "CREATE TRIGGER item_words_changed AFTER UPDATE OF tokens ON item "
    f"WHEN new.tokens IS NOT old.tokens BEGIN {_OUT} {_IN} END",
)
POSTGRESQL = ("CREATE INDEX item_words ON item USING gin (array_to_tsvector(string_to_array(tokens, ' ')))",)


def create(tx: Connection) -> None:
    """Make the index beside the table of items."""
    for statement in SQLITE if tx.dialect.name == "sqlite" else POSTGRESQL:
        tx.exec_driver_sql(statement)


def after_create(_target: Any, connection: Connection, **_: Any) -> None:
    """What SQLAlchemy calls when it makes the table of items."""
    create(connection)


def scrub(tx: Connection) -> None:
    """Write SQLite's index anew, so that words which left it are in none of its pages; they are overwritten then.

    A deletion only marks them. PostgreSQL's own clearing up does this in its time.
    """
    if tx.dialect.name == "sqlite":
        tx.execute(text("INSERT INTO item_words(item_words) VALUES ('optimize')"))


def matching(tx: Connection, tokens: list[str], any_of: bool = False) -> ColumnElement[bool]:
    """The condition that some word of an item begins with each of `tokens`, or with one of them if `any_of`.

    The tokens are those of `core.lookup`: letters and digits only. On SQLite the index itself, WORDS, must be joined.
    """
    if tx.dialect.name == "sqlite":
        joined = (" OR " if any_of else " AND ").join(f'"{one}"*' for one in tokens)
        return literal_column(TABLE).op("MATCH", is_comparison=True)(joined)
    joined = (" | " if any_of else " & ").join(f"'{one}':*" for one in tokens)
    return literal_column(VECTOR).op("@@", is_comparison=True)(cast(joined, TSQUERY))
