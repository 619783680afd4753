"""The endpoints of X that the double plays: their addresses, keys and parameters."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.doubles.x_params import Asked, Form
from tests.doubles.x_problems import Answer, unsupported
from tests.doubles.x_reads import Reads
from tests.doubles.x_writes import Writes

APP = "OAuth 2.0 Application-Only"
USER = "OAuth 1.0a User Context"
SPAN = frozenset(("start_time", "end_time", "since_id", "until_id", "max_results", "pagination_token"))
SEARCH = SPAN | {"query", "next_token", "sort_order"}


@dataclass(frozen=True)
class Route:
    """One endpoint. `name` is what faults and limits call it, `keys` the kinds of callers it lets in."""

    name: str
    answer: Callable[[Asked], Answer]
    form: Form
    keys: tuple[str, ...] = (APP, USER)

    @property
    def pattern(self) -> re.Pattern[str]:
        """What its method and path look like; the id is a group."""
        return re.compile(re.escape(self.name).replace(":id", "([^/]+)").replace("\\ ", " "))

    def check_key(self, is_app: bool) -> None:
        """Raises Problem (403) for a caller of the wrong kind."""
        used = APP if is_app else USER
        if used not in self.keys:
            raise unsupported(used, ", ".join((*self.keys, "OAuth 2.0 User Context") if is_app else self.keys))


def routes(reads: Reads, writes: Writes) -> list[Route]:
    """All endpoints; those with fixed words in the place of an id come first."""
    search = Form(SEARCH, posts=True, results=(10, 100), needed="query")
    search_all = Form(SEARCH, posts=True, results=(10, 500), needed="query")
    written, named = Form(SPAN | {"exclude"}, posts=True, results=(5, 100)), Form(SPAN, posts=True, results=(5, 100))
    looked_up = Form(frozenset(("ids",)), posts=True, needed="ids")
    people = Form(frozenset(("ids",)), users=True, needed="ids")
    handles = Form(frozenset(("usernames",)), users=True, needed="usernames")
    return [
        Route("GET /2/tweets/search/recent", reads.search_recent, search),
        Route("GET /2/tweets/search/all", reads.search_all, search_all, (APP,)),
        Route("GET /2/tweets", reads.lookup, looked_up),
        Route("GET /2/tweets/:id", reads.lookup_one, Form(posts=True)),
        Route("GET /2/users/me", reads.me, Form(users=True), (USER,)),
        Route("GET /2/users/by", reads.users_by, handles),
        Route("GET /2/users", reads.users, people),
        Route("GET /2/users/:id/tweets", reads.timeline, written),
        Route("GET /2/users/:id/mentions", reads.mentions, named),
        Route("GET /2/usage/tweets", reads.usage, Form(frozenset(("days",)), usage=True), (APP,)),
        Route("GET /2/usage/credits", reads.credits, Form(), (APP,)),
        Route("POST /2/tweets", writes.create, Form(), (USER,)),
        Route("DELETE /2/tweets/:id", writes.delete, Form(), (USER,)),
        Route("POST /2/media/upload", writes.upload, Form(), (USER,)),
        Route("POST /2/media/metadata", writes.describe, Form(), (USER,)),
    ]
