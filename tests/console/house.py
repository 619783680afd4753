"""A served console over the workshop's afternoon, for tests that look at it in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from bot.store.engine import Store
from bot.store.tables import metadata
from tests.console.scene import Clock, Scene, workshop
from tests.console.server import serving


@dataclass
class House:
    """A served console, and ways to enter it."""

    url: str
    store: Store
    scene: Scene
    ids: dict[str, int]
    browser: Browser
    clock: Clock
    broken: list[str] = field(default_factory=list)  # what the pages complained about

    def enter(self, role: str = "lead", width: int = 1440, script: bool = True) -> Page:
        """A page of somebody who is signed in; what breaks there fails the test."""
        name = f"{role} {width} {script}"
        context = self.context(width, script)
        context.add_cookies(
            [{"name": "session", "value": self.scene.session(self.scene.person(name, role)), "url": self.url}]
        )
        return self.watched(context.new_page())

    def context(self, width: int = 1440, script: bool = True) -> BrowserContext:
        return self.browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, base_url=self.url
        )

    def watched(self, page: Page) -> Page:
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.on("console", lambda said: self.broken.append(said.text) if said.type == "error" else None)
        return page


@contextmanager
def open_house(folder: Path, browser: Browser) -> Iterator[House]:
    """A house that is closed at the end; then nothing may have broken in its pages."""
    clock = Clock()
    store = Store(f"sqlite:///{folder}/console.db", clock)
    metadata.create_all(store.engine)
    scene = Scene(store)
    ids = workshop(scene)
    with serving(store) as url:
        made = House(url, store, scene, ids, browser, clock)
        yield made
        for context in browser.contexts:
            context.close()
    store.close()
    assert made.broken == []
