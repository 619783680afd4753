"""A console over a seeded database, driven without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.console.app import ConsoleOptions, create_app
from bot.store.engine import Store
from bot.store.tables import metadata
from tests.console.scene import Clock, Scene, workshop

URL = "http://127.0.0.1:8000"
NAMES = {"lead": "Amira Khan", "comms": "Priya Nair", "facilitator": "Joe Okafor"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path}/console.db", clock)
    metadata.create_all(store.engine)
    yield store
    store.close()


@pytest.fixture
def scene(store: Store) -> Scene:
    return Scene(store)


@pytest.fixture
def ids(scene: Scene) -> dict[str, int]:
    """The workshop's afternoon; the ids of its rows by name."""
    return workshop(scene)


@pytest.fixture
def app(store: Store) -> Starlette:
    return create_app(store, ConsoleOptions(public_url=URL, secure=False))


class Browser:
    """A browser without a screen: keeps cookies, sends what browsers send with a form."""

    def __init__(self, app: Starlette) -> None:
        self.app = app
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, headers)

    def post(self, path: str, form: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        sent = {"sec-fetch-site": "same-origin", "origin": URL} | headers
        return self.ask("POST", path, {k: v for k, v in sent.items() if v}, form or {})

    def follow(self, answer: httpx.Response) -> httpx.Response:
        """Where a redirect leads."""
        assert answer.status_code == 303, answer.text
        return self.get(answer.headers["location"])

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, form: dict[str, Any] | None = None
    ) -> httpx.Response:
        """Any method; without headers, those of our own pages."""
        sent = {"sec-fetch-site": "same-origin", "origin": URL} if headers is None else headers

        async def answer_of() -> httpx.Response:
            wire = httpx.ASGITransport(self.app, client=("127.0.0.1", 1))
            async with httpx.AsyncClient(transport=wire, base_url=URL, cookies=self.cookies) as client:
                named = {name.replace("_", "-"): value for name, value in sent.items()}
                return await client.request(method, path, headers=named, data=form)

        answer = asyncio.run(answer_of())
        for name, value in answer.cookies.items():
            self.cookies[name] = value
        for line in answer.headers.get_list("set-cookie"):
            if "max-age=0" in line.lower():
                self.cookies.pop(line.split("=", 1)[0], None)
        return answer


@pytest.fixture
def browse(app: Starlette, scene: Scene) -> Any:
    """Signs somebody in: `browse("lead")`."""

    def sign_in(role: str = "lead", name: str = "") -> Browser:
        browser = Browser(app)
        person = scene.person(name or NAMES.get(role, role.title()), role)
        browser.cookies["session"] = scene.session(person)
        return browser

    return sign_in


@pytest.fixture
def nobody(app: Starlette) -> Browser:
    """Somebody who has not signed in."""
    return Browser(app)
