"""What the tests against real servers share."""

from tests.real.wordpress import wordpress, wordpress_server

__all__ = ["wordpress", "wordpress_server"]
