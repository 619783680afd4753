"""RSS, Atom and JSON Feed as entries: each item has a key of its own; what left the window is not gone."""

from __future__ import annotations

import calendar
import io
import json
import re
from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import feedparser

from bot.core.coverage import instant, read_words
from bot.core.items import Entry, Picture

_XML_FEED = re.compile(rb"<(?:rss|rdf:RDF|(?:\w+:)?feed)\b", re.IGNORECASE)
_ENTITIES = re.compile(rb"<!ENTITY", re.IGNORECASE)
_HEAD = 4096  # bytes in which a feed names itself
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")


class NotReadable(Exception):
    """The document is a feed and cannot be read; the text is the end of a sentence."""


def looks_like_feed(document: bytes) -> bool:
    """Whether it begins as RSS or Atom does."""
    start = _narrow(document)[:_HEAD]
    return bool(_XML_FEED.search(start)) and not re.search(rb"<html\b", start, re.IGNORECASE)


def read_feed(
    document: bytes, link: str, zone: ZoneInfo, undated: Mapping[str, datetime], now: datetime
) -> list[Entry]:
    """The entries of RSS or Atom in the feed's order. Raises NotReadable for half a feed and for hostile ones.

    An item without a date has the time in `undated` of its key, else `now`.
    """
    if _ENTITIES.search(_narrow(document)):
        raise NotReadable("declares entities of its own, which no feed needs")
    said = feedparser.parse(io.BytesIO(document), sanitize_html=False, resolve_relative_uris=False)
    if said.bozo and not isinstance(said.bozo_exception, feedparser.CharacterEncodingOverride):
        raise NotReadable("is broken XML, perhaps cut short")
    if said.entries and all("#comment-" in f"{one.get('link')} {one.get('id')}" for one in said.entries):
        raise NotReadable("lists what readers comment, not the entries: give the address of the live blog")
    entries: dict[str, Entry] = {}
    for item in said.entries:
        key = str(item.get("id") or item.get("link") or item.get("title") or "")
        parsed = item.get("published_parsed") or item.get("updated_parsed")
        at = _utc(parsed) or undated.get(key, now)
        address = urljoin(link, str(item.get("link") or ""))
        body = next((str(part.value) for part in item.get("content", ()) if part.value), "") or item.get("summary", "")
        attached = [one for one in (*item.get("enclosures", ()), *item.get("media_content", ())) if _is_image(one)]
        urls = [str(one.get("href") or one.get("url") or "") for one in attached]
        if key:
            entries.setdefault(key, _entry(key, at, zone, str(item.get("title") or ""), str(body), address, urls))
    return list(entries.values())


def home_of(document: bytes) -> str:
    """The page that a feed says it belongs to, "" if it says none."""
    if said := json_feed(document):
        return str(said.get("home_page_url") or "")
    if not looks_like_feed(document) or _ENTITIES.search(_narrow(document)):
        return ""
    return str(feedparser.parse(io.BytesIO(document), resolve_relative_uris=False).feed.get("link") or "")


def json_feed(document: bytes) -> dict[str, Any] | None:
    """The document as a JSON Feed, None if it is anything else."""
    try:
        said = json.loads(document)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and "jsonfeed.org" in str(said.get("version")) else None


def read_json_feed(
    said: Mapping[str, Any], link: str, zone: ZoneInfo, undated: Mapping[str, datetime], now: datetime
) -> list[Entry]:
    """The entries of a JSON Feed in its order. Raises NotReadable if it has no list of items."""
    items = said.get("items")
    if not isinstance(items, list):
        raise NotReadable("has no list of items")
    entries: dict[str, Entry] = {}
    for item in items:
        if not isinstance(item, dict) or not (key := str(item.get("id") or item.get("url") or "")):
            continue
        at = instant(item.get("date_published") or item.get("date_modified"), zone) or undated.get(key, now)
        body = str(item.get("content_html") or "") or _as_html(str(item.get("content_text") or ""))
        urls = [item["image"]] if isinstance(item.get("image"), str) else []
        address = urljoin(link, str(item.get("url") or ""))
        entries.setdefault(key, _entry(key, at, zone, _as_html(str(item.get("title") or "")), body, address, urls))
    return list(entries.values())


def _entry(key: str, at: datetime, zone: ZoneInfo, title: str, body: str, link: str, urls: list[str]) -> Entry:
    text, pictures = read_words(body, link)
    heading = " ".join(read_words(title, link)[0].split())
    local = at.astimezone(zone)
    attached = [Picture(urljoin(link, url)) for url in urls if url]
    inline = {picture.url for picture in pictures}
    return Entry(
        day=f"{local:%Y-%m-%d}",
        time=f"{local:%H:%M}",
        at=at,
        title="" if text and text.startswith(heading.rstrip("….")) else heading,
        text=text,
        pictures=(*(one for one in dict.fromkeys(attached) if one.url not in inline), *pictures),
        key=key,
        link=link,
    )


def _utc(parsed: Any) -> datetime | None:
    try:
        at = datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        return None
    return at if at and MINYEAR < at.year < MAXYEAR else None


def _is_image(one: Mapping[str, Any]) -> bool:
    return str(one.get("type") or one.get("medium") or "").startswith("image")


def _as_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")


def _narrow(document: bytes) -> bytes:
    """UTF-16 hides the words that are looked for; without its zero bytes they are there."""
    return document.replace(b"\0", b"") if document[:2] in _WIDE else document
