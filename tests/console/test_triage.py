"""The facilitators' buttons, as forms without script and as our script sends them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from bot.store import lists
from bot.store.engine import Store
from bot.store.tables import change, delivery, item, note, question
from tests.console.conftest import Browser
from tests.console.scene import NOW, Clock, Scene

SignIn = Callable[..., Browser]
BASE = "/e/peer-support/questions"
JSON = {"accept": "application/json"}


def row(store: Store, question_id: int) -> Row[Any]:
    with store.read() as tx:
        return tx.execute(select(question).where(question.c.id == question_id)).one()


@pytest.mark.parametrize(
    ("action", "state", "listed"),
    [
        ("to-room", "room", "room"),
        ("park", "parked", "parked"),
        ("dismiss", "dismissed", "dismissed"),
        ("answered", "answered", "answered"),
        ("follow-up", "followup", "answered"),
        ("decline", "dismissed", "dismissed"),
    ],
)
def test_a_button_moves_a_question_to_its_list_and_undo_brings_it_back(
    action: str, state: str, listed: str, browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    joe, at = browse("facilitator"), f"{BASE}/{ids['funding']}"
    page = joe.follow(joe.post(f"{at}/{action}", {"back": BASE, "seen": "waiting"}))
    assert row(store, ids["funding"]).state == state
    assert f'id="q-{ids["funding"]}"' not in page.text
    assert f'id="q-{ids["funding"]}"' in joe.get(f"{BASE}?list={listed}").text
    undo = page.text.split('data-undo action="')[1].split('"')[0]
    assert undo.startswith("/e/peer-support/undo/")
    again = joe.follow(joe.post(undo, {"back": BASE}))
    assert "Undone." in again.text
    assert f'id="q-{ids["funding"]}"' in again.text


def test_what_was_said_is_said_once(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    answer = joe.post(f"{BASE}/{ids['funding']}/park", {"back": BASE})
    assert "Parked." in joe.follow(answer).text
    assert "Parked." not in joe.get(BASE).text.split('id="toast"')[1]


def test_our_script_gets_the_sentence_and_the_way_back(browse: SignIn, ids: dict[str, int]) -> None:
    said = browse("facilitator").post(f"{BASE}/{ids['funding']}/park", {"seen": "waiting"}, **JSON).json()
    assert said["ok"] is True
    assert said["sentence"].startswith("Parked")
    assert said["undo"].startswith("/e/peer-support/undo/")


def test_the_second_of_two_is_told_who_was_first(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    joe, amira = browse("facilitator"), browse("lead")
    joe.post(f"{BASE}/{ids['funding']}/to-room", {"seen": "waiting"})
    page = amira.follow(amira.post(f"{BASE}/{ids['funding']}/park", {"seen": "waiting", "back": BASE}))
    assert "Joe Okafor" in page.text.split('id="problem"')[1].split("</main>")[0]
    assert row(store, ids["funding"]).state == "room"


def test_a_button_leads_back_to_the_filtered_list(browse: SignIn, ids: dict[str, int]) -> None:
    back = f"{BASE}?theme=Access&only=many"
    answer = browse("facilitator").post(f"{BASE}/{ids['gps']}/park", {"back": back})
    assert answer.headers["location"] == back


def test_a_question_of_another_event_is_not_reached(browse: SignIn, store: Store, ids: dict[str, int]) -> None:
    Scene(store, "other", "Another event")
    joe = browse("facilitator")
    assert joe.get(f"/e/other/questions/{ids['funding']}").status_code == 404
    assert joe.post(f"/e/other/questions/{ids['funding']}/park", {}).status_code == 404
    assert row(store, ids["funding"]).state == "waiting"


def test_a_flagged_question_offers_rewording_and_reaches_the_room_with_it(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    joe, at = browse("facilitator"), f"{BASE}/{ids['leeds']}"
    card = joe.get(BASE).text.split(f'id="q-{ids["leeds"]}"')[1].split("</article>")[0]
    assert "Reword first" in card
    assert "To the room" not in card
    refused = joe.post(f"{at}/to-room", {}, **JSON).json()
    assert refused["ok"] is False
    joe.post(f"{at}/reword", {"wording": "Where do people go when a group closes?"})
    assert row(store, ids["leeds"]).wording_by == "Joe Okafor"
    card = joe.get(BASE).text.split(f'id="q-{ids["leeds"]}"')[1].split("</article>")[0]
    assert "Where do people go when a group closes?" in card
    assert joe.post(f"{at}/to-room", {}, **JSON).json()["ok"] is True


@pytest.mark.parametrize("path", [BASE, "/e/peer-support/everything", "/e/peer-support/overview"])
def test_a_phone_number_is_hidden_on_every_list(path: str, browse: SignIn, ids: dict[str, int]) -> None:
    text = browse("lead").get(path).text
    assert "900123" not in text


def test_facilitators_cannot_open_hidden_details(browse: SignIn, ids: dict[str, int]) -> None:
    joe, at = browse("facilitator"), f"{BASE}/{ids['leeds']}"
    assert "900123" not in joe.get(at).text
    assert "Open hidden details" not in joe.get(at).text
    assert joe.post(f"{at}/show-hidden").status_code == 403


def test_the_event_lead_opens_hidden_details_and_it_is_written_down(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    amira, at = browse("lead"), f"{BASE}/{ids['leeds']}"
    assert "Open hidden details" in amira.get(at).text
    opened = amira.post(f"{at}/show-hidden")
    assert "07700 900123" in opened.text
    assert "900123" not in amira.get(at).text
    with store.read() as tx:
        kept = tx.execute(select(change).where(change.c.what == "hidden details opened")).all()
    assert [(one.who, one.ref) for one in kept] == [("Amira Khan", ids["leeds"])]


def test_reading_is_seen_by_the_others_and_lapses(browse: SignIn, ids: dict[str, int], clock: Clock) -> None:
    joe, amira = browse("facilitator"), browse("lead")
    joe.post(f"{BASE}/{ids['funding']}/claim", {"back": BASE})
    assert "Joe Okafor is reading" in amira.get(BASE).text
    assert "You are reading" in joe.get(BASE).text
    second = amira.post(f"{BASE}/{ids['funding']}/claim", {}, **JSON).json()
    assert second["ok"] is False
    clock.at = NOW + timedelta(minutes=2, seconds=1)
    assert "is reading" not in amira.get(BASE).text


def test_theme_note_and_history_are_shown_on_the_question(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    joe, at = browse("facilitator"), f"{BASE}/{ids['funding']}"
    joe.post(f"{at}/theme", {"theme": "Evidence", "back": at})
    joe.post(f"{at}/note", {"text": "Table 4 is on <b>exactly</b> this.", "back": at})
    joe.post(f"{at}/park", {"back": at})
    page = joe.get(at).text
    assert row(store, ids["funding"]).theme == "Evidence"
    assert "Table 4 is on &lt;b&gt;exactly&lt;/b&gt; this." in page
    history = page.split('id="history"')[1]
    assert history.index("parked it") < history.index("added a note") < history.index("set the theme")
    with store.read() as tx:
        assert len(tx.execute(select(note)).all()) == 1


def test_two_questions_that_ask_the_same_are_put_together(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    joe = browse("facilitator")
    joe.post(f"{BASE}/{ids['pay']}/merge", {"into": str(ids["funding"]), "back": BASE})
    assert row(store, ids["pay"]).state == "merged"
    page = joe.get(f"{BASE}/{ids['funding']}").text
    assert "2 people ask this" in page
    assert "Marcus Oyelaran" in page
    merged = joe.get(f"{BASE}/{ids['pay']}").text
    assert "Put together with another question" in merged


def test_who_cannot_be_answered_is_said_before_anybody_types(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    joe = browse("facilitator")
    some, none = (joe.get(f"{BASE}/{ids[name]}").text for name in ("gps", "room"))
    assert some.count("X accepts a reply only to a post that mentions this account or quotes one") == 2
    assert "Open on X and reply by hand" in some
    assert "https://x.com/intent/post?in_reply_to=" in some
    assert "Everybody but those named here gets it where they asked." in some
    assert "Nobody who asked this can be answered in writing from here." in none
    with store.write() as tx:
        tx.execute(update(item).where(item.c.network == "x").values(calls_us=True))
    assert "reply by hand" not in joe.get(f"{BASE}/{ids['gps']}").text
    assert "Each person gets it where they asked." in joe.get(f"{BASE}/{ids['room']}").text


def test_an_answer_is_shown_as_each_asker_gets_it_before_it_is_sent(browse: SignIn, ids: dict[str, int]) -> None:
    page = browse("facilitator").post(f"{BASE}/{ids['funding']}/preview", {"text": "Show what stops."})
    assert page.status_code == 200
    assert "to @dana@health.example" in page.text
    assert " of 500" in page.text
    assert ">Show what stops.</textarea>" in page.text


def test_our_script_gets_just_the_previews(browse: SignIn, ids: dict[str, int]) -> None:
    joe, headers = browse("facilitator"), {"x-part": "live"}
    part = joe.post(f"{BASE}/{ids['gps']}/preview", {"text": "x" * 400}, **headers).text
    assert "<html" not in part
    assert part.count("<article") == 4
    assert " of 280" in part
    assert " of 500" in part
    assert "400 of 65,525" in part


def test_an_answer_goes_to_everybody_who_asked_and_is_shown_with_its_state(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    joe, at = browse("facilitator"), f"{BASE}/{ids['funding']}"
    page = joe.follow(joe.post(f"{at}/answer", {"text": "Show what stops when a pilot ends.", "back": at}))
    assert row(store, ids["funding"]).outcome == "writing"
    with store.read() as tx:
        sent = tx.execute(select(delivery).where(delivery.c.item_id != 0)).one()
    assert sent.state == "queued"
    assert "Show what stops when a pilot ends." in sent.text
    assert "On its way" in page.text


def test_an_empty_answer_is_refused_with_its_reason_and_nothing_is_lost(browse: SignIn, ids: dict[str, int]) -> None:
    page = browse("facilitator").post(f"{BASE}/{ids['funding']}/answer", {"text": "  ", "back": BASE})
    assert page.status_code == 200
    assert "<title>Error: " in page.text
    assert "The answer is empty." in page.text


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=1~2~3",
        "after=9~nonsense~1",
        "after=1~2017-07-13T12:00:00~4",
        "after=" + "9" * 30 + "~2017-07-13T12:00:00Z~1",
        "list=room&after=nan~1",
        "list=room&after=1e999~1",
        "only=zzz",
        "theme=%00",
        "network=%27%3B--",
    ],
)
def test_an_address_that_nobody_made_still_opens_a_page(query: str, browse: SignIn, ids: dict[str, int]) -> None:
    assert browse("facilitator").get(f"{BASE}?{query}").status_code == 200


def test_a_list_that_is_not_there_is_not_found(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    assert joe.get(f"{BASE}?list=gone").status_code == 404
    assert joe.get(f"{BASE}/999999").status_code == 404
    assert joe.get(f"{BASE}/{'9' * 30}").status_code == 404
    assert joe.post(f"{BASE}/{ids['funding']}/explode").status_code == 404


def test_filters_keep_what_they_name_and_say_what_they_hide(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    many = joe.get(f"{BASE}?only=many").text
    assert f'id="q-{ids["gps"]}"' in many
    assert f'id="q-{ids["funding"]}"' not in many
    bluesky = joe.get(f"{BASE}?network=bluesky").text
    assert f'id="q-{ids["pay"]}"' in bluesky
    assert f'id="q-{ids["gps"]}"' not in bluesky
    none = joe.get(f"{BASE}?theme=Evidence").text
    assert "No questions match" in none
    assert "6 questions are hidden by the filters" in none


@pytest.mark.parametrize("tab", ["waiting", "room", "parked"])
def test_a_long_list_is_shown_page_by_page_with_nothing_twice_or_left_out(
    tab: str, scene: Scene, store: Store, browse: SignIn
) -> None:
    made = {
        scene.question(f"Question {n}?", minutes=n % 7, state=tab, times_asked=1 + n % 3, position=n % 4 + 0.5)
        for n in range(lists.PAGE * 2 + 7)
    }
    joe, seen, path = browse("facilitator"), [], f"{BASE}?list={tab}"
    while path:
        page = joe.get(path).text
        seen += [
            int(part.split('"')[0])
            for part in page.split('<article class="q')[1:]
            for part in part.split('id="q-')[1:2]
        ]
        rest = page.split("Show more questions")[0]
        path = rest.rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&") if "Show more questions" in page else ""
    assert len(seen) == len(made)
    assert set(seen) == made


def test_a_wording_that_still_gives_contact_details_away_is_refused(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    joe, at = browse("facilitator"), f"{BASE}/{ids['funding']}"
    page = joe.post(f"{at}/reword", {"wording": "Please call 07700 900123 about this", "back": at})
    assert "still gives a phone number or an address away" in page.text
    assert ">Please call 07700 900123 about this</textarea>" in page.text  # what was typed is not lost
    assert row(store, ids["funding"]).wording == ""
    joe.post(f"{at}/reword", {"wording": "Whom do we call about this? 116 123 is the helpline.", "back": at})
    assert row(store, ids["funding"]).wording.startswith("Whom do we call")


def test_an_answer_that_is_written_while_posting_is_paused_says_that_it_waits(
    browse: SignIn, ids: dict[str, int]
) -> None:
    browse("comms").post("/e/peer-support/posting/pause")
    joe, at = browse("facilitator"), f"{BASE}/{ids['gps']}"
    page = joe.follow(joe.post(f"{at}/answer", {"text": "There is a map.", "back": at}))
    assert "Posting is paused: it goes out when somebody turns it on again." in page.text


def test_one_character_too_many_is_one_character(browse: SignIn, ids: dict[str, int]) -> None:
    joe, at = browse("facilitator"), f"{BASE}/{ids['funding']}"
    page = joe.post(f"{at}/reword", {"wording": "Ж" * 501, "back": at})
    assert "The wording is 1 character too long." in page.text
