"""What people ask of their readers is seen on the desk, and keeps their words from the room and from being read out."""

from __future__ import annotations

from collections.abc import Callable

from tests.console.conftest import Browser
from tests.console.scene import Scene

SignIn = Callable[..., Browser]
BASE = "/e/peer-support"


def test_a_thought_of_who_asks_not_to_be_shown_is_listed_and_not_read_out(browse: SignIn, scene: Scene) -> None:
    scene.thought("A library can be a meeting place.", marks=["no_strangers"])
    scene.thought("Tea helps.", marks=["no_finding"])
    page = browse("facilitator").get(f"{BASE}/thoughts").text
    summary = page.split('id="summary"')[1].split("</section>")[0]
    assert "A library can be" in page
    assert "A library can be" not in summary
    assert "Tea helps." in summary
    assert "For members" in page
    assert page.count("Read out in other words") == 1


def test_a_question_of_who_asks_not_to_be_shown_is_worded_anew_first(browse: SignIn, scene: Scene) -> None:
    question = scene.question("Who pays in winter?", author={"marks": ["no_copies"]})
    joe = browse("facilitator")
    card = joe.get(f"{BASE}/questions").text.split(f'id="q-{question}"')[1].split("</article>")[0]
    assert "Wants no copies" in card
    assert "Reword first" in card
    assert "To the room" not in card
    page = joe.get(f"{BASE}/questions/{question}").text
    assert "quote it nowhere" in page
    assert ">Who pays in winter?</textarea>" not in page, "the author's words are not offered as the wording"
    said = joe.follow(joe.post(f"{BASE}/questions/{question}/to-room", {"back": f"{BASE}/questions"})).text
    assert "its author asks not to be shown in these words" in said
    joe.post(f"{BASE}/questions/{question}/reword", {"wording": "What is there money for in winter?"})
    joe.post(f"{BASE}/questions/{question}/to-room", {})
    assert "What is there money for in winter?" in joe.get(f"{BASE}/questions?list=room").text


def test_who_does_not_want_to_be_found_may_be_shown_in_the_room(browse: SignIn, scene: Scene) -> None:
    question = scene.question("Who pays in summer?", author={"marks": ["no_finding"]})
    page = browse("facilitator").get(f"{BASE}/questions/{question}").text
    assert "quote it on no public page" in page
    assert "Reword first" not in page
