"""One request of somebody who signed in: what it asks, and how it is answered."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from anyio import CapacityLimiter
from jinja2 import Environment
from sqlalchemy import Row
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.console.assets import Assets
from bot.console.ticker import Ticker
from bot.core.rights import OWNER
from bot.desk import Done, Who
from bot.store import board, ledger, memberships, presence, sessions
from bot.store.engine import Store
from bot.store.presence import Here

FLASH = "said"
FLASH_LASTS = 30  # seconds


@dataclass(frozen=True, slots=True)
class ConsoleOptions:
    """What the console is told. `secure` says that browsers reach it by https; `notice` stands on every page."""

    public_url: str
    secure: bool
    session_hours: int = 12
    notice: str = ""

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; the stricter one needs https."""
        return "__Host-session" if self.secure else "session"


@dataclass(frozen=True, slots=True)
class Console:
    """What all pages share."""

    store: Store
    options: ConsoleOptions
    templates: Environment
    assets: Assets
    ticker: Ticker
    hashing: CapacityLimiter


class Missing(Exception):
    """There is no such page, or not for this person: 404."""


@dataclass
class Ask:
    """One request. `event` is set on the pages of an event."""

    request: Request
    console: Console
    who: Who
    form: FormData = field(default_factory=FormData)

    @property
    def store(self) -> Store:
        return self.console.store

    def over(self, store: Store) -> Ask:
        """The same request, over another store."""
        return self if store is self.store else replace(self, console=replace(self.console, store=store))

    @property
    def slug(self) -> str:
        return str(self.request.path_params.get("slug", ""))

    @property
    def secret(self) -> str:
        """What the browser keeps of the session."""
        return self.request.cookies.get(self.console.options.cookie, "")

    @property
    def ref(self) -> str:
        """The session of this browser, as lists of sessions name it."""
        return sessions.digest(self.secret)

    def events(self) -> Sequence[Row[Any]]:
        """The events that the person may see, each with their role there."""
        with self.store.read() as tx:
            return memberships.events(tx, self.store.now(tx), self.who.id, self.who.role == OWNER)

    def present(self) -> Sequence[Here]:
        """Who else is at the pages of the event."""
        if self.who.event_id is None:
            return []
        with self.store.read() as tx:
            there = presence.here(tx, self.store.now(tx), self.who.event_id)
        return [one for one in there if one.id != self.who.id]

    @property
    def partial(self) -> bool:
        """Whether our script asks for the live parts of a page that it already shows."""
        return self.request.headers.get("x-part") == "live"

    @property
    def wants_json(self) -> bool:
        """Whether our script asks, and stays on its page."""
        return "application/json" in self.request.headers.get("accept", "")

    def number(self, name: str) -> int:
        """A number of the address. Raises Missing if it is none that a row can have."""
        word = str(self.request.path_params.get(name, ""))
        if not word.isascii() or not word.isdecimal() or len(word) > 9:
            raise Missing
        return int(word)

    def query(self, name: str, most: int = 200) -> str:
        """A word of the query, "" if absent."""
        return self.request.query_params.get(name, "").replace("\x00", "")[:most]

    def query_number(self, name: str) -> int:
        """A number of the query, 0 if absent or no number."""
        word = self.query(name)
        return int(word) if word.isascii() and word.isdecimal() and len(word) <= 9 else 0

    def word(self, name: str, most: int = 20_000) -> str:
        """A field of the form with plain line ends, "" if absent or a file."""
        value = self.form.get(name)
        return value.replace("\r\n", "\n").replace("\x00", "")[:most] if isinstance(value, str) else ""

    def given(self, name: str, most: int = 200) -> str | None:
        """A field of the form, None if the form has no such field."""
        return self.word(name, most) if name in self.form else None

    def form_number(self, name: str) -> int:
        """A number of the form, 0 if absent or no number."""
        word = self.word(name).strip()
        return int(word) if word.isascii() and word.isdecimal() and len(word) <= 9 else 0

    def words(self, name: str) -> list[str]:
        """All values of a field, as of boxes that were ticked."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def fields(self, prefix: str) -> dict[str, str]:
        """The fields whose name begins with `prefix`, by the rest of their name."""
        return {key.removeprefix(prefix): self.word(key) for key in self.form if key.startswith(prefix)}

    @property
    def action(self) -> str:
        """The last word of a button's address, "" if it has none."""
        return str(self.request.path_params.get("action", ""))

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page of the event, or just its live parts for our script."""
        with self.store.read() as tx:
            now = self.store.now(tx)
            frame = board.frame(tx, self.slug)
            if frame is None:
                raise Missing
            needing = ledger.needing(tx, frame.event.id)
        return self.show(template, status, frame=frame, now=now, needing=needing, **values)

    def show(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page; words that wait to be said are said once."""
        said = None if self.partial else read_flash(self.request)
        context = {
            "who": self.who,
            "may": self.who.may,
            "mine": self.events(),
            "present": self.present(),
            "options": self.console.options,
            "here": here(self.request),
            "path": self.request.url.path,
            "said": said,
            "layout": "live.html" if self.partial else "layout.html",
            **values,
        }
        html = self.console.templates.get_template(template).render(context)
        answer = HTMLResponse(html, status, headers={"Vary": "X-Part"})
        if said:
            answer.delete_cookie(FLASH, path="/")
        return answer

    def done(self, done: Done, undo: bool = False, to: str = "") -> Response:
        """What came of a button: for our script as JSON, else back to the page with a sentence."""
        change_id = done.change_id if undo and done.ok else 0
        undo_path = f"/e/{self.slug}/undo/{change_id}" if change_id else ""
        if self.wants_json:
            return JSONResponse({"ok": done.ok, "sentence": done.sentence, "undo": undo_path, "state": done.state})
        answer = RedirectResponse(to or own_path(self.word("back")) or f"/e/{self.slug}/questions", 303)
        flash = {"ok": done.ok, "sentence": done.sentence, "undo": undo_path, "state": done.state}
        flash["again"] = self.request.url.path if done.state else ""
        secure = self.console.options.secure
        answer.set_cookie(
            FLASH, write_flash(flash), max_age=FLASH_LASTS, path="/", secure=secure, httponly=True, samesite="strict"
        )
        return answer


def here(request: Request) -> str:
    """Path and query of the page, to come back to."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def own_path(path: str) -> str:
    """`path` if it stays on this site, else ""."""
    plain = path.startswith("/") and path[1:2] not in ("/", "\\") and path.isprintable() and len(path) < 2000
    return path if plain and path.isascii() else ""


def write_flash(said: Mapping[str, Any]) -> str:
    """A sentence to say on the next page, in letters that a cookie takes."""
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def read_flash(request: Request) -> dict[str, Any] | None:
    """The sentence that the page before left; None if there is none or if it is not ours."""
    word = request.cookies.get(FLASH, "")
    if not word or len(word) > 4000:
        return None
    try:
        said = json.loads(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)))
    except (binascii.Error, ValueError):
        return None
    whole = isinstance(said, dict) and isinstance(said.get("sentence"), str) and said["sentence"]
    if not whole:
        return None
    undo, again = own_path(str(said.get("undo", ""))), own_path(str(said.get("again", "")))
    return {
        "ok": said.get("ok") is True,
        "sentence": said["sentence"],
        "undo": undo if "/undo/" in undo else "",
        "again": again if "/questions/" in again else "",
        "state": str(said.get("state", ""))[:12],
    }


def console_of(request: Request) -> Console:
    """What the application was made with."""
    console: Console = request.app.state.console
    return console
