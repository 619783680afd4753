"""What the questions page says of the room is what the room reads on its screens."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import update

from bot import desk
from bot.desk import Who
from bot.store.engine import Store
from bot.store.tables import question, screen
from tests.console.conftest import Browser
from tests.console.scene import Scene

SignIn = Callable[..., Browser]
JOE = Who(2, "Joe Okafor", "facilitator")
BASE = "/e/peer-support"
HEAD = re.compile(
    r'<section class="now[^"]*"[^>]*>\s*<p class="now-head" id="now-[^>]*>(.*?)</p>.*?now-text"[^>]*>(.*?)</p>', re.S
)


def now(page: str) -> list[tuple[str, str]]:
    """The heading and the words of each dark box beside the list."""
    return [(" ".join(re.sub("<[^>]+>", " ", head).split()), words) for head, words in HEAD.findall(page)]


@pytest.fixture
def page(browse: SignIn, ids: dict[str, int]) -> Callable[[], str]:
    joe = browse("facilitator")
    return lambda: joe.get(f"{BASE}/questions").text


def asked(scene: Scene, words: str) -> int:
    number = scene.question(words, "mastodon", 3)
    assert desk.to_room(scene.store, JOE, number).ok
    return number


def test_it_names_the_screens_and_gives_their_words(
    page: Callable[[], str], scene: Scene, store: Store, ids: dict[str, int], nobody: Browser
) -> None:
    number = asked(scene, "#QLabs @dana@health.example Is there a bus? https://q.example/bus")
    assert desk.show_on_screen(store, JOE, ids["annexe"], number).ok
    said = now(page())
    assert [head for head, _ in said] == ["On screen: Main hall since 3:07pm", "On screen: Annexe since 3:11pm"]
    assert said[1][1] == "Is there a bus?"
    for (_, words), secret in zip(said, ("the-main-hall", "the-annexe"), strict=True):
        assert f">{words}</p>" in nobody.get(f"/screen/{secret}").text


def test_one_question_on_two_screens_is_said_once_and_taken_off_each(
    page: Callable[[], str], store: Store, ids: dict[str, int]
) -> None:
    assert desk.show_on_screen(store, JOE, ids["annexe"], ids["room"]).ok
    answer = page()
    assert [head for head, _ in now(answer)] == ["On screen: Main hall, Annexe since 3:07pm"]
    for name in ("screen", "annexe"):
        assert f'formaction="{BASE}/screens/{ids[name]}/take-off"' in answer


def test_what_its_author_changed_is_on_no_screen_and_the_page_does_not_say_it_is(
    page: Callable[[], str], store: Store, ids: dict[str, int], nobody: Browser
) -> None:
    with store.write() as tx:
        tx.execute(update(question).where(question.c.id == ids["room"]).values(text="Is there a bar?"))
    assert "bar" not in nobody.get("/screen/the-main-hall").text
    assert now(page()) == [("First for the room not on a screen", "Is there a bar?")]


def test_the_safe_slide_is_said(page: Callable[[], str], store: Store, scene: Scene, ids: dict[str, int]) -> None:
    assert desk.cover_screens(store, JOE, scene.event_id).ok
    assert now(page())[0][0] == "First for the room safe slide is on"


def test_the_first_of_the_list_goes_onto_a_screen_from_here(
    browse: SignIn, store: Store, ids: dict[str, int], nobody: Browser
) -> None:
    desk.answered(store, JOE, ids["room"])
    joe = browse("facilitator")
    answer = joe.get(f"{BASE}/questions").text
    form = answer.split('id="now-first"')[1].split("</form>")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert joe.follow(joe.post(f"{BASE}/screens/{ids['screen']}/show", fields)).status_code == 200
    assert "Who decides what counts as evidence" in nobody.get("/screen/the-main-hall").text


def test_words_that_must_not_be_shown_are_to_be_reworded_first(
    page: Callable[[], str], store: Store, scene: Scene, ids: dict[str, int]
) -> None:
    desk.answered(store, JOE, ids["room"])
    desk.answered(store, JOE, ids["next"])
    scene.question("Ring me on 07700 900123?", flags=["personal_data"], state="room", position=9.0)
    scene.question("Why " + "very " * 40 + "long?", state="room", position=10.0)
    answer = page()
    assert "These words must not be shown as they are." in answer.split('id="now-first"')[1]
    assert "Too long to be read in the room." in answer
    assert "900123" not in answer
    assert "/show" not in answer


def test_without_a_screen_the_first_of_the_list_is_just_that(
    page: Callable[[], str], store: Store, ids: dict[str, int]
) -> None:
    with store.write() as tx:
        tx.execute(screen.update().values(ended_at=screen.c.created_at))
    assert [head for head, _ in now(page())] == ["First for the room"]


def test_a_card_and_the_page_of_a_question_say_on_which_screen_it_is(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    assert "On Main hall</span>" in joe.get(f"{BASE}/questions?list=room").text
    assert '<dt>On screen</dt><dd dir="auto">Main hall</dd>' in joe.get(f"{BASE}/questions/{ids['room']}").text
    assert "<dt>On screen</dt>" not in joe.get(f"{BASE}/questions/{ids['next']}").text
