"""What each network allows by its published rules, before its server was asked."""

from __future__ import annotations

from bot.core.items import Limits

X_REPLY_NOTE = (
    "X accepts a reply only to a post that mentions this account or quotes one of its posts; "
    "answer any other question in a post of its own."
)

DEFAULTS = {
    "x": Limits("x", 280, cost_usd=0.015, cost_with_link_usd=0.20, reply_needs_mention=True, reply_note=X_REPLY_NOTE),
    "mastodon": Limits("mastodon", 500, edits=True),
    "bluesky": Limits("bluesky", 300, max_bytes=3000),
    # WordPress measures a comment in bytes.
    "wordpress": Limits("plain", 65525, max_bytes=65525),
}


def default_limits(network: str) -> Limits:
    """The published limits of that network, marked assumed. Raises KeyError for a name nobody knows."""
    if network not in DEFAULTS:
        raise KeyError(f"There is no network called {network!r}; use one of {', '.join(DEFAULTS)}.")
    return DEFAULTS[network]
