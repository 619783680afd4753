"""How the played networks name their posts: native ids and addresses, all under .example."""

from __future__ import annotations

from collections.abc import Mapping

ACCOUNTS: Mapping[str, str] = {
    "x": "theQCommunity",
    "mastodon": "qcommunity",
    "bluesky": "qcommunity.example",
    "wordpress": "qcommunity",
}
BLOG = "https://q.example/blog/live-blog/"
_TID = "234567abcdefghijklmnopqrstuvwxyz"


def native_id(network: str, author: str, n: int, key: str = "") -> str:
    """The id of the n-th post, in the shape of that network; on Bluesky the writer may choose the record `key`."""
    user = author.lstrip("@")
    if network == "x":
        return str(885_000_000_000_000_000 + n)
    if network == "mastodon":
        name, _, host = user.partition("@")
        return f"https://{host or 'mastodon.example'}/users/{name}/statuses/{110_000_000_000_000_000 + n}"
    if network == "bluesky":
        return f"at://did:web:{user}/app.bsky.feed.post/{key or _tid(n)}"
    return f"q.example#comment-{n}"


def address(network: str, author: str, native: str) -> str:
    """Where a person can look at it."""
    user, last = author.lstrip("@"), native.rsplit("/", 1)[-1]
    if network == "x":
        return f"https://x.example/{user}/status/{last}"
    if network == "mastodon":
        return f"https://mastodon.example/@{user}/{last}"
    if network == "bluesky":
        return f"https://bsky.example/profile/{user}/post/{last}"
    return f"{BLOG}#{native.rpartition('#')[2]}"


def _tid(n: int) -> str:
    """A record key in Bluesky's alphabet, thirteen characters, rising with n."""
    digits = []
    number = n + 2**60
    for _ in range(13):
        number, digit = divmod(number, 32)
        digits.append(_TID[digit])
    return "".join(reversed(digits))
