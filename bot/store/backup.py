"""A copy of the SQLite database while it is in use, and the way back: neither loses nor repeats a post."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, make_url, update

from bot.store import changes, drafts, schema
from bot.store.engine import Store
from bot.store.tables import delivery, post

PAGES = 2000  # copied at a time; writers go on in between
NAP = 0.01  # seconds between two such steps
WHO = "Restored backup"
PERHAPS = "It waited to go out when the backup was made, and may have gone out since."


class NotCopied(Exception):
    """There is no copy; the text is a sentence or two that say why and what to do."""


def copy(url: str, target: Path) -> int:
    """Copy the database at an address of SQLAlchemy's to a new file; its size in bytes. Its version does not matter.

    What others commit meanwhile is in it or not, but never in part. Raises NotCopied and OSError; a file that is there
    is never written over, and nothing half-made is left under the name.
    """
    source = _place(url)
    if not source.exists():
        raise NotCopied(f"There is no database at {source} yet, so there is nothing to copy.")
    if target.exists():
        raise NotCopied(f"{target} is there already, and nothing is written over. Name a new file.")
    with _part(target) as made:
        _fill(source, made)
        _sync(made)
        try:
            os.link(made, target)  # unlike a rename, it fails if somebody else made the file meanwhile
        except FileExistsError as taken:
            raise NotCopied(f"{target} was made by somebody else meanwhile. Name a new file.") from taken
    return target.stat().st_size


def restore(url: str, kept: Path) -> Path | None:
    """Put a copy in the database's place; the file that now keeps what stood there, None if nothing did.

    Posting is paused in it, drafts are held, and what waited to go out is put before a person: it may be out by now.
    Stop the program first. Raises NotCopied, NewerDatabase and OSError, with the database as it was.
    """
    target = _place(url)
    if not kept.exists():
        raise NotCopied(f"There is no file {kept}. Nothing was changed.")
    target.parent.mkdir(parents=True, exist_ok=True)
    before = _free(target) if target.exists() else None
    with _part(target) as made:
        _fill(kept, made)
        _calm(made)
        if before is not None:
            copy(url, before)
        target.touch(mode=0o600)
        _fill(made, target)  # as one transaction of SQLite's: no other file beside it has to be removed
    return before


def _place(url: str) -> Path:
    place = make_url(url)
    if place.get_backend_name() != "sqlite" or not place.database:
        raise NotCopied("Only SQLite is copied here. For PostgreSQL use pg_dump and pg_restore.")
    return Path(place.database)


def _free(target: Path) -> Path:
    names = (target.with_name(f"{target.name}.before-restore{number}") for number in ("", *range(2, 1000)))
    return next(name for name in names if not name.exists())


@contextmanager
def _part(target: Path) -> Iterator[Path]:
    """A file beside the target for our eyes alone, gone afterwards."""
    made = target.with_name(f"{target.name}.part")
    made.unlink(missing_ok=True)
    os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield made
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            made.with_name(made.name + ending).unlink(missing_ok=True)


def _fill(source: Path, target: Path) -> None:
    try:
        there = sqlite3.connect(f"{source.resolve().as_uri()}?mode=rw", uri=True)  # is not made if it is not there
        with closing(there), closing(sqlite3.connect(target, timeout=10)) as here:
            there.backup(here, pages=PAGES, sleep=NAP)
            found = here.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as failure:
        raise NotCopied(
            f"{source} could not be copied ({failure}). See that it is a database of Backchannel's, that this user may "
            "use it, and that there is room on the disk."
        ) from failure
    if found != "ok":
        raise NotCopied(f"The copy of {source} is not whole ({found}), so it was not kept. Check the disk it lies on.")


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _calm(made: Path) -> None:
    """Bring a copy up to date, and see that nothing leaves it by itself."""
    store = Store(f"sqlite:///{made}")
    try:
        with store.read() as tx:
            if schema.current(tx) is None:
                raise NotCopied("That file is no backup of Backchannel's. Nothing was changed.")
        schema.migrate(store)
        with store.write() as tx:
            hold_everything(tx, store.now(tx))
        with closing(sqlite3.connect(made)) as whole:
            whole.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    finally:
        store.close()


def hold_everything(tx: Connection, now: datetime) -> None:
    """Pause all posting, hold every draft, and ask a person of each delivery whether it went out meanwhile."""
    drafts.set_paused(tx, now, WHO, on=True)
    free = update(post).where(post.c.state == "draft", post.c.held_by == "")
    tx.execute(free.values(held_by=WHO, held_at=now, go_at=None, waits_for="held"))
    waiting = update(delivery).where(delivery.c.state == "queued")
    tx.execute(waiting.values(state="asking", evidence=PERHAPS, token=delivery.c.token + 1))
    changes.record(tx, now, WHO, "restored", kind="switch")
