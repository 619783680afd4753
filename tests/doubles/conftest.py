"""What the tests of the doubles share."""

from collections.abc import Iterator

import pytest

from tests.doubles.x_callers import Caller, Clock
from tests.doubles.x_server import XServer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def x(clock: Clock) -> Iterator[XServer]:
    with XServer(clock) as server:
        yield server


@pytest.fixture
def app(x: XServer) -> Caller:
    """The app, by its bearer token."""
    return Caller(x)


@pytest.fixture
def me(x: XServer) -> Caller:
    """The account that owns the app, by signature."""
    return Caller(x, "theQCommunity")
