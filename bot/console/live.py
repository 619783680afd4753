"""News for open pages: one ticker per process reads the changes, each page has a stream of them."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Any, Protocol

from sqlalchemy import Row
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.store import board, people
from bot.store.engine import Store

EVERY = 0.5  # seconds between two looks at the changes
PING = 15
REPLAY = 500  # missed changes that are told one by one; of more, the page is told to reload its list
WINDOW = 200  # ids below the newest that are read again: on PostgreSQL a lower id may commit later
QUEUE = 100
SESSION_EVERY = 60.0  # seconds between two looks whether the person is still signed in

News = tuple[int, int | None, str]  # id, event, what the page is told


class Ticker:
    """Reads new changes while a page listens, and hands each to every stream of this process."""

    def __init__(self, store: Store, every: float = EVERY) -> None:
        self.store = store
        self.every = every
        self._streams: set[asyncio.Queue[News | None]] = set()
        self._task: asyncio.Task[None] | None = None
        self._told: deque[int] = deque(maxlen=4 * WINDOW)
        self._newest = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = False

    async def join(self) -> asyncio.Queue[News | None]:
        """A queue that gets every change from now on; None on it ends the stream."""
        queue: asyncio.Queue[News | None] = asyncio.Queue(QUEUE)
        self._loop = asyncio.get_running_loop()
        if self._ended:
            queue.put_nowait(None)
            return queue
        if self._task is None or self._task.done():
            self._newest, recent = await run_in_threadpool(self._start)
            self._told.extend(recent)
            self._task = asyncio.create_task(self._run())
        self._streams.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[News | None]) -> None:
        """The stream is gone; the last one to leave stops the reading."""
        self._streams.discard(queue)
        if not self._streams:
            self.stop()

    def stop(self) -> None:
        """End every stream and stop reading."""
        for queue in self._streams:
            _end(queue)
        self._streams.clear()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def end(self) -> None:
        """End every stream for good, from any thread: call it before the server stops, which else waits for them."""
        self._ended = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.stop)

    def _start(self) -> tuple[int, list[int]]:
        with self.store.read() as tx:
            newest = board.newest_change(tx)
            return newest, [row.id for row in board.changes_after(tx, newest - WINDOW, 2 * WINDOW)]

    def _look(self) -> Sequence[Row[Any]]:
        with self.store.read() as tx:
            return board.changes_after(tx, self._newest - WINDOW, 2 * WINDOW)

    async def _run(self) -> None:
        try:
            while True:
                await asyncio.sleep(self.every)
                for row in await run_in_threadpool(self._look):
                    if row.id not in self._told:
                        self._told.append(row.id)
                        self._newest = max(self._newest, row.id)
                        self._tell(news(row))
        finally:  # the pages reconnect, and the first one starts the reading again
            for queue in self._streams:
                _end(queue)
            self._streams.clear()

    def _tell(self, one: News) -> None:
        for queue in list(self._streams):
            if queue.full():  # too slow to follow: it reconnects and replays
                self._streams.discard(queue)
                _end(queue)
            else:
                queue.put_nowait(one)


def _end(queue: asyncio.Queue[News | None]) -> None:
    while queue.full():
        queue.get_nowait()
    queue.put_nowait(None)


def news(row: Row[Any]) -> News:
    """What a page is told of a change: ids and states, never a person's words."""
    return row.id, row.event_id, json.dumps({"kind": row.kind, "ref": row.ref, "what": row.what, "who": row.who})


class _Told(Protocol):
    store: Store
    ticker: Ticker


def _missed(store: Store, after: int) -> list[News] | None:
    """Changes after that id; None if there are too many to tell one by one."""
    with store.read() as tx:
        rows = board.changes_after(tx, after, REPLAY + 1)
    return None if len(rows) > REPLAY else [news(row) for row in rows]


def _after(request: Request) -> int | None:
    word = request.headers.get("last-event-id") or request.query_params.get("after", "")
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= 18 else None


async def stream(request: Request) -> Response:
    """The changes of one event as they happen, from ``Last-Event-ID`` or ``?after=`` on."""
    console = request.app.state.console
    secret = request.cookies.get(console.options.cookie, "")
    event_id = await run_in_threadpool(_event_for, console.store, secret, request.path_params["slug"])
    if event_id is None:
        return PlainTextResponse("You are signed out, or there is no such event.", 401)
    return EventSourceResponse(
        _events(console, secret, event_id, _after(request)),
        ping=PING,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _event_for(store: Store, secret: str, slug: str) -> int | None:
    with store.read() as tx:
        if people.of_session(tx, store.now(tx), secret) is None:
            return None
        return next((int(row.id) for row in board.events(tx) if row.slug == slug), None)


def _still(store: Store, secret: str) -> bool:
    with store.read() as tx:
        return people.of_session(tx, store.now(tx), secret) is not None


async def _events(told: _Told, secret: str, event_id: int, after: int | None) -> AsyncIterator[ServerSentEvent]:
    queue = await told.ticker.join()  # before the replay: what comes meanwhile is told twice rather than never
    try:
        yield ServerSentEvent(event="hello", data="{}", retry=2000)
        missed = await run_in_threadpool(_missed, told.store, after) if after is not None else []
        if missed is None:
            yield ServerSentEvent(event="reset", data="{}")
        for one in missed or []:
            if one[1] in (None, event_id):
                yield _sent(one)
        async for one in _from(queue, told.store, secret):
            if one[1] in (None, event_id):
                yield _sent(one)
    finally:
        told.ticker.leave(queue)


async def _from(queue: asyncio.Queue[News | None], store: Store, secret: str) -> AsyncIterator[News]:
    """News until the queue ends or the person is signed out."""
    clock = asyncio.get_running_loop().time
    look_at = clock() + SESSION_EVERY
    while True:
        try:
            one = await asyncio.wait_for(queue.get(), max(0.1, look_at - clock()))
        except TimeoutError:
            one = (0, -1, "")
        if one is None:
            return
        if clock() >= look_at:
            if not await run_in_threadpool(_still, store, secret):
                return
            look_at = clock() + SESSION_EVERY
        if one[0]:
            yield one


def _sent(one: News) -> ServerSentEvent:
    return ServerSentEvent(event="change", id=str(one[0]), data=one[2])
