"""A strict little Bluesky on loopback: refuses what the real one refuses, and fails as only a far-away one can."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import regex

from bot.core.length import graphemes
from tests.networks.servers import Asked, Reply, Site

TID = regex.compile(r"[234567abcdefghij][234567a-z]{12}")
POST = "app.bsky.feed.post"
ME, ASHA, BRYN = "did:plc:qcommunity", "did:plc:asha", "did:plc:bryn"
HANDLES = {"qcommunity.test": ME, "asha.test": ASHA, "bryn.test": BRYN}
PASSWORD = "abcd-efgh-ijkl-mnop"
START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
FORBIDDEN = (
    b"<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center></body></html>"
)
Fault = Callable[[Asked], Reply | None]


def no(status: int, error: str, message: str = "", **headers: str) -> Reply:
    """An answer that names its error, as every XRPC server gives it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, {"error": error, "message": message or error}, named)


def stamp(at: datetime) -> str:
    """A time as records have it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class BlueskyServer:
    """One server with three accounts. `before` may answer instead of it, `after` once it has done what was asked."""

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self._clock, self._now = clock, START
        self.records: dict[str, dict[str, Any]] = {}  # by at-uri: value, cid, indexedAt
        self.blobs: set[str] = set()  # what was uploaded and not let go of
        self.unindexed: set[str] = set()  # what the search and the AppView do not show yet
        self.tagless = False  # takes no notice of the parameter `tag`, as the public search at times
        self.page_size = 100
        self.views: dict[str, dict[str, Any]] = {}  # more of a post's view, by at-uri
        self.authors: dict[str, dict[str, Any]] = {}  # more of an author's view, by DID
        self.before: Fault = lambda asked: None
        self.after: Fault = lambda asked: None
        self.sessions = 0
        self.revoked = False
        self._valid: set[str] = set()
        self._refresh: set[str] = set()
        self._changes = 0
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self.site = Site(self._answer)
        self.url = self.site.url

    # What a test does

    @property
    def now(self) -> datetime:
        """The time there: that of the clock it was given, else what a test has set."""
        return self._clock() if self._clock else self._now

    @now.setter
    def now(self, at: datetime) -> None:
        self._now = at

    def say(self, did: str, text: str, *, at: datetime | None = None, key: str = "", **record: Any) -> str:
        """A post of somebody's; its at-uri. `at` is what its author says, now is when it is indexed."""
        self._changes += 1
        uri = f"at://{did}/{POST}/{key or _tid(self._changes)}"
        value = {"$type": POST, "text": text, "createdAt": stamp(at or self.now), **record}
        self.records[uri] = {"value": value, "cid": f"bafy{self._changes}", "indexedAt": stamp(self.now)}
        return uri

    def ours(self) -> list[dict[str, Any]]:
        """The records of our account, oldest first."""
        return [one["value"] for uri, one in sorted(self.records.items()) if uri.startswith(f"at://{ME}/")]

    def expire(self) -> None:
        """Two hours pass for every access token."""
        self._valid.clear()

    def revoke(self) -> None:
        """The account's owner takes the app password back."""
        self.expire()
        self._refresh.clear()
        self.revoked = True

    def hang(self) -> Reply | None:
        """Accept and never answer, until the server closes."""
        self._ended.wait(30)
        return None

    def calls(self, name: str) -> list[Asked]:
        """The requests to one method so far."""
        return [asked for asked in self.site.asked if asked.path.endswith("." + name)]

    def close(self) -> None:
        """Stop."""
        self._ended.set()
        self.site.close()

    # What it answers

    def _answer(self, asked: Asked) -> Reply:
        instead = self.before(asked)
        if instead is None:
            with self._lock:
                reply = self._served(asked)
            instead = self.after(asked) or reply
        return Reply(instead.status, instead.body, {"Connection": "close", **instead.headers})

    def _served(self, asked: Asked) -> Reply:
        name = asked.path.rpartition(".")[2]
        if not asked.path.startswith("/xrpc/"):
            return Reply(404, b"<html>Not here</html>")
        if name == "createSession":
            return self._create(asked)
        token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
        if name == "refreshSession":
            return self.session() if token in self._refresh else no(400, "ExpiredToken", "Token has been revoked")
        if not token:
            return no(401, "AuthMissing", "Authentication Required")
        if not token.startswith("access "):
            return no(400, "InvalidToken", "Token could not be verified")
        if token not in self._valid:
            return no(400, "ExpiredToken", "Token has expired")
        method = getattr(self, f"_{name}", None)
        reply: Reply = method(asked) if method else no(501, "MethodNotImplemented", "Method Not Implemented")
        return reply

    def _create(self, asked: Asked) -> Reply:
        said = asked.json()
        if self.revoked or said != {"identifier": "qcommunity.test", "password": PASSWORD}:
            return no(401, "AuthenticationRequired", "Invalid identifier or password")
        return self.session()

    def session(self) -> Reply:
        """The answer that gives a new session, and tells where the account lives: here."""
        self.sessions += 1
        access, refresh = f"access {self.sessions}", f"refresh {self.sessions}"
        self._valid.add(access)
        self._refresh.add(refresh)
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.url}
        tokens = {"accessJwt": access, "refreshJwt": refresh}
        return Reply(200, {"did": ME, "handle": "qcommunity.test", "didDoc": {"service": [service]}, **tokens})

    def _getSession(self, asked: Asked) -> Reply:  # noqa: N802
        date = self.now.strftime("%a, %d %b %Y %H:%M:%S GMT")
        return Reply(200, {"did": ME, "handle": "qcommunity.test", "active": True}, {"Date": date})

    def _putRecord(self, asked: Asked) -> Reply:  # noqa: N802
        said = asked.json()
        record, uri = said["record"], f"at://{said['repo']}/{said['collection']}/{said['rkey']}"
        if said["repo"] != ME or said["collection"] != POST:
            return no(400, "InvalidRequest", "Could not find repo")
        if not TID.fullmatch(said["rkey"]):
            return no(400, "InvalidRequest", f"Invalid record key {said['rkey']}: Invalid TID string")
        if wrong := _wrong(record):
            return no(400, "InvalidRequest", f"Invalid {POST} record: {wrong}")
        if self._unknown_blob(record):
            return no(400, "BlobNotFound", "Could not find blob")
        there = self.records.get(uri)
        if there and there["value"] == record:
            return Reply(200, {"uri": uri, "cid": there["cid"], "validationStatus": "valid"})
        if there and said.get("swapRecord", "") is None:
            return no(400, "InvalidSwap", f"Record was at {there['cid']}")
        self._changes += 1
        cid = f"bafy{self._changes}"
        self.records[uri] = {"value": record, "cid": cid, "indexedAt": stamp(self.now)}
        return Reply(200, {"uri": uri, "cid": cid, "commit": {"cid": "c", "rev": "r"}, "validationStatus": "valid"})

    def _uploadBlob(self, asked: Asked) -> Reply:  # noqa: N802
        kind = asked.headers.get("Content-Type", "")
        if not asked.body or not kind.startswith("image/"):
            return no(400, "InvalidRequest", "Request has an unexpected body or type")
        if len(asked.body) > 1_000_000:
            return no(400, "BlobTooLarge", "This file is too large")
        ref = "bafkrei" + hashlib.sha256(asked.body).hexdigest()[:52]
        self.blobs.add(ref)
        return Reply(200, {"blob": {"$type": "blob", "ref": {"$link": ref}, "mimeType": kind, "size": len(asked.body)}})

    def _unknown_blob(self, record: dict[str, Any]) -> bool:
        images = record.get("embed", {}).get("images", [])
        return any(one["image"]["ref"]["$link"] not in self.blobs for one in images)

    def _deleteRecord(self, asked: Asked) -> Reply:  # noqa: N802
        said = asked.json()
        gone = self.records.pop(f"at://{said['repo']}/{said['collection']}/{said['rkey']}", None)
        return Reply(200, {"commit": {"cid": "c", "rev": "r"}} if gone else {})

    def _getRecord(self, asked: Asked) -> Reply:  # noqa: N802
        uri = f"at://{asked.query['repo']}/{asked.query['collection']}/{asked.query['rkey']}"
        there = self.records.get(uri)
        if there is None:
            return no(400, "RecordNotFound", f"Could not locate record: {uri}")
        return Reply(200, {"uri": uri, "cid": there["cid"], "value": there["value"]})

    def _resolveHandle(self, asked: Asked) -> Reply:  # noqa: N802
        did = HANDLES.get(asked.query["handle"])
        return Reply(200, {"did": did}) if did else no(400, "InvalidRequest", "Unable to resolve handle")

    def _getPosts(self, asked: Asked) -> Reply:  # noqa: N802
        wanted = _all(asked, "uris")
        if len(wanted) > 25:
            return no(400, "InvalidRequest", "Error: uris must not have more than 25 elements")
        return Reply(200, {"posts": [self._view(uri) for uri in wanted if self._shown(uri)]})

    def _searchPosts(self, asked: Asked) -> Reply:  # noqa: N802
        if "q" not in asked.query:
            return no(400, "InvalidRequest", 'Error: Params must have the property "q"')
        tag, text = asked.query.get("tag", "").lower(), asked.query["q"].lower()
        shown = [uri for uri in self.records if self._shown(uri) and (text == "*" or self._says(uri, text))]
        if tag and not self.tagless:
            shown = [uri for uri in shown if tag in _tags(self.records[uri]["value"])]
        return self._paged(asked, shown, "posts", self._view)

    def _says(self, uri: str, text: str) -> bool:
        value = self.records[uri]["value"]
        return text in value["text"].lower() or text.lstrip("#") in _tags(value)

    def _listNotifications(self, asked: Asked) -> Reply:  # noqa: N802
        reasons = {uri: self._reason(uri) for uri in self.records if self._shown(uri)}
        shown = [uri for uri, reason in reasons.items() if reason in _all(asked, "reasons")]
        return self._paged(asked, shown, "notifications", lambda uri: self._view(uri) | {"reason": reasons[uri]})

    def _reason(self, uri: str) -> str:
        value = self.records[uri]["value"]
        if uri.startswith(f"at://{ME}/"):
            return ""
        if value.get("reply", {}).get("parent", {}).get("uri", "").startswith(f"at://{ME}/"):
            return "reply"
        features = [feature for facet in value.get("facets", []) for feature in facet["features"]]
        return "mention" if any(feature.get("did") == ME for feature in features) else ""

    def _paged(self, asked: Asked, shown: list[str], holds: str, view: Callable[[str], Any]) -> Reply:
        limit = int(asked.query.get("limit", "25"))
        if not 1 <= limit <= 100:
            return no(400, "InvalidRequest", "Error: limit can not be greater than 100")
        size, start = min(limit, self.page_size), int(asked.query.get("cursor") or 0)
        ordered = sorted(shown, key=lambda uri: (self._sorts(uri), uri), reverse=True)
        page = [view(uri) for uri in ordered[start : start + size]]
        more = {"cursor": str(start + size)} if len(page) == size else {}
        return Reply(200, {holds: page, **more})

    def _shown(self, uri: str) -> bool:
        return uri in self.records and uri not in self.unindexed

    def _sorts(self, uri: str) -> str:
        one = self.records[uri]
        return str(min(one["value"]["createdAt"], one["indexedAt"]))

    def _view(self, uri: str) -> dict[str, Any]:
        one, did = self.records[uri], uri.split("/")[2]
        handle = next((handle for handle, known in HANDLES.items() if known == did), "handle.invalid")
        author = {"did": did, "handle": handle, "displayName": handle.split(".")[0].title(), "labels": []}
        view = {"uri": uri, "cid": one["cid"], "record": one["value"], "indexedAt": one["indexedAt"], "labels": []}
        return view | {"author": author | self.authors.get(did, {}), "viewer": {}} | self.views.get(uri, {})


