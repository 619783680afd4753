"""The private lane on the pages: who sees what, to the words, and what a lead does there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from bot import desk
from bot.core.rights import ROLES, may
from bot.desk import Done, NotHere, Who
from bot.store.engine import Store
from bot.store.tables import delivery, event, placement, post, question, version
from tests.console.addresses import addresses
from tests.console.conftest import Browser
from tests.console.scene import Scene

SignIn = Callable[..., Browser]
EVENT = "/e/peer-support"
WORDS = "anybody would notice if I was gone"
NAMES = ("Sam Ellery", "@sam@social.example")
SHORT = [role for role in ROLES if not may(role, "private")]


@pytest.mark.parametrize("role", SHORT)
def test_no_page_shows_a_word_of_it_to_who_is_not_a_lead(role: str, browse: SignIn, ids: dict[str, int]) -> None:
    reader, seen = browse(role), 0
    paths = [*addresses("peer-support", ids), f"{EVENT}/everything", f"{EVENT}/everything?q=notice"]
    for path in paths:
        page = reader.get(path)
        seen += page.status_code == 200
        for said in (WORDS, *NAMES, "may need help", f"/questions/{ids['private']}"):
            assert said not in page.text, (path, said)
    assert seen > 8


@pytest.mark.parametrize("role", SHORT)
def test_its_own_pages_are_not_there_for_who_is_not_a_lead(role: str, browse: SignIn, ids: dict[str, int]) -> None:
    reader = browse(role)
    assert reader.get(f"{EVENT}/private").status_code == 403
    assert reader.get(f"{EVENT}/questions/{ids['private']}").status_code == 404
    assert reader.get(f"{EVENT}/questions/one?at={ids['private']}").status_code == 404
    assert reader.post(f"{EVENT}/questions/{ids['private']}/park", {}).status_code in (403, 404)
    assert reader.post(f"{EVENT}/questions/{ids['private']}/to-questions", {}).status_code == 403


@pytest.mark.parametrize("path", ["questions", "thoughts", "updates", "overview", "everything", "people", "screens"])
def test_a_banner_says_so_to_leads_on_every_page(path: str, browse: SignIn, ids: dict[str, int]) -> None:
    text = browse("lead").get(f"{EVENT}/{path}").text
    assert "1 person may need help" in text
    assert f'href="{EVENT}/private">Look now' in text


def test_the_list_says_why_in_plain_words_and_offers_the_set_reply(browse: SignIn, ids: dict[str, int]) -> None:
    text = browse("lead").get(f"{EVENT}/private").text
    assert WORDS in text
    assert "May come from somebody who is in distress or at risk" in text
    assert "Send the set reply" in text


def test_the_set_reply_stands_ready_and_goes_out_only_when_a_lead_sends_it(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    lead, at = browse("lead"), f"{EVENT}/questions/{ids['private']}"
    page = lead.get(at).text
    ready = page.split('name="text" rows="5"')[1].split(">", 1)[1].split("</textarea>")[0]
    assert ready.startswith("Thank you for telling us.")
    assert ready.endswith("Call 999 in an emergency, or Samaritans on 116 123.")
    assert answers(store, ids["private"]) == []
    lead.post(f"{at}/answer", {"text": ready, "seen": "waiting"})
    (sent,) = answers(store, ids["private"])
    assert "Samaritans on 116 123." in sent


def answers(store: Store, question_id: int) -> list[str]:
    with store.read() as tx:
        mine = select(delivery.c.text).join(post, post.c.id == delivery.c.post_id)
        return list(tx.execute(mine.where(post.c.question_id == question_id)).scalars())


def test_without_contact_routes_the_page_says_how_to_set_them(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    with store.write() as tx:
        tx.execute(update(event).values(options={"hashtags": ["QLabs"]}))
    text = browse("lead").get(f"{EVENT}/private").text
    assert "No contact routes are set" in text
    assert "contact_routes" in text
    assert "Write a reply" in text


def test_a_lead_puts_it_among_the_questions_by_one_tap(browse: SignIn, ids: dict[str, int]) -> None:
    lead, joe = browse("lead"), browse("facilitator")
    said = lead.follow(lead.post(f"{EVENT}/questions/{ids['private']}/to-questions", {"back": f"{EVENT}/private"}))
    assert "Now in the queue as a question." in said.text
    assert "Nobody waits" in said.text
    card = joe.get(f"{EVENT}/questions").text.split(f'id="q-{ids["private"]}"')[1].split("</article>")[0]
    assert WORDS in card
    assert "Reword first" in card


def test_a_lead_puts_it_among_the_thoughts_by_one_tap(browse: SignIn, ids: dict[str, int]) -> None:
    lead, joe = browse("lead"), browse("facilitator")
    lead.post(f"{EVENT}/questions/{ids['private']}/to-thoughts", {"back": f"{EVENT}/private"})
    assert WORDS in joe.get(f"{EVENT}/thoughts").text
    assert WORDS not in joe.get(f"{EVENT}/questions").text


def test_dealt_with_it_leaves_the_banner_and_stays_private(browse: SignIn, ids: dict[str, int]) -> None:
    lead = browse("lead")
    page = lead.follow(
        lead.post(f"{EVENT}/questions/{ids['private']}/dealt-with", {"seen": "waiting", "back": f"{EVENT}/private"})
    )
    assert "Dealt with. It stays in the private lane." in page.text
    assert WORDS not in page.text
    settled = lead.get(f"{EVENT}/private?list=settled").text
    assert WORDS in settled
    assert "Dealt with by Amira Khan" in settled
    assert WORDS not in browse("facilitator").get(f"{EVENT}/questions?list=answered").text


def test_a_facilitator_hands_a_question_to_the_leads_and_it_leaves_list_and_screen(
    browse: SignIn, ids: dict[str, int]
) -> None:
    joe, lead = browse("facilitator"), browse("lead")
    shown = "How do we reach people who have never heard"
    assert shown in joe.get("/screen/the-main-hall").text
    done = joe.follow(joe.post(f"{EVENT}/questions/{ids['room']}/private", {"back": f"{EVENT}/questions"}))
    assert "Kept private: only event leads see it now" in done.text
    assert shown not in joe.get("/screen/the-main-hall").text
    assert shown not in joe.get(f"{EVENT}/questions?list=room").text
    text = lead.get(f"{EVENT}/private").text
    assert shown in text
    assert "Somebody of the team asked for care with it." in text


def test_a_facilitator_hands_a_thought_to_the_leads(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    joe.post(f"{EVENT}/items/{ids['trust']}/private", {"back": f"{EVENT}/thoughts"})
    assert "Trust comes from the person" not in joe.get(f"{EVENT}/thoughts").text
    assert "Trust comes from the person" in browse("lead").get(f"{EVENT}/private").text


def test_notes_and_answers_about_it_are_found_by_leads_alone(
    browse: SignIn, ids: dict[str, int], scene: Scene, store: Store
) -> None:
    lead = browse("lead")
    lead.post(f"{EVENT}/questions/{ids['private']}/note", {"text": "Rang the samaritan desk about Sam"})
    found = "Rang the samaritan desk"
    assert found in lead.get(f"{EVENT}/everything?q=samaritan").text
    for role in SHORT:
        assert found not in browse(role).get(f"{EVENT}/everything?q=samaritan").text


def test_an_answer_to_it_that_is_stuck_is_shown_to_leads_alone(
    browse: SignIn, ids: dict[str, int], scene: Scene, store: Store
) -> None:
    words = "Thank you for telling us, Sam"
    answer = scene.post(None, "answer", words, state="approved", question_id=ids["private"], versions={"mastodon": {}})
    scene.delivery(answer, "mastodon", "asking", text=words)
    priya = browse("comms")
    for path in ("updates", "overview", "everything?q=telling"):
        assert words not in priya.get(f"{EVENT}/{path}").text
        assert f"/questions/{ids['private']}" not in priya.get(f"{EVENT}/{path}").text
    assert priya.get(f"{EVENT}/updates/{answer}").status_code == 404
    assert words in browse("lead").get(f"{EVENT}/questions/{ids['private']}").text
    with store.read() as tx:
        assert tx.execute(select(version.c.parts).where(version.c.post_id == answer)).scalar_one() == [words]


@pytest.mark.parametrize("role", ["facilitator", "comms", "helper"])
def test_the_desk_refuses_whatever_is_private_even_without_a_page(
    role: str, scene: Scene, ids: dict[str, int], store: Store
) -> None:
    joe = Who(1, "Joe", role, scene.event_id)
    with store.read() as tx:
        mine = select(placement.c.item_id).where(placement.c.question_id == ids["private"])
        item_id = tx.execute(mine).scalar_one()
    presses: list[Callable[[], Done]] = [
        lambda: desk.park(store, joe, ids["private"]),
        lambda: desk.merge(store, joe, ids["funding"], ids["private"]),
        lambda: desk.move_many(store, joe, scene.event_id, [ids["funding"], ids["private"]], "parked"),
        lambda: desk.make_question(store, joe, scene.event_id, item_id),
        lambda: desk.make_thought(store, joe, scene.event_id, item_id),
    ]
    for press in presses:
        with pytest.raises(NotHere, match="Only event leads see that now"):
            press()


def test_not_even_a_lead_takes_it_to_the_room_or_joins_it_with_another(
    scene: Scene, ids: dict[str, int], store: Store
) -> None:
    amira = Who(1, "Amira", "lead", scene.event_id)
    room = desk.to_room(store, amira, ids["private"])
    joined = desk.merge(store, amira, ids["private"], ids["funding"])
    assert (room.ok, joined.ok) == (False, False)
    assert "nothing private reaches the room" in room.sentence
    with store.read() as tx:
        assert tx.execute(select(question.c.state).where(question.c.id == ids["private"])).scalar_one() == "waiting"


def test_a_question_from_the_floor_that_may_need_care_goes_to_the_leads(
    scene: Scene, ids: dict[str, int], store: Store
) -> None:
    joe = Who(1, "Joe", "facilitator", scene.event_id)
    said = desk.ask_from_floor(store, joe, scene.event_id, "I want to kill myself", "", to_room=True)
    assert said.sentence == "Kept private: it may need care, so only event leads see it. They were told."
    with store.read() as tx:
        lane = select(question.c.lane).where(question.c.text == "I want to kill myself")
        assert tx.execute(lane).scalar_one() == "private"


@pytest.mark.parametrize("flag", ["distress", "medical_advice"])
def test_who_flags_a_question_so_hands_it_to_the_leads(flag: str, browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    joe.post(f"{EVENT}/questions/{ids['funding']}/flag", {"flag": flag})
    assert "three years" not in joe.get(f"{EVENT}/questions").text
    assert "three years" in browse("lead").get(f"{EVENT}/private").text


@pytest.mark.parametrize(
    "action", ["to-room", "park", "dismiss", "answered", "answer", "reword", "merge", "note", "wait"]
)
def test_no_button_of_others_reaches_it(action: str, browse: SignIn, ids: dict[str, int], scene: Scene) -> None:
    joe = browse("facilitator")
    form = {"seen": "waiting", "text": "Hello", "wording": "Hello", "into": str(ids["funding"])}
    assert joe.post(f"{EVENT}/questions/{ids['private']}/{action}", form).status_code in (403, 404)


def test_the_page_that_blocks_names_nobody_who_is_private(browse: SignIn, ids: dict[str, int], scene: Scene) -> None:
    with scene.store.read() as tx:
        asks = select(placement.c.item_id).where(placement.c.question_id == ids["private"])
        number = tx.execute(asks).scalar_one()
    assert browse("lead").get(f"{EVENT}/blocks?item={number}").status_code == 200
    assert browse("facilitator").get(f"{EVENT}/blocks?item={number}").status_code == 404
