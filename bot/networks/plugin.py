"""The API of WordPress's Liveblog plugin (Automattic), asked as the page of its readers asks it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.forms import NAMES, PLUGIN
from bot.core.items import EntryPage
from bot.core.plugin import read_rows
from bot.networks.base import Unavailable

GRID = 10  # seconds: the plugin's own clients ask for multiples of it, so that a cache can answer all of them
LOOK_BACK = timedelta(minutes=10)  # more than clocks are apart, and than an answer may have waited in a cache
REREAD = timedelta(minutes=3)  # whatever the changes say, everything is read again after this
LONGEST = 3600  # seconds of changes that one answer may hold
MOST_PAGES = 60  # of 20 entries, as the plugin comes

Ask = Callable[[str], Mapping[str, Any]]  # a route below the API's root -> the JSON object it answers with


class NoLiveBlog(Exception):
    """The plugin has no live blog on that post, or the post is not public."""


def read_plugin(
    ask: Ask, post: int, zone: ZoneInfo, link: str, before: Mapping[str, Any], now: datetime
) -> tuple[EntryPage, dict[str, Any]]:
    """The entries of a post, and what to hand in as `before` the next time; the page's cursor is left to the caller.

    While nothing changes this is one request, for the changes of the last minutes. `ask` raises NoLiveBlog for a 404.
    """
    start, fresh = _start(before, now), _fresh(before, now)
    changes = _entries(ask(f"liveblog/v1/{post}/entries/{start}/{_grid(now) + GRID}"))
    window = _mark(changes)
    if fresh and start == before.get("start") and window == before.get("window"):
        return EntryPage((), "", changed=False, form=NAMES[PLUGIN], marks=True), dict(before)
    rows, whole = _all(ask, post)  # after the changes: what is written meanwhile shows among them the next time
    window = window if _show(rows, changes) else ""  # a cache gave old pages: they are read again the next time
    entries = read_rows(rows, zone, link)
    falls = sum(above.at > below.at for above, below in pairwise(entries))
    page = EntryPage(
        entries, "", whole=whole, newest_first=falls * 2 >= len(entries) - 1, link=link, form=NAMES[PLUGIN], marks=True
    )
    return page, {"start": start, "window": window, "at": now.isoformat()}


def _all(ask: Ask, post: int) -> tuple[list[Any], bool]:
    """All rows, and whether they are: pages shift under the reader, so all must tell the same number of entries."""
    said = [ask(f"liveblog/v1/{post}/get-entries/1/latest")]
    pages = _number(said[0].get("pages"))
    said += [ask(f"liveblog/v1/{post}/get-entries/{page}/latest") for page in range(2, min(pages, MOST_PAGES) + 1)]
    rows = [row for one in said for row in _entries(one)]
    ids = {str(row.get("id")) for row in rows if isinstance(row, dict)}
    steady = len({(_number(one.get("pages")), one.get("total")) for one in said}) == 1
    total = _number(said[0]["total"]) if "total" in said[0] else len(rows)  # old versions do not tell it
    return rows, steady and total == len(ids) and pages <= MOST_PAGES


def _entries(said: Mapping[str, Any]) -> list[Any]:
    rows = said.get("entries")
    if not isinstance(rows, list):
        raise Unavailable("The Liveblog plugin answered without a list of entries.")
    return rows


def _show(rows: Sequence[Any], changes: Sequence[Any]) -> bool:
    """Whether the rows stand as the last change of each says, oldest change first."""
    words = {str(row.get("id")): row.get("content") for row in rows if isinstance(row, dict)}
    latest = {str(row.get("id")): row for row in changes if isinstance(row, dict)}
    return all(
        key not in words if row.get("type") == "delete" else words.get(key) == row.get("content")
        for key, row in latest.items()
    )


def _mark(rows: Sequence[Any]) -> str:
    """What changes when somebody writes, edits or deletes: the words as stored, not as a theme renders them."""
    told = [
        [row.get(name) for name in ("id", "type", "timestamp", "content", "key_event")]
        if isinstance(row, dict)
        else row
        for row in rows
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _grid(at: datetime) -> int:
    return int(at.timestamp()) // GRID * GRID


def _start(before: Mapping[str, Any], now: datetime) -> int:
    """Where the changes are asked from: the same moment for a while, so that answers can be compared."""
    known, latest = _number(before.get("start")), _grid(now - LOOK_BACK)
    return known if latest - LONGEST < known <= latest else latest


def _fresh(before: Mapping[str, Any], now: datetime) -> bool:
    try:
        return now - REREAD < datetime.fromisoformat(before["at"]) <= now
    except (KeyError, TypeError, ValueError):
        return False


def _number(said: Any) -> int:
    try:
        return int(said or 0)
    except (TypeError, ValueError):
        return 0
