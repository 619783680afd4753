"""The Bluesky network: what it reads, what it does, and how long its calls may take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from bot.core import bridges
from bot.core.items import Delivery, HealthLine, Limits, Receipt
from bot.core.limits import default_limits
from bot.networks.base import Memory, Now, Options, Unavailable
from bot.networks.bluesky.answers import Said
from bot.networks.bluesky.audience import Audience
from bot.networks.bluesky.checks import health
from bot.networks.bluesky.client import Client
from bot.networks.bluesky.posting import Poster
from bot.networks.bluesky.reading import Reader
from bot.networks.guard import within
from bot.networks.social import Social


class Bluesky(Social):
    """The hashtag by search, mentions and replies by notifications, posts under record keys of our own."""

    name: ClassVar[str] = "bluesky"
    label: ClassVar[str] = "Bluesky"
    acts: ClassVar[frozenset[str]] = frozenset({"create", "reply", "delete"})
    safe_repeat = timedelta.max  # the record key has no end; what a person may have deleted is looked for first

    def __init__(self, options: Options, memory: Memory, now: Now) -> None:
        self._deadline = options.deadline
        self._now = now
        self._client = Client(options, memory, now)
        self._reader = self._checker = Reader(self._client, options, now)
        self._audience = Audience(self._reader)
        self._poster = self._finder = Poster(self._client, self._reader, memory, now)

    def send(self, delivery: Delivery) -> Receipt:
        """Do it once. Safe to repeat: the record key of the delivery is taken or free."""
        with within(self._deadline):
            return self._poster.send(delivery, self.limits())

    def limits(self) -> Limits:
        """The limits of the post's published form, which every server checks."""
        return replace(default_limits(self.name), assumed=self._client.login.known() is None)

    def names(self) -> frozenset[str]:
        """Our handle, and that of its copy in the fediverse."""
        known = self._client.login.known()
        return bridges.names(self.name, known.handle if known and known.handle else self._client.login.account)

    def check(self) -> list[HealthLine]:
        """What is connected, missing or wrong, without posting."""
        with within(self._deadline):
            return health(self._client, self._now)

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """One deadline over all calls of a read, and no refusal for good: it may be public again soon."""
        with super()._reading():
            try:
                yield
            except Said as no:
                raise Unavailable(f"It cannot be read on Bluesky: {no}") from None
