"""What one process stores is soon on a page that another process serves, on both databases."""

from __future__ import annotations

import multiprocessing
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.store import schema
from bot.store.engine import Store
from tests.console.scene import Scene
from tests.console.server import serve

pytestmark = pytest.mark.real
TIMES = int(os.environ.get("BACKCHANNEL_TIMES", "3"))  # questions that are stored; for a median that counts take 30
PROMISED = 1.0  # seconds at the median
BUSY = 3.0  # times as long on a machine that does other things as well
PATIENCE = 15_000  # ms
WATCH = """() => {
  window.seen = {};
  new MutationObserver(() => {
    const said = document.querySelector('[data-new-words]').textContent;
    if (said) window.seen[said.match(/\\d+/)[0]] ??= Date.now();
  }).observe(document.querySelector('[data-new]'), { childList: true, subtree: true, characterData: true });
}"""


@pytest.fixture
def scene(engine_url: str) -> Iterator[Scene]:
    store = Store(engine_url)
    schema.migrate(store)
    yield Scene(store)
    store.close()


@contextmanager
def served_elsewhere(url: str) -> Iterator[str]:
    """The address of a console that runs in a process of its own over that database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(url, port), daemon=True)
    process.start()
    try:
        _wait_for(f"http://127.0.0.1:{port}/signin")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.join(10)


def _wait_for(address: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            if httpx.get(address).status_code == 200:
                return
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def opened(browser: Browser, scene: Scene, url: str) -> Page:
    context = browser.new_context(base_url=url)
    secret = scene.session(scene.person("Joe Okafor", "facilitator"))
    context.add_cookies([{"name": "session", "value": secret, "url": url}])
    page = context.new_page()
    page.goto("/e/peer-support/questions")
    expect(page.locator("[data-conn]")).to_have_text("Live")
    return page


def test_a_question_that_another_process_stores_is_soon_on_the_open_page(
    browser: Browser, scene: Scene, engine_url: str, record_property: Callable[[str, object], None]
) -> None:
    scene.question("The first?")
    with served_elsewhere(engine_url) as url:
        page = opened(browser, scene, url)
        page.evaluate(WATCH)
        took = []
        for n in range(1, TIMES + 1):
            scene.question(f"And question {n}?")
            stored = time.time()
            expect(page.locator("[data-new-words]")).to_contain_text(f"Show {n} new", timeout=PATIENCE)
            took.append(page.evaluate(f"window.seen[{n}]") / 1000 - stored)
            page.wait_for_timeout(100 * (n % 5))  # not in step with the ticker
        page.context.close()
    record_property("seconds to an open page, median", round(median(took), 3))
    print(f"\n{engine_url.split(':')[0]}: median {median(took):.2f} s, worst {max(took):.2f} s of {TIMES}")
    assert median(took) < PROMISED * BUSY
