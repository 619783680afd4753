"""A live blog at any public address, asked for only if it changed; nothing is posted there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from bot.core.items import Checked, Delivery, EntryPage, HealthLine, Limits, Page, Receipt, Source
from bot.core.limits import default_limits
from bot.networks.base import Memory, Now, Options, Refused
from bot.networks.documents import Documents


class Feed:
    """RSS, Atom, JSON Feed, schema.org LiveBlogPosting, WordPress's Liveblog plugin, and pages typed by hand."""

    name: ClassVar[str] = "feed"
    reads: ClassVar[frozenset[str]] = frozenset({"liveblog"})
    acts: ClassVar[frozenset[str]] = frozenset()
    safe_repeat = timedelta(0)

    def __init__(self, options: Options, memory: Memory, now: Now) -> None:
        self.deadline = options.deadline
        self._documents = Documents(options.deadline, now)

    def entries(self, source: Source, cursor: str) -> EntryPage:
        """The live blog as it stands. A feed or structured data show a window: what left it is not gone."""
        return self._documents.read(source, cursor)

    def fetch(self, source: Source, cursor: str) -> Page:
        """A feed has no questions to read."""
        raise Refused("A feed has neither hashtags nor comments to read.")

    def recheck(self, source: Source, native_ids: Sequence[str]) -> list[Checked]:
        """Nothing of a feed is stored as an item, so there is nothing to ask for."""
        return []

    def send(self, delivery: Delivery) -> Receipt:
        """Nothing can be posted to a feed."""
        raise Refused("Nothing can be posted to a feed.")

    def find(self, delivery: Delivery) -> Receipt | None:
        """Nothing of ours is ever there."""
        return None

    def limits(self) -> Limits:
        """A feed takes no posts."""
        return replace(default_limits(self.name), assumed=False)

    def names(self) -> frozenset[str]:
        """We have no account there."""
        return frozenset()

    def check(self) -> list[HealthLine]:
        """A feed needs no account; its address is judged when it is read."""
        return [HealthLine("ok", "Feeds and public pages need no account.")]

    def close(self) -> None:
        """Let go of connections."""
        self._documents.close()
