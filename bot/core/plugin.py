"""The Liveblog plugin for WordPress (Automattic): entries from the JSON of its own API."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.coverage import read_words
from bot.core.items import Entry
from bot.core.markup import blocks, parse

_COMMAND = re.compile(r'<span class="liveblog-command [^"<>]*">[^<]*</span>\s*')
_EMOJI = re.compile(r'<img\b[^<>]*\bclass="liveblog-emoji\b[^<>]*>')
_CODE_POINTS = re.compile(r"/([0-9a-f]{2,6}(?:-[0-9a-f]{2,6})*)\.(?:png|svg)")


def read_rows(rows: Sequence[Any], zone: ZoneInfo, link: str) -> tuple[Entry, ...]:
    """The entries in the order of the rows, each once. A row without a number or a time is left out."""
    entries: dict[str, Entry] = {}
    for row in rows:
        entry = _entry(row, zone, link) if isinstance(row, dict) else None
        if entry:
            entries.setdefault(entry.key, entry)
    return tuple(entries.values())


def _entry(row: Mapping[str, Any], zone: ZoneInfo, link: str) -> Entry | None:
    key, at = str(row.get("id") or ""), _instant(row.get("entry_time")) or _instant(row.get("timestamp"))
    if not key or at is None or row.get("type") == "delete":
        return None
    html = _EMOJI.sub(_character, _COMMAND.sub("", str(row.get("render") or row.get("content") or "")))
    text, pictures = read_words(html, link)
    title = " ".join(read_words(str(row.get("headline") or ""), link)[0].split()) or _heading(html, link)
    local = at.astimezone(zone)
    return Entry(
        day=f"{local:%Y-%m-%d}",
        time=f"{local:%H:%M}",
        at=at,
        title=title,
        text=text.removeprefix(title).lstrip("\n") if title else text,
        pictures=pictures,
        key=key,
        link=str(row.get("share_link") or link),
        key_event=bool(row.get("key_event")),
    )


def _heading(html: str, link: str) -> str:
    """A heading, or a line in bold, with which the entry begins and after which it goes on."""
    body = parse(html)
    read = list(blocks(body, link)) if body is not None else []
    return read[0].head if len(read) > 1 else ""


def _instant(said: Any) -> datetime | None:
    try:
        seconds = int(said)
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _character(image: re.Match[str]) -> str:
    """The character itself; the picture's description is only its English name."""
    points = _CODE_POINTS.search(image[0])
    try:
        return "".join(chr(int(point, 16)) for point in points[1].split("-")) if points else ""
    except (ValueError, OverflowError):
        return ""
