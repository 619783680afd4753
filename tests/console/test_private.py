"""The private lane at the console: leads see who may need help at once, and others see nothing of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.store.tables import placement
from tests.console.conftest import Browser
from tests.console.scene import Scene

SignIn = Callable[..., Browser]
BASE = "/e/peer-support"
WORDS = "anybody would notice if I was gone"
OTHERS = ("viewer", "helper", "facilitator", "comms")
PAGES = ("questions", "questions/one", "questions/sheet", "questions?list=room", "thoughts", "screens")


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_but_leads_sees_who_may_need_help(role: str, browse: SignIn, ids: dict[str, int]) -> None:
    somebody = browse(role)
    seen = [somebody.get(f"{BASE}/{page}") for page in PAGES]
    seen += [somebody.get(f"{BASE}/{page}") for page in ("everything?q=notice", "overview", "after", "updates")]
    for answer in seen:
        assert WORDS not in answer.text
        assert "may need help" not in answer.text
    assert somebody.get(f"{BASE}/private").status_code == 403
    assert somebody.get(f"{BASE}/questions/{ids['private']}").status_code in (403, 404)
    assert somebody.get(f"{BASE}/questions/one?at={ids['private']}").status_code in (403, 404)


def test_a_lead_is_told_on_every_page_and_sees_why_and_what_to_answer(browse: SignIn, ids: dict[str, int]) -> None:
    lead = browse("lead")
    for page in ("questions", "thoughts", "updates", "overview"):
        assert "1 person may need help" in lead.get(f"{BASE}/{page}").text
    page = lead.get(f"{BASE}/private").text
    assert WORDS in page
    assert "May come from somebody who is in distress" in page
    assert "Send the set reply" in page
    answer = lead.get(f"{BASE}/questions/{ids['private']}").text
    written = next(box for box in answer.split("<textarea")[1:] if 'name="text"' in box.split(">")[0])
    assert "Samaritans on 116 123" in written.split("</textarea>")[0]
    assert "/to-room" not in answer


def test_a_lead_settles_it_and_the_banner_goes(browse: SignIn, ids: dict[str, int]) -> None:
    lead = browse("lead")
    lead.post(f"{BASE}/questions/{ids['private']}/dealt-with", {"seen": "waiting"})
    assert "may need help" not in lead.get(f"{BASE}/questions").text
    assert WORDS not in lead.get(f"{BASE}/private").text
    assert WORDS in lead.get(f"{BASE}/private?list=settled").text


@pytest.mark.parametrize(("action", "page"), [("to-questions", "questions"), ("to-thoughts", "thoughts")])
def test_a_lead_puts_it_back_and_all_see_it(action: str, page: str, browse: SignIn, ids: dict[str, int]) -> None:
    assert browse("lead").post(f"{BASE}/questions/{ids['private']}/{action}", {}).status_code == 303
    assert WORDS in browse("facilitator").get(f"{BASE}/{page}").text


def test_a_facilitator_hands_a_question_to_the_leads_and_sees_it_no_more(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    assert joe.post(f"{BASE}/questions/{ids['funding']}/private", {}).status_code == 303
    assert "three years" not in joe.get(f"{BASE}/questions").text
    assert "three years" in browse("lead").get(f"{BASE}/private").text


@pytest.mark.parametrize("flag", ["distress", "medical_advice"])
def test_who_flags_a_question_so_hands_it_to_the_leads(flag: str, browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    joe.post(f"{BASE}/questions/{ids['funding']}/flag", {"flag": flag})
    assert "three years" not in joe.get(f"{BASE}/questions").text
    assert "three years" in browse("lead").get(f"{BASE}/private").text


@pytest.mark.parametrize(
    "action", ["to-room", "park", "dismiss", "answered", "answer", "reword", "merge", "note", "wait"]
)
def test_no_button_of_others_reaches_it(action: str, browse: SignIn, ids: dict[str, int], scene: Scene) -> None:
    joe = browse("facilitator")
    form = {"seen": "waiting", "text": "Hello", "wording": "Hello", "into": str(ids["funding"])}
    assert joe.post(f"{BASE}/questions/{ids['private']}/{action}", form).status_code in (403, 404)


def test_the_page_that_blocks_names_nobody_who_is_private(browse: SignIn, ids: dict[str, int], scene: Scene) -> None:
    with scene.store.read() as tx:
        asks = select(placement.c.item_id).where(placement.c.question_id == ids["private"])
        number = tx.execute(asks).scalar_one()
    assert browse("lead").get(f"{BASE}/blocks?item={number}").status_code == 200
    assert browse("facilitator").get(f"{BASE}/blocks?item={number}").status_code == 404


def test_not_even_a_lead_puts_it_before_the_room_from_the_lane(browse: SignIn, ids: dict[str, int]) -> None:
    lead = browse("lead")
    lead.post(f"{BASE}/questions/{ids['private']}/to-room", {"seen": "waiting"})
    assert WORDS not in lead.get(f"{BASE}/questions?list=room").text
    assert WORDS in lead.get(f"{BASE}/private").text
