"""SQLite and PostgreSQL behind one door: transactions, the clock, claim and finish."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Table,
    create_engine,
    event,
    func,
    make_url,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bot.store.tables import EPOCH

Clock = Callable[[], datetime]


class Fenced(Exception):
    """Somebody else holds the row by now: what was read or learnt is thrown away, they do it again."""


class Store:
    """The database. `write` and `read` open transactions; `now` is the one clock of the house.

    `clock` replaces the database's clock in tests. Raises OSError or sqlalchemy's errors as they come.
    """

    def __init__(self, url: str, clock: Clock | None = None, pool: int = 8) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self._clock = clock
        self.engine = _sqlite(url) if self.sqlite else _postgresql(url, pool)
        # SQLite lets writers try again after ever longer naps; threads of one process queue here instead.
        self._turn = threading.RLock() if self.sqlite else nullcontext()
        self._writer = self.engine.execution_options(writes=True)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may change rows; on SQLite it holds the write lock from its first moment."""
        with self._turn, self._writer.begin() as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that sees one state of the database."""
        with self.engine.begin() as tx:
            yield tx

    @contextmanager
    def together(self) -> Iterator[tuple[Store, Connection]]:
        """A store whose transactions are parts of one, and that one: what several functions do is kept or lost whole.

        For one thread only.
        """
        with self.write() as tx:
            yield _Together(self, tx), tx

    def empty_log(self) -> bool:
        """Move SQLite's write-ahead log into the file and cut it off: it holds pages as they were before an erasure.

        False while somebody still reads what it holds. PostgreSQL's log is out of reach for us, and for a dump.
        """
        if not self.sqlite:
            return True
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout=500")  # whoever writes waits for us meanwhile
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = cursor.fetchone()
            cursor.execute("PRAGMA busy_timeout=10000")
            cursor.close()
        finally:
            connection.close()
        return busy is not None and busy[0] == 0

    def now(self, tx: Connection) -> datetime:
        """The time by the database's clock (aware, UTC)."""
        if self._clock:
            return self._clock()
        if self.sqlite:
            return datetime.now(UTC)
        at: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()
        return at.astimezone(UTC)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


class _Together(Store):
    """Stands for a store inside one of its transactions."""

    def __init__(self, whole: Store, tx: Connection) -> None:
        self.url, self.sqlite, self.engine, self._clock = whole.url, whole.sqlite, whole.engine, whole._clock
        self._tx = tx

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A part of the transaction, which an error takes back by itself."""
        with self._tx.begin_nested():
            yield self._tx

    def empty_log(self) -> bool:
        """Not before the whole transaction is done."""
        return False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """The transaction, with all that was done in it."""
        yield self._tx


def _sqlite(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 10, "check_same_thread": False}, pool_size=12, max_overflow=20)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late (after the first SELECT)
        for pragma in (
            "busy_timeout=10000", "synchronous=FULL", "foreign_keys=ON",
            "secure_delete=ON",  # what was erased is overwritten in the file, not only unlisted
        ):  # fmt: skip
            connection.execute(f"PRAGMA {pragma}").close()
        _into_wal(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A read that turns into a write fails at once when another wrote meanwhile: writers say so first.
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _into_wal(connection: Any) -> None:
    """Switch to the write-ahead log. SQLite does not wait for a lock here, whatever its time-out: so we do."""
    until = time.monotonic() + 10
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _postgresql(url: str, pool: int) -> Engine:
    options = " ".join(
        f"-c {setting}"
        for setting in (
            "synchronous_commit=on",
            "statement_timeout=10s",
            "lock_timeout=5s",
            "idle_in_transaction_session_timeout=30s",
            "timezone=UTC",
        )
    )
    return create_engine(
        url,
        pool_size=pool,
        max_overflow=pool,
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": 5, "keepalives_idle": 30},
    )


def claim(
    tx: Connection,
    table: Table,
    now: datetime,
    lease: timedelta,
    *where: ColumnElement[bool],
    n: int = 1,
    **values: Any,
) -> Sequence[Row[Any]]:
    """Up to `n` rows that are due and that nobody holds, now held by the caller under a new token."""
    pick = (
        select(table.c.id)
        .where(table.c.due <= now, table.c.lease_until <= now, *where)
        .order_by(table.c.due, table.c.id)
        .limit(n)
        .with_for_update(skip_locked=True, of=table)
        .cte("pick")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    return tx.execute(
        update(table)
        .where(table.c.id.in_(select(pick.c.id)))
        .values(lease_until=now + lease, token=table.c.token + 1, **values)
        .returning(*table.c)
    ).all()


def insert_new(
    tx: Connection, table: Table, rows: Sequence[dict[str, Any]], *returning: ColumnElement[Any]
) -> Sequence[Row[Any]]:
    """Insert what is not there yet, judged by the table's unique keys; the rows that were new come back."""
    if not rows:
        return []
    insert = sqlite_insert if tx.dialect.name == "sqlite" else postgresql_insert
    statement = insert(table).on_conflict_do_nothing()
    return tx.execute(statement.returning(*(returning or (table.primary_key.columns.values()[0],))), list(rows)).all()


def finish(tx: Connection, table: Table, row: Row[Any], **values: Any) -> bool:
    """Let go of a claimed row; False, and nothing changed, if another has claimed it since."""
    done = tx.execute(
        update(table).where(table.c.id == row.id, table.c.token == row.token).values(lease_until=EPOCH, **values)
    )
    return done.rowcount == 1
