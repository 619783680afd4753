"""A careful reader of a real WordPress: opens the network, folds its pages in, asks about what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.items import Action, Delivery, Item, Page, Source, Standing
from bot.networks.base import Options
from bot.networks.wordpress import WordPress
from tests.networks.memory import DictMemory
from tests.real.wordpress import RealWordPress

Open = Callable[..., WordPress]


class Clock:
    """Now, plus what a test has let pass."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.passed


def comments_of(address: str) -> Source:
    return Source(1, "wordpress", "comments", address)


def liveblog_of(address: str, since: datetime | None = None) -> Source:
    return Source(2, "wordpress", "liveblog", address, "Europe/London", since)


class Stored:
    """What a careful reader would have stored: pages folded in, suspects re-checked."""

    def __init__(self, network: WordPress, source: Source) -> None:
        self.network, self.source, self.cursor = network, source, ""
        self.items: dict[str, Item] = {}
        self.standing: dict[str, Standing] = {}

    def tick(self) -> Page:
        page = self.network.fetch(self.source, self.cursor)
        self.cursor = page.cursor
        for item in page.items:
            self.items[item.native_id] = item
            self.standing[item.native_id] = item.standing
        seen = {item.native_id for item in page.items}
        suspects = [
            native
            for native, standing in self.standing.items()
            if native not in seen
            and standing in (Standing.PUBLIC, Standing.HELD)
            and (page.covers.whole or native in page.covers.ids)
        ]
        for checked in self.network.recheck(self.source, suspects) if suspects else []:
            self.standing[checked.native_id] = checked.standing
        return page

    def texts(self, standing: Standing) -> set[str]:
        return {self.items[native].text for native, is_ in self.standing.items() if is_ is standing}


def reply_to(item: Item, text: str) -> Delivery:
    return Delivery(7, "wordpress", Action.CREATE, "key", text, reply_to=item.native_id, reply_root=item.root_id)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(wordpress: RealWordPress, clock: Clock) -> Iterator[Open]:
    networks: list[WordPress] = []

    def open_one(who: str = "editor", url: str = "", deadline: float = 15.0, **extra: Any) -> WordPress:
        secrets = wordpress.secrets(who) if who else {}
        options = Options(url or wordpress.url, secrets=secrets, extra=extra, deadline=deadline)
        networks.append(WordPress(options, DictMemory(), clock))
        return networks[-1]

    yield open_one
    for network in networks:
        network.close()
