"""What all tests share: databases of both kinds, and a browser."""

from __future__ import annotations

import faulthandler
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text
from xdist.scheduler import LoadScopeScheduling

from tests import chromium, postgres

if TYPE_CHECKING:
    from playwright.sync_api import Browser


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """A file stays in one process, and all tests of real servers do: they share them."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return "servers" if "/real/" in file else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """How the tests are shared out where they run in several processes. (The marks of xdist for groups have no effect
    with pytest 9.2.)"""
    return ByFile(config, log)


def pytest_unconfigure() -> None:
    """A thread or child that a test left behind must not hold up the end: it is named, and the run fails."""
    faulthandler.dump_traceback_later(60, exit=True)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a private PostgreSQL's maintenance database."""
    with postgres.running() as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """The address of a fresh, empty PostgreSQL database."""
    name = f"test_{uuid4().hex}"
    engine = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'backchannel.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def engine_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh, empty database, once of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="module")  # an open Playwright forbids asyncio.run in its thread, so it closes with the file
def browser() -> Iterator[Browser]:
    """Chromium; open a context of your own in it. No asyncio.run in the same file."""
    with chromium.running() as opened:
        yield opened
