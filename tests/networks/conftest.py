"""What the tests of networks share."""

from collections.abc import Iterator

import pytest

from bot.networks.wordpress import WordPress
from tests.networks.blog import FakeBlog, blog, open_at


@pytest.fixture
def there() -> Iterator[FakeBlog]:
    with blog() as made:
        yield made


@pytest.fixture
def network(there: FakeBlog) -> Iterator[WordPress]:
    opened = open_at(there.server.url)
    yield opened
    opened.close()
