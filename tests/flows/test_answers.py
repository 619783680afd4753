"""An answer reaches whoever asked, where they asked, once; where a network cannot tell, a person is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import collect, desk, housekeep
from bot.store.tables import delivery
from tests.flows.house import ADA, EVERY, NAMES, TIMING, House, house

WORDS = {
    "x": "@theQCommunity How can carers get peer support at work? #QLabs",
    "mastodon": "How can carers get peer support at work? #QLabs",
    "bluesky": "How can carers get peer support at work? #QLabs",
    "wordpress": "How can carers get peer support at work?",
}
ANSWER = "At their own pace, and with a manager who knows about it."


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        yield made


def asks_in(home: House, name: str) -> tuple[str, int]:
    """Somebody asks there and it is read: the native id and the question."""
    native = home.ask(name, WORDS[name])
    home.tick()
    return native, home.question_of(native)


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_reaches_the_asker_where_they_asked(home: House, name: str) -> None:
    native, number = asks_in(home, name)
    done = desk.answer(home.store, ADA, number, ANSWER, seen="waiting")
    assert done.ok, done.sentence
    home.tick()
    (reply,) = home.remote.posts(name)
    assert reply.parent_id == native
    assert ANSWER in reply.text
    assert sum(len(home.sent(other)) for other in NAMES) == 1
    (row,) = home.deliveries()
    assert (row.state, row.remote_id) == ("sent", reply.native_id)
    (asked,) = home.questions()
    assert (asked.state, asked.told_at) == ("answered", home.clock())


def test_everybody_who_asked_the_same_is_answered_where_they_asked(home: House) -> None:
    natives = {name: home.ask(name, WORDS[name]) for name in NAMES}
    home.tick()
    number = home.question_of(natives["x"])
    assert {home.question_of(native) for native in natives.values()} == {number}
    desk.answer(home.store, ADA, number, ANSWER)
    home.tick()
    assert {name: [one.parent_id for one in home.remote.posts(name)] for name in NAMES} == {
        name: [native] for name, native in natives.items()
    }


@pytest.mark.parametrize("fault", ["lost", "error-after"])
@pytest.mark.parametrize("name", ["mastodon", "bluesky", "wordpress"])
def test_a_lost_answer_is_not_sent_twice(home: House, name: str, fault: str) -> None:
    _, number = asks_in(home, name)
    desk.answer(home.store, ADA, number, ANSWER)
    home.remote.plan_fault(name, "send", fault)
    home.tick(1, times=20)
    (row,) = home.deliveries()
    assert (row.state, len(home.sent(name))) == ("sent", 1)
    assert row.remote_id == home.remote.posts(name)[0].native_id
    assert any(call.effect and "NoAnswer" in call.outcome for call in home.remote.calls(name, "send"))


@pytest.mark.parametrize("name", ["mastodon", "bluesky", "wordpress"])
def test_an_answer_that_never_arrived_is_sent_after_all(home: House, name: str) -> None:
    _, number = asks_in(home, name)
    desk.answer(home.store, ADA, number, ANSWER)
    home.remote.plan_fault(name, "send", "error-before", 2)
    home.tick(1, times=20)
    assert ([row.state for row in home.deliveries()], len(home.sent(name))) == (["sent"], 1)


def test_a_lost_answer_on_x_that_can_be_found_is_not_sent_twice(home: House) -> None:
    _, number = asks_in(home, "x")
    desk.answer(home.store, ADA, number, ANSWER)
    home.remote.plan_fault("x", "send", "lost")
    home.tick(1, times=20)
    (row,) = home.deliveries()
    assert (row.state, row.evidence, len(home.sent("x"))) == ("sent", "found among our own posts", 1)


def test_x_asks_a_person_when_it_cannot_tell(home: House) -> None:
    _, number = asks_in(home, "x")
    desk.answer(home.store, ADA, number, ANSWER)
    home.remote.plan_fault("x", "send", "error-before")
    home.tick(1, times=30)
    (row,) = home.deliveries()
    assert row.state == "asking"
    assert "Looked 4 times" in row.evidence
    assert row.error
    assert home.remote.counted("x", "send") == 1, "nothing is sent again by itself"
    assert desk.was_sent(home.store, ADA, row.id, "again").ok
    home.tick(1, times=3)
    assert ([one.state for one in home.deliveries()], len(home.sent("x"))) == (["sent"], 1)


def test_x_asks_a_person_when_its_own_posts_cannot_be_read(home: House) -> None:
    _, number = asks_in(home, "x")
    desk.answer(home.store, ADA, number, ANSWER)
    home.remote.plan_fault("x", "send", "lost")
    home.remote.plan_fault("x", "find", "drop", 1000)
    home.tick(60, times=40)
    (row,) = home.deliveries()
    assert (row.state, len(home.sent("x"))) == ("asking", 1)
    assert row.evidence.startswith("Looking for it failed")
    assert desk.was_sent(home.store, ADA, row.id, "sent").ok
    home.tick(60, times=5)
    assert len(home.sent("x")) == 1


def test_a_worker_that_dies_between_the_effect_and_the_receipt_posts_nothing_twice(home: House) -> None:
    for name in NAMES:
        home.ask(name, WORDS[name])
    home.tick()
    desk.answer(home.store, ADA, home.questions()[0].id, ANSWER)
    for name in NAMES:
        home.die_while_sending(name)
    assert {row.state for row in home.deliveries()} == {"sending"}
    home.tick(1, times=30)
    assert {row.state for row in home.deliveries()} == {"sent"}
    assert [len(home.sent(name)) for name in NAMES] == [1, 1, 1, 1]


def test_a_question_that_its_author_deletes_is_not_answered(home: House) -> None:
    native, number = asks_in(home, "mastodon")
    desk.pause(home.store, ADA)
    desk.answer(home.store, ADA, number, ANSWER)
    home.remote.delete("mastodon", native)
    home.tick(EVERY, times=3)
    desk.unpause(home.store, ADA)
    home.tick(EVERY, times=3)
    assert home.sent("mastodon") == []
    assert [row.state for row in home.deliveries()] == ["cancelled"]
    assert [row.state for row in home.questions()] == ["gone"]


def test_a_comment_that_waits_for_approval_is_answered_once_the_blog_shows_it(home: House) -> None:
    native = home.remote.comment("@grace", WORDS["wordpress"], standing="held")
    home.tick()
    number = home.question_of(native)
    (shown,) = desk.preview_answer(home.store, ADA, number, ANSWER)
    assert "waits for approval" in shown.problem
    assert shown.by_hand == ""
    refused = desk.answer(home.store, ADA, number, ANSWER, seen="waiting")
    assert not refused.ok
    assert "Approve it there first" in refused.sentence
    assert [row.state for row in home.questions()] == ["waiting"]

    home.remote.approve(native)
    home.tick(EVERY, times=3)
    assert desk.answer(home.store, ADA, number, ANSWER, seen="waiting").ok
    home.tick()
    assert [one.parent_id for one in home.remote.posts("wordpress")] == [native]


def test_a_refused_answer_says_why_and_can_be_tried_again(home: House) -> None:
    _, number = asks_in(home, "mastodon")
    desk.answer(home.store, ADA, number, ANSWER)
    home.remote.plan_fault("mastodon", "send", "refused")
    home.tick(1, times=3)
    (row,) = home.deliveries()
    assert (row.state, bool(row.error)) == ("refused", True)
    assert desk.retry(home.store, ADA, row.id).ok
    home.tick(1, times=3)
    assert len(home.sent("mastodon")) == 1


def test_a_network_that_asks_to_wait_is_left_alone_and_loses_nothing(home: House) -> None:
    _, number = asks_in(home, "bluesky")
    desk.answer(home.store, ADA, number, ANSWER)
    home.remote.plan_fault("bluesky", "send", "limit", 3)
    home.tick(30, times=20)
    assert len(home.sent("bluesky")) == 1
    assert home.deliveries(delivery.c.state != "sent") == []


def test_what_cannot_be_read_is_kept_aside_and_the_source_goes_on(home: House) -> None:
    home.ask("mastodon", "broken", broken="<html>half an ans")
    home.ask("mastodon", WORDS["mastodon"])
    home.tick(times=2)
    assert len(home.questions()) == 1
    assert housekeep.lapse(home.store) == 0
    assert not collect.read_one(home.store, home.networks["mastodon"], "mastodon", TIMING)


@pytest.mark.parametrize("fault", ["drop", "limit", "error-before"])
def test_a_reading_that_fails_is_tried_again_from_where_it_was(home: House, fault: str) -> None:
    home.tick()
    home.remote.plan_fault("mastodon", "read", fault, 2)
    native = home.ask("mastodon", WORDS["mastodon"])
    home.tick()
    assert home.questions() == []
    home.tick(60, times=3)
    assert home.question_of(native) == 1
