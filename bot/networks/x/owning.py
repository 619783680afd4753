"""What X asks for a mention, found out by what it takes: a fifth if our account owns the app, which X does not tell."""

from __future__ import annotations

import math

from bot.networks.base import Memory, NetworkFailure, Now
from bot.networks.x import forms
from bot.networks.x.account import Account
from bot.networks.x.client import CREDITS, MENTIONS, TIMELINE, Client
from bot.networks.x.money import MEASURED, Purse, TooDear

FEW = 7  # posts that are read to see what they cost
MOST_TRIES = 5  # a try costs up to FEW posts, and there is one a day
BILLIONTH = 1e-9
# Where X asks the same price of us, by the same rule.
OURS = ((MENTIONS, "mentions"), (TIMELINE, "tweets"))


class Owning:
    """Reads a few posts between two looks at the credit. What proves nothing is tried again another day."""

    def __init__(self, client: Client, purse: Purse, account: Account, memory: Memory, now: Now) -> None:
        self._client, self._purse, self._account = client, purse, account
        self._memory, self._now = memory, now

    def credit(self) -> float | None:
        """USD left at X, below nothing if overdrawn; None if X does not say, as it may not to every app."""
        try:
            answer = self._client.get(CREDITS, "/2/usage/credits", {})
        except NetworkFailure:
            return None
        data = answer.data if isinstance(answer.data, dict) else {}
        parts = [data.get(name) for name in ("prepaid_balance", "free_balance")]
        sums = [float(one) for one in parts if isinstance(one, int | float) and not isinstance(one, bool)]
        return sum(sums) if len(sums) == len(parts) and math.isfinite(sum(sums)) else None

    def find_out(self, credit: float | None) -> None:
        """Measure, if neither the settings say the price nor a measurement has; `credit` is what is left now."""
        before = self._purse.measured()
        today, tries = f"{self._now():%Y-%m-%d}", (before or {}).get("tries", 0)
        over = before and (before["price"] or before["day"] == today or tries >= MOST_TRIES)
        if self._purse.told or over or credit is None:
            return
        found = {"of": self._client.fingerprint, "day": today, "tries": tries + 1, "price": ""}
        self._memory.put(MEASURED, found)  # a try that fails has its price too
        try:
            read = self._read()
        except (NetworkFailure, TooDear):
            return
        left = self.credit() if read else None
        if not read:
            self._memory.put(MEASURED, before)
        elif left is not None:
            self._memory.put(MEASURED, found | {"price": self._price(read, credit - left)})

    def _price(self, read: int, taken: float) -> str:
        """Which price it was, if it can have been no other."""
        dear, cheap = (read * self._purse.prices[name] for name in ("post", "owned"))
        near = self._purse.prices["owned"] / 2
        if abs(taken - dear) < near:
            return "standard"
        # X may not have taken all yet: a few posts at the dear price must not look like all of them at the cheap one.
        times = cheap / self._purse.prices["post"]
        part_of_dear = abs(times - round(times)) < BILLIONTH
        return "owned" if abs(taken - cheap) < near and not part_of_dear else ""

    def _read(self) -> int:
        """How many posts of our own pages were read and paid for; as few as it takes."""
        me = self._account.me().id
        for endpoint, page in OURS:
            params = {"max_results": FEW, "tweet.fields": "created_at"}
            keep = self._purse.for_posts + self._purse.for_mentions
            with self._purse.paying(FEW * self._purse.prices["post"], keep) as bill:
                answer = self._client.get(endpoint, f"/2/users/{me}/{page}", params)
                rows = answer.data if isinstance(answer.data, list) else []
                new = self._purse.unpaid([str(row["id"]) for row in rows if forms.is_post(row)])
                bill.usd = self._purse.charge(list(new), "post")
            if new:
                return len(new)
        return 0


def why(purse: Purse, handle: str) -> str:
    """What a mention is booked at, and how that is known."""
    price = purse.prices[purse.mention]
    if purse.told:
        return f"A mention is booked at ${price:.3f}, as mentions_price says."
    if (purse.measured() or {}).get("price"):
        return f"A mention is booked at ${price:.3f}: that is what X took from the credit when some were read."
    return (
        f"A mention is booked at ${price:.3f}, the dearer of two prices, while X has not shown which one it takes. "
        f"If you can sign in to console.x.com as @{handle} and find the app there, the account owns it: set "
        f'mentions_price = "owned", ${purse.prices["owned"]:.3f}.'
    )
