"""What the tests against real servers share."""

from tests.real.reader import clock, opened
from tests.real.wordpress import wordpress, wordpress_server

__all__ = ["clock", "opened", "wordpress", "wordpress_server"]
