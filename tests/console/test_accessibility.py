"""Every page, in every size and mode: axe finds nothing, and nothing has to be scrolled sideways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from bot.store.engine import Store
from bot.store.tables import metadata
from tests import chromium
from tests.console.addresses import addresses, unknown
from tests.console.scene import Clock, Scene, workshop
from tests.console.server import serving

pytestmark = pytest.mark.real
Mode = Literal["light", "dark"]
# What people see wrong with a page: rules of WCAG 2.0 to 2.2, A and AA, and what is known to be good practice.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDER = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


@dataclass
class Console:
    """A served console and all its addresses."""

    url: str
    browser: Browser
    session: str
    addresses: list[str]

    def page(self, width: int, mode: Mode = "light") -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=mode, base_url=self.url, reduced_motion="reduce"
        )
        context.add_cookies([{"name": "session", "value": self.session, "url": self.url}])
        return context.new_page()


@pytest.fixture(scope="module")
def console(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('console')}/console.db", Clock())
    metadata.create_all(store.engine)
    scene = Scene(store)
    ids = workshop(scene)
    session = scene.session(scene.person("Amira Khan", "lead"))
    with serving(store) as url:
        yield Console(url, browser, session, addresses(scene.slug, ids))
        for context in browser.contexts:
            context.close()
    store.close()


def test_every_page_is_looked_at() -> None:
    assert unknown() == set()


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 820, 1440])
def test_axe_finds_nothing_on_any_page(console: Console, width: int, mode: Mode) -> None:
    page, axe, found = console.page(width, mode), Axe(), []
    for address in console.addresses:
        page.goto(address)
        for one in axe.run(page, options=RULES).response["violations"]:
            found += [f"{address}: {one['id']}: {node['html']}" for node in one["nodes"]]
    assert found == []


@pytest.mark.parametrize("width", [320, 390, 640, 820, 1440])
def test_no_page_scrolls_sideways(console: Console, width: int) -> None:
    assert too_wide(console.page(width), console.addresses) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_scrolls_sideways_where_the_reader_has_letters_twice_as_large(console: Console, width: int) -> None:
    letters = "--blink-settings=defaultFontSize=32,defaultFixedFontSize=26"
    place = chromium.executable()
    large = console.browser.browser_type.launch(executable_path=place, args=[*chromium.FLAGS, letters])
    try:
        assert too_wide(replace(console, browser=large).page(width), console.addresses) == []
    finally:
        large.close()


def too_wide(page: Page, addresses: list[str]) -> list[str]:
    found = []
    for address in addresses:
        page.goto(address)
        page.evaluate("document.fonts.ready")  # another font is wider while ours is on its way
        if over := page.evaluate(WIDER):
            found.append(f"{address} is {over} px too wide")
    return found
