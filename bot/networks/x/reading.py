"""Sweeps over the hashtag and the mentions: each page kept with its token, so that a crash costs one page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.items import Covers, Item, Page, Poison, Source
from bot.networks.base import Now, Unavailable
from bot.networks.x import forms
from bot.networks.x.account import Account
from bot.networks.x.answers import Answer, Lost, NoAccess, NotUnderstood
from bot.networks.x.client import ARCHIVE, MENTIONS, SEARCH, Client, Endpoint
from bot.networks.x.cursors import FEW, Cursor, Gap
from bot.networks.x.money import Purse, TooDear
from bot.networks.x.names import Names

LEAST, MOST, MOST_OF_ARCHIVE = 10, 100, 500
HANDLE = re.compile(r"\w{1,15}", re.ASCII)
TOO_DEAR = {
    "hashtag": "The part of the month's budget that the hashtag may use is spent: it is not read any more. Mentions "
    "and posts go on as long as theirs lasts.",
    "mentions": "The part of the month's budget that reading may use is spent: mentions are not read any more. Posts "
    "go on.",
}
UNTOLD = "X did not say whether there is more: the same is asked for again."
HELPS = "Nothing that was read is lost. Raise monthly_budget_usd and start again, or wait for {month} (UTC)."


class Reader:
    """Reads one page of a source at a time; all that it must remember is in the cursor."""

    def __init__(self, client: Client, purse: Purse, names: Names, account: Account, handle: str, now: Now) -> None:
        self._client, self._purse, self._names, self._account = client, purse, names, account
        self._handle, self._now = handle, now
        self._careful: set[str] = set()  # endpoints whose last answer was lost: a small page risks less money

    def fetch(self, source: Source, stored: str) -> Page:
        """The next page of the open sweep, or the first of a new one; then a page of the oldest gap."""
        known = Cursor.read(stored)
        try:
            page, cursor = self._sweep(source, known)
        except TooDear:
            return Page((), stored, note=self.too_dear(source))
        open_gap = next((gap for gap in cursor.gaps if not gap.refused), None)
        if cursor.sweep is None and open_gap:
            page, cursor = self._fill(source, page, cursor, open_gap)
        return replace(page, cursor=cursor.write(), note=page.note or _missed(cursor))

    def too_dear(self, source: Source) -> str:
        """What the end of the budget means for a source, and what helps."""
        first = (self._now().replace(day=1) + timedelta(days=32)).replace(day=1)
        return f"{TOO_DEAR[source.kind]} {HELPS.format(month=f'1 {first:%B}')}"

    def _sweep(self, source: Source, known: Cursor) -> tuple[Page, Cursor]:
        cursor = known if known.sweep else known.begin(source, self._now())
        try:
            answer = self._ask(source, cursor)
        except NotUnderstood:
            if not known.sweep or not known.sweep.token:
                raise
            cursor = known.begin(source, self._now())  # the page token is not taken any more: the sweep starts anew
            answer = self._ask(source, cursor)
        items, poison, posts = self._read(answer)
        if not answer.meta:  # more may follow: what came is kept, and the same is asked for again
            return Page(items, "", poison=poison, note=UNTOLD), known
        token = _token(answer, cursor.sweep.token if cursor.sweep else "")
        newest = str(answer.meta.get("newest_id") or "")
        after, missing = cursor.turn(posts, newest if forms.number(newest) else "", token)
        if source.kind == "mentions":
            after = cursor.cut_short(posts, after)
        return Page(items, "", Covers(ids=missing), poison, more=bool(token)), after

    def _ask(self, source: Source, cursor: Cursor) -> Answer:
        """One page, of the largest size that is wanted and can be paid for. Raises TooDear."""
        assert cursor.sweep is not None
        first = not cursor.sweep.token and cursor.count <= FEW
        mentions = source.kind == "mentions"
        price = self._purse.mention if mentions else "post"
        keep = self._purse.for_posts + (0.0 if mentions else self._purse.for_mentions)
        endpoint, route, params = self._call(source)
        params |= {"since_id": cursor.sweep.since}
        params |= {"pagination_token" if mentions else "next_token": cursor.sweep.token}
        return self._paid(endpoint, route, params, price, keep, (LEAST,) if first else (MOST, LEAST))

    def _call(self, source: Source) -> tuple[Endpoint, str, dict[str, object]]:
        if source.kind == "mentions":
            return MENTIONS, f"/2/users/{self._account.me().id}/mentions", {"tweet.fields": forms.FIELDS}
        return SEARCH, "/2/tweets/search/recent", {**self._search(source), "sort_order": "recency"}

    def _search(self, source: Source) -> dict[str, object]:
        """Without retweets, and without our own posts, which carry the tag too and would be paid for."""
        ours = f" -from:{self._handle}" if HANDLE.fullmatch(self._handle) else ""
        wanted = f"@{self._handle}" if source.kind == "mentions" else f"#{source.address.lstrip('#')}"
        return {"query": f"{wanted} -is:retweet{ours}", "tweet.fields": forms.FIELDS}

    def _paid(
        self, endpoint: Endpoint, route: str, params: dict[str, object], price: str, keep: float, sizes: tuple[int, ...]
    ) -> Answer:
        for size in sizes[-1:] if endpoint.name in self._careful else sizes:
            try:
                with self._purse.paying(size * self._purse.prices[price], keep) as bill:
                    answer = self._client.get(endpoint, route, {**params, "max_results": size})
                    if answer.data is None and not answer.meta:
                        raise Lost("X sent an answer in which nothing is said.")
                    bill.usd = self._purse.charge(list(_ids(answer)), price)
                self._careful.discard(endpoint.name)
                return answer
            except Lost:
                self._careful.add(endpoint.name)
                raise
            except TooDear:
                if size == sizes[-1]:
                    raise
        raise TooDear

    def _read(self, answer: Answer) -> tuple[tuple[Item, ...], tuple[Poison, ...], list[forms.Post]]:
        posts, poison = forms.read_all(answer.data, self._account.us())
        names = self._names.of(post.item for post in posts)
        return tuple(forms.named(post.item, names) for post in posts), poison, posts

    def _fill(self, source: Source, page: Page, cursor: Cursor, gap: Gap) -> tuple[Page, Cursor]:
        """One page of what was missed; on any trouble the gap stays for later and the sweep's page is kept."""
        params = {**self._search(source), "since_id": gap.since, "until_id": gap.until, "next_token": gap.token}
        keep = self._purse.for_posts + self._purse.for_mentions
        try:
            answer = self._paid(ARCHIVE, "/2/tweets/search/all", params, "post", keep, (MOST_OF_ARCHIVE, LEAST))
        except NotUnderstood:
            return page, _with(cursor, gap, replace(gap, token="") if gap.token else replace(gap, refused=True))
        except (TooDear, Unavailable):
            return replace(page, note=_wait(gap)), cursor
        except NoAccess:
            return page, _with(cursor, gap, replace(gap, refused=True))
        items, poison, _ = self._read(answer)
        token = _token(answer, gap.token)
        left = (replace(gap, token=token) if token else None) if answer.meta else gap
        known = {item.native_id for item in page.items}
        both = (*page.items, *(item for item in items if item.native_id not in known))
        filled = replace(page, items=both, poison=(*page.poison, *poison), note=_wait(left) if left else "")
        return filled, _with(cursor, gap, left)


def _ids(answer: Answer) -> Iterator[str]:
    for one in answer.data if isinstance(answer.data, list) else []:
        if isinstance(one, dict) and one.get("id"):
            yield str(one["id"])


def _token(answer: Answer, before: str) -> str:
    token = str(answer.meta.get("next_token") or "")
    if token and token == before:
        raise Unavailable("X gives the same page again and again.")
    return token


def _with(cursor: Cursor, gap: Gap, instead: Gap | None) -> Cursor:
    gaps = (instead if one == gap else one for one in cursor.gaps)
    return replace(cursor, gaps=tuple(one for one in gaps if one is not None))


def _span(gap: Gap) -> str:
    first, last = (forms.time_of(native) for native in (gap.since, gap.until))
    return f"from {_day(first)} to {_day(last)}"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %H:%M} UTC"


def _wait(gap: Gap) -> str:
    return f"Posts {_span(gap)} were missed while nothing ran; they are being read now, a page at each turn."


def _missed(cursor: Cursor) -> str:
    lost = [gap for gap in cursor.gaps if gap.refused]
    if not lost:
        return ""
    return f"Posts {_span(lost[0])} were missed, and X does not let this app read that far back: look there by hand."
