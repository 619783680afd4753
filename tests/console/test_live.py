"""The stream of changes: what an open page is told, from where, and when it ends."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import event as sa_event

from bot.console import live
from bot.store import changes, people
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


def test_a_change_that_commits_late_under_a_lower_number_is_told_too(store: Store, scene: Scene) -> None:
    ticker = live.Ticker(store)
    first = change(store, scene.event_id)
    newest, recent = ticker._start()
    assert newest == first
    ticker._newest = newest + 50  # as if later numbers had been seen already
    late = change(store, scene.event_id)
    assert [row.id for row in ticker._look() if row.id not in recent] == [late]


def test_the_stream_ends_when_the_person_is_signed_out(
    url: str, cookie: dict[str, str], store: Store, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "SESSION_EVERY", 0.2)
    with stream(url, cookie) as answer:
        told = read(answer)
        next(told)
        with store.write() as tx:
            people.end_session(tx, cookie["session"])
        assert list(told) == []


@pytest.mark.parametrize("path", ["/e/peer-support/live", "/e/nowhere/live"])
def test_nobody_listens_without_signing_in(path: str, url: str) -> None:
    assert httpx.get(url + path).status_code == 401


def test_many_open_pages_cost_no_more_reading_than_one(
    url: str, cookie: dict[str, str], store: Store, scene: Scene
) -> None:
    reads: list[str] = []

    @sa_event.listens_for(store.engine, "before_cursor_execute")
    def count(*said: Any) -> None:
        reads.append(said[2])

    def rate() -> int:
        reads.clear()
        time.sleep(2)
        return len([words for words in reads if "FROM change" in words])

    with ExitStack() as pages:
        told = [read(pages.enter_context(stream(url, cookie)))]
        next(told[0])
        alone = rate()
        told += [read(pages.enter_context(stream(url, cookie))) for _ in range(10)]
        for one in told[1:]:
            next(one)
        together = rate()
    assert alone >= 2
    assert together <= alone + 1


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
