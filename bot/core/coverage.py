"""schema.org LiveBlogPosting in a page: the entries that its JSON-LD or its microdata tell."""

from __future__ import annotations

import html as escapes
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Any
from urllib.parse import urldefrag, urljoin
from zoneinfo import ZoneInfo

from bot.core import webpage
from bot.core.items import Entry, Picture
from bot.core.liveblog import zone_of
from bot.core.markup import blocks, parse
from bot.core.microdata import live_blogs

_MOST_LOOKED_AT = 20_000  # values of JSON


def read_coverage(html: str, *, timezone: str, link: str) -> tuple[Entry, ...] | None:
    """The entries in page order, from all LiveBlogPostings of the page; None if it has none.

    Times without an offset are on the clock of `timezone`. Raises ValueError if there is no such time zone.
    """
    zone, body = zone_of(timezone), parse(html)
    if body is None:
        return None
    found = list(_postings(webpage.structured(body))) or live_blogs(body)  # both would tell each entry twice
    if not found:
        return None
    entries: dict[str, Entry] = {}
    for posting in found:
        for update in _listed(posting.get("liveBlogUpdate")):
            entry = _entry(update, zone, link)
            if entry:
                entries.setdefault(entry.key, entry)
    return tuple(entries.values())


def instant(said: Any, zone: ZoneInfo) -> datetime | None:
    """An ISO time in UTC, or None; one without an offset is on the clock of `zone`.

    None too at the edges of the calendar, where programs put what has no date and not every zone has a day.
    """
    try:
        at = datetime.fromisoformat(str(said).strip())
        at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if MINYEAR < at.year < MAXYEAR else None


def read_words(html: str, link: str) -> tuple[str, tuple[Picture, ...]]:
    """What a person reads of a piece of HTML or plain text, and its pictures."""
    body = parse(html)
    read = list(blocks(body, link)) if body is not None else []
    text = "\n".join(text for block in read for text in (block.head, block.body) if text)
    return text, tuple(dict.fromkeys(picture for block in read for picture in block.pictures))


def _postings(said: Any) -> Iterator[dict[str, Any]]:
    waiting, looked = [said], 0
    while waiting and looked < _MOST_LOOKED_AT:
        one, looked = waiting.pop(0), looked + 1
        if isinstance(one, dict):
            if "LiveBlogPosting" in _listed(one.get("@type")):
                yield one
            else:
                waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _entry(update: Any, zone: ZoneInfo, link: str) -> Entry | None:
    at = instant(update.get("datePublished") or update.get("dateModified"), zone) if isinstance(update, dict) else None
    if at is None:
        return None
    text, pictures = read_words(_text(update, "articleBody", "text", "description"), link)
    title = " ".join(read_words(escapes.unescape(_text(update, "headline", "name")), link)[0].split())
    own = _text(update, "url", "@id")
    address = urljoin(link, own) if own else link
    local = at.astimezone(zone)
    return Entry(
        day=f"{local:%Y-%m-%d}",
        time=f"{local:%H:%M}",
        at=at,
        title="" if text.startswith(title.rstrip("….")) else title,
        text=text,
        pictures=tuple(dict.fromkeys((*_images(update.get("image"), link), *pictures))),
        key=(urldefrag(own)[1] or own) if own and address != link else f"{at.isoformat()} {title}",
        link=address,
    )


def _text(update: dict[str, Any], *names: str) -> str:
    return next((said for name in names if isinstance(said := update.get(name), str) and said), "")


def _images(said: Any, link: str) -> list[Picture]:
    found = []
    for one in _listed(said):
        url = one.get("url") or one.get("contentUrl") if isinstance(one, dict) else one
        if isinstance(url, str) and url:
            caption = one.get("caption") if isinstance(one, dict) else ""
            found.append(Picture(urljoin(link, url), caption if isinstance(caption, str) else ""))
    return found
