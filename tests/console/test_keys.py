"""The keys of the console beyond moving: theme, group, reword, one at a time, several, and doing it anyway."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from bot import desk
from bot.desk import Who
from bot.store.tables import question
from tests.console.house import House, open_house

pytestmark = pytest.mark.real
QUESTIONS = "/e/peer-support/questions"


@pytest.fixture
def house(browser: Browser, tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path, browser) as made:
        yield made


def of(house: House, name: str, column: str) -> object:
    with house.store.read() as tx:
        return tx.execute(select(question.c[column]).where(question.c.id == house.ids[name])).scalar_one()


def test_t_and_a_digit_set_the_theme_of_the_selected_card(house: House) -> None:
    page = house.enter()
    page.goto(QUESTIONS)
    page.keyboard.press("j")
    page.keyboard.press("t")
    page.keyboard.press("3")
    expect(page.locator(f"#q-{house.ids['funding']} .q-tags")).to_contain_text("Evidence")
    assert of(house, "funding", "theme") == "Evidence"


def test_a_digit_by_itself_does_nothing(house: House) -> None:
    page = house.enter()
    page.goto(QUESTIONS)
    page.keyboard.press("3")
    page.keyboard.press("j")
    expect(page.locator(f"#q-{house.ids['funding']}")).to_be_focused()
    assert of(house, "gps", "theme") == "Access"


def test_g_and_e_lead_to_the_group_and_the_wording_and_escape_leads_back(house: House) -> None:
    page = house.enter()
    page.goto(QUESTIONS)
    page.keyboard.press("g")
    expect(page).to_have_url(re.compile(r"#similar$"))
    page.keyboard.press("g")
    expect(page.locator("#find")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("e")
    expect(page.locator("#rw")).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/questions$"))


def test_a_phone_goes_through_the_queue_one_at_a_time(house: House) -> None:
    page = house.enter("facilitator", width=390)
    page.goto(f"{QUESTIONS}/one")
    expect(page.locator("h1")).to_have_text("1 of 6 waiting")
    page.get_by_role("link", name="Leave for later").click()
    expect(page.locator("h1")).to_have_text("2 of 6 waiting")
    page.get_by_role("button", name="Park").click()
    expect(page.locator("#toast")).to_contain_text("Parked.")
    expect(page.locator("h1")).to_have_text("2 of 5 waiting")
    assert of(house, "funding", "state") == "parked"
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("h1")).to_have_text("2 of 6 waiting")
    expect(page.locator(".solo-text")).to_contain_text("commissioner")


def test_one_at_a_time_says_who_was_first_without_a_reload(house: House) -> None:
    page = house.enter("facilitator", width=390)
    page.goto(f"{QUESTIONS}/one")
    desk.park(house.store, Who(9, "Priya"), house.ids["gps"])
    expect(page.locator("#solo-q")).to_contain_text("Priya was first")
    page.get_by_role("link", name="Next question").click()
    expect(page.locator(".solo-text")).to_contain_text("commissioner")


def test_several_are_ticked_and_moved_with_one_undo(house: House) -> None:
    page = house.enter()
    page.goto(f"{QUESTIONS}?pick=1")
    page.locator(f"#q-{house.ids['gps']} [data-pick]").check()
    page.locator(f"#q-{house.ids['pay']} [data-pick]").check()
    expect(page.locator("[data-picked]")).to_have_text("2 questions chosen.")
    page.locator("#many").get_by_role("button", name="Park").click()
    expect(page.locator("#toast")).to_contain_text("2 questions: Parked.")
    assert (of(house, "gps", "state"), of(house, "pay", "state")) == ("parked", "parked")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#toast")).to_contain_text("Undone for 2 questions.")


def test_the_second_can_do_it_anyway(house: House) -> None:
    page = house.enter()
    page.add_init_script(
        "window.EventSource = class { addEventListener() {} close() {} }"
    )  # no news: it stays as it was
    page.goto(QUESTIONS)
    desk.to_room(house.store, Who(9, "Priya"), house.ids["pay"])
    page.locator(f"#q-{house.ids['pay']}").get_by_role("button", name="Dismiss").click()
    expect(page.locator("#problem")).to_contain_text("Priya was first: on the list for the room.")
    page.get_by_role("button", name="Do it anyway").click()
    expect(page.locator("#toast")).to_contain_text("Dismissed.")
    assert of(house, "pay", "state") == "dismissed"
