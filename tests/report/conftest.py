"""A database with an event that is over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.report import Pack
from bot.store.engine import Store
from bot.store.tables import metadata
from tests.console.scene import Clock, Scene
from tests.report import scene as scenes


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('report')}/report.db", Clock())
    metadata.create_all(store.engine)
    made = Scene(store)
    scenes.over(made)
    yield made
    store.close()


@pytest.fixture(scope="module")
def pack(scene: Scene) -> Pack:
    return scenes.pack(scene)
