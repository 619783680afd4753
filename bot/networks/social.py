"""What X, Mastodon and Bluesky have in common: a hashtag and mentions, one total deadline over all that a call does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar, Protocol

from bot.core.items import Checked, Delivery, EntryPage, Page, Reactions, Receipt, Source
from bot.networks.base import Refused
from bot.networks.guard import within


class Reads(Protocol):
    """Reads a source on from a cursor."""

    def fetch(self, source: Source, stored: str, /) -> Page: ...


class Checks(Protocol):
    """Asks how stored posts stand now; what it could not ask for is left out."""

    def recheck(self, native_ids: Sequence[str], /) -> list[Checked]: ...


class Finds(Protocol):
    """Looks for a delivery among our own posts."""

    def find(self, delivery: Delivery, /) -> Receipt | None: ...


class Counts(Protocol):
    """Asks what people did with posts of ours; one that is not shown is left out."""

    def reactions(self, remote_ids: Sequence[str], /) -> dict[str, Reactions]: ...


class Social:
    """A network where people talk. Its parts do the work; each is set by the network that inherits this."""

    name: ClassVar[str]
    label: ClassVar[str]
    reads: ClassVar[frozenset[str]] = frozenset({"hashtag", "mentions"})
    _deadline: float
    _reader: Reads
    _checker: Checks
    _finder: Finds
    _audience: Counts

    def fetch(self, source: Source, cursor: str) -> Page:
        """What is new; `more` while a burst, a sweep or a look back is not read to its end."""
        with self._reading():
            return self._reader.fetch(source, cursor)

    def recheck(self, source: Source, native_ids: Sequence[str]) -> list[Checked]:
        """How stored posts stand now: public, edited, out of sight, or gone."""
        with self._reading():
            return self._checker.recheck(native_ids)

    def entries(self, source: Source, cursor: str) -> EntryPage:
        """Raises `Refused`: there is no live blog on such a network."""
        raise Refused(f"{self.label} has no live blog to read.")

    def find(self, delivery: Delivery) -> Receipt | None:
        """Look for it among our own posts."""
        with self._reading():
            return self._finder.find(delivery)

    def reactions(self, remote_ids: Sequence[str]) -> dict[str, Reactions]:
        """What people did with posts of ours; one that the network does not show is left out."""
        with self._reading():
            return self._audience.reactions(remote_ids)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """One deadline over all calls of a read."""
        with within(self._deadline):
            yield
