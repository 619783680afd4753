"""A day at the console beside a running rehearsal: by touch on a phone, and by keyboard alone on a laptop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from bot.networks.rehearsal import Remote
from tests.flows.program import Program, free_port, until

pytestmark = pytest.mark.real
SPEED = "20"
SOON = 90_000  # ms, for what the rehearsal has to bring first
SHOW_NEW = re.compile("^Show .* new")
# Questions that nobody else in the rehearsal's cast deletes, parks, raises or answers.
COST, WELSH, GERMAN = "What does it cost to run", "Sut mae cynnig cefnogaeth", "Wie werden Peer-Berater"


class Day:
    """A rehearsal of its own, at work in a process, and what its networks hold."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        words = ("rehearse", "--speed", SPEED, "--folder", str(folder / "kept"), "--listen", f"127.0.0.1:{self.port}")
        self.program = Program(folder, *words)
        until(lambda: self._link() is not None, "the sign-in link is printed", 60)
        self.remote = Remote(folder / "kept" / "remote.db")

    def _link(self) -> str | None:
        found = re.search(r"Sign in:\s+(\S+)", (self.folder / "said.txt").read_text())
        return found[1] if found else None

    def enter(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(str(self._link()))
        return page

    def sent(self, words: str) -> list[str]:
        """The networks on which a post of ours says that, once for each post."""
        return [
            name for name in ("x", "mastodon", "bluesky", "wordpress")
            for post in self.remote.ours(name) if words in post.text
        ]  # fmt: skip

    def close(self) -> None:
        self.remote.close()
        self.program.kill()


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Day]:
    made = Day(tmp_path)
    yield made
    made.close()


def asking(page: Page, words: str) -> Locator:
    """The card of that question, once it is on the list; those behind the button are asked for."""
    card, more = page.locator("#list article.q", has_text=words), page.get_by_role("button", name=SHOW_NEW)

    def there() -> bool:
        if more.is_visible():
            more.click()
        return card.count() > 0

    until(there, f"{words} is on the list", SOON / 1000)
    return card


