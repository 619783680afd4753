"""The stand-in keeps to each network's manners: lengths, keys, who may be answered, what can be changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.core.items import Action, Delivery
from bot.networks.base import (
    OutOfMoney,
    Refused,
)
from bot.networks.rehearsal import Remote
from tests.networks.memory import DictMemory
from tests.networks.rehearsal_scene import (
    NAMES,
    Clock,
    post,
)


@pytest.mark.parametrize("name", NAMES)
def test_a_post_that_is_too_long_or_empty_is_refused_and_nothing_is_there(
    name: str, opened: Any, remote: Remote
) -> None:
    parent = remote.comment("Rosa", "Who pays?") if name == "wordpress" else ""
    for text in ("a" * 70_000, "", "  \n"):
        with pytest.raises(Refused):
            opened(name).send(post(name, text, reply_to=parent))
    assert remote.posts(name) == []
    assert [call.effect for call in remote.calls(name, "send")] == [False] * 3


def test_the_same_key_again_is_answered_with_the_same_post(opened: Any, remote: Remote, clock: Clock) -> None:
    for name in ("mastodon", "bluesky"):
        network = opened(name)
        first, again = network.send(post(name)), network.send(post(name))
        assert first.remote_id == again.remote_id
        assert again.evidence
        assert len(remote.posts(name)) == 1
    clock.go(minutes=61)  # Mastodon forgets a key after an hour, Bluesky never does
    opened("mastodon").send(post("mastodon"))
    opened("bluesky").send(post("bluesky"))
    assert (len(remote.posts("mastodon")), len(remote.posts("bluesky"))) == (2, 1)


def test_bluesky_does_not_bring_back_what_a_person_deleted(opened: Any, remote: Remote) -> None:
    bluesky = opened("bluesky")
    receipt = bluesky.send(post("bluesky"))
    remote.delete("bluesky", receipt.remote_id)
    with pytest.raises(Refused, match="deleted"):
        bluesky.send(post("bluesky"))
    assert remote.posts("bluesky") == []


def test_x_refuses_the_same_words_twice_whatever_the_key(opened: Any, remote: Remote) -> None:
    x = opened("x")
    x.send(post("x"))
    with pytest.raises(Refused, match="duplicate content"):
        x.send(post("x", key="k2"))
    assert len(remote.posts("x")) == 1


def test_x_lets_us_answer_only_who_mentioned_us_and_ourselves(opened: Any, remote: Remote) -> None:
    x = opened("x")
    tagged = remote.say("x", "asha", "Who pays? #QLabs")
    named = remote.say("x", "bryn", "@THEQCOMMUNITY who pays?")
    with pytest.raises(Refused, match="have not been mentioned"):
        x.send(post("x", "We do", reply_to=tagged))
    first = x.send(post("x", "We do", key="k2", reply_to=named))
    x.send(post("x", "and gladly", key="k3", previous=first.remote_id, first=first.remote_id))
    assert [one.parent_id for one in remote.posts("x")] == [named, first.remote_id]


def test_x_spends_nothing_on_a_refusal_and_stops_when_the_money_is_gone(opened: Any, remote: Remote) -> None:
    purse = DictMemory(0.02)
    x = opened("x", purse)
    with pytest.raises(Refused):
        x.send(post("x", "a" * 281))
    assert purse.budget == pytest.approx(0.02)
    x.send(post("x"))
    assert purse.budget == pytest.approx(0.005)
    with pytest.raises(OutOfMoney):
        x.send(post("x", "another", key="k2"))
    assert len(remote.posts("x")) == 1


def test_the_blog_says_already_there_to_the_same_answer_again(opened: Any, remote: Remote) -> None:
    blog = opened("wordpress")
    parent, other = remote.comment("Rosa", "Who pays?"), remote.comment("Tom", "And who else?")
    first = blog.send(post("wordpress", "We do", reply_to=parent))
    again = blog.send(post("wordpress", "We do", key="k2", reply_to=parent))
    blog.send(post("wordpress", "We do", key="k3", reply_to=other))
    assert (again.remote_id, again.evidence) == (first.remote_id, "already there")
    assert len(remote.posts("wordpress")) == 2
    with pytest.raises(Refused):
        blog.send(post("wordpress", "A post of its own", key="k4"))


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_to_what_was_deleted_is_refused(name: str, opened: Any, remote: Remote) -> None:
    parent = remote.say(name, "asha", "@theQCommunity who pays?")
    remote.delete(name, parent)
    with pytest.raises(Refused, match="no longer"):
        opened(name).send(post(name, "We do", reply_to=parent))


@pytest.mark.parametrize("name", NAMES)
def test_editing_and_deleting_happen_only_where_the_network_has_them(name: str, opened: Any, remote: Remote) -> None:
    network = opened(name)
    parent = remote.say(name, "asha", "@theQCommunity who pays?")
    there = network.send(post(name, "We do", reply_to=parent)).remote_id
    edit = replace(post(name, "We all do"), action=Action.EDIT, target=there)
    if "edit" in network.acts:
        assert network.send(edit).remote_id == there
        assert [one.text for one in remote.posts(name)] == ["We all do"]
        assert network.find(edit)
    else:
        with pytest.raises(Refused, match="cannot change"):
            network.send(edit)
    delete = Delivery(2, name, Action.DELETE, "k9", target=there)
    assert network.find(delete) is None
    assert network.send(delete).evidence == ""
    assert network.send(delete).evidence == "already gone"
    assert network.find(delete)
    assert remote.posts(name) == []
    with pytest.raises(Refused):
        network.send(replace(delete, target=parent))  # not ours
