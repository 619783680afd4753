"""Copies that bridges make of posts and accounts between networks. Only what a bridge itself wrote is believed."""

from __future__ import annotations

import re
from urllib.parse import unquote

FROM_FEDIVERSE, FROM_WEB = ".ap.brid.gy", ".web.brid.gy"  # the ends of handles on Bluesky
BLUESKY, WEB, X = "bsky.brid.gy", "web.brid.gy", "bird.makeup"  # the hosts of copies in the fediverse

_OF_BLUESKY = re.compile(
    rf"https://{re.escape(BLUESKY)}/.*?(at://did:[a-z]+:[\w.:%-]+/[A-Za-z0-9.]+/[\w.:~-]+)", re.ASCII
)
_OF_X = re.compile(rf"https://{re.escape(X)}/users/\w+/statuses/(\d{{1,20}})", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,2000}")


def original_in_fediverse(uri: str) -> str:
    """Of the address of a copy in the fediverse, the native id of its original; "" for what was written there."""
    found = _OF_BLUESKY.fullmatch(unquote(uri)) or _OF_X.fullmatch(uri)
    return found[1] if found else ""


def original_on_bluesky(handle: str, said: object) -> str:
    """Of a copy on Bluesky, the address that the bridge gives for its original; "" for what was written there."""
    bridged = handle.casefold().endswith((FROM_FEDIVERSE, FROM_WEB))
    return said if bridged and isinstance(said, str) and _ADDRESS.fullmatch(said) else ""


def names(network: str, account: str) -> frozenset[str]:
    """Our account on a network, and the names under which bridges show it on others; as `folded` gives them.

    `account` is a handle, on Mastodon with its domain; of a blog its host, which is no name of ours by itself.
    """
    own = folded(account)
    if not own or (network == "mastodon" and "@" not in own):
        return frozenset()
    known = {
        "mastodon": {own, f"{re.sub('[_~:]', '-', own).replace('@', '.')}{FROM_FEDIVERSE}"},
        "bluesky": {own, f"{own}@{BLUESKY}"},
        "x": {own, f"{own}@{X}"},
        "wordpress": {f"{own}@{WEB}", f"{own}{FROM_WEB}"},
    }
    return frozenset(known.get(network, ()))


def folded(handle: str) -> str:
    """A handle to compare."""
    return handle.strip().lstrip("@").casefold()
