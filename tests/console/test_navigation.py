"""Each role reaches its pages from every page, on a phone and without script too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from bot.core.rights import PAGES, may
from tests.console.conftest import Browser
from tests.console.house import House, open_house

SignIn = Callable[..., Browser]
PAGES_OF_AN_EVENT = {
    "questions",
    "thoughts",
    "updates",
    "everything",
    "screens",
    "overview",
    "after",
    "people",
    "private",
}
HOME = "/e/peer-support"


def links(answer: str, folded: bool) -> set[str]:
    """The pages that the navigation leads to: as a phone shows it, with what is behind "More", or as a wide page."""
    nav = re.findall(r"<nav class=\"nav\".*?</nav>", answer, re.DOTALL)[0]
    hidden = r"<li class=\"nav-wide\">.*?</li>" if folded else r"<li class=\"nav-more\">.*?</li>"
    return set(re.findall(rf'href="{HOME}/(\w+)"', re.sub(hidden, "", nav, flags=re.DOTALL)))


@pytest.mark.parametrize("folded", [True, False], ids=["phone", "wide"])
@pytest.mark.parametrize("role", ["lead", "comms", "facilitator", "helper", "viewer"])
def test_each_role_finds_the_pages_that_it_may_see(browse: SignIn, role: str, folded: bool) -> None:
    answer = browse(role).get(f"{HOME}/questions").text
    theirs = {page for page in PAGES_OF_AN_EVENT if may(role, PAGES[f"/e/{{slug}}/{page}"] or "queue")}
    assert links(answer, folded) == theirs


def test_a_helper_can_sign_out_and_see_who_they_are_on_a_phone(browse: SignIn) -> None:
    answer = browse("helper", "Sam").get(f"{HOME}/questions").text
    more = re.findall(r"<li class=\"nav-more\">.*?</li>", answer, re.DOTALL)[0]
    assert "Sam" in more
    assert 'action="/signout"' in more


@pytest.fixture
def house(tmp_path: Path, browser: Chromium) -> Iterator[House]:
    with open_house(tmp_path, browser) as made:
        yield made


@pytest.mark.real
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_thumb_reaches_the_room_screens_behind_more(house: House, script: bool) -> None:
    page = house.enter("lead", 390, script)
    page.goto(f"{HOME}/questions")
    page.locator("#nav-more summary").click()
    page.get_by_role("link", name="Room screens").click()
    expect(page.get_by_role("heading", name="Room screens", level=1)).to_be_visible()
