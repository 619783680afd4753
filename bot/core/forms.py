"""Which form of live blog a document is, and its entries: a feed, schema.org in a page, or typed by hand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from itertools import pairwise

from bot.core.coverage import read_coverage
from bot.core.feeds import json_feed, looks_like_feed, read_feed, read_json_feed
from bot.core.items import Entry, EntryPage
from bot.core.liveblog import published, read_entries, zone_of

PLUGIN = "plugin"
NAMES = {
    PLUGIN: "entries of WordPress's Liveblog plugin",
    "feed": "an RSS or Atom feed",
    "json": "a JSON Feed",
    "schema": "a page with schema.org LiveBlogPosting",
    "hand": "a page with times typed by hand",
}


def read_document(
    document: bytes,
    link: str,
    timezone: str,
    now: datetime,
    *,
    form: str = "",
    undated: Mapping[str, datetime] | None = None,
    year: int | None = None,
) -> tuple[str, EntryPage]:
    """The form, a key of NAMES or "" if it is none, and the entries. `form` is what it was read as before.

    Raises ValueError for a time zone that is none, and NotReadable for a broken feed.
    """
    zone, seen = zone_of(timezone), undated or {}
    if said := json_feed(document):
        return "json", window(read_json_feed(said, link, zone, seen, now), link)
    if looks_like_feed(document):
        return "feed", window(read_feed(document, link, zone, seen, now), link)
    html = document.decode("utf-8", "replace")
    told = read_coverage(html, timezone=timezone, link=link)
    if told or (told is not None and form != "hand"):
        return "schema", window(list(told), link)
    posted = published(html) or now.astimezone(zone).date()
    posted = posted if year is None else date(year, 7, 1)  # the middle: January and December headings stay in it
    page = read_entries(html, timezone=timezone, posted=posted, link=link, known=form == "hand")
    return "hand" if page.entries else "", page


def digest(page: EntryPage) -> str:
    """What changes when the entries do."""
    return hashlib.sha256(repr((page.entries, page.doubts)).encode("utf-8", "replace")).hexdigest()


def window(entries: list[Entry], link: str) -> EntryPage:
    """Feeds and structured data show the latest entries only, so one that is missing is not gone."""
    falls = sum(above.at > below.at for above, below in pairwise(entries))
    rises = sum(above.at < below.at for above, below in pairwise(entries))
    return EntryPage(tuple(entries), "", whole=False, newest_first=falls >= rises, link=link)
