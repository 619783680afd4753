"""A backup is whole, is nobody else's to read, and writes over nothing; restored, it sends nothing by itself."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.store import backup, drafts, people, schema
from bot.store.engine import Store
from bot.store.tables import delivery, person, post
from tests.flows.house import Clock
from tests.flows.program import until
from tests.store.rows import drafted, rows


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A database with one person in it, open in another process's place."""
    address = f"sqlite:///{tmp_path}/a folder/backchannel.db"
    store = Store(address)
    schema.migrate(store)
    with store.write() as tx:
        people.ensure(tx, store.now(tx), "Ada", "comms")
    yield address
    store.close()


def _names(file: Path) -> list[str]:
    store = Store(f"sqlite:///{file}")
    with store.read() as tx:
        found = list(tx.execute(select(person.c.name).order_by(person.c.id)).scalars())
    store.close()
    return found


def test_what_was_committed_is_in_the_copy_and_the_copy_starts_as_a_database(url: str, tmp_path: Path) -> None:
    target = tmp_path / "kept.db"
    assert backup.copy(url, target) == target.stat().st_size
    assert target.stat().st_mode & 0o777 == 0o600
    assert "Ada" in _names(target)
    restored = Store(f"sqlite:///{target}")
    assert schema.migrate(restored) is False
    restored.close()


def test_a_copy_that_is_made_while_others_write_holds_whole_transactions_only(url: str, tmp_path: Path) -> None:
    writer, ended, written = Store(url), threading.Event(), [0]

    def write() -> None:
        while not ended.is_set():
            with writer.write() as tx:
                for half in ("first", "second"):
                    people.ensure(tx, writer.now(tx), f"{half} {written[0]}", "viewer")
            written[0] += 1

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    until(lambda: written[0] > 2, "something is written")
    for number in range(3):
        backup.copy(url, tmp_path / f"{number}.db")
    ended.set()
    thread.join()
    writer.close()
    for number in range(3):
        names = _names(tmp_path / f"{number}.db")
        halves = [{name.partition(" ")[2] for name in names if name.startswith(half)} for half in ("first", "second")]
        assert halves[0] == halves[1] != set()


def test_a_file_that_is_there_is_not_written_over(url: str, tmp_path: Path) -> None:
    target = tmp_path / "kept.db"
    target.write_text("mine")
    with pytest.raises(backup.NotCopied, match="nothing is written over"):
        backup.copy(url, target)
    assert target.read_text() == "mine"


def test_a_database_from_before_an_upgrade_is_copied_as_it_is(tmp_path: Path) -> None:
    old = Store(f"sqlite:///{tmp_path}/old.db")
    schema.migrate(old, to="0002")
    old.close()
    backup.copy(f"sqlite:///{tmp_path}/old.db", tmp_path / "kept.db")
    with closing(sqlite3.connect(tmp_path / "kept.db")) as kept:
        assert kept.execute("SELECT version_num FROM alembic_version").fetchone() == ("0002",)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql+psycopg://somebody@host/name", "pg_dump"),
        ("sqlite:///{folder}/none.db", "nothing to copy"),
        ("sqlite:///{folder}/words.db", "could not be copied"),
    ],
)
def test_what_cannot_be_copied_is_said_and_leaves_nothing(address: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "words.db").write_text("this is no database at all, but it is long enough to look like one" * 20)
    with pytest.raises(backup.NotCopied, match=words):
        backup.copy(address.format(folder=tmp_path), tmp_path / "kept.db")
    assert [file.name for file in tmp_path.iterdir()] == ["words.db"]


def test_a_copy_that_is_not_whole_is_not_kept(url: str, tmp_path: Path) -> None:
    file = tmp_path / "a folder" / "backchannel.db"
    with closing(sqlite3.connect(file)) as there:
        there.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = there.execute("PRAGMA page_size").fetchone()[0]
        roots = [row[0] for row in there.execute("SELECT rootpage FROM sqlite_master WHERE name = 'person'")]
    with file.open("r+b") as raw:
        raw.seek((roots[0] - 1) * page)
        raw.write(b"\xff" * page)
    with pytest.raises(backup.NotCopied):
        backup.copy(url, tmp_path / "kept.db")
    assert not (tmp_path / "kept.db").exists()


def test_a_restored_backup_takes_the_place_of_what_is_there_which_is_kept(url: str, tmp_path: Path) -> None:
    backup.copy(url, tmp_path / "kept.db")
    still_open = Store(url)
    with still_open.write() as tx:
        people.ensure(tx, still_open.now(tx), "Later", "viewer")
    before = backup.restore(url, tmp_path / "kept.db")
    with still_open.read() as tx:
        assert "Later" not in set(tx.execute(select(person.c.name)).scalars())
    still_open.close()
    assert before is not None
    assert before.stat().st_mode & 0o777 == 0o600
    assert "Later" in _names(before)
    assert backup.restore(url, tmp_path / "kept.db") != before
    assert not list(tmp_path.rglob("*.part*"))


def test_a_backup_is_restored_where_nothing_is_yet(url: str, tmp_path: Path) -> None:
    backup.copy(url, tmp_path / "kept.db")
    fresh = tmp_path / "another machine" / "backchannel.db"
    assert backup.restore(f"sqlite:///{fresh}", tmp_path / "kept.db") is None
    assert "Ada" in _names(fresh)
    assert fresh.stat().st_mode & 0o777 == 0o600


def test_after_a_restore_nothing_goes_out_by_itself(store: Store, clock: Clock) -> None:
    drafted(store, "Welcome")
    approved = drafted(store, "Lunch")
    with store.write() as tx:
        drafts.approve(tx, clock(), "Ada", approved, approved.revision, None)
        backup.hold_everything(tx, clock())
    clock.go(3600)
    with store.write() as tx:
        assert drafts.paused(tx)
        assert drafts.end_grace(tx, clock()) == []
    assert {row.held_by for row in rows(store, post, post.c.state == "draft")} == {backup.WHO}
    waited = rows(store, delivery)
    assert waited
    assert {(row.state, row.evidence) for row in waited} == {("asking", backup.PERHAPS)}


def test_a_backup_of_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    old = Store(f"sqlite:///{tmp_path}/old.db")
    schema.migrate(old, to="0002")
    old.close()
    backup.restore(f"sqlite:///{tmp_path}/now.db", tmp_path / "old.db")
    now = Store(f"sqlite:///{tmp_path}/now.db")
    with now.read() as tx:
        assert schema.current(tx) == schema.newest()
    now.close()


def test_a_file_that_is_no_backup_changes_nothing(url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
    (tmp_path / "words.db").write_text("no database" * 200)
    for name, words in (("other.db", "no backup"), ("words.db", "could not be copied"), ("none.db", "no file")):
        with pytest.raises(backup.NotCopied, match=words):
            backup.restore(url, tmp_path / name)
    assert "Ada" in _names(tmp_path / "a folder" / "backchannel.db")
    assert not list(tmp_path.rglob("*before-restore*"))
