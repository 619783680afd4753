"""What people did with our posts on X: a paid reading, so only when a person asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.items import Reactions
from bot.networks.base import OutOfMoney
from bot.networks.x import forms
from bot.networks.x.account import TOO_DEAR
from bot.networks.x.client import LOOKUP, Client
from bot.networks.x.money import Purse, TooDear

MOST_AT_ONCE = 100


class Audience:
    """Asks for a hundred posts in one call; what was read already on this UTC day is free."""

    def __init__(self, client: Client, purse: Purse) -> None:
        self._client, self._purse = client, purse

    def reactions(self, remote_ids: Sequence[str]) -> dict[str, Reactions]:
        """By number of the post; one that X does not show is left out. Quotes count as reposts."""
        wanted = [native for native in dict.fromkeys(remote_ids) if forms.number(native)]
        found: dict[str, Reactions] = {}
        for start in range(0, len(wanted), MOST_AT_ONCE):
            for row in self._page(wanted[start : start + MOST_AT_ONCE]):
                metrics = row.get("public_metrics")
                if isinstance(metrics, Mapping):
                    reposts = _count(metrics, "retweet_count") + _count(metrics, "quote_count")
                    found[str(row["id"])] = Reactions(
                        _count(metrics, "reply_count"), reposts, _count(metrics, "like_count")
                    )
        return found

    def _page(self, ids: Sequence[str]) -> list[Any]:
        worst = len(self._purse.unpaid(ids)) * self._purse.prices["post"]
        try:
            with self._purse.paying(worst, self._purse.for_posts) as bill:
                asked = {"ids": ",".join(ids), "tweet.fields": "public_metrics"}
                answer = self._client.get(LOOKUP, "/2/tweets", asked)
                rows = [one for one in answer.data if _is_row(one)] if isinstance(answer.data, list) else []
                bill.usd = self._purse.charge([str(one["id"]) for one in rows], "post")
                return rows
        except TooDear:
            raise OutOfMoney(TOO_DEAR) from None


def _is_row(one: object) -> bool:
    return isinstance(one, Mapping) and bool(forms.number(str(one.get("id") or "")))


def _count(metrics: Mapping[str, Any], name: str) -> int:
    value = metrics.get(name)
    return max(0, value) if isinstance(value, int) else 0
