"""The stream of changes: what an open page is told, from where, and when it ends."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import event as sa_event
from sqlalchemy import insert

from bot.console import live, ticker
from bot.store import changes, sessions, tables
from bot.store.engine import Store
from tests.console.scene import NOW, Scene
from tests.console.server import serving

News = tuple[str, str, dict[str, Any]]  # event, id, data


@pytest.fixture
def url(store: Store, scene: Scene) -> Iterator[str]:
    with serving(store) as address:
        yield address


@pytest.fixture
def cookie(scene: Scene) -> dict[str, str]:
    return {"session": scene.session(scene.person("Amira Khan", "lead"))}


def change(store: Store, event_id: int | None, what: str = "parked") -> int:
    with store.write() as tx:
        return changes.record(tx, NOW, "Joe", what, event_id=event_id, kind="question", ref=1)


def read(answer: httpx.Response) -> Iterator[News]:
    name, number, data = "message", "", ""
    for line in answer.iter_lines():
        if line.startswith("event:"):
            name = line[6:].strip()
        elif line.startswith("id:"):
            number = line[3:].strip()
        elif line.startswith("data:"):
            data = line[5:].strip()
        elif not line and data:
            yield name, number, json.loads(data)
            name, number, data = "message", "", ""


@contextmanager
def stream(url: str, cookie: dict[str, str], after: str = "", last: str = "") -> Iterator[httpx.Response]:
    query = f"?after={after}" if after else ""
    headers = {"last-event-id": last} if last else {}
    with (
        httpx.Client(base_url=url, cookies=cookie, timeout=15) as client,
        client.stream("GET", f"/e/peer-support/live{query}", headers=headers) as answer,
    ):
        yield answer


def test_a_change_reaches_an_open_page_with_its_row_number_as_id(
    url: str, cookie: dict[str, str], store: Store, scene: Scene
) -> None:
    with stream(url, cookie) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-accel-buffering"] == "no"
        told = read(answer)
        assert next(told)[0] == "hello"
        made = change(store, scene.event_id)
        assert next(told) == ("change", str(made), {"kind": "question", "ref": 1, "what": "parked", "who": "Joe"})


def test_changes_of_other_events_are_not_told_and_those_of_all_events_are(
    url: str, cookie: dict[str, str], store: Store, scene: Scene
) -> None:
    other = Scene(store, "other", "Another event")
    with stream(url, cookie) as answer:
        told = read(answer)
        next(told)
        change(store, other.event_id)
        shared = change(store, None, "paused")
        assert next(told)[1] == str(shared)


def test_what_was_missed_is_told_again_in_order(url: str, cookie: dict[str, str], store: Store, scene: Scene) -> None:
    made = [change(store, scene.event_id) for _ in range(5)]
    with stream(url, cookie, after=str(made[1])) as answer:
        told = read(answer)
        assert [next(told)[1] for _ in range(4)] == ["", *map(str, made[2:])]
    with stream(url, cookie, after="0", last=str(made[3])) as answer:
        told = read(answer)
        assert [next(told)[1] for _ in range(2)] == ["", str(made[4])]


def test_after_too_many_missed_changes_the_page_is_told_to_load_again(
    url: str, cookie: dict[str, str], store: Store, scene: Scene
) -> None:
    with store.write() as tx:
        for _ in range(live.REPLAY + 1):
            changes.record(tx, NOW, "", "parked", event_id=scene.event_id, kind="question", ref=1)
    with stream(url, cookie, after="0") as answer:
        told = read(answer)
        assert [next(told)[0] for _ in range(2)] == ["hello", "reset"]


def test_a_change_that_commits_late_under_a_lower_number_is_told_too(
    url: str, cookie: dict[str, str], store: Store, scene: Scene
) -> None:
    first = change(store, scene.event_id)
    with stream(url, cookie) as answer:
        told = read(answer)
        next(told)
        add_as(store, scene.event_id, first + 50)
        assert next(told)[1] == str(first + 50)
        add_as(store, scene.event_id, first + 20)
        assert next(told)[1] == str(first + 20)
        with stream(url, cookie, after=str(first + 50)) as opened:  # it was loaded before the late one came
            late = read(opened)
            assert [next(late)[1] for _ in range(2)] == ["", str(first + 20)]


def add_as(store: Store, event_id: int, number: int) -> None:
    with store.write() as tx:
        tx.execute(insert(tables.change).values(id=number, at=NOW, what="parked", event_id=event_id, kind="question"))


def test_the_stream_ends_when_the_person_is_signed_out(
    url: str, cookie: dict[str, str], store: Store, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticker, "SESSION_EVERY", 0.2)
    with stream(url, cookie) as answer:
        told = read(answer)
        next(told)
        with store.write() as tx:
            sessions.end(tx, cookie["session"])
        assert list(told) == []


@pytest.mark.parametrize("path", ["/e/peer-support/live", "/e/nowhere/live"])
def test_nobody_listens_without_signing_in(path: str, url: str) -> None:
    assert httpx.get(url + path).status_code == 401


def test_300_open_pages_cost_no_more_reading_than_one(
    url: str, cookie: dict[str, str], store: Store, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticker, "SESSION_EVERY", 1.0)
    sessions = [scene.session(scene.person(f"Helper {n}", "facilitator")) for n in range(20)]
    reads: list[str] = []

    @sa_event.listens_for(store.engine, "before_cursor_execute")
    def count(*said: Any) -> None:
        reads.append(said[2])

    def rate() -> int:
        reads.clear()
        time.sleep(3)
        return len([words for words in reads if words.startswith("SELECT")])

    with ExitStack() as pages:
        pages.enter_context(listening(url, cookie["session"]))
        alone = rate()
        for n in range(299):
            pages.enter_context(listening(url, sessions[n % len(sessions)]))
        together = rate()
    assert alone >= 4
    assert together <= 3 / ticker.EVERY + 3 + 2  # looks at changes, at sessions, and what falls on the edge


@contextmanager
def listening(url: str, session: str) -> Iterator[None]:
    """An open page that has been greeted, without a client's threads."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname or "", address.port or 80), 15) as wire:
        asked = f"GET /e/peer-support/live HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: session={session}\r\n\r\n"
        wire.sendall(asked.encode())
        got = b""
        while b"hello" not in got:
            part = wire.recv(4096)
            assert part, got
            got += part
        yield


