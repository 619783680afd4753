"""The screens in the room: who opens one, what stands on it, and what never does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot import desk
from bot.core import room
from bot.core.items import Checked, Standing
from bot.desk import Who
from bot.store import erasure, events, keeping, screens
from bot.store.engine import Store
from bot.store.tables import event, item, question
from tests.console.conftest import Browser
from tests.console.scene import NOW, Scene, ago

SignIn = Callable[..., Browser]
AMIRA = Who(1, "Amira Khan", "lead")
JOE = Who(2, "Joe Okafor", "facilitator")
AT = "/e/peer-support/screens"


@pytest.fixture
def ready(scene: Scene, ids: dict[str, int]) -> dict[str, int]:
    """Two questions that a person took to the room, and one that waits."""
    for name in ("funding", "pay"):
        assert desk.to_room(scene.store, JOE, ids[name]).ok
    with scene.store.write() as tx:  # those of the scene were put there without a person
        gone = update(question).where(question.c.id.in_([ids["room"], ids["next"]]))
        tx.execute(gone.values(state="parked"))
    assert desk.reword(scene.store, JOE, ids["pay"], "Should peer workers be paid?").ok
    assert desk.reword(scene.store, JOE, ids["funding"], "Who funds peer support for three years?").ok
    return ids


def opened(store: Store, scene: Scene, name: str = "Main hall") -> tuple[int, str]:
    done = desk.add_screen(store, AMIRA, scene.event_id, name)
    assert isinstance(done, desk.Opened)
    with store.read() as tx:
        return int(screens.of_event(tx, scene.event_id)[-1].id), f"/screen/{done.secret}"


def test_a_screen_opens_by_its_address_alone_and_shows_how_to_ask(
    store: Store, scene: Scene, nobody: Browser, ready: dict[str, int]
) -> None:
    _, address = opened(store, scene)
    page = nobody.get(address)
    assert page.status_code == 200
    assert "What do you want to ask the room?" in page.text
    assert "#QLabs" in page.text
    assert "Who funds" not in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert nobody.get("/screen/" + "x" * 22).status_code == 410


def test_the_question_stands_with_where_it_was_asked_and_without_who(
    store: Store, scene: Scene, nobody: Browser, ready: dict[str, int]
) -> None:
    number, address = opened(store, scene)
    assert desk.reword(store, JOE, ready["gps"], "How will GPs know which groups are near?").ok
    assert desk.to_room(store, JOE, ready["gps"]).ok
    assert desk.show_on_screen(store, JOE, number, ready["gps"]).ok
    page = nobody.get(address).text
    assert '<p class="stage-text len-s" dir="auto">How will GPs know which groups are near?</p>' in page
    assert "4 people asked, on X, Mastodon and the blog" in page
    assert "Who funds peer support for three years?" in page.split("Up next")[1]
    assert "Dana" not in page
    assert "@" not in page


def test_each_screen_points_for_itself(store: Store, scene: Scene, nobody: Browser, ready: dict[str, int]) -> None:
    (hall, in_hall), (annexe, in_annexe) = opened(store, scene), opened(store, scene, "Annexe")
    desk.show_on_screen(store, JOE, hall, ready["funding"])
    desk.show_on_screen(store, JOE, annexe, ready["pay"])
    assert "Who funds" in stage(nobody, in_hall)
    assert "Should peer" in stage(nobody, in_annexe)
    desk.take_off_screen(store, JOE, hall)
    assert "What do you want to ask" in stage(nobody, in_hall)
    assert "Should peer" in stage(nobody, in_annexe)


def stage(browser: Browser, address: str) -> str:
    """The words that stand large on the screen."""
    found = re.search(r'<(?:p class="stage-text[^>]*|h1 class="ask")>(.*?)</', browser.get(address, x_part="live").text)
    assert found
    return found[1]


@pytest.mark.parametrize("how", ["dismissed", "answered", "gone", "erased", "edited", "merged", "parked"])
def test_what_is_no_longer_for_the_room_is_off_the_screen_at_once(
    how: str, store: Store, scene: Scene, nobody: Browser, ready: dict[str, int]
) -> None:
    number, address = opened(store, scene)
    asked = scene.question("Is there a bus?", "mastodon", 3, author={"native_id": "bus", "author_id": "dana"})
    desk.to_room(store, JOE, asked)
    assert desk.show_on_screen(store, JOE, number, asked).ok
    assert stage(nobody, address) == "Is there a bus?"
    leave(how, store, scene, asked, ready)
    page = nobody.get(address).text
    assert "Is there a bus?" not in page
    assert "What do you want to ask the room?" in page


def leave(how: str, store: Store, scene: Scene, asked: int, ids: dict[str, int]) -> None:
    if how in ("dismissed", "answered", "parked"):
        {"dismissed": desk.dismiss, "answered": desk.answered, "parked": desk.park}[how](store, JOE, asked)
    elif how == "merged":
        desk.merge(store, JOE, asked, ids["pay"])
    else:
        with store.write() as tx:
            if how == "gone":
                erasure.settle_checks(tx, NOW, "mastodon", [Checked("bus", Standing.GONE)])
            elif how == "erased":
                assert erasure.erase_author(tx, NOW, "Amira", "mastodon", "dana")
            else:
                tx.execute(update(question).where(question.c.id == asked).values(text="Is there a <b>bar</b>?"))


def test_an_event_that_is_kept_no_longer_takes_its_screens_with_it(
    store: Store, scene: Scene, nobody: Browser, ready: dict[str, int]
) -> None:
    number, address = opened(store, scene)
    assert desk.show_on_screen(store, JOE, number, ready["funding"]).ok
    with store.write() as tx:
        keeping.forget_event(tx, NOW, events.one_event(tx, scene.event_id))
    assert nobody.get(address).status_code == 410


def test_other_words_have_to_be_looked_at_again_before_they_are_shown(
    store: Store, scene: Scene, nobody: Browser, ready: dict[str, int]
) -> None:
    number, address = opened(store, scene)
    asked = scene.question("Is there a bus?", "mastodon", 3)
    desk.to_room(store, JOE, asked)
    with store.write() as tx:
        tx.execute(update(question).where(question.c.id == asked).values(text="Is there a bar?"))
    refused = desk.show_on_screen(store, JOE, number, asked)
    assert (refused.ok, refused.sentence.split(".")[0]) == (False, "Its author changed it since it was put on the list")
    assert desk.show_on_screen(store, JOE, number, asked, room.mark("Is there a bar?")).ok
    assert stage(nobody, address) == "Is there a bar?"


def test_words_that_no_person_wrote_or_that_are_too_long_stay_off(
    store: Store, scene: Scene, ready: dict[str, int]
) -> None:
    number, _ = opened(store, scene)
    flagged = scene.question("Ring me on 07700 900123?", flags=["personal_data"], state="room", position=9.0)
    shy = scene.question("What of me?", state="room", position=9.5)
    with store.write() as tx:
        tx.execute(update(item).where(item.c.text == "What of me?").values(marks=["no_copies"]))
    long = scene.question("Why " + "very " * 40 + "long?", state="room", position=10.0)
    waiting = scene.question("Not yet?")
    said = {one: desk.show_on_screen(store, JOE, number, one, "x") for one in (flagged, shy, long, waiting)}
    assert not any(done.ok for done in said.values())
    assert "Reword it for the room first" in said[flagged].sentence
    assert "Reword it for the room first" in said[shy].sentence
    assert "too long to be read in the room. Reword it in under 160 letters" in said[long].sentence
    assert "not on the list for the room" in said[waiting].sentence


def test_the_safe_slide_hides_every_screen_and_comes_off_again(
    store: Store, scene: Scene, nobody: Browser, ready: dict[str, int]
) -> None:
    (hall, in_hall), (_, in_annexe) = opened(store, scene), opened(store, scene, "Annexe")
    desk.show_on_screen(store, JOE, hall, ready["funding"])
    assert desk.cover_screens(store, JOE, scene.event_id).ok
    assert {stage(nobody, one) for one in (in_hall, in_annexe)} == {"Back in a moment"}
    assert "Who funds" not in nobody.get(in_hall).text.split('id="safe"')[0]
    assert desk.cover_screens(store, JOE, scene.event_id).sentence == "The safe slide is on already."
    assert desk.uncover_screens(store, JOE, scene.event_id).ok
    assert "Who funds" in stage(nobody, in_hall)


def test_an_address_is_told_once_and_ends_when_a_lead_says_so(
    browse: SignIn, nobody: Browser, ready: dict[str, int]
) -> None:
    amira = browse("lead")
    made = amira.post("/e/peer-support/all-screens/add", {"name": "Main hall"}).text
    address = the_address(made)
    assert address not in amira.get(AT).text
    number = re.findall(rf"{AT}/(\d+)/end", made)[-1]
    assert nobody.get(address).status_code == 200
    renewed = the_address(amira.post(f"{AT}/{number}/renew").text)
    assert (nobody.get(address).status_code, nobody.get(renewed).status_code) == (410, 200)
    amira.post(f"{AT}/{number}/end")
    assert nobody.get(renewed).status_code == 410
    assert "The screen is closed" in nobody.get(renewed).text
    assert amira.get(f"{AT}/{number}").status_code == 404
    assert "There is no such screen any more" in amira.follow(amira.post(f"{AT}/{number}/take-off")).text


def the_address(page: str) -> str:
    found = re.search(r'<code id="screen-address">http://127.0.0.1:8000(/screen/[\w-]{22})</code>', page)
    assert found
    return found[1]


def test_the_page_offers_what_can_be_shown_and_says_what_must_be_reworded(
    browse: SignIn, store: Store, scene: Scene, ready: dict[str, int]
) -> None:
    number, _ = opened(store, scene)
    scene.question("Why " + "very " * 40 + "long?", state="room", position=10.0)
    joe = browse("facilitator")
    page = joe.get(AT).text
    assert "Too long to be read in the room." in page
    assert "Add a screen" not in page
    form = {"question": str(ready["funding"]), "mark": room.mark("Who funds peer support for three years?")}
    page = joe.follow(joe.post(f"{AT}/{number}/show", form | {"back": AT})).text
    assert "On screen: Main hall." in page
    assert "on screen since 3:11pm, by Joe Okafor" in page
    assert "Who funds peer support" in joe.get(f"{AT}/{number}").text


def test_a_screen_of_another_event_is_not_reached(
    browse: SignIn, store: Store, scene: Scene, ready: dict[str, int]
) -> None:
    other = Scene(store, "other", "Another event")
    number, _ = opened(store, other)
    amira = browse("lead")
    assert amira.get(f"{AT}/{number}").status_code == 404
    form = {"question": str(ready["funding"])}
    assert amira.post(f"{AT}/{number}/show", form).status_code == 404
    assert amira.post(f"/e/other/screens/{number}/show", form).status_code in (303, 404)
    with store.read() as tx:
        assert screens.of_event(tx, other.event_id)[0].question_id is None


def test_the_code_leads_to_the_live_blog_and_a_long_address_is_not_printed(
    store: Store, scene: Scene, nobody: Browser, ready: dict[str, int]
) -> None:
    _, address = opened(store, scene)
    assert "qr" not in nobody.get(address).text
    for blog, printed in (("https://www.q.example/ask/", True), ("https://q.example/" + "long-" * 9, False)):
        with store.write() as tx:
            tx.execute(update(event).values(options={"hashtags": ["QLabs"], "live_blog": blog, "comments": True}))
        page = nobody.get(address).text
        assert re.search(r'<div class="qr"[^>]*><svg [^>]*viewBox="0 0 \d+ \d+"', page)
        assert ("q.example/<wbr>ask" in page) is printed
        assert ('class="url"' in page) is printed


def test_the_first_look_at_a_question_is_timed_once(store: Store, scene: Scene, ids: dict[str, int]) -> None:
    asked = scene.question("How long?", minutes=4)
    joe = Who(scene.person("Joe Okafor", "facilitator"), "Joe Okafor", "facilitator")
    desk.claim(store, joe, asked)
    with store.write() as tx:
        tx.execute(update(question).where(question.c.id == asked).values(asked_at=ago(60)))
    desk.park(store, JOE, asked)
    with store.read() as tx:
        row = tx.execute(question.select().where(question.c.id == asked)).one()
    assert row.looked_seconds == timedelta(minutes=4).total_seconds()
