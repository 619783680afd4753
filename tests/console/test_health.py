"""What a monitor hears without signing in: whether pages can be shown, and whether a person is needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from bot.console.app import ConsoleOptions, create_app
from bot.console.health import KEPT, _Kept
from bot.store import schema, status
from bot.store.engine import Store
from tests.console.conftest import URL, Browser
from tests.console.scene import Clock


@pytest.fixture
def whole(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """A database as the program makes it, with a worker that is alive."""
    store = Store(f"sqlite:///{tmp_path}/whole.db", clock)
    schema.migrate(store)
    with store.write() as tx:
        status.sign_of_life(tx, store.now(tx))
    yield store
    store.close()


def _console(store: Store) -> Browser:
    return Browser(create_app(store, ConsoleOptions(public_url=URL, secure=False)))


def test_a_console_that_can_show_pages_is_ready(whole: Store) -> None:
    answer = _console(whole).get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")
    assert answer.headers["cache-control"] == "no-store"


def test_a_console_whose_database_is_at_another_version_is_not_ready(whole: Store) -> None:
    with whole.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    answer = _console(whole).get("/readyz")
    assert answer.status_code == 503
    assert "backchannel migrate" in answer.text


def test_a_database_that_does_not_answer_is_said_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "gone.db"
    file.write_bytes(b"this is no database, and long enough to be taken for one" * 20)
    store = Store(f"sqlite:///{file}")
    for path in ("/readyz", "/healthz"):
        answer = _console(store).get(path)
        assert (answer.status_code, answer.text) == (503, "The database does not answer.\n")
    store.close()


def test_all_is_well_until_a_person_is_needed(whole: Store, clock: Clock) -> None:
    assert _console(whole).get("/healthz").text == "ok\n"
    clock.at += timedelta(seconds=61)
    answer = _console(whole).get("/healthz")
    assert answer.status_code == 503
    assert "A person is needed" in answer.text


def test_nothing_of_the_event_is_told_to_somebody_who_is_not_signed_in(app: Starlette, ids: dict[str, int]) -> None:
    words = Browser(app).get("/healthz").text
    assert words in ("ok\n", "A person is needed: see the overview, or `backchannel status`.\n")


def test_who_asks_often_costs_no_more() -> None:
    looked, seconds = [], [0.0]

    def look() -> tuple[int, str]:
        looked.append(seconds[0])
        return 200, "ok"

    kept = _Kept(look, lambda: seconds[0])
    for now in (0.0, 1.0, KEPT - 0.1, KEPT, KEPT + 1, 2 * KEPT):
        seconds[0] = now
        assert kept() == (200, "ok")
    assert looked == [0.0, KEPT, 2 * KEPT]
