"""What each network allows by its published rules, before its server was asked."""

from __future__ import annotations

from bot.core.items import Limits

X_REPLY_NOTE = (
    "X accepts a reply only to a post that mentions this account or quotes one of its posts; "
    "answer any other question in a post of its own."
)

LOOKED_FOR = "A post whose answer is lost is never sent again by itself: it is looked for, else a person is asked."
KEY_OF_AN_HOUR = (
    "A post whose answer is lost goes out once: the server keeps its key for an hour. Later it is looked for, else "
    "a person is asked."
)
RECORD_KEY = "A post whose answer is lost goes out once: the key of its record tells whether it is there."
DUPLICATE = "A reply whose answer is lost is there once: the blog knows the same words under the same comment."

DEFAULTS = {
    "x": Limits(
        "x", 280, cost_usd=0.015, cost_with_link_usd=0.20, read_cost_usd=0.005, reply_needs_mention=True,
        reply_note=X_REPLY_NOTE, promise=LOOKED_FOR, pictures=4, alt_cost_usd=0.005,
    ),
    "mastodon": Limits("mastodon", 500, edits=True, promise=LOOKED_FOR, pictures=4, alt_length=1500),
    "bluesky": Limits("bluesky", 300, max_bytes=3000, promise=RECORD_KEY, pictures=4, alt_length=2000),
    # WordPress measures a comment in bytes.
    "feed": Limits("plain", 1, deletes=False, replies=False),  # it takes no posts
    "wordpress": Limits("plain", 65525, max_bytes=65525, promise=DUPLICATE),
}  # fmt: skip


def default_limits(network: str) -> Limits:
    """The published limits of that network, marked assumed. Raises KeyError for a name nobody knows."""
    if network not in DEFAULTS:
        raise KeyError(f"There is no network called {network!r}; use one of {', '.join(DEFAULTS)}.")
    return DEFAULTS[network]
