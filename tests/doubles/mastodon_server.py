"""A strict double of a Mastodon server on loopback, and of others with its API: ids, pages, keys, limits, faults.

It answers what the real one answers and refuses what the real one refuses; `unexpected` holds what no real one knows.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.doubles.mastodon_world import Bucket, Ids, Now, Person, Post, counted, iso

TOKEN = "a-token"
MOST = 40
PAGING = {"min_id", "max_id", "since_id"}
KNOWN = {
    "timelines": {"limit", *PAGING},
    "notifications": {"limit", "types[]", *PAGING},
    "statuses": {"id[]"},
    "accounts": {"limit", "exclude_reblogs", *PAGING},
    "search": {"q", "resolve", "type", "limit"},
}
PAGE = b"<!DOCTYPE html><html><head><title>We're sorry</title></head><body>Bad gateway</body></html>"
FAULTS = ("hang after", "500 after", "html 503", "half", "drip", "garbage", "slow", "429")


def _size(native: str) -> tuple[int, str]:
    return len(native), native


class No(Exception):
    """An answer that is not 200."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


@dataclass
class Call:
    """One request as it came in; `query` holds all values of each name."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: dict[str, Any]

    def one(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[-1]


class MastodonServer:
    """One server. `kind` is mastodon or gotosocial; `now` its clock."""

    def __init__(self, domain: str, now: Now, kind: str = "mastodon") -> None:
        self.domain, self.now, self.kind = domain, now, kind
        self.me = Person("qcommunity", domain, "Q Community", bot=True)
        self.characters, self.url_weight = (500, 23) if kind == "mastodon" else (5000, 25)
        self.scopes: list[str] | None = ["read", "write:statuses"] if kind == "mastodon" else None
        self.open_feeds, self.bulk = kind == "mastodon", True
        self.narrow = ""  # a scope that the token lacks
        self.ids = Ids("ulid" if kind == "gotosocial" else "snowflake")
        self.posts: dict[str, Post] = {}  # by id of this server
        self.notes: list[tuple[str, str]] = []  # notifications: id, id of the post
        self.keys: dict[str, tuple[str, datetime]] = {}
        self.elsewhere: dict[str, Post] = {}  # what can be fetched from other servers, by address
        self.paging, self.general = Bucket(300, 900), Bucket(300, 300)
        self.removals = Bucket(30, 1800)
        self.peer: MastodonServer | None = None  # another server, for tests that need two
        self.faults: list[tuple[str, str, str]] = []  # (method, pattern of the path, fault), each strikes once
        self._passes = 0
        self.calls: list[Call] = []
        self.unexpected: list[str] = []
        self.hold = threading.Event()  # lets hanging answers go
        self._late: list[Call] = []
        self._lock = threading.Lock()
        self._serve()

    # -- what happens in the world ----------------------------------------------------------------

    def say(self, text: str, by: str = "asha", at: datetime | None = None, **more: Any) -> Post:
        """Somebody of this server writes; the post."""
        person = more.pop("person", None) or Person(by, self.domain, by.title())
        when = at or self.now()
        native = self.ids.at(when)
        post = Post(f"https://{self.domain}/users/{person.acct}/statuses/{native}", person, text, when, **more)
        self._put(native, post)
        return post

    def receive(self, post: Post, at: datetime | None = None, *, fetched: bool = False) -> str:
        """A post of another server comes in: delivered now, or fetched, with an id of when it was written."""
        native = self.ids.at(post.created if fetched else at or self.now())
        self._put(native, post)
        return native

    def _put(self, native: str, post: Post) -> None:
        self.posts[native] = post
        if f"@{self.me.acct}" in post.text and post.by.acct != self.me.acct:
            self.notes.append((str(1000 + len(self.notes)), native))

    def edit(self, post: Post, text: str) -> None:
        """Its author changes it."""
        post.text, post.content, post.edited = text, "", self.now()

    def delete(self, post: Post) -> None:
        """It goes from this server."""
        self.posts = {native: one for native, one in self.posts.items() if one.uri != post.uri}

    def ours(self) -> list[Post]:
        """The posts of our account, oldest first."""
        return [self.posts[native] for native in sorted(self.posts) if self.posts[native].by.acct == self.me.acct]

    def fail(self, fault: str, method: str = "POST", path: str = ".*", *, times: int = 1, after: int = 0) -> None:
        """The next such calls go wrong, `after` that many that go well."""
        assert fault in FAULTS
        self._passes = after
        self.faults += [(method, path, fault)] * times

    def finish_late(self) -> None:
        """What was slow has its effect now."""
        for call in self._late:
            self._do(call)
        self._late = []

    # -- the API ----------------------------------------------------------------------------------

    def _do(self, call: Call) -> Any:
        with self._lock:
            parts = call.path.strip("/").split("/")
            if call.path == "/.well-known/nodeinfo":
                return {"links": [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0",
                                   "href": f"https://{self.domain}/nodeinfo/2.0"}]}  # fmt: skip
            if call.path == "/nodeinfo/2.0":
                return {"version": "2.0", "software": {"name": self.kind, "version": "4.4.1"}}
            if call.path == "/api/v2/instance":
                return self._instance()
            if call.path == "/api/v2/search":
                return self._search(call)
            route = getattr(self, f"_{call.method.lower()}_{parts[2]}", None) if len(parts) > 2 else None
            if parts[:2] != ["api", "v1"] or route is None:
                self.unexpected.append(f"{call.method} {call.path}")
                raise No(404, "Not Found")
            return route(call, parts[3:])

    def _instance(self) -> Any:
        return {
            "domain": self.domain, "version": "4.4.1" if self.kind == "mastodon" else "0.20.0+git-1234567",
            "configuration": {
                "statuses": {"max_characters": self.characters, "max_media_attachments": 4,
                             "characters_reserved_per_url": self.url_weight},
                "media_attachments": {"description_limit": 1500},
                "timelines_access": {"hashtag_feeds": {"local": "public" if self.open_feeds else "authenticated"}},
            },
        }  # fmt: skip

    def _signed(self, call: Call, scope: str) -> None:
        said = call.headers.get("Authorization", "")
        if said != f"Bearer {TOKEN}":
            raise No(401, "The access token is invalid" if said else "This method requires an authenticated user")
        if scope and scope == self.narrow:
            raise No(403, "This action is outside the authorized scopes")

    def _rows(self, call: Call, ids: list[str]) -> list[str]:
        """One page of ids, newest first, as Mastodon pages."""
        known = KNOWN[call.path.strip("/").split("/")[2]]
        if call.query.keys() - known:
            self.unexpected.append(f"{call.path} {sorted(call.query.keys() - known)}")
        limit = min(int(call.one("limit", "20")), MOST)
        ids = sorted(ids, key=_size, reverse=True)
        if top := call.one("max_id"):
            ids = [one for one in ids if _size(one) < _size(top)]
        if since := call.one("since_id"):
            ids = [one for one in ids if _size(one) > _size(since)]
        if low := call.one("min_id"):
            return [one for one in ids if _size(one) > _size(low)][-limit:]
        return ids[:limit]

    def _get_timelines(self, call: Call, rest: list[str]) -> Any:
        if not self.open_feeds or "Authorization" in call.headers:
            self._signed(call, "read:statuses")
        tag = rest[1].lower()
        public = [
            native
            for native, post in self.posts.items()
            if post.visibility == "public" and tag in post.tags and not post.boost_of
        ]
        return [self._status(native) for native in self._rows(call, public)]

    def _get_notifications(self, call: Call, rest: list[str]) -> Any:
        self._signed(call, "read:notifications")
        there = {note: native for note, native in self.notes if native in self.posts}
        return [
            {"id": note, "type": "mention", "created_at": iso(self.posts[there[note]].created),
             "account": self._account(self.posts[there[note]].by), "status": self._status(there[note])}
            for note in self._rows(call, list(there))
        ]  # fmt: skip

    def _get_accounts(self, call: Call, rest: list[str]) -> Any:
        self._signed(call, "read:statuses")
        if rest == ["verify_credentials"]:
            return {**self._account(self.me), "source": {"privacy": "public"}}
        ours = [native for native, post in self.posts.items() if post.by.acct == self.me.acct]
        return [self._status(native) for native in self._rows(call, ours)]

    def _get_apps(self, call: Call, rest: list[str]) -> Any:
        self._signed(call, "")
        return {"name": "Backchannel", **({"scopes": self.scopes} if self.scopes is not None else {})}

    def _get_statuses(self, call: Call, rest: list[str]) -> Any:
        if not self.open_feeds or "Authorization" in call.headers:
            self._signed(call, "read:statuses")
        if not rest:
            wanted = call.query.get("id[]", [])
            if not self.bulk:
                raise No(404, "Not Found")
            if len(wanted) > 20:
                raise No(422, "Too many ids")
            return [self._status(native) for native in wanted if native in self.posts]
        return self._status(self._there(rest[0]))

    def _post_statuses(self, call: Call, rest: list[str]) -> Any:
        self._signed(call, "write:statuses")
        key = call.headers.get("Idempotency-Key", "")
        if self.kind == "mastodon" and key in self.keys and self.now() - self.keys[key][1] < timedelta(hours=1):
            return self._status(self._there(self.keys[key][0]))
        text = self._fitting(call)
        parent = str(call.body.get("in_reply_to_id") or "")
        above = self.posts[self._there(parent)].uri if parent else ""
        more = {"spoiler": call.body.get("spoiler_text") or "", "visibility": call.body.get("visibility", "public")}
        if more["visibility"] not in ("public", "unlisted", "private", "direct"):
            raise No(422, "Validation failed: Visibility is not included in the list")
        post = self.say(text, person=self.me, parent=above, lang=call.body.get("language", "en"), **more)
        native = next(native for native, one in self.posts.items() if one is post)
        if key:
            self.keys[key] = (native, self.now())
        return self._status(native)

    def _put_statuses(self, call: Call, rest: list[str]) -> Any:
        self._signed(call, "write:statuses")
        post = self.posts[self._mine(rest[0])]
        text = self._fitting(call)
        kept = set(call.body.get("media_ids") or [])
        post.media = [one for one in post.media if one["id"] in kept]
        post.spoiler = call.body.get("spoiler_text", post.spoiler)
        self.edit(post, text)
        return self._status(rest[0])

    def _delete_statuses(self, call: Call, rest: list[str]) -> Any:
        self._signed(call, "write:statuses")
        shown = self._status(self._mine(rest[0]))
        del self.posts[rest[0]]
        return shown

    def _search(self, call: Call) -> Any:
        self._signed(call, "read:search")
        uri = call.one("q")
        found = [native for native, post in self.posts.items() if post.uri == uri]
        if not found and uri in self.elsewhere and call.one("resolve") == "true":
            found = [self.receive(self.elsewhere[uri], fetched=True)]
        return {"accounts": [], "hashtags": [], "statuses": [self._status(native) for native in found]}

    def _fitting(self, call: Call) -> str:
        text = call.body.get("status")
        if not isinstance(text, str) or not text.strip():
            raise No(422, "Validation failed: Text can't be blank")
        if counted(text, self.url_weight) > self.characters:
            raise No(422, f"Validation failed: Text character limit of {self.characters} exceeded")
        return text

    def _there(self, native: str) -> str:
        if native not in self.posts:
            raise No(404, "Record not found")
        return native

    def _mine(self, native: str) -> str:
        if self.posts[self._there(native)].by.acct != self.me.acct:
            raise No(404, "Record not found")
        return native

    def _status(self, native: str) -> dict[str, Any]:
        post = self.posts[native]
        parent = next((one for one, other in self.posts.items() if post.parent and other.uri == post.parent), None)
        return {
            "id": native, "uri": post.uri, "url": f"{post.by.url}/{post.uri.rsplit('/', 1)[-1]}",
            "created_at": iso(post.created), "edited_at": iso(post.edited), "content": post.shown(),
            "spoiler_text": post.spoiler, "sensitive": bool(post.spoiler), "visibility": post.visibility,
            "language": post.lang, "in_reply_to_id": parent, "in_reply_to_account_id": None,
            "media_attachments": post.media, "account": self._account(post.by), "mentions": [], "emojis": [],
            "tags": [{"name": tag} for tag in sorted(post.tags)],
            "reblog": {"uri": post.boost_of} if post.boost_of else None,
            "quote": {"state": "accepted", "quoted_status": {"uri": post.quotes.uri}} if post.quotes else None,
        }  # fmt: skip

    def _account(self, person: Person) -> dict[str, Any]:
        local = person.home == self.domain
        marks = {name: getattr(person, name) for name in ("noindex", "discoverable", "indexable")}
        return {
            "id": "1" if person.acct == self.me.acct and local else str(100 + sum(map(ord, person.url))),
            "username": person.acct, "acct": person.acct if local else f"{person.acct}@{person.home}",
            "url": person.url, "uri": f"https://{person.home}/users/{person.acct}", "display_name": person.name,
            "note": f"<p>{person.note}</p>", "bot": person.bot, "locked": False,
            "fields": [{"name": person.table[0], "value": f"<p>{person.table[1]}</p>"}] if person.table else [],
            **(marks if self.kind == "mastodon" else {}),
        }  # fmt: skip

    # -- the wire ---------------------------------------------------------------------------------

    def _answer(self, call: Call) -> tuple[int, Any, dict[str, str]]:
        bucket = self.paging if PAGING & call.query.keys() else self.general
        bucket = self.removals if call.method == "DELETE" else bucket
        left, ends = bucket.take(self.now())
        headers = {"X-RateLimit-Limit": str(bucket.most), "X-RateLimit-Remaining": str(max(left, 0)),
                   "X-RateLimit-Reset": ends.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}  # fmt: skip
        if left < 0:
            return 429, {"error": "Too many requests"}, headers
        try:
            return 200, self._do(call), headers
        except No as no:
            return no.status, {"error": str(no)}, headers

    def _fault(self, call: Call) -> str:
        for number, (method, path, fault) in enumerate(self.faults):
            if method == call.method and re.search(path, call.path):
                if self._passes:
                    self._passes -= 1
                    return ""
                del self.faults[number]
                return fault
        return ""

    def _serve(self) -> None:
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65536

            def date_time_string(self, timestamp: float | None = None) -> str:
                return format_datetime(double.now(), usegmt=True)

            def any_method(self) -> None:
                parts = urlsplit(self.path)
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                call = Call(self.command, parts.path, parse_qs(parts.query), dict(self.headers.items()),
                            json.loads(raw) if raw else {})  # fmt: skip
                double.calls.append(call)
                with contextlib.suppress(OSError):
                    double._reply(self, call)

            do_GET = do_POST = do_PUT = do_DELETE = any_method  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def _reply(self, to: BaseHTTPRequestHandler, call: Call) -> None:
        fault = self._fault(call)
        if fault == "slow":
            self._late.append(call)
        status: int
        said: Any
        headers: dict[str, str]
        if fault == "html 503":
            status, said, headers = 503, PAGE, {"Content-Type": "text/html"}
        elif fault == "429":
            status, said = 429, {"error": "Too many requests"}
            headers = {"X-RateLimit-Reset": iso(self.now() + timedelta(minutes=4)) or ""}
        else:
            status, said, headers = self._answer(call) if fault != "slow" else (200, {}, {})
        if fault == "500 after":
            status, said = 500, {"error": "This page is not correct"}
        if fault in ("hang after", "slow"):
            self.hold.wait(10)
            to.close_connection = True
            return
        body = PAGE if fault == "garbage" else said if isinstance(said, bytes) else json.dumps(said).encode()
        to.send_response(status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
            to.send_header(name, value)
        to.send_header("Content-Length", str(len(body)))
        to.end_headers()
        if fault in ("half", "drip"):
            self._badly(to, body, fault)
        else:
            to.wfile.write(body)

    def _badly(self, to: BaseHTTPRequestHandler, body: bytes, fault: str) -> None:
        to.close_connection = True
        if fault == "half":
            to.wfile.write(body[: len(body) // 2])
            return
        for place in range(len(body)):
            to.wfile.write(body[place : place + 1])
            to.wfile.flush()
            if self.hold.wait(0.1):
                return

    def close(self) -> None:
        """Stop listening."""
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def mastodon(domain: str, now: Now, kind: str = "mastodon") -> Iterator[MastodonServer]:
    """A server for the length of a test, which in the end was asked nothing that no real one knows."""
    server = MastodonServer(domain, now, kind)
    try:
        yield server
    finally:
        server.close()
    assert server.unexpected == []
