"""What the double of Mastodon keeps: posts that are the same on all servers, and the id that each server gave them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Now = Callable[[], datetime]
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
MENTION = re.compile(r"(?<![\w/])@(\w+)(?:@([\w.\-:]+\w))?")
TAG = re.compile(r"(?<![\w/&])#(\w+)")
PIECES = re.compile(f"(?P<url>{URL.pattern})|(?P<mention>{MENTION.pattern})|(?P<tag>{TAG.pattern})")


@dataclass
class Person:
    """An author: `acct` is the name without a domain, `home` where the account lives."""

    acct: str
    home: str
    name: str = ""
    note: str = ""
    bot: bool = False
    noindex: bool | None = False
    discoverable: bool | None = True
    indexable: bool | None = True
    table: list[str] = field(default_factory=list)  # name and value of the row below the bio

    @property
    def url(self) -> str:
        return f"https://{self.home}/@{self.acct}"


@dataclass
class Post:
    """One post as its author wrote it. `content` is made from `text` unless it is given."""

    uri: str
    by: Person
    text: str
    created: datetime
    content: str = ""
    spoiler: str = ""
    visibility: str = "public"
    lang: str | None = "en"
    parent: str = ""
    edited: datetime | None = None
    media: list[dict[str, Any]] = field(default_factory=list)
    boost_of: str = ""
    quotes: Post | None = None
    counts: dict[str, int] = field(default_factory=dict)  # what people did with it

    @property
    def tags(self) -> set[str]:
        return {tag.lower() for tag in TAG.findall(self.text)}

    def shown(self) -> str:
        """The content as servers show it; a quote has a stand-in for programs that know no quotes."""
        uri = self.quotes.uri if self.quotes else ""
        instead = f'<p class="quote-inline">RE: <a href="{uri}">{uri}</a></p>' if uri else ""
        return self.content or instead + markup(self.text)


def markup(text: str) -> str:
    """Plain text as Mastodon renders it, with links cut for the eye by spans."""
    paragraphs = [piece for piece in re.split(r"\n{2,}", text.strip()) if piece]
    return "".join(f"<p>{'<br />'.join(map(_line, piece.splitlines()))}</p>" for piece in paragraphs)


def _line(line: str) -> str:
    done, at = [], 0
    for found in PIECES.finditer(line):
        done.append(html.escape(line[at : found.start()], quote=False))
        done.append(_piece(found))
        at = found.end()
    return "".join([*done, html.escape(line[at:], quote=False)])


def _piece(found: re.Match[str]) -> str:
    whole = html.escape(found.group())
    if found["url"]:
        scheme, rest = re.match(r"(https?://(?:www\.)?)(.*)", whole).groups()  # type: ignore[union-attr]
        shown = f'<span class="ellipsis">{rest[:30]}</span>' if len(rest) > 30 else f"<span>{rest}</span>"
        return (
            f'<a href="{whole}" target="_blank" rel="nofollow noopener"><span class="invisible">{scheme}</span>'
            f'{shown}<span class="invisible">{rest[30:]}</span></a>'
        )
    name = whole[1:].partition("@")[0]
    if found["mention"]:
        link = f'<a href="https://there/@{name}" class="u-url mention">@<span>{name}</span></a>'
        return f'<span class="h-card">{link}</span>'
    return f'<a href="https://there/tags/{name}" class="mention hashtag" rel="tag">#<span>{name}</span></a>'


def counted(text: str, url_weight: int) -> int:
    """The length as the server counts it: links by weight, a mention without its domain."""
    text = MENTION.sub(lambda found: f"@{found[1]}", URL.sub("x" * url_weight, text))
    return len(text)


class Ids:
    """The ids of one server: snowflakes of Mastodon, or ULIDs."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._count = 0

    def at(self, when: datetime) -> str:
        """A new id for that instant."""
        self._count += 1
        millis = int(when.timestamp() * 1000)
        if self.kind == "ulid":
            number = (millis << 80) | self._count
            return "".join(CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))
        return str((millis << 16) + self._count % 65536)


def iso(at: datetime | None) -> str | None:
    """A time as Mastodon writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z" if at else None


@dataclass
class Bucket:
    """A rate limit: so many calls in a period that begins with the clock's multiple of it."""

    most: int
    seconds: int
    used: dict[int, int] = field(default_factory=dict)

    def take(self, now: datetime) -> tuple[int, datetime]:
        """What is left after one more call (below 0: too many), and when the period ends."""
        period = int(now.timestamp()) // self.seconds
        self.used[period] = self.used.get(period, 0) + 1
        ends = datetime.fromtimestamp((period + 1) * self.seconds, UTC) + timedelta(microseconds=123456)
        return self.most - self.used[period], ends
