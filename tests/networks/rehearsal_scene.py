"""The stand-in on a clock that a test moves: sources, deliveries, reading to the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.items import Action, Delivery, Item, Page, Source
from bot.networks import open_network
from bot.networks.base import (
    Network,
    Options,
)
from bot.networks.rehearsal import Remote
from tests.networks.memory import DictMemory

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
NAMES = ("x", "mastodon", "bluesky", "wordpress")


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def go(self, **span: float) -> None:
        self.at += timedelta(**span)


def tag(network: str) -> Source:
    return Source(1, network, "hashtag", "QLabs", "Europe/London")


def mentions(network: str, account: str = "theQCommunity") -> Source:
    return Source(2, network, "mentions", account)


COMMENTS = Source(3, "wordpress", "comments", "https://q.example/blog/live-blog/")
BLOG = Source(4, "wordpress", "liveblog", "https://q.example/blog/live-blog/", "Europe/London")


def post(network: str, text: str = "Hello #QLabs", key: str = "k1", **more: Any) -> Delivery:
    return Delivery(1, network, Action.CREATE, key, text, started_at=START, **more)


def read_all(network: Network, source: Source, cursor: str = "") -> tuple[list[Item], str, int]:
    """Everything until there is no more: items, cursor, pages."""
    items: list[Item] = []
    for pages in range(1, 100):
        page: Page = network.fetch(source, cursor)
        items, cursor = [*items, *page.items], page.cursor
        if not page.more:
            return items, cursor, pages
    raise AssertionError("the pages never end")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def remote(tmp_path: Path, clock: Clock) -> Any:
    made = Remote(tmp_path / "remote.db", clock)
    yield made
    made.close()


@pytest.fixture
def opened(tmp_path: Path, clock: Clock, remote: Remote) -> Any:
    networks: list[Network] = []

    def open_one(name: str, memory: DictMemory | None = None, **extra: Any) -> Network:
        options = Options(f"rehearsal:{remote.path}", extra={"name": name, **extra})
        networks.append(open_network(name, options, memory or DictMemory(100), clock))
        return networks[-1]

    yield open_one
    for network in networks:
        network.close()
