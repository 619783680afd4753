"""The screens in the room: the page that says what stands on them, and the slide that a projector shows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row
from sse_starlette import ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from bot import desk
from bot.console.ask import Ask, Console, Missing, console_of
from bot.console.live import after_of, streaming, told
from bot.console.qr import qr
from bot.console.ticker import SCREEN
from bot.console.view import place, web
from bot.core import room
from bot.desk import Done
from bot.store import board, changes, events, ledger, lists, screens
from bot.store.lists import Filter

LONGEST_ADDRESS = 40  # letters; a longer one is not printed under the code: nobody types it
ACTIONS: Mapping[str, Callable[..., Done]] = {
    "show": desk.show_on_screen,
    "take-off": desk.take_off_screen,
    "renew": desk.renew_screen,
    "end": desk.end_screen,
}
ALL: Mapping[str, Callable[..., Done]] = {
    "add": desk.add_screen,
    "cover": desk.cover_screens,
    "uncover": desk.uncover_screens,
}


def index(ask: Ask, opened: str = "", said: Done | None = None) -> Response:
    """Each screen with what stands on it, and the list for the room. `opened` is a new address, shown this once."""
    with ask.store.read() as tx:
        now = ask.store.now(tx)
        frame = board.frame(tx, ask.slug)
        if frame is None:
            raise Missing
        rows = screens.of_event(tx, frame.event.id)
        slides = {row.id: screens.slide(tx, now, row) for row in rows}
        cards = lists.questions(tx, now, frame.event.id, "room", Filter())[0]
        listed = [(card, screens.words_of(tx, card.row)) for card in cards]
        needing = ledger.needing(tx, frame.event.id)
    more: dict[str, Any] = {"said": {"ok": said.ok, "sentence": said.sentence, "undo": ""}} if said else {}
    return ask.show(
        "screens.html", frame=frame, now=now, needing=needing, screens=rows, slides=slides, opened=opened,
        listed=[(card, words, room.size(words), room.mark(words)) for card, words in listed],
        covered=any(row.covered for row in rows), **more,
    )  # fmt: skip


def act(ask: Ask) -> Response:
    """One button of one screen."""
    screen_id, action = ask.number("id"), ask.action
    if action == "show":
        return ask.done(
            desk.show_on_screen(ask.store, ask.who, screen_id, ask.form_number("question"), ask.word("mark", 64))
        )
    return _answer(ask, ACTIONS[action](ask.store, ask.who, screen_id))


def act_on_all(ask: Ask) -> Response:
    """One button of all screens."""
    with ask.store.read() as tx:
        frame = board.frame(tx, ask.slug)
        if frame is None:
            raise Missing
    given = (ask.word("name", 200),) if ask.action == "add" else ()
    return _answer(ask, ALL[ask.action](ask.store, ask.who, frame.event.id, *given))


def _answer(ask: Ask, done: Done) -> Response:
    if isinstance(done, desk.Opened):  # an address is a secret: on this page, and in no cookie
        return index(ask, f"{ask.console.options.public_url.rstrip('/')}/screen/{done.secret}", done)
    return ask.done(done, to=f"/e/{ask.slug}/screens")


def show(ask: Ask) -> Response:
    """What one screen shows, for people who signed in: to look, or to show it from their own machine."""
    with ask.store.read() as tx:
        frame = board.frame(tx, ask.slug)
        row = screens.get(tx, ask.number("id"))
        if frame is None or row is None or row.event_id != frame.event.id:
            raise Missing
        return _slide(ask.console, ask.request, tx, row, f"/e/{ask.slug}/live")


def projector(request: Request) -> Response:
    """What one screen shows, by its own address and without signing in."""
    console = console_of(request)
    with console.store.read() as tx:
        row = screens.of_secret(tx, request.path_params["token"][:100])
        if row is None:
            words = "This address of a room screen works no more. The event lead can make a new one under Room screens."
            html = console.templates.get_template("error.html")
            title = "The screen is closed"
            return HTMLResponse(html.render(title=title, words=words, options=console.options), 410)
        return _slide(console, request, tx, row, f"{request.url.path}/live")


def _slide(console: Console, request: Request, tx: Connection, row: Row[Any], live: str) -> Response:
    event = events.one_event(tx, row.event_id)
    slide = screens.slide(tx, console.store.now(tx), row)
    part = request.headers.get("x-part") == "live"
    html = console.templates.get_template("stage.html" if part else "room.html").render(
        event=event, slide=slide, live=live, after=changes.newest(tx), by=byline(slide), **_ways_in(event),
        light=request.query_params.get("theme") == "light",
    )  # fmt: skip
    return HTMLResponse(html, headers={"Vary": "X-Part"})


def byline(slide: screens.Slide) -> str:
    """Who asked, in numbers and places: 7 people asked, on X, Mastodon and the blog."""
    if slide.card is None or not slide.card.networks:
        return "Asked in the room" if slide.card else ""
    places = [place(name) for name in slide.card.networks]
    where = places[0] if len(places) == 1 else f"{', '.join(places[:-1])} and {places[-1]}"
    return f"{slide.card.people} people asked, on {where}" if slide.card.people > 1 else f"Asked on {where}"


def _ways_in(event: Row[Any]) -> dict[str, Any]:
    """Where people ask: the hashtag, and the live blog as a code and as an address, if they can comment there."""
    options = event.options
    blog = web(options.get("live_blog") or "") if options.get("comments", True) else ""
    short = (urlsplit(blog).netloc + urlsplit(blog).path).removeprefix("www.").rstrip("/")
    tags = [f"#{tag}" for tag in options.get("hashtags", [])]
    return {
        "tags": tags,
        "code": qr(blog, margin=0) if blog else "",
        "address": short if len(short) <= LONGEST_ADDRESS else "",
    }


async def stream(request: Request) -> Response:
    """The changes of its event for one screen, without who and what: it loads again."""
    console, secret = console_of(request), str(request.path_params["token"])[:100]
    event_id = await run_in_threadpool(_event_of, console, secret)
    if event_id is None:
        return PlainTextResponse("This screen is closed.", 410)
    return streaming(_nameless(told(console, SCREEN + secret, event_id, after_of(request))))


def _event_of(console: Console, secret: str) -> int | None:
    with console.store.read() as tx:
        row = screens.of_secret(tx, secret)
    return None if row is None else int(row.event_id)


async def _nameless(events_: AsyncIterator[ServerSentEvent]) -> AsyncIterator[ServerSentEvent]:
    async for one in events_:
        one.data = "{}"
        yield one