def _wrong(record: dict[str, Any]) -> str:
    text = record.get("text")
    if not isinstance(text, str) or record.get("$type") != POST:
        return 'Missing required key "text"'
    if "createdAt" not in record:
        return 'Missing required key "createdAt"'
    if len(text.encode()) > 3000:
        return f"string too big (maximum 3000, got {len(text.encode())})"
    if graphemes(text) > 300:
        return f"grapheme too big (maximum 300, got {graphemes(text)})"
    for one in record.get("embed", {}).get("images", []):
        if not isinstance(one.get("alt"), str) or not {"width", "height"} <= one.get("aspectRatio", {}).keys():
            return 'images must have the properties "alt" and "aspectRatio"'
    ends = [facet["index"]["byteEnd"] for facet in record.get("facets", [])]
    return "facet out of bounds" if any(end > len(text.encode()) for end in ends) else ""


def _tags(value: dict[str, Any]) -> set[str]:
    features = [feature for facet in value.get("facets", []) for feature in facet["features"]]
    return {tag.lower() for tag in [*value.get("tags", []), *(one["tag"] for one in features if "tag" in one)]}


def _all(asked: Asked, name: str) -> list[str]:
    return parse_qs(asked.raw_query).get(name, [])


def _tid(number: int) -> str:
    letters = "234567abcdefghijklmnopqrstuvwxyz"
    whole = (int(START.timestamp() * 1_000_000) + number) << 10
    return "".join(letters[(whole >> shift) & 31] for shift in range(60, -1, -5))


def tagged(text: str, tag: str) -> dict[str, Any]:
    """The facet that makes the first ``#tag`` of a text one."""
    start = len(text[: text.index(f"#{tag}")].encode())
    index = {"byteStart": start, "byteEnd": start + len(f"#{tag}".encode())}
    return {"index": index, "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": tag}]}


def limited(until: datetime) -> Reply:
    """What a server says that wants to be asked less: no Retry-After, only its own headers."""
    reset = str(int(until.timestamp()))
    headers = {"ratelimit_limit": "30", "ratelimit_remaining": "0", "ratelimit_reset": reset}
    return no(429, "RateLimitExceeded", "Rate Limit Exceeded", **headers)


@contextmanager
def bluesky(clock: Callable[[], datetime] | None = None) -> Iterator[BlueskyServer]:
    """A server for the length of a test."""
    server = BlueskyServer(clock)
    try:
        yield server
    finally:
        server.close()
