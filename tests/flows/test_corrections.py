"""What becomes of posts whose entry changed: on each network its own way, all our posts at once, never twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot import desk, housekeep
from bot.networks.rehearsal.faults import Fault
from bot.store import published
from bot.store.tables import delivery, post
from tests.flows.house import ADA, POSTERS, House, house

WELCOME = ("9.50am", "Welcome", "Tea and biscuits at the back.")
EARLIER = ("9.00am", "Doors open", "Come in.")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    """An update is out on all three networks, and its entry says something else since."""
    with house(tmp_path) as made:
        made.save(EARLIER)
        made.tick()
        made.save(WELCOME, EARLIER)
        made.tick(times=8)
        _change(made, "Tea and fruit at the back.")
        yield made


def _change(home: House, text: str) -> None:
    home.save(("9.50am", "Welcome", text), EARLIER)
    home.tick(times=2)


def _decide(home: House, choices: Mapping[str, str], kind: str = "correction", **more: Mapping[str, str]) -> desk.Done:
    row = home.posts(post.c.kind == kind, post.c.state == "draft")[-1]
    left = dict.fromkeys(POSTERS, "leave") | dict(choices)
    return desk.correct(home.store, ADA, row.id, row.revision, left, more.get("texts", {}), (), more.get("replies", {}))


def _calls(home: House, name: str) -> list[tuple[str, str]]:
    rows = home.deliveries(delivery.c.network == name, delivery.c.post_id > 1)
    return [(row.action, row.state) for row in rows]


def test_deleting_and_posting_again_are_two_calls_with_two_receipts(home: House) -> None:
    before = home.remote.posts("bluesky")[0].native_id
    assert _decide(home, {"bluesky": "repost"}).ok
    home.tick()
    removal, again = home.deliveries(delivery.c.network == "bluesky", delivery.c.post_id > 1)
    assert [(row.action, row.state) for row in (removal, again)] == [("delete", "sent"), ("create", "sent")]
    assert (removal.target, removal.remote_id) == (before, before)
    assert again.remote_id not in ("", before)
    (out,) = home.sent("bluesky")
    assert "Tea and fruit" in out


def test_nothing_is_posted_again_while_it_is_not_certain_that_the_old_post_is_gone(home: House) -> None:
    home.remote.plan_fault("x", "send delete", Fault.LOST.value, 1)
    home.remote.plan_fault("x", "find", Fault.DROP.value, 50)
    assert _decide(home, {"x": "repost"}).ok
    home.tick(1)
    assert _calls(home, "x")[1] == ("create", "queued")
    home.tick(300, times=15)
    assert _calls(home, "x") == [("delete", "asking"), ("create", "queued")]
    assert home.remote.counted("x", "send create") == 1
    (asks,) = home.deliveries(delivery.c.state == "asking")
    assert desk.was_sent(home.store, ADA, asks.id, "again").ok
    home.tick(60, times=3)
    assert _calls(home, "x") == [("delete", "sent"), ("create", "sent")]
    assert len(home.sent("x")) == 1


def test_a_person_who_leaves_the_old_post_there_takes_the_new_one_back_too(home: House) -> None:
    home.remote.plan_fault("x", "send delete", Fault.REFUSED.value, 1)
    assert _decide(home, {"x": "repost"}).ok
    home.tick(times=2)
    assert _calls(home, "x") == [("delete", "refused"), ("create", "queued")]
    (no,) = home.deliveries(delivery.c.state == "refused")
    assert desk.was_sent(home.store, ADA, no.id, "cancel").ok
    home.tick(times=3)
    assert _calls(home, "x") == [("delete", "cancelled"), ("create", "cancelled")]
    assert len(home.sent("x")) == 1


def test_a_crash_between_deleting_and_posting_again_loses_nothing_and_posts_nothing_twice(home: House) -> None:
    assert _decide(home, {"x": "repost", "bluesky": "repost"}).ok
    for name in ("x", "bluesky"):
        home.die_while_sending(name)
    home.tick(times=6)
    for name in ("x", "bluesky"):
        assert _calls(home, name) == [("delete", "sent"), ("create", "sent")]
        assert ["Tea and fruit" in text for text in home.sent(name)] == [True]


def test_a_reply_stands_below_the_post_in_the_words_that_a_person_saw(home: House) -> None:
    said = {name: f"Correction: there is fruit, {name}." for name in ("x", "bluesky")}
    assert _decide(home, dict.fromkeys(said, "reply"), replies=said).ok
    home.tick()
    for name, words in said.items():
        first, reply = home.remote.posts(name)
        assert (reply.text, reply.parent_id) == (words, first.native_id)


@pytest.mark.parametrize("way", ["create", "reply"])
def test_a_later_edit_or_removal_deals_with_all_our_posts_of_the_entry(home: House, way: str) -> None:
    words = {name: f"There is fruit, {name}." for name in POSTERS}
    assert _decide(home, dict.fromkeys(POSTERS, way), texts=words, replies=words).ok
    home.tick()
    assert [len(home.sent(name)) for name in POSTERS] == [2, 2, 2]
    _change(home, "Tea, fruit and cake at the back.")
    assert _decide(home, {"mastodon": "edit", "bluesky": "repost", "x": "delete"}).ok
    home.tick()
    assert ["cake" in text for text in home.sent("mastodon")] == [True, True]
    assert ["cake" in text for text in home.sent("bluesky")] == [True]
    assert home.sent("x") == []


def test_the_removal_of_an_entry_deletes_every_post_about_it(home: House) -> None:
    assert _decide(home, {"x": "create", "bluesky": "create"}).ok
    home.tick()
    home.save(EARLIER)
    home.tick(times=8)
    assert _decide(home, dict.fromkeys(POSTERS, "delete"), kind="withdrawal").ok
    home.tick(times=2)
    assert [home.sent(name) for name in POSTERS] == [[], [], []]


def test_what_was_deleted_is_not_offered_to_be_deleted_again(home: House) -> None:
    assert _decide(home, {"x": "delete", "bluesky": "repost"}).ok
    home.tick()
    with home.store.read() as tx:
        there = published.about(tx, home.posts()[0])
    assert (there["x"].posts, len(there["bluesky"].posts)) == ((), 1)
    home.save(EARLIER)
    home.tick(times=8)
    refused = _decide(home, {"bluesky": "delete", "mastodon": "delete"}, kind="withdrawal")
    assert refused.ok
    home.tick(times=2)
    assert [home.sent(name) for name in POSTERS] == [[], [], []]


def test_what_is_on_its_way_is_neither_deleted_nor_answered_before_it_is_settled(home: House) -> None:
    desk.pause(home.store, ADA)
    assert _decide(home, {"x": "create"}).ok
    _change(home, "Tea, fruit and cake at the back.")
    for way in ("delete", "repost", "reply"):
        refused = _decide(home, {"x": way}, replies={"x": "Correction: cake."})
        assert not refused.ok
        assert "Something about this entry is still on its way to X." in refused.sentence


def test_a_reply_without_words_is_refused(home: House) -> None:
    assert _decide(home, {"x": "reply"}).sentence == "Write what is to be said on X. Nothing was changed."


def _counted(home: House) -> dict[str, published.Counted]:
    return published.reactions(home.posts(post.c.kind == "correction")[-1].detail)


def test_what_would_be_lost_is_asked_where_it_is_free_and_on_x_only_when_a_person_wants_it(home: House) -> None:
    home.ask("bluesky", "Is there fruit?", reply_to=home.remote.posts("bluesky")[0].native_id)
    housekeep.grant(home.store, home.networks)
    found = _counted(home)
    assert {name: one.found and one.found.replies for name, one in found.items()} == {"mastodon": 0, "bluesky": 1}
    assert home.remote.counted("x", "reactions") == 0
    row = home.posts(post.c.kind == "correction")[-1]
    assert desk.count_reactions(home.store, ADA, row.id, "x").sentence.startswith("X is asked.")
    housekeep.grant(home.store, home.networks)
    assert _counted(home)["x"].found is not None
    assert home.remote.counted("x", "reactions") == 1


def test_a_network_that_cannot_tell_is_said_not_to_and_goes_on_working(home: House) -> None:
    home.remote.plan_fault("bluesky", "reactions", Fault.DROP.value, 1)
    housekeep.grant(home.store, home.networks)
    told = _counted(home)["bluesky"]
    assert told.found is None
    assert told.problem
    assert _decide(home, {"bluesky": "repost"}).ok
    home.tick()
    assert len(home.sent("bluesky")) == 1
