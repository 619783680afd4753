"""What says that a passage has other words now: triggers on the tables that hold them, so that no code path can forget.

They only mark it. Its words are folded and indexed by us, and until then a search reads them where they stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table


@dataclass(frozen=True, slots=True)
class Home:
    """Where the words of a kind of passage stand: `table.ref` is the row it is about, `columns` hold the words."""

    kind: str
    table: str
    columns: tuple[str, ...]
    ref: str = "id"
    own: bool = True  # the passage goes with the row
    new: str = ""  # a condition on a new row, for there to be a passage


HOMES = (
    Home("wording", "question", ("wording",), new="new.wording <> ''"),
    Home("note", "note", ("text",)),
    Home("entry", "entry", ("title", "text")),
    Home("post", "version", ("parts",), "post_id", own=False),
    Home("post", "post", (), new="false"),
)


def create(tx: Connection) -> None:
    """Make the triggers beside their tables."""
    for home in HOMES:
        for statement in _sqlite(home) if tx.dialect.name == "sqlite" else _postgresql(home):
            tx.exec_driver_sql(statement)


def after_create(_target: Any, connection: Connection, tables: list[Table], **_: Any) -> None:
    """What SQLAlchemy calls when it has made all tables."""
    if any(one.name == "passage" for one in tables):
        create(connection)


def fill(tx: Connection) -> None:
    """Mark what stands there already."""
    for home in HOMES:
        if home.columns:
            where = f" WHERE {home.new.replace('new.', '')}" if home.new else ""
            tx.exec_driver_sql(
                f"INSERT INTO passage (kind, ref) SELECT DISTINCT '{home.kind}', {home.ref} FROM {home.table}{where}"  # noqa: S608 (our own names)
            )


def _marked(home: Home, row: str) -> str:
    return (
        f"INSERT INTO passage (kind, ref) VALUES ('{home.kind}', {row}.{home.ref}) "  # noqa: S608 (our own names)
        "ON CONFLICT (kind, ref) DO UPDATE SET tokens = NULL;"
    )


def _gone(home: Home) -> str:
    mine = f"WHERE kind = '{home.kind}' AND ref = old.{home.ref};"
    return f"DELETE FROM passage {mine}" if home.own else f"UPDATE passage SET tokens = NULL {mine}"  # noqa: S608 (ours too)


def _sqlite(home: Home) -> list[str]:
    name = f"passage_{home.table}"
    made = [f"CREATE TRIGGER {name}_gone AFTER DELETE ON {home.table} BEGIN {_gone(home)} END"]
    if home.columns:
        when = f"WHEN {home.new} " if home.new else ""
        other = " OR ".join(f"new.{one} IS NOT old.{one}" for one in home.columns)
        of, on = ", ".join(home.columns), home.table
        said = _marked(home, "new")
        made.append(f"CREATE TRIGGER {name}_new AFTER INSERT ON {on} {when}BEGIN {said} END")
        made.append(f"CREATE TRIGGER {name}_changed AFTER UPDATE OF {of} ON {on} WHEN {other} BEGIN {said} END")
    return made


def _postgresql(home: Home) -> list[str]:
    name = f"passage_{home.table}"
    made = _function(f"{name}_gone", _gone(home))
    made.append(_trigger(f"{name}_gone", f"AFTER DELETE ON {home.table}"))
    if home.columns:
        when = f" WHEN ({home.new})" if home.new else ""
        made += _function(f"{name}_said", _marked(home, "new"))
        made.append(_trigger(f"{name}_new", f"AFTER INSERT ON {home.table}", f"{name}_said", when))
        made.append(
            _trigger(f"{name}_changed", f"AFTER UPDATE OF {', '.join(home.columns)} ON {home.table}", f"{name}_said")
        )
    return made


def _function(name: str, work: str) -> list[str]:
    body = f"BEGIN {work} RETURN NULL; END"
    return [f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"]


def _trigger(name: str, when: str, function: str = "", only: str = "") -> str:
    return f"CREATE TRIGGER {name} {when} FOR EACH ROW{only} EXECUTE FUNCTION {function or name}()"