def test_a_day_by_touch_on_a_phone(day: Day, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = day.enter(context)
    page.get_by_role("button", name="Sign in").tap()
    card = asking(page, COST)
    raised = card.locator(".q-text").inner_text()
    card.get_by_role("button", name="To the room").tap()
    expect(page.locator("#toast")).to_be_visible()
    parked = asking(page, WELSH)
    gone = parked.get_attribute("id")
    parked.get_by_role("button", name="Park").tap()
    expect(page.locator(f"#{gone}")).to_have_count(0)
    page.locator("#toast").get_by_role("button", name="Undo").tap()
    expect(page.locator(f"#{gone}")).to_be_visible()
    page.locator(f"#{gone}").get_by_role("button", name="Dismiss").tap()
    expect(page.locator(f"#{gone}")).to_have_count(0)

    asking(page, GERMAN).locator(".q-text a").tap()
    page.locator("#reword summary").tap()
    page.get_by_label("Wording for the room").fill("Which groups near me can my doctor send me to?")
    page.get_by_role("button", name="Use this wording").tap()
    expect(page.locator("main")).to_contain_text("Which groups near me")
    page.get_by_label("Your answer").fill("Ask your library: they keep the list of groups.")
    page.get_by_role("button", name="Send the answer").tap()
    expect(page.locator("#answers")).to_contain_text("they keep the list of groups")

    page.goto(f"{day.url}/e/peer-support/questions?list=room")
    page.locator("article.q", has_text=raised[:40]).get_by_role("button", name="Answered").tap()
    expect(page.locator("article.q", has_text=raised[:40])).to_have_count(0)

    page.locator("#nav").get_by_role("link", name="Thoughts").tap()
    page.get_by_role("button", name="Make it a question").first.tap()
    expect(page.locator("#toast")).to_be_visible()

    page.locator("#nav").get_by_role("link", name="Updates").tap()
    changed = page.locator("#list .entry", has_text="Changed after sending").first
    more = page.get_by_role("button", name=SHOW_NEW)

    def there() -> bool:
        if more.is_visible():
            more.tap()
        return changed.is_visible()

    until(there, "an entry changed after it was sent", SOON / 1000)
    _pause(page)
    changed.tap()
    on_x = page.locator(".choice", has=page.get_by_role("heading", name="X", exact=True))
    on_x.get_by_text("Other ways").tap()
    on_x.get_by_label("Post the new wording too").check()
    on_x.get_by_label("New wording on X").fill("Put right, in our own words. #QLabs")
    page.get_by_role("button", name="Make these changes").tap()
    expect(page.locator("#d-h")).to_be_visible()
    assert day.sent("in our own words") == []
    _unpause(page, day)
    until(lambda: day.sent("in our own words") == ["x"], "the correction went out on X, once")
    until(lambda: len(day.sent("they keep the list of groups")) == 1, "the answer went out where it was asked, once")
    context.close()


def _pause(page: Page) -> None:
    page.get_by_role("switch", name="Pause all posting").tap()
    expect(page.locator(".banner-bad").first).to_contain_text(re.compile("paused", re.IGNORECASE))


def _unpause(page: Page, day: Day) -> None:
    page.goto(f"{day.url}/e/peer-support/updates")
    page.get_by_role("switch", name="Pause all posting").tap()
    expect(page.get_by_role("switch", name="Pause all posting")).to_have_attribute("aria-checked", "false")


def test_a_day_by_keyboard_alone(day: Day, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = day.enter(context)
    _tab_to(page, "Sign in")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/questions"))
    first, chosen, third = (asking_by_key(page, words) for words in (COST, WELSH, GERMAN))
    _select(page, chosen)
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("article.q-sel")).to_have_id(chosen)
    _select(page, first)
    page.keyboard.press("p")
    expect(page.locator(f"#{first}")).to_have_count(0)
    page.keyboard.press("u")
    expect(page.locator(f"#{first}")).to_be_visible()
    _select(page, chosen)
    page.keyboard.press("t")
    page.keyboard.press("2")
    expect(page.locator("article.q-sel .q-tags")).to_contain_text("Buy-in and culture")
    page.keyboard.press("c")
    expect(page.locator("article.q-sel .q-tags")).to_contain_text("You are reading")
    page.keyboard.press("e")
    expect(page.get_by_label("Wording for the room")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("What helps most in the first week?")
    _tab_to(page, "Use this wording")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("What helps most in the first week?")
    page.locator("body").press("Escape")
    page.wait_for_url(re.compile("/questions($|[?])"))
    _select(page, chosen)
    page.keyboard.press("r")
    expect(page.locator(f"#{chosen}")).to_have_count(0)
    _select(page, first)
    page.keyboard.press("d")
    expect(page.locator(f"#{first}")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    _select(page, third)
    page.keyboard.press("a")
    expect(page.locator("#toast")).to_contain_text("Answered")
    page.keyboard.press("/")
    page.keyboard.type("peer")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q=peer"))
    expect(page.locator("main")).to_contain_text("peer")
    context.close()


def asking_by_key(page: Page, words: str) -> str:
    """The id of the card of that question, once it is on the list; new ones are asked for by their key."""
    card = page.locator("#list article.q", has_text=words)

    def there() -> bool:
        page.keyboard.press("n")
        return card.count() > 0

    until(there, f"{words} is on the list", SOON / 1000)
    page.keyboard.press("k")
    return str(card.get_attribute("id"))


def _select(page: Page, card: str) -> None:
    for key in 40 * ["j"] + 40 * ["k"]:
        if page.locator("article.q-sel").get_attribute("id") == card:
            return
        page.keyboard.press(key)
    raise AssertionError(f"{card} cannot be reached")


def _tab_to(page: Page, name: str) -> None:
    for _ in range(80):
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {name} by the Tab key")
