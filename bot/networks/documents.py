"""A live blog at any address: which form it has is found out, and it is asked for only if it changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from bot.core import webpage
from bot.core.feeds import NotReadable, home_of
from bot.core.forms import NAMES, PLUGIN, digest, read_document
from bot.core.items import EntryPage, Source
from bot.core.liveblog import zone_of
from bot.networks.base import Misconfigured, NoAnswer, Now, RateLimited, Unavailable
from bot.networks.guard import origin, within
from bot.networks.http import Answer, Http, wait_until
from bot.networks.plugin import NoLiveBlog, read_plugin

MOST_BYTES = 8 * 2**20
WAIT = timedelta(minutes=1)
MOST_FEEDS = 3  # of one page that are tried
_FEED_TYPES = frozenset(("application/rss+xml", "application/atom+xml", "application/feed+json"))


class Documents:
    """Feeds, pages with schema.org LiveBlogPosting, pages typed by hand, and what stands behind a page.

    A cursor says the form that was read once, the address of a feed that a page led to, and what the last answer was.
    """

    def __init__(self, deadline: float, now: Now, year: int | None = None) -> None:
        self.deadline = deadline
        self._now = now
        self._year = year  # of days that name none, else that of the page
        self._open: dict[str, Http] = {}

    def read(self, source: Source, cursor: str, *, alone: bool = False) -> EntryPage:
        """The live blog as it stands, under one deadline. A feed or structured data show a window.

        `alone`: only what the page itself shows, without what stands behind it.
        """
        with within(self.deadline):
            before = read_cursor(cursor)
            try:
                if before.get("form") == PLUGIN:
                    return self._plugin(source, before)
                return self._document(source, before, cursor, alone)
            except NoLiveBlog:
                address = urlsplit(source.address).netloc
                raise Unavailable(f"{address} does not show the entries of its Liveblog plugin any more.") from None
            except ValueError as error:
                raise Misconfigured(str(error)) from None

    def close(self) -> None:
        """Let go of connections."""
        for http in self._open.values():
            http.close()

    def _document(self, source: Source, before: dict[str, Any], cursor: str, alone: bool) -> EntryPage:
        address = str(before.get("feed") or source.address)
        answer = self._ask(address, source.address, before)
        if answer.status == 304:
            return EntryPage((), cursor, changed=False)
        was = str(before.get("form", ""))
        form, page = self._told(answer.body, address, source, before)
        if not form and not was and not alone:
            page = self._behind(source, answer) or page
            if page.form:
                return page
        if was and form != was:
            found = NAMES.get(form, "none of the forms of live blog")
            sentence = f"The live blog was {NAMES[was]} and is now {found}: give its new address in the settings."
            return EntryPage((), cursor, whole=False, doubts=(sentence,))
        page = page if form else replace(page, whole=False)
        kept = {"feed": before["feed"]} if before.get("feed") else {}
        return self._kept(page, form, answer, before, {**kept, "form": form if page.entries else was})

    def _told(self, body: bytes, address: str, source: Source, before: Mapping[str, Any]) -> tuple[str, EntryPage]:
        undated = {key: datetime.fromisoformat(at) for key, at in before.get("seen", {}).items()}
        was, now = str(before.get("form", "")), self._now()
        try:
            return read_document(body, address, source.timezone, now, form=was, undated=undated, year=self._year)
        except NotReadable as broken:
            raise Unavailable(f"The feed at {address} {broken}.") from None

    def _kept(
        self, page: EntryPage, form: str, answer: Answer, before: Mapping[str, Any], more: dict[str, Any]
    ) -> EntryPage:
        """The page with the cursor that remembers this answer."""
        mark = digest(page)
        seen = {one.key: one.at.isoformat() for one in page.entries} if form in ("feed", "json") else {}
        after: dict[str, Any] = {
            "etag": answer.headers.get("etag", ""),
            "modified": answer.headers.get("last-modified", ""),
        }
        after |= {**more, "digest": mark, "seen": seen}
        return replace(page, cursor=json.dumps(after), changed=mark != before.get("digest"), form=NAMES.get(form, ""))

    # What stands behind a page that shows no entries itself

    def _behind(self, source: Source, answer: Answer) -> EntryPage | None:
        """The entries of the plugin, or of the one feed that says it is this page's own; None if there are none."""
        html = answer.body.decode("utf-8", "replace")
        links = webpage.links(html)
        root, post = webpage.post_route(links) if "liveblog" in html.lower() else ("", 0)
        if post:
            try:
                page = self._plugin(source, {"root": urljoin(answer.url, root), "post": post})
            except NoLiveBlog:
                page = EntryPage((), "")
            if page.entries:
                return page
        feeds = [urljoin(answer.url, href) for rel, kind, href in links if rel == "alternate" and kind in _FEED_TYPES]
        for address in list(dict.fromkeys(feeds))[:MOST_FEEDS]:
            page = self._linked(source, answer.url, address)
            if page.entries:
                return page
        return None

    def _linked(self, source: Source, home: str, address: str) -> EntryPage:
        """A feed that a page links; empty if it cannot be read, or is that of the whole site or of the comments."""
        try:
            answer = self._ask(address, source.address, {})
            if _same_page(home_of(answer.body), home):
                form, page = self._told(answer.body, address, source, {})
                return self._kept(page, form, answer, {}, {"form": form, "feed": address})
        except (Unavailable, Misconfigured):  # the page itself was read, and is judged without it
            pass
        return EntryPage((), "")

    def _plugin(self, source: Source, before: dict[str, Any]) -> EntryPage:
        def ask(route: str) -> Mapping[str, Any]:
            answer = self._ask(_below(before["root"], route), source.address, {}, missing=True)
            if answer.status == 404:
                raise NoLiveBlog
            return _json_object(answer)

        page, after = read_plugin(
            ask, int(before["post"]), zone_of(source.timezone), source.address, before, self._now()
        )
        kept = {"form": PLUGIN, "root": before["root"], "post": before["post"]}
        return replace(page, cursor=json.dumps({**after, **kept}))

    # The wire

    def _ask(self, address: str, blog: str, before: Mapping[str, Any], *, missing: bool = False) -> Answer:
        """A GET; what the page leads to may lie inside our own network only on the host of the live blog itself."""
        headers = {"If-None-Match": before.get("etag"), "If-Modified-Since": before.get("modified")}
        known = {name: str(value) for name, value in headers.items() if value}
        trusted = None if address == blog else frozenset({origin(blog)[1:]})
        client = f"{trusted is None} {origin(address)}"  # no connection is shared with what was trusted before
        http = self._open.get(client) or self._open.setdefault(client, Http(address, deadline=self.deadline))
        try:
            answer = http.request("GET", address, headers=known, follow=True, most_bytes=MOST_BYTES, trusted=trusted)
        except NoAnswer as failure:
            raise Unavailable(str(failure)) from None
        if answer.status in (429, 503):
            host = urlsplit(address).netloc
            until = wait_until(answer.headers, self._now()) or self._now() + WAIT
            raise RateLimited(f"{host} asks us to slow down (HTTP {answer.status}).", until, whole=False)
        if answer.status not in (200, 304) and not (missing and answer.status == 404):
            raise Unavailable(f"{address} answered with HTTP {answer.status}: check the address of the live blog.")
        return answer


def read_cursor(cursor: str) -> dict[str, Any]:
    """A cursor as it was written; empty for a first contact, and for what is no cursor."""
    try:
        said = json.loads(cursor or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _json_object(answer: Answer) -> Mapping[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Unavailable(f"{urlsplit(answer.url).netloc} answered with something that is not the expected JSON.")
    return said


def _below(root: str, route: str) -> str:
    """A route of WordPress's REST API; without permalinks the route is a parameter."""
    parts = urlsplit(root)
    query = dict(parse_qsl(parts.query))
    if "rest_route" not in query:
        return root.rstrip("/") + "/" + route
    return urlunsplit((*parts[:3], urlencode({**query, "rest_route": "/" + route}), ""))


def _same_page(told: str, address: str) -> bool:
    """Whether two addresses are of one page: scheme, a last slash and a fragment do not count."""
    one, other = urlsplit(told), urlsplit(address)
    return bool(told) and (one.netloc, one.path.rstrip("/"), one.query) == (
        other.netloc, other.path.rstrip("/"), other.query
    )  # fmt: skip
