"""What is pressed without a connection waits on the device, is sent once and in order, and is shown until then."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select

from bot import desk
from bot.desk import Who
from bot.store import changes, sessions
from bot.store.tables import change, note, person
from tests.console.house import House, open_house

pytestmark = pytest.mark.real
QUESTIONS = "/e/peer-support/questions"
CUT = float(os.environ.get("BACKCHANNEL_CUT_SECONDS", "3"))  # how long the network is away


@pytest.fixture
def house(tmp_path: Path, browser: Browser) -> Iterator[House]:
    with open_house(tmp_path, browser) as made:
        yield made
        made.broken[:] = [said for said in made.broken if "ERR_INTERNET_DISCONNECTED" not in said]


def done(house: House, since: int) -> list[tuple[str, int]]:
    """What people did to questions after that change, in order."""
    rows = select(change.c.what, change.c.ref).where(change.c.id > since, change.c.kind == "question")
    with house.store.read() as tx:
        return [(row.what, row.ref) for row in tx.execute(rows.order_by(change.c.id))]


def newest(house: House) -> int:
    with house.store.read() as tx:
        return changes.newest(tx)


def press(page: Page, question_id: int, button: str) -> None:
    card = page.locator(f"#q-{question_id}")
    card.get_by_role("button", name=button).click()
    expect(card).to_have_count(0)


def opened(house: House, path: str = QUESTIONS, role: str = "facilitator", width: int = 390) -> Page:
    page = house.enter(role, width)
    page.goto(path)
    expect(page.locator("[data-conn]")).to_have_text("Live")
    return page


def test_five_acts_during_a_cut_arrive_once_and_in_order(house: House) -> None:
    page, ids, since = opened(house), house.ids, newest(house)
    page.context.set_offline(True)
    press(page, ids["gps"], "To the room")
    press(page, ids["funding"], "Park")
    press(page, ids["pay"], "Dismiss")
    press(page, ids["arabic"], "Park")
    press(page, ids["spam"], "Dismiss")
    expect(page.locator("#offline")).to_contain_text("5 things you did are waiting on this device")
    expect(page.locator("#offline")).to_contain_text("2 “Park”")
    page.get_by_text("Show what is waiting").click()
    expect(page.locator("#unsent li").first).to_contain_text("To the room: How will GPs know")
    page.wait_for_timeout(CUT * 1000)
    assert done(house, since) == []
    page.context.set_offline(False)
    expect(page.locator("#toast")).to_contain_text("All 5 things you did are sent.", timeout=15_000)
    expect(page.locator("#offline")).to_be_hidden()
    expect(page.locator("#tabs")).to_contain_text("Waiting 1")
    assert done(house, since) == [
        ("room", ids["gps"]), ("parked", ids["funding"]), ("dismissed", ids["pay"]),
        ("parked", ids["arabic"]), ("dismissed", ids["spam"]),
    ]  # fmt: skip
    assert page.evaluate("localStorage.getItem('unsent')") is None


def test_an_act_whose_answer_was_lost_is_not_done_twice(house: House) -> None:
    page, ids = opened(house, f"{QUESTIONS}/{house.ids['funding']}"), house.ids
    lost: list[str] = []

    def lose_the_answer(route: Route) -> None:
        lost.append(str(route.request.headers.get("idempotency-key")))
        if len(lost) == 1:
            route.fetch()  # it reaches the server
            route.abort("connectionreset")
        else:
            route.fallback()

    page.route("**/note", lose_the_answer)
    lose_the_stream(page)
    page.get_by_label("Add a note").fill("Ask table 4")
    page.get_by_label("Add a note").press("Enter")
    expect(page.locator("#offline")).to_contain_text("1 thing you did is waiting on this device")
    expect(page.locator("#offline")).not_to_contain_text("waiting on this device", timeout=15_000)
    page.unroute("**/live*")
    expect(page.locator("#offline")).to_be_hidden(timeout=15_000)
    expect(page.get_by_text("Ask table 4")).to_be_visible()
    with house.store.read() as tx:
        assert tx.execute(select(note.c.text).where(note.c.question_id == ids["funding"])).scalars().all() == [
            "Ask table 4"
        ]
    assert len(lost) == 2
    assert len(set(lost)) == 1
    house.broken.clear()


def test_what_waits_survives_a_reload_and_a_refusal_is_shown_with_what_was_written(house: House) -> None:
    page, ids = opened(house), house.ids
    page.route("**/questions/*/*", lambda route: route.abort("internetdisconnected"))
    press(page, ids["funding"], "Park")
    press(page, ids["pay"], "Park")
    joe = Who(99, "Joe Okafor", "facilitator")
    assert desk.dismiss(house.store, joe, ids["funding"]).ok
    page.reload()
    expect(page.locator("#offline")).to_contain_text("2 things you did are waiting on this device")
    expect(page.get_by_role("button", name="Try now")).to_be_visible()
    page.unroute("**/questions/*/*")
    refused = page.locator("#refusals li")
    expect(refused).to_have_count(1, timeout=15_000)  # it is tried again every 5 s
    expect(refused).to_contain_text("“Park” was not done")
    expect(refused).to_contain_text("Joe Okafor was first: dismissed.")
    page.reload()
    expect(refused).to_have_count(1)
    refused.get_by_role("button", name="Remove this note").click()
    expect(refused).to_have_count(0)
    assert page.evaluate("localStorage.getItem('unsent')") is None


def test_an_act_can_be_taken_back_before_it_is_sent(house: House) -> None:
    page, ids, since = opened(house), house.ids, newest(house)
    page.context.set_offline(True)
    press(page, ids["funding"], "Dismiss")
    page.get_by_text("Show what is waiting").click()
    page.get_by_role("button", name="Take it back").click()
    page.context.set_offline(False)
    page.reload()
    expect(page.locator(f"#q-{ids['funding']}")).to_be_visible()
    assert done(house, since) == []


def test_the_notice_comes_after_five_seconds_and_goes_when_the_stream_is_back(house: House) -> None:
    page = opened(house)
    began = page.evaluate("Date.now()")
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible(timeout=20_000)
    expect(page.locator("#offline")).to_contain_text("Reconnecting. You have everything up to 3:11pm")
    assert page.evaluate("Date.now()") - began >= 4900
    expect(page.locator("[data-conn]")).to_have_text("Reconnecting")
    expect(page.locator(f"#q-{house.ids['pay']}")).to_be_visible()
    late = house.scene.question("What did we miss?")
    page.context.set_offline(False)
    expect(page.locator("[data-conn]")).to_have_text("Live", timeout=15_000)
    expect(page.locator("#offline")).to_be_hidden()
    page.get_by_role("button", name="Show 1 new question").click()
    expect(page.locator(f"#q-{late}")).to_be_visible()


def test_signing_out_drops_what_waits_but_not_without_asking(house: House) -> None:
    page = opened(house, width=1440)
    page.route("**/questions/*/*", lambda route: route.abort("internetdisconnected"))
    press(page, house.ids["funding"], "Park")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#problem")).to_contain_text("Not signed out yet")
    expect(page.locator("#problem")).to_contain_text("1 thing you did is waiting on this device")
    page.get_by_role("button", name="Sign out and drop it").first.click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.evaluate("localStorage.getItem('unsent')") is None


def test_what_one_person_left_is_not_sent_in_the_name_of_another(house: House) -> None:
    page, since = opened(house), newest(house)
    page.route("**/questions/*/*", lambda route: route.abort("internetdisconnected"))
    press(page, house.ids["funding"], "Park")
    sign_in_as(house, page, "Somebody else")
    page.unroute("**/questions/*/*")
    page.reload()
    expect(page.locator("[data-conn]")).to_have_text("Live")
    expect(page.locator("#offline")).to_be_hidden()
    assert page.evaluate("localStorage.getItem('unsent')") is None
    assert done(house, since) == []


def test_a_session_that_ended_keeps_what_was_pressed_until_the_person_is_back(house: House) -> None:
    page, since = opened(house), newest(house)
    page.route("**/live*", lambda route: route.abort())
    secret = next(one["value"] for one in page.context.cookies() if one["name"] == "session")
    with house.store.write() as tx:
        sessions.end(tx, str(secret))
    press(page, house.ids["funding"], "Park")
    expect(page.locator("#offline")).to_contain_text("You are signed out")
    sign_in_as(house, page, "facilitator 390 True")
    page.unroute("**/live*")
    page.goto(QUESTIONS)
    expect(page.locator("#tabs")).to_contain_text(re.compile("Parked 2"))
    assert done(house, since) == [("parked", house.ids["funding"])]
    house.broken.clear()


def lose_the_stream(page: Page) -> None:
    """The page knows that it is cut off; whatever else it asks for still goes through."""
    page.route("**/live*", lambda route: route.abort("internetdisconnected"))
    with page.expect_request("**/live*"):
        page.evaluate("dispatchEvent(new Event('offline'))")
    page.wait_for_timeout(100)


def sign_in_as(house: House, page: Page, name: str) -> None:
    with house.store.read() as tx:
        known: Any = tx.execute(select(person.c.id).where(person.c.name == name)).scalar()
    secret = house.scene.session(known or house.scene.person(name, "facilitator"))
    page.context.add_cookies([{"name": "session", "value": secret, "url": house.url}])
