"""Lossless reading of a timeline that is indexed late: a window that overlaps, and now and then a sweep of a day."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.networks.rehearsal.rows import Post

Place = tuple[datetime, int]  # where a post stands in a timeline: when it was written, and its number
Read = Callable[[Place, int], list[Post]]
_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """How far each reading goes back, and how often the sweep of `reach` comes."""

    overlap: timedelta = timedelta(minutes=10)
    sweep_every: timedelta = timedelta(seconds=30)
    reach: timedelta = timedelta(hours=24)
    page: int = 40


@dataclass(frozen=True, slots=True)
class Cursor:
    """`top` is the newest time ever read; `after` and `n` say where an unfinished run of pages goes on."""

    top: datetime | None = None
    swept: datetime | None = None
    after: datetime | None = None
    n: int = 0

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """The cursor that was stored; one that cannot be read begins again, which stores nothing twice."""
        try:
            raw = json.loads(text or "{}")
            times = {key: datetime.fromisoformat(raw[key]) for key in ("top", "swept", "after") if raw.get(key)}
            return cls(n=int(raw.get("n", 0)), **times)
        except (ValueError, TypeError, AttributeError):
            return cls()

    def __str__(self) -> str:
        times = {"top": self.top, "swept": self.swept, "after": self.after}
        return json.dumps({key: at.isoformat() for key, at in times.items() if at} | {"n": self.n})


@dataclass(frozen=True, slots=True)
class Reading:
    """One page of posts; `since` is set if it holds everything from then on."""

    posts: tuple[Post, ...]
    cursor: str
    since: datetime | None
    more: bool


def read_on(text: str, now: datetime, window: Window, read: Read) -> Reading:
    """The next page after the cursor `text`, oldest first, so that nothing is passed over when a run is cut off."""
    cursor = Cursor.parse(text)
    sweeping = cursor.swept is None or now - cursor.swept >= window.sweep_every
    fresh = cursor.after is None
    if not fresh:
        begin: Place = (cursor.after or _START, cursor.n)
    elif cursor.top is None:
        begin = (_START, 0)
    else:
        begin = (now - window.reach if sweeping else cursor.top - window.overlap, -1)
    posts = read(begin, window.page)
    tops = [post.written_at for post in posts] + ([cursor.top] if cursor.top else [])
    top = min(max(tops), now) if tops else None  # a post dated in the future must not lift the window over the present
    swept = now if sweeping and fresh else cursor.swept
    if len(posts) == window.page:
        last = posts[-1]
        return Reading(tuple(posts), str(Cursor(top, swept, last.written_at, last.n)), None, more=True)
    return Reading(tuple(posts), str(Cursor(top, swept)), begin[0] if fresh else None, more=False)
