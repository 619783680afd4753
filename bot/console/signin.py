"""Signing in by password or by a link that works once, and signing out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import structlog
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.ask import Console, console_of, own_path
from bot.console.kept import Kept, unpack
from bot.console.plain import event_names, plain_page
from bot.desk import passwords
from bot.store import attempts, people, sessions

# Wrong passwords within five minutes: for one name from one address, for one name from anywhere, from one address.
# Somebody elsewhere who tries a name does not lock out the person who bears it.
TRIES_HERE, TRIES_NAME, TRIES_ADDRESS = 5, 50, 30
DEVICES = ("iPhone", "iPad", "Android", "Windows", "Mac OS", "CrOS", "Linux")
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
log = structlog.get_logger()


def form(request: Request) -> Response:
    """The sign-in page."""
    console = console_of(request)
    to = own_path(request.query_params.get("to", ""))
    return plain_page(console, "signin.html", to=to, name="", error="", kept=None, events=event_names(console))


async def by_password(request: Request) -> Response:
    """Sign in by name and password; the hashing happens in a thread, two at a time."""
    console = console_of(request)
    async with request.form(max_files=0, max_fields=10) as given:
        fields = {key: value for key, value in given.items() if isinstance(value, str)}
    return await to_thread.run_sync(partial(_by_password, console, request, fields), limiter=console.hashing)


def address(request: Request) -> str:
    """Where a request comes from, as far as the server in front of us says."""
    return request.client.host if request.client else ""


def minutes(left: timedelta) -> int:
    """A wait in whole minutes, 0 if there is none."""
    return -int(-left.total_seconds() // 60)


def _by_password(console: Console, request: Request, fields: dict[str, str]) -> Response:
    name = fields.get("name", "").replace("\x00", "").strip()[:200]
    to, late = own_path(fields.get("to", "")), unpack(fields.get("kept", ""))
    again = partial(plain_page, console, "signin.html", to=to, name=name, kept=late, events=event_names(console))
    here, known = f"name {name} at {address(request)}", f"name {name}"
    limits = [(here, TRIES_HERE), (known, TRIES_NAME), (f"address {address(request)}", TRIES_ADDRESS)]
    with console.store.read() as tx:
        wait = minutes(attempts.wait(tx, console.store.now(tx), limits))
    if wait:
        return again(429, error=f"Too many wrong tries. Wait {wait} min, or ask the event lead for a sign-in link.")
    person = _right(console, name, fields.get("password", "")[: passwords.MOST + 1])
    with console.store.write() as tx:
        if person is None:
            attempts.count(tx, console.store.now(tx), limits)
        else:
            attempts.forget(tx, here)
    if person is None:
        log.warning("sign-in refused", name=name, address=address(request))
        return again(401, error="That name and password don’t match. Try again.")
    return begin(console, request, person, to, late)


def _right(console: Console, name: str, password: str) -> people.Person | None:
    with console.store.read() as tx:
        person = people.by_name(tx, name)
    if not passwords.matches(person.password_hash if person else "", password) or person is None:
        return None
    stronger = passwords.stronger(person.password_hash, password)
    if stronger:
        with console.store.write() as tx:
            people.keep_password(tx, person.id, stronger)
    return person


def begin(
    console: Console, request: Request, person: people.Person, to: str = "", late: Kept | None = None,
    lasts: timedelta | None = None,
) -> Response:  # fmt: skip
    """Start a session and lead on: to the page that was asked for, or to the words that were sent too late."""
    options = console.options
    lasts = min(lasts or timedelta(hours=options.session_hours), timedelta(hours=options.session_hours))
    old = request.cookies.get(options.cookie, "")
    with console.store.write() as tx:
        sessions.end(tx, old)  # nobody is signed in twice on one browser
        secret = sessions.start(tx, console.store.now(tx), person.id, lasts, device(request))
    log.info("signed in", person=person.name, address=address(request))
    answer = plain_page(console, "kept.html", kept=late) if late else RedirectResponse(to or "/", 303)
    seconds = int(lasts.total_seconds())
    answer.set_cookie(
        options.cookie, secret, max_age=seconds, path="/", secure=options.secure, httponly=True, samesite="lax"
    )
    return answer


def device(request: Request) -> str:
    """What the browser calls itself, in a few words, to be told apart in a list."""
    agent = request.headers.get("user-agent", "")
    where = next((name for name in DEVICES if name in agent), "")
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    own = re.sub(r"[^\w ./-]", "", agent.split("(")[0])[:40].strip()
    return " on ".join(filter(None, [browser, where])) or own or "Unknown device"


def link(request: Request) -> Response:
    """A page with a button: looking at a link, as previews do, does not use it up."""
    console = console_of(request)
    token = request.path_params["token"][:200]
    with console.store.read() as tx:
        person = sessions.of_ticket(tx, console.store.now(tx), token)
    return plain_page(console, "ticket.html", 200 if person else 410, person=person, token=token, error="")


async def by_link(request: Request) -> Response:
    """Sign in by a link, which is used up by that. Who has no password may choose one."""
    console = console_of(request)
    async with request.form(max_files=0, max_fields=10) as given:
        chosen = given.get("password", "")
    work: Callable[[], Response] = partial(_by_link, console, request, chosen if isinstance(chosen, str) else "")
    return await to_thread.run_sync(work, limiter=console.hashing)


def _by_link(console: Console, request: Request, chosen: str) -> Response:
    token = request.path_params["token"][:200]
    page = partial(plain_page, console, "ticket.html", token=token)
    with console.store.read() as tx:
        person = sessions.of_ticket(tx, console.store.now(tx), token)
    kept = ""
    if person is not None and chosen and not person.password_hash:
        try:
            kept = passwords.hashed(chosen, person.name)
        except ValueError as failure:
            return page(400, person=person, error=str(failure))
    with console.store.write() as tx:
        person = sessions.use_ticket(tx, console.store.now(tx), token)
        if person is not None and kept:
            people.keep_password(tx, person.id, kept)
    return begin(console, request, person) if person else page(410, person=None, error="")


def sign_out(request: Request) -> Response:
    """End the session here and in the database."""
    console = console_of(request)
    secret = request.cookies.get(console.options.cookie, "")[:200]
    with console.store.write() as tx:
        sessions.end(tx, secret)
    answer = RedirectResponse("/signin", 303)
    answer.delete_cookie(console.options.cookie, path="/", secure=console.options.secure, httponly=True, samesite="lax")
    return answer
