"""One feed of one server, read without gaps: the page at the top, upwards from what is known, and looks back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.networks.base import Unavailable
from bot.networks.guard import Call
from bot.networks.mastodon import statuses as forms
from bot.networks.mastodon.cursors import Place

PAGE = 40  # the most that Mastodon gives at once
MOST_PAGES = 25  # in one reading of one server; what is left comes with the next
KEEP = 0.35  # of the time that a reading may take: what is left when no further page is asked for


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a feed: the id that the server orders by, when it came there, and the post."""

    id: str
    at: datetime | None
    status: Any


Feed = Callable[[dict[str, str]], list[Row]]


@dataclass
class Walk:
    """What a reading of one server brought. `suspects` were at the top before and are not there now."""

    place: Place
    rows: list[Row] = field(default_factory=list)
    suspects: frozenset[str] = frozenset()
    looked_back: str = ""  # all since then was read just now
    note: str = ""

    @property
    def more(self) -> bool:
        """Whether it has to go on at once."""
        return not self.note and (self.place.run or bool(self.place.down))


def walk(feed: Feed, place: Place, call: Call, seconds: float) -> Walk:
    """Read on. Raises what the feed raises if not even one page came; later failures end the reading with a note."""
    walked = Walk(place)
    pages = _Pages(feed, call, seconds)
    begun = place.down == "-" and not place.run
    try:
        if not place.run:
            _top(walked, pages)
        if walked.place.run:
            _upwards(walked, pages)
        if walked.place.down and not walked.place.run:
            _downwards(walked, pages)
            if begun and not walked.place.down:
                walked.looked_back = place.until
    except Unavailable as failure:
        if not walked.rows:
            raise
        walked.note = str(failure)
    return walked


class _Pages:
    """The feed with a limit on pages and time."""

    def __init__(self, feed: Feed, call: Call, seconds: float) -> None:
        self._feed, self._call, self._keep = feed, call, seconds * KEEP
        self._left = MOST_PAGES

    def get(self, query: dict[str, str]) -> list[Row]:
        self._left -= 1
        return self._feed(query)

    def any_left(self) -> bool:
        return self._left > 0 and self._call.ends - time.monotonic() > self._keep


def _top(walked: Walk, pages: _Pages) -> None:
    """The newest page, which costs nothing of the limit on paging and shows edits and removals of the newest."""
    place, rows = walked.place, pages.get({})
    walked.rows += rows
    ids = [row.id for row in rows]
    lowest = forms.order(min(ids, key=forms.order)) if len(rows) == PAGE else (0, "")
    shown = {_uri(row) for row in rows}
    gone = [(native, uri) for native, uri in place.recent if uri not in shown and forms.order(native) >= lowest]
    walked.suspects = frozenset(uri for _, uri in gone)
    reached = not place.newest or not rows or any(forms.order(native) <= forms.order(place.newest) for native in ids)
    newest = max([place.newest, *ids], key=forms.order) if reached else place.newest
    recent = tuple((row.id, _uri(row)) for row in rows if _uri(row))
    down = min(ids, key=forms.order) if place.down == "-" and rows else place.down
    if place.down == "-" and (not rows or place.ended_by(rows[-1].at)):
        down = ""
    walked.place = replace(place, newest=newest, run=not reached, recent=recent, down=down)


def _upwards(walked: Walk, pages: _Pages) -> None:
    """From what is known, oldest first, until a page is empty: however many came, none is passed over."""
    while pages.any_left():
        rows = pages.get({"min_id": walked.place.newest})
        walked.rows += rows
        if not rows:
            walked.place = replace(walked.place, run=False)
            return
        newest = max((row.id for row in rows), key=forms.order)
        if forms.order(newest) <= forms.order(walked.place.newest):
            raise Unavailable("The server gives the same page again and again.")
        walked.place = replace(walked.place, newest=newest)


def _downwards(walked: Walk, pages: _Pages) -> None:
    """A look back: what the server fetched late has an id of when it was written, below all that is known."""
    while walked.place.down and pages.any_left():
        below = walked.place.down
        rows = pages.get({} if below == "-" else {"max_id": below})
        walked.rows += rows
        lowest = min((row.id for row in rows), key=forms.order) if rows else ""
        over = not rows or walked.place.ended_by(rows[-1].at)
        if not over and below != "-" and forms.order(lowest) >= forms.order(below):
            raise Unavailable("The server gives the same page again and again.")
        walked.place = replace(walked.place, down="" if over else lowest)


def _uri(row: Row) -> str:
    uri = row.status.get("uri") if isinstance(row.status, dict) else None
    return uri if isinstance(uri, str) else ""
