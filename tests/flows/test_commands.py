"""The commands as people and scripts start them: what they do, how they stop, and what they say if they cannot."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from sqlalchemy import event, func, select, text, update

from bot.networks.rehearsal import Remote
from bot.settings import load
from bot.store import schema, wishes
from bot.store.engine import Store
from bot.store.tables import delivery, item, post, switch, wish
from bot.worker import Worker
from tests.flows.house import POSTERS, page
from tests.flows.program import Program, call, free_port, played, until

WELCOME = ("9.50am", "Welcome", "Tea and biscuits at the back.")


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    made = Remote(tmp_path / "remote.db")
    made.save_blog(page([]), title="Live blog")
    yield made
    made.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'backchannel.db'}")
    schema.migrate(made)
    yield made
    made.close()


def _settings(folder: Path, port: int = 0, *changed: tuple[str, str]) -> str:
    words = played(folder, port or free_port())
    for old, new in changed:
        words = words.replace(old, new)
    (folder / "settings.toml").write_text(words)
    return str(folder / "settings.toml")


def _count(store: Store, table: Any, *where: Any) -> int:
    with store.read() as tx:
        return int(tx.execute(select(func.count()).select_from(table).where(*where)).scalar_one())


def _one_sentence(said: str) -> str:
    (line,) = [line for line in said.splitlines() if line.startswith("backchannel: ")]
    assert "Traceback" not in said
    return line


def test_until_idle_reads_each_source_once_sends_what_is_due_and_ends(
    remote: Remote, store: Store, tmp_path: Path
) -> None:
    config = _settings(tmp_path)
    assert call(tmp_path, "worker", "--until-idle", "--config", config).returncode == 0
    remote.say("mastodon", "@grace", "How can carers get peer support at work? #QLabs")
    remote.save_blog(page([WELCOME]), title="Live blog")
    first = call(tmp_path, "worker", "--until-idle", "--config", config)
    assert (first.returncode, _count(store, item)) == (0, 1), first.stderr
    assert [_count(store, post, post.c.state == state) for state in ("draft", "approved")] == [1, 0], "it still waits"
    second = call(tmp_path, "worker", "--until-idle", "--config", config)
    assert second.returncode == 0, second.stderr
    assert {name: len(remote.posts(name)) for name in POSTERS} == dict.fromkeys(POSTERS, 1)
    assert _count(store, delivery, delivery.c.state == "sent") == len(POSTERS)


def test_a_status_for_scripts_says_when_a_person_is_needed(remote: Remote, store: Store, tmp_path: Path) -> None:
    config = _settings(tmp_path)
    alone = call(tmp_path, "status", "--health", "--json", "--config", config)
    assert alone.returncode == 1
    assert "sign of life" in alone.stdout


def test_until_idle_alone_keeps_house_too(remote: Remote, store: Store, tmp_path: Path) -> None:
    config = _settings(tmp_path)
    remote.say("mastodon", "@grace", "How can carers get peer support at work? #QLabs")
    assert call(tmp_path, "worker", "--until-idle", "--config", config).returncode == 0
    assert _count(store, item) == 1
    with store.write() as tx:
        wishes.add(tx, store.now(tx), "Ada", "check", "mastodon")
        tx.execute(update(switch).values(worker_at=None))
    over = (tmp_path / "settings.toml").read_text().replace("[[events]]", "[[events]]\nends = 2020-01-01T00:00:00Z")
    (tmp_path / "settings.toml").write_text(over)
    ended = call(tmp_path, "worker", "--until-idle", "--config", config)
    assert ended.returncode == 0, ended.stderr
    assert [_count(store, item), _count(store, wish, wish.c.done_at.is_(None))] == [0, 0]
    assert _count(store, switch, switch.c.worker_at.is_not(None)) == 1


def test_sigterm_in_the_middle_of_everything_ends_it_cleanly_and_nothing_is_lost(
    remote: Remote, store: Store, tmp_path: Path
) -> None:
    config = _settings(tmp_path)
    for round_number in range(2):
        program = Program(tmp_path, "run", "--config", config)
        try:
            for n in range(60):
                remote.say("mastodon", f"@p{n}", f"What about topic {n} of round {round_number}? #QLabs")
            before = remote.counted("wordpress", "read liveblog")
            until(lambda seen=before: remote.counted("wordpress", "read liveblog") > seen, "it reads")  # type: ignore[misc]
            entries = [(f"9.{10 + n}am", f"Session {n}", "Words.") for n in reversed(range(3 * (1 + round_number)))]
            remote.save_blog(page(entries), title="Live blog")
            time.sleep(0.7 + round_number)
            began = time.monotonic()
            assert program.stop() == 0, (tmp_path / "said.txt").read_text()[-2000:]
            assert time.monotonic() - began < 15
        finally:
            program.kill()
    assert "Traceback" not in (tmp_path / "said.txt").read_text()
    for _ in range(8):
        assert call(tmp_path, "worker", "--until-idle", "--config", config).returncode == 0
        time.sleep(0.5)
    assert _count(store, item) == 120
    assert _count(store, delivery, delivery.c.state.not_in(("sent", "asking"))) == 0
    for name in POSTERS:
        keys = [one.key for one in remote.posts(name)]
        assert len(keys) == len(set(keys)) >= 3


def test_ctrl_c_ends_it_as_cleanly(remote: Remote, tmp_path: Path) -> None:
    config = _settings(tmp_path, port := free_port())
    program = Program(tmp_path, "run", "--config", config)
    try:
        until(lambda: _answers(port), "the console answers")
        program.process.send_signal(signal.SIGINT)
        assert program.process.wait(20) == 0
    finally:
        program.kill()
    said = (tmp_path / "said.txt").read_text()
    assert f"http://127.0.0.1:{port}/in/" in said
    assert "Traceback" not in said


def _answers(port: int) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(f"http://127.0.0.1:{port}/signin").status_code == 200
    return False


def test_a_port_that_is_taken_is_one_sentence_and_exit_2(remote: Remote, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for words in (("run",), ("console",)):
            done = call(tmp_path, *words, "--config", _settings(tmp_path, port))
            assert done.returncode == 2
            assert f"127.0.0.1:{port}" in _one_sentence(done.stderr)
            assert not (tmp_path / "backchannel.db").exists()


def test_a_database_from_a_newer_version_is_one_sentence_and_exit_1(store: Store, tmp_path: Path) -> None:
    with store.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    config = _settings(tmp_path)
    for words in (
        ("run",),
        ("worker", "--until-idle"),
        ("console",),
        ("migrate",),
        ("status",),
        ("people", "add", "Ada"),
    ):
        done = call(tmp_path, *words, "--config", config)
        assert done.returncode == 1, words
        assert "9999, which is newer" in _one_sentence(done.stderr)


def test_settings_that_are_wrong_are_told_all_at_once_and_exit_2(tmp_path: Path) -> None:
    config = _settings(tmp_path, 0, ("Europe/London", "Europe/Londn"), ("poll_seconds = 1", "poll_seconds = 0"))
    done = call(tmp_path, "run", "--config", config)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "Europe/Londn" in done.stderr
    assert "poll_seconds" in done.stderr
    assert call(tmp_path, "run", "--config", "nowhere.toml").returncode == 2


def test_a_file_that_is_no_database_is_one_sentence_and_exit_1(tmp_path: Path) -> None:
    (tmp_path / "backchannel.db").write_text("This is a shopping list, and no database at all. " * 100)
    done = call(tmp_path, "status", "--config", _settings(tmp_path))
    assert done.returncode == 1
    assert "not a database" in _one_sentence(done.stderr)


class _Disk:
    """The room that the database may take, in its pages; None is no limit."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.most: int | None = None
        event.listen(store.engine, "checkout", self._limit)

    def _limit(self, connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {self.most or 1_073_741_823}").close()

    def fill(self, left: int) -> None:
        """Leave room for so many pages."""
        with self._store.read() as tx:
            self.most = int(tx.execute(text("PRAGMA page_count")).scalar_one()) + left


def test_when_the_disk_is_full_what_was_kept_stays_whole_and_it_goes_on_when_there_is_room(
    remote: Remote, store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, "apscheduler")
    disk = _Disk(store)
    settings = load(Path(_settings(tmp_path)), {})
    remote.say("mastodon", "@grace", "How can carers get peer support at work? #QLabs")
    with structlog.testing.capture_logs() as said:
        worker = Worker(store, settings)
        worker.start()
        try:
            until(lambda: _count(store, item) == 1, "the first item is kept")
            disk.fill(6)
            for n in range(150):
                remote.say("mastodon", f"@p{n}", f"What about topic {n}? " + "And why is that? " * 20 + "#QLabs")
            remote.save_blog(page([WELCOME]), title="Live blog")
            until(lambda: any("full" in line.get("why", "") for line in said), "the disk is full")
            with store.read() as tx:
                assert tx.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
                assert 1 <= _count(store, item) < 151
            disk.most = None
            until(lambda: _count(store, item) == 151, "all items are kept once there is room", 60)
            sent = delivery.c.state == "sent"
            until(lambda: _count(store, delivery, sent) == len(POSTERS), "the update went out", 90)
        finally:
            worker.stop()
    assert {name: len(remote.posts(name)) for name in POSTERS} == dict.fromkeys(POSTERS, 1)
    assert not any(line["event"] == "tick failed" for line in said), "it is refused in words, not as a bug"
