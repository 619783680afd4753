"""What the double of Mastodon answers to each call of the API, as the real one answers it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.doubles.mastodon_home import Home
from tests.doubles.mastodon_media import No, Shelf
from tests.doubles.mastodon_world import Now, counted, iso

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


def _size(native: str) -> tuple[int, str]:
    return len(native), native


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


class Api(Home):
    """The calls that we make, and none else: `unexpected` holds what no real one knows."""

    def __init__(self, domain: str, now: Now, kind: str = "mastodon") -> None:
        super().__init__(domain, now, kind)
        self.characters, self.url_weight = (500, 23) if kind == "mastodon" else (5000, 25)
        self.scopes: list[str] | None = ["read", "write:statuses"] if kind == "mastodon" else None
        self.open_feeds, self.bulk = kind == "mastodon", True
        self.narrow = ""  # a scope that the token lacks
        self.shelf = Shelf(domain)
        self.keys: dict[str, tuple[str, datetime]] = {}
        self.unexpected: list[str] = []
        self._lock = threading.Lock()

    def _do(self, call: Call) -> Any:
        with self._lock:
            parts = call.path.strip("/").split("/")
            if call.path == "/.well-known/nodeinfo":
                return {"links": [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0",
                                   "href": f"https://{self.domain}/nodeinfo/2.0"}]}  # fmt: skip
            if call.path == "/nodeinfo/2.0":
                return {"version": "2.0", "software": {"name": self.kind, "version": self.version}}
            if call.path == "/api/v2/instance":
                return self._instance()
            if call.path == "/api/v2/search":
                return self._search(call)
            if (call.method, call.path) == ("POST", "/api/v2/media"):
                return self._upload(call)
            route = getattr(self, f"_{call.method.lower()}_{parts[2]}", None) if len(parts) > 2 else None
            if parts[:2] != ["api", "v1"] or route is None:
                self.unexpected.append(f"{call.method} {call.path}")
                raise No(404, "Not Found")
            return route(call, parts[3:])

    def _instance(self) -> Any:
        return {
            "domain": self.domain, "version": self.version,
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
        wanted = call.query.get("types[]", [])
        if self.kind != "mastodon" and set(wanted) - {"mention"}:
            raise No(400, "Bad Request: unknown notification type")
        kinds = {note: kind for note, kind, native in self.notes if native in self.posts and kind in wanted}
        there = {note: native for note, _, native in self.notes}
        return [
            {"id": note, "type": kinds[note], "created_at": iso(self.posts[there[note]].created),
             "account": self._account(self.posts[there[note]].by), "status": self._status(there[note])}
            for note in self._rows(call, list(kinds))
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
        media = self.shelf.attached(call.body.get("media_ids") or [])
        post = self.say(text, person=self.me, parent=above, media=media, lang=call.body.get("language", "en"), **more)
        native = next(native for native, one in self.posts.items() if one is post)
        self.shelf.show(media, post.uri)
        if key:
            self.keys[key] = (native, self.now())
        return self._status(native)

    def _upload(self, call: Call) -> Any:
        self._signed(call, "write:media")
        return self.shelf.upload(call.body)

    def _get_media(self, call: Call, rest: list[str]) -> Any:
        self._signed(call, "write:media")
        return self.shelf.look(rest[0])

    def _put_statuses(self, call: Call, rest: list[str]) -> Any:
        self._signed(call, "write:statuses")
        post = self.posts[self._mine(rest[0])]
        text = self._fitting(call)
        post.media = self.shelf.attached(call.body.get("media_ids") or [], post)
        self.shelf.show(post.media, post.uri)
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
