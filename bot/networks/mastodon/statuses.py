"""Mastodon's own forms and ours: status to item, HTML to text, ids, times. No calls are made here."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from bot.core.bridges import original_in_fediverse
from bot.core.consent import Mark, stored
from bot.core.items import Item, Poison, Standing
from bot.core.length import REMOTE_MENTION, clean
from bot.core.markup import lines, parse, tidy

MOST_RAW = 64 * 1024
SEEN_BY_ALL = frozenset({"public", "unlisted"})
WITHHELD = "A message that is not public. Its words are not kept here: read and answer it in the account's own inbox."
NO_BOTS = re.compile(r"#nobots?\b", re.IGNORECASE)
NO_COPIES = re.compile(r"#(noarchive|noindex|nosearch)\b", re.IGNORECASE)
KEPT_OF_RAW = frozenset({"id", "uri", "url", "created_at", "edited_at", "content", "spoiler_text", "visibility"})

_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FIRST, _LAST = datetime(2008, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Unreadable(Exception):
    """One status is not of the shape that Mastodon gives; its text is one sentence."""


def order(native: str) -> tuple[int, str]:
    """Newer ids come after older ones, be they numbers, ULIDs or flakes."""
    return len(native), native


def time_of(native: str, otherwise: datetime | None) -> datetime | None:
    """When a server gave out that id; `otherwise` if the id does not tell."""
    if native.isascii() and native.isdigit() and len(native) > 12:
        seconds = (int(native[:25]) >> 16) / 1000
    elif _ULID.fullmatch(native):
        seconds = sum(_CROCKFORD.index(sign) << 5 * place for place, sign in enumerate(reversed(native[:10]))) / 1000
    else:
        return otherwise
    if not _FIRST.timestamp() < seconds < _LAST.timestamp():
        return otherwise
    return datetime.fromtimestamp(seconds, UTC)


def instant(value: Any) -> datetime | None:
    """An ISO time in UTC, None if there is none that can be read."""
    try:
        at = datetime.fromisoformat(value)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def to_text(markup: str) -> str:
    """A status as plain text: paragraphs on lines of their own, a named link with its target behind it.

    The line "RE: address", which stands for a quoted post where quotes are not known, is no part of the words.
    """
    body = parse(markup)
    if body is None:
        return ""
    for instead in body.css(".quote-inline"):
        instead.decompose()
    for link in body.css("a[href]"):
        href, shown = (link.attributes.get("href") or "").strip(), (link.text() or "").strip()
        named = not shown.startswith(("@", "#")) and href.rstrip("/") != shown.rstrip("/")
        if named and shown and href.startswith(("http://", "https://")):
            link.insert_after(f" ({href})")
    return clean(lines(body)).strip()


def words_of(status: dict[str, Any]) -> str:
    """Content warning, then content: the warning may hold the question."""
    warning, content = status.get("spoiler_text") or "", status.get("content")
    if not isinstance(content, str) or not isinstance(warning, str):
        raise Unreadable("The post has no text.")
    warning = " ".join(clean(warning).split())
    return "\n".join(piece for piece in (warning, to_text(content)) if piece)


def to_item(status: Any, domain: str, parents: dict[str, str], own: frozenset[str]) -> Item:
    """A status as a server of that domain lists it. `own`: addresses of our account. Raises `Unreadable`."""
    if not isinstance(status, dict) or not isinstance(status.get("uri"), str) or not status["uri"]:
        raise Unreadable("The post has no address that is the same on all servers.")
    account = status.get("account")
    if not isinstance(account, dict) or not isinstance(account.get("acct"), str) or not account["acct"]:
        raise Unreadable("The post has no author.")
    uri, link = clean(status["uri"]), status.get("url")
    public = status.get("visibility", "public") in SEEN_BY_ALL
    author = clean(str(account.get("url") or account.get("uri") or handle(account, domain)))
    return Item(
        network="mastodon",
        native_id=uri,
        text=words_of(status) if public else WITHHELD,
        author_id=author,
        author_name=clean(str(account.get("display_name") or account["acct"])).strip(),
        author_handle=handle(account, domain),
        written_at=instant(status.get("created_at")),
        url=clean(link) if isinstance(link, str) and link else uri,
        lang=clean(str(status.get("language") or "")),
        parent_id=parents.get(str(status.get("in_reply_to_id") or ""), "") or quoted(status),
        standing=Standing.PUBLIC if public else Standing.HIDDEN,
        own=not own.isdisjoint({author, str(account.get("uri") or ""), handle(account, domain)}),
        repost=bool(status.get("reblog")),
        marks=stored(marks_of(status)),
        quoted_id=quoted(status),
        copy_of=original_in_fediverse(uri),
    )


def quoted(status: dict[str, Any]) -> str:
    """The address of the post that it quotes with its author's leave, "" if it quotes none."""
    quote = status.get("quote")
    inner = quote.get("quoted_status") if isinstance(quote, dict) else None
    uri = inner.get("uri") if isinstance(inner, dict) else None
    return clean(uri) if isinstance(uri, str) else ""


