"""What people did with our posts, as Bluesky shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.core.items import Reactions
from bot.networks.bluesky.reading import AT_A_TIME, Reader


class Audience:
    """Asks for 25 posts in one call."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def reactions(self, remote_ids: Sequence[str]) -> dict[str, Reactions]:
        """By address of the post; one that is not shown is left out. Quotes count as reposts."""
        wanted = list(dict.fromkeys(remote_ids))
        found: dict[str, Reactions] = {}
        for start in range(0, len(wanted), AT_A_TIME):
            for uri, post in self._reader.posts(wanted[start : start + AT_A_TIME]).items():
                reposts = _count(post, "repostCount") + _count(post, "quoteCount")
                found[uri] = Reactions(_count(post, "replyCount"), reposts, _count(post, "likeCount"))
        return found


def _count(post: dict[str, Any], name: str) -> int:
    value = post.get(name)
    return max(0, value) if isinstance(value, int) else 0
