"""Feeds, and pages that tell or show a live blog, at any public address."""

from bot.networks.feed.network import Feed

__all__ = ["Feed"]
