"""Mastodon, and servers that speak its API: the hashtag, mentions, posts, replies, edits and removals."""

from bot.networks.mastodon.network import Mastodon

__all__ = ["Mastodon"]
