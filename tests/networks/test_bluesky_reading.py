"""Reading Bluesky: all that the search shows, also late, out of order and above a page; who asks not to be shown."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.items import Source, Standing
from bot.networks.base import RateLimited, Refused, Unavailable
from bot.networks.bluesky.cursors import Cursor
from tests.doubles.bluesky_server import ASHA, BRYN, ME, POST, limited, no, tagged
from tests.networks.bluesky_scene import MENTIONS, START, TAG, Kept, Scene, always, once, playing
from tests.networks.servers import Reply


@pytest.fixture
def scene() -> Iterator[Scene]:
    with playing() as made:
        yield made


def ask(scene: Scene, number: int, did: str = ASHA, **more: Any) -> str:
    """A question with the hashtag; its at-uri."""
    text = f"Question {number}? #AskLive"
    return scene.server.say(did, text, facets=[tagged(text, "AskLive")], **more)


def test_the_tag_is_found_alive_hidden_and_in_plain_text(scene: Scene) -> None:
    uris = {ask(scene, 1), scene.server.say(BRYN, "Plain? #asklive"), scene.server.say(BRYN, "?", tags=["ASKLIVE"])}
    scene.server.say(BRYN, "AskLive without its sign")
    scene.server.say(BRYN, "#AskLiveToo")
    kept = Kept(scene.network)
    kept.tick()
    assert set(kept.items) == uris


def test_a_search_that_takes_no_notice_of_the_tag_brings_nothing_else_and_is_left_at_once(scene: Scene) -> None:
    scene.server.tagless, scene.server.page_size = True, 10
    for number in range(200):
        scene.server.say(BRYN, f"The weather, part {number}")
    uri = ask(scene, 1, at=START - timedelta(minutes=5))
    kept = Kept(scene.network)
    kept.tick()
    assert set(kept.items) == {uri}
    assert len(scene.server.calls("searchPosts")) == 2


def test_a_burst_with_late_old_and_deleted_posts_is_read_once_and_whole(scene: Scene) -> None:
    chance = random.Random(7)
    kept = Kept(scene.network, replace(TAG, since=START))
    said: list[str] = []
    removed: set[str] = set()
    for many in (5, 320, 40, 135):  # some far above a page
        for number in range(len(said), len(said) + many):
            scene.pass_by(seconds=1)
            late = chance.random() < 0.05
            age = timedelta(minutes=chance.uniform(1, 19) if late else 0)
            said.append(ask(scene, number, at=scene.server.now - age))
            if late and chance.random() < 0.5:
                scene.server.unindexed.add(said[-1])
        kept.tick()
        scene.server.unindexed.clear()
        fresh = [uri for uri in said[-many:] if uri in kept.items]
        removed |= set(chance.sample(fresh, len(fresh) // 20))
        for uri in removed:
            scene.server.records.pop(uri, None)
        scene.pass_by(seconds=30)
        kept.tick()
    assert set(kept.items) == set(said)
    assert kept.gone == removed
    assert len(removed) > 15


def test_a_walk_that_takes_long_is_kept_page_by_page(scene: Scene) -> None:
    scene.server.page_size = 5
    uris = {ask(scene, number) for number in range(40)}
    scene.server.before = lambda asked: time.sleep(0.1)
    kept = Kept(scene.open(deadline=0.9))
    reads = 1
    while kept.step():
        reads += 1
        kept.network = scene.open(deadline=0.9)  # as after a crash
    assert 3 <= reads <= 16
    assert set(kept.items) == uris
    assert len(scene.server.calls("searchPosts")) == 18


def test_a_page_that_the_server_does_not_know_any_more_is_no_loss(scene: Scene) -> None:
    scene.server.page_size = 5
    uris = {ask(scene, number) for number in range(12)}
    refused = iter([True])
    scene.server.before = lambda asked: (
        no(400, "InvalidRequest", "bad cursor") if asked.query.get("cursor") == "10" and next(refused, False) else None
    )
    kept = Kept(scene.network)
    kept.tick()
    assert set(kept.items) == uris


def test_a_search_that_knows_no_second_page_is_not_asked_for_ever(scene: Scene) -> None:
    scene.server.page_size = 5
    for number in range(12):
        ask(scene, number)
    scene.server.before = lambda asked: no(400, "InvalidRequest") if asked.query.get("cursor") else None
    kept = Kept(scene.network)
    assert kept.tick() == 1
    assert len(kept.items) == 5
    assert len(scene.server.calls("searchPosts")) == 8


def test_a_limit_leaves_the_cursor_where_it_was(scene: Scene) -> None:
    kept = Kept(scene.network)
    uris = {ask(scene, 1)}
    kept.tick()
    uris |= {ask(scene, 2)}
    until = scene.server.now + timedelta(minutes=4)
    scene.server.before = once("searchPosts", lambda: limited(until))
    with pytest.raises(RateLimited) as told:
        kept.tick()
    assert told.value.until == until
    kept.tick()
    assert set(kept.items) == uris


def test_what_is_dated_back_is_found_by_the_look_back_and_only_then(scene: Scene) -> None:
    ask(scene, 1)
    kept = Kept(scene.network, replace(TAG, since=START))
    kept.tick()
    scene.pass_by(minutes=5)
    slow_clock = ask(scene, 2, at=START - timedelta(hours=5))
    kept.tick()
    assert slow_clock not in kept.items
    scene.pass_by(minutes=11)
    kept.tick()
    item = kept.items[slow_clock]
    assert item.written_at == START - timedelta(hours=5)


def test_a_post_from_the_future_moves_no_cursor_ahead(scene: Scene) -> None:
    kept = Kept(scene.network)
    uri = ask(scene, 1, at=START + timedelta(days=400))
    scene.server.records[uri]["indexedAt"] = "2031-01-01T00:00:00.000Z"  # the index has a clock of its own
    kept.tick()
    scene.pass_by(seconds=10)
    later = ask(scene, 2)
    kept.tick()
    assert later in kept.items
    assert Cursor.read(kept.cursor).newest <= scene.server.now.timestamp() * 1000


@pytest.mark.parametrize("cursor", ["", "garbage", "[]", "null", "5", '{"walk": 5}', '{"newest": "x"}', '{"walk": {}}'])
def test_a_cursor_of_any_kind_begins_at_worst_anew(scene: Scene, cursor: str) -> None:
    uri = ask(scene, 1)
    page = scene.network.fetch(TAG, cursor)
    assert [item.native_id for item in page.items] == [uri]
    assert json.loads(page.cursor)


def test_mentions_and_replies_come_by_notifications(scene: Scene) -> None:
    ours = scene.server.say(ME, "Ask away")
    reply = {"root": {"uri": ours, "cid": "c"}, "parent": {"uri": ours, "cid": "c"}}
    facet = {"index": {"byteStart": 0, "byteEnd": 16}, "features": [{"did": ME}]}
    uris = {
        scene.server.say(ASHA, "Who pays?", reply=reply, langs=["en"]),
        scene.server.say(BRYN, "@qcommunity.test And when?", facets=[facet]),
    }
    kept = Kept(scene.network, MENTIONS)
    kept.tick()
    assert set(kept.items) == uris
    assert {item.parent_id for item in kept.items.values()} == {"", ours}
    del scene.server.records[next(iter(uris))]
    kept.tick()
    assert kept.gone == {next(iter(uris))}


def test_what_is_out_of_sight_is_not_gone(scene: Scene) -> None:
    uris = [ask(scene, number) for number in range(60)]
    del scene.server.records[uris[0]]
    scene.server.unindexed.add(uris[1])  # as after a block
    scene.server.views[uris[2]] = {"labels": [{"src": "did:plc:mod", "val": "!hide"}]}
    checks = {one.native_id: one for one in scene.network.recheck(TAG, [*uris, "not-ours", "at://x"])}
    assert [checks[uri].standing for uri in uris[:4]] == [
        Standing.GONE, Standing.HIDDEN, Standing.HIDDEN, Standing.PUBLIC,
    ]  # fmt: skip
    assert set(checks) == set(uris)
    assert checks[uris[3]].item is not None
    assert len(scene.server.calls("getPosts")) == 3


def test_a_re_check_that_breaks_off_tells_what_it_learnt(scene: Scene) -> None:
    uris = [ask(scene, number) for number in range(60)]
    answered = iter([None, None])
    scene.server.before = always("getPosts", lambda: next(answered, no(502, "UpstreamFailure")))
    assert len(scene.network.recheck(TAG, uris)) == 50
    with pytest.raises(Unavailable):
        scene.network.recheck(TAG, uris)


@pytest.mark.parametrize(
    ("view", "author", "standing"),
    [
        ({"labels": [{"src": "did:plc:mod", "val": "spam"}]}, {}, Standing.HIDDEN),
        ({}, {"labels": [{"src": "did:plc:mod", "val": "!takedown"}]}, Standing.HIDDEN),
        ({}, {"viewer": {"blocking": "at://x"}}, Standing.HIDDEN),
        ({}, {"viewer": {"muted": True}}, Standing.HIDDEN),
        ({"labels": [{"src": "a", "val": "!hide"}, {"src": "a", "val": "!hide", "neg": True}]}, {}, Standing.PUBLIC),
        ({"labels": [{"src": "a", "val": "!warn"}, "odd", {}, None]}, {"labels": None}, Standing.PUBLIC),
    ],
)
def test_labels_and_blocks_are_respected(
    scene: Scene, view: dict[str, Any], author: dict[str, Any], standing: Standing
) -> None:
    uri = ask(scene, 1)
    scene.server.views[uri], scene.server.authors[ASHA] = view, author
    kept = Kept(scene.network)
    kept.tick()
    assert kept.items[uri].standing is standing


def test_what_people_ask_of_their_readers_comes_with_each_of_their_posts(scene: Scene) -> None:
    by_label = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "graphic-media"}]}
    strict, plain, warned = ask(scene, 1), ask(scene, 2, BRYN), ask(scene, 3, BRYN)
    own = ask(scene, 4, BRYN, labels=by_label)
    scene.server.authors[ASHA] = {"labels": [{"src": ASHA, "val": "!no-unauthenticated"}]}
    scene.server.views[warned] = {"labels": [{"src": "did:plc:moderation", "val": "!warn"}]}
    kept = Kept(scene.network)
    kept.tick()
    marks = {native: item.marks for native, item in kept.items.items()}
    assert marks == {strict: ("no_strangers",), plain: (), warned: ("warned",), own: ("warned",)}


@pytest.mark.parametrize("beside_pictures", [False, True])
def test_a_quote_leads_to_what_it_quotes(scene: Scene, beside_pictures: bool) -> None:
    quoted = scene.server.say(BRYN, "The building is step free.")
    embed: dict[str, Any] = {"$type": "app.bsky.embed.record", "record": {"uri": quoted, "cid": "bafy"}}
    if beside_pictures:
        embed = {"$type": "app.bsky.embed.recordWithMedia", "record": embed, "media": {}}
    native = ask(scene, 1, embed=embed)
    kept = Kept(scene.network)
    kept.tick()
    assert kept.items[native].parent_id == quoted


def test_a_copy_that_the_bridge_made_leads_to_its_original_and_nobody_else_can_say_so(scene: Scene) -> None:
    url = "https://fedi.example/@rosa/1"
    bridged, forged = (ask(scene, number, did, bridgyOriginalUrl=url) for number, did in ((1, ASHA), (2, BRYN)))
    scene.server.authors[ASHA] = {"handle": "rosa.fedi.example.ap.brid.gy"}
    kept = Kept(scene.network)
    kept.tick()
    assert (kept.items[bridged].url, kept.items[bridged].copy_of) == (url, url)
    assert kept.items[forged].copy_of == ""
    assert kept.items[forged].url.startswith("https://bsky.app/profile/bryn.test/post/")


HOSTILE: list[dict[str, Any]] = [
    {"text": None}, {"text": ["a"]}, {"text": 5}, {"createdAt": 5, "text": "#AskLive"}, {"facets": 5}, {"facets": [5]},
    {"facets": [{"features": 5}]}, {"langs": 5}, {"langs": ["<b>"]}, {"reply": 5}, {"reply": {"parent": {"uri": 5}}},
    {"tags": {"a": 1}}, {"text": "\ud800\0 \u202e#AskLive"}, {"bridgyOriginalUrl": 5}, {"embed": 5},
    {"embed": {"record": 5}}, {"embed": {"record": {"uri": 5}}}, {"labels": 5}, {"labels": {"values": [5]}},
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_post_of_any_shape_keeps_no_other_away(scene: Scene, number: int) -> None:
    good, odd = ask(scene, 1), ask(scene, 2, BRYN)
    shown = scene.server._view(odd)
    shown["record"] = shown["record"] | HOSTILE[number]
    posts = [shown, scene.server._view(good), 5, {"uri": 5}, {"uri": odd, "record": [], "author": {}}]
    scene.server.before = always("searchPosts", lambda: Reply(200, {"posts": posts}))
    kept = Kept(scene.network)
    kept.tick()
    assert good in kept.items
    assert kept.poison >= 3
    for item in kept.items.values():
        assert item.text.encode() is not None
        assert "\0" not in item.text
        assert not item.lang or item.lang.isalnum()


def test_nobody_speaks_for_another(scene: Scene) -> None:
    uri = ask(scene, 1)
    scene.server.authors[ASHA] = {"did": BRYN}
    kept = Kept(scene.network)
    kept.tick()
    assert uri not in kept.items
    assert kept.poison == 1


def test_our_own_posts_are_told_apart(scene: Scene) -> None:
    uri = ask(scene, 1, ME)
    kept = Kept(scene.network)
    kept.tick()
    assert kept.items[uri].own
    assert uri.startswith(f"at://{ME}/{POST}/")


def test_what_bluesky_does_not_have_is_refused(scene: Scene) -> None:
    for kind in ("comments", "liveblog"):
        with pytest.raises(Refused):
            scene.network.fetch(Source(1, "bluesky", kind, "x"), "")
    with pytest.raises(Refused):
        scene.network.entries(TAG, "")
