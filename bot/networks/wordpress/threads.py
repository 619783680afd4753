"""The comments of a post or blog as a set: read whole or in part, re-checked one by one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.items import Checked, Covers, Page, Standing
from bot.networks.base import Now, Options
from bot.networks.wordpress import comments as forms
from bot.networks.wordpress.answers import Answered
from bot.networks.wordpress.posts import public_posts
from bot.networks.wordpress.site import Me, Place, Site

ROUTE = "wp/v2/comments"
MOST_PAGES = 200
WALKS = 3
HIDDEN_CODES = frozenset(
    {"rest_cannot_read", "rest_forbidden", "rest_cannot_read_post", "rest_comment_invalid_post_id"}
)


@dataclass(frozen=True, slots=True)
class Known:
    """The cursor of a comment thread: ids as of the last read, the last whole walk, rows that the site only counts."""

    ids: tuple[int, ...] = ()
    walked: str = ""
    uncounted: int = 0

    @classmethod
    def read(cls, cursor: str) -> Known:
        """From its stored form; anything else is a first contact."""
        try:
            said = json.loads(cursor or "{}")
            return cls(tuple(said["ids"]), said["walked"], said["uncounted"])
        except (ValueError, KeyError, TypeError):
            return cls()

    def write(self) -> str:
        """Its stored form."""
        return json.dumps({"ids": self.ids, "walked": self.walked, "uncounted": self.uncounted}, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Walk:
    """A thread read from end to end. `steady`: nothing moved meanwhile."""

    rows: list[Any]
    uncounted: int
    steady: bool


class Threads:
    """Reads comments. What it must remember between two readings is in the cursor."""

    def __init__(self, site: Site, key: str, options: Options, now: Now) -> None:
        self._site, self._key, self._now = site, key, now
        self._per_page = int(options.extra.get("per_page", 100))
        self._walk_every = timedelta(seconds=float(options.extra.get("walk_seconds", 600)))

    def fetch(self, place: Place, cursor: str) -> Page:
        """One request up to a hundred, a whole walk when the counts do not add up."""
        me = self._site.me()
        query = self._query(place, me)
        if query is None:
            return Page((), Known(walked=self._now().isoformat()).write(), Covers(whole=True))
        known = Known.read(cursor)
        rows, headers = self._site.read(ROUTE, {**query, "page": 1}, list)
        numbers = _numbers(rows)
        lowest = min(numbers, default=0)
        below = tuple(number for number in known.ids if number < lowest)
        adds_up = headers.get("x-wp-total") == str(len(rows) + len(below) + known.uncounted)
        if known.walked and not below and adds_up:
            return self._page(rows, me, Known(numbers, known.walked, known.uncounted), Covers(whole=True))
        if known.walked and adds_up and self._now() - datetime.fromisoformat(known.walked) < self._walk_every:
            spoken_of = {forms.native_id(self._key, number) for number in known.ids if number >= lowest}
            seen = Known(numbers + below, known.walked, known.uncounted)
            return self._page(rows, me, seen, Covers(ids=frozenset(spoken_of)))
        return self._whole(query, me, known)

    def _whole(self, query: dict[str, Any], me: Me, known: Known) -> Page:
        walk = self._walk(query)
        numbers = _numbers(walk.rows)
        if walk.steady:
            seen = Known(numbers, self._now().isoformat(), walk.uncounted)
            return self._page(walk.rows, me, seen, Covers(whole=True))
        seen = Known(tuple(sorted({*numbers, *known.ids}, reverse=True)), known.walked, known.uncounted)
        page = self._page(walk.rows, me, seen, Covers())
        return replace(page, more=True, note="The comments kept changing while they were read.")

    def _page(self, rows: list[Any], me: Me, seen: Known, covers: Covers) -> Page:
        items, poison = forms.read_all(rows, self._key, me.number)
        return Page(items, seen.write(), covers, poison)

    def _query(self, place: Place, me: Me) -> dict[str, Any] | None:
        """What lists a place's comments; None if there is no post that could have any."""
        posts = [place.number] if place.number else public_posts(self._site, place)
        if not posts:
            return None
        query = {"post": ",".join(map(str, posts)), "orderby": "id", "order": "desc", "per_page": self._per_page}
        return {**query, "_fields": forms.FIELDS, **({"status": "all"} if me.moderates else {})}

    def _walk(self, query: dict[str, Any]) -> Walk:
        """All pages. They shift under the reader, so counts must agree, or two walks see the very same."""
        before: tuple[Any, ...] = ()
        for _ in range(WALKS):
            rows, totals = self._pages(query)
            numbers = _numbers(rows)
            uncounted = (int(totals[-1]) if totals[-1].isdecimal() else len(rows)) - len(rows)
            alike = len(set(totals)) == 1 and len(set(numbers)) == len(numbers)
            if alike and (uncounted == 0 or before == (numbers, totals)):
                return Walk(rows, uncounted, steady=True)
            before = (numbers, totals)
        return Walk(_distinct(rows), 0, steady=False)

    def _pages(self, query: dict[str, Any]) -> tuple[list[Any], list[str]]:
        rows: list[Any] = []
        totals: list[str] = []
        for number in range(1, MOST_PAGES + 1):
            page, headers = self._site.read(ROUTE, {**query, "page": number}, list)
            rows += page
            totals.append(headers.get("x-wp-total", ""))
            pages = headers.get("x-wp-totalpages", "")
            if (pages.isdecimal() and number >= int(pages)) or not page:
                break
        return rows, totals

    def recheck(self, native_ids: Sequence[str]) -> list[Checked]:
        """How these comments stand: public, held, hidden (spam, trash, taken back) or gone for good."""
        numbers = {number: native for native in native_ids if (number := forms.number_in(self._key, native))}
        me = self._site.me()
        found: dict[int, Any] = {}
        asked = sorted(numbers)
        for start in range(0, len(asked), 100):
            found |= self._listed(asked[start : start + 100], me)
        return [self._checked(native, found.get(number), number, me) for number, native in numbers.items()]

    def _listed(self, numbers: list[int], me: Me) -> dict[int, Any]:
        query: dict[str, Any] = {"include": ",".join(map(str, numbers)), "per_page": 100, "_fields": forms.FIELDS}
        rows, _ = self._site.read(ROUTE, {**query, **({"status": "all"} if me.moderates else {})}, list)
        return {number: row for row in rows if (number := forms.number_of(row))}

    def _checked(self, native: str, row: Any, number: int, me: Me) -> Checked:
        if row is None:
            try:
                row = self.one(number, me)
            except Answered as no:
                gone = no.code == "rest_comment_invalid_id" or no.status == 410
                if not gone and no.code not in HIDDEN_CODES:
                    raise
                return Checked(native, Standing.GONE if gone else Standing.HIDDEN)
        try:
            item = forms.to_item(row, self._key, me.number)
        except forms.Unreadable:
            return Checked(native, forms.standing_of(row))
        return Checked(native, item.standing, item if item.standing is not Standing.HIDDEN else None)

    def one(self, number: int, me: Me) -> dict[str, Any]:
        """A comment as WordPress shows it to us. Raises `Answered` where it does not."""
        context = {"context": "edit"} if me.moderates else {}
        row: dict[str, Any] = self._site.read(f"{ROUTE}/{number}", {"_fields": forms.FIELDS, **context}, dict)[0]
        return row


def _numbers(rows: list[Any]) -> tuple[int, ...]:
    return tuple(number for row in rows if (number := forms.number_of(row)))


def _distinct(rows: list[Any]) -> list[Any]:
    return list({forms.number_of(row) or id(row): row for row in rows}.values())
