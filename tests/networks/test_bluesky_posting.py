"""Posting on Bluesky: once, under the key of the delivery, to the letter, and with what makes a text alive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.items import Action, Delivery
from bot.networks.base import NoAnswer, RateLimited, Refused
from bot.networks.bluesky.facets import facets_of
from tests.doubles.bluesky_server import ASHA, BRYN, ME, POST, limited, no
from tests.networks.bluesky_scene import KEYS, Scene, always, once, playing
from tests.networks.servers import Asked, Reply


@pytest.fixture
def scene() -> Iterator[Scene]:
    with playing() as made:
        yield made


def alive(text: str) -> dict[str, str]:
    """What is alive in a text: the bytes shown, and where they lead."""
    raw, found = text.encode(), {}
    for facet in facets_of(text, lambda handle: f"did:plc:{handle}"):
        shown = raw[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
        (feature,) = facet["features"]
        found[shown] = next(str(value) for name, value in feature.items() if name != "$type")
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Frage für die 🧑‍🚀: wie geht das? #AskLive", {"#AskLive": "AskLive"}),
        ("#one#two, #3 and #Café! ＃広い", {"#Café": "Café", "＃広い": "広い"}),
        ("see q.example.org/a, (https://x.example/b?c=1#d).", {
            "q.example.org/a": "https://q.example.org/a", "https://x.example/b?c=1#d": "https://x.example/b?c=1#d",
        }),
        ("مرحبا @asha.test، #تجربة", {"@asha.test": "did:plc:asha.test", "#تجربة": "تجربة"}),
        ("@a.b-c.example. me@x.example @under_score @no @-x.example x@y", {"@a.b-c.example": "did:plc:a.b-c.example"}),
        ("https://bsky.app/profile/@asha.test/#tag", {
            "https://bsky.app/profile/@asha.test/#tag": "https://bsky.app/profile/@asha.test/#tag",
        }),
        ("#" + "x" * 65 + " #" + "y" * 64, {"#" + "y" * 64: "y" * 64}),
        ("http:// https://, # @ @. #️⃣ nothing", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_what_is_alive_in_a_text(text: str, expected: dict[str, str]) -> None:
    assert {shown: to for shown, to in alive(text).items() if shown != "#one"} == expected


@pytest.mark.parametrize(
    "piece", ["@", "@a.", "#", "https://", "https://x", "a.b.", "@a-", "#a#", "(", "🏳️‍🌈@x.example "]
)
def test_a_hostile_text_costs_no_time(piece: str) -> None:
    facets_of(piece * (3000 // len(piece)), lambda _: "")


def test_a_record_is_the_same_at_every_try(scene: Scene) -> None:
    sent = scene.delivery("Hello @asha.test", lang="cy", link="https://q.example/live")
    scene.server.before = always("putRecord", lambda: no(503, "NotReady"))
    for _ in range(3):
        with pytest.raises(NoAnswer):
            scene.network.send(sent)
        scene.pass_by(minutes=1)
    bodies = {asked.body for asked in scene.server.calls("putRecord")}
    assert len(bodies) == 1
    record = scene.server.calls("putRecord")[0].json()["record"]
    assert (record["createdAt"], record["langs"]) == ("2026-05-04T09:00:00.000Z", ["cy"])
    assert record["facets"][0]["features"][0]["did"] == ASHA


def test_a_link_becomes_a_card_unless_the_text_has_it(scene: Scene) -> None:
    link = "https://www.q.example/live"
    scene.network.send(scene.delivery("With a card", link=link))
    first = scene.network.send(scene.delivery(f"Without, since it is here: {link}", 1, link=link))
    scene.network.send(scene.delivery("Nor later on", 2, link=link, previous=first.remote_id, first=first.remote_id))
    cards = [one.get("embed", {}).get("external") for one in scene.server.ours()]
    assert cards == [{"uri": link, "title": "q.example", "description": ""}, None, None]


def test_what_is_there_under_our_key_is_told_by_its_words(scene: Scene) -> None:
    sent = scene.delivery("Hello")
    first = scene.network.send(sent)
    again = scene.network.send(replace(sent, started_at=scene.pass_by(minutes=9)))  # a person had it sent again
    assert (again.remote_id, again.at, bool(again.evidence)) == (first.remote_id, first.at, True)
    with pytest.raises(Refused, match="another one"):
        scene.network.send(replace(sent, text="Good bye"))
    assert scene.network.find(replace(sent, text="Good bye")) is None
    assert [one["text"] for one in scene.server.ours()] == ["Hello"]


def test_what_is_there_and_cannot_be_read_is_not_said_to_be_sent(scene: Scene) -> None:
    sent = scene.delivery("Hello")
    scene.network.send(sent)
    scene.server.before = always("getRecord", lambda: no(502, "UpstreamFailure"))
    with pytest.raises(NoAnswer, match="could not be read"):
        scene.network.send(replace(sent, started_at=scene.pass_by(minutes=9)))


def test_what_a_person_may_have_deleted_is_asked_about_once(scene: Scene) -> None:
    sent = scene.delivery("Lost")
    scene.server.after = once("putRecord", lambda: Reply(502, b""))
    with pytest.raises(NoAnswer):
        scene.network.send(sent)
    scene.server.records.clear()
    scene.pass_by(minutes=61)
    with pytest.raises(Refused, match="posted at 09:00 UTC and deleted"):
        scene.network.send(sent)
    assert not scene.server.ours()
    assert not scene.network.send(replace(sent, started_at=scene.server.now)).evidence  # a person said so
    assert len(scene.server.ours()) == 1


def test_after_a_long_time_what_is_there_is_found_and_not_sent(scene: Scene) -> None:
    sent = scene.delivery("Lost")
    scene.server.after = once("putRecord", lambda: Reply(502, b""))
    with pytest.raises(NoAnswer):
        scene.network.send(sent)
    scene.pass_by(days=2)
    assert scene.network.send(sent).evidence
    assert len(scene.server.calls("putRecord")) == 1


def test_after_an_outage_that_proves_no_effect_it_goes_out_by_itself(scene: Scene) -> None:
    sent = scene.delivery("Patience")
    scene.server.before = always("putRecord", lambda: limited(scene.server.now + timedelta(minutes=5)))
    for _ in range(4):
        with pytest.raises(RateLimited):
            scene.network.send(sent)
        scene.pass_by(minutes=30)
    scene.server.before = lambda asked: None
    assert not scene.network.send(sent).evidence
    assert len(scene.server.ours()) == 1


def test_a_limit_and_an_old_session_in_the_middle_of_a_thread_cost_time_and_nothing_else(scene: Scene) -> None:
    ids: list[str] = []
    until = scene.server.now + timedelta(minutes=3)
    for number, text in enumerate(["One 1/4", "Two 2/4", "Three 3/4", "Four 4/4"]):
        part = scene.delivery(text, number, previous=ids[-1] if ids else "", first=ids[0] if ids else "")
        if number == 1:
            scene.server.before = once("putRecord", lambda: limited(until))
            with pytest.raises(RateLimited) as told:
                scene.network.send(part)
            assert told.value.until == until
            scene.pass_by(minutes=3)
        if number == 2:
            scene.server.expire()
        ids.append(scene.network.send(part).remote_id)
    records = scene.server.ours()
    assert [one["text"][-3:] for one in records] == ["1/4", "2/4", "3/4", "4/4"]
    assert [one["reply"]["parent"]["uri"] for one in records[1:]] == ids[:3]
    assert {one["reply"]["root"]["uri"] for one in records[1:]} == {ids[0]}
    assert len(scene.server.calls("refreshSession")) == 1


def test_a_part_whose_elder_is_gone_is_refused(scene: Scene) -> None:
    first = scene.network.send(scene.delivery("One 1/2")).remote_id
    scene.server.records.clear()
    with pytest.raises(Refused, match="no longer on Bluesky"):
        scene.network.send(scene.delivery("Two 2/2", 1, previous=first, first=first))


@pytest.mark.parametrize(
    ("view", "author", "words"),
    [
        ({"viewer": {"replyDisabled": True}}, {}, "limited who may reply"),
        ({}, {"viewer": {"blockedBy": True}}, "has blocked our account"),
    ],
)
def test_who_does_not_want_our_answer_gets_none(
    scene: Scene, view: dict[str, object], author: dict[str, object], words: str
) -> None:
    asked = scene.server.say(ASHA, "Who pays?")
    scene.server.views[asked], scene.server.authors[ASHA] = view, author
    with pytest.raises(Refused, match=words):
        scene.network.send(scene.delivery("We all do", reply_to=asked))
    assert not scene.server.ours()


def test_an_answer_names_its_asker_without_asking_who_that_is(scene: Scene) -> None:
    asked = scene.server.say(ASHA, "Who pays?", reply={"root": {"uri": f"at://{BRYN}/{POST}/{KEYS[9]}", "cid": "c"}})
    scene.network.send(scene.delivery("@asha.test we all do", reply_to=asked))
    (record,) = scene.server.ours()
    assert record["facets"][0]["features"][0]["did"] == ASHA
    assert record["reply"]["root"] == {"uri": f"at://{BRYN}/{POST}/{KEYS[9]}", "cid": "c"}
    assert scene.server.calls("resolveHandle") == []


def test_an_answer_to_what_the_index_does_not_show_yet_goes_out(scene: Scene) -> None:
    asked = scene.server.say(ASHA, "Who pays?")
    scene.server.unindexed.add(asked)
    scene.network.send(scene.delivery("We all do", reply_to=asked))
    assert scene.server.ours()[0]["reply"]["parent"]["uri"] == asked


@pytest.mark.parametrize(
    "fault", [lambda: no(400, "InvalidRequest"), lambda: no(504, "UpstreamTimeout"), lambda: Reply(200, {})]
)
def test_a_mention_that_cannot_be_resolved_stays_text(scene: Scene, fault: object) -> None:
    assert callable(fault)
    scene.server.before = always("resolveHandle", fault)
    scene.network.send(scene.delivery("@asha.test and @bryn.test"))
    assert "facets" not in scene.server.ours()[0]


@pytest.mark.parametrize(
    "to", ["", "at://", "https://bsky.app/x", f"at://{ASHA}/app.bsky.feed.like/{KEYS[0]}", "\0", "at://x/" * 99]
)
def test_what_is_no_post_is_neither_answered_nor_deleted(scene: Scene, to: str) -> None:
    with pytest.raises(Refused, match="not a post of ours"):
        scene.network.send(Delivery(1, "bluesky", Action.DELETE, KEYS[0], target=to))
    if to:
        with pytest.raises(Refused, match="cannot be answered there"):
            scene.network.send(scene.delivery("We all do", reply_to=to))
    assert not scene.server.ours()


@pytest.mark.parametrize("text", ["", " \n ", "a\0b", "\ud800", "x" * 301, "👩‍👩‍👧" * 167])
def test_what_cannot_be_sent_is_refused_before_anything_is_asked(scene: Scene, text: str) -> None:
    with pytest.raises(Refused):
        scene.network.send(scene.delivery(text))
    assert scene.server.site.asked == []


def test_a_removal_says_whether_it_was_needed(scene: Scene) -> None:
    there = scene.network.send(scene.delivery("A slip")).remote_id
    gone = scene.delivery("", 1, action=Action.DELETE, target=there)
    assert scene.network.find(gone) is None
    scene.server.after = once("deleteRecord", lambda: Reply(504, b""))
    with pytest.raises(NoAnswer):
        scene.network.send(gone)
    assert scene.network.find(gone)
    assert scene.network.send(gone).evidence
    assert there.startswith(f"at://{ME}/")


def test_a_key_that_is_none_is_refused_by_the_server_in_words(scene: Scene) -> None:
    with pytest.raises(Refused, match="Invalid TID"):
        scene.network.send(scene.delivery("Hello", key="live-entry-42"))
    asked: list[Asked] = scene.server.calls("putRecord")
    assert len(asked) == 1
