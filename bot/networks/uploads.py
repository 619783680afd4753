"""Pictures on their way to a network: an attempt that broke off is gone on with, and nothing of it is a post yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.core.items import Delivery, Media
from bot.networks.base import Memory, NoAnswer, Now, Unavailable

KEY = "uploads"
LASTS = timedelta(hours=1)  # networks keep a picture that no post shows for a while, and then let it go
MOST = 20  # deliveries


class Uploads:
    """What a network has of the pictures of deliveries that are not out yet, by their keys."""

    def __init__(self, memory: Memory, now: Now) -> None:
        self._memory, self._now = memory, now

    def of(self, delivery: Delivery, upload: Callable[[Media], Any]) -> list[Any]:
        """What the network calls each picture, in order (JSON values); `upload` is asked for those it has not.

        An upload without an answer is `Unavailable`: it is done again, and the one before is never shown.
        """
        there = list(self._kept().get(delivery.key, {}).get("there", ()))
        for one in delivery.pictures[len(there) :]:
            try:
                there.append(upload(one))
            except NoAnswer as lost:
                raise Unavailable(f"A picture did not arrive: {lost}") from None
            self._keep(delivery.key, there)
        return there

    def forget(self, delivery: Delivery) -> None:
        """The post is out, or what was uploaded is of no use."""
        kept = self._kept()
        if kept.pop(delivery.key, None) is not None:
            self._memory.put(KEY, kept)

    def _keep(self, key: str, there: list[Any]) -> None:
        kept = {**self._kept(), key: {"at": self._now().isoformat(), "there": there}}
        self._memory.put(KEY, dict(list(kept.items())[-MOST:]))

    def _kept(self) -> dict[str, Any]:
        kept: dict[str, Any] = self._memory.get(KEY) or {}
        return {key: one for key, one in kept.items() if self._now() - datetime.fromisoformat(one["at"]) < LASTS}
