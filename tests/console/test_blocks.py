"""The page of what is blocked, and blocking from where a post is seen."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest

from tests.console.conftest import Browser
from tests.console.scene import HOSTILE, Scene

SignIn = Callable[..., Browser]
BASE = "/e/peer-support"


def test_a_word_is_blocked_listed_with_who_and_why_and_let_in_again(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    page = joe.follow(
        joe.post(f"{BASE}/blocks/word", {"word": "supplements", "why": HOSTILE, "back": f"{BASE}/blocks"})
    ).text
    assert "“supplements”" in page
    assert "Joe Okafor, 3:11pm" in page
    assert "1 question went to Dismissed" in page
    assert "<script>alert" not in page
    assert "supplements?" not in joe.get(f"{BASE}/questions").text
    number = page.split('name="block" value="')[1].split('"')[0]
    page = joe.follow(joe.post(f"{BASE}/blocks/lift", {"block": number, "back": f"{BASE}/blocks"})).text
    assert "let in by Joe Okafor" in page
    assert "supplements?" in joe.get(f"{BASE}/questions").text


def test_a_refused_word_keeps_what_was_typed(browse: SignIn, ids: dict[str, int]) -> None:
    page = browse("facilitator").post(f"{BASE}/blocks/word", {"word": "!!", "why": "Too loud"}).text
    assert "no letters or digits" in page
    assert 'value="Too loud"' in page


def test_a_person_is_blocked_from_the_page_of_their_question(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    form = joe.get(f"{BASE}/questions/{ids['pay']}").text.split('id="block"')[1].split("</details>")[0]
    where = form.split('action="')[1].split('"')[0]
    joe.post(where, {"why": "Insults people"})
    assert "@marcus.example" in joe.get(f"{BASE}/blocks").text
    assert "pay band" not in joe.get(f"{BASE}/questions").text
    found = joe.get(f"{BASE}/everything?q=pay+band").text
    assert "Blocked" in found


def test_a_block_of_another_event_is_not_lifted_from_here(browse: SignIn, ids: dict[str, int], scene: Scene) -> None:
    Scene(scene.store, "other", "Another event")
    joe = browse("facilitator")
    joe.post(f"{BASE}/blocks/word", {"word": "supplements", "why": "Adverts"})
    assert joe.post("/e/other/blocks/lift", {"block": "1"}).status_code == 404
    assert "“supplements”" in joe.get(f"{BASE}/blocks").text.split("Blocked now")[1]


@pytest.mark.parametrize(
    ("page", "words"), [("questions", "supplements?"), ("thoughts", "Paying expenses"), ("everything", "Good morning")]
)
def test_a_person_is_blocked_from_where_their_words_stand(
    page: str, words: str, browse: SignIn, ids: dict[str, int]
) -> None:
    joe = browse("facilitator")
    article = next(one for one in joe.get(f"{BASE}/{page}").text.split("<article")[1:] if words in one)
    found = re.search(r'href="([^"]+)">(?:<svg[^>]*><use[^>]*></svg>)?Block this person', article)
    assert found
    form = joe.get(unescape(found[1])).text
    form = form.split('id="bp-h"')[1].split("</form>")[0]
    back, where = (form.split(f'{name}="')[1].split('"')[0] for name in ('name="back" value', "action"))
    assert back == f"{BASE}/{page}"
    after = joe.follow(joe.post(where, {"why": "Adverts", "back": back})).text
    assert " is blocked." in after
    assert (words in after) is (page == "everything")
    assert "Adverts" in joe.get(f"{BASE}/blocks").text


def test_who_is_not_named_by_the_network_cannot_be_blocked(browse: SignIn, ids: dict[str, int], scene: Scene) -> None:
    nameless = scene.thought("Nobody said this.", author_id="")
    page = browse("facilitator").get(f"{BASE}/blocks?item={nameless}").text
    assert "does not say who wrote this" in page
