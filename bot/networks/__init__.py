"""The networks by name, each imported on first use."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from bot.networks.base import Memory, Network, Now, Options

NETWORKS = {
    "x": "bot.networks.x:X",
    "mastodon": "bot.networks.mastodon:Mastodon",
    "bluesky": "bot.networks.bluesky:Bluesky",
    "wordpress": "bot.networks.wordpress:WordPress",
    "feed": "bot.networks.feed:Feed",
    "rehearsal": "bot.networks.rehearsal:Rehearsal",
}


def open_network(name: str, options: Options, memory: Memory, now: Now) -> Network:
    """The network of that name, ready to be asked. Raises KeyError for a name nobody knows.

    An `api_url` of ``rehearsal:FILE`` opens the stand-in, which plays that network (or `options.extra["name"]`).
    """
    stand_in = options.api_url.startswith("rehearsal:")
    if stand_in:
        options = replace(options, extra={"name": name, **options.extra})
    module, _, cls = NETWORKS["rehearsal" if stand_in else name].partition(":")
    opened: Network = getattr(import_module(module), cls)(options, memory, now)
    return opened