def handle(account: dict[str, Any], domain: str) -> str:
    """The full handle, as it works from any server."""
    name = clean(str(account.get("acct") or "")).lstrip("@")
    return f"@{name}" if "@" in name else f"@{name}@{domain}"


def marks_of(status: dict[str, Any]) -> Iterator[Mark]:
    """What its author asks of readers: by marks of the account, by custom in the profile, by a content warning."""
    account = status.get("account")
    account = account if isinstance(account, dict) else {}
    profile = _profile(account)
    if NO_BOTS.search(profile):
        yield Mark.BOTS
    if account.get("noindex") is True or NO_COPIES.search(profile):
        yield Mark.COPIES
    if account.get("discoverable") is False or account.get("indexable") is False:
        yield Mark.FINDING
    if status.get("spoiler_text"):
        yield Mark.WARNED


def _profile(account: dict[str, Any]) -> str:
    """The words of the bio and of the table below it."""
    rows = account.get("fields")
    values = [row.get("value") for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return "\n".join(to_text(words) for words in (account.get("note"), *values) if isinstance(words, str))


def to_poison(status: Any, host: str, error: Unreadable) -> Poison:
    """What could not be read, without its author's profile; of a private message nothing but its id."""
    kept: Any = status
    if isinstance(status, dict):
        kept = {name: value for name, value in status.items() if name in KEPT_OF_RAW}
        if status.get("visibility", "public") not in SEEN_BY_ALL:
            kept = {"id": status.get("id")}
    raw = json.dumps(kept, ensure_ascii=True, sort_keys=True)
    uri = status.get("uri") if isinstance(status, dict) else None
    named = uri if isinstance(uri, str) and uri else f"{host}#?{hashlib.sha256(raw.encode()).hexdigest()[:16]}"
    return Poison(clean(named), raw[:MOST_RAW], str(error))


def id_of(thing: Any) -> str:
    """The id that a server gave, "" if it has no usable one."""
    native = thing.get("id") if isinstance(thing, dict) else None
    return native if isinstance(native, str) and re.fullmatch(r"[\w-]{1,64}", native, re.ASCII) else ""


def tail(uri: str, address: str) -> str:
    """The id at the end of an address of that server's own, "" for any other."""
    parts = urlsplit(uri)
    last = parts.path.rsplit("/", 1)[-1]
    ours = parts.netloc.lower() == urlsplit(address).netloc.lower() and "/statuses/" in parts.path
    return last if ours and re.fullmatch(r"[\w-]{1,64}", last, re.ASCII) else ""


def folded(text: str) -> str:
    """Words to compare: white space folded, of a mention only the name, as servers show it."""
    return " ".join(REMOTE_MENTION.sub(r"\1", tidy(clean(text))).split())
