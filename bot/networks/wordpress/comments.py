"""WordPress's own forms and ours: comment to item, HTML to text, ids, times. No calls are made here."""

from __future__ import annotations

import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.core.items import Item, Poison, Standing

FIELDS = "id,post,parent,author,author_name,date_gmt,content,link,status"
PRIVATE = frozenset({"author_email", "author_ip", "author_user_agent", "author_avatar_urls", "author_url", "meta"})
MOST_RAW = 64 * 1024
PARAGRAPHS = frozenset({"p", "div", "blockquote", "pre", "figure", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5"})
LINES = frozenset({"li", "tr", "figcaption", "hr", "section"})
SILENT = frozenset(
    {"script", "style", "template", "noscript", "iframe", "object", "head", "title", "-comment", "_comment"}
)
STANDINGS = {"approved": Standing.PUBLIC, "approve": Standing.PUBLIC, "hold": Standing.HELD}

# What the blog's own typography does to a text; undone on both sides before two texts are compared.
_TYPOGRAPHY = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "..."}
)
_DASHES = re.compile(r"-{2,3}")


class Unreadable(Exception):
    """One comment is not of the shape that WordPress gives; its text is one sentence."""


def site_key(address: str) -> str:
    """Host, port and path of the site, the first half of every native id: the same for http and https."""
    parts = urlsplit(address)
    port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    return f"{(parts.hostname or '').lower()}{port}{parts.path.rstrip('/')}"


def native_id(site: str, number: int) -> str:
    """The native id of a comment."""
    return f"{site}#comment-{number}"


def number_in(site: str, native: str) -> int | None:
    """The comment's number in a native id of this site, None for anything else."""
    head, _, tail = native.partition("#comment-")
    return int(tail) if head == site and tail.isascii() and tail.isdigit() and len(tail) < 20 else None


def clean(text: str) -> str:
    """NFC, without control characters and halves of characters; lines stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
    return unicodedata.normalize("NFC", "".join(kept))


def to_text(markup: str, base: str = "") -> str:
    """HTML as plain text: paragraphs apart, links with their target behind them, smileys by their alt text."""
    body = LexborHTMLParser(clean(markup)).body
    if body is None:
        return ""
    pieces: list[str] = []
    _walk(body, base, pieces)
    text = re.sub(r"[ \t\f\v]+", " ", "".join(pieces))
    text = re.sub(r" ?\n ?", "\n", text)
    return clean(re.sub(r"\n{3,}", "\n\n", text).strip())


def _walk(node: LexborNode, base: str, pieces: list[str]) -> None:
    # Held in a list of our own, since hostile markup nests deeper than Python calls.
    waiting: list[LexborNode | str] = [node]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            pieces.append(piece)
        elif piece.tag == "-text":
            pieces.append(re.sub(r"\s*\n\s*", " ", piece.text_content or ""))
        elif piece.tag == "br":
            pieces.append("\n")
        elif piece.tag == "img":
            pieces.append(piece.attributes.get("alt") or "")
        elif piece.tag not in SILENT:
            around = "\n\n" if piece.tag in PARAGRAPHS else "\n" if piece.tag in LINES else ""
            tail = _target(piece, base) if piece.tag == "a" else ""
            waiting.extend(reversed([around, *piece.iter(include_text=True), tail, around]))


def _target(link: LexborNode, base: str) -> str:
    href = (link.attributes.get("href") or "").strip()
    try:
        href = urljoin(base, href) if base else href
        shown = (link.text() or "").strip()
        wanted = urlsplit(href).scheme in ("http", "https") and href not in (shown, shown + "/")
    except ValueError:
        return ""
    return f" ({href})" if wanted else ""


def instant(value: Any) -> datetime | None:
    """A ``*_gmt`` time, which has no zone letter and is UTC. None if there is none that can be read."""
    try:
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return None


def standing_of(comment: dict[str, Any]) -> Standing:
    """Whether the world may see it; spam, trash and whatever plugins add are out of sight."""
    return STANDINGS.get(str(comment.get("status", "approved")), Standing.HIDDEN)


def to_item(comment: Any, site: str, me: int = 0) -> Item:
    """A comment as WordPress lists it, as an item. Raises `Unreadable`."""
    number = number_of(comment)
    if number is None:
        raise Unreadable("The comment has no id.")
    content = comment.get("content")
    rendered = content.get("rendered") if isinstance(content, dict) else None
    parent, post, author = (comment.get(name, 0) for name in ("parent", "post", "author"))
    if not isinstance(rendered, str):
        raise Unreadable("The comment has no text.")
    if not all(isinstance(value, int) and value >= 0 for value in (parent, post, author)):
        raise Unreadable("The comment's parent, post or author is not a number.")
    if not all(isinstance(comment.get(name, ""), str) for name in ("author_name", "link")):
        raise Unreadable("The comment's author or link is not text.")
    return Item(
        network="wordpress",
        native_id=native_id(site, number),
        text=to_text(rendered, comment.get("link", "")),
        author_id=str(author or ""),
        author_name=clean(html.unescape(comment.get("author_name", ""))).strip(),
        written_at=instant(comment.get("date_gmt")),
        url=clean(comment.get("link", "")),
        parent_id=native_id(site, parent) if parent else "",
        root_id=str(post or ""),
        standing=standing_of(comment),
        own=bool(me) and author == me,
    )


def number_of(comment: Any) -> int | None:
    """The id of a comment, None if it has no usable one."""
    number = comment.get("id") if isinstance(comment, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) and number > 0 else None


def to_poison(comment: Any, site: str, error: Unreadable) -> Poison:
    """What could not be read, without the writer's e-mail, addresses and avatar."""
    if isinstance(comment, dict):
        comment = {name: value for name, value in comment.items() if name not in PRIVATE and name != "_links"}
    raw = json.dumps(comment, ensure_ascii=True, sort_keys=True)
    number = number_of(comment)
    unnamed = f"{site}#comment-?{hashlib.sha256(raw.encode()).hexdigest()[:16]}"
    return Poison(native_id(site, number) if number else unnamed, raw[:MOST_RAW], str(error))


def read_all(comments: Iterable[Any], site: str, me: int) -> tuple[tuple[Item, ...], tuple[Poison, ...]]:
    """Items and poison, one by one: a bad comment does not keep the others away."""
    items: list[Item] = []
    poison: list[Poison] = []
    for comment in comments:
        try:
            items.append(to_item(comment, site, me))
        except Unreadable as error:
            poison.append(to_poison(comment, site, error))
    return tuple(items), tuple(poison)


def to_content(text: str, link: str = "") -> str:
    """What is sent as a comment: an editor's markup would be kept as it is, so nothing in it may be markup."""
    text = clean(text).strip()
    return html.escape(text if not link or link in text else f"{text}\n{link}", quote=False)


def same_words(comment: dict[str, Any], sent: str) -> bool:
    """Whether a comment of ours says what was sent: by its raw form if we may see it, else by its letters."""
    content = comment.get("content")
    raw = content.get("raw") if isinstance(content, dict) else None
    if isinstance(raw, str):
        return _folded(html.unescape(raw)) == _folded(html.unescape(sent))
    rendered = content.get("rendered") if isinstance(content, dict) else None
    return isinstance(rendered, str) and _plain(to_text(rendered)) == _plain(html.unescape(sent))


def _folded(text: str) -> str:
    return " ".join(clean(text).split())


def _plain(text: str) -> str:
    return _DASHES.sub("-", _folded(text).translate(_TYPOGRAPHY))
