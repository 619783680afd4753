"""One or two doubles of Mastodon, our adapter before them, and a clock that is moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.items import Action, Delivery, Item, Page, Source
from bot.networks.base import Options
from bot.networks.mastodon import Mastodon
from tests.doubles.mastodon_server import TOKEN, MastodonServer, mastodon
from tests.networks.memory import DictMemory

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
TAG = Source(1, "mastodon", "hashtag", "QLabs", "Europe/London")
MENTIONS = Source(2, "mastodon", "mentions", "me")


class Clock:
    """The time of all servers and of ours; it moves when told."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def go(self, seconds: float) -> datetime:
        """Let time pass; the time then."""
        self.at += timedelta(seconds=seconds)
        return self.at


class Fediverse:
    """`home` is our server, `other` one whose hashtags are read too (the same one if there is no other)."""

    def __init__(self, clock: Clock, home: MastodonServer, other: MastodonServer, deadline: float) -> None:
        self.clock, self.home, self.other = clock, home, other
        self.memory = DictMemory()
        self.deadline = deadline
        self._opened: list[Mastodon] = []
        self.network = self.open()

    def open(self, token: str = TOKEN) -> Mastodon:
        """The adapter anew, as after a restart."""
        also = [] if self.other is self.home else [self.other.url]
        secrets = {"access_token": token} if token else {}
        options = Options(self.home.url, "qcommunity", secrets, {"also_read": also}, self.deadline)
        self._opened.append(Mastodon(options, self.memory, self.clock))
        return self._opened[-1]

    def close(self) -> None:
        """Let go of connections."""
        for network in self._opened:
            network.close()

    def read(self, source: Source = TAG, cursor: str = "") -> tuple[dict[str, Item], str]:
        """All that there is to read, by address, and the cursor after it."""
        items: dict[str, Item] = {}
        page = self.page(source, cursor)
        while True:
            items |= {item.native_id: item for item in page.items}
            if not page.more:
                return items, page.cursor
            page = self.page(source, page.cursor)

    def page(self, source: Source = TAG, cursor: str = "") -> Page:
        """One reading."""
        return self.network.fetch(source, cursor)

    def asked(self, path: str) -> list[dict[str, list[str]]]:
        """The queries that our server got at paths with that in them."""
        return [call.query for call in self.home.calls if path in call.path]


def delivery(text: str = "We all do.", **more: Any) -> Delivery:
    """A post of ours, whose first call begins now."""
    values: dict[str, Any] = {"key": "3mxq2aaaaaa22", "started_at": START, "lang": "en", **more}
    return Delivery(1, "mastodon", values.pop("action", Action.CREATE), values.pop("key"), text, **values)


@contextmanager
def fediverse(*, kind: str = "mastodon", two: bool = False, deadline: float = 10.0) -> Iterator[Fediverse]:
    """A `Fediverse` for the length of a test."""
    clock = Clock()
    with ExitStack() as stack:
        home = stack.enter_context(mastodon("home.example", clock, kind))
        other = stack.enter_context(mastodon("other.example", clock)) if two else home
        made = Fediverse(clock, home, other, deadline)
        stack.callback(made.close)
        yield made


@pytest.fixture
def net() -> Iterator[Fediverse]:
    """One server of Mastodon, and our account on it."""
    with fediverse() as made:
        yield made


@pytest.fixture
def two() -> Iterator[Fediverse]:
    """Our server, and another one whose hashtag is read too."""
    with fediverse(two=True) as made:
        yield made
