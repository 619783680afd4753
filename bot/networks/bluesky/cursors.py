"""How far a source on Bluesky has been read: a cursor that knows of a walk under way. Times are milliseconds."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.core.items import Source
from bot.networks.bluesky.forms import POST, Address

OVERLAP = timedelta(minutes=30)  # read again each time: the index lags, and equal times come in no order
MOST_RECENT = 1000  # ids that are remembered of the overlap, to notice what goes missing
Seen = tuple[str, int]  # (did/key, time it sorts by)


@dataclass(frozen=True, slots=True)
class Walk:
    """Pages being read, newest first, down to `edge`. `doubted` were there last time."""

    edge: int
    began: int
    sweep: bool
    query: int = 0
    page: str = ""
    pages: int = 0
    restarted: bool = False
    newest: int = 0
    seen: tuple[Seen, ...] = ()
    doubted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cursor:
    """All that sorts below `newest` was read, as far as the index had it; `swept` is when it was last looked back."""

    newest: int = 0
    swept: int = 0
    recent: tuple[str, ...] = ()
    walk: Walk | None = None

    @classmethod
    def read(cls, stored: str) -> Cursor:
        """From its stored form; anything else is a first contact."""
        try:
            said = json.loads(stored or "{}")
            walk = said.get("walk")
            if walk is not None:
                seen = tuple((str(native), int(at)) for native, at in walk.get("seen", ()))
                walk = Walk(**{**walk, "seen": seen, "doubted": tuple(walk.get("doubted", ()))})
            recent = tuple(str(one) for one in said.get("recent", ()))
            return cls(int(said.get("newest", 0)), int(said.get("swept", 0)), recent, walk)
        except (ValueError, TypeError, AttributeError):
            return cls()

    def write(self) -> str:
        """Its stored form, without what is empty."""
        said = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(said, separators=(",", ":"))

    def begin(self, source: Source, now: datetime, every: timedelta, back: timedelta) -> Cursor:
        """With a new walk down to the overlap, or, when that is due, `back` further."""
        sweep = not self.swept or now - moment(self.swept) >= every
        edge = (self.newest or self.swept) - _ms(OVERLAP)
        if not self.swept:
            edge = millis(source.since - OVERLAP) if source.since else 0
        elif sweep:
            edge = min(edge, millis(now - back))
        return replace(self, walk=Walk(max(edge, 0), millis(now), sweep, doubted=self.recent))

    def turn(self, posts: list[Seen], page: str, pages: int, *, over: bool) -> Cursor:
        """With one more page of its walk; `over` says that this query has no further page of interest."""
        walk = self._walk()
        shown = {native for native, _ in posts}
        seen = (*walk.seen, *((native, at) for native, at in posts if at >= walk.edge))
        newest = max([walk.newest, *(at for _, at in posts)])
        doubted = tuple(native for native in walk.doubted if native not in shown)
        query = walk.query + over
        walk = replace(walk, query=query, page=page, pages=pages, newest=newest, seen=seen, doubted=doubted)
        return replace(self, walk=replace(walk, page="", pages=0, restarted=False) if over else walk)

    def end(self) -> tuple[Cursor, frozenset[str]]:
        """After its walk, and the native ids that the walk should have shown and did not."""
        walk = self._walk()
        newest = max(self.newest, min(walk.newest, walk.began))  # a clock of theirs that is fast moves no cursor ahead
        edge = newest - _ms(OVERLAP)
        latest = sorted(dict(walk.seen).items(), key=lambda one: -one[1])
        recent = tuple(native for native, at in latest if at >= edge)[:MOST_RECENT]
        swept = walk.began if walk.sweep else self.swept
        return Cursor(newest, swept, recent), frozenset(map(long, walk.doubted))

    def again(self) -> Cursor:
        """With its query begun anew: the server does not know the page any more."""
        return replace(self, walk=replace(self._walk(), page="", pages=0, restarted=True))

    def _walk(self) -> Walk:
        if self.walk is None:
            raise ValueError("no walk was begun")
        return self.walk


def short(address: Address) -> str:
    """An address as a cursor holds it."""
    return f"{address.did}/{address.key}"


def long(native: str) -> str:
    """The native id again."""
    did, _, key = native.rpartition("/")
    return f"at://{did}/{POST}/{key}"


def millis(at: datetime) -> int:
    """Milliseconds since 1970."""
    return int(at.timestamp() * 1000)


def moment(at: int) -> datetime:
    """The time again."""
    return datetime.fromtimestamp(at / 1000, UTC)


def _ms(span: timedelta) -> int:
    return int(span / timedelta(milliseconds=1))
