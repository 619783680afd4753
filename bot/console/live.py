"""News for open pages: each has a stream of the changes of its event."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.console.ticker import News, Ticker, news
from bot.core.rights import Right, may
from bot.store import changes, memberships, sessions
from bot.store.engine import Store

PING = 15  # seconds; the page hears it and so knows that the stream is alive
REPLAY = 500  # missed changes that are told one by one; of more, the page is told to reload its list


class Told(Protocol):
    """What a stream reads from."""

    @property
    def store(self) -> Store: ...

    @property
    def ticker(self) -> Ticker: ...


async def stream(request: Request) -> Response:
    """The changes of one event as they happen, from ``Last-Event-ID`` or ``?after=`` on."""
    console = request.app.state.console
    secret = request.cookies.get(console.options.cookie, "")
    event_id = await run_in_threadpool(_event_for, console.store, secret, request.path_params["slug"])
    if event_id is None:
        return PlainTextResponse("You are signed out, or there is no such event.", 401)
    return streaming(told(console, secret, event_id, after_of(request)))


def streaming(events: AsyncIterator[ServerSentEvent]) -> EventSourceResponse:
    """A response that goes on, with a sign of life now and then."""
    return EventSourceResponse(
        events,
        ping=PING,
        ping_message_factory=lambda: ServerSentEvent(event="ping", data="{}"),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _event_for(store: Store, secret: str, slug: str) -> int | None:
    with store.read() as tx:
        now = store.now(tx)
        session = sessions.whose(tx, now, secret)
        if session is None:
            return None
        there = memberships.role_in(tx, now, session.person.id, session.person.owner, slug)
        return there[0] if there and may(there[1], Right.QUEUE) else None


def after_of(request: Request) -> int | None:
    """The last change that a page has seen, None if it does not say."""
    word = request.headers.get("last-event-id") or request.query_params.get("after", "")
    return int(word) if word.isascii() and word.isdecimal() and len(word) <= 18 else None


def _missed(store: Store, event_id: int, after: int) -> list[News] | None:
    """Changes of the event after that id; None if there are too many to tell one by one."""
    with store.read() as tx:
        rows = changes.after(tx, after, REPLAY + 1, event_id)
    return None if len(rows) > REPLAY else [news(row) for row in rows]


async def told(console: Told, secret: str, event_id: int, after: int | None) -> AsyncIterator[ServerSentEvent]:
    """What one page hears, until it leaves or may listen no more. `secret` is its session's or its screen's."""
    seat = await console.ticker.join(event_id, secret)  # before the replay: better told twice than never
    try:
        yield ServerSentEvent(event="hello", data="{}", retry=2000)
        if after is not None:
            missed = await run_in_threadpool(_missed, console.store, event_id, after)
            if missed is None:
                yield ServerSentEvent(event="reset", data="{}")
            for one in [*console.ticker.late(after), *(missed or [])]:
                if one[1] in (None, event_id):
                    yield _sent(one)
        while (one_more := await seat.queue.get()) is not None:
            yield _sent(one_more)
    finally:
        console.ticker.leave(seat)


def _sent(one: News) -> ServerSentEvent:
    return ServerSentEvent(event="change", id=str(one[0]), data=one[2])
