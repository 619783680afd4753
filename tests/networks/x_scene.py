"""The X adapter before the double of X, on a clock that tests move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.core.items import Action, Delivery, Item, Page, Source
from bot.core.limits import default_limits
from bot.networks.base import Memory, Options
from bot.networks.x import X
from bot.store import networks, schema
from bot.store.engine import Store
from tests.doubles.x_server import XServer
from tests.networks.memory import DictMemory

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
US = "theQCommunity"
EXTRA = {"monthly_budget_usd": 50.0, "reserve_for_posts_usd": 10.0, "names": "off", "mentions_price": "owned"}
TAG = Source(1, "x", "hashtag", "QLabs", "Europe/London", START - timedelta(hours=1))
MENTIONS = Source(2, "x", "mentions", US, "Europe/London", START - timedelta(hours=1))


class Clock:
    """A time that stands still until it is moved."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **much: float) -> datetime:
        """Later by that much."""
        self.at += timedelta(**much)
        return self.at


def open_x(server: XServer, clock: Clock, memory: Memory, *, deadline: float = 5.0, url: str = "", **extra: Any) -> X:
    """The adapter, with the keys of the double."""
    secrets = {name.removeprefix("X_").lower(): value for name, value in server.secrets(US).items()}
    return X(Options(url or server.url, US, secrets, {**EXTRA, **extra}, deadline), memory, clock)


def rows_of_x(folder: Path, clock: Clock, budget: float) -> networks.RowMemory:
    """The memory of X in a database of its own."""
    store = Store(f"sqlite:///{folder}/x.db", clock)
    schema.migrate(store)
    with store.write() as tx:
        networks.ensure(tx, "x", default_limits("x"), account=US, budget_usd=budget)
    return networks.RowMemory(store, "x")


@dataclass
class Scene:
    """The double, the adapter, and how far each source was read."""

    server: XServer
    clock: Clock
    memory: DictMemory
    x: X
    cursors: dict[int, str] = field(default_factory=dict)

    def page(self, source: Source = TAG) -> Page:
        """The next page, with its cursor kept."""
        page = self.x.fetch(source, self.cursors.get(source.id, ""))
        self.cursors[source.id] = page.cursor
        return page

    def read(self, source: Source = TAG) -> list[Item]:
        """Pages until there are no more of them."""
        items: list[Item] = []
        for _ in range(60):
            page = self.page(source)
            items += page.items
            if not page.more:
                return items
        raise AssertionError("the pages never end")

    def reopen(self, **extra: Any) -> X:
        """The program starts again: only its memory is left."""
        self.x.close()
        self.x = open_x(self.server, self.clock, self.memory, **extra)
        return self.x

    def delivery(self, text: str = "14:05 Coffee is served.", **more: Any) -> Delivery:
        """A post of ours whose first call begins now."""
        values: dict[str, Any] = {"text": text, "key": f"key of {text}", "started_at": self.clock()} | more
        return Delivery(1, "x", values.pop("action", Action.CREATE), **values)

    def ours(self) -> list[str]:
        """What our account has on X."""
        return [post.typed for post in self.server.posts(US)]


@contextmanager
def scene(budget: float = 50.0, **extra: Any) -> Iterator[Scene]:
    """A scene for the length of a test."""
    clock, memory = Clock(), DictMemory(budget)
    with XServer(clock) as server:
        made = Scene(server, clock, memory, open_x(server, clock, memory, **extra))
        try:
            yield made
        finally:
            made.x.close()
