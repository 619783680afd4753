"""The X network: what it reads, what it does, and how long its calls may take."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from bot.core import bridges
from bot.core.items import Delivery, HealthLine, Limits, Receipt
from bot.core.limits import default_limits
from bot.networks.base import Memory, Now, Options
from bot.networks.guard import within
from bot.networks.social import Social
from bot.networks.x.account import Account
from bot.networks.x.audience import Audience
from bot.networks.x.checks import health
from bot.networks.x.client import Client
from bot.networks.x.finding import Finder
from bot.networks.x.money import Purse
from bot.networks.x.names import Names
from bot.networks.x.owning import Owning
from bot.networks.x.posting import Poster
from bot.networks.x.reading import Reader
from bot.networks.x.rechecking import Checker


class X(Social):
    """The hashtag by search, mentions by their own timeline, posts, replies, threads and removals."""

    name: ClassVar[str] = "x"
    label: ClassVar[str] = "X"
    acts: ClassVar[frozenset[str]] = frozenset({"create", "reply", "delete"})
    safe_repeat = timedelta(0)  # X has no key that tells a repeat from a new post

    def __init__(self, options: Options, memory: Memory, now: Now) -> None:
        extra = options.extra
        self._deadline = options.deadline
        self._memory, self._now = memory, now
        self._length = int(extra.get("length") or 0)
        handle = options.account.lstrip("@")
        self.client = Client(options, memory, now)
        self.purse = Purse(memory, now, extra, self.client.fingerprint)
        self.account = Account(self.client, self.purse, memory, handle)
        names = Names(self.client, self.purse, str(extra.get("names") or "questions"))
        self._finder = Finder(self.client, self.purse, self.account, memory, now)
        self._audience = Audience(self.client, self.purse)
        self._reader = Reader(self.client, self.purse, names, self.account, handle, now)
        self._checker = Checker(self.client, self.purse, names, self.account)
        self._poster = Poster(self.client, self.purse, self.account, self._finder, memory, now)
        self._owning = Owning(self.client, self.purse, self.account, memory, now)
        self._handle = handle

    def send(self, delivery: Delivery) -> Receipt:
        """Do it once. What X leaves open is `NoAnswer`, never a second call."""
        with within(self._deadline):
            return self._poster.send(delivery, self.limits())

    def limits(self) -> Limits:
        """The published rules: X tells none of them."""
        default = default_limits(self.name)
        prices = self.purse.prices
        return replace(
            default,
            length=self._length or default.length,
            cost_usd=prices["create"],
            cost_with_link_usd=prices["create_with_link"],
            read_cost_usd=prices["post"],
            assumed=self.account.known() is None,
        )

    def names(self) -> frozenset[str]:
        """Our handle, and that of its copy in the fediverse."""
        return bridges.names(self.name, self._handle)

    def check(self) -> list[HealthLine]:
        """What is connected, missing or wrong, without posting."""
        with within(self._deadline):
            return health(self.client, self.account, self.purse, self._owning, self._memory, self._handle, self._now)

    def close(self) -> None:
        """Let go of connections."""
        self.client.close()
