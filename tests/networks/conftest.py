"""What the tests of networks share."""

from collections.abc import Iterator

import pytest

from bot.networks.wordpress import WordPress
from tests.networks.blog import FakeBlog, blog, open_at
from tests.networks.fediverse import net, two
from tests.networks.rehearsal_scene import clock, opened, remote

__all__ = ["clock", "net", "network", "opened", "remote", "there", "two"]


@pytest.fixture
def there() -> Iterator[FakeBlog]:
    with blog() as made:
        yield made


@pytest.fixture
def network(there: FakeBlog) -> Iterator[WordPress]:
    opened = open_at(there.server.url)
    yield opened
    opened.close()
