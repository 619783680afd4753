"""Posting on a real Bluesky: once, to the letter, alive in every script, within its limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.core.items import Action, Delivery
from bot.core.length import graphemes
from bot.networks.base import NoAnswer, Refused
from bot.store.outbox import new_key
from tests.networks.memory import DictMemory
from tests.networks.servers import talking
from tests.real.bluesky import POST, Between, Open, RealBluesky, delivery, thread

pytestmark = [pytest.mark.real, pytest.mark.timeout(900)]  # the first run installs the packages


def test_a_post_is_there_as_it_was_approved(bluesky: RealBluesky, skeet: Open) -> None:
    sent = delivery("Doors open.\n\nWelcome  all! 👩‍👩‍👧‍👦", lang="en-GB", link="https://q.example/live/?a=1&b=2")
    receipt = skeet().send(sent)
    record = bluesky.stored("qcommunity")[receipt.remote_id]
    assert (record["text"], record["langs"]) == (sent.text, ["en-GB"])
    assert record["embed"]["external"]["uri"] == sent.link
    assert receipt.remote_id == f"at://{bluesky.did('qcommunity')}/{POST}/{sent.key}"
    assert receipt.url == f"https://bsky.app/profile/qcommunity.test/post/{sent.key}"
    assert sent.started_at is not None
    assert abs(receipt.at - sent.started_at) < timedelta(milliseconds=1)


def test_a_post_whose_answer_was_lost_is_there_once(bluesky: RealBluesky, skeet: Open) -> None:
    proxy = Between(bluesky.port)
    before = bluesky.stored("qcommunity")
    with talking(proxy) as port:
        network = skeet(bluesky.options(url=f"http://localhost:{port}"), DictMemory())
        sent = delivery("Lost on its way back")
        assert network.find(sent) is None
        proxy.losing = lambda request: b"putRecord" in request
        with pytest.raises(NoAnswer):
            network.send(sent)
        assert proxy.lost == 1
        proxy.losing = lambda request: False
        found, again = network.find(sent), network.send(replace(sent, attempts=2))
    assert found is not None
    assert found.remote_id == again.remote_id
    assert "there already" in again.evidence
    new = bluesky.stored("qcommunity").keys() - before.keys()
    assert new == {found.remote_id}


def test_what_was_begun_a_second_time_in_another_process_is_there_once(bluesky: RealBluesky, skeet: Open) -> None:
    sent = delivery("Twice at once")
    first, second = skeet().send(sent), skeet(memory=DictMemory()).send(sent)
    assert (first.remote_id, bool(first.evidence)) == (second.remote_id, False)
    assert second.evidence
    assert [one["text"] for one in bluesky.stored("qcommunity").values()].count("Twice at once") == 1


EDGES = {
    "letters": ("x" * 300, "x"),
    "families": ("👩‍👩‍👧" * 166 + "x" * 12, "x"),  # 18 bytes each
    "astronauts": ("🧑‍🚀" * 272 + "x" * 8, "x"),  # 11 bytes each: 3,000 in all
    "arabic": ("م" * 300, "م"),
}


@pytest.mark.parametrize("script", EDGES)
def test_the_longest_text_goes_out_and_one_more_is_refused_here_and_there(
    bluesky: RealBluesky, skeet: Open, script: str
) -> None:
    longest, more = EDGES[script]
    assert graphemes(longest) == 300 or len(longest.encode()) == 3000
    receipt = skeet().send(delivery(longest))
    assert bluesky.stored("qcommunity")[receipt.remote_id]["text"] == longest
    with pytest.raises(Refused, match="shorten it"):
        skeet().send(delivery(longest + more))
    with pytest.raises(httpx.HTTPStatusError) as refused:
        bluesky.say("qcommunity", longest + more)
    assert "too big" in refused.value.response.json()["message"]


TEXTS = [
    "Frage für die 🧑‍🚀: wie geht das? #AskLive",
    "👩‍👩‍👧‍👦🏳️‍🌈 see https://q.example.org/a?b=1#c, @asha.test and #Café!",
    "مرحبا @asha.test كيف الحال؟ #تجربة https://q.example/عربي",
    "\u2067שלום\u2069 q.example.org/live #שאלה — @asha.test.",
    "e\u0301 café ≠ cafe\u0301 #naïve 日本語のタグ #質問 https://q.example",
]


@pytest.mark.parametrize("text", TEXTS)
def test_links_tags_and_mentions_are_alive_at_their_very_bytes(bluesky: RealBluesky, skeet: Open, text: str) -> None:
    receipt = skeet().send(delivery(text))
    bluesky.wait([receipt.remote_id])
    record = bluesky.get("asha", "app.bsky.feed.getPosts", uris=[receipt.remote_id])["posts"][0]["record"]
    raw = record["text"].encode()
    assert raw == text.encode()
    alive = {}
    for facet in record["facets"]:
        shown = raw[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
        (feature,) = facet["features"]
        alive[shown] = feature.get("tag") or feature.get("did") or feature.get("uri")
    assert any("#" + str(target) == shown for shown, target in alive.items())
    if "@asha.test" in text:
        assert alive["@asha.test"] == bluesky.did("asha")
    if "q.example" in text:
        (link,) = [shown for shown in alive if "q.example" in shown]
        assert alive[link].removeprefix("https://") == link.removeprefix("https://")
    assert all(shown[0] in "#@hq" and not shown.endswith((",", ".", "!")) for shown in alive)
    assert len(alive) == len([word for word in text.split() if word.strip("\u2067\u2069,.!")[:1] in ("#", "@")]) + len(
        [word for word in text.split() if "q.example" in word]
    )


def test_a_reply_hangs_from_what_was_asked_and_from_where_it_began(bluesky: RealBluesky, skeet: Open) -> None:
    root = bluesky.say("bryn", "A conversation begins")
    asked = bluesky.say("asha", "Who pays?", reply={"root": root, "parent": root})
    bluesky.wait([asked["uri"]])
    ids = thread(skeet(), "@asha.test We all do.", "Gladly, even.", reply_to=asked["uri"], reply_root=root["uri"])
    records = bluesky.stored("qcommunity")
    first, second = (records[one]["reply"] for one in ids)
    assert first == {"root": root, "parent": asked}
    assert (second["root"], second["parent"]["uri"]) == (root, ids[0])


def test_a_thread_hangs_together(bluesky: RealBluesky, skeet: Open) -> None:
    ids = thread(skeet(), "One 1/3", "Two 2/3", "Three 3/3")
    bluesky.wait(ids)
    records = bluesky.stored("qcommunity")
    assert "reply" not in records[ids[0]]
    parents = [records[one]["reply"]["parent"]["uri"] for one in ids[1:]]
    assert parents == ids[:2]
    assert {records[one]["reply"]["root"]["uri"] for one in ids[1:]} == {ids[0]}
    shown = bluesky.get("asha", "app.bsky.feed.getPostThread", uri=ids[0])["thread"]
    assert shown["replies"][0]["replies"][0]["post"]["uri"] == ids[2]


def test_whose_gate_is_closed_is_not_answered(bluesky: RealBluesky, skeet: Open) -> None:
    asked = bluesky.say("asha", "Only for friends?")
    key = asked["uri"].rpartition("/")[2]
    gate = {"$type": "app.bsky.feed.threadgate", "post": asked["uri"], "allow": []}
    gate["createdAt"] = datetime.now(UTC).isoformat()
    where = {"repo": bluesky.did("asha"), "collection": "app.bsky.feed.threadgate", "rkey": key}
    bluesky.call("asha", "com.atproto.repo.createRecord", **where, record=gate)
    bluesky.wait([asked["uri"], bluesky.say("asha", "later")["uri"]])
    with pytest.raises(Refused, match="limited who may reply"):
        skeet().send(delivery("We all do", reply_to=asked["uri"]))


def test_what_was_deleted_is_not_answered(bluesky: RealBluesky, skeet: Open) -> None:
    asked = bluesky.say("asha", "Never mind?")
    bluesky.wait([asked["uri"]])
    bluesky.remove("asha", asked["uri"])
    bluesky.wait([asked["uri"]], shown=False)
    with pytest.raises(Refused, match="has been deleted"):
        skeet().send(delivery("We all do", reply_to=asked["uri"]))


def test_a_removal_is_safe_to_repeat_and_what_a_person_removed_does_not_come_back(
    bluesky: RealBluesky, skeet: Open
) -> None:
    network = skeet()
    sent = delivery("A slip")
    there = network.send(sent).remote_id
    gone = Delivery(8, "bluesky", Action.DELETE, new_key(), target=there, started_at=datetime.now(UTC))
    assert network.find(gone) is None
    assert not network.send(gone).evidence
    assert "already" in network.send(gone).evidence
    assert network.find(gone)
    assert there not in bluesky.stored("qcommunity")
    proxy = Between(bluesky.port)
    with talking(proxy) as port:
        network = skeet(bluesky.options(url=f"http://localhost:{port}"), DictMemory())
        network.check()
        proxy.losing = lambda request: b"putRecord" in request
        late = delivery("Lost, and removed by hand", started_at=datetime.now(UTC) - timedelta(hours=2))
        with pytest.raises(NoAnswer):
            network.send(late)
        proxy.losing = lambda request: False
        bluesky.remove("qcommunity", f"at://{bluesky.did('qcommunity')}/{POST}/{late.key}")
        with pytest.raises(Refused, match="deleted by somebody since"):
            network.send(late)
    assert "Lost, and removed by hand" not in [one["text"] for one in bluesky.stored("qcommunity").values()]


def test_nothing_is_edited_on_bluesky(skeet: Open) -> None:
    network = skeet()
    there = network.send(delivery("First words")).remote_id
    with pytest.raises(Refused, match="does not show edits"):
        network.send(delivery("Other words", action=Action.EDIT, target=there))
    assert not network.limits().edits


def test_what_is_not_ours_is_not_deleted(bluesky: RealBluesky, skeet: Open) -> None:
    theirs = bluesky.say("asha", "Mine")
    with pytest.raises(Refused, match="not a post of ours"):
        skeet().send(delivery("", action=Action.DELETE, target=theirs["uri"]))
    assert theirs["uri"] in bluesky.stored("asha")


def test_check_says_what_is_right_and_what_is_wrong_and_posts_nothing(bluesky: RealBluesky, skeet: Open) -> None:
    before = bluesky.stored("qcommunity")
    network = skeet(memory=DictMemory())
    assert network.limits().assumed
    lines = network.check()
    assert [line.level for line in lines] == ["ok", "ok", "ok"], lines
    assert "@qcommunity.test" in lines[0].what
    assert not network.limits().assumed
    by_hand = skeet(bluesky.options(password=bluesky.password), DictMemory()).check()
    assert [line.what for line in by_hand if line.level == "warn"] == [
        "BLUESKY_APP_PASSWORD holds the main password of the account."
    ]
    (fault,) = skeet(bluesky.options(password="not-the-right-one"), DictMemory()).check()
    assert (fault.level, "does not accept the app password" in fault.what) == ("fail", True)
    assert bluesky.stored("qcommunity") == before
