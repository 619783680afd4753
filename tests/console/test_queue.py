"""The lists of questions: one at a time, several at once, filters, the order for the room, paper, the floor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.store import board, lists
from bot.store.engine import Store
from bot.store.tables import change, item, question
from tests.console.conftest import Browser
from tests.console.scene import NOW, Clock, Scene, ago

SignIn = Callable[..., Browser]
BASE = "/e/peer-support"


def state(store: Store, question_id: int) -> str:
    with store.read() as tx:
        return str(tx.execute(select(question.c.state).where(question.c.id == question_id)).scalar_one())


def cards(page: str) -> list[int]:
    return [
        int(part.split('"')[0]) for part in page.split('<article class="q')[1:] for part in part.split('id="q-')[1:2]
    ]


def shown(joe: Browser, path: str) -> tuple[str, str]:
    """Where one-at-a-time leads to, and its page."""
    answer = joe.get(path)
    return answer.headers["location"], joe.follow(answer).text


def test_one_at_a_time_shows_the_first_and_goes_on_to_the_next(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    joe = browse("facilitator")
    at, page = shown(joe, f"{BASE}/questions/one")
    assert f"at={ids['gps']}" in at
    assert "1 of 6 waiting" in page
    back = page.split('name="back" value="')[-1].split('"')[0].replace("&amp;", "&")
    done = joe.post(f"{BASE}/questions/{ids['gps']}/to-room", {"back": back, "seen": "waiting"})
    landed = joe.follow(done)
    page = joe.follow(landed).text if landed.status_code == 303 else landed.text
    assert "What would it take for a commissioner" in page
    assert "On the list for the room." in page
    assert "/undo/" in page
    assert state(store, ids["gps"]) == "room"


def test_what_is_left_for_later_stays_and_the_end_says_so(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    seen, path = [], f"{BASE}/questions/one"
    for _ in range(6):
        at, page = shown(joe, path)
        seen.append(int(at.split("at=")[1]))
        path = page.split('data-key="j"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    end = joe.get(path).text
    assert len(set(seen)) == 6
    assert "That was the last one" in end
    assert "6 are left for later." in end


def test_a_question_that_somebody_else_handled_meanwhile_says_who(browse: SignIn, ids: dict[str, int]) -> None:
    joe, amira = browse("facilitator"), browse("lead")
    at, _ = shown(joe, f"{BASE}/questions/one")
    amira.post(f"{BASE}/questions/{ids['gps']}/park", {"seen": "waiting"})
    page = joe.get(at).text
    assert "Amira Khan was first" in page
    assert "Next question" in page
    assert "/to-room" not in page


def test_several_are_moved_at_once_and_taken_back_at_once(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    joe = browse("facilitator")
    page = joe.get(f"{BASE}/questions?pick=1").text
    assert page.count('name="id"') == 6
    chosen = [ids["gps"], ids["funding"], ids["leeds"]]
    done = joe.post(f"{BASE}/several", {"id": chosen, "to": "room", "seen": "waiting", "back": f"{BASE}/questions"})
    page = joe.follow(done).text
    assert "2 questions: On the list for the room. 1 stayed as it was. Reword it for the room first" in page
    assert [state(store, one) for one in chosen] == ["room", "room", "waiting"]
    undo = page.split('data-undo action="')[1].split('"')[0]
    assert "Undone for 2 questions." in joe.follow(joe.post(undo, {})).text
    assert [state(store, one) for one in chosen] == ["waiting"] * 3


def test_what_somebody_moved_meanwhile_is_left_alone_by_a_move_of_several(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    joe, amira = browse("facilitator"), browse("lead")
    amira.post(f"{BASE}/questions/{ids['gps']}/to-room", {"seen": "waiting"})
    form = {"id": [ids["gps"], ids["pay"]], "to": "dismissed", "seen": "waiting"}
    said = joe.post(f"{BASE}/several", form, accept="application/json").json()
    assert said["sentence"] == (
        "1 question: Dismissed. 1 stayed as it was. Amira Khan was first: on the list for the room."
    )
    assert (state(store, ids["gps"]), state(store, ids["pay"])) == ("room", "dismissed")


@pytest.mark.parametrize("form", [{"to": "room"}, {"id": ["x"], "to": "parked"}, {"id": [1], "to": "gone"}])
def test_a_move_of_several_needs_questions_and_a_list(
    form: dict[str, object], browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    said = browse("facilitator").post(f"{BASE}/several", form, accept="application/json").json()
    assert said["ok"] is False
    assert "nothing was changed." in said["sentence"].lower()
    assert state(store, ids["gps"]) == "waiting"


def test_the_second_is_told_who_was_first_and_offered_the_choice(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    joe, amira = browse("facilitator"), browse("lead")
    amira.post(f"{BASE}/questions/{ids['gps']}/to-room", {"seen": "waiting"})
    page = joe.follow(joe.post(f"{BASE}/questions/{ids['gps']}/park", {"seen": "waiting"})).text
    assert "Amira Khan was first" in page
    banner = page.split('id="problem"')[1].split("</form>")[0]
    assert f'action="{BASE}/questions/{ids["gps"]}/park"' in banner
    assert 'name="seen" value="room"' in banner
    joe.post(f"{BASE}/questions/{ids['gps']}/park", {"seen": "room"})
    assert state(store, ids["gps"]) == "parked"


def test_from_now_on_hides_what_was_asked_before(
    browse: SignIn, ids: dict[str, int], scene: Scene, clock: Clock
) -> None:
    joe = browse("facilitator")
    at = joe.get(f"{BASE}/questions?since=now").headers["location"]
    assert at.endswith("since=2017-07-13T14%3A11Z")
    page = joe.get(at).text
    assert cards(page) == []
    assert "6 questions are hidden by the filters." in page
    clock.at += timedelta(minutes=3)
    new = scene.question("And what about rural places?", minutes=-2)
    assert cards(joe.get(at).text) == [new]
    assert set(cards(joe.get(joe.get(f"{BASE}/questions?since=15").headers["location"]).text)) >= {new, ids["funding"]}
    assert len(cards(joe.get(f"{BASE}/questions?since=yesterday").text)) == 7


def test_what_is_next_for_the_room_is_ordered_with_two_buttons(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    assert cards(joe.get(f"{BASE}/questions?list=room").text) == [ids["room"], ids["next"]]
    said = joe.post(f"{BASE}/questions/{ids['next']}/up", {}, accept="application/json").json()
    assert said["sentence"] == "Moved up."
    assert cards(joe.get(f"{BASE}/questions?list=room").text) == [ids["next"], ids["room"]]
    again = joe.post(f"{BASE}/questions/{ids['next']}/up", {}, accept="application/json").json()
    assert again == {"ok": False, "sentence": "It is the first on the list already.", "undo": "", "state": ""}
    joe.post(f"{BASE}/questions/{ids['next']}/down", {})
    assert cards(joe.get(f"{BASE}/questions?list=room").text) == [ids["room"], ids["next"]]
    waiting = joe.post(f"{BASE}/questions/{ids['gps']}/down", {}, accept="application/json").json()
    assert "not on the list for the room any more" in waiting["sentence"]


def test_a_question_from_the_floor_joins_the_queue_and_can_be_found(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    joe = browse("facilitator")
    said = "Who looks after the volunteers themselves?"
    page = joe.follow(joe.post(f"{BASE}/questions/floor", {"text": said, "name": "Table 4"})).text
    assert said in page
    assert "Table 4" in page
    assert "From the floor" in page
    assert said in joe.get(f"{BASE}/everything?q=volunteers").text
    with store.read() as tx:
        row = tx.execute(select(question).where(question.c.text == said)).one()
        who = select(change.c.who).where(change.c.what == "added from the floor", change.c.ref == row.id)
        assert tx.execute(who).scalar_one() == "Joe Okafor"
    assert "say the answer there" in joe.post(f"{BASE}/questions/{row.id}/preview", {"text": "We do."}).text


def test_a_question_from_the_floor_can_go_straight_to_the_list_for_the_room(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    joe = browse("facilitator")
    joe.post(f"{BASE}/questions/floor", {"text": "Can we start earlier tomorrow?", "to": "room"})
    flagged = joe.post(f"{BASE}/questions/floor", {"text": "Can you ring me on 07700 900123 about it?", "to": "room"})
    with store.read() as tx:
        rows = {row.text: row.state for row in tx.execute(select(question.c.text, question.c.state))}
        assert (
            tx.execute(select(item.c.network).where(item.c.text.contains("earlier tomorrow"))).scalar_one() == "floor"
        )
    assert rows["Can we start earlier tomorrow?"] == "room"
    assert rows["Can you ring me on 07700 900123 about it?"] == "waiting"
    assert "Now in the queue. Reword it for the room first" in joe.follow(flagged).text


def test_an_empty_question_from_the_floor_is_refused_with_what_was_typed_kept(
    browse: SignIn, ids: dict[str, int]
) -> None:
    page = browse("facilitator").post(f"{BASE}/questions/floor", {"text": "  ", "name": "Table 4"}).text
    assert "The question is empty." in page
    assert 'value="Table 4"' in page
    assert "<title>Error: " in page


def test_a_question_is_handed_to_a_table_and_taken_back(browse: SignIn, ids: dict[str, int]) -> None:
    joe = browse("facilitator")
    joe.post(f"{BASE}/questions/{ids['gps']}/hand", {"to": " Table  4 "})
    assert "With Table 4" in joe.get(f"{BASE}/questions").text
    assert cards(joe.get(f"{BASE}/questions?only=handed").text) == [ids["gps"]]
    joe.post(f"{BASE}/questions/{ids['gps']}/hand", {"to": ""})
    assert "Table 4" not in joe.get(f"{BASE}/questions").text


def test_an_asker_is_split_off_a_group_and_put_back(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    joe = browse("facilitator")
    page = joe.get(f"{BASE}/questions/{ids['gps']}").text
    first = int(page.split('name="item" value="')[1].split('"')[0])
    joe.post(f"{BASE}/questions/{ids['gps']}/split", {"item": first})
    with store.read() as tx:
        rows = {row.id: row for row in tx.execute(select(question))}
    new = max(rows)
    assert rows[new].text.startswith("How will GPs know which peer support groups are near them")
    assert (rows[new].state, rows[ids["gps"]].times_asked) == ("waiting", 3)
    assert rows[ids["gps"]].text != rows[new].text
    joe.post(f"{BASE}/questions/{new}/merge", {"into": ids["gps"]})
    assert "4 people ask this" in joe.get(f"{BASE}/questions").text
    alone = joe.post(f"{BASE}/questions/{ids['funding']}/split", {"item": first}, accept="application/json").json()
    assert "nothing to split" in alone["sentence"]


def test_the_sheet_holds_words_that_may_be_read_out_and_nothing_else(browse: SignIn, ids: dict[str, int]) -> None:
    page = browse("viewer", "Vera Ito").get(f"{BASE}/questions/sheet").text
    assert "What would it take for a commissioner" in page
    assert "2 flagged ones are left out: reword them first." in page
    for hidden in ("Dana", "@", "Leeds", "supplements"):
        assert hidden not in page.split("<ol")[1].split("</ol>")[0]


def test_the_question_page_shows_similar_ones_and_finds_others(
    browse: SignIn, ids: dict[str, int], scene: Scene
) -> None:
    like = scene.question("What would it take for commissioners to fund peer support for longer?", "x", 3)
    joe = browse("facilitator")
    page = joe.get(f"{BASE}/questions/{ids['funding']}").text
    similar = page.split('id="similar"')[1].split("Other open questions")[0]
    assert f"/questions/{like}/merge" in similar
    assert "May be the same" in similar
    found = joe.get(f"{BASE}/questions/{ids['funding']}?find=pay+band").text.split('id="similar"')[1]
    assert f"/questions/{ids['pay']}/merge" in found
    assert "No open question has all these words." in joe.get(f"{BASE}/questions/{ids['funding']}?find=zebra").text


def test_counts_stop_at_a_thousand_and_say_so(browse: SignIn, scene: Scene, store: Store) -> None:
    rows = [
        {"event_id": scene.event_id, "text": f"Question {n}?", "asked_at": ago(n / 10), "theme": "Access"}
        for n in range(board.COUNTED + 5)
    ]
    with store.write() as tx:
        tx.execute(insert(question), rows)
    page = browse("facilitator").get(f"{BASE}/questions").text
    assert "1,000+ questions waiting" in page
    assert len(cards(page)) == lists.PAGE
    with store.read() as tx:
        assert lists.count(tx, scene.event_id, "waiting", lists.Filter())[0] == board.COUNTED + 1
        first, more = lists.questions(tx, NOW, scene.event_id, "waiting", lists.Filter())
        assert lists.count(tx, scene.event_id, "waiting", lists.Filter(after=more))[1] == len(first)
