"""Bluesky's own forms and ours: post to item, addresses, labels, tags, times. No calls are made here."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.core.bridges import original_on_bluesky
from bot.core.consent import Mark, stored
from bot.core.items import Item, Poison, Standing
from bot.core.length import clean
from bot.core.links import hashtags

POST = "app.bsky.feed.post"
MOST_RAW = 64 * 1024
ADDRESS = re.compile(r"at://(did:[a-z]+:[A-Za-z0-9._:%-]+)/([A-Za-z0-9.-]+)/([A-Za-z0-9._:~-]+)")
HIDING = frozenset({"!hide", "!takedown", "!suspend", "spam"})
MEMBERS_ONLY = "!no-unauthenticated"
WARNING = frozenset({"!warn", "porn", "sexual", "nudity", "graphic-media", "gore"})
WEB = "https://bsky.app/profile"


class Unreadable(Exception):
    """One post is not of the shape that Bluesky gives; its text is one sentence."""


@dataclass(frozen=True, slots=True)
class Address:
    """An at-uri in its parts."""

    did: str
    collection: str
    key: str

    @classmethod
    def read(cls, uri: Any) -> Address | None:
        """From its form with ``at://``; None for anything else."""
        found = ADDRESS.fullmatch(uri) if isinstance(uri, str) and len(uri) < 500 else None
        return cls(*found.groups()) if found else None

    @property
    def is_post(self) -> bool:
        """Whether it is the address of a post."""
        return self.collection == POST

    def __str__(self) -> str:
        return f"at://{self.did}/{self.collection}/{self.key}"


def page_of(address: Address, handle: str) -> str:
    """Where a person reads that post."""
    return f"{WEB}/{handle if handle and handle != 'handle.invalid' else address.did}/post/{address.key}"


def instant(value: Any) -> datetime | None:
    """A time of Bluesky in UTC; None if there is none that can be read."""
    try:
        then = datetime.fromisoformat(value)
        return (then.replace(tzinfo=UTC) if then.tzinfo is None else then).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def sorted_at(post: Any) -> datetime | None:
    """The time by which Bluesky sorts: when it was written as its author says, or indexed, whichever is earlier."""
    if not isinstance(post, dict):
        return None
    record = post.get("record")
    times = [instant(record.get("createdAt")) if isinstance(record, dict) else None, instant(post.get("indexedAt"))]
    return min((time for time in times if time), default=None)


def to_item(post: Any, me: str) -> Item:
    """A post as search, notifications and `getPosts` show it, as an item. Raises `Unreadable`."""
    address = Address.read(post.get("uri")) if isinstance(post, dict) else None
    if address is None or not address.is_post:
        raise Unreadable("The post has no address.")
    record, author = post.get("record"), post.get("author")
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise Unreadable("The post has no text.")
    if not isinstance(author, dict) or author.get("did") != address.did:
        raise Unreadable("The post's author is not whose address it has.")
    written_at = sorted_at(post)
    if written_at is None:
        raise Unreadable("The post has no time.")
    handle = clean(str(author.get("handle") or ""))
    parent, root = replied_to(record)
    original = original_on_bluesky(handle, record.get("bridgyOriginalUrl"))
    return Item(
        network="bluesky",
        native_id=str(address),
        text=clean(record["text"]),
        author_id=address.did,
        author_name=clean(str(author.get("displayName") or "")).strip() or handle,
        author_handle=f"@{handle}" if handle else "",
        written_at=written_at,
        url=original or page_of(address, handle),
        lang=_language(record),
        parent_id=parent or quoted(record),
        root_id=root,
        standing=standing_of(post),
        own=address.did == me,
        marks=stored(marks_of(post)),
        quoted_id=quoted(record),
        copy_of=original,
    )


def replied_to(record: dict[str, Any]) -> tuple[str, str]:
    """The addresses of what a record answers and of where that conversation began; "" if it answers nothing."""
    reply = record.get("reply")
    ends = [reply.get(name) if isinstance(reply, dict) else None for name in ("parent", "root")]
    parent, root = (Address.read(end.get("uri")) if isinstance(end, dict) else None for end in ends)
    return (str(parent) if parent else "", str(root or parent) if parent else "")


