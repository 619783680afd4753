"""A facilitator's and a comms person's work in a real browser, with script and without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.store import changes, sessions, tables
from tests.console.house import House, open_house
from tests.console.scene import NOW

pytestmark = pytest.mark.real
QUESTIONS = "/e/peer-support/questions"


@pytest.fixture
def house(tmp_path: Path, browser: Browser) -> Iterator[House]:
    with open_house(tmp_path, browser) as made:
        yield made


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_link_signs_in_with_one_button(house: House, script: bool) -> None:
    amira = house.scene.person("Amira Khan", "lead")
    with house.store.write() as tx:
        token = sessions.new_ticket(tx, NOW, amira, timedelta(hours=1))
    page = house.watched(house.context(script=script).new_page())
    page.goto(f"/in/{token}")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(QUESTIONS))
    expect(page.get_by_role("heading", name="Questions", exact=True)).to_be_visible()


def test_triage_works_without_script(house: House) -> None:
    page = house.enter(script=False, width=390)
    page.goto(QUESTIONS)
    funding = page.locator(f"#q-{house.ids['funding']}")
    funding.get_by_role("button", name="Park").click()
    expect(page.locator("#toast")).to_contain_text("Parked.")
    expect(funding).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(funding).to_be_visible()
    funding.locator("summary").click()
    funding.get_by_role("button", name="Follow up after the event").click()
    page.get_by_role("link", name=re.compile("^Answered")).click()
    expect(page.locator(f"#q-{house.ids['funding']}")).to_contain_text("To follow up")


def test_heading_and_title_of_an_open_page_follow_what_others_do(house: House) -> None:
    page, other = house.enter(), house.enter(width=1300)
    page.goto(f"{QUESTIONS}/{house.ids['funding']}")
    expect(page.locator(".topbar-title")).to_contain_text("Waiting")
    other.goto(QUESTIONS)
    expect(other).to_have_title(re.compile("^6 questions waiting"))
    other.locator(f"#q-{house.ids['funding']}").get_by_role("button", name="Park").click()
    expect(page.locator(".topbar-title")).to_contain_text("Parked")
    expect(other).to_have_title(re.compile("^5 questions waiting"))


def test_triage_with_script_stays_on_the_page_and_can_be_undone(house: House) -> None:
    page = house.enter(width=390)
    page.goto(QUESTIONS)
    page.evaluate("window.stayed = true")
    funding = page.locator(f"#q-{house.ids['funding']}")
    funding.get_by_role("button", name="Dismiss").click()
    expect(funding).to_have_count(0)
    expect(page.locator("#toast")).to_contain_text("Dismissed.")
    page.get_by_role("button", name="Undo").click()
    expect(funding).to_be_visible()
    expect(page.locator("#tabs")).to_contain_text("Waiting 6")
    assert page.evaluate("window.stayed") is True


def test_the_keys_do_what_they_say_and_can_be_switched_off(house: House) -> None:
    page = house.enter()
    page.goto(QUESTIONS)
    first, second = house.ids["gps"], house.ids["funding"]
    expect(page.locator(f"#q-{first}")).to_have_class(re.compile("q-sel"))
    page.keyboard.press("j")
    expect(page.locator(f"#q-{second}")).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("p")
    expect(page.locator(f"#q-{first}")).to_have_count(0)
    expect(page.locator(f"#q-{second}")).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator(f"#q-{first}")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Turn single keys off").click()
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    page.wait_for_timeout(300)
    expect(page.locator(f"#q-{first}")).to_be_visible()
    expect(page.locator(".key-hint:visible")).to_have_count(0)
    page.reload()
    expect(page.locator(".key-hint:visible")).to_have_count(0)


def test_keys_are_left_alone_in_fields_and_with_ctrl(house: House) -> None:
    page = house.enter()
    page.goto(QUESTIONS)
    page.keyboard.press("/")
    page.keyboard.type("prd")
    expect(page.get_by_role("searchbox")).to_have_value("prd")
    page.get_by_role("heading", name="Questions", exact=True).click()
    page.keyboard.press("Control+d")
    page.wait_for_timeout(300)
    expect(page.locator("#tabs")).to_contain_text("Waiting 6")


def test_a_new_question_waits_behind_a_button_and_moves_nothing(house: House) -> None:
    page = house.enter(width=390)
    page.goto(QUESTIONS)
    expect(page.locator("[data-conn]")).to_have_text("Live")
    before = page.locator("article.q").first.bounding_box()
    new = house.scene.question("What about rural areas?", "bluesky", 0.1, times_asked=9)
    show = page.get_by_role("button", name="Show 1 new question")
    expect(show).to_be_visible()
    expect(page.locator(f"#q-{new}")).to_have_count(0)
    expect(page.locator("#tabs")).to_contain_text("Waiting 7")
    assert before is not None
    assert page.locator("article.q").first.get_attribute("id") == f"q-{house.ids['gps']}"
    show.click()
    expect(page.locator("article.q").first).to_have_attribute("id", f"q-{new}")
    expect(show).to_be_hidden()


def test_what_somebody_else_handled_leaves_the_page_and_what_is_being_written_stays(house: House) -> None:
    amira, joe = house.enter("lead"), house.enter("facilitator")
    amira.goto(QUESTIONS)
    expect(amira.locator("[data-conn]")).to_have_text("Live")
    at = f"{QUESTIONS}/{house.ids['pay']}"
    writer = house.enter("comms")
    writer.goto(at)
    expect(writer.locator("[data-conn]")).to_have_text("Live")
    writer.get_by_label("Add a note").fill("Ask table 4")
    joe.goto(QUESTIONS)
    joe.locator(f"#q-{house.ids['pay']}").get_by_role("button", name="Park").click()
    expect(amira.locator(f"#q-{house.ids['pay']}")).to_have_count(0)
    expect(writer.locator("#about")).to_contain_text("Parked")
    expect(writer.get_by_label("Add a note")).to_have_value("Ask table 4")


def test_an_empty_list_fills_by_itself(house: House) -> None:
    page = house.enter()
    page.goto(f"{QUESTIONS}?theme=Evidence")
    expect(page.locator("#list-end")).to_contain_text("No questions match")
    expect(page.locator("[data-conn]")).to_have_text("Live")
    new = house.scene.question("Which measures count?", theme="Evidence")
    expect(page.locator(f"#q-{new}")).to_be_visible()
    expect(page.locator("#list-end")).not_to_contain_text("No questions match")


def test_the_countdown_runs_and_hold_stops_it(house: House) -> None:
    page = house.enter("comms")
    page.goto("/e/peer-support/updates")
    line = page.locator(f"#post-{house.ids['draft']}")
    expect(line).to_contain_text("Goes out in 42 s")
    expect(line).to_contain_text(re.compile(r"Goes out in (39|38|37) s"), timeout=8000)
    line.click()
    expect(page.locator("#detail")).to_contain_text("Goes out to 3 networks in")
    page.keyboard.press("h")
    expect(page.locator("#detail")).to_contain_text("Held by comms 1440 True")
    expect(page.locator(f"#post-{house.ids['draft']}")).to_contain_text("Held by")


def test_pausing_is_seen_by_the_others_at_once(house: House) -> None:
    joe, priya = house.enter("facilitator", 390), house.enter("comms")
    joe.goto(QUESTIONS)
    expect(joe.locator("[data-conn]")).to_have_text("Live")
    priya.goto("/e/peer-support/updates")
    priya.get_by_role("switch", name="Pause all posting").click()
    expect(priya.get_by_role("switch", name="Pause all posting")).to_be_checked()
    expect(joe.locator("#banners")).to_contain_text("All posting is paused by comms 1440 True")


def test_an_answer_is_previewed_while_it_is_written(house: House) -> None:
    page = house.enter("facilitator")
    page.goto(f"{QUESTIONS}/{house.ids['funding']}")
    page.get_by_label("Your answer").fill("Show what stops when a pilot ends.")
    expect(page.locator("#previews")).to_contain_text("to @dana@health.example")
    expect(page.locator("#previews")).to_contain_text("of 500")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator("#answers")).to_contain_text("On its way")


def test_rewording_a_flagged_question_lets_it_into_the_room(house: House) -> None:
    page = house.enter("facilitator", 390)
    page.goto(QUESTIONS)
    page.locator(f"#q-{house.ids['leeds']}").get_by_role("link", name="Reword first").click()
    page.get_by_label("Wording for the room").fill("Where do people go when a group closes?")
    page.get_by_role("button", name="Use this wording").click()
    page.get_by_role("button", name="To the room").click()
    expect(page.locator("#head")).to_contain_text("Answered")


def test_opening_a_question_says_who_is_reading(house: House) -> None:
    joe, amira = house.enter("facilitator"), house.enter("lead")
    amira.goto(QUESTIONS)
    joe.goto(f"{QUESTIONS}/{house.ids['funding']}")
    expect(amira.locator(f"#q-{house.ids['funding']}")).to_contain_text(
        "facilitator 1440 True is reading", timeout=8000
    )


def test_a_lost_session_leads_to_the_sign_in_page(house: House) -> None:
    page = house.enter("facilitator")
    page.goto(QUESTIONS)
    expect(page.locator("[data-conn]")).to_have_text("Live")
    page.context.clear_cookies()
    with house.store.write() as tx:
        changes.record(tx, NOW, "", "paused", kind="switch")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert all("401" in said for said in house.broken)
    house.broken.clear()


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_nothing_scrolls_sideways_and_nothing_is_refused_by_the_policy(house: House, width: int) -> None:
    house.scene.question(
        "Extraordinarilyunbreakable" * 12 + "?", "x", author={"author_name": "N" * 70, "author_handle": "@" + "h" * 60}
    )
    entry = house.scene.entry("W" * 120, "x" * 400, 2)
    long = house.scene.post(entry, words="https://example.org/" + "y" * 300, waits_for="z" * 300)
    page = house.enter(width=width)
    ids = house.ids
    pages = ["questions", "questions?list=room", f"questions/{ids['leeds']}", f"questions/{ids['gps']}", "thoughts",
             "everything", "overview", "updates", f"updates/{ids['draft']}", f"updates/{ids['correction']}",
             f"updates/{ids['unsure']}", f"updates/{long}"]  # fmt: skip
    for path in pages:
        page.goto(f"/e/peer-support/{path}")
        for menu in page.locator("details:not(.more)").all()[:6]:
            menu.evaluate("el => { el.open = true }")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, f"{path} is {over} px too wide"


def test_who_was_signed_out_while_writing_is_told_and_keeps_what_they_wrote(house: House) -> None:
    page = house.enter("facilitator")
    page.goto(f"/e/peer-support/questions/{house.ids['gps']}")
    expect(page.locator("[data-conn]")).to_have_text("Live")
    page.get_by_label("Add a note").fill("Ask the commissioner")
    with house.store.write() as tx:
        tx.execute(tables.session.delete())
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#problem")).to_contain_text("You are signed out")
    expect(page.locator("#problem")).to_contain_text("What you wrote is still on this page.")
    expect(page.get_by_label("Add a note")).to_have_value("Ask the commissioner")
    page.get_by_label("Add a note").fill("")
    page.get_by_label("Add a note").blur()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    house.broken[:] = [said for said in house.broken if "401" not in said]


def test_a_password_can_be_looked_at_while_it_is_typed(house: House) -> None:
    page = house.watched(house.context(390).new_page())
    page.goto("/signin")
    page.get_by_label("Password", exact=True).fill("a long password")
    page.get_by_role("button", name="Show the password").click()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    expect(page.locator("#password")).to_have_value("a long password")
    page.get_by_role("button", name="Hide the password").click()
    expect(page.locator("#password")).to_have_attribute("type", "password")
