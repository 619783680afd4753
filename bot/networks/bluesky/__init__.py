"""Bluesky: hashtag, mentions and replies, posts, threads and removals, over XRPC at the account's own server."""

from bot.networks.bluesky.network import Bluesky

__all__ = ["Bluesky"]
