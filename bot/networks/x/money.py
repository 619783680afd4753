"""What X asks for each thing, and the purse that it comes out of: set aside before a call, settled after it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.networks.base import Memory, NetworkFailure, NoAnswer, Now
from bot.networks.x.answers import Lost

PRICES: Mapping[str, float] = {
    "post": 0.005,  # read by search, lookup, or in another's timeline
    "owned": 0.001,  # read in our own timeline or mentions, by the account that owns the app
    "user": 0.010,
    "create": 0.015,
    "create_with_link": 0.200,
    "delete": 0.010,
    "alt_text": 0.005,
}
KEY = "paid"
MEASURED = "mention price"
MOST_IDS = 50_000  # of one day; what is beyond is booked again though X asks for it once
SHARE_OF_MENTIONS = 0.1  # of what may be read for, kept back from the search: mentions go on when it has stopped
MOST_FOR_MENTIONS = 2.0  # USD


class TooDear(Exception):
    """The budget does not allow this call now."""


@dataclass(slots=True)
class Bill:
    """What a call turned out to cost, in USD."""

    usd: float = 0.0


class Purse:
    """Reserves the worst case before each paid call. A post that was paid for once that UTC day is free."""

    def __init__(self, memory: Memory, now: Now, extra: Mapping[str, Any], account: str = "") -> None:
        self._memory, self._now, self._account = memory, now, account
        self.prices = {**PRICES, **dict(extra.get("prices") or {})}
        self.for_posts = float(extra.get("reserve_for_posts_usd") or 0.0)
        to_read = max(0.0, float(extra.get("monthly_budget_usd") or 0.0) - self.for_posts)
        self.for_mentions = min(MOST_FOR_MENTIONS, SHARE_OF_MENTIONS * to_read)
        said = str(extra.get("mentions_price") or "")
        self.told = said if said in ("owned", "standard") else ""  # what the settings say that a mention costs
        self._day = ""
        self._ids: set[str] = set()

    @property
    def mention(self) -> str:
        """The name of the price of what is read about ourselves: the dearer one until the cheaper is told or proved."""
        price = self.told or (self.measured() or {}).get("price")
        return "owned" if price == "owned" else "post"

    def measured(self) -> dict[str, Any] | None:
        """What was found out with these credentials: ``price`` ("" if it proved nothing), ``day`` and ``tries``."""
        kept: dict[str, Any] | None = self._memory.get(MEASURED)
        return kept if kept and kept.get("of") == self._account else None

    @contextmanager
    def paying(self, worst: float, keep: float = 0.0) -> Iterator[Bill]:
        """Set `worst` aside, leaving `keep` untouched, and book what the bill says. Raises TooDear."""
        ticket = self._memory.reserve(worst, keep) if worst else 0
        if worst and not ticket:
            raise TooDear
        bill = Bill()
        spent: float | None = None  # also if this is broken off: a call whose answer is lost may have cost all of it
        try:
            yield bill
            spent = bill.usd
        except (NoAnswer, Lost):
            raise
        except NetworkFailure:
            spent = bill.usd
            raise
        finally:
            if ticket or spent:
                self._memory.settle(ticket, spent)

    def unpaid(self, ids: Iterable[str]) -> set[str]:
        """Those that were not paid for on this UTC day."""
        self._load()
        return set(ids) - self._ids

    def charge(self, ids: Collection[str], price: str) -> float:
        """What reading these costs now, in USD; from here on they are free until midnight UTC."""
        new = self.unpaid(ids)
        if not new:
            return 0.0
        self._load(again=True)
        new = set(ids) - self._ids
        self._ids |= new
        if len(self._ids) <= MOST_IDS:
            self._memory.put(KEY, {"day": self._day, "ids": sorted(self._ids)})
        return float(len(new) * self.prices[price])

    def _load(self, again: bool = False) -> None:
        day = self._now().strftime("%Y-%m-%d")
        if day == self._day and not again:
            return
        kept = self._memory.get(KEY) or {}
        theirs = set(kept.get("ids", ())) if kept.get("day") == day else set()
        self._ids = (self._ids if day == self._day else set()) | theirs
        self._day = day
