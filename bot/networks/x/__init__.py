"""X: the hashtag and the mentions, posts, replies and threads, and what each of them costs."""

from bot.networks.x.network import X

__all__ = ["X"]
