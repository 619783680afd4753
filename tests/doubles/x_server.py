"""A strict double of X on loopback: it refuses what X refuses, bills what X bills, and fails as X fails.

State is in memory, under one lock: programs that are killed while they talk to it are judged by what it holds.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.doubles.x_auth import App, Gate
from tests.doubles.x_billing import Bill, Meter
from tests.doubles.x_faults import SILENT, Fault, Faults, refusal
from tests.doubles.x_limits import Limiter
from tests.doubles.x_pages import Tokens
from tests.doubles.x_params import Asked, Dialect, read
from tests.doubles.x_posts import Account, Post, World
from tests.doubles.x_problems import Answer, Problem, invalid, not_enrolled
from tests.doubles.x_reads import Reads
from tests.doubles.x_render import in_new_words
from tests.doubles.x_routes import Route, routes
from tests.doubles.x_wire import Request, Spoken, Wire
from tests.doubles.x_writes import Writes

OLD_PROBLEMS, NEW_PROBLEMS = "https://api.twitter.com/2/problems/", "https://api.x.com/2/problems/"


def now() -> datetime:
    """The machine's time, UTC."""
    return datetime.now(UTC)


@dataclass
class Call:
    """One call that came in. `caller` is a handle, "app", or "" if nobody was let in; no key is kept."""

    at: datetime
    method: str
    path: str
    endpoint: str  # "POST /2/tweets"; "" if X has none like it
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    caller: str = ""
    status: int = 0  # of the answer as it was meant; 0 if there was none
    fault: Fault | None = None
    sent: Any = None  # the answer as it was meant


