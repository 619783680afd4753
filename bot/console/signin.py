"""Signing in by password or by a link that works once, and signing out."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any

from anyio import to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console.ask import Console, console_of, own_path
from bot.store import board, people

HASHER = PasswordHasher()
NOBODY = HASHER.hash("there is nobody of that name, and that takes as long to find out")
LEAST = 10  # characters of a password
MOST = 1000
TRIES_NAME, TRIES_ADDRESS, WITHIN = 5, 30, 300.0  # wrong passwords within so many seconds


def hashed(password: str) -> str:
    """What is kept of a password. Raises ValueError, in words for a person, if it is too short or far too long."""
    if not LEAST <= len(password) <= MOST:
        raise ValueError(f"A password has {LEAST} to {MOST:,} characters. Three or four unrelated words are good.")
    return HASHER.hash(password)


def add_person(tx: Connection, now: datetime, name: str, role: str, password: str | None = None) -> int:
    """Store a new person and give the id. Raises ValueError, in words for a person, on a bad name, role or password."""
    return people.add(tx, now, name, role, hashed(password) if password is not None else "")


def new_ticket(tx: Connection, now: datetime, person_id: int, lifetime: timedelta) -> str:
    """The token of a sign-in link: ``/in/<token>`` signs that person in once, within `lifetime`."""
    return people.new_ticket(tx, now, person_id, lifetime)


class Throttle:
    """Counts wrong passwords by name and by address; forgets them after five minutes."""

    def __init__(self) -> None:
        self._wrong: dict[str, deque[float]] = {}

    def wait(self, name: str, address: str) -> int:
        """Minutes to wait before the next try, 0 if there may be one now."""
        late = max(self._until("n" + name, TRIES_NAME), self._until("a" + address, TRIES_ADDRESS))
        left = late - monotonic()
        return 0 if left <= 0 else int(left // 60) + 1

    def count(self, name: str, address: str) -> None:
        """One more wrong password."""
        if len(self._wrong) > 10_000:
            self._wrong.clear()
        for key in ("n" + name, "a" + address):
            self._wrong.setdefault(key, deque(maxlen=TRIES_ADDRESS)).append(monotonic())

    def forget(self, name: str) -> None:
        """The right password came."""
        self._wrong.pop("n" + name, None)

    def _until(self, key: str, tries: int) -> float:
        at = self._wrong.get(key, deque())
        while at and at[0] < monotonic() - WITHIN:
            at.popleft()
        return at[-tries] + WITHIN if len(at) >= tries else 0.0


def _page(console: Console, template: str, status: int = 200, **values: Any) -> Response:
    html = console.templates.get_template(template).render(options=console.options, **values)
    return HTMLResponse(html, status)


def _events(console: Console) -> str:
    with console.store.read() as tx:
        return ", ".join(row.name for row in board.events(tx)[:3])


def form(request: Request) -> Response:
    """The sign-in page."""
    console = console_of(request)
    to = own_path(request.query_params.get("to", ""))
    return _page(console, "signin.html", to=to, name="", error="", events=_events(console))


async def by_password(request: Request) -> Response:
    """Sign in by name and password; the hashing happens in a thread, two at a time."""
    console = console_of(request)
    async with request.form(max_files=0, max_fields=10) as given:
        fields = {key: value for key, value in given.items() if isinstance(value, str)}
    address = request.client.host if request.client else ""
    work = partial(_by_password, console, _throttle(request), fields, address)
    return await to_thread.run_sync(work, limiter=console.hashing)


def _throttle(request: Request) -> Throttle:
    state = request.app.state
    if not hasattr(state, "throttle"):
        state.throttle = Throttle()
    throttle: Throttle = state.throttle
    return throttle


def _by_password(console: Console, throttle: Throttle, fields: dict[str, str], address: str) -> Response:
    name = fields.get("name", "").replace("\x00", "").strip()[:200]
    to = own_path(fields.get("to", ""))
    minutes = throttle.wait(name, address)
    again = partial(_page, console, "signin.html", to=to, name=name, events=_events(console))
    if minutes:
        return again(429, error=f"Too many wrong tries. Wait {minutes} min, or ask the event lead for a sign-in link.")
    person = _right(console, name, fields.get("password", "")[: MOST + 1])
    if person is None:
        throttle.count(name, address)
        return again(401, error="That name and password don’t match. Try again.")
    throttle.forget(name)
    return _begin(console, person.id, to)


def _right(console: Console, name: str, password: str) -> people.Person | None:
    with console.store.read() as tx:
        person = people.by_name(tx, name)
    try:
        HASHER.verify(person.password_hash if person and person.password_hash else NOBODY, password)
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return None
    if person is None or not person.password_hash:
        return None
    if HASHER.check_needs_rehash(person.password_hash):
        with console.store.write() as tx:
            people.keep_password(tx, person.id, HASHER.hash(password))
    return person


def _begin(console: Console, person_id: int, to: str) -> Response:
    options = console.options
    lasts = timedelta(hours=options.session_hours)
    with console.store.write() as tx:
        secret = people.start_session(tx, console.store.now(tx), person_id, lasts)
    answer = RedirectResponse(to or "/", 303)
    seconds = int(lasts.total_seconds())
    answer.set_cookie(
        options.cookie, secret, max_age=seconds, path="/", secure=options.secure, httponly=True, samesite="lax"
    )
    return answer


def link(request: Request) -> Response:
    """A page with a button: looking at a link, as previews do, does not use it up."""
    console = console_of(request)
    token = request.path_params["token"][:200]
    with console.store.read() as tx:
        person = people.of_ticket(tx, console.store.now(tx), token)
    return _page(console, "ticket.html", 200 if person else 410, person=person, token=token)


def by_link(request: Request) -> Response:
    """Sign in by a link, which is used up by that."""
    console = console_of(request)
    token = request.path_params["token"][:200]
    with console.store.write() as tx:
        person = people.use_ticket(tx, console.store.now(tx), token)
    if person is None:
        return _page(console, "ticket.html", 410, person=None, token=token)
    return _begin(console, person.id, "")


def sign_out(request: Request) -> Response:
    """End the session here and in the database."""
    console = console_of(request)
    secret = request.cookies.get(console.options.cookie, "")[:200]
    with console.store.write() as tx:
        people.end_session(tx, secret)
    answer = RedirectResponse("/signin", 303)
    answer.delete_cookie(console.options.cookie, path="/", secure=console.options.secure, httponly=True, samesite="lax")
    return answer
