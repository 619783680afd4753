"""The remote side of the stand-in is on disk before it answers, whoever is killed or writes beside it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.networks.base import (
    Misconfigured,
    Network,
    Options,
    Unavailable,
)
from bot.networks.rehearsal import Rehearsal, Remote
from tests.networks.memory import DictMemory
from tests.networks.rehearsal_scene import (
    Clock,
    post,
)


def _post_until_killed(path: str, ready: Any) -> None:
    options = Options(f"rehearsal:{path}", extra={"name": "mastodon"})
    network = Rehearsal(options, DictMemory(100), lambda: datetime.now(UTC))
    ready.set()
    for n in range(100_000):
        network.send(post("mastodon", f"number {n}", key=f"k{n}"))


def test_what_was_answered_is_there_after_a_kill_and_effect_and_log_agree(tmp_path: Path) -> None:
    processes = multiprocessing.get_context("spawn")
    ready = processes.Event()
    victim = processes.Process(target=_post_until_killed, args=(str(tmp_path / "remote.db"), ready), daemon=True)
    victim.start()
    try:
        assert ready.wait(30)
        remote = Remote(tmp_path / "remote.db")  # beside a writer that never pauses
        while len(remote.posts("mastodon")) < 5:
            assert victim.is_alive()
    finally:
        os.kill(victim.pid or 0, signal.SIGKILL)
        victim.join(10)
    assert [call.key for call in remote.calls("mastodon", "send") if call.effect] == [
        one.key for one in remote.posts("mastodon")
    ]
    remote.close()


def test_many_threads_write_through_one_file_and_nothing_is_lost(remote: Remote, opened: Any) -> None:
    def write(network: Network, first: int) -> None:
        for n in range(first, first + 10):
            network.send(post("mastodon", f"number {n}", key=f"k{n}"))

    threads = [threading.Thread(target=write, args=(opened("mastodon"), n * 10), daemon=True) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.key for one in remote.posts("mastodon")) == sorted(f"k{n}" for n in range(40))


def test_an_act_with_a_slug_happens_once(remote: Remote) -> None:
    assert remote.say("x", "asha", "hello", slug="a") == remote.say("x", "asha", "hello", slug="a")
    assert remote.save_blog("<p>1</p>", slug="s") == remote.save_blog("<p>1</p>", slug="s")
    assert len(remote.said("x")) == 1
    assert remote.save_blog("<p>1</p>") == 2


def test_what_is_not_there_cannot_be_changed(remote: Remote) -> None:
    with pytest.raises(KeyError, match="no post 7 on x"):
        remote.edit("x", "7", "other words")
    with pytest.raises(KeyError):
        remote.delete("x", "7")
    with pytest.raises(ValueError, match="cannot be 'lost'"):
        remote.comment("Tom", "Hello", standing="lost")


def test_a_full_disk_has_no_effect_and_work_goes_on_when_there_is_room(remote: Remote, opened: Any) -> None:
    mastodon = opened("mastodon")
    file = mastodon.remote._db
    (pages,) = file.execute("PRAGMA page_count").fetchone()
    file.execute(f"PRAGMA max_page_count = {pages}")
    sent: list[str] = []
    full: list[str] = []
    for n in range(40):
        try:
            mastodon.send(post("mastodon", "x" * 499, key=f"k{n}"))
            sent.append(f"k{n}")
        except Unavailable as failure:
            full.append(str(failure))
    assert full
    assert all("cannot be used" in sentence for sentence in full)
    assert [one.key for one in remote.posts("mastodon")] == sent
    file.execute(f"PRAGMA max_page_count = {pages * 1000}")
    mastodon.send(post("mastodon", key="after"))
    assert remote.posts("mastodon")[-1].key == "after"


def test_a_file_that_cannot_be_used_is_said_in_a_sentence(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "letter.txt").write_text("Dear all, this is no database. " * 200)
    for file in (tmp_path, tmp_path / "letter.txt", tmp_path / "letter.txt" / "remote.db"):
        with pytest.raises(Misconfigured, match="cannot keep its remote side in"):
            Rehearsal(Options(f"rehearsal:{file}", extra={"name": "x"}), DictMemory(), clock)
