"""WordPress: comments and their replies, and the live blog, over its REST API."""

from bot.networks.wordpress.network import WordPress

__all__ = ["WordPress"]
