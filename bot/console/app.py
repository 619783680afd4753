"""The console as an ASGI application: which address leads where."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from anyio import CapacityLimiter
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ExceptionHandler

from bot import desk
from bot.console import (
    after,
    away,
    blocks,
    endings,
    erasing,
    everything,
    joining,
    me,
    overview,
    people,
    photos,
    private,
    questions,
    queue,
    rules,
    screens,
    signin,
    thoughts,
    updates,
    view,
    writing,
)
from bot.console.appearance import linked
from bot.console.ask import Ask, Console, ConsoleOptions, Missing, console_of
from bot.console.assets import Assets
from bot.console.doors import Door, acting, reading
from bot.console.guard import Guard
from bot.console.health import Health
from bot.console.live import stream
from bot.console.state import ways_out
from bot.console.ticker import Ticker
from bot.core.rights import PAGES
from bot.desk import NotAllowed, NotHere
from bot.store import board
from bot.store.engine import Store

__all__ = ["ConsoleOptions", "create_app"]


def create_app(store: Store, settings_view: ConsoleOptions) -> Starlette:
    """The console over that store. Give it to an ASGI server; it starts nothing by itself."""
    assets = _assets()
    ticker = Ticker(store)
    hashing = CapacityLimiter(2)  # a password costs 64 MiB for a moment

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        ticker.stop()

    handlers: dict[type[Exception] | int, ExceptionHandler] = {
        Missing: _missing,
        NotAllowed: _forbidden,
        NotHere: _missing,
        HTTPException: _http_error,
        Exception: _broken,
    }
    app = Starlette(
        routes=[*_routes(assets), *_monitors(Health(store))],
        middleware=[Middleware(Guard, public_url=settings_view.public_url)],
        exception_handlers=handlers,
        lifespan=lifespan,
    )
    app.state.console = Console(store, settings_view, _templates(), assets, ticker, hashing)
    return app


@cache
def _assets() -> Assets:
    return Assets()


@cache
def _templates() -> Environment:
    env = Environment(
        loader=PackageLoader("bot.console"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(view.ALL | rules.ALL | endings.ALL | {"ways_out": ways_out, "linked": linked})
    env.globals.update(
        asset=_assets().url,
        STATES=view.STATES,
        ROLES=view.ROLES,
        FLAGS=view.FLAGS,
        OUTCOMES=endings.OUTCOMES,
        ENDINGS=endings.ENDINGS,
        BECAME=endings.BECAME,
        CLEARED=endings.CLEARED,
        COUNTED=board.COUNTED,
        ROLE_WORDS=view.ROLE_WORDS,
    )
    env.globals.update(entry_diff=view.entry_diff, SAVED=endings.SAVED)
    return env


EVENT = "/e/{slug}"


def _routes(assets: Assets) -> list[Route]:
    return [*_entrances(assets), *_people(), *_pages(), *_buttons()]


def _monitors(health: Health) -> list[Route]:
    return [Route("/readyz", health.ready), Route("/healthz", health.whole)]


def _entrances(assets: Assets) -> list[Route]:
    return [
        Route("/static/{path:path}", assets.serve),
        Route("/away", away.page),
        Route("/worker.js", away.worker),
        Route("/signin", signin.form, name="sign in"),
        Route("/signin", signin.by_password, methods=["POST"]),
        Route("/signout", signin.sign_out, methods=["POST"]),
        Route("/in/{token}", signin.link),
        Route("/in/{token}", signin.by_link, methods=["POST"]),
        Route("/screen/{token}", screens.projector),
        Route("/screen/{token}/live", screens.stream),
        Route("/join", joining.form),
        Route("/join/{code}", joining.form),
        Route("/join", joining.join, methods=["POST"]),
    ]


def _people() -> list[Route]:
    return [
        reading("/me", me.index),
        acting("/me/{action}", me.act, me.ACTIONS),
        reading(f"{EVENT}/people", people.index),
        acting(f"{EVENT}/people", people.invite, {"": desk.invite}),
        acting(f"{EVENT}/people/{{id}}/{{action}}", people.act, people.ACTIONS),
        acting(f"{EVENT}/codes", people.make_code, {"": desk.make_code}),
        reading(f"{EVENT}/codes/{{id}}", people.code),
        acting(f"{EVENT}/codes/{{id}}/revoke", people.revoke_code, {"": desk.revoke_code}),
    ]


def _pages() -> list[Route]:
    return [
        Door(f"{EVENT}/live", stream, PAGES[f"{EVENT}/live"]),
        reading("/", events),
        reading(EVENT, _to_questions),
        reading(f"{EVENT}/questions", queue.index),
        reading(f"{EVENT}/questions/one", queue.one),
        reading(f"{EVENT}/questions/sheet", queue.sheet),
        reading(f"{EVENT}/questions/floor", queue.floor),
        reading(f"{EVENT}/blocks", blocks.index),
        reading(f"{EVENT}/questions/{{id}}", questions.show),
        reading(f"{EVENT}/private", private.index),
        reading(f"{EVENT}/thoughts", thoughts.index),
        reading(f"{EVENT}/everything", everything.index),
        reading(f"{EVENT}/overview", overview.index),
        reading(f"{EVENT}/erase/{{id}}", erasing.index),
        reading(f"{EVENT}/after", after.index),
        reading(f"{EVENT}/after/{{form}}", after.download),
        reading(f"{EVENT}/screens", screens.index),
        reading(f"{EVENT}/screens/{{id}}", screens.show),
        reading(f"{EVENT}/updates", updates.index),
        reading(f"{EVENT}/updates/new", writing.form),
        reading(f"{EVENT}/updates/{{id}}", updates.show),
        reading(f"{EVENT}/photos/{{mark}}", photos.image),
    ]


def _buttons() -> list[Route]:
    return [
        acting(f"{EVENT}/questions/floor", queue.ask_from_floor, {"": desk.ask_from_floor}),
        acting(f"{EVENT}/several", queue.many, {"": desk.move_many}),
        acting(f"{EVENT}/blocks/{{action}}", blocks.act, blocks.ACTIONS),
        acting(f"{EVENT}/questions/{{id}}/{{action}}", questions.act, questions.ACTIONS),
        acting(f"{EVENT}/items/{{id}}/{{action}}", thoughts.act, thoughts.ACTIONS),
        acting(f"{EVENT}/pages", after.draft, {"": desk.draft_on_blog}),
        acting(f"{EVENT}/erase/{{id}}/{{action}}", erasing.act, erasing.ACTIONS),
        acting(f"{EVENT}/screens/{{id}}/{{action}}", screens.act, screens.ACTIONS),
        acting(f"{EVENT}/all-screens/{{action}}", screens.act_on_all, screens.ALL),
        acting(f"{EVENT}/undo/{{change}}", questions.undo, {"": desk.undo}),
        acting(f"{EVENT}/deliveries/{{id}}/{{action}}", updates.settle, updates.SETTLING),
        acting(f"{EVENT}/updates/new", writing.write, {"": desk.write_post}),
        acting(f"{EVENT}/updates/{{id}}/photo", writing.add_photo, {"": desk.add_photo}, files=1),
        acting(f"{EVENT}/updates/{{id}}/{{action}}", updates.act, updates.ACTIONS),
        acting(f"{EVENT}/doubts/{{id}}", updates.doubt, {"": desk.settle_doubt}),
        acting(f"{EVENT}/posting/{{action}}", updates.posting, updates.POSTING),
        acting(f"{EVENT}/wishes/{{action}}", overview.wish, overview.WISHES),
    ]


def _to_questions(ask: Ask) -> Response:
    return RedirectResponse(f"/e/{ask.slug}/questions", 303)


def events(ask: Ask) -> Response:
    """Straight to the one event there is, or a list to choose from."""
    there = ask.events()
    with ask.store.read() as tx:
        now = ask.store.now(tx)
    if len(there) == 1:
        return RedirectResponse(f"/e/{there[0].slug}/questions", 303)
    return ask.show("events.html", events=there, now=now)


def _told(request: Request, status: int, title: str, words: str) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"ok": False, "sentence": words}, status)
    console = console_of(request)
    html = console.templates.get_template("error.html").render(title=title, words=words, options=console.options)
    return HTMLResponse(html, status)


def _missing(request: Request, _error: Exception) -> Response:
    words = "It may have been erased, or the address is not quite right. Nothing is lost: go back to the questions."
    return _told(request, 404, "There is no such page", words)


def _forbidden(request: Request, error: Exception) -> Response:
    return _told(request, 403, "This is not part of your role", str(error))


def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:
        return _missing(request, error)
    words = "The browser asked in a way that this page does not answer. Nothing was changed. Go back and try again."
    return _told(request, status, "That did not work", words)


def _broken(request: Request, _error: Exception) -> Response:
    words = "Something broke on our side. Nothing you did before is lost. Try again; tell the event lead if it stays."
    return _told(request, 500, "We could not show this page", words)