def test_pages_that_open_at_once_start_one_reader(store: Store, scene: Scene) -> None:
    async def open_some() -> int:
        one = ticker.Ticker(store, every=30)
        await asyncio.gather(*(one.join(scene.event_id, "secret") for _ in range(20)))
        readers = [task for task in asyncio.all_tasks() if task.get_coro().__name__ == "_run"]  # type: ignore[union-attr]
        one.stop()
        return len(readers)

    assert asyncio.run(open_some()) == 1


def test_a_page_that_does_not_follow_is_let_go_and_the_others_are_not(store: Store, scene: Scene) -> None:
    async def fill() -> tuple[list[int | None], int]:
        one = ticker.Ticker(store, every=0.01)
        slow, quick = await one.join(scene.event_id, "a"), await one.join(scene.event_id, "b")
        for _ in range(ticker.QUEUE + 1):
            change(store, scene.event_id)
        got = 0
        while got <= ticker.QUEUE:
            assert await asyncio.wait_for(quick.queue.get(), 10) is not None
            got += 1
        waiting = [slow.queue.get_nowait() for _ in range(slow.queue.qsize())]
        one.stop()
        return [None if news is None else news[0] for news in waiting[-1:]], got

    assert asyncio.run(fill()) == ([None], ticker.QUEUE + 1)


def test_a_server_that_stops_does_not_wait_for_open_streams(
    store: Store, scene: Scene, cookie: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with ExitStack() as pages:
        with serving(store) as address:
            told = read(pages.enter_context(stream(address, cookie)))
            next(told)
            began = time.monotonic()
        assert time.monotonic() - began < 3
        assert list(told) == []
    assert caplog.records == []
