"""What becomes of posts whose entry changed: what the page offers on each network, and what a decision does."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import select, update

from bot.core.items import Reactions
from bot.store import published
from bot.store import tables as t
from bot.store.engine import Store
from tests.console.conftest import Browser
from tests.console.scene import NOW, Scene
from tests.console.test_updates import line

SignIn = Callable[..., Browser]
BASE = "/e/peer-support/updates"


def test_a_correction_shows_what_changed_and_what_each_network_can_do(browse: SignIn, ids: dict[str, int]) -> None:
    page = browse("comms").get(f"{BASE}/{ids['correction']}").text
    assert '<del><span class="vh">removed: </span>to </del>' in page
    assert '<ins><span class="vh">added: </span>too </ins>' in page
    assert 'name="do.mastodon" value="edit" checked' in page
    assert 'name="do.x" value="edit"' not in page
    assert "X can’t edit a post." in page
    assert 'name="do.x" value="reply" checked' in page


def _choices(page: str, network: str) -> list[str]:
    return re.findall(rf'name="do.{network}" value="(\w+)"', page)


def test_a_correction_offers_what_each_network_can_do_and_says_what_would_be_lost(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    priya, at = browse("comms"), f"{BASE}/{ids['correction']}"
    page = priya.get(at).text
    assert _choices(page, "mastodon") == ["edit", "repost", "reply", "leave", "create", "delete"]
    assert _choices(page, "x") == ["repost", "reply", "leave", "create", "delete"]
    assert "Its replies, reposts and likes are lost; how many is not known. Costs $0.015." in page
    assert "Ask X, $0.005" in page
    with store.write() as tx:
        published.keep_reactions(tx, NOW, ids["correction"], "x", Reactions(2, 0, 6), "")
        published.keep_reactions(tx, NOW, ids["correction"], "mastodon", Reactions(4, 11), "")
    page = priya.get(at).text
    assert "Keeps 4 replies and 11 boosts. People see that it was edited." in page
    assert "Loses 2 replies and 6 likes. Costs $0.015." in page
    assert "Suggested: more than spelling changed, and a reply keeps 2 replies and 6 likes." in page


def test_x_is_asked_what_would_be_lost_only_when_somebody_presses_the_button(
    browse: SignIn, ids: dict[str, int], store: Store
) -> None:
    priya, at = browse("comms"), f"{BASE}/{ids['correction']}"
    page = priya.follow(priya.post(f"{at}/count", {"network": "x", "back": at}))
    assert "X is asked. The numbers appear here in a moment." in page.text
    with store.read() as tx:
        asked = tx.execute(select(t.wish.c.kind, t.wish.c.ref, t.wish.c.who)).all()
    assert [tuple(one) for one in asked] == [("reactions", f"{ids['correction']}:x", "Priya Nair")]
    assert "not there any more" in priya.follow(priya.post(f"{at}/count", {"network": "none", "back": at})).text


def test_while_a_post_is_on_its_way_only_what_cannot_go_wrong_is_offered(
    browse: SignIn, ids: dict[str, int], scene: Scene
) -> None:
    scene.delivery(ids["talk"], "x", "unsure", part=2, parts=2)
    page = browse("comms").get(f"{BASE}/{ids['correction']}").text
    assert _choices(page, "x") == ["leave", "create"]
    assert "Something about this entry is still on its way to X." in page


def test_deleting_and_posting_again_shows_both_steps(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    priya, at = browse("comms"), f"{BASE}/{ids['correction']}"
    form = {
        "revision": "1",
        "do.x": "repost",
        "text.x": "Too eager.",
        "do.mastodon": "reply",
        "reply.mastodon": "Sorry.",
    }
    priya.post(f"{at}/correct", form)
    page = priya.get(at).text
    assert [f'id="c-{name}"' in page for name in ("x-delete", "x-create", "mastodon-create")] == [True] * 3
    assert page.count("Below the earlier post.") == 1
    assert line(page, ids["correction"]).count("net-wait") == 2  # a badge for each network, not for each step
    with store.write() as tx:
        mine = (t.delivery.c.post_id == ids["correction"], t.delivery.c.action == "delete")
        tx.execute(update(t.delivery).where(*mine).values(state="asking"))
    page = priya.get(at).text
    assert "Was this deleted on X? Please check" in page
    assert "It was not: delete it" in page


def test_a_correction_of_the_time_alone_shows_the_time(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    before = {"day": "2017-07-13", "time": "16:10", "title": "Discussion", "text": "Words stay."}
    with store.write() as tx:
        tx.execute(t.post.update().where(t.post.c.id == ids["correction"]).values(detail={"before": before}))
        tx.execute(t.entry.update().where(t.entry.c.title == "Discussion").values(text="Words stay."))
    page = browse("comms").get(f"{BASE}/{ids['correction']}").text
    assert '<del><span class="vh">removed: </span>4:10pm\n</del>' in page
    assert '<ins><span class="vh">added: </span>3:10pm\n</ins>' in page


def test_a_correction_is_decided_per_network(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    with store.write() as tx:
        tx.execute(t.delivery.update().where(t.delivery.c.post_id == ids["talk"]).values(remote_id="17"))
    priya, at = browse("comms"), f"{BASE}/{ids['correction']}"
    form = {
        "revision": "1",
        "do.mastodon": "edit",
        "text.mastodon": "Too eager.",
        "do.x": "leave",
        "text.x": "Too eager.",
    }
    page = priya.follow(priya.post(f"{at}/correct", form))
    assert "On its way" in page.text
    with store.read() as tx:
        done = tx.execute(select(t.delivery).where(t.delivery.c.post_id == ids["correction"])).all()
    assert [(one.network, one.action, one.text, one.target) for one in done] == [
        ("mastodon", "edit", "Too eager.", "17")
    ]


def in_two_parts(store: Store, ids: dict[str, int], scene: Scene) -> None:
    """The first post on Mastodon went out in two parts, 17 and 18."""
    scene.delivery(ids["talk"], "mastodon", part=2, parts=2, remote_id="18", key="second")
    with store.write() as tx:
        first = (t.delivery.c.post_id == ids["talk"]) & (t.delivery.c.network == "mastodon") & (t.delivery.c.part == 1)
        tx.execute(t.delivery.update().where(first).values(remote_id="17", parts=2))


def test_a_post_in_two_parts_is_deleted_whole(browse: SignIn, ids: dict[str, int], store: Store, scene: Scene) -> None:
    in_two_parts(store, ids, scene)
    priya, at = browse("comms"), f"{BASE}/{ids['correction']}"
    priya.post(f"{at}/correct", {"revision": "1", "do.mastodon": "delete", "do.x": "leave"})
    with store.read() as tx:
        done = tx.execute(select(t.delivery).where(t.delivery.c.post_id == ids["correction"])).all()
    assert [(one.action, one.part, one.text, one.target) for one in done] == [
        ("delete", 1, "", "17"),
        ("delete", 2, "", "18"),
    ]
    assert "The post is deleted." in priya.get(at).text


def test_an_edit_replaces_part_by_part_or_is_refused_in_words(
    browse: SignIn, ids: dict[str, int], store: Store, scene: Scene
) -> None:
    in_two_parts(store, ids, scene)
    priya, at = browse("comms"), f"{BASE}/{ids['correction']}"
    form = {"revision": "1", "do.mastodon": "edit", "text.mastodon": "Short.", "do.x": "create"}
    page = priya.post(f"{at}/correct", form)
    assert 'name="do.mastodon" value="edit" checked' in page.text
    assert "The first post on Mastodon has 2 parts and these words need 1" in page.text
    assert 'name="do.x" value="create" checked' in page.text  # what was chosen is not lost
    priya.post(f"{at}/correct", form | {"text.mastodon": "A sentence that is long. " * 30, "do.x": "leave"})
    with store.read() as tx:
        done = tx.execute(select(t.delivery).where(t.delivery.c.post_id == ids["correction"])).all()
    assert [(one.action, one.part, one.target) for one in done] == [("edit", 1, "17"), ("edit", 2, "18")]


def test_leaving_everything_settles_a_correction(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    priya, at = browse("comms"), f"{BASE}/{ids['correction']}"
    page = priya.follow(priya.post(f"{at}/withdraw", {"revision": "1", "back": at}))
    assert "Left as it is" in page.text
