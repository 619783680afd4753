"""The rows of the remote side: posts, saves of the blog, calls; and their values as text."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime

STANDINGS = ("public", "held", "spam", "trash", "gone")
TAG = re.compile(r"#(\w+)")
MENTION = re.compile(r"@(\w[\w.-]*\w|\w)")
SCHEMA = """
CREATE TABLE IF NOT EXISTS post (
    n INTEGER PRIMARY KEY, network TEXT NOT NULL, native_id TEXT NOT NULL, slug TEXT UNIQUE, own INTEGER NOT NULL,
    author TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, lang TEXT NOT NULL, tags TEXT NOT NULL,
    mentions TEXT NOT NULL, parent_id TEXT NOT NULL, root_id TEXT NOT NULL, standing TEXT NOT NULL,
    repost INTEGER NOT NULL, broken TEXT NOT NULL, key TEXT NOT NULL, link TEXT NOT NULL,
    written_at TEXT NOT NULL, visible_at TEXT NOT NULL, edits INTEGER NOT NULL DEFAULT 0,
    UNIQUE (network, native_id));
CREATE INDEX IF NOT EXISTS post_order ON post (network, written_at, n);
CREATE TABLE IF NOT EXISTS media (
    n INTEGER PRIMARY KEY, network TEXT NOT NULL, hash TEXT NOT NULL, alt TEXT NOT NULL, post TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS save (
    revision INTEGER PRIMARY KEY, slug TEXT UNIQUE, title TEXT NOT NULL, html TEXT NOT NULL, saved_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS call (
    n INTEGER PRIMARY KEY, at TEXT NOT NULL, network TEXT NOT NULL, what TEXT NOT NULL, key TEXT NOT NULL,
    effect INTEGER NOT NULL, outcome TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS call_order ON call (network, what, n);
CREATE TABLE IF NOT EXISTS fault (
    n INTEGER PRIMARY KEY, network TEXT NOT NULL, what TEXT NOT NULL, kind TEXT NOT NULL, times INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS note (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Post:
    """One post or comment as the remote side holds it; `own` if our account wrote it. Times are UTC."""

    n: int
    network: str
    native_id: str
    slug: str | None
    own: bool
    author: str
    name: str
    text: str
    lang: str
    parent_id: str
    root_id: str
    standing: str
    repost: bool
    broken: str
    key: str
    link: str
    written_at: datetime
    edits: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of a post: SHA-256 of its bytes, and its description."""

    hash: str
    alt: str


@dataclass(frozen=True, slots=True)
class Save:
    """The blog post as its editors last saved it."""

    revision: int
    title: str
    html: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One call that reached a network: whether it changed anything there, and what was answered."""

    n: int
    at: datetime
    network: str
    what: str
    key: str
    effect: bool
    outcome: str


@dataclass(slots=True)
class Attempt:
    """A call under way; whoever answers it fills in what it came to."""

    effect: bool = False
    outcome: str = "answered"


COLUMNS = ", ".join(f.name for f in fields(Post))


def stamp(moment: datetime) -> str:
    """An aware time as text that sorts: UTC with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")


def tidy(text: str) -> str:
    """Text as a database takes it: half surrogate pairs become U+FFFD, NUL goes."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


def instant(value: object) -> datetime:
    """The time that `stamp` wrote."""
    return datetime.fromisoformat(str(value))


def words(pattern: re.Pattern[str], text: str) -> str:
    """What the pattern finds, in lower case, each between blanks; "" if nothing."""
    found = [word.lower() for word in pattern.findall(text)]
    return f" {' '.join(found)} " if found else ""


def known_standing(standing: str) -> None:
    """Raises ValueError for a standing that no post can have."""
    if standing not in STANDINGS:
        raise ValueError(f"a post cannot be {standing!r}: it is one of {', '.join(STANDINGS)}")


def to_post(row: tuple[object, ...]) -> Post:
    """A row of COLUMNS."""
    values = dict(zip((f.name for f in fields(Post)), row, strict=True))
    values |= {
        "own": bool(values["own"]),
        "repost": bool(values["repost"]),
        "written_at": instant(values["written_at"]),
    }
    return Post(**values)  # type: ignore[arg-type]


def to_call(row: tuple[object, ...]) -> Call:
    """A row of the log: n, at, network, what, key, effect, outcome."""
    n, at, network, what, key, effect, outcome = row
    return Call(int(str(n)), instant(at), str(network), str(what), str(key), bool(effect), str(outcome))
