"""How far a source on X has been read: a cursor that knows of open sweeps and of gaps."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.items import Source
from bot.networks.x.forms import Post, number, snowflake, time_of

OVERLAP = timedelta(minutes=3)  # read again each time: X shows some posts late, with an id below those already seen
STILL_INDEXED = timedelta(minutes=15)  # what is older is in the index by now
WINDOW = timedelta(days=7) - timedelta(hours=1)  # how far back the search of X goes, with an hour to spare
MOST_MENTIONS = 800  # that their timeline shows, the newest; what is older it does not tell
FEW = 7  # posts in a sweep; then the next one begins with the smallest page


@dataclass(frozen=True, slots=True)
class Sweep:
    """Pages being read, newest first, of what is above `since`. `doubted` were there last time."""

    since: str
    newest: str = ""
    token: str = ""
    count: int = 0
    seen: tuple[tuple[str, str], ...] = ()  # (id of the post, id of its version), as far as the next overlap goes
    doubted: tuple[str, ...] = ()
    began: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """What was posted above `since` and below `until` while nobody read, further back than the search goes."""

    since: str
    until: str
    token: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Cursor:
    """All below `newest` was read, but for the gaps. `swept` is when the last whole sweep began."""

    newest: str = ""
    swept: str = ""
    recent: tuple[str, ...] = ()
    count: int = 0
    sweep: Sweep | None = None
    gaps: tuple[Gap, ...] = ()

    @classmethod
    def read(cls, stored: str) -> Cursor:
        """From its stored form; anything else is a first contact."""
        try:
            said = json.loads(stored or "{}")
            sweep = said.pop("sweep", None)
            gaps = tuple(Gap(**one) for one in said.pop("gaps", ()))
            if sweep is not None:
                seen = tuple((str(a), str(b)) for a, b in sweep.pop("seen"))
                sweep = Sweep(**{**sweep, "seen": seen, "doubted": tuple(sweep["doubted"])})
            return cls(**{**said, "recent": tuple(said.get("recent", ()))}, sweep=sweep, gaps=gaps)
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()

    def write(self) -> str:
        """Its stored form, without what is empty."""
        full: dict[str, Any] = asdict(self)
        return json.dumps({name: value for name, value in full.items() if value}, separators=(",", ":"))

    def begin(self, source: Source, now: datetime) -> Cursor:
        """With a new sweep from what is known, less the overlap; a gap is noted where the search does not reach."""
        known = replace(self, sweep=None)
        since, doubted = known._edge(source, now)
        reach = snowflake(now - WINDOW)
        if source.kind == "hashtag" and since < reach:
            if self.swept and datetime.fromisoformat(self.swept) < now - WINDOW:
                known = replace(known, gaps=(*known.gaps, self._gap(reach)))
            since, doubted = reach, ()
        return replace(known, sweep=Sweep(str(since), doubted=doubted, began=now.isoformat()))

    def _gap(self, reach: int) -> Gap:
        seen_to = snowflake(datetime.fromisoformat(self.swept) - OVERLAP)
        return Gap(str(max(number(self.newest), seen_to)), str(reach + 1))

    def _edge(self, source: Source, now: datetime) -> tuple[int, tuple[str, ...]]:
        if not self.swept:
            first = min(now, max(source.since or now - WINDOW, now - WINDOW))
            return max(snowflake(now - WINDOW), snowflake(first) - 1), ()  # what is asked for lies above it
        if not self.newest:
            return snowflake(min(datetime.fromisoformat(self.swept), now) - STILL_INDEXED), ()
        if now - time_of(self.newest) > STILL_INDEXED:
            return int(self.newest), ()
        return overlapped(self.newest), self.recent

    def cut_short(self, posts: list[Post], after: Cursor) -> Cursor:
        """`after` the last page of mentions, with a gap where their timeline ended before the edge was reached."""
        sweep = self.sweep
        if sweep is None or after.sweep is not None or sweep.count + len(posts) < MOST_MENTIONS or not posts:
            return after
        oldest = min((post.version for post in posts), key=number)
        return replace(after, gaps=(*after.gaps, Gap(sweep.since, oldest)))

    def turn(self, posts: list[Post], newest: str, token: str) -> tuple[Cursor, frozenset[str]]:
        """With one more page of its sweep, and the ids that the page should have shown and did not."""
        if self.sweep is None:
            raise ValueError("no sweep was begun")
        first = self.sweep.newest or newest or max((post.version for post in posts), key=number, default="")
        edge = overlapped(first) if first else 0
        pairs = [*self.sweep.seen, *((post.item.native_id, post.version) for post in posts)]
        seen = tuple(pair for pair in pairs if int(pair[1]) > edge)
        gone = {post.item.native_id for post in posts}
        doubted = tuple(native for native in self.sweep.doubted if native not in gone)
        count = self.sweep.count + len(posts)
        if token:
            sweep = replace(self.sweep, newest=first, token=token, count=count, seen=seen, doubted=doubted)
            return replace(self, sweep=sweep), frozenset()
        last = max(self.newest, first, key=number)
        recent = tuple(dict.fromkeys(native for native, version in seen if int(version) > overlapped(last or "0")))
        done = Cursor(last, self.sweep.began, recent, count, None, self.gaps)
        return done, frozenset(doubted)


def overlapped(newest: str) -> int:
    """The id from which on a sweep begins when `newest` is known."""
    return max(0, int(newest) - (int(OVERLAP / timedelta(milliseconds=1)) << 22))
