"""What people did with our posts, as our own server counts it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.core.items import Reactions
from bot.networks.mastodon.finding import Finder
from bot.networks.mastodon.server import Missing


class Audience:
    """Asks for each post by itself. Other servers may know of more likes and boosts than ours does."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder

    def reactions(self, remote_ids: Sequence[str]) -> dict[str, Reactions]:
        """By address of the post; one that is gone, or that our server does not know, is left out."""
        found: dict[str, Reactions] = {}
        for uri in dict.fromkeys(remote_ids):
            try:
                status = self._finder.current(uri)
            except Missing:
                continue
            if status is not None:
                found[uri] = Reactions(
                    *(_count(status, f"{kind}_count") for kind in ("replies", "reblogs", "favourites"))
                )
        return found


def _count(status: dict[str, Any], name: str) -> int:
    value = status.get(name)
    return max(0, value) if isinstance(value, int) else 0