class XServer:
    """X for tests: `with XServer(clock=...) as x`. Ids are strings, times are aware.

    `owner` is the handle whose account owns the app: its own timeline and mentions are cheap to read.
    """

    def __init__(self, clock: Callable[[], datetime] = now, owner: str = "theQCommunity", port: int = 0) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.app = App()
        self.world = World()
        self.meter = Meter()
        self.limiter = Limiter()
        self.faults = Faults()
        self.tokens = Tokens()
        self.calls: list[Call] = []
        self.dialect = Dialect.ASKED
        self.enrolled = True
        self.writes = Writes(self.world, self.meter)
        self._routes = routes(Reads(self.world, self.meter, self.tokens, owner), self.writes)
        self._wire = Wire(self._serve, self.faults, port)
        self.url = self._wire.url
        self._gate = Gate(self.app, self.world, self.url)
        if owner:
            self.account(owner)

    def __enter__(self) -> XServer:
        self._wire.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.close()
        if self._wire.bugs:
            raise AssertionError("The double of X has a bug") from self._wire.bugs[0]

    # What a test does to X.

    @property
    def index_lag(self) -> timedelta:
        """How long after it was made a post can be found by search and on timelines; lookup knows it at once."""
        return self.writes.index_lag

    @index_lag.setter
    def index_lag(self, lag: timedelta) -> None:
        self.writes.index_lag = lag

    def account(self, handle: str) -> Account:
        """The account of that handle; made if there is none."""
        with self.lock:
            return self.world.account(handle)

    def secrets(self, handle: str = "theQCommunity") -> dict[str, str]:
        """The keys with which the app acts for that account, under the names that the settings use."""
        account = self.account(handle)
        return {
            "X_BEARER_TOKEN": self.app.bearer,
            "X_API_KEY": self.app.key,
            "X_API_SECRET": self.app.secret,
            "X_ACCESS_TOKEN": account.token,
            "X_ACCESS_SECRET": account.secret,
        }

    def post(
        self,
        author: str,
        text: str,
        *,
        reply_to: str = "",
        quotes: str = "",
        at: datetime | None = None,
        visible_at: datetime | None = None,
        lang: str = "en",
    ) -> str:
        """Somebody writes; gives the id. Seen by searches from `visible_at` on, else after `index_lag`."""
        with self.lock:
            made = at or self.clock()
            person = self.world.account(author)
            others = [self.world.posts[int(other)] if other else None for other in (reply_to, quotes)]
            shown = visible_at or made + self.index_lag
            post = self.world.write(person, text, made, shown, reply_to=others[0], quotes=others[1], lang=lang)
            return str(post.id)

    def repost(self, author: str, native_id: str, at: datetime | None = None) -> str:
        """Somebody reposts; gives the id of the repost."""
        with self.lock:
            original, made = self.world.posts[int(native_id)], at or self.clock()
            text = f"RT @{original.author.handle}: {original.text}"
            post = self.world.write(self.world.account(author), text, made, made + self.index_lag, lang=original.lang)
            post.repost_of = original
            return str(post.id)

    def edit(self, native_id: str, text: str, *, at: datetime | None = None, visible_at: datetime | None = None) -> str:
        """Its author edits a post; gives the id of the new version. Raises ValueError where X does not let them."""
        with self.lock:
            made = at or self.clock()
            post = self.world.edit(self.world.posts[int(native_id)], text, made, visible_at or made + self.index_lag)
            return str(post.id)

    def delete(self, native_id: str) -> None:
        """Its author deletes a post."""
        with self.lock:
            self.world.delete(self.world.posts[int(native_id)])

    def protect(self, handle: str, on: bool = True) -> None:
        """An account hides its posts from all who do not follow it, or shows them again."""
        self.account(handle).protected = on

    def suspend(self, handle: str, on: bool = True) -> None:
        """X suspends an account, or lets it back in."""
        self.account(handle).suspended = on

    # What a test asks about.

    def posts(self, handle: str) -> list[Post]:
        """What that account has on X now, oldest first, of each post the latest version; `typed` is what it wrote."""
        with self.lock:
            own = (post for post in self.world.posts.values() if post.author is self.world.account(handle))
            return sorted((post for post in own if not post.deleted and post is post.versions[-1]), key=_id)

    def called(self, endpoint: str) -> list[Call]:
        """The calls of one endpoint ("POST /2/tweets")."""
        with self.lock:
            return [call for call in self.calls if call.endpoint == endpoint]

    def bill(self, day: date | None = None, month: str = "", account: str | None = None) -> Bill:
        """What X charges for: all, one UTC day, one month ("2026-08"), one account ("" is the app)."""
        with self.lock:
            return self.meter.bill(day, month, account)

    # What a caller meets.

    def _serve(self, request: Request) -> Spoken:
        with self.lock:
            parts = urlsplit(request.target)
            route, native_id = self._route(f"{request.method} {parts.path}")
            name = route.name if route else ""
            call = Call(self.clock(), request.method, parts.path, name, dict(parse_qsl(parts.query)))
            call.fault = self.faults.take(name)
            self.calls.append(call)
            answer = self._answer(request, route, native_id, call)
            call.status, call.sent = (answer.status, answer.body) if answer else (0, None)
            return Spoken(answer, call.fault)

    def _route(self, line: str) -> tuple[Route | None, str]:
        for route in self._routes:
            found = route.pattern.fullmatch(line)
            if found:
                return route, found[1] if found.groups() else ""
        return None, ""

    def _answer(self, request: Request, route: Route | None, native_id: str, call: Call) -> Answer | None:
        """None if the call is lost before it has any effect."""
        if call.fault in SILENT:
            return None
        refused = refusal(call.fault, int(call.at.timestamp())) if call.fault else None
        if refused:
            return refused
        if route is None:
            return Answer(404, b"")
        try:
            return self._played(request, route, native_id, call)
        except Problem as problem:
            return self._worded(problem.answer, self.dialect in (Dialect.NEW, Dialect.RENAMED))

    def _played(self, request: Request, route: Route, native_id: str, call: Call) -> Answer:
        pairs = parse_qsl(urlsplit(request.target).query, keep_blank_values=True)
        caller = self._gate.caller(request.method, call.path, pairs, request.headers.get("authorization", ""))
        call.caller = caller.handle if caller else "app"
        if not self.enrolled:
            raise not_enrolled()
        route.check_key(caller is None)
        headers = self.limiter.take(route.name, caller.handle if caller else "", call.at)
        try:
            params = read(route.form, pairs, self.dialect)
            call.body = _body(request)
            asked = Asked(params, call.at, caller, native_id, call.path, call.body)
            asked.empty_page = call.fault is Fault.EMPTY_PAGE
            answer = route.answer(asked)
            if call.fault is Fault.NO_META and isinstance(answer.body, dict):
                answer.body.pop("meta", None)
        except Problem as problem:
            problem.answer.headers = {**headers, **problem.answer.headers}
            raise
        answer.headers = {**headers, **answer.headers}
        return self._worded(answer, params.new_words)

    def _worded(self, answer: Answer, new: bool) -> Answer:
        if not new or isinstance(answer.body, bytes):
            return answer
        body = json.loads(json.dumps(in_new_words(answer.body)).replace(OLD_PROBLEMS, NEW_PROBLEMS))
        return Answer(answer.status, body, answer.headers)


def _id(post: Post) -> int:
    return post.id


def _body(request: Request) -> Any:
    if request.method != "POST":
        return None
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise invalid("The Content-Type of a POST must be application/json")
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        raise invalid("The body is not valid JSON") from None
