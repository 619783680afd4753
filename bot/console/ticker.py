"""One reader of changes for all open pages of a process: a page more costs no reading more."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import Row
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool

from bot.store import changes, presence, screens, sessions
from bot.store.engine import Store

log = structlog.get_logger()
EVERY = 0.5  # seconds between two looks at the changes
LATE = 30.0  # seconds that a lower id may commit after a higher one, on PostgreSQL
WINDOW = 2000  # but no more ids than these below the newest are read again
LOOK = 5000  # changes of one look
QUEUE = 100
BREATH = 50  # changes handed out at a stretch
SESSION_EVERY = 60.0  # seconds between two looks who may still listen

SCREEN = "screen:"  # before the secret of a screen, to tell it from that of a session

News = tuple[int, int | None, str]  # id, event, what the page is told


def news(row: Row[Any]) -> News:
    """What a page is told of a change: ids and states, never a person's words."""
    return row.id, row.event_id, json.dumps({"kind": row.kind, "ref": row.ref, "what": row.what, "who": row.who})


@dataclass(eq=False)
class Seat:
    """One open page: whose session (`secret`) it is, which event it follows, and what it is to be told."""

    event_id: int
    secret: str
    queue: asyncio.Queue[News | None] = field(default_factory=lambda: asyncio.Queue(QUEUE))

    def tell(self, one: News) -> bool:
        """False if the page is too slow to follow: it is let go, connects again and replays."""
        if one[1] not in (None, self.event_id):
            return True
        if self.queue.full():
            return False
        self.queue.put_nowait(one)
        return True

    def end(self) -> None:
        """The stream ends after this."""
        while self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Ticker:
    """Reads new changes while a page listens, and hands each to every page of its event."""

    def __init__(self, store: Store, every: float = EVERY) -> None:
        self.store = store
        self.every = every
        self._seats: set[Seat] = set()
        self._task: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = False
        self._newest = 0
        self._marks: deque[tuple[float, int]] = deque()  # when which id was the newest
        self._told: set[int] = set()  # ids above the oldest mark
        self._late: deque[tuple[float, News]] = deque()  # told after a higher id was
        self._came: set[tuple[str, int]] = set()  # whose page opened since we last said who is here

    async def join(self, event_id: int, secret: str) -> Seat:
        """A seat that is told every change of that event from now on; None in its queue ends the stream."""
        seat = Seat(event_id, secret)
        self._loop = asyncio.get_running_loop()
        if self._ended:
            seat.end()
            return seat
        async with self._starting:  # pages that come together must not start two readers
            if self._task is None or self._task.done():
                await run_in_threadpool(self._start)
                self._task = asyncio.create_task(self._run())
        self._seats.add(seat)
        self._came.add((secret, event_id))
        return seat

    def leave(self, seat: Seat) -> None:
        """The page is gone; the last one to leave stops the reading."""
        self._seats.discard(seat)
        if not self._seats:
            self.stop()

    def late(self, after: int) -> list[News]:
        """Changes up to `after` that committed so late that a page which has seen `after` may lack them."""
        return [one for at, one in self._late if one[0] <= after and at > monotonic() - LATE]

    def stop(self) -> None:
        """End every stream and stop reading."""
        self._end(self._seats)
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def end(self) -> None:
        """End every stream for good, from any thread: call it before the server stops, which else waits for them."""
        self._ended = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.stop)

    def _start(self) -> None:
        with self.store.read() as tx:
            self._newest = changes.newest(tx)
            floor = max(0, self._newest - WINDOW)
            self._told = {row.id for row in changes.after(tx, floor, LOOK)}
        self._marks = deque([(monotonic(), floor)])

    def _look(self) -> Sequence[Row[Any]]:
        with self.store.read() as tx:
            rows = changes.after(tx, self._marks[0][1], LOOK)
        return [row for row in rows if row.id not in self._told]

    def _still(self, seats: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
        with self.store.read() as tx:
            rooms = {secret.removeprefix(SCREEN) for secret, _ in seats if secret.startswith(SCREEN)}
            people = {seat for seat in seats if not seat[0].startswith(SCREEN)}
            still = sessions.still(tx, self.store.now(tx), people) if people else set()
            open_ = {SCREEN + secret for secret in (screens.still_open(tx, rooms) if rooms else ())}
        return still | {seat for seat in seats if seat[0] in open_}

    async def _run(self) -> None:
        try:
            look_at = monotonic() + SESSION_EVERY
            while True:
                await asyncio.sleep(self.every)
                for i, row in enumerate(await run_in_threadpool(self._look), 1):
                    self._take(row)
                    if i % BREATH == 0:
                        await asyncio.sleep(0)  # the pages take what they have, or a burst would fill their queues
                self._move_on()
                if self._came:
                    await self._say_here(self._came)
                if monotonic() >= look_at:
                    await self._let_go()
                    look_at = monotonic() + SESSION_EVERY
        finally:  # the pages connect again, and the first one starts the reading again
            self._end(self._seats)

    def _take(self, row: Row[Any]) -> None:
        self._told.add(row.id)
        one = news(row)
        if row.id < self._newest:
            self._late.append((monotonic(), one))
        self._newest = max(self._newest, row.id)
        self._end([seat for seat in self._seats if not seat.tell(one)])

    def _move_on(self) -> None:
        """What was the newest half a minute ago is the oldest that is read again."""
        now, floor = monotonic(), self._marks[0][1]
        self._marks.append((now, self._newest))
        while len(self._marks) > 1 and (self._marks[1][0] < now - LATE or self._newest - self._marks[0][1] > WINDOW):
            self._marks.popleft()
        if self._marks[0][1] != floor:
            self._told = {number for number in self._told if number > self._marks[0][1]}
        while self._late and self._late[0][0] < now - LATE:
            self._late.popleft()

    async def _let_go(self) -> None:
        """Pages of people who are signed out by now, or out of their event, hear no more."""
        here = {(seat.secret, seat.event_id) for seat in self._seats}
        still = await run_in_threadpool(self._still, here)
        self._end([seat for seat in self._seats if (seat.secret, seat.event_id) in here - still])
        await self._say_here(still)

    async def _say_here(self, seats: Collection[tuple[str, int]]) -> None:
        """Write down whose pages are open: one write for all of them. Without it everything else goes on."""
        people = {seat for seat in seats if not seat[0].startswith(SCREEN)}
        self._came = set()
        try:
            if people:
                await run_in_threadpool(self._mark, people)
        except OperationalError as error:
            log.warning("who is here is not written down", error=str(error.orig))

    def _mark(self, people: Collection[tuple[str, int]]) -> None:
        with self.store.write() as tx:
            presence.mark(tx, self.store.now(tx), people)

    def _end(self, seats: Collection[Seat]) -> None:
        for seat in list(seats):
            seat.end()
            self._seats.discard(seat)
