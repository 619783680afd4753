"""The comms team's pages: drafts, failures, doubts, the switch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from bot.console.state import ways_out
from bot.core.unlinking import unlinked
from bot.store import tables as t
from bot.store.engine import Store
from tests.console.conftest import Browser
from tests.console.scene import NOW, Clock, Scene, add

SignIn = Callable[..., Browser]
BASE = "/e/peer-support/updates"


def post(store: Store, post_id: int) -> Row[Any]:
    with store.read() as tx:
        return tx.execute(select(t.post).where(t.post.c.id == post_id)).one()


def deliveries(store: Store, post_id: int) -> dict[str, str]:
    with store.read() as tx:
        return {row.network: row.state for row in tx.execute(select(t.delivery).where(t.delivery.c.post_id == post_id))}


def line(page: str, post_id: int) -> str:
    return page.split(f'id="post-{post_id}"')[1].split("</a>")[0]


def test_each_entry_says_how_it_stands_in_words(browse: SignIn, ids: dict[str, int]) -> None:
    page = browse("comms").get(BASE).text
    words = {
        "draft": "Goes out in 42 s", "approval": "Needs approval", "held": "Held by Priya Nair", "sent": "3 networks",
        "failed": "Failed on X", "unsure": "Was this sent?", "correction": "Changed after sending",
    }  # fmt: skip
    for name, said in words.items():
        assert said in line(page, ids[name]), name
    assert f'id="post-{ids["talk"]}"' not in page  # its correction speaks for the entry


def test_the_list_of_an_event_of_several_days_names_each_day_once(
    browse: SignIn, ids: dict[str, int], scene: Scene
) -> None:
    assert "13 July, newest first" in browse("comms").get(BASE).text
    scene.post(scene.entry("Materials packed", "Ready to go.", 24 * 60), state="approved")
    scene.post(scene.entry("Final run-through", "All set.", 25 * 60), state="approved")
    page = browse("lead").get(BASE).text
    assert page.count(">13 July<") == 1
    assert page.count(">12 July<") == 1
    assert page.index(">12 July<") < page.index("Materials packed") < page.index("Final run-through")


def test_a_draft_whose_addresses_are_words_says_so_with_the_price_it_saves(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    page, note = (
        f"{BASE}/{ids['draft']}",
        "Addresses stand as words, not as links: a post with a link costs $0.20 here.",
    )
    comms = browse("comms")
    assert note not in comms.get(page).text
    with store.write() as tx:
        mine = (t.version.c.post_id == ids["draft"], t.version.c.network == "x")
        tx.execute(update(t.version).where(*mine).values(parts=[unlinked("14:05 Slides: https://q.org/slides")]))
    text = comms.get(page).text
    assert text.count(note) == 1
    assert ">$0.20<" not in text


def test_a_draft_is_held_and_let_go_again(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    priya, at = browse("comms"), f"{BASE}/{ids['draft']}"
    page = priya.follow(priya.post(f"{at}/hold", {"back": at}))
    assert "Held by Priya Nair" in page.text
    assert post(store, ids["draft"]).go_at is None
    priya.post(f"{at}/unhold", {"back": at})
    assert post(store, ids["draft"]).go_at == NOW + timedelta(seconds=60)


def test_send_now_sends_to_the_networks_that_are_ticked(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    priya, at = browse("comms"), f"{BASE}/{ids['draft']}"
    priya.post(f"{at}/approve", {"revision": "1", "network": ["x", "bluesky"]})
    assert post(store, ids["draft"]).approved_by == "Priya Nair"
    assert deliveries(store, ids["draft"]) == {"x": "queued", "bluesky": "queued"}


def test_send_now_to_no_network_sends_nothing(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    priya, at = browse("comms"), f"{BASE}/{ids['draft']}"
    page = priya.follow(priya.post(f"{at}/approve", {"revision": "1"}))
    assert "Choose at least one network" in page.text
    assert post(store, ids["draft"]).state == "draft"


def test_what_changed_while_you_looked_is_not_sent(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    with store.write() as tx:
        tx.execute(t.post.update().where(t.post.c.id == ids["draft"]).values(revision=2))
    priya, at = browse("comms"), f"{BASE}/{ids['draft']}"
    page = priya.follow(priya.post(f"{at}/approve", {"revision": "1", "network": ["x"]}))
    assert "It changed while you looked" in page.text
    assert deliveries(store, ids["draft"]) == {}


def test_the_words_for_one_network_are_edited_and_then_wait_for_approval(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    priya, at = browse("comms"), f"{BASE}/{ids['draft']}"
    page = priya.follow(priya.post(f"{at}/edit", {"revision": "1", "text.x": "Cake <now>", "back": at}))
    assert "Cake &lt;now&gt;" in page.text
    assert "Needs approval" in page.text
    with store.read() as tx:
        said = {
            row.network: row.parts for row in tx.execute(select(t.version).where(t.version.c.post_id == ids["draft"]))
        }
    assert said["x"] == ["Cake <now>"]
    assert said["mastodon"] != ["Cake <now>"]


def test_words_that_cannot_be_kept_come_back_with_the_reason(browse: SignIn, ids: dict[str, int]) -> None:
    answer = browse("comms").post(f"{BASE}/{ids['draft']}/edit", {"revision": "1", "text.x": "   "})
    assert answer.status_code == 200
    assert "<title>Error: " in answer.text
    assert "That was not kept" in answer.text


def test_a_draft_that_is_not_wanted_can_come_back(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    priya, at = browse("comms"), f"{BASE}/{ids['approval']}"
    page = priya.follow(priya.post(f"{at}/withdraw", {"revision": "1", "back": at}))
    assert "Not posted" in page.text
    priya.post(f"{at}/draft", {"back": at})
    assert post(store, ids["approval"]).state == "draft"


@pytest.mark.parametrize(("choice", "state"), [("sent", "sent"), ("again", "queued"), ("cancel", "cancelled")])
def test_was_this_sent_has_three_ways_out(
    choice: str, state: str, browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    priya, at = browse("comms"), f"{BASE}/{ids['unsure']}"
    shown = priya.get(at).text
    assert "Was this sent on X? Please check" in shown
    assert "The connection broke before X answered. We looked 3 times." in " ".join(
        shown.replace("</span>", "").split()
    )
    form = {"choice": choice, "url": "https://x.example/9" if choice == "sent" else "", "back": at}
    priya.post(f"/e/peer-support/deliveries/{ids['asking']}/was-sent", form)
    assert deliveries(store, ids["unsure"])["x"] == state


def test_an_address_that_is_none_is_refused_in_words(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    priya = browse("comms")
    form = {"choice": "sent", "url": "javascript:alert(1)", "back": BASE}
    page = priya.follow(priya.post(f"/e/peer-support/deliveries/{ids['asking']}/was-sent", form))
    assert "That is no web address" in page.text
    assert deliveries(store, ids["unsure"])["x"] == "asking"


def test_a_refused_post_says_why_and_is_tried_again_or_skipped(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    priya, at = browse("comms"), f"{BASE}/{ids['failed']}"
    assert "X says that this was posted before." in priya.get(at).text
    priya.post(f"/e/peer-support/deliveries/{ids['refused']}/retry", {"back": at})
    assert deliveries(store, ids["failed"])["x"] == "queued"


def test_what_waits_for_a_network_is_not_called_failed(browse: SignIn, scene: Scene, ids: dict[str, int]) -> None:
    entry_id = scene.entry("Limits", "All of them.", 3)
    waiting = scene.post(entry_id, state="approved", approved_at=NOW)
    scene.delivery(waiting, "x", "queued", error="X takes no more posts for now.", due=NOW + timedelta(minutes=34))
    priya = browse("comms")
    assert "Waits for X" in line(priya.get(BASE).text, waiting)
    assert "Waiting for X until 3:45pm" in priya.get(f"{BASE}/{waiting}").text


def test_pausing_is_seen_on_every_page_with_who_and_since_when(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    priya, joe = browse("comms"), browse("facilitator")
    priya.post("/e/peer-support/posting/pause", {"back": BASE})
    for path in ("questions", "thoughts", "everything", "overview"):
        page = joe.get(f"/e/peer-support/{path}").text
        assert "All posting is paused by Priya Nair since 3:11pm" in page
        assert "Turn posting on" not in page
    assert "Turn posting on and review" in priya.get(BASE).text
    assert 'aria-checked="true"' in priya.get(BASE).text
    priya.post("/e/peer-support/posting/unpause", {"back": BASE})
    assert "All posting is paused" not in priya.get(BASE).text


def test_a_doubt_of_the_live_blog_is_put_before_a_person(
    browse: SignIn, scene: Scene, store: Store, ids: dict[str, int]
) -> None:
    with store.write() as tx:
        src = tx.execute(select(t.source.c.id).where(t.source.c.kind == "liveblog").limit(1)).scalar_one()
        said = {"day": "2017-07-13", "time": "15:00", "at": NOW.isoformat(), "title": "Is <this> new?", "text": "Words",
                "pictures": [], "key": "", "link": ""}  # fmt: skip
        made = add(tx, t.doubt, event_id=scene.event_id, source_id=src, kind="many", mark="m", at=NOW,
                   sentence="Many entries came at once.", detail={"entries": [said], "known": []})  # fmt: skip
    priya = browse("comms")
    shown = priya.get(BASE).text
    assert "Many entries came at once." in shown
    assert "Is &lt;this&gt; new?" in shown
    assert 'value="gone"' not in shown
    page = priya.follow(priya.post(f"/e/peer-support/doubts/{made}", {"choice": "announce", "back": BASE}))
    assert "What follows from it is drafted below." in page.text
    assert "Many entries came at once." not in page.text
    assert "Is &lt;this&gt; new?" in page.text


def test_the_countdown_ends_in_words(browse: SignIn, ids: dict[str, int], clock: Clock) -> None:
    clock.at = NOW + timedelta(seconds=43)
    assert "Going out now" in line(browse("comms").get(BASE).text, ids["draft"])


def test_facilitators_settle_what_became_of_their_answers_only(
    browse: SignIn, scene: Scene, ids: dict[str, int], store: Store
) -> None:
    answer = scene.post(
        None, "answer", state="approved", question_id=ids["funding"], versions={"mastodon": {"item_id": 2}}
    )
    stuck = scene.delivery(answer, "mastodon", "refused", error="Mastodon did not find the post.", item_id=2)
    joe = browse("facilitator")
    assert "Mastodon did not find the post." in joe.get(f"/e/peer-support/questions/{ids['funding']}").text
    assert joe.post(f"/e/peer-support/deliveries/{ids['refused']}/retry").status_code == 403
    joe.post(f"/e/peer-support/deliveries/{stuck}/retry")
    assert deliveries(store, answer) == {"mastodon": "queued"}


@pytest.mark.parametrize(
    ("kind", "entries", "known", "choices"),
    [
        ("page", 0, 0, ["known"]),
        ("vanished", 0, 3, ["gone"]),
        ("copy", 1, 0, ["announce", "known"]),
        ("which", 1, 1, ["known", "announce"]),
        ("days", 2, 2, ["known", "announce"]),
        ("format", 4, 4, ["known", "announce"]),
    ],
)
def test_a_doubt_offers_the_choices_that_make_sense(kind: str, entries: int, known: int, choices: list[str]) -> None:
    doubt = SimpleNamespace(kind=kind, detail={"entries": [{}] * entries, "known": [1] * known})
    assert [one[0] for one in ways_out(doubt)] == choices  # type: ignore[arg-type]


def test_what_was_refused_is_tried_again_at_a_time_of_the_event(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    priya, at = browse("comms"), f"/e/peer-support/deliveries/{ids['refused']}/retry"
    assert "Try again then" in priya.get(f"{BASE}/{ids['failed']}").text
    priya.post(at, {"at": "25:00"})
    assert deliveries(store, ids["failed"])["x"] == "refused"
    priya.post(at, {"at": "15:45"})
    with store.read() as tx:
        row = tx.execute(select(t.delivery).where(t.delivery.c.id == ids["refused"])).one()
    assert (row.state, row.due) == ("queued", NOW.replace(hour=14, minute=45))  # 3:45pm in London


def test_what_waits_for_its_time_is_tried_now_or_left_out(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    later = NOW + timedelta(minutes=34)
    with store.write() as tx:
        waits = t.delivery.update().where(t.delivery.c.id == ids["refused"])
        tx.execute(waits.values(state="queued", due=later, error="X takes no more posts until 14:45 UTC."))
    priya, at = browse("comms"), f"/e/peer-support/deliveries/{ids['refused']}"
    assert "Waiting for X until 3:45pm" in priya.get(f"{BASE}/{ids['failed']}").text
    priya.post(f"{at}/retry")
    with store.read() as tx:
        assert tx.execute(select(t.delivery.c.due).where(t.delivery.c.id == ids["refused"])).scalar() == NOW
    priya.post(f"{at}/was-sent", {"choice": "cancel"})
    assert deliveries(store, ids["failed"])["x"] == "cancelled"
