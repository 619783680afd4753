"""Walks over search and notifications, newest first down to an overlap; how stored posts stand now."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.core.items import Checked, Covers, Item, Page, Source, Standing
from bot.networks.base import NetworkFailure, Now, Options, Refused, Unavailable
from bot.networks.bluesky import forms
from bot.networks.bluesky.answers import ABSENT, Said
from bot.networks.bluesky.client import Client
from bot.networks.bluesky.cursors import Cursor, Seen, Walk, millis, short

SEARCH = "app.bsky.feed.searchPosts"
NOTIFICATIONS = "app.bsky.notification.listNotifications"
POSTS = "app.bsky.feed.getPosts"
RECORD = "com.atproto.repo.getRecord"
REASONS = frozenset({"mention", "reply", "quote"})
AT_A_TIME = 25  # posts that one getPosts takes
LAST_FEW = 5  # of a page, all below the edge: the order is by time, but not strictly
MOST_PAGES = 100  # the index ends there


@dataclass(frozen=True, slots=True)
class Query:
    """One way of asking for a source. `strict`: a page without any post of the source shows that it is not obeyed."""

    nsid: str
    params: dict[str, Any]
    holds: str  # where the posts are in the answer
    strict: bool = False


def queries_of(source: Source) -> tuple[Query, ...]:
    """How a source is asked for. Raises `Refused` for a kind that Bluesky does not have."""
    tag = source.address.lstrip("#＃")
    if source.kind == "hashtag":
        latest = {"sort": "latest", "limit": 100}
        return (
            Query(SEARCH, {"q": f"#{tag}", **latest}, "posts"),
            Query(SEARCH, {"q": "*", "tag": tag, **latest}, "posts", strict=True),  # some servers take no notice of it
        )
    if source.kind == "mentions":
        return (Query(NOTIFICATIONS, {"reasons": sorted(REASONS), "limit": 100}, "notifications"),)
    raise Refused(f"Bluesky has no {source.kind} to read.")


class Reader:
    """Reads as many pages as a part of the deadline allows; what it must remember is in the cursor."""

    def __init__(self, client: Client, options: Options, now: Now) -> None:
        self._client, self._now = client, now
        self._patience = options.deadline / 3
        self._every = timedelta(seconds=float(options.extra.get("sweep_seconds", 900)))
        self._back = timedelta(seconds=float(options.extra.get("sweep_back_seconds", 86400)))

    def fetch(self, source: Source, stored: str) -> Page:
        """The pages of the open walk, or of a new one; `more` while it goes on."""
        queries = queries_of(source)
        cursor, began = Cursor.read(stored), time.monotonic()
        if cursor.walk is None or cursor.walk.query >= len(queries):
            cursor = cursor.begin(source, self._now(), self._every, self._back)
        found: dict[str, Any] = {}
        while cursor.walk and cursor.walk.query < len(queries):
            posts, cursor = self._step(source, queries[cursor.walk.query], cursor, cursor.walk)
            found |= posts
            if time.monotonic() - began > self._patience:
                break
        return self._page(list(found.values()), cursor, len(queries))

    def _step(self, source: Source, query: Query, cursor: Cursor, walk: Walk) -> tuple[dict[str, Any], Cursor]:
        said = self._ask(query, walk.page)
        if said is None:  # the page is not known any more; the second time the index ends there
            return {}, cursor.turn([], "", 0, over=True) if walk.restarted else cursor.again()
        posts = said.get(query.holds)
        if not isinstance(posts, list):
            raise Unavailable(f"{self._client.me.host} answered without any {query.holds}.")
        ours = [post for post in posts if _belongs(source, post)]
        page = str(said.get("cursor") or "")
        over = not posts or page in ("", walk.page) or walk.pages + 1 >= MOST_PAGES
        over = over or _below(posts, walk.edge) or (query.strict and not ours)
        above = [post for post in ours if _sorts(post) >= walk.edge]
        turned = cursor.turn(_seen(above), page, walk.pages + 1, over=over)
        return {_name(post): post for post in above}, turned

    def _ask(self, query: Query, page: str) -> dict[str, Any] | None:
        """One page; None if the server does not know that page."""
        try:
            return self._client.read(query.nsid, {**query.params, **({"cursor": page} if page else {})})
        except Said as no:
            if page:
                return None
            raise Unavailable(str(no)) from None

    def _page(self, posts: list[Any], cursor: Cursor, queries: int) -> Page:
        items, poison = forms.read_all(posts, self._client.me.did)
        if cursor.walk and cursor.walk.query < queries:
            return Page(tuple(items), cursor.write(), Covers(), tuple(poison), more=True)
        done, missing = cursor.end()
        return Page(tuple(items), done.write(), Covers(ids=missing), tuple(poison))

    def recheck(self, native_ids: Sequence[str]) -> list[Checked]:
        """How these posts stand now. What could not be asked is left out, unless nothing could."""
        asked = [native for native in dict.fromkeys(native_ids) if _is_post(native)]
        checks: list[Checked] = []
        try:
            for start in range(0, len(asked), AT_A_TIME):
                checks += self._checked(asked[start : start + AT_A_TIME], checks)
        except NetworkFailure:
            if not checks:
                raise
        return checks

    def _checked(self, natives: list[str], done: list[Checked]) -> list[Checked]:
        found = self.posts(natives)
        checks = [self._standing(native, found[native]) for native in natives if native in found]
        try:
            checks += [Checked(native, self._absent(native)) for native in natives if native not in found]
        except NetworkFailure:
            if not checks and not done:
                raise
        return checks

    def _standing(self, native: str, post: dict[str, Any]) -> Checked:
        try:
            item: Item | None = forms.to_item(post, self._client.me.did)
        except forms.Unreadable:
            item = None
        standing = forms.standing_of(post)
        return Checked(native, standing, item if standing is Standing.PUBLIC else None)

    def _absent(self, native: str) -> Standing:
        """Gone if its record is; out of sight if the record is there, as after a block."""
        return Standing.GONE if self.record(native) is None else Standing.HIDDEN

    def posts(self, natives: Sequence[str]) -> dict[str, dict[str, Any]]:
        """At most 25 posts as they are shown to us, by address; those that are not shown are absent."""
        try:
            said = self._client.read(POSTS, {"uris": list(natives)}).get("posts")
        except Said as no:
            raise Unavailable(str(no)) from None
        if not isinstance(said, list):
            raise Unavailable(f"{self._client.me.host} answered without any posts.")
        return {str(post["uri"]): post for post in said if isinstance(post, dict) and post.get("uri") in natives}

    def record(self, native: str) -> dict[str, Any] | None:
        """A record as it is stored, with `uri`, `cid` and `value`; None if there is none. Not subject to any lag."""
        address = forms.Address.read(native)
        if address is None:
            return None
        params = {"repo": address.did, "collection": address.collection, "rkey": address.key}
        try:
            said = self._client.read(RECORD, params)
        except Said as no:
            if no.name in ABSENT or "could not find repo" in str(no).lower():
                return None
            raise Unavailable(str(no)) from None
        if not isinstance(said.get("value"), dict) or not isinstance(said.get("cid"), str):
            raise Unavailable(f"{self._client.me.host} gave half a record.")
        return said


def _belongs(source: Source, post: Any) -> bool:
    """Whether a post is of that source: a server may take no notice of what was asked. What is broken is poison."""
    if not isinstance(post, dict) or not isinstance(post.get("record"), dict):
        return True
    if source.kind == "hashtag":
        return forms.carries(post, source.address)
    return post.get("reason") in REASONS


def _sorts(post: Any) -> int:
    at: datetime | None = forms.sorted_at(post)
    return millis(at) if at else 2**62


def _below(posts: list[Any], edge: int) -> bool:
    return all(_sorts(post) < edge for post in posts[-LAST_FEW:])


def _name(post: Any) -> str:
    return str(post.get("uri") or id(post)) if isinstance(post, dict) else str(id(post))


def _seen(posts: list[Any]) -> list[Seen]:
    addresses = [(forms.Address.read(post.get("uri")) if isinstance(post, dict) else None, post) for post in posts]
    return [(short(address), _sorts(post)) for address, post in addresses if address and forms.sorted_at(post)]


def _is_post(native: str) -> bool:
    address = forms.Address.read(native)
    return address is not None and address.is_post