def quoted(record: dict[str, Any]) -> str:
    """The address of the post that a record quotes, with or without pictures beside it; "" if it quotes none."""
    embed = record.get("embed")
    for _ in range(2):  # beside pictures the quote stands one deeper
        embed = embed.get("record") if isinstance(embed, dict) else None
        address = Address.read(embed.get("uri")) if isinstance(embed, dict) else None
        if address and address.is_post:
            return str(address)
    return ""


def labels_of(labeled: Any) -> frozenset[str]:
    """The labels that hold for a post or an author; taken back ones do not."""
    said = labeled.get("labels") if isinstance(labeled, dict) else None
    here = [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []
    undone = {(one.get("src"), one.get("val")) for one in here if one.get("neg") is True}
    return frozenset(str(one.get("val")) for one in here if (one.get("src"), one.get("val")) not in undone)


def standing_of(post: dict[str, Any]) -> Standing:
    """Out of sight by a label, or because our account or its author has blocked or muted the other."""
    author = post.get("author")
    viewer = author.get("viewer") if isinstance(author, dict) else None
    viewer = viewer if isinstance(viewer, dict) else {}
    apart = any(viewer.get(name) for name in ("blocking", "blockedBy", "blockingByList", "muted", "mutedByList"))
    hidden = apart or (labels_of(post) | labels_of(author)) & HIDING
    return Standing.HIDDEN if hidden else Standing.PUBLIC


def marks_of(post: dict[str, Any]) -> Iterator[Mark]:
    """What its author, or who labels for Bluesky, asks of readers. Profiles are not among what Bluesky lists."""
    labels = labels_of(post) | labels_of(post.get("author")) | _own_labels(post.get("record"))
    if MEMBERS_ONLY in labels:
        yield Mark.STRANGERS
    if labels & WARNING:
        yield Mark.WARNED


def _own_labels(record: Any) -> frozenset[str]:
    """The labels that its author wrote into the record itself."""
    labels = record.get("labels") if isinstance(record, dict) else None
    values = labels.get("values") if isinstance(labels, dict) else None
    return frozenset(str(one.get("val")) for one in _dicts(values))


def carries(post: Any, tag: str) -> bool:
    """Whether the post has that hashtag: as a facet, as a hidden tag, or in plain text."""
    record = post.get("record") if isinstance(post, dict) else None
    return isinstance(record, dict) and _folded(tag) in {_folded(one) for one in _tags(record)}


def _tags(record: dict[str, Any]) -> Iterator[str]:
    yield from _texts(record.get("tags"))
    for facet in _dicts(record.get("facets")):
        yield from _texts([feature.get("tag") for feature in _dicts(facet.get("features"))])
    if isinstance(record.get("text"), str):
        yield from hashtags(clean(record["text"]))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _folded(tag: str) -> str:
    return unicodedata.normalize("NFC", tag.lstrip("#＃").casefold())


def _language(record: dict[str, Any]) -> str:
    first = next(iter(_texts(record.get("langs"))), "")
    return first if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}", first) else ""


def read_all(posts: Iterable[Any], me: str) -> tuple[list[Item], list[Poison]]:
    """Items and poison, one by one: a bad post does not keep the others away."""
    items: list[Item] = []
    poison: list[Poison] = []
    for post in posts:
        try:
            items.append(to_item(post, me))
        except Unreadable as error:
            poison.append(_poison(post, str(error)))
    return items, poison


def _poison(post: Any, error: str) -> Poison:
    raw = json.dumps(post, ensure_ascii=True, sort_keys=True)
    address = Address.read(post.get("uri")) if isinstance(post, dict) else None
    unnamed = f"at://?{hashlib.sha256(raw.encode()).hexdigest()[:16]}"
    return Poison(str(address) if address else unnamed, raw[:MOST_RAW], error)
