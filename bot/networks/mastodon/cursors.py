"""How far a source has been read on each server, and what is still to be looked at again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta

SHORT, SHORT_EVERY = timedelta(hours=2), timedelta(minutes=5)
LONG, LONG_EVERY = timedelta(hours=24), timedelta(hours=1)
MOST_NAMED = 30


@dataclass(frozen=True, slots=True)
class Place:
    """One server. All above `newest` is still to come; `run`: it is being read upwards, page by page.

    `down` is the id below which a look back goes on, "-" from the top, "" none under way; it ends at `until`
    ("" at the beginning of time). `recent` are (id, address) of the page at the top as it was last time.
    """

    newest: str = ""
    run: bool = False
    down: str = ""
    until: str = ""
    short: str = ""
    long: str = ""
    recent: tuple[tuple[str, str], ...] = ()

    def due(self, now: datetime, since: datetime | None) -> Place:
        """With a look back begun, if it is time for one."""
        if self.down:
            return self
        if not self.newest:
            first = since.isoformat() if since else ""
            return replace(self, down="-", until=first, short=now.isoformat(), long=now.isoformat())
        if _past(self.long, now) >= LONG_EVERY:
            return replace(self, down="-", until=(now - LONG).isoformat(), short=now.isoformat(), long=now.isoformat())
        if _past(self.short, now) >= SHORT_EVERY:
            return replace(self, down="-", until=(now - SHORT).isoformat(), short=now.isoformat())
        return self

    def ended_by(self, at: datetime | None) -> bool:
        """Whether a look back that has come to that time is over."""
        return bool(self.until) and at is not None and at < datetime.fromisoformat(self.until)


@dataclass(frozen=True, slots=True)
class Cursor:
    """`places` by server. `private`: addresses of messages that the people on the desk must know of."""

    places: Mapping[str, Place] = field(default_factory=dict)
    private: tuple[str, ...] = ()

    @classmethod
    def read(cls, stored: str) -> Cursor:
        """From its stored form; anything else is a first contact."""
        try:
            said = json.loads(stored or "{}")
            places = {str(name): _place(one) for name, one in said.get("places", {}).items()}
            return cls(places, tuple(map(str, said.get("private", ()))))
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls()

    def write(self) -> str:
        """Its stored form, without what is empty."""
        places = {
            name: {key: value for key, value in asdict(one).items() if value} for name, one in self.places.items()
        }
        full = {"places": places, "private": self.private[-MOST_NAMED:]}
        return json.dumps({name: value for name, value in full.items() if value}, separators=(",", ":"))


def _place(said: Mapping[str, object]) -> Place:
    known = {one.name for one in fields(Place)}
    recent = said.get("recent", ())
    if not set(said) <= known or not isinstance(recent, list | tuple):
        raise ValueError("not a place")
    pairs = tuple((str(native), str(uri)) for native, uri in recent)
    texts = {name: str(said.get(name, "")) for name in ("newest", "down", "until", "short", "long")}
    for name in ("until", "short", "long"):
        if texts[name]:
            datetime.fromisoformat(texts[name])
    return Place(**texts, run=said.get("run") is True, recent=pairs)


def _past(then: str, now: datetime) -> timedelta:
    """How long ago that was; for ever, if it never was or lies ahead of us."""
    if not then or datetime.fromisoformat(then) > now:
        return timedelta.max
    return now - datetime.fromisoformat(then)
