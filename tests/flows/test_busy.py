"""One process on SQLite under load: 500 items arrive, posts go out, ten people click, pages listen; nobody waits."""

from __future__ import annotations

import logging
import threading
import time
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from sqlalchemy import func, select

from bot.networks.base import Network
from bot.networks.rehearsal import Remote
from bot.settings import load
from bot.store import people, schema, sessions
from bot.store.engine import Store
from bot.store.tables import delivery, item, question
from bot.worker import Worker
from tests.console.server import serving
from tests.flows.house import page
from tests.flows.program import free_port, played, until

CALL = 2.0  # seconds that every call to a network takes
PEOPLE = 10
ARRIVING = 500
PAGE = 100  # the most that a network gives at once
ENTRIES = 4


class Slow:
    """A network whose every call takes its time; when each began and ended is written down."""

    def __init__(self, network: Network, calls: list[tuple[float, float]]) -> None:
        self._network, self._calls = network, calls

    def __getattr__(self, name: str) -> Any:
        what = getattr(self._network, name)
        if name not in ("fetch", "entries", "recheck", "send", "find"):
            return what

        def call(*args: Any) -> Any:
            began = time.monotonic()
            time.sleep(CALL)
            try:
                return what(*args)
            finally:
                self._calls.append((began, time.monotonic()))

        return call


class Person(threading.Thread):
    """Somebody who reads the list and moves a question to and fro until told to stop."""

    def __init__(self, url: str, token: str, question_id: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._url, self._token, self._question, self._stopped = url, token, question_id, stop
        self.clicks: list[tuple[float, float]] = []
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            with httpx.Client(base_url=self._url, headers={"origin": self._url}, timeout=60) as browser:
                assert browser.post(f"/in/{self._token}").status_code == 303
                while not self._stopped.wait(0.1):
                    self._click(browser, "park", "waiting")
                    self._click(browser, "wait", "parked")
        except BaseException as failure:
            self.failure = failure

    def _click(self, browser: httpx.Client, action: str, seen: str) -> None:
        began = time.monotonic()
        done = browser.post(
            f"/e/peer-support/questions/{self._question}/{action}",
            data={"seen": seen},
            headers={"accept": "application/json"},
        )
        self.clicks.append((began, time.monotonic()))
        assert done.status_code == 200, done.text
        assert done.json()["ok"], done.text


class Listener(threading.Thread):
    """A page that stays open and hears of changes."""

    def __init__(self, url: str, token: str) -> None:
        super().__init__(daemon=True)
        self._url, self._token = url, token
        self.heard = 0
        self.stop = threading.Event()

    def run(self) -> None:
        with httpx.Client(base_url=self._url, headers={"origin": self._url}, timeout=60) as browser:
            browser.post(f"/in/{self._token}")
            with browser.stream("GET", "/e/peer-support/live") as told:
                for line in told.iter_lines():
                    self.heard += line.startswith("data:")
                    if self.stop.is_set():
                        return


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


@contextmanager
def _working(store: Store, folder: Path, calls: list[tuple[float, float]]) -> Iterator[Worker]:
    file = folder / "settings.toml"
    text = played(folder, free_port()).replace("lease_seconds = 3", "lease_seconds = 6")
    file.write_text(text.replace("[networks.x.rehearsal]\nslow = 0.2", f"[networks.x.rehearsal]\npage = {PAGE}"))
    worker = Worker(store, load(file, {}))
    for opened in (worker.readers, worker.senders):
        for name in opened:
            opened[name] = Slow(opened[name], calls)  # type: ignore[assignment]
    worker.start()
    try:
        yield worker
    finally:
        worker.stop(20)


def _tokens(store: Store, count: int) -> list[str]:
    with store.write() as tx:
        now = store.now(tx)
        numbers = [people.ensure(tx, now, f"Person {n}", "lead") for n in range(count)]
        return [sessions.new_ticket(tx, now, number, timedelta(hours=1)) for number in numbers]


def _count(store: Store, table: Any, *where: Any) -> int:
    with store.read() as tx:
        return int(tx.execute(select(func.count()).select_from(table).where(*where)).scalar_one())


def _arrive(remote: Remote, number: int, *, first: int = 0) -> None:
    now = datetime.now(UTC)
    for n in range(first, first + number):
        remote.say("x", f"@p{n}", f"What about topic {n} and the {n * 7} others on list {n}? #QLabs", written_at=now)


def _in_flight(clicks: list[tuple[float, float]], calls: list[tuple[float, float]]) -> int:
    """How many clicks began and ended while one and the same call was under way."""
    calls = sorted(calls)
    begins = [began for began, _ in calls]
    return sum(
        any(calls[n][1] >= ended for n in range(bisect_right(begins, began))) for began, ended in clicks
    )  # fmt: skip


@pytest.mark.timeout(240)
def test_no_click_waits_for_a_network_call(
    remote: Remote, store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, "apscheduler")  # it warns of every tick that is still at work
    calls: list[tuple[float, float]] = []
    stop = threading.Event()
    with structlog.testing.capture_logs() as said, _working(store, tmp_path, calls):
        until(lambda: bool(calls), "the first reading ended")
        _arrive(remote, PEOPLE)
        until(lambda: _count(store, question) >= PEOPLE, "there is something to click")
        with store.read() as tx:
            numbers = list(tx.execute(select(question.c.id).order_by(question.c.id).limit(PEOPLE)).scalars())
        tokens = _tokens(store, PEOPLE + 3)
        with serving(store) as url:
            crowd = [Person(url, token, n, stop) for token, n in zip(tokens, numbers, strict=False)]
            listeners = [Listener(url, token) for token in tokens[PEOPLE:]]
            for one in (*crowd, *listeners):
                one.start()
            _arrive(remote, ARRIVING, first=PEOPLE)
            entries = [(f"9.{50 - n}am", f"Session {n}", f"Words of session {n}.") for n in range(ENTRIES)]
            for n in range(ENTRIES):
                remote.save_blog(page(entries[ENTRIES - 1 - n :]), title="Live blog")
            sent = delivery.c.state == "sent"
            until(lambda: _count(store, item) == ARRIVING + PEOPLE, "all items are stored", 90)
            until(lambda: _count(store, delivery, sent) >= 3 * ENTRIES, "all updates are out", 90)
            until(lambda: sum(len(one.clicks) for one in crowd) > 400, "people clicked", 60)
            stop.set()
            for person in crowd:
                person.join(30)
            for listener in listeners:
                listener.stop.set()
    assert [person.failure for person in crowd if person.failure] == []
    clicks = [click for person in crowd for click in person.clicks]
    took = sorted(ended - began for began, ended in clicks)
    p50, p99 = took[len(took) // 2], took[int(len(took) * 0.99)]
    figures = {
        "clicks": len(clicks), "p50 ms": round(p50 * 1000), "p99 ms": round(p99 * 1000),
        "slowest ms": round(took[-1] * 1000), "calls": len(calls), "clicks within one call": _in_flight(clicks, calls),
        "heard": [one.heard for one in listeners],
    }  # fmt: skip
    print(figures)
    errors = [line for line in said if line["log_level"] in ("error", "critical")]
    assert errors == [], "such as 'database is locked'"
    assert _in_flight(clicks, calls) > 0.9 * len(clicks)
    assert took[int(len(took) * 0.95)] < CALL / 2, "clicks took about as long as a call to a network"
    assert all(one.heard > 0 for one in listeners)
    assert [one.text for one in remote.posts("x")] == list(dict.fromkeys(one.text for one in remote.posts("x")))
