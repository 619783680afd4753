"""The doors of the console: each route with the right that it needs, for people who signed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.console.ask import Ask, Console, Missing, console_of, here
from bot.console.kept import kept, kept_page
from bot.console.once import once
from bot.core.rights import BUTTONS, OWNER, PAGES, Right
from bot.desk import Who
from bot.store import memberships, sessions

Page = Callable[[Ask], Response]
Demand = Right | None | Mapping[str, Right | None]
Endpoint = Callable[[Request], Awaitable[Response]]


class Door(Route):
    """A route for people who signed in. `demand` is the right that it needs, or one for each action of its address."""

    def __init__(self, path: str, endpoint: Endpoint, demand: Demand, methods: list[str] | None = None) -> None:
        super().__init__(path, endpoint, methods=methods)
        self.demand = demand


def reading(path: str, work: Page) -> Door:
    """A page, with the right that the table of rights names for its address. Raises KeyError if it names none."""
    return Door(path, page(work, PAGES[path]), PAGES[path])


def acting(path: str, work: Page, actions: Mapping[str, Callable[..., object]], files: int = 0) -> Door:
    """Buttons, by the last word of their address ("" if it has no `action`), each with the function of the desk that
    it presses: the table of rights names what that one needs. Raises KeyError if it does not."""
    demand = {action: BUTTONS[pressed.__name__] for action, pressed in actions.items()}
    return Door(path, page(work, demand, files), demand, ["POST"])


def page(work: Page, demand: Demand, files: int = 0) -> Endpoint:
    """An endpoint for people who signed in and whose role meets the demand; `work` runs in a thread.

    `files` may come with its form; then nothing is read of it from somebody who is not signed in.
    """

    async def endpoint(request: Request) -> Response:
        if files and await run_in_threadpool(signed_in, console_of(request), request) is None:
            return sign_in_first(console_of(request), request, FormData())
        async with request.form(max_files=files, max_fields=300) as form:
            return await run_in_threadpool(answer, request, form)

    def answer(request: Request, form: FormData) -> Response:
        console = console_of(request)
        who = signed_in(console, request)
        if who is None:
            return sign_in_first(console, request, form)
        ask = Ask(request, console, who, form)
        right = needed(ask, demand)
        if right is not None:
            who.need(right)
        return once(request, console.store, who.id, lambda store: work(ask.over(store)))

    return endpoint


def needed(ask: Ask, demand: Demand) -> Right | None:
    """The right that this request needs. Raises Missing for an action that the page does not have."""
    if not isinstance(demand, Mapping):
        return demand
    if ask.action not in demand:
        raise Missing
    return demand[ask.action]


def signed_in(console: Console, request: Request) -> Who | None:
    """Who is asking, by the session's cookie, with their role in the event of the address.

    Raises Missing if there is no such event, or none where they have a role: nobody learns which.
    """
    secret = request.cookies.get(console.options.cookie, "")
    if not secret or len(secret) > 200:
        return None
    slug = str(request.path_params.get("slug", ""))
    with console.store.read() as tx:
        now = console.store.now(tx)
        session = sessions.whose(tx, now, secret)
        if session is None:
            return None
        person = session.person
        there = memberships.role_in(tx, now, person.id, person.owner, slug) if slug else None
    if session.stale and _at_work(request):
        with console.store.write() as tx:
            sessions.seen(tx, console.store.now(tx), secret)
    if slug and there is None:
        raise Missing
    event_id, role = there or (None, OWNER if person.owner else "")
    return Who(person.id, person.name, role, event_id)


def _at_work(request: Request) -> bool:
    """Whether a person asked for this, and not a page that keeps itself fresh."""
    return request.method != "GET" or request.headers.get("x-part") != "live"


def sign_in_first(console: Console, request: Request, form: FormData) -> Response:
    """To the sign-in page, and from there back to where the person wanted to go; what they wrote comes with them."""
    back = here(request) if request.method == "GET" else "/"
    to = "/signin" + (f"?{urlencode({'to': back})}" if back != "/" else "")
    if "application/json" in request.headers.get("accept", "") or request.headers.get("x-part"):
        return JSONResponse({"ok": False, "sentence": "You are signed out. Sign in again.", "signin": to}, 401)
    late = kept(request.url.path, form) if request.method == "POST" else None
    return kept_page(console, late) if late else RedirectResponse(to, 303)
