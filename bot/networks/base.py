"""The contract of a network, its failures, and the deadline guard under httpx and requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol, runtime_checkable

from bot.core.items import Checked, Delivery, EntryPage, HealthLine, Limits, Page, Reactions, Receipt, Source


class NetworkFailure(Exception):
    """A failure that the rest of the house knows how to meet. Its text is one sentence for a person."""


class Refused(NetworkFailure):
    """The network will never do this; nothing happened there."""


class Unavailable(NetworkFailure):
    """Proved: no effect. Worth another try later."""


class RateLimited(Unavailable):
    """No effect, and none before `until` (aware, UTC): of any call, or if not `whole` of calls of this kind."""

    def __init__(self, message: str, until: datetime, *, whole: bool = True) -> None:
        super().__init__(message)
        self.until = until
        self.whole = whole


class NoAnswer(NetworkFailure):
    """The call may or may not have had its effect."""


class Misconfigured(NetworkFailure):
    """Stop this network and tell a person: credential, address or right is wrong. Nothing is lost."""


class OutOfMoney(Misconfigured):
    """Stop this network and tell a person: credit or cap is used up. Nothing is lost."""


class Memory(Protocol):
    """What a network may remember between calls and restarts; kept on the network's row."""

    def get(self, key: str, default: Any = None) -> Any: ...
    def put(self, key: str, value: Any) -> None: ...
    def reserve(self, cost_usd: float, keep_usd: float = 0.0) -> int:
        """Set money aside before a paid call: a ticket, 0 if less than `keep_usd` of the budget would be left."""
        ...

    def settle(self, ticket: int, spent_usd: float | None) -> None:
        """Give back what was set aside and book what was spent; None: all of it, for the answer was lost."""
        ...


@dataclass(frozen=True, slots=True)
class Options:
    """What a network is opened with. `extra` holds the settings that only it knows."""

    api_url: str
    account: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    deadline: float = 15.0  # seconds a call may take in all, from before DNS to the last byte


Now = Callable[[], datetime]


@runtime_checkable
class Network(Protocol):
    """One outside system. `reads` names source kinds; `acts` names actions of deliveries."""

    name: ClassVar[str]
    reads: ClassVar[frozenset[str]]  # of hashtag, mentions, comments, liveblog
    acts: ClassVar[frozenset[str]]  # of create, reply, edit, delete
    safe_repeat: timedelta  # how long after its first call the same delivery may be sent again without a second copy

    def fetch(self, source: Source, cursor: str) -> Page:
        """What is new since `cursor` ("" at first contact)."""
        ...

    def recheck(self, source: Source, native_ids: Sequence[str]) -> list[Checked]:
        """How stored items stand now: one answer for each id that could be asked."""
        ...

    def entries(self, source: Source, cursor: str) -> EntryPage:
        """The live blog as it stands (only networks that read ``liveblog``)."""
        ...

    def send(self, delivery: Delivery) -> Receipt:
        """Do it once. Any failure other than the ones above is a bug."""
        ...

    def find(self, delivery: Delivery) -> Receipt | None:
        """Did it go out after all? Never a wrong match; a miss is allowed."""
        ...

    def limits(self) -> Limits:
        """What the network allows; the published defaults, marked assumed, before any contact."""
        ...

    def names(self) -> frozenset[str]:
        """The names under which our account is seen, here and by bridges elsewhere (`core.bridges`); asks nobody."""
        ...

    def check(self) -> list[HealthLine]:
        """What is connected, missing or wrong, without posting."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class Album(Protocol):
    """A network that hands out the pictures of its live blog itself, since they are on no server."""

    def picture(self, url: str) -> bytes:
        """The bytes of a picture as the blog has it. Raises `Unavailable` or `Refused`."""
        ...


@runtime_checkable
class Audience(Protocol):
    """A network that tells what people did with posts of ours."""

    def reactions(self, remote_ids: Sequence[str]) -> dict[str, Reactions]:
        """What people did with each of these posts; one that the network does not show is left out.

        Raises the failures of the contract. On X it costs what reading a post costs.
        """
        ...
