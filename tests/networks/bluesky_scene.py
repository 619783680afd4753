"""Bluesky before its double: a clock that a test moves, sources, deliveries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.items import Action, Delivery, Item, Source, Standing
from bot.networks.base import Options
from bot.networks.bluesky import Bluesky
from tests.doubles.bluesky_server import PASSWORD, START, BlueskyServer, bluesky
from tests.networks.memory import DictMemory
from tests.networks.servers import Asked, Reply

TAG = Source(1, "bluesky", "hashtag", "AskLive")
MENTIONS = Source(2, "bluesky", "mentions", "qcommunity.test")
KEYS = [f"3mxq2aaaaa{letter}22" for letter in "abcdefghij"]


class Scene:
    """A server, our network before it, and the time, which both take from here."""

    def __init__(self, server: BlueskyServer) -> None:
        self.server = server
        self.memory = DictMemory()
        self.opened: list[Bluesky] = []
        self.network = self.open()

    def open(self, memory: DictMemory | None = None, deadline: float = 3.0, **options: Any) -> Bluesky:
        """Another process with the same memory, or one with its own."""
        values: dict[str, Any] = {"account": "qcommunity.test", "secrets": {"app_password": PASSWORD}} | options
        chosen = Options(values.pop("api_url", self.server.url), deadline=deadline, **values)
        self.opened.append(Bluesky(chosen, self.memory if memory is None else memory, lambda: self.server.now))
        return self.opened[-1]

    def pass_by(self, **time: float) -> datetime:
        """Let time pass; what time it is then."""
        self.server.now += timedelta(**time)
        return self.server.now

    def delivery(self, text: str, number: int = 0, **more: Any) -> Delivery:
        """A post of ours that is begun now."""
        plain = Delivery(number, "bluesky", Action.CREATE, KEYS[number], text, started_at=self.server.now, attempts=1)
        return replace(plain, **more)


class Kept:
    """What a careful reader would have stored."""

    def __init__(self, network: Bluesky, source: Source = TAG) -> None:
        self.network, self.source, self.cursor = network, source, ""
        self.items: dict[str, Item] = {}
        self.gone: set[str] = set()
        self.notes: list[str] = []
        self.poison = 0

    def step(self) -> bool:
        """One read; whether there is more to read at once."""
        page = self.network.fetch(self.source, self.cursor)
        self.cursor = page.cursor
        self.items |= {item.native_id: item for item in page.items}
        self.notes.append(page.note)
        self.poison += len(page.poison)
        suspects = sorted(page.covers.ids & self.items.keys())
        for one in self.network.recheck(self.source, suspects) if suspects else []:
            self.gone |= {one.native_id} if one.standing is Standing.GONE else set()
        return page.more

    def tick(self) -> int:
        """Read until the edge is reached; how many reads it took."""
        reads = 1
        while self.step():
            reads += 1
            assert reads < 100
        return reads

    def texts(self) -> set[str]:
        """What was read."""
        return {item.text for item in self.items.values()}


def once(name: str, fault: Callable[[], Reply | None]) -> Callable[[Asked], Reply | None]:
    """A fault that befalls the next call of that name only."""
    left = [fault]
    return lambda asked: left.pop()() if left and asked.path.endswith(f".{name}") else None


def always(name: str, fault: Callable[[], Reply | None]) -> Callable[[Asked], Reply | None]:
    """A fault that befalls every call of that name; of all names if it is empty."""
    return lambda asked: fault() if asked.path.endswith(name) else None


@contextmanager
def playing() -> Iterator[Scene]:
    """A scene for the length of a test."""
    with bluesky() as server:
        scene = Scene(server)
        try:
            yield scene
        finally:
            for network in scene.opened:
                network.close()


__all__ = ["KEYS", "MENTIONS", "START", "TAG", "Kept", "Scene", "always", "once", "playing"]
