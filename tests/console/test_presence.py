"""Who has a page open is shown to the others, for two minutes after it was last heard of."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event as sa_event
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from bot.console import ticker
from bot.store import presence
from bot.store.engine import Store
from bot.store.tables import metadata
from bot.store.tables import presence as kept
from tests.console.conftest import Browser
from tests.console.scene import NOW, Clock, Scene
from tests.console.server import serving
from tests.console.test_live import stream

SignIn = Callable[..., Browser]


def here(browser: Browser) -> str:
    found = re.search(r'id="here"[^>]*aria-label="Here now: ([^"]*)"', browser.get("/e/peer-support/overview").text)
    assert found
    return found[1]


def come(store: Store, scene: Scene, name: str) -> str:
    secret = scene.session(scene.person(name, "facilitator"))
    with store.write() as tx:
        presence.mark(tx, store.now(tx), [(secret, scene.event_id)])
    return secret


def test_the_others_are_named_until_two_minutes_after_they_were_last_heard_of(
    browse: SignIn, store: Store, scene: Scene, clock: Clock
) -> None:
    amira = browse("lead")
    assert here(amira) == "you"
    come(store, scene, "Priya Nair")
    clock.at = NOW + timedelta(seconds=90)
    come(store, scene, "Joe Okafor")
    assert here(amira) == "you, Joe Okafor, Priya Nair"
    clock.at = NOW + timedelta(seconds=121)
    assert here(amira) == "you, Joe Okafor"


def test_another_event_and_somebody_who_lost_their_access_are_not_named(
    browse: SignIn, store: Store, scene: Scene
) -> None:
    come(store, Scene(store, "other", "Another event"), "Priya Nair")
    assert here(browse("lead")) == "you"


@pytest.fixture
def either(engine_url: str) -> Iterator[tuple[Store, Scene]]:
    """A store on each database."""
    made = Store(engine_url, Clock())
    metadata.create_all(made.engine)
    yield made, Scene(made)
    made.close()


def test_it_is_written_on_both_databases_once_for_each_person_and_event(either: tuple[Store, Scene]) -> None:
    store, scene = either
    secret = come(store, scene, "Priya Nair")
    with store.write() as tx:
        presence.mark(tx, NOW + timedelta(minutes=1), [(secret, scene.event_id), ("signed out", scene.event_id)])
        assert [(one.name, one.until) for one in presence.here(tx, NOW, scene.event_id)] == [
            ("Priya Nair", NOW + timedelta(minutes=3))
        ]
        presence.mark(tx, NOW, [])


def until(what: Callable[[], Any], wanted: Any) -> None:
    end = time.monotonic() + 20
    while what() != wanted:
        assert time.monotonic() < end, what()
        time.sleep(0.05)


def test_an_open_page_makes_somebody_here_and_many_pages_are_one_write(
    store: Store, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticker, "EVERY", 0.05)
    cookies = [{"session": scene.session(scene.person(f"Person {n}", "facilitator"))} for n in range(3)]
    asked: list[str] = []

    def here_now() -> int:
        with store.read() as tx:
            return int(tx.execute(select(func.count()).select_from(kept)).scalar_one())

    sa_event.listen(store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with serving(store) as url, stream(url, cookies[0]), stream(url, cookies[1]), stream(url, cookies[1]):
        until(here_now, 2)
        with stream(url, cookies[2]):
            until(here_now, 3)
        asked.clear()
        time.sleep(0.5)
        assert [one for one in asked if "presence" in one and "UPDATE" in one] == []


def test_streams_go_on_when_who_is_here_cannot_be_written(
    store: Store, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: Any) -> None:
        tried.append(1)
        raise OperationalError("UPDATE presence", {}, Exception("database is locked"))

    tried: list[int] = []
    monkeypatch.setattr(presence, "mark", locked)
    cookie = {"session": scene.session(scene.person("Priya Nair", "comms"))}
    with serving(store) as url, stream(url, cookie) as answer:
        until(lambda: tried, [1])
        lines = answer.iter_lines()
        assert "hello" in next(lines)
