"""A WordPress site with Automattic's Liveblog plugin 1.12: rows of entries, updates and deletions, and its own API."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.networks.servers import Asked, Reply

PER_PAGE = 20
_ROUTES = {
    "changes": re.compile(r"/liveblog/v1/(\d+)/entries/(\d+)/(\d+)/*"),
    "pages": re.compile(r"/liveblog/v1/(\d+)/get-entries/(\d+)/([^/]+)"),
}
_COMMAND = re.compile(r"(?<!\S)/key\b")
_SPAN = '<span class="liveblog-command type-key">key</span>'


@dataclass
class Row:
    """A comment of type ``liveblog``: an entry, or what replaces one. A deletion has no content."""

    id: int
    at: int  # epoch seconds
    content: str
    replaces: int = 0

    @property
    def shown(self) -> int:
        """The number that readers see."""
        return self.replaces or self.id

    @property
    def kind(self) -> str:
        """What the API calls it."""
        return "new" if not self.replaces else "update" if self.content else "delete"


@dataclass
class Plugin:
    """The site. `asked` counts requests by route; the clock is handed in."""

    now: Callable[[], datetime]
    post: int = 7
    active: bool = True
    enabled: bool = True  # on that post
    pretty: bool = True
    content: str = "<p>Welcome to our live blog.</p>"  # of the post itself
    rows: list[Row] = field(default_factory=list)
    keys: set[int] = field(default_factory=set)
    times: dict[int, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    _last: int = 100

    # What its editors do

    def insert(self, words: str, at: datetime | None = None) -> int:
        """A new entry; `/key` in it makes a key event of it. Its number."""
        self._last += 1
        second = int((at or self.now()).timestamp())
        self.times[self._last] = second
        self._note_key(self._last, words)
        self.rows.append(Row(self._last, second, _stored(words)))
        return self._last

    def update(self, number: int, words: str) -> None:
        """The original takes the new words, and a row of now tells of it."""
        self._original(number).content = _stored(words)
        self._note_key(number, words)
        self._last += 1
        self.rows.append(Row(self._last, int(self.now().timestamp()), _stored(words), number))

    def delete(self, number: int) -> None:
        """The original is gone; a row of now tells of it."""
        self.rows.remove(self._original(number))
        self._last += 1
        self.rows.append(Row(self._last, int(self.now().timestamp()), "", number))

    def delete_key(self, number: int) -> None:
        """It is a key event no longer."""
        self.keys.discard(number)
        self.update(number, self._original(number).content.replace(_SPAN, ""))

    def _original(self, number: int) -> Row:
        return next(row for row in self.rows if row.id == number and not row.replaces)

    def _note_key(self, number: int, words: str) -> None:
        if _COMMAND.search(words):
            self.keys.add(number)

    # What it answers

    def answer(self, asked: Asked) -> Reply:
        """The page of the post, WordPress's own API as far as it is asked, and the plugin's."""
        if asked.path == "/blog/live/":
            return Reply(200, self._page(asked), {"Content-Type": "text/html; charset=UTF-8"})
        if asked.path == "/" and "rest_route" not in asked.query:
            html = f'<!doctype html><link rel="https://api.w.org/" href="{self._root(asked)}"><body class="home blog">'
            return Reply(200, html, {"Content-Type": "text/html; charset=UTF-8"})
        route = asked.query.get("rest_route", "") if not self.pretty else asked.path.removeprefix("/wp-json")
        if self.pretty and not asked.path.startswith("/wp-json/"):
            return Reply(404, "<!doctype html><title>Not found</title>", {"Content-Type": "text/html"})
        if asked.method != "GET":
            return _no("rest_no_route", 404)
        return self._core(route) or self._route(route)

    def _root(self, asked: Asked) -> str:
        return f"http://{asked.headers['Host']}" + ("/wp-json/" if self.pretty else "/?rest_route=/")

    def _page(self, asked: Asked) -> str:
        root = self._root(asked)
        container = '<div id="wpcom-liveblog-container"></div>' if self.active and self.enabled else ""
        return (
            "<!doctype html><html><head><title>Live</title>"
            f'<link rel="https://api.w.org/" href="{root}">'
            f'<link rel="alternate" type="application/json" href="{root}wp/v2/posts/{self.post}">'
            '<link rel="alternate" type="application/rss+xml" title="Site" href="/feed/">'
            f"</head><body><article>{self.content}{container}</article></body></html>"
        )

    def _core(self, route: str) -> Reply | None:
        spaces = ["wp/v2", *(["liveblog/v1"] if self.active else [])]
        if route == "/":
            return _yes({"name": "Site", "timezone_string": "Europe/London", "namespaces": spaces})
        if route == f"/wp/v2/posts/{self.post}":
            text = {"rendered": self.content, "protected": False}
            return _yes({
                "id": self.post, "link": "/blog/live/", "date": "2026-05-04T08:00:00", "title": {"rendered": "Live"},
                "date_gmt": "2026-05-04T07:00:00", "modified_gmt": "2026-05-04T07:00:00", "status": "publish",
                "content": text,
            })  # fmt: skip
        return None

    def _route(self, route: str) -> Reply:
        for name, pattern in _ROUTES.items():
            found = pattern.fullmatch(route) if self.active else None
            if found:
                self.asked[name] = self.asked.get(name, 0) + 1
                if int(found[1]) != self.post or not self.enabled:
                    return _no("rest_liveblog_not_found", 404)
                answer: Reply = getattr(self, f"_{name}")(found)
                return answer
        return _no("rest_no_route", 404)

    def _changes(self, asked: re.Match[str]) -> Reply:
        start, end, now = int(asked[2]), int(asked[3]), int(self.now().timestamp())
        within = [row for row in self._ascending() if start <= row.at <= end]
        ids = {row.id for row in within}
        shown = [row for row in within if row.replaces not in ids]
        latest = max((row.at for row in shown), default=None)
        said = {
            "entries": [self._told(row) for row in shown], "latest_timestamp": latest,
            "refresh_interval": 10, "pages": self._count() if shown else False,
        }  # fmt: skip
        return _yes(said, {"Cache-Control": f"max-age={end - now}"} if end > now else {})

    def _pages(self, asked: re.Match[str]) -> Reply:
        rows, page = self._flat(), int(asked[2])
        last = asked[3].split("-")
        if len(last) == 2 and last[0].isdigit():
            numbers = [row.shown for row in rows]
            rows = rows[numbers.index(int(last[0])) :] if int(last[0]) in numbers else rows
        some = rows[PER_PAGE * (page - 1) : PER_PAGE * page]
        pages = -(-len(rows) // PER_PAGE)
        return _yes({"entries": [self._told(row) for row in some], "page": page, "pages": pages, "total": len(rows)})

    def _ascending(self) -> list[Row]:
        return sorted(self.rows, key=lambda row: (row.at, row.id))

    def _flat(self) -> list[Row]:
        """The entries as they stand, newest first."""
        flat: dict[int, Row] = {}
        for row in self._ascending():
            if row.kind == "delete":
                flat.pop(row.shown, None)
            else:
                flat[row.shown] = row
        return list(reversed(flat.values()))

    def _count(self) -> int:
        return -(-len(self._flat()) // PER_PAGE)

    def _told(self, row: Row) -> dict[str, Any]:
        return {
            "id": str(row.shown), "type": row.kind, "render": f"<p>{row.content}</p>\n" if row.content else "",
            "content": row.content.replace(_SPAN, "/key"), "css_classes": "liveblog-entry", "timestamp": row.at,
            "authors": [], "entry_time": str(self.times[row.shown]), "share_link": f"/blog/live/#{row.shown}",
            "key_event": row.shown in self.keys,
        }  # fmt: skip


def _stored(words: str) -> str:
    return _COMMAND.sub(_SPAN, words)


def _yes(said: Any, headers: dict[str, str] | None = None) -> Reply:
    return Reply(200, json.dumps(said), {"Content-Type": "application/json; charset=UTF-8", **(headers or {})})


def _no(code: str, status: int) -> Reply:
    said = json.dumps({"code": code, "message": "…", "data": {"status": status}})
    return Reply(status, said, {"Content-Type": "application/json; charset=UTF-8"})


def at(hour: int, minute: int = 0) -> datetime:
    """A time on the day of the tests, UTC."""
    return datetime(2026, 5, 4, hour, minute, tzinfo=UTC)
