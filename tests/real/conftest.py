"""What the tests against real servers share."""

from tests.real.bluesky import bluesky, bluesky_memory, bluesky_server, skeet
from tests.real.reader import clock, opened
from tests.real.wordpress import wordpress, wordpress_server

__all__ = [
    "bluesky",
    "bluesky_memory",
    "bluesky_server",
    "clock",
    "opened",
    "skeet",
    "wordpress",
    "wordpress_server",
]
