"""While the server is away a page of ours says so, and what was pressed is still sent when it is back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from bot.console.away import FILES, SHEETS
from tests.console.conftest import Browser
from tests.console.house import House, open_house
from tests.console.test_offline import QUESTIONS, done, newest, opened, press


def test_the_worker_names_a_page_that_knows_nobody_and_files_that_are_there(nobody: Browser) -> None:
    worker = nobody.get("/worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["cache-control"] == "no-store"
    shell = re.findall(r'"(/[^"]+)"', worker.text.split("STORE")[0])
    assert len(shell) == 1 + len(FILES)
    for address in shell:
        assert nobody.get(address).status_code == 200, address
    page = nobody.get("/away").text
    assert "What you did is kept on this device and will be sent." in page
    assert set(re.findall(r'rel="stylesheet" href="([^"]+)"', page)) <= set(shell)
    assert len(re.findall(r'rel="stylesheet"', page)) == len(SHEETS)


def test_the_kept_page_says_nothing_of_who_asks_for_it(nobody: Browser, ids: dict[str, int], browse: object) -> None:
    assert callable(browse)
    assert browse("lead").get("/away").text == nobody.get("/away").text


@pytest.fixture
def house(tmp_path: Path, browser: Chromium) -> Iterator[House]:
    with open_house(tmp_path, browser) as made:
        yield made
        away = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "Failed to load resource")
        made.broken[:] = [said for said in made.broken if not any(one in said for one in away)]


def ready(page: Page) -> None:
    """Wait until the browser has kept the page."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


@pytest.mark.real
def test_what_was_pressed_outlives_a_reload_without_a_server(house: House) -> None:
    page, since = opened(house), newest(house)
    ready(page)
    page.context.set_offline(True)
    press(page, house.ids["funding"], "Park")
    page.reload()
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    expect(page.locator("#unsent")).to_have_text("Park")
    assert done(house, since) == []
    page.context.set_offline(False)
    expect(page.locator("[data-conn]")).to_have_text("Live", timeout=20_000)
    assert page.url.endswith(QUESTIONS)
    page.wait_for_function("localStorage.getItem('unsent') === null")
    assert done(house, since) == [("parked", house.ids["funding"])]


@pytest.mark.real
def test_nothing_of_anybody_is_kept_and_a_projector_is_left_alone(house: House) -> None:
    page = opened(house)
    ready(page)
    page.goto(f"{QUESTIONS}/{house.ids['leeds']}")
    kept = page.evaluate(
        "caches.keys().then(async names => (await Promise.all(names.map(async name => "
        "(await (await caches.open(name)).keys()).map(one => new URL(one.url).pathname)))).flat())"
    )
    assert len(kept) == 1 + len(FILES)
    assert all(one == "/away" or one.startswith("/static/") for one in kept)
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.goto("/screen/the-main-hall")


@pytest.mark.real
def test_a_list_that_takes_long_shows_grey_shapes_and_a_quick_one_does_not(house: House) -> None:
    page = house.enter("facilitator", 1440)
    page.clock.install()
    page.goto(QUESTIONS)
    page.clock.pause_at(page.evaluate("Date.now() + 60000"))
    page.evaluate("addEventListener('click', event => event.preventDefault())")  # a server that does not answer
    page.get_by_role("link", name="Parked").click()
    page.clock.run_for(290)
    expect(page.locator("#list")).to_be_visible()
    page.clock.run_for(20)
    expect(page.locator("#list")).to_be_hidden()
    expect(page.locator("[data-loading] .skel").first).to_be_visible()
