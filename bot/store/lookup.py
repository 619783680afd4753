"""The full-text indexes, over items and over passages: FTS5 on SQLite, GIN on PostgreSQL, over their column `tokens`.

Triggers keep SQLite's index in step, so no code path can forget it. It holds no positions and no copy of the words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnClause, ColumnElement, Connection, Integer, TableClause, cast, column, literal_column, text
from sqlalchemy import table as table_of
from sqlalchemy.dialects.postgresql import TSQUERY


@dataclass(frozen=True, slots=True)
class Lookup:
    """The index over the column `tokens` of one table."""

    table: str

    @property
    def name(self) -> str:
        """How the index is called; SQLite's is a table that must be joined."""
        return f"{self.table}_words"

    @property
    def words(self) -> TableClause:
        """SQLite's index as a table."""
        return table_of(self.name, column("rowid", Integer))

    @property
    def row(self) -> ColumnClause[int]:
        """The id that SQLite's index gives; the plus keeps it from asking the index row by row."""
        return literal_column(f"+{self.name}.rowid", Integer)

    def create(self, tx: Connection) -> None:
        """Make the index beside its table."""
        for statement in self._sqlite() if tx.dialect.name == "sqlite" else self._postgresql():
            tx.exec_driver_sql(statement)

    def after_create(self, _target: Any, connection: Connection, **_: Any) -> None:
        """What SQLAlchemy calls when it makes the table."""
        self.create(connection)

    def matching(self, tx: Connection, tokens: list[str], any_of: bool = False) -> ColumnElement[bool]:
        """The condition that some word of a row begins with each of `tokens`, or with one of them if `any_of`.

        The tokens are those of `core.lookup`: letters and digits only. On SQLite `words` must be joined.
        """
        if tx.dialect.name == "sqlite":
            joined = (" OR " if any_of else " AND ").join(f'"{one}"*' for one in tokens)
            return literal_column(self.name).op("MATCH", is_comparison=True)(joined)
        joined = (" | " if any_of else " & ").join(f"'{one}':*" for one in tokens)
        vector: ColumnClause[Any] = literal_column(f"array_to_tsvector(string_to_array({self.table}.tokens, ' '))")
        return vector.op("@@", is_comparison=True)(cast(joined, TSQUERY))

    def _sqlite(self) -> tuple[str, ...]:
        # tokens are folded already, so for the tokenizer what is not ASCII is a letter
        name, table = self.name, self.table
        out = (
            f"INSERT INTO {name}({name}, rowid, tokens) SELECT 'delete', old.id, old.tokens WHERE old.tokens NOT NULL;"
        )
        into = f"INSERT INTO {name}(rowid, tokens) SELECT new.id, new.tokens WHERE new.tokens NOT NULL;"
        return (
            f"CREATE VIRTUAL TABLE {name} USING fts5(tokens, content='{table}', content_rowid='id', detail='none', "
            "columnsize=0, prefix='1 2 3 4 5 6 7 8', tokenize='ascii')",
            f"CREATE TRIGGER {name}_new AFTER INSERT ON {table} BEGIN {into} END",
            f"CREATE TRIGGER {name}_gone AFTER DELETE ON {table} BEGIN {out} END",
            f"CREATE TRIGGER {name}_changed AFTER UPDATE OF tokens ON {table} "
            f"WHEN new.tokens IS NOT old.tokens BEGIN {out} {into} END",
        )

    def _postgresql(self) -> tuple[str, ...]:
        vector = "array_to_tsvector(string_to_array(tokens, ' '))"
        return (f"CREATE INDEX {self.name} ON {self.table} USING gin ({vector})",)


ITEMS, PASSAGES = Lookup("item"), Lookup("passage")


def scrub(tx: Connection) -> None:
    """Write SQLite's indexes anew, so that words which left them are in none of their pages; they are overwritten then.

    A deletion only marks them. PostgreSQL's own clearing up does this in its time.
    """
    if tx.dialect.name == "sqlite":
        for name in (ITEMS.name, PASSAGES.name):
            tx.execute(text(f"INSERT INTO {name}({name}) VALUES ('optimize')"))  # noqa: S608 (our own two names)
