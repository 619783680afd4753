"""What calls to X cost: a meter of every read and post, and the bill."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from tests.doubles.x_problems import capped, depleted


class Kind(StrEnum):
    """What X charges for."""

    POST_READ = "post read"
    OWNED_READ = "owned read"
    USER_READ = "user read"
    POST = "post"
    POST_WITH_LINK = "post with link"
    SUMMONED_REPLY = "summoned reply"
    DELETE = "delete"
    ALT_TEXT = "alt text"


READS = frozenset({Kind.POST_READ, Kind.OWNED_READ, Kind.USER_READ})


def published() -> dict[Kind, float]:
    """Prices in US dollars as X publishes them; for a deletion the dearer of its two readings."""
    return {
        Kind.POST_READ: 0.005,
        Kind.OWNED_READ: 0.001,
        Kind.USER_READ: 0.010,
        Kind.POST: 0.015,
        Kind.POST_WITH_LINK: 0.200,
        Kind.SUMMONED_REPLY: 0.010,
        Kind.DELETE: 0.010,
        Kind.ALT_TEXT: 0.005,
    }


@dataclass(frozen=True)
class Charge:
    """One thing that was charged. `account` is the handle that called, "" for the app."""

    at: datetime
    kind: Kind
    account: str
    resource: str
    micros: int  # millionths of a dollar


@dataclass
class Line:
    """So many of one kind, and their price."""

    count: int = 0
    usd: float = 0.0


@dataclass
class Bill:
    """Lines by kind; `repeats` are reads that were free, having been paid on the same UTC day."""

    lines: dict[Kind, Line] = field(default_factory=dict)
    repeats: int = 0
    total: float = 0.0

    def count(self, *kinds: Kind) -> int:
        """How many of these were charged."""
        return sum(self.lines[kind].count for kind in kinds if kind in self.lines)


class Meter:
    """Charges each resource once in a UTC day; `credits_usd` is what is left to spend, None for no end of it."""

    def __init__(self) -> None:
        self.prices = published()
        self.credits_usd: float | None = None
        self.bought_usd = 1000.0  # what the credit began with, where there is no end of it
        self.takes_after = timedelta(0)  # how long after a charge the credit that is told is less
        self.tells_cents = False  # whether the credit is told in whole cents
        self.read_cap = 3_000_000  # posts in a calendar month
        self.charges_included_users = True
        self.charges: list[Charge] = []
        self._read: set[tuple[date, str, str]] = set()
        self._posts_read: dict[str, int] = {}
        self._repeats: list[tuple[date, str]] = []

    def ask(self, now: datetime, kind: Kind) -> None:
        """Raises Problem: 402 without the money for it, 429 when a read is beyond the cap of the month."""
        price = self.prices[kind]
        if self.credits_usd is not None and (self.credits_usd <= 0 or (kind not in READS and self.credits_usd < price)):
            raise depleted()
        if kind in (Kind.POST_READ, Kind.OWNED_READ) and self.posts_read(now) >= self.read_cap:
            raise capped()

    def credit(self, now: datetime) -> float:
        """What is left in USD, as X tells it; below nothing if overdrawn."""
        taken = sum(charge.micros for charge in self.charges) / 1_000_000
        left = self.bought_usd - taken if self.credits_usd is None else self.credits_usd
        left += sum(charge.micros for charge in self.charges if charge.at + self.takes_after > now) / 1_000_000
        return round(left, 2 if self.tells_cents else 6)

    def posts_read(self, now: datetime) -> int:
        """Posts charged as read in the UTC calendar month of `now`."""
        return self._posts_read.get(f"{now:%Y-%m}", 0)

    def read(self, now: datetime, account: str, kind: Kind, resources: Iterable[str]) -> None:
        """Charge what was returned, but for what was paid on this UTC day already."""
        for resource in resources:
            key = (now.date(), "user" if kind is Kind.USER_READ else "post", resource)
            if key in self._read:
                self._repeats.append((now.date(), account))
                continue
            self._read.add(key)
            if kind is not Kind.USER_READ:
                self._posts_read[f"{now:%Y-%m}"] = self.posts_read(now) + 1
            self.charge(now, account, kind, resource)

    def charge(self, now: datetime, account: str, kind: Kind, resource: str) -> None:
        """Charge one thing."""
        self.charges.append(Charge(now, kind, account, resource, round(self.prices[kind] * 1_000_000)))
        if self.credits_usd is not None:
            self.credits_usd = round(self.credits_usd - self.prices[kind], 6)

    def bill(self, day: date | None = None, month: str = "", account: str | None = None) -> Bill:
        """All charges, or those of one UTC day, of one month ("2026-08"), of one account ("" is the app)."""

        def wanted(when: date, who: str) -> bool:
            return (
                (day is None or when == day)
                and f"{when:%Y-%m}".startswith(month)
                and (account is None or who.lower() == account.lower())
            )

        bill, micros = Bill(), dict.fromkeys(Kind, 0)
        for charge in self.charges:
            if wanted(charge.at.date(), charge.account):
                micros[charge.kind] += charge.micros
                bill.lines.setdefault(charge.kind, Line()).count += 1
        for kind, line in bill.lines.items():
            line.usd = micros[kind] / 1_000_000
        bill.total = sum(micros.values()) / 1_000_000
        bill.repeats = sum(wanted(*repeat) for repeat in self._repeats)
        return bill
