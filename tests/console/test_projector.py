"""The projector's page in a real browser: live, one key for the safe slide, and nothing to scroll."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot import desk
from bot.core import room
from bot.desk import Opened, Who
from bot.store import screens
from tests.console.house import House, open_house

pytestmark = pytest.mark.real
AMIRA = Who(1, "Amira Khan", "lead")
OVER = """() => {
  const main = document.querySelector('#stage main'), words = main.querySelector('.stage-text');
  const box = main.getBoundingClientRect();
  const out = [...main.children].filter(el => !el.matches('.vh')).map(el => el.getBoundingClientRect())
    .some(one => one.top < box.top || one.bottom > box.bottom || one.right > box.right);
  const root = document.documentElement;
  const sideways = [words, root].map(el => el.scrollWidth > el.clientWidth);
  return [out, root.scrollHeight > root.clientHeight, ...sideways];
}"""


@pytest.fixture
def house(tmp_path: Path, browser: Browser) -> Iterator[House]:
    with open_house(tmp_path, browser) as made:
        yield made


def project(house: House, script: bool = True, width: int = 1920, height: int = 1080) -> tuple[Page, int]:
    """A projector's page of a new screen, and the number of the screen."""
    done = desk.add_screen(house.store, AMIRA, house.scene.event_id, "Main hall")
    assert isinstance(done, Opened)
    context = house.browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=script, base_url=house.url
    )
    page = house.watched(context.new_page())
    page.goto(f"/screen/{done.secret}")
    with house.store.read() as tx:
        return page, int(screens.of_event(tx, house.scene.event_id)[-1].id)


def put(house: House, number: int, words: str) -> int:
    asked = house.scene.question("What was asked?", theme="Access", state="room", position=9.0)
    assert desk.reword(house.store, AMIRA, asked, words).ok
    assert desk.show_on_screen(house.store, AMIRA, number, asked).ok
    return asked


def test_the_screen_follows_by_itself_and_what_is_dismissed_is_gone(house: House) -> None:
    page, number = project(house)
    expect(page.get_by_role("heading", name="What do you want to ask the room?")).to_be_visible()
    asked = put(house, number, "Is there a bus?")
    expect(page.locator(".stage-text")).to_have_text("Is there a bus?")
    desk.dismiss(house.store, AMIRA, asked)
    expect(page.locator(".stage-text")).to_have_count(0)
    expect(page.get_by_role("heading", name="What do you want to ask the room?")).to_be_visible()


def test_one_key_hides_the_words_without_a_connection_and_shows_them_again(house: House) -> None:
    page, number = project(house)
    put(house, number, "Is there a bus?")
    expect(page.locator(".stage-text")).to_be_visible()
    page.context.set_offline(True)
    page.keyboard.press("s")
    expect(page.locator("#safe")).to_contain_text("Back in a moment")
    expect(page.locator(".stage-text")).to_be_hidden()
    page.keyboard.press("s")
    expect(page.locator(".stage-text")).to_be_visible()
    house.broken[:] = [said for said in house.broken if "ERR_INTERNET_DISCONNECTED" not in said]


def test_a_facilitator_covers_every_screen_with_one_key(house: House) -> None:
    page, number = project(house)
    put(house, number, "Is there a bus?")
    expect(page.locator(".stage-text")).to_be_visible()
    joe = house.enter("facilitator")
    joe.goto("/e/peer-support/screens")
    joe.keyboard.press("s")
    expect(page.locator("#stage")).to_contain_text("Back in a moment")
    expect(joe.get_by_role("button", name="Take the safe slide away")).to_be_visible()


def test_a_closed_screen_shows_nothing_more(house: House) -> None:
    page, number = project(house)
    put(house, number, "Is there a bus?")
    expect(page.locator(".stage-text")).to_be_visible()
    desk.end_screen(house.store, AMIRA, number)
    expect(page.get_by_role("heading", name="The screen is closed")).to_be_visible()
    house.broken[:] = [said for said in house.broken if "410" not in said]


LONG = ("W" * 69, "Wide WORDS " * 6, "W" * 109, "MMMM WWWW " * 10, "W" * 159, "字" * 79, "كيف يمكننا دعم الناس؟ " * 6)


@pytest.mark.parametrize("words", LONG, ids=range(len(LONG)))
def test_the_longest_words_fit_into_the_picture(house: House, words: str) -> None:
    page, number = project(house)
    assert room.size(words)
    put(house, number, words)
    expect(page.locator(".stage-text")).to_be_visible()
    for width, height in ((1920, 1080), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(f"!({OVER})().includes(true)", timeout=10_000)


def test_the_screen_reloads_itself_without_script(house: House) -> None:
    page, number = project(house, script=False)
    put(house, number, "Is there a bus?")
    expect(page.locator(".stage-text")).to_have_text("Is there a bus?", timeout=15_000)


def test_words_that_cannot_be_checked_for_two_minutes_are_hidden_until_there_is_a_connection(house: House) -> None:
    page, number = project(house)
    put(house, number, "Is there a bus?")
    expect(page.locator(".stage-text")).to_be_visible()
    page.clock.install()
    page.reload()
    expect(page.locator(".stage-text")).to_be_visible()
    page.context.set_offline(True)
    page.clock.run_for(115_000)
    expect(page.locator(".stage-text")).to_be_visible()
    page.clock.run_for(10_000)
    expect(page.locator("#safe")).to_contain_text("Back in a moment")
    expect(page.locator(".stage-text")).to_be_hidden()
    page.context.set_offline(False)
    page.clock.run_for(60_000)
    expect(page.locator(".stage-text")).to_be_visible()
    house.broken[:] = [said for said in house.broken if "ERR_INTERNET_DISCONNECTED" not in said]
